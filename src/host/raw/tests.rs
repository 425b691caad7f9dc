//! Every way to fail, in a process of its own: this test binary started again with `child` alone.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use super::*;

const FAULT: &str = "HOOKBIN_TEST_FAULT";

/// Runs one fault and checks exit code, what stderr says and whether a denial stands on stdout.
#[track_caller]
fn check(fault: &str, direction: &str, code: i32, reason: &str, denies: bool) {
    let Output {
        status,
        stdout,
        stderr,
    } = run(fault, direction);
    let (stdout, stderr) = (
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr),
    );
    assert_eq!(status.code(), Some(code), "{fault}: {stdout}{stderr}");
    assert!(stderr.contains(reason), "{fault}: {stderr}");
    assert_eq!(
        stdout.contains(r#""permissionDecision":"deny""#),
        denies,
        "{fault}: {stdout}"
    );
}

fn run(fault: &str, direction: &str) -> Output {
    let program = std::env::current_exe().unwrap();
    let mut child = Command::new(program)
        .args([
            "--exact",
            "host::raw::tests::child",
            "--nocapture",
            "--test-threads=1",
        ])
        .env(FAULT, format!("{direction} {fault}"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Kept open: a stuck stdin.
    let mut stdin = child.stdin.take().unwrap();
    let _ = stdin.write_all(b"12345");
    let output = child.wait_with_output().unwrap();
    drop(stdin);
    output
}

/// Does nothing unless it was started by [`run`].
#[test]
fn child() {
    let Ok(wanted) = std::env::var(FAULT) else {
        return;
    };
    let (direction, fault) = wanted.split_once(' ').unwrap();
    guard_process(match direction {
        "open" => Direction::Open,
        "denying" => Direction::Denying,
        "silent" => Direction::Silent,
        _ => Direction::Closed,
    });
    commit(fault);
    leave(77);
}

#[expect(unconditional_recursion, reason = "the fault that is wanted")]
fn overflow(depth: u64) -> u64 {
    let page = [depth; 512];
    overflow(std::hint::black_box(depth)).wrapping_add(page[5])
}

fn commit(fault: &str) {
    match fault {
        "panic" => panic!("with a secret in it"),
        "overflow" => drop(overflow(1)),
        "abort" => std::process::abort(),
        "memory" => {
            let mut all = Vec::new();
            loop {
                all.push(std::hint::black_box(Vec::<u8>::with_capacity(64 << 20)));
            }
        }
        // SAFETY: none: the point is to crash.
        "segv" => unsafe { std::hint::black_box(ptr::null_mut::<u8>()).write_volatile(1) },
        "loop" => loop {
            std::hint::black_box(());
        },
        "stdin" => drop(read_stdin(1 << 20)),
        "limit" => leave(match read_stdin(4) {
            Err(error) if error.kind() == io::ErrorKind::FileTooLarge => 55,
            _ => 56,
        }),
        "answered" => {
            write_stdout(b"{}\n").unwrap();
            panic!("late");
        }
        "lock" => {
            let path = std::env::temp_dir().join(format!("hookbin-raw-{}", std::process::id()));
            let first = std::fs::File::create(&path).unwrap();
            first.lock().unwrap();
            let second = std::fs::File::open(&path).unwrap();
            std::fs::remove_file(&path).unwrap();
            second.lock().unwrap();
        }
        _ => leave(78),
    }
}

#[test]
fn closed_failures_deny_with_a_reason() {
    check("panic", "denying", 2, "internal error at tests.rs:", true);
    check("panic", "closed", 2, "the call is denied", false);
    check("overflow", "denying", 2, "crashed", true);
    check("segv", "denying", 2, "crashed", true);
    check("abort", "denying", 2, "aborted", true);
    check(
        "memory",
        "denying",
        2,
        "hookbin failed: out of memory",
        true,
    );
}

#[test]
fn the_deadline_ends_loops_stuck_streams_and_held_locks() {
    check("loop", "denying", 2, "within 2 seconds", true);
    check("stdin", "closed", 2, "within 2 seconds", false);
    check("lock", "denying", 2, "within 2 seconds", true);
}

#[test]
fn open_failures_are_reported_and_trap_nobody() {
    check("panic", "open", 0, "goes unanswered", false);
    check("segv", "open", 0, "crashed", false);
}

#[test]
fn silent_failures_say_nothing() {
    check("panic", "silent", 0, "", false);
    assert!(!String::from_utf8_lossy(&run("panic", "silent").stderr).contains("hookbin"));
}

#[test]
fn an_answer_is_given_once() {
    check("answered", "denying", 2, "internal error", false);
}

#[test]
fn a_reason_never_quotes_the_panic() {
    assert!(!String::from_utf8_lossy(&run("panic", "denying").stderr).contains("secret"));
}

#[test]
fn input_past_the_limit_is_refused() {
    check("limit", "denying", 55, "", false);
}

#[test]
fn denials_are_valid_json() {
    for failure in [&FATAL_ERROR, &DEADLINE, &ABORTED, &CRASHED] {
        let json: serde_json::Value = serde_json::from_slice(failure.denial).unwrap();
        assert_eq!(json["hookSpecificOutput"]["permissionDecision"], "deny");
    }
}

#[test]
fn numbers_are_written_without_formatting() {
    for number in [0, 7, 10, 4_294_967_295] {
        let mut text = Buffer::default();
        text.push_number(number);
        assert_eq!(text.filled(), number.to_string().as_bytes());
    }
    let mut text = Buffer::default();
    text.push(&[b'x'; 400]);
    assert_eq!(text.filled().len(), 256);
}
