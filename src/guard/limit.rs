//! Owns refusing what a run has no room for: a call that keeps failing, too many calls in a minute, a budget
//! that is used up, an agent that spins. Does not own what is counted (`limit`, `handler::limit`). Invariants:
//! without anything to count against a call costs nothing; what is refused says when or how it goes on.

use std::borrow::Cow;

use super::{Cx, Guard};
use crate::event::{Kind, ToolCall};
use crate::failure::Class;
use crate::limit::breaker::{self, Gate};
use crate::limit::progress::{self, Round};
use crate::limit::{self, PACK, budget};
use crate::policy::Limit;
use crate::session::run::{Agent, Breaker};
use crate::verdict::{Decision, Finding, Severity};

/// The guard of limits.
pub struct LimitGuard;

impl Guard for LimitGuard {
    fn id(&self) -> &'static str {
        "limit"
    }

    fn check(&self, cx: &Cx) -> Vec<Finding> {
        if cx.event.kind != Kind::PreToolUse {
            return Vec::new();
        }
        let Some(call) = cx.event.call() else {
            return Vec::new();
        };
        let blank = Agent::default();
        let run = &cx.session.run;
        let agent = run.agent(&cx.event.agent_id).unwrap_or(&blank);
        let now = cx.host.now().timestamp();
        let found = ended(cx, agent)
            .or_else(|| spent(cx, agent, now, call))
            .or_else(|| broken(cx, agent, now, call))
            .or_else(|| spinning(cx, agent, call))
            .or_else(|| fast(cx, agent, now, call));
        found.into_iter().collect()
    }
}

fn ended(cx: &Cx, agent: &Agent) -> Option<Finding> {
    if agent.ended.is_empty() {
        return None;
    }
    refusal(
        cx,
        "limit-ended",
        Severity::High,
        format!("this run is over: {}", agent.ended),
        "stop here and tell the user how far it came; their next prompt goes on.",
    )
}

fn spent(cx: &Cx, agent: &Agent, now: i64, call: &ToolCall) -> Option<Finding> {
    let run = &cx.session.run;
    let spent = budget::spent(run, agent, &cx.policy.limits, now, limit::spawns(call))?;
    let why = format!(
        "the {} {} that the policy allows are used up.",
        spent.limit, spent.what
    );
    refusal(
        cx,
        spent.rule,
        Severity::Medium,
        why,
        "stop here and tell the user what is done and what is left.",
    )
}

fn broken(cx: &Cx, agent: &Agent, now: i64, call: &ToolCall) -> Option<Finding> {
    if !breaker::is_open(agent) {
        return None;
    }
    let key = limit::substance_key(call, cx.reading, &cx.places.project);
    let Gate::Shut(breaker, seconds) = breaker::gate(agent, key, now) else {
        return None;
    };
    let allowed = cx.policy.limits.get(Limit::Refusals);
    if allowed.is_some_and(|it| agent.refusals + 1 >= it) {
        return refused_too_often(cx, agent, breaker);
    }
    let why = format!(
        "this failed {} times: {}",
        breaker.count,
        quoted(&breaker.message)
    );
    let instead = match seconds {
        0 => Class::by_id(&breaker.class)
            .map_or("find out why first.", Class::instead)
            .to_owned(),
        left => format!("wait {left} s, then try once."),
    };
    refusal(cx, "limit-breaker", Severity::Medium, why, instead)
}

fn refused_too_often(cx: &Cx, agent: &Agent, breaker: &Breaker) -> Option<Finding> {
    let why = format!(
        "this failed {} times and was refused {} times: {}",
        breaker.count,
        agent.refusals + 1,
        quoted(&breaker.message)
    );
    refusal(
        cx,
        "limit-refusals",
        Severity::High,
        why,
        "the run ends here; tell the user what blocks it.",
    )
}

/// Attended, a person is asked; unattended the handler ended it when the last result came.
fn spinning(cx: &Cx, agent: &Agent, call: &ToolCall) -> Option<Finding> {
    let spin = progress::spin(agent, &cx.policy.limits).filter(|it| it.hopeless)?;
    // Only what would go round once more is asked about.
    let goes_on = match spin.round {
        Round::Calls => {
            let key = limit::subject_key(call);
            agent.past.iter().rev().take(2).any(|it| it.0 == key)
        }
        Round::Edits => call.name == "Edit",
        Round::Failures => true,
    };
    if !goes_on {
        return None;
    }
    let decision = if cx.policy.attended {
        Decision::Ask
    } else {
        Decision::Deny
    };
    let why = format!("no progress: {} ({} times).", spin.what, spin.times);
    let instead = "say what is missing instead of trying again.";
    let words = (why.into(), instead.into());
    let grade = (Severity::Medium, decision);
    cx.finding(("limit-spinning", PACK), grade, words, String::new(), None)
}

fn fast(cx: &Cx, agent: &Agent, now: i64, call: &ToolCall) -> Option<Finding> {
    call.shell()?;
    let (limit, seconds) = budget::wait(agent, &cx.policy.limits, now)?;
    refusal(
        cx,
        "limit-rate",
        Severity::Low,
        format!("{limit} shell calls within a minute are the limit."),
        format!("go on in {seconds} seconds, with fewer and larger calls."),
    )
}

/// A message within a reason, which must stay short.
fn quoted(message: &str) -> String {
    const LIMIT: usize = 90;
    let cut: String = message.chars().take(LIMIT).collect();
    let dots = if cut.len() < message.len() { "…" } else { "" };
    format!("`{cut}{dots}`.")
}

fn refusal(
    cx: &Cx,
    rule: &'static str,
    severity: Severity,
    why: impl Into<Cow<'static, str>>,
    instead: impl Into<Cow<'static, str>>,
) -> Option<Finding> {
    let words = (why.into(), instead.into());
    let grade = (severity, Decision::Deny);
    cx.finding((rule, PACK), grade, words, String::new(), None)
}
