//! Owns what an invocation itself starts.

use super::invocation::{Arg, Assignment, Invocation};

/// One thing that an invocation starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nested {
    /// A program with its arguments.
    Argv {
        argv: Vec<Arg>,
        assignments: Vec<Assignment>,
        context: u32,
    },
    /// Shell text.
    Text { text: Arg, context: u32 },
    /// Something of which nothing is known.
    Unknown { context: u32, message: &'static str },
}

/// What an invocation starts.
pub fn nested(_invocation: &Invocation, _stdin: Option<&Arg>) -> Vec<Nested> {
    Vec::new()
}
