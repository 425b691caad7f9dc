//! Owns words and what stands between them in JSON text that is not decoded: line ends are `\n`, quotes
//! `\"`. Does not own what the words say (`phrase`). Invariant: nothing is looked for further than a named
//! number of bytes away.

use std::ops::Range;

/// Between two words of a phrase stands no more: markup, line ends, comment signs.
pub(super) const GAP_LIMIT: usize = 24;
/// No word of a phrase is longer.
const WORD_LIMIT: usize = 20;
/// A quotation that is a mention begins and ends near the phrase.
const QUOTE_LIMIT: usize = 120;

/// True for one of the words, case aside.
pub(super) fn names(words: &str, word: &[u8]) -> bool {
    // Byte by byte: the words are too short for a search that has to be set up.
    let mut words = words.as_bytes().split(|it| *it == b' ');
    words.any(|it| it.eq_ignore_ascii_case(word))
}

pub(super) fn is(word: &[u8], wanted: &str) -> bool {
    word.eq_ignore_ascii_case(wanted.as_bytes())
}

/// Letters, also those beyond ASCII, but no punctuation of that kind (U+2000 and up).
fn is_letter(text: &[u8], at: usize) -> bool {
    match text.get(at) {
        Some(it) if it.is_ascii() => it.is_ascii_alphabetic(),
        Some(0xc3..=0xdf) => true,
        Some(0x80..=0xbf) => {
            let lead = at.checked_sub(1).and_then(|it| text.get(it));
            lead.is_some_and(|it| (0xc3..=0xdf).contains(it))
        }
        _ => false,
    }
}

/// The ASCII word around a place.
pub(super) fn word_around(text: &[u8], at: usize) -> Option<Range<usize>> {
    let (before, after) = text.split_at_checked(at)?;
    let letters = |it: usize| it <= WORD_LIMIT;
    let left = before
        .iter()
        .rev()
        .take(WORD_LIMIT + 1)
        .take_while(|it| it.is_ascii_alphabetic())
        .count();
    let right = after
        .iter()
        .take(WORD_LIMIT + 1)
        .take_while(|it| it.is_ascii_alphabetic())
        .count();
    if !letters(left) || !letters(right) {
        return None;
    }
    // The letter of a line end is none of the word.
    let left = if left > 0 && is_escape(text, at - left) {
        left - 1
    } else {
        left
    };
    Some(at - left..at + right)
}

/// True where the letter at a place belongs to an escape such as `\n`.
fn is_escape(text: &[u8], at: usize) -> bool {
    let (before, _) = text.split_at_checked(at).unwrap_or_default();
    let slashes = before
        .iter()
        .rev()
        .take(GAP_LIMIT)
        .take_while(|it| **it == b'\\')
        .count();
    slashes % 2 == 1 && matches!(text.get(at), Some(b'n' | b't' | b'r' | b'b' | b'f'))
}

/// True where a word can begin.
pub(super) fn boundary(text: &[u8], at: usize) -> bool {
    let Some(before) = at.checked_sub(1) else {
        return true;
    };
    match text.get(before) {
        Some(b'_' | b'-' | b'/' | b'$' | b'@') => false,
        Some(it) if it.is_ascii_digit() => false,
        Some(it) if it.is_ascii_alphabetic() => is_escape(text, before),
        _ => !is_letter(text, before),
    }
}

/// The length of what separates two words and is more than a joint; absent where a sentence ends.
pub(super) fn gap(text: &[u8], from: usize) -> Option<usize> {
    let near = text.get(from..)?;
    let near = near.get(..GAP_LIMIT).unwrap_or(near);
    let (mut at, mut space) = (0, false);
    loop {
        let (length, is_space) = match near.get(at..)? {
            [b' ' | b'\t', ..] => (1, true),
            [b'\\', b'n' | b't' | b'r', ..] | [0xc2, 0xa0, ..] => (2, true),
            [b'&', b'n', b'b', b's', b'p', b';', ..] => (6, true),
            [b'*' | b'_' | b'~' | b'#' | b'>' | b'/' | b'|' | b',', ..] => (1, false),
            _ => break,
        };
        at += length;
        space |= is_space;
    }
    space.then_some(at)
}

