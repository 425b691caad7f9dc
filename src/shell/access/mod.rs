//! Owns what an invocation does to which paths: the [`Access`]es of `rm`, `mv`, `tee`, redirects and all
//! the others, in one vocabulary. Does not own where a path really is (`path`) nor what is forbidden.
//! Invariant: only operands that a program takes as files are paths; data (patterns, messages, text to
//! print) never is.

mod archive;
mod change;
mod disk;
mod fetched;
mod git;
mod history;
mod library;
mod memo;
mod mount;
mod network;
pub(crate) mod patch;
mod preload;
mod read;
mod script;
pub(crate) mod sed;
mod tool;
mod upload;

#[cfg(test)]
mod tests;

pub use memo::Accesses;
pub(crate) use network::BODY_FLAGS;

use super::flags::{Options, family, options};
use super::invocation::{Arg, ArgFlags, Invocation, RedirectOp};
use super::unwrap::like;
use crate::word::base;

/// What happens to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccessKind {
    /// Content is read.
    Read,
    /// Names are listed or searched.
    List,
    /// Created, or content added at the end.
    Append,
    /// Content is overwritten, truncated or edited in place, or a file put there.
    Write,
    /// The name goes away: rm, unlink, find -delete, git clean, rsync --delete.
    Delete,
    /// The name goes away because the thing is moved elsewhere.
    Move,
    /// Mode, owner, attributes or ACL change.
    Permission,
    /// A link to it is made, or it is mounted or bound elsewhere.
    Link,
    /// It is run or sourced.
    Execute,
    /// It is sent off this machine.
    Send,
}

/// One access of an invocation to one path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    pub kind: AccessKind,
    /// The whole tree below is meant, not the one entry.
    pub recursive: bool,
    /// The path as written after expansion, relative to the invocation's cwd.
    pub path: Arg,
    /// A container reaches this machine here: the path is the one of the directory mounted there.
    pub local: bool,
}

/// Everything an invocation does to paths, its redirects included.
pub fn accesses(invocation: &Invocation) -> Vec<Access> {
    let mut found = as_seen(invocation);
    if !invocation.mounts.is_empty() {
        mount::map(invocation, &mut found);
    }
    found
}

/// The accesses with the paths as the invocation itself sees them.
fn as_seen(invocation: &Invocation) -> Vec<Access> {
    let mut cx = Cx {
        invocation,
        program: family(&invocation.program),
        options: Options::default(),
        base: None,
        found: Vec::new(),
    };
    redirects(&mut cx);
    let Some(first) = invocation.argv.first() else {
        return cx.found;
    };
    if first.text.contains('/') {
        cx.add(AccessKind::Execute, false, first);
    }
    if is_silent(cx.program) {
        return cx.found;
    }
    cx.options = options(invocation);
    for of in [
        change::of,
        read::of,
        archive::of,
        network::of,
        git::of,
        script::of,
        tool::of,
    ] {
        if of(&mut cx) {
            break;
        }
    }
    cx.found
}

/// True for the most common programs whose operands are no paths.
fn is_silent(program: &str) -> bool {
    matches!(
        program,
        "" | "echo"
            | "printf"
            | "cd"
            | "export"
            | "test"
            | "["
            | "true"
            | "false"
            | ":"
            | "exit"
            | "return"
            | "set"
            | "sleep"
            | "cargo"
            | "npm"
            | "env"
            | "eval"
            | "pwd"
    )
}

fn redirects(cx: &mut Cx) {
    let runs = is_script(cx);
    for redirect in &cx.invocation.redirects {
        if redirect.target.flags.has(ArgFlags::PROCESS) {
            continue;
        }
        let sends = redirect.op == RedirectOp::Read && upload::sends_stdin(cx);
        let read = match (sends, runs) {
            (true, _) => AccessKind::Send,
            (_, true) => AccessKind::Execute,
            _ => AccessKind::Read,
        };
        match redirect.op {
            RedirectOp::Read => cx.add(read, false, &redirect.target),
            RedirectOp::Write => cx.add(AccessKind::Write, false, &redirect.target),
            RedirectOp::Append => cx.add(AccessKind::Append, false, &redirect.target),
            RedirectOp::ReadWrite => {
                cx.add(AccessKind::Read, false, &redirect.target);
                cx.add(AccessKind::Write, false, &redirect.target);
            }
            RedirectOp::Heredoc | RedirectOp::HereString | RedirectOp::Duplicate => {}
        }
    }
}

