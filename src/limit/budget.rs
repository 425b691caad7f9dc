//! Owns what an agent and a session may use up: steps, subagents, minutes, shell calls in a minute. Does not
//! own the numbers (`policy`). Invariant: the rate never ends anything.

use crate::policy::{Limit, Limits};
use crate::session::Run;
use crate::session::run::Agent;

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

/// The budgets with what counts against each, in the order in which they are looked at. `spawns`: the call
/// starts a subagent.
fn all(run: &Run, agent: &Agent, now: i64, spawns: bool) -> [(Limit, Spent, u64); 5] {
    let minutes = u64::try_from((now - run.started).max(0) / 60).unwrap_or(0);
    let minutes = if run.started == 0 { 0 } else { minutes };
    let subagents = if spawns { run.subagents } else { 0 };
    [
        (
            Limit::Steps,
            "limit-steps",
            "tool calls of this session",
            run.steps,
        ),
        (
            Limit::StepsAgent,
            "limit-steps-agent",
            "tool calls of this agent",
            agent.steps,
        ),
        (
            Limit::StepsPrompt,
            "limit-steps-prompt",
            "tool calls since the last prompt",
            agent.prompt_steps.into(),
        ),
        (
            Limit::Subagents,
            "limit-subagents",
            "subagents of this session",
            subagents.into(),
        ),
        (
            Limit::Minutes,
            "limit-minutes",
            "minutes of this session",
            minutes,
        ),
    ]
    .map(|(limit, rule, what, used)| {
        (
            limit,
            Spent {
                rule,
                what,
                limit: 0,
            },
            used,
        )
    })
}

/// The first budget that is used up before a further call.
pub fn spent(run: &Run, agent: &Agent, limits: &Limits, now: i64, spawns: bool) -> Option<Spent> {
    all(run, agent, now, spawns)
        .into_iter()
        .find_map(|(limit, spent, used)| {
            let limit = limits.get(limit)?;
            (used >= u64::from(limit)).then_some(Spent { limit, ..spent })
        })
}

/// The budgets of which this call uses the last fifth for the first time: what, how much, of how much.
pub fn nearly(
    run: &Run,
    agent: &Agent,
    limits: &Limits,
    now: i64,
    spawns: bool,
) -> Vec<(&'static str, u64, u32)> {
    let four_fifths = |limit: u32| u64::from(limit) * 4 / 5;
    let near = all(run, agent, now, spawns)
        .into_iter()
        .filter_map(|(kind, spent, used)| {
            let limit = limits.get(kind)?;
            let told = kind == Limit::Minutes && run.told & MINUTES_TOLD != 0;
            let here = match kind {
                Limit::Minutes => used >= four_fifths(limit) && !told,
                Limit::Subagents if !spawns => false,
                _ => used + 1 == four_fifths(limit),
            };
            here.then_some((spent.what, used + u64::from(kind != Limit::Minutes), limit))
        });
    near.collect()
}

/// The bit of `Run::told` for minutes, which pass without calls.
pub const MINUTES_TOLD: u32 = crate::session::run::Told::Minutes as u32;

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
