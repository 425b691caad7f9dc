//! Owns the codecs whose text is decoded: base64, base32, hexadecimal. Does not own who asks. Invariant:
//! bytes that are no UTF-8 become replacement characters, so that the readable part is still judged.

/// Text in base64, either alphabet, blanks ignored; None where it is none.
pub(crate) fn base64(text: &str) -> Option<String> {
    decode(text, 6, |letter| match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' | b'-' => Some(62),
        b'/' | b'_' => Some(63),
        _ => None,
    })
}

/// Text in base32.
pub(super) fn base32(text: &str) -> Option<String> {
    decode(text, 5, |letter| match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a'),
        b'2'..=b'7' => Some(letter - b'2' + 26),
        _ => None,
    })
}

/// Text in hexadecimal digits, blanks and `\x` ignored.
pub(crate) fn hex(text: &str) -> Option<String> {
    let plain = text.replace("\\x", "").replace("0x", "");
    decode(&plain, 4, |letter| {
        char::from(letter)
            .to_digit(16)
            .and_then(|it| u8::try_from(it).ok())
    })
}

/// The bytes of an `xxd` listing: offset, groups of digits, the text after two blanks.
pub(super) fn dump(text: &str) -> Option<String> {
    let mut digits = String::new();
    for line in text.lines() {
        let (_, rest) = line.split_once(':')?;
        let groups = rest.trim_start().split("  ").next().unwrap_or_default();
        digits.push_str(groups);
    }
    hex(&digits)
}

fn decode(text: &str, width: u32, value: impl Fn(u8) -> Option<u8>) -> Option<String> {
    let (mut bytes, mut buffer, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes().filter(|it| !it.is_ascii_whitespace()) {
        if letter == b'=' {
            // Padding ends one piece; another one may follow.
            (buffer, bits) = (0, 0);
            continue;
        }
        buffer = (buffer << width | u32::from(value(letter)?)) & 0xffff;
        bits += width;
        if bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits & 0xff) as u8);
        }
    }
    (!bytes.is_empty()).then(|| String::from_utf8_lossy(&bytes).into_owned())
}
