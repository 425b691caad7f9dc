//! Owns what a token looks like by itself: a prefix that its issuer chose, then enough of its alphabet.
//! Does not own the prefixes (`rules/secrets/`), nor values that only their name gives away (`assign`).
//! Invariant: a shape is named by its issuer's prefix and long enough that ordinary words and identifiers
//! are none.

use super::random::changes;
use super::scan::{STRETCH, Stop, Text, length_until};

/// A token at the start of a text: how long it is and what kind.
pub(super) struct Token {
    pub(super) length: usize,
    pub(super) kind: &'static str,
    /// How much of it is its issuer's prefix.
    pub(super) prefix: usize,
    /// What is known of the ones that are in use: least and greatest length behind the prefix, the
    /// characters (`-` for any), the proof. Empty where the kind is no row of the table.
    pub(super) live: &'static str,
}

/// No token is shorter: most words that begin like one are done with after a few bytes.
pub(super) const SHORTEST: usize = 15;

/// The longest secret part of a bot token.
const LONGEST: usize = 34;

/// What may follow a prefix.
#[derive(Clone, Copy)]
enum Alphabet {
    /// Letters and digits.
    Plain,
    /// Upper case letters and digits.
    Upper,
    /// Letters, digits, `_` and `-`.
    Url,
    /// Letters, digits, `_`, `-` and `.`.
    Dotted,
    /// Letters, digits, `_`, `-`, `+`, `/`, `=` and `%`.
    Wide,
}

impl Alphabet {
    fn named(word: &str) -> Self {
        match word {
            "plain" => Self::Plain,
            "upper" => Self::Upper,
            "url" => Self::Url,
            "wide" => Self::Wide,
            _ => Self::Dotted,
        }
    }

    /// What ends a run of it.
    fn stop(self) -> Stop {
        match self {
            Self::Plain => Stop::Alnum,
            Self::Upper => Stop::Upper,
            Self::Url => Stop::Url,
            Self::Dotted => Stop::Dotted,
            Self::Wide => Stop::Wide,
        }
    }
}

/// The token that starts here and ends before `limit`. The caller stands at the start of a word.
pub(super) fn token(text: &Text<'_>, at: usize, limit: usize) -> Option<Token> {
    let found = text.bytes.get(at..limit)?;
    let &[first, second, ..] = found else {
        return None;
    };
    if found.starts_with(b"eyJ") {
        return web_token(text, at, limit);
    }
    if first.is_ascii_digit() {
        return bot_token(found);
    }
    let shapes = shapes(first, second);
    // Most words that begin like a token end soon.
    let near = found.get(..SHORTEST)?;
    if shapes.is_empty() || !near.iter().all(|it| is_token_byte(*it)) {
        return None;
    }
    shapes.lines().find_map(|it| matched(text, at, limit, it))
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/')
}

/// The shapes that begin with two bytes, one on a line, compiled from `rules/secrets/`. One text: a table of
/// references would be relocated at every start of the process.
fn shapes(first: u8, second: u8) -> &'static str {
    include!(concat!(env!("OUT_DIR"), "/shapes.rs"))
}

fn matched(text: &Text<'_>, at: usize, limit: usize, shape: &'static str) -> Option<Token> {
    let (prefix, shape) = shape.split_once(' ')?;
    if !text.bytes.get(at..limit)?.starts_with(prefix.as_bytes()) {
        return None;
    }
    let (alphabet, shape) = shape.split_once(' ')?;
    let (least, shape) = shape.split_once(' ')?;
    let (kind, live) = shape.split_once(' ')?;
    let alphabet = Alphabet::named(alphabet);
    let start = at + prefix.len();
    let end = text.next(alphabet.stop(), start).min(limit);
    let body = start..end;
    if body.len() < least.parse().ok()? {
        return None;
    }
    // A kebab-case or snake_case name is long as well, but no token: tokens have digits, and the ones
    // with a short prefix have a long stretch without a dash.
    // Letters alone are one where they change case as no name does.
    let plain = matches!(alphabet, Alphabet::Plain);
    let letters = || plain && changes(text.part(body.clone())) * 5 >= body.len() * 2;
    if !text.has(Stop::Digit, &body) && !letters() {
        return None;
    }
    let uuid = live.contains("uuid");
    if uuid && !is_uuid(text.part(start..end)) {
        return None;
    }
    let short = prefix.len() <= SHORT && matches!(alphabet, Alphabet::Url) && !uuid;
    if short && text.next(Stop::Stretch, start) + STRETCH > end {
        return None;
    }
    Some(Token {
        length: end - at,
        kind,
        prefix: prefix.len(),
        live,
    })
}

/// A prefix this long says something only before a stretch that no word has.
const SHORT: usize = 3;

/// True for groups of 8, 4, 4, 4 and 12 hexadecimal digits.
pub(super) fn is_uuid(text: &[u8]) -> bool {
    let dashed = |at: usize| matches!(at, 8 | 13 | 18 | 23);
    let fits = |(at, it): (usize, &u8)| {
        if dashed(at) {
            *it == b'-'
        } else {
            it.is_ascii_hexdigit()
        }
    };
    text.len() == 36 && text.iter().enumerate().all(fits)
}

/// A JSON web token: three parts, the first two beginning with an encoded `{"`.
fn web_token(text: &Text<'_>, at: usize, limit: usize) -> Option<Token> {
    let first = text.next(Stop::Url, at);
    if first - at < 12 || text.byte(first) != Some(b'.') {
        return None;
    }
    let second = text.next(Stop::SecondUrl, first + 1);
    if second - first <= 8 || text.byte(second) != Some(b'.') || second >= limit {
        return None;
    }
    let third = text.next(Stop::ThirdUrl, second + 1).min(limit);
    Some(Token {
        length: third - at,
        kind: "jwt",
        prefix: 0,
        live: "",
    })
}

/// A Telegram bot token: the bot's number, `:AA`, 33 more.
fn bot_token(text: &[u8]) -> Option<Token> {
    let digits = text
        .iter()
        .take(12)
        .take_while(|it| it.is_ascii_digit())
        .count();
    let rest = text.get(digits..)?.strip_prefix(b":AA")?;
    let near = rest.get(..LONGEST + 1).unwrap_or(rest);
    let length = length_until(near, 0, |it| {
        matches!(it, b'.' | b'/') || !is_token_byte(it)
    });
    (digits >= 8 && (LONGEST - 2..=LONGEST).contains(&length)).then_some(Token {
        length: digits + 3 + length,
        kind: "telegram-token",
        prefix: digits + 3,
        live: "32 34 - sure",
    })
}
