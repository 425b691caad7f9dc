use serde_json::json;

use super::*;

fn ours(extra: &str) -> String {
    format!(
        r#"{{"hooks": {{"PreToolUse": [{{"hooks": [{{"type": "command", "command": "/opt/hookbin",
        "args": ["hook", "PreToolUse"], "timeout": 10{extra}}}]}}]}}}}"#
    )
}

#[track_caller]
fn guards(text: &str, wanted: &str) {
    let found = inspect(text.as_bytes()).unwrap();
    let state = match (found.guards(), found.entries.is_empty()) {
        (true, _) => "guards",
        (false, false) => "unsound",
        (false, true) => "nothing",
    };
    assert_eq!(state, wanted, "{text}");
}

#[test]
fn an_entry_guards_only_if_every_call_reaches_it() {
    guards(&ours(r#", "onFailure": "block""#), "guards");
    guards(
        &ours(r#", "onFailure": "block", "async": false, "statusMessage": "x""#),
        "guards",
    );
    guards(&ours(""), "unsound");
    guards(&ours(r#", "onFailure": "continue""#), "unsound");
    guards(&ours(r#", "onFailure": "block", "async": true"#), "unsound");
    guards(
        &ours(r#", "onFailure": "block", "if": "Bash(ls *)""#),
        "unsound",
    );
    guards(&ours(r#", "onFailure": "block", "once": true"#), "unsound");
    let good = ours(r#", "onFailure": "block""#);
    guards(
        &good.replace("[{\"hooks\"", "[{\"matcher\": \"\", \"hooks\""),
        "guards",
    );
    guards(
        &good.replace("[{\"hooks\"", "[{\"matcher\": \"*\", \"hooks\""),
        "guards",
    );
    guards(
        &good.replace("[{\"hooks\"", "[{\"matcher\": \"Bash\", \"hooks\""),
        "unsound",
    );
    guards(
        &good.replace("[{\"hooks\"", "[{\"matcher\": \"X\", \"hooks\""),
        "unsound",
    );
    guards(
        &good.replace("\"hook\", \"PreToolUse\"", "\"hook\", \"Stop\""),
        "unsound",
    );
    guards(
        &good.replace("\"hook\", \"PreToolUse\"", "\"status\""),
        "nothing",
    );
    guards(&good.replace("/opt/hookbin", "/opt/other"), "nothing");
    guards(&good.replace("PreToolUse\": [{", "Stop\": [{"), "unsound");
    guards("{}", "nothing");
    guards("", "nothing");
    guards("\u{feff}{}", "nothing");
}

#[track_caller]
fn owner(handler: impl Into<Value>, wanted: &str) {
    let handler = handler.into();
    let word = if is_ours(&handler) { "ours" } else { "foreign" };
    assert_eq!(word, wanted, "{handler}");
}

#[test]
fn our_entries_are_known_in_both_forms() {
    owner(
        json!({"command": "hookbin", "args": ["hook", "Stop"]}),
        "ours",
    );
    owner(
        json!({"command": "C:\\bin\\hookbin.exe", "args": ["hook"]}),
        "ours",
    );
    owner(json!({"command": "/a b/hookbin", "args": ["hook"]}), "ours");
    owner(json!({"command": "hookbin hook Stop"}), "ours");
    owner(
        json!({"command": "exec \"/opt/hookbin\" hook Stop"}),
        "ours",
    );
    owner(json!({"command": "hookbin hook", "args": null}), "ours");
    owner(json!({"command": "hookbin hook", "args": []}), "foreign");
    owner(
        json!({"command": "hookbin", "args": ["status", "hook"]}),
        "foreign",
    );
    owner(json!({"command": "hookbin status"}), "foreign");
    owner(json!({"command": "hookbin-extra hook"}), "foreign");
    owner(json!({"command": "/hookbin/run hook"}), "foreign");
    owner(json!({"command": "echo hookbin hook"}), "foreign");
    owner(json!({"url": "http://hookbin"}), "foreign");
    owner(json!("hookbin hook"), "foreign");
}

#[track_caller]
fn rejected(hooks: &str, wanted: &str) {
    let found = inspect(format!("{{\"hooks\": {hooks}}}").as_bytes()).unwrap();
    assert_eq!(found.rejected, wanted, "{hooks}");
}

#[test]
fn an_entry_that_costs_the_whole_file_is_named() {
    rejected("{}", "");
    rejected("null", "");
    rejected("[]", "`hooks` is not an object");
    rejected(r#"{"PreToolUse": {}}"#, "`hooks.PreToolUse` is not a list");
    let one = |handler: &str| format!(r#"{{"PreToolUse": [{{"hooks": [{handler}]}}]}}"#);
    let entry = "an entry of `hooks.PreToolUse`";
    rejected(&one(r#"{"type": "command", "command": "x"}"#), "");
    rejected(&one(r#"{"type": "http", "url": "x", "timeout": 0.5}"#), "");
    rejected(
        &one(r#"{"type": "mcp_tool", "server": "x", "tool": "y"}"#),
        "",
    );
    rejected(&one(r#"{"type": "prompt", "prompt": "x"}"#), "");
    rejected(
        &one(r#"{"type": "command"}"#),
        &format!("{entry} lacks a field its type needs"),
    );
    rejected(
        &one(r#"{"command": "x"}"#),
        &format!("{entry} has an unknown type"),
    );
    rejected(&one("3"), &format!("{entry} has an unknown type"));
    let with = |field: &str| {
        one(&format!(
            r#"{{"type": "command", "command": "x", {field}}}"#
        ))
    };
    let timeout = format!("{entry} has a timeout that is not a positive number");
    rejected(&with(r#""timeout": 0"#), &timeout);
    rejected(&with(r#""timeout": -1"#), &timeout);
    rejected(&with(r#""timeout": "10""#), &timeout);
    let failure = format!("{entry} has an onFailure that is neither continue nor block");
    rejected(&with(r#""onFailure": "deny""#), &failure);
    rejected(&with(r#""onFailure": 1"#), &failure);
    rejected(
        &with(r#""args": "hook""#),
        &format!("{entry} has args that are not a list of strings"),
    );
    let matcher = r#"{"PreToolUse": [{"matcher": 1, "hooks": []}]}"#;
    rejected(
        matcher,
        &format!("{entry} has a matcher that is not a string"),
    );
    rejected(
        r#"{"PreToolUse": ["x"]}"#,
        &format!("{entry} is not an object"),
    );
    // Elsewhere the client drops the entry and keeps the file.
    rejected(r#"{"Stop": [{"hooks": [{"type": "command"}]}]}"#, "");
}

#[test]
fn switches_and_variables_are_seen() {
    let found = |text: &str| inspect(text.as_bytes()).unwrap();
    assert!(found(r#"{"disableAllHooks": true}"#).disabled);
    assert!(found(r#"{"disableAllHooks": "yes"}"#).disabled);
    assert!(!found(r#"{"disableAllHooks": false}"#).disabled);
    assert!(!found(r#"{"disableAllHooks": null}"#).disabled);
    assert!(found(r#"{"allowManagedHooksOnly": true}"#).managed_only);
    let env = found(
        r#"{"env": {"PATH": "/x", "FOO": "1", "LD_PRELOAD": "a.so", "HOOKBIN_STATE_DIR": "b",
        "XDG_CONFIG_HOME": "c", "HOME": 3, "EDITOR": "vi", "CLAUDE_CODE_SIMPLE": "1"}}"#,
    );
    let names: Vec<&str> = env.env.iter().map(|(name, _)| name.as_str()).collect();
    let wanted = [
        "CLAUDE_CODE_SIMPLE",
        "HOME",
        "HOOKBIN_STATE_DIR",
        "LD_PRELOAD",
        "PATH",
        "XDG_CONFIG_HOME",
    ];
    assert_eq!(names, wanted);
    assert!(found(r#"{"env": {"FOO": "1"}}"#).env_digest().is_empty());
}

#[test]
fn what_is_no_settings_file_is_a_problem() {
    for text in ["{", "[]", "nonsense", "{\"a\": 1,}", "{} {}", "\u{0}"] {
        assert!(inspect(text.as_bytes()).is_err(), "{text:?}");
    }
    assert!(inspect(b"{\"a\": \"\xff\"}").is_err());
}

#[test]
fn memory_survives_its_lines() {
    use memory::{Memory, lines, recall};
    let held = Memory {
        wired: 0x21,
        entries: "0123456789abcdef".to_owned(),
        env: String::new(),
    };
    let text = lines(&[
        (Layer::User, held.clone()),
        (Layer::Local, Memory::default()),
    ]);
    assert_eq!(text, ["user 21 0123456789abcdef -"]);
    assert_eq!(recall(&text, Layer::User), Some(held));
    assert_eq!(recall(&text, Layer::Local), Some(Memory::default()));
    assert_eq!(recall(&[], Layer::User), None);
    let nothing = lines(&[]);
    assert_eq!(nothing, ["-"]);
    assert_eq!(recall(&nothing, Layer::User), Some(Memory::default()));
    let damaged = ["user".to_owned(), "local zz".to_owned()];
    assert_eq!(recall(&damaged, Layer::Local), Some(Memory::default()));
}
