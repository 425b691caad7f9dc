//! Owns bytes as lower-case hexadecimal digits, written and read back. Does not own the digits in the texts
//! that are judged (`shell`, `guard`): there either case counts. Invariant: bytes have exactly one spelling.

const DIGITS: [u8; 16] = *b"0123456789abcdef";

/// Appends bytes as digits. A piece at a time: digit by digit into a string took more than all else that
/// writes a line of the audit chain, but hashing.
pub(crate) fn push(text: &mut String, bytes: &[u8]) {
    let digit = |it: u8| DIGITS.get(usize::from(it)).copied().unwrap_or_default();
    for piece in bytes.chunks(32) {
        let mut digits = [0_u8; 64];
        for (pair, byte) in digits.as_chunks_mut::<2>().0.iter_mut().zip(piece) {
            *pair = [digit(byte >> 4), digit(byte & 15)];
        }
        let used = digits.get(..2 * piece.len()).unwrap_or_default();
        text.push_str(std::str::from_utf8(used).unwrap_or_default());
    }
}

/// Reads exactly N bytes.
pub(crate) fn parse<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    if text.len() != 2 * N {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().as_chunks::<2>().0) {
        *byte = parse_pair(*pair)?;
    }
    Some(bytes)
}

/// Reads as many bytes as there are.
pub(crate) fn parse_all(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|it| parse_pair(*it)).collect()
}

fn parse_pair([high, low]: [u8; 2]) -> Option<u8> {
    let digit = |it: u8| match it {
        b'0'..=b'9' => Some(it - b'0'),
        b'a'..=b'f' => Some(it - b'a' + 10),
        _ => None,
    };
    Some(digit(high)? << 4 | digit(low)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let bytes: [u8; 256] = std::array::from_fn(|it| u8::try_from(it).unwrap());
        let mut text = String::new();
        push(&mut text, &bytes);
        assert!(text.starts_with("000102") && text.ends_with("fdfeff"));
        assert_eq!(parse::<256>(&text), Some(bytes));
        assert_eq!(parse_all(&text).as_deref(), Some(bytes.as_slice()));
    }

    #[test]
    fn there_is_one_spelling() {
        assert_eq!(parse_all("0a"), Some(vec![10]));
        assert_eq!(parse_all(""), Some(Vec::new()));
        for text in ["0A", "0", "0a0", "g0", "0é", " 0", "+1"] {
            assert_eq!(parse_all(text), None, "{text}");
            assert_eq!(parse::<1>(text), None, "{text}");
        }
        assert_eq!(parse::<2>("0a"), None);
    }
}
