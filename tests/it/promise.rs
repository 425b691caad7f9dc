//! Owns what holds of every answer, whatever the event: the form of the protocol, no secret in anything
//! that is said or kept, no variable that moves the guard, and what people grant out of the client's reach.
//! Does not own what is decided. Invariant: secrets are put together here, so that none stands in a file.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::hook::feed;
use crate::house::no_complaints;
use crate::process::{ASKED, DENIED, ORDINARY};
use crate::scratch::{Scratch, hookbin_path};

/// Every recorded event, and a bare one of every wired kind.
fn events(scratch: &Scratch) -> Vec<Value> {
    let mut events = scratch.every_event();
    let commands = [DENIED, ASKED, ORDINARY, "chmod 777 a"];
    events.extend(commands.iter().map(|it| scratch.bash("toolu_1", it)));
    for (number, event) in events.iter_mut().enumerate() {
        // Sessions of their own: nothing is only repeated.
        event["session_id"] = json!(format!("promise-{number}"));
        event["cwd"] = scratch.text("project").into();
    }
    events
}

fn name(event: &Value) -> &str {
    event["hook_event_name"].as_str().expect("a name")
}

/// Invariants 8, 9 and 10 of the protocol on the wire.
#[test]
fn every_event_is_answered_in_the_form_of_the_protocol() {
    let scratch = Scratch::new();
    // A grant, so that there is also something to say.
    scratch.write(
        "state/allow.jsonl",
        "{\"grant\":{\"rule\":\"git-clean-force\",\"id\":\"0a0b0c0d\"}}\n",
    );
    let mut complaints = Vec::new();
    for event in events(&scratch) {
        let answer = scratch.answer(name(&event), event.to_string());
        let mut complain = |what: &str| complaints.push(format!("{what}: {event}: {answer:#?}"));
        let closed = matches!(
            name(&event),
            "PreToolUse" | "PermissionRequest" | "ConfigChange"
        );
        if answer.status.code() != Some(0) && !(closed && answer.status.code() == Some(2)) {
            complain("the exit code stops what cannot be stopped");
        }
        if answer.stdout.is_empty() {
            continue;
        }
        if name(&event) == "PreCompact" {
            complain("plain text that nobody asked for");
        }
        let Ok(Value::Object(said)) = serde_json::from_str(&answer.stdout) else {
            complain("stdout is not one JSON object");
            continue;
        };
        if name(&event) == "Stop" {
            complain("a Stop is answered by nothing");
        }
        let specific = said.get("hookSpecificOutput");
        if specific.is_some_and(|it| it["hookEventName"] != name(&event)) {
            complain("another event's name");
        }
        if answer.stdout.contains("\"allow\"") || answer.stdout.contains("\"approve\"") {
            complain("an answer that skips the user's own question");
        }
    }
    no_complaints(&complaints);
}

/// Files below a folder, with their content.
fn kept(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            kept(&path, found);
        } else {
            let text = fs::read(&path).expect("our own file");
            let text = String::from_utf8_lossy(&text).into_owned();
            found.push((path.display().to_string(), text));
        }
    }
}

/// Events of every kind with this text wherever one can stand.
fn loaded(scratch: &Scratch, text: &str) -> Vec<Value> {
    let mut events = vec![scratch.bash("", text)];
    for (tool, input) in [
        (
            "Write",
            json!({"file_path": "/etc/passwd", "content": text}),
        ),
        (
            "WebFetch",
            json!({"url": format!("https://x.example/?token={text}"), "prompt": text}),
        ),
        ("Agent", json!({"prompt": text, "description": text})),
        (
            "mcp__x__y",
            json!({"path": format!("/etc/{text}"), "text": text}),
        ),
        ("Read", json!({"file_path": format!("~/.ssh/{text}")})),
    ] {
        events.push(scratch.payload("PreToolUse", tool, "", &input));
        let mut after = scratch.payload("PostToolUse", tool, "", &input);
        after["tool_response"] = json!(text);
        events.push(after);
        let mut failed = scratch.payload("PostToolUseFailure", tool, "", &input);
        failed["error"] = json!(text);
        events.push(failed);
    }
    for (event, field) in [
        ("UserPromptSubmit", "prompt"),
        ("SessionStart", "source"),
        ("SessionEnd", "reason"),
        ("PreCompact", "custom_instructions"),
        ("Notification", "notification_type"),
        ("Notification", "message"),
        ("SubagentStop", "agent_type"),
        ("InstructionsLoaded", "file_path"),
        ("ConfigChange", "file_path"),
        ("PermissionDenied", "reason"),
        ("StopFailure", "error"),
    ] {
        let mut payload = scratch.lifecycle(event);
        payload[field] = json!(text);
        events.push(payload);
    }
    let mut batch = scratch.lifecycle("PostToolBatch");
    batch["tool_calls"] = json!([{"tool_name": "Bash", "tool_use_id": "b", "tool_input": {"command": text}, "tool_response": text}]);
    events.push(batch);
    events
}

