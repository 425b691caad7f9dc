//! Owns the matching of raw text, the last resort of rules. Invariant: a regex is bounded in size, and one
//! that does not compile hides nothing.

use regex::bytes::{Regex, RegexBuilder};

use super::table::View;

/// A regex of a raw-text rule: bytes without Unicode tables, bounded in size.
pub(crate) fn regex(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern)
        .unicode(false)
        .size_limit(1 << 20)
        .build()
}

/// True for a regex whose program takes more than a handful of pages: it is compiled while a call waits.
pub(super) fn is_costly(pattern: &str) -> bool {
    let mut builder = RegexBuilder::new(pattern);
    builder.unicode(false).size_limit(COSTLY);
    matches!(builder.build(), Err(regex::Error::CompiledTooBig(_)))
}

/// Bytes of a compiled regex past which it is a costly one.
const COSTLY: usize = 64 << 10;

/// One of the texts is as the regex says.
pub(super) fn text_matches(view: &View, payload: &[u8], texts: &[&str]) -> bool {
    let pattern = view.texts(payload).next().unwrap_or_default();
    // Loading refuses a pattern that does not compile; one that still does not must not hide anything.
    pattern.is_empty()
        || regex(pattern).map_or(true, |regex| {
            texts.iter().any(|it| regex.is_match(it.as_bytes()))
        })
}
