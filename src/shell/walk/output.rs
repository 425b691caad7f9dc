//! Owns the values of substitutions: the literal output of what stands in them, or what is known of it
//! without running it. Decoding is `decode`'s.

use crate::shell::ast::List;
use crate::shell::decode;
use crate::shell::invocation::{
    Arg, ArgFlags, Context, Cwd, GUARDED, Invocation, Redirect, RedirectOp, UNKNOWN,
};

use super::state::enter;
use super::{Capture, Walker};

/// What the name of a `>(…)` starts with, so that it is told from `<(…)`.
pub(super) const OUTPUT_PIPE: &str = "/dev/fd/1";

impl Walker<'_> {
    /// The value of `$(…)`.
    pub(super) fn substitute(&mut self, list: &List) -> Arg {
        let (capture, from) = self.walk_substitution(list, Capture::Known(Arg::default()));
        let mut value = match capture {
            Capture::Known(mut arg) => {
                let length = arg.text.trim_end_matches('\n').len();
                arg.text.truncate(length);
                arg
            }
            Capture::Off | Capture::Lost => Arg::unknown(crate::shell::Span::default()),
        };
        value.from = from;
        value
    }

    /// The name that `<(…)` or `>(…)` becomes.
    pub(super) fn process(&mut self, list: &List, input: bool) -> Arg {
        let capture = if input {
            Capture::Known(Arg::default())
        } else {
            Capture::Off
        };
        let (capture, from) = self.walk_substitution(list, capture);
        let number = self.reading.invocations.len();
        let kind = if input { "/dev/fd/6" } else { OUTPUT_PIPE };
        let mut value = Arg::literal(format!("{kind}{number}"), crate::shell::Span::default());
        value.flags.set(ArgFlags::PROCESS);
        if let Capture::Known(content) = capture
            && input
        {
            self.files.push((value.text.clone(), content));
        } else if !input {
            self.readers.push((value.text.clone(), list.clone()));
        }
        value.from = from;
        value
    }

    /// Walks what stands in `>(…)` once more, with the text that is written to it.
    pub(super) fn feed_reader(&mut self, place: &str, text: &Arg) {
        let Some(at) = self.readers.iter().position(|it| it.0 == place) else {
            return;
        };
        let (_, list) = self.readers.swap_remove(at);
        let stdin = self.stdin.replace(text.clone());
        self.walk_substitution(&list, Capture::Off);
        self.stdin = stdin;
    }

    fn walk_substitution(&mut self, list: &List, capture: Capture) -> (Capture, Vec<u32>) {
        let state = self.state.clone();
        let context = self.context;
        let outer_capture = std::mem::replace(&mut self.capture, capture);
        let outer_stage = std::mem::take(&mut self.stage);
        let redirects = std::mem::take(&mut self.redirects);
        let picks = std::mem::take(&mut self.picks);
        self.context = context.with(Context::SUBSTITUTION);
        self.list(list);
        self.context = context;
        self.picks = picks;
        self.redirects = redirects;
        self.state = state;
        let from = std::mem::replace(&mut self.stage, outer_stage);
        (std::mem::replace(&mut self.capture, outer_capture), from)
    }

    /// The literal standard output of an invocation, where it can be known.
    pub(super) fn literal_output(&self, index: u32) -> Option<Arg> {
        let invocation = self.reading.at(index)?;
        if invocation.argv.is_empty() {
            let reads = |it: &Redirect| it.op == RedirectOp::Read;
            return if invocation.redirects.iter().any(reads) {
                self.stdin.clone()
            } else {
                Some(Arg::default())
            };
        }
        if let Some(known) = self.known_output(invocation) {
            return Some(known);
        }
        let mut output = decode::stdout(invocation, self.stdin.as_ref())?;
        let plain = matches!(
            invocation.program.as_str(),
            "echo" | "printf" | "cat" | "tee"
        );
        // Lines that are picked or put in order stand there as they are.
        let picked = matches!(
            invocation.program.as_str(),
            "grep" | "egrep" | "fgrep" | "sort" | "uniq" | "xargs"
        ) && !output.flags.has(ArgFlags::MANY);
        // What code prints says itself whether it stands there as it is.
        if !plain && !picked && !decode::is_code(invocation) {
            output.flags.set(ArgFlags::HIDDEN);
        }
        Some(output)
    }

    fn known_output(&self, invocation: &Invocation) -> Option<Arg> {
        let args = invocation.args();
        let text = match invocation.program.as_str() {
            "cat" if !args.is_empty() && !self.files.is_empty() => return self.contents(args),
            "cd" | "export" | "local" | "declare" | "typeset" | "readonly" | "set" | "shopt"
            | ":" | "true" | "false" | "test" | "[" | "unset" | "sleep" | "touch" | "read"
            | "exit" | "return" | "shift" | "trap" | "umask" | "wait" | "break" | "continue" => {
                return Some(Arg::default());
            }
            "printenv" => match args {
                [name] if name.text == "HOME" && self.state.get("HOME").is_none() => {
                    if self.around.home.is_empty() {
                        return None;
                    }
                    self.around.home.to_owned()
                }
                [name] if name.text == "PWD" => self.absolute(&self.state.cwd)?,
                _ => return None,
            },
            "pwd" => self.absolute(&self.state.cwd)?,
            "git" => self.repository(args)?,
            "lsblk" | "findmnt" | "blkid" | "df" => super::disks::listed(invocation)?,
            "realpath" | "readlink" | "greadlink" | "grealpath" => self.real_path(args)?,
            "which" | "command" | "type" => {
                let [.., last] = args else { return None };
                let asks = invocation.program == "which"
                    || args
                        .first()
                        .is_some_and(|it| matches!(it.text.as_str(), "-v" | "-p" | "-P"));
                if !asks || !last.is_known() || last.text.starts_with('-') {
                    return None;
                }
                let mut found = last.clone();
                found.flags.set(ArgFlags::HIDDEN);
                found.text.push('\n');
                return Some(found);
            }
            "mktemp" => {
                // Each has a name of its own.
                let all = self.reading.invocations.iter();
                let count = all.filter(|it| it.program == "mktemp").count().max(1);
                let mut made = temporary(args);
                let mark = GUARDED.to_string();
                made.text = made.text.replacen(GUARDED, &mark.repeat(count), 1);
                return Some(made);
            }
            "dirname" | "basename" => part_of_path(&invocation.program, args)?,
            "date" | "nproc" | "uuidgen" | "id" | "whoami" | "arch" => {
                if args
                    .iter()
                    .any(|it| it.text.contains('/') || !it.is_known())
                {
                    return None;
                }
                return Some(guarded("", ""));
            }
            _ => return None,
        };
        Some(marked(Arg::literal(text + "\n", invocation.span)))
    }

    /// What `cat` prints of files that this text wrote.
    fn contents(&self, args: &[Arg]) -> Option<Arg> {
        let mut all = Arg::default();
        for arg in args.iter().filter(|it| !it.text.starts_with('-')) {
            let content = self.file(&arg.text)?;
            all.text.push_str(&content.text);
            all.flags.0 |= content.flags.0;
            all.from.extend(content.from);
        }
        Some(all)
    }

    /// The answers of `git rev-parse` about places.
    fn repository(&self, args: &[Arg]) -> Option<String> {
        if self.around.project.is_empty() || self.state.cwd != Cwd::Start {
            return None;
        }
        let words: Vec<&str> = args.iter().map(|it| it.text.as_str()).collect();
        let project = self.around.project;
        match words.as_slice() {
            ["rev-parse", "--show-toplevel"] => Some(project.to_owned()),
            [
                "rev-parse",
                "--git-dir" | "--absolute-git-dir" | "--git-common-dir",
            ] => Some(format!("{project}/.git")),
            _ => None,
        }
    }

    /// What `realpath x` and `readlink -f x` print where no link stands in the way; what links change
    /// is found when the path is located.
    fn real_path(&self, args: &[Arg]) -> Option<String> {
        let [options @ .., path] = args else {
            return None;
        };
        if !options.iter().all(|it| it.text.starts_with('-')) || !path.is_known() {
            return None;
        }
        self.absolute(&enter(&self.state.cwd, &path.text))
    }

    /// Adds an invocation's literal output to whoever takes it.
    pub(super) fn note_output(&mut self, index: u32) {
        let writes = self.writes_output(index);
        if matches!(self.capture, Capture::Off) && !writes {
            return;
        }
        let output = self.literal_output(index);
        if writes {
            self.note_files(index, output.as_ref());
        }
        let Some(invocation) = self.reading.at(index) else {
            return;
        };
        if invocation.redirects.iter().any(takes_stdout) {
            return;
        }
        match (&mut self.capture, output) {
            (Capture::Known(arg), Some(output)) => {
                arg.text.push_str(&output.text);
                arg.flags.0 |= output.flags.0;
                arg.from.extend(output.from);
                arg.span = output.span;
            }
            (Capture::Known(_), None) => self.capture = Capture::Lost,
            _ => {}
        }
    }

    /// A directory as an absolute path, where the start is known.
    pub(super) fn absolute(&self, cwd: &Cwd) -> Option<String> {
        let path = match cwd {
            Cwd::Unknown => return None,
            Cwd::Start if self.around.cwd.is_empty() => return None,
            Cwd::Start => return Some(self.around.cwd.to_owned()),
            Cwd::At(path) => path,
        };
        if path.starts_with('/') {
            return Some(path.clone());
        }
        if self.around.cwd.is_empty() {
            return None;
        }
        match enter(&Cwd::At(self.around.cwd.to_owned()), path) {
            Cwd::At(path) => Some(path),
            _ => None,
        }
    }
}

