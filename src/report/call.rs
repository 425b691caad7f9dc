//! Owns the calls that the records of a session show: what was judged, joined to what came of it, and the
//! files that they wrote. Does not own the records (`log`). Invariant: a call that was refused wrote nothing.

use std::collections::BTreeMap;

use super::{CallRow, PATH_LIMIT, TEXT_LIMIT, Written, clean};
use crate::audit::Record;
use crate::guard::Cx;
use crate::shell::access::{AccessKind, accesses};
use crate::shell::{self, Cwd, Surroundings};

/// Calls that are told.
const CALL_LIMIT: usize = 20;
/// Files that are told.
const FILE_LIMIT: usize = 100;
/// Characters of a call's subject.
const SUBJECT_LIMIT: usize = 160;

/// A call, as its records tell.
pub(super) struct Call<'a> {
    /// The record of the judgement; of the outcome where the client never asked.
    judged: &'a Record,
    outcome: Option<&'a Record>,
}

/// The calls in the order in which they were judged.
pub(super) fn of<'a>(records: impl Iterator<Item = &'a Record>) -> Vec<Call<'a>> {
    let mut calls: Vec<Call> = Vec::new();
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for record in records.filter(|it| !it.tool.is_empty()) {
        let outcome = (record.decision == "outcome").then_some(record);
        let call = known
            .get(record.tool_use_id.as_str())
            .and_then(|it| calls.get_mut(*it));
        match (call, outcome) {
            (Some(call), Some(_)) => call.outcome = outcome,
            _ if outcome.is_none() && record.event != "PreToolUse" => {}
            _ => {
                if !record.tool_use_id.is_empty() {
                    known.insert(&record.tool_use_id, calls.len());
                }
                calls.push(Call {
                    judged: record,
                    outcome,
                });
            }
        }
    }
    calls
}

/// The last calls, oldest first.
pub(super) fn rows(calls: &[Call]) -> Vec<CallRow> {
    let from = calls.len().saturating_sub(CALL_LIMIT);
    calls.iter().skip(from).map(row).collect()
}

fn row(call: &Call) -> CallRow {
    let record = call.judged;
    let decision = match record.decision.as_str() {
        "outcome" => "",
        decision => decision,
    };
    CallRow {
        time: record.time.clone(),
        agent: clean(&record.agent, TEXT_LIMIT),
        tool: clean(&record.tool, TEXT_LIMIT),
        subject: clean(&record.subject, SUBJECT_LIMIT),
        decision: decision.to_owned(),
        rules: record.rules.clone(),
        outcome: call
            .outcome
            .map_or_else(String::new, |it| clean(&it.note, TEXT_LIMIT)),
    }
}

/// The files that were written, in the order of their paths, and how many more there are.
pub(super) fn files(cx: &Cx, calls: &[Call]) -> (Vec<Written>, usize) {
    let mut found: BTreeMap<String, (u32, &str)> = BTreeMap::new();
    let ran = calls.iter().filter(|it| it.judged.decision != "deny");
    for (call, outcome) in ran.filter_map(|it| Some((it.judged, it.outcome?))) {
        let paths = match call.tool.as_str() {
            "Write" | "Edit" | "MultiEdit" | "NotebookEdit" if outcome.note == "ok" => {
                vec![call.subject.clone()]
            }
            "Bash" | "Monitor" if call.subject_sha256.is_empty() => shell_writes(cx, call),
            _ => Vec::new(),
        };
        for path in paths {
            let entry = found.entry(path).or_insert((0, ""));
            *entry = (entry.0 + 1, &call.tool);
        }
    }
    let more = found.len().saturating_sub(FILE_LIMIT);
    let told = found.into_iter().take(FILE_LIMIT);
    let written = |(path, (times, tool)): (String, (u32, &str))| Written {
        path: clean(&path, PATH_LIMIT),
        times,
        tool: clean(tool, TEXT_LIMIT),
    };
    (told.map(written).collect(), more)
}

/// The files that shell text writes, where their whole path is known. The text is read anew: it is only
/// asked at an end.
fn shell_writes(cx: &Cx, call: &Record) -> Vec<String> {
    let around = Surroundings {
        cwd: &call.cwd,
        home: cx.places.homes.last().map_or("", String::as_str),
        project: &cx.places.project,
        files: None,
    };
    let reading = shell::read(&call.subject, &around);
    let mut paths = Vec::new();
    for invocation in &reading.invocations {
        let base = match &invocation.cwd {
            Cwd::Start => call.cwd.as_str(),
            Cwd::At(path) => path,
            Cwd::Unknown => continue,
        };
        let written = accesses(invocation).into_iter().filter(|it| {
            matches!(it.kind, AccessKind::Write | AccessKind::Append) && !it.recursive
        });
        for access in written {
            let cwd = Cwd::At(joined(&call.cwd, base));
            let located = cx.locator.locate(&cwd, &access.path.text);
            let told = located.known && !located.every && !located.lexical.starts_with("/dev/");
            if told && !paths.contains(&located.lexical) {
                paths.push(located.lexical);
            }
        }
    }
    paths
}

/// A directory as seen from another.
fn joined(base: &str, path: &str) -> String {
    if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{base}/{path}")
    }
}
