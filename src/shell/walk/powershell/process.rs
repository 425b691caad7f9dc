//! Owns the cmdlets that start and end processes. Does not own what is started. Invariant: a program whose
//! name is known has an invocation, and the end of every process is the end of every process.

use crate::shell::invocation::{Arg, Context, Span};
use crate::shell::unwrap::{like, split};

use crate::shell::walk::Walker;

use super::command::Ready;

impl Walker<'_> {
    /// `Start-Process`: a program, its arguments, and whether it runs as administrator.
    pub(super) fn start_process(&mut self, ready: &Ready) {
        let mut argv: Vec<Arg> = ready.bound.values("filepath").to_vec();
        for arg in ready.bound.values("argumentlist") {
            argv.extend(if arg.text.contains(' ') {
                split(&like(arg, arg.text.replace('\\', "\\\\")))
            } else {
                vec![arg.clone()]
            });
        }
        if argv.is_empty() {
            return;
        }
        if let Some(program) = argv.first_mut() {
            program.text = program.text.replace('\\', "/");
        }
        let privileged = ready.bound.text("verb").eq_ignore_ascii_case("runas");
        let outer = self.context;
        if privileged {
            self.context = outer.with(Context::PRIVILEGED);
        }
        self.start_kin(argv, ready.index, ready.span);
        self.context = outer;
    }

    /// `Win32_Process` makes a process of a command line.
    pub(super) fn create_process(&mut self, ready: &Ready) {
        let mut texts = ready.words.iter().flat_map(|it| it.items.iter());
        let line = texts.rfind(|it| it.text.contains(' '));
        let Some(line) = line.cloned() else { return };
        let text = line
            .text
            .strip_prefix("-CommandLine:")
            .unwrap_or(&line.text);
        let argv = split(&like(&line, text.replace('\\', "/")));
        if line.is_known() {
            self.start_kin(argv, ready.index, ready.span);
        }
    }

    /// Processes that are piped in: those of a name, or all there are.
    pub(super) fn stop_listed(&mut self, from: &[u32], index: u32, span: Span) {
        let program = |it: u32| self.reading.at(it);
        let filtered = from
            .iter()
            .filter_map(|it| program(*it))
            .any(|it| matches!(it.program.as_str(), "where-object" | "select-object"));
        let Some(list) = from
            .iter()
            .filter_map(|it| program(*it))
            .find(|it| it.program == "get-process")
        else {
            return;
        };
        let names: Vec<Arg> = list
            .args()
            .iter()
            .filter(|it| !it.text.starts_with('-'))
            .cloned()
            .collect();
        let word = |it: &str| Arg::literal(it, span);
        if names.is_empty() && !filtered {
            self.start_kin(vec![word("kill"), word("-9"), word("-1")], index, span);
        }
        for name in names {
            let name = if name.text == "*" { word(".") } else { name };
            self.start_kin(vec![word("pkill"), name], index, span);
        }
    }
}
