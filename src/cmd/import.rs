//! Owns `hookbin import`: rules of other tools become a rule file of ours. Does not own their formats (`yaml`,
//! `foreign`) nor what a rule of ours must have (`rule::lint`). Invariant: what is written loads and keeps its
//! samples' promises; everything that is not taken over is listed with its reason.

mod foreign;
mod pattern;
mod written;
mod yaml;

use std::collections::BTreeSet;
use std::io::Write;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use self::foreign::{Foreign, Found};
use self::written::Written;
use super::{NO, World};
use crate::host::people;
use crate::rule::lint;

/// Rules of another tool as a rule file.
#[derive(Clone, Debug, clap::Args)]
pub struct ImportArgs {
    /// Secret rules in TOML (id, regex, keywords …), or a guard's patterns in YAML
    file: String,
    /// Write the rule file there; without it, print it
    #[arg(long, value_name = "FILE")]
    out: Option<String>,
    /// The id of the pack
    #[arg(long, value_name = "ID", default_value = "imported")]
    pack: String,
    /// Print what became of the rules as JSON instead of the rule file
    #[arg(long)]
    json: bool,
}

/// Files of rules are smaller than this (bytes).
const FILE_LIMIT: usize = 4 << 20;

/// Imports a file. 1 where something could not be taken over.
pub fn run(args: &ImportArgs, world: &World, out: &mut dyn Write) -> anyhow::Result<u8> {
    let places = super::places(world);
    let path = super::absolute(&places, &args.file);
    let bytes = world
        .host
        .read(&path, FILE_LIMIT)
        .with_context(|| format!("cannot read {path}"))?;
    let text = String::from_utf8(bytes).with_context(|| format!("{path} is not UTF-8"))?;
    let imported = import(&args.file, &text, &args.pack)?;
    if let Some(written) = &args.out {
        let target = super::absolute(&places, written);
        // A rule file is policy: an agent prints one, and a person puts it in its place.
        people::outside_client(world.host).map_err(|it| anyhow::anyhow!("{it}"))?;
        if world.host.metadata(&target).is_ok() {
            bail!("{target} is there already: move it away first");
        }
        world
            .host
            .write(&target, imported.text.as_bytes(), 0o600)
            .with_context(|| format!("cannot write {target}"))?;
    }
    let left = imported.left.iter();
    if args.json {
        let left = left.map(|(rule, reason)| json!({"rule": rule, "reason": reason}));
        let value = json!({
            "rules": imported.ids,
            "weakened": imported.weakened,
            "left": left.collect::<Vec<_>>(),
        });
        writeln!(out, "{value:#}")?;
    } else if args.out.is_some() {
        for (rule, reason) in left {
            writeln!(out, "not taken over: {rule}: {reason}")?;
        }
        writeln!(
            out,
            "{} rules, {} of them only warn; {} not taken over",
            imported.ids.len(),
            imported.weakened.len(),
            imported.left.len()
        )?;
    } else {
        write!(out, "{}", imported.text)?;
    }
    Ok(if imported.left.is_empty() { 0 } else { NO })
}

/// What came of a file.
#[derive(Clone, Debug, Default)]
struct Imported {
    /// The rule file.
    text: String,
    ids: Vec<String>,
    /// Those that only warn, as a condition of theirs is lost.
    weakened: Vec<String>,
    left: Vec<(String, String)>,
}

fn import(file: &str, text: &str, pack: &str) -> anyhow::Result<Imported> {
    let is_yaml = std::path::Path::new(file)
        .extension()
        .is_some_and(|it| it.eq_ignore_ascii_case("yaml") || it.eq_ignore_ascii_case("yml"));
    let value: Value = if is_yaml {
        match yaml::parse(text) {
            Ok(value) => value,
            Err(it) => bail!("{file}:{}:{}: {}", it.line, it.column, it.message),
        }
    } else {
        toml::from_str(text).with_context(|| format!("{file} is no TOML"))?
    };
    let Found { rules, left } = foreign::find(&value);
    let mut imported = Imported::default();
    let own = |(rule, reason): (String, &str)| (rule, reason.to_owned());
    imported.left = left.into_iter().map(own).collect();
    let mut ids = BTreeSet::new();
    let mut written: Vec<(Written, &Foreign)> = Vec::new();
    for rule in &rules {
        match written::write(rule, &mut ids) {
            Ok(text) => written.push((text, rule)),
            Err(reason) => imported.left.push((rule.id.clone(), reason)),
        }
    }
    if rules.is_empty() && imported.left.is_empty() {
        bail!("{file} holds no rules: none of its lists has a `regex`, `pattern` or `test`");
    }
    let head = format!("[pack]\nid = \"{pack}\"\nguard = \"bash\"\ntitle = \"Imported rules\"\n");
    written.retain(|(rule, foreign)| {
        let problem = problem(&format!("{head}{}", rule.text));
        let holds = problem.is_none();
        imported
            .left
            .extend(problem.map(|it| (foreign.id.clone(), it)));
        holds
    });
    imported.text = comments(&imported.left);
    imported.text.push_str(&head);
    for (rule, foreign) in written {
        imported.text.push_str(&rule.text);
        if !foreign.lost.is_empty() {
            imported.weakened.push(rule.id.clone());
        }
        imported.ids.push(rule.id);
    }
    Ok(imported)
}

/// What keeps a file of one rule from being a good one.
fn problem(text: &str) -> Option<String> {
    let lint = lint::lint(&[("the rule".to_owned(), text.to_owned())]);
    lint.problems.into_iter().next().map(|it| it.message)
}

/// The head of the file: where it comes from, and what is not in it.
fn comments(left: &[(String, String)]) -> String {
    let mut text = String::from(
        "# Written by `hookbin import`. The licence of the imported file holds for these rules as well.\n\
         # `hookbin rules lint` checks them; experimental ones have lost a condition and only warn.\n",
    );
    for (rule, reason) in left {
        let line = format!("# Not taken over: {rule}: {reason}");
        text.extend(
            line.chars()
                .map(|it| if it.is_control() { ' ' } else { it }),
        );
        text.push('\n');
    }
    text.push('\n');
    text
}

#[cfg(test)]
mod tests;
