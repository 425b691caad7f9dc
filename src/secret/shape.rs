//! Owns what a token looks like by itself: a prefix that its issuer chose, then enough of its alphabet.
//! Does not own values that only their name gives away (`assign`). Invariant: a shape is named by its
//! issuer's prefix and long enough that ordinary words and identifiers are none.

/// A token at the start of a text: how long it is and what kind.
pub(super) struct Token {
    pub(super) length: usize,
    pub(super) kind: &'static str,
}

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

    fn has(self, byte: u8) -> bool {
        match self {
            Self::Plain => byte.is_ascii_alphanumeric(),
            Self::Upper => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            Self::Url => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'),
            Self::Dotted => byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'),
        }
    }
}

/// The token that starts here. The caller stands at the start of a word.
pub(super) fn token(text: &[u8]) -> Option<Token> {
    let &[first, second, ..] = text else {
        return None;
    };
    if text.starts_with(b"eyJ") {
        return web_token(text);
    }
    if first.is_ascii_digit() {
        return bot_token(text);
    }
    let shapes = shapes(first, second);
    shapes.lines().find_map(|it| matched(text, it))
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

fn matched(text: &[u8], shape: &'static str) -> Option<Token> {
    let (prefix, shape) = shape.split_once(' ')?;
    let rest = text.strip_prefix(prefix.as_bytes())?;
    let (alphabet, shape) = shape.split_once(' ')?;
    let (least, kind) = shape.split_once(' ')?;
    let alphabet = Alphabet::named(alphabet);
    let body = glance(rest);
    let body = body.get(..run(body, alphabet))?;
    if body.len() < least.parse().ok()? {
        return None;
    }
    // A kebab-case or snake_case name is long as well, but no token: tokens have digits, and the ones
    // with a short prefix have a long stretch without a dash.
    if !body.iter().any(u8::is_ascii_digit) {
        return None;
    }
    if prefix == "sk-"
        && !body
            .split(|it| matches!(it, b'-' | b'_'))
            .any(|it| it.len() >= 16)
    {
        return None;
    }
    Some(Token {
        length: prefix.len() + run(rest, alphabet),
        kind,
    })
}

/// As much as is looked at to decide: many prefixes in one long run of letters stay cheap.
fn glance(text: &[u8]) -> &[u8] {
    text.get(..1024).unwrap_or(text)
}

fn run(text: &[u8], alphabet: Alphabet) -> usize {
    let end = text.iter().position(|it| !alphabet.has(*it));
    end.unwrap_or(text.len())
}

/// A JSON web token: three parts, the first two beginning with an encoded `{"`.
fn web_token(text: &[u8]) -> Option<Token> {
    let first = run(glance(text), Alphabet::Url);
    let rest = text.get(first..)?.strip_prefix(b".")?;
    let second = run(rest, Alphabet::Url);
    let third = rest.get(second..)?.strip_prefix(b".")?;
    let length = run(third, Alphabet::Url);
    (first >= 12 && second >= 8).then_some(Token {
        length: first + 1 + second + 1 + length,
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
    let length = run(rest, Alphabet::Url);
    (digits >= 8 && (32..=34).contains(&length)).then_some(Token {
        length: digits + 3 + length,
        kind: "telegram-token",
    })
}
