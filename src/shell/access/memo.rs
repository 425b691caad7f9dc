//! Owns the accesses of a whole reading, found once: rules and guards ask for the same ones. Does not own
//! what they are. Invariant: nothing is looked for before somebody asks.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::{Access, AccessKind, accesses};
use crate::shell::{Cwd, Reading};

/// The accesses of each invocation of a reading.
#[derive(Debug)]
pub struct Accesses<'r> {
    reading: &'r Reading,
    found: Vec<OnceCell<Vec<Access>>>,
    writers: OnceCell<BTreeMap<String, usize>>,
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

    /// The first invocation that writes at each place; `place` says where a path is, seen from a directory.
    pub fn first_writers(&self, place: impl Fn(&Cwd, &str) -> String) -> &BTreeMap<String, usize> {
        self.writers.get_or_init(|| {
            let mut writers = BTreeMap::new();
            for (index, invocation) in self.reading.invocations.iter().enumerate() {
                for access in self.of(index) {
                    if matches!(access.kind, AccessKind::Write | AccessKind::Append) {
                        let place = place(&invocation.cwd, &access.path.text);
                        writers.entry(place).or_insert(index);
                    }
                }
            }
            writers
        })
    }
}
