use serde_json::{Value as Json, json};

use super::*;
use crate::handler::tests::answer;
use crate::host::fake::FakeHost;

/// A machine whose user is told by these settings.
fn machine(settings: &str) -> FakeHost {
    let host = FakeHost::new();
    host.add_link("/proc/self/exe", "/opt/hookbin");
    host.add_file("/config/config.toml", settings);
    host.set_env("CLAUDE_PROJECT_DIR", "/p");
    host
}

const COMMAND: &str = "notify.command = '/bin/tell'\n";
const DESTRUCTIVE: &str = "rm -rf /";

/// Judges a command and returns what is spooled and how many deliveries were started so far.
#[track_caller]
fn judge(host: &FakeHost, id: &str, command: &str, denied: bool) -> (Vec<spool::Waiting>, usize) {
    let payload = json!({
        "hook_event_name": "PreToolUse", "session_id": "s-1", "cwd": "/p", "tool_use_id": id,
        "tool_name": "Bash", "tool_input": { "command": command }, "permission_mode": "default",
    });
    let answer = answer(host, "PreToolUse", &payload.to_string());
    assert_eq!(answer.exit == 2, denied, "{answer:?}");
    let dirs = Dirs {
        state: "/state".to_owned(),
        ..Dirs::default()
    };
    let waiting = spool::waiting(host, &dirs).unwrap();
    let waiting = waiting.into_iter().map(|it| it.1).collect();
    (waiting, host.detached().len())
}

#[track_caller]
fn check_untold(settings: &str, command: &str, denied: bool) {
    let host = machine(settings);
    let (waiting, started) = judge(&host, "t1", command, denied);
    assert!(waiting.is_empty() && started == 0, "{waiting:?} {started}");
    let touched = host.files();
    assert!(
        !touched.iter().any(|it| it.contains("/notify")),
        "{touched:?}"
    );
}

#[test]
fn a_grave_refusal_is_spooled_and_its_delivery_started() {
    let host = machine(COMMAND);
    let (waiting, started) = judge(&host, "t1", DESTRUCTIVE, true);
    assert_eq!((waiting.len(), started), (1, 1));
    let told = &waiting[0];
    assert!(told.title.starts_with("denied by fs-"), "{told:?}");
    assert!(told.body.ends_with("\nthe call: Bash rm -rf /"), "{told:?}");
    assert_eq!(
        [
            &*told.kind,
            &*told.severity,
            &*told.session,
            &*told.directory
        ],
        ["deny", "critical", "s-1", "/p"]
    );
    let words = "/opt/hookbin-cli notify flush --quiet --config-dir /config --state-dir /state --home /home/dev";
    assert_eq!(host.detached()[0].join(" "), words);
    let (waiting, started) = judge(&host, "t2", DESTRUCTIVE, true);
    assert_eq!((waiting.len(), started), (1, 1), "the same text");
}

#[test]
fn what_is_not_to_be_told_touches_no_file() {
    check_untold("", DESTRUCTIVE, true);
    check_untold("notify.on = ['deny']", DESTRUCTIVE, true);
    check_untold(
        &format!("{COMMAND}notify.on = ['end', 'budget']"),
        DESTRUCTIVE,
        true,
    );
    check_untold(&format!("{COMMAND}mode = 'observe'"), DESTRUCTIVE, false);
    check_untold(COMMAND, "ls", false);
    check_untold(COMMAND, "git reset --hard", false);
}

#[test]
fn a_project_does_not_say_who_is_told() {
    let host = machine("");
    host.add_file("/p/.claude/hookbin.toml", COMMAND);
    let (waiting, started) = judge(&host, "t1", DESTRUCTIVE, true);
    assert!(waiting.is_empty() && started == 0);
    let host = machine(COMMAND);
    host.add_file(
        "/p/.claude/hookbin.toml",
        "notify.on = []\nnotify.command = '/bin/other'",
    );
    assert_eq!(judge(&host, "t1", DESTRUCTIVE, true).1, 1);
}

#[test]
fn a_spool_that_fails_is_recorded_and_changes_no_verdict() {
    let host = machine("notify.webhook = 'https://hidden.org/'");
    host.hold_lock("/state/notify/told");
    judge(&host, "t1", DESTRUCTIVE, true);
    let chain = host.text("/state/audit/000001.jsonl").unwrap();
    let records: Vec<Json> = chain
        .lines()
        .map(|it| serde_json::from_str(it).unwrap())
        .collect();
    assert_eq!(records.len(), 2, "{chain}");
    assert_eq!(records[0]["content"]["decision"], "deny");
    assert_eq!(records[1]["content"]["rules"][0], FAILED);
    assert!(!chain.contains("hidden.org"), "{chain}");
    assert!(host.detached().is_empty());
}