/// True where an interpreter takes its script from stdin, and not code or a file from its arguments.
fn is_script(cx: &Cx) -> bool {
    let (shell, letters) = match cx.program {
        "bash" | "sh" | "zsh" | "dash" | "ksh" => (true, "c"),
        "python" => (false, "cm"),
        "perl" => (false, "eEnp"),
        "node" => (false, "ep"),
        _ => return false,
    };
    let mut args = cx.invocation.args().iter().map(|it| it.text.as_str());
    let short = |it: &str| it.starts_with('-') && !it.starts_with("--");
    if shell && args.clone().any(|it| short(it) && it.contains('s')) {
        return true;
    }
    args.all(|it| match it {
        "-" | "/dev/stdin" => true,
        "--eval" | "--print" | "--command" => false,
        _ if short(it) => !it.contains(|letter| letters.contains(letter)),
        _ => it.starts_with("--"),
    })
}

/// The invocation being looked at and what was found.
struct Cx<'a> {
    invocation: &'a Invocation,
    program: &'a str,
    options: Options<'a>,
    /// The directory that the program's own flag makes the current one (`git -C`, `tar -C`).
    base: Option<Arg>,
    found: Vec<Access>,
}

impl<'a> Cx<'a> {
    /// Notes an access, but for stdin and stdout (`-`) and process substitutions.
    fn add(&mut self, kind: AccessKind, recursive: bool, path: &Arg) {
        if path.text.is_empty() || path.text == "-" || path.flags.has(ArgFlags::PROCESS) {
            return;
        }
        let path = match &self.base {
            Some(base) if !path.text.starts_with(['/', '~']) => below(base, path),
            _ => path.clone(),
        };
        self.found.push(Access {
            kind,
            // Modes of all files below are set so as a matter of course; a tree's own mode is not.
            recursive: recursive
                || kind != AccessKind::Permission && path.flags.has(ArgFlags::TREE)
                || kind == AccessKind::Delete && path.flags.has(ArgFlags::TRACKED),
            path,
            local: false,
        });
    }

    fn add_all(&mut self, kind: AccessKind, recursive: bool, paths: &[Arg]) {
        for path in paths {
            self.add(kind, recursive, path);
        }
    }

    /// The operands from the nth on.
    fn rest(&self, n: usize) -> Vec<Arg> {
        self.options.rest(n).iter().map(|&it| it.clone()).collect()
    }

    /// Every operand from the nth on is accessed in this way.
    fn operands(&mut self, n: usize, kind: AccessKind, recursive: bool) {
        let operands = self.rest(n);
        self.add_all(kind, recursive, &operands);
    }

    fn operand(&self, n: usize) -> &'a str {
        self.options
            .operands
            .get(n)
            .map_or("", |it| it.text.as_str())
    }

    /// The values of the flags are accessed in this way.
    fn values(&mut self, names: &[&str], kind: AccessKind) {
        let values = self.options.values_of(names);
        self.add_all(kind, false, &values);
    }

    fn has(&self, names: &[&str]) -> bool {
        self.options.has_any(names)
    }

    /// The current directory as a path.
    fn here(&self) -> Arg {
        let span = self
            .invocation
            .argv
            .first()
            .map(|it| it.span)
            .unwrap_or_default();
        Arg::literal(".", span)
    }
}

/// A path below a directory, with what is known of either.
fn below(base: &Arg, path: &Arg) -> Arg {
    let mut joined = if path.text == "." {
        base.clone()
    } else {
        like(
            path,
            format!("{}/{}", base.text.trim_end_matches('/'), path.text),
        )
    };
    joined.flags.set(base.flags.0 | path.flags.0);
    joined
}

/// The last part of a path.
fn name(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    base(path)
}
