//! Owns expressions of PowerShell: operators, members, indices, casts, tables, blocks. Does not own what
//! they are worth. Invariant: precedence is kept only where it matters for known values: the comma binds
//! tightest, all other operators go from left to right.

use std::rc::Rc;

use super::ast::{Expr, Part, Quote, Script, Step};
use super::cursor::Parser;
use super::text::is_name;
use crate::word::listed;

/// The longest name of a type that is read as one.
const TYPE_LENGTH: usize = 200;

const OPERATORS: &str = "eq ne gt ge lt le like notlike match notmatch contains notcontains in notin \
    replace split join is isnot as and or xor band bor bxor shl shr f";

impl Parser<'_> {
    /// An expression with lists in it.
    pub(super) fn expression(&mut self) -> Expr {
        self.chain(true)
    }

    fn chain(&mut self, lists: bool) -> Expr {
        let first = self.list(lists);
        let mut rest = Vec::new();
        loop {
            let before = self.pos;
            self.blanks();
            let Some(operator) = self.operator() else {
                self.pos = before;
                break;
            };
            self.lines();
            rest.push((operator, self.list(lists)));
        }
        if rest.is_empty() {
            return first;
        }
        Expr::Chain(Box::new(first), rest)
    }

    /// Takes a binary operator; lower case without dash and without the letter for case.
    fn operator(&mut self) -> Option<String> {
        for symbol in ["..", "??", "?", "+", "-", "*", "/", "%"] {
            let word = symbol == "-" && self.peek_at(1).is_some_and(char::is_alphabetic);
            let assigns = self
                .rest()
                .strip_prefix(symbol)
                .is_some_and(|it| it.starts_with('=') || it.starts_with(symbol));
            if self.rest().starts_with(symbol) && !word && !assigns {
                self.pos += symbol.len();
                return Some(symbol.to_owned());
            }
        }
        let word = self.dashed()?;
        self.pos += 1 + word.len();
        let known = |it: &str| listed(OPERATORS, it);
        let cased = word.strip_prefix(['c', 'i']).filter(|it| known(it));
        Some(match cased {
            Some(plain) if !known(&word) => plain.to_owned(),
            _ => word,
        })
    }

    /// The operator's word behind a dash, lower case.
    fn dashed(&self) -> Option<String> {
        let rest = self.rest().strip_prefix('-')?;
        let length = rest.find(|it: char| !it.is_ascii_alphabetic());
        let word = rest.get(..length.unwrap_or(rest.len()))?;
        if word.len() > 12 {
            return None;
        }
        let word = word.to_ascii_lowercase();
        let known = |it: &str| listed(OPERATORS, it);
        let cased = word.strip_prefix(['c', 'i']).is_some_and(known);
        (known(&word) || cased).then_some(word)
    }

    fn list(&mut self, lists: bool) -> Expr {
        let first = self.unary();
        if !lists {
            return first;
        }
        let mut items = vec![first];
        loop {
            let before = self.pos;
            self.blanks();
            if self.peek() != Some(',') {
                self.pos = before;
                break;
            }
            self.bump();
            self.lines();
            items.push(self.unary());
        }
        one_or_list(items)
    }

    fn unary(&mut self) -> Expr {
        self.blanks();
        let operator = ["!", "++", "--", "+", ","]
            .into_iter()
            .find(|it| self.rest().starts_with(it))
            .map(str::to_owned)
            .or_else(|| self.unary_word());
        if let Some(operator) = operator {
            if !self.enter() {
                return Expr::List(Vec::new());
            }
            self.pos += operator.len();
            let on = self.list(true);
            self.leave();
            return Expr::Unary(operator, Box::new(on));
        }
        if self.peek() == Some('[')
            && let Some(name) = self.type_name()
        {
            return self.cast(name);
        }
        self.postfixed()
    }

    /// `-not`, `-join`, `-split` and a plain minus.
    fn unary_word(&self) -> Option<String> {
        let rest = self.rest().strip_prefix('-')?;
        let words = ["not", "bnot", "join", "split", "isplit", "csplit"];
        let is = |it: &&&str| {
            let lead = rest.get(..it.len()).unwrap_or_default();
            let after = rest.get(it.len()..).unwrap_or_default();
            lead.eq_ignore_ascii_case(it) && !after.starts_with(is_name)
        };
        let word = words.iter().find(is).map_or("", |it| it);
        Some(format!("-{word}"))
    }

    /// The name of the type in brackets at the position, lower case; nothing where it is none.
    pub(super) fn type_name(&mut self) -> Option<String> {
        let rest = self.rest();
        let (mut depth, mut length) = (0_usize, 0);
        for (at, letter) in rest.char_indices().take(TYPE_LENGTH) {
            match letter {
                '[' => depth += 1,
                ']' => depth -= 1,
                ' ' | ',' | '.' | '+' | '`' | '*' => {}
                it if is_name(it) => {}
                _ => return None,
            }
            if depth == 0 {
                length = at + 1;
                break;
            }
        }
        let inner = rest.get(1..length.checked_sub(1)?)?;
        if !inner.trim_start().starts_with(is_name) {
            return None;
        }
        self.pos += length;
        let name = inner.trim().to_ascii_lowercase();
        Some(name.strip_prefix("system.").unwrap_or(&name).to_owned())
    }

    /// What follows a type: its members, or a value that becomes one of it.
    fn cast(&mut self, name: String) -> Expr {
        if self.rest().starts_with("::") {
            let steps = self.steps();
            return Expr::Postfix(Box::new(Expr::Type(name)), steps);
        }
        let before = self.pos;
        self.blanks();
        let value = self.peek().is_some_and(|it| {
            matches!(it, '$' | '(' | '@' | '[' | '{' | '-')
                || it.is_ascii_digit()
                || super::cursor::is_single(it)
                || super::cursor::is_double(it)
        });
        if !value || !self.enter() {
            self.pos = before;
            return Expr::Type(name);
        }
        let on = self.unary();
        self.leave();
        Expr::Cast(name, Box::new(on))
    }

    /// A value with its members, indices and calls.
    pub(super) fn postfixed(&mut self) -> Expr {
        let primary = self.primary();
        let steps = self.steps();
        if steps.is_empty() {
            return primary;
        }
        Expr::Postfix(Box::new(primary), steps)
    }

    fn steps(&mut self) -> Vec<Step> {
        let mut steps = Vec::new();
        loop {
            let rest = self.rest();
            let named = |it: char| is_name(it) || matches!(it, '$' | '(' | '\'' | '"');
            let dot = ["::", "?.", "."].into_iter().find(|it| {
                rest.strip_prefix(it)
                    .is_some_and(|tail| tail.starts_with(named))
            });
            if let Some(dot) = dot {
                self.pos += dot.len();
                steps.push(self.member());
            } else if rest.starts_with('[') {
                self.bump();
                self.lines();
                if !self.enter() {
                    break;
                }
                let at = self.expression();
                self.leave();
                self.lines();
                if !self.eat("]") {
                    self.refuse("a `]` is missing");
                    break;
                }
                steps.push(Step::Index(at));
            } else if !(self.eat("++") || self.eat("--")) {
                break;
            }
        }
        steps
    }

    fn member(&mut self) -> Step {
        let name = if self.peek().is_some_and(is_name) {
            let name = self.take(is_name).to_owned();
            Expr::Text(vec![Part::Literal(name)], Quote::Bare)
        } else {
            self.primary()
        };
        let args = if self.peek() == Some('(') {
            self.bump();
            Some(self.arguments())
        } else if self.peek() == Some('{') {
            Some(vec![self.primary()])
        } else {
            None
        };
        Step::Member { name, args }
    }

    fn arguments(&mut self) -> Vec<Expr> {
        let mut args = Vec::new();
        if !self.enter() {
            return args;
        }
        loop {
            self.lines();
            if matches!(self.peek(), None | Some(')')) {
                break;
            }
            let before = self.pos;
            args.push(self.chain(false));
            self.lines();
            if !self.eat(",") && self.peek() != Some(')') {
                self.refuse("an argument is not understood");
            }
            if self.pos == before {
                self.bump();
            }
        }
        self.leave();
        self.expect(')');
        args
    }

    fn primary(&mut self) -> Expr {
        if let Some(string) = self.string() {
            return string;
        }
        match self.peek() {
            Some('$' | '@') if self.peek_at(1) == Some('(') => {
                self.pos += 2;
                Expr::Run(self.enclosed(')'))
            }
            Some('@') if self.peek_at(1) == Some('{') => {
                self.pos += 2;
                self.table()
            }
            Some('(') => {
                self.bump();
                Expr::Run(self.enclosed(')'))
            }
            Some('{') => {
                self.bump();
                Expr::Block(Rc::new(self.block(String::new())))
            }
            Some('$') => match self.variable() {
                Some(name) => Expr::Variable(name),
                None => self.plain(),
            },
            _ => self.plain(),
        }
    }

    /// A number or a bare name.
    fn plain(&mut self) -> Expr {
        let mut text = self.take(is_name).to_owned();
        if text.starts_with(|it: char| it.is_ascii_digit()) && self.number_goes_on() {
            self.bump();
            text.push('.');
            text.push_str(self.take(is_name));
        }
        if text.is_empty() {
            self.refuse("an expression is not understood");
            self.bump();
        }
        Expr::Text(vec![Part::Literal(text)], Quote::Bare)
    }

    fn number_goes_on(&self) -> bool {
        self.peek() == Some('.') && self.peek_at(1).is_some_and(|it| it.is_ascii_digit())
    }

    /// `@{ key = value; … }` after its opening.
    fn table(&mut self) -> Expr {
        let mut rows = Vec::new();
        if !self.enter() {
            return Expr::Table(rows);
        }
        loop {
            self.separators();
            if matches!(self.peek(), None | Some('}')) {
                break;
            }
            let before = self.pos;
            let key = self.postfixed();
            self.lines();
            let mut value = Script::new();
            if self.eat("=") {
                self.lines();
                self.statement(&mut value);
            } else {
                self.refuse("a table's key has no value");
            }
            if self.pos == before {
                self.bump();
            }
            rows.push((key, value));
        }
        self.leave();
        self.expect('}');
        Expr::Table(rows)
    }
}

/// A lone item stands for itself.
pub(super) fn one_or_list(mut items: Vec<Expr>) -> Expr {
    match items.pop() {
        Some(only) if items.is_empty() => only,
        last => {
            items.extend(last);
            Expr::List(items)
        }
    }
}
