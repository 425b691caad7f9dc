//! Owns what follows a value in code: calls, with or without parentheses, members and keys. Does not own
//! the values themselves.

use super::builtin;
use super::eval::{DEPTH_LIMIT, Operand, Reader};
use super::handle::written;
use super::method::{named, walks};
use super::token::Token;
use super::{Language, Value};

impl Reader<'_> {
    /// A call without parentheses: `system "text"`, `unlink "a", "b"`.
    pub(super) fn bare(&mut self, operand: &mut Operand) -> bool {
        let starts = match self.peek(0) {
            Some(Token::Text(_) | Token::Number(_)) => true,
            Some(Token::Name(_)) => builtin::is_bare(&operand.chain),
            Some(Token::Mark('[')) => self.language == Language::Ruby,
            Some(Token::Mark('*')) => self.language == Language::Ruby && !self.is(1, '*'),
            Some(Token::Mark(':')) => self.is_symbol(1) && builtin::is_bare(&operand.chain),
            _ => false,
        };
        if self.language == Language::Other && matches!(self.peek(0), Some(Token::Text(_))) {
            return self.words(operand);
        }
        if self.language == Language::Perl && self.printed(&operand.chain) {
            return true;
        }
        // Perl's `unlink` alone takes what the walk is at.
        if self.language == Language::Perl
            && matches!(operand.chain.as_str(), "unlink" | "rmdir")
            && matches!(self.peek(0), None | Some(Token::Mark('}' | ';')))
        {
            self.finish(operand, vec![Value::Unknown]);
            return true;
        }
        // Ruby's `Pathname("x").rmtree`.
        let whole = matches!(operand.value, Value::Text(_))
            && [".rmtree", ".unlink", ".delete", ".rmdir"]
                .iter()
                .any(|it| operand.chain.ends_with(it))
            && matches!(
                self.peek(0),
                None | Some(Token::Mark('}' | ';') | Token::Newline)
            );
        if self.language == Language::Ruby && whole {
            self.finish(operand, Vec::new());
            return true;
        }
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
        let start = self.at;
        let mut args = vec![self.declared().value];
        while self.take(',') {
            args.push(self.declared().value);
        }
        self.piped(&operand.chain, start, &args);
        self.finish(operand, args);
        true
    }

    /// An argument, which may be declared where it stands: `open my $f, …`.
    fn declared(&mut self) -> Operand {
        if matches!(self.peek(0), Some(Token::Name(name)) if matches!(name.as_str(), "my" | "our" | "local"))
        {
            self.at += 1;
        }
        self.expression()
    }

    /// Lisp's and ML's `system "text"`, `sh "rm" "-rf" "x"`: literals side by side are several.
    fn words(&mut self, operand: &mut Operand) -> bool {
        let name = operand.chain.rsplit('.').next().unwrap_or_default();
        let starts = matches!(
            name,
            "system" | "shell" | "sh" | "command" | "cmd" | "program" | "execShellCmd"
        );
        if !starts {
            return false;
        }
        let mut args = Vec::new();
        while let Some(Token::Text(text)) = self.peek(0).cloned() {
            args.push(Value::Text(text));
            self.at += 1;
        }
        operand.chain.replace_range(.., "system");
        self.finish(operand, args);
        true
    }

    /// PHP's `array_map("unlink", …)`: the function that is named is called.
    fn callback(&mut self, chain: &str, args: &[Value]) {
        let takes = matches!(chain, "array_map" | "array_walk" | "call_user_func");
        if let (Language::Php, true, Some(Value::Text(name))) = (self.language, takes, args.first())
        {
            let rest = args.get(1..).unwrap_or_default().to_vec();
            self.call(name.clone(), Value::Unknown, rest);
        }
    }

    pub(super) fn finish(&mut self, operand: &mut Operand, mut args: Vec<Value>) {
        let receiver = std::mem::take(&mut operand.value);
        let mut chain = std::mem::take(&mut operand.chain);
        if self.language == Language::Ruby {
            named(&mut chain, &mut args);
        }
        if let Some(text) = written(&chain, &args) {
            self.call("`".to_owned(), Value::Unknown, vec![text]);
        }
        let (value, renamed) = builtin::returns(self.language, &chain, &receiver, &args);
        self.callback(&chain, &args);
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
            if self.each_method(operand) {
                return true;
            }
            self.at += 1;
            let start = self.at;
            self.depth += 1;
            let args = self.list(')');
            self.depth -= 1;
            self.piped(&operand.chain, start, &args);
            let walks = walks(&operand.chain);
            self.finish(operand, args);
            if walks {
                self.block_item(&operand.value);
            }
            return true;
        }
        // Ruby's `f.("text")`.
        if self.language == Language::Ruby
            && self.is(0, '.')
            && self.is(1, '(')
            && !operand.chain.is_empty()
        {
            self.at += 1;
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
            self.held(operand);
            self.block_parameter(operand);
            return !self.bare(operand) || self.at < self.tokens.len();
        }
        if self.executed(operand) {
            return true;
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

    /// Scala's and Groovy's `"text".!`, `"text".execute()`.
    fn executed(&mut self, operand: &mut Operand) -> bool {
        let runs = self.language == Language::Other
            && matches!(operand.value, Value::Text(_))
            && self.is(0, '.')
            && (self.is(1, '!') || self.peek(1) == Some(&Token::Name("execute".to_owned())));
        if runs {
            self.at += 2;
            let text = std::mem::take(&mut operand.value);
            self.call("system".to_owned(), Value::Unknown, vec![text]);
        }
        runs
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
        if self.language == Language::Ruby && operand.chain == "Dir" {
            "Dir.glob".clone_into(&mut operand.chain);
            let patterns = match items.len() {
                0 | 1 => items,
                _ => vec![Value::List(items)],
            };
            self.finish(operand, patterns);
            return;
        }
        operand.value = match (&operand.value, items.first()) {
            (Value::Text(text), _) if backwards => Value::Text(text.chars().rev().collect()),
            (_, Some(Value::Text(key)))
                if operand.chain == "_SERVER"
                    || operand.chain.to_ascii_lowercase().contains("env") =>
            {
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
