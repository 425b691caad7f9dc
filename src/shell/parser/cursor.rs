//! Owns the position in the text: looking, skipping, limits, problems and spans. Does not own grammar.
//! Invariant: after a problem the position is the end of the text and nothing but the end is seen.

use crate::shell::ast::Redirect;
use crate::shell::invocation::{Problem, ProblemKind, Span};

use super::heredoc::Pending;

/// How deeply constructs may nest.
pub(in crate::shell) const DEPTH_LIMIT: u32 = 64;
/// Steps per byte of text, beside a fixed amount.
const FUEL_PER_BYTE: usize = 64;
const FUEL_FIXED: usize = 4096;

/// Where a text stands in the original one.
#[derive(Clone, Copy, Debug)]
pub(in crate::shell) enum Origin {
    /// Byte for byte, from this offset on.
    At(usize),
    /// Derived from this range; positions inside it have no meaning.
    From(Span),
}

/// A position in a text, and what is pending there.
pub(in crate::shell) struct Parser<'a> {
    pub(super) text: &'a str,
    pub(super) pos: usize,
    pub(super) origin: Origin,
    pub(super) depth: u32,
    pub(super) pending: Vec<Pending>,
    /// Inside `$(…)`, where `)` may follow a heredoc's delimiter.
    pub(super) substituted: bool,
    fuel: usize,
    problem: Option<Problem>,
}

impl<'a> Parser<'a> {
    pub(in crate::shell) fn new(text: &'a str, origin: Origin, depth: u32) -> Self {
        Self {
            text,
            pos: 0,
            origin,
            depth,
            pending: Vec::new(),
            substituted: false,
            fuel: text.len().saturating_mul(FUEL_PER_BYTE) + FUEL_FIXED,
            problem: None,
        }
    }

    /// What stopped the reading, if anything did.
    pub(in crate::shell) fn into_problem(self) -> Option<Problem> {
        self.problem
    }

