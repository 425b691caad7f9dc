//! Owns the audit record and the remembered call of every event: one record a decision, one an outcome,
//! one a lifecycle event. Does not own the chain (`audit`) nor the session file (`session`).

use std::borrow::Cow;

use super::Handler;
use crate::audit::{self, Record};
use crate::effect::Effect;
use crate::event::{Body, Kind, Outcome, Role, ToolCall};
use crate::guard::Cx;
use crate::policy::Mode;
use crate::response;
use crate::session::{self, Call, Change};
use crate::verdict::{Decision, Verdict};

pub(super) struct RecordHandler;

impl Handler for RecordHandler {
    fn id(&self) -> &'static str {
        "record"
    }

    fn run(&self, cx: &Cx, verdict: &Verdict) -> Vec<Effect> {
        match &cx.event.body {
            Body::Call(call) if cx.event.kind == Kind::PreToolUse => judged(cx, call, verdict),
            Body::Outcome(call, outcome) if unsettled(cx, call) => settled(cx, call, *outcome),
            Body::Outcome(..) => Vec::new(),
            Body::Batch(calls) => calls
                .iter()
                .filter(|(call, _)| unsettled(cx, call))
                .flat_map(|(call, outcome)| {
                    // The batch names a refused call too, and what came of it is the record of its refusal.
                    if refused(cx, call) {
                        vec![forget(call)]
                    } else {
                        settled(cx, call, *outcome)
                    }
                })
                .collect(),
            Body::Call(_) | Body::Other => lifecycle(cx, verdict),
        }
    }
}

/// Whether an outcome is still to be counted: a second wiring reports each once more, and a batch names
/// calls whose own event came before it beside those that had none (refused by the client's validation,
/// or by us).
pub(super) fn unsettled(cx: &Cx, call: &ToolCall) -> bool {
    cx.session.find(&call.id).is_none_or(|it| !it.settled)
}

/// Whether the client was told not to run a call.
pub(super) fn refused(cx: &Cx, call: &ToolCall) -> bool {
    let known = cx.session.find(&call.id);
    cx.policy.mode == Mode::Enforce && known.is_some_and(|it| it.decision == Decision::Deny.word())
}

fn judged(cx: &Cx, call: &ToolCall, verdict: &Verdict) -> Vec<Effect> {
    let mut record = blank(cx);
    tool_fields(&mut record, call);
    verdict.decision.word().clone_into(&mut record.decision);
    record.rules = verdict
        .findings
        .iter()
        .map(|it| it.rule.to_string())
        .collect();
    record.note = note(cx, verdict);
    let message = match verdict.decision {
        Decision::Ask | Decision::Deny => response::reason(verdict),
        Decision::Pass | Decision::Warn => String::new(),
    };
    let remembered = Call {
        id: call.id.to_string(),
        digest: session::digest(call.input.get()),
        decision: verdict.decision.word().to_owned(),
        message: crate::secret::redact(&message).into_owned(),
        settled: false,
    };
    vec![
        Effect::Audit(record),
        Effect::Session(Change::Judged(remembered)),
    ]
}

fn settled(cx: &Cx, call: &ToolCall, outcome: Outcome) -> Vec<Effect> {
    let mut record = blank(cx);
    tool_fields(&mut record, call);
    "outcome".clone_into(&mut record.decision);
    record.note = match outcome {
        Outcome::Response(_) if cx.event.kind == Kind::PostToolUse => "ok".to_owned(),
        Outcome::Response(raw) | Outcome::Error(raw) => first_line(raw.get()),
        Outcome::Absent => "no response".to_owned(),
    };
    vec![Effect::Audit(record), forget(call)]
}

/// Nothing more is expected of a call.
fn forget(call: &ToolCall) -> Effect {
    Effect::Session(Change::Settled(call.id.to_string()))
}

fn lifecycle(cx: &Cx, verdict: &Verdict) -> Vec<Effect> {
    let mut record = blank(cx);
    record.decision = match verdict.decision {
        Decision::Pass => "note".to_owned(),
        decision => decision.word().to_owned(),
    };
    record.rules = verdict
        .findings
        .iter()
        .map(|it| it.rule.to_string())
        .collect();
    for field in [
        "source",
        "task_subject",
        "reason",
        "trigger",
        "file_path",
        "agent_type",
        "notification_type",
    ] {
        let value = cx.event.fields.lenient(field);
        if !value.is_empty() {
            record.subject(&value);
            break;
        }
    }
    record.note = note(cx, verdict);
    vec![Effect::Audit(record)]
}

/// What a failure says first, for a note: enough to see what kind of failure it was. Where the first line is
/// nothing but an exit code, the next one too.
fn first_line(json: &str) -> String {
    let text = serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned());
    let mut lines = text.lines().filter(|it| !it.trim().is_empty());
    let mut line = lines.next().unwrap_or_default().to_owned();
    if let Some(more) = lines.next()
        && line.starts_with("Exit code ")
    {
        line.push_str(": ");
        line.push_str(more.trim());
    }
    crate::secret::redact(&line)
        .chars()
        .take(NOTE_LIMIT)
        .collect()
}

/// Characters of an outcome kept in a note.
const NOTE_LIMIT: usize = 120;

/// A record of something that the user must know about a call, as the handlers tell it.
pub(super) fn noted(cx: &Cx, call: &ToolCall, rule: &str, severity: &str) -> Record {
    Record {
        tool: call.name.to_string(),
        tool_use_id: call.id.to_string(),
        decision: "note".to_owned(),
        rules: vec![rule.to_owned()],
        note: severity.to_owned(),
        ..blank(cx)
    }
}

/// A record of the event with nothing particular in it yet.
pub(super) fn blank(cx: &Cx) -> Record {
    let event = cx.event;
    Record {
        time: cx
            .host
            .now()
            .to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        session: event.session_id.to_string(),
        agent: event.agent_id.to_string(),
        event: event.name.to_string(),
        cwd: event.cwd.to_string(),
        duration_us: cx.host.uptime_us(),
        ..Record::default()
    }
}

fn tool_fields(record: &mut Record, call: &ToolCall) {
    record.tool = call.name.to_string();
    record.tool_use_id = call.id.to_string();
    record.subject(&subject(call));
}

/// What a call is about: its shell text, path or URL; the whole input where it has none of them.
pub(crate) fn subject<'a>(call: &'a ToolCall) -> Cow<'a, str> {
    let telling = call.parts.iter().find(|it| {
        matches!(
            it.role,
            Role::Shell(_) | Role::ReadPath | Role::WritePath | Role::SearchPath | Role::Url
        )
    });
    telling.map_or_else(|| Cow::Borrowed(call.input.get()), crate::event::Part::text)
}

fn note(cx: &Cx, verdict: &Verdict) -> String {
    let mut facts = verdict.granted.clone();
    if cx.policy.mode == Mode::Observe {
        facts.push(audit::OBSERVED.to_owned());
    }
    if verdict.escalated {
        facts.push("escalated".to_owned());
    }
    // The first finding is the strictest, and the worst of those.
    if let Some(worst) = verdict.findings.first()
        && matches!(verdict.decision, Decision::Ask | Decision::Deny)
    {
        facts.push([audit::SEVERITY, worst.severity.word()].concat());
    }
    facts.join(" ")
}
