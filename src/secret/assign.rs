//! Owns secrets that only their name gives away: `password=…`, `--token …`, `"api_key": "…"`, an
//! `Authorization` header. Does not own token shapes (`shape`), nor user and password (`credential`).
//! Invariant: what is found is the value alone, and a reference such as `$TOKEN` is no value.

use std::ops::Range;

use super::scan::{Stop, Text, Value, count_spaces, length_until, skip_quote};

/// How a name and its value are joined.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// `name=value`, `name="value"`.
    Equals,
    /// `name: value`, `name = value`.
    Loose,
    /// `--name value`.
    Flag,
}

/// The value of the name that ends at `end` (its last word began at `start`), where that name says that
/// it is a secret.
pub(super) fn named(text: &Text<'_>, start: usize, end: usize) -> Option<Value> {
    let bytes = text.bytes;
    // Every sensitive name ends in one of these: most words are done here.
    let [before, last] = *bytes.get(..end)?.last_chunk::<2>()?;
    if !matches!(
        (before | 0x20, last | 0x20),
        (b'r' | b'w', b'd')
            | (b's', b'e' | b's')
            | (b'e', b't' | b'n' | b'y' | b'r')
            | (b'o', b'n')
    ) {
        return None;
    }
    let next = *bytes.get(end)?;
    if !matches!(next, b'=' | b':' | b'"' | b'\'' | b'\\' | b' ' | b'\t') {
        return None;
    }
    let kind = kind_of(bytes.get(..end)?)?;
    if kind == "authorization" {
        return header(text, end);
    }
    if kind == "bearer" {
        return bearer(text, end);
    }
    let (joint, from) = joint(bytes, start, end)?;
    let at = value(text, from, joint)?;
    Some(Value { at, kind })
}

/// What a name that ends a text stands for, case and `-` aside.
fn kind_of(text: &[u8]) -> Option<&'static str> {
    let mut tail = *text.last_chunk::<3>()?;
    tail.make_ascii_lowercase();
    let (name, kind) = match &tail {
        b"ord" => ("password", "password"),
        b"swd" => ("passwd", "password"),
        b"ase" => ("passphrase", "password"),
        b"ass" => return whole(text, "pass").then_some("password"),
        b"pwd" if ends_with(text, b"dbpwd") => ("dbpwd", "password"),
        b"pwd" => ("_pwd", "password"),
        b"ret" => ("secret", "secret"),
        b"ken" => ("token", "token"),
        b"key" => return key_kind(text),
        b"ion" => return whole(text, "authorization").then_some("authorization"),
        b"rer" => return whole(text, "bearer").then_some("bearer"),
        _ => return None,
    };
    ends_with(text, name.as_bytes()).then_some(kind)
}

/// The keys that are secrets: most names that end in `key` are none.
fn key_kind(text: &[u8]) -> Option<&'static str> {
    const KEYS: &str = "api access secret private account auth encryption signing shared";
    let before = text.get(..text.len() - 3)?;
    let before = before
        .strip_suffix(b"_")
        .or_else(|| before.strip_suffix(b"-"))
        .unwrap_or(before);
    KEYS.split(' ')
        .any(|it| ends_with(before, it.as_bytes()))
        .then_some("key")
}

/// True where the text ends in the word itself: `compass` and `bypass` are others.
fn whole(text: &[u8], word: &str) -> bool {
    let before = text.len().checked_sub(word.len() + 1);
    ends_with(text, word.as_bytes())
        && before
            .and_then(|it| text.get(it))
            .is_none_or(|it| !it.is_ascii_alphanumeric())
}

fn ends_with(text: &[u8], name: &[u8]) -> bool {
    let Some(tail) = text
        .len()
        .checked_sub(name.len())
        .and_then(|it| text.get(it..))
    else {
        return false;
    };
    tail.iter().zip(name).all(|(&found, &wanted)| {
        found.to_ascii_lowercase() == wanted || (wanted == b'_' && found == b'-')
    })
}

/// How the name is joined to its value, and where that begins.
fn joint(text: &[u8], start: usize, end: usize) -> Option<(Joint, usize)> {
    let mut at = end;
    // A quoted name: `"token": …`, also inside a string: `\"token\": …`.
    let quoted = skip_quote(text, at);
    at = quoted.unwrap_or(at);
    let spaces = count_spaces(text, at);
    match text.get(at + spaces)? {
        b'=' if spaces == 0 && !matches!(text.get(at + 1), Some(b'=' | b'~')) => {
            Some((Joint::Equals, at + 1))
        }
        b'=' if matches!(text.get(at + spaces + 1), Some(b' ' | b'"' | b'\'')) => {
            Some((Joint::Loose, at + spaces + 1))
        }
        b':' if text.get(at + spaces + 1) != Some(&b':') => Some((Joint::Loose, at + spaces + 1)),
        _ if spaces > 0 && quoted.is_none() && is_flag(text, start) => {
            Some((Joint::Flag, at + spaces))
        }
        _ => None,
    }
}

