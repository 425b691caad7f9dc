//! Owns the failure direction of the hook as a real process: whatever breaks, an event that guards
//! something is answered with a refusal, and every other event stops nothing. Each test breaks one thing.
//! Does not own verdicts beyond one denied, one asked and one ordinary command.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::hook::{feed, feed_forever, finish, start};
use crate::scratch::{Scratch, hookbin_path};

/// The deadline of a hook process is 2 s; a loaded machine gets as much again.
const DEADLINE: Duration = Duration::from_secs(4);

const DENIED: &str = "rm -rf ~";
const ASKED: &str = "git reset --hard";
const ORDINARY: &str = "ls -la";

/// PreToolUse refuses these bytes and Stop is not stopped by them.
#[track_caller]
fn check_bad_input(stdin: &[u8]) {
    let scratch = Scratch::new();
    scratch.answer("PreToolUse", stdin).denies();
    scratch.answer("Stop", stdin).stops_nothing();
}

/// With the world as prepared, an ordinary call is refused and a Stop is not stopped.
#[track_caller]
fn check_closed(scratch: &Scratch) {
    let ordinary = scratch.judge(ORDINARY);
    ordinary.denies();
    assert!(ordinary.took < DEADLINE, "{ordinary:#?}");
    let stop = scratch.answer("Stop", scratch.lifecycle("Stop").to_string());
    stop.stops_nothing();
    assert!(stop.took < DEADLINE, "{stop:#?}");
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
fn arguments_that_are_wrong_are_refused() {
    let scratch = Scratch::new();
    let event = scratch.bash("toolu_1", ORDINARY).to_string();
    for wrong in ["--state-dir", "--no-such-option"] {
        let mut command = scratch.hook("PreToolUse");
        feed(command.arg(wrong), event.as_bytes()).denies();
    }
}

#[test]
fn broken_policy_is_refused_and_named_with_its_line() {
    for file in ["config/config.toml", "project/.claude/hookbin.toml"] {
        let scratch = Scratch::new();
        scratch.write(file, "[paths]\nprotect = [\n");
        let name = Path::new(file).file_name().and_then(|it| it.to_str());
        let words = format!("{}:", name.expect("a name"));
        scratch.judge(ORDINARY).denies().because(&words);
        check_closed(&scratch);
    }
}

#[test]
fn policy_with_an_unknown_key_is_refused() {
    let scratch = Scratch::new();
    scratch.write("config/config.toml", "\nmoode = \"observe\"\n");
    scratch.judge(ORDINARY).denies().because("config.toml:2:");
}

#[test]
fn unreadable_policy_is_refused() {
    let scratch = Scratch::new();
    fs::create_dir_all(scratch.path("config/config.toml")).expect("a directory in its place");
    check_closed(&scratch);
    let scratch = Scratch::new();
    fs::create_dir_all(scratch.path("config")).expect("a directory");
    symlink("config.toml", scratch.path("config/config.toml")).expect("a link to itself");
    check_closed(&scratch);
    let scratch = Scratch::new();
    fs::create_dir_all(scratch.path("config")).expect("a directory");
    fs::write(scratch.path("config/config.toml"), b"mode = \"\xff\"\n").expect("a file");
    check_closed(&scratch);
}

#[test]
fn policy_that_blocks_on_opening_is_refused_in_time() {
    let scratch = Scratch::new();
    fs::create_dir_all(scratch.path("config")).expect("a directory");
    let made = Command::new("mkfifo")
        .arg(scratch.path("config/config.toml"))
        .status();
    assert!(made.expect("mkfifo starts").success());
    check_closed(&scratch);
}

#[test]
fn state_that_cannot_be_written_is_refused() {
    let scratch = Scratch::new();
    scratch.write("state", "a file where a directory should be");
    check_closed(&scratch);
    // Even a privileged user cannot create a directory there.
    let scratch = Scratch::new();
    let mut command = scratch.command(&hookbin_path());
    let (config, home) = (scratch.text("config"), scratch.text("home"));
    command.args(["hook", "PreToolUse", "--state-dir", "/proc/hookbin"]);
    command.args(["--config-dir", &config, "--home", &home]);
    feed(
        &mut command,
        scratch.bash("toolu_1", ORDINARY).to_string().as_bytes(),
    )
    .denies();
}

#[test]
fn missing_home_is_refused() {
    let scratch = Scratch::new();
    let mut command = scratch.command(&hookbin_path());
    command.env_remove("HOME").args(["hook", "PreToolUse"]);
    let event = scratch.bash("toolu_1", ORDINARY).to_string();
    feed(&mut command, event.as_bytes()).denies();
}

#[test]
fn held_locks_are_refused_in_time() {
    let scratch = Scratch::new();
    scratch.judge(ORDINARY).is_silent();
    let files: Vec<File> = files_below(&scratch.path("state"))
        .iter()
        .filter_map(|it| File::open(it).ok())
        .collect();
    assert!(!files.is_empty(), "a first event leaves state behind");
    for file in &files {
        file.lock().expect("a lock of our own");
    }
    let event = scratch.bash("toolu_2", ORDINARY).to_string();
    let answer = scratch.answer("PreToolUse", event);
    answer.denies();
    assert!(answer.took < DEADLINE, "{answer:#?}");
    let answer = scratch.answer("Stop", scratch.lifecycle("Stop").to_string());
    answer.stops_nothing();
    assert!(answer.took < DEADLINE, "{answer:#?}");
    drop(files);
    let event = scratch.bash("toolu_3", ORDINARY).to_string();
    scratch.answer("PreToolUse", event).is_silent();
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[test]
fn full_disk_is_refused() {
    let scratch = Scratch::new();
    let event = scratch.bash("toolu_1", ORDINARY).to_string();
    let limit = "trap '' XFSZ; ulimit -f 0;";
    feed(
        &mut scratch.hook_under(limit, "", "PreToolUse"),
        event.as_bytes(),
    )
    .denies();
    let stop = scratch.lifecycle("Stop").to_string();
    feed(&mut scratch.hook_under(limit, "", "Stop"), stop.as_bytes()).stops_nothing();
}

#[test]
fn disk_that_fills_up_later_is_refused_and_recovers() {
    let scratch = Scratch::new();
    let judge = |id: &str, limit: &str| {
        let event = scratch.bash(id, ORDINARY).to_string();
        feed(
            &mut scratch.hook_under(limit, "", "PreToolUse"),
            event.as_bytes(),
        )
    };
    judge("toolu_1", "").is_silent();
    let limit = "trap '' XFSZ; ulimit -f 1;";
    let refused = (2..40).find(|it| judge(&format!("toolu_{it}"), limit).status.code() != Some(0));
    let number = refused.expect("a limit of 1 KiB is reached");
    judge(&format!("toolu_again_{number}"), limit).denies();
    judge("toolu_after", "").is_silent();
}

#[test]
fn too_little_memory_is_refused() {
    let scratch = Scratch::new();
    let event = scratch
        .bash("toolu_1", &format!("echo {}", "a".repeat(24 << 20)))
        .to_string();
    feed(
        &mut scratch.hook_under("ulimit -v 20000;", "", "PreToolUse"),
        event.as_bytes(),
    )
    .denies();
}

#[test]
fn too_small_a_stack_is_refused_or_enough() {
    let scratch = Scratch::new();
    let nested = format!("echo {}{}", "$(".repeat(20_000), ")".repeat(20_000));
    let event = scratch.bash("toolu_1", &nested).to_string();
    feed(
        &mut scratch.hook_under("ulimit -s 128;", "", "PreToolUse"),
        event.as_bytes(),
    )
    .denies();
}

#[test]
fn closed_stdout_still_refuses() {
    let scratch = Scratch::new();
    let event = scratch.bash("toolu_1", DENIED).to_string();
    for redirect in [">&-", ">/dev/full"] {
        feed(
            &mut scratch.hook_under("", redirect, "PreToolUse"),
            event.as_bytes(),
        )
        .denies();
    }
    // A reader that is gone before the answer comes.
    let mut child = start(&mut scratch.hook("PreToolUse"));
    drop(child.stdout.take());
    let sent = child
        .stdin
        .take()
        .map(|mut it| it.write_all(event.as_bytes()));
    assert!(
        sent.is_some_and(|it| it.is_ok()),
        "a small write into a pipe"
    );
    finish(child, Instant::now()).denies();
}

#[test]
fn question_that_cannot_be_asked_is_a_refusal() {
    let scratch = Scratch::new();
    let event = scratch.bash("toolu_1", ASKED).to_string();
    for redirect in [">/dev/full", ">&-"] {
        feed(
            &mut scratch.hook_under("", redirect, "PreToolUse"),
            event.as_bytes(),
        )
        .denies();
    }
}

#[test]
fn closed_stderr_still_refuses() {
    let scratch = Scratch::new();
    let event = scratch.bash("toolu_1", DENIED).to_string();
    for redirect in ["2>&-", "2>/dev/full", ">&- 2>&-"] {
        let answer = feed(
            &mut scratch.hook_under("", redirect, "PreToolUse"),
            event.as_bytes(),
        );
        assert_eq!(answer.status.code(), Some(2), "{redirect}: {answer:#?}");
    }
}

#[test]
fn fatal_signal_is_a_refusal() {
    for signal in ["SEGV", "BUS", "ABRT", "ALRM"] {
        let scratch = Scratch::new();
        let answer = signalled(&mut scratch.hook("PreToolUse"), signal);
        assert_eq!(answer, Some(2), "PreToolUse after SIG{signal}");
    }
}

/// The exit code of a process that waits for its stdin and gets a signal; `None` where the signal
/// killed it.
fn signalled(command: &mut Command, signal: &str) -> Option<i32> {
    let started = Instant::now();
    let mut child = start(command);
    let pipe = child.stdin.take();
    thread::sleep(Duration::from_millis(150));
    let script = format!("kill -{signal} {}", child.id());
    let sent = Command::new("bash").args(["-c", &script]).status();
    assert!(
        sent.expect("bash starts").success(),
        "the hook waited for stdin"
    );
    let answer = finish(child, started);
    drop(pipe);
    answer.status.code()
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