/// Invariant 3 at the boundary: whichever field of whichever event carries a secret.
#[test]
fn no_secret_is_said_or_kept() {
    let scratch = Scratch::new();
    let secret = ["ghp", "_", &"Zx9Kq2Lm7Pw4Rt8Vb3Nc".repeat(2)[..36]].concat();
    let texts = [
        format!("curl -H 'Authorization: Bearer {secret}' https://x.example && rm -rf ~"),
        format!("git push https://u:{secret}@example.com/x.git --force"),
        format!("echo {secret} > ~/.bashrc"),
        format!("{}{secret}", "x ".repeat(250)),
        secret.clone(),
    ];
    let events = texts.iter().flat_map(|it| loaded(&scratch, it));
    let mut complaints = Vec::new();
    for (number, mut event) in events.enumerate() {
        event["session_id"] = json!(format!("promise-{number}"));
        if event.get("tool_use_id").is_some() {
            event["tool_use_id"] = json!(format!("toolu_{number}"));
        }
        let answer = scratch.answer(name(&event), event.to_string());
        if answer.stdout.contains(&secret) || answer.stderr.contains(&secret) {
            complaints.push(format!("said at {event}: {answer:#?}"));
        }
    }
    let mut files = Vec::new();
    kept(&scratch.path("state"), &mut files);
    assert!(files.len() > 10, "nothing was kept: {files:?}");
    for (path, text) in files {
        let line = text.lines().find(|it| it.contains(&secret));
        complaints.extend(line.map(|it| format!("kept in {path}: {it}")));
    }
    no_complaints(&complaints);
}

/// Invariant 13: with a wiring that names its directories no variable has a say.
#[test]
fn no_variable_moves_the_guard() {
    let scratch = Scratch::new();
    for folder in ["evil", "evil/hookbin", "evil/.config/hookbin"] {
        scratch.write(&format!("{folder}/config.toml"), "mode = \"observe\"\n");
    }
    let evil = scratch.text("evil");
    for (number, name) in [
        "HOME",
        "XDG_CONFIG_HOME",
        "XDG_STATE_HOME",
        "HOOKBIN_CONFIG_DIR",
        "HOOKBIN_STATE_DIR",
        "CLAUDE_CONFIG_DIR",
        "CLAUDE_PROJECT_DIR",
        "TMPDIR",
    ]
    .iter()
    .enumerate()
    {
        let mut hook = scratch.hook("PreToolUse");
        hook.env(name, &evil);
        let command = format!("rm -rf {}", scratch.text("home"));
        let call = scratch
            .bash(&format!("toolu_{number}"), &command)
            .to_string();
        feed(&mut hook, call.as_bytes()).denies();
        let mut kept_there = Vec::new();
        kept(&scratch.path("evil"), &mut kept_there);
        assert_eq!(kept_there.len(), 3, "{name} moved what is remembered");
    }
    let records = scratch.read("state/audit/000001.jsonl").expect("a segment");
    assert_eq!(records.lines().count(), 8);
}

