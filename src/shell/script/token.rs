//! Owns the division of code into tokens, for all languages alike. Does not own grammar. Invariant: one
//! pass, never beyond the end; an unclosed string ends with the code.

use super::Language;
use super::interpolate::{self, CLOSE, OPEN};

/// So far a closing quote is looked for.
const LINE: usize = 256;

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// A name without its sigil.
    Name(String),
    /// A string literal, escapes decoded, interpolated parts marked.
    Text(String),
    Number(String),
    Mark(char),
    Newline,
}

/// The tokens of code.
pub(super) fn tokens(language: Language, code: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        language,
        letters: code.chars().collect(),
        at: 0,
        found: Vec::new(),
    };
    while lexer.next() {}
    lexer.found
}

struct Lexer {
    language: Language,
    letters: Vec<char>,
    at: usize,
    found: Vec<Token>,
}

impl Lexer {
    fn peek(&self, ahead: usize) -> char {
        self.letters.get(self.at + ahead).copied().unwrap_or('\0')
    }

    fn next(&mut self) -> bool {
        if self.at >= self.letters.len() {
            return false;
        }
        let letter = self.peek(0);
        match letter {
            '\n' => {
                self.found.push(Token::Newline);
                self.at += 1;
            }
            _ if letter.is_whitespace() => self.at += 1,
            _ if self.is_comment() => self.comment(),
            '\'' if self.language == Language::Other && !self.closes() => {
                self.found.push(Token::Mark(letter));
                self.at += 1;
            }
            // What `$` tags is a command (zx, Bun).
            '$' if self.language == Language::Node && self.peek(1) == '`' => {
                self.at += 2;
                let text = self.until('`', '`', true);
                self.found.extend(interpolate::command(&text));
            }
            '"' | '\'' => self.quote(letter, false),
            '`' if matches!(self.language, Language::Node | Language::Other) => {
                self.quote('`', false);
            }
            '`' if matches!(
                self.language,
                Language::Perl | Language::Ruby | Language::Php
            ) =>
            {
                self.at += 1;
                let text = self.until('`', '`', true);
                self.found.extend(interpolate::command(&text));
            }
            '%' if self.language == Language::Ruby && self.percent() => {}
            _ if letter.is_ascii_digit() => self.number(),
            _ if letter.is_alphabetic() || letter == '_' => self.name(),
            // Sigils are dropped: `$x` and `@x` are the name x.
            '$' | '@' if self.peek(1).is_alphabetic() || self.peek(1) == '_' => self.at += 1,
            '$' if self.peek(1).is_ascii_digit() => self.parameter(),
            _ => {
                self.found.push(Token::Mark(letter));
                self.at += 1;
            }
        }
        true
    }

    fn is_comment(&self) -> bool {
        match (self.peek(0), self.peek(1), self.language) {
            ('#', _, Language::Node | Language::Lua | Language::AppleScript)
            | ('#', '{', Language::Ruby) => false,
            ('#', _, _) => !matches!(self.found.last(), Some(Token::Mark('$' | '@'))),
            ('/', '/' | '*', Language::Node | Language::Php | Language::Other)
            | ('-', '-', Language::Lua | Language::AppleScript) => true,
            _ => false,
        }
    }

    /// True where a quote is closed in its own line: it is no lifetime.
    fn closes(&self) -> bool {
        let rest = self.letters.get(self.at + 1..).unwrap_or_default();
        let mut line = rest.iter().take_while(|it| **it != '\n').take(LINE);
        line.any(|it| *it == '\'')
    }

    fn comment(&mut self) {
        let block = self.peek(0) == '/' && self.peek(1) == '*';
        while self.at < self.letters.len() {
            if block && self.peek(0) == '*' && self.peek(1) == '/' {
                self.at += 2;
                return;
            }
            if !block && self.peek(0) == '\n' {
                return;
            }
            self.at += 1;
        }
    }

    /// `$1` is a name like any other.
    fn parameter(&mut self) {
        self.at += 1;
        self.number();
        if let Some(Token::Number(number)) = self.found.pop() {
            self.found.push(Token::Name(number));
        }
    }

    fn number(&mut self) {
        let start = self.at;
        while self.peek(0).is_ascii_alphanumeric() || self.peek(0) == '_' {
            self.at += 1;
        }
        self.found.push(Token::Number(self.slice(start)));
    }

    fn name(&mut self) {
        let start = self.at;
        while self.peek(0).is_alphanumeric() || self.peek(0) == '_' {
            self.at += 1;
        }
        // Ruby's and Elixir's `rm_rf!` and `exist?`.
        if matches!(self.language, Language::Ruby | Language::Other)
            && matches!(self.peek(0), '!' | '?')
            && matches!(self.peek(1), '(' | ' ' | '\n' | ')')
        {
            self.at += 1;
        }
        let name = self.slice(start);
        let next = self.peek(0);
        if self.language == Language::Python && matches!(next, '"' | '\'') && is_prefix(&name) {
            let raw = name.contains(['r', 'R']);
            let format = name.contains(['f', 'F']);
            self.quote(next, raw);
            if format && let Some(Token::Text(text)) = self.found.last_mut() {
                let text = interpolate::formatted(text);
                self.found.pop();
                self.found.extend(interpolate::terms(&text));
            }
            return;
        }
        if matches!(self.language, Language::Perl)
            && matches!(name.as_str(), "q" | "qq" | "qx" | "qw")
        {
            let open = self.peek(0);
            if open.is_ascii_punctuation() && !matches!(open, ',' | ';' | '=' | ')') {
                self.at += 1;
                let text = self.until(open, closing(open), name != "q" && name != "qw");
                if name == "qx" {
                    self.found.extend(interpolate::command(&text));
                } else {
                    self.found.extend(interpolate::terms(&text));
                }
                return;
            }
        }
        self.found.push(Token::Name(name));
    }

