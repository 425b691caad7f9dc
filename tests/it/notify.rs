//! Owns that a human is told of a grave refusal by a process that nobody waits for: the hook answers and
//! closes its streams at once, however slow the receiver is, and the delivery holds nothing of the hook.
//! Does not own what is told (`notify` in the library). Invariant: the receiver is a listener on loopback.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::hook::feed;
use crate::process::{DENIED, ORDINARY};
use crate::scratch::Scratch;

/// How long the receiver does not even read.
const SLOW: Duration = Duration::from_secs(1);
/// More than a delivery takes on a machine under any load.
const PATIENCE: Duration = Duration::from_mins(1);

/// A receiver that lets everybody wait before it reads; the bodies that were posted, and the receiver's URL.
fn receiver() -> (String, Receiver<Value>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (sender, posted) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::sleep(SLOW);
            if let Some(body) = answer(stream)
                && sender.send(body).is_err()
            {
                return;
            }
        }
    });
    (format!("http://{address}/in"), posted)
}

/// Reads a request, answers it and returns its body.
fn answer(mut stream: TcpStream) -> Option<Value> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer).ok().filter(|it| *it > 0)?;
        bytes.extend_from_slice(&buffer[..count]);
        let text = String::from_utf8_lossy(&bytes);
        let body = text.split_once("\r\n\r\n").map(|it| it.1);
        if let Some(body) = body.and_then(|it| serde_json::from_str(it).ok()) {
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                .ok()?;
            return Some(body);
        }
    }
}

/// A machine whose user is told at this URL.
fn told_at(url: &str) -> Scratch {
    let scratch = Scratch::new();
    scratch.write("config/config.toml", &format!("notify.webhook = '{url}'\n"));
    scratch
}

/// The session's state file, once it can be locked: nobody holds it.
fn lock_session(scratch: &Scratch) -> File {
    let folder = scratch.path("state/sessions");
    let entry = fs::read_dir(folder).expect("sessions").flatten().next();
    let file = File::open(entry.expect("a session").path()).expect("a session's file");
    file.try_lock().expect("nobody holds the session");
    file
}

#[test]
fn a_refusal_is_told_by_a_process_that_nobody_waits_for() {
    let (url, posted) = receiver();
    let scratch = told_at(&url);
    // Reading to the end of stdout and stderr ends when nobody holds them any more.
    let answer = scratch.judge(DENIED);
    answer.denies();
    assert!(posted.try_recv().is_err(), "told before it was answered");
    drop(lock_session(&scratch));
    let began = Instant::now();
    let body = posted.recv_timeout(PATIENCE).expect("a notification");
    assert!(
        answer.took < SLOW || began.elapsed() > SLOW / 2,
        "the answer waited: {answer:#?}"
    );
    assert_eq!(body["kind"], "deny", "{body}");
    assert_eq!(body["severity"], "critical", "{body}");
    assert_eq!(body["directory"], scratch.text("project"), "{body}");
    assert!(
        body["body"].as_str().expect("a text").ends_with("rm -rf ~"),
        "{body}"
    );
    // An ordinary call tells nobody, and the same refusal is not told twice.
    scratch.judge(ORDINARY).is_silent();
    scratch.judge(DENIED).denies();
    assert!(posted.recv_timeout(2 * SLOW).is_err(), "told twice");
    let chain = scratch.read("state/audit/000001.jsonl").expect("a chain");
    assert!(!chain.contains("hookbin-notify-failed"), "{chain}");
    assert!(!chain.contains(&url), "{chain}");
}

/// What the delivery process finds itself with: its own report of descriptors, limits, signals and place. The
/// shell reads its status itself: while it starts a program it masks every signal.
const REPORT: &str = "#!/bin/sh
exec > \"$0.tmp\"
cat
echo
echo args \"$@\"
ls -l /proc/$$/fd
while read -r line; do echo \"$line\"; done < /proc/$$/status
cat /proc/$$/limits
echo cwd $(readlink /proc/$$/cwd)
echo session $(cut -d' ' -f6 /proc/$$/stat) $PPID
mv \"$0.tmp\" \"$0.report\"
";

