//! Owns what a variable of the environment is by its name: a credential, something about one, or what the
//! client and a shell cannot do without. Does not own what is done with it. Invariant: most variables are
//! none; a name that only sounds alike (a file, a limit, a public key) is none either.

use crate::secret::redact;
use crate::word::listed;

/// The last word of a credential's name.
const LAST: &str =
    "TOKEN SECRET PASSWORD PASSWD PASSPHRASE PASS PAT APIKEY CREDENTIAL CREDENTIALS SECRETS";
/// What says of a name that ends in `KEY` that it opens nothing, or belongs to somebody else.
const NOT_KEYS: &str =
    "PUBLIC PUB PRIMARY FOREIGN SORT PARTITION CACHE HOST SORTING INDEX IDEMPOTENCY";
/// Words behind which the same name goes on: where it is for, or how it is written.
const TAILS: &str = "PROD PRODUCTION STAGING DEV TEST LIVE BASE64 B64 JSON OLD NEW 1 2 3";
/// What is built into pages for everybody to read.
const PUBLIC: &str = "NEXT_PUBLIC_|VITE_|REACT_APP_|EXPO_PUBLIC_|PUBLIC_|NUXT_PUBLIC_|GATSBY_";

/// True for a name that says that its value opens something.
pub(super) fn is_credential(name: &str) -> bool {
    let upper = name.to_ascii_uppercase();
    if is_public(&upper) {
        return false;
    }
    let mut words: Vec<&str> = upper.split('_').filter(|it| !it.is_empty()).collect();
    while words.len() > 1 && words.last().is_some_and(|it| listed(TAILS, it)) {
        words.pop();
    }
    let Some((last, before)) = words.split_last() else {
        return false;
    };
    let joined = |it: &str| last.len() > it.len() && last.ends_with(it);
    match *last {
        "KEY" => before.last().is_some_and(|it| !listed(NOT_KEYS, it)),
        "PWD" => before.last().is_some_and(|it| !matches!(*it, "OLD")),
        "AUTH" => !before.is_empty(),
        "STRING" => before.last() == Some(&"CONNECTION"),
        it => {
            listed(LAST, it) && !(before.is_empty() && it == "PASS")
                || joined("PASSWORD")
                || joined("APIKEY")
                || joined("TOKEN") && !joined("DETOKEN")
        }
    }
}

/// True for what everybody may read.
pub(super) fn is_public(name: &str) -> bool {
    PUBLIC.split('|').any(|it| name.starts_with(it))
}

/// True for a value that can open something: no switch, number or placeholder.
pub(super) fn is_secret(value: &str) -> bool {
    const EMPTY: &str = "true false yes no on off none null undefined changeme placeholder dummy";
    value.len() >= 4
        && !value.bytes().all(|it| it.is_ascii_digit())
        && !listed(EMPTY, &value.to_ascii_lowercase())
        && !value.starts_with("file:")
        && !value
            .bytes()
            .all(|it| matches!(it, b'x' | b'X' | b'*' | b'.' | b'-'))
}

/// True for a value that is a secret whatever its name: a token by its shape, a password in a URL.
pub(super) fn holds_secret(value: &str) -> bool {
    value.len() >= 12 && redact(value).as_ref() != value
}

/// True for the client's own credentials: nobody can do without them, so that they are no news.
pub(super) fn is_own(name: &str) -> bool {
    ["ANTHROPIC_", "CLAUDE", "HOOKBIN_"]
        .iter()
        .any(|it| name.starts_with(it))
}

/// True for what is never taken from a shell, whatever a policy says.
pub(super) fn is_needed(name: &str) -> bool {
    const SHELL: &str = "PATH HOME PWD OLDPWD SHELL USER LOGNAME TERM LANG TMPDIR SHLVL IFS";
    is_own(name) || listed(SHELL, name) || name.starts_with("LC_")
}

/// True for the way to the network: without it nothing works, with a password in it or not.
pub(super) fn is_proxy(name: &str) -> bool {
    name.to_ascii_uppercase().ends_with("_PROXY")
}

#[cfg(test)]
mod tests;
