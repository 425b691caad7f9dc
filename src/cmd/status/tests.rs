use serde_json::json;

use super::*;
use crate::cmd::explain::{Engine, Judged};
use crate::host::Dirs;
use crate::host::fake::FakeHost;
use crate::host::process::OsMachine;

struct NoEngine;

impl Engine for NoEngine {
    fn judge(&self, _tool: &str, _command: &str) -> Result<Judged, String> {
        Err(String::new())
    }

    fn rule(&self, _id: &str) -> Option<Vec<(String, String)>> {
        None
    }
}

const MANAGED: &str = "/etc/claude-code/managed-settings.json";
const USER: &str = "/home/dev/.claude/settings.json";
const LOCAL: &str = "/home/dev/proj/.claude/settings.local.json";

fn wired() -> String {
    json!({"hooks": {"PreToolUse": [{"hooks": [{"type": "command", "command": "/opt/hookbin",
        "args": ["hook", "PreToolUse"], "onFailure": "block"}]}]}})
    .to_string()
}

fn status(files: &[(&str, &str)], json: bool) -> (u8, String) {
    let host = FakeHost::new();
    for (path, text) in files {
        host.add_file(path, *text);
    }
    let dirs = Dirs {
        config: "/home/dev/.config/hookbin".to_owned(),
        state: "/s".to_owned(),
        managed: "/etc/hookbin".to_owned(),
        home: "/home/dev".to_owned(),
        executable: "/opt/hookbin".to_owned(),
        link: String::new(),
    };
    let world = World {
        host: &host,
        machine: &OsMachine,
        engine: &NoEngine,
        dirs: &dirs,
        cwd: "/home/dev/proj",
        project: "/home/dev/proj",
        paint: Paint::PLAIN,
    };
    let mut out = Vec::new();
    let code = run(&StatusArgs { json }, &world, &mut out).unwrap();
    (code, String::from_utf8(out).unwrap())
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

#[test]
fn counts_the_newest_session_and_names_the_audit_head() {
    let line = |calls: u64| {
        let session = Session {
            calls,
            denied: 2,
            ..Session::default()
        };
        serde_json::to_string(&session).unwrap()
    };
    let log = format!("{}\n{}\n{{torn", line(3), line(7));
    let files: &[(&str, &str)] = &[
        (USER, &wired()),
        ("/s/sessions/old.log", &line(1)),
        ("/s/sessions/z-new.log", &log),
        ("/s/sessions/new.corrupt-1", "x"),
        (
            "/s/audit/head.json",
            "{\"seq\": 9, \"hash\": \"abc\", \"segment\": \"000001.jsonl\"}",
        ),
        ("/home/dev/.config/hookbin/config.toml", ""),
    ];
    let says = [
        "z-new: 7 calls, 0 asked, 2 denied",
        "record 9, hash abc",
        "user     yes   /home/dev/.config",
    ];
    check(files, 0, &says);
    let (_, text) = status(files, true);
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
