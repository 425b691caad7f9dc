//! Owns the walk through compound commands: branches join, loops over known words are unrolled, every
//! other loop body is walked with what it may change.

use crate::shell::ast::{Command, Compound, List, Part, Redirect as Written, Word};
use crate::shell::invocation::{Arg, ArgFlags, Context, RedirectOp};

use super::state::{State, Value};
use super::{Capture, Walker};

/// How many values a loop is unrolled for.
const UNROLL_LIMIT: usize = 32;
/// How deeply unrolled or repeated loops may nest.
const LOOP_LIMIT: u32 = 2;
/// How often a loop over a script's parameters is followed.
const ROUNDS: usize = 12;

impl Walker<'_> {
    pub(super) fn compound(&mut self, kind: &Compound, redirects: &[Written]) {
        let outer = self.redirects.len();
        let stdin = self.stdin.clone();
        let feeders = self.feeders.clone();
        let own = self.expand_redirects(redirects);
        let held = self.hold(&own);
        self.take_stdin(&own);
        let silent = own.iter().any(super::output::takes_stdout);
        self.redirects.extend(own);
        let capture = silent.then(|| std::mem::take(&mut self.capture));
        self.compound_kind(kind);
        if let Some(capture) = capture {
            self.capture = capture;
        }
        self.redirects.truncate(outer);
        self.release(held);
        self.stdin = stdin;
        self.feeders = feeders;
    }

    fn compound_kind(&mut self, kind: &Compound) {
        match kind {
            Compound::Group(list) => self.list(list),
            Compound::Subshell(list) => {
                let saved = self.state.clone();
                self.with_context(Context::SUBSHELL, |it| it.list(list));
                self.state = saved;
            }
            Compound::If { arms, otherwise } => self.conditional(arms, otherwise.as_ref()),
            Compound::While { condition, body } => self.repeat(Some(condition), body),
            Compound::For { name, words, body } => self.iterate(name, words.as_deref(), body),
            Compound::Counted { parts, body } => {
                self.run_parts(parts);
                self.repeat(None, body);
            }
            Compound::Case { subject, arms } => self.case(subject, arms),
            Compound::Test(words) => {
                let words: Vec<Arg> = words.iter().map(|it| self.join_word(it)).collect();
                self.run_numbers(&words);
                self.tested = if self.in_script() { words } else { Vec::new() };
            }
            Compound::Arithmetic(parts) => self.run_parts(parts),
            Compound::Coproc { name, body } => self.beside(name, body),
        }
    }

    /// A coprocess: what it prints stands behind the first descriptor in the list of its name.
    fn beside(&mut self, name: &str, body: &Command) {
        let saved = self.state.clone();
        let stage = std::mem::take(&mut self.stage);
        let capture = std::mem::replace(&mut self.capture, Capture::Known(Arg::default()));
        self.with_context(Context::BACKGROUND, |it| it.command(body));
        let output = std::mem::replace(&mut self.capture, capture);
        let from = std::mem::replace(&mut self.stage, stage);
        self.stage.extend_from_slice(&from);
        self.state = saved;
        let mut text = match output {
            Capture::Known(text) => text,
            Capture::Off | Capture::Lost => {
                let mut unknown = Arg::unknown(crate::shell::Span::default());
                unknown.flags.set(ArgFlags::MANY);
                unknown
            }
        };
        text.from = from;
        let ends = self.hold_pipe(text);
        self.state.set(name, Value::List(ends));
    }

    fn conditional(&mut self, arms: &[(List, List)], otherwise: Option<&List>) {
        let mut joined: Option<State> = None;
        let mut flags = Context::CONDITION;
        let mut decided = false;
        for (condition, body) in arms {
            self.list(condition);
            let truth = self.in_script().then(|| self.truth(condition)).flatten();
            if truth == Some(false) {
                continue;
            }
            if self.in_script() && truth.is_none() {
                flags |= Context::BRANCH;
            }
            let before = self.state.clone();
            self.with_context(flags, |it| it.list(body));
            let after = std::mem::replace(&mut self.state, before);
            joined = Some(join(joined, after));
            decided = truth == Some(true);
            if decided {
                break;
            }
        }
        if decided {
            self.state = joined.unwrap_or_default();
        } else {
            if let Some(otherwise) = otherwise {
                self.with_context(flags, |it| it.list(otherwise));
            }
            let last = std::mem::take(&mut self.state);
            self.state = join(joined, last);
        }
        self.lose_capture();
    }

    fn case(&mut self, subject: &Word, arms: &[(Vec<Word>, List)]) {
        let subject = self.join_word(subject);
        let mut joined = Some(self.state.clone());
        let mut flags = Context::CONDITION;
        for (patterns, body) in arms {
            let truth = self.takes(&subject, patterns);
            if truth == Some(false) {
                continue;
            }
            if self.in_script() && truth.is_none() {
                flags |= Context::BRANCH;
            } else if truth == Some(true) && flags & Context::BRANCH == 0 {
                joined = None;
            }
            let before = self.state.clone();
            self.with_context(flags, |it| it.list(body));
            let after = std::mem::replace(&mut self.state, before);
            joined = Some(join(joined, after));
            if truth == Some(true) {
                break;
            }
        }
        self.state = joined.unwrap_or_default();
        self.lose_capture();
    }

    /// Whether an arm of a `case` is taken: known only in a script.
    fn takes(&mut self, subject: &Arg, patterns: &[Word]) -> Option<bool> {
        let mut any = Some(false);
        for pattern in patterns {
            match self.fits(subject, pattern) {
                Some(true) => any = any.map(|_| true),
                None => any = None,
                Some(false) => {}
            }
        }
        any.filter(|_| self.in_script())
    }

    /// A loop that runs an unknown number of times. Where its body changes variables it is walked a
    /// second time with what the first time left.
    fn repeat(&mut self, condition: Option<&List>, body: &List) {
        if self.in_script()
            && let Some(condition) = condition
            && self.counted(condition, body)
        {
            return;
        }
        let before = self.state.clone();
        self.loops += 1;
        self.once(condition, body);
        let changed = !self.state.same_variables(&before) || self.state.cwd != before.cwd;
        let after = std::mem::take(&mut self.state);
        self.state = before.join(after);
        if changed && self.loops <= LOOP_LIMIT {
            let before = self.state.clone();
            self.once(condition, body);
            let after = std::mem::take(&mut self.state);
            self.state = before.join(after);
        }
        self.loops -= 1;
        self.lose_capture();
    }

    /// A script's loop over its parameters, walked as often as it runs; false where that is not known.
    fn counted(&mut self, condition: &List, body: &List) -> bool {
        for _ in 0..ROUNDS {
            self.list(condition);
            match self.truth(condition) {
                Some(true) => self.with_context(Context::LOOP, |it| it.list(body)),
                Some(false) => return true,
                None => return false,
            }
            if std::mem::take(&mut self.state.dead) {
                return true;
            }
        }
        false
    }

    fn once(&mut self, condition: Option<&List>, body: &List) {
        let branch = if condition.is_some() && self.in_script() {
            Context::BRANCH
        } else {
            0
        };
        self.with_context(Context::LOOP | branch, |it| {
            if let Some(condition) = condition {
                it.list(condition);
            }
            it.list(body);
        });
        self.state.dead = false;
    }

    fn iterate(&mut self, name: &str, words: Option<&[Word]>, body: &List) {
        let values = match words {
            Some(words) => self.expand_words(words),
            None => self
                .state
                .positional
                .as_deref()
                .cloned()
                .unwrap_or_default(),
        };
        if values.is_empty()
            && self.in_script()
            && (words.is_some() || self.state.positional.is_some())
        {
            return;
        }
        let unroll = !values.is_empty() && values.len() <= UNROLL_LIMIT && self.loops < LOOP_LIMIT;
        if !unroll {
            let mut unknown = Arg::unknown(crate::shell::Span::default());
            for value in values {
                unknown.from.extend(value.from);
            }
            self.state.set(name, Value::one(unknown));
            self.repeat(None, body);
            return;
        }
        self.loops += 1;
        for mut value in values {
            value.flags.0 &= !(ArgFlags::MANY | ArgFlags::SPLITS);
            self.state.set(name, Value::one(value));
            self.once(None, body);
        }
        self.loops -= 1;
    }

    /// Walks the substitutions in text whose value does not matter.
    pub(super) fn run_parts(&mut self, parts: &[Part]) {
        self.join_parts(parts);
    }

    /// Makes a command's own input redirect what its stdin is.
    pub(super) fn take_stdin(&mut self, redirects: &[crate::shell::Redirect]) {
        for redirect in redirects {
            if redirect.fd.unwrap_or(0) != 0 {
                continue;
            }
            let target = &redirect.target;
            match redirect.op {
                RedirectOp::Heredoc => self.stdin = Some(target.clone()),
                RedirectOp::HereString => {
                    let mut text = target.clone();
                    text.text.push('\n');
                    self.stdin = Some(text);
                }
                RedirectOp::Read | RedirectOp::ReadWrite => {
                    self.stdin = self.file(&target.text);
                }
                RedirectOp::Duplicate => {
                    let Some(held) = self.held(&target.text) else {
                        continue;
                    };
                    self.feeders.clone_from(&held.from);
                    self.stdin = (!held.flags.has(ArgFlags::MANY)).then_some(held);
                    continue;
                }
                _ => continue,
            }
            self.feeders.clone_from(&target.from);
        }
    }
}

fn join(joined: Option<State>, state: State) -> State {
    match joined {
        Some(joined) => joined.join(state),
        None => state,
    }
}
