//! Owns the scripts of this machine that the text runs: which file an invocation would run, and the walk of
//! its text with the arguments, variables and directory that it would have. Does not own where files come
//! from (`Files`) nor what a script may do. Invariants: what a script's text exceeds ends the script and
//! never the command; number, depth and length are limited; nothing is opened for what runs no file.

use std::rc::Rc;

use crate::shell::flags::{family, options};
use crate::shell::invocation::{Arg, Context, Invocation, Script, Span};
use crate::shell::parser::Origin;

use super::Walker;
use super::start::{Start, is_shell};
use super::state::Value;
use super::way::{Way, is_python, module, way};
use super::written::{leaves_alone, one_liner, shebang};

/// Scripts of one call that are looked into.
const SCRIPT_LIMIT: usize = 16;
/// Scripts that run scripts.
const SCRIPT_DEPTH: usize = 4;
/// How much of one is read.
const SIZE_LIMIT: usize = 256 << 10;
/// How much is read of code in other languages.
const CODE_LIMIT: usize = 64 << 10;
/// How many invocations there may be before a script is no longer followed: the rest is the command's.
pub(super) const INVOCATIONS: usize = 2048;

/// A script that is in the reading.
#[derive(Clone)]
pub(super) struct Local {
    pub(super) number: usize,
    pub(super) text: Arg,
}

