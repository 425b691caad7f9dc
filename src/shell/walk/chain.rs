//! Owns the walk of chains of `&&` and `||`: who runs after whom, and what is known by then. Invariant: the
//! state after a chain is that of every way through it.

use crate::shell::ast::{AndOr, Command, Compound, Joint, Pipeline};
use crate::shell::invocation::Context;

use super::Walker;
use super::state::State;

impl Walker<'_> {
    pub(super) fn and_or(&mut self, item: &AndOr) {
        self.pipeline(&item.first);
        let mut left = &item.first;
        // The state of those who left the chain of `&&` before its end, because something failed.
        let mut failed: Option<State> = None;
        for (joint, right) in &item.rest {
            let truth = self.in_script().then(|| self.truth_of(left)).flatten();
            if truth.is_some_and(|it| it != (*joint == Joint::And)) {
                // What is left out decides nothing: the next joint asks the same test.
                continue;
            }
            if truth.is_some() {
                self.with_context(Context::CONDITION, |it| it.pipeline(right));
            } else if *joint == Joint::And {
                let mut flags = Context::CONDITION;
                if is_test(left) {
                    flags |= self.branch();
                    let left_here = self.state.clone();
                    failed = Some(match failed {
                        Some(earlier) => earlier.join(left_here),
                        None => left_here,
                    });
                }
                self.with_context(flags, |it| it.pipeline(right));
            } else {
                self.otherwise(left, failed.take(), right);
            }
            left = right;
        }
        if let Some(failed) = failed {
            let after = std::mem::take(&mut self.state);
            self.state = failed.join(after);
        }
    }

    /// Walks what runs where anything before it failed.
    fn otherwise(&mut self, left: &Pipeline, failed: Option<State>, right: &Pipeline) {
        let succeeded = (!always_fails(left)).then(|| self.state.clone());
        if let Some(failed) = failed {
            let here = std::mem::take(&mut self.state);
            self.state = failed.join(here);
        }
        let flags = Context::CONDITION | self.branch();
        self.with_context(flags, |it| it.pipeline(right));
        if let Some(succeeded) = succeeded {
            let after = std::mem::take(&mut self.state);
            self.state = succeeded.join(after);
        }
        self.lose_capture();
    }
}

/// True for a plain `false`.
fn always_fails(pipeline: &Pipeline) -> bool {
    let [Command::Simple(simple)] = pipeline.stages.as_slice() else {
        return false;
    };
    let program = simple.words.first().and_then(|it| it.plain());
    !pipeline.negated && program == Some("false")
}

/// True for commands that succeed or fail as a matter of course; of others success is assumed when `&&`
/// follows.
fn is_test(pipeline: &Pipeline) -> bool {
    if pipeline.negated {
        return true;
    }
    match pipeline.stages.last() {
        Some(Command::Compound { kind, .. }) => {
            matches!(kind, Compound::Test(_) | Compound::Arithmetic(_))
        }
        Some(Command::Simple(simple)) => matches!(
            simple.words.first().and_then(|it| it.plain()),
            Some(
                "[" | "test"
                    | "grep"
                    | "egrep"
                    | "rg"
                    | "false"
                    | "which"
                    | "type"
                    | "command"
                    | "diff"
                    | "cmp"
                    | "pgrep"
                    | "id"
                    | "ls"
            )
        ),
        _ => false,
    }
}
