//! Owns what should be remembered or said at an event: the [`Handler`] trait and the ordered list of
//! handlers. Invariant: a handler never changes the verdict; all it wants is returned as effects.

mod breach;
mod credential;
mod end;
mod limit;
mod notice;
mod notify;
mod outcome;
pub(crate) mod record;
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

/// Says that what was remembered of the session is lost: to the agent, to the user and in the record.
pub fn forgotten(cx: &Cx, problem: &str) -> [Effect; 3] {
    let mut record = record::blank(cx);
    "note".clone_into(&mut record.decision);
    record.rules = vec!["hookbin-state-lost".to_owned()];
    problem.clone_into(&mut record.note);
    [
        Effect::Audit(record),
        Effect::Context(format!(
            "hookbin: {problem}. What it refuses stays refused."
        )),
        Effect::Message(format!("hookbin: {problem}.")),
    ]
}

#[cfg(test)]
pub(crate) mod tests;
