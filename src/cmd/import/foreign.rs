//! Owns what rules of other tools say, found by the names of their fields: secret scanners' rules in TOML and
//! guards' patterns in YAML. Does not own how a rule of ours is written (`written`). Invariant: what a rule
//! says and ours cannot is listed, never dropped in silence.

use serde_json::{Map, Value};

/// One rule of another tool.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Foreign {
    /// Its own id or name, else where it stands.
    pub(super) id: String,
    pub(super) regex: String,
    pub(super) keywords: Vec<String>,
    pub(super) why: String,
    pub(super) instead: String,
    pub(super) severity: String,
    pub(super) decision: &'static str,
    /// It looks for a secret, not for a command.
    pub(super) secret: bool,
    /// Conditions that ours cannot have.
    pub(super) lost: Vec<&'static str>,
}

/// What a file holds: its rules, and what else stands in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) rules: Vec<Foreign>,
    /// What cannot be taken over, and why.
    pub(super) left: Vec<(String, &'static str)>,
}

/// Lists nested deeper in maps are not looked for.
const DEPTH_LIMIT: usize = 4;

/// Every rule in a file.
pub(super) fn find(file: &Value) -> Found {
    let mut found = Found::default();
    walk(file, "", 0, &mut found);
    found
}

const REGEX: [&str; 4] = ["regex", "pattern", "test", "is"];

fn walk(value: &Value, place: &str, depth: usize, found: &mut Found) {
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                let place = match place {
                    "" => name.clone(),
                    _ => format!("{place}.{name}"),
                };
                match GLOBAL.iter().find(|it| it.0 == *name) {
                    Some((_, why)) if depth == 0 => found.left.push((place, why)),
                    _ if depth < DEPTH_LIMIT => walk(value, &place, depth + 1, found),
                    _ => {}
                }
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                let place = format!("{place}[{number}]");
                match item {
                    Value::Object(map) if REGEX.iter().any(|it| map.contains_key(*it)) => {
                        rule(map, &place, found);
                    }
                    Value::Object(_) => found.left.push((place, "it has no regex")),
                    Value::String(_) if number == 0 => {
                        found.left.push((place, "a list of words is no rule"));
                    }
                    _ => {}
                }
            }
        }
        _ => {}
    }
}

/// What stands at the top of a file and is no rule.
const GLOBAL: [(&str, &str); 5] = [
    (
        "allowlist",
        "exceptions for whole files and commits have no meaning for a call",
    ),
    (
        "allowlists",
        "exceptions for whole files and commits have no meaning for a call",
    ),
    ("extend", "other files are not read: import each of them"),
    (
        "zeroAccessPaths",
        "paths are protected by `paths.protect` in the policy",
    ),
    (
        "readOnlyPaths",
        "paths are protected by `paths.protect` in the policy",
    ),
];

/// Fields of a rule that ours cannot have.
const LOST: [(&str, &str); 9] = [
    ("entropy", "its floor of entropy"),
    ("secretGroup", "which group of the regex is the secret"),
    ("allowlist", "its exceptions"),
    ("allowlists", "its exceptions"),
    ("filters", "its filters"),
    ("exclude", "its exceptions"),
    ("except", "its exceptions"),
    ("path", "the files it looks at"),
    ("required", "the rules it needs beside it"),
];

fn rule(map: &Map<String, Value>, place: &str, found: &mut Found) {
    let text = |names: &[&str]| {
        let mut values = names.iter().filter_map(|it| map.get(*it)?.as_str());
        values.next().unwrap_or_default().to_owned()
    };
    let id = match text(&["id", "name", "key"]) {
        id if id.is_empty() => place.to_owned(),
        id => id,
    };
    let switched_off =
        map.get("enable").or_else(|| map.get("enabled")) == Some(&Value::Bool(false));
    let tool = text(&["tool"]).to_ascii_lowercase();
    let decision = text(&["decision", "action", "challenge"]).to_ascii_lowercase();
    let contains = text(&["method"]).eq_ignore_ascii_case("contains");
    let regex = text(&REGEX);
    let reason = match decision.as_str() {
        _ if switched_off => "it is switched off",
        _ if regex.is_empty() => "its regex is empty",
        _ if !matches!(tool.as_str(), "" | "bash" | "shell" | "*") => "it is about another tool",
        _ if is_allowing(place) || matches!(decision.as_str(), "allow" | "permit" | "safe") => {
            "it allows, and nothing here skips the questions of the user"
        }
        _ => "",
    };
    if !reason.is_empty() {
        found.left.push((id, reason));
        return;
    }
    let list = |name: &str| -> Vec<String> {
        let values = map.get(name).and_then(Value::as_array);
        let words = values.into_iter().flatten().filter_map(Value::as_str);
        words.map(str::to_owned).collect()
    };
    let conditions = LOST.iter().filter(|(name, _)| map.contains_key(*name));
    found.rules.push(Foreign {
        regex: if contains { escaped(&regex) } else { regex },
        keywords: list("keywords"),
        why: text(&["description", "reason", "message", "title", "explanation"]),
        instead: text(&["alternative", "suggestion", "instead", "fix"]),
        severity: text(&["severity", "level"]).to_ascii_lowercase(),
        decision: match decision.as_str() {
            _ if map.get("ask") == Some(&Value::Bool(true)) => "ask",
            "deny" | "block" | "reject" => "deny",
            "warn" | "alert" | "log" => "warn",
            _ if BLOCKING.iter().any(|it| place.contains(it)) => "deny",
            _ => "ask",
        },
        secret: map.contains_key("keywords")
            || map.contains_key("entropy")
            || map.contains_key("secretGroup"),
        lost: conditions.map(|it| it.1).collect(),
        id,
    });
}

/// Lists whose patterns are refused where they say nothing else.
const BLOCKING: [&str; 3] = ["deny", "block", "bashToolPatterns"];

/// True for a list of what is let through.
fn is_allowing(place: &str) -> bool {
    let place = place.to_ascii_lowercase();
    ["allow", "safe", "whitelist"]
        .iter()
        .any(|it| place.contains(it))
}

/// A text as a regex that matches it.
fn escaped(text: &str) -> String {
    let mut regex = String::new();
    for letter in text.chars() {
        if "\\.+*?()|[]{}^$#&-~".contains(letter) {
            regex.push('\\');
        }
        regex.push(letter);
    }
    regex
}
