//! A session is played through the whole pipeline, and its report read.

use serde_json::{Value, json};

use super::*;
use crate::dirs::Given;
use crate::event;
use crate::hook;
use crate::host::fake::FakeHost;
use crate::path::Places;
use crate::policy::{Limit, Policy};
use crate::session::Session;
use crate::session::run::{Breaker, State};

fn host() -> FakeHost {
    let host = FakeHost::new();
    host.set_env("CLAUDE_PROJECT_DIR", "/p");
    host.add_file("/p/.git/HEAD", "ref: refs/heads/main\n");
    host.add_file("/p/.git/refs/heads/main", "0123456789".repeat(4));
    host
}

fn send(host: &FakeHost, kind: &str, mut payload: Value) {
    payload["hook_event_name"] = kind.into();
    payload["session_id"] = "s-1".into();
    payload["cwd"] = "/p".into();
    let given = Given {
        config: Some("/config".to_owned()),
        state: Some("/state".to_owned()),
        home: Some("/home/dev".to_owned()),
        ..Given::default()
    };
    let args = hook::Args {
        event: kind.to_owned(),
        given,
        ..hook::Args::default()
    };
    host.advance(1);
    hook::run(&args, host, Ok(payload.to_string().into_bytes()));
}

/// A call, what it is given, and the event and text that end it.
fn call(host: &FakeHost, id: &str, tool: &str, input: &Value, end: (&str, &str)) {
    let mut payload = json!({ "tool_name": tool, "tool_use_id": id, "tool_input": input });
    send(host, "PreToolUse", payload.clone());
    payload["tool_response"] = end.1.into();
    payload["error"] = end.1.into();
    if !end.0.is_empty() {
        send(host, end.0, payload);
    }
}

const FINE: (&str, &str) = ("PostToolUse", "fine");

fn bash(host: &FakeHost, id: &str, command: &str, end: (&str, &str)) {
    call(host, id, "Bash", &json!({ "command": command }), end);
}

/// What the session came to before its last call.
fn play(host: &FakeHost) {
    send(
        host,
        "TaskCreated",
        json!({ "task_id": "1", "task_subject": "read the file" }),
    );
    send(
        host,
        "TaskCreated",
        json!({ "task_id": "2", "task_subject": "write the file" }),
    );
    call(
        host,
        "a",
        "Write",
        &json!({ "file_path": "/p/out/a.txt", "content": "x" }),
        FINE,
    );
    call(
        host,
        "b",
        "Write",
        &json!({ "file_path": "/p/out/a.txt", "content": "y" }),
        FINE,
    );
    bash(
        host,
        "c",
        "cd out && echo x > log.txt && cat b 2>/dev/null",
        FINE,
    );
    bash(host, "d", "rm -rf /", ("", ""));
    send(
        host,
        "TaskCompleted",
        json!({ "task_id": "2", "task_subject": "write the file" }),
    );
    bash(
        host,
        "e",
        "cat /nonexistent",
        (
            "PostToolUseFailure",
            "Exit code 1\ncat: /nonexistent: No such file",
        ),
    );
}

fn run() -> Run {
    Run {
        started: 1_767_225_600,
        prompt: "make it\nwork".to_owned(),
        steps: 6,
        ..Run::default()
    }
}

fn agent() -> Agent {
    Agent {
        steps: 6,
        prompt_steps: 6,
        breakers: vec![
            Breaker {
                class: "timeout".to_owned(),
                message: "too late".to_owned(),
                count: 9,
                ..Breaker::default()
            },
            Breaker {
                class: "not-found".to_owned(),
                message: "cat: /nonexistent: No such file".to_owned(),
                count: 3,
                state: State::Open,
                ..Breaker::default()
            },
        ],
        ..Agent::default()
    }
}

/// The report of an end at the call of `cat /nonexistent`.
fn report(host: &FakeHost, policy: &Policy, run: &Run, agent: &Agent) -> Report {
    host.advance(1);
    let payload = json!({ "hook_event_name": "PreToolUse", "session_id": "s-1", "cwd": "/p",
        "tool_name": "Bash", "tool_use_id": "z", "agent_id": agent.id,
        "tool_input": { "command": "cat /nonexistent" } });
    let payload = payload.to_string();
    let event = event::parse(&payload).unwrap();
    let session = Session {
        asked: 1,
        denied: 2,
        ..Session::default()
    };
    let dirs = Dirs {
        state: "/state".to_owned(),
        ..Dirs::default()
    };
    let places = Places::new("/p", "/p", &[], &[], &dirs);
    let cx = Cx::new(&event, policy, &session, host, &places, None);
    files(
        &cx,
        run,
        agent,
        "limit-breaker",
        "the same call failed 3 times",
    )
}

