//! Owns the hook protocol's answers: a verdict and effects become stdout, stderr and an exit code. The
//! one place that knows wire formats and exit codes. Invariants: stdout is one JSON object or nothing
//! (plain text on PreCompact); `hookEventName` equals the event; everything written has passed
//! [`redact`], but for a replaced input or output, which is the tool's own; `allow` is never answered. Reference: the hooks page of the Claude Code documentation.

mod wire;

use serde::Serialize;

use crate::effect::Effect;
use crate::event::{Direction, Kind};
use crate::secret::redact;
use crate::verdict::{Decision, Verdict};
use wire::{Behavior, Specific, Wire};

/// Exit code of an answer that leaves the decision to JSON, or has nothing to say.
const EXIT_FINE: u8 = 0;
/// Exit code that blocks on every client version and on other hosts.
pub(crate) const EXIT_BLOCK: u8 = 2;
/// The client moves longer text for the model to a file (protocol: 10,000 characters a field).
const TEXT_LIMIT: usize = 10_000;

/// What the process writes and returns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    pub stdout: String,
    pub stderr: String,
    pub exit: u8,
}

/// How a kind of event takes a refusal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Refusal {
    /// `permissionDecision` in `hookSpecificOutput`, exit 2.
    Permission,
    /// `decision.behavior` in `hookSpecificOutput`.
    Request,
    /// Top-level `decision: block`, exit 2.
    Block,
    /// Top-level `decision: block` with exit 0: what happened stands, the model reads the reason.
    Remark,
    /// It cannot be refused.
    None,
}

fn refusal(kind: Kind) -> Refusal {
    match kind {
        Kind::PreToolUse => Refusal::Permission,
        Kind::PermissionRequest => Refusal::Request,
        Kind::ConfigChange
        | Kind::UserPromptSubmit
        | Kind::UserPromptExpansion
        | Kind::TaskCreated => Refusal::Block,
        Kind::PostToolUse | Kind::PostToolUseFailure => Refusal::Remark,
        _ => Refusal::None,
    }
}

/// Whether the event's schema takes `additionalContext` without side effects. On Stop and SubagentStop
/// it would make the agent go on, so they are not in the list.
fn takes_context(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::PreToolUse
            | Kind::PostToolUse
            | Kind::PostToolUseFailure
            | Kind::PostToolBatch
            | Kind::UserPromptSubmit
            | Kind::UserPromptExpansion
            | Kind::SessionStart
            | Kind::Setup
            | Kind::SubagentStart
            | Kind::Notification
            | Kind::PostModelSwitch
    )
}

/// Whether `systemMessage` reaches the user.
fn takes_message(kind: Kind) -> bool {
    !matches!(
        kind,
        Kind::PreCompact | Kind::SessionEnd | Kind::WorktreeCreate | Kind::Unknown
    )
}

/// Whether `continue: false` ends the turn.
fn takes_end(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::PreToolUse
            | Kind::PostToolUse
            | Kind::PostToolUseFailure
            | Kind::PostToolBatch
            | Kind::UserPromptSubmit
            | Kind::TaskCompleted
            | Kind::TeammateIdle
    )
}

/// Renders the answer to an event. `stop_hook_active` keeps a Stop from being blocked twice.
pub fn render(
    kind: Kind,
    verdict: &Verdict,
    effects: &[Effect],
    stop_hook_active: bool,
) -> Response {
    if kind == Kind::PreCompact {
        return plain(effects);
    }
    let mut wire = Wire::default();
    let mut specific = Specific {
        hook_event_name: kind.name(),
        ..Specific::default()
    };
    let context = joined(effects, verdict, kind);
    if takes_context(kind) && !context.is_empty() {
        specific.additional_context = Some(context);
    }
    fill(&mut wire, &mut specific, kind, effects, stop_hook_active);
    let mut response = refuse(&mut wire, &mut specific, kind, verdict);
    if specific.says_something() {
        wire.hook_specific_output = Some(specific);
    }
    let json = serialized(&wire);
    if json != "{}" {
        response.stdout = json;
    }
    response
}

/// Sets what effects ask for, where the event takes it.
fn fill<'a>(
    wire: &mut Wire<'a>,
    specific: &mut Specific<'a>,
    kind: Kind,
    effects: &'a [Effect],
    stop_hook_active: bool,
) {
    let mut messages: Vec<&str> = Vec::new();
    for effect in effects {
        match effect {
            Effect::Message(text) if takes_message(kind) => messages.push(text),
            Effect::ReplaceInput(value) if kind == Kind::PreToolUse => {
                specific.updated_input = Some(value);
            }
            Effect::ReplaceOutput(value) if kind == Kind::PostToolUse => {
                specific.updated_tool_output = Some(value);
            }
            Effect::EndTurn(reason) if takes_end(kind) => {
                wire.go_on = Some(false);
                wire.stop_reason = Some(outward(reason));
            }
            Effect::BlockStop(reason)
                if matches!(kind, Kind::Stop | Kind::SubagentStop) && !stop_hook_active =>
            {
                wire.decision = Some("block");
                wire.reason = Some(outward(reason));
            }
            Effect::BlockConfig(reason) if kind == Kind::ConfigChange => {
                wire.decision = Some("block");
                wire.reason = Some(outward(reason));
            }
            _ => {}
        }
    }
    if !messages.is_empty() {
        wire.system_message = Some(outward(&messages.join("\n")));
    }
}

