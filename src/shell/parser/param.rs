//! Owns the grammar of parameter expansion: `$name`, `${…}` in all its forms, `${ command; }`.

use crate::shell::ast::{Form, Op, Param, Part};

use super::Parser;
use super::quote::End;
use super::word::{push_lit, push_quoted};

/// A pattern is read as if no quotes stood around the parameter: `"${x##*/}"` cuts as `${x##*/}` does.
const PATTERN: bool = false;

impl Parser<'_> {
    /// `$name`, `$1`, `$@`; a plain dollar where nothing of that follows.
    pub(super) fn bare_parameter(&mut self, parts: &mut Vec<Part>, quoted: bool) {
        let length = match self.peek() {
            b'@' | b'*' | b'#' | b'?' | b'$' | b'!' | b'-' | b'0'..=b'9' => 1,
            _ => self.name_length(),
        };
        if length == 0 {
            let push = if quoted { push_quoted } else { push_lit };
            push(parts, "$");
            return;
        }
        let name = self.slice(self.pos, self.pos + length).to_owned();
        self.pos += length;
        parts.push(Part::Param(Box::new(Param {
            name,
            form: Form::Value,
            index: None,
            op: Op::None,
            quoted,
        })));
    }

    /// `${…}`, from the brace on.
    pub(super) fn braced(&mut self, parts: &mut Vec<Part>, quoted: bool) {
        self.pos += 1;
        if matches!(self.peek(), b' ' | b'\t' | b'\n' | b'|') {
            self.pos += 1;
            let list = self.substitution(b'}');
            parts.push(Part::Command { list, quoted });
            return;
        }
        if !self.enter() {
            return;
        }
        let form = self.parameter_form();
        let name = self.parameter_name();
        let mut index = None;
        if self.peek() == b'[' && !name.is_empty() {
            self.pos += 1;
            index = Some(self.parts_until(End::Bracket, quoted));
            self.expect(b']');
        }
        let op = self.parameter_op(quoted);
        self.expect(b'}');
        self.leave();
        parts.push(Part::Param(Box::new(Param {
            name,
            form,
            index,
            op,
            quoted,
        })));
    }

    fn parameter_form(&mut self) -> Form {
        let next = self.at(1);
        let names = next == b'_' || next.is_ascii_alphanumeric();
        match self.peek() {
            b'#' if names
                || (matches!(next, b'@' | b'*' | b'?' | b'!' | b'$') && self.at(2) == b'}') =>
            {
                self.pos += 1;
                Form::Length
            }
            b'!' if names || (matches!(next, b'@' | b'*' | b'#') && self.at(2) == b'}') => {
                self.pos += 1;
                Form::Indirect
            }
            _ => Form::Value,
        }
    }

    fn parameter_name(&mut self) -> String {
        let length = match self.peek() {
            b'@' | b'*' | b'#' | b'?' | b'$' | b'!' | b'-' => 1,
            b'0'..=b'9' => self.rest().bytes().take_while(u8::is_ascii_digit).count(),
            _ => self.name_length(),
        };
        let name = self.slice(self.pos, self.pos + length).to_owned();
        self.pos += length;
        name
    }

    fn parameter_op(&mut self, quoted: bool) -> Op {
        let byte = self.peek();
        match (byte, self.at(1)) {
            (b'}', _) => Op::None,
            (b':', kind @ (b'-' | b'=' | b'?' | b'+')) => {
                self.pos += 2;
                self.default_op(kind, quoted)
            }
            (b'-' | b'=' | b'?' | b'+', _) => {
                self.pos += 1;
                self.default_op(byte, quoted)
            }
            (b':', _) => self.slice_op(quoted),
            (b'#' | b'%', next) => {
                let longest = next == byte;
                self.pos += if longest { 2 } else { 1 };
                Op::Trim {
                    kind: byte,
                    longest,
                    pattern: self.parts_until(End::PatternBrace, PATTERN),
                }
            }
            (b'/', next) => self.replace_op(next, quoted),
            (b'^' | b',', next) => {
                let all = next == byte;
                self.pos += if all { 2 } else { 1 };
                Op::Case {
                    kind: byte,
                    all,
                    pattern: self.parts_until(End::PatternBrace, PATTERN),
                }
            }
            _ => Op::Other(self.parts_until(End::Brace, quoted)),
        }
    }

    fn default_op(&mut self, kind: u8, quoted: bool) -> Op {
        let word = self.parts_until(End::Brace, quoted);
        Op::Default { kind, word }
    }

    fn slice_op(&mut self, quoted: bool) -> Op {
        self.pos += 1;
        let offset = self.parts_until(End::Colon, quoted);
        let length = if self.peek() == b':' {
            self.pos += 1;
            Some(self.parts_until(End::Brace, quoted))
        } else {
            None
        };
        Op::Slice { offset, length }
    }

    fn replace_op(&mut self, next: u8, quoted: bool) -> Op {
        let kind = if matches!(next, b'/' | b'#' | b'%') {
            next
        } else {
            0
        };
        self.pos += if kind == 0 { 1 } else { 2 };
        let pattern = self.parts_until(End::Slash, PATTERN);
        let mut with = Vec::new();
        if self.peek() == b'/' {
            self.pos += 1;
            with = self.parts_until(End::PatternBrace, quoted);
        }
        Op::Replace {
            kind,
            pattern,
            with,
        }
    }
}
