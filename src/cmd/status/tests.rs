use serde_json::json;

use super::*;
use crate::audit;
use crate::cmd::tests::NoEngine;
use crate::host::fake::FakeHost;
use crate::host::process::OsMachine;
use crate::host::{Dirs, Host};
use crate::session::Run;
use crate::session::run::{Agent, Breaker, State};

const MANAGED: &str = "/etc/claude-code/managed-settings.json";
const USER: &str = "/home/dev/.claude/settings.json";
const LOCAL: &str = "/home/dev/proj/.claude/settings.local.json";

fn wired() -> String {
    json!({"hooks": {"PreToolUse": [{"hooks": [{"type": "command", "command": "/opt/hookbin",
        "args": ["hook", "PreToolUse"], "onFailure": "block"}]}]}})
    .to_string()
}

fn dirs() -> Dirs {
    Dirs {
        config: "/home/dev/.config/hookbin".to_owned(),
        state: "/s".to_owned(),
        managed: "/etc/hookbin".to_owned(),
        home: "/home/dev".to_owned(),
        executable: "/opt/hookbin".to_owned(),
        link: String::new(),
    }
}

fn status(files: &[(&str, &str)], json: bool) -> (u8, String) {
    let host = FakeHost::new();
    for (path, text) in files {
        host.add_file(path, *text);
    }
    let args = StatusArgs {
        json,
        ..StatusArgs::default()
    };
    show(&host, &args).unwrap()
}

fn show(host: &FakeHost, args: &StatusArgs) -> anyhow::Result<(u8, String)> {
    let dirs = dirs();
    let world = World {
        host,
        machine: &OsMachine,
        engine: &NoEngine,
        dirs: &dirs,
        cwd: "/home/dev/proj",
        project: "/home/dev/proj",
        paint: Paint::PLAIN,
    };
    let mut out = Vec::new();
    let code = run(args, &world, &mut out)?;
    Ok((code, String::from_utf8(out)?))
}

#[track_caller]
fn check(files: &[(&str, &str)], code: u8, says: &[&str]) {
    let (found, text) = status(files, false);
    assert_eq!(found, code, "{text}");
    for it in says {
        assert!(text.contains(it), "{it:?} is not in:\n{text}");
    }
    let (_, text) = status(files, true);
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["in_force"], code == 0);
}

#[test]
fn tells_whether_the_guard_is_in_force() {
    let off = "{\"disableAllHooks\": true}";
    let only = "{\"allowManagedHooksOnly\": true}";
    check(
        &[],
        1,
        &[
            "guard     not in force",
            "user     no file",
            "session   none yet",
        ],
    );
    check(
        &[(USER, &wired())],
        0,
        &["guard     in force", "user     wired (1 event)"],
    );
    check(&[(LOCAL, &wired())], 0, &["local    wired (1 event)"]);
    check(&[(USER, "{}")], 1, &["user     not wired"]);
    check(
        &[(USER, &wired()), (LOCAL, off)],
        1,
        &["disableAllHooks is set"],
    );
    check(
        &[(MANAGED, &wired()), (LOCAL, off)],
        0,
        &["managed  wired (1 event)"],
    );
    check(&[(USER, &wired()), (MANAGED, only)], 1, &[]);
    check(
        &[(USER, &wired().replace("block", "continue"))],
        1,
        &["incomplete"],
    );
    check(&[(USER, "{")], 1, &["it is not JSON"]);
    let rejected = wired().replace("\"onFailure\"", "\"timeout\":-1,\"onFailure\"");
    check(
        &[(USER, &rejected)],
        1,
        &["timeout that is not a positive number"],
    );
}

/// The session `id` as hook processes leave it.
fn store(host: &FakeHost, id: &str, session: &Session) {
    let mut open = session::open(host, &dirs(), id).unwrap();
    open.session = session.clone();
    open.store().unwrap();
    host.advance(1);
}

