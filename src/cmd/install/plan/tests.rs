use serde_json::{Value, json};

use super::*;
use crate::host::Dirs;
use crate::settings::Layer;

const PATHS: &[&str] = &["--config-dir", "/home/dev/.config/hookbin"];

fn wiring(command: &str) -> Wiring {
    let extra: Vec<String> = PATHS.iter().map(|it| (*it).to_owned()).collect();
    Wiring::new(command, &extra)
}

fn value(text: &str) -> Value {
    serde_json::from_str(text.trim_start_matches(BOM)).unwrap()
}

/// Settings texts of many shapes, all valid.
fn shapes() -> Vec<String> {
    let bodies = [
        json!({}),
        json!({"model": "opus"}),
        json!({"hooks": {}}),
        json!({"hooks": {"PreToolUse": []}}),
        json!({"hooks": {"PreToolUse": [], "Stop": []}, "env": {"A": "b"}}),
        json!({"permissions": {"allow": ["Bash(ls *)", "Read(//etc/**)"], "deny": []}, "model": "x"}),
        json!({"hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": "lint"}]}]}}),
        json!({"hooks": {"Stop": [{"hooks": [{"type": "command", "command": "say done"}]}]}, "z": 1}),
        json!({"hooks": {"PreToolUse": [{"hooks": [{"type": "command", "command": "hookbin-like hook"}]}],
               "FileChanged": [{"matcher": "a|b", "hooks": [{"type": "http", "url": "http://x"}]}],
               "Stop": [{"hooks": []}]}}),
        json!({"a \" } ] , { [": "\\\" : { \u{e9}\u{1f600} \u{2028}", "hooks2": {"PreToolUse": [1]}, "n": -1.5e3}),
    ];
    let mut shapes = vec![
        "{ }".to_owned(),
        "{\n}".to_owned(),
        "{\n\n}\n\n".to_owned(),
        "  {\"a\":1 , \"b\" : [ ] }  ".to_owned(),
        "{\"a\": 1,\n\"b\": 2}".to_owned(),
        "{\n\t\"hooks\" : { \"Stop\" : [ ] , \"PreToolUse\":[ { \"hooks\":[] } ] }\n}".to_owned(),
        "{\"hooks\":\n{\n  }\n}".to_owned(),
        "{\n  \"a\": \"\\u00e9 \\ud83d\\ude00\"\n}".to_owned(),
    ];
    for body in bodies {
        for indent in ["  ", "    ", "\t"] {
            let mut bytes = Vec::new();
            let format = serde_json::ser::PrettyFormatter::with_indent(indent.as_bytes());
            let mut writer = serde_json::Serializer::with_formatter(&mut bytes, format);
            serde::Serialize::serialize(&body, &mut writer).unwrap();
            shapes.push(String::from_utf8(bytes).unwrap());
        }
        shapes.push(body.to_string());
    }
    let plain = shapes.clone();
    shapes.extend(plain.iter().step_by(4).map(|it| format!("{it}\n")));
    let crlf = |it: &String| it.replace('\n', "\r\n") + "\r\n";
    shapes.extend(plain.iter().step_by(3).map(crlf));
    shapes.extend(plain.iter().step_by(5).map(|it| format!("{BOM}{it}")));
    shapes
}

/// What installing means, on values.
fn installed(mut settings: Value, wiring: &Wiring) -> Value {
    for (event, handler) in wiring.entries() {
        let group = value(&edit::document(&wiring::group(handler), 0));
        let groups = &mut settings["hooks"][event];
        match groups.as_array_mut() {
            Some(groups) => groups.push(group),
            None => *groups = json!([group]),
        }
    }
    settings
}

#[test]
fn installing_is_the_semantic_edit_and_nothing_else() {
    for text in shapes() {
        let with = install(&text, &wiring("/opt/hookbin")).expect(&text);
        assert_eq!(
            value(&with),
            installed(value(&text), &wiring("/opt/hookbin")),
            "{text}"
        );
    }
}

#[test]
fn installing_twice_changes_nothing() {
    for text in shapes().into_iter().step_by(3) {
        let once = install(&text, &wiring("/opt/hookbin")).expect(&text);
        assert_eq!(
            install(&once, &wiring("/opt/hookbin")).as_ref(),
            Ok(&once),
            "{text}"
        );
    }
}

