//! Owns what a secret looks like and how it is taken out of text: [`redact`]. Invariant: everything that
//! leaves the process has passed it, the whole text first, then any cap, then any hash.

mod armour;
mod assign;
mod credential;
mod redact;
mod scan;
mod shape;

pub use redact::redact;