fn content(report: &Report, at: usize) -> (&str, &str) {
    let Effect::Report { path, content, .. } = &report.effects[at] else {
        panic!("no file");
    };
    (path, std::str::from_utf8(content).unwrap())
}

#[test]
fn a_report_says_what_happened_and_how_to_go_on() {
    let host = host();
    play(&host);
    let mut policy = Policy::default();
    policy.limits.set(Limit::Steps, 6);
    let report = report(&host, &policy, &run(), &agent());
    assert_eq!(report.path, "/state/reports/s-1-1.md");
    let (path, text) = content(&report, 0);
    assert_eq!(path, report.path);
    assert_eq!(text, include_str!("tests/golden.md"));
    let (path, text) = content(&report, 1);
    assert_eq!(path, "/state/reports/s-1-1.json");
    let json: Value = serde_json::from_str(text).unwrap();
    assert_eq!(
        (&json["version"], &json["counts"]["session_steps"]),
        (&1.into(), &6.into())
    );
    assert_eq!(json["blocker"]["class"], "not-found");
    assert_eq!(
        json["files"][0],
        json!({ "path": "/p/out/a.txt", "times": 2, "tool": "Write" })
    );
    assert_eq!(json["files"][1]["path"], "/p/out/log.txt");
    assert_eq!(json["calls"].as_array().unwrap().len(), 6);
    assert_eq!(report.effects.len(), 2);
}

#[test]
fn hostile_text_changes_nothing_of_the_structure() {
    let (plain, hostile) = (host(), host());
    let evil = "`````\n# heading\n```\n</pre><b>x</b>\u{1b}[31m\u{202e}| a | b |\n- item\r\n";
    play(&plain);
    play(&hostile);
    bash(&plain, "h", "ls", ("PostToolUseFailure", "no"));
    bash(
        &hostile,
        "h",
        &format!("echo '{evil}' > \"/p/{evil}\""),
        ("PostToolUseFailure", evil),
    );
    call(
        &plain,
        "i",
        "Write",
        &json!({ "file_path": "/p/z", "content": "" }),
        FINE,
    );
    call(
        &hostile,
        "i",
        "Write",
        &json!({ "file_path": evil, "content": "" }),
        FINE,
    );
    send(&plain, "TaskCreated", json!({ "task_subject": "task" }));
    send(&hostile, "TaskCreated", json!({ "task_subject": evil }));
    let mut agents = [agent(), agent()];
    agents[1].breakers[1].message = evil.to_owned();
    let mut runs = [run(), run()];
    runs[0].prompt = "a\n".repeat(6);
    runs[1].prompt = evil.to_owned();
    let policy = Policy::default();
    let wanted = report(&plain, &policy, &runs[0], &agents[0]);
    let found = report(&hostile, &policy, &runs[1], &agents[1]);
    assert_eq!(
        structure(content(&found, 0).1),
        structure(content(&wanted, 0).1)
    );
    let text = content(&found, 0).1;
    assert!(!text.contains(['\u{1b}', '\u{202e}', '\r']), "{text}");
    serde_json::from_str::<Value>(content(&found, 1).1).unwrap();
}

/// What a reader of Markdown sees beside text in code: headings, items, and where code blocks are.
fn structure(text: &str) -> Vec<String> {
    let mut fence = String::new();
    let mut seen = Vec::new();
    for line in text.lines() {
        let ticks: String = line.chars().take_while(|it| *it == '`').collect();
        if !fence.is_empty() {
            if ticks.len() >= fence.len() && line.trim_end() == ticks {
                fence.clear();
            }
        } else if ticks.len() >= 3 {
            fence = ticks;
            seen.push("code".to_owned());
        } else if line.starts_with('#') {
            seen.push(line.to_owned());
        } else if line.starts_with('-') {
            // Whatever stands in a span of code, one span it is.
            seen.push(without_spans(line));
        }
    }
    assert_eq!(fence, "", "a code block is open");
    seen
}

