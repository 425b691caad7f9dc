//! Owns the question "may this happen?": the [`Guard`] trait and the ordered list of guards. Does not
//! own rules (data in `rules/`) nor the reduction (`verdict`). Invariant: a guard reads and never
//! writes; what it wants remembered it returns as an effect from [`Guard::record`].

pub mod command;

use crate::effect::Effect;
use crate::event::Event;
use crate::host::Host;
use crate::path::Places;
use crate::policy::Policy;
use crate::session::Session;
use crate::shell::Reading;
use crate::verdict::{Finding, Verdict};

/// Everything a guard may look at.
pub struct Cx<'a> {
    pub event: &'a Event<'a>,
    pub policy: &'a Policy,
    pub session: &'a Session,
    pub host: &'a dyn Host,
    pub places: &'a Places,
    /// How the tool call's shell text reads, where the tool has one; read once for all guards.
    pub reading: Option<&'a Reading>,
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
