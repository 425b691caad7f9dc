//! Owns the circuit breaker of one agent: closed while failures are counted, open when the same call is
//! refused, half-open while one call is tried. Does not own what a failure is (`failure`). Invariants: only a
//! call that failed itself is refused; a changed file, or for what passes with time a wait, lets one through.

use crate::failure::{Class, Failure};
use crate::policy::{Limit, Limits};
use crate::session::run::{Agent, BREAKER_LIMIT, Breaker, CALL_LIMIT, MESSAGE_LIMIT, State, Tally};

/// Seconds before the first probe of what passes with time, and the longest wait.
const FIRST_WAIT: u32 = 30;
const LONGEST_WAIT: u32 = 120;
/// A probe whose outcome never came is forgotten after this many seconds.
const PROBE_SECONDS: i64 = 60;

/// What a failure led to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The first of its kind, or one that says nothing of the next try.
    Counted,
    /// It came before, and may come again `left` times.
    Again { count: u32, left: u32 },
    /// It came so often that the same call is refused from now on.
    Tripped { count: u32 },
    /// The probe failed.
    Probed { count: u32 },
    /// The call failed although it is refused: the client did not ask.
    Open { count: u32 },
}

/// Whether a call may be tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate<'a> {
    Free,
    /// One try, to see whether it is fine again.
    Probe,
    /// It is refused: the breaker, and how many seconds until waiting may help (0: it does not).
    Shut(&'a Breaker, u32),
}

/// How often a failure of a class may come.
fn threshold(class: Class, limits: &Limits) -> Option<u32> {
    limits.get(match class.id() {
        "permission" | "auth" => Limit::FailuresRights,
        "test-failure" => Limit::FailuresTests,
        _ => Limit::Failures,
    })
}

/// Failures that pass with time.
fn passes(class: Class) -> bool {
    matches!(
        class.id(),
        "connection" | "timeout" | "rate-limit" | "network-dns" | "lock-held"
    )
}

/// Counts a failure of a call. `wait` is what the answer itself asks for.
pub fn fail(
    agent: &mut Agent,
    failure: &Failure,
    key: u64,
    now: i64,
    wait: Option<u32>,
    limits: &Limits,
) -> Step {
    if failure.class.id() == "interrupted" {
        return Step::Counted;
    }
    let known = agent
        .breakers
        .iter()
        .position(|it| it.signature == failure.signature);
    let mut breaker = match known {
        Some(at) => agent.breakers.remove(at),
        None => Breaker {
            signature: failure.signature.clone(),
            class: failure.class.id().to_owned(),
            changes: agent.changes,
            ..Breaker::default()
        },
    };
    // Work went on in between: the next try was not the same.
    let renewed = known.is_some() && breaker.changes != agent.changes;
    let rights = matches!(failure.class.id(), "permission" | "auth");
    if !renewed || rights || breaker.count == 0 {
        breaker.count += 1;
    }
    breaker.changes = agent.changes;
    breaker.failed = now;
    breaker.message = failure.message.chars().take(MESSAGE_LIMIT).collect();
    if !breaker.calls.contains(&key) {
        if breaker.calls.len() >= CALL_LIMIT {
            breaker.calls.remove(0);
        }
        breaker.calls.push(key);
    }
    let step = advance(&mut breaker, failure.class, renewed, wait, limits);
    if agent.breakers.len() >= BREAKER_LIMIT {
        let closed = agent
            .breakers
            .iter()
            .position(|it| it.state == State::Closed);
        agent.breakers.remove(closed.unwrap_or_default());
    }
    agent.breakers.push(breaker);
    step
}

fn advance(
    breaker: &mut Breaker,
    class: Class,
    renewed: bool,
    wait: Option<u32>,
    limits: &Limits,
) -> Step {
    let count = breaker.count;
    let was = breaker.state;
    let Some(threshold) = threshold(class, limits) else {
        return Step::Counted;
    };
    if count < threshold {
        return match count {
            0 | 1 => Step::Counted,
            _ if renewed => Step::Counted,
            _ => Step::Again {
                count,
                left: threshold - count,
            },
        };
    }
    breaker.state = State::Open;
    if passes(class) {
        let next = match (was, breaker.wait) {
            (State::Closed, _) | (_, 0) => FIRST_WAIT,
            (_, wait) => wait.saturating_mul(2).min(LONGEST_WAIT),
        };
        breaker.wait = wait.unwrap_or(next);
    }
    match was {
        State::Closed => Step::Tripped { count },
        State::HalfOpen => Step::Probed { count },
        State::Open => Step::Open { count },
    }
}

/// Counts a failure by its class alone, in whatever way it came; says how many came where that is worth a
/// word: at twice what one failure may come, and at every such number again. Nothing is refused for it.
pub fn tally(agent: &mut Agent, class: Class, limits: &Limits) -> Option<u32> {
    let worth = threshold(class, limits)?.saturating_mul(2);
    if matches!(class.id(), "interrupted" | "unknown") {
        return None;
    }
    let known = agent.classes.iter().position(|it| it.0 == class.id());
    let at = known.unwrap_or_else(|| {
        agent.classes.push(Tally(class.id().to_owned(), 0));
        agent.classes.len() - 1
    });
    let tally = agent.classes.get_mut(at)?;
    tally.1 += 1;
    (tally.1 % worth == 0).then_some(tally.1)
}

/// Whether any call of an agent is refused.
pub fn is_open(agent: &Agent) -> bool {
    agent.breakers.iter().any(|it| it.state != State::Closed)
}

/// Whether a call may be tried at a time.
pub fn gate(agent: &Agent, key: u64, now: i64) -> Gate<'_> {
    let mut gate = Gate::Free;
    for breaker in agent.breakers.iter().filter(|it| it.calls.contains(&key)) {
        let since = now - breaker.failed;
        let waited = breaker.wait > 0 && !(0..i64::from(breaker.wait)).contains(&since);
        let tried = breaker.state == State::HalfOpen && (0..PROBE_SECONDS).contains(&since);
        match breaker.state {
            State::Closed => {}
            _ if !tried && (waited || breaker.changes != agent.changes) => gate = Gate::Probe,
            State::HalfOpen if !tried => gate = Gate::Probe,
            State::Open | State::HalfOpen => {
                let left = i64::from(breaker.wait).saturating_sub(since).max(0);
                return Gate::Shut(breaker, u32::try_from(left).unwrap_or(0));
            }
        }
    }
    gate
}

/// Notes that one call is tried.
pub fn probe(agent: &mut Agent, key: u64, now: i64) {
    for breaker in agent
        .breakers
        .iter_mut()
        .filter(|it| it.calls.contains(&key))
    {
        if breaker.state == State::Open {
            breaker.state = State::HalfOpen;
            breaker.failed = now;
            breaker.changes = agent.changes;
        }
    }
}

/// Forgets what a call failed with: it was fine.
pub fn succeed(agent: &mut Agent, key: u64) {
    agent.breakers.retain(|it| !it.calls.contains(&key));
}

#[cfg(test)]
mod tests;
