//! Owns `hookbin trust`: a person accepts a project's policy file exactly as it is. Does not own what an
//! accepted file may do (`policy::merge`). Invariant: people only, and what was accepted is shown and
//! recorded.

use std::io::Write;

use anyhow::{Context, bail};
use serde_json::json;

use super::allow::{Granted, granted};
use crate::host::Host;
use crate::path::Places;
use crate::policy::layer::{self, Layer, Source};
use crate::policy::{self, Grants, trust};

/// Accept a project's policy file as it is now, so that it may also loosen.
#[derive(Clone, Debug, clap::Args)]
pub struct TrustArgs {
    /// The project's policy file, `.claude/hookbin.toml`
    #[arg(required_unless_present_any = ["list", "revoke"])]
    file: Option<String>,
    /// List what was accepted
    #[arg(long, conflicts_with_all = ["file", "revoke"])]
    list: bool,
    /// Take back what was accepted: a path or the beginning of a checksum
    #[arg(long, value_name = "FILE|SHA256", conflicts_with = "file")]
    revoke: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs the subcommand; `people` refuses where no person is asking. The record is for the caller to
/// append.
pub fn run(
    args: &TrustArgs,
    host: &dyn Host,
    places: &Places,
    people: &dyn Fn() -> Result<(), String>,
    out: &mut dyn Write,
) -> anyhow::Result<Granted> {
    if args.list {
        return list(host, places, args.json, out);
    }
    people().map_err(anyhow::Error::msg)?;
    if let Some(which) = &args.revoke {
        return revoke(host, places, which, out);
    }
    let Some(file) = &args.file else {
        bail!("name the file to trust")
    };
    accept(host, places, file, out)
}

fn accept(
    host: &dyn Host,
    places: &Places,
    file: &str,
    out: &mut dyn Write,
) -> anyhow::Result<Granted> {
    let path = super::absolute(places, file);
    if !path.ends_with("/.claude/hookbin.toml") {
        bail!("only a project's policy file can be trusted: name its .claude/hookbin.toml");
    }
    // Without a project: its own broken file must not keep a person from seeing what is wrong with it.
    let policy = policy::load(host, &places.own, "").map_err(anyhow::Error::new)?;
    if policy.grants == Grants::None {
        bail!("managed policy does not let people trust project files (`grants = \"none\"`)");
    }
    let content = host
        .read(&path, 1 << 20)
        .with_context(|| format!("cannot read {path}"))?;
    let text = std::str::from_utf8(&content).with_context(|| format!("{path} is not UTF-8"))?;
    let (layer, problems) = layer::parse(Source::Project, &path, text);
    if let Some(problem) = problems.first() {
        bail!("{problem}");
    }
    let trusted = trust::grant(host, &places.own, &path, &content)
        .with_context(|| format!("cannot write {}", trust::file(&places.own)))?;
    writeln!(
        out,
        "trusted {path} as it is now (sha256 {})",
        short(&trusted.sha256)
    )?;
    show(&layer, out)?;
    let note = format!("trusted, sha256 {}", trusted.sha256);
    Ok(granted(host, places, "trust", &path, note, Vec::new()))
}

/// What was accepted, so that a person sees what the file says and not what they remember of it.
fn show(layer: &Layer, out: &mut dyn Write) -> anyhow::Result<()> {
    let width = layer
        .entries
        .iter()
        .map(|it| it.row.key.len())
        .max()
        .unwrap_or_default();
    for entry in &layer.entries {
        writeln!(out, "  {:width$}  {}", entry.row.key, entry.value.text())?;
    }
    Ok(())
}

fn revoke(
    host: &dyn Host,
    places: &Places,
    which: &str,
    out: &mut dyn Write,
) -> anyhow::Result<Granted> {
    let mut revoked = trust::revoke(host, &places.own, which)?;
    if revoked.is_empty() {
        revoked = trust::revoke(host, &places.own, &super::absolute(places, which))?;
    }
    let Some(first) = revoked.first() else {
        bail!("nothing trusted is called `{which}`: `hookbin trust --list` shows what is");
    };
    for it in &revoked {
        writeln!(
            out,
            "no longer trusted: {} (sha256 {})",
            it.path,
            short(&it.sha256)
        )?;
    }
    let sums: Vec<&str> = revoked.iter().map(|it| it.sha256.as_str()).collect();
    let note = format!("trust revoked, sha256 {}", sums.join(", "));
    Ok(granted(
        host,
        places,
        "trust",
        &first.path,
        note,
        Vec::new(),
    ))
}

fn list(
    host: &dyn Host,
    places: &Places,
    json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<Granted> {
    let file = trust::file(&places.own);
    let list = trust::list(host, &places.own).with_context(|| format!("cannot read {file}"))?;
    if json {
        writeln!(out, "{:#}", json!(list))?;
    } else if list.is_empty() {
        writeln!(out, "no project file is trusted")?;
    }
    for it in list.iter().filter(|_| !json) {
        writeln!(out, "{}  {}  {}", short(&it.sha256), it.time, it.path)?;
    }
    Ok(Granted::default())
}

fn short(sum: &str) -> &str {
    sum.get(..12).unwrap_or(sum)
}

#[cfg(test)]
mod tests;
