//! Owns which of the found values look as if they opened something: the lengths and characters of their
//! kind, its checksum, and no sign of an example. Does not own where values are (`pass`). Invariant: a
//! placeholder, a documented example and a hash are nothing.

use super::jwt;
use super::random::{self, is_mixed, is_random};
use super::scan::Text;
use super::scan::Value;
use super::shape::{self, Token, is_uuid};

/// How sure it is that a value is a secret in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Proof {
    None,
    /// It has the looks of one; hashes and tests have them too.
    Likely,
    Sure,
    /// Its checksum holds.
    Proved,
}

/// What a value is, and how sure that is.
pub(super) fn proof(text: &Text<'_>, value: &Value, now: i64) -> (&'static str, Proof) {
    let found = text.part(value.at.clone());
    let token = shape::token(text, value.at.start, value.at.end);
    if let Some(token) = token.filter(|it| it.length == found.len()) {
        let proof = match std::str::from_utf8(found) {
            Ok(found) if token.kind == "jwt" => jwt::proof(found, now),
            _ if is_piece(text, value, &token) => Proof::None,
            _ => of_token(&token, found),
        };
        return (token.kind, proof);
    }
    if value.kind == "url-password" {
        return (value.kind, of_url(text, value, found));
    }
    named(text, value, found)
}

