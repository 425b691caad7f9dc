//! Owns what puts values into text: formats, and the replacement of one text in another. Does not own which
//! functions do so (`builtin`). Invariants: a place that nothing fills is marked as unknown; a text does not
//! grow past [`GROWTH_LIMIT`].

use super::{Language, Value};
use crate::shell::invocation::UNKNOWN;

/// Text that is put together may not grow past this.
pub(super) const GROWTH_LIMIT: usize = 64 * 1024;
/// So many parts of a format are filled in.
const ITEM_LIMIT: usize = 64;

/// `"… %s" % value`, and what `sprintf` makes of its arguments.
pub(super) fn format(left: &Value, right: &Value) -> Value {
    let whole = left.text();
    let items = match right {
        Value::List(items) => items.as_slice(),
        other => std::slice::from_ref(other),
    };
    let mut items = items.iter().take(ITEM_LIMIT);
    let (mut text, mut rest) = (String::new(), whole.as_str());
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        rest = after;
        if let Some(after) = rest.strip_prefix('%') {
            text.push('%');
            rest = after;
            continue;
        }
        let digits = |it: char| it.is_ascii_digit() || matches!(it, '-' | '+' | '#' | '.' | '*');
        let spec = rest.trim_start_matches(digits);
        let mut letters = spec.chars();
        let kind = letters.next().unwrap_or_default();
        if !matches!(kind, 's' | 'c' | 'd' | 'i' | 'q' | 'r' | 'u' | 'v') {
            text.push('%');
            continue;
        }
        rest = letters.as_str();
        match (kind, items.next()) {
            ('c', Some(item)) => text.push_str(&character(item)),
            // Lua and Go quote so.
            ('q', Some(item)) => text.extend(["\"", item.text().as_str(), "\""]),
            (_, Some(item)) => text.push_str(&item.text()),
            (_, None) => text.push(UNKNOWN),
        }
        if text.len() > GROWTH_LIMIT {
            return Value::Unknown;
        }
    }
    text.push_str(rest);
    Value::Text(text)
}

/// `"… {}".format(value)`; in Lua and with the format among the arguments as [`format`].
pub(super) fn formatted(language: Language, receiver: &Value, args: &[Value]) -> Value {
    match receiver {
        Value::Text(_) if language == Language::Lua => {
            format(receiver, &Value::List(args.to_vec()))
        }
        Value::Text(text) => {
            let mut text = text.clone();
            for arg in args.iter().take(ITEM_LIMIT) {
                text = text.replacen("{}", &arg.text(), 1);
            }
            Value::Text(text.replace("{}", &UNKNOWN.to_string()))
        }
        _ => {
            let rest = Value::List(args.get(1..).unwrap_or_default().to_vec());
            args.first().map_or(Value::Unknown, |it| format(it, &rest))
        }
    }
}

/// `text.gsub("a", "b")`, `text.replace("a", "b")`, `string.gsub(text, "a", "b")`, where a literal stands for
/// itself.
pub(super) fn replaced(language: Language, receiver: &Value, args: &[Value]) -> Value {
    let (Value::Text(text), [Value::Text(old), Value::Text(new), ..]) = (match (receiver, args) {
        (Value::Unknown, [text, rest @ ..]) if language == Language::Lua => (text, rest),
        _ => (receiver, args),
    }) else {
        return Value::Unknown;
    };
    let Some(old) = plain(language, old).filter(|it| !it.is_empty()) else {
        return Value::Unknown;
    };
    let growth = text.matches(old.as_str()).count().saturating_mul(new.len());
    if growth > GROWTH_LIMIT || language == Language::Lua && new.contains('%') {
        return Value::Unknown;
    }
    Value::Text(text.replace(&old, new))
}

/// The text that a pattern stands for; None where it stands for several.
fn plain(language: Language, pattern: &str) -> Option<String> {
    if language != Language::Lua {
        return Some(pattern.to_owned());
    }
    let (mut found, mut letters) = (String::new(), pattern.chars());
    while let Some(letter) = letters.next() {
        match letter {
            '%' => found.push(letters.next().filter(char::is_ascii_punctuation)?),
            '^' | '$' | '(' | ')' | '.' | '[' | ']' | '*' | '+' | '-' | '?' => return None,
            _ => found.push(letter),
        }
    }
    Some(found)
}

/// What `%c` makes of a value: the character of a number, or the first one of a text.
fn character(value: &Value) -> String {
    match characters(std::slice::from_ref(value)) {
        Value::Text(text) => text,
        _ => value.text().chars().take(1).collect(),
    }
}

/// The characters of these numbers.
pub(super) fn characters(args: &[Value]) -> Value {
    let mut text = String::new();
    for arg in args {
        let Value::Text(number) = arg else {
            return Value::Unknown;
        };
        let code = match number.strip_prefix("0x") {
            Some(digits) => u32::from_str_radix(digits, 16),
            None => number.parse(),
        };
        match code.ok().and_then(char::from_u32) {
            Some(letter) => text.push(letter),
            None => return Value::Unknown,
        }
    }
    Value::Text(text)
}
