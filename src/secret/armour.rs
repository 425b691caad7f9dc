//! Owns private keys in their armour. Does not own secrets within a line. Invariant: the keys are gone
//! before anything else is looked for. A key holds line ends, spaces and perhaps quotes: a reader that
//! met it whole would find the ends of words and strings at other places than one that met its mark.

use std::borrow::Cow;

use super::random::{is_mixed, is_random};

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const EDGE: &str = "-----";

/// The text with a mark in the place of every private key; borrowed where there is none.
pub(super) fn without_keys(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    let (mut copied, mut at) = (0, 0);
    while let Some(found) = text.get(at..).and_then(|it| it.find(BEGIN)) {
        let start = at + found;
        let Some(length) = text.get(start..).and_then(key_length) else {
            at = start + EDGE.len();
            continue;
        };
        out.push_str(text.get(copied..start).unwrap_or_default());
        out.push_str("[redacted:private-key]");
        (copied, at) = (start + length, start + length);
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    Cow::Owned(out)
}

/// How long the private key is that starts here: up to its end line, or all where it was cut off.
fn key_length(text: &str) -> Option<usize> {
    /// The first line of an armour is no longer.
    const LABEL: usize = 53;
    let rest = text.strip_prefix(BEGIN)?;
    // No other character, so that no mark is part of a label: what it hides may have been long.
    let label = rest
        .bytes()
        .take(LABEL)
        .take_while(|it| it.is_ascii_alphanumeric() || *it == b' ')
        .count();
    if !rest.get(..label)?.contains("PRIVATE KEY") {
        return None;
    }
    let Some(last) = text.find(END) else {
        return Some(text.len());
    };
    let tail = last + END.len();
    let edge = text.get(tail..)?.find(EDGE);
    Some(edge.map_or(text.len(), |it| tail + it + EDGE.len()))
}

/// The first stretch of every private key of the text that holds one: an armour around nothing, as it
/// stands in programs that read keys, has none.
pub(super) fn keys(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let start = rest.find(BEGIN)?;
            let armour = rest.get(start..)?;
            let length = key_length(armour).unwrap_or(EDGE.len());
            rest = armour.get(length..).unwrap_or_default();
            if let Some(key) = armour.get(..length).and_then(body) {
                return Some(key);
            }
        }
    })
}

/// The longest piece of the content of an armour, where it may be a key.
fn body(armour: &str) -> Option<&str> {
    const LINE: usize = 40;
    let encoded = |it: char| it.is_ascii_alphanumeric() || matches!(it, '+' | '/' | '=');
    let inner = armour.strip_prefix(BEGIN)?.split_once(EDGE)?.1;
    let inner = inner.split(END).next().unwrap_or(inner);
    if inner.contains("ENCRYPTED") {
        return None;
    }
    // In a string the ends of lines are `\n`, whose letter is none of the key's.
    let pieces = inner.split(|it: char| !encoded(it));
    let pieces = pieces.map(|it| {
        it.strip_prefix('n')
            .filter(|_| inner.contains("\\n"))
            .unwrap_or(it)
    });
    let piece = pieces.max_by_key(|it| it.len())?;
    let key = piece.as_bytes();
    (key.len() >= LINE && is_random(key) && is_mixed(key)).then_some(piece)
}
