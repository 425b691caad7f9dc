//! Owns the phrases that give a class of failures away and whether a line holds one. Does not own which of
//! several lines counts. Invariant: a word of a line costs one look into the sorted table; what stands in
//! a phrase is looked for only where one of its words stands.

use std::ops::Range;

use super::class::Class;

/// One phrase on a line, sorted by its first cell: the word it is found by, the number of the class, the
/// weight, the programs it is limited to, the phrase. Compiled from `rules/errors/`. One text, since a
/// table of references would have to be adjusted at each start of a position-independent executable.
static PHRASES: &str = include_str!(concat!(env!("OUT_DIR"), "/phrases.txt"));

// Where each line of it starts.
include!(concat!(env!("OUT_DIR"), "/phrases.rs"));

/// How many there are.
pub(super) const COUNT: usize = STARTS.len();

/// A row of the table.
pub(super) struct Phrase {
    pub(super) number: usize,
    pub(super) class: Class,
    pub(super) weight: u8,
    programs: &'static str,
    text: &'static str,
}

impl Phrase {
    /// Whether it is for a program.
    pub(super) fn is_for(&self, program: &str) -> bool {
        self.programs.is_empty() || self.programs.split(',').any(|it| it == program)
    }

    /// Where it stands in a line of lower case letters without spaces around it.
    pub(super) fn find(&self, line: &str) -> Option<Range<usize>> {
        let (text, at_start) = match self.text.strip_prefix('^') {
            Some(text) => (text, true),
            None => (self.text, false),
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
}

/// The phrases that are found by a word.
pub(super) fn by_word(word: &str) -> impl Iterator<Item = Phrase> {
    let start = STARTS.partition_point(|at| key(*at) < word);
    let same = STARTS.get(start..).unwrap_or_default().iter();
    let same = same.take_while(move |at| key(**at) == word).enumerate();
    same.filter_map(move |(more, at)| phrase(start + more, *at))
}

fn row(at: u16) -> &'static str {
    let rest = PHRASES.get(usize::from(at)..).unwrap_or_default();
    rest.split('\n').next().unwrap_or_default()
}

fn key(at: u16) -> &'static str {
    let rest = PHRASES.get(usize::from(at)..).unwrap_or_default();
    rest.split('\t').next().unwrap_or_default()
}

fn phrase(number: usize, at: u16) -> Option<Phrase> {
    let mut cells = row(at).split('\t').skip(1);
    Some(Phrase {
        number,
        class: Class::by_number(cells.next()?)?,
        weight: cells.next()?.parse().ok()?,
        programs: cells.next()?,
        text: cells.next()?,
    })
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

/// Whether a character is part of a word.
pub(super) fn is_word(it: char) -> bool {
    it.is_ascii_alphanumeric() || it == '_' || !it.is_ascii()
}
