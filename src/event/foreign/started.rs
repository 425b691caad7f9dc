//! Owns what a foreign tool starts on this machine or in a database, put together as the shell text that
//! does the same: programs with their arguments in a list, code, SQL. Does not own the roles of single
//! fields. Invariant: what the fields hold stands in the text quoted, never as shell syntax of its own.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::super::fields::{Fields, string};
use super::super::tool::{BASH, Part};
use super::says;

/// A program and its arguments in fields of their own or in one list, as the shell text that starts
/// the same.
pub(super) fn with_arguments<'a>(tool: &str, fields: &Fields<'a>) -> Option<Part<'a>> {
    const PROGRAM: [&str; 4] = ["command", "cmd", "program", "executable"];
    let named = |names: &[&str]| fields.iter().find(|(name, _)| names.contains(name));
    let given = named(&["args", "arguments", "argv", "params"]);
    let list = |raw: &RawValue| serde_json::from_str::<Vec<String>>(raw.get()).ok();
    let program = PROGRAM
        .into_iter()
        .map(|it| fields.lenient(it))
        .find(|it| !it.is_empty());
    let (field, raw, text) = match (given, program) {
        (Some((field, raw)), Some(program)) => {
            let rest = match string(raw) {
                Some(rest) => rest.into_owned(),
                None => quoted(&list(raw)?),
            };
            (field, raw, format!("{program} {rest}"))
        }
        (Some((field, raw)), None) if says(tool, STARTING) => (field, raw, quoted(&list(raw)?)),
        (_, None) => {
            let (field, raw) = named(&PROGRAM)?;
            let words = list(raw).filter(|it| it.len() > 1)?;
            (field, raw, quoted(&words))
        }
        _ => return None,
    };
    Some(Part {
        role: BASH,
        field: Cow::Owned(field.to_owned()),
        raw,
        joined: Some(text),
    })
}

/// Words as shell text that means just them.
pub(super) fn quoted(words: &[String]) -> String {
    let words = words
        .iter()
        .map(|it| format!("'{}'", it.replace('\'', r"'\''")));
    words.collect::<Vec<_>>().join(" ")
}

/// Code that a tool runs on this machine, as the shell text that runs the same.
pub(super) fn interpreted<'a>(tool: &str, fields: &Fields<'a>) -> Option<Part<'a>> {
    // In a browser's page it reaches neither files nor programs.
    let page = ["browser", "page", "playwright", "puppeteer", "chrome"];
    let whole = tool.to_ascii_lowercase();
    if !says(tool, INTERPRETING) || page.iter().any(|it| whole.contains(it)) {
        return None;
    }
    let (field, raw) = fields
        .iter()
        .find(|(name, _)| matches!(*name, "code" | "script" | "source_code" | "expression"))?;
    let code = string(raw)?;
    let language = fields.lenient("language").to_ascii_lowercase();
    let is_any = |words: &[&str]| {
        let mut words = words.iter();
        words.any(|it| language == *it || whole.contains(it))
    };
    let start = if is_any(&["javascript", "typescript", "node", "deno"]) {
        "node -e"
    } else if is_any(&["ruby"]) {
        "ruby -e"
    } else if matches!(&*language, "" | "py" | "python" | "python3") {
        "python3 -c"
    } else {
        return None;
    };
    Some(Part {
        role: BASH,
        field: Cow::Owned(field.to_owned()),
        raw,
        joined: Some(format!("{start} {}", quoted(&[code.into_owned()]))),
    })
}

/// What a tool is to tell a database, as the shell text that tells it the same.
pub(super) fn queried<'a>(tool: &str, fields: &Fields<'a>) -> Option<Part<'a>> {
    let whole = tool.to_ascii_lowercase();
    let says_any = |words: &[&str]| words.iter().any(|it| whole.contains(it));
    let named = |names: &[&str]| fields.iter().find(|(name, _)| names.contains(name));
    let (start, found) = if says_any(&["redis", "valkey"]) {
        ("redis-cli", named(&["command", "cmd", "query"]))
    } else if says_any(&["mongo"]) {
        (
            "mongosh --eval",
            named(&["command", "query", "script", "code"]),
        )
    } else {
        let plain = [
            "sql",
            "statement",
            "statements",
            "sql_query",
            "sqlQuery",
            "queries",
        ];
        // What looks for documents is asked in words.
        let asks = [
            "search", "find", "docs", "document", "explain", "help", "page",
        ];
        let speaks = says_any(&SPEAKING_SQL) && !says(tool, &asks);
        let loose = speaks.then(|| named(&["query", "q", "command", "input"]));
        ("psql -c", named(&plain).or_else(|| loose.flatten()))
    };
    let (field, raw) = found?;
    let text = match string(raw) {
        Some(text) => text.into_owned(),
        None => serde_json::from_str::<Vec<String>>(raw.get())
            .ok()?
            .join(";\n"),
    };
    let text = match start {
        "redis-cli" => format!("redis-cli {}", quoted_words(&text)),
        start => format!("{start} {}", quoted(&[text])),
    };
    Some(Part {
        role: BASH,
        field: Cow::Owned(field.to_owned()),
        raw,
        joined: Some(text),
    })
}

/// Words in the names of tools, or of their servers, that are given SQL.
const SPEAKING_SQL: [&str; 16] = [
    "sql",
    "postgres",
    "maria",
    "database",
    "snowflake",
    "bigquery",
    "clickhouse",
    "duckdb",
    "supabase",
    "neon",
    "redshift",
    "cockroach",
    "planetscale",
    "turso",
    "oracle",
    "db__",
];

/// Each word of a text as a word of its own.
fn quoted_words(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    quoted(&words)
}

/// Words in the names of tools that start programs.
const STARTING: &[&str] = &[
    "shell", "bash", "exec", "terminal", "run", "spawn", "process",
];

/// Words in the names of tools that run code they are given.
const INTERPRETING: &[&str] = &["exec", "run", "eval", "python", "node", "repl", "interpret"];
