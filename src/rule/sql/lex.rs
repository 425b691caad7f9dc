//! Owns the letters of SQL: strings, names, comments, dollar quotes. Does not own statements. Invariant: where
//! no dialect's strings end, quotation marks mean nothing.

use crate::rule::pattern::push_space;

/// Bodies in dollar quotes are read this deep.
const DEPTH_LIMIT: u32 = 3;

/// The text in lower case, with strings and comments emptied.
pub(super) fn bare(text: &str) -> String {
    // Backslashes escape in some dialects: those in which the strings then end.
    let strings = lex(text, false).or_else(|| lex(text, true));
    strings.unwrap_or_else(|| {
        let mut lexer = Lexer::new(None, text.len());
        lexer.read(text, 0);
        lexer.out
    })
}

/// Nothing where a string has no end.
fn lex(text: &str, escapes: bool) -> Option<String> {
    let mut lexer = Lexer::new(Some(escapes), text.len());
    lexer.read(text, 0).then_some(lexer.out)
}

struct Lexer {
    out: String,
    /// Whether backslashes escape; nothing where a quotation mark means nothing.
    escapes: Option<bool>,
    /// A comment, or a body in dollar quotes, has no end: no later one has.
    open: bool,
    endless: bool,
}

impl Lexer {
    fn new(escapes: Option<bool>, length: usize) -> Self {
        Self {
            out: String::with_capacity(length),
            escapes,
            open: false,
            endless: false,
        }
    }

    /// Reads a text to its end; false where a string has none.
    fn read(&mut self, text: &str, depth: u32) -> bool {
        let mut rest = text;
        let mut line_starts = true;
        while let Some(letter) = rest.chars().next() {
            let tail = rest.get(letter.len_utf8()..).unwrap_or_default();
            let starts = std::mem::replace(&mut line_starts, letter == '\n');
            rest = match letter {
                '-' if tail.starts_with('-') => after_line(rest),
                '\\' | '.' if starts && is_shown(tail) => after_line(rest),
                '\\' => self.backslash(tail),
                '/' if tail.starts_with('*') && !self.open => {
                    self.open = !tail.contains("*/");
                    push_space(&mut self.out);
                    tail.split_once("*/").map_or(tail, |it| it.1)
                }
                '\'' | '"' | '`' if self.escapes.is_some() => match self.string(tail, letter) {
                    Some(behind) => behind,
                    None => return false,
                },
                '$' if depth < DEPTH_LIMIT && !self.endless => self.dollar(rest, depth),
                '\n' if is_batch_end(tail) => {
                    self.out.push(';');
                    tail
                }
                _ if letter.is_whitespace() => {
                    push_space(&mut self.out);
                    line_starts |= starts;
                    tail
                }
                _ => {
                    self.out.push(letter.to_ascii_lowercase());
                    tail
                }
            };
        }
        true
    }

    /// A line's end as `printf` writes it, or a client's command that sends what stands before it.
    fn backslash<'t>(&mut self, tail: &'t str) -> &'t str {
        if tail.starts_with(['n', 'r', 't']) {
            push_space(&mut self.out);
            return tail.get(1..).unwrap_or_default();
        }
        if tail.starts_with(['g', 'G']) {
            self.out.push(';');
            return tail.trim_start_matches(|it: char| it.is_ascii_alphabetic());
        }
        self.out.push('\\');
        tail
    }

    fn string<'t>(&mut self, tail: &'t str, mark: char) -> Option<&'t str> {
        let marked = self.out.ends_with(" e") || self.out == "e";
        let escapes = self.escapes == Some(true) || marked && mark == '\'';
        let (inner, behind) = string(tail, mark, escapes)?;
        quoted(&mut self.out, mark, inner);
        Some(behind)
    }

    /// A body in dollar quotes is code where its statement is.
    fn dollar<'t>(&mut self, text: &'t str, depth: u32) -> &'t str {
        let Some((inner, behind)) = body(text) else {
            self.endless = tag(text).is_some();
            self.out.push('$');
            return text.get(1..).unwrap_or_default();
        };
        self.out.push_str("$$ ");
        let from = self.out.len();
        if !self.read(inner, depth + 1) {
            self.out.truncate(from);
            let escapes = self.escapes.take();
            self.read(inner, depth + 1);
            self.escapes = escapes;
        }
        self.out.push_str(" $$");
        behind
    }
}

fn after_line(text: &str) -> &str {
    text.find('\n')
        .and_then(|it| text.get(it..))
        .unwrap_or_default()
}

/// Commands of clients that print the rest of the line.
fn is_shown(command: &str) -> bool {
    let word = command.split_whitespace().next().unwrap_or_default();
    matches!(word, "echo" | "qecho" | "warn" | "print")
}

/// `GO` on a line of its own.
fn is_batch_end(text: &str) -> bool {
    let line = text.split('\n').next().unwrap_or_default();
    line.trim().eq_ignore_ascii_case("go")
}

/// What a quotation mark encloses, and what is behind that. Two of them are one within.
fn string(text: &str, mark: char, escapes: bool) -> Option<(&str, &str)> {
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == '\\' && escapes {
            letters.next();
        } else if letter == mark && letters.next_if(|it| it.1 == mark).is_none() {
            return Some((text.get(..at)?, text.get(at + 1..)?));
        }
    }
    None
}

/// A name stays as it is, in marks that tell it from a word of the language.
fn quoted(out: &mut String, mark: char, inner: &str) {
    let name = |it: char| it.is_alphanumeric() || it == '_';
    let mark = if mark == '`' { '"' } else { mark };
    out.push(mark);
    if mark == '"' && inner.chars().all(name) {
        out.push_str(&inner.to_ascii_lowercase());
    }
    out.push(mark);
}

/// The mark `$tag$` that a text starts with.
fn tag(text: &str) -> Option<&str> {
    let end = text.get(1..)?.find('$')? + 2;
    let tag = text.get(..end)?;
    let name = |it: char| it.is_ascii_alphanumeric() || it == '_';
    tag.trim_matches('$').chars().all(name).then_some(tag)
}

/// The body in dollar quotes that a text starts with, and what is behind it.
fn body(text: &str) -> Option<(&str, &str)> {
    let tag = tag(text)?;
    text.get(tag.len()..)?.split_once(tag)
}
