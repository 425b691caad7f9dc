//! Owns finding text that hides from people, or speaks to an agent, in a tool's answer as the client sent
//! it. Does not own what the phrases are (`phrase`). Invariants: one pass over the JSON text, in which only
//! rare bytes are looked at twice; nothing is decoded, since the client writes what is not ASCII as it is;
//! what ordinary text is made of (flags, joined emoji, marks of right-to-left scripts, one byte order mark)
//! is no find.

use super::phrase::Found;
use super::{Origin, phrase};

/// What was found, each with what it is for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks(u8);

impl Marks {
    /// Characters of the tag block outside of a flag: ASCII that no screen shows.
    pub const TAGS: Self = Self(1);
    /// Variation selectors in a row: bytes that no screen shows.
    pub const SELECTORS: Self = Self(2);
    /// Characters without width in a row, of several kinds: bits that no screen shows.
    pub const INVISIBLE: Self = Self(4);
    /// The order of characters turned around where nothing is written from right to left.
    pub const REORDERED: Self = Self(8);
    /// An agent is told to set its instructions aside, or to give them away.
    pub const INSTRUCTIONS: Self = Self(16);
    /// What looks like a message of the client or of another role.
    pub const ROLE: Self = Self(32);

    fn add(&mut self, mark: Self) {
        self.0 |= mark.0;
    }

    pub fn has(self, mark: Self) -> bool {
        self.0 & mark.0 != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// What was found, for people.
    pub fn words(self) -> String {
        let named = [
            (Self::INSTRUCTIONS, "instructions for an agent"),
            (Self::ROLE, "what looks like a message of another role"),
            (Self::TAGS, "hidden text in Unicode tag characters"),
            (Self::SELECTORS, "hidden bytes in variation selectors"),
            (Self::INVISIBLE, "hidden bits in characters without width"),
            (
                Self::REORDERED,
                "characters that turn the order of text around",
            ),
        ];
        let mut words = String::new();
        for (_, it) in named.into_iter().filter(|(mark, _)| self.has(*mark)) {
            if !words.is_empty() {
                words.push_str(", ");
            }
            words.push_str(it);
        }
        words
    }
}

/// What a tool's answer holds.
pub fn marks(json: &str, origin: Origin) -> Marks {
    let mut scan = Scan::new(json, origin);
    scan.run();
    let found = scan.found;
    if scan.split_words < SPLIT_WORDS || found.has(Marks::INSTRUCTIONS) {
        return found;
    }
    // Letters with nothing between them that can be seen: read as a person would see them.
    let seen = without_invisible(json);
    let mut scan = Scan::new(&seen, origin);
    scan.found = found;
    scan.run();
    scan.found
}

struct Scan<'a> {
    text: &'a [u8],
    origin: Origin,
    found: Marks,
    /// Characters without width between two Latin letters.
    split_words: usize,
    /// How many more mentions there may be.
    mentions: usize,
    /// How much may still be looked at closely.
    looks: usize,
}

/// A text full of bait costs no more than this many close looks.
const LOOKS: usize = 20_000;
/// A look around, in looks at what follows.
const WIDE: usize = 16;

/// So many make it worth to read the text without them.
const SPLIT_WORDS: usize = 2;
/// Fewer tag characters are remains of a flag.
const TAG_RUN: usize = 3;
/// No character takes more than one selector; a broken font fallback may leave two.
const SELECTOR_RUN: usize = 3;
/// Fewer carry no two letters; more than one kind and no period tell them from padding.
const INVISIBLE_RUN: usize = 12;

/// What a byte may be the start or middle of.
const NOTHING: u8 = 0;
const LETTER: u8 = 1;
const HIGH: u8 = 2;

/// One load per byte. The letters are rare ones of the words that `phrase` looks for.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
static CLASS: [u8; 256] = {
    let mut class = [NOTHING; 256];
    let letters = b"gGvVyYwWAL<";
    let mut at = 0;
    while at < letters.len() {
        class[letters[at] as usize] = LETTER;
        at += 1;
    }
    // Lead bytes of the words of other scripts, then of what cannot be seen.
    let high = [0xd0, 0xd8, 0xe5, 0xe7, 0xeb, 0xe2, 0xef, 0xf3];
    let mut at = 0;
    while at < high.len() {
        class[high[at]] = HIGH;
        at += 1;
    }
    class
};

impl<'a> Scan<'a> {
    fn new(json: &'a str, origin: Origin) -> Self {
        Self {
            text: json.as_bytes(),
            origin,
            found: Marks::default(),
            split_words: 0,
            mentions: phrase::MENTIONS,
            looks: LOOKS,
        }
    }

    fn run(&mut self) {
        let mut at = 0;
        while let Some(&byte) = self.text.get(at) {
            let class = CLASS.get(usize::from(byte)).copied().unwrap_or(NOTHING);
            at += match class {
                NOTHING => 1,
                LETTER => {
                    self.letter(at);
                    1
                }
                _ => self.high(at, byte),
            };
        }
    }

    fn letter(&mut self, at: usize) {
        // What was found once is not looked for again.
        let known = match self.text.get(at) {
            Some(b'<') => Marks::ROLE,
            _ => Marks::INSTRUCTIONS,
        };
        if !self.found.has(known) && self.mentions > 0 && self.looks > 0 {
            let found = phrase::latin(self.text, at, self.origin == Origin::Foreign);
            self.note(found, 1);
        }
    }

