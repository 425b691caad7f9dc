//! Owns the shape of parsed shell text: lists, pipelines, commands, words. Does not own how text becomes
//! this (`parser`) nor what it means (`walk`). Invariant: owns all of its text, so that a function's body
//! outlives the text that defined it.

use std::cell::OnceCell;
use std::rc::Rc;

use super::invocation::{RedirectOp, Span};

/// Commands in sequence.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    pub(super) items: Vec<AndOr>,
}

/// Pipelines joined by `&&` and `||`, in the foreground or not.
#[derive(Clone, Debug)]
pub(super) struct AndOr {
    pub(super) first: Pipeline,
    pub(super) rest: Vec<(Joint, Pipeline)>,
    pub(super) background: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Joint {
    And,
    Or,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Pipeline {
    pub(super) negated: bool,
    pub(super) stages: Vec<Command>,
}

#[derive(Clone, Debug)]
pub(super) enum Command {
    Simple(Simple),
    Compound {
        kind: Compound,
        redirects: Vec<Redirect>,
    },
    Function {
        name: String,
        body: Rc<Command>,
    },
}

#[derive(Clone, Debug, Default)]
pub(super) struct Simple {
    pub(super) assignments: Vec<Assign>,
    pub(super) words: Vec<Word>,
    pub(super) redirects: Vec<Redirect>,
    pub(super) span: Span,
}

#[derive(Clone, Debug)]
pub(super) enum Compound {
    Group(List),
    Subshell(List),
    If {
        arms: Vec<(List, List)>,
        otherwise: Option<List>,
    },
    While {
        condition: List,
        body: List,
    },
    /// `for` and `select`; without words it runs over the positional parameters.
    For {
        name: String,
        words: Option<Vec<Word>>,
        body: List,
    },
    /// `for ((…))`: the arithmetic, then the body.
    Counted {
        parts: Vec<Part>,
        body: List,
    },
    Case {
        subject: Word,
        arms: Vec<(Vec<Word>, List)>,
    },
    /// `[[ … ]]`: the words in it.
    Test(Vec<Word>),
    Arithmetic(Vec<Part>),
    /// Its descriptors stand in the list of this name.
    Coproc {
        name: String,
        body: Box<Command>,
    },
}

/// `NAME=value`, `NAME+=value`, `NAME[subscript]=value`.
#[derive(Clone, Debug)]
pub(super) struct Assign {
    pub(super) name: String,
    pub(super) index: Option<Vec<Part>>,
    pub(super) append: bool,
    pub(super) value: Word,
}

#[derive(Clone, Debug)]
pub(super) struct Redirect {
    pub(super) op: RedirectOp,
    pub(super) fd: Option<u32>,
    /// The variable that is given a free descriptor: `{name}>`.
    pub(super) variable: Option<String>,
    pub(super) target: Word,
    /// The body of a heredoc, filled in when the line's end is reached.
    pub(super) body: Option<Rc<OnceCell<Word>>>,
    pub(super) span: Span,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Word {
    pub(super) parts: Vec<Part>,
    pub(super) span: Span,
}

impl Word {
    /// The text of a word that is one plain unquoted literal.
    pub(super) fn plain(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [Part::Lit(text)] => Some(text),
            _ => None,
        }
    }
}

#[derive(Clone, Debug)]
pub(super) enum Part {
    /// Unquoted text: tilde, braces and globs in it are active.
    Lit(String),
    /// Quoted or escaped text.
    Quoted(String),
    /// The decoded text of `$'…'`.
    Ansi(String),
    Param(Box<Param>),
    Command {
        list: List,
        quoted: bool,
    },
    /// `$((…))`, `$[…]`: what stands in it.
    Arith(Vec<Part>),
    /// `<(…)`, `>(…)`, `=(…)`.
    Process {
        input: bool,
        list: List,
    },
    /// `(…)` as the value of an assignment.
    Array(Vec<Word>),
    /// Shell text inside a zsh glob qualifier: `*(e:'…':)`.
    Code(String),
}

/// `$name` or `${…}`.
#[derive(Clone, Debug)]
pub(super) struct Param {
    pub(super) name: String,
    pub(super) form: Form,
    pub(super) index: Option<Vec<Part>>,
    pub(super) op: Op,
    pub(super) quoted: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Value,
    Length,
    Indirect,
}

/// What is done to a parameter's value.
#[derive(Clone, Debug)]
pub(super) enum Op {
    None,
    /// `:-` `-` `:=` `=` `:?` `?` `:+` `+`. Whether an empty value counts as unset does not matter: it
    /// is taken for unset either way.
    Default {
        kind: u8,
        word: Vec<Part>,
    },
    /// `#` `##` `%` `%%`
    Trim {
        kind: u8,
        longest: bool,
        pattern: Vec<Part>,
    },
    /// `/` `//` `/#` `/%`
    Replace {
        kind: u8,
        pattern: Vec<Part>,
        with: Vec<Part>,
    },
    /// `^` `^^` `,` `,,`
    Case {
        kind: u8,
        all: bool,
        pattern: Vec<Part>,
    },
    Slice {
        offset: Vec<Part>,
        length: Option<Vec<Part>>,
    },
    /// Anything else: what stands in it.
    Other(Vec<Part>),
}
