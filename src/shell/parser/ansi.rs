//! Owns the escapes of `$'…'`.

/// The text of `$'…'` with its escapes decoded; a NUL ends it.
pub(in crate::shell) fn decode_ansi(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        if char != '\\' {
            push_char(&mut bytes, char);
            continue;
        }
        let Some(kind) = chars.next() else {
            bytes.push(b'\\');
            break;
        };
        let simple = match kind {
            'a' => 7,
            'b' => 8,
            'e' | 'E' => 27,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'v' => 11,
            '\\' | '\'' | '"' | '?' => kind as u32,
            '0'..='7' => {
                let first = kind.to_digit(8).unwrap_or(0);
                take_digits(&mut chars, 8, 2, first).0 & 0xff
            }
            'c' => chars.next().map_or(0, |it| it as u32 & 0x1f),
            'x' | 'u' | 'U' => {
                let most = match kind {
                    'x' => 2,
                    'u' => 4,
                    _ => 8,
                };
                let (value, found) = take_digits(&mut chars, 16, most, 0);
                if !found {
                    bytes.extend([b'\\']);
                    push_char(&mut bytes, kind);
                    continue;
                }
                if kind != 'x' {
                    push_char(&mut bytes, char::from_u32(value).unwrap_or('\u{fffd}'));
                    continue;
                }
                value
            }
            _ => {
                bytes.push(b'\\');
                push_char(&mut bytes, kind);
                continue;
            }
        };
        if simple == 0 {
            break;
        }
        bytes.push(u8::try_from(simple).unwrap_or(b'?'));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn push_char(bytes: &mut Vec<u8>, char: char) {
    bytes.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
}

fn take_digits(chars: &mut std::str::Chars, radix: u32, most: usize, first: u32) -> (u32, bool) {
    let mut value = first;
    let mut found = false;
    for _ in 0..most {
        let mut ahead = chars.clone();
        let Some(digit) = ahead.next().and_then(|it| it.to_digit(radix)) else {
            break;
        };
        value = value.wrapping_mul(radix).wrapping_add(digit);
        found = true;
        *chars = ahead;
    }
    (value, found)
}
