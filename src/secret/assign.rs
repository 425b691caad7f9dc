//! Owns secrets that only their name gives away: `password=…`, `--token …`, `"api_key": "…"`, an
//! `Authorization` header. Does not own token shapes (`shape`), nor user and password (`credential`).
//! Invariant: what is found is the value alone, and a reference such as `$TOKEN` is no value.

use std::ops::Range;

use super::scan::{
    Value, count_spaces, holds_mark, length_until, mark_length, skip_quote, word_length,
};

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
pub(super) fn named(text: &[u8], start: usize, end: usize) -> Option<Value> {
    // Every sensitive name ends in one of these: most words are done here.
    if !matches!(
        text.get(end - 1)?.to_ascii_lowercase(),
        b'd' | b'e' | b's' | b't' | b'n' | b'y' | b'h' | b'r'
    ) {
        return None;
    }
    let next = *text.get(end)?;
    if !matches!(next, b'=' | b':' | b'"' | b'\'' | b'\\' | b' ' | b'\t') {
        return None;
    }
    let kind = kind_of(text.get(..end)?)?;
    if kind == "authorization" {
        return header(text, end);
    }
    if kind == "bearer" {
        return bearer(text, end);
    }
    let (joint, from) = joint(text, start, end)?;
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
    before
        .get(before.len() - dashed..)
        .is_some_and(|it| it.starts_with(b"--"))
}

/// The value that begins at `from` or after spaces and a quote behind it.
fn value(text: &[u8], from: usize, joint: Joint) -> Option<Range<usize>> {
    let spaces = if joint == Joint::Equals {
        0
    } else {
        count_spaces(text, from)
    };
    let mut at = from + spaces;
    let quote = skip_quote(text, at);
    let end = match quote {
        Some(inside) => {
            let mark = *text.get(inside - 1)?;
            at = inside;
            let mut end = length_until(text, at, |it| it == mark || it == b'\n') + at;
            // The closing quote of a string in a string has a backslash of its own.
            if text.get(end - 1) == Some(&b'\\') && end > at {
                end -= 1;
            }
            end
        }
        None => at + plain_length(text, at),
    };
    let value = text.get(at..end)?;
    let secret = match quote {
        Some(_) => is_string(value),
        None => is_literal(value) && (joint != Joint::Loose || is_mixed(value)),
    };
    secret.then_some(at..end)
}

/// The length of a value without quotes. The mark of an earlier pass is part of it, brackets and all.
fn plain_length(text: &[u8], from: usize) -> usize {
    let ends = |it: u8| {
        matches!(
            it,
            b' ' | b'\t'
                | b'\n'
                | b'\r'
                | b'"'
                | b'\''
                | b'`'
                | b';'
                | b'|'
                | b'&'
                | b'<'
                | b'>'
                | b','
                | b')'
                | b'}'
                | b']'
                | b'\\'
        )
    };
    let mut at = from;
    loop {
        at += length_until(text, at, |it| it == b'[' || ends(it));
        match text.get(at) {
            Some(b'[') => at += text.get(at..).and_then(mark_length).unwrap_or(1),
            _ => return at - from,
        }
    }
}

/// True for a value without quotes that stands for itself: a string that is no call.
fn is_literal(value: &[u8]) -> bool {
    // Behind a slash stands no name of a function, but perhaps a secret: the value may be a URL.
    let called = value.iter().find(|it| matches!(it, b'(' | b'/'));
    called != Some(&b'(') && is_string(value)
}

/// True for a value that is no variable, placeholder or constant of a language.
pub(super) fn is_string(value: &[u8]) -> bool {
    let Some(&first) = value.first() else {
        return false;
    };
    if matches!(
        first,
        b'$' | b'<' | b'%' | b'(' | b'{' | b'[' | b'*' | b'/' | b'-'
    ) {
        return false;
    }
    if value.len() < 3 || value.iter().all(|it| *it == b'x' || *it == b'.') {
        return false;
    }
    !matches!(
        value.to_ascii_lowercase().as_slice(),
        b"true" | b"false" | b"null" | b"none" | b"nil" | b"undefined" | b"yes" | b"no" | b"string"
    )
}

/// True where something other than a name is in it: `token: String` is code, `token: x9f…` is not.
fn is_mixed(value: &[u8]) -> bool {
    value.len() >= 6
        && !holds_mark(value)
        && value
            .iter()
            .any(|it| !it.is_ascii_alphabetic() && !matches!(it, b'_' | b':' | b'.' | b'?' | b'-'))
}

/// The credentials of an `Authorization` header: all behind the scheme.
fn header(text: &[u8], end: usize) -> Option<Value> {
    let mut at = skip_quote(text, end).unwrap_or(end);
    at += count_spaces(text, at);
    if !matches!(text.get(at)?, b':' | b'=') {
        return None;
    }
    at += 1;
    at += count_spaces(text, at);
    at = skip_quote(text, at).unwrap_or(at);
    let word = word_length(text, at);
    let spaces = count_spaces(text, at + word);
    let scheme = text.get(at..at + word)?.to_ascii_lowercase();
    if spaces > 0
        && matches!(
            scheme.as_slice(),
            b"bearer" | b"basic" | b"token" | b"digest" | b"negotiate" | b"apikey" | b"bot"
        )
    {
        at += word + spaces;
    }
    let found = at..at + word_length(text, at);
    is_literal(text.get(found.clone())?).then_some(Value {
        at: found,
        kind: "authorization",
    })
}

/// `Bearer <token>` by itself: the token must look like one, the word is an ordinary one too.
fn bearer(text: &[u8], end: usize) -> Option<Value> {
    let at = end + count_spaces(text, end);
    let found = at..at + word_length(text, at);
    let value = text.get(found.clone())?;
    let is_token = value.len() >= 16 && value.iter().any(u8::is_ascii_digit);
    (is_token && !holds_mark(value) && is_literal(value)).then_some(Value {
        at: found,
        kind: "authorization",
    })
}
