//! Owns the variables whose value the shell itself runs or reads code from: prompts, `PROMPT_COMMAND`,
//! `BASH_ENV`, and which of those of other programs (`unwrap`) they inherit. Invariant: what such a
//! variable is set to is walked where it is set, and the file it names where a shell starts.

use crate::shell::flags::family;
use crate::shell::invocation::{Arg, Assignment, Context, UNKNOWN};
use crate::shell::unwrap::{like, variables};

use super::Walker;
use super::expand::document;
use super::start::is_shell;
use super::state::Value;

impl Walker<'_> {
    /// Follows what an invocation's variables make a shell run.
    pub(super) fn follow_environment(&mut self, program: &str, index: u32) {
        for (name, value) in self.set_by(program, index) {
            if let Some(text) = run(&name, &value) {
                self.follow_text("", index, &text, Context::DEFERRED);
            }
        }
        if is_shell(program) {
            for name in ["BASH_ENV", "ENV"] {
                self.follow_start_file(name, index);
            }
        }
    }

    /// What this text set before of the variables that the program reads, as if it were written in front of
    /// it. A value that is not known says nothing about the program.
    pub(super) fn inherited(&self, program: &str, own: &[Assignment]) -> Vec<Assignment> {
        let names = variables(family(program));
        let open = names.filter(|name| own.iter().all(|it| it.name != *name));
        let set = open.filter_map(|name| match self.state.get(name)? {
            Value::Scalar(them) => Some((name, them)),
            Value::List(_) => None,
        });
        let all = set.flat_map(|(name, them)| them.iter().map(move |it| (name, it)));
        let known = all.filter(|it| it.1.is_known() && !it.1.text.is_empty());
        let inherited = known.map(|(name, value)| Assignment {
            name: name.to_owned(),
            value: value.clone(),
        });
        inherited.collect()
    }

    /// The variables that an invocation sets, for itself or for the shell.
    fn set_by(&self, program: &str, index: u32) -> Vec<(String, Arg)> {
        let Some(invocation) = self.reading.at(index) else {
            return Vec::new();
        };
        let own = invocation.assignments.iter().filter(|it| is_run(&it.name));
        let mut found: Vec<_> = own.map(|it| (it.name.clone(), it.value.clone())).collect();
        if matches!(
            program,
            "export" | "declare" | "typeset" | "readonly" | "local"
        ) {
            found.extend(invocation.args().iter().filter_map(|arg| {
                let (name, value) = arg.text.split_once('=')?;
                is_run(name).then(|| (name.to_owned(), like(arg, value)))
            }));
        }
        found
    }

    /// A shell reads the file that the variable names before anything else.
    fn follow_start_file(&mut self, name: &str, index: u32) {
        if self.files.is_empty() {
            return;
        }
        let invocation = self.reading.at(index);
        let own = invocation
            .and_then(|it| it.assignments.iter().find(|it| it.name == name))
            .map(|it| it.value.clone());
        let value = own.or_else(|| match self.state.get(name) {
            Some(Value::Scalar(them)) => them.first().cloned(),
            _ => None,
        });
        if let Some(text) = value.and_then(|it| self.file(&it.text)) {
            self.follow_text("", index, &text, Context::NESTED);
        }
    }
}

fn is_run(name: &str) -> bool {
    name.starts_with("BASH_FUNC_")
        || matches!(
            name,
            "PROMPT_COMMAND" | "PS0" | "PS1" | "PS2" | "PS4" | "BASH_ENV" | "ENV"
        )
}

/// The text that a shell runs because of a variable: a command, or the substitutions in a prompt.
fn run(name: &str, value: &Arg) -> Option<Arg> {
    if name == "PROMPT_COMMAND" {
        let known = value
            .text
            .chars()
            .any(|it| it != UNKNOWN && !it.is_whitespace());
        return known.then(|| value.clone());
    }
    if name.starts_with("BASH_FUNC_") {
        // A function that shells import: `() { … }`.
        let body = value.text.trim_start().strip_prefix("()")?;
        return Some(like(value, body));
    }
    let substitutes = value.text.contains("$(") || value.text.contains('`');
    substitutes.then(|| like(value, document(&value.text)))
}