impl Walker<'_> {
    /// Follows the script that an invocation runs; false where it runs none.
    pub(super) fn follow_local(&mut self, program: &str, index: u32) -> bool {
        if self.around.files.is_none() {
            return false;
        }
        let Some(invocation) = self.reading.at(index) else {
            return false;
        };
        let way = invocation.argv.first().and_then(|it| way(program, it));
        let Some(way) = way.filter(|_| !self.is_elsewhere(invocation)) else {
            return false;
        };
        let invocation = invocation.clone();
        match way {
            Way::Shell => self.run_shell(index, &invocation),
            Way::Source => {
                let args = invocation.args();
                let at = usize::from(args.first().is_some_and(|it| it.text == "--"));
                let Some(file) = args.get(at) else {
                    return false;
                };
                let rest = args.get(at + 1..).unwrap_or_default().to_vec();
                self.run_file(index, file, file, &rest)
            }
            Way::Itself => {
                let Some(file) = invocation.argv.first() else {
                    return false;
                };
                self.run_file(index, file, file, invocation.args())
            }
            Way::Code => self.run_interpreter(index, &invocation),
            Way::Named => self.run_named(index, &invocation),
        }
    }

    /// `bash FILE`, `bash < FILE`, `cat FILE | bash`.
    fn run_shell(&mut self, index: u32, invocation: &Invocation) -> bool {
        let options = options(invocation);
        if options.has_any(&["-c", "-n", "--version", "--help"]) {
            return false;
        }
        let rest =
            |n: usize| -> Vec<Arg> { options.rest(n).iter().map(|&it| it.clone()).collect() };
        match options.operands.first() {
            Some(file) if !options.has("-s") && file.text != "-" => {
                self.run_file(index, file, file, &rest(1))
            }
            _ => match self.fed_file(invocation) {
                Some(file) => {
                    let zero = invocation.argv.first().unwrap_or(&file).clone();
                    // What a pipe feeds stays unknown as well: it may print more than the file.
                    self.run_file(index, &file, &zero, &rest(0)) && invocation.fed_by.is_empty()
                }
                None => false,
            },
        }
    }

    /// `python FILE`, `deno run FILE`, `awk -f FILE`.
    fn run_interpreter(&mut self, index: u32, invocation: &Invocation) -> bool {
        let program = family(&invocation.program);
        let options = options(invocation);
        let inline = [
            "-c", "-e", "-E", "-r", "-p", "--eval", "--print", "--source",
        ];
        let awk = program == "awk";
        if leaves_alone(program, &options) && !options.has("-m") || !awk && options.has_any(&inline)
        {
            return false;
        }
        let given = options.values_of(&["-f", "--file"]);
        let verb =
            matches!(program, "deno" | "bun" | "coverage") && options.subcommand(0) == Some("run");
        let operand = options.operands.get(usize::from(verb)).copied();
        let file = match operand {
            _ if is_python(program) => invocation.argv.first().cloned(),
            _ if awk || program == "php" && !given.is_empty() => given.into_iter().next(),
            _ if options.has("-m") => module(&options),
            Some(file) if file.text != "-" => Some(file.clone()),
            _ => self.fed_file(invocation),
        };
        let Some(file) = file else {
            return false;
        };
        let named = !file.text.contains(['.', '/']);
        if named && (program == "bun" || program == "node" && options.has("--run")) {
            return self.run_named(index, invocation);
        }
        if named && program == "deno" {
            return options.subcommand(0) == Some("task") && self.run_named(index, invocation);
        }
        let Some(local) = self.load(&file, true) else {
            return false;
        };
        let name = match program {
            "deno" => "node",
            "coverage" => "python",
            script if is_python(script) => "python",
            program => program,
        };
        let first = invocation.argv.first().cloned().unwrap_or_default();
        let interpreter = Arg {
            text: name.to_owned(),
            ..first
        };
        self.interpret(index, &local, &interpreter)
    }

    /// A script that another program prints and this one reads as its text: `bash -c "$(cat FILE)"`.
    pub(super) fn run_shown(&mut self, index: u32) {
        let Some(invocation) = self.reading.at(index) else {
            return;
        };
        let mut shown = invocation
            .args()
            .iter()
            .filter_map(|it| match it.from.as_slice() {
                [one] => self.shown(*one),
                _ => None,
            });
        if let Some(file) = shown.next().filter(|_| !self.is_elsewhere(invocation)) {
            self.run_file(index, &file, &file, &[]);
        }
    }

    /// A script by its place, with the interpreter that it names or the shell that was told to run it.
    fn run_file(&mut self, index: u32, file: &Arg, zero: &Arg, args: &[Arg]) -> bool {
        let Some(local) = self.load(file, false) else {
            return false;
        };
        let program = self.reading.at(index);
        let program = program.map_or("", |it| it.program.as_str());
        let interpreter = match program {
            "source" | "." => String::new(),
            shell if is_shell(shell) => String::new(),
            _ => shebang(&local.text.text),
        };
        if interpreter.is_empty() || is_shell(&interpreter) {
            self.walk_script(index, &local, zero, args);
            return true;
        }
        self.note_code(&local);
        let interpreter = Arg::literal(interpreter, file.span);
        self.interpret(index, &local, &interpreter)
    }

    /// The text of a file, once for the reading; nothing where it is none that is looked into.
    pub(super) fn load(&mut self, file: &Arg, code: bool) -> Option<Local> {
        if !file.is_known() || file.text.is_empty() || self.running.len() >= SCRIPT_DEPTH {
            return None;
        }
        let mut path = self.place(&file.text);
        // What this text itself copied, moved or linked there.
        if let Some(link) = self.links.iter().rev().find(|it| it.place == path) {
            path = self.place(&link.target.text);
        }
        let known = self.reading.scripts.iter().position(|it| it.path == path);
        let number = match known {
            Some(known) => known,
            None => self.open(path, code)?,
        };
        let script = self.reading.scripts.get(number)?;
        let length = u32::try_from(script.text.len()).ok()?;
        let span = Span {
            start: script.start,
            end: script.start + length,
        };
        let text = Arg::literal(script.text.clone(), span);
        Some(Local { number, text })
    }

    fn open(&mut self, path: String, code: bool) -> Option<usize> {
        if !path.starts_with('/') || self.reading.scripts.len() >= SCRIPT_LIMIT {
            return None;
        }
        let mut text = self.around.files?.script(&path)?;
        let code = code || !is_shell(&shebang(&text)) && text.starts_with("#!");
        let limit = if code { CODE_LIMIT } else { SIZE_LIMIT };
        let partial = text.len() > limit;
        if partial {
            let bytes = text.as_bytes().get(..limit).unwrap_or_default();
            let line = bytes.iter().rposition(|it| *it == b'\n');
            text.truncate(line.unwrap_or_default());
        }
        let last = self.reading.scripts.last();
        let before = last.map_or(self.length, |it| it.start as usize + it.text.len());
        let start = u32::try_from(before + 1).ok()?;
        self.reading.scripts.push(Script {
            path,
            text,
            start,
            code,
            partial,
        });
        Some(self.reading.scripts.len() - 1)
    }

    fn note_code(&mut self, local: &Local) {
        if let Some(script) = self.reading.scripts.get_mut(local.number) {
            script.code = true;
        }
    }

    /// Walks the text of a script as the shell that runs it would.
    fn walk_script(&mut self, index: u32, local: &Local, zero: &Arg, args: &[Arg]) {
        let Some(invocation) = self.reading.at(index) else {
            return;
        };
        let sources = matches!(invocation.program.as_str(), "source" | ".");
        let assignments = invocation.assignments.clone();
        let keeps = sources && self.in_script();
        let saved = self.state.clone();
        let many = args.iter().any(|it| !it.is_known());
        if !sources || !args.is_empty() {
            self.state.positional = (!many).then(|| Rc::new(args.to_vec()));
        }
        self.state.set("0", Value::one(zero.clone()));
        self.state
            .set("BASH_SOURCE", Value::List(vec![zero.clone()]));
        for assignment in assignments {
            self.state
                .set(&assignment.name, Value::one(assignment.value));
        }
        self.within(index, local, |it, context| {
            it.walk_at(
                &local.text,
                Origin::At(local.text.span.start as usize),
                context,
                index,
            );
        });
        if keeps {
            self.state.positional = saved.positional;
            self.state.dead = saved.dead;
        } else if sources {
            self.state = saved.with_functions_of(&self.state);
        } else {
            self.state = saved;
        }
    }

    /// Starts the one-liner that does the same as running the file.
    fn interpret(&mut self, index: u32, local: &Local, interpreter: &Arg) -> bool {
        let saved = self.state.clone();
        let mut followed = false;
        self.within(index, local, |it, context| {
            followed = it.start_code(index, interpreter, &local.text, context);
        });
        self.state = saved;
        followed
    }

    /// Starts an interpreter with code of a script.
    pub(super) fn start_code(
        &mut self,
        index: u32,
        interpreter: &Arg,
        code: &Arg,
        context: u32,
    ) -> bool {
        let Some(argv) = one_liner(interpreter, code) else {
            return false;
        };
        let parent = self.reading.at(index);
        self.start(Start {
            argv,
            redirects: parent.map(|it| it.redirects.clone()).unwrap_or_default(),
            span: code.span,
            parent: Some(index),
            context: Context(context),
            ..Start::default()
        });
        true
    }

    /// Walks something in a script: what it exceeds, defines and traps ends with it.
    pub(super) fn within(&mut self, index: u32, local: &Local, walk: impl FnOnce(&mut Self, u32)) {
        let invocation = self.reading.at(index);
        let context = invocation.map_or(self.context, |it| it.context);
        let bytes = (self.nested_bytes, self.expanded_bytes);
        let (defined, traps) = (self.defined.len(), self.traps.len());
        let capture = std::mem::take(&mut self.capture);
        self.running.push(local.number);
        self.state.dead = false;
        walk(self, context.with(Context::NESTED).0);
        self.spring_traps(traps);
        self.running.pop();
        self.capture = capture;
        self.defined.truncate(defined);
        (self.nested_bytes, self.expanded_bytes) = bytes;
        self.stopped = false;
    }

    /// Ends the script being walked where a limit is hit; false outside of one.
    pub(super) fn stop_script(&mut self) -> bool {
        for number in &self.running {
            if let Some(script) = self.reading.scripts.get_mut(*number) {
                script.partial = true;
            }
        }
        self.in_script()
    }
}
