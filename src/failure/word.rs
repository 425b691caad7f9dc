//! Owns what a word of a message is and the number it is looked up by. Shared with the build script, which
//! sorts the phrases by it. Invariant: words have one spelling, in lower case.

/// Whether a character is part of a word.
pub(crate) fn is_word(it: char) -> bool {
    it.is_ascii_alphanumeric() || it == '_' || !it.is_ascii()
}

/// The number of a word (FNV-1a): two words that share one cost a look, no more.
pub(crate) fn number(word: &str) -> u32 {
    let step = |number: u32, it: u8| (number ^ u32::from(it)).wrapping_mul(0x0100_0193);
    word.bytes().fold(0x811c_9dc5, step)
}
