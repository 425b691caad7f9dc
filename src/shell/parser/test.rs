//! Owns the grammar inside `[[ … ]]`: or, and, not, groups, unary and binary tests. The words are kept as
//! they stand, operators among them: what they substitute matters, and what a script's test compares.

use crate::shell::ast::{Part, Word};

use super::Parser;

impl Parser<'_> {
    pub(super) fn test_or(&mut self, words: &mut Vec<Word>) {
        loop {
            self.test_and(words);
            self.skip_newlines();
            if self.peek() != b'|' || self.after(1) != b'|' {
                return;
            }
            words.push(operator("||"));
            self.take_operator(2);
        }
    }

    fn test_and(&mut self, words: &mut Vec<Word>) {
        loop {
            self.test_one(words);
            self.skip_newlines();
            if self.peek() != b'&' || self.after(1) != b'&' {
                return;
            }
            words.push(operator("&&"));
            self.take_operator(2);
        }
    }

    fn test_one(&mut self, words: &mut Vec<Word>) {
        if !self.spend(1) {
            return;
        }
        self.skip_newlines();
        while self.peek() == b'!' && matches!(self.at(1), b' ' | b'\t' | b'\n' | b'(') {
            words.push(operator("!"));
            self.pos += 1;
            self.skip_newlines();
        }
        if self.peek() == b'(' {
            words.push(operator("("));
            self.pos += 1;
            if self.enter() {
                self.test_or(words);
                self.leave();
            }
            self.skip_newlines();
            self.expect(b')');
            return;
        }
        if self.is_closing() {
            self.unexpected();
            return;
        }
        let first = self.test_word();
        let unary = first.plain().is_some_and(is_unary);
        words.push(first);
        self.skip_newlines();
        if unary && !self.is_closing() && !self.at_operator() {
            words.push(self.test_word());
            return;
        }
        self.test_rest(words);
    }

    /// The operator and right side of a binary test, where one follows.
    fn test_rest(&mut self, words: &mut Vec<Word>) {
        match self.peek() {
            b'<' | b'>' if self.at(1) != b'(' => {
                words.push(operator("<"));
                self.pos += 1;
                self.skip_blank();
                words.push(self.test_word());
            }
            b'=' if self.at(1) == b'~' => {
                words.push(operator("=~"));
                self.pos += 2;
                self.skip_blank();
                words.push(self.regex_word());
            }
            b'=' | b'!' | b'-' if self.binary_length() > 0 => {
                let length = self.binary_length();
                words.push(operator(self.slice(self.pos, self.pos + length)));
                self.pos += length;
                self.skip_blank();
                words.push(self.test_word());
            }
            b'&' | b'|' | b')' | 0 => {}
            _ if self.is_closing() => {}
            _ => self.unexpected(),
        }
    }

    fn test_word(&mut self) -> Word {
        let word = self.word();
        if word.parts.is_empty() {
            self.unexpected();
        }
        word
    }

    /// The length of the binary operator at the position.
    fn binary_length(&self) -> usize {
        let bytes = self.rest().bytes();
        let length = bytes
            .take_while(|it| !matches!(it, b' ' | b'\t' | b'\n'))
            .count();
        match self.slice(self.pos, self.pos + length) {
            "=" | "==" | "!=" | "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" | "-nt" | "-ot"
            | "-ef" => length,
            _ => 0,
        }
    }

    fn is_closing(&self) -> bool {
        let ends = matches!(
            self.at(2),
            0 | b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b')' | b'<' | b'>'
        );
        self.rest().starts_with("]]") && ends
    }

    fn at_operator(&self) -> bool {
        matches!(self.peek(), b'&' | b'|' | b')') || self.binary_length() > 0
    }
}

fn operator(text: &str) -> Word {
    Word {
        parts: vec![Part::Lit(text.to_owned())],
        ..Word::default()
    }
}

fn is_unary(word: &str) -> bool {
    let mut bytes = word.bytes();
    bytes.next() == Some(b'-')
        && bytes.next().is_some_and(|it| it.is_ascii_alphabetic())
        && bytes.next().is_none()
}
