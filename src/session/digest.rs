//! Owns the fingerprint of a tool's input, by which a rewritten input is noticed. Not for secrets and
//! not against forgery: the audit chain has SHA-256, this runs over every input, however large.

use std::hash::{DefaultHasher, Hasher};

/// Sixteen hex digits over the JSON text of an input.
pub fn digest(input: &str) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(input.as_bytes());
    format!("{:016x}", hasher.finish())
}
