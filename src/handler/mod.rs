//! Owns what should be remembered or said at an event: the [`Handler`] trait and the ordered list of
//! handlers. Invariant: a handler never changes the verdict; all it wants is returned as effects.

mod breach;
mod credential;
mod end;
mod limit;
mod notice;
mod notify;
mod outcome;
mod record;
mod rewrite;
pub mod settings;

use crate::effect::Effect;
use crate::guard::Cx;
use crate::verdict::Verdict;

/// One reaction to events.
pub trait Handler {
    /// The id used in records and in `fixtures/scenarios/<id>/`.
    fn id(&self) -> &'static str;

    /// What is to be done now that the verdict is known.
    fn run(&self, cx: &Cx, verdict: &Verdict) -> Vec<Effect>;
}

/// Every handler, in the order in which they run. The record comes first: it is written first.
pub const HANDLERS: [&dyn Handler; 10] = [
    &record::RecordHandler,
    &rewrite::RewriteHandler,
    &breach::BreachHandler,
    &settings::SettingsHandler,
    &notice::NoticeHandler,
    &outcome::OutcomeHandler,
    &limit::LimitHandler,
    &credential::CredentialHandler,
    &notify::NotifyHandler,
    &end::EndHandler,
];

/// Runs every handler.
pub fn run_all(cx: &Cx, verdict: &Verdict) -> Vec<Effect> {
    HANDLERS.iter().flat_map(|it| it.run(cx, verdict)).collect()
}

#[cfg(test)]
mod tests;
