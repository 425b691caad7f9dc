//! Owns what a session remembers of the settings files it started with, one short line per layer.
//! Does not own when that is taken or compared. Invariant: a layer that was never looked at
//! ([`recall`] of an empty list) differs from one that held nothing.

use super::{Inspection, Layer};

/// What one layer held when it was last in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// [`Inspection::wired`].
    pub wired: u64,
    /// [`Inspection::entries_digest`].
    pub entries: String,
    /// [`Inspection::env_digest`].
    pub env: String,
}

impl Memory {
    /// What is worth remembering of an inspected file.
    pub fn of(inspection: &Inspection) -> Self {
        Self {
            wired: inspection.wired,
            entries: inspection.entries_digest(),
            env: inspection.env_digest(),
        }
    }
}

/// The list of a session that was looked at and whose layers hold nothing.
const NOTHING: &str = "-";

/// The lines for a session's state.
pub fn lines(layers: &[(Layer, Memory)]) -> Vec<String> {
    let mut lines: Vec<String> = layers
        .iter()
        .filter(|(_, it)| *it != Memory::default())
        .map(|(layer, it)| {
            let word = layer.word();
            format!(
                "{word} {:x} {} {}",
                it.wired,
                dash(&it.entries),
                dash(&it.env)
            )
        })
        .collect();
    if lines.is_empty() {
        lines.push(NOTHING.to_owned());
    }
    lines
}

/// What a session remembers of a layer; `None` where it never looked.
pub fn recall(lines: &[String], layer: Layer) -> Option<Memory> {
    if lines.is_empty() {
        return None;
    }
    let found = lines.iter().find_map(|line| {
        let mut words = line.split(' ');
        if words.next() != Some(layer.word()) {
            return None;
        }
        let mut next = || {
            words
                .next()
                .unwrap_or_default()
                .trim_matches('-')
                .to_owned()
        };
        Some(Memory {
            wired: u64::from_str_radix(&next(), 16).unwrap_or(0),
            entries: next(),
            env: next(),
        })
    });
    Some(found.unwrap_or_default())
}

fn dash(text: &str) -> &str {
    if text.is_empty() { NOTHING } else { text }
}
