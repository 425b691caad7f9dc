//! Owns `hookbin test`: the samples of every rule and error class, and scenario files, through the real
//! engine. Exit 1 where an expectation does not hold.

use std::io::{self, Write};
use std::path::Path;

use serde_json::json;

use crate::failure::sample;
use crate::host::{FileKind, Host};
use crate::rule::{Table, catalog, selftest};
use crate::scenario::{self, Mismatch, Scenario};

/// Arguments of `hookbin test`.
#[derive(Clone, Debug, clap::Args)]
pub struct TestArgs {
    /// Scenario files or directories of them; without any, the samples of rules and error classes.
    pub paths: Vec<String>,
    /// Print one JSON object instead of text.
    #[arg(long)]
    pub json: bool,
}

/// What one source of expectations gave.
struct Suite {
    name: String,
    count: usize,
    mismatches: Vec<Mismatch>,
}

/// Runs the expectations and prints what does not hold. Exit code 0 or 1.
///
/// Errors: a path that cannot be read, a scenario that does not parse.
pub fn run(args: &TestArgs, host: &dyn Host, cwd: &str, out: &mut dyn Write) -> anyhow::Result<u8> {
    let mut suites = Vec::new();
    if args.paths.is_empty() {
        suites.push(samples()?);
        suites.push(errors());
    }
    for path in &args.paths {
        let path = if path.starts_with('/') {
            path.clone()
        } else {
            format!("{cwd}/{path}")
        };
        let mut files = Vec::new();
        collect(host, &path, &mut files, DEPTH_LIMIT)?;
        if files.is_empty() {
            anyhow::bail!("{path}: no scenario files (*.toml) there");
        }
        for file in files {
            suites.push(scenario_file(host, &file)?);
        }
    }
    if args.json {
        print_json(&suites, out)?;
    } else {
        print_text(&suites, out)?;
    }
    Ok(u8::from(suites.iter().any(|it| !it.mismatches.is_empty())))
}

fn samples() -> anyhow::Result<Suite> {
    let sources = catalog::builtin().map_err(|error| anyhow::anyhow!("{error}"))?;
    let report = selftest::run(&sources, &Table::builtin(), &selftest::fake_host());
    let mismatches = report
        .failures
        .iter()
        .map(|it| Mismatch {
            step: it.sample.clone(),
            wanted: it.rule.clone(),
            came: it.reason.clone(),
        })
        .collect();
    Ok(Suite {
        name: "rule samples".to_owned(),
        count: report.samples,
        mismatches,
    })
}

fn errors() -> Suite {
    let (count, mismatches) = sample::run();
    let mismatches = mismatches.into_iter().map(|it| Mismatch {
        step: it.text,
        wanted: it.class,
        came: it.reason,
    });
    Suite {
        name: "error samples".to_owned(),
        count,
        mismatches: mismatches.collect(),
    }
}

fn scenario_file(host: &dyn Host, path: &str) -> anyhow::Result<Suite> {
    let bytes = host
        .read(path, FILE_LIMIT)
        .map_err(|error| anyhow::anyhow!("{path}: cannot be read: {error}"))?;
    let text = String::from_utf8(bytes).map_err(|_| anyhow::anyhow!("{path}: not UTF-8"))?;
    let scenario = Scenario::parse(&text).map_err(|error| anyhow::anyhow!("{path}: {error}"))?;
    let outcome = scenario::run(&scenario);
    Ok(Suite {
        name: path.to_owned(),
        count: outcome.steps,
        mismatches: outcome.mismatches,
    })
}

/// A scenario file larger than this (bytes) is refused.
const FILE_LIMIT: usize = 4 << 20;
/// Directories of scenarios are followed this deep.
const DEPTH_LIMIT: u8 = 8;

/// Collects scenario files below a path, sorted.
fn collect(host: &dyn Host, path: &str, files: &mut Vec<String>, depth: u8) -> io::Result<()> {
    let meta = host
        .metadata(path)
        .map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))?;
    if meta.kind != FileKind::Directory {
        files.push(path.to_owned());
        return Ok(());
    }
    if depth == 0 {
        return Err(io::Error::other(format!(
            "{path}: more than {DEPTH_LIMIT} directories deep"
        )));
    }
    for name in host.list(path)? {
        let child = format!("{}/{name}", path.trim_end_matches('/'));
        let is_directory = host.metadata(&child)?.kind == FileKind::Directory;
        if is_directory || Path::new(&child).extension().is_some_and(|it| it == "toml") {
            collect(host, &child, files, depth - 1)?;
        }
    }
    Ok(())
}

fn print_text(suites: &[Suite], out: &mut dyn Write) -> io::Result<()> {
    for suite in suites {
        let failed = suite.mismatches.len();
        let word = if failed == 0 { "ok  " } else { "FAIL" };
        writeln!(out, "{word}  {}  {} expectations", suite.name, suite.count)?;
        for it in &suite.mismatches {
            writeln!(out, "      {}", it.step)?;
            writeln!(out, "        wanted  {}", it.wanted)?;
            writeln!(out, "        came    {}", it.came)?;
        }
    }
    let (passed, failed) = totals(suites);
    writeln!(out, "\n{passed} passed, {failed} failed")
}

fn print_json(suites: &[Suite], out: &mut dyn Write) -> io::Result<()> {
    let (passed, failed) = totals(suites);
    let suites: Vec<_> = suites
        .iter()
        .map(|suite| {
            let mismatches: Vec<_> = suite
                .mismatches
                .iter()
                .map(|it| json!({"step": it.step, "wanted": it.wanted, "came": it.came}))
                .collect();
            json!({"name": suite.name, "expectations": suite.count, "mismatches": mismatches})
        })
        .collect();
    writeln!(
        out,
        "{}",
        json!({"passed": passed, "failed": failed, "suites": suites})
    )
}

fn totals(suites: &[Suite]) -> (usize, usize) {
    let failed: usize = suites.iter().map(|it| it.mismatches.len()).sum();
    let count: usize = suites.iter().map(|it| it.count).sum();
    (count.saturating_sub(failed), failed)
}
