//! Owns the `@` operators of parameters (`${x@P}`, `${x@E}`, …). Invariant: what `@P` would run is walked,
//! also where its value stays unknown.

use crate::shell::ast::Part;
use crate::shell::invocation::{Arg, ArgFlags, GUARDED, UNKNOWN};
use crate::shell::parser::{Origin, Parser, decode_ansi};

use super::super::state::Value;
use super::super::{NESTED_LIMIT, Walker};

/// Ends the document that a prompt's text is read as.
const END: &str = "HOOKBIN_PROMPT";

impl Walker<'_> {
    /// The value after an operator; unknown after one that is not applied here.
    pub(super) fn transform(&mut self, mut value: Arg, operator: &[Part]) -> Arg {
        let operator = self.join_parts(operator);
        if operator.text == "@P" {
            return self.prompt(&value);
        }
        let text = if value.text.contains([UNKNOWN, GUARDED]) {
            None
        } else {
            match operator.text.as_str() {
                "@E" => Some(decode_ansi(&value.text)),
                "@U" => Some(value.text.to_uppercase()),
                "@L" => Some(value.text.to_lowercase()),
                "@Q" => Some(format!("'{}'", value.text.replace('\'', r"'\''"))),
                _ => None,
            }
        };
        if let Some(text) = text {
            if text != value.text {
                value.flags.set(ArgFlags::HIDDEN);
            }
            value.text = text;
            return value;
        }
        unknown(value)
    }

    /// What variables in arithmetic hold is arithmetic again: substitutions in its subscripts run.
    pub(in crate::shell::walk) fn run_subscripts(&mut self, text: &str) {
        let letter = |it: char| it.is_ascii_alphanumeric() || it == '_';
        for name in text.split(|it| !letter(it)).filter(|it| !it.is_empty()) {
            let held = self.state.get(name).and_then(|it| match it {
                Value::Scalar(them) => them.iter().find(|it| it.text.contains(['(', '`'])),
                Value::List(_) => None,
            });
            if let Some(held) = held.cloned() {
                self.prompt(&held);
            }
        }
    }

    /// `@P` expands a value as a prompt: its backslash escapes, then variables and substitutions.
    pub(in crate::shell::walk) fn prompt(&mut self, value: &Arg) -> Arg {
        let (text, exact) = without_escapes(&value.text);
        self.nested_bytes += text.len();
        if self.nested_bytes > NESTED_LIMIT {
            self.limit("hands more than 4 MiB of text to other shells", value.span);
            return unknown(value.clone());
        }
        let source = document(&text);
        let list = Parser::new(&source, Origin::From(value.span), self.depth).script();
        let marked = std::mem::replace(&mut self.marked, text.contains([UNKNOWN, GUARDED]));
        let mut expanded = self.substitute(&list);
        self.marked = marked;
        expanded.from.extend_from_slice(&value.from);
        expanded.flags.set(ArgFlags::HIDDEN);
        if exact { expanded } else { unknown(expanded) }
    }
}

/// A command that expands a text as a prompt is expanded: quotes in it mean nothing.
pub(in crate::shell::walk) fn document(text: &str) -> String {
    format!("cat <<{END}\n{text}\n{END}\n")
}

fn unknown(mut value: Arg) -> Arg {
    value.text = UNKNOWN.to_string();
    value.flags.set(ArgFlags::UNKNOWN);
    value
}

/// A prompt's text with its octal escapes decoded, and whether there were no others.
fn without_escapes(text: &str) -> (String, bool) {
    let mut plain = String::with_capacity(text.len());
    let mut exact = true;
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        plain.push_str(before);
        let digits = after
            .bytes()
            .take(3)
            .take_while(|it| (b'0'..=b'7').contains(it));
        let length = digits.count();
        let number = after.get(..length).unwrap_or_default();
        rest = after.get(length..).unwrap_or_default();
        // A substitution that an octal escape begins is read as one.
        if let Ok(code) = u8::from_str_radix(number, 8) {
            plain.push(char::from(code));
        } else {
            exact = false;
            plain.push(' ');
        }
    }
    plain.push_str(rest);
    (plain, exact)
}
