//! Owns `user:password`, before the host of a URL or behind a short flag. Does not own values that a name
//! gives away (`assign`). Invariant: a user that may be a secret, or hold one, goes with the password.

use std::ops::Range;

use super::assign::is_string;
use super::scan::{
    Stop, Text, Value, before_mark, count_spaces, holds_mark, is_word, length_until, mark_length,
    skip_quote,
};
use super::shape;

/// User and password before the host of a URL whose `://` ends at `from`.
pub(super) fn in_url(text: &Text<'_>, from: usize) -> Option<Value> {
    let length = length_until(text.bytes, from, |it| {
        it.is_ascii_whitespace()
            || matches!(it, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>' | b'`')
    });
    // A value that this pass hides may hold an at sign as well: in either pass its name stands in front.
    let authority = before_mark(text.bytes.get(from..from + length)?);
    let at_sign = authority.iter().rposition(|it| *it == b'@')?;
    let found = |at: Range<usize>| Value {
        at: from + at.start..from + at.end,
        kind: "url-password",
    };
    let user = authority.get(..at_sign)?;
    // A password may hold an at sign, a token does not.
    let lone = authority.split(|it| *it == b'@').next()?;
    let is_lone = colon(lone).is_none() && is_key(lone);
    let lone = is_lone.then(|| found(0..lone.len()));
    // A lone user name is none.
    let Some((name, password)) = colon(user).and_then(|it| user.split_at_checked(it)) else {
        return lone;
    };
    let reference = matches!(password.get(1), None | Some(b'$' | b'<' | b'{' | b'['));
    let start = match lone {
        Some(_) if reference => return lone,
        Some(_) => 0,
        None => secret_start(text, from..from + name.len(), !reference)?,
    };
    Some(found(start..at_sign))
}

/// The value of a short flag: `user:password` (the part behind the colon) or a password alone.
pub(super) fn short_flag(text: &Text<'_>, from: usize, user_first: bool) -> Option<Value> {
    let bytes = text.bytes;
    let mut at = from + count_spaces(bytes, from);
    let mut end = text.next(Stop::Word, at);
    if let Some(inside) = skip_quote(bytes, at) {
        let mark = text.byte(inside - 1)?;
        at = inside;
        end = at + length_until(bytes, at, |it| it == mark || it == b'\n');
    }
    let given = bytes.get(at..end)?;
    // A path or a further flag is no password.
    if user_first {
        match colon(given).and_then(|it| given.split_at_checked(it)) {
            Some((user, password)) => {
                let password = password.get(1..)?;
                // What an earlier pass left is found again, so that the user is passed over again.
                let is_mark = mark_length(password) == Some(password.len());
                let user = at..at + user.len();
                at += secret_start(text, user, is_mark || is_string(password))?;
            }
            // The password is asked for. The user may begin a word that is no word of its own: `-uUSER`.
            None if holds_token(text, at..end) => {}
            None => return None,
        }
    } else if !is_string(given) {
        return None;
    }
    Some(Value {
        at: at..end,
        kind: "password",
    })
}

/// Where the secret of `user:password` begins, if there is one: behind the colon, but in front of a user
/// that is no plain name, since that may be a secret or hold one.
fn secret_start(text: &Text<'_>, user: Range<usize>, secret: bool) -> Option<usize> {
    let name = user.clone();
    let user = text.bytes.get(user)?;
    if is_key(user) || holds_token(text, name) {
        return Some(0);
    }
    let mut at = 0;
    while let Some(&byte) = user.get(at) {
        at += match byte {
            b'.' | b'_' | b'-' | b'+' | b'@' | b'%' | b'~' | b'\\' | b'$' | b'{' | b'}' => 1,
            b'[' => match mark_length(user.get(at..)?) {
                Some(length) => length,
                None => break,
            },
            _ if byte.is_ascii_alphanumeric() || !byte.is_ascii() => 1,
            _ => break,
        };
    }
    let plain = at == user.len();
    if !secret || !plain && holds_mark(user) {
        return None;
    }
    Some(if plain { user.len() + 1 } else { 0 })
}

/// True for what is a token rather than the name of a user: long, of one piece, with digits.
fn is_key(user: &[u8]) -> bool {
    user.len() >= 20
        && user.iter().any(u8::is_ascii_digit)
        && !user
            .iter()
            .any(|it| matches!(it, b'@' | b'[' | b'$' | b'{') || it.is_ascii_whitespace())
}

/// True where a token stands in the name of a user: who took the password alone would go past it.
fn holds_token(text: &Text<'_>, user: Range<usize>) -> bool {
    let mut inside = false;
    let bytes = text.bytes.get(user.clone()).unwrap_or_default();
    bytes.iter().zip(user.clone()).any(|(&byte, at)| {
        let starts = is_word(byte) && !inside;
        inside = is_word(byte);
        starts && shape::token(text, at, user.end).is_some()
    })
}

/// The first colon that is not part of the mark of an earlier pass.
fn colon(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += length_until(text, at, |it| matches!(it, b':' | b'['));
        match text.get(at)? {
            b':' => return Some(at),
            _ => at += mark_length(text.get(at..)?).unwrap_or(1),
        }
    }
}
