//! Owns what follows a value in code: calls, with or without parentheses, members and keys. Does not own
//! the values themselves.

use super::builtin;
use super::eval::{DEPTH_LIMIT, Operand, Reader};
use super::token::Token;
use super::{Language, Value};

impl Reader<'_> {
    /// A call without parentheses: `system "text"`, `unlink "a", "b"`.
    pub(super) fn bare(&mut self, operand: &mut Operand) -> bool {
        let starts = match self.peek(0) {
            Some(Token::Text(_)) => true,
            Some(Token::Name(_)) => builtin::is_bare(&operand.chain),
            Some(Token::Mark('[')) => self.language == Language::Ruby,
            _ => false,
        };
        let languages = matches!(
            self.language,
            Language::Perl | Language::Ruby | Language::Lua | Language::Php
        );
        if !starts || !languages || !builtin::is_bare(&operand.chain) {
            return false;
        }
        if self.depth >= DEPTH_LIMIT {
            return false;
        }
        let mut args = vec![self.expression().value];
        while self.take(',') {
            args.push(self.expression().value);
        }
        self.finish(operand, args);
        true
    }

    fn finish(&mut self, operand: &mut Operand, args: Vec<Value>) {
        let receiver = std::mem::take(&mut operand.value);
        let chain = std::mem::take(&mut operand.chain);
        let (value, renamed) = builtin::returns(&chain, &receiver, &args);
        self.call(chain, receiver, args);
        operand.value = value;
        operand.chain = renamed;
    }

    pub(super) fn postfix(&mut self, operand: &mut Operand) -> bool {
        if self.at >= self.tokens.len() || self.depth >= DEPTH_LIMIT {
            return false;
        }
        if self.is(0, '(') {
            if operand.chain.is_empty() {
                return false;
            }
            self.at += 1;
            self.depth += 1;
            let args = self.list(')');
            self.depth -= 1;
            self.finish(operand, args);
            return true;
        }
        if let Some(length) = self.accessor()
            && let Some(Token::Name(name)) = self.peek(length).cloned()
        {
            self.at += length + 1;
            operand.chain.push('.');
            operand.chain.push_str(&name);
            if matches!(operand.value, Value::Unknown) {
                operand.value = builtin::constant(&operand.chain);
            }
            return !self.bare(operand) || self.at < self.tokens.len();
        }
        if self.is(0, '[') || (self.is(0, '{') && operand.chain == "ENV") {
            if operand.chain.is_empty() && matches!(operand.value, Value::Unknown) {
                return false;
            }
            self.index(operand);
            return true;
        }
        false
    }

    /// The length of the mark that reaches into a value: `.`, `->`, `::`, `?.`, `:`.
    fn accessor(&self) -> Option<usize> {
        match (self.peek(0)?, self.peek(1)?) {
            (Token::Mark('.'), Token::Name(_)) => {
                (!matches!(self.language, Language::Perl | Language::Php)).then_some(1)
            }
            (Token::Mark('-'), Token::Mark('>'))
            | (Token::Mark(':'), Token::Mark(':'))
            | (Token::Mark('?'), Token::Mark('.')) => Some(2),
            (Token::Mark(':'), Token::Name(_)) if self.language == Language::Lua => Some(1),
            _ => None,
        }
    }

    /// `value[key]`: the environment, or text backwards.
    fn index(&mut self, operand: &mut Operand) {
        let close = if self.is(0, '[') { ']' } else { '}' };
        self.at += 1;
        let backwards = self.is(0, ':') && self.is(1, ':') && self.is(2, '-');
        if let (Some(Token::Name(name)), true) = (self.peek(0).cloned(), close == '}') {
            self.at += 1;
            operand.value = builtin::variable(&name);
            self.take(close);
            return;
        }
        self.depth += 1;
        let items = self.list(close);
        self.depth -= 1;
        operand.value = match (&operand.value, items.first()) {
            (Value::Text(text), _) if backwards => Value::Text(text.chars().rev().collect()),
            (_, Some(Value::Text(key))) if operand.chain.to_ascii_lowercase().contains("env") => {
                builtin::variable(key)
            }
            (_, Some(Value::Text(key))) => {
                operand.chain = key.clone();
                Value::Unknown
            }
            _ => Value::Unknown,
        };
    }
}
