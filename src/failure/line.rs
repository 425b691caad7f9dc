//! Owns which line of a text tells its failure. Does not own the phrases. Invariant: the heaviest phrase
//! decides, of equals the first line, in it the longest phrase; a phrase is tried once for each line.

use super::class::Class;
use super::phrase::{self, by_word};
use super::text::Text;
use super::word::is_word;

/// The line that tells a failure.
#[derive(Clone, Copy, Debug)]
pub(super) struct Told {
    pub(super) class: Class,
    /// Its number.
    pub(super) line: usize,
    weight: u8,
    length: usize,
}

/// The telling line; absent where no line holds a phrase. With `strict`, only lines that look like what a
/// program says when it fails: other outputs are full of files' contents.
pub(super) fn tell(text: &Text, program: &str, strict: bool) -> Option<Told> {
    let mut best: Option<Told> = None;
    let mut tried = [usize::MAX; phrase::COUNT];
    for number in 0..text.count() {
        let line = text.lower(number);
        if is_quiet(line) {
            continue;
        }
        // npm says the code alone first, then what it is about.
        let vague = u8::from(line.starts_with("npm err") && line.contains(" code e"));
        for word in line.split(|it| !is_word(it)).filter(|it| !it.is_empty()) {
            for phrase in by_word(word) {
                let mark = tried.get_mut(phrase.number);
                if mark.is_none_or(|it| std::mem::replace(it, number) == number) {
                    continue;
                }
                let told = Told {
                    class: phrase.class(),
                    line: number,
                    weight: phrase.weight().saturating_sub(vague),
                    length: 0,
                };
                if best.is_some_and(|it| it.beats(&told)) {
                    continue;
                }
                let Some(at) = phrase.find(program, line) else {
                    continue;
                };
                let told = Told {
                    length: at.len(),
                    ..told
                };
                let shown =
                    !strict || looks_failed(program, line.get(..at.start).unwrap_or_default());
                if shown && best.is_none_or(|it| it.weight < told.weight || it.length < told.length)
                {
                    best = Some(told);
                }
            }
        }
    }
    best
}

impl Told {
    /// Whether another cannot take its place, however long its phrase.
    fn beats(&self, other: &Self) -> bool {
        self.weight > other.weight || self.weight == other.weight && self.line < other.line
    }
}

/// The last line, where none tells anything.
pub(super) fn last(text: &Text) -> Told {
    Told {
        class: Class::UNKNOWN,
        line: text.count().saturating_sub(1),
        weight: 0,
        length: 0,
    }
}

/// A line that says that something went well, whatever names it holds.
fn is_quiet(line: &str) -> bool {
    const ENDS: &[&str] = &[" ... ok", " passed", " ... ignored"];
    const STARTS: &[&str] = &[
        "ok ",
        "pass ",
        "pass: ",
        "--- pass",
        "=== run",
        "\u{2713} ",
        "\u{2714} ",
    ];
    ENDS.iter().any(|it| line.ends_with(it)) || STARTS.iter().any(|it| line.starts_with(it))
}

/// Whether a phrase behind this beginning of a line is what a program said, not what it read.
fn looks_failed(program: &str, before: &str) -> bool {
    const SIGNS: &[&str] = &[
        "curl: (",
        "error:",
        "error[",
        "error (",
        "error code",
        "error occurred",
        "error ts",
        "npm error",
        "err!",
        "failed:",
        "failed to",
        "fatal:",
        "exception:",
    ];
    // Changes, comments, quotes, tables.
    const LISTED: &[&str] = &["+", "-", "#", "*", "//", "/*", "<", ">", "|"];
    if LISTED.iter().any(|it| before.starts_with(it)) {
        return false;
    }
    let named = before
        .strip_prefix(program)
        .is_some_and(|it| it.starts_with(": "));
    let said = before.is_empty() || before.ends_with(": ") || before.trim_end() == "e";
    named || said || SIGNS.iter().any(|it| before.contains(it))
}
