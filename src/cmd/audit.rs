//! Owns `hookbin audit`: reading and proving what happened. Does not own the chain (`audit`). Invariant:
//! it only reads, and what it prints of a record cannot drive a terminal.

pub(super) mod filter;
mod line;

use std::io::Write;

use anyhow::Context;

use self::filter::{Filter, Scope};
use self::line::print;
use crate::audit::{self, Problem, Report};
use crate::host::{Dirs, Host};
use crate::plain::plain;

/// Review the record of what happened, and prove that it is whole.
#[derive(Clone, Debug, clap::Args)]
pub struct AuditArgs {
    #[command(subcommand)]
    command: AuditCommand,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum AuditCommand {
    /// List records, oldest first
    List(ListArgs),
    /// Show one record in full
    Show(ShowArgs),
    /// Check every line of the chain, its head copy and its anchors; exit code 1 where one is wrong
    Verify(VerifyArgs),
    /// Show the latest records and follow new ones until interrupted
    Tail(ListArgs),
}

#[derive(Clone, Debug, Default, clap::Args)]
struct ListArgs {
    /// Only this session; the beginning of its id is enough
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// Only this decision: pass, warn, ask, deny, outcome or note
    #[arg(long, value_name = "WORD")]
    decision: Option<String>,
    /// Only records in which this rule objected
    #[arg(long, value_name = "RULE-ID")]
    rule: Option<String>,
    /// Only calls of this tool
    #[arg(long, value_name = "NAME")]
    tool: Option<String>,
    /// Only records since then: 45m, 2h, 7d, or a time such as 2026-01-31T12:00:00Z
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// At most this many, the latest ones
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: usize,
    /// One JSON object per line, as stored
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Debug, clap::Args)]
struct ShowArgs {
    /// The record's sequence number
    seq: u64,
    /// The line as stored
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Debug, clap::Args)]
struct VerifyArgs {
    /// The report as JSON
    #[arg(long)]
    json: bool,
}

/// Runs the subcommand: 0 for an answer, 1 where the chain is not whole or the record is not there.
pub fn run(
    args: &AuditArgs,
    host: &dyn Host,
    dirs: &Dirs,
    project: &str,
    out: &mut dyn Write,
    paint: bool,
) -> anyhow::Result<u8> {
    let scope = Scope::of(host, project);
    match &args.command {
        AuditCommand::List(args) => list(args, host, dirs, &scope, out, paint).map(|_| 0),
        AuditCommand::Show(args) => show(args, host, dirs, &scope, out),
        AuditCommand::Verify(args) => verify(args, host, dirs, out),
        AuditCommand::Tail(args) => follow(args, host, dirs, &scope, out, paint),
    }
}

/// Prints the latest records that match; returns the sequence of the last one in the chain.
fn list(
    args: &ListArgs,
    host: &dyn Host,
    dirs: &Dirs,
    scope: &Scope,
    out: &mut dyn Write,
    paint: bool,
) -> anyhow::Result<u64> {
    let filter = Filter::new(args, scope, host.now())?;
    let mut found = Vec::new();
    let mut last = 0;
    audit::newest_first(host, dirs, &mut |entry| {
        last = last.max(entry.seq);
        let older = filter.is_before(&entry);
        if found.len() < args.limit && filter.takes(&entry) {
            found.push(entry);
        }
        found.len() < args.limit && !older
    })
    .context("the audit chain cannot be read")?;
    for entry in found.iter().rev() {
        print(entry, args, paint, out)?;
    }
    Ok(last)
}

fn follow(
    args: &ListArgs,
    host: &dyn Host,
    dirs: &Dirs,
    scope: &Scope,
    out: &mut dyn Write,
    paint: bool,
) -> anyhow::Result<u8> {
    const POLL_MILLIS: u64 = 250;
    let mut last = list(args, host, dirs, scope, out, paint)?;
    let filter = Filter::new(args, scope, host.now())?;
    out.flush()?;
    while host.wait(POLL_MILLIS) {
        // The head copy is small: the chain is read only where it has grown.
        if audit::head(host, dirs).is_some_and(|it| it.seq <= last) {
            continue;
        }
        let mut fresh = Vec::new();
        audit::newest_first(host, dirs, &mut |entry| {
            let new = entry.seq > last;
            if new {
                fresh.push(entry);
            }
            new
        })
        .context("the audit chain cannot be read")?;
        last = fresh.first().map_or(last, |it| it.seq);
        for entry in fresh.iter().rev().filter(|it| filter.takes(it)) {
            print(entry, args, paint, out)?;
        }
        out.flush()?;
    }
    Ok(0)
}

