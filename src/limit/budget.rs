//! Owns what an agent and a session may use up: steps, subagents, minutes, shell calls in a minute. Does not
//! own the numbers (`policy`). Invariant: the rate never ends anything.

use crate::policy::{Limit, Limits};
use crate::session::Run;
use crate::session::run::{Agent, Told};

/// A budget that is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spent {
    pub rule: &'static str,
    /// What was counted, for people.
    pub what: &'static str,
    pub limit: u32,
}

/// Seconds of the window of shell calls.
const WINDOW: i64 = 60;

/// How much of a limit is used; absent for those that are judged from case to case.
pub fn used(limit: Limit, run: &Run, agent: &Agent, now: i64) -> Option<u64> {
    Some(match limit {
        Limit::Rate => agent.recent(now).count() as u64,
        Limit::Steps => run.steps,
        Limit::StepsAgent => agent.steps,
        Limit::StepsPrompt => agent.prompt_steps.into(),
        Limit::Subagents => run.subagents.into(),
        Limit::Minutes if run.started == 0 => 0,
        Limit::Minutes => u64::try_from(now.saturating_sub(run.started) / 60).unwrap_or_default(),
        Limit::Refusals => agent.refusals.into(),
        Limit::Stuck => agent.failing.into(),
        Limit::Failures | Limit::FailuresTests | Limit::FailuresRights | Limit::Repeats => {
            return None;
        }
    })
}

/// The budgets that end a run, in the order in which they are looked at. `spawns`: the call starts a subagent.
fn all(
    run: &Run,
    agent: &Agent,
    now: i64,
    spawns: bool,
) -> impl Iterator<Item = (Limit, Spent, u64)> {
    let budgets = [
        (Limit::Steps, "limit-steps", "tool calls of this session"),
        (
            Limit::StepsAgent,
            "limit-steps-agent",
            "tool calls of this agent",
        ),
        (
            Limit::StepsPrompt,
            "limit-steps-prompt",
            "tool calls since the last prompt",
        ),
        (
            Limit::Subagents,
            "limit-subagents",
            "subagents of this session",
        ),
        (Limit::Minutes, "limit-minutes", "minutes of this session"),
    ];
    budgets.into_iter().filter_map(move |(limit, rule, what)| {
        let counts = spawns || limit != Limit::Subagents;
        let spent = Spent {
            rule,
            what,
            limit: 0,
        };
        Some((
            limit,
            spent,
            used(limit, run, agent, now).filter(|_| counts)?,
        ))
    })
}

/// The first budget that is used up before a further call.
pub fn spent(run: &Run, agent: &Agent, limits: &Limits, now: i64, spawns: bool) -> Option<Spent> {
    all(run, agent, now, spawns).find_map(|(limit, spent, used)| {
        let limit = limits.get(limit)?;
        (used >= u64::from(limit)).then_some(Spent { limit, ..spent })
    })
}

/// The budgets of which this call uses the last fifth for the first time: which, what, how much, of how much.
pub fn nearly(
    run: &Run,
    agent: &Agent,
    limits: &Limits,
    now: i64,
    spawns: bool,
) -> Vec<(Limit, &'static str, u64, u32)> {
    let four_fifths = |limit: u32| u64::from(limit) * 4 / 5;
    let near = all(run, agent, now, spawns).filter_map(|(kind, spent, used)| {
        let limit = limits.get(kind)?;
        let told = kind == Limit::Minutes && run.told & Told::Minutes as u32 != 0;
        let here = match kind {
            Limit::Minutes => used >= four_fifths(limit) && !told,
            _ => used + 1 == four_fifths(limit),
        };
        here.then_some((
            kind,
            spent.what,
            used + u64::from(kind != Limit::Minutes),
            limit,
        ))
    });
    near.collect()
}

/// Seconds until an agent may make a further shell call; `None` where it may now. An agent none of whose
/// calls ever came back is not held up: nobody knows that they run.
pub fn wait(agent: &Agent, limits: &Limits, now: i64) -> Option<(u32, i64)> {
    let limit = limits.get(Limit::Rate)?;
    if agent.outcomes == 0 {
        return None;
    }
    let times: Vec<i64> = agent.recent(now).collect();
    let over = times
        .len()
        .checked_sub(usize::try_from(limit).unwrap_or(usize::MAX))?;
    let first = times.get(over)?;
    Some((limit, (first + WINDOW - now).max(1)))
}

#[cfg(test)]
mod tests;
