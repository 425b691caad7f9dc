//! Owns what reading a piece of shell text yields: a flat list of [`Invocation`]s with everything known
//! about each program start. Does not own how it is found (parser, walker, unwrap). Invariant: nothing
//! that might start is missing; what is not understood is marked unknown, never dropped.

/// A byte range of the original shell text, or behind its end of a [`Script`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

/// Stands in [`Arg::text`] for a part whose value cannot be known and that may be empty.
pub const UNKNOWN: char = '\u{25c6}';
/// Stands in [`Arg::text`] for a part whose value cannot be known but which is certainly not empty and
/// names nothing outside its place: `${x:?}`, the random part of a `mktemp` value.
pub const GUARDED: char = '\u{25c7}';

/// What is known about one argument beside its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ArgFlags(pub u16);

impl ArgFlags {
    /// The text holds at least one [`UNKNOWN`] or [`GUARDED`] mark.
    pub const UNKNOWN: u16 = 1;
    /// The text holds an active (unquoted) `*`, `?` or `[`.
    pub const GLOB: u16 = 2;
    /// Some part was quoted.
    pub const QUOTED: u16 = 4;
    /// An unquoted variable or substitution of unknown value stands in it: it may split into words.
    pub const SPLITS: u16 = 8;
    /// The value was assembled or decoded (ANSI-C escapes, base64, several variables), not written out.
    pub const HIDDEN: u16 = 16;
    /// The word is, or starts with, a process substitution `<(...)` or `>(...)`.
    pub const PROCESS: u16 = 32;
    /// More words may stand here than are listed (a list of unknown length: `$@`, `$(...)`, xargs input).
    pub const MANY: u16 = 64;
    /// The text is a directory, and whatever lies anywhere below it is meant: what find came upon.
    pub const TREE: u16 = 128;
    /// A variable stands in it that nothing in the text sets and that programs do not get from the
    /// environment (a lower-case name), or one that names the user's own program (`$EDITOR`).
    pub const UNSET: u16 = 256;
    /// It is on a list of the files that git knows.
    pub const TRACKED: u16 = 512;
    /// It is the content of a file of another machine or a container.
    pub const AWAY: u16 = 1024;

    pub fn has(self, flag: u16) -> bool {
        self.0 & flag != 0
    }

    pub fn set(&mut self, flag: u16) {
        self.0 |= flag;
    }
}

/// One argument after expansion as far as it is known. `text` holds literal characters, active glob
/// characters as they are, and [`UNKNOWN`] / [`GUARDED`] for unknown parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arg {
    pub text: String,
    pub flags: ArgFlags,
    pub span: Span,
    /// Invocations (indices into [`Reading::invocations`]) whose output is part of the value.
    pub from: Vec<u32>,
}

impl Arg {
    /// An argument of known text.
    pub fn literal(text: impl Into<String>, span: Span) -> Self {
        Self {
            text: text.into(),
            span,
            ..Self::default()
        }
    }

    /// An argument of which nothing is known.
    pub fn unknown(span: Span) -> Self {
        let flags = ArgFlags(ArgFlags::UNKNOWN);
        Self {
            text: UNKNOWN.to_string(),
            flags,
            span,
            from: Vec::new(),
        }
    }

    /// True where every character is known and no glob is active.
    pub fn is_known(&self) -> bool {
        !self
            .flags
            .has(ArgFlags::UNKNOWN | ArgFlags::GLOB | ArgFlags::MANY)
    }
}

/// The circumstances under which a program would start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context(pub u32);

impl Context {
    pub const SUBSHELL: u32 = 1;
    /// Inside `$(...)`, backquotes, `<(...)` or `>(...)`.
    pub const SUBSTITUTION: u32 = 1 << 1;
    /// May not run: right of `&&` or `||`, in a branch or in a case arm.
    pub const CONDITION: u32 = 1 << 2;
    pub const LOOP: u32 = 1 << 3;
    /// In a function body.
    pub const FUNCTION: u32 = 1 << 4;
    pub const BACKGROUND: u32 = 1 << 5;
    /// Under sudo, doas, su, pkexec, run0.
    pub const PRIVILEGED: u32 = 1 << 6;
    /// On another machine: ssh and kin.
    pub const REMOTE: u32 = 1 << 7;
    /// In a container: docker, podman, kubectl exec or run, nsenter, chroot.
    pub const CONTAINER: u32 = 1 << 8;
    /// Runs later: trap, alias, at, a function that is defined and not called.
    pub const DEFERRED: u32 = 1 << 9;
    /// The text it comes from was decoded or reversed (base64, hex, rev, tr).
    pub const DECODED: u32 = 1 << 10;
    /// Found by unwrapping another invocation (sudo, bash -c, xargs, find -exec, ...).
    pub const NESTED: u32 = 1 << 11;
    /// The text it comes from was fed to a shell by a pipe, heredoc or here-string.
    pub const FED: u32 = 1 << 12;
    /// As another user through `su`, which asks a person for that user's password.
    pub const SWITCHED: u32 = 1 << 13;
    /// In a script, where it depends on something that is not known. Rules do not ask for it.
    pub const BRANCH: u32 = 1 << 16;

    pub fn has(self, flag: u32) -> bool {
        self.0 & flag != 0
    }

    #[must_use]
    pub fn with(self, flag: u32) -> Self {
        Self(self.0 | flag)
    }
}

/// The operator of a redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectOp {
    /// `<`
    Read,
    /// `>`, `>|`, `&>`: the target is emptied first.
    Write,
    /// `>>`, `&>>`
    Append,
    /// `<>`
    ReadWrite,
    /// `<<`, `<<-`: the target's text is the body; HERE_QUOTED in `quoted`.
    Heredoc,
    /// `<<<`
    HereString,
    /// `<&`, `>&` to a descriptor number or `-`.
    Duplicate,
}

