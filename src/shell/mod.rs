//! Owns the reading of shell text: which programs it would start, with which arguments, redirects and
//! circumstances. Does not own any judgement. Invariants: pure (text in, [`Reading`] out; the scripts it
//! runs come through [`Files`]), safe, bounded by named limits in depth, fuel and size, and nothing that
//! might start is dropped.

pub mod access;
mod ast;
mod client;
pub mod decode;
mod engine;
pub mod flags;
mod invocation;
mod names;
mod parser;
mod powershell;
mod recipe;
mod script;
#[cfg(test)]
mod test_line;
pub mod unwrap;
mod walk;

pub use invocation::{
    Arg, ArgFlags, Assignment, Context, Cwd, GUARDED, Invocation, Mount, Problem, ProblemKind,
    Reading, Redirect, RedirectOp, Script, Span, UNKNOWN,
};

pub use names::tells_no_value;
pub(crate) use walk::is_shell;

/// The files of this machine that a command may run.
pub trait Files {
    /// The text of a script at an absolute path; nothing where there is none that is to be read.
    fn script(&self, path: &str) -> Option<String>;
}

/// What the reader may assume about the shell's surroundings.
#[derive(Clone, Copy, Default)]
pub struct Surroundings<'a> {
    /// The working directory at the start, absolute; the value of `$PWD`.
    pub cwd: &'a str,
    /// The value of `$HOME` and `~`; empty where unknown.
    pub home: &'a str,
    /// The project root; the value of `$CLAUDE_PROJECT_DIR` and of `git rev-parse --show-toplevel`;
    /// empty where unknown.
    pub project: &'a str,
    /// Where the scripts are that the text runs; without it they are not looked into.
    pub files: Option<&'a dyn Files>,
}

/// Reads shell text: every program it would start, with everything known about each start.
pub fn read(text: &str, around: &Surroundings) -> Reading {
    walk::read(text, around)
}

/// Reads PowerShell text into the same terms: cmdlets under their own names, and beside them the programs
/// that do the same.
pub fn read_powershell(text: &str, around: &Surroundings) -> Reading {
    walk::read_powershell(text, around)
}

#[cfg(test)]
mod tests;
