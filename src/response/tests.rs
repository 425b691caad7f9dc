//! Golden tests: every kind of event against every decision and effect.

use std::borrow::Cow;

use serde_json::Value;

use super::*;
use crate::verdict::{Finding, Severity, reduce};

fn verdict(decision: Decision) -> Verdict {
    reduce(vec![Finding {
        rule: Cow::Borrowed("rule-x"),
        pack: Cow::Borrowed("pack"),
        severity: Severity::High,
        decision,
        why: Cow::Borrowed("it harms."),
        instead: Cow::Borrowed("do less."),
        subject: String::new(),
        real: String::new(),
        span: None,
    }])
}

fn answer(kind: Kind, decision: Decision, effects: &[Effect]) -> (String, String, u8) {
    let response = render(kind, &verdict(decision), effects, false);
    (response.stdout, response.stderr, response.exit)
}

const WHY: &str = "rule-x: it harms. Instead: do less.";

#[test]
fn a_call_is_denied_in_json_and_on_stderr_with_exit_2() {
    let (stdout, stderr, exit) = answer(Kind::PreToolUse, Decision::Deny, &[]);
    let want = format!(
        r#"{{"hookSpecificOutput":{{"hookEventName":"PreToolUse","permissionDecision":"deny","permissionDecisionReason":"denied by {WHY}"}}}}"#
    );
    assert_eq!(stdout, want);
    assert_eq!(stderr, format!("denied by {WHY}"));
    assert_eq!(exit, 2);
}

#[test]
fn a_call_is_asked_in_json_with_exit_0() {
    let (stdout, stderr, exit) = answer(Kind::PreToolUse, Decision::Ask, &[]);
    assert!(stdout.contains(r#""permissionDecision":"ask""#), "{stdout}");
    assert!(stdout.contains(&format!("asked by {WHY}")), "{stdout}");
    assert_eq!((stderr.as_str(), exit), ("", 0));
}

#[test]
fn a_warning_is_context_only() {
    let (stdout, stderr, exit) = answer(Kind::PreToolUse, Decision::Warn, &[]);
    let want = format!(
        r#"{{"hookSpecificOutput":{{"hookEventName":"PreToolUse","additionalContext":"warning from {WHY}"}}}}"#
    );
    assert_eq!((stdout, stderr.as_str(), exit), (want, "", 0));
}

#[test]
fn silence_is_no_output_at_all_on_every_event() {
    for &kind in Kind::ALL {
        let response = render(kind, &Verdict::default(), &[], false);
        assert_eq!(response, Response::default(), "{kind:?}");
    }
}

#[test]
fn every_answer_is_one_json_object_with_its_own_event_name() {
    let effects = [
        Effect::Context("context".to_owned()),
        Effect::Message("message".to_owned()),
        Effect::ReplaceInput(Value::Bool(true)),
        Effect::ReplaceOutput(Value::Bool(true)),
        Effect::EndTurn("end".to_owned()),
        Effect::BlockStop("go on".to_owned()),
        Effect::BlockConfig("keep".to_owned()),
        Effect::Plain("plain".to_owned()),
    ];
    for &kind in Kind::ALL {
        for decision in Decision::ALL {
            let (stdout, _, exit) = answer(kind, decision, &effects);
            if kind == Kind::PreCompact {
                assert_eq!((stdout.as_str(), exit), ("plain", 0));
                continue;
            }
            if stdout.is_empty() {
                continue;
            }
            let value: Value = serde_json::from_str(&stdout).unwrap();
            if let Some(specific) = value.get("hookSpecificOutput") {
                assert_eq!(specific["hookEventName"], kind.name());
                assert_ne!(specific["permissionDecision"], "allow");
            }
        }
    }
}

#[test]
fn events_without_a_schema_for_it_get_no_specific_output() {
    let effects = [Effect::Context("context".to_owned())];
    for kind in [
        Kind::PostCompact,
        Kind::SessionEnd,
        Kind::ConfigChange,
        Kind::TaskCreated,
        Kind::TaskCompleted,
        Kind::TeammateIdle,
        Kind::InstructionsLoaded,
        Kind::StopFailure,
        Kind::DirectoryAdded,
        Kind::WorktreeRemove,
        Kind::Stop,
        Kind::SubagentStop,
    ] {
        let (stdout, _, _) = answer(kind, Decision::Pass, &effects);
        assert_eq!(stdout, "", "{kind:?}");
    }
}

#[test]
fn an_ended_turn_carries_the_refusal_of_its_call() {
    let effects = [Effect::EndTurn("spent".to_owned())];
    let (stdout, _, exit) = answer(Kind::PreToolUse, Decision::Deny, &effects);
    assert!(
        stdout.starts_with(r#"{"continue":false,"stopReason":"spent","#),
        "{stdout}"
    );
    assert!(
        stdout.contains(r#""permissionDecision":"deny""#),
        "{stdout}"
    );
    assert_eq!(exit, 2);
}

#[test]
fn a_stop_is_blocked_once_and_never_while_active() {
    let effects = [Effect::BlockStop("go on".to_owned())];
    let first = render(Kind::Stop, &Verdict::default(), &effects, false);
    assert_eq!(first.stdout, r#"{"decision":"block","reason":"go on"}"#);
    let second = render(Kind::Stop, &Verdict::default(), &effects, true);
    assert_eq!(second, Response::default());
}

#[test]
fn a_settings_change_is_blocked_with_exit_2() {
    let (stdout, stderr, exit) = answer(Kind::ConfigChange, Decision::Deny, &[]);
    assert_eq!(
        stdout,
        format!(r#"{{"decision":"block","reason":"denied by {WHY}"}}"#)
    );
    assert_eq!((stderr, exit), (format!("denied by {WHY}"), 2));
}

#[test]
fn replaced_input_never_stands_beside_a_deny() {
    let effects = [Effect::ReplaceInput(serde_json::json!({"command": "ls"}))];
    let (stdout, _, _) = answer(Kind::PreToolUse, Decision::Deny, &effects);
    assert!(!stdout.contains("updatedInput"), "{stdout}");
    let (stdout, _, _) = answer(Kind::PreToolUse, Decision::Pass, &effects);
    assert!(
        stdout.contains(r#""updatedInput":{"command":"ls"}"#),
        "{stdout}"
    );
}

#[test]
fn a_finding_after_the_fact_is_a_remark() {
    let (stdout, stderr, exit) = answer(Kind::PostToolUse, Decision::Deny, &[]);
    assert!(
        stdout.starts_with(r#"{"decision":"block","reason":"#),
        "{stdout}"
    );
    assert_eq!((stderr.as_str(), exit), ("", 0));
}

#[test]
fn long_text_is_cut_on_a_character_boundary() {
    let effects = [Effect::Context("é".repeat(20_000))];
    let (stdout, _, _) = answer(Kind::SessionStart, Decision::Pass, &effects);
    assert_eq!(stdout.matches('é').count(), TEXT_LIMIT);
}

#[test]
fn failures_go_in_the_stated_direction() {
    let closed = failure("PreToolUse", Direction::Closed, "no input");
    assert!(closed.stdout.contains(r#""permissionDecision":"deny""#));
    assert!(closed.stderr.contains("no input"));
    assert_eq!(closed.exit, 2);
    let config = failure("ConfigChange", Direction::Closed, "no input");
    assert!(config.stdout.starts_with(r#"{"decision":"block""#));
    let open = failure("Stop", Direction::Open, "no input");
    assert_eq!((open.stdout.as_str(), open.exit), ("", 0));
    assert!(open.stderr.contains("no input"));
}
