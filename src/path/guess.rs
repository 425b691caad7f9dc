//! Owns the protected names that a glob or a partly unknown name may stand for. Does not own whether one
//! is meant (`resolve`). Invariant: bounded ([`GUESS_LIMIT`]), and nothing of it runs for plain paths.

use crate::shell::UNKNOWN;

use super::glob;
use super::lexical::{concat, is_everything, normalise, strip_every};

/// A protected path that a pattern may stand for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guess {
    pub path: String,
    /// The pattern means hidden files on purpose: it starts with a dot, or a directory above does.
    pub hidden: bool,
}

/// Names that some class depends on and that a pattern may stand for.
const NAMES: &str = ".ssh .aws .kube .azure .gnupg .docker .netrc .npmrc .pypirc .git .env .env.local \
    .env.production .git-credentials .bashrc .bash_profile .profile .zshrc .zshenv .zprofile .claude \
    .claude.json .config .cargo .gitconfig .password-store id_rsa id_ed25519 id_ecdsa id_dsa \
    authorized_keys credentials credentials.toml config config.json hosts.yml hooks settings.json \
    settings.local.json hookbin hookbin-cli hookbin.toml etc usr bin sbin lib boot var opt home root dev shadow \
    gshadow passwd sudoers group crontab cron.d sudoers.d systemd ld.so.preload sshd_config ssh \
    key4.db logins.json cookies.sqlite";

/// At most this many candidates of one text are judged.
const GUESS_LIMIT: usize = 64;

/// Every protected path that the pattern may stand for.
pub(super) fn guesses(path: &str, globs: bool) -> Vec<Guess> {
    let active = |it: char| it == UNKNOWN || globs && matches!(it, '*' | '?' | '[');
    let mut found = Vec::new();
    if path.is_ascii() && !(globs && glob::is_glob(path)) || !path.contains(active) {
        return found;
    }
    let path = strip_every(path, globs).0;
    let Some((known, parts)) = divide(path, active) else {
        return found;
    };
    let mut open = vec![Guess {
        path: known.to_owned(),
        hidden: true,
    }];
    let mut any = false;
    for (at, part) in parts.enumerate() {
        let pattern = part.replace(UNKNOWN, "*");
        let fits = part.contains(active) && !is_everything(&pattern);
        let ends = literal_ends(&pattern);
        let slash = if at == 0 { "" } else { "/" };
        found.clear();
        for guess in &open {
            let hidden = guess.path.split('/').any(is_hidden);
            let mut extend = |name: &str, hidden: bool| {
                if found.len() < GUESS_LIMIT {
                    let path = concat(&[&guess.path, slash, name]);
                    found.push(Guess { path, hidden });
                }
            };
            if fits {
                any = true;
                if !may_end(ends.1) {
                    continue;
                }
                for name in NAMES.split_ascii_whitespace() {
                    let hidden_name = name.starts_with('.');
                    if ends_fit(ends, name)
                        && hidden_name <= starts_hidden(part)
                        && glob::matches(&pattern, name)
                    {
                        extend(name, guess.hidden && (pattern.starts_with('.') || hidden));
                    }
                }
            } else {
                extend(part, guess.hidden);
                if part == "**" {
                    // No directory at all may stand there, too.
                    found.push(guess.clone());
                }
            }
        }
        std::mem::swap(&mut open, &mut found);
    }
    if !any {
        return Vec::new();
    }
    for guess in &mut open {
        guess.path = normalise(&guess.path);
    }
    open
}

/// The directories before the first part with something active in it, and the parts from there on.
fn divide(path: &str, active: impl Fn(char) -> bool) -> Option<(&str, std::str::Split<'_, char>)> {
    let first = path.find(active)?;
    let start = path.get(..first).and_then(|it| it.rfind('/')).unwrap_or(0);
    let (known, rest) = path.split_at(start);
    Some((known, rest.split('/')))
}

/// What stands before the first and after the last active character: a cheap look before the match.
fn literal_ends(pattern: &str) -> (&[u8], &[u8]) {
    let active = |it: &u8| matches!(it, b'*' | b'?' | b'[' | b']' | b'\\');
    let bytes = pattern.as_bytes();
    let head = bytes.iter().position(active).unwrap_or(bytes.len());
    let tail = bytes.iter().rposition(active).map_or(0, |it| it + 1);
    (
        bytes.get(..head).unwrap_or_default(),
        bytes.get(tail..).unwrap_or_default(),
    )
}

fn ends_fit((head, tail): (&[u8], &[u8]), name: &str) -> bool {
    let name = name.as_bytes();
    let Some(end) = name.len().checked_sub(tail.len()) else {
        return false;
    };
    name.get(end..)
        .is_some_and(|it| it.eq_ignore_ascii_case(tail))
        && name
            .get(..head.len())
            .is_some_and(|it| it.eq_ignore_ascii_case(head))
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
/// The last three letters of every name, as one bit each of their hash.
static ENDS: [u64; 16] = {
    let names = NAMES.as_bytes();
    let mut ends = [0; 16];
    let mut at = 3;
    while at <= names.len() {
        if at == names.len() || names[at] == b' ' {
            let bit = end_bit(names[at - 3], names[at - 2], names[at - 1]);
            ends[bit / 64] |= 1 << (bit % 64);
        }
        at += 1;
    }
    ends
};

/// The bit of an end, without case.
const fn end_bit(a: u8, b: u8, c: u8) -> usize {
    ((a | 0x20) as usize * 7 + (b | 0x20) as usize * 61 + (c | 0x20) as usize * 5) % 1024
}

/// False where no name ends like this: most globs are about a suffix that no protected file has.
fn may_end(tail: &[u8]) -> bool {
    let Some(&[a, b, c]) = tail.last_chunk() else {
        return true;
    };
    let bit = end_bit(a, b, c);
    ENDS.get(bit / 64)
        .is_some_and(|it| it >> (bit % 64) & 1 == 1)
}

fn is_hidden(name: &str) -> bool {
    name.starts_with('.') && !matches!(name, "." | "..")
}

/// A glob fits hidden names only where it starts with a dot; an unknown part may hold one.
fn starts_hidden(part: &str) -> bool {
    part.starts_with(['.', UNKNOWN])
}