#[cfg(target_os = "linux")]
#[test]
fn the_delivery_holds_nothing_of_the_hook() {
    let scratch = Scratch::new();
    scratch.write_program("tell", REPORT);
    let tell = scratch.text("tell");
    scratch.write(
        "config/config.toml",
        &format!("notify.command = ['{tell}', 'x']\n"),
    );
    // A pipe of the client's that it left open for the hook, signals ignored, and a limit of its own.
    let mut command =
        scratch.hook_under("trap '' PIPE; ulimit -c 0; exec 7>held;", "", "PreToolUse");
    let event = scratch.bash("toolu_1", DENIED).to_string();
    feed(&mut command, event.as_bytes()).denies();
    let began = Instant::now();
    let report = loop {
        if let Some(report) = scratch.read("tell.report") {
            break report;
        }
        assert!(began.elapsed() < PATIENCE, "no report");
        thread::sleep(Duration::from_millis(20));
    };
    assert!(report.contains("args x\n"), "{report}");
    assert!(
        !report.contains("project/held"),
        "a descriptor of the client: {report}"
    );
    assert!(
        !report.contains("state/sessions"),
        "a file of the hook: {report}"
    );
    assert!(
        !report.contains("state/audit"),
        "a file of the hook: {report}"
    );
    assert!(report.contains("cwd /\n"), "{report}");
    let line = |name: &str| {
        let found = report.lines().find(|it| it.starts_with(name));
        found
            .unwrap_or_default()
            .split_whitespace()
            .collect::<Vec<_>>()
    };
    assert_eq!(line("SigBlk:"), ["SigBlk:", "0000000000000000"]);
    let ignored = line("SigIgn:")
        .pop()
        .and_then(|it| u64::from_str_radix(it, 16).ok());
    // What lies behind are the C library's own.
    assert_eq!(ignored.expect("a mask") & 0x7fff_ffff, 0, "{report}");
    let here = fs::read_to_string("/proc/self/limits").expect("our own limits");
    let wanted = here.lines().find(|it| it.starts_with("Max address space"));
    let wanted = wanted
        .unwrap_or_default()
        .split_whitespace()
        .collect::<Vec<_>>();
    assert_eq!(
        line("Max address space"),
        wanted,
        "the hook's limit: {report}"
    );
}

#[test]
fn what_cannot_be_delivered_waits_with_its_reason() {
    // A port that nobody listens on any more.
    let port = TcpListener::bind("127.0.0.1:0").and_then(|it| it.local_addr());
    let port = port.expect("a free port").port();
    let scratch = told_at(&format!("http://127.0.0.1:{port}/hidden"));
    scratch.judge(DENIED).denies();
    let began = Instant::now();
    let tried = loop {
        let list = listed(&scratch);
        if list[0]["tries"].as_u64() > Some(0) {
            break list;
        }
        assert!(began.elapsed() < PATIENCE, "never tried: {list}");
        thread::sleep(Duration::from_millis(20));
    };
    let reason = tried[0]["reason"].as_str().expect("a reason");
    assert!(reason.starts_with("webhook: "), "{reason}");
    assert!(!tried.to_string().contains("hidden"), "{tried}");
    // It stays to try again: without its spool it has nothing left to do.
    fs::remove_dir_all(scratch.path("state/notify")).expect("our own directory");
}

fn listed(scratch: &Scratch) -> Value {
    let mut command = scratch.command(Path::new(&crate::scratch::hookbin_path()));
    command
        .args(["notify", "list", "--json"])
        .env("HOOKBIN_STATE_DIR", scratch.path("state"))
        .env("HOOKBIN_CONFIG_DIR", scratch.path("config"));
    let output = command.stdin(Stdio::null()).output().expect("it starts");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

#[test]
fn a_test_notification_is_for_people() {
    let (url, posted) = receiver();
    let scratch = told_at(&url);
    let mut command: Command = scratch.command(&crate::scratch::hookbin_path());
    command
        .args(["notify", "test"])
        .env("HOOKBIN_CONFIG_DIR", scratch.path("config"));
    let output = command.stdin(Stdio::null()).output().expect("it starts");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("for people"));
    assert!(posted.recv_timeout(2 * SLOW).is_err());
}