    /// A reader of text that stands inside this one, and takes part in its limits.
    pub(super) fn inner<'b>(&self, text: &'b str, origin: Origin) -> Parser<'b> {
        let mut inner = Parser::new(text, origin, self.depth);
        inner.fuel = self.fuel;
        inner
    }

    /// Takes over the fuel and the limit problems of an inner reader. Its syntax problems are not those
    /// of this text: the shell reads such text only when it runs it, and refuses that part alone.
    pub(super) fn absorb(&mut self, inner: Parser) {
        self.fuel = inner.fuel;
        if let Some(problem) = inner.problem
            && problem.kind != ProblemKind::Syntax
        {
            self.stop(problem);
        }
    }

    pub(super) fn origin_at(&self, start: usize, end: usize) -> Origin {
        match self.origin {
            Origin::At(base) => Origin::At(base + start),
            Origin::From(_) => Origin::From(self.span(start, end)),
        }
    }

    /// A span of the original text. Where a closing mark is missing the position is behind the end.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let inside = |at: usize| at.min(self.text.len());
        match self.origin {
            Origin::At(base) => Span {
                start: narrow(base + inside(start)),
                end: narrow(base + inside(end)),
            },
            Origin::From(span) => span,
        }
    }

    /// The byte at the position; 0 at the end.
    pub(super) fn peek(&self) -> u8 {
        self.at(0)
    }

    pub(super) fn at(&self, ahead: usize) -> u8 {
        let byte = self.text.as_bytes().get(self.pos + ahead);
        byte.copied().unwrap_or(0)
    }

    /// The byte after this one, line continuations between them left out.
    pub(super) fn after(&self, ahead: usize) -> u8 {
        let mut ahead = ahead;
        while self.at(ahead) == b'\\' && self.at(ahead + 1) == b'\n' {
            ahead += 2;
        }
        self.at(ahead)
    }

    /// Moves past an operator of `length` bytes, line continuations inside it included.
    pub(super) fn take_operator(&mut self, length: usize) {
        for _ in 0..length {
            while self.peek() == b'\\' && self.at(1) == b'\n' {
                self.pos += 2;
            }
            self.pos += 1;
        }
    }

    pub(super) fn at_end(&self) -> bool {
        self.pos >= self.text.len()
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.pos..).unwrap_or_default()
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Moves past the character at the position; nowhere at the end.
    pub(super) fn skip_char(&mut self) -> &'a str {
        let start = self.pos;
        let length = self.rest().chars().next().map_or(0, char::len_utf8);
        self.pos += length;
        self.slice(start, self.pos)
    }

    pub(super) fn skip_blank(&mut self) {
        loop {
            match self.peek() {
                b' ' | b'\t' => self.pos += 1,
                b'\\' if self.at(1) == b'\n' => self.pos += 2,
                _ => return,
            }
        }
    }

    pub(super) fn skip_newlines(&mut self) {
        loop {
            self.skip_blank();
            match self.peek() {
                b'\n' => self.newline(),
                b'#' => self.skip_comment(),
                _ => return,
            }
        }
    }

    pub(super) fn skip_comment(&mut self) {
        let rest = self.rest();
        self.pos += rest.find('\n').unwrap_or(rest.len());
    }

    fn newline(&mut self) {
        self.pos += 1;
        if !self.pending.is_empty() {
            self.read_heredocs();
        }
    }

    /// The reserved word at the position, or nothing. Only meaningful where a command may start.
    pub(super) fn keyword(&self) -> &'a str {
        let length = match self.peek() {
            b'{' | b'}' | b'!' => 1,
            b'[' if self.at(1) == b'[' => 2,
            b'a'..=b'z' => {
                let bytes = self.rest().bytes();
                bytes.take_while(u8::is_ascii_lowercase).take(9).count()
            }
            _ => return "",
        };
        match self.at(length) {
            0 | b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>' => {
                self.slice(self.pos, self.pos + length)
            }
            b'\\' if self.at(length + 1) == b'\n' => self.slice(self.pos, self.pos + length),
            _ => "",
        }
    }

    /// Moves past a reserved word that must stand here.
    pub(super) fn expect_keyword(&mut self, word: &str) {
        self.skip_newlines();
        if self.keyword() == word {
            self.pos += word.len();
        } else {
            self.unexpected();
        }
    }

    pub(super) fn expect(&mut self, byte: u8) {
        if self.peek() == byte && !self.at_end() {
            self.pos += 1;
        } else {
            self.unexpected();
        }
    }

    /// Enters a construct; false where that would be too deep.
    pub(super) fn enter(&mut self) -> bool {
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            self.limit("nested deeper than 64 levels");
            self.depth -= 1;
            return false;
        }
        true
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Uses up fuel; false where none is left.
    pub(super) fn spend(&mut self, steps: usize) -> bool {
        if self.fuel < steps {
            self.fuel = 0;
            self.limit("more steps than its length allows (64 per byte)");
            return false;
        }
        self.fuel -= steps;
        true
    }

    pub(super) fn unexpected(&mut self) {
        if self.at_end() {
            self.syntax("ends in the middle of a command".to_owned());
            return;
        }
        let shown: String = self.rest().chars().take(12).collect();
        let shown = shown.lines().next().unwrap_or_default();
        let message = if shown.is_empty() {
            "a line ends where a command goes on".to_owned()
        } else {
            format!("does not expect `{shown}` here")
        };
        self.syntax(message);
    }

    pub(super) fn syntax(&mut self, message: String) {
        self.fail(ProblemKind::Syntax, message);
    }

    fn limit(&mut self, message: &str) {
        self.fail(ProblemKind::Limit, message.to_owned());
    }

    fn fail(&mut self, kind: ProblemKind, message: String) {
        let span = self.span(self.pos, self.text.len());
        self.stop(Problem {
            kind,
            message,
            span,
        });
    }

    fn stop(&mut self, problem: Problem) {
        if self.problem.is_none() {
            self.problem = Some(problem);
        }
        self.pos = self.text.len();
        self.pending.clear();
    }

    /// Redirects behind a compound command.
    pub(super) fn redirects(&mut self) -> Vec<Redirect> {
        let mut redirects = Vec::new();
        loop {
            self.skip_blank();
            if !self.redirect(&mut redirects) {
                return redirects;
            }
        }
    }
}

fn narrow(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
