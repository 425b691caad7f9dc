//! Owns the numbers of `limits.*`: [`Limits`], in the order of the table. Does not own what is counted
//! (`session`) nor what happens at a limit (`guard::limit`, `handler::limit`). Invariant: the defaults are
//! those of the table; a test compares.

use super::Preset;

/// One number of `limits.*`; 0 is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// Shell calls of one agent within a minute.
    Rate,
    /// Tool calls of a session, of one agent, since one prompt.
    Steps,
    StepsAgent,
    StepsPrompt,
    /// Subagents of a session.
    Subagents,
    /// Minutes since a session's first event.
    Minutes,
    /// Failures of the same kind before the same call is refused; of tests; for want of rights.
    Failures,
    FailuresTests,
    FailuresRights,
    /// Refused repetitions before the run ends.
    Refusals,
    /// Equal calls with equal results before a warning; twice as many end the run.
    Repeats,
    /// Failing calls in a row before a warning; twice as many end the run.
    Stuck,
}

impl Limit {
    /// Every limit, in the order of the table.
    pub const ALL: [Self; 12] = [
        Self::Rate,
        Self::Steps,
        Self::StepsAgent,
        Self::StepsPrompt,
        Self::Subagents,
        Self::Minutes,
        Self::Failures,
        Self::FailuresTests,
        Self::FailuresRights,
        Self::Refusals,
        Self::Repeats,
        Self::Stuck,
    ];

    /// The setting's key behind `limits.`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::Steps => "steps",
            Self::StepsAgent => "steps_agent",
            Self::StepsPrompt => "steps_prompt",
            Self::Subagents => "subagents",
            Self::Minutes => "minutes",
            Self::Failures => "failures",
            Self::FailuresTests => "failures_tests",
            Self::FailuresRights => "failures_rights",
            Self::Refusals => "refusals",
            Self::Repeats => "repeats",
            Self::Stuck => "stuck",
        }
    }
}

/// The limits of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits([u32; Limit::ALL.len()]);

impl Default for Limits {
    fn default() -> Self {
        Self::of(Preset::Standard)
    }
}

impl Limits {
    /// The limits of a preset.
    pub fn of(preset: Preset) -> Self {
        let mut limits = Self([60, 0, 0, 0, 0, 0, 3, 5, 2, 3, 3, 10]);
        if preset == Preset::Unattended {
            limits.set(Limit::Rate, 30);
            limits.set(Limit::StepsPrompt, 200);
        }
        limits
    }

    /// A limit; `None` where there is none.
    pub fn get(&self, limit: Limit) -> Option<u32> {
        let number = self.0.get(limit as usize).copied().unwrap_or_default();
        (number > 0).then_some(number)
    }

    pub fn set(&mut self, limit: Limit, number: u32) {
        if let Some(it) = self.0.get_mut(limit as usize) {
            *it = number;
        }
    }

    /// Sets the limit of a key such as `limits.rate`; other keys change nothing.
    pub(super) fn set_key(&mut self, key: &str, number: u64) {
        let Some(name) = key.strip_prefix("limits.") else {
            return;
        };
        if let Some(limit) = Limit::ALL.into_iter().find(|it| it.name() == name) {
            self.set(limit, u32::try_from(number).unwrap_or(u32::MAX));
        }
    }
}
