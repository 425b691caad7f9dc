//! Owns a text in which phrases are looked for: as it stands, or as SQL. Invariant: it is made ready for
//! either at most once, and not before a phrase asks for it.

use std::cell::OnceCell;

use super::pattern::{phrase, plain};
use super::sql;

pub(super) struct Said<'t> {
    text: &'t str,
    plain: OnceCell<String>,
    code: OnceCell<String>,
}

impl<'t> Said<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            plain: OnceCell::new(),
            code: OnceCell::new(),
        }
    }

    /// True where the phrase stands in it; with `sql:` in front, where a database would execute it.
    pub(super) fn holds(&self, wanted: &str) -> bool {
        match wanted.strip_prefix("sql:") {
            Some(wanted) => sql::says(wanted, self.code.get_or_init(|| sql::code(self.text))),
            None => phrase(wanted, self.plain.get_or_init(|| plain(self.text))),
        }
    }
}
