//! Owns the writing of one text inside another: the quotings and encodings that disguises are made of.
//! Invariant: read back by its own rules, what is written is the text again.

use std::fmt::Write as _;

/// In single quotes of a shell.
pub(super) fn single(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// In double quotes of a shell, nothing expanded.
pub(super) fn double(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        if matches!(letter, '"' | '\\' | '$' | '`') {
            quoted.push('\\');
        }
        quoted.push(letter);
    }
    quoted + "\""
}

/// In `$'…'`, every byte a hexadecimal escape.
pub(super) fn ansi(text: &str) -> String {
    format!("$'{}'", escaped(text, |it| format!("\\x{it:02x}")))
}

/// In `$'…'`, every byte an octal escape.
pub(super) fn octal(text: &str) -> String {
    format!("$'{}'", escaped(text, |it| format!("\\{it:03o}")))
}

fn escaped(text: &str, escape: impl Fn(u8) -> String) -> String {
    text.bytes().map(escape).collect()
}

/// A backslash in front of every letter.
pub(super) fn slashed(text: &str) -> String {
    text.chars().flat_map(|it| ['\\', it]).collect()
}

/// With an empty pair of quotes after the first letter.
pub(super) fn torn(text: &str) -> String {
    let end = text.chars().next().map_or(0, char::len_utf8);
    let (first, rest) = text.split_at(end);
    format!("{first}\"\"{rest}")
}

/// A literal of Python, Ruby, JavaScript or Perl in double quotes.
pub(super) fn literal(text: &str, special: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '\n' => quoted.push_str("\\n"),
            '"' | '\\' => quoted.extend(['\\', letter]),
            it if special.contains(it) => quoted.extend(['\\', it]),
            it => quoted.push(it),
        }
    }
    quoted + "\""
}

/// In single quotes of PowerShell.
pub(super) fn power(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// As PowerShell's `-EncodedCommand` wants it.
pub(super) fn power_base64(text: &str) -> String {
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    base64(&bytes)
}

pub(super) fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let at = |it: usize| u32::from(three.get(it).copied().unwrap_or_default());
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for place in 0..4 {
            if place <= three.len() {
                let index = (bits >> (18 - 6 * place)) & 63;
                text.push(char::from(LETTERS[index as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

pub(super) fn hex(text: &str) -> String {
    let mut written = String::new();
    for byte in text.bytes() {
        write!(written, "{byte:02x}").expect("memory");
    }
    written
}

/// A word that occurs nowhere in the text, for the end of a heredoc.
pub(super) fn mark(text: &str) -> &'static str {
    let marks = ["EOF", "STOP_HERE", "Z9_OVER"];
    marks
        .into_iter()
        .find(|it| !text.contains(it))
        .unwrap_or("Q_Q_Q")
}
