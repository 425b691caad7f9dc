//! Owns the failure direction of the hook where the machine around it is broken: policy, state, locks,
//! disk, memory, streams, signals. An event that guards something is refused, in time and with a reason;
//! every other event stops nothing. Does not own broken input (`process`).

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use crate::hook::{Answer, feed, finish, start};
use crate::process::{ASKED, DEADLINE, DENIED, ORDINARY};
use crate::scratch::{Scratch, hookbin_path};

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
fn too_little_memory_is_refused_or_enough() {
    let scratch = Scratch::new();
    let event = scratch.bash("toolu_1", &format!("echo {}", "a".repeat(24 << 20)));
    let event = event.to_string();
    for kilobytes in [30_000, 60_000, 90_000, 120_000] {
        let limit = format!("ulimit -v {kilobytes};");
        let mut command = scratch.hook_under(&limit, "", "PreToolUse");
        let answer = feed(&mut command, event.as_bytes());
        if answer.status.code() != Some(0) {
            answer.denies();
        }
    }
}

#[test]
fn deep_command_on_a_small_stack_is_refused() {
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
    feed_without_reader(&mut scratch.hook("PreToolUse"), event.as_bytes()).denies();
}

/// Starts a command whose stdout has no reader any more when the answer comes.
fn feed_without_reader(command: &mut Command, stdin: &[u8]) -> Answer {
    let mut child = start(command);
    drop(child.stdout.take());
    let written = child.stdin.take().map(|mut it| it.write_all(stdin));
    assert!(matches!(written, Some(Ok(()))), "a small write into a pipe");
    finish(child, Instant::now())
}

#[test]
fn question_that_cannot_be_asked_is_a_refusal() {
    let scratch = Scratch::new();
    let event = scratch.bash("toolu_1", ASKED).to_string();
    let mut full = scratch.hook_under("", ">/dev/full", "PreToolUse");
    let answer = feed(&mut full, event.as_bytes());
    answer.denies().because("could not be written");
    let event = scratch.bash("toolu_2", ASKED).to_string();
    let answer = feed_without_reader(&mut scratch.hook("PreToolUse"), event.as_bytes());
    answer.denies().because("could not be written");
    // Where the wiring names no event the payload does.
    let event = scratch.bash("toolu_3", ASKED).to_string();
    feed_without_reader(&mut scratch.hook(""), event.as_bytes()).denies();
    let stop = scratch.lifecycle("Stop").to_string();
    feed_without_reader(&mut scratch.hook(""), stop.as_bytes()).stops_nothing();
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

/// Waits until the process catches the last of the fatal signals, so that it is ready for them all.
fn wait_until_guarded(id: u32) {
    const ALARM: u64 = 1 << 13;
    let caught = || {
        let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let mask = status.lines().find_map(|it| it.strip_prefix("SigCgt:"))?;
        u64::from_str_radix(mask.trim(), 16).ok()
    };
    // Elsewhere than on Linux nothing tells, and all of a shorter time is waited.
    let patience = if cfg!(target_os = "linux") {
        Duration::from_secs(10)
    } else {
        Duration::from_millis(500)
    };
    let started = Instant::now();
    while started.elapsed() < patience {
        if caught().is_some_and(|it| it & ALARM != 0) {
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// The exit code of a process that waits for its stdin and gets a signal; `None` where the signal
/// killed it.
fn signalled(command: &mut Command, signal: &str) -> Option<i32> {
    let started = Instant::now();
    let mut child = start(command);
    let pipe = child.stdin.take();
    wait_until_guarded(child.id());
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
