//! Owns the accesses of a whole reading, found once: rules and guards ask for the same ones. Does not own
//! what they are. Invariant: nothing is looked for before somebody asks.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::{Access, AccessKind, accesses};
use crate::shell::Reading;

/// The accesses of each invocation of a reading.
#[derive(Debug)]
pub struct Accesses<'r> {
    reading: &'r Reading,
    found: Vec<OnceCell<Vec<Access>>>,
    writers: OnceCell<BTreeMap<String, Vec<u32>>>,
}

impl<'r> Accesses<'r> {
    pub fn new(reading: &'r Reading) -> Self {
        Self {
            reading,
            found: vec![OnceCell::new(); reading.invocations.len()],
            writers: OnceCell::new(),
        }
    }

    /// What an invocation does to paths; nothing for one that the reading does not have.
    pub fn of(&self, index: usize) -> &[Access] {
        let known = self.found.get(index);
        let known = known.zip(self.reading.invocations.get(index));
        known.map_or(&[], |(cell, it)| cell.get_or_init(|| accesses(it)))
    }

    /// The invocations that write, by the last part of what they write; an invocation may stand twice.
    pub fn writers(&self) -> &BTreeMap<String, Vec<u32>> {
        self.writers.get_or_init(|| {
            let mut writers: BTreeMap<String, Vec<u32>> = BTreeMap::new();
            for (number, index) in (0_u32..).zip(0..self.found.len()) {
                for access in self.of(index) {
                    if matches!(access.kind, AccessKind::Write | AccessKind::Append) {
                        let path = access.path.text.as_str();
                        let name = path.rsplit('/').next().unwrap_or(path);
                        writers.entry(name.to_owned()).or_default().push(number);
                    }
                }
            }
            writers
        })
    }
}
