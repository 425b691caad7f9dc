//! Owns the scripts of package manifests: `scripts` of package.json and composer.json, `tasks` of deno.json.
//! Invariant: a script's step names the line of its own text.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{STEP_LIMIT, Step};

/// One script, several of them, or one with a description.
#[derive(Deserialize)]
#[serde(untagged)]
enum Script {
    One(String),
    Many(Vec<String>),
    Described { command: String },
    Other(serde::de::IgnoredAny),
}

#[derive(Deserialize)]
struct Manifest {
    #[serde(default, alias = "tasks")]
    scripts: BTreeMap<String, Script>,
}

/// The steps of the scripts with these names, in this order; `tail` is put behind the one named `main`.
pub(in crate::shell) fn scripts(
    manifest: &str,
    names: &[String],
    main: &str,
    tail: &str,
) -> Vec<Step> {
    let Ok(manifest_read) = serde_json::from_str::<Manifest>(manifest) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for name in names {
        let texts: &[String] = match manifest_read.scripts.get(name) {
            Some(Script::One(text) | Script::Described { command: text }) => {
                std::slice::from_ref(text)
            }
            Some(Script::Many(texts)) => texts,
            Some(Script::Other(_)) | None => continue,
        };
        let key = format!("\"{name}\"");
        let block = manifest.find("\"scripts\"").or(manifest.find("\"tasks\""));
        let block = block.unwrap_or_default();
        let start = manifest.get(block..).and_then(|it| it.find(&key));
        let start = block + start.unwrap_or_default();
        for text in texts.iter().take(STEP_LIMIT) {
            // Composer's own: `@php x`, `@other`, `Class::method`.
            let text = match text.strip_prefix('@') {
                Some(own) if own.starts_with("php ") || own.starts_with("composer ") => {
                    own.to_owned()
                }
                Some(other) => format!("composer run {other}"),
                None => text.clone(),
            };
            let tail = if name == main { tail } else { "" };
            found.push(Step {
                text: text + tail,
                file: 0,
                start,
                end: start + key.len(),
            });
        }
    }
    found
}
