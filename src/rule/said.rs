//! Owns a text in which phrases are looked for: as it stands, as SQL, or as JavaScript. Invariant: it is made
//! ready for each at most once, and not before a phrase asks for it.

use std::cell::OnceCell;

use super::pattern::{phrase, plain};
use super::{javascript, sql};

pub(super) struct Said<'t> {
    text: &'t str,
    plain: OnceCell<String>,
    code: OnceCell<String>,
    calls: OnceCell<javascript::Code>,
}

impl<'t> Said<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            text,
            plain: OnceCell::new(),
            code: OnceCell::new(),
            calls: OnceCell::new(),
        }
    }

    /// True where the phrase stands in it; with `sql:` in front, where a database would execute it; with
    /// `js:`, where JavaScript calls it.
    pub(super) fn holds(&self, wanted: &str) -> bool {
        let plain = || self.plain.get_or_init(|| plain(self.text));
        if let Some(wanted) = wanted.strip_prefix("sql:") {
            return sql::says(wanted, self.code.get_or_init(|| sql::code(self.text)));
        }
        match wanted.strip_prefix("js:") {
            Some(wanted) => {
                let code = self.calls.get_or_init(|| javascript::code(self.text));
                code.calls(wanted, plain)
            }
            None => phrase(wanted, plain()),
        }
    }
}
