//! Owns `hookbin rules list|show|lint`: which rules are in force, what one says, whether rule files load
//! and keep their samples' promises. Does not own rules (`rule`) nor overrides (`policy`). Invariant: it
//! only reads, and samples never reach the real machine.

use std::io::Write;

use anyhow::{Context, bail};
use serde_json::json;

use crate::host::Host;
use crate::path::Places;
use crate::policy::{self, Policy};
use crate::rule::{self, LoadError, RuleView, Source, Table, catalog, owasp};
use crate::verdict::Decision;

/// The rules in force.
#[derive(Clone, Debug, clap::Args)]
pub struct RulesArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Verb {
    /// List every rule with its decision
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// Print which rules stand against which entry of OWASP's top ten lists
        #[arg(long)]
        owasp: bool,
    },
    /// Print one rule as its file has it
    Show {
        /// The rule's id
        id: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Check rule files as strictly as the built-in ones, and run their samples
    Lint {
        /// Rule files or directories of them; without any: all that are in force
        paths: Vec<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Runs the subcommand for the project of `places`.
pub fn run(
    args: &RulesArgs,
    host: &dyn Host,
    places: &Places,
    out: &mut dyn Write,
) -> anyhow::Result<u8> {
    match &args.verb {
        Verb::List { owasp: true, json } => coverage(host, places, *json, out),
        Verb::List { json, .. } => list(host, places, *json, out),
        Verb::Show { id, json } => show(host, places, id, *json, out),
        Verb::Lint { paths, json } => lint(host, places, paths, *json, out),
    }
}

fn list(host: &dyn Host, places: &Places, json: bool, out: &mut dyn Write) -> anyhow::Result<u8> {
    let policy = policy::load(host, &places.own, &places.project)?;
    let rules: Vec<RuleView> = policy.tables.iter().flat_map(Table::rules).collect();
    let decided = |it: &RuleView| policy.decide(it.id, it.pack, it.severity, it.decision);
    if json {
        let rules: Vec<_> = rules
            .iter()
            .map(|it| {
                json!({
                    "id": it.id,
                    "pack": it.pack,
                    "title": it.title,
                    "severity": it.severity.word(),
                    "decision": decided(it).word(),
                    "own_decision": it.decision.word(),
                    "status": it.status,
                })
            })
            .collect();
        writeln!(out, "{:#}", json!(rules))?;
        return Ok(0);
    }
    let width = |cell: &dyn Fn(&RuleView) -> usize| rules.iter().map(cell).max().unwrap_or(0);
    let (ids, packs) = (width(&|it| it.id.len()), width(&|it| it.pack.len()));
    for it in &rules {
        let decision = decided(it);
        let changed = if decision == it.decision {
            ""
        } else {
            " (policy)"
        };
        let status = if it.status == "stable" {
            String::new()
        } else {
            format!(" ({})", it.status)
        };
        writeln!(
            out,
            "{:ids$}  {:packs$}  {:8}  {}{status}",
            it.id,
            it.pack,
            it.severity.word(),
            format_args!(
                "{:13}  {}",
                format!("{}{changed}", decision.word()),
                it.title
            ),
        )?;
    }
    let off = rules
        .iter()
        .filter(|it| decided(it) == Decision::Pass)
        .count();
    let suffix = if off == 0 {
        String::new()
    } else {
        format!(", {off} of them off")
    };
    writeln!(out, "{} rules{suffix}", rules.len())?;
    Ok(0)
}

fn coverage(
    host: &dyn Host,
    places: &Places,
    json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<u8> {
    let files = texts(host, places)?.into_iter();
    let load = |(file, text): (String, String)| rule::load(&file, &text);
    let sources: Vec<Source> = files.map(load).collect::<Result<_, _>>()?;
    if !json {
        write!(out, "{}", owasp::page(&sources))?;
        return Ok(0);
    }
    let all = sources.iter().flat_map(|source| {
        let rules = source.rules.iter().map(toml::Spanned::get_ref);
        rules.map(move |it| json!({ "id": it.id, "owasp": source.owasp(it) }))
    });
    writeln!(out, "{:#}", json!(all.collect::<Vec<_>>()))?;
    Ok(0)
}

fn show(
    host: &dyn Host,
    places: &Places,
    id: &str,
    json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<u8> {
    let mut found = false;
    for (file, text) in texts(host, places)? {
        let Some(block) = block(&text, id) else {
            continue;
        };
        found = true;
        if json {
            let mut value: serde_json::Value = toml::from_str(block)?;
            let rule = value.pointer_mut("/rule/0").map(serde_json::Value::take);
            writeln!(out, "{:#}", json!({ "file": file, "rule": rule }))?;
        } else {
            writeln!(out, "# {file}\n{}", block.trim_end())?;
        }
    }
    if found {
        return Ok(0);
    }
    let policy = policy::load(host, &places.own, &places.project)?;
    match nearest(&policy, id) {
        Some(near) => bail!("there is no rule `{id}`: did you mean `{near}`?"),
        None => bail!("there is no rule `{id}`: `hookbin rules list` shows them"),
    }
}

/// The files of all rules in force with their text, the built-in ones first.
fn texts(host: &dyn Host, places: &Places) -> anyhow::Result<Vec<(String, String)>> {
    let built_in = catalog::files().map_err(|error| anyhow::anyhow!("{error}"))?;
    let built_in = built_in
        .into_iter()
        .map(|(file, text)| (format!("built-in {file}"), text));
    let own = policy::rule_files(host, &places.own, &places.project);
    Ok(built_in
        .chain(own.into_iter().map(|(_, file, text)| (file, text)))
        .collect())
}

/// The part of a rule file that is the rule with this id.
fn block<'t>(text: &'t str, id: &str) -> Option<&'t str> {
    let is_id = |line: &str| {
        let value = line
            .strip_prefix("id")
            .map(|it| it.trim_start().strip_prefix('='));
        value.flatten().is_some_and(|it| {
            let it = it.split('#').next().unwrap_or_default();
            it.trim().trim_matches(['"', '\'']) == id
        })
    };
    let starts: Vec<usize> = text
        .match_indices("[[rule]]")
        .map(|(at, _)| at)
        .filter(|at| {
            text.get(..*at)
                .is_some_and(|it| it.is_empty() || it.ends_with('\n'))
        })
        .collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let mut blocks = starts
        .iter()
        .zip(ends)
        .filter_map(|(start, end)| text.get(*start..end));
    blocks.find(|it| it.lines().any(is_id))
}

fn lint(
    host: &dyn Host,
    places: &Places,
    paths: &[String],
    json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<u8> {
    let files = match paths {
        [] => texts(host, places)?,
        paths => read(host, places, paths)?,
    };
    let mut lint = rule::lint::lint(&files);
    if paths.is_empty() {
        // A directory that cannot be listed leaves no file that could be named.
        let listed = |file: &str| files.iter().any(|it| it.0 == file);
        let all = policy::problems(host, &places.own, &places.project).errors;
        let others = all.into_iter().filter(|it| !listed(&it.file));
        lint.problems.extend(others.map(|it| LoadError {
            file: it.file,
            line: it.line,
            column: it.column,
            message: it.message,
            help: String::new(),
        }));
    }
    let code = u8::from(!lint.problems.is_empty());
    if json {
        let errors = lint.problems.iter().map(|it| {
            json!({
                "file": it.file, "line": it.line, "column": it.column,
                "message": it.message, "help": it.help,
            })
        });
        let value = json!({
            "files": files.len(),
            "rules": lint.rules,
            "samples": lint.samples,
            "errors": errors.collect::<Vec<_>>(),
        });
        writeln!(out, "{value:#}")?;
        return Ok(code);
    }
    for problem in &lint.problems {
        writeln!(out, "{problem}")?;
    }
    writeln!(
        out,
        "{} files, {} rules, {} samples: {} problems",
        files.len(),
        lint.rules,
        lint.samples,
        lint.problems.len()
    )?;
    Ok(code)
}

/// The rule files that paths name, those of a directory in the order of their names.
fn read(
    host: &dyn Host,
    places: &Places,
    paths: &[String],
) -> anyhow::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for written in paths {
        let path = super::absolute(places, written);
        match host.list(&path) {
            Ok(names) => {
                let is_rules = |it: &String| policy::is_rule_file(it);
                files.extend(
                    names
                        .into_iter()
                        .filter(is_rules)
                        .map(|it| format!("{path}/{it}")),
                );
            }
            Err(_) => files.push(path),
        }
    }
    files
        .into_iter()
        .map(|path| {
            let bytes = host
                .read(&path, 1 << 20)
                .with_context(|| format!("cannot read {path}"))?;
            let text = String::from_utf8(bytes).with_context(|| format!("{path} is not UTF-8"))?;
            Ok((path, text))
        })
        .collect()
}

/// True for the id of a rule in force, or of a finding that a guard makes without a rule.
pub(super) fn has_rule(policy: &Policy, id: &str) -> bool {
    policy.tables.iter().any(|it| it.rule(id).is_some()) || is_of_guard(id)
}

/// Guards name their findings by these beginnings.
pub(super) fn is_of_guard(id: &str) -> bool {
    [
        "path-",
        "do-not-touch-",
        "boundary-",
        "shell-",
        "program-",
        "hookbin-",
    ]
    .iter()
    .any(|it| id.strip_prefix(it).is_some_and(|it| !it.is_empty()))
}

/// True for the id of a pack in force, or for that of the path guard.
pub(super) fn has_pack(policy: &Policy, id: &str) -> bool {
    let mut rules = policy.tables.iter().flat_map(Table::rules);
    id == "paths" || rules.any(|it| it.pack == id)
}

/// The pack of a rule; empty where it stands in none.
pub(super) fn pack<'p>(policy: &'p Policy, id: &str) -> &'p str {
    let mut rules = policy.tables.iter().filter_map(|it| it.rule(id));
    rules.next().map_or("", |it| it.pack)
}

/// The rule id a misspelt one most likely meant.
pub(super) fn nearest(policy: &Policy, id: &str) -> Option<String> {
    let ids = policy.tables.iter().flat_map(Table::rules).map(|it| it.id);
    policy::nearest(id, ids).map(str::to_owned)
}

#[cfg(test)]
mod tests;
