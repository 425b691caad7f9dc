//! Owns the walk of a simple command: its words, assignments and redirects, once for each combination of
//! the alternative values in them. Does not own what it starts (`start`).

use crate::shell::ast::{Assign, Part, Redirect as Written, Simple, Word};
use crate::shell::invocation::{Arg, ArgFlags, Assignment, Redirect};

use super::Walker;
use super::start::Start;
use super::state::{State, Value, joined};

/// How many combinations of alternative values one command is walked for.
const COMBINATIONS: usize = 16;

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
        let outer_unset = std::mem::take(&mut self.unset);
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
        let held = self.hold(&own);
        self.take_stdin(&own);
        let keeps = matches!(argv.as_slice(), [only] if only.text == "exec");
        let mut redirects = own;
        for outer in self.redirects.clone() {
            // Every command in a group holds what the group is fed.
            if self.may_grow(&outer.target) {
                redirects.push(outer);
            }
        }
        self.start(Start {
            argv,
            assignments,
            redirects,
            span: simple.span,
            parent: self.parent,
            context: self.context,
        });
        self.unset = outer_unset;
        if keeps {
            // The shell's own descriptors are what was redirected.
            return;
        }
        self.release(held);
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
                    let appends = name.ends_with("+=");
                    let name = name.trim_end_matches(['=', '+']);
                    if !appends || !self.state.extend(name, &values) {
                        self.state.set(name, Value::List(values));
                    }
                    argv.push(Arg::literal(format!("{name}=()"), word.span));
                }
                [Part::Lit(name), ..] if name.contains('=') => argv.push(self.join_word(word)),
                _ => self.expand_word(word, &mut argv),
            }
        }
        argv
    }

    fn assigned(&mut self, assign: &Assign) -> Value {
        let index = assign.index.as_ref().map(|it| self.join_parts(it));
        let index = index.filter(Arg::is_known).map(|it| it.text);
        // A number counts elements, a word names one.
        let index = index.filter(|it| !it.bytes().all(|it| it.is_ascii_digit()));
        if let [Part::Array(items)] = assign.value.parts.as_slice() {
            let values = self.expand_words(items);
            return Value::List(values);
        }
        let mut value = self.join_word(&assign.value);
        value.flags.0 &= !(ArgFlags::GLOB | ArgFlags::SPLITS);
        if let Some(index) = index {
            value.text = format!("[{index}]={}", value.text);
        }
        Value::one(value)
    }

    /// `name=…`, `name+=…`, `name[…]=…`: a list keeps the elements that are not named.
    fn assign(&mut self, assign: &Assign, value: &Value) {
        let name = &assign.name;
        let new = match value {
            Value::Scalar(new) => new,
            Value::List(new) => {
                if !assign.append || !self.state.extend(name, new) {
                    let value = Value::List(new.clone());
                    self.state.set(name, value);
                }
                return;
            }
        };
        if self.state.counts_with(name) {
            for it in new {
                self.run_number(it);
            }
        }
        let at = match &assign.index {
            None => Some(0),
            Some(index) => number_of(index),
        };
        if self.state.set_element(name, at, new, assign.append) {
            return;
        }
        let value = match self.state.get(name) {
            Some(Value::Scalar(old)) if assign.append && at == Some(0) => {
                let pairs = old
                    .iter()
                    .flat_map(|old| new.iter().map(move |new| (old, new)));
                Value::Scalar(pairs.map(|(old, new)| joined(old, new)).collect())
            }
            None if assign.index.is_some() => Value::List(new.clone()),
            _ => value.clone(),
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
            let fd = match &redirect.variable {
                Some(name) => Some(self.free_descriptor(name)),
                None => redirect.fd,
            };
            redirects.push(Redirect {
                op: redirect.op,
                fd,
                target,
                span: redirect.span,
            });
        }
        redirects
    }
}

/// The number that stands in the brackets of an element.
fn number_of(index: &[Part]) -> Option<usize> {
    match index {
        [Part::Lit(text) | Part::Quoted(text)] => text.parse().ok(),
        _ => None,
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

fn is_declaration(name: &str) -> bool {
    matches!(
        name,
        "export" | "declare" | "typeset" | "local" | "readonly"
    )
}
