//! Owns what is remembered of one session between hook processes: [`Session`], loaded and stored under
//! one lock. Each line of `sessions/<id>.log` is the complete small state; the last complete line wins.
//! Invariant: load, decide and store happen under one lock; a torn or foreign line never loses the
//! state before it.

mod digest;
mod line;
mod open;
mod read;
mod recent;
pub mod run;

use serde::{Deserialize, Serialize};

pub use digest::digest;
pub use open::{OpenSession, file_name, open, prune};
pub use read::{newest, read, touched_since};
pub use recent::{Call, Recent};
pub use run::Run;

/// The remembered state of one session. Versioned; unknown fields of a later version are kept out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// Format version of this line.
    #[serde(rename = "v")]
    pub version: u32,
    /// Tool calls judged so far.
    #[serde(rename = "n")]
    pub calls: u64,
    /// How many were asked and denied.
    #[serde(rename = "a")]
    pub asked: u64,
    #[serde(rename = "d")]
    pub denied: u64,
    /// Recent calls, at most [`RECENT_LIMIT`]; written beside the rest by `line`.
    #[serde(skip)]
    pub recent: Recent,
    /// Which settings files held us when last seen: lines of `settings::memory`; empty where nobody looked.
    #[serde(rename = "w", skip_serializing_if = "Vec::is_empty")]
    pub wired: Vec<String>,
    /// The length of the list of exceptions when the user was last told of it.
    #[serde(rename = "x", skip_serializing_if = "is_zero")]
    pub exceptions: u64,
    /// [`digest`] of what the user was told of the policy; empty for nothing.
    #[serde(rename = "p", skip_serializing_if = "String::is_empty")]
    pub notices: String,
    /// What a person reset, until the user was told of it; empty for nothing.
    #[serde(rename = "g", skip_serializing_if = "String::is_empty")]
    pub reset: String,
    /// What the limits of a run need.
    #[serde(rename = "l", skip_serializing_if = "Run::is_empty")]
    pub run: Run,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks with a reference"
)]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// The format that is written.
pub const VERSION: u32 = 1;

/// At most this many calls are remembered.
pub const RECENT_LIMIT: usize = 16;

/// Of those whose outcome was counted, fewer: they only serve a second wiring that comes right behind.
const SETTLED_LIMIT: usize = 8;

/// A requested change to a [`Session`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A call was judged.
    Judged(Call),
    /// The outcome of a call (tool_use_id) was seen.
    Settled(String),
    /// What the settings files hold of us, as lines of `settings::memory`.
    Wired(Vec<String>),
    /// The user was told of the exceptions and of the policy up to here.
    Told { exceptions: u64, notices: String },
    /// What the limits need is this from now on.
    Ran(Box<Run>),
}

impl Session {
    /// The remembered call of a tool_use_id.
    pub fn find(&self, tool_use_id: &str) -> Option<Call> {
        self.recent.find(tool_use_id)
    }

    /// Carries out changes in order. A call that is remembered already is replaced and not counted
    /// again: two wirings that both call us count once.
    pub fn apply(&mut self, changes: &[Change]) {
        for change in changes {
            match change {
                Change::Judged(call) => self.judge(call),
                Change::Settled(id) => self.recent.settle(id),
                Change::Wired(lines) => self.wired.clone_from(lines),
                Change::Told {
                    exceptions,
                    notices,
                } => {
                    self.exceptions = *exceptions;
                    self.notices.clone_from(notices);
                    self.reset.clear();
                }
                Change::Ran(run) => self.run.clone_from(run),
            }
        }
    }

    fn judge(&mut self, call: &Call) {
        if self.recent.replace(call) {
            return;
        }
        self.calls += 1;
        match call.decision.as_str() {
            "ask" => self.asked += 1,
            "deny" => self.denied += 1,
            _ => {}
        }
        self.recent.push(call);
        self.recent.forget(RECENT_LIMIT, SETTLED_LIMIT);
    }
}

#[cfg(test)]
mod tests;
