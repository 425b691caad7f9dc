//! Owns what a written path means before the disk is asked: `~`, relative paths, `.` and `..`, doubled
//! slashes, drives, `/proc/self/root`, globs and unknown parts. Does not own symlinks (`resolve`) nor
//! classes (`classify`). Invariant: where a text may name several places, every one of them is a
//! [`Form`]; nothing is dropped because it is not known.

use std::borrow::Cow;

use crate::shell::{Cwd, GUARDED, UNKNOWN};
use crate::word::base;

use super::guess::{Guess, guesses};
use super::{Places, glob};

/// One place that a text may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// Normalised; starts with `/`, except where what it is relative to is not known.
    pub path: String,
    /// The entries of that directory are meant, not the directory itself.
    pub every: bool,
}

/// A written path, read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Spelling {
    /// The places it may name, the one with unknown parts taken as names first; empty for no path.
    pub forms: Vec<Form>,
    /// The absolute path before `..` is taken away, for the walk through symlinks; without the glob
    /// that stands for all entries. Empty where the start is not known.
    pub raw: String,
    /// Protected names that a glob or a partly unknown name would fit.
    pub guesses: Vec<Guess>,
    /// Nothing about it is unknown.
    pub known: bool,
}

/// Reads a path. `globs` tells whether `*`, `?` and `[` are active.
pub(super) fn spell(places: &Places, cwd: &Cwd, text: &str, globs: bool) -> Spelling {
    let text = expand_tilde(places, &drive(text)).into_owned();
    if text.is_empty() {
        return Spelling {
            known: true,
            ..Spelling::default()
        };
    }
    let marked = !text.is_ascii() && text.contains([UNKNOWN, GUARDED]);
    let Some(joined) = join(places, cwd, &text) else {
        let rest = without_unknown_start(&text);
        return Spelling {
            forms: forms(rest, globs),
            guesses: guesses(rest, globs),
            raw: String::new(),
            known: false,
        };
    };
    let joined = without_aliases(places, joined);
    Spelling {
        forms: forms(&joined, globs),
        guesses: guesses(&joined, globs),
        known: !(marked || globs && glob::is_glob(&joined)),
        raw: strip_every(&joined, globs).0.to_owned(),
    }
}

/// Takes `.`, `..` and doubled slashes away. A relative path keeps the `..` at its start.
pub(crate) fn normalise(path: &str) -> String {
    if is_normal(path.as_bytes()) {
        return path.to_owned();
    }
    let absolute = path.starts_with('/');
    let mut result = String::with_capacity(path.len());
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => match result.rfind('/') {
                Some(cut) if !result.ends_with("/..") => result.truncate(cut),
                None if !result.is_empty() && result != ".." => result.clear(),
                _ if absolute => {}
                _ => push(&mut result, "..", absolute),
            },
            name => push(&mut result, name, absolute),
        }
    }
    if result.is_empty() && absolute {
        result.push('/');
    }
    result
}

/// True for an absolute path that has nothing to take away: no part of it is empty or starts with a dot
/// that could make it `.` or `..`, and no slash ends it. Most paths are like that.
fn is_normal(path: &[u8]) -> bool {
    let mut pairs = path.array_windows();
    path.first() == Some(&b'/')
        && path.len() > 1
        && path.last() != Some(&b'/')
        && !pairs.any(|it| matches!(it, [b'/', b'/' | b'.']))
}

fn push(path: &mut String, name: &str, absolute: bool) {
    if absolute || !path.is_empty() {
        path.push('/');
    }
    path.push_str(name);
}

/// True where `path` is `directory` or lies below it.
pub(super) fn is_at_or_below(path: &str, directory: &str) -> bool {
    below(path, directory).is_some()
}

/// What follows `directory` in `path`: empty for the directory itself, no slash in front.
pub(super) fn below<'a>(path: &'a str, directory: &str) -> Option<&'a str> {
    let length = match directory {
        "" => return None,
        "/" => 0,
        _ => directory.len(),
    };
    match path.as_bytes().get(length) {
        None if path.len() < length => return None,
        None | Some(b'/') => {}
        Some(_) => return None,
    }
    let (head, tail) = path.split_at_checked(length)?;
    if length > 0 && !head.eq_ignore_ascii_case(directory) {
        return None;
    }
    Some(tail.strip_prefix('/').unwrap_or(tail))
}

