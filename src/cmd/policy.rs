//! Owns `hookbin policy show|check`: what is in force, where it comes from, what is wrong with a file.
//! Does not own settings or layers (`policy`). Invariant: it only reads.

use std::io::Write;

use anyhow::Context;
use serde_json::json;

use crate::host::Host;
use crate::path::Places;
use crate::policy::layer::{self, Source};
use crate::policy::{self, Policy, PolicyError, Value, table};
use crate::rule;
use crate::secret;

/// What is in force and where it comes from.
#[derive(Clone, Debug, clap::Args)]
pub struct PolicyArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Verb {
    /// List every setting with its value and where it comes from
    Show {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Name every problem of the policy and rule files
    Check {
        /// Files to check instead of those in force
        files: Vec<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Runs the subcommand for the project of `places`.
pub fn run(
    args: &PolicyArgs,
    host: &dyn Host,
    places: &Places,
    out: &mut dyn Write,
) -> anyhow::Result<u8> {
    match &args.verb {
        Verb::Show { json } => show(host, places, *json, out),
        Verb::Check { files, json } => check(host, places, files, *json, out),
    }
}

fn show(host: &dyn Host, places: &Places, json: bool, out: &mut dyn Write) -> anyhow::Result<u8> {
    let policy = match policy::load(host, &places.own, &places.project) {
        Ok(policy) => policy,
        Err(error) => {
            report(&[error], &[], &[], json, out)?;
            return Ok(1);
        }
    };
    if json {
        writeln!(out, "{:#}", as_json(&policy))?;
        return Ok(0);
    }
    let lines: Vec<[String; 3]> = lines(&policy);
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|it| it.get(column));
        cells.map(|it| it.chars().count()).max().unwrap_or_default()
    };
    let (first, second) = (width(0), width(1).min(VALUE_WIDTH));
    for [key, value, origin] in &lines {
        writeln!(out, "{key:first$}  {value:second$}  {origin}")?;
    }
    for notice in policy.notices.iter().chain(&policy.trusted) {
        writeln!(out, "\nnote: {notice}")?;
    }
    Ok(0)
}

/// Longer values push only their own origin to the right.
const VALUE_WIDTH: usize = 40;

fn lines(policy: &Policy) -> Vec<[String; 3]> {
    let mut lines = Vec::new();
    for row in table::rows() {
        let value = shown(policy, row.key).map_or_else(String::new, |it| it.text());
        lines.push([row.key.to_owned(), value, origin(policy, row.key)]);
    }
    for (key, decision) in &policy.floors {
        let value = format!("at least {}", decision.word());
        lines.push([
            format!("rules.decision.{key}"),
            value,
            "project, not trusted".to_owned(),
        ]);
    }
    lines
}

/// A value as anybody may see it: a program's arguments may hold a secret.
fn shown(policy: &Policy, key: &str) -> Option<Value> {
    Some(match policy.value(key)? {
        Value::List(list) => {
            let entries = list.iter().map(|it| secret::redact(it).into_owned());
            Value::List(entries.collect())
        }
        value => value,
    })
}

fn origin(policy: &Policy, key: &str) -> String {
    match policy.settings.iter().find(|it| it.key == key) {
        Some(setting) => setting.origin.clone(),
        None => format!("preset {}", policy.preset.word()),
    }
}

fn as_json(policy: &Policy) -> serde_json::Value {
    let settings: Vec<_> = table::rows()
        .map(|row| {
            json!({
                "key": row.key,
                "value": shown(policy, row.key).map(|it| it.json()),
                "origin": origin(policy, row.key),
                "type": row.type_text(),
                "project": row.project_text(),
                "help": row.help,
            })
        })
        .collect();
    let mut at_least = serde_json::Map::new();
    for (key, it) in &policy.floors {
        at_least.insert(key.clone(), it.word().into());
    }
    json!({ "settings": settings, "at_least": at_least, "notices": policy.notices, "trusted": policy.trusted })
}

fn check(
    host: &dyn Host,
    places: &Places,
    files: &[String],
    json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<u8> {
    if !files.is_empty() {
        let mut errors = Vec::new();
        for file in files {
            errors.extend(check_file(host, places, file)?);
        }
        report(&errors, files, &[], json, out)?;
        return Ok(u8::from(!errors.is_empty()));
    }
    let problems = policy::problems(host, &places.own, &places.project);
    let notes = match policy::load(host, &places.own, &places.project) {
        Ok(policy) => [policy.notices.clone(), strangers(&policy)].concat(),
        Err(_) => Vec::new(),
    };
    report(&problems.errors, &problems.files, &notes, json, out)?;
    Ok(u8::from(!problems.errors.is_empty()))
}

/// The problems of one file, read as what its name and place say it is.
fn check_file(host: &dyn Host, places: &Places, file: &str) -> anyhow::Result<Vec<PolicyError>> {
    let path = super::absolute(places, file);
    let bytes = host
        .read(&path, 1 << 20)
        .with_context(|| format!("cannot read {file}"))?;
    let text = String::from_utf8(bytes).with_context(|| format!("{file} is not UTF-8"))?;
    let source = if path.starts_with(&format!("{}/", places.own.managed)) {
        Source::Managed
    } else if path.ends_with("/hookbin.toml") || path.contains("/.claude/") {
        Source::Project
    } else {
        Source::User
    };
    let is_rules = text.lines().any(|it| it.trim() == "[pack]") || path.contains("/rules/");
    Ok(match rule::load(file, &text) {
        Ok(_) if is_rules => Vec::new(),
        Err(error) if is_rules => vec![error.into()],
        _ => layer::parse(source, file, &text).1,
    })
}

/// Ids in the settings that no rule has: harmless, and most likely misspelt.
fn strangers(policy: &Policy) -> Vec<String> {
    let keys = [&policy.overrides, &policy.floors, &policy.fixed]
        .into_iter()
        .flatten();
    let mut notes = Vec::new();
    for (key, _) in keys {
        let known = match key.strip_prefix("pack:") {
            Some(pack) => super::rules::has_pack(policy, pack),
            None => key.starts_with("severity:") || super::rules::has_rule(policy, key),
        };
        if !known {
            let near = match super::rules::nearest(policy, key) {
                Some(near) => format!(": did you mean `{near}`?"),
                None => String::new(),
            };
            notes.push(format!("no rule or pack is called `{key}`{near}"));
        }
    }
    notes
}

fn report(
    errors: &[PolicyError],
    files: &[String],
    notes: &[String],
    json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    if json {
        let errors: Vec<_> = errors
            .iter()
            .map(|it| {
                json!({
                    "file": it.file,
                    "line": it.line,
                    "column": it.column,
                    "message": it.message,
                })
            })
            .collect();
        let value = json!({ "errors": errors, "files": files, "notes": notes });
        writeln!(out, "{value:#}")?;
        return Ok(());
    }
    for error in errors {
        writeln!(out, "{error}")?;
    }
    for note in notes {
        writeln!(out, "note: {note}")?;
    }
    if errors.is_empty() {
        match files.len() {
            0 => writeln!(out, "no policy or rule files: the standard preset holds")?,
            1 => writeln!(out, "1 file, no problems")?,
            count => writeln!(out, "{count} files, no problems")?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
