//! Owns the record of what happened, provably: [`Record`], the hash chain it is appended to, and its
//! verification. Invariant: a decision is in the chain before it is answered.
//!
//! ```text
//! <state>/audit/000001.jsonl   segments, named at creation, never renamed; the highest is written to
//! <state>/audit/head.json      the lock of the chain, and a second copy of its end
//! <state>/audit/anchors.jsonl  further copies, one per session end
//!
//! line    = {"seq":…,"prev":…,"digest":…,"hash":…,"salt":…,"content":{…}}
//! digest  = SHA-256(salt ‖ content as it stands in the line)
//! hash    = SHA-256(seq as 8 bytes, little endian ‖ prev ‖ digest)     prev = the hash one line before
//! ```
//!
//! Salt and content can be taken out of a line later: the chain runs over the digest and still verifies.

mod append;
mod head;
mod line;
mod place;
mod read;
mod verify;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{hex, secret};

pub use append::{anchor, append};
pub use head::Head;
pub use place::{head, segments};
pub use read::{Entry, latest, newest_first, parse_lines};
pub use verify::{Fault, Problem, Report, verify};

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
    /// Redacted, at most 512 bytes, cut on a character boundary: set by [`Record::subject`].
    pub subject: String,
    /// Length in bytes of the whole subject after redaction.
    pub subject_len: u64,
    /// SHA-256 of the whole subject after redaction, where `subject` is only its beginning.
    pub subject_sha256: String,
    /// The decision's word; `outcome` for outcomes, `note` for everything else.
    pub decision: String,
    pub rules: Vec<String>,
    /// Microseconds from process start to this record.
    pub duration_us: u64,
    /// Free facts: `mode`, `escalated`, `error`, `observed`, `severity:high`.
    pub note: String,
    /// The working directory of the event, so that subcommands can show one project's records.
    pub cwd: String,
}

/// Begins the fact in a note that tells how bad the finding is that decided, where a call was stopped.
pub const SEVERITY: &str = "severity:";

/// The fact in a note that the decision was recorded and not answered: observe mode.
pub const OBSERVED: &str = "observed";

/// At most this much of a subject stands in a record.
pub const SUBJECT_LIMIT: usize = 512;

impl Record {
    /// Sets what the record is about: redacted as a whole, then capped. Length and SHA-256 are those of
    /// the whole after redaction; the SHA-256 is left out where the whole stands in the record.
    pub fn subject(&mut self, text: &str) {
        let text = secret::redact(text);
        self.subject_len = text.len() as u64;
        if text.len() <= SUBJECT_LIMIT {
            self.subject = text.into_owned();
            return;
        }
        let end = text.floor_char_boundary(SUBJECT_LIMIT);
        text.get(..end)
            .unwrap_or_default()
            .clone_into(&mut self.subject);
        self.subject_sha256.clear();
        hex::push(&mut self.subject_sha256, &Sha256::digest(text.as_bytes()));
    }
}

#[cfg(test)]
mod tests;