/// Sets the refusal or question of the verdict in the event's own form.
fn refuse(wire: &mut Wire, specific: &mut Specific, kind: Kind, verdict: &Verdict) -> Response {
    let mut response = Response {
        exit: EXIT_FINE,
        ..Response::default()
    };
    let stopped = verdict.decision >= Decision::Ask;
    let reason = || outward(&reason(verdict));
    match refusal(kind) {
        Refusal::Permission if verdict.decision == Decision::Deny => {
            specific.permission_decision = Some("deny");
            specific.permission_decision_reason = Some(reason());
            specific.updated_input = None;
            response.stderr = reason();
            response.exit = EXIT_BLOCK;
        }
        Refusal::Permission if stopped => {
            specific.permission_decision = Some("ask");
            specific.permission_decision_reason = Some(reason());
        }
        Refusal::Request if verdict.decision == Decision::Deny => {
            specific.request_decision = Some(Behavior {
                behavior: "deny",
                message: reason(),
            });
        }
        Refusal::Block | Refusal::Remark if stopped => {
            wire.decision = Some("block");
            wire.reason = Some(reason());
        }
        _ => {}
    }
    if refusal(kind) == Refusal::Block && wire.decision.is_some() {
        response.stderr = wire.reason.clone().unwrap_or_default();
        response.exit = EXIT_BLOCK;
    }
    response
}

/// The answer to a call whose decision and reason are known, as of one that was judged before.
pub fn repeat(decision: Decision, reason: &str) -> Response {
    let word = match decision {
        Decision::Deny => "deny",
        Decision::Ask => "ask",
        Decision::Pass | Decision::Warn => return Response::default(),
    };
    let wire = Wire {
        hook_specific_output: Some(Specific {
            hook_event_name: Kind::PreToolUse.name(),
            permission_decision: Some(word),
            permission_decision_reason: Some(outward(reason)),
            ..Specific::default()
        }),
        ..Wire::default()
    };
    let mut response = Response {
        stdout: serialized(&wire),
        ..Response::default()
    };
    if decision == Decision::Deny {
        response.stderr = outward(reason);
        response.exit = EXIT_BLOCK;
    }
    response
}

/// The reason of a verdict: every finding of the deciding strength, strictest first, at most three.
pub fn reason(verdict: &Verdict) -> String {
    let mut lines: Vec<String> = Vec::new();
    for finding in verdict
        .findings
        .iter()
        .filter(|it| it.decision == verdict.decision)
    {
        let line = finding.message();
        if lines.len() < REASON_LIMIT && !lines.contains(&line) {
            lines.push(line);
        }
    }
    if verdict.unattended && verdict.decision == Decision::Ask {
        lines.push(UNATTENDED.to_owned());
    }
    lines.join("\n")
}

/// What the agent should do with a question that reaches nobody.
const UNATTENDED: &str = "Nobody can answer in this session: do what is suggested instead, or leave this \
                          step out and report it at the end.";

/// At most this many findings are named in one reason: it costs the agent context.
const REASON_LIMIT: usize = 3;

/// The text for the model: context effects, then warnings of the verdict.
fn joined(effects: &[Effect], verdict: &Verdict, kind: Kind) -> String {
    let mut lines: Vec<String> = Vec::new();
    for effect in effects {
        if let Effect::Context(text) = effect {
            lines.push(text.clone());
        }
    }
    if kind == Kind::PreToolUse {
        for finding in verdict
            .findings
            .iter()
            .filter(|it| it.decision == Decision::Warn)
        {
            let line = finding.message();
            if !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    outward(&lines.join("\n"))
}

fn plain(effects: &[Effect]) -> Response {
    let texts: Vec<&str> = effects
        .iter()
        .filter_map(|it| {
            if let Effect::Plain(text) = it {
                Some(text.as_str())
            } else {
                None
            }
        })
        .collect();
    Response {
        stdout: outward(&texts.join("\n")),
        ..Response::default()
    }
}

/// The answer where hookbin itself failed: closed events are refused with the reason, open ones go on.
/// `event` is the name the wiring passed, or the payload's where that is all there is.
pub fn failure(event: &str, direction: Direction, reason: &str) -> Response {
    if direction == Direction::Open {
        let stderr = format!("hookbin failed on {event} and stops nothing: {reason}");
        return Response {
            stderr: outward(&stderr),
            ..Response::default()
        };
    }
    let text = format!("denied by hookbin-failure: {reason}");
    if Kind::parse(event) != Kind::ConfigChange {
        return repeat(Decision::Deny, &text);
    }
    let reason = outward(&text);
    let wire = Wire {
        decision: Some("block"),
        reason: Some(reason.clone()),
        ..Wire::default()
    };
    Response {
        stdout: serialized(&wire),
        stderr: reason,
        exit: EXIT_BLOCK,
    }
}

/// Text as it may leave the process: redacted as a whole, then cut on a character boundary.
fn outward(text: &str) -> String {
    let text = redact(text);
    match text.char_indices().nth(TEXT_LIMIT) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_owned(),
        None => text.into_owned(),
    }
}

/// JSON of a wire struct. These structs hold strings and JSON values only, so it cannot fail.
fn serialized<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

#[cfg(test)]
mod tests;
