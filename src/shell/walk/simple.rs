//! Owns the walk of a simple command: expansion, the invocation it becomes, what it does to the shell's
//! state, and what it starts in turn. Invariant: whatever starts has an invocation, also where nothing
//! about it is known.

use crate::shell::ast::{Assign, Part, Redirect as Written, Simple, Word};
use crate::shell::invocation::{
    Arg, ArgFlags, Assignment, Context, Invocation, Redirect, RedirectOp, Span, UNKNOWN,
};
use crate::shell::unwrap::{self, Nested};

use super::state::{State, Value};
use super::{Capture, INVOCATION_LIMIT, Walker};

/// How many combinations of alternative values one command is walked for.
const COMBINATIONS: usize = 16;

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

impl Walker<'_> {
    /// Walks a simple command once for each combination of the alternative values in it.
    pub(super) fn simple(&mut self, simple: &Simple) {
        if !self.state.forked {
            self.simple_once(simple);
            return;
        }
        let before = self.state.clone();
        let outer = std::mem::take(&mut self.picks);
        let mut joined: Option<State> = None;
        for round in 0..=COMBINATIONS {
            self.blurred = round == COMBINATIONS;
            self.simple_once(simple);
            let after = std::mem::replace(&mut self.state, before.clone());
            joined = Some(match joined {
                Some(joined) => joined.join(after),
                None => after,
            });
            if !self.next_pick() {
                break;
            }
        }
        self.blurred = false;
        self.picks = outer;
        self.state = joined.unwrap_or(before);
    }

    /// Moves on to the next combination; false after the last.
    fn next_pick(&mut self) -> bool {
        for (_, choice, count) in &mut self.picks {
            *choice += 1;
            if choice < count {
                return true;
            }
            *choice = 0;
        }
        false
    }

    fn simple_once(&mut self, simple: &Simple) {
        let stdin = self.stdin.clone();
        let feeders = self.feeders.clone();
        let declares = simple
            .words
            .first()
            .and_then(|it| it.plain())
            .is_some_and(is_declaration);
        let argv = if declares {
            self.expand_declaration(&simple.words)
        } else {
            self.expand_words(&simple.words)
        };
        let mut assignments = Vec::new();
        for assign in &simple.assignments {
            let value = self.assigned(assign);
            if argv.is_empty() {
                self.assign(assign, &value);
            }
            assignments.push(Assignment {
                name: assign.name.clone(),
                value: flat(value),
            });
        }
        let own = self.expand_redirects(&simple.redirects);
        self.take_stdin(&own);
        let mut redirects = own;
        redirects.extend(self.redirects.iter().cloned());
        self.start(Start {
            argv,
            assignments,
            redirects,
            span: simple.span,
            parent: self.parent,
            context: self.context,
        });
        self.stdin = stdin;
        self.feeders = feeders;
    }

    /// The words of `export`, `declare` and kin: values do not split, arrays are kept.
    fn expand_declaration(&mut self, words: &[Word]) -> Vec<Arg> {
        let mut argv = Vec::new();
        for word in words {
            match word.parts.as_slice() {
                [Part::Lit(name), Part::Array(items)] => {
                    let values = self.expand_words(items);
                    let name = name.trim_end_matches(['=', '+']);
                    self.state.set(name, Value::List(values.clone()));
                    argv.push(Arg::literal(format!("{name}=()"), word.span));
                }
                [Part::Lit(name), ..] if name.contains('=') => argv.push(self.join_word(word)),
                _ => self.expand_word(word, &mut argv),
            }
        }
        argv
    }

    fn assigned(&mut self, assign: &Assign) -> Value {
        if let Some(index) = &assign.index {
            self.join_parts(index);
        }
        if let [Part::Array(items)] = assign.value.parts.as_slice() {
            let values = self.expand_words(items);
            return Value::List(values);
        }
        let mut value = self.join_word(&assign.value);
        value.flags.0 &= !(ArgFlags::GLOB | ArgFlags::SPLITS);
        Value::one(value)
    }

    fn assign(&mut self, assign: &Assign, value: &Value) {
        let name = &assign.name;
        let old = self.state.get(name).cloned();
        let value = match (value, old) {
            (Value::List(new), Some(Value::List(mut old))) if assign.append => {
                old.extend(new.iter().cloned());
                Value::List(old)
            }
            (Value::Scalar(new), Some(Value::Scalar(old))) if assign.append => {
                let mut all = Vec::new();
                for (old, new) in old
                    .iter()
                    .flat_map(|old| new.iter().map(move |new| (old, new)))
                {
                    let mut joined = old.clone();
                    joined.text.push_str(&new.text);
                    joined.flags.0 |= new.flags.0;
                    joined.from.extend_from_slice(&new.from);
                    joined.flags.set(ArgFlags::HIDDEN);
                    all.push(joined);
                }
                Value::Scalar(all)
            }
            (Value::Scalar(new), Some(Value::List(mut old))) if assign.index.is_some() => {
                old.extend(new.iter().cloned());
                Value::List(old)
            }
            (Value::Scalar(new), _) if assign.index.is_some() => Value::List(new.clone()),
            (value, _) => value.clone(),
        };
        self.state.set(name, value);
    }

    pub(super) fn expand_redirects(&mut self, written: &[Written]) -> Vec<Redirect> {
        let mut redirects = Vec::with_capacity(written.len());
        for redirect in written {
            let target = match &redirect.body {
                Some(body) => match body.get() {
                    Some(word) => self.join_word(word),
                    None => Arg::literal("", redirect.span),
                },
                None => self.join_word(&redirect.target),
            };
            redirects.push(Redirect {
                op: redirect.op,
                fd: redirect.fd,
                target,
                span: redirect.span,
            });
        }
        redirects
    }

    /// Notes an invocation and follows what it does and starts.
    pub(super) fn start(&mut self, start: Start) {
        if self.reading.invocations.len() >= INVOCATION_LIMIT {
            self.limit("starts more than 4096 programs", start.span);
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

    fn push(&mut self, start: Start) -> u32 {
        let index = u32::try_from(self.reading.invocations.len()).unwrap_or(u32::MAX);
        let invocation = Invocation {
            program: start.argv.first().map(program_name).unwrap_or_default(),
            argv: start.argv,
            assignments: start.assignments,
            redirects: start.redirects,
            context: start.context,
            cwd: self.state.cwd.clone(),
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
        let Some(invocation) = self.reading.invocations.get(index as usize) else {
            return;
        };
        let program = invocation.program.clone();
        if let Some(function) = self.state.function(&program).cloned() {
            self.call(&function, index);
            return;
        }
        let nested = unwrap::nested(invocation, self.stdin.as_ref());
        let maybe_empty = invocation.argv.len() > 1
            && invocation.argv.first().is_some_and(|it| {
                it.flags.has(ArgFlags::SPLITS) && it.text.chars().all(|it| it == UNKNOWN)
            });
        if nested.is_empty() {
            self.note_output(index);
        }
        self.builtin(&program, index);
        self.follow_alias(&program, index);
        let followed = self.follow_files(&program, index);
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
                Nested::Text { text, context } => self.follow_text(&program, index, &text, context),
                Nested::Unknown {
                    context,
                    message: _,
                } => {
                    if !followed {
                        let argv = vec![Arg::unknown(self.span_of(index))];
                        self.start_nested(index, argv, Vec::new(), context);
                    }
                }
            }
        }
    }

    fn span_of(&self, index: u32) -> Span {
        let found = self.reading.invocations.get(index as usize);
        found.map(|it| it.span).unwrap_or_default()
    }

    fn start_child(
        &mut self,
        index: u32,
        argv: impl FnOnce(&Invocation) -> Vec<Arg>,
        context: u32,
    ) {
        if let Some(invocation) = self.reading.invocations.get(index as usize) {
            let argv = argv(invocation);
            self.start_nested(index, argv, Vec::new(), context);
        }
    }

    fn start_nested(
        &mut self,
        index: u32,
        argv: Vec<Arg>,
        assignments: Vec<Assignment>,
        context: u32,
    ) {
        let Some(parent) = self.reading.invocations.get(index as usize) else {
            return;
        };
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
        );
        let saved = (!same_shell).then(|| self.state.clone());
        let outer = std::mem::replace(&mut self.context, start.context);
        self.start(start);
        self.context = outer;
        if let Some(saved) = saved {
            self.state = saved;
        }
    }

    fn follow_alias(&mut self, program: &str, index: u32) {
        let Some(alias) = self.state.aliases.iter().find(|it| it.0 == program) else {
            return;
        };
        if self.calls.iter().any(|it| it == program) {
            return;
        }
        let mut text = alias.1.clone();
        if let Some(invocation) = self.reading.invocations.get(index as usize) {
            for arg in invocation.args() {
                text.text.push(' ');
                text.text.push_str(&quote(&arg.text));
            }
        }
        self.calls.push(program.to_owned());
        self.walk_text(&text, Context::NESTED, index);
        self.calls.pop();
    }

    /// Walks what a shell is given whose text was written by this same text: a file, `<(echo …)`.
    fn follow_files(&mut self, program: &str, index: u32) -> bool {
        if self.files.is_empty() || !(is_shell(program) || matches!(program, "source" | ".")) {
            return false;
        }
        let Some(invocation) = self.reading.invocations.get(index as usize) else {
            return false;
        };
        let operand = invocation
            .args()
            .iter()
            .find(|it| !it.text.starts_with('-'));
        let Some(text) = operand.and_then(|it| self.file(&it.text)) else {
            return false;
        };
        self.follow_text(program, index, &text, Context::NESTED);
        true
    }

    /// Walks text that an invocation hands to a shell: in this shell's state for `eval` and `source`, in
    /// a copy of it otherwise.
    fn follow_text(&mut self, program: &str, index: u32, text: &Arg, context: u32) {
        let Some(invocation) = self.reading.invocations.get(index as usize) else {
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
            self.state.positional = (!many).then(|| parameters.to_vec());
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
        self.walk_text(text, context, index);
        self.stdin = outer;
        self.state = saved;
    }

    fn call(&mut self, function: &super::Function, index: u32) {
        function.called.set(true);
        if self.calls.contains(&function.name) {
            return;
        }
        let Some(invocation) = self.reading.invocations.get(index as usize) else {
            return;
        };
        let args = invocation.args().to_vec();
        let many = args.iter().any(|it| it.flags.has(ArgFlags::MANY));
        let redirects = invocation.redirects.clone();
        let outer = std::mem::replace(&mut self.state.positional, (!many).then_some(args));
        let outer_redirects = std::mem::replace(&mut self.redirects, redirects);
        let parent = self.parent.replace(index);
        self.calls.push(function.name.clone());
        self.with_context(Context::FUNCTION, |it| it.command(&function.body));
        self.calls.pop();
        self.parent = parent;
        self.redirects = outer_redirects;
        self.state.positional = outer;
        self.state.dead = false;
    }

    /// The literal content of a file that this text wrote, or of a process substitution.
    pub(super) fn file(&self, path: &str) -> Option<Arg> {
        let found = self.files.iter().rev().find(|it| it.0 == path);
        found.map(|it| it.1.clone())
    }

    /// Adds an invocation's literal output to whoever takes it.
    fn note_output(&mut self, index: u32) {
        let writes = self
            .reading
            .invocations
            .get(index as usize)
            .is_some_and(|it| {
                it.redirects
                    .iter()
                    .any(|it| matches!(it.op, RedirectOp::Write | RedirectOp::Append))
            });
        if matches!(self.capture, Capture::Off) && !writes {
            return;
        }
        let output = self.literal_output(index);
        if writes {
            self.note_files(index, output.as_ref());
        }
        let Some(invocation) = self.reading.invocations.get(index as usize) else {
            return;
        };
        if invocation.redirects.iter().any(super::output::takes_stdout) {
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

    fn note_files(&mut self, index: u32, output: Option<&Arg>) {
        let Some(invocation) = self.reading.invocations.get(index as usize) else {
            return;
        };
        for redirect in &invocation.redirects {
            let appends = redirect.op == RedirectOp::Append;
            if !(appends || redirect.op == RedirectOp::Write) || redirect.fd.unwrap_or(1) != 1 {
                continue;
            }
            let path = redirect.target.text.clone();
            let Some(output) = output else {
                self.files.retain(|it| it.0 != path);
                continue;
            };
            match self.files.iter_mut().find(|it| it.0 == path) {
                Some(file) if appends => file.1.text.push_str(&output.text),
                Some(file) => file.1 = output.clone(),
                None => self.files.push((path, output.clone())),
            }
        }
    }
}

/// A value as one argument, for show.
fn flat(value: Value) -> Arg {
    match value {
        Value::Scalar(them) => them.into_iter().next().unwrap_or_default(),
        Value::List(them) => {
            let mut arg = Arg::default();
            for it in them {
                if !arg.text.is_empty() {
                    arg.text.push(' ');
                }
                arg.text.push_str(&it.text);
                arg.flags.0 |= it.flags.0;
                arg.from.extend(it.from);
            }
            arg
        }
    }
}

/// A program's base name; empty where it is not fully known.
fn program_name(arg: &Arg) -> String {
    if !arg.is_known() {
        return String::new();
    }
    let base = arg.text.rsplit('/').next().unwrap_or_default();
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

pub(super) fn is_declaration(name: &str) -> bool {
    matches!(
        name,
        "export" | "declare" | "typeset" | "local" | "readonly"
    )
}

fn is_shell(program: &str) -> bool {
    matches!(
        program,
        "sh" | "bash" | "dash" | "zsh" | "ksh" | "mksh" | "ash" | "rbash" | "fish"
    )
}

/// A word of shell text that expands to this text.
fn quote(text: &str) -> String {
    let plain = !text.is_empty()
        && text
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || b"-_./=:,@%+*?~".contains(&it) || it > 127);
    if plain {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}
