//! Owns commands as they are written in argument mode: words, lists, redirects. Does not own what a word
//! means to its command. Invariant: a word ends where PowerShell ends it, and every word is kept.

use crate::shell::invocation::RedirectOp;

use super::ast::{Command, Expr, Part, Quote, Redirect};
use super::cursor::{Parser, is_dash, is_double, is_single};
use super::expression::one_or_list;
use super::text::{flush, quoted};

impl Parser<'_> {
    /// A command with its words up to the end of the pipeline element.
    pub(super) fn command(&mut self) -> Command {
        let start = self.pos;
        self.call_operator();
        let mut words = Vec::new();
        let mut redirects = Vec::new();
        let mut end = self.pos;
        loop {
            self.blanks();
            if self.at_element_end() {
                break;
            }
            if self.rest().starts_with("--%") {
                self.verbatim(&mut words);
                end = self.pos;
                break;
            }
            let before = self.pos;
            if let Some(redirect) = self.redirect() {
                redirects.push(redirect);
            } else {
                words.push(self.argument());
            }
            if self.pos == before {
                self.refuse("a word is not understood");
                self.bump();
            }
            end = self.pos;
        }
        self.pos = end;
        Command {
            words,
            redirects,
            span: self.span_from(start),
        }
    }

    /// Takes `&` or `.` in front of what is called.
    fn call_operator(&mut self) {
        let operator = self.peek().is_some_and(|it| matches!(it, '&' | '.'));
        let callee = |it: char| {
            it.is_whitespace() || matches!(it, '$' | '(' | '{') || is_single(it) || is_double(it)
        };
        if operator && self.peek_at(1).is_some_and(callee) {
            self.bump();
        }
    }

    pub(super) fn at_element_end(&self) -> bool {
        matches!(self.peek(), None | Some('\n' | ';' | '|' | ')' | '}' | '&'))
    }

    /// `> file`, `2>&1`, `*>> file`.
    pub(super) fn redirect(&mut self) -> Option<Redirect> {
        let rest = self.rest();
        let digits = usize::from(rest.starts_with(|it: char| it == '*' || it.is_ascii_digit()));
        let tail = rest.get(digits..)?;
        if !tail.starts_with('>') {
            return None;
        }
        let fd = rest.get(..digits).and_then(|it| it.parse().ok());
        self.pos += digits + 1;
        let op = if self.eat(">") {
            RedirectOp::Append
        } else if self.eat("&") {
            let target = self.take(|it| it.is_ascii_digit()).to_owned();
            return Some(Redirect {
                op: RedirectOp::Duplicate,
                fd,
                target: quoted(target),
            });
        } else {
            RedirectOp::Write
        };
        self.blanks();
        let target = self.word();
        Some(Redirect { op, fd, target })
    }

    /// One argument: a word, or several joined by commas.
    fn argument(&mut self) -> Expr {
        let first = self.word();
        let mut items = vec![first];
        loop {
            let before = self.pos;
            self.blanks();
            if self.peek() != Some(',') {
                self.pos = before;
                break;
            }
            self.bump();
            self.lines();
            if self.at_element_end() {
                break;
            }
            items.push(self.word());
        }
        one_or_list(items)
    }

    /// One word of argument mode.
    fn word(&mut self) -> Expr {
        let Some(first) = self.peek() else {
            return quoted(String::new());
        };
        match first {
            '(' | '{' => return self.postfixed(),
            '@' if matches!(self.peek_at(1), Some('(' | '{')) => return self.postfixed(),
            '@' if self.peek_at(1).is_some_and(super::text::is_name) => {
                self.bump();
                let name = self.take(super::text::is_name).to_ascii_lowercase();
                return Expr::Splat(name);
            }
            '$' if self.peek_at(1) == Some('(') => return self.continued(),
            '$' if self
                .peek_at(1)
                .is_some_and(|it| it == '{' || super::text::is_name(it)) =>
            {
                return self.continued();
            }
            _ => {}
        }
        if let Some(string) = self.string() {
            return string;
        }
        self.bare(Vec::new())
    }

    /// A variable or `$(…)` with its members, or the text that goes on behind it: `$HOME\x`.
    fn continued(&mut self) -> Expr {
        let value = self.postfixed();
        if self.at_word_end() {
            return value;
        }
        self.bare(vec![Part::Value(value)])
    }

    fn at_word_end(&self) -> bool {
        self.at_element_end()
            || self
                .peek()
                .is_none_or(|it| it.is_whitespace() || matches!(it, ',' | '(' | '{' | '>' | '<'))
    }

    /// A word without quotes around it; quotes inside it are part of it.
    fn bare(&mut self, mut parts: Vec<Part>) -> Expr {
        let mut text = String::new();
        if parts.is_empty() && self.peek().is_some_and(is_dash) {
            self.bump();
            text.push('-');
        }
        loop {
            if self.rest().starts_with("@{") {
                // `stash@{0}`: no table begins inside a word.
                text.push_str(self.take(|it| it != '}' && !it.is_whitespace()));
                self.eat("}").then(|| text.push('}'));
                continue;
            }
            if self.at_word_end() {
                break;
            }
            match self.peek() {
                Some('`') => {
                    self.bump();
                    self.escape(&mut text);
                }
                Some('$') => self.expansion(&mut parts, &mut text),
                Some(letter) if is_single(letter) || is_double(letter) => {
                    flush(&mut parts, &mut text);
                    parts.extend(self.string().map(Part::Value));
                }
                _ => text.extend(self.bump()),
            }
        }
        flush(&mut parts, &mut text);
        Expr::Text(parts, Quote::Bare)
    }

    /// What follows `--%` goes to the program as it stands.
    fn verbatim(&mut self, words: &mut Vec<Expr>) {
        self.pos += "--%".len();
        let line = self.take(|it| !matches!(it, '\n' | '|'));
        let line = crate::shell::Arg::literal(line, crate::shell::Span::default());
        let split = crate::shell::unwrap::split(&line);
        words.extend(split.into_iter().map(|it| quoted(it.text)));
    }
}