    /// Ruby's `%x(...)`, `%q(...)`, `%w[...]`, `%(...)`.
    fn percent(&mut self) -> bool {
        let kind = self.peek(1);
        let (skip, open) = if kind.is_ascii_alphabetic() {
            (2, self.peek(2))
        } else {
            (1, kind)
        };
        if !matches!(open, '(' | '[' | '{' | '<' | '|' | '!') {
            return false;
        }
        self.at += skip + 1;
        let text = self.until(open, closing(open), true);
        if kind == 'x' {
            self.found.extend(interpolate::command(&text));
        } else if matches!(kind, 'w' | 'W' | 'i' | 'I') {
            self.found.extend(interpolate::words(&text));
        } else {
            self.found.extend(interpolate::terms(&text));
        }
        true
    }

    fn quote(&mut self, mark: char, raw: bool) {
        let triple = self.peek(1) == mark && self.peek(2) == mark;
        if triple && self.language == Language::Python {
            self.at += 3;
            let start = self.at;
            while self.at < self.letters.len()
                && !(self.peek(0) == mark && self.peek(1) == mark && self.peek(2) == mark)
            {
                self.at += if self.peek(0) == '\\' { 2 } else { 1 };
            }
            let text = self.slice(start);
            self.at += 3;
            self.found.push(Token::Text(text));
            return;
        }
        self.at += 1;
        let interpolates = match self.language {
            Language::Perl | Language::Ruby | Language::Php => mark == '"',
            Language::Node => mark == '`',
            _ => false,
        };
        let text = if raw {
            let start = self.at;
            while self.at < self.letters.len() && self.peek(0) != mark {
                self.at += 1;
            }
            let text = self.slice(start);
            self.at += 1;
            text
        } else {
            self.until(mark, mark, interpolates)
        };
        self.found.extend(interpolate::terms(&text));
    }

    /// The text up to the closing mark, which is consumed; brackets nest.
    fn until(&mut self, open: char, close: char, interpolates: bool) -> String {
        let (mut text, mut depth) = (String::new(), 0_u32);
        while self.at < self.letters.len() {
            let letter = self.peek(0);
            self.at += 1;
            if letter == close && depth == 0 {
                break;
            }
            match letter {
                '\\' => self.escape(&mut text),
                _ if open != close && letter == open => {
                    depth += 1;
                    text.push(letter);
                }
                _ if open != close && letter == close => {
                    depth -= 1;
                    text.push(letter);
                }
                '$' | '#' | '@' if interpolates && self.interpolation(letter, &mut text) => {}
                _ => text.push(letter),
            }
        }
        text
    }

    fn escape(&mut self, text: &mut String) {
        let letter = self.peek(0);
        self.at += 1;
        match letter {
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'r' => text.push('\r'),
            'x' => self.code(text, 2, 16),
            'u' if self.peek(0) == '{' => {
                self.at += 1;
                self.code(text, 6, 16);
                self.at += usize::from(self.peek(0) == '}');
            }
            'u' => self.code(text, 4, 16),
            '0'..='9' if self.language == Language::Lua => {
                self.at -= 1;
                self.code(text, 3, 10);
            }
            '0'..='7' if self.language != Language::Perl || letter != '0' => {
                self.at -= 1;
                self.code(text, 3, 8);
            }
            '\n' | '\0' => {}
            '\\' | '\'' | '"' | '`' | '/' | '$' => text.push(letter),
            // Only Python keeps the backslash of an escape that it does not know.
            _ if self.language != Language::Python && letter.is_ascii_punctuation() => {
                text.push(letter);
            }
            _ => {
                text.push('\\');
                text.push(letter);
            }
        }
    }

    fn code(&mut self, text: &mut String, length: usize, radix: u32) {
        let mut value = 0;
        for _ in 0..length {
            let Some(digit) = self.peek(0).to_digit(radix) else {
                break;
            };
            value = value * radix + digit;
            self.at += 1;
        }
        text.extend(char::from_u32(value));
    }

    /// Takes `${...}`, `#{...}`, `$name` after its first letter, set off by [`OPEN`] and [`CLOSE`];
    /// false where it is only a letter.
    fn interpolation(&mut self, letter: char, text: &mut String) -> bool {
        let start = self.at;
        let (names, begins) = match self.language {
            Language::Perl => (letter != '#', letter != '#'),
            Language::Php => (letter == '$', letter == '$'),
            Language::Ruby => (false, letter == '#'),
            _ => (false, letter == '$'),
        };
        if !begins {
            return false;
        }
        if names {
            while self.peek(0).is_alphanumeric() || self.peek(0) == '_' {
                self.at += 1;
            }
        }
        if self.peek(0) == '{' {
            self.braces();
        }
        if self.at == start {
            return false;
        }
        let inner = self.slice(start);
        text.push(OPEN);
        text.push_str(inner.trim_matches(['{', '}']));
        text.push(CLOSE);
        true
    }

    fn braces(&mut self) {
        let mut depth = 0_u32;
        while self.at < self.letters.len() {
            match self.peek(0) {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
    }

    fn slice(&self, start: usize) -> String {
        let end = self.at.min(self.letters.len());
        self.letters
            .get(start..end)
            .unwrap_or_default()
            .iter()
            .collect()
    }
}

fn is_prefix(name: &str) -> bool {
    name.len() <= 2 && name.chars().all(|it| "rRbBfFuU".contains(it))
}

fn closing(open: char) -> char {
    match open {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        '<' => '>',
        _ => open,
    }
}
