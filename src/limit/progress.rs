//! Owns noticing that an agent spins: the same call with the same result, two calls in turn, an edit undone and
//! redone, failures without end. Does not own what fails and how (`breaker`). Invariant: what differs, and what
//! waits for something, is progress.

use crate::policy::{Limit, Limits};
use crate::session::run::{Agent, Edit, Past};

/// What goes round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    Calls,
    Edits,
    Failures,
}

/// How an agent spins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spin {
    pub round: Round,
    /// What goes round, for people.
    pub what: &'static str,
    /// How often.
    pub times: u32,
    /// So often that a warning does not help.
    pub hopeless: bool,
}

/// Whether an agent spins as far as it is remembered.
pub fn spin(agent: &Agent, limits: &Limits) -> Option<Spin> {
    let found = |round, what, times: usize, least: u32| {
        let times = u32::try_from(times).unwrap_or(u32::MAX);
        let hopeless = times >= least.saturating_mul(2);
        (times >= least).then_some(Spin {
            round,
            what,
            times,
            hopeless,
        })
    };
    let repeats = limits.get(Limit::Repeats);
    let repeated = repeats.and_then(|least| {
        found(
            Round::Calls,
            "the same call with the same result",
            equal(&agent.past),
            least,
        )
        .or_else(|| {
            found(
                Round::Calls,
                "two calls in turn with the same results",
                turns(&agent.past),
                least,
            )
        })
        .or_else(|| {
            found(
                Round::Edits,
                "an edit undone and redone",
                undone(&agent.edits),
                least,
            )
        })
    });
    let stuck = limits.get(Limit::Stuck);
    repeated.or_else(|| {
        let failing = usize::try_from(agent.failing).unwrap_or(usize::MAX);
        stuck.and_then(|least| {
            found(
                Round::Failures,
                "failing calls with nothing changed between them",
                failing,
                least,
            )
        })
    })
}

/// How many of the last results are the last one.
fn equal(past: &[Past]) -> usize {
    let last = past.last();
    past.iter().rev().take_while(|it| Some(*it) == last).count()
}

/// How many rounds of two calls with their results stand at the end.
fn turns(past: &[Past]) -> usize {
    let [.., a, b] = past else {
        return 0;
    };
    if a == b {
        return 0;
    }
    past.rchunks(2).take_while(|it| **it == [*a, *b]).count()
}

/// How many of the last edits take back the one before them.
fn undone(edits: &[Edit]) -> usize {
    let takes_back = |pair: &[Edit]| match pair {
        [before, after] => (before.0, before.1, before.2) == (after.0, after.2, after.1),
        _ => false,
    };
    edits
        .windows(2)
        .rev()
        .take_while(|it| takes_back(it))
        .count()
}

#[cfg(test)]
mod tests;