#[test]
fn counts_the_newest_session_and_names_the_audit_head() {
    let host = FakeHost::new();
    let session = |calls: u64| Session {
        calls,
        denied: 2,
        ..Session::default()
    };
    host.add_file(USER, wired());
    host.add_file("/home/dev/.config/hookbin/config.toml", "");
    let head = "{\"seq\": 9, \"hash\": \"abc\", \"segment\": \"000001.jsonl\"}";
    host.add_file("/s/audit/head.json", head);
    store(&host, "z-new", &session(3));
    store(&host, "old", &session(1));
    store(&host, "z-new", &session(7));
    host.add_file("/s/sessions/new.corrupt-1", "x");
    let (code, text) = show(&host, &StatusArgs::default()).unwrap();
    for says in [
        "z-new: 7 calls, 0 asked, 2 denied",
        "record 9, hash abc",
        "user     yes   /home/dev/.config",
    ] {
        assert!(text.contains(says), "{text}");
    }
    assert_eq!(code, 0);
    let json = StatusArgs {
        json: true,
        ..StatusArgs::default()
    };
    let (_, text) = show(&host, &json).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&value["session"]["calls"], &value["audit"]["seq"]),
        (&7.into(), &9.into())
    );
    assert_eq!(value["wiring"][0]["commands"], json!(["/opt/hookbin"]));
    assert_eq!(
        value["policy"][1],
        json!({"layer": "user", "exists": true,
        "path": "/home/dev/.config/hookbin/config.toml"})
    );
}

/// A session that ended on an open breaker, in a project.
fn stuck(host: &FakeHost, project: &str) {
    let breaker = Breaker {
        class: "connection".to_owned(),
        message: "no\u{1b}[31m route".to_owned(),
        count: 4,
        state: State::Open,
        failed: host.now().timestamp() - 10,
        wait: 30,
        ..Breaker::default()
    };
    let agent = Agent {
        steps: 8,
        prompt_steps: 5,
        refusals: 3,
        breakers: vec![Breaker::default(), breaker],
        ..Agent::default()
    };
    let run = Run {
        steps: 9,
        started: host.now().timestamp() - 600,
        ended: "limit-refusals: it failed".to_owned(),
        agents: vec![agent],
        ..Run::default()
    };
    let session = Session {
        run,
        ..Session::default()
    };
    host.add_file("/s/reports/s-1-2.md", "");
    let mut record = audit::Record {
        time: "2026-01-01T00:00:00.000000Z".to_owned(),
        session: "s-1".to_owned(),
        event: "PostToolUseFailure".to_owned(),
        tool: "Bash".to_owned(),
        decision: "outcome".to_owned(),
        note: "Exit code 7: no route".to_owned(),
        cwd: project.to_owned(),
        ..audit::Record::default()
    };
    record.subject("curl http://x");
    audit::append(host, &dirs(), &record, false).unwrap();
    let mut open = session::open(host, &dirs(), "s-1").unwrap();
    open.session = session;
    open.store().unwrap();
}

fn of(session: &str, json: bool) -> StatusArgs {
    StatusArgs {
        session: Some(session.to_owned()),
        json,
    }
}

#[test]
fn tells_how_a_session_stands() {
    let host = FakeHost::new();
    host.add_file(
        "/home/dev/.config/hookbin/config.toml",
        "limits.steps = 9\nlimits.minutes = 60",
    );
    stuck(&host, "/home/dev/proj");
    host.advance(1);
    store(&host, "newer", &Session::default());
    let (_, text) = show(&host, &of("s", false)).unwrap();
    for says in [
        "session   s-1: 0 calls",
        "ended     limit-refusals: it failed",
        "report    /s/reports/s-1-2.md",
        "agents    main: 8 steps, 5 since the last prompt, 3 repetitions refused",
        "steps         9 of 9",
        "minutes       10 of 60",
        "refusals      3 of 3",
        "breakers  connection open, 4 times, one try in 18 s: no\\u{1b}[31m route",
        "errors    00:00:00  Bash: curl http://x -> Exit code 7: no route",
    ] {
        assert!(text.contains(says), "{says}\n{text}");
    }
    let (_, text) = show(&host, &of("s-1", true)).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    let session = &value["session"];
    assert_eq!(session["ended"], "limit-refusals: it failed");
    let breakers = &session["agents"][0]["breakers"];
    assert_eq!(breakers.as_array().unwrap().len(), 1, "only what is open");
    assert_eq!(breakers[0]["probe_in"], 18);
    let steps = json!({"name": "steps", "used": 9, "limit": 9});
    assert!(session["budgets"].as_array().unwrap().contains(&steps));
    let error = show(&host, &of("none", false)).unwrap_err().to_string();
    assert!(error.contains("begins with `none`"), "{error}");
}

#[test]
fn an_agent_reads_no_words_of_another_project() {
    for (project, shown) in [("/home/dev/proj/src", true), ("/home/dev/other", false)] {
        let host = FakeHost::new();
        stuck(&host, project);
        host.set_env("CLAUDECODE", "1");
        for json in [false, true] {
            let (_, text) = show(&host, &of("s-1", json)).unwrap();
            assert!(text.contains("s-1"));
            assert_eq!(text.contains("route"), shown, "{text}");
            assert_eq!(text.contains("limit-refusals"), shown, "{text}");
        }
    }
}