fn without_spans(line: &str) -> String {
    let mut rest = line;
    let mut out = String::new();
    while let Some(at) = rest.find('`') {
        out.push_str(&rest[..at]);
        let ticks = rest[at..].chars().take_while(|it| *it == '`').count();
        rest = &rest[at + ticks..];
        let mut from = 0;
        let end = loop {
            let Some(found) = rest[from..].find('`') else {
                panic!("a span is open: {line}");
            };
            let run = rest[from + found..]
                .chars()
                .take_while(|it| *it == '`')
                .count();
            if run == ticks {
                break from + found + run;
            }
            from += found + run;
        };
        out.push_str("<code>");
        rest = &rest[end..];
    }
    out + rest
}

#[test]
fn secrets_stay_out() {
    let host = host();
    play(&host);
    let secret = format!("ghp_{}", "a1B2c3D4e5F6".repeat(3));
    let mut agent = agent();
    agent.breakers[1].message = format!("refused: {secret}");
    let mut run = run();
    run.prompt = format!("{}use {secret}", "x ".repeat(990));
    let report = report(&host, &Policy::default(), &run, &agent);
    for at in 0..2 {
        let text = content(&report, at).1;
        assert!(!text.contains(&secret[..12]), "{text}");
        assert!(text.contains("[redacted:"), "{text}");
    }
}

#[test]
fn a_subagent_is_told_of_alone() {
    let host = host();
    play(&host);
    let mut agent = agent();
    agent.id = "sub".to_owned();
    let report = report(&host, &Policy::default(), &run(), &agent);
    let json: Value = serde_json::from_str(content(&report, 1).1).unwrap();
    assert_eq!(
        (&json["agent"], &json["files"]),
        (&"sub".into(), &json!([]))
    );
    assert_eq!(json["calls"].as_array().unwrap().len(), 1);
}

#[test]
fn what_cannot_be_read_is_named() {
    let host = host();
    play(&host);
    host.make_unreadable("/state/audit/000001.jsonl");
    host.make_unreadable("/p/.git/HEAD");
    let report = report(&host, &Policy::default(), &run(), &agent());
    let text = content(&report, 0).1;
    assert!(text.contains("the audit records cannot be read"), "{text}");
    assert!(text.contains("no git repository was found"), "{text}");
    assert!(text.contains("cat: /nonexistent: No such file"), "{text}");
}

#[test]
fn a_copy_goes_where_the_policy_says_and_reports_are_numbered() {
    let host = host();
    host.add_file("/state/reports/s-1-9.md", "");
    host.add_file("/state/reports/s-10-20.md", "");
    host.add_link("/p/linked", "/home/dev/.ssh");
    host.add_dir("/home/dev/.ssh");
    let check = |dir: &str, wanted: &[&str], says: &str| {
        let policy = Policy {
            report_dirs: vec![dir.to_owned()],
            ..Policy::default()
        };
        let report = report(&host, &policy, &run(), &agent());
        let paths: Vec<&str> = (0..report.effects.len())
            .map(|it| content(&report, it).0)
            .collect();
        assert_eq!(
            paths[..2],
            ["/state/reports/s-1-10.md", "/state/reports/s-1-10.json"]
        );
        assert_eq!(&paths[2..], wanted);
        assert!(content(&report, 0).1.contains(says), "{dir}");
        report.path
    };
    let copies = [
        "/p/ci/hookbin-report-s-1.md",
        "/p/ci/hookbin-report-s-1.json",
    ];
    assert_eq!(check("/p/ci", &copies, ""), copies[0]);
    let elsewhere = [
        "/var/r/hookbin-report-s-1.md",
        "/var/r/hookbin-report-s-1.json",
    ];
    check("/var/r", &elsewhere, "");
    let path = check("/p/linked", &[], "leads out of the project");
    assert_eq!(path, "/state/reports/s-1-10.md");
    check("/p/linked/deeper", &[], "leads out of the project");
    assert_eq!(
        newest(
            &host,
            &Dirs {
                state: "/state".to_owned(),
                ..Dirs::default()
            },
            "s-1"
        )
        .unwrap(),
        "/state/reports/s-1-9.md"
    );
}
