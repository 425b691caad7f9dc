//! Owns the grammar of redirects. Does not own heredoc bodies (`heredoc`).

use std::cell::OnceCell;
use std::rc::Rc;

use crate::shell::ast::{Part, Redirect, Word};
use crate::shell::invocation::RedirectOp;

use super::Parser;

impl Parser<'_> {
    /// Reads a redirect if one starts here.
    pub(super) fn redirect(&mut self, into: &mut Vec<Redirect>) -> bool {
        let start = self.pos;
        let Some(digits) = self.descriptor() else {
            return false;
        };
        let written = self.slice(start, start + digits);
        let fd = written.parse().ok();
        let variable = written
            .strip_prefix('{')
            .and_then(|it| it.strip_suffix('}'));
        let variable = variable.map(str::to_owned);
        self.pos += digits;
        let op = self.redirect_operator();
        self.skip_blank();
        if op == RedirectOp::Heredoc {
            self.heredoc((fd, variable), start, into);
            return true;
        }
        let target = self.word();
        if target.parts.is_empty() {
            self.unexpected();
            return true;
        }
        let op = duplicate_or_write(op, &target, start, self.text.as_bytes());
        let forced = op == RedirectOp::Write && target.plain() == Some("!");
        into.push(Redirect {
            op,
            fd,
            variable,
            target,
            body: None,
            span: self.span(start, self.pos),
        });
        if forced {
            self.forced_target(start, into);
        }
        true
    }

    /// zsh writes `>! file`; bash takes `!` for the file and the rest for an argument. Both are kept.
    fn forced_target(&mut self, start: usize, into: &mut Vec<Redirect>) {
        let back = self.pos;
        self.skip_blank();
        let target = self.word();
        if !target.parts.is_empty() {
            into.push(Redirect {
                op: RedirectOp::Write,
                fd: None,
                variable: None,
                target,
                body: None,
                span: self.span(start, self.pos),
            });
        }
        if !self.at_end() {
            self.pos = back;
        }
    }

    /// The length of the descriptor in front of a redirect operator; nothing where no redirect starts.
    fn descriptor(&self) -> Option<usize> {
        let mut length = 0;
        match self.peek() {
            b'<' | b'>' => {}
            b'&' => return (self.at(1) == b'>').then_some(0),
            b'0'..=b'9' => {
                while self.at(length).is_ascii_digit() {
                    length += 1;
                }
            }
            b'{' => {
                while self.at(length + 1) == b'_' || self.at(length + 1).is_ascii_alphanumeric() {
                    length += 1;
                }
                if length == 0 || self.at(length + 1) != b'}' {
                    return None;
                }
                length += 2;
            }
            _ => return None,
        }
        let redirects = matches!(self.at(length), b'<' | b'>') && self.at(length + 1) != b'(';
        redirects.then_some(length)
    }

    fn redirect_operator(&mut self) -> RedirectOp {
        let (op, length) = match (self.peek(), self.after(1)) {
            (b'&', _) if self.at(2) == b'>' => (RedirectOp::Append, 3),
            (b'&' | b'>', b'>') if self.peek() == b'&' => (RedirectOp::Write, 2),
            (b'<', b'<') if self.at(2) == b'<' => (RedirectOp::HereString, 3),
            (b'<', b'<') => (RedirectOp::Heredoc, 2),
            (b'<', b'>') => (RedirectOp::ReadWrite, 2),
            (_, b'&') => (RedirectOp::Duplicate, 2),
            (b'<', _) => (RedirectOp::Read, 1),
            (_, b'>') => (RedirectOp::Append, 2),
            (_, b'|') => (RedirectOp::Write, 2),
            _ => (RedirectOp::Write, 1),
        };
        self.take_operator(length);
        op
    }

    fn heredoc(
        &mut self,
        (fd, variable): (Option<u32>, Option<String>),
        start: usize,
        into: &mut Vec<Redirect>,
    ) {
        let body = Rc::new(OnceCell::new());
        self.heredoc_delimiter(&body);
        into.push(Redirect {
            op: RedirectOp::Heredoc,
            fd,
            variable,
            target: Word::default(),
            body: Some(body),
            span: self.span(start, self.pos),
        });
    }
}

/// `>&` and `<&` duplicate a descriptor; `>&` in front of a file name writes to the file.
fn duplicate_or_write(op: RedirectOp, target: &Word, start: usize, text: &[u8]) -> RedirectOp {
    if op != RedirectOp::Duplicate {
        return op;
    }
    let reads = text
        .get(start..)
        .is_some_and(|it| it.iter().find(|it| matches!(it, b'<' | b'>')) == Some(&b'<'));
    let number = match target.parts.as_slice() {
        [Part::Lit(text)] => {
            let digits = text.strip_suffix('-').unwrap_or(text);
            digits.bytes().all(|it| it.is_ascii_digit())
        }
        [Part::Lit(_), ..] => false,
        _ => true,
    };
    if reads || number {
        RedirectOp::Duplicate
    } else {
        RedirectOp::Write
    }
}