#[test]
fn uninstalling_gives_back_the_bytes() {
    for text in shapes() {
        let with = install(&text, &wiring("/opt/hookbin")).expect(&text);
        assert_eq!(uninstall(&with, Some(&text)).as_ref(), Ok(&text));
        let without = uninstall(&with, None).unwrap();
        assert!(!without.contains("/opt/hookbin"), "{without}");
        let containers = ["{ }", "{\n", "[]", "[ ]", "{}", "{\r"];
        if !containers.iter().any(|it| text.contains(it)) {
            assert_eq!(without, text, "without the text from before");
        }
    }
}

#[test]
fn updating_changes_only_the_paths() {
    for text in shapes().into_iter().step_by(3) {
        let old = install(&text, &wiring("/old/bin/hookbin")).expect(&text);
        let new = install(&old, &wiring("/new/hookbin")).unwrap();
        assert_eq!(
            new,
            install(&text, &wiring("/new/hookbin")).unwrap(),
            "{text}"
        );
        assert_eq!(uninstall(&new, Some(&text)).as_ref(), Ok(&text));
    }
}

#[test]
fn a_file_rewritten_by_the_client_is_still_ours() {
    for text in shapes().into_iter().step_by(3) {
        let with = install(&text, &wiring("/opt/hookbin")).expect(&text);
        let rewritten = serde_json::to_string_pretty(&value(&with)).unwrap();
        assert_eq!(
            install(&rewritten, &wiring("/opt/hookbin")).as_ref(),
            Ok(&rewritten)
        );
        let without = uninstall(&rewritten, Some(&text)).unwrap();
        assert_eq!(value(&without), value(&text), "{text}");
    }
}

#[test]
fn what_the_user_added_since_survives() {
    let text = "{\n  \"hooks\": {}\n}\n";
    let with = install(text, &wiring("/opt/hookbin")).unwrap();
    let more = with.replacen("{\n", "{\n  \"model\": \"opus\",\n", 1);
    let without = uninstall(&more, Some(text)).unwrap();
    assert_eq!(without, "{\n  \"model\": \"opus\",\n  \"hooks\": {}\n}\n");
}

#[test]
fn entries_beside_ours_stay() {
    let text = r#"{"hooks": {"PreToolUse": [{"matcher": "Bash", "hooks": [
        {"type": "command", "command": "before"},
        {"type": "command", "command": "/old/hookbin hook PreToolUse"},
        {"type": "command", "command": "after"}]}]}}"#;
    let with = value(&install(text, &wiring("/opt/hookbin")).unwrap());
    let groups = &with["hooks"]["PreToolUse"];
    assert_eq!(groups[0]["hooks"].as_array().unwrap().len(), 2, "{groups}");
    assert_eq!(groups[1]["hooks"][0]["command"], "/opt/hookbin");
    assert_eq!(groups.as_array().unwrap().len(), 2);
}

