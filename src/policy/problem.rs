//! Owns what is wrong with one entry of a policy file: hosts, variables, directories, patterns,
//! rule ids, destinations. Does not own where it stands (`layer`). Invariant: the answer is a phrase for people, and
//! quotes nothing of the entry.

use crate::notify;
use crate::path::glob;
use crate::rule::is_host_pattern;
use crate::verdict::Severity;

pub(super) fn host(text: &str) -> Option<String> {
    (!is_host_pattern(text)).then(|| {
        "a host is a name (`x.org`, `*.x.org`), an address or a network (`10.0.0.0/8`)".to_owned()
    })
}

pub(super) fn variable(text: &str) -> Option<String> {
    let fits = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'*');
    (text.is_empty() || !text.bytes().all(fits)).then(|| {
        "a variable is a name of letters, digits and `_`, with `*` for any part".to_owned()
    })
}

pub(super) fn directory(text: &str) -> Option<String> {
    if text.is_empty() || text.contains('\0') {
        return Some("a directory wants a name; the project root is \".\"".to_owned());
    }
    if text.split('/').any(|it| it == "..") {
        return Some("a directory is written without `..`".to_owned());
    }
    if text.starts_with('~') && text != "~" && !text.starts_with("~/") {
        return Some("only your own home can be written with `~`".to_owned());
    }
    None
}

pub(super) fn pattern(text: &str) -> Option<String> {
    if text.is_empty() || text.contains('\0') {
        return Some("a pattern wants text, such as \"secrets/**\"".to_owned());
    }
    if text.split('/').any(|it| it == "..") {
        return Some("a pattern is written without `..`: paths are compared resolved".to_owned());
    }
    glob::problem(text).map(|it| format!("the pattern does not read: {it}"))
}

pub(super) fn rule(id: &str, severities: bool) -> Option<String> {
    if let Some(severity) = id.strip_prefix("severity:").filter(|_| severities) {
        return match Severity::parse(severity) {
            Some(_) => None,
            None => Some("a severity is low, medium, high or critical".to_owned()),
        };
    }
    let name = id.strip_prefix("pack:").unwrap_or(id);
    let kebab = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
    if name.is_empty() || !name.chars().all(kebab) {
        let message = "a rule is named by its id (`git-reset-hard`) or its pack (`pack:git`)";
        return Some(message.to_owned());
    }
    None
}

/// The name of a variable behind `env:`.
fn names_variable(text: &str) -> Option<bool> {
    let name = text.strip_prefix("env:")?;
    let fits = |it: u8| it.is_ascii_alphanumeric() || it == b'_';
    Some(!name.is_empty() && name.bytes().all(fits))
}

pub(super) fn url(text: &str) -> Option<String> {
    let fits = names_variable(text).unwrap_or_else(|| notify::is_destination(text));
    (!fits).then(|| {
        "a URL begins with https:// (http:// for this machine only), or is named as env:VARIABLE"
            .to_owned()
    })
}

pub(super) fn token(text: &str) -> Option<String> {
    let fits = names_variable(text).unwrap_or_else(|| notify::is_token(text));
    (!fits).then(|| {
        "a token is a number, a colon and a key, as Telegram gives it out, or is named as env:VARIABLE"
            .to_owned()
    })
}

pub(super) fn chat(text: &str) -> Option<String> {
    (!notify::is_chat(text))
        .then(|| "a chat is a number in quotes, or the @name of a channel".to_owned())
}

pub(super) fn command(words: &[String]) -> Option<String> {
    let program = words.first().is_some_and(|it| it.starts_with('/'));
    let whole = words.iter().all(|it| !it.contains('\0'));
    (!program || !whole).then(|| "a program is named by its absolute path".to_owned())
}