    fn note(&mut self, found: Option<Found>, cost: usize) {
        match found {
            Some(Found::Instructions) => self.found.add(Marks::INSTRUCTIONS),
            Some(Found::Role) => self.found.add(Marks::ROLE),
            Some(Found::Mention) => self.mentions -= 1,
            Some(Found::Nothing) => self.looks = self.looks.saturating_sub(cost),
            Some(Found::Nobody) => self.looks = self.looks.saturating_sub(WIDE),
            None => {}
        }
    }

    /// Looks at a character that is not ASCII; returns how far to go on.
    fn high(&mut self, at: usize, lead: u8) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        match (lead, rest) {
            (0xf3, [_, 0xa0, 0x80 | 0x81, ..]) => self.tags(at, rest),
            (0xf3, [_, 0xa0, 0x84..=0x87, ..]) | (0xef, [_, 0xb8, 0x80..=0x8f, ..]) => {
                self.selectors(rest)
            }
            (0xe2, [_, 0x80, 0xab | 0xad | 0xae, ..] | [_, 0x81, 0xa7, ..]) => {
                if !self.found.has(Marks::REORDERED) && self.looks > 0 {
                    self.looks -= 1;
                    if !has_right_to_left(self.text, at) {
                        self.found.add(Marks::REORDERED);
                    }
                }
                3
            }
            (0xe2 | 0xef, _) if invisible(rest).is_some() => self.invisible(at, rest),
            (0xd0 | 0xd8 | 0xe5 | 0xe7 | 0xeb, _) => {
                let known = self.found.has(Marks::INSTRUCTIONS);
                if !known && self.mentions > 0 && self.looks > 0 {
                    self.note(phrase::other(self.text, at), WIDE);
                }
                2
            }
            _ => 1,
        }
    }

    /// A run of tag characters. Behind a black flag it is the name of a region, with an end.
    fn tags(&mut self, at: usize, rest: &[u8]) -> usize {
        let is_tag = |it: &&[u8]| matches!(it, [0xf3, 0xa0, 0x80 | 0x81, _]);
        let count = rest.chunks_exact(4).take_while(is_tag).count();
        if count == 0 {
            return 1;
        }
        let before = self.text.get(..at).unwrap_or_default();
        let ended = rest.get(count * 4 - 4..count * 4) == Some(b"\xf3\xa0\x81\xbf".as_slice());
        let flag = before.ends_with(b"\xf0\x9f\x8f\xb4") && ended && count <= FLAG;
        if !flag && count >= TAG_RUN {
            self.found.add(Marks::TAGS);
        }
        count * 4
    }

    fn selectors(&mut self, rest: &[u8]) -> usize {
        let (mut count, mut length) = (0, 0);
        loop {
            length += match rest.get(length..).unwrap_or_default() {
                [0xf3, 0xa0, 0x84..=0x87, _, ..] => 4,
                [0xef, 0xb8, 0x80..=0x8f, ..] => 3,
                _ => break,
            };
            count += 1;
        }
        if count >= SELECTOR_RUN {
            self.found.add(Marks::SELECTORS);
        }
        length.max(1)
    }

    fn invisible(&mut self, at: usize, rest: &[u8]) -> usize {
        let mut length = 0;
        // Kinds, one to a nibble: the last sixteen are enough to see that they are not the same again
        // and again.
        let (mut count, mut kinds) = (0_usize, 0_u64);
        let mut periods = [true; 4];
        while let Some(kind) = rest.get(length..).and_then(invisible) {
            for (period, holds) in (1..).zip(periods.iter_mut()) {
                let earlier = kinds >> (4 * (period - 1)) & 15;
                *holds &= count < period || earlier == u64::from(kind);
            }
            kinds = kinds << 4 | u64::from(kind);
            count += 1;
            length += 3;
        }
        if count >= INVISIBLE_RUN && !periods.contains(&true) {
            self.found.add(Marks::INVISIBLE);
        }
        let letter = |it: Option<&u8>| it.is_some_and(u8::is_ascii_alphabetic);
        if letter(at.checked_sub(1).and_then(|it| self.text.get(it))) && letter(rest.get(length)) {
            self.split_words += 1;
        }
        length.max(1)
    }
}

/// A region has up to six letters, then comes the end.
const FLAG: usize = 7;

/// The kind of a character without width that a text begins with; all take three bytes.
fn invisible(text: &[u8]) -> Option<u8> {
    match text {
        [0xe2, 0x80, it @ 0x8b..=0x8d, ..] => Some(it - 0x8a),
        [0xe2, 0x81, it @ 0xa0..=0xa4, ..] => Some(it - 0x9a),
        [0xef, 0xbb, 0xbf, ..] => Some(12),
        _ => None,
    }
}

fn without_invisible(text: &str) -> String {
    let is_invisible =
        |it: char| matches!(it, '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}');
    text.chars().filter(|it| !is_invisible(*it)).collect()
}

/// True where a letter of a right-to-left script stands on the line: then the order is theirs.
fn has_right_to_left(text: &[u8], at: usize) -> bool {
    /// Bytes of the line that are looked at on either side.
    const NEAR: usize = 400;
    let (before, after) = text.split_at_checked(at).unwrap_or_default();
    let before = before
        .get(before.len().saturating_sub(NEAR)..)
        .unwrap_or(before);
    let after = after.get(..NEAR).unwrap_or(after);
    let end = |it: &[u8]| it == b"\\n";
    let before = before.get(before.windows(2).rposition(end).unwrap_or(0)..);
    let after = after.get(..after.windows(2).position(end).unwrap_or(after.len()));
    let holds =
        |it: Option<&[u8]>| it.is_some_and(|it| it.iter().any(|it| (0xd6..=0xdf).contains(it)));
    holds(before) || holds(after)
}

#[cfg(test)]
mod tests;
