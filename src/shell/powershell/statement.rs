//! Owns statements of PowerShell: pipelines, assignments, branches, loops, functions. Does not own what
//! runs in the end. Invariants: every block is kept, and a character that fits nowhere is a problem and is
//! stepped over.

use super::ast::{Element, Expr, Pipeline, Script, Statement};
use super::cursor::{Parser, is_double, is_single};
use super::text::is_name;

impl Parser<'_> {
    /// The whole text.
    pub(in crate::shell) fn script(&mut self) -> Script {
        let mut script = Script::new();
        loop {
            self.statements(&mut script);
            if self.bump().is_none() {
                return script;
            }
            self.refuse("a bracket closes nothing");
        }
    }

    /// Statements up to the mark, which is taken.
    pub(super) fn enclosed(&mut self, mark: char) -> Script {
        let mut script = Script::new();
        if !self.enter() {
            return script;
        }
        self.statements(&mut script);
        self.expect(mark);
        self.leave();
        script
    }

    /// Statements up to a closing bracket or the end.
    fn statements(&mut self, out: &mut Script) {
        loop {
            self.separators();
            if matches!(self.peek(), None | Some(')' | '}')) {
                return;
            }
            let before = self.pos;
            self.statement(out);
            if self.pos == before {
                self.refuse("a statement is not understood");
                self.bump();
            }
        }
    }

    /// One statement, which may become several.
    pub(super) fn statement(&mut self, out: &mut Script) {
        self.blanks();
        while self.attribute() {
            self.lines();
        }
        let rest = self.rest();
        let length = rest.find(|it: char| !it.is_ascii_alphabetic());
        let word = rest.get(..length.unwrap_or(rest.len())).unwrap_or_default();
        let next = rest.get(word.len()..).and_then(|it| it.chars().next());
        let ends = next.is_none_or(|it| it.is_whitespace() || "({;})".contains(it));
        let word = if ends && word.len() <= 12 {
            word.to_ascii_lowercase()
        } else {
            String::new()
        };
        if !self.keyword(&word, out) {
            self.pipelines(out);
        }
    }

    /// Reads the statement that the word opens; false where it opens none.
    fn keyword(&mut self, word: &str, out: &mut Script) -> bool {
        let start = self.pos;
        self.pos += word.len();
        match word {
            "if" => self.branches(out),
            "while" | "for" => {
                self.head(out);
                self.body(None, out);
            }
            "foreach" => return self.foreach(start, out),
            "do" => {
                self.body(None, out);
                self.lines();
                self.take(|it| it.is_ascii_alphabetic());
                self.head(out);
            }
            "switch" => self.switch(out),
            "try" => self.attempt(out),
            "trap" => {
                self.take(|it| it != '{' && it != '\n');
                let block = self.braces();
                out.push(maybe(block));
            }
            "function" | "filter" | "workflow" | "configuration" => self.function(out),
            "class" | "enum" => self.class(out),
            "param" if self.parameter_list(out) => {}
            "return" | "throw" | "exit" | "break" | "continue" => {
                self.blanks();
                if !self.at_element_end() {
                    self.pipelines(out);
                }
            }
            "begin" | "process" | "end" | "clean" | "dynamicparam" | "data" => {
                self.lines();
                if self.peek() != Some('{') {
                    self.pos = start;
                    return false;
                }
                out.extend(self.braces());
            }
            _ => {
                self.pos = start;
                return false;
            }
        }
        true
    }

    /// The parameters of a script, whose values are not known.
    fn parameter_list(&mut self, out: &mut Script) -> bool {
        self.lines();
        let opened = self.eat("(");
        if opened {
            self.parameters(&mut Vec::new(), out);
        }
        opened
    }

    /// A condition in parentheses: its statements run.
    fn head(&mut self, out: &mut Script) {
        self.lines();
        if self.eat("(") {
            out.extend(self.enclosed(')'));
        } else {
            self.refuse("a condition is missing");
        }
    }

    /// A block in braces as statements.
    fn braces(&mut self) -> Script {
        self.lines();
        if self.eat("{") {
            return self.block(String::new()).body;
        }
        self.refuse("a block is missing");
        Script::new()
    }

    fn body(&mut self, variable: Option<(String, Script)>, out: &mut Script) {
        let body = self.braces();
        out.push(Statement::Loop { variable, body });
    }

    fn branches(&mut self, out: &mut Script) {
        let mut complete = false;
        self.head(out);
        let mut blocks = vec![self.braces()];
        while !complete {
            let before = self.pos;
            self.lines();
            let word = self
                .take(|it| it.is_ascii_alphabetic())
                .to_ascii_lowercase();
            if word == "elseif" {
                self.head(out);
            } else if word == "else" {
                complete = true;
            } else {
                self.pos = before;
                break;
            }
            blocks.push(self.braces());
        }
        out.push(Statement::Choice { blocks, complete });
    }

    /// `foreach ($x in …) {…}`; in any other form it is the command of that name.
    fn foreach(&mut self, start: usize, out: &mut Script) -> bool {
        self.lines();
        if self.rest().starts_with('-') {
            self.take(|it| it != '(' && it != '\n');
        }
        if !self.eat("(") {
            self.pos = start;
            return false;
        }
        self.lines();
        let variable = self.variable().unwrap_or_default();
        self.lines();
        if !self
            .take(|it| it.is_ascii_alphabetic())
            .eq_ignore_ascii_case("in")
        {
            self.refuse("a loop has no `in`");
        }
        let list = self.enclosed(')');
        self.body(Some((variable, list)), out);
        true
    }

    fn switch(&mut self, out: &mut Script) {
        self.take(|it| it != '(' && it != '{' && it != '\n');
        self.head(out);
        self.lines();
        if !self.eat("{") {
            self.refuse("a block is missing");
            return;
        }
        let (mut blocks, mut complete) = (Vec::new(), false);
        loop {
            self.separators();
            if matches!(self.peek(), None | Some('}')) {
                break;
            }
            let before = self.pos;
            if self.peek() == Some('{') {
                blocks.push(self.braces());
            } else {
                complete |= self.rest().starts_with("default");
                self.expression();
            }
            blocks.push(self.braces());
            if self.pos == before {
                self.bump();
            }
        }
        self.expect('}');
        out.push(Statement::Choice { blocks, complete });
    }

    fn attempt(&mut self, out: &mut Script) {
        out.extend(self.braces());
        loop {
            let before = self.pos;
            self.lines();
            let word = self
                .take(|it| it.is_ascii_alphabetic())
                .to_ascii_lowercase();
            match word.as_str() {
                "catch" => {
                    self.take(|it| it != '{' && it != '\n');
                    let block = self.braces();
                    out.push(maybe(block));
                }
                "finally" => out.extend(self.braces()),
                _ => {
                    self.pos = before;
                    return;
                }
            }
        }
    }

    /// Pipelines joined by `&&` and `||`.
    fn pipelines(&mut self, out: &mut Script) {
        let mut condition = false;
        loop {
            let Some(pipeline) = self.pipeline(condition, out) else {
                return;
            };
            out.push(Statement::Pipeline(pipeline));
            self.blanks();
            if !self.eat("&&") && !self.eat("||") {
                return;
            }
            condition = true;
            self.lines();
        }
    }

    /// A pipeline; nothing where it was an assignment, which is pushed.
    fn pipeline(&mut self, condition: bool, out: &mut Script) -> Option<Pipeline> {
        let mut elements = Vec::new();
        loop {
            self.lines();
            let start = self.pos;
            if self.at_expression() {
                let value = self.expression();
                self.blanks();
                if elements.is_empty()
                    && let Some(adds) = self.assignment()
                {
                    self.assign(value, adds, out);
                    return None;
                }
                let mut redirects = Vec::new();
                while let Some(redirect) = self.redirect() {
                    redirects.push(redirect);
                    self.blanks();
                }
                let span = self.span_from(start);
                elements.push(Element::Value(value, redirects, span));
            } else {
                let command = self.command();
                if command.words.is_empty() && command.redirects.is_empty() {
                    self.refuse("a command is missing");
                }
                elements.push(Element::Command(command));
            }
            if !self.next_stage() {
                break;
            }
        }
        self.blanks();
        let background = self.peek() == Some('&') && self.peek_at(1) != Some('&');
        if background {
            self.bump();
        }
        Some(Pipeline {
            elements,
            condition,
            background,
        })
    }

    /// Takes a `|`, which may also open the next line.
    fn next_stage(&mut self) -> bool {
        let before = self.pos;
        self.lines();
        if self.peek() == Some('|') && self.peek_at(1) != Some('|') {
            self.bump();
            return true;
        }
        self.pos = before;
        false
    }

    /// Takes an assignment's operator; true where it adds to the value.
    fn assignment(&mut self) -> Option<bool> {
        for operator in ["??=", "+=", "-=", "*=", "/=", "%=", "="] {
            if self.eat(operator) {
                return Some(operator != "=");
            }
        }
        None
    }

    fn assign(&mut self, target: Expr, adds: bool, out: &mut Script) {
        self.lines();
        let mut value = Script::new();
        if self.enter() {
            self.statement(&mut value);
            self.leave();
        }
        out.push(Statement::Assign {
            target,
            adds,
            value,
        });
    }

    /// True where the text goes on in expression mode.
    fn at_expression(&self) -> bool {
        let Some(first) = self.peek() else {
            return false;
        };
        let second = self.peek_at(1);
        match first {
            '$' | '(' | '{' | '[' | '!' | ',' => true,
            '@' => second.is_some_and(|it| "({'\"".contains(it)),
            '+' | '-' => {
                let words = ["-not", "-join", "-split", "-bnot"];
                let lead = |it: &&str| {
                    let found = self.rest().get(..it.len()).unwrap_or_default();
                    found.eq_ignore_ascii_case(it)
                };
                second.is_some_and(|it| it.is_ascii_digit() || it == first)
                    || words.iter().any(lead)
            }
            it if it.is_ascii_digit() => self.at_number(),
            it => is_single(it) || is_double(it),
        }
    }

    /// True for a number, which a program's name may begin like: `7z`.
    fn at_number(&self) -> bool {
        let rest = self.rest();
        let length = rest.find(|it: char| !is_name(it)).unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or_default().to_ascii_lowercase();
        let digits = word.trim_end_matches(|it: char| it.is_ascii_alphabetic());
        let unit = word.get(digits.len()..).unwrap_or_default();
        word.starts_with("0x")
            || matches!(unit, "" | "kb" | "mb" | "gb" | "tb" | "l" | "d")
                && digits.bytes().all(|it| it.is_ascii_digit())
    }
}

/// A block that may run.
fn maybe(block: Script) -> Statement {
    Statement::Choice {
        blocks: vec![block],
        complete: false,
    }
}
