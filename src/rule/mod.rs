//! Owns declarative knowledge: rules as data, compiled to one flat table ([`Table`]). Does not own the
//! reading of shell text nor the reduction of findings. Invariant: no rule without samples, and nothing
//! is parsed or compiled on the hot path.

/// A compiled set of rules: one flat, relocation-free blob.
#[derive(Clone, Debug, Default)]
pub struct Table;
