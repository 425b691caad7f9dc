//! Owns reading the compiled table: sections, records, indices, strings. Does not own how it is made
//! (`compile`) nor what predicates mean (`predicate`). Invariant: no byte sequence makes a reader panic;
//! what lies outside is empty.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::code::{self, Section};
use super::pattern::name;
use super::source::{LoadError, Source};
use super::words;
use crate::verdict::{Decision, Severity};

/// A compiled set of rules: one flat, relocation-free blob.
#[derive(Clone, Default)]
pub struct Table {
    bytes: Cow<'static, [u8]>,
    /// The last section of `bytes`, known to be text.
    heap: Cow<'static, str>,
}

static BUILTIN: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.bin"));

/// Checked to be text by the compiler.
static BUILTIN_HEAP: &str = match BUILTIN.split_at_checked(code::heap_start(BUILTIN)) {
    Some((_, heap)) => match std::str::from_utf8(heap) {
        Ok(text) => text,
        Err(_) => "",
    },
    None => "",
};

/// The blob is of no use to people.
impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Table({} rules)", self.rules().count())
    }
}

/// Why bytes are not a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableError {
    /// Too short, or not a table at all.
    Foreign,
    /// Made by a build with another layout.
    Version,
    /// The checksum does not hold, or a section lies outside.
    Damaged,
}

impl fmt::Display for TableError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Foreign => "this is not a compiled rule table",
            Self::Version => "the rule table was compiled by another version",
            Self::Damaged => "the rule table is damaged",
        })
    }
}

impl std::error::Error for TableError {}

impl Table {
    /// The built-in packs, compiled when hookbin was built.
    pub fn builtin() -> Self {
        Self {
            bytes: Cow::Borrowed(BUILTIN),
            heap: Cow::Borrowed(BUILTIN_HEAP),
        }
    }

    /// Compiles loaded rule files. Off the hot path.
    pub fn compile(sources: &[Source]) -> Result<Self, LoadError> {
        for source in sources {
            for rule in &source.rules {
                check_regexes(source, rule)?;
            }
        }
        Ok(Self::new(super::compile::compile(sources)?))
    }

    /// A heap that is no text is an empty one: then no name and no pattern fits anything.
    fn new(bytes: Vec<u8>) -> Self {
        let heap = bytes.get(code::heap_start(&bytes)..).unwrap_or_default();
        let heap = std::str::from_utf8(heap).unwrap_or_default().to_owned();
        Self {
            bytes: Cow::Owned(bytes),
            heap: Cow::Owned(heap),
        }
    }

    /// Takes the bytes of a cached table, as [`Table::as_bytes`] gave them.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, TableError> {
        if bytes.len() < code::HEADER || !bytes.starts_with(&code::MAGIC) {
            return Err(TableError::Foreign);
        }
        if u16_at(&bytes, 4) != code::VERSION {
            return Err(TableError::Version);
        }
        let sum = bytes
            .get(8..16)
            .and_then(|it| it.try_into().ok())
            .map_or(0, u64::from_le_bytes);
        // A fuzzer would never get past a checksum.
        if !cfg!(fuzzing) && sum != code::checksum(bytes.get(16..).unwrap_or_default()) {
            return Err(TableError::Damaged);
        }
        let table = Self::new(bytes);
        if table.heap.is_empty() && table.bytes.len() > code::heap_start(&table.bytes) {
            return Err(TableError::Damaged);
        }
        Ok(table)
    }

    /// The table as it may be cached.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Every rule, in the order of the files.
    pub fn rules(&self) -> impl Iterator<Item = RuleView<'_>> {
        let view = self.view();
        let count = view.rules.len() / code::RULE;
        (0..count).map(move |number| view.rule(number))
    }

    /// The rule with an id.
    pub fn rule(&self, id: &str) -> Option<RuleView<'_>> {
        self.rules().find(|it| it.id == id)
    }

    /// True for the name of a program that some rule names.
    pub fn names(&self, program: &str) -> bool {
        self.view().find(program.as_bytes()).is_some()
    }

    pub(super) fn view(&self) -> View<'_> {
        View::new(&self.bytes, &self.heap)
    }
}

