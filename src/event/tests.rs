use super::*;

fn check(text: &str) -> Result<Kind, String> {
    parse(text).map(|it| it.kind).map_err(|it| it.0)
}

#[test]
fn every_kind_parses_from_its_name() {
    assert_eq!(Kind::ALL.len(), 33);
    for &kind in Kind::ALL {
        let text = format!(
            r#"{{"hook_event_name":"{}","session_id":"s","tool_name":"Bash","tool_input":{{"command":"ls"}}}}"#,
            kind.name()
        );
        assert_eq!(check(&text), Ok(kind));
    }
}

#[test]
fn unknown_event_and_fields_survive() {
    let event = parse(r#"{"hook_event_name":"Tomorrow","session_id":"s","extra":[1,2]}"#).unwrap();
    assert_eq!(event.kind, Kind::Unknown);
    assert_eq!(event.name, "Tomorrow");
    assert_eq!(event.fields.raw("extra").unwrap().get(), "[1,2]");
}

#[test]
fn bad_input_is_refused_with_a_reason() {
    for (text, reason) in [
        ("", "empty"),
        ("  \n", "empty"),
        ("[]", "not one JSON object"),
        ("{\"hook_event_name\":\"PreToolUse\"", "not one JSON object"),
        ("{\"hook_event_name\":\"Stop\"} x", "not one JSON object"),
        ("{\"session_id\":\"s\"}", "missing"),
        ("{\"hook_event_name\":7}", "wrong type"),
        (
            "{\"hook_event_name\":\"Stop\",\"hook_event_name\":\"Stop\"}",
            "twice",
        ),
        ("{\"hook_event_name\":\"PreToolUse\"}", "missing"),
        (
            "{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Bash\",\"tool_input\":{}}",
            "missing",
        ),
        (
            "{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Bash\",\"tool_input\":{\"command\":1}}",
            "wrong type",
        ),
        (
            "{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Bash\",\"tool_input\":\"x\"}",
            "not one JSON object",
        ),
        (
            "{\"hook_event_name\":\"PreToolUse\",\"tool_name\":\"Bash\",\"tool_input\":{\"command\":\"a\",\"command\":\"b\"}}",
            "twice",
        ),
    ] {
        let error = check(text).unwrap_err();
        assert!(error.contains(reason), "{text}: {error}");
    }
    let deep = format!(
        "{{\"hook_event_name\":\"Stop\",\"x\":{}",
        "[".repeat(100_000)
    );
    assert!(check(&deep).is_err());
}

#[test]
fn lone_surrogates_become_replacement_characters() {
    for (input, want) in [
        (r"a\ud83db", "a\u{fffd}b"),
        (r"a\ude00b", "a\u{fffd}b"),
        (r"\ud83d\ude00", "\u{1f600}"),
        (r"\ud83d\ud83d\ude00", "\u{fffd}\u{1f600}"),
        (r"\\ud83d", "\\ud83d"),
    ] {
        let json = format!(
            r#"{{"hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{{"command":"{input}"}}}}"#
        );
        let text = decode(json.into_bytes());
        let event = parse(&text).unwrap();
        assert_eq!(event.call().unwrap().parts[0].text(), want, "{input}");
    }
}

#[test]
fn bytes_that_are_not_utf8_are_replaced() {
    let text = decode(b"{\"hook_event_name\":\"Stop\",\"x\":\"\xff\"}".to_vec());
    assert!(text.contains('\u{fffd}'));
    assert!(parse(&text).is_ok());
}

#[test]
fn fields_of_unknown_tools_are_read_by_name() {
    let text = r#"{"hook_event_name":"PreToolUse","tool_name":"mcp__fs__write_file","tool_input":{"path":"a","content":"b","paths":["c",["d"]],"n":1}}"#;
    let event = parse(text).unwrap();
    let parts: Vec<_> = event
        .call()
        .unwrap()
        .parts
        .iter()
        .map(|it| (it.role, it.text().into_owned()))
        .collect();
    assert_eq!(
        parts,
        [
            (Role::WritePath, "a".to_owned()),
            (Role::Content, "b".to_owned()),
            (Role::WritePath, "c".to_owned()),
            (Role::WritePath, "d".to_owned()),
        ]
    );
}
