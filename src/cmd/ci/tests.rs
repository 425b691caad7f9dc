use clap::Parser;
use serde_json::Value;

use super::*;
use crate::cmd::tests::world;
use crate::host::fake::FakeHost;
use crate::host::{Dirs, Host};

#[derive(clap::Parser)]
struct Cli {
    #[command(flatten)]
    args: CiArgs,
}

fn dirs() -> Dirs {
    Dirs {
        state: "/state".to_owned(),
        ..Dirs::default()
    }
}

fn check(host: &FakeHost, line: &str) -> Result<(u8, String), String> {
    let words = ["ci", "check"].into_iter().chain(line.split_whitespace());
    let cli = Cli::try_parse_from(words).map_err(|it| it.to_string())?;
    let dirs = dirs();
    let world = world(host, &dirs);
    let mut out = Vec::new();
    let code = run(&cli.args, &world, &mut out).map_err(|it| format!("{it:#}"))?;
    Ok((code, String::from_utf8(out).unwrap()))
}

fn session(host: &FakeHost, id: &str, ended: &str) {
    let mut open = session::open(host, &dirs(), id).unwrap();
    open.session.calls += 1;
    if open.session.run.started == 0 {
        open.session.run.started = host.now().timestamp();
    }
    ended.clone_into(&mut open.session.run.ended);
    open.store().unwrap();
}

fn record(host: &FakeHost, id: &str, decision: &str, note: &str) {
    let mut record = Record {
        time: host
            .now()
            .to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        session: id.to_owned(),
        event: "PreToolUse".to_owned(),
        tool: "Bash".to_owned(),
        decision: decision.to_owned(),
        rules: vec!["a-rule".to_owned()],
        note: note.to_owned(),
        cwd: "/p".to_owned(),
        ..Record::default()
    };
    record.subject("rm -rf /\n```");
    audit::append(host, &dirs(), &record, false).unwrap();
}

#[test]
fn what_was_stopped_fails_a_pipeline_and_what_is_mild_does_not() {
    let grave = |decision: &str, note: &str, code: u8| {
        let host = FakeHost::new();
        session(&host, "s", "");
        record(&host, "s", decision, note);
        record(&host, "other", "deny", "severity:critical");
        let (found, text) = check(&host, "").unwrap();
        assert_eq!(found, code, "{decision} {note}: {text}");
        assert_eq!(
            text.contains("denied  2026-01-01 00:00:00  "),
            code == 1,
            "{text}"
        );
    };
    grave("deny", "severity:high", 1);
    grave("deny", "escalated severity:critical", 1);
    // Written before the severity was.
    grave("deny", "", 1);
    grave("deny", "severity:medium", 0);
    grave("deny", "observed severity:critical", 0);
    grave("ask", "severity:critical", 0);
    grave("pass", "", 0);
    grave("outcome", "severity:critical", 0);
}

#[test]
fn a_run_that_ended_on_a_limit_fails_it_too() {
    let host = FakeHost::new();
    assert_eq!(
        check(&host, "").unwrap(),
        (0, "nothing was recorded\n".to_owned())
    );
    session(&host, "s-1", "limit-steps: spent\u{1b}");
    host.add_file("/state/reports/s-1-1.md", "");
    let (code, text) = check(&host, "").unwrap();
    assert_eq!(code, 1);
    assert_eq!(
        text,
        "ended   s-1: limit-steps: spent\\u{1b}\n        report: /state/reports/s-1-1.md\n"
    );
    let (code, text) = check(&host, "--json").unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!((code, &value["clean"]), (1, &false.into()));
    assert_eq!(value["sessions"][0]["report"], "/state/reports/s-1-1.md");
    host.advance(60);
    session(&host, "s-2", "");
    let wanted = "nothing was stopped that matters: session s-2, 1 calls\n";
    assert_eq!(check(&host, "").unwrap(), (0, wanted.to_owned()));
    assert_eq!(check(&host, "--session s-1").unwrap().0, 1);
    assert_eq!(check(&host, "--since 30s").unwrap().0, 0);
    assert_eq!(check(&host, "--since 2m").unwrap().0, 1);
    assert!(check(&host, "--session none").is_err());
    assert!(check(&host, "--since soon").is_err());
}

#[test]
fn a_span_holds_every_session_in_it() {
    let host = FakeHost::new();
    session(&host, "a", "");
    record(&host, "a", "deny", "severity:high");
    host.advance(3600);
    session(&host, "b", "");
    record(&host, "b", "deny", "severity:high");
    session(&host, "c", "");
    record(&host, "c", "deny", "severity:high");
    let denied = |line: &str| {
        let value: Value = serde_json::from_str(&check(&host, line).unwrap().1).unwrap();
        (
            value["denied"].clone(),
            value["sessions"].as_array().unwrap().len(),
        )
    };
    assert_eq!(denied("--json --since 2h"), (3.into(), 3));
    assert_eq!(denied("--json --since 5m"), (2.into(), 2));
    assert_eq!(denied("--json --session a"), (1.into(), 1));
}

#[test]
fn the_summary_of_a_pipeline_is_added_to() {
    let host = FakeHost::new();
    host.set_env("GITHUB_STEP_SUMMARY", "/run/summary.md");
    host.add_file("/run/summary.md", "before\n");
    session(&host, "s-1", "limit-steps: `spent`");
    record(&host, "s-1", "deny", "severity:high");
    assert_eq!(check(&host, "").unwrap().0, 1);
    let text = host.text("/run/summary.md").unwrap();
    let wanted = "before\n## hookbin: an agent was stopped\n\nSession `s-1` ended on a limit: `` limit-steps: `spent` ``\n\n\
        Calls denied for high or critical severity: 1\n\n````text\n\
        2026-01-01 00:00:00  high      Bash: rm -rf /\\n```  [a-rule]\n````\n\n";
    assert_eq!(text, wanted);
    session(&host, "s-2", "");
    host.advance(1);
    check(&host, "--session s-2").unwrap();
    assert!(host.text("/run/summary.md").unwrap().starts_with(wanted));
    host.make_read_only("/run");
    assert!(check(&host, "").unwrap_err().contains("cannot be written"));
}

#[test]
fn records_that_cannot_be_read_are_a_failure() {
    let host = FakeHost::new();
    session(&host, "s", "");
    record(&host, "s", "pass", "");
    host.make_unreadable("/state/audit/000001.jsonl");
    assert!(
        check(&host, "")
            .unwrap_err()
            .contains("the audit chain cannot be read")
    );
}
