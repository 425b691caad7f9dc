//! Owns the invocation that a command becomes, and what follows from it: the shell's own state, calls of
//! functions, and what it starts in turn. Invariant: whatever starts has an invocation, also where nothing
//! about it is known.

use std::rc::Rc;

use crate::shell::flags::options;
use crate::shell::invocation::{
    Arg, ArgFlags, Assignment, Context, Cwd, GUARDED, Invocation, Redirect, Span, UNKNOWN,
};
use crate::shell::unwrap::{self, Nested};
use crate::word::base;

use super::state::{Value, enter};
use super::{Function, INVOCATION_LIMIT, NAME_LIMIT, Walker, local};

/// A program start before it is an invocation.
#[derive(Default)]
pub(super) struct Start {
    pub(super) argv: Vec<Arg>,
    pub(super) assignments: Vec<Assignment>,
    pub(super) redirects: Vec<Redirect>,
    pub(super) span: Span,
    pub(super) parent: Option<u32>,
    pub(super) context: Context,
}

/// The directory that a wrapper changes to before it starts its command.
fn own_directory(wrapper: &Invocation) -> Option<Arg> {
    let flags: &[&str] = match wrapper.program.as_str() {
        "env" => &["-C", "--chdir"],
        "sudo" => &["-D", "--chdir"],
        _ => return None,
    };
    options(wrapper).values_of(flags).pop()
}

/// The file that xargs or parallel reads its list from instead of stdin.
fn listed_in(invocation: &Invocation) -> Option<String> {
    if !matches!(invocation.program.as_str(), "xargs" | "gxargs" | "parallel") {
        return None;
    }
    let options = options(invocation);
    let file = options.value("-a").or(options.value("--arg-file"))?;
    Some(file.to_owned())
}

