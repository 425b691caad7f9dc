//! Owns the files that the text itself writes and then runs: their literal content, and what a shell, an
//! interpreter, make or the kernel does with it. Does not own the reading of that content. Invariant: a
//! file whose content is not known is forgotten, never taken for an older one.

use crate::shell::flags::{Options, family, options};
use crate::shell::invocation::{Arg, ArgFlags, Context, Cwd, Invocation, Redirect, RedirectOp};
use crate::shell::script;
use crate::shell::unwrap::{like, recipes};
use crate::word::base;

use super::Walker;
use super::start::is_shell;
use super::state::enter;

/// How many files written by one text are remembered.
const FILE_LIMIT: usize = 64;

impl Walker<'_> {
    /// The literal content of a file that this text wrote, or of a process substitution.
    pub(super) fn file(&self, path: &str) -> Option<Arg> {
        if self.files.is_empty() {
            return None;
        }
        let place = self.place(path);
        let held = super::descriptor::place(&place);
        let same = |it: &&(String, Arg)| it.0 == place || held.as_ref() == Some(&it.0);
        let found = self.files.iter().rev().find(same);
        let known = |it: &&(String, Arg)| !it.1.flags.has(ArgFlags::MANY);
        found.filter(known).map(|it| it.1.clone())
    }

    /// A path as a name for the same file wherever it is written.
    pub(super) fn place(&self, path: &str) -> String {
        let path = match path.strip_prefix("~/") {
            Some(rest) if !self.around.home.is_empty() => format!("{}/{rest}", self.around.home),
            _ => path.to_owned(),
        };
        let place = enter(&self.state.cwd, &path);
        if let Some(absolute) = self.absolute(&place) {
            return absolute;
        }
        match place {
            Cwd::At(place) => place,
            Cwd::Start | Cwd::Unknown => path,
        }
    }

    /// True where what an invocation prints goes to a file.
    pub(super) fn writes_output(&self, index: u32) -> bool {
        let invocation = self.reading.at(index);
        invocation.is_some_and(|it| {
            is_tee(it)
                || it
                    .redirects
                    .iter()
                    .any(|it| matches!(it.op, RedirectOp::Write | RedirectOp::Append))
        })
    }

    pub(super) fn note_files(&mut self, index: u32, output: Option<&Arg>) {
        let Some(invocation) = self.reading.at(index) else {
            return;
        };
        let away = invocation.context.has(Context::REMOTE | Context::CONTAINER);
        let mut targets: Vec<(String, bool)> = Vec::new();
        for redirect in &invocation.redirects {
            let appends = redirect.op == RedirectOp::Append;
            if (appends || redirect.op == RedirectOp::Write) && redirect.fd.unwrap_or(1) == 1 {
                targets.push((self.place(&redirect.target.text), appends));
            }
        }
        if is_tee(invocation) {
            let options = options(invocation);
            let appends = options.has_any(&["-a", "--append"]);
            let operands = options.operands.iter();
            targets.extend(operands.map(|it| (self.place(&it.text), appends)));
        }
        for (path, appends) in targets {
            let Some(output) = output else {
                self.files.retain(|it| it.0 != path);
                continue;
            };
            self.feed_reader(&path, output);
            self.links.retain(|it| it.place != path);
            let mut content = output.clone();
            if away {
                content.flags.set(ArgFlags::AWAY);
            }
            let room = self.files.len() < FILE_LIMIT;
            match self.files.iter_mut().find(|it| it.0 == path) {
                Some(file) if appends => file.1.text.push_str(&content.text),
                Some(file) => file.1 = content,
                None if room => self.files.push((path, content)),
                None => {}
            }
        }
    }

    /// Follows what is run whose text was written by this same text: a script, `<(echo …)`, a makefile.
    pub(super) fn follow_files(&mut self, program: &str, index: u32) -> bool {
        let makes = matches!(program, "make" | "gmake");
        if self.files.is_empty() && self.links.is_empty() && self.stdin.is_none() && !makes {
            return false;
        }
        let Some(invocation) = self.reading.at(index) else {
            return false;
        };
        if let "make" | "gmake" | "just" = program {
            if options(invocation).has_any(&["-n", "--just-print", "--dry-run", "--recon"]) {
                return true;
            }
            let Some(makefile) = self.makefile(invocation) else {
                return false;
            };
            let text = like(&makefile, recipes(&makefile.text));
            self.follow_text(program, index, &text, Context::NESTED);
            return true;
        }
        if is_shell(program) || matches!(program, "source" | ".") {
            let options = options(invocation);
            let mut operands = options.operands.iter();
            let operand = operands.find(|it| !it.text.starts_with(['-', '+']));
            let start = options.values_of(&["--rcfile", "--init-file"]).pop();
            let mut named = start.as_ref().into_iter().chain(operand.copied());
            let Some(text) = named.find_map(|it| self.file(&it.text)) else {
                return false;
            };
            self.follow_text(program, index, &text, Context::NESTED);
            return true;
        }
        if let Some(source) = invocation.argv.first().and_then(|it| self.copied_from(it))
            && super::start::program_name(&source) != program
        {
            let rest = invocation.args().iter().cloned();
            let argv = std::iter::once(source).chain(rest).collect();
            self.start_nested(index, argv, Vec::new(), 0);
            return true;
        }
        if let Some(text) = self.statements(invocation) {
            if let Some(invocation) = self.reading.invocations.get_mut(index as usize) {
                invocation.redirects.push(Redirect {
                    op: RedirectOp::Heredoc,
                    fd: None,
                    span: text.span,
                    target: text,
                });
            }
            return false;
        }
        let commands = self.ssh_commands(invocation);
        if let Some(text) = commands.or_else(|| self.package_script(invocation)) {
            self.follow_text(program, index, &text, Context::NESTED);
            return true;
        }
        let script = self.own_script(invocation);
        if let Some(argv) = script.or_else(|| self.unnamed(invocation)) {
            self.start_nested(index, argv, Vec::new(), 0);
            return true;
        }
        false
    }

    /// What a database client reads from a file that this same text wrote.
    fn statements(&self, invocation: &Invocation) -> Option<Arg> {
        let client = matches!(
            family(&invocation.program),
            "psql"
                | "mysql"
                | "sqlite3"
                | "mongosh"
                | "mongo"
                | "cqlsh"
                | "sqlcmd"
                | "duckdb"
                | "clickhouse-client"
                | "clickhouse"
        );
        if !client {
            return None;
        }
        let options = options(invocation);
        let given = options.values_of(&["-f", "--file", "-i", "--queries-file", "-init"]);
        let read = invocation
            .redirects
            .iter()
            .filter(|it| it.op == RedirectOp::Read);
        let operands = options.operands.iter().map(|it| it.text.as_str());
        let mut named = given
            .iter()
            .map(|it| it.text.as_str())
            .chain(read.map(|it| it.target.text.as_str()))
            .chain(operands.filter(|it| it.contains('.')));
        named.find_map(|it| self.file(it))
    }

    /// The makefile that is read, where its content is known.
    fn makefile(&self, invocation: &Invocation) -> Option<Arg> {
        let options = options(invocation);
        let given = ["-f", "--file", "--makefile", "--justfile"]
            .iter()
            .find_map(|it| options.value(it));
        match given {
            Some("-" | "/dev/stdin") => {
                let document = invocation.documents().next();
                document.or(self.stdin.as_ref()).cloned()
            }
            Some(file) => self.file(file),
            None => [
                "GNUmakefile",
                "makefile",
                "Makefile",
                "justfile",
                "Justfile",
                ".justfile",
            ]
            .iter()
            .filter(|it| (invocation.program == "just") == it.contains("ust"))
            .find_map(|it| self.file(it)),
        }
    }

    /// Code that another program writes to the interpreter's stdin; a document is read where it stands.
    fn piped_code(&self, invocation: &Invocation, options: &Options) -> Option<Arg> {
        let inline = [
            "-c", "-e", "-E", "-r", "-m", "-p", "-n", "-M", "--eval", "--print",
        ];
        let document = invocation.documents().next().is_some();
        if document || options.has_any(&inline) || family(&invocation.program) == "awk" {
            return None;
        }
        self.stdin
            .clone()
            .filter(|it| !it.flags.has(ArgFlags::MANY))
    }

    /// The one-liner that does the same as running this script, where its content is known.
    fn own_script(&self, invocation: &Invocation) -> Option<Vec<Arg>> {
        let first = invocation.argv.first()?;
        if first.text.contains('/')
            && let Some(content) = self.file(&first.text)
        {
            let interpreter = shebang(&content.text);
            let mut argv = one_liner(&like(first, interpreter.as_str()), &content)?;
            if script::language(family(&interpreter)).is_none() {
                argv.push(first.clone());
            }
            argv.extend_from_slice(invocation.args());
            return Some(argv);
        }
        script::language(family(&invocation.program))?;
        let options = options(invocation);
        if leaves_alone(family(&invocation.program), &options) {
            return None;
        }
        let script = options
            .value("-f")
            .filter(|_| invocation.program.ends_with("awk"));
        let operand = || options.operands.first().map(|it| it.text.as_str());
        let content = match script.or_else(operand) {
            None | Some("-" | "/dev/stdin") => self.piped_code(invocation, &options)?,
            Some(script) => self.file(script)?,
        };
        let mut argv = one_liner(first, &content)?;
        if script.is_none() {
            let given = options.rest(1).iter();
            argv.extend(given.map(|&it| it.clone()));
        }
        Some(argv)
    }
}

