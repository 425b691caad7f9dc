//! Owns the grammar of PowerShell text (`cursor`, `text`, `word`, `expression`, `statement`) and what its
//! cmdlets do, in the terms of the programs that do the same (`name`, `bind`, `kin`, `place`). Does not own the walk
//! (`walk::powershell`) nor any judgement. Invariants: pure, linear, depth-limited, never panics; what is
//! not understood is a problem of syntax or unknown, never dropped.

pub(in crate::shell) mod ast;
pub(in crate::shell) mod bind;
mod block;
pub(in crate::shell) mod cmd;
mod cursor;
mod expression;
pub(in crate::shell) mod kin;
pub(in crate::shell) mod name;
pub(in crate::shell) mod place;
mod statement;
mod text;
mod word;

#[cfg(test)]
mod tests;

pub(in crate::shell) use cursor::Parser;
