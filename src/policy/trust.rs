//! Owns which project policy files a person accepted: `<state>/trust.json`, a list of SHA-256 sums of
//! exact contents. Does not own what an accepted file may do (`merge`). Invariant: one changed byte, or
//! a list that cannot be read, and the file is untrusted.

use std::io;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::allowance::is_private;
use crate::hex;
use crate::host::{Dirs, Host};

/// One accepted file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Trusted {
    /// Where it stood when it was accepted, for people: the content is what counts.
    pub path: String,
    pub sha256: String,
    /// When, RFC 3339.
    pub time: String,
}

/// Where the list is.
pub fn file(dirs: &Dirs) -> String {
    format!("{}/trust.json", dirs.state)
}

/// Whether a person accepted exactly this content.
pub fn is_trusted(host: &dyn Host, dirs: &Dirs, content: &[u8]) -> bool {
    let sum = sha256(content);
    // Asked first for the common case that nothing was ever trusted.
    is_private(host, &file(dirs))
        && list(host, dirs).is_ok_and(|it| it.iter().any(|it| it.sha256 == sum))
}

/// Everything a person accepted, oldest first.
pub fn list(host: &dyn Host, dirs: &Dirs) -> io::Result<Vec<Trusted>> {
    match host.read(&file(dirs), SIZE_LIMIT) {
        Ok(bytes) => parse(&bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Accepts a content as it is. Accepting it again only renews the entry.
pub fn grant(host: &dyn Host, dirs: &Dirs, path: &str, content: &[u8]) -> io::Result<Trusted> {
    let trusted = Trusted {
        path: path.to_owned(),
        sha256: sha256(content),
        time: host
            .now()
            .to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
    };
    change(host, dirs, |list| {
        list.retain(|it| it.sha256 != trusted.sha256);
        list.push(trusted.clone());
    })?;
    Ok(trusted)
}

/// Takes back what was accepted at a path or under a sum (or the beginning of one, of at least eight
/// digits), and says what that was.
pub fn revoke(host: &dyn Host, dirs: &Dirs, which: &str) -> io::Result<Vec<Trusted>> {
    let names =
        |it: &Trusted| it.path == which || (which.len() >= 8 && it.sha256.starts_with(which));
    let mut revoked = Vec::new();
    change(host, dirs, |list| {
        revoked = list.iter().filter(|it| names(it)).cloned().collect();
        list.retain(|it| !names(it));
    })?;
    Ok(revoked)
}

fn change(host: &dyn Host, dirs: &Dirs, change: impl FnOnce(&mut Vec<Trusted>)) -> io::Result<()> {
    let mut locked = host.lock(&file(dirs))?;
    let mut list = parse(&locked.tail(SIZE_LIMIT)?)?;
    change(&mut list);
    let mut text = serde_json::to_vec_pretty(&list)?;
    text.push(b'\n');
    locked.replace(&text)
}

fn parse(bytes: &[u8]) -> io::Result<Vec<Trusted>> {
    if bytes.trim_ascii().is_empty() {
        return Ok(Vec::new());
    }
    serde_json::from_slice(bytes).map_err(io::Error::from)
}

/// The sum by which a content is known.
pub fn sha256(content: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    hex::push(&mut text, &Sha256::digest(content));
    text
}

/// The list is at most this long.
const SIZE_LIMIT: usize = 1 << 20;

#[cfg(test)]
mod tests;
