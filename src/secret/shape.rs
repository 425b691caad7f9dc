//! Owns what a token looks like by itself: a prefix that its issuer chose, then enough of its alphabet.
//! Does not own values that only their name gives away (`assign`). Invariant: a shape is named by its
//! issuer's prefix and long enough that ordinary words and identifiers are none.

use super::scan::{STRETCH, Stop, Text, length_until};

/// A token at the start of a text: how long it is and what kind.
pub(super) struct Token {
    pub(super) length: usize,
    pub(super) kind: &'static str,
}

/// No token is shorter: most words that begin like one are done with after a few bytes.
const SHORTEST: usize = 15;

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
}

impl Alphabet {
    fn named(word: &str) -> Self {
        match word {
            "plain" => Self::Plain,
            "upper" => Self::Upper,
            "url" => Self::Url,
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
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// The shapes that begin with two bytes: prefix, alphabet, least length of the rest and kind of each.
/// One text: a table of references would be relocated at every start of the process.
fn shapes(first: u8, second: u8) -> &'static str {
    match (first, second) {
        (b'A', b'K') => "AKIA upper 16 aws-key",
        (b'A', b'S') => "ASIA upper 16 aws-key",
        (b'A', b'B') => "ABIA upper 16 aws-key",
        (b'A', b'C') => "ACCA upper 16 aws-key",
        (b'A', b'I') => "AIza url 35 google-key",
        (b'A', b'G') => "AGE-SECRET-KEY-1 upper 50 age-key",
        (b'G', b'O') => "GOCSPX- url 20 google-key",
        (b'S', b'G') => "SG. dotted 40 sendgrid-key",
        (b'd', b'c') => "dckr_pat_ url 20 docker-token",
        (b'd', b'o') => "dop_v1_ plain 40 digitalocean-token\ndoo_v1_ plain 40 digitalocean-token",
        (b'd', b'a') => "dapi plain 32 databricks-token",
        (b'f', b'i') => "figd_ url 30 figma-token",
        (b'g', b'h') => {
            "ghp_ plain 30 github-token\ngho_ plain 30 github-token\nghu_ plain 30 github-token\nghs_ plain 30 github-token\nghr_ plain 30 github-token"
        }
        (b'g', b'i') => "github_pat_ url 22 github-token",
        (b'g', b'l') => {
            "glpat- dotted 18 gitlab-token\ngldt- dotted 18 gitlab-token\nglrt- dotted 18 gitlab-token\nglptt- dotted 18 gitlab-token\nglcbt- dotted 18 gitlab-token\ngloas- dotted 18 gitlab-token\nglsa_ url 30 grafana-token"
        }
        (b'g', b's') => "gsk_ plain 30 groq-key",
        (b'h', b'f') => "hf_ plain 30 huggingface-token",
        (b'h', b'v') => "hvs. url 20 vault-token\nhvb. url 20 vault-token",
        (b'l', b'i') => "lin_api_ plain 30 linear-key",
        (b'n', b'p') => "npm_ plain 30 npm-token",
        (b'p', b'y') => "pypi- url 40 pypi-token",
        (b'r', b'k') => "rk_live_ plain 16 stripe-key\nrk_test_ plain 16 stripe-key",
        (b'r', b'u') => "rubygems_ plain 30 rubygems-key",
        (b's', b'k') => {
            "sk_live_ plain 16 stripe-key\nsk_test_ plain 16 stripe-key\nsk-ant- url 20 anthropic-key\nsk-proj- url 20 openai-key\nsk- url 20 api-key"
        }
        (b's', b'h') => {
            "shpat_ plain 32 shopify-token\nshpss_ plain 32 shopify-token\nshpca_ plain 32 shopify-token"
        }
        (b't', b's') => "tskey- url 16 tailscale-key",
        (b'w', b'h') => "whsec_ plain 16 stripe-key",
        (b'x', b'a') => "xapp- url 10 slack-token\nxai- plain 40 xai-key",
        (b'x', b'o') => {
            "xoxb- url 10 slack-token\nxoxp- url 10 slack-token\nxoxa- url 10 slack-token\nxoxr- url 10 slack-token\nxoxs- url 10 slack-token\nxoxe dotted 12 slack-token"
        }
        (b'y', b'a') => "ya29. url 20 google-token",
        _ => "",
    }
}

fn matched(text: &Text<'_>, at: usize, limit: usize, shape: &'static str) -> Option<Token> {
    let (prefix, shape) = shape.split_once(' ')?;
    if !text.bytes.get(at..limit)?.starts_with(prefix.as_bytes()) {
        return None;
    }
    let (alphabet, shape) = shape.split_once(' ')?;
    let (least, kind) = shape.split_once(' ')?;
    let start = at + prefix.len();
    let end = text
        .next(Alphabet::named(alphabet).stop(), start)
        .min(limit);
    let body = start..end;
    if body.len() < least.parse().ok()? {
        return None;
    }
    // A kebab-case or snake_case name is long as well, but no token: tokens have digits, and the ones
    // with a short prefix have a long stretch without a dash.
    if !text.has(Stop::Digit, &body) {
        return None;
    }
    if prefix == "sk-" && text.next(Stop::Stretch, start) + STRETCH > end {
        return None;
    }
    Some(Token {
        length: end - at,
        kind,
    })
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
    let length = length_until(near, 0, |it| it == b'.' || !is_token_byte(it));
    (digits >= 8 && (LONGEST - 2..=LONGEST).contains(&length)).then_some(Token {
        length: digits + 3 + length,
        kind: "telegram-token",
    })
}
