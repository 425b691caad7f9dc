//! Owns the reading of tokens as expressions: every call, with arguments evaluated as far as they are
//! literal. Does not own what known functions return (`builtin`). Invariant: each token is visited a
//! bounded number of times, nesting past [`DEPTH_LIMIT`] is unknown.

use super::builtin;
use super::format;
use super::token::Token;
use super::{Call, Language, Value};

pub(super) const DEPTH_LIMIT: u32 = 48;
/// So much may be copied out of variables, beside a share for each token.
const FUEL_BASE: usize = 64 * 1024;
/// Variables past this many are not remembered.
const NAME_LIMIT: usize = 256;

/// Every call in the tokens, in order.
pub(super) fn calls(language: Language, tokens: &[Token]) -> Vec<Call> {
    let mut reader = Reader {
        language,
        tokens,
        at: 0,
        depth: 0,
        names: Vec::new(),
        fuel: tokens.len().saturating_mul(16).saturating_add(FUEL_BASE),
        found: Vec::new(),
    };
    reader.comprehensions();
    while reader.at < tokens.len() {
        let before = reader.at;
        reader.statement();
        if reader.at == before {
            reader.at += 1;
        }
    }
    reader.found
}

pub(super) struct Reader<'a> {
    pub(super) language: Language,
    pub(super) tokens: &'a [Token],
    pub(super) at: usize,
    pub(super) depth: u32,
    pub(super) names: Vec<(String, Operand, usize)>,
    /// How much may still be copied out of variables: doubling must not grow without end.
    fuel: usize,
    pub(super) found: Vec<Call>,
}

/// A value with the name under which it was reached.
#[derive(Clone, Debug, Default)]
pub(super) struct Operand {
    pub(super) value: Value,
    pub(super) chain: String,
}

impl Operand {
    fn of(value: Value) -> Self {
        Self {
            value,
            chain: String::new(),
        }
    }
}

