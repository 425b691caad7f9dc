use serde_json::json;

use super::*;

/// Put together here, so that none stands in a file.
fn token() -> String {
    ["gh", "p_", "x7Kq9Zw2Lm4R", "t8Vb3Nc6Yp1H", "s5Jd0Gf9Qa2E"].concat()
}

const MARK: &str = "[redacted:github-token]";

/// What comes of an answer; itself where nothing does.
fn clean(answer: &Value) -> Value {
    let found = replaced(&answer.to_string(), 0).unwrap();
    let value = found.map_or_else(|| answer.clone(), |it| it.value);
    let again = replaced(&value.to_string(), 0).unwrap();
    assert!(again.is_none(), "done twice: {value}");
    value
}

fn check_text(text: &str, expected: &str) {
    let answer = |text: &str| json!({ "stdout": text });
    assert_eq!(clean(&answer(text)), answer(expected), "{text:?}");
}

#[test]
fn every_shape_stays_what_it_is() {
    let check = |build: fn(&str) -> Value| {
        assert_eq!(clean(&build(&token())), build(MARK));
        let plain = build("nothing of the kind");
        assert!(
            replaced(&plain.to_string(), 0).unwrap().is_none(),
            "{plain}"
        );
    };
    // Bash
    check(
        |it| json!({"stdout": format!("a\nTOKEN {it}\n"), "stderr": it, "interrupted": false, "isImage": false, "noOutputExpected": false}),
    );
    // Read: a text, a notebook
    check(
        |it| json!({"type": "text", "file": {"filePath": "/p/a", "content": format!("{it}\n"), "numLines": 2, "startLine": 1, "totalLines": 2}}),
    );
    check(
        |it| json!({"type": "notebook", "file": {"filePath": "/p/a", "cells": [{"cellType": "code", "source": it, "outputs": [{"text": it}]}]}}),
    );
    // Grep
    check(
        |it| json!({"mode": "content", "numFiles": 1, "filenames": ["a"], "content": format!("a:1:{it}"), "numLines": 1}),
    );
    // WebFetch, WebSearch
    check(
        |it| json!({"bytes": 10, "code": 200, "codeText": "OK", "result": it, "durationMs": 1.5, "url": "https://x.example/"}),
    );
    check(
        |it| json!({"query": "q", "results": [{"tool_use_id": "t", "content": [{"title": it, "url": "https://x.example/"}]}, it], "durationSeconds": 1}),
    );
    // MCP: blocks, a string, an object
    check(|it| json!([{"type": "text", "text": it}, {"type": "text", "text": "b"}]));
    check(|it| json!(it));
    check(|it| json!({"rows": [{"name": "a", "key": it, "age": 3}], "next": null}));
}

#[test]
fn images_are_no_text() {
    let image = format!("{}{}", "iVBORw0KGgo".repeat(40), token().replace('_', "/"));
    for answer in [
        json!({"type": "image", "file": {"base64": image, "type": "image/png", "originalSize": 9}}),
        json!([{"type": "image", "data": image, "mimeType": "image/png"}]),
        json!({"stdout": format!("data:image/png;base64,{}", image.repeat(60)), "isImage": true}),
    ] {
        assert_eq!(clean(&answer), answer);
    }
    // The name alone makes no image of a text.
    let answer = |it: &str| json!({"data": format!("the key is {it}")});
    assert_eq!(clean(&answer(&token())), answer(MARK));
}

#[test]
fn what_terminals_obey_is_gone() {
    check_text("\u{1b}[1;31mred\u{1b}[0m", "red");
    check_text("\u{1b}]0;title\u{7}text", "text");
    check_text(
        "\u{1b}]8;;https://x.example/\u{1b}\\link\u{1b}]8;;\u{1b}\\",
        "link",
    );
    check_text("\u{1b}(B\u{1b}=\u{1b}7a\u{1b}8", "a");
    check_text("\u{9b}2Ja", "a");
    check_text("a\0b", "ab");
    check_text("a\u{1b}", "a");
    check_text("\u{1b}\u{1b}[31ma", "a");
    check_text("\u{1b}[", "");
    check_text("\u{1b}é", "é");
    // Without an end nothing but the opening goes: the rest is text.
    check_text("\u{1b}]0;title\nrm -rf", "0;title\nrm -rf");
    check_text("tab\there\r\nnaïve\u{8}", "tab\there\r\nnaïve\u{8}");
    // A secret with a colour in its middle is one.
    let (head, tail) = (&token()[..10], &token()[10..]);
    check_text(&format!("{head}\u{1b}[0m{tail}"), MARK);
    check_text(&format!("{head}\0{tail}"), MARK);
}

#[test]
fn endless_lines_are_cut_and_the_rest_stays() {
    let long = "é".repeat(LINE_LIMIT);
    let found = replaced(&json!(format!("one\n{long}\nthree\n")).to_string(), 0);
    let found = found.unwrap().unwrap();
    assert_eq!((found.secrets, found.lines), (0, 1));
    let text = found.value.as_str().unwrap();
    assert!(
        text.starts_with("one\né") && text.ends_with("\nthree\n"),
        "the rest"
    );
    assert!(
        text.contains("left out by hookbin: 20000 bytes]"),
        "how much"
    );
    let plain = "x".repeat(LINE_LIMIT);
    check_text(&plain, &plain);
    // A secret at the edge is gone before the line is cut.
    let edge = format!("{} {}", "x".repeat(LINE_LIMIT - 8), token());
    let text = clean(&json!(edge)).to_string();
    assert!(!text.contains("gh"), "half a secret");
}

#[test]
fn secrets_are_counted() {
    let text = format!("{} {}", token(), token());
    let found = replaced(&json!({"a": text, "b": [token()]}).to_string(), 0);
    assert_eq!(found.unwrap().unwrap().secrets, 3);
}

#[test]
fn what_cannot_be_read_is_said() {
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    assert!(replaced(&deep, 0).is_err());
}
