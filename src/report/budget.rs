//! Owns how much of each limit is used: [`Budget`]. Does not own the limits (`policy::limits`) nor what
//! happens at one (`guard::limit`). Invariant: only limits that are set, and only those that are used up
//! rather than told from case to case.

use serde::Serialize;

use crate::policy::{Limit, Limits};
use crate::session::run::{Agent, Run};

/// A limit that is set, and what of it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Budget {
    /// The setting's key behind `limits.`.
    pub name: &'static str,
    pub used: u64,
    pub limit: u32,
}

/// Every budget of an agent in its run.
pub fn of(limits: &Limits, run: &Run, agent: &Agent, now: i64) -> Vec<Budget> {
    let budget = |limit: Limit| {
        Some(Budget {
            name: limit.name(),
            used: used(limit, run, agent, now)?,
            limit: limits.get(limit)?,
        })
    };
    Limit::ALL.into_iter().filter_map(budget).collect()
}

fn used(limit: Limit, run: &Run, agent: &Agent, now: i64) -> Option<u64> {
    Some(match limit {
        Limit::Rate => agent.recent(now).count() as u64,
        Limit::Steps => run.steps,
        Limit::StepsAgent => agent.steps,
        Limit::StepsPrompt => agent.prompt_steps.into(),
        Limit::Subagents => run.subagents.into(),
        Limit::Minutes if run.started == 0 => 0,
        Limit::Minutes => u64::try_from((now - run.started) / 60).unwrap_or_default(),
        Limit::Refusals => agent.refusals.into(),
        Limit::Stuck => agent.failing.into(),
        Limit::Failures | Limit::FailuresTests | Limit::FailuresRights | Limit::Repeats => {
            return None;
        }
    })
}
