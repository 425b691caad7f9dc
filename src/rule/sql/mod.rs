//! Owns the reading of SQL for rules: what of a text a database would execute now, statement by statement,
//! and whether a DELETE or UPDATE names its rows. Does not own what is dangerous (the rules). Invariants:
//! strings, comments, definitions and plans are no code; a WHERE counts for its own statement alone, at its
//! own depth of parentheses; time is linear in the length of the text.

mod lex;
mod statement;

use super::pattern::{occurrences, stands_alone};
use statement::executed;

/// What stands in front of UPDATE where it is a clause of something else.
const CLAUSES: [&str; 4] = ["do", "on", "for", "key"];

/// The statements of a text that would be executed, lower case, without strings and comments.
pub(super) fn code(text: &str) -> String {
    executed(&lex::bare(behind_flag(text)))
}

/// True where the phrase stands in [`code`]: anywhere; with `^` in front, where a statement starts; with
/// ` without where` behind it, in a statement that names no rows.
pub(super) fn says(phrase: &str, code: &str) -> bool {
    let (phrase, first) = match phrase.strip_prefix('^') {
        Some(phrase) => (phrase, true),
        None => (phrase, false),
    };
    let (phrase, whole) = match phrase.strip_suffix(" without where") {
        Some(phrase) => (phrase, true),
        None => (phrase, false),
    };
    // Where the statement starts that the last match lies in, and where its words are looked for.
    let (mut start, mut from) = (0, 0);
    // What lies between two matches is gone through once.
    let mut reach = Reach::default();
    occurrences(code, phrase).any(|(at, found)| {
        let between = code.get(from..at).unwrap_or_default();
        if let Some(last) = between.rfind(';') {
            start = from + last + 1;
        }
        from = at;
        if !stands_alone(code, at, found) {
            return false;
        }
        let before = code.get(start..at).unwrap_or_default();
        (!first || starts_here(before))
            && (!whole || is_verb(phrase, before) && reach.is_wide(code, at + found.len(), phrase))
    })
}

/// What is behind `--execute=` and kin.
fn behind_flag(text: &str) -> &str {
    let name = text.trim_start_matches('-');
    let end = name.find(|it: char| !it.is_ascii_alphanumeric() && it != '-');
    match end.and_then(|it| name.split_at_checked(it)) {
        Some((word, rest)) if !word.is_empty() && name.len() < text.len() => {
            rest.strip_prefix('=').unwrap_or(text)
        }
        _ => text,
    }
}

/// True where a statement may start behind this much of one.
fn starts_here(before: &str) -> bool {
    let before = before.trim_end();
    let word = before.rsplit([' ', '(']).next().unwrap_or_default();
    before.is_empty()
        || before.ends_with(['(', ')'])
        || matches!(
            word,
            "$$" | "begin" | "then" | "else" | "loop" | "as" | "analyze" | "verbose"
        )
}

/// True where the verb is no clause of another statement.
fn is_verb(phrase: &str, before: &str) -> bool {
    let word = before
        .trim_end()
        .rsplit([' ', '('])
        .next()
        .unwrap_or_default();
    let before = before.trim_start();
    let merges = || word == "then" && (before.starts_with("merge ") || before.starts_with("with "));
    phrase != "update" || !(CLAUSES.contains(&word) || merges())
}

/// How far the text was read for the tail of a statement.
#[derive(Default)]
struct Reach {
    end: usize,
}

impl Reach {
    /// True where what follows a verb names no rows of its own.
    fn is_wide(&mut self, code: &str, at: usize, phrase: &str) -> bool {
        // What an earlier verb reads as its own table or column is no statement.
        if at < self.end {
            return false;
        }
        let (tail, end) = own(code, at);
        let tail = format!(" {tail} ");
        self.end = end;
        if phrase == "update" && !tail.contains(" set ") {
            return false;
        }
        let Some((_, condition)) = tail.split_once(" where ") else {
            return true;
        };
        let condition = [" returning ", " limit ", " order by "]
            .iter()
            .fold(condition, |it, word| it.split(word).next().unwrap_or(it));
        holds_always(condition)
    }
}

/// What follows at the depth of the verb up to the end of the statement, and where it ends. Parentheses stay
/// as such, without what is in them.
fn own(code: &str, at: usize) -> (String, usize) {
    let (mut tail, mut depth) = (String::new(), 0_usize);
    for (offset, letter) in code.get(at..).unwrap_or_default().char_indices() {
        match letter {
            ';' => return (tail, at + offset),
            ')' if depth == 0 => return (tail, at + offset),
            '(' => {
                depth += 1;
                if depth == 1 {
                    tail.push_str(" (");
                }
            }
            ')' => {
                depth -= 1;
                if depth == 0 {
                    tail.push_str(") ");
                }
            }
            // What is compared in parentheses says whether it always holds.
            _ if depth == 0 => tail.push(letter),
            _ => {}
        }
    }
    (tail, code.len())
}

/// True for `true`, `1 = 1`, `a = a`, alone or joined by OR.
fn holds_always(condition: &str) -> bool {
    let one = |it: &str| {
        let it: String = it.split(' ').collect();
        match it.split_once('=') {
            Some((left, right)) => left == right && !left.is_empty() && left != "()",
            None => matches!(
                it.as_str(),
                "true" | "1" | "notfalse" | "1<2" | "2>1" | "1<>2"
            ),
        }
    };
    condition.split(" or ").any(|it| it.split(" and ").all(one))
}

#[cfg(test)]
mod tests;
