//! Owns which file an invocation would run: by its program and arguments, or because another program hands
//! it over. Does not own what becomes of the file (`local`). Invariant: what runs elsewhere runs no file of
//! this machine.

use crate::shell::flags::{Options, family};
use crate::shell::invocation::{Arg, Context, Invocation, RedirectOp, Span};
use crate::shell::script;

use super::start::is_shell;
use super::{Cwd, Walker};

/// How a file comes to run.
pub(super) enum Way {
    /// `bash FILE`.
    Shell,
    /// `. FILE`.
    Source,
    /// `python FILE`.
    Code,
    /// `./FILE`.
    Itself,
    /// A recipe or a script by its name.
    Named,
}

pub(super) fn way(program: &str, first: &Arg) -> Option<Way> {
    Some(match program {
        "source" | "." => Way::Source,
        "make" | "gmake" | "just" | "task" | "go-task" | "npm" | "pnpm" | "yarn" | "composer"
        | "run-s" | "run-p" | "npm-run-all" => Way::Named,
        _ if is_shell(program) => Way::Shell,
        _ if script::language(family(program)).is_some() => Way::Code,
        // What a runner of Python starts, by its name.
        _ if program == "coverage" || is_python(program) && !first.text.contains('/') => Way::Code,
        _ if first.text.contains('/') => Way::Itself,
        _ => return None,
    })
}

pub(super) fn is_python(program: &str) -> bool {
    program.rsplit_once('.').is_some_and(|it| it.1 == "py")
}

/// The file of `python -m NAME`: a module of the project, or what a tool of Python's own is given.
pub(super) fn module(options: &Options) -> Option<Arg> {
    let operand = |n: usize| options.operands.get(n).map(|&it| it.clone());
    match options.value("-m")? {
        "pdb" | "cProfile" | "profile" | "trace" | "runpy" => operand(0),
        "coverage" => operand(1),
        name => {
            let path = format!("{}.py", name.replace('.', "/"));
            Some(Arg::literal(path, Span::default()))
        }
    }
}

impl Walker<'_> {
    /// True for what runs on another machine, or in a directory that is not known.
    pub(super) fn is_elsewhere(&self, invocation: &Invocation) -> bool {
        invocation
            .context
            .has(Context::REMOTE | Context::CONTAINER | Context::DEFERRED)
            || invocation.cwd == Cwd::Unknown
            || self.around.cwd.is_empty()
    }

    /// The one file that stands behind an invocation's input.
    pub(super) fn fed_file(&self, invocation: &Invocation) -> Option<Arg> {
        let mut redirects = invocation.redirects.iter().rev();
        if let Some(input) =
            redirects.find(|it| it.fd.unwrap_or(0) == 0 && it.op == RedirectOp::Read)
        {
            return Some(input.target.clone());
        }
        let [feeder] = invocation.fed_by.as_slice() else {
            return None;
        };
        self.shown(*feeder)
    }

    /// The one file whose content an invocation prints.
    pub(super) fn shown(&self, index: u32) -> Option<Arg> {
        let printer = self.reading.at(index)?;
        match (printer.args(), printer.redirects.as_slice()) {
            ([file], _) if printer.program == "cat" => Some(file.clone()),
            ([], [input]) if printer.argv.is_empty() && input.op == RedirectOp::Read => {
                Some(input.target.clone())
            }
            _ => None,
        }
    }
}
