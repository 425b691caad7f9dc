//! Owns the question "may this happen?": the [`Guard`] trait and the ordered list of guards. Does not
//! own rules (data in `rules/`) nor the reduction (`verdict`). Invariant: a guard reads and never
//! writes; what it wants remembered it returns as an effect from [`Guard::record`].

pub mod command;
pub mod content;
pub mod egress;
mod grant;
pub mod limit;
pub mod path;
mod script;
pub mod settings;
pub mod tools;

pub use grant::{Granted, grant};
pub use script::{Disk, blob_id};

use std::borrow::Cow;

use crate::effect::Effect;
use crate::event::Event;
use crate::host::Host;
use crate::path::{Locator, Places};
use crate::policy::Policy;
use crate::session::Session;
use crate::shell::access::Accesses;
use crate::shell::{Reading, Span};
use crate::verdict::{Decision, Finding, Severity, Verdict};

/// Everything a guard may look at.
pub struct Cx<'a> {
    pub event: &'a Event<'a>,
    pub policy: &'a Policy,
    pub session: &'a Session,
    pub host: &'a dyn Host,
    pub places: &'a Places,
    /// How the tool call's shell text reads, where the tool has one; read once for all guards.
    pub reading: Option<&'a Reading>,
    /// What that text does to paths, found once for all guards.
    pub accesses: Accesses<'a>,
    /// Where paths are, each directory looked at once for all guards.
    pub locator: Locator<'a>,
}

/// What there is where a tool call has no shell text.
static NO_READING: Reading = Reading::EMPTY;

impl<'a> Cx<'a> {
    /// Puts together what the stages before the guards found out.
    pub fn new(
        event: &'a Event<'a>,
        policy: &'a Policy,
        session: &'a Session,
        host: &'a dyn Host,
        places: &'a Places,
        reading: Option<&'a Reading>,
    ) -> Self {
        Self {
            event,
            policy,
            session,
            host,
            places,
            reading,
            accesses: Accesses::new(reading.unwrap_or(&NO_READING)),
            locator: Locator::new(host, places),
        }
    }
}

/// What a guard calls a finding of its own: rule and pack.
type Name = (&'static str, &'static str);
/// Why, and what to do instead.
type Words = (Cow<'static, str>, Cow<'static, str>);

impl Cx<'_> {
    /// A finding of a guard's own, unless the policy switched it off.
    fn finding(
        &self,
        (rule, pack): Name,
        (severity, decision): (Severity, Decision),
        (why, instead): Words,
        subject: String,
        span: Option<Span>,
    ) -> Option<Finding> {
        let decision = self.policy.decide(rule, pack, severity, decision);
        (decision != Decision::Pass).then_some(Finding {
            rule: Cow::Borrowed(rule),
            pack: Cow::Borrowed(pack),
            severity,
            decision,
            why,
            instead,
            subject,
            real: String::new(),
            span,
        })
    }
}

/// One guard. The methods default to "nothing to say".
pub trait Guard {
    /// The id used in records and in `fixtures/scenarios/<id>/`.
    fn id(&self) -> &'static str;

    /// Objections to the event.
    fn check(&self, _cx: &Cx) -> Vec<Finding> {
        Vec::new()
    }

    /// What the guard wants remembered or said once the verdict is known.
    fn record(&self, _cx: &Cx, _verdict: &Verdict) -> Vec<Effect> {
        Vec::new()
    }
}

/// Every guard, in the order in which they are asked.
pub const GUARDS: [&dyn Guard; 7] = [
    &settings::SettingsGuard,
    &tools::ToolsGuard,
    &command::CommandGuard,
    &egress::EgressGuard,
    &path::PathGuard {
        accesses: path::found_in_shell,
    },
    &content::ContentGuard,
    &limit::LimitGuard,
];

/// Asks every guard.
pub fn check_all(cx: &Cx) -> Vec<Finding> {
    let findings: Vec<Finding> = GUARDS.iter().flat_map(|it| it.check(cx)).collect();
    match cx.reading {
        Some(reading) if !reading.scripts.is_empty() => script::temper(cx, reading, findings),
        _ => findings,
    }
}

/// What every guard wants remembered or said.
pub fn record_all(cx: &Cx, verdict: &Verdict) -> Vec<Effect> {
    GUARDS
        .iter()
        .flat_map(|it| it.record(cx, verdict))
        .collect()
}
