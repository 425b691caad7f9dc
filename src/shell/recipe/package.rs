//! Owns the scripts of package manifests: `scripts` of package.json and composer.json, `tasks` of deno.json.
//! Invariant: a script's step names the line of its own text.

use serde::Deserialize;
use serde_json::Value;

use super::{STEP_LIMIT, Step};

#[derive(Deserialize)]
struct Manifest {
    #[serde(default, alias = "tasks")]
    scripts: Value,
}

/// The steps of the scripts with these names, in this order; `tail` is put behind the one named `main`.
pub(in crate::shell) fn scripts(
    manifest: &str,
    names: &[String],
    main: &str,
    tail: &str,
) -> Vec<Step> {
    let Ok(Manifest { scripts }) = serde_json::from_str(manifest) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for name in names {
        let texts = scripts.get(name).map(texts).unwrap_or_default();
        let key = format!("\"{name}\"");
        let block = manifest.find("\"scripts\"").or(manifest.find("\"tasks\""));
        let block = block.unwrap_or_default();
        let start = manifest.get(block..).and_then(|it| it.find(&key));
        let start = block + start.unwrap_or_default();
        for text in texts.into_iter().take(STEP_LIMIT) {
            // Composer's own: `@php x`, `@other`, `Class::method`.
            let text = match text.strip_prefix('@') {
                Some(own) if own.starts_with("php ") || own.starts_with("composer ") => {
                    own.to_owned()
                }
                Some(other) => format!("composer run {other}"),
                None => text.to_owned(),
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

/// One script, several of them, or one with a description.
fn texts(script: &Value) -> Vec<&str> {
    match script {
        Value::Array(many) => many.iter().map(Value::as_str).collect::<Option<_>>(),
        Value::Object(fields) => fields
            .get("command")
            .map(|it| it.as_str().into_iter().collect()),
        one => one.as_str().map(|it| vec![it]),
    }
    .unwrap_or_default()
}