#[test]
fn doubled_restricted_and_altered_entries_become_one() {
    let ours = r#"{"type": "command", "command": "/opt/hookbin", "args": ["hook", "PreToolUse"]}"#;
    let cases = [
        format!(
            r#"{{"hooks": {{"PreToolUse": [{{"hooks": [{ours}, {ours}]}}, {{"hooks": [{ours}]}}]}}}}"#
        ),
        format!(r#"{{"hooks": {{"PreToolUse": [{{"matcher": "Bash", "hooks": [{ours}]}}]}}}}"#),
        format!(
            r#"{{"hooks": {{"PreToolUse": [{{"matcher": "", "hooks": [{ours}]}}], "WorktreeCreate": [{{"hooks": [{ours}]}}]}}}}"#
        ),
    ];
    let fresh = value(&install("{}", &wiring("/opt/hookbin")).unwrap());
    for text in cases {
        let mut with = value(&install(&text, &wiring("/opt/hookbin")).unwrap());
        if with["hooks"]["PreToolUse"][0]["matcher"] == "" {
            with["hooks"]["PreToolUse"][0]
                .as_object_mut()
                .unwrap()
                .remove("matcher");
        }
        assert_eq!(with, fresh, "{text}");
    }
}

#[test]
fn a_timeout_the_user_chose_stays() {
    let with = install("{}", &wiring("/opt/hookbin")).unwrap();
    let slow = with.replace("\"timeout\": 10", "\"timeout\": 45");
    assert_eq!(install(&slow, &wiring("/opt/hookbin")).as_ref(), Ok(&slow));
    let broken = with.replace("\"timeout\": 10", "\"timeout\": -1");
    assert_eq!(install(&broken, &wiring("/opt/hookbin")).unwrap(), with);
    let asynchronous = with.replace("\"timeout\": 10", "\"timeout\": 10, \"async\": true");
    assert_eq!(
        install(&asynchronous, &wiring("/opt/hookbin")).unwrap(),
        with
    );
}

#[track_caller]
fn refused(text: &str, wanted: &str) {
    for result in [
        install(text, &wiring("/opt/hookbin")),
        uninstall(text, None),
    ] {
        let message = result.map_err(|it| it.to_string()).unwrap_err();
        assert!(message.contains(wanted), "{message}");
    }
}

#[test]
fn what_is_no_clean_json_is_refused_with_its_place() {
    refused("{\n  \"a\": 1,\n}", "line 3, column 1");
    refused("{\n  // why\n  \"a\": 1\n}", "line 2, column 3: a comment");
    refused("{\"a\": 1} x", "line 1, column 10");
    refused("{\"a\": ", "the text ends too early");
    refused(
        "{\"a\": 1,\n \"b\": {\"c\": 1, \"c\": 2}}",
        "line 2, column 16: the key `c` stands twice",
    );
    refused(
        "{\"hooks\": {}, \"hook\\u0073\": {}}",
        "the key `hooks` stands twice",
    );
    refused("[]", "is not an object");
    refused("\"x\"", "is not an object");
    refused("{\n\"hooks\": []}", "line 2: `hooks` is not an object");
    refused("{\"hooks\": null}", "`hooks` is not an object");
    refused("{\"hooks\": {\"Stop\": {}}}", "`hooks.Stop` is not a list");
    refused(&"[".repeat(5000), "line 1");
    // White space in other languages, not in JSON.
    refused("\u{b}", "line 1");
    refused("\u{a0}", "line 1");
}

#[test]
fn an_empty_file_gets_a_whole_document() {
    for text in ["", "\n", "  \r\n", "\u{feff}"] {
        let with = install(text, &wiring("/opt/hookbin")).unwrap();
        assert_eq!(value(&with), installed(json!({}), &wiring("/opt/hookbin")));
        assert!(
            with.starts_with("{\n  \"hooks\": {\n    \"PreToolUse\": [\n      { \"hooks\": [{ ")
        );
        assert!(with.ends_with("}\n"));
    }
}

#[test]
fn a_one_line_file_stays_one_line() {
    let with = install("{\"a\":1}", &wiring("/opt/hookbin")).unwrap();
    assert!(
        with.starts_with("{\"a\":1,\"hooks\":{\"PreToolUse\":[{\"hooks\":[{\"type\":\"command\",")
    );
    let with = install("{ \"a\": 1 }", &wiring("/opt/hookbin")).unwrap();
    assert!(
        with.starts_with("{ \"a\": 1, \"hooks\": { \"PreToolUse\": [{ \"hooks\": [{ "),
        "{with}"
    );
}

#[test]
fn the_wiring_names_known_events_only() {
    use crate::event::Kind;
    let never = [
        Kind::WorktreeCreate,
        Kind::MessageDisplay,
        Kind::PreModelSwitch,
        Kind::PostModelSwitch,
        Kind::Elicitation,
        Kind::ElicitationResult,
    ];
    let wiring = wiring("/opt/hookbin");
    assert_eq!(wiring.entries().len(), 20);
    for (event, handler) in wiring.entries() {
        let kind = Kind::parse(event);
        assert!(kind != Kind::Unknown && !never.contains(&kind), "{event}");
        let handler = value(&edit::document(handler, 0));
        assert_eq!(handler["args"], json!(wiring.args(event)));
        let closed = kind.direction() == crate::event::Direction::Closed;
        assert_eq!(handler.get("onFailure").is_some(), closed, "{event}");
        assert!(handler["timeout"].as_u64().unwrap() > 0);
    }
}

#[test]
fn a_profile_stands_behind_the_event_in_every_layer() {
    for layer in [Layer::Project, Layer::User] {
        let wiring = Wiring::of(layer, &Dirs::default(), Some("read-only"));
        let args = wiring.args("PreToolUse");
        assert_eq!(args.get(..2).unwrap(), ["hook", "PreToolUse"]);
        assert_eq!(
            args.get(args.len() - 2..).unwrap(),
            ["--profile", "read-only"]
        );
        let plain = Wiring::of(layer, &Dirs::default(), None);
        assert_eq!(plain.args("PreToolUse").len() + 2, args.len());
    }
}
