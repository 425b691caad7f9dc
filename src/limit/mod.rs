//! Owns the judgement of a run: when an agent repeats what fails ([`breaker`]), spins ([`progress`]) or has used
//! up what it was given ([`budget`]). Pure: it reads and changes what the session remembers
//! ([`Run`](crate::session::Run)) and says what follows. Does not own what is done about it (`guard::limit`,
//! `handler::limit`). Invariants: one agent's failures never hold up another; another call than the one that
//! failed is never refused.

pub mod breaker;
pub mod budget;
mod key;
pub mod progress;

pub use key::{digest, program, spawns, subject_key, substance_key};

/// The rules that end the run of an agent; the others refuse one call.
pub const ENDS: [&str; 8] = [
    "limit-ended",
    "limit-minutes",
    "limit-refusals",
    "limit-spinning",
    "limit-steps",
    "limit-steps-agent",
    "limit-steps-prompt",
    "limit-subagents",
];

/// The pack under which all of them are tuned (`rules.decision`).
pub const PACK: &str = "limits";
