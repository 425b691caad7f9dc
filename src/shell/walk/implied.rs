//! Owns the files that a tool runs although no argument names them: pytest's `conftest.py`, pip's `setup.py`,
//! cargo's `build.rs`, a playbook's commands. Only those that the text itself writes are known. Does not own
//! the reading of that code.

use crate::shell::flags::options;
use crate::shell::invocation::{Arg, ArgFlags, Invocation};
use crate::shell::unwrap::like;

use super::Walker;
use super::built::COMPILED;
use super::written::one_liner;

impl Walker<'_> {
    /// What a tool runs of the files that it finds alone.
    pub(super) fn unnamed(&self, invocation: &Invocation) -> Option<Vec<Arg>> {
        let built = self.compiled(invocation);
        built.or_else(|| self.implied(invocation))
    }

    /// What such a tool starts, as a program of its own.
    fn implied(&self, invocation: &Invocation) -> Option<Vec<Arg>> {
        let first = invocation.argv.first()?;
        if self.files.is_empty() {
            return None;
        }
        let options = options(invocation);
        let verb = options.subcommand(0).unwrap_or_default();
        let module = options.value("-m").unwrap_or_default();
        let (file, language) = match (invocation.program.as_str(), verb) {
            ("pytest" | "py.test", _) => ("conftest.py", "python"),
            (program, _) if program.starts_with("python") && module == "pytest" => {
                ("conftest.py", "python")
            }
            ("pip" | "pip3", "install" | "wheel") if is_here(invocation) => ("setup.py", "python"),
            ("cargo", "build" | "b" | "check" | "c" | "clippy" | "install" | "doc") => {
                ("build.rs", COMPILED)
            }
            ("ansible-playbook", _) => return self.playbook(first, verb),
            _ => return None,
        };
        one_liner(&like(first, language), &self.file(file)?)
    }

    /// The commands that the tasks of a playbook run.
    fn playbook(&self, first: &Arg, file: &str) -> Option<Vec<Arg>> {
        let content = self.file(file)?;
        let mut lines = String::new();
        for line in content.text.lines() {
            let line = line.trim_start_matches([' ', '-']);
            let line = line.strip_prefix("ansible.builtin.").unwrap_or(line);
            let Some((key, value)) = line.split_once(": ") else {
                continue;
            };
            if matches!(key, "shell" | "command" | "cmd" | "raw") {
                lines.push_str(value.trim_matches(['"', '\'']));
                lines.push('\n');
            }
        }
        let mut text = like(&content, lines);
        text.flags.set(ArgFlags::QUOTED);
        (!text.text.is_empty()).then(|| vec![like(first, "bash"), like(first, "-c"), text])
    }
}

/// True where the project itself is installed.
fn is_here(invocation: &Invocation) -> bool {
    let args = invocation.args().iter();
    args.map(|it| it.text.as_str())
        .any(|it| it == "." || it == "./" || it.starts_with(".["))
}
