//! Owns the walk over parsed text: an interpreter that runs nothing and notes every program that would
//! start, with what is known by then. The grammar is `parser`'s, wrappers are `unwrap`'s. Invariants:
//! every branch is walked; depth, number of invocations and length of text are limited, and a limit that
//! is hit is a problem of the reading.

mod alias;
mod built;
mod builtin;
mod chain;
mod check;
mod client;
mod compound;
mod descriptor;
mod directory;
mod disks;
mod document;
mod engine;
mod environment;
mod expand;
mod implied;
mod link;
mod local;
mod mount;
mod names;
mod number;
mod output;
mod powershell;
mod recipe;
mod simple;
mod start;
mod state;
mod truth;
mod way;
mod written;

use std::borrow::Cow;
use std::rc::Rc;

use super::Surroundings;
use super::ast::{Command, List, Pipeline};
use super::invocation::{
    Arg, Context, Cwd, GUARDED, Mount, Problem, ProblemKind, Reading, Redirect, Span, UNKNOWN,
};
use super::parser::{DEPTH_LIMIT, Origin, Parser};
pub(crate) use start::is_shell;
pub(super) use state::enter;
use state::{Function, State};

/// The longest text that is read.
const TEXT_LIMIT: usize = 1 << 20;
/// How many invocations one reading may hold.
const INVOCATION_LIMIT: usize = 4096;
/// How many variables, functions and aliases one reading may know at once.
const NAME_LIMIT: usize = 2048;
/// How many bytes of nested text one reading may parse, beside the text itself.
const NESTED_LIMIT: usize = 4 << 20;
/// How many bytes of values (and their sources) one reading may expand.
const EXPANDED_LIMIT: usize = 16 << 20;

/// Reads shell text.
pub(super) fn read(text: &str, around: &Surroundings) -> Reading {
    read_with(text, around, |walker, text| {
        walker.walk_source(text, Origin::At(0));
        walker.spring_traps(0);
        walker.walk_uncalled();
    })
}

/// Reads PowerShell text.
pub(super) fn read_powershell(text: &str, around: &Surroundings) -> Reading {
    read_with(text, around, |walker, text| {
        walker.walk_powershell(text, Origin::At(0));
        walker.spring_traps(0);
    })
}

fn read_with(text: &str, around: &Surroundings, walk: impl FnOnce(&mut Walker, &str)) -> Reading {
    let mut walker = Walker::new(around);
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let span = Span { start: 0, end };
    if text.len() > TEXT_LIMIT {
        walker.problem(ProblemKind::Limit, "is longer than 1 MiB", span);
        return walker.reading;
    }
    walker.length = text.len();
    let mut clean = Cow::Borrowed(text);
    if text.contains('\0') {
        walker.problem(ProblemKind::Syntax, "contains a NUL byte", span);
        clean = Cow::Owned(text.replace('\0', ""));
    }
    walk(&mut walker, &clean);
    walker.reading.files = walker.files;
    walker.reading
}

/// What the literal output of the commands being walked is, where somebody wants to know.
#[derive(Debug, Default)]
enum Capture {
    #[default]
    Off,
    Known(Arg),
    Lost,
}

struct Walker<'a> {
    around: &'a Surroundings<'a>,
    reading: Reading,
    state: State,
    context: Context,
    parent: Option<u32>,
    /// What the container around the position sees of this machine.
    mounts: Vec<Mount>,
    depth: u32,
    /// Loops around the position.
    loops: u32,
    /// The text being walked holds marks of unknown parts, which came from these invocations.
    marked: bool,
    marks_from: Vec<u32>,
    /// Redirects of the compound commands around.
    redirects: Vec<Redirect>,
    /// What is fed to stdin: its literal text where known, and who feeds it.
    stdin: Option<Arg>,
    feeders: Vec<u32>,
    /// The invocations of the pipeline stage or substitution being walked.
    stage: Vec<u32>,
    capture: Capture,
    /// Wrappers around what is being started, which give it a process of its own.
    wrappers: u32,
    /// Unset variables in the words being expanded, in nested text only.
    unset: Vec<String>,
    /// Which alternative of a variable is taken: name, choice, number of choices.
    picks: Vec<(String, usize, usize)>,
    /// Alternatives are too many: each of them counts as unknown.
    blurred: bool,
    /// Every function defined anywhere.
    defined: Vec<Function>,
    /// The functions being called.
    calls: Vec<String>,
    /// Literal content of files and process substitutions written in this text.
    files: Vec<(String, Arg)>,
    /// Names that this text gave to other files.
    links: Vec<link::Link>,
    /// What stands in `>(…)`, by the name it became.
    readers: Vec<(String, List)>,
    /// Texts of traps by the invocation that set them, until their shell ends.
    traps: Vec<(u32, Arg, u32)>,
    /// The scripts being walked: their numbers in the reading, outermost first.
    running: Vec<usize>,
    /// The words of the `[[ … ]]` walked last.
    tested: Vec<Arg>,
    /// Of the text itself, in bytes.
    length: usize,
    nested_bytes: usize,
    expanded_bytes: usize,
    stopped: bool,
    /// What is known of the PowerShell session being walked.
    session: powershell::Session,
}

impl<'a> Walker<'a> {
    fn new(around: &'a Surroundings<'a>) -> Self {
        Self {
            around,
            reading: Reading::default(),
            state: State::new(),
            context: Context::default(),
            parent: None,
            mounts: Vec::new(),
            depth: 0,
            loops: 0,
            marked: false,
            marks_from: Vec::new(),
            redirects: Vec::new(),
            stdin: None,
            feeders: Vec::new(),
            stage: Vec::new(),
            capture: Capture::Off,
            wrappers: 0,
            unset: Vec::new(),
            picks: Vec::new(),
            blurred: false,
            defined: Vec::new(),
            calls: Vec::new(),
            files: Vec::new(),
            links: Vec::new(),
            readers: Vec::new(),
            traps: Vec::new(),
            running: Vec::new(),
            tested: Vec::new(),
            length: 0,
            nested_bytes: 0,
            expanded_bytes: 0,
            stopped: false,
            session: powershell::Session::default(),
        }
    }

