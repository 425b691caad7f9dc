//! Owns the position in PowerShell text: characters, blanks, comments, limits and problems. Does not own
//! the grammar. Invariants: every step moves forward, and a limit that is hit ends the text.

use crate::shell::invocation::{Problem, ProblemKind, Span};
use crate::shell::parser::{DEPTH_LIMIT, Origin};

/// A position in PowerShell text.
pub(in crate::shell) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) pos: usize,
    origin: Origin,
    depth: u32,
    problem: Option<Problem>,
}

impl<'a> Parser<'a> {
    pub(in crate::shell) fn new(text: &'a str, origin: Origin, depth: u32) -> Self {
        Self {
            text,
            pos: 0,
            origin,
            depth,
            problem: None,
        }
    }

    /// The first thing that was not understood.
    pub(in crate::shell) fn into_problem(self) -> Option<Problem> {
        self.problem
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.pos..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// The nth character from here.
    pub(super) fn peek_at(&self, n: usize) -> Option<char> {
        self.rest().chars().nth(n)
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let letter = self.peek()?;
        self.pos += letter.len_utf8();
        Some(letter)
    }

    pub(super) fn eat(&mut self, text: &str) -> bool {
        let found = self.rest().starts_with(text);
        if found {
            self.pos += text.len();
        }
        found
    }

    /// Takes characters as long as they fit.
    pub(super) fn take(&mut self, fits: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let length = rest.find(|it: char| !fits(it)).unwrap_or(rest.len());
        self.pos += length;
        rest.get(..length).unwrap_or_default()
    }

    /// Skips blanks, continued lines and comments; at a `#` a comment begins only where a word could.
    pub(super) fn blanks(&mut self) {
        loop {
            self.take(is_blank);
            if self.eat("<#") {
                let length = self.rest().find("#>").map(|it| it + 2);
                self.pos += length.unwrap_or(self.rest().len());
            } else if self.peek() == Some('#') {
                self.take(|it| it != '\n');
            } else if self.rest().starts_with("`\n") || self.rest().starts_with("`\r\n") {
                self.take(|it| it != '\n');
                self.bump();
            } else {
                return;
            }
        }
    }

    /// Skips blanks and ends of lines.
    pub(super) fn lines(&mut self) {
        loop {
            self.blanks();
            if self.take(|it| it == '\n').is_empty() {
                return;
            }
        }
    }

    /// Skips everything that may stand between two statements.
    pub(super) fn separators(&mut self) {
        loop {
            self.lines();
            if self.take(|it| it == ';').is_empty() {
                return;
            }
        }
    }

    /// Takes the character or notes that it is missing.
    pub(super) fn expect(&mut self, mark: char) {
        self.lines();
        if self.peek() == Some(mark) {
            self.bump();
        } else {
            self.refuse(match mark {
                ')' => "a `)` is missing",
                '}' => "a `}` is missing",
                '(' => "a `(` is missing",
                _ => "something is missing",
            });
        }
    }

    /// Enters one more level; false where the limit is hit, which ends the text.
    pub(super) fn enter(&mut self) -> bool {
        if self.depth >= DEPTH_LIMIT {
            self.note(ProblemKind::Limit, "nested deeper than 64 levels");
            self.pos = self.text.len();
            return false;
        }
        self.depth += 1;
        true
    }

    pub(super) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Notes that PowerShell would not accept the text here.
    pub(super) fn refuse(&mut self, message: &str) {
        self.note(ProblemKind::Syntax, message);
    }

    fn note(&mut self, kind: ProblemKind, message: &str) {
        let limit = kind == ProblemKind::Limit;
        let span = self.span_from(self.pos);
        let known = self.problem.as_ref();
        if known.is_none_or(|it| limit && it.kind != ProblemKind::Limit) {
            self.problem = Some(Problem {
                kind,
                message: message.to_owned(),
                span,
            });
        }
    }

    /// From there to here, in the original text.
    pub(super) fn span_from(&self, start: usize) -> Span {
        match self.origin {
            Origin::From(span) => span,
            Origin::At(base) => {
                let place = |it: usize| u32::try_from(base + it).unwrap_or(u32::MAX);
                Span {
                    start: place(start),
                    end: place(self.pos),
                }
            }
        }
    }
}

pub(super) fn is_blank(letter: char) -> bool {
    letter != '\n' && letter.is_whitespace()
}

/// PowerShell takes typographic quotes and dashes for the plain ones.
pub(super) fn is_single(letter: char) -> bool {
    matches!(letter, '\'' | '\u{2018}'..='\u{201b}')
}

pub(super) fn is_double(letter: char) -> bool {
    matches!(letter, '"' | '\u{201c}'..='\u{201e}')
}

pub(super) fn is_dash(letter: char) -> bool {
    matches!(letter, '-' | '\u{2013}'..='\u{2015}')
}
