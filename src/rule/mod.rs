//! Owns declarative knowledge: rules as data, compiled to one flat table ([`Table`]). Does not own the
//! reading of shell text nor the reduction of findings. Invariant: no rule without samples, and nothing
//! is parsed or compiled on the hot path.

mod branch;
pub mod catalog;
mod code;
mod compile;
mod encode;
mod facts;
mod fetch;
mod filter;
mod flow;
mod head;
mod inquiry;
mod javascript;
pub mod lint;
mod matcher;
mod memo;
mod mode;
mod near;
mod needs;
mod network;
mod origin;
pub mod owasp;
mod package;
mod pattern;
mod predicate;
mod printed;
mod ran;
mod raw;
mod said;
pub mod selftest;
mod source;
mod sql;
mod subject;
mod table;
mod tracked;
mod variable;
mod words;
mod written;

pub use matcher::{Hit, Query};
pub use near::Near;
pub use network::{Address, is_host_pattern, reached, reached_by_tool};
pub(crate) use raw::regex;
pub use source::{Clause, Clauses, LoadError, Pack, Redirect, Rule, Source, Text, Words, load};
pub use table::{RuleView, Table, TableError};
pub(crate) use tracked::lists;

#[cfg(test)]
mod tests;
