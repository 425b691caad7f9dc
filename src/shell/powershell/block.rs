//! Owns script blocks, functions and classes of PowerShell with their parameters. Does not own when they
//! run. Invariant: the body of everything that could be called is kept.

use std::rc::Rc;

use super::ast::{Block, Element, Pipeline, Script, Statement};
use super::cursor::Parser;
use super::text::is_name;

impl Parser<'_> {
    pub(super) fn function(&mut self, out: &mut Script) {
        self.blanks();
        let name = self.take(|it| is_name(it) || matches!(it, '-' | ':' | '.'));
        let name = name.rsplit(':').next().unwrap_or_default();
        let name = name.to_ascii_lowercase();
        self.lines();
        let mut parameters = Vec::new();
        if self.eat("(") {
            self.parameters(&mut parameters, out);
        }
        self.lines();
        if !self.eat("{") {
            self.refuse("a block is missing");
            return;
        }
        let mut block = self.block(name);
        parameters.append(&mut block.parameters);
        block.parameters = parameters;
        out.push(Statement::Function(Rc::new(block)));
    }

    /// A script block after its opening brace.
    pub(super) fn block(&mut self, name: String) -> Block {
        let mut block = Block {
            name,
            ..Block::default()
        };
        self.separators();
        while self.attribute() {
            self.separators();
        }
        let param = self.rest().get(.."param".len()).unwrap_or_default();
        if param.eq_ignore_ascii_case("param") {
            let before = self.pos;
            self.pos += param.len();
            self.lines();
            if self.eat("(") {
                self.parameters(&mut block.parameters, &mut block.body);
            } else {
                self.pos = before;
            }
        }
        block.body.append(&mut self.enclosed('}'));
        block
    }

    /// Takes an attribute: `[Parameter(Mandatory = $true)]`. What stands in it is constant.
    pub(super) fn attribute(&mut self) -> bool {
        let Some(tail) = self.rest().strip_prefix('[') else {
            return false;
        };
        let length = tail.find(|it: char| !is_name(it) && it != '.');
        let length = length.unwrap_or(tail.len());
        if length == 0 || !tail.get(length..).is_some_and(|it| it.starts_with('(')) {
            return false;
        }
        self.pos += 1 + length + 1;
        self.enclosed(')');
        self.lines();
        if !self.eat("]") {
            self.refuse("a `]` is missing");
        }
        true
    }

    /// The names in a list of parameters; what stands for a value that is not given runs.
    pub(super) fn parameters(&mut self, names: &mut Vec<String>, out: &mut Script) {
        loop {
            self.lines();
            let before = self.pos;
            match self.peek() {
                None | Some(')') => break,
                Some(',') => {
                    self.bump();
                }
                Some('[') => {
                    if !self.attribute() && self.type_name().is_none() {
                        self.refuse("a type is not understood");
                        self.bump();
                    }
                }
                Some('$') => names.extend(self.variable()),
                Some('=') => {
                    self.bump();
                    self.lines();
                    let start = self.pos;
                    let value = self.expression();
                    let span = self.span_from(start);
                    let element = Element::Value(value, Vec::new(), span);
                    out.push(Statement::Pipeline(Pipeline {
                        elements: vec![element],
                        condition: false,
                        background: false,
                    }));
                }
                Some(_) => {}
            }
            // Also a `$` that begins no variable.
            if self.pos == before {
                self.refuse("a parameter is not understood");
                self.bump();
            }
        }
        self.expect(')');
    }

    /// The methods of a class are blocks that nothing here calls.
    pub(super) fn class(&mut self, out: &mut Script) {
        self.take(|it| it != '{');
        self.bump();
        loop {
            self.take(|it| !matches!(it, '{' | '}'));
            match self.bump() {
                Some('{') => {
                    let block = self.block(String::new());
                    out.push(Statement::Function(Rc::new(block)));
                }
                _ => return,
            }
        }
    }
}
