//! Owns what an invocation itself starts: the command behind `sudo`, `xargs`, `bash -c`, `ssh`, `docker
//! exec`, `find -exec` and all the other ways to name a program inside another one's arguments. Does not
//! own the reading of the text it finds. Invariant: nothing that might start is missing; what cannot be
//! known is [`Nested::Unknown`].

mod database;
mod editor;
mod find;
mod foreign;
mod git;
mod make;
mod manifest;
mod many;
mod meaning;
mod outer;
mod remote;
mod runner;
mod script;
mod shells;
mod suspect;
mod transfer;
mod variable;
mod windows;
mod wrapper;

#[cfg(test)]
mod tests;

use super::flags::{Options, family, options};
use super::invocation::{
    Arg, ArgFlags, Assignment, Context, GUARDED, Invocation, RedirectOp, UNKNOWN,
};
use crate::word::is_variable;
pub(crate) use find::{fd_targets, targets};
pub(crate) use make::recipes;
pub(crate) use variable::names as variables;

/// Replacing marks in a command may not grow it past this.
const GROWTH_LIMIT: usize = 64 * 1024;

/// Something that an invocation starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nested {
    /// A program with its arguments, not read by a shell again.
    Argv {
        argv: Vec<Arg>,
        assignments: Vec<Assignment>,
        /// [`Context`] bits to add.
        context: u32,
    },
    /// Text that a shell reads.
    Text { text: Arg, context: u32 },
    /// Text that PowerShell reads.
    PowerShell { text: Arg, context: u32 },
    /// Something starts and nothing of it is known.
    Unknown { context: u32, message: &'static str },
}

/// Everything an invocation starts. `stdin` is the literal text that is fed to it, where known.
pub fn nested(invocation: &Invocation, stdin: Option<&Arg>) -> Vec<Nested> {
    if invocation.argv.is_empty() {
        return Vec::new();
    }
    let mut cx = Cx {
        invocation,
        program: family(&invocation.program),
        options: Options::default(),
        stdin,
        found: Vec::new(),
    };
    variable::read(&mut cx);
    for read in [
        wrapper::read,
        shells::read,
        many::read,
        runner::read,
        remote::read,
        git::read,
        editor::read,
        script::read,
        windows::read,
        database::read,
        outer::read,
    ] {
        if read(&mut cx) {
            break;
        }
    }
    if cx.found.is_empty() {
        suspect::read(&mut cx);
    }
    cx.found
}

/// The invocation being unwrapped and what was found in it.
struct Cx<'a> {
    invocation: &'a Invocation,
    program: &'a str,
    /// Filled by [`Cx::divide`], by those who need it.
    options: Options<'a>,
    stdin: Option<&'a Arg>,
    found: Vec<Nested>,
}

impl<'a> Cx<'a> {
    fn divide(&mut self) {
        self.options = options(self.invocation);
    }

    /// The operands from the nth on, as arguments of their own.
    fn rest(&self, n: usize) -> Vec<Arg> {
        self.options.rest(n).iter().map(|&it| it.clone()).collect()
    }