impl Walker<'_> {
    /// Notes an invocation and follows what it does and starts.
    pub(super) fn start(&mut self, start: Start) {
        let most = if self.in_script() {
            local::INVOCATIONS
        } else {
            INVOCATION_LIMIT
        };
        if self.reading.invocations.len() >= most {
            self.limit("starts more than 4096 programs", start.span);
        }
        if self.state.size() > NAME_LIMIT {
            self.limit("sets more than 2048 names", start.span);
        }
        if start.argv.is_empty() && start.assignments.is_empty() && start.redirects.is_empty() {
            return;
        }
        if !self.deeper() {
            return;
        }
        let index = self.push(start);
        self.follow(index);
        self.depth -= 1;
    }

    fn push(&mut self, mut start: Start) -> u32 {
        if !self.links.is_empty() {
            for arg in start.argv.iter_mut().skip(1) {
                if let Some(text) = self.through_links(arg) {
                    arg.text = text;
                }
            }
        }
        let index = u32::try_from(self.reading.invocations.len()).unwrap_or(u32::MAX);
        let unset = self.unset.drain(..).map(|it| (index, it));
        self.reading.variables.extend(unset);
        let program = start.argv.first().map(program_name).unwrap_or_default();
        let program = super::check::acting(program, start.argv.get(1..).unwrap_or_default());
        start
            .assignments
            .append(&mut self.inherited(&program, &start.assignments));
        let invocation = Invocation {
            program,
            argv: start.argv,
            assignments: start.assignments,
            redirects: start.redirects,
            context: start.context,
            cwd: self.state.cwd.clone(),
            mounts: self.mounts.clone(),
            span: start.span,
            parent: start.parent,
            fed_by: self.feeders.clone(),
            feeds: Vec::new(),
        };
        for feeder in &self.feeders {
            if let Some(feeder) = self.reading.invocations.get_mut(*feeder as usize) {
                feeder.feeds.push(index);
            }
        }
        // What stands in `>(…)` reads this one's output.
        for arg in invocation
            .argv
            .iter()
            .chain(invocation.redirects.iter().map(|it| &it.target))
        {
            if arg.flags.has(ArgFlags::PROCESS) && arg.text.starts_with(super::output::OUTPUT_PIPE)
            {
                for reader in &arg.from {
                    if let Some(reader) = self.reading.invocations.get_mut(*reader as usize) {
                        reader.fed_by.push(index);
                    }
                }
            }
        }
        self.reading.invocations.push(invocation);
        self.stage.push(index);
        index
    }

    fn follow(&mut self, index: u32) {
        let Some(invocation) = self.reading.at(index) else {
            return;
        };
        let program = invocation.program.clone();
        if let Some(function) = self.state.function(&program).cloned() {
            self.call(&function, index);
            return;
        }
        let stdin = match listed_in(invocation) {
            Some(file) => self.file(&file),
            None => self.stdin.clone(),
        };
        let nested = unwrap::nested(invocation, stdin.as_ref());
        let maybe_empty = invocation.argv.len() > 1
            && invocation.argv.first().is_some_and(|it| {
                it.flags.has(ArgFlags::SPLITS) && it.text.chars().all(|it| it == UNKNOWN)
            });
        if nested.is_empty() && self.state.alias(&program).is_none() {
            self.note_output(index);
        }
        self.note_links(&program, index);
        self.note_built(&program, index);
        self.note_documents(&program, index);
        self.follow_environment(&program, index);
        self.builtin(&program, index);
        self.follow_alias(&program, index);
        self.follow_told(&program, index);
        let followed = self.follow_files(&program, index) || self.follow_local(&program, index);
        if maybe_empty {
            // An unset variable in front of a command vanishes, and the rest is what runs.
            self.start_child(
                index,
                |it| it.argv.get(1..).unwrap_or_default().to_vec(),
                Context::CONDITION,
            );
        }
        for nested in nested {
            match nested {
                Nested::Argv {
                    argv,
                    assignments,
                    context,
                } => {
                    self.start_nested(index, argv, assignments, context);
                }
                Nested::Text { text, context } if program == "trap" => {
                    self.traps.push((index, text, context));
                }
                Nested::Text { text, context } => self.follow_text(&program, index, &text, context),
                Nested::PowerShell { text, context } => {
                    self.follow_powershell(index, &text, context);
                }
                Nested::Unknown { context, .. } => {
                    if !followed {
                        self.run_shown(index);
                        let argv = vec![self.unknown_text(index, context)];
                        self.start_nested(index, argv, Vec::new(), context);
                    }
                }
            }
        }
    }

    /// Text of which nothing is known, with its sources where it is the one unknown argument.
    fn unknown_text(&self, index: u32, context: u32) -> Arg {
        let mut text = Arg::unknown(self.span_of(index));
        let args = self.reading.at(index);
        let mut unknown = args
            .map(Invocation::args)
            .unwrap_or_default()
            .iter()
            .filter(|it| it.text.contains(UNKNOWN));
        if let (Some(only), None) = (unknown.next(), unknown.next())
            && only.text.chars().eq([UNKNOWN])
            && context & Context::FED == 0
        {
            text.from.clone_from(&only.from);
        }
        text
    }

    fn span_of(&self, index: u32) -> Span {
        let found = self.reading.at(index);
        found.map(|it| it.span).unwrap_or_default()
    }

    pub(super) fn start_child(
        &mut self,
        index: u32,
        argv: impl FnOnce(&Invocation) -> Vec<Arg>,
        context: u32,
    ) {
        if let Some(invocation) = self.reading.at(index) {
            let argv = argv(invocation);
            self.start_nested(index, argv, Vec::new(), context);
        }
    }

    pub(super) fn start_nested(
        &mut self,
        index: u32,
        argv: Vec<Arg>,
        assignments: Vec<Assignment>,
        context: u32,
    ) {
        let Some(parent) = self.reading.at(index) else {
            return;
        };
        let directory = own_directory(parent);
        let container = (context & Context::CONTAINER != 0).then(|| self.container(parent));
        let start = Start {
            argv,
            assignments,
            redirects: parent.redirects.clone(),
            span: parent.span,
            parent: Some(index),
            context: parent.context.with(context | Context::NESTED),
        };
        let same_shell = matches!(
            parent.program.as_str(),
            "command" | "builtin" | "noglob" | "nocorrect" | ""
        ) || self.state.alias(&parent.program).is_some();
        let saved = (!same_shell).then(|| self.state.clone());
        let outer = std::mem::replace(&mut self.context, start.context);
        let mounts = container.map(|it| {
            if !it.mounts.is_empty() {
                self.state.cwd = it.cwd;
            }
            std::mem::replace(&mut self.mounts, it.mounts)
        });
        if let Some(directory) = directory {
            self.state.cwd = if directory.text.contains([UNKNOWN, GUARDED]) {
                Cwd::Unknown
            } else {
                enter(&self.state.cwd, &directory.text)
            };
        }
        let wrappers = self.wrappers;
        self.wrappers += u32::from(!same_shell);
        self.start(start);
        self.wrappers = wrappers;
        self.context = outer;
        if let Some(mounts) = mounts {
            self.mounts = mounts;
        }
        if let Some(saved) = saved {
            self.state = saved;
        }
    }

    /// Walks text that an invocation hands to a shell: in this shell's state for `eval` and `source`, in
    /// a copy of it otherwise.
    pub(super) fn follow_text(&mut self, program: &str, index: u32, text: &Arg, context: u32) {
        let Some(invocation) = self.reading.at(index) else {
            return;
        };
        let mut context = invocation.context.0 | context | Context::NESTED;
        if text.flags.has(ArgFlags::HIDDEN) {
            context |= Context::DECODED;
        }
        if matches!(program, "eval" | "source" | ".") {
            self.walk_text(text, context, index);
            return;
        }
        let saved = self.state.clone();
        let assignments = invocation.assignments.clone();
        if is_shell(program) {
            let argv = &invocation.argv;
            let at = argv.iter().position(|it| it.text == text.text);
            let parameters = at.and_then(|at| argv.get(at + 2..)).unwrap_or_default();
            let many = parameters.iter().any(|it| it.flags.has(ArgFlags::MANY));
            self.state.positional = (!many).then(|| Rc::new(parameters.to_vec()));
        }
        for assignment in assignments {
            self.state
                .set(&assignment.name, Value::one(assignment.value));
        }
        let stdin = if context & Context::FED == 0 {
            self.stdin.clone()
        } else {
            None
        };
        let outer = std::mem::replace(&mut self.stdin, stdin);
        let traps = self.traps.len();
        self.walk_text(text, context, index);
        self.spring_traps(traps);
        self.stdin = outer;
        self.state = saved;
    }

    /// Walks the texts of the traps set since there were `known` of them. They run when their shell
    /// ends, with the values that variables have by then.
    pub(super) fn spring_traps(&mut self, known: usize) {
        for (index, text, context) in self.traps.split_off(known.min(self.traps.len())) {
            self.follow_text("trap", index, &text, context);
        }
    }

    fn call(&mut self, function: &Function, index: u32) {
        function.called.set(true);
        if self.calls.contains(&function.name) {
            return;
        }
        let Some(invocation) = self.reading.at(index) else {
            return;
        };
        let args = invocation.args().to_vec();
        let many = args.iter().any(|it| it.flags.has(ArgFlags::MANY));
        let redirects = invocation.redirects.clone();
        // What stands in front of the call holds as long as it does.
        let mut held = Vec::new();
        for assignment in invocation.assignments.clone() {
            held.push((
                assignment.name.clone(),
                self.state.get(&assignment.name).cloned(),
            ));
            self.state
                .set(&assignment.name, Value::one(assignment.value));
        }
        let outer = std::mem::replace(&mut self.state.positional, (!many).then(|| Rc::new(args)));
        let outer_redirects = std::mem::replace(&mut self.redirects, redirects);
        let parent = self.parent.replace(index);
        let wrappers = std::mem::take(&mut self.wrappers);
        self.calls.push(function.name.clone());
        self.with_context(Context::FUNCTION, |it| it.command(&function.body));
        self.calls.pop();
        self.parent = parent;
        self.wrappers = wrappers;
        self.redirects = outer_redirects;
        self.state.positional = outer;
        for (name, value) in held {
            self.state.restore(&name, value);
        }
        self.state.dead = false;
    }
}

/// A program's base name; empty where it is not fully known.
pub(super) fn program_name(arg: &Arg) -> String {
    if !arg.is_known() {
        return String::new();
    }
    let base = base(&arg.text);
    let base = base
        .strip_prefix('=')
        .filter(|it| !it.is_empty())
        .unwrap_or(base);
    let cut = base.len().saturating_sub(4);
    match (base.get(..cut), base.get(cut..)) {
        (Some(stem), Some(end)) if !stem.is_empty() && end.eq_ignore_ascii_case(".exe") => {
            stem.to_owned()
        }
        _ => base.to_owned(),
    }
}

pub(crate) fn is_shell(program: &str) -> bool {
    matches!(
        program,
        "sh" | "bash" | "dash" | "zsh" | "ksh" | "mksh" | "ash" | "rbash" | "fish"
    )
}