/// A regex that does not compile, or only into something large, is refused when rules are loaded.
fn check_regexes(source: &Source, rule: &toml::Spanned<super::Rule>) -> Result<(), LoadError> {
    let matches = &rule.get_ref().matches;
    let clauses = std::iter::once(matches).chain(&matches.any.0);
    for text in clauses.filter_map(|it| it.text.as_ref()) {
        super::raw::regex(&text.regex).map_err(|error| {
            source.error(
                rule,
                &format!("the regex does not compile: {error}"),
                "no look-around, no large repeats; Unicode classes are not available",
            )
        })?;
    }
    Ok(())
}

/// What a table says of one rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleView<'t> {
    pub id: &'t str,
    pub pack: &'t str,
    pub title: &'t str,
    pub why: &'t str,
    pub instead: &'t str,
    pub severity: Severity,
    /// What the rule decides: an experimental rule never more than a warning.
    pub decision: Decision,
    /// `experimental`, `stable` or `deprecated`.
    pub status: &'static str,
    /// It is silent where another rule for the same program says as much.
    pub fallback: bool,
}

/// The sections of a table.
#[derive(Clone, Copy)]
pub(super) struct View<'t> {
    rules: &'t [u8],
    clauses: &'t [u8],
    programs: &'t [u8],
    prefixes: &'t [u8],
    lists: &'t [u8],
    pub(super) keywords: &'t [u8],
    pub(super) grams: &'t [u8],
    code: &'t [u8],
    heap: &'t str,
}

impl<'t> View<'t> {
    fn new(bytes: &'t [u8], heap: &'t str) -> Self {
        let section = |section: Section| {
            let at = 16 + 8 * section as usize;
            let (start, len) = (usize_at(bytes, at), usize_at(bytes, at + 4));
            bytes
                .get(start..start.saturating_add(len))
                .unwrap_or_default()
        };
        Self {
            rules: section(Section::Rules),
            clauses: section(Section::Clauses),
            programs: section(Section::Programs),
            prefixes: section(Section::Prefixes),
            lists: section(Section::Lists),
            keywords: section(Section::Keywords),
            grams: section(Section::Grams),
            code: section(Section::Code),
            heap,
        }
    }

