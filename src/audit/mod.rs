//! Owns the record of what happened, provably: [`Record`], the hash chain it is appended to, and its
//! verification. Invariant: a decision is in the chain before it is answered.

use serde::{Deserialize, Serialize};

/// The content of one audit record. The chain adds sequence, hashes and salt around it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// RFC 3339, UTC, microseconds.
    pub time: String,
    pub session: String,
    /// Empty for the main agent.
    pub agent: String,
    pub event: String,
    pub tool: String,
    pub tool_use_id: String,
    /// Redacted, at most 512 bytes, cut on a character boundary.
    pub subject: String,
    /// Length in bytes and SHA-256 of the whole subject after redaction.
    pub subject_len: u64,
    pub subject_sha256: String,
    /// The decision's word; `outcome` for outcomes, `note` for everything else.
    pub decision: String,
    pub rules: Vec<String>,
    /// Microseconds from process start to this record.
    pub duration_us: u64,
    /// Free facts: `mode`, `escalated`, `error`, `observed`.
    pub note: String,
    /// The working directory of the event, so that subcommands can show one project's records.
    pub cwd: String,
}
