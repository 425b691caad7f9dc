//! Owns what the hook answers as a real process: to a denied, an asked and an ordinary command, and to
//! input that is broken in every way. What guards something is answered with a refusal, and every other
//! event stops nothing. Does not own a broken machine (`world`).

use std::time::Duration;

use crate::hook::{feed, feed_forever};
use crate::scratch::{Scratch, hookbin_path};

/// The deadline of a hook process is 2 s. What matters here is that it answers by itself before the
/// client's patience (10 s in the wiring) is over, on a machine under any load.
pub(crate) const DEADLINE: Duration = Duration::from_secs(9);

pub(crate) const DENIED: &str = "rm -rf ~";
pub(crate) const ASKED: &str = "git reset --hard";
pub(crate) const ORDINARY: &str = "ls -la";

/// PreToolUse refuses these bytes and Stop is not stopped by them.
#[track_caller]
fn check_bad_input(stdin: &[u8]) {
    let scratch = Scratch::new();
    scratch.answer("PreToolUse", stdin).denies();
    scratch.answer("Stop", stdin).stops_nothing();
}

#[test]
fn denied_command_is_answered_on_both_streams() {
    let scratch = Scratch::new();
    let answer = scratch.judge(DENIED);
    let json = answer.denies().json().expect("a deny in JSON");
    let reason = json["hookSpecificOutput"]["permissionDecisionReason"].as_str();
    let reason = reason.expect("a reason");
    assert!(reason.starts_with("denied by "), "{reason}");
    answer.because(reason);
}

#[test]
fn asked_command_is_answered_in_json_with_exit_zero() {
    let answer = Scratch::new().judge(ASKED);
    assert_eq!(answer.status.code(), Some(0), "{answer:#?}");
    let json = answer.json().expect("an ask in JSON");
    assert_eq!(
        json["hookSpecificOutput"]["permissionDecision"], "ask",
        "{answer:#?}"
    );
    assert_eq!(
        json["hookSpecificOutput"]["hookEventName"], "PreToolUse",
        "{answer:#?}"
    );
}

#[test]
fn ordinary_command_is_answered_by_silence() {
    let answer = Scratch::new().judge(ORDINARY);
    answer.is_silent();
    assert_eq!(answer.stderr, "", "{answer:#?}");
}

#[test]
fn empty_stdin_is_refused() {
    check_bad_input(b"");
    check_bad_input(b" \n\n");
}

#[test]
fn stdin_that_never_ends_is_refused_in_time() {
    let scratch = Scratch::new();
    for written in [String::new(), scratch.bash("toolu_1", ORDINARY).to_string()] {
        // A whole event without its end of file may be answered at once or at the deadline.
        let answer = feed_forever(&mut scratch.hook("PreToolUse"), written.as_bytes());
        assert!(answer.took < DEADLINE, "{answer:#?}");
        if written.is_empty() || answer.status.code() != Some(0) {
            answer.denies();
        }
    }
    let answer = feed_forever(&mut scratch.hook("Stop"), b"");
    answer.stops_nothing();
    assert!(answer.took < DEADLINE, "{answer:#?}");
}

#[test]
fn truncated_event_is_refused() {
    let event = Scratch::new().bash("toolu_1", ORDINARY).to_string();
    for length in [1, event.len() / 2, event.len() - 1] {
        check_bad_input(&event.as_bytes()[..length]);
    }
}

#[test]
fn text_that_is_not_one_object_is_refused() {
    for text in [
        "null",
        "[]",
        "\"PreToolUse\"",
        "{}",
        "{} {}",
        "not json",
        "\0\0\0\0",
    ] {
        check_bad_input(text.as_bytes());
    }
}

#[test]
fn deep_nesting_is_refused() {
    check_bad_input("[".repeat(100_000).as_bytes());
    check_bad_input(format!("{{\"a\":{}", "{\"a\":".repeat(100_000)).as_bytes());
}

#[test]
fn bytes_that_are_not_utf8_do_not_hide_a_command() {
    let scratch = Scratch::new();
    let event = scratch.bash("toolu_1", "echo 'MARK'; rm -rf ~").to_string();
    let (before, after) = event.split_once("MARK").expect("the mark");
    let bytes = [before.as_bytes(), b"\xff\xfe\xc3", after.as_bytes()].concat();
    scratch.answer("PreToolUse", bytes).denies();
    scratch.answer("PreToolUse", b"\xff\xff\xff").denies();
}

#[test]
fn oversized_stdin_is_refused() {
    let scratch = Scratch::new();
    let event = scratch.bash("toolu_1", &format!("echo {}", "a".repeat(33 << 20)));
    scratch.answer("PreToolUse", event.to_string()).denies();
    let event = scratch.lifecycle("Stop").to_string() + &" ".repeat(33 << 20);
    scratch.answer("Stop", event).stops_nothing();
}

#[test]
fn event_other_than_the_wired_one_is_refused() {
    let scratch = Scratch::new();
    let stop = scratch.lifecycle("Stop").to_string();
    scratch.answer("PreToolUse", stop).denies();
    let call = scratch.bash("toolu_1", ORDINARY).to_string();
    scratch.answer("Stop", call).stops_nothing();
}

#[test]
fn unknown_event_stops_nothing() {
    let scratch = Scratch::new();
    let event = scratch.lifecycle("SomethingLater").to_string();
    scratch.answer("SomethingLater", event).stops_nothing();
    scratch.answer("SomethingLater", "garbage").stops_nothing();
}

