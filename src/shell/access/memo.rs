//! Owns the accesses of a whole reading, found once: rules and guards ask for the same ones. Does not own
//! what they are. Invariant: nothing is looked for before somebody asks.

use std::cell::OnceCell;

use super::{Access, accesses};
use crate::shell::Reading;

/// The accesses of each invocation of a reading.
#[derive(Debug)]
pub struct Accesses<'r> {
    reading: &'r Reading,
    found: Vec<OnceCell<Vec<Access>>>,
}

impl<'r> Accesses<'r> {
    pub fn new(reading: &'r Reading) -> Self {
        Self {
            reading,
            found: vec![OnceCell::new(); reading.invocations.len()],
        }
    }

    /// What an invocation does to paths; nothing for one that the reading does not have.
    pub fn of(&self, index: usize) -> &[Access] {
        let known = self.found.get(index);
        let known = known.zip(self.reading.invocations.get(index));
        known.map_or(&[], |(cell, it)| cell.get_or_init(|| accesses(it)))
    }
}
