//! Owns `hookbin ci check`: a pipeline fails where an agent was stopped. Does not own what was stopped (`audit`)
//! nor why a run ended (`session`). Invariant: it changes nothing but the pipeline's own summary, which it
//! only adds to.

use std::io::Write;

use anyhow::Context;
use serde::Serialize;
use serde_json::json;

use super::World;
use super::audit::filter::{Scope, parse_since};
use crate::audit::{self, Record};
use crate::plain::{cut, plain};
use crate::report::{block, code, newest};
use crate::secret::redact;
use crate::session::{self, Session};
use crate::verdict::Severity;

/// Make a pipeline fail where an agent was stopped.
#[derive(Clone, Debug, clap::Args)]
pub struct CiArgs {
    #[command(subcommand)]
    command: CiCommand,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum CiCommand {
    /// Exit code 1 where a session ended on a limit or had denials of high severity
    #[command(after_long_help = HELP)]
    Check(CheckArgs),
}

const HELP: &str = "\
Where GITHUB_STEP_SUMMARY names a file, what was found is added to it as Markdown.

Examples:
  hookbin ci check                  the session that was last at work
  hookbin ci check --since 2h       every session that was at work since then

Exit codes:
  0  nothing was found
  1  a run ended on a limit, or a call of high or critical severity was denied
  2  the records cannot be read, or the summary cannot be written";

#[derive(Clone, Debug, clap::Args)]
struct CheckArgs {
    /// This session, or the beginning of its id; without it the one that was last at work
    #[arg(long, value_name = "ID", conflicts_with = "since")]
    session: Option<String>,
    /// Every session since then: 45m, 2h, 7d, or a time such as 2026-01-31T12:00:00Z
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Denials that are told one by one.
const DENIAL_LIMIT: usize = 50;
/// Characters of what a denied call was about.
const SUBJECT_LIMIT: usize = 160;

/// What was found.
#[derive(Serialize)]
struct Found {
    /// Nothing was.
    clean: bool,
    sessions: Vec<Seen>,
    /// How many calls of high or critical severity were denied, and the latest of them, oldest first.
    denied: usize,
    denials: Vec<Denial>,
}

/// A session that was looked at.
#[derive(Serialize)]
struct Seen {
    id: String,
    calls: u64,
    asked: u64,
    denied: u64,
    /// Why it ended; empty where it did not end on a limit.
    ended: String,
    report: Option<String>,
}

/// A denied call.
#[derive(Serialize)]
struct Denial {
    time: String,
    session: String,
    tool: String,
    subject: String,
    rules: Vec<String>,
    severity: &'static str,
}

/// Runs the subcommand: 1 where something was found.
pub fn run(args: &CiArgs, world: &World, out: &mut dyn Write) -> anyhow::Result<u8> {
    let CiCommand::Check(args) = &args.command;
    let found = look(args, world)?;
    if args.json {
        writeln!(out, "{}", json!(found))?;
    } else {
        print(&found, out)?;
    }
    summarise(&found, world)?;
    Ok(u8::from(!found.clean))
}

fn look(args: &CheckArgs, world: &World) -> anyhow::Result<Found> {
    let since = args.since.as_deref();
    let since = since
        .map(|it| parse_since(it, world.host.now()))
        .transpose()?;
    let since = since.map(|it| it.timestamp_nanos_opt().unwrap_or(i64::MIN));
    let sessions = sessions(args, world, since)?;
    let (denied, denials) = denials(world, &sessions, since)?;
    let seen = sessions.into_iter().map(|(name, it)| seen(world, name, it));
    let sessions: Vec<Seen> = seen.collect();
    Ok(Found {
        clean: denied == 0 && sessions.iter().all(|it| it.ended.is_empty()),
        sessions,
        denied,
        denials,
    })
}

fn seen(world: &World, name: String, session: Session) -> Seen {
    let mut ended = session.run.ended;
    if !ended.is_empty() && super::status::is_foreign(world, &name) {
        "on a limit, in another project".clone_into(&mut ended);
    }
    Seen {
        report: newest(world.host, world.dirs, &name),
        id: name,
        calls: session.calls,
        asked: session.asked,
        denied: session.denied,
        ended,
    }
}

/// The sessions to look at.
fn sessions(
    args: &CheckArgs,
    world: &World,
    since: Option<i64>,
) -> anyhow::Result<Vec<(String, Session)>> {
    let Some(since) = since else {
        let found = super::status::find(world, args.session.as_deref())?;
        return Ok(found.into_iter().collect());
    };
    let names = session::touched_since(world.host, world.dirs, since)
        .context("the sessions cannot be read")?;
    let mut found = Vec::new();
    for name in names {
        found.extend(
            session::read(world.host, world.dirs, &name).context("a session cannot be read")?,
        );
    }
    Ok(found)
}

/// How many calls of these sessions were denied for something grave, and the latest of them.
fn denials(
    world: &World,
    sessions: &[(String, Session)],
    since: Option<i64>,
) -> anyhow::Result<(usize, Vec<Denial>)> {
    let scope = Scope::of(world.host, world.project);
    // No record of a session is older than its first call; where nobody counted one, all are looked at.
    let started = sessions
        .iter()
        .map(|it| it.1.run.started)
        .min()
        .unwrap_or(0);
    let from = since.unwrap_or(started.saturating_mul(1_000_000_000));
    let (mut count, mut found) = (0, Vec::new());
    if sessions.is_empty() {
        return Ok((count, found));
    }
    audit::newest_first(world.host, world.dirs, &mut |entry| {
        let Some(record) = entry.record.as_ref() else {
            return true;
        };
        if time(record).is_some_and(|it| it < from) {
            return false;
        }
        let wanted = || {
            let name = session::file_name(&record.session);
            sessions.iter().any(|it| it.0 == name)
        };
        if let Some(severity) = grave(record)
            && wanted()
            && scope.holds(&entry)
        {
            count += 1;
            if found.len() < DENIAL_LIMIT {
                found.push(denial(record, severity));
            }
        }
        true
    })
    .context("the audit chain cannot be read")?;
    found.reverse();
    Ok((count, found))
}

fn time(record: &Record) -> Option<i64> {
    let time = chrono::DateTime::parse_from_rfc3339(&record.time).ok()?;
    time.timestamp_nanos_opt()
}

/// How grave the denial of a record is; absent where it is none, or none that was answered, or a mild one. A
/// record that does not tell is taken for a grave one.
fn grave(record: &Record) -> Option<&'static str> {
    let mut facts = record.note.split(' ');
    if record.decision != "deny" || facts.clone().any(|it| it == audit::OBSERVED) {
        return None;
    }
    let told = facts.find_map(|it| Severity::parse(it.strip_prefix(audit::SEVERITY)?));
    let severity = told.unwrap_or(Severity::High);
    (severity >= Severity::High).then(|| severity.word())
}

fn denial(record: &Record, severity: &'static str) -> Denial {
    Denial {
        time: record.time.clone(),
        session: record.session.clone(),
        tool: if record.tool.is_empty() {
            record.event.clone()
        } else {
            record.tool.clone()
        },
        subject: cut(&redact(&record.subject), SUBJECT_LIMIT),
        rules: record.rules.clone(),
        severity,
    }
}

fn print(found: &Found, out: &mut dyn Write) -> anyhow::Result<()> {
    if found.clean {
        writeln!(out, "{}", clean_words(found))?;
        return Ok(());
    }
    for it in found.sessions.iter().filter(|it| !it.ended.is_empty()) {
        writeln!(out, "ended   {}: {}", it.id, plain(&it.ended))?;
        if let Some(path) = &it.report {
            writeln!(out, "        report: {path}")?;
        }
    }
    for it in &found.denials {
        writeln!(out, "denied  {}", denial_words(it))?;
    }
    if found.denied > found.denials.len() {
        writeln!(out, "denied  {} more", found.denied - found.denials.len())?;
    }
    Ok(())
}

fn clean_words(found: &Found) -> String {
    match found.sessions.as_slice() {
        [] => "nothing was recorded".to_owned(),
        [it] => format!(
            "nothing was stopped that matters: session {}, {} calls",
            it.id, it.calls
        ),
        all => {
            let calls: u64 = all.iter().map(|it| it.calls).sum();
            format!(
                "nothing was stopped that matters: {} sessions, {calls} calls",
                all.len()
            )
        }
    }
}

fn denial_words(it: &Denial) -> String {
    let time = it.time.get(..19).unwrap_or(&it.time).replace('T', " ");
    let rules = it.rules.join(", ");
    plain(&format!(
        "{time}  {:<8}  {}: {}  [{rules}]",
        it.severity, it.tool, it.subject
    ))
}

/// Adds what was found to the summary of a pipeline that has one.
fn summarise(found: &Found, world: &World) -> anyhow::Result<()> {
    let Some(path) = world
        .host
        .env("GITHUB_STEP_SUMMARY")
        .filter(|it| it.starts_with('/'))
    else {
        return Ok(());
    };
    let text = markdown(found);
    world
        .host
        .lock(&path)
        .and_then(|mut it| it.append(text.as_bytes()))
        .with_context(|| format!("the summary {path} cannot be written"))
}

fn markdown(found: &Found) -> String {
    if found.clean {
        return format!("## hookbin\n\n{}\n\n", clean_words(found));
    }
    let mut parts = vec!["## hookbin: an agent was stopped\n".to_owned()];
    for it in found.sessions.iter().filter(|it| !it.ended.is_empty()) {
        let (id, why) = (code(&it.id), code(&it.ended));
        parts.push(format!("Session {id} ended on a limit: {why}\n"));
        if let Some(path) = &it.report {
            parts.push(format!("Its report: {}\n", code(path)));
        }
    }
    if found.denied > 0 {
        let count = found.denied;
        parts.push(format!(
            "Calls denied for high or critical severity: {count}\n"
        ));
        parts.push(block(found.denials.iter().map(denial_words)));
    }
    parts.push(String::new());
    parts.join("\n")
}

#[cfg(test)]
mod tests;
