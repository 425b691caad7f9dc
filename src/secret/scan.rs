//! Owns where words, quotes and the marks of an earlier pass end. Does not own what is a secret.
//! Invariants: a place behind the end of the text is the end of a word, never a failure; what a value
//! that is none was searched for is not searched for again from a name inside it.

use std::cell::Cell;
use std::ops::Range;

/// A secret value in a text.
pub(super) struct Value {
    pub(super) at: Range<usize>,
    pub(super) kind: &'static str,
}

/// A text, and how far it was searched for what ends a value or is part of one.
pub(super) struct Text<'a> {
    pub(super) bytes: &'a [u8],
    found: [Found; Stop::COUNT],
}

/// The stretch of a text that was searched: its end is the first place of what was looked for, for every
/// search that starts inside.
struct Found(Cell<(usize, usize)>);

/// What a search ends at.
#[derive(Clone, Copy)]
pub(super) enum Stop {
    /// The end of a value without quotes.
    Plain,
    /// The end of a word of a shell.
    Word,
    /// `(` or `/`.
    Call,
    /// What is no part of a name.
    Strange,
    /// A mark of an earlier pass, or what looks like one.
    Mark,
    Digit,
    /// Sixteen letters and digits behind what is neither.
    Stretch,
    /// The end of a run of letters and digits.
    Alnum,
    /// The end of a run of upper case letters and digits.
    Upper,
    /// The end of a run of letters, digits, `_` and `-`; the same behind one and two dots.
    Url,
    SecondUrl,
    ThirdUrl,
    /// The end of a run of letters, digits, `_`, `-` and `.`.
    Dotted,
    /// The end of a run of letters, digits, `_`, `-`, `+`, `/`, `=` and `%`.
    Wide,
}

impl Stop {
    const COUNT: usize = Self::Wide as usize + 1;
}

impl<'a> Text<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        // An empty stretch: no search starts inside.
        let found = std::array::from_fn(|_| Found(Cell::new((1, 0))));
        Self { bytes, found }
    }

    pub(super) fn byte(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// The bytes from a place on.
    pub(super) fn rest(&self, at: usize) -> &'a [u8] {
        self.part(at..self.bytes.len())
    }

    pub(super) fn part(&self, range: Range<usize>) -> &'a [u8] {
        self.bytes.get(range).unwrap_or_default()
    }

    /// The first such place at `at` or behind it; the end of the text where there is none.
    pub(super) fn next(&self, stop: Stop, at: usize) -> usize {
        let Some(Found(found)) = self.found.get(stop as usize) else {
            return at;
        };
        let (start, end) = found.get();
        if (start..=end).contains(&at) {
            return end;
        }
        let end = self.search(stop, at);
        found.set((at, end));
        end
    }

    /// True where there is such a place in the range.
    pub(super) fn has(&self, stop: Stop, range: &Range<usize>) -> bool {
        self.next(stop, range.start) < range.end
    }

    fn search(&self, stop: Stop, at: usize) -> usize {
        let until = |ends: fn(u8) -> bool| at + length_until(self.bytes, at, ends);
        match stop {
            Stop::Plain => at + plain_length(self.bytes, at),
            Stop::Word => at + word_length(self.bytes, at),
            Stop::Call => until(|it| matches!(it, b'(' | b'/')),
            Stop::Strange => until(|it| {
                !it.is_ascii_alphabetic() && !matches!(it, b'_' | b':' | b'.' | b'?' | b'-')
            }),
            Stop::Mark => at + before_mark_like(self.rest(at)),
            Stop::Digit => until(|it| it.is_ascii_digit()),
            Stop::Stretch => next_stretch(self.bytes, at),
            Stop::Alnum => until(|it| !it.is_ascii_alphanumeric()),
            Stop::Upper => until(|it| !(it.is_ascii_uppercase() || it.is_ascii_digit())),
            Stop::Url | Stop::SecondUrl | Stop::ThirdUrl => {
                until(|it| !it.is_ascii_alphanumeric() && !matches!(it, b'_' | b'-'))
            }
            Stop::Dotted => {
                until(|it| !it.is_ascii_alphanumeric() && !matches!(it, b'_' | b'-' | b'.'))
            }
            Stop::Wide => until(|it| {
                !it.is_ascii_alphanumeric()
                    && !matches!(it, b'_' | b'-' | b'+' | b'/' | b'=' | b'%')
            }),
        }
    }
}

/// The next stretch of letters and digits that is too long for a word, where `at` may begin one.
fn next_stretch(text: &[u8], at: usize) -> usize {
    let mut at = at;
    loop {
        let near = text.get(..at + STRETCH).unwrap_or(text);
        let length = length_until(near, at, |it| !it.is_ascii_alphanumeric());
        if length == STRETCH || at + length >= text.len() {
            return if length == STRETCH { at } else { text.len() };
        }
        at += length + 1;
    }
}

/// How many letters and digits make a stretch.
pub(super) const STRETCH: usize = 16;

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
    let kind = text.strip_prefix(MARK)?;
    let length = length_until(kind, 0, |it| !(it.is_ascii_lowercase() || it == b'-'));
    (kind.get(length) == Some(&b']')).then_some(MARK.len() + length + 1)
}

/// How every mark begins.
const MARK: &[u8] = b"[redacted:";

/// True where an earlier pass took something out: what it hid may have ended the text that is looked at,
/// so that what follows is no part of it.
pub(super) fn holds_mark(text: &[u8]) -> bool {
    before_mark_like(text) < text.len()
}

/// How much stands in front of what begins like a mark.
fn before_mark_like(text: &[u8]) -> usize {
    let mut at = 0;
    loop {
        at += length_until(text, at, |it| it == b'[');
        let rest = text.get(at..).unwrap_or_default();
        if rest.is_empty() || rest.starts_with(MARK) {
            return at;
        }
        at += 1;
    }
}

/// The text in front of the first mark in it.
pub(super) fn before_mark(text: &[u8]) -> &[u8] {
    let brackets = text.iter().enumerate().filter(|(_, it)| **it == b'[');
    let mut rests = brackets.filter_map(|(at, _)| text.split_at_checked(at));
    rests
        .find(|(_, rest)| mark_length(rest).is_some())
        .map_or(text, |(before, _)| before)
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

fn word_length(text: &[u8], at: usize) -> usize {
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
    let length = rest.iter().position(|it| ends(*it)).unwrap_or(rest.len());
    #[cfg(test)]
    work::add(length + 1);
    length
}

pub(super) fn count_spaces(text: &[u8], at: usize) -> usize {
    length_until(text, at, |it| !matches!(it, b' ' | b'\t'))
}

/// The place behind a quote at `at`, with the backslashes in front of it; absent where there is none.
pub(super) fn skip_quote(text: &[u8], at: usize) -> Option<usize> {
    let quote = at + length_until(text, at, |it| it != b'\\');
    matches!(text.get(quote), Some(b'"' | b'\'')).then_some(quote + 1)
}

/// Counts the bytes that were looked at, so that a test sees how the work grows.
#[cfg(test)]
pub(super) mod work {
    use std::cell::Cell;

    thread_local! {
        static BYTES: Cell<usize> = const { Cell::new(0) };
    }

    pub(crate) fn add(bytes: usize) {
        BYTES.set(BYTES.get() + bytes);
    }

    /// What was counted since the last time.
    pub(crate) fn take() -> usize {
        BYTES.take()
    }
}
