//! Owns what echo and printf write, with their escapes. Does not own the text's later use.

use super::SIZE_LIMIT;
use crate::shell::invocation::{Arg, ArgFlags};
use crate::shell::unwrap::{join, like};

/// What `echo` writes.
pub(super) fn echo(args: &[Arg]) -> Option<Arg> {
    let is_flag = |it: &&Arg| {
        it.text.len() > 1
            && it.text.starts_with('-')
            && it
                .text
                .bytes()
                .skip(1)
                .all(|it| matches!(it, b'n' | b'e' | b'E'))
    };
    let length = args.iter().take_while(is_flag).count();
    let (flags, words) = args.split_at_checked(length)?;
    let mut arg = join(words.iter());
    let has = |letter| flags.iter().any(|it| it.text.contains(letter));
    if has('e') {
        let (text, ended) = unescape(&arg.text, false);
        set_hidden(&mut arg);
        arg.text = text;
        if ended {
            return Some(arg);
        }
    }
    if !has('n') {
        arg.text.push('\n');
    }
    Some(arg)
}

/// What `printf` writes; None with `-v`, which writes nothing.
pub(super) fn printf(args: &[Arg]) -> Option<Arg> {
    let args = match args.first()?.text.as_str() {
        "-v" => return None,
        "--" => args.get(1..)?,
        _ => args,
    };
    let (format, values) = args.split_first()?;
    let mut values = values.iter();
    let mut arg = join(args.iter());
    let mut text = String::new();
    loop {
        let before = values.len();
        let ended = round(&format.text, &mut values, &mut text);
        if text.len() > SIZE_LIMIT {
            return None;
        }
        if ended || values.len() == 0 || values.len() == before {
            break;
        }
    }
    set_hidden(&mut arg);
    Some(like(&arg, text))
}

/// Escapes that spell ordinary letters are a way to hide text; line breaks and tabs are not.
fn set_hidden(arg: &mut Arg) {
    let mut rest = arg.text.as_str();
    while let Some((_, after)) = rest.split_once('\\') {
        let spelled =
            after.starts_with(|it: char| it.is_ascii_digit() || matches!(it, 'x' | 'u' | 'U'));
        if spelled {
            arg.flags.set(ArgFlags::HIDDEN);
            return;
        }
        rest = after.get(1..).unwrap_or_default();
    }
}

/// One pass over the format; true where `\c` ended the output.
fn round<'a>(format: &str, values: &mut impl Iterator<Item = &'a Arg>, text: &mut String) -> bool {
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        let (before, after) = rest.split_at(at);
        let (plain, ended) = unescape(before, true);
        text.push_str(&plain);
        if ended {
            return true;
        }
        let after = after.get(1..).unwrap_or_default();
        let length = after
            .find(|it: char| it.is_ascii_alphabetic() || it == '%')
            .unwrap_or(after.len());
        let (spec, kind) = after.split_at(length);
        match kind.chars().next() {
            Some(kind) if kind != '%' => {
                let value = values.next().map_or("", |it| it.text.as_str());
                directive(spec, kind, value, text);
            }
            _ => text.push('%'),
        }
        rest = kind.get(1..).unwrap_or_default();
    }
    let (plain, ended) = unescape(rest, true);
    text.push_str(&plain);
    ended
}

fn directive(spec: &str, kind: char, value: &str, text: &mut String) {
    let precision = spec
        .split_once('.')
        .and_then(|it| it.1.parse::<usize>().ok());
    match kind {
        's' => text.extend(value.chars().take(precision.unwrap_or(usize::MAX))),
        'b' => text.push_str(&unescape(value, false).0),
        'c' => text.extend(value.chars().next()),
        'x' | 'o' | 'X' => {
            let number = value.parse::<u64>().ok();
            let digits = number.map(|it| {
                if kind == 'o' {
                    format!("{it:o}")
                } else {
                    format!("{it:x}")
                }
            });
            text.push_str(digits.as_deref().unwrap_or(value));
        }
        _ => text.push_str(value),
    }
}

/// Text with its backslash escapes decoded, and whether `\c` ended it. `octal`: `\NNN` as in a format,
/// not only `\0NNN`.
fn unescape(text: &str, octal: bool) -> (String, bool) {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let (b'\\', Some((&kind, after))) = (byte, after.split_first()) else {
            bytes.push(byte);
            continue;
        };
        rest = after;
        match kind {
            b'n' => bytes.push(b'\n'),
            b't' => bytes.push(b'\t'),
            b'r' => bytes.push(b'\r'),
            b'a' => bytes.push(7),
            b'b' => bytes.push(8),
            b'e' | b'E' => bytes.push(27),
            b'f' => bytes.push(12),
            b'v' => bytes.push(11),
            b'\\' => bytes.push(b'\\'),
            b'c' => return (String::from_utf8_lossy(&bytes).into_owned(), true),
            b'x' => rest = number(rest, 2, 16, &mut bytes),
            b'u' => rest = number(rest, 4, 16, &mut bytes),
            b'U' => rest = number(rest, 8, 16, &mut bytes),
            b'0' if !octal => rest = number(rest, 3, 8, &mut bytes),
            b'0'..=b'7' if octal => {
                let digits = text.len() - rest.len() - 1;
                let digits = text.as_bytes().get(digits..).unwrap_or_default();
                rest = number(digits, 3, 8, &mut bytes);
            }
            b'"' | b'\'' if octal => bytes.push(kind),
            _ => bytes.extend([b'\\', kind]),
        }
    }
    (String::from_utf8_lossy(&bytes).into_owned(), false)
}

/// Reads digits of a code and pushes what it stands for: a byte, past two digits in hex a character.
fn number<'t>(text: &'t [u8], length: usize, radix: u32, bytes: &mut Vec<u8>) -> &'t [u8] {
    let digits = text
        .iter()
        .take(length)
        .take_while(|it| char::from(**it).is_digit(radix))
        .count();
    let (digits, rest) = text.split_at_checked(digits).unwrap_or((&[], text));
    let value = digits.iter().fold(0_u32, |value, it| {
        value * radix + char::from(*it).to_digit(radix).unwrap_or_default()
    });
    if length > 3 {
        let letter = char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER);
        bytes.extend(letter.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        bytes.push((value & 0xff) as u8);
    }
    rest
}
