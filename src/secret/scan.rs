//! Owns where words, quotes and the marks of an earlier pass end. Does not own what is a secret.
//! Invariant: a place behind the end of the text is the end of a word, never a failure.

use std::ops::Range;

/// A secret value in a text.
pub(super) struct Value {
    pub(super) at: Range<usize>,
    pub(super) kind: &'static str,
}

/// One load per byte instead of a chain of comparisons: every byte of every text is asked.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
static WORD: [bool; 256] = {
    let mut word = [false; 256];
    let mut byte = 0u8;
    while byte < 128 {
        word[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_';
        byte += 1;
    }
    word
};

pub(super) fn is_word(byte: u8) -> bool {
    WORD.get(usize::from(byte)).copied().unwrap_or(false)
}

/// The length of a mark that starts here: anything else in such brackets hides nothing.
pub(super) fn mark_length(text: &[u8]) -> Option<usize> {
    const OPEN: &[u8] = b"[redacted:";
    let kind = text.strip_prefix(OPEN)?;
    let length = kind
        .iter()
        .position(|it| !(it.is_ascii_lowercase() || *it == b'-'))?;
    (kind.get(length) == Some(&b']')).then_some(OPEN.len() + length + 1)
}

/// True where an earlier pass took something out: what it hid may have ended the text that is looked at,
/// so that what follows is no part of it.
pub(super) fn holds_mark(text: &[u8]) -> bool {
    text.windows(10).any(|it| it == b"[redacted:")
}

/// The text in front of the first mark in it.
pub(super) fn before_mark(text: &[u8]) -> &[u8] {
    let brackets = text.iter().enumerate().filter(|(_, it)| **it == b'[');
    let mut rests = brackets.filter_map(|(at, _)| text.split_at_checked(at));
    rests
        .find(|(_, rest)| mark_length(rest).is_some())
        .map_or(text, |(before, _)| before)
}

pub(super) fn word_length(text: &[u8], at: usize) -> usize {
    length_until(text, at, |it| {
        it.is_ascii_whitespace()
            || matches!(
                it,
                b'"' | b'\'' | b'`' | b';' | b'|' | b'&' | b'<' | b'>' | b')' | b'\\' | b','
            )
    })
}

pub(super) fn length_until(text: &[u8], at: usize, ends: impl Fn(u8) -> bool) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    rest.iter().position(|it| ends(*it)).unwrap_or(rest.len())
}

pub(super) fn count_spaces(text: &[u8], at: usize) -> usize {
    length_until(text, at, |it| !matches!(it, b' ' | b'\t'))
}

/// The place behind a quote at `at`, with the backslashes in front of it; absent where there is none.
pub(super) fn skip_quote(text: &[u8], at: usize) -> Option<usize> {
    let quote = at + length_until(text, at, |it| it != b'\\');
    matches!(text.get(quote), Some(b'"' | b'\'')).then_some(quote + 1)
}
