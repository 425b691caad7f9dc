//! Owns strings and variables of PowerShell: quotes, here-strings, escapes, `$name`, `${name}`. Invariant:
//! an unclosed string reaches to the end of the text and is a problem.

use super::ast::{Expr, Part, Quote};
use super::cursor::{Parser, is_double, is_single};

impl Parser<'_> {
    /// A quoted string or here-string at the position, where one stands.
    pub(super) fn string(&mut self) -> Option<Expr> {
        let first = self.peek()?;
        if first == '@' {
            return self.here_string();
        }
        if is_single(first) {
            self.bump();
            return Some(self.single());
        }
        if is_double(first) {
            self.bump();
            let parts = self.double(Self::closes_double);
            return Some(Expr::Text(parts, Quote::Quoted));
        }
        None
    }

    fn single(&mut self) -> Expr {
        let mut text = String::new();
        loop {
            text.push_str(self.take(|it| !is_single(it)));
            let Some(mark) = self.bump() else {
                self.refuse("a quote is not closed");
                break;
            };
            if !self.peek().is_some_and(is_single) {
                break;
            }
            text.push(mark);
            self.bump();
        }
        quoted(text)
    }

    /// True where a double quote ends the string; a doubled one is taken up to its second half.
    fn closes_double(&mut self) -> bool {
        if !self.peek().is_some_and(is_double) {
            return false;
        }
        if self.peek_at(1).is_some_and(is_double) {
            self.bump();
            return false;
        }
        self.bump();
        true
    }

    /// `@'…'@` and `@"…"@`, each on lines of its own.
    fn here_string(&mut self) -> Option<Expr> {
        let quote = self.peek_at(1)?;
        if !is_single(quote) && !is_double(quote) {
            return None;
        }
        self.bump();
        self.bump();
        self.take(|it| it != '\n');
        self.bump();
        if is_double(quote) {
            let parts = self.double(|it| {
                let open = it.rest();
                let ends = open.starts_with("\n\"@")
                    || open.starts_with("\r\n\"@")
                    || open.starts_with("\"@") && it.text.get(..it.pos).is_some_and(ends_line);
                if ends {
                    it.take(|letter| letter != '@');
                    it.bump();
                }
                ends
            });
            return Some(Expr::Text(parts, Quote::Quoted));
        }
        let rest = self.rest();
        let (length, end) = match rest.find("\n'@") {
            _ if rest.starts_with("'@") => (0, 2),
            Some(at) => (at, at + 3),
            None => {
                self.refuse("a here-string is not closed");
                (rest.len(), rest.len())
            }
        };
        self.pos += end;
        let text = rest.get(..length).unwrap_or_default();
        Some(quoted(text.trim_end_matches('\r').to_owned()))
    }

    /// The parts of an expandable string up to its end, which `closes` takes.
    fn double(&mut self, closes: impl Fn(&mut Self) -> bool) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut text = String::new();
        loop {
            if self.peek().is_none() {
                self.refuse("a quote is not closed");
                break;
            }
            if closes(self) {
                break;
            }
            match self.peek() {
                Some('`') => {
                    self.bump();
                    self.escape(&mut text);
                }
                Some('$') => self.expansion(&mut parts, &mut text),
                _ => text.extend(self.bump()),
            }
        }
        flush(&mut parts, &mut text);
        parts
    }

    /// What a backtick and the next character stand for.
    pub(super) fn escape(&mut self, text: &mut String) {
        match self.bump() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('r') => text.push('\r'),
            Some('0' | 'a' | 'b' | 'f' | 'v' | '\n') | None => {}
            Some('u') if self.peek() == Some('{') => {
                self.bump();
                let digits = self.take(|it| it.is_ascii_hexdigit());
                let code = u32::from_str_radix(digits, 16).unwrap_or_default();
                text.extend(char::from_u32(code));
                self.eat("}");
            }
            Some(letter) => text.push(letter),
        }
    }

    /// `$name`, `${name}` or `$(…)` in text; a `$` alone is itself.
    pub(super) fn expansion(&mut self, parts: &mut Vec<Part>, text: &mut String) {
        if self.peek_at(1) == Some('(') {
            self.bump();
            self.bump();
            let script = self.enclosed(')');
            flush(parts, text);
            parts.push(Part::Value(Expr::Run(script)));
        } else if let Some(name) = self.variable() {
            flush(parts, text);
            parts.push(Part::Value(Expr::Variable(name)));
        } else {
            text.extend(self.bump());
        }
    }

    /// The name of the variable at a `$`, lower case; nothing where it is none.
    pub(super) fn variable(&mut self) -> Option<String> {
        let next = self.peek_at(1)?;
        if next == '{' {
            self.pos += 2;
            let name = self.take(|it| it != '}').to_ascii_lowercase();
            self.eat("}");
            return Some(without_scope(&name));
        }
        if matches!(next, '$' | '?' | '^') {
            self.pos += 2;
            return Some(next.to_string());
        }
        if !is_name(next) {
            return None;
        }
        self.bump();
        let mut name = self.take(is_name).to_ascii_lowercase();
        if self.peek() == Some(':') && self.peek_at(1).is_some_and(is_name) {
            self.bump();
            name.push(':');
            name.push_str(&self.take(is_name).to_ascii_lowercase());
        }
        Some(without_scope(&name))
    }
}

/// Scopes of variables are one scope here.
fn without_scope(name: &str) -> String {
    let scopes = [
        "global:",
        "script:",
        "local:",
        "private:",
        "using:",
        "variable:",
    ];
    let scope = scopes.iter().find(|it| name.starts_with(**it));
    let length = scope.map_or(0, |it| it.len());
    name.get(length..).unwrap_or_default().to_owned()
}

pub(super) fn is_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn ends_line(text: &str) -> bool {
    text.ends_with('\n')
}

pub(super) fn quoted(text: String) -> Expr {
    Expr::Text(vec![Part::Literal(text)], Quote::Quoted)
}

pub(super) fn flush(parts: &mut Vec<Part>, text: &mut String) {
    if !text.is_empty() {
        parts.push(Part::Literal(std::mem::take(text)));
    }
}