#[test]
fn hook_without_an_event_name_is_closed_until_the_payload_says_otherwise() {
    let scratch = Scratch::new();
    scratch.answer("", "garbage").denies();
    scratch.answer("", "").denies();
    scratch
        .answer("", scratch.bash("toolu_1", DENIED).to_string())
        .denies();
    scratch
        .answer("", scratch.bash("toolu_2", ORDINARY).to_string())
        .is_silent();
    scratch
        .answer("", scratch.lifecycle("Stop").to_string())
        .stops_nothing();
}

#[test]
fn unknown_arguments_do_not_disarm_the_guard() {
    let scratch = Scratch::new();
    for (id, text, code) in [("toolu_1", DENIED, 2), ("toolu_2", ORDINARY, 0)] {
        let mut command = scratch.hook("PreToolUse");
        command.args(["--some-later-option", "later"]);
        let answer = feed(&mut command, scratch.bash(id, text).to_string().as_bytes());
        assert_eq!(answer.status.code(), Some(code), "{text}: {answer:#?}");
    }
}

#[test]
fn directory_without_a_value_is_a_failure_and_not_the_environment() {
    let scratch = Scratch::new();
    let home = scratch.text("home");
    let faults: [&[&str]; 6] = [
        &["--home", &home, "--state-dir"],
        &["--home", &home, "--config-dir"],
        &["--state-dir", "--home", &home],
        &["--home", &home, "--state-dir="],
        &["--home", &home, "--state-dir=relative"],
        &["--home"],
    ];
    let call = scratch.bash("toolu_1", ORDINARY).to_string();
    let stop = scratch.lifecycle("Stop").to_string();
    for args in faults {
        let answer = |event: &str, stdin: &str| {
            let mut command = scratch.command(&hookbin_path());
            // Where a fallback would find everything in order.
            command
                .env("HOOKBIN_CONFIG_DIR", scratch.path("config"))
                .env("HOOKBIN_STATE_DIR", scratch.path("state"))
                .args(["hook", event])
                .args(args);
            feed(&mut command, stdin.as_bytes())
        };
        answer("PreToolUse", &call)
            .denies()
            .because("not an absolute path");
        answer("Stop", &stop).stops_nothing();
        assert!(
            !scratch.exists("state"),
            "{args:?}: the environment moved us"
        );
    }
}

#[test]
fn wiring_that_names_only_some_directories_is_a_failure() {
    let scratch = Scratch::new();
    let pairs = [
        ("--config-dir", scratch.text("config")),
        ("--state-dir", scratch.text("state")),
        ("--home", scratch.text("home")),
    ];
    for chosen in 1..7_u32 {
        let named = pairs.iter().enumerate();
        let named = named.filter(|(bit, _)| chosen & (1 << bit) != 0);
        let args: Vec<&str> = named
            .flat_map(|(_, (name, path))| [*name, path.as_str()])
            .collect();
        let answer = |event: &str, stdin: String| {
            let mut command = scratch.command(&hookbin_path());
            command.args(["hook", event]).args(&args);
            feed(&mut command, stdin.as_bytes())
        };
        answer("PreToolUse", scratch.bash("toolu_1", ORDINARY).to_string())
            .denies()
            .because("names some of hookbin's directories, but not");
        answer("Stop", scratch.lifecycle("Stop").to_string()).stops_nothing();
        let used = scratch.exists("state") || scratch.exists("home/.local");
        assert!(!used, "{args:?}: the environment filled the gap");
    }
}

#[test]
fn directories_are_taken_in_either_spelling() {
    let scratch = Scratch::new();
    let mut command = scratch.command(&hookbin_path());
    command.args(["hook", "PreToolUse"]).args([
        format!("--config-dir={}", scratch.text("config")),
        format!("--state-dir={}", scratch.text("state")),
        format!("--home={}", scratch.text("home")),
    ]);
    let call = scratch.bash("toolu_1", ORDINARY).to_string();
    feed(&mut command, call.as_bytes()).is_silent();
    assert!(scratch.exists("state/audit"), "the given directory is used");
}

#[test]
fn lifecycle_events_stop_nothing_in_any_of_these_worlds() {
    let events = [
        "PostToolUse",
        "PostToolUseFailure",
        "PostToolBatch",
        "PermissionDenied",
        "UserPromptSubmit",
        "SessionStart",
        "SessionEnd",
        "Stop",
        "StopFailure",
        "SubagentStart",
        "SubagentStop",
        "PreCompact",
        "PostCompact",
        "Notification",
        "TaskCreated",
        "TaskCompleted",
        "CwdChanged",
        "InstructionsLoaded",
    ];
    let (sound, broken) = (Scratch::new(), Scratch::new());
    broken.write("state", "a file where a directory should be");
    broken.write("config/config.toml", "broken\n");
    for event in events {
        let payload = sound.lifecycle(event).to_string();
        sound.answer(event, &payload).stops_nothing();
        sound.answer(event, "").stops_nothing();
        broken.answer(event, &payload).stops_nothing();
    }
}

#[test]
fn settings_change_that_cannot_be_judged_is_blocked() {
    let scratch = Scratch::new();
    let answer = scratch.answer("ConfigChange", "garbage");
    assert_eq!(answer.status.code(), Some(2), "{answer:#?}");
}