    fn problem(&mut self, kind: ProblemKind, message: &str, span: Span) {
        let problem = Problem {
            kind,
            message: message.to_owned(),
            span,
        };
        if !self.reading.problems.contains(&problem) {
            self.reading.problems.push(problem);
        }
    }

    fn limit(&mut self, message: &str, span: Span) {
        self.stopped = true;
        if self.stop_script() {
            return;
        }
        self.problem(ProblemKind::Limit, message, span);
    }

    /// Parses and walks a text in the current state.
    fn walk_source(&mut self, text: &str, origin: Origin) {
        let mut parser = Parser::new(text, origin, self.depth);
        let list = parser.script();
        if let Some(problem) = parser.into_problem()
            && !self.in_script()
        {
            self.reading.problems.push(problem);
        }
        // Plain text, as nearly all is, is known as such at eight bytes a step.
        let marked = !text.is_ascii() && text.contains([UNKNOWN, GUARDED]);
        let marked = std::mem::replace(&mut self.marked, marked);
        self.list(&list);
        self.marked = marked;
    }

    /// Walks text that an invocation hands to a shell.
    fn walk_text(&mut self, text: &Arg, context: u32, parent: u32) {
        self.walk_at(text, Origin::From(text.span), context, parent);
    }

    fn walk_at(&mut self, text: &Arg, origin: Origin, context: u32, parent: u32) {
        self.nested_bytes += text.text.len();
        if self.nested_bytes > NESTED_LIMIT {
            self.limit("hands more than 4 MiB of text to other shells", text.span);
            return;
        }
        let outer = (self.context, self.parent);
        self.context = self.context.with(context);
        self.parent = Some(parent);
        let from = std::mem::replace(&mut self.marks_from, text.from.clone());
        let redirects = std::mem::take(&mut self.redirects);
        let wrappers = std::mem::take(&mut self.wrappers);
        self.walk_source(&text.text, origin);
        self.wrappers = wrappers;
        self.redirects = redirects;
        self.marks_from = from;
        (self.context, self.parent) = outer;
    }

    /// Functions that nothing called may still be called later, by whoever reads this shell.
    fn walk_uncalled(&mut self) {
        let mut at = 0;
        while let Some(function) = self.defined.get(at).cloned() {
            at += 1;
            if function.called.get() || self.stopped {
                continue;
            }
            function.called.set(true);
            let outer = self.context;
            self.context = outer.with(Context::DEFERRED | Context::FUNCTION);
            self.state.positional = None;
            self.calls.push(function.name.clone());
            self.command(&function.body);
            self.calls.pop();
            self.context = outer;
        }
    }

    fn list(&mut self, list: &List) {
        if !self.deeper() {
            return;
        }
        for item in &list.items {
            if self.state.dead && self.in_script() {
                break;
            }
            if item.background {
                let saved = self.state.clone();
                self.with_context(Context::BACKGROUND, |it| it.and_or(item));
                self.state = saved;
            } else {
                self.and_or(item);
            }
        }
        self.depth -= 1;
    }

    fn deeper(&mut self) -> bool {
        if self.depth >= DEPTH_LIMIT {
            let span = Span::default();
            self.limit("nested deeper than 64 levels", span);
        }
        if self.stopped {
            return false;
        }
        self.depth += 1;
        true
    }

    fn with_context(&mut self, flag: u32, walk: impl FnOnce(&mut Self)) {
        let outer = self.context;
        self.context = outer.with(flag);
        walk(self);
        self.context = outer;
    }

    fn lose_capture(&mut self) {
        if matches!(self.capture, Capture::Known(_)) {
            self.capture = Capture::Lost;
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        let [stages @ .., last] = pipeline.stages.as_slice() else {
            return;
        };
        if stages.is_empty() {
            self.command(last);
            return;
        }
        let state = self.state.clone();
        let outer_stdin = self.stdin.clone();
        let outer_feeders = self.feeders.clone();
        let outer_stage = std::mem::take(&mut self.stage);
        let outer_capture = std::mem::replace(&mut self.capture, Capture::Known(Arg::default()));
        let mut all = Vec::new();
        for stage in stages {
            self.command(stage);
            self.state = state.clone();
            let capture = std::mem::replace(&mut self.capture, Capture::Known(Arg::default()));
            self.stdin = match capture {
                Capture::Known(arg) => Some(arg),
                _ => None,
            };
            self.feeders = std::mem::take(&mut self.stage);
            all.extend_from_slice(&self.feeders);
        }
        self.capture = outer_capture;
        self.command(last);
        all.append(&mut self.stage);
        self.stage = outer_stage;
        self.stage.extend(all);
        self.state = state;
        self.stdin = outer_stdin;
        self.feeders = outer_feeders;
    }

    fn command(&mut self, command: &Command) {
        if self.stopped {
            return;
        }
        match command {
            Command::Simple(simple) => self.simple(simple),
            Command::Compound { kind, redirects } => self.compound(kind, redirects),
            Command::Function { name, body } => {
                let function = Function {
                    name: name.clone(),
                    body: Rc::clone(body),
                    called: Rc::default(),
                };
                self.defined.push(function.clone());
                self.state.define(function);
            }
        }
    }
}
