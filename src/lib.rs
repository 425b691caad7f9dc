//! hookbin: one small executable that guards a coding agent. Registered as hooks in Claude Code, it sees
//! every tool call before and after, decides, remembers and records.
//!
//! ```text
//! stdin bytes ─ event::parse ─► Event                     untrusted JSON becomes one typed event
//! Event ─ session::load ─► (Event, Session)               what is remembered, under its lock
//!         guard::check_all ─► Findings                    every guard reads, writes nothing
//! Findings ─ verdict::reduce ─► Verdict                   overrides applied once; the strictest wins
//!         guard::record_all, handler::run_all ─► Effects  state, context, files, notifications
//!         host::apply                                     audit record first, then the rest
//! Verdict ─ response::render ─► stdout, stderr, exit code the hook protocol, in one file
//! ```

pub mod audit;
pub mod cli;
pub mod cmd;
pub mod dirs;
pub mod effect;
pub mod event;
pub mod failure;
pub mod guard;
pub mod handler;
mod hex;
pub mod hook;
pub mod host;
pub mod limit;
pub mod notify;
pub mod order;
pub mod outcome;
pub mod path;
mod plain;
pub mod policy;
pub mod process;
pub mod report;
pub mod response;
pub mod rule;
pub mod scenario;
pub mod secret;
pub mod session;
pub mod settings;
pub mod shell;
pub mod verdict;
mod word;
