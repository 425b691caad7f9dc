//! Owns the recognition of hook entries: which are ours, which of those are in force, and which entry
//! would cost the whole file. Does not own reading files. Invariant: an entry of ours that would not
//! reach us on every call of its event is never called sound.

use serde_json::{Map, Value};

use crate::event::Kind;

/// One hook entry of ours in a settings file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub event: String,
    /// The program it starts.
    pub command: String,
    pub args: Vec<String>,
    /// It reaches us on every call of its event, and a failure goes the right way.
    pub sound: bool,
    /// Event, matcher and handler as JSON, keys sorted.
    pub text: String,
}

impl Entry {
    /// The value of an argument such as `--state-dir`.
    pub fn arg(&self, name: &str) -> Option<&str> {
        let at = self.args.iter().position(|it| it == name)?;
        self.args.get(at + 1).map(String::as_str)
    }
}

/// Our entries under `hooks`, in order of event names.
pub fn entries(hooks: &Map<String, Value>) -> Vec<Entry> {
    let mut found = Vec::new();
    for (event, groups) in hooks {
        for group in groups.as_array().into_iter().flatten() {
            let handlers = group.get("hooks").and_then(Value::as_array);
            for handler in handlers.into_iter().flatten() {
                if is_ours(handler) {
                    found.push(entry(event, group, handler));
                }
            }
        }
    }
    found
}

/// True where anything of ours is wired on the event.
pub fn has_entry(found: &[Entry], event: &str) -> bool {
    found.iter().any(|it| it.event == event)
}

/// True for a handler that starts `hookbin hook`, in exec form or in shell form.
pub fn is_ours(handler: &Value) -> bool {
    let Some(command) = handler.get("command").and_then(Value::as_str) else {
        return false;
    };
    match handler.get("args") {
        None | Some(Value::Null) => {
            let mut words = command
                .split_ascii_whitespace()
                .skip_while(|it| *it == "exec");
            words
                .next()
                .is_some_and(|it| is_named_hookbin(unquoted(it)))
                && words.next() == Some("hook")
        }
        Some(args) => {
            is_named_hookbin(command) && args.get(0).and_then(Value::as_str) == Some("hook")
        }
    }
}

/// True for a group that is not limited to some tools or sources.
pub fn is_unrestricted(group: &Value) -> bool {
    match group.get("matcher") {
        None | Some(Value::Null) => true,
        Some(matcher) => matches!(matcher.as_str(), Some("" | "*")),
    }
}

/// What makes the client throw the whole file away: a malformed entry of an event that guards.
pub(super) fn rejected(hooks: &Map<String, Value>) -> String {
    for event in [Kind::PreToolUse.name(), Kind::PermissionRequest.name()] {
        let Some(groups) = hooks.get(event) else {
            continue;
        };
        let Some(groups) = groups.as_array() else {
            return format!("`hooks.{event}` is not a list");
        };
        if let Some(problem) = groups.iter().find_map(group_problem) {
            return format!("an entry of `hooks.{event}` {problem}");
        }
    }
    String::new()
}

fn group_problem(group: &Value) -> Option<&'static str> {
    if !group.is_object() {
        return Some("is not an object");
    }
    if !group.get("matcher").is_none_or(Value::is_string) {
        return Some("has a matcher that is not a string");
    }
    let Some(handlers) = group.get("hooks").and_then(Value::as_array) else {
        return Some("has no list of `hooks`");
    };
    handlers.iter().find_map(handler_problem)
}

fn handler_problem(handler: &Value) -> Option<&'static str> {
    let text = |key: &str| handler.get(key).and_then(Value::as_str);
    let required: &[&str] = match text("type") {
        Some("command") => &["command"],
        Some("http") => &["url"],
        Some("mcp_tool") => &["server", "tool"],
        Some("prompt" | "agent") => &["prompt"],
        Some(_) | None => return Some("has an unknown type"),
    };
    if required.iter().any(|it| text(it).is_none()) {
        return Some("lacks a field its type needs");
    }
    if let Some(timeout) = handler.get("timeout")
        && timeout.as_f64().is_none_or(|it| it <= 0.0)
    {
        return Some("has a timeout that is not a positive number");
    }
    match handler.get("onFailure").map(Value::as_str) {
        None | Some(Some("continue" | "block")) => {}
        Some(_) => return Some("has an onFailure that is neither continue nor block"),
    }
    match handler.get("args") {
        None => None,
        Some(Value::Array(args)) if args.iter().all(Value::is_string) => None,
        Some(_) => Some("has args that are not a list of strings"),
    }
}

fn entry(event: &str, group: &Value, handler: &Value) -> Entry {
    let written = handler.get("command").and_then(Value::as_str);
    let written = written.unwrap_or_default();
    let args = handler.get("args").and_then(Value::as_array);
    let (command, args): (String, Vec<String>) = if let Some(args) = args {
        let words = args.iter().filter_map(Value::as_str);
        (written.to_owned(), words.map(str::to_owned).collect())
    } else {
        let words = written.split_ascii_whitespace().map(unquoted);
        let mut words = words.skip_while(|it| *it == "exec").map(str::to_owned);
        (words.next().unwrap_or_default(), words.collect())
    };
    let matcher = group.get("matcher").cloned().unwrap_or_default();
    Entry {
        event: event.to_owned(),
        sound: is_unrestricted(group) && is_sound(event, handler, &args),
        text: format!("{event} {matcher} {handler}"),
        command,
        args,
    }
}

/// Whether the handler runs at once, always, told the right event, and fails the right way.
fn is_sound(event: &str, handler: &Value, args: &[String]) -> bool {
    let absent = |key: &str| {
        matches!(
            handler.get(key),
            None | Some(Value::Null | Value::Bool(false))
        )
    };
    let blocks = handler.get("onFailure").and_then(Value::as_str) == Some("block");
    let told = args
        .get(1)
        .is_none_or(|it| it == event || it.starts_with('-'));
    handler_problem(handler).is_none()
        && handler.get("type").and_then(Value::as_str) == Some("command")
        && absent("if")
        && absent("async")
        && absent("asyncRewake")
        && absent("once")
        && told
        && (blocks || event != Kind::PreToolUse.name())
        && !args.iter().any(|it| it == "--help" || it == "-h")
}

/// True where the last component of a program's path is ours.
fn is_named_hookbin(program: &str) -> bool {
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
    matches!(name, "hookbin" | "hookbin.exe")
}

fn unquoted(word: &str) -> &str {
    word.trim_matches(['"', '\''])
}
