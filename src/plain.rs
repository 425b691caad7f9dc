//! Owns text that cannot drive a terminal: [`plain`]. Does not own secrets in it (`secret`). Invariant: one
//! line in, whatever it held, is one line out.

/// The text without what a terminal obeys: control characters, and those that turn text around.
pub(crate) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                plain.push('\u{fffd}');
            }
            it if it.is_control() => plain.extend(it.escape_default()),
            it => plain.push(it),
        }
    }
    plain
}

/// The beginning of a text, at most `limit` characters, and a mark where more was there.
pub(crate) fn cut(text: &str, limit: usize) -> String {
    match text.char_indices().nth(limit) {
        Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
