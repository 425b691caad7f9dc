//! Owns heredocs: their delimiters, and the bodies that follow at the next line. Invariant: bodies are
//! read in the order of their operators, also several per line.

use std::cell::OnceCell;
use std::rc::Rc;

use crate::shell::ast::{Part, Word};

use super::Parser;
use super::quote::End;

/// A heredoc whose body has not been reached.
pub(super) struct Pending {
    delimiter: String,
    quoted: bool,
    strip_tabs: bool,
    body: Rc<OnceCell<Word>>,
}

impl Parser<'_> {
    /// Reads the delimiter (the `-` of `<<-` in front of it) and queues the body.
    pub(super) fn heredoc_delimiter(&mut self, body: &Rc<OnceCell<Word>>) {
        let strip_tabs = self.peek() == b'-';
        if strip_tabs {
            self.pos += 1;
            self.skip_blank();
        }
        let start = self.pos;
        let mut delimiter = String::new();
        let mut quoted = false;
        loop {
            match self.peek() {
                0 | b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>' => break,
                b'\\' => {
                    self.pos += 1;
                    let continued = self.peek() == b'\n';
                    let escaped = self.skip_char();
                    if !continued {
                        quoted = true;
                        delimiter.push_str(escaped);
                    }
                }
                b'$' if matches!(self.at(1), b'\'' | b'"') => self.pos += 1,
                quote @ (b'\'' | b'"') => {
                    quoted = true;
                    self.pos += 1;
                    let from = self.pos;
                    while self.peek() != quote && !self.at_end() {
                        self.pos += 1;
                    }
                    delimiter.push_str(self.slice(from, self.pos));
                    self.expect(quote);
                }
                _ => delimiter.push_str(self.skip_char()),
            }
        }
        if self.pos == start {
            self.unexpected();
            return;
        }
        self.pending.push(Pending {
            delimiter,
            quoted,
            strip_tabs,
            body: Rc::clone(body),
        });
    }

    /// Reads the bodies that begin at the position.
    pub(super) fn read_heredocs(&mut self) {
        for pending in std::mem::take(&mut self.pending) {
            let word = self.heredoc_body(&pending);
            // The cell is filled once: each pending heredoc is taken from the list exactly here.
            let _ = pending.body.set(word);
        }
    }

    fn heredoc_body(&mut self, pending: &Pending) -> Word {
        let start = self.pos;
        let mut end = self.text.len();
        let mut text = String::new();
        let mut continued = false;
        while !self.at_end() {
            let from = self.pos;
            let rest = self.rest();
            let line = rest.split('\n').next().unwrap_or_default();
            self.pos = (from + line.len() + 1).min(self.text.len());
            let bare = if pending.strip_tabs {
                line.trim_start_matches('\t')
            } else {
                line
            };
            if !continued && self.is_delimiter(bare, &pending.delimiter) {
                end = from;
                if bare.len() > pending.delimiter.len() {
                    self.pos = from + (line.len() - bare.len()) + pending.delimiter.len();
                }
                break;
            }
            continued = !pending.quoted
                && line.bytes().rev().take_while(|it| *it == b'\\').count() % 2 == 1;
            if pending.strip_tabs {
                text.push_str(bare);
                text.push_str(self.slice(from + line.len(), self.pos));
            }
        }
        let span = self.span(start, end);
        let whole = self.slice(start, end);
        if pending.quoted {
            let text = if pending.strip_tabs {
                text
            } else {
                whole.to_owned()
            };
            let parts = vec![Part::Quoted(text)];
            return Word { parts, span };
        }
        let origin = self.origin_at(start, end);
        let (text, origin) = if pending.strip_tabs {
            (text.as_str(), super::Origin::From(span))
        } else {
            (whole, origin)
        };
        let mut inner = self.inner(text, origin);
        let parts = inner.parts_until(End::Text, true);
        self.absorb(inner);
        Word { parts, span }
    }

    /// True for the line that ends a body. Inside `$(…)` the closing parenthesis may follow on it.
    fn is_delimiter(&self, line: &str, delimiter: &str) -> bool {
        match line.strip_prefix(delimiter) {
            Some("") => true,
            Some(rest) => self.substituted && rest.starts_with(')'),
            None => false,
        }
    }
}
