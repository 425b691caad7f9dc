//! Owns what becomes of a hook process whose own files somebody turned into something else: links, pipes,
//! directories, files that others can write, a damaged end of the chain, and two processes that want the
//! same exception. Does not own a machine that fails by itself (`world`).

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use crate::hook::{feed, finish, start};
use crate::process::{ASKED, DEADLINE, DENIED, ORDINARY};
use crate::scratch::Scratch;

/// A machine on which one call was judged.
fn used() -> Scratch {
    let scratch = Scratch::new();
    scratch.judge(ORDINARY).is_silent();
    scratch
}

/// The one file of remembered sessions.
fn session_file(scratch: &Scratch) -> String {
    let mut names = fs::read_dir(scratch.path("state/sessions")).expect("sessions");
    let name = names
        .next()
        .expect("a session")
        .expect("a name")
        .file_name();
    format!("state/sessions/{}", name.display())
}

/// Every call is refused in time, and what is no call is not stopped.
#[track_caller]
fn check_closed(scratch: &Scratch) {
    let event = scratch.bash("toolu_2", ORDINARY).to_string();
    let answer = scratch.answer("PreToolUse", event);
    answer.denies();
    assert!(answer.took < DEADLINE, "{answer:#?}");
    let answer = scratch.answer("Stop", scratch.lifecycle("Stop").to_string());
    answer.stops_nothing();
}

#[track_caller]
fn check_replaced(replace: impl Fn(&Scratch, &Path)) {
    let scratch = used();
    let path = scratch.path(&session_file(&scratch));
    fs::remove_file(&path).expect("it goes");
    replace(&scratch, &path);
    check_closed(&scratch);
}

#[test]
fn session_file_that_is_no_file_is_refused() {
    check_replaced(|scratch, path| {
        scratch.write("elsewhere", "untouched");
        symlink(scratch.path("elsewhere"), path).expect("a link");
    });
    check_replaced(|_, path| fs::create_dir(path).expect("a directory"));
    check_replaced(|_, path| {
        let made = Command::new("mkfifo").arg(path).status();
        assert!(made.expect("mkfifo starts").success());
    });
}

#[test]
fn link_in_place_of_the_session_file_is_not_written_through() {
    let scratch = used();
    let path = scratch.path(&session_file(&scratch));
    fs::remove_file(&path).expect("it goes");
    scratch.write("elsewhere", "untouched");
    symlink(scratch.path("elsewhere"), &path).expect("a link");
    check_closed(&scratch);
    assert_eq!(scratch.read("elsewhere").as_deref(), Some("untouched"));
}

#[test]
fn damaged_end_of_the_chain_stops_no_call_and_loses_no_record() {
    for damage in ["", "garbage", "{\"segment\":0}\n"] {
        let scratch = used();
        scratch.write("state/audit/head.json", damage);
        let event = |id: &str, command: &str| scratch.bash(id, command).to_string();
        let silent = scratch.answer("PreToolUse", event("toolu_2", ORDINARY));
        silent.is_silent();
        scratch
            .answer("PreToolUse", event("toolu_3", DENIED))
            .denies();
        let records = scratch.read("state/audit/000001.jsonl").expect("a segment");
        assert_eq!(records.lines().count(), 3, "{damage:?}");
    }
}

#[test]
fn audit_directory_behind_a_link_still_records_before_it_answers() {
    let scratch = used();
    fs::rename(scratch.path("state/audit"), scratch.path("moved")).expect("it moves");
    symlink(scratch.path("moved"), scratch.path("state/audit")).expect("a link");
    let event = scratch.bash("toolu_2", DENIED).to_string();
    scratch.answer("PreToolUse", event).denies();
    let records = scratch.read("moved/000001.jsonl").expect("a segment");
    assert_eq!(records.lines().count(), 2);
    fs::remove_file(scratch.path("state/audit")).expect("the link goes");
    symlink("/proc/hookbin", scratch.path("state/audit")).expect("a link to nowhere");
    check_closed(&scratch);
}

#[test]
fn state_directory_that_everybody_can_write_is_told_and_stops_nothing() {
    let scratch = used();
    fs::set_permissions(scratch.path("state"), Permissions::from_mode(0o777)).expect("a mode");
    let answer = scratch.answer(
        "SessionStart",
        scratch.lifecycle("SessionStart").to_string(),
    );
    let told = answer.stops_nothing().json().expect("a line for the user");
    let told = told["systemMessage"].as_str().unwrap_or_default();
    assert!(told.contains("can be written by everybody"), "{answer:#?}");
    let event = |id: &str, command: &str| scratch.bash(id, command).to_string();
    scratch
        .answer("PreToolUse", event("toolu_2", ORDINARY))
        .is_silent();
    scratch
        .answer("PreToolUse", event("toolu_3", DENIED))
        .denies();
}

/// A standing exception for one call, as `hookbin allow --once` leaves it.
fn allow_once(scratch: &Scratch) {
    let line = r#"{"grant":{"rule":"git-reset-hard","once":true,"id":"0a0b0c0d"}}"#;
    scratch.write("state/allow.jsonl", &format!("{line}\n"));
    let private = Permissions::from_mode(0o600);
    fs::set_permissions(scratch.path("state/allow.jsonl"), private).expect("a mode");
}

#[test]
fn exception_for_once_lets_one_of_many_calls_pass() {
    let scratch = Scratch::new();
    allow_once(&scratch);
    let started = std::time::Instant::now();
    let calls: Vec<_> = (0..8)
        .map(|number| {
            let mut event = scratch.bash(&format!("toolu_{number}"), ASKED);
            // Sessions of their own: within one, the lock would put them in a row.
            event["session_id"] = format!("session-{number}").into();
            let name = format!("event-{number}");
            scratch.write(&name, &event.to_string());
            let mut command =
                scratch.hook_under(":;", &format!("<{}", scratch.text(&name)), "PreToolUse");
            start(&mut command)
        })
        .collect();
    let answers: Vec<_> = calls.into_iter().map(|it| finish(it, started)).collect();
    let passed = answers
        .iter()
        .filter(|it| !it.stdout.contains("permissionDecision") && it.status.success());
    assert_eq!(passed.count(), 1, "{answers:#?}");
}

#[test]
fn exception_that_others_could_have_written_is_none() {
    let scratch = Scratch::new();
    allow_once(&scratch);
    let path = scratch.path("state/allow.jsonl");
    fs::set_permissions(&path, Permissions::from_mode(0o666)).expect("a mode");
    let judged = |id: &str| {
        let event = scratch.bash(id, ASKED).to_string();
        feed(&mut scratch.hook("PreToolUse"), event.as_bytes())
    };
    let asked = judged("toolu_1").json().expect("a question");
    assert_eq!(asked["hookSpecificOutput"]["permissionDecision"], "ask");
    fs::rename(&path, scratch.path("elsewhere")).expect("it moves");
    symlink(scratch.path("elsewhere"), &path).expect("a link");
    fs::set_permissions(scratch.path("elsewhere"), Permissions::from_mode(0o600)).expect("a mode");
    assert!(judged("toolu_2").json().is_some(), "a link grants nothing");
    fs::remove_file(&path).expect("the link goes");
    allow_once(&scratch);
    let passed = judged("toolu_3").json().expect("a line for the user");
    assert!(passed.get("hookSpecificOutput").is_none(), "{passed}");
    let told = passed["systemMessage"].as_str().unwrap_or_default();
    assert!(told.contains("0a0b0c0d"), "{passed}");
}