    fn operand(&self, n: usize) -> &'a str {
        self.options
            .operands
            .get(n)
            .map_or("", |it| it.text.as_str())
    }

    /// The command is the operands from the nth on.
    fn start(&mut self, n: usize, context: u32) {
        let argv = self.rest(n);
        self.argv(argv, context);
    }

    fn argv(&mut self, argv: Vec<Arg>, context: u32) {
        self.assigned(argv, Vec::new(), context);
    }

    fn assigned(&mut self, argv: Vec<Arg>, assignments: Vec<Assignment>, context: u32) {
        if !argv.is_empty() {
            self.found.push(Nested::Argv {
                argv,
                assignments,
                context: context | Context::NESTED,
            });
        }
    }

    /// Text for a shell; unknown where nothing of it is known.
    fn text(&mut self, text: Arg, context: u32) {
        let mut context = context | Context::NESTED;
        if text.flags.has(ArgFlags::HIDDEN) {
            context |= Context::DECODED;
        }
        let known = |it: char| it != UNKNOWN && it != GUARDED && !it.is_whitespace();
        if text.text.chars().any(known) {
            self.found.push(Nested::Text { text, context });
        } else if text.text.contains([UNKNOWN, GUARDED])
            || text.flags.has(ArgFlags::MANY)
            || !text.from.is_empty()
        {
            self.unknown(context, "the text of the command is not known");
        }
    }

    /// The values of the flags are each text for a shell.
    fn texts_of(&mut self, names: &[&str], context: u32) {
        for value in self.options.values_of(names) {
            self.text(value, context);
        }
    }

    /// The operands from the nth on, joined by spaces, are text for a shell.
    fn joined(&mut self, n: usize, context: u32) {
        let text = join(self.options.rest(n).iter().copied());
        self.text(text, context);
    }

    fn unknown(&mut self, context: u32, message: &'static str) {
        self.found.push(Nested::Unknown {
            context: context | Context::NESTED,
            message,
        });
    }

    /// A shell reads its stdin: text where it is known, unknown where another program feeds it.
    fn fed(&mut self, context: u32) {
        let context = context | Context::FED;
        match self.stdin {
            Some(text) if text.flags.has(ArgFlags::MANY) => {
                self.unknown(context, "the text fed to the shell is not known");
            }
            Some(text) => self.text(text.clone(), context),
            None if self.is_fed() => {
                self.unknown(context, "the text fed to the shell is not known");
            }
            None => {}
        }
    }

    /// True where another program, a heredoc or a process substitution writes to stdin. A plain file
    /// is not: that is an access to the file.
    fn is_fed(&self) -> bool {
        !self.invocation.fed_by.is_empty()
            || self.invocation.redirects.iter().any(|it| match it.op {
                RedirectOp::Heredoc | RedirectOp::HereString => true,
                RedirectOp::Read => it.target.flags.has(ArgFlags::PROCESS),
                _ => false,
            })
    }
}

/// Arguments joined by spaces into one, with everything that is known about any of them.
pub(crate) fn join<'a>(args: impl Iterator<Item = &'a Arg>) -> Arg {
    let mut joined = Arg::default();
    for (index, arg) in args.enumerate() {
        if index == 0 {
            joined.span = arg.span;
        } else {
            joined.text.push(' ');
            joined.span.end = joined.span.end.max(arg.span.end);
        }
        joined.text.push_str(&arg.text);
        joined.flags.set(arg.flags.0);
        joined.from.extend(&arg.from);
    }
    joined
}

/// Another text at the place of an argument, with what is known about that.
pub(crate) fn like(arg: &Arg, text: impl Into<String>) -> Arg {
    Arg {
        text: text.into(),
        ..arg.clone()
    }
}

/// The text with every mark replaced; a lone unknown where that would grow past [`GROWTH_LIMIT`].
fn replaced(text: &str, mark: &str, value: &str) -> String {
    let growth = text.matches(mark).count().saturating_mul(value.len());
    if growth > GROWTH_LIMIT {
        return UNKNOWN.to_string();
    }
    text.replace(mark, value)
}

/// Words split off a text by blanks and simple quotes, as `env -S` and aliases do.
pub(crate) fn split(arg: &Arg) -> Vec<Arg> {
    let (mut words, mut word, mut open, mut quote) = (Vec::new(), String::new(), false, None);
    let mut letters = arg.text.chars();
    while let Some(letter) = letters.next() {
        match (quote, letter) {
            (Some(mark), it) if mark == it => quote = None,
            (Some('\''), it) => word.push(it),
            (_, '\\') => {
                open = true;
                word.extend(letters.next());
            }
            (Some(_), it) => word.push(it),
            (None, '\'' | '"') => {
                quote = Some(letter);
                open = true;
            }
            (None, it) if it.is_whitespace() => {
                if open {
                    words.push(like(arg, std::mem::take(&mut word)));
                }
                open = false;
            }
            (None, it) => {
                open = true;
                word.push(it);
            }
        }
    }
    if open {
        words.push(like(arg, word));
    }
    words
}

/// Leading `NAME=value` words taken off a command.
fn assignments(argv: &mut Vec<Arg>) -> Vec<Assignment> {
    let length = argv
        .iter()
        .take_while(|it| {
            it.text
                .split_once('=')
                .is_some_and(|(name, _)| is_variable(name) || name.starts_with("BASH_FUNC_"))
        })
        .count();
    let taken = argv.drain(..length);
    taken
        .filter_map(|arg| {
            let (name, value) = arg.text.split_once('=')?;
            Some(Assignment {
                name: name.to_owned(),
                value: like(&arg, value),
            })
        })
        .collect()
}
