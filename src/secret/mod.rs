//! Owns what a secret looks like, how it is taken out of text ([`redact`]) and how one in use is found
//! ([`find`]). Does not own the kinds (`rules/secrets/`). Invariant: everything that leaves the process has
//! passed redaction, the whole text first, then any cap, then any hash.

mod armour;
mod assign;
mod conceal;
mod credential;
mod find;
mod jwt;
mod live;
mod pass;
mod random;
mod redact;
mod scan;
mod shape;

pub use conceal::conceal;
pub use find::{Secret, find};
pub use live::Proof;
#[cfg(test)]
pub(crate) use random::summed;
pub use redact::redact;