fn show(
    args: &ShowArgs,
    host: &dyn Host,
    dirs: &Dirs,
    scope: &Scope,
    out: &mut dyn Write,
) -> anyhow::Result<u8> {
    let mut found = None;
    audit::newest_first(host, dirs, &mut |entry| {
        if entry.seq == args.seq && scope.holds(&entry) {
            found = Some(entry);
        }
        found.is_none()
    })
    .context("the audit chain cannot be read")?;
    let Some(entry) = found else {
        writeln!(out, "no record {}", args.seq)?;
        return Ok(1);
    };
    if args.json {
        writeln!(out, "{}", entry.text)?;
        return Ok(0);
    }
    let mut row = |name: &str, value: &str| {
        if value.is_empty() || value == "0" {
            return Ok(());
        }
        writeln!(out, "{name:<14}{}", plain(value))
    };
    row("record", &entry.seq.to_string())?;
    row(
        "stored in",
        &format!("{}, line {}", entry.segment, entry.line),
    )?;
    row("hash", &entry.hash)?;
    let Some(record) = &entry.record else {
        row("content", "taken out")?;
        return Ok(0);
    };
    row("time", &record.time)?;
    row("session", &record.session)?;
    row("agent", &record.agent)?;
    row("event", &record.event)?;
    row("tool", &record.tool)?;
    row("tool use", &record.tool_use_id)?;
    row("decision", &record.decision)?;
    row("rules", &record.rules.join(", "))?;
    row("subject", &record.subject)?;
    if record.subject_len > record.subject.len() as u64 {
        row("whole length", &record.subject_len.to_string())?;
        row("whole SHA-256", &record.subject_sha256)?;
    }
    row("took", &format!("{} \u{b5}s", record.duration_us))?;
    row("note", &record.note)?;
    row("directory", &record.cwd)?;
    Ok(0)
}

fn verify(
    args: &VerifyArgs,
    host: &dyn Host,
    dirs: &Dirs,
    out: &mut dyn Write,
) -> anyhow::Result<u8> {
    let report = audit::verify(host, dirs).context("the audit chain cannot be read")?;
    if args.json {
        writeln!(out, "{}", report_json(&report))?;
    } else {
        let place = |it: &Problem| match it.line {
            0 => it.segment.clone(),
            line => format!("{}:{line}", it.segment),
        };
        for it in &report.problems {
            writeln!(
                out,
                "{:<12} {:<18} {}",
                it.fault.word(),
                place(it),
                it.detail
            )?;
        }
        for it in &report.gaps {
            writeln!(
                out,
                "{:<12} {:<18} {}; no record is lost by it",
                it.fault.word(),
                place(it),
                it.detail
            )?;
        }
        let state = if report.clean() { "whole" } else { "NOT whole" };
        writeln!(
            out,
            "the chain is {state}: {} records in {} segments, {} forgotten, {} torn lines",
            report.records,
            report.segments,
            report.forgotten,
            report.gaps.len()
        )?;
    }
    Ok(u8::from(!report.clean()))
}

fn report_json(report: &Report) -> serde_json::Value {
    let problems = |list: &[Problem]| -> Vec<serde_json::Value> {
        list.iter()
            .map(|it| {
                serde_json::json!({
                    "segment": it.segment,
                    "line": it.line,
                    "fault": it.fault.word(),
                    "detail": it.detail,
                })
            })
            .collect()
    };
    serde_json::json!({
        "whole": report.clean(),
        "segments": report.segments,
        "records": report.records,
        "last": report.last,
        "forgotten": report.forgotten,
        "problems": problems(&report.problems),
        "gaps": problems(&report.gaps),
    })
}

#[cfg(test)]
mod tests;
