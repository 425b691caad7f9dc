//! Owns the grammar of words: literal runs, extended globs, assignments. Does not own what is inside
//! quotes and substitutions (`quote`, `param`).

use crate::shell::ast::{Assign, Part, Word};

use super::Parser;
use super::quote::End;

impl Parser<'_> {
    /// Reads a word; empty where none starts here.
    pub(super) fn word(&mut self) -> Word {
        let start = self.pos;
        let mut parts = Vec::new();
        self.word_parts(&mut parts, start);
        Word {
            parts,
            span: self.span(start, self.pos),
        }
    }

    fn word_parts(&mut self, parts: &mut Vec<Part>, start: usize) {
        loop {
            if !self.spend(1) {
                return;
            }
            self.literal_run(parts);
            match self.peek() {
                b'\\' => self.escape(parts),
                b'\'' => self.single(parts),
                b'"' => self.double(parts),
                b'$' => self.dollar(parts, false),
                b'`' => self.backquote(parts, false),
                b'<' | b'>' if self.at(1) == b'(' => self.process(parts),
                b'(' if parts.is_empty() => return,
                b'(' if self.pos == start + 1 && ends_with(parts, b"=") => {
                    parts.clear();
                    self.process(parts);
                }
                b'(' if ends_with(parts, b"?*+@!") => self.group(parts),
                _ => return,
            }
        }
    }

    fn literal_run(&mut self, parts: &mut Vec<Part>) {
        let run = self.rest().bytes().take_while(|it| is_plain(*it)).count();
        if run > 0 {
            push_lit(parts, self.slice(self.pos, self.pos + run));
            self.pos += run;
        }
    }

    /// An extended glob `@(…)` or a zsh glob qualifier `*(…)`: text, but substitutions in it run.
    fn group(&mut self, parts: &mut Vec<Part>) {
        self.pos += 1;
        push_lit(parts, "(");
        if !self.enter() {
            return;
        }
        let inner = self.parts_until(End::Paren, false);
        self.expect(b')');
        self.leave();
        let code = qualifier_code(&inner);
        for part in inner {
            match part {
                Part::Lit(text) => push_lit(parts, &text),
                part => parts.push(part),
            }
        }
        if let Some(code) = code {
            parts.push(Part::Code(code));
        }
        push_lit(parts, ")");
    }

    /// Reads `NAME=…` if it starts here.
    pub(super) fn assignment(&mut self) -> Option<Assign> {
        let start = self.pos;
        let length = self.name_length();
        if length == 0 {
            return None;
        }
        let after = self.at(length);
        if !matches!(after, b'=' | b'+' | b'[') || (after == b'+' && self.at(length + 1) != b'=') {
            return None;
        }
        let name = self.slice(start, start + length).to_owned();
        self.pos += length;
        let mut index = None;
        if after == b'[' {
            if !self.subscript_assigns() {
                self.pos = start;
                return None;
            }
            self.pos += 1;
            index = Some(self.parts_until(End::Bracket, false));
            self.expect(b']');
        }
        let append = self.peek() == b'+';
        self.pos += if append { 2 } else { 1 };
        let value = self.assigned_value(start);
        Some(Assign {
            name,
            index,
            append,
            value,
        })
    }

    fn assigned_value(&mut self, start: usize) -> Word {
        let mut word = if self.peek() == b'(' {
            self.array()
        } else {
            self.word()
        };
        word.span = self.span(start, self.pos);
        word
    }

    fn array(&mut self) -> Word {
        let start = self.pos;
        self.pos += 1;
        let mut words = Vec::new();
        if self.enter() {
            loop {
                self.skip_newlines();
                if matches!(self.peek(), 0 | b')') {
                    break;
                }
                let word = match self.subscripted() {
                    Some(word) => word,
                    None => self.word(),
                };
                if word.parts.is_empty() {
                    self.unexpected();
                }
                words.push(word);
            }
            self.expect(b')');
            self.leave();
        }
        Word {
            parts: vec![Part::Array(words)],
            span: self.span(start, self.pos),
        }
    }

    /// `[key]=value` inside an array value: the value, named where the key is a word, and what the key runs.
    fn subscripted(&mut self) -> Option<Word> {
        let start = self.pos;
        if self.peek() != b'[' || !self.subscript_assigns() {
            return None;
        }
        self.pos += 1;
        let key = self.parts_until(End::Bracket, false);
        self.expect(b']');
        self.pos += if self.peek() == b'+' { 2 } else { 1 };
        let mut word = self.word();
        let name = match key.as_slice() {
            [Part::Lit(name) | Part::Quoted(name)] => name.clone(),
            _ => String::new(),
        };
        if name.bytes().any(|it| !it.is_ascii_digit()) {
            // Whoever asks for the element by its name finds it by that.
            word.parts.insert(0, Part::Quoted(format!("[{name}]=")));
        }
        // The key is no part of the value, but what it substitutes does run.
        let runs = key
            .into_iter()
            .filter(|it| !matches!(it, Part::Lit(_) | Part::Quoted(_)));
        let runs: Vec<Part> = runs.collect();
        if !runs.is_empty() {
            word.parts.push(Part::Quoted(String::new()));
            word.parts.extend(runs);
        }
        if word.parts.is_empty() {
            word.parts.push(Part::Quoted(String::new()));
        }
        word.span = self.span(start, self.pos);
        Some(word)
    }

    /// Looks ahead from `[` for the `]=` or `]+=` that makes it a subscript of an assignment.
    fn subscript_assigns(&mut self) -> bool {
        let mut depth = 0usize;
        let mut ahead = 0;
        loop {
            match self.at(ahead) {
                0 | b'\n' => break,
                b'\\' => ahead += 1,
                b'[' => depth += 1,
                b']' => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                b'(' if self.pos + ahead > 0 && self.at(ahead.saturating_sub(1)) == b'$' => {
                    ahead += closing_paren(self.rest(), ahead);
                }
                b' ' | b';' | b'&' | b'|' if depth == 1 && !self.quoted_subscript(ahead) => break,
                _ => {}
            }
            ahead += 1;
        }
        let assigns = self.at(ahead) == b']'
            && (self.at(ahead + 1) == b'='
                || (self.at(ahead + 1) == b'+' && self.at(ahead + 2) == b'='));
        // Charged, so that a text of many brackets stays linear.
        self.spend(ahead) && assigns
    }

    fn quoted_subscript(&self, ahead: usize) -> bool {
        let before = self.slice(self.pos, self.pos + ahead);
        before.contains(['"', '\'', '`', '('])
    }

    /// The length of the variable name at the position.
    pub(super) fn name_length(&self) -> usize {
        if self.peek().is_ascii_digit() {
            return 0;
        }
        let bytes = self.rest().bytes();
        bytes
            .take_while(|it| it.is_ascii_alphanumeric() || *it == b'_')
            .count()
    }
}

