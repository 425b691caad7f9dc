//! Owns the subcommands, one thin file each. Invariant: the hook path never gets here.

pub mod audit;
