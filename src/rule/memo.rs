//! Owns what has been traced through a text once, so that asking it for every invocation stays cheap. Does
//! not own the tracing (`origin`, `flow`). Invariant: an answer belongs to one predicate of one table and
//! to one reading.

use std::cell::RefCell;

use super::flow::Flow;
use super::matcher::Query;

pub(super) struct Memo<'q> {
    /// Sets of invocations (and of what `flow` knows behind them), by the address of what was asked for
    /// in the table.
    sets: RefCell<Vec<(usize, Vec<bool>)>>,
    pub(super) flow: Flow<'q>,
}

impl<'q> Memo<'q> {
    pub(super) fn new(query: &Query<'q>) -> Self {
        Self {
            sets: RefCell::default(),
            flow: Flow::new(query),
        }
    }

    /// True where one of the invocations is in the set of this predicate.
    pub(super) fn holds(
        &self,
        payload: &[u8],
        any: &[usize],
        trace: impl FnOnce() -> Vec<bool>,
    ) -> bool {
        let key = payload.as_ptr().addr();
        let holds = |set: &[bool]| any.iter().any(|it| set.get(*it) == Some(&true));
        let known = self
            .sets
            .borrow()
            .iter()
            .find(|it| it.0 == key)
            .map(|it| holds(&it.1));
        known.unwrap_or_else(|| {
            let set = trace();
            let found = holds(&set);
            self.sets.borrow_mut().push((key, set));
            found
        })
    }
}
