//! What the command prints, and the codes it ends with.

use chrono::TimeDelta;
use clap::Parser;

use super::filter::parse_since;
use super::*;
use crate::audit::Record;
use crate::host::fake::FakeHost;

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: AuditArgs,
}

fn dirs() -> Dirs {
    Dirs {
        state: "/state".to_owned(),
        ..Dirs::default()
    }
}

/// Four records, an hour apart, the last one just now.
fn host() -> FakeHost {
    let host = FakeHost::new();
    let rows = [
        ("s-1", "Bash", "pass", "ls", ""),
        (
            "s-1",
            "Bash",
            "deny",
            "rm -rf / \u{1b}[2J\u{202e}x\n",
            "filesystem-root",
        ),
        ("s-2", "Write", "ask", "/etc/x", "path-system"),
        ("s-2", "", "note", "", ""),
    ];
    for (number, (session, tool, decision, subject, rule)) in rows.into_iter().enumerate() {
        if number > 0 {
            host.advance(3600);
        }
        let mut record = Record {
            time: host.now().to_rfc3339(),
            session: session.to_owned(),
            event: "PreToolUse".to_owned(),
            tool: tool.to_owned(),
            decision: decision.to_owned(),
            rules: rule.split_whitespace().map(str::to_owned).collect(),
            duration_us: 70,
            ..Record::default()
        };
        record.subject(subject);
        audit::append(&host, &dirs(), &record, false).unwrap();
    }
    host
}

fn output(host: &FakeHost, line: &str, paint: bool) -> (u8, String) {
    let words = std::iter::once("audit").chain(line.split_whitespace());
    let args = Line::try_parse_from(words).unwrap().args;
    let mut out = Vec::new();
    let code = run(&args, host, &dirs(), "/p", &mut out, paint).unwrap();
    (code, String::from_utf8(out).unwrap())
}

/// Checks which records a list shows.
#[track_caller]
fn check(line: &str, expected: &[u64]) {
    let (code, text) = output(&host(), line, false);
    let shown: Vec<u64> = text
        .lines()
        .map(|it| it.split_whitespace().next().unwrap().parse().unwrap())
        .collect();
    assert_eq!((code, shown.as_slice()), (0, expected), "{text}");
}

#[test]
fn filters_choose_records() {
    check("list", &[1, 2, 3, 4]);
    check("list --limit 2", &[3, 4]);
    check("list --limit 0", &[]);
    check("list --session s-1", &[1, 2]);
    check("list --decision deny", &[2]);
    check("list --decision DENY --session s-2", &[]);
    check("list --rule path-system", &[3]);
    check("list --tool bash", &[1, 2]);
    check("list --since 90m", &[3, 4]);
    check("list --since 2026-01-01T01:00:00+00:00", &[2, 3, 4]);
    check("list --since 1w --limit 1 --tool write", &[3]);
    check("tail --limit 1", &[4]);
}

#[test]
fn records_cannot_drive_the_terminal() {
    for line in ["list", "show 2"] {
        let text = output(&host(), line, false).1;
        assert!(text.contains(r"rm -rf / \u{1b}[2J"), "{text}");
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    }
    assert!(output(&host(), "list", true).1.contains("\u{1b}[31mdeny"));
}

#[test]
fn one_record_is_shown_in_full() {
    let (code, text) = output(&host(), "show 3", false);
    assert_eq!(code, 0);
    for part in [
        "decision      ask",
        "rules         path-system",
        "took          70",
        "000001.jsonl, line 3",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert_eq!(
        output(&host(), "show 9", false),
        (1, "no record 9\n".to_owned())
    );
}

#[test]
fn json_is_the_line_as_stored() {
    let text = output(&host(), "list --json --limit 1", false).1;
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["seq"], 4);
    assert_eq!(output(&host(), "show --json 4", false).1, text);
}

#[test]
fn verification_names_what_is_wrong_and_ends_with_one() {
    let host = host();
    let (code, text) = output(&host, "verify", false);
    assert_eq!(
        (code, text.as_str()),
        (
            0,
            "the chain is whole: 4 records in 1 segments, 0 forgotten, 0 torn lines\n"
        )
    );
    let path = "/state/audit/000001.jsonl";
    let edited = host.text(path).unwrap().replace("/etc/x", "/tmp/x") + "torn";
    host.add_file(path, edited);
    let (code, text) = output(&host, "verify", false);
    assert_eq!(code, 1);
    assert!(text.contains("edited       000001.jsonl:3"), "{text}");
    assert!(text.contains("torn         000001.jsonl:5"), "{text}");
    assert!(text.contains("NOT whole"), "{text}");
    let (code, text) = output(&host, "verify --json", false);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (code, &value["problems"][0]["fault"]),
        (1, &"edited".into())
    );
}

#[test]
fn an_empty_chain_is_whole_and_lists_nothing() {
    let host = FakeHost::new();
    assert_eq!(output(&host, "list", false), (0, String::new()));
    assert_eq!(output(&host, "verify", false).0, 0);
}

#[test]
fn times_are_spans_or_moments() {
    let now = host().now();
    for bad in [
        "",
        "h",
        "2x",
        "-2h",
        "yesterday",
        "99999999999999999d",
        "2\u{20ac}",
    ] {
        assert!(parse_since(bad, now).is_err(), "{bad}");
    }
    assert_eq!(parse_since("1d", now).unwrap(), now - TimeDelta::days(1));
}

#[test]
fn an_agent_sees_the_records_of_its_project_only() {
    let host = FakeHost::new();
    for (cwd, subject) in [
        ("/p", "first"),
        ("/other", "second"),
        ("/p/src", "third"),
        ("/pp", "fourth"),
        ("", "fifth"),
    ] {
        let mut record = Record {
            time: host.now().to_rfc3339(),
            cwd: cwd.to_owned(),
            ..Record::default()
        };
        record.subject(subject);
        audit::append(&host, &dirs(), &record, false).unwrap();
    }
    let seen = |line: &str| {
        let (code, text) = output(&host, line, false);
        let words = ["first", "second", "third", "fourth", "fifth"];
        let found = words.into_iter().filter(|it| text.contains(it)).collect();
        (code, found)
    };
    let all: Vec<&str> = vec!["first", "second", "third", "fourth", "fifth"];
    assert_eq!(seen("list"), (0, all));
    assert_eq!(seen("show 2"), (0, vec!["second"]));
    host.set_env("CLAUDECODE", "1");
    assert_eq!(seen("list"), (0, vec!["first", "third"]));
    assert_eq!(seen("list --limit 1"), (0, vec!["third"]));
    assert_eq!(seen("list --json"), (0, vec!["first", "third"]));
    assert_eq!(seen("tail"), (0, vec!["first", "third"]));
    assert_eq!(seen("show 3"), (0, vec!["third"]));
    assert_eq!(seen("show 2"), (1, vec![]));
    assert_eq!(seen("show 5 --json"), (1, vec![]));
}