/// True for a part of encoded data: nothing of the kind's own ends its prefix, and the data goes on.
fn is_piece(text: &Text<'_>, value: &Value, token: &Token) -> bool {
    let data = |it: Option<u8>| {
        it.is_some_and(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/' | b'='))
    };
    let before = value.at.start.checked_sub(1).and_then(|it| text.byte(it));
    let goes_on = data(text.byte(value.at.end)) || before == Some(b'+');
    let begun = || {
        before == Some(b'/')
            && value
                .at
                .start
                .checked_sub(2)
                .is_some_and(|it| data(text.byte(it)))
    };
    let marked = value.at.start + token.prefix;
    let last = marked.checked_sub(1).and_then(|it| text.byte(it));
    last.is_some_and(|it| it.is_ascii_alphanumeric()) && (goes_on || begun())
}

fn of_token(token: &Token, found: &[u8]) -> Proof {
    let body = found.get(token.prefix..).unwrap_or_default();
    let mut live = token.live.split(' ');
    let mut number = || {
        live.next()
            .and_then(|it| it.parse::<usize>().ok())
            .unwrap_or(0)
    };
    let (from, to) = (number(), number());
    if !(from..=to).contains(&body.len()) {
        return Proof::None;
    }
    let class = live.next().unwrap_or("-");
    let random = is_random(body) && (class == "base32" || is_mixed(body));
    if !is_of(body, class) || !random {
        return Proof::None;
    }
    match live.next() {
        Some("sum") if random::ends_in_checksum(body) => Proof::Proved,
        Some("sum" | "likely") => Proof::Likely,
        _ => Proof::Sure,
    }
}

fn is_of(body: &[u8], class: &str) -> bool {
    let all = |fits: fn(&u8) -> bool| body.iter().all(fits);
    match class {
        "hex" => {
            let body = body.strip_prefix(b"0x").unwrap_or(body);
            body.iter().all(u8::is_ascii_hexdigit)
        }
        "base32" => all(|it| matches!(it, b'A'..=b'Z' | b'2'..=b'7')),
        "base64" => all(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/' | b'=')),
        "plain" => all(u8::is_ascii_alphanumeric),
        "uuid" => is_uuid(body),
        _ => all(|it| {
            it.is_ascii_graphic() && !matches!(it, b'<' | b'>' | b'{' | b'}' | b'(' | b')')
        }),
    }
}

/// A value that its name gives away: of one of the kinds that have a form, else of any.
fn named(text: &Text<'_>, value: &Value, found: &[u8]) -> (&'static str, Proof) {
    const NAMED: &str = include_str!(concat!(env!("OUT_DIR"), "/named.txt"));
    if !could_be(found) {
        return (value.kind, Proof::None);
    }
    let name = name_before(text, value.at.start);
    let row = NAMED.lines().find_map(|it| row(it, &name, found));
    if let Some(kind) = row {
        return (kind, Proof::Sure);
    }
    (value.kind, general(value.kind, &name, found))
}

/// What every value needs, whatever its kind.
fn could_be(found: &[u8]) -> bool {
    let strange =
        |it: &u8| !it.is_ascii_graphic() || matches!(it, b'{' | b'}' | b'<' | b'>' | b'(' | b')');
    // In the order of what they cost: a text may hold thousands of values.
    (12..=512).contains(&found.len())
        && is_mixed(found)
        && !found.iter().any(strange)
        && is_random(found)
        && !is_published(found)
}

/// The kind of a row where it fits name and value. Most rows are done with at the length.
fn row(row: &'static str, name: &str, found: &[u8]) -> Option<&'static str> {
    let mut cells = row.split(' ');
    let from: usize = cells.next()?.parse().ok()?;
    let to: usize = cells.next()?.parse().ok()?;
    if !(from..=to).contains(&found.len()) {
        return None;
    }
    let class = cells.next()?;
    let kind = cells.next()?;
    let names = cells.next()?;
    let holds = cells.next()?;
    let called = names == "-" || names.split(',').any(|it| name.contains(it));
    let middle = holds == "-" || found.windows(holds.len()).any(|it| it == holds.as_bytes());
    (called && middle && is_of(found, class)).then_some(kind)
}

/// Keys that every installation of a tool has: of Azurite, and of the local chains of Hardhat and Anvil.
fn is_published(found: &[u8]) -> bool {
    const STARTS: &str = "Eby8vdM0 ac0974be 59c6995e 5de4111a 7c852118 47e179ec 8b3a350c 92db14e4 4bbbf85c dbda1821 \
        2a871d07";
    let found = found.strip_prefix(b"0x").unwrap_or(found);
    STARTS
        .split_ascii_whitespace()
        .any(|it| found.starts_with(it.as_bytes()))
}

/// A value of no form that only its name speaks for.
fn general(kind: &str, name: &str, found: &[u8]) -> Proof {
    let hash = found.iter().all(u8::is_ascii_hexdigit);
    let place = found.contains(&b'.') || found.windows(3).any(|it| it == b"://");
    let digits = found
        .windows(2)
        .filter(|it| matches!(it, [a, b] if a.is_ascii_digit() && !b.is_ascii_digit()));
    let speaks = !hash || name.contains("api") || name.contains("secret");
    let public = [
        "public", "csrf", "xsrf", "page", "cursor", "next", "site", "cache", "sync", "anon",
        "test", "mock",
    ]
    .iter()
    .any(|it| name.contains(it));
    let (length, least) = if kind == "password" { (12, 1) } else { (20, 2) };
    let likely = found.len() >= length
        && digits.count() >= least
        && random::classes(found) >= if kind == "password" { 3 } else { 2 }
        && speaks
        && !public
        && !place
        && !is_uuid(found);
    if likely && random::changes(found) * 3 >= found.len() {
        Proof::Likely
    } else {
        Proof::None
    }
}

/// The name in front of a value, folded to its letters and digits.
fn name_before(text: &Text<'_>, at: usize) -> String {
    const LONGEST: usize = 96;
    let before = text.part(at.saturating_sub(LONGEST)..at);
    let part = |it: &u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.');
    let joint = |it: &&u8| !part(it) && **it != b'\n';
    let skipped = before.iter().rev().take_while(joint).count();
    let named = before.get(..before.len() - skipped).unwrap_or_default();
    let length = named.iter().rev().take_while(|it| part(it)).count();
    let name = named.get(named.len() - length..).unwrap_or_default();
    let letters = name.iter().filter(|it| it.is_ascii_alphanumeric());
    letters
        .map(|it| char::from(it.to_ascii_lowercase()))
        .collect()
}

/// The password of a URL, where the host is one of others.
fn of_url(text: &Text<'_>, value: &Value, found: &[u8]) -> Proof {
    let user_first = found.iter().position(|it| *it == b':');
    let password = user_first.map_or(found, |it| found.get(it + 1..).unwrap_or_default());
    let host = text.part(value.at.end + 1..(value.at.end + 256).min(text.bytes.len()));
    let end = host
        .iter()
        .position(|it| !it.is_ascii_alphanumeric() && !matches!(it, b'.' | b'-'));
    let host = host
        .get(..end.unwrap_or(host.len()))
        .unwrap_or_default()
        .to_ascii_lowercase();
    let open = could_be(password) && random::classes(password) >= 2 && !is_place_of_own(&host);
    if open { Proof::Sure } else { Proof::None }
}

/// This machine, its network, and the hosts of examples; and who hands out addresses with public keys.
fn is_place_of_own(host: &[u8]) -> bool {
    const STARTS: &str = "127. 10. 192.168. 0.0.0.0 example. your";
    const ENDS: &str = ".example .example.com .example.org .example.net .test .local .localhost .invalid .internal \
        .sentry.io .company.com .corp.com .domain.com";
    let starts = |it: &str| host.starts_with(it.as_bytes());
    let ends = |it: &str| host.ends_with(it.as_bytes());
    !host.contains(&b'.')
        || STARTS.split_ascii_whitespace().any(starts)
        || ENDS.split_ascii_whitespace().any(ends)
}
