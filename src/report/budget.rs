//! Owns how much of each limit is used: [`Budget`]. Does not own the limits (`policy::limits`) nor what
//! happens at one (`guard::limit`). Invariant: only limits that are set, and only those that are used up
//! rather than told from case to case.

use serde::Serialize;

use crate::limit::budget::used;
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

impl Budget {
    /// Whether it is used up and counting from the start gives it back.
    pub fn is_spent(&self) -> bool {
        let total = [
            Limit::Steps,
            Limit::StepsAgent,
            Limit::StepsPrompt,
            Limit::Subagents,
            Limit::Minutes,
        ];
        total.iter().any(|it| it.name() == self.name) && self.used >= u64::from(self.limit)
    }
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
