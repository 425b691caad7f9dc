//! Owns where in a text a byte stands, as people count: lines and columns. Does not own what is said about
//! it. Invariant: both count from 1.

/// Line and column of a byte offset, both from 1, columns in characters.
pub(in crate::policy) fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at.min(text.len())).unwrap_or(text);
    let line = before.bytes().filter(|it| *it == b'\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    (line, column)
}