/// A text of which mktemp made a part is not known in full.
pub(super) fn marked(mut arg: Arg) -> Arg {
    if arg.text.contains([GUARDED, UNKNOWN]) {
        arg.flags.set(ArgFlags::UNKNOWN);
    }
    arg
}

/// True for a redirect that takes standard output away.
pub(super) fn takes_stdout(redirect: &Redirect) -> bool {
    match redirect.op {
        RedirectOp::Write | RedirectOp::Append => redirect.fd.unwrap_or(1) == 1,
        RedirectOp::Duplicate => redirect.target.text == "2" && redirect.fd.unwrap_or(1) == 1,
        _ => false,
    }
}

/// The name that `mktemp` makes: its template with the random part marked.
fn temporary(args: &[Arg]) -> Arg {
    let mut directory = "/tmp";
    let mut template = None;
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        let text = arg.text.as_str();
        if let Some(value) = text.strip_prefix("--tmpdir=") {
            directory = value;
        } else if matches!(text, "-p" | "--suffix") {
            let value = args.next().map_or("", |it| it.text.as_str());
            if text == "-p" {
                directory = value;
            }
        } else if text.starts_with('-') {
            if text.contains('t') && !text.starts_with("--") {
                template = args.next().map(|it| it.text.as_str());
                break;
            }
        } else {
            template = Some(text);
            if !args
                .clone()
                .any(|it| matches!(it.text.as_str(), "-t" | "-p"))
                && directory == "/tmp"
            {
                directory = "";
            }
        }
    }
    let template = template.unwrap_or("tmp.XXXXXXXXXX");
    let end = template.trim_end_matches(|it: char| it != 'X').len();
    let (lead, tail) = template.split_at(end);
    let lead = lead.trim_end_matches('X');
    if directory.is_empty() || template.starts_with('/') {
        return guarded(lead, tail);
    }
    guarded(&format!("{}/{lead}", directory.trim_end_matches('/')), tail)
}

fn guarded(before: &str, after: &str) -> Arg {
    let mut arg = Arg::literal(
        format!("{before}{GUARDED}{after}\n"),
        crate::shell::Span::default(),
    );
    arg.flags.set(ArgFlags::UNKNOWN);
    arg
}

fn part_of_path(program: &str, args: &[Arg]) -> Option<String> {
    let [path] = args else { return None };
    if !path.is_known() {
        return None;
    }
    let trimmed = path.text.trim_end_matches('/');
    let split = trimmed.rsplit_once('/');
    let part = match (program, split) {
        _ if trimmed.is_empty() => "/",
        ("dirname", Some(("", _))) => "/",
        ("dirname", Some((directory, _))) => directory,
        ("dirname", None) => ".",
        (_, Some((_, name))) => name,
        (_, None) => trimmed,
    };
    Some(part.to_owned())
}
