//! Owns the report of a run that ended on a limit: [`files`], what stands in it (`Document`) and where it
//! is kept. Does not own when a run ends (`guard::limit`, `handler::limit`) nor how a file is written (`hook`).
//! Invariants: made at an end only, never on an ordinary call; every text in it is redacted as a whole and
//! then cut; what cannot be read is named in it and stops nothing.

pub mod budget;
mod call;
mod gather;
mod git;
pub mod log;
mod markdown;
mod task;

use serde::Serialize;

use crate::effect::Effect;
use crate::guard::Cx;
use crate::host::{Dirs, Host};
use crate::path::normalise;
use crate::session::run::{Agent, Run};
use crate::{secret, session};

pub use budget::Budget;
pub use log::{Failure, Log};
pub(crate) use markdown::{block, code};

/// The files of a report, and where the one for people is.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    pub effects: Vec<Effect>,
    pub path: String,
}

/// The format that is written.
const VERSION: u32 = 1;

/// What a report says.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Document {
    version: u32,
    rule: String,
    why: String,
    session: String,
    /// Empty for the main agent.
    agent: String,
    project: String,
    prompt: String,
    /// RFC 3339; empty where unknown.
    started: String,
    ended: String,
    counts: Counts,
    budgets: Vec<Budget>,
    blocker: Option<Blocker>,
    tasks: Tasks,
    files: Vec<Written>,
    git: Option<Git>,
    errors: Vec<Failure>,
    calls: Vec<CallRow>,
    resume: Vec<Step>,
    problems: Vec<String>,
}

/// What was counted.
#[derive(Clone, Debug, Default, Serialize)]
struct Counts {
    /// Tool calls of the session, of this agent, of it since the last prompt.
    session_steps: u64,
    agent_steps: u64,
    prompt_steps: u32,
    subagents: u32,
    asked: u64,
    denied: u64,
}

/// The failure that kept coming.
#[derive(Clone, Debug, Serialize)]
struct Blocker {
    class: String,
    message: String,
    count: u32,
    state: &'static str,
}

/// The task list, as far as the records show it.
#[derive(Clone, Debug, Default, Serialize)]
struct Tasks {
    completed: Vec<String>,
    open: Vec<String>,
}

/// A file that was written.
#[derive(Clone, Debug, Serialize)]
struct Written {
    path: String,
    times: u32,
    /// The tool that wrote it last.
    tool: String,
}

/// What is checked out.
#[derive(Clone, Debug, Serialize)]
struct Git {
    /// Empty where HEAD is no branch.
    branch: String,
    commit: String,
}

/// A call and what came of it.
#[derive(Clone, Debug, Default, Serialize)]
struct CallRow {
    time: String,
    agent: String,
    tool: String,
    subject: String,
    decision: String,
    rules: Vec<String>,
    /// `ok`, the first line of a failure, or empty where nothing came.
    outcome: String,
}

/// What a person does next.
#[derive(Clone, Debug, Serialize)]
struct Step {
    what: String,
    command: String,
}

/// The files of the report of a run that ends: below `<state>/reports/`, and a copy of them in the first of
/// the policy's report directories.
pub fn files(cx: &Cx, run: &Run, agent: &Agent, rule: &str, why: &str) -> Report {
    let mut document = gather::document(cx, run, agent, (rule, why));
    let own = &cx.places.own;
    let name = session::file_name(&cx.event.session_id);
    let number = last_number(cx.host, own, &name) + 1;
    let place = format!("{}/{name}-{number}", directory(own));
    let copy = copy(cx, &name).unwrap_or_else(|problem| {
        document.problems.push(problem);
        None
    });
    let places = [Some((place, 0o600)), copy.map(|it| (it, 0o644))];
    let json = serde_json::to_vec_pretty(&document).unwrap_or_default();
    let text = markdown::render(&document).into_bytes();
    let mut report = Report {
        effects: Vec::new(),
        path: String::new(),
    };
    for (place, mode) in places.into_iter().flatten() {
        report.path = format!("{place}.md");
        for (ending, content) in [("md", &text), ("json", &json)] {
            report.effects.push(Effect::Report {
                path: format!("{place}.{ending}"),
                content: content.clone(),
                mode,
            });
        }
    }
    report
}

/// The newest report of a session, by the name of its file.
pub fn newest(host: &dyn Host, dirs: &Dirs, name: &str) -> Option<String> {
    let number = last_number(host, dirs, name);
    (number > 0).then(|| format!("{}/{name}-{number}.md", directory(dirs)))
}

fn directory(dirs: &Dirs) -> String {
    format!("{}/reports", dirs.state)
}

/// The number of a session's last report; 0 where there is none.
fn last_number(host: &dyn Host, dirs: &Dirs, name: &str) -> u32 {
    let names = host.list(&directory(dirs)).unwrap_or_default();
    let number = |it: &String| {
        let number = it.strip_prefix(name)?.strip_prefix('-')?;
        number.strip_suffix(".md")?.parse().ok()
    };
    names.iter().filter_map(number).max().unwrap_or(0)
}

/// Where a copy goes, without its ending. A directory of the project is one only while it really is there:
/// behind a symlink it may be anywhere.
fn copy(cx: &Cx, name: &str) -> Result<Option<String>, String> {
    let Some(wanted) = cx.policy.report_dirs.first() else {
        return Ok(None);
    };
    let wanted = normalise(wanted);
    let really = |path: &str| cx.locator.locate_literal(path).real;
    let within = |path: &str, root: &str| {
        let below = path.strip_prefix(root.trim_end_matches('/'));
        !root.is_empty() && below.is_some_and(|it| it.is_empty() || it.starts_with('/'))
    };
    let (places, real) = (cx.places, really(&wanted));
    let inside = [&places.project, &places.worktree]
        .into_iter()
        .find(|it| within(&wanted, it));
    if inside.is_some_and(|it| !within(&real, &really(it))) {
        return Err(format!(
            "no copy was written: {} leads out of the project",
            clean(&wanted, PATH_LIMIT)
        ));
    }
    Ok(Some(format!("{wanted}/hookbin-report-{name}")))
}

/// Characters of a path, and of a line of text.
const PATH_LIMIT: usize = 300;
const TEXT_LIMIT: usize = 300;

/// A text of the report: without secrets, then cut.
fn clean(text: &str, limit: usize) -> String {
    crate::plain::cut(&secret::redact(text), limit)
}

/// Unix seconds as RFC 3339; empty for 0.
fn moment(seconds: i64) -> String {
    let time = chrono::DateTime::from_timestamp(seconds, 0).filter(|_| seconds > 0);
    time.map_or_else(String::new, |it| {
        it.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    })
}

#[cfg(test)]
mod tests;