/// The next word of the sentence.
pub(super) fn next(text: &[u8], from: usize) -> Option<Range<usize>> {
    let start = from + gap(text, from)?;
    let length = (start..start + WORD_LIMIT)
        .take_while(|it| is_letter(text, *it))
        .count();
    (length > 0 && length < WORD_LIMIT).then_some(start..start + length)
}

/// The word before a place, in the same sentence.
pub(super) fn before(text: &[u8], at: usize) -> Option<Range<usize>> {
    let mut end = at;
    let floor = at.saturating_sub(GAP_LIMIT);
    while end > floor {
        match text.get(end - 1)? {
            b' ' | b'*' | b'_' | b',' | b'>' | b'#' => end -= 1,
            b'n' | b't' | b'r' if is_escape(text, end - 1) => end -= 2,
            _ => break,
        }
    }
    let floor = end.saturating_sub(WORD_LIMIT);
    let mut start = end;
    while start > floor && is_letter(text, start - 1) && !is_escape(text, start - 1) {
        start -= 1;
    }
    (start < end).then_some(start..end)
}

/// True where one of the texts (lower case, separated by `|`) stands within `limit` bytes of a place.
pub(super) fn near(text: &[u8], at: usize, limit: usize, texts: &str) -> bool {
    let start = at.saturating_sub(limit);
    holds(text.get(start..(at + limit).min(text.len())), texts)
}

/// The same before a place.
pub(super) fn back(text: &[u8], at: usize, limit: usize, texts: &str) -> bool {
    holds(text.get(at.saturating_sub(limit)..at), texts)
}

/// The same behind it.
pub(super) fn forward(text: &[u8], at: usize, limit: usize, texts: &str) -> bool {
    holds(text.get(at..(at + limit).min(text.len())), texts)
}

fn holds(text: Option<&[u8]>, texts: &str) -> bool {
    let text = text.unwrap_or_default();
    texts.split('|').any(|wanted| {
        let mut windows = text.windows(wanted.len());
        windows.any(|it| it.eq_ignore_ascii_case(wanted.as_bytes()))
    })
}

/// The quotes that open and close a mention.
const QUOTES: [(&str, &str); 8] = [
    ("\\\"", "\\\""),
    ("'", "'"),
    ("`", "`"),
    ("“", "”"),
    ("„", "“"),
    ("‘", "’"),
    ("«", "»"),
    ("「", "」"),
];

/// True where a phrase stands in quotes that open and close near it, on its line.
pub(super) fn is_quoted(text: &[u8], start: usize, end: usize) -> bool {
    let floor = start.saturating_sub(QUOTE_LIMIT);
    let before = text.get(floor..start).unwrap_or_default();
    let after = text
        .get(end..(end + QUOTE_LIMIT).min(text.len()))
        .unwrap_or_default();
    let line_end = |it: &[u8]| it == b"\\n";
    let after = after.get(..after.windows(2).position(line_end).unwrap_or(after.len()));
    let first = before.windows(2).rposition(line_end).map_or(0, |it| it + 2);
    let mut at = before.len();
    while at > first {
        at -= 1;
        let rest = before.get(at..).unwrap_or_default();
        // Behind a tag is text again.
        if rest.starts_with(b">") || rest.starts_with(b"<") {
            return false;
        }
        let Some((open, close)) = QUOTES
            .iter()
            .find(|(open, _)| rest.starts_with(open.as_bytes()))
        else {
            continue;
        };
        if opens(before, at, rest.get(open.len()..).unwrap_or_default()) {
            let wanted = close.as_bytes();
            return after.is_some_and(|it| it.windows(wanted.len()).any(|it| it == wanted));
        }
        // One that closes: the phrase is behind it.
        if *open != "'" {
            return false;
        }
    }
    false
}

/// True for a quote with something in front of it that no word ends with, and a word behind it.
fn opens(text: &[u8], at: usize, behind: &[u8]) -> bool {
    let before = at.checked_sub(1).and_then(|it| text.get(it));
    let outside =
        before.is_none_or(|it| !it.is_ascii_alphanumeric() && !matches!(it, b'.' | b'!' | b'?'));
    outside
        && behind
            .first()
            .is_none_or(|it| !it.is_ascii_whitespace() && *it != b',')
}