/// True where the file is looked at and not run: syntax checks, and Python modules that get it as data.
pub(super) fn leaves_alone(program: &str, options: &Options) -> bool {
    match program {
        "python" => options.value("-m").is_some_and(|module| {
            !matches!(
                module,
                "runpy" | "pdb" | "bdb" | "cProfile" | "profile" | "trace" | "coverage"
            )
        }),
        "node" => options.has_any(&["-c", "--check"]),
        "php" => options.has_any(&["-l", "--syntax-check"]),
        "perl" | "ruby" => options.has("-c"),
        _ => false,
    }
}

fn is_tee(invocation: &Invocation) -> bool {
    matches!(invocation.program.as_str(), "tee" | "sponge")
}

/// The interpreter that the first line of a script names; `sh` where it names none.
pub(super) fn shebang(content: &str) -> String {
    let line = content.lines().next().unwrap_or_default();
    let mut words = line
        .strip_prefix("#!")
        .unwrap_or_default()
        .split_whitespace();
    let mut name = words.next().unwrap_or("sh");
    if name.ends_with("/env") {
        name = words.find(|it| !it.starts_with('-')).unwrap_or("sh");
    }
    base(name).to_owned()
}

/// An interpreter called with code in its arguments.
pub(super) fn one_liner(interpreter: &Arg, code: &Arg) -> Option<Vec<Arg>> {
    let name = base(&interpreter.text);
    let flag = match family(name) {
        "python" => "-c",
        "php" => "-r",
        "perl"
        | "ruby"
        | "node"
        | "bun"
        | "tsx"
        | "ts-node"
        | "lua"
        | "osascript"
        | "Rscript"
        | "julia"
        | super::built::COMPILED => "-e",
        "awk" => "--source",
        shell if is_shell(shell) => "-c",
        _ => return None,
    };
    let mut code = code.clone();
    code.flags.set(ArgFlags::QUOTED);
    Some(vec![interpreter.clone(), like(interpreter, flag), code])
}
