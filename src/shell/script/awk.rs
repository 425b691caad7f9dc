//! Owns awk's statements: what it prints to a file or to a program, and what it reads from one. Does not own
//! expressions (`eval`).

use super::eval::{Operand, Reader};
use super::format::format;
use super::token::Token;
use super::{Language, Value};
use crate::shell::invocation::UNKNOWN;

impl Reader<'_> {
    /// One statement.
    pub(super) fn awk(&mut self) {
        if let Some(Token::Name(name)) = self.peek(0)
            && matches!(name.as_str(), "print" | "printf")
        {
            let formats = name == "printf";
            self.at += 1;
            self.print(formats);
            return;
        }
        let mark = match (self.peek(0), self.peek(1)) {
            (Some(Token::Mark('|')), Some(Token::Text(_))) => "pipe",
            (Some(Token::Mark('>')), Some(Token::Text(_))) => "redirect",
            (Some(Token::Mark('<')), Some(Token::Text(_))) => "read",
            _ => {
                self.expression();
                return;
            }
        };
        self.at += 1;
        let value = self.expression().value;
        self.call(mark.to_owned(), Value::Unknown, vec![value]);
    }

    /// `print a, b | "sh"`, `printf("…", a) > "file"`. What a shell is given it runs.
    fn print(&mut self, formats: bool) {
        let mut items = Vec::new();
        while !matches!(
            self.peek(0),
            None | Some(Token::Mark('|' | '>' | ';' | '}') | Token::Newline)
        ) {
            let before = self.at;
            let mut item = self.expression().value;
            while self.goes_on() && self.at > before {
                let start = self.at;
                let next = self.expression().value;
                item = Value::Text(item.text() + &next.text());
                if self.at == start {
                    break;
                }
            }
            match item {
                Value::List(them) => items.extend(them),
                item => items.push(item),
            }
            if !self.take(',') {
                break;
            }
        }
        let text = match items.split_first() {
            Some((first, rest)) if formats => format(first, &Value::List(rest.to_vec())).text(),
            _ => items.iter().map(Value::text).collect::<Vec<_>>().join(" "),
        };
        if !self.is(0, '|') || self.is(1, '|') {
            return;
        }
        self.at += 1 + usize::from(self.is(1, '&'));
        let program = self.expression().value;
        let known = text.chars().any(|it| it != UNKNOWN && !it.is_whitespace());
        if known && is_shell(&program) {
            self.call("pipe".to_owned(), Value::Unknown, vec![Value::Text(text)]);
        }
        self.call("pipe".to_owned(), Value::Unknown, vec![program]);
    }

    /// True where the token belongs to what is printed so far.
    fn goes_on(&self) -> bool {
        match self.peek(0) {
            Some(Token::Name(name)) => !matches!(name.as_str(), "if" | "else" | "while" | "for"),
            Some(Token::Text(_) | Token::Number(_)) => true,
            _ => false,
        }
    }

    /// `"command" | getline`: the command is run.
    pub(super) fn fetched(&mut self, left: &Operand) -> bool {
        let skip = 1 + usize::from(self.is(1, '&'));
        let fetches = self.is(0, '|')
            && self.language == Language::Awk
            && self.peek(skip) == Some(&Token::Name("getline".to_owned()));
        if fetches {
            self.at += skip + 1;
            self.call("pipe".to_owned(), Value::Unknown, vec![left.value.clone()]);
        }
        fetches
    }
}

/// True for the name of a shell that reads its stdin.
pub(super) fn is_shell(program: &Value) -> bool {
    let Value::Text(program) = program else {
        return false;
    };
    let mut words = program.split_whitespace();
    let name = words.next().unwrap_or_default();
    let name = name.rsplit('/').next().unwrap_or_default();
    matches!(name, "sh" | "bash" | "dash" | "zsh" | "ksh" | "ash")
        && words.all(|it| it.starts_with(['-', '2', '>', '&']) && it != "-c")
}
