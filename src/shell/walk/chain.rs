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
        let scripted = self.in_script();
        // The state of those who left the chain of `&&` before its end, because something failed.
        let mut failed: Option<State> = None;
        for (joint, right) in &item.rest {
            let truth = scripted.then(|| self.truth_of(left)).flatten();
            if truth.is_some_and(|it| it != (*joint == Joint::And)) {
                // The next joint decides again about what was left off at.
                continue;
            }
            let open = truth.is_none();
            if *joint == Joint::And {
                let tested = open && is_test(left);
                if tested {
                    let left_here = self.state.clone();
                    failed = Some(match failed {
                        Some(earlier) => earlier.join(left_here),
                        None => left_here,
                    });
                }
                self.chained(right, scripted && tested);
            } else {
                let succeeded = (open && !always_fails(left)).then(|| self.state.clone());
                self.otherwise(succeeded, failed.take(), right, scripted && open);
            }
            left = right;
        }
        if let Some(failed) = failed {
            let after = std::mem::take(&mut self.state);
            self.state = failed.join(after);
        }
    }

    /// Walks what runs where anything before it failed; `succeeded` is the state of those it does not run
    /// for.
    fn otherwise(
        &mut self,
        succeeded: Option<State>,
        failed: Option<State>,
        right: &Pipeline,
        branch: bool,
    ) {
        if let Some(failed) = failed {
            let here = std::mem::take(&mut self.state);
            self.state = failed.join(here);
        }
        self.chained(right, branch);
        if let Some(succeeded) = succeeded {
            let after = std::mem::take(&mut self.state);
            self.state = succeeded.join(after);
        }
        self.lose_capture();
    }

    /// Walks one part of a chain; a branch is one that may be left out.
    fn chained(&mut self, part: &Pipeline, branch: bool) {
        let branch = if branch { Context::BRANCH } else { 0 };
        self.with_context(Context::CONDITION | branch, |it| it.pipeline(part));
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
