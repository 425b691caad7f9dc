//! Owns taking secrets out of a text: private keys first, then what one pass over the words finds (`pass`).
//! Invariant: only the value is replaced, by `[redacted:<kind>]`, and doing it twice changes nothing more.

use std::borrow::Cow;

use super::armour;
use super::pass;
use super::scan::Value;

/// The text without the secrets that are recognised in it; borrowed where there is none.
pub fn redact(text: &str) -> Cow<'_, str> {
    match armour::without_keys(text) {
        Cow::Borrowed(text) => without_words(text),
        Cow::Owned(text) => Cow::Owned(without_words(&text).into_owned()),
    }
}

/// The text without the secrets that are a word or the value of one.
fn without_words(text: &str) -> Cow<'_, str> {
    marked(text, &pass::values(text))
}

/// The text with marks in the place of values.
pub(super) fn marked<'t>(text: &'t str, found: &[Value]) -> Cow<'t, str> {
    if found.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut copied = 0;
    for value in found {
        out.push_str(text.get(copied..value.at.start).unwrap_or_default());
        out.push_str("[redacted:");
        out.push_str(value.kind);
        out.push(']');
        copied = value.at.end;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

#[cfg(test)]
mod tests;
