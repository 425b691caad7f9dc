//! Owns the search of a text for secrets that look as if they were in use. Does not own what follows.
//! Invariant: linear in the text; the value is there to be compared, never to be said.

use std::borrow::Cow;

use super::armour;
use super::live::{self, Proof};
use super::pass;
use super::scan::Text;

/// A secret in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    pub kind: &'static str,
    pub proof: Proof,
    /// The line it stands in, from 1.
    pub line: usize,
    /// Itself. Never shown.
    pub value: String,
}

/// So many are named at most.
const LIMIT: usize = 16;

/// The secrets of a text that look as if they were in use at a time (seconds since the epoch).
pub fn find(text: &str, now: i64) -> Vec<Secret> {
    let mut found = Vec::new();
    let without = armour::without_keys(text);
    if let Cow::Owned(_) = without {
        for key in armour::keys(text).take(LIMIT) {
            push(&mut found, "private-key", Proof::Sure, text, key);
        }
    }
    let read = Text::new(without.as_bytes());
    for value in pass::values(&without) {
        if found.len() >= LIMIT {
            break;
        }
        let (kind, proof) = live::proof(&read, &value, now);
        if proof > Proof::None
            && let Some(value) = without.get(value.at)
        {
            push(&mut found, kind, proof, text, value);
        }
    }
    found
}

/// Each value is looked for once: what stands in a text a thousand times is no thousand times its length.
fn push(found: &mut Vec<Secret>, kind: &'static str, proof: Proof, text: &str, value: &str) {
    if found.iter().any(|it| it.value == value) {
        return;
    }
    let before = text.split(value).next().unwrap_or_default();
    found.push(Secret {
        kind,
        proof,
        line: before.bytes().filter(|it| *it == b'\n').count() + 1,
        value: value.to_owned(),
    });
}

#[cfg(test)]
mod tests;