/// Invariants 12 and 16: what people grant, wire or take out is refused inside the client.
#[test]
fn what_people_grant_is_out_of_the_reach_of_an_agent() {
    let scratch = Scratch::new();
    scratch.write(
        "project/.claude/hookbin.toml",
        "rules.disable = [\"git-reset-hard\"]\n",
    );
    let run = |args: &[&str]| {
        let mut command = scratch.command(&hookbin_path());
        let output = command.env("CLAUDECODE", "1").args(args).output();
        output.expect("hookbin starts")
    };
    let before = {
        let mut files = Vec::new();
        kept(&scratch.path(""), &mut files);
        files
    };
    for args in [
        &["allow", "git-reset-hard", "--once"][..],
        &["allow", "--revoke", "0a0b0c0d"],
        &["trust", ".claude/hookbin.toml"],
        &["trust", "--revoke", ".claude/hookbin.toml"],
        &["reset", "breaker"],
        &["reset", "budget", "--agent", "main"],
        &["install"],
        &["install", "--project"],
        &["install", "--local"],
        &["uninstall"],
    ] {
        let output = run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}: {output:?}");
        let reason = String::from_utf8_lossy(&output.stderr);
        assert!(reason.contains("this is for people"), "{args:?}: {reason}");
    }
    for args in [
        &["status"][..],
        &["rules", "list"],
        &["policy", "show"],
        &["explain", ORDINARY],
        &["audit", "list"],
        &["allow", "--list"],
        &["trust", "--list"],
        &["ci", "check"],
    ] {
        let output = run(args);
        assert_ne!(output.status.code(), Some(2), "{args:?}: {output:?}");
    }
    let mut after = Vec::new();
    kept(&scratch.path(""), &mut after);
    assert_eq!(before, after, "something was written");
    // Without the client above, a terminal is still missing here.
    let output = scratch.hookbin(&["allow", "git-reset-hard", "--once"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

/// Invariant 6 in observe mode: a failure answers nothing once the policy was read as such.
#[test]
fn observe_mode_fails_in_silence_and_a_broken_policy_does_not() {
    let scratch = Scratch::new();
    scratch.write("config/config.toml", "mode = \"observe\"\n");
    scratch.judge(DENIED).is_silent();
    fs::rename(scratch.path("state"), scratch.path("away")).expect("it moves");
    scratch.write("state", "a file where a directory should be");
    let answer = scratch.judge(ORDINARY);
    answer.is_silent();
    assert_eq!(answer.stderr, "", "{answer:#?}");
    scratch.write("config/config.toml", "mode = \"observe\"\nmode = 3\n");
    scratch.judge(ORDINARY).denies().because("config.toml:2:");
}

const DEPTH: usize = 50_000;

fn deep_list() -> String {
    "[".repeat(DEPTH) + &"]".repeat(DEPTH)
}

fn deep_object() -> String {
    format!("{}1{}", "{\"a\":".repeat(DEPTH), "}".repeat(DEPTH))
}

/// Invariant 18: however deep the data nests, the answer is one of the stated ones.
#[test]
fn deep_files_of_every_kind_end_in_the_stated_direction() {
    let (list, object) = (deep_list(), deep_object());
    let table = format!("a = {}1{}\n", "{a=".repeat(DEPTH), "}".repeat(DEPTH));
    // The policy and rules of every layer: what cannot be read refuses.
    for (file, text) in [
        ("config/config.toml", format!("rules.disable = {list}\n")),
        ("config/config.toml", table.clone()),
        (
            "config/config.toml",
            format!("[{}]\n", vec!["a"; DEPTH].join(".")),
        ),
        ("config/rules/a.toml", format!("pack = {list}\n")),
        (
            "project/.claude/hookbin.toml",
            format!("rules.disable = {list}\n"),
        ),
    ] {
        let scratch = Scratch::new();
        scratch.write(file, &text);
        scratch.judge(ORDINARY).denies().because(
            Path::new(file)
                .file_name()
                .and_then(|it| it.to_str())
                .expect("a name"),
        );
        scratch
            .answer("Stop", scratch.lifecycle("Stop").to_string())
            .stops_nothing();
    }
    // What is remembered: a line that does not read counts for nothing.
    for (file, text) in [
        ("state/allow.jsonl", &list),
        ("state/allow.jsonl", &object),
        ("state/trust.json", &list),
        ("state/audit/head.json", &object),
        ("state/installed", &list),
    ] {
        let scratch = Scratch::new();
        scratch.write(file, text);
        scratch.judge(DENIED).denies().because("denied by");
        scratch
            .answer("PreToolUse", scratch.bash("toolu_2", ORDINARY).to_string())
            .is_silent();
    }
}

/// The same of what the client hands over.
#[test]
fn deep_input_of_the_client_ends_in_the_stated_direction() {
    let (list, object) = (deep_list(), deep_object());
    let scratch = Scratch::new();
    for value in [&list, &object] {
        let event = |name: &str| {
            format!(
                "{{\"hook_event_name\":\"{name}\",\"session_id\":\"deep\",\"cwd\":\"/\",\"tool_name\":\"mcp__x__y\",\"tool_use_id\":\"t\",\"tool_input\":{{\"path\":{value}}}}}"
            )
        };
        scratch.answer("PreToolUse", event("PreToolUse")).denies();
        scratch
            .answer("PostToolUse", event("PostToolUse"))
            .stops_nothing();
        scratch.write("home/.claude/settings.json", value);
        let mut change = scratch.lifecycle("ConfigChange");
        change["source"] = json!("user_settings");
        change["file_path"] = scratch.text("home/.claude/settings.json").into();
        let answer = scratch.answer("ConfigChange", change.to_string());
        assert!(matches!(answer.status.code(), Some(0 | 2)), "{answer:#?}");
        scratch
            .answer(
                "SessionStart",
                scratch.lifecycle("SessionStart").to_string(),
            )
            .stops_nothing();
    }
}