/// True where the word at `start` belongs to a `--long-flag`.
fn is_flag(text: &[u8], start: usize) -> bool {
    let before = text.get(..start).unwrap_or_default();
    let dashed = before
        .iter()
        .rev()
        .take_while(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_'))
        .count();
    #[cfg(test)]
    super::scan::work::add(dashed);
    before
        .get(before.len() - dashed..)
        .is_some_and(|it| it.starts_with(b"--"))
}

/// The value that begins at `from` or after spaces and a quote behind it.
fn value(text: &Text<'_>, from: usize, joint: Joint) -> Option<Range<usize>> {
    let bytes = text.bytes;
    let spaces = if joint == Joint::Equals {
        0
    } else {
        count_spaces(bytes, from)
    };
    let at = from + spaces;
    if let Some(inside) = skip_quote(bytes, at) {
        let mark = text.byte(inside - 1)?;
        // No search for the end that is remembered: the next one from the same quote starts behind it.
        let mut end = inside + length_until(bytes, inside, |it| it == mark || it == b'\n');
        // The closing quote of a string in a string has a backslash of its own.
        if bytes.get(end - 1) == Some(&b'\\') && end > inside {
            end -= 1;
        }
        return is_string(bytes.get(inside..end)?).then_some(inside..end);
    }
    let found = at..text.next(Stop::Plain, at);
    let secret = is_literal(text, &found)? && (joint != Joint::Loose || is_mixed(text, &found));
    secret.then_some(found)
}

/// True for a value without quotes that stands for itself: a string that is no call.
fn is_literal(text: &Text<'_>, value: &Range<usize>) -> Option<bool> {
    // Behind a slash stands no name of a function, but perhaps a secret: the value may be a URL.
    let called = text.next(Stop::Call, value.start);
    let is_call = called < value.end && text.byte(called) == Some(b'(');
    Some(!is_call && is_string(text.bytes.get(value.clone())?))
}

/// True for a value that is no variable, placeholder or constant of a language.
pub(super) fn is_string(value: &[u8]) -> bool {
    const CONSTANTS: &str = "true false null none nil undefined yes no string";
    let Some(&first) = value.first() else {
        return false;
    };
    if matches!(
        first,
        b'$' | b'<' | b'%' | b'(' | b'{' | b'[' | b'*' | b'/' | b'-'
    ) {
        return false;
    }
    let blank = length_until(value, 0, |it| it != b'x' && it != b'.');
    value.len() >= 3 && blank < value.len() && !is_one_of(value, CONSTANTS)
}

/// True for one of the words, case aside.
fn is_one_of(text: &[u8], words: &str) -> bool {
    let mut words = words.split(' ');
    words.any(|it| text.eq_ignore_ascii_case(it.as_bytes()))
}

/// True where something other than a name is in it: `token: String` is code, `token: x9f…` is not.
fn is_mixed(text: &Text<'_>, value: &Range<usize>) -> bool {
    value.len() >= 6 && !text.has(Stop::Mark, value) && text.has(Stop::Strange, value)
}

/// The credentials of an `Authorization` header: all behind the scheme.
fn header(text: &Text<'_>, end: usize) -> Option<Value> {
    const SCHEMES: &str = "bearer basic token digest negotiate apikey bot";
    let bytes = text.bytes;
    let mut at = skip_quote(bytes, end).unwrap_or(end);
    at += count_spaces(bytes, at);
    if !matches!(bytes.get(at)?, b':' | b'=') {
        return None;
    }
    at += 1;
    at += count_spaces(bytes, at);
    at = skip_quote(bytes, at).unwrap_or(at);
    let word = at..text.next(Stop::Word, at);
    let spaces = count_spaces(bytes, word.end);
    if spaces > 0 && is_one_of(bytes.get(word.clone())?, SCHEMES) {
        at = word.end + spaces;
    }
    let found = at..text.next(Stop::Word, at);
    is_literal(text, &found)?.then_some(Value {
        at: found,
        kind: "authorization",
    })
}

/// `Bearer <token>` by itself: the token must look like one, the word is an ordinary one too.
fn bearer(text: &Text<'_>, end: usize) -> Option<Value> {
    let at = end + count_spaces(text.bytes, end);
    let found = at..text.next(Stop::Word, at);
    let is_token = found.len() >= 16 && text.has(Stop::Digit, &found);
    (is_token && !text.has(Stop::Mark, &found) && is_literal(text, &found)?).then_some(Value {
        at: found,
        kind: "authorization",
    })
}
