//! Owns taking out of a text what a reader has no business with and could use: secrets that look as if they
//! were in use, and whatever a line of configuration calls a password. Does not own how they are found
//! (`pass`), nor what looks live (`live`). Invariant: what [`super::redact`] leaves stays; the passwords of
//! examples and of code under test stay too, because who works on them must see them.

use std::borrow::Cow;

use super::armour;
use super::live::{self, Proof};
use super::pass;
use super::random::says_example;
use super::redact::marked;
use super::scan::{Text, Value};

/// The text without such secrets at a time (seconds since the epoch); borrowed where there is none.
pub fn conceal(text: &str, now: i64) -> Cow<'_, str> {
    match armour::without_keys(text) {
        Cow::Borrowed(text) => without_live(text, now),
        Cow::Owned(text) => Cow::Owned(without_live(&text, now).into_owned()),
    }
}

fn without_live(text: &str, now: i64) -> Cow<'_, str> {
    let mut found = pass::values(text);
    if !found.is_empty() {
        let read = Text::new(text.as_bytes());
        found.retain(|it| {
            live::proof(&read, it, now).1 > Proof::None || is_configured(text.as_bytes(), it)
        });
    }
    marked(text, &found)
}

/// True for the value of a line of configuration: `NAME=value` from the start of the line, or behind the
/// place that a search names, to its end. Code has spaces, or goes on.
fn is_configured(text: &[u8], value: &Value) -> bool {
    /// No name is longer.
    const LINE: usize = 160;
    let quote = |it: Option<&u8>| it.is_some_and(|it| matches!(it, b'"' | b'\''));
    let at = value.at.start;
    let before = text.get(at.saturating_sub(LINE)..at).unwrap_or_default();
    let before = before
        .strip_suffix(b"\"")
        .or(before.strip_suffix(b"'"))
        .unwrap_or(before);
    let end = value.at.end + usize::from(quote(text.get(value.at.end)));
    let ended = text.get(end).is_none_or(|it| matches!(it, b'\n' | b'\r'));
    let Some(named) = before.strip_suffix(b"=").filter(|_| ended) else {
        return false;
    };
    let name = |it: &&u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.');
    let length = named.iter().rev().take_while(name).count();
    let front = named.get(..named.len() - length).unwrap_or_default();
    let starts = matches!(front.last(), None | Some(b'\n' | b':')) || front.ends_with(b"export ");
    let found = text.get(value.at.clone()).unwrap_or_default();
    starts && length > 0 && !says_example(found)
}

#[cfg(test)]
mod tests;