/// One redirect of an invocation, or of the compound command around it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    pub op: RedirectOp,
    /// The redirected descriptor where written: `2>` is 2. `&>` has none.
    pub fd: Option<u32>,
    /// The file, the descriptor, or the body of a heredoc or here-string.
    pub target: Arg,
    pub span: Span,
}

impl Redirect {
    /// What bash connects to in the place of a file: `HOST/PORT`.
    pub fn socket(&self) -> Option<&str> {
        let target = self.target.text.as_str();
        let tcp = target.strip_prefix("/dev/tcp/");
        tcp.or_else(|| target.strip_prefix("/dev/udp/"))
    }
}

/// One `NAME=value` in front of a program, or on its own (then `argv` is empty).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    pub name: String,
    pub value: Arg,
}

/// The working directory of an invocation as far as it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cwd {
    /// The directory in which the shell itself starts.
    #[default]
    Start,
    /// An absolute path, or one relative to the start (after `cd x`), lexically normalised.
    At(String),
    /// After a `cd` to a value that is not known.
    Unknown,
}

/// A directory of this machine under the name it has in a container.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mount {
    /// Where it is here: absolute as far as it is known, or below `~`.
    pub source: String,
    /// Where it is there, absolute.
    pub target: String,
    pub read_only: bool,
}

/// One program start found in shell text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Invocation {
    /// The program and its arguments; empty for bare assignments or redirects.
    pub argv: Vec<Arg>,
    /// The program's base name, lower-cased suffix `.exe` removed; empty where unknown.
    pub program: String,
    pub assignments: Vec<Assignment>,
    pub redirects: Vec<Redirect>,
    pub context: Context,
    pub cwd: Cwd,
    /// What it sees of this machine's directories where it runs in a container.
    pub mounts: Vec<Mount>,
    /// Where the whole simple command stands in the original text.
    pub span: Span,
    /// The invocation that starts this one (the `sudo` of `sudo rm`, the `bash` of `bash -c`).
    pub parent: Option<u32>,
    /// Invocations whose stdout is this one's stdin, and those that read this one's stdout.
    pub fed_by: Vec<u32>,
    pub feeds: Vec<u32>,
}

impl Invocation {
    /// The arguments after the program.
    pub fn args(&self) -> &[Arg] {
        self.argv.get(1..).unwrap_or_default()
    }

    /// What the command itself feeds to it: heredocs and here-strings.
    pub fn documents(&self) -> impl DoubleEndedIterator<Item = &Arg> {
        let is_document =
            |it: &&Redirect| matches!(it.op, RedirectOp::Heredoc | RedirectOp::HereString);
        self.redirects
            .iter()
            .filter(is_document)
            .map(|it| &it.target)
    }

    /// True where the program itself is not known.
    pub fn program_unknown(&self) -> bool {
        self.program.is_empty() && !self.argv.is_empty()
    }

    /// The command line as text for people, unknown parts as marks.
    pub fn display(&self) -> String {
        let mut text = String::new();
        for arg in &self.argv {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&arg.text);
        }
        text
    }
}

/// Why a piece of text could not be read completely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// The shell itself would refuse the text.
    Syntax,
    /// The shell would accept it; this reader does not understand it.
    Unsupported,
    /// A limit was hit; the message names it.
    Limit,
}

/// One thing that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    pub message: String,
    pub span: Span,
}

/// A file of this machine that the text runs, and what stood in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Script {
    /// Its absolute path.
    pub path: String,
    pub text: String,
    /// The offset that its first byte has in a [`Span`]: behind the command and the scripts before it.
    pub start: u32,
    /// It is code of another language, of which it is not known what of it runs.
    pub code: bool,
    /// Not all of it was judged: a limit was hit.
    pub partial: bool,
}

impl Script {
    /// The number of the line where a span of it begins. Code is only known as a whole: there it is the
    /// first line that holds one of the `words`.
    pub fn line(&self, span: Span, words: &[&str]) -> usize {
        let mut at = usize::try_from(span.start.saturating_sub(self.start)).unwrap_or_default();
        if at == 0 && self.code {
            let mut words = words.iter().filter(|it| it.len() > 1);
            at = words.find_map(|it| self.text.find(it)).unwrap_or_default();
        }
        let before = self.text.as_bytes().get(..at).unwrap_or_default();
        before.split(|it| *it == b'\n').count()
    }
}

/// What a piece of shell text would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    pub invocations: Vec<Invocation>,
    pub problems: Vec<Problem>,
    /// The files that the text writes, as far as their content is known.
    pub files: Vec<(String, Arg)>,
    /// Names of unset variables in the words of invocations (by index) that stand in nested text, whose
    /// spans do not show them.
    pub variables: Vec<(u32, String)>,
    /// The scripts that were looked into, in the order of their offsets.
    pub scripts: Vec<Script>,
}

impl Reading {
    /// Of no text.
    pub const EMPTY: Self = Self {
        invocations: Vec::new(),
        problems: Vec::new(),
        files: Vec::new(),
        variables: Vec::new(),
        scripts: Vec::new(),
    };

    /// The invocation of a number, as invocations name each other.
    pub fn at(&self, number: u32) -> Option<&Invocation> {
        self.invocations.get(usize::try_from(number).ok()?)
    }

    /// The script that a span lies in.
    pub fn script_at(&self, span: Span) -> Option<&Script> {
        self.scripts.iter().rev().find(|it| it.start <= span.start)
    }
}
