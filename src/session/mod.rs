//! Owns what is remembered of one session between hook processes: [`Session`], loaded and stored under
//! one lock. Each line of `sessions/<id>.log` is the complete small state; the last complete line wins.
//! Invariant: load, decide and store happen under one lock; a torn or foreign line never loses the
//! state before it.

use serde::{Deserialize, Serialize};

/// The remembered state of one session. Versioned; unknown fields of a later version are kept out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// Format version of this line.
    pub version: u32,
    /// Tool calls judged so far.
    pub calls: u64,
    /// How many were asked and denied.
    pub asked: u64,
    pub denied: u64,
    /// Recent calls, oldest first, at most [`RECENT_LIMIT`].
    pub recent: Vec<Call>,
    /// Which settings files held us when last seen: lines of `settings::memory`; empty where nobody looked.
    pub wired: Vec<String>,
}

/// At most this many calls are remembered.
pub const RECENT_LIMIT: usize = 32;

/// One judged tool call: enough to repeat the verdict and to notice a rewritten input.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Call {
    /// tool_use_id.
    pub id: String,
    /// First 16 hex digits of the SHA-256 of the input as judged.
    pub digest: String,
    /// The decision's word.
    pub decision: String,
    /// The message that was answered, where it was not pass.
    pub message: String,
    /// Whether the outcome was counted.
    pub settled: bool,
}

/// A requested change to a [`Session`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A call was judged.
    Judged(Call),
    /// The outcome of a call (tool_use_id) was seen.
    Settled(String),
    /// What the settings files hold of us, as lines of `settings::memory`.
    Wired(Vec<String>),
}
