//! Owns the phrases that give a class of failures away and whether a line holds one. Does not own which of
//! several lines counts. Invariant: a word of a line costs one look into the sorted table; what stands in
//! a phrase is looked for only where one of its words stands.

use std::ops::Range;

use super::class::Class;
use super::word::{self, is_word};

/// The number of the word that a phrase is found by, where its text starts, its class and its weight.
type Row = (u32, u16, u8, u8);

// The rows, sorted, compiled from `rules/errors/`. Numbers and one text: references would have to be
// adjusted at each start of a position-independent executable.
include!(concat!(env!("OUT_DIR"), "/phrases.rs"));

/// Of each row the programs it is limited to and the phrase.
static TEXTS: &str = include_str!(concat!(env!("OUT_DIR"), "/phrases.txt"));

/// How many there are.
pub(super) const COUNT: usize = ROWS.len();

/// A phrase of the table.
#[derive(Clone, Copy)]
pub(super) struct Phrase {
    pub(super) number: usize,
    row: Row,
}

impl Phrase {
    pub(super) fn class(self) -> Class {
        Class::by_number(self.row.2)
    }

    pub(super) fn weight(self) -> u8 {
        self.row.3
    }

    /// Where it stands in a line, in lower case without spaces around it, of what a program says.
    pub(super) fn find(self, program: &str, line: &str) -> Option<Range<usize>> {
        let text = TEXTS.get(usize::from(self.row.1)..)?.split('\n').next()?;
        let (programs, text) = text.split_once('\t')?;
        let suits = programs.is_empty() || programs.split(',').any(|it| it == program);
        suits.then(|| place(text, line)).flatten()
    }
}

/// The phrases that are found by a word.
pub(super) fn by_word(word: &str) -> impl Iterator<Item = Phrase> {
    let key = word::number(word);
    let start = ROWS.partition_point(|it| it.0 < key);
    let same = ROWS.get(start..).unwrap_or_default().iter();
    let same = same.take_while(move |it| it.0 == key).enumerate();
    same.map(move |(more, row)| Phrase {
        number: start + more,
        row: *row,
    })
}

/// Where a phrase stands in a line.
fn place(text: &str, line: &str) -> Option<Range<usize>> {
    let (text, at_start) = match text.strip_prefix('^') {
        Some(text) => (text, true),
        None => (text, false),
    };
    let (text, at_end) = match text.strip_suffix('$') {
        Some(text) => (text, true),
        None => (text, false),
    };
    let mut pieces = text.split('*');
    let first = pieces.next()?;
    let last = pieces.next_back();
    let start = match (at_start, last) {
        (true, _) => line.starts_with(first).then_some(0)?,
        (false, Some(_)) => position(line, 0, first, starts_word)?,
        (false, None) => position(line, 0, first, |line, at, it| {
            starts_word(line, at, it)
                && ends_word(line, at, it)
                && (!at_end || at + it.len() == line.len())
        })?,
    };
    let mut end = start + first.len();
    for piece in pieces {
        end = position(line, end, piece, |_, _, _| true)? + piece.len();
    }
    let Some(last) = last else {
        let whole = ends_word(line, start, first) && (!at_end || end == line.len());
        return whole.then_some(start..end);
    };
    if at_end {
        let whole = line.len() >= end + last.len() && line.ends_with(last);
        return whole.then_some(start..line.len());
    }
    let at = position(line, end, last, ends_word)?;
    Some(start..at + last.len())
}

/// The first place from `from` where a piece stands and suits.
fn position(
    line: &str,
    from: usize,
    piece: &str,
    suits: impl Fn(&str, usize, &str) -> bool,
) -> Option<usize> {
    let rest = line.get(from..)?;
    let mut places = rest.match_indices(piece).map(|it| from + it.0);
    places.find(|at| suits(line, *at, piece))
}

fn starts_word(line: &str, at: usize, piece: &str) -> bool {
    let before = line.get(..at).and_then(|it| it.chars().next_back());
    !piece.starts_with(is_word) || !before.is_some_and(is_word)
}

fn ends_word(line: &str, at: usize, piece: &str) -> bool {
    let behind = line
        .get(at + piece.len()..)
        .and_then(|it| it.chars().next());
    !piece.ends_with(is_word) || !behind.is_some_and(is_word)
}