/// True for bytes that have no meaning of their own inside a word.
fn is_plain(byte: u8) -> bool {
    !matches!(
        byte,
        0 | b' '
            | b'\t'
            | b'\n'
            | b';'
            | b'&'
            | b'|'
            | b'('
            | b')'
            | b'<'
            | b'>'
            | b'\\'
            | b'\''
            | b'"'
            | b'$'
            | b'`'
    )
}

/// The distance from `(` at `from` to the parenthesis that closes it.
fn closing_paren(text: &str, from: usize) -> usize {
    let mut depth = 0usize;
    for (offset, byte) in text.bytes().skip(from).enumerate() {
        match byte {
            b'(' => depth += 1,
            b')' if depth <= 1 => return offset,
            b')' => depth -= 1,
            _ => {}
        }
    }
    0
}

/// The shell text of a zsh qualifier `e:'…':` or `+name`.
fn qualifier_code(parts: &[Part]) -> Option<String> {
    let [Part::Lit(lead), rest @ ..] = parts else {
        return None;
    };
    if let Some(name) = lead.strip_prefix('+') {
        return Some(name.to_owned());
    }
    let inner = lead.strip_prefix('e')?;
    match rest.first() {
        Some(Part::Quoted(code)) => Some(code.clone()),
        None => Some(
            inner
                .trim_matches(|it: char| !it.is_alphanumeric())
                .to_owned(),
        ),
        Some(_) => None,
    }
}

fn ends_with(parts: &[Part], any: &[u8]) -> bool {
    let Some(Part::Lit(text)) = parts.last() else {
        return false;
    };
    text.as_bytes().last().is_some_and(|it| any.contains(it))
}

/// Adds unquoted text, joined to unquoted text before it.
pub(super) fn push_lit(parts: &mut Vec<Part>, text: &str) {
    if let Some(Part::Lit(last)) = parts.last_mut() {
        last.push_str(text);
    } else if !text.is_empty() {
        parts.push(Part::Lit(text.to_owned()));
    }
}

/// Adds quoted text, joined to quoted text before it; empty text counts as a word.
pub(super) fn push_quoted(parts: &mut Vec<Part>, text: &str) {
    if let Some(Part::Quoted(last)) = parts.last_mut() {
        last.push_str(text);
    } else {
        parts.push(Part::Quoted(text.to_owned()));
    }
}