    pub(super) fn rule(&self, number: usize) -> RuleView<'t> {
        let at = number * code::RULE;
        let text = |field: usize| self.text(usize_at(self.rules, at + 4 * field));
        let byte = |field: usize| self.rules.get(at + 20 + field).copied().unwrap_or_default();
        let status = words::word_at(words::STATUSES, byte(2));
        let decision = Decision::ALL.get(usize::from(byte(1))).copied();
        let decision = decision.unwrap_or(Decision::Deny);
        RuleView {
            id: text(0),
            pack: text(1),
            title: text(2),
            why: text(3),
            instead: text(4),
            severity: Severity::ALL
                .get(usize::from(byte(0)))
                .copied()
                .unwrap_or(Severity::Critical),
            decision: if status == "experimental" {
                decision.min(Decision::Warn)
            } else {
                decision
            },
            status,
            fallback: byte(3) == 1,
        }
    }

    /// What a clause needs at all, as `needs` compares it.
    pub(super) fn needs(&self, number: u16) -> u64 {
        u64_at(self.clauses, usize::from(number) * code::CLAUSE + 8)
    }

    /// The rule number and the predicates of a clause.
    pub(super) fn clause(&self, number: u16) -> (u16, &'t [u8]) {
        let at = usize::from(number) * code::CLAUSE;
        let len = usize::from(u16_at(self.clauses, at + 2));
        let start = usize_at(self.clauses, at + 4);
        let code = self.code.get(start..start.saturating_add(len));
        (u16_at(self.clauses, at), code.unwrap_or_default())
    }

    /// The clauses to try for a program: those that name it, by exact name and by prefix.
    pub(super) fn candidates(&self, program: &str) -> impl Iterator<Item = u16> + use<'t> {
        let exact = self.find(program.as_bytes());
        // Short: one entry for each `name*` in all packs.
        let (lists, heap) = (self.lists, self.heap);
        let program = program.to_owned();
        let first = program.as_bytes().first().copied();
        let by_prefix = self
            .prefixes
            .chunks_exact(8)
            .filter(move |entry| {
                let position = usize_at(entry, 0);
                // Most differ in their first letter already.
                let letter = heap.as_bytes().get(position.saturating_add(code::LENGTH));
                let empty = heap.as_bytes().get(position) == Some(&0);
                (empty || letter.copied() == first)
                    && program.as_bytes().starts_with(bytes_at(heap, position))
            })
            .flat_map(move |entry| list_at(lists, usize_at(entry, 4)));
        exact
            .into_iter()
            .flat_map(move |position| list_at(lists, position))
            .chain(by_prefix)
    }

    fn find(&self, program: &[u8]) -> Option<usize> {
        let (mut low, mut high) = (0, self.programs.len() / 8);
        while low < high {
            let middle = low.midpoint(high);
            let at = middle * 8;
            match bytes_at(self.heap, usize_at(self.programs, at)).cmp(program) {
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
                std::cmp::Ordering::Equal => return Some(usize_at(self.programs, at + 4)),
            }
        }
        None
    }

    /// Clauses without a program.
    pub(super) fn general(&self) -> impl Iterator<Item = u16> + use<'t> {
        list_at(self.lists, 0)
    }

    /// Clauses about other tools.
    pub(super) fn tools(&self) -> impl Iterator<Item = u16> + use<'t> {
        let mut at = 0;
        for _ in 0..2 {
            at += 2 + 2 * usize::from(u16_at(self.lists, at));
        }
        list_at(self.lists, at)
    }

    pub(super) fn text(&self, position: usize) -> &'t str {
        text_at(self.heap, position)
    }

    /// True where one of the names or `prefix*` that a payload lists is the program's.
    pub(super) fn names(&self, payload: &[u8], program: &str) -> bool {
        let first = program.as_bytes().first();
        payload.chunks_exact(4).any(|it| {
            let position = usize_at(it, 0);
            // Most differ in their first letter already.
            let letter = position.saturating_add(code::LENGTH);
            let letter = self.heap.as_bytes().get(letter);
            (first.is_none() || letter == first || letter == Some(&b'*'))
                && name(self.text(position), program)
        })
    }

    /// The strings whose positions a payload lists.
    pub(super) fn texts<'p>(
        &self,
        payload: &'p [u8],
    ) -> impl Iterator<Item = &'t str> + Clone + use<'t, 'p> {
        let view = *self;
        payload
            .chunks_exact(4)
            .map(move |it| view.text(usize_at(it, 0)))
    }
}

fn list_at(lists: &[u8], position: usize) -> impl Iterator<Item = u16> + use<'_> {
    let count = usize::from(u16_at(lists, position));
    let items = lists.get(position + 2..position + 2 + 2 * count);
    items
        .unwrap_or_default()
        .chunks_exact(2)
        .map(|it| u16_at(it, 0))
}

fn text_at(heap: &str, position: usize) -> &str {
    heap.get(extent_at(heap, position)).unwrap_or_default()
}

/// The same where nobody asks whether it is text.
fn bytes_at(heap: &str, position: usize) -> &[u8] {
    let extent = extent_at(heap, position);
    heap.as_bytes().get(extent).unwrap_or_default()
}

/// Where the string whose length stands at a position is.
fn extent_at(heap: &str, position: usize) -> Range<usize> {
    let start = position.saturating_add(code::LENGTH);
    match heap.as_bytes().get(position..start) {
        Some(&[a, b, c]) => {
            let len = usize::from(a) | usize::from(b) << 7 | usize::from(c) << 14;
            start..start.saturating_add(len)
        }
        _ => 0..0,
    }
}

pub(super) fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes
        .get(at..at.saturating_add(2))
        .and_then(|it| it.try_into().ok())
        .map_or(0, u16::from_le_bytes)
}

pub(super) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes
        .get(at..at.saturating_add(4))
        .and_then(|it| it.try_into().ok())
        .map_or(0, u32::from_le_bytes)
}

pub(super) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes
        .get(at..at.saturating_add(8))
        .and_then(|it| it.try_into().ok())
        .map_or(0, u64::from_le_bytes)
}

fn usize_at(bytes: &[u8], at: usize) -> usize {
    usize::try_from(u32_at(bytes, at)).unwrap_or(usize::MAX)
}
