//! Owns the shape of parsed PowerShell text: statements, pipelines, words and expressions, as far as it
//! matters for what would start. Does not own their meaning (`walk::powershell`). Invariant: long chains
//! are flat lists, so that only real nesting makes a value deep.

use std::rc::Rc;

use crate::shell::invocation::{RedirectOp, Span};

pub(in crate::shell) type Script = Vec<Statement>;

#[derive(Clone, Debug)]
pub(in crate::shell) enum Statement {
    Pipeline(Pipeline),
    Assign {
        target: Expr,
        /// `+=` and kin: what the variable held before is part of the value.
        adds: bool,
        value: Script,
    },
    /// At most one of these runs; exactly one where they are complete: the last is an `else`.
    Choice {
        blocks: Vec<Script>,
        complete: bool,
    },
    /// Runs any number of times; `foreach` has a variable and what it goes through.
    Loop {
        variable: Option<(String, Script)>,
        body: Script,
    },
    Function(Rc<Block>),
}

/// A script block or a function.
#[derive(Clone, Debug, Default)]
pub(in crate::shell) struct Block {
    /// Lower case; empty for a script block.
    pub(in crate::shell) name: String,
    /// Lower case.
    pub(in crate::shell) parameters: Vec<String>,
    pub(in crate::shell) body: Script,
}

#[derive(Clone, Debug)]
pub(in crate::shell) struct Pipeline {
    pub(in crate::shell) elements: Vec<Element>,
    /// Right of `&&` or `||`.
    pub(in crate::shell) condition: bool,
    pub(in crate::shell) background: bool,
}

#[derive(Clone, Debug)]
pub(in crate::shell) enum Element {
    Command(Command),
    Value(Expr, Vec<Redirect>, Span),
}

#[derive(Clone, Debug)]
pub(in crate::shell) struct Command {
    pub(in crate::shell) words: Vec<Expr>,
    pub(in crate::shell) redirects: Vec<Redirect>,
    pub(in crate::shell) span: Span,
}

#[derive(Clone, Debug)]
pub(in crate::shell) struct Redirect {
    pub(in crate::shell) op: RedirectOp,
    pub(in crate::shell) fd: Option<u32>,
    pub(in crate::shell) target: Expr,
}

/// How a piece of text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::shell) enum Quote {
    Bare,
    Quoted,
}

#[derive(Clone, Debug)]
pub(in crate::shell) enum Expr {
    Text(Vec<Part>, Quote),
    /// Lower case, with the drive: `x`, `env:path`.
    Variable(String),
    /// `@name`: the elements of a variable as arguments.
    Splat(String),
    /// `(…)`, `$(…)`, `@(…)`.
    Run(Script),
    List(Vec<Expr>),
    Block(Rc<Block>),
    Table(Vec<(Expr, Script)>),
    /// `[IO.File]`, lower case without `system.`.
    Type(String),
    Cast(String, Box<Expr>),
    Postfix(Box<Expr>, Vec<Step>),
    /// Operators in lower case, with their right sides.
    Chain(Box<Expr>, Vec<(String, Expr)>),
    Unary(String, Box<Expr>),
}

#[derive(Clone, Debug)]
pub(in crate::shell) enum Part {
    Literal(String),
    Value(Expr),
}

#[derive(Clone, Debug)]
pub(in crate::shell) enum Step {
    /// `.name`, `::name`, with arguments where called.
    Member {
        name: Expr,
        args: Option<Vec<Expr>>,
    },
    Index(Expr),
}
