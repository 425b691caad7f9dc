//! Owns the records of one session for people who look at it: [`Log`], read from the end of the audit chain.
//! Does not own the chain (`audit`). Invariant: bounded, and a chain that cannot be read is a problem to name,
//! not an error.

use serde::Serialize;

use super::{TEXT_LIMIT, clean};
use crate::audit::{self, Record};
use crate::host::{Dirs, Host};

/// So much of the chain's end is looked at (bytes): some two thousand records.
const TAIL: usize = 1 << 20;
/// The latest failures that are told.
const FAILURE_LIMIT: usize = 8;

/// The records of a session, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Log {
    pub records: Vec<Record>,
    /// Why records may be missing; empty where they are all there.
    pub problem: String,
}

/// A call that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    pub time: String,
    pub tool: String,
    pub subject: String,
    pub message: String,
}

impl Log {
    /// Reads the records of the sessions that `wanted` names.
    pub fn read(host: &dyn Host, dirs: &Dirs, wanted: impl Fn(&str) -> bool) -> Self {
        match audit::latest(host, dirs, TAIL) {
            Ok((mut records, whole)) => {
                records.retain(|it| wanted(&it.session));
                let problem = if whole {
                    String::new()
                } else {
                    "only the latest records were read: what is told of files, tasks and calls may lack what was before them".to_owned()
                };
                Self { records, problem }
            }
            Err(error) => Self {
                records: Vec::new(),
                problem: format!("the audit records cannot be read: {error}"),
            },
        }
    }

    /// The latest calls that failed, oldest first.
    pub fn failures(&self) -> Vec<Failure> {
        let failed = self.records.iter().filter(|it| is_failure(it));
        let mut found: Vec<Failure> = failed
            .rev()
            .take(FAILURE_LIMIT)
            .map(|it| Failure {
                time: it.time.clone(),
                tool: clean(&it.tool, TEXT_LIMIT),
                subject: clean(&it.subject, TEXT_LIMIT),
                message: clean(&it.note, TEXT_LIMIT),
            })
            .collect();
        found.reverse();
        found
    }
}

/// True for the record of an outcome that was no success.
pub(super) fn is_failure(record: &Record) -> bool {
    record.decision == "outcome" && record.note != "ok" && record.note != "no response"
}
