//! Owns what a loop's name stands for: the items of a list, or whatever a directory holds. Does not own
//! the reading of expressions (`eval`). Invariant: a loop is looked at once ahead of time at most, so that
//! cost stays in step with length.

use super::eval::{Operand, Reader};
use super::token::Token;
use super::{Language, Value};

/// So many comprehensions are looked at ahead of time.
const AHEAD_LIMIT: usize = 32;

impl Reader<'_> {
    /// Python's `[f(x) for x in …]` names its item after its use.
    pub(super) fn comprehensions(&mut self) {
        if self.language != Language::Python {
            return;
        }
        let mut seen = 0;
        for at in 0..self.tokens.len() {
            if self.tokens.get(at) != Some(&Token::Name("for".to_owned())) {
                continue;
            }
            seen += 1;
            if seen > AHEAD_LIMIT {
                break;
            }
            self.at = at;
            self.looped();
        }
        self.at = 0;
        self.found.clear();
    }

    /// `for x in …`, `for (const x of …)`, `foreach my $x (…)`, `foreach (… as $x)`; false for anything
    /// else. The items' expression is read, and its calls noted.
    pub(super) fn looped(&mut self) -> bool {
        let word = |ahead: usize| match self.peek(ahead) {
            Some(Token::Name(name)) => name.as_str(),
            _ => "",
        };
        if !matches!(word(0), "for" | "foreach") {
            return false;
        }
        let (name, skip) = match self.language {
            Language::Python | Language::Ruby | Language::Other if word(2) == "in" => (1, 3),
            Language::Node if self.is(1, '(') && matches!(word(4), "of" | "in") => (3, 5),
            Language::Node if self.is(1, '(') && matches!(word(3), "of" | "in") => (2, 4),
            Language::Perl if matches!(word(1), "my" | "our") && self.is(3, '(') => (2, 3),
            Language::Perl if self.is(2, '(') => (1, 2),
            Language::Php if self.is(1, '(') => return self.listed(),
            _ => return false,
        };
        let name = word(name).to_owned();
        if name.is_empty() {
            return false;
        }
        self.at += skip;
        let value = self.expression().value;
        self.bind(name, value);
        true
    }

    /// PHP's `foreach (… as $key => $name)`.
    fn listed(&mut self) -> bool {
        self.at += 2;
        let value = self.expression().value;
        if self.peek(0) != Some(&Token::Name("as".to_owned())) {
            return true;
        }
        self.at += 1;
        while let Some(Token::Name(name)) = self.peek(0).cloned() {
            self.at += 1;
            if self.is(0, '=') && self.is(1, '>') {
                self.at += 2;
                continue;
            }
            self.bind(name, value);
            break;
        }
        true
    }

    /// The name that a block gives to each item: `.each { |x|`, `.forEach(x =>`, `.map((x) =>`.
    pub(super) fn block_parameter(&mut self, operand: &Operand) {
        let method = operand.chain.rsplit('.').next().unwrap_or_default();
        let calls = matches!(
            method,
            "each"
                | "each_entry"
                | "map"
                | "select"
                | "forEach"
                | "filter"
                | "each_child"
                | "then"
                | "yield_self"
                | "tap"
        );
        if !calls || matches!(operand.value, Value::Unknown) {
            return;
        }
        let name = match self.language {
            Language::Ruby => {
                self.block_item(&operand.value);
                return;
            }
            Language::Node if self.is(0, '(') && self.is(2, '=') && self.is(3, '>') => 1,
            Language::Node if self.is(0, '(') && self.is(1, '(') => 2,
            _ => return,
        };
        if let Some(Token::Name(name)) = self.peek(name).cloned() {
            self.bind(name, operand.value.clone());
        }
    }

    /// Ruby's `{ |x|`, `do |x|`, and a block that does not name its item.
    pub(super) fn block_item(&mut self, value: &Value) {
        let opens = self.is(0, '{') || self.peek(0) == Some(&Token::Name("do".to_owned()));
        if self.language != Language::Ruby || !opens {
            return;
        }
        match self.peek(2).cloned() {
            Some(Token::Name(name)) if self.is(1, '|') => self.bind(name, value.clone()),
            _ => {
                for name in ["_1", "it"] {
                    self.bind(name.to_owned(), value.clone());
                }
            }
        }
    }

    /// An item stands for all of them.
    pub(super) fn bind(&mut self, name: String, value: Value) {
        if matches!(value, Value::Unknown) {
            return;
        }
        let operand = Operand {
            value,
            chain: String::new(),
        };
        self.remember(name, operand);
    }
}
