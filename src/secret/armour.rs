//! Owns private keys in their armour. Does not own secrets within a line. Invariant: the keys are gone
//! before anything else is looked for. A key holds line ends, spaces and perhaps quotes: a reader that
//! met it whole would find the ends of words and strings at other places than one that met its mark.

use std::borrow::Cow;

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