impl Reader<'_> {
    pub(super) fn peek(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead)
    }

    pub(super) fn is(&self, ahead: usize, mark: char) -> bool {
        self.peek(ahead) == Some(&Token::Mark(mark))
    }

    pub(super) fn take(&mut self, mark: char) -> bool {
        let found = self.is(0, mark);
        self.at += usize::from(found);
        found
    }

    /// `name = expression`, or an expression whose value is dropped.
    fn statement(&mut self) {
        if let (Some(Token::Name(name)), true, false) = (
            self.peek(0).cloned(),
            self.is(1, '='),
            self.is(2, '=') || self.is(2, '~') || self.is(2, '>'),
        ) {
            self.at += 2;
            let value = self.expression();
            self.remember(name, value);
            return;
        }
        if self.is(0, '{') {
            self.at += 1;
            self.renamed();
            return;
        }
        if self.language == Language::Awk {
            self.awk();
            return;
        }
        if self.looped() {
            return;
        }
        let operand = self.expression();
        // Python's `import a as b`.
        if let (Some(Token::Name(word)), Some(Token::Name(name))) = (self.peek(0), self.peek(1))
            && word == "as"
            && !operand.chain.is_empty()
        {
            let name = name.clone();
            self.remember(name, operand);
            self.at += 2;
        }
    }

    /// `const { execSync: run } = …`: another name for a member.
    fn renamed(&mut self) {
        if self.language != Language::Node {
            return;
        }
        let mut ahead = 0;
        while let (Some(Token::Name(member)), true, Some(Token::Name(name))) = (
            self.peek(ahead).cloned(),
            self.is(ahead + 1, ':'),
            self.peek(ahead + 2).cloned(),
        ) {
            let operand = Operand {
                value: Value::Unknown,
                chain: member,
            };
            self.remember(name, operand);
            ahead += 4;
        }
    }

    pub(super) fn remember(&mut self, name: String, operand: Operand) {
        if self.names.len() < NAME_LIMIT {
            let weight = weight(&operand.value);
            self.names.push((name, operand, weight));
        }
    }

    pub(super) fn call(&mut self, chain: String, receiver: Value, args: Vec<Value>) {
        self.found.push(Call {
            chain,
            receiver,
            args,
        });
    }

    pub(super) fn expression(&mut self) -> Operand {
        if self.depth >= DEPTH_LIMIT {
            self.at += 1;
            return Operand::default();
        }
        self.depth += 1;
        let mut left = self.term();
        while let Some(joined) = self.operator(&left) {
            left = joined;
        }
        self.depth -= 1;
        left
    }

    /// Concatenation, joining of paths, formatting: what puts literal text together.
    fn operator(&mut self, left: &Operand) -> Option<Operand> {
        let is_text = matches!(left.value, Value::Text(_));
        if self.language == Language::Awk && self.fetched(left) {
            return Some(Operand::default());
        }
        let join: fn(&Value, &Value) -> Value = match self.peek(0)? {
            Token::Mark('+') if !self.is(1, '=') => builtin::concat,
            Token::Mark('&') if self.language == Language::AppleScript => builtin::concat,
            Token::Mark('.') if matches!(self.language, Language::Perl | Language::Php) => {
                builtin::concat
            }
            Token::Mark('.') if self.language == Language::Lua && self.is(1, '.') => {
                self.at += 1;
                builtin::concat
            }
            Token::Mark('/') if is_text => builtin::join,
            Token::Mark('%') if is_text && self.language != Language::Awk => format::format,
            // Literals side by side are one (Python, awk).
            Token::Text(_) if is_text => {
                let right = self.term();
                return Some(Operand::of(builtin::concat(&left.value, &right.value)));
            }
            Token::Name(_) if is_text && self.language == Language::Awk => {
                let right = self.term();
                return Some(Operand::of(builtin::concat(&left.value, &right.value)));
            }
            _ => return None,
        };
        self.at += 1;
        self.newlines();
        let right = self.term();
        Some(Operand::of(join(&left.value, &right.value)))
    }

    fn newlines(&mut self) {
        while self.peek(0) == Some(&Token::Newline) {
            self.at += 1;
        }
    }

    fn term(&mut self) -> Operand {
        let mut operand = self.primary();
        while self.postfix(&mut operand) {}
        operand
    }

    fn primary(&mut self) -> Operand {
        let Some(token) = self.peek(0).cloned() else {
            return Operand::default();
        };
        self.at += 1;
        match token {
            Token::Text(text) | Token::Number(text) => Operand::of(Value::Text(text)),
            // What is made is known by its name alone.
            Token::Name(name) if name == "new" && self.language == Language::Php => {
                self.guarded_term()
            }
            Token::Name(name) => self.name(name),
            Token::Mark(':') if self.is_symbol(0) => self.symbol(),
            Token::Mark('(') => {
                let mut items = self.list(')');
                match (items.len(), items.pop()) {
                    (1, Some(item)) => Operand::of(item),
                    (_, Some(item)) => {
                        items.push(item);
                        Operand::of(Value::List(items))
                    }
                    (_, None) => Operand::default(),
                }
            }
            Token::Mark('[') => Operand::of(Value::List(self.list(']'))),
            Token::Mark('{') => {
                self.list('}');
                Operand::default()
            }
            // A method of something that was not understood.
            Token::Mark('.') if matches!(self.peek(0), Some(Token::Name(_))) => {
                let method = self.peek(0).cloned();
                self.at += 1;
                let chain = match method {
                    Some(Token::Name(name)) => format!(".{name}"),
                    _ => String::new(),
                };
                Operand {
                    value: Value::Unknown,
                    chain,
                }
            }
            Token::Mark('-' | '!' | '\\') => self.guarded_term(),
            // A list in the place of its items is that list.
            Token::Mark('*') if matches!(self.language, Language::Python | Language::Ruby) => {
                self.guarded_term()
            }
            Token::Mark(_) | Token::Newline => {
                self.at -= usize::from(matches!(token, Token::Mark(')' | ']' | '}' | ',' | ';')));
                Operand::default()
            }
        }
    }

    fn guarded_term(&mut self) -> Operand {
        if self.depth >= DEPTH_LIMIT {
            return Operand::default();
        }
        self.depth += 1;
        let operand = self.term();
        self.depth -= 1;
        operand
    }

    /// The items of a list up to its closing mark, which is consumed.
    pub(super) fn list(&mut self, close: char) -> Vec<Value> {
        let mut items = Vec::new();
        loop {
            self.newlines();
            if self.at >= self.tokens.len() || self.take(close) {
                return items;
            }
            let before = self.at;
            if matches!(self.peek(0), Some(Token::Name(name)) if matches!(name.as_str(), "my" | "our"))
            {
                self.at += 1;
            }
            // Swift's and Elixir's labels: `f(at: x)`.
            if self.language == Language::Other
                && matches!(self.peek(0), Some(Token::Name(_)))
                && self.is(1, ':')
                && !self.is(2, ':')
            {
                self.at += 2;
            }
            // A named argument is its value.
            if let (Some(Token::Name(name)), true, false) =
                (self.peek(0).cloned(), self.is(1, '='), self.is(2, '='))
            {
                self.at += 2;
                let value = self.expression().value;
                items.push(Value::Text(format!("{name}={}", value.text())));
            } else if close == '}' {
                self.block();
            } else {
                items.push(self.expression().value);
            }
            if !self.take(',') && self.at == before {
                if matches!(self.peek(0), Some(Token::Mark(')' | ']' | '}'))) && self.depth > 1 {
                    return items;
                }
                self.at += 1;
            }
        }
    }

    /// A statement inside braces that stand in an expression.
    fn block(&mut self) {
        if self.depth < DEPTH_LIMIT {
            self.depth += 1;
            if self.language == Language::Perl && self.take('{') {
                // The body of a `sub` in a hash.
                self.list('}');
            } else {
                self.statement();
            }
            self.depth -= 1;
        }
    }

    fn name(&mut self, name: String) -> Operand {
        match name.as_str() {
            "new" | "await" | "return" | "my" | "let" | "const" | "var" | "local" | "our"
            | "not" | "and" | "or" | "if" | "else" | "do" | "then" | "in" | "with" | "yield"
            | "global" | "unless" | "end" | "begin" | "die" => {
                self.applescript(&name);
                return Operand::default();
            }
            _ => {}
        }
        if let Some((_, operand, weight)) = self.names.iter().rev().find(|it| it.0 == name) {
            let Some(fuel) = self.fuel.checked_sub(*weight) else {
                return Operand::default();
            };
            self.fuel = fuel;
            let mut operand = operand.clone();
            if operand.chain.is_empty() {
                operand.chain = name;
            }
            return operand;
        }
        let mut operand = Operand {
            value: builtin::constant(&name),
            chain: name,
        };
        self.bare(&mut operand);
        operand
    }

    /// `do shell script "text"`.
    fn applescript(&mut self, name: &str) {
        let word = |ahead: usize| match self.peek(ahead) {
            Some(Token::Name(name)) => name.as_str(),
            _ => "",
        };
        if name != "do" || word(0) != "shell" || word(1) != "script" {
            return;
        }
        self.at += 2;
        let text = self.expression().value;
        self.call("do shell script".to_owned(), Value::Unknown, vec![text]);
    }
}

/// What a copy of the value costs.
fn weight(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len() + 1,
        Value::List(items) => items.iter().map(weight).sum::<usize>() + 1,
        Value::Unknown => 1,
    }
}