/// A Windows path in the notation of all others: `C:\x` becomes `/C:/x`, a share `//host/x`.
pub(super) fn drive(text: &str) -> Cow<'_, str> {
    let text = text
        .strip_prefix(r"\\?\")
        .or_else(|| text.strip_prefix(r"\\.\"))
        .unwrap_or(text);
    match text.as_bytes() {
        [letter, b':'] | [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic() => {
            Cow::Owned(format!("/{}", text.replace('\\', "/")))
        }
        [b'\\' | b'~', b'\\', ..] => Cow::Owned(text.replace('\\', "/")),
        _ => Cow::Borrowed(text),
    }
}

fn expand_tilde<'a>(places: &Places, text: &'a str) -> Cow<'a, str> {
    let Some(rest) = text.strip_prefix('~') else {
        return Cow::Borrowed(text);
    };
    let (user, tail) = match rest.find('/') {
        Some(slash) => rest.split_at(slash),
        None => (rest, ""),
    };
    let home = places.homes.first().map_or("", String::as_str);
    match user {
        // Without a known home it is still the home of somebody.
        "" if home.is_empty() => Cow::Owned(format!("/home/~{tail}")),
        "" => Cow::Owned(concat(&[home, tail])),
        "+" => Cow::Owned(format!(".{tail}")),
        "-" => Cow::Owned(format!("{UNKNOWN}{tail}")),
        "root" => Cow::Owned(format!("/root{tail}")),
        _ if !is_user(user) => Cow::Borrowed(text),
        _ => match places.homes.iter().find(|it| base(it) == user) {
            Some(home) => Cow::Owned(format!("{home}{tail}")),
            None => Cow::Owned(format!("/home/{user}{tail}")),
        },
    }
}

/// Editors' backup names such as `~$report.docx` are no users.
fn is_user(name: &str) -> bool {
    name.bytes()
        .all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_' | b'.'))
        && name.starts_with(|it: char| it.is_ascii_alphabetic() || it == '_')
}

/// The text as an absolute path; `None` where its start is not known.
fn join(places: &Places, cwd: &Cwd, text: &str) -> Option<String> {
    if text.starts_with('/') {
        return Some(text.to_owned());
    }
    if text.starts_with(UNKNOWN) {
        return None;
    }
    let start = places.cwd.as_str();
    let directory = match cwd {
        Cwd::Unknown => return None,
        Cwd::Start => Cow::Borrowed(start),
        Cwd::At(path) => {
            let path = expand_tilde(places, path);
            if path.starts_with('/') {
                path
            } else {
                Cow::Owned(concat(&[start, "/", &path]))
            }
        }
    };
    if start.is_empty() && !matches!(cwd, Cwd::At(path) if path.starts_with(['/', '~'])) {
        return None;
    }
    if directory.starts_with(UNKNOWN) {
        return None;
    }
    Some(concat(&[&directory, "/", text]))
}

/// The texts as one; the formatting machinery costs more than the path.
pub(super) fn concat(texts: &[&str]) -> String {
    let mut whole = String::with_capacity(texts.iter().map(|it| it.len()).sum());
    for text in texts {
        whole.push_str(text);
    }
    whole
}

/// Drops a first component that is nothing but unknown: what follows it is known by name only.
fn without_unknown_start(text: &str) -> &str {
    match text.split_once('/') {
        Some((first, rest)) if first.chars().all(|it| it == UNKNOWN) => {
            rest.trim_start_matches('/')
        }
        None if text.chars().all(|it| it == UNKNOWN) => "",
        _ => text,
    }
}

/// Other names of the root and of the working directory, this many in a row.
const ALIAS_LIMIT: usize = 8;

fn without_aliases(places: &Places, mut path: String) -> String {
    if !path.as_bytes().windows(5).any(|it| it == b"/proc") {
        return path;
    }
    for _ in 0..ALIAS_LIMIT {
        let plain = normalise(&path);
        let Some(rest) = plain.strip_prefix("/proc/") else {
            break;
        };
        let mut parts = rest.splitn(3, '/');
        let process = parts.next().unwrap_or_default();
        let is_process = matches!(process, "self" | "thread-self")
            || process.bytes().all(|it| it.is_ascii_digit());
        if !is_process {
            break;
        }
        match (parts.next(), parts.next().unwrap_or_default()) {
            (Some("root"), tail) => path = format!("/{tail}"),
            (Some("cwd"), tail) if !places.cwd.is_empty() => {
                path = format!("{}/{tail}", places.cwd);
            }
            (Some("task"), tail) => {
                let tail = tail.split_once('/').map_or("", |it| it.1);
                path = format!("/proc/self/{tail}");
            }
            _ => break,
        }
    }
    path
}

fn forms(path: &str, globs: bool) -> Vec<Form> {
    let mut forms = Vec::with_capacity(1);
    let mut add = |text: &str| {
        let (text, every) = strip_every(text, globs);
        let form = Form {
            path: normalise(text),
            every,
        };
        if !form.path.is_empty() && !forms.contains(&form) {
            forms.push(form);
        }
    };
    add(path);
    if !path.is_ascii() && path.contains(UNKNOWN) {
        add(&path.replace(UNKNOWN, ""));
    }
    forms
}

/// Takes trailing components away that stand for all entries, and tells whether there were any.
pub(super) fn strip_every(path: &str, globs: bool) -> (&str, bool) {
    if !globs {
        return (path, false);
    }
    let mut rest = path;
    let mut every = false;
    loop {
        let trimmed = trim_slashes(rest);
        let (head, last) = match trimmed.rfind('/') {
            Some(cut) => trimmed.split_at(cut + 1),
            None => ("", trimmed),
        };
        if !is_everything(last) {
            break;
        }
        rest = head;
        every = true;
    }
    (rest, every)
}

fn trim_slashes(path: &str) -> &str {
    let trimmed = path.trim_end_matches('/');
    if trimmed.is_empty() && !path.is_empty() {
        "/"
    } else {
        trimmed
    }
}

/// True for a pattern without a letter of its own: `*`, `.*`, `???`, `*.*`, `.[!.]*`.
pub(super) fn is_everything(name: &str) -> bool {
    // Everything but a few names.
    if name.starts_with("!(") && name.ends_with(')') {
        return true;
    }
    if !glob::is_glob(name) {
        return false;
    }
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        rest = match first {
            '*' | '?' | '.' => rest.get(1..).unwrap_or_default(),
            '[' => match rest.get(2..).and_then(|it| it.find(']')) {
                Some(end) if rest.get(1..end + 2).is_some_and(is_wide) => {
                    rest.get(end + 3..).unwrap_or_default()
                }
                _ => return false,
            },
            _ => return false,
        };
    }
    true
}

/// True for the inside of a bracket that accepts many letters: a range or a negation. `[id]` is the name
/// of a route in many projects.
fn is_wide(inner: &str) -> bool {
    inner.starts_with(['!', '^', ':']) || inner.contains('-')
}

#[cfg(test)]
mod tests;
