//! Owns access to the built-in packs as they are written, for `explain`, `rules show` and the self-test.
//! Off the hot path: the sources are parsed at each call. Invariant: it lists exactly the files the
//! embedded table was compiled from.

use super::source::{LoadError, Source, load};

/// The built-in rule files, in the order of the table: file name and text.
pub fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
    include_str!(concat!(env!("OUT_DIR"), "/rules.txt"))
        .split('\u{1f}')
        .filter_map(|it| it.split_once('\u{1e}'))
}

/// The built-in packs, parsed.
pub fn builtin() -> Result<Vec<Source>, LoadError> {
    files().map(|(file, text)| load(file, text)).collect()
}
