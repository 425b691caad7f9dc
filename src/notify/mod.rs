//! Owns telling a human outside the session: what a notification is ([`Notification`]), and the way of one
//! from an effect into the spool and to a process that delivers it. Does not own where it goes (`channel`),
//! the files it waits in (`spool`) nor the delivery (`deliver`, for subcommands only). Invariants: a verdict
//! never waits for a delivery and never depends on one; what is spooled was redacted first.

pub mod channel;
pub mod deliver;
pub mod spool;
mod throttle;

pub use channel::{is_chat, is_destination, is_token};

use crate::dirs;
use crate::effect::Effect;
use crate::event::Event;
use crate::host::{Dirs, Host};
use crate::policy::{Mode, Policy, Value};
use crate::verdict::Severity;

/// The rule id under which it is recorded that a notification could not be spooled, or its delivery started.
pub const FAILED: &str = "hookbin-notify-failed";

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A call of high or critical severity was refused.
    Deny,
    /// A breaker tripped.
    Breaker,
    /// A run was ended.
    End,
    /// A budget runs low.
    Budget,
}

impl Kind {
    /// The word used in policy files and bodies.
    pub fn word(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Breaker => "breaker",
            Self::End => "end",
            Self::Budget => "budget",
        }
    }
}

/// Something that a human outside the session should know of. Not yet redacted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    pub kind: Kind,
    pub severity: Severity,
    /// One line.
    pub title: String,
    /// What, why, and what can be done.
    pub body: String,
}

/// Which session a notification is of.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    pub session: &'a str,
    pub agent: &'a str,
    /// The working directory of the event.
    pub cwd: &'a str,
}

impl<'a> About<'a> {
    pub fn event(event: &'a Event) -> Self {
        Self {
            session: &event.session_id,
            agent: &event.agent_id,
            cwd: &event.cwd,
        }
    }
}

/// Carries out the notifications among the effects of an event: into the spool, and a process started that
/// delivers them. Costs nothing where there is none, and no file is opened where no channel is configured.
///
/// Errors: why one was not spooled or not started, for the record. It never concerns the verdict.
pub fn send(
    host: &dyn Host,
    dirs: &Dirs,
    policy: &Policy,
    about: About,
    effects: &[Effect],
) -> Result<(), String> {
    let mut spooled = false;
    for effect in effects {
        if let Effect::Notify(notification) = effect
            && is_told(policy, notification.kind)
        {
            spooled |= spool::put(host, dirs, policy, about, notification)?;
        }
    }
    if spooled {
        start(host, dirs).map_err(|it| format!("the delivery cannot be started: {it}"))?;
    }
    Ok(())
}

/// Whether this policy tells anybody of this kind. In observe mode nothing happened that could be told.
fn is_told(policy: &Policy, kind: Kind) -> bool {
    if policy.mode == Mode::Observe || !channel::any(policy) {
        return false;
    }
    let setting = policy.settings.iter().find(|it| it.key == "notify.on");
    match setting.map(|it| &it.value) {
        Some(Value::List(words)) => words.iter().any(|it| it == kind.word()),
        _ => true,
    }
}

/// Starts the companion, which delivers what waits and knows the directories of this wiring.
fn start(host: &dyn Host, dirs: &Dirs) -> std::io::Result<()> {
    let companion = dirs::companion(&dirs.executable);
    let words = [
        companion.as_str(),
        "notify",
        "flush",
        "--quiet",
        "--config-dir",
        &dirs.config,
        "--state-dir",
        &dirs.state,
        "--home",
        &dirs.home,
    ];
    host.detach(&companion, &words.map(str::to_owned))
}

#[cfg(test)]
mod tests;
