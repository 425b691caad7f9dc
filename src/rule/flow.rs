//! Owns the ways of content through files within one text: who wrote what a later invocation reads, runs
//! or sends. Does not own pipes and substitutions (`origin`). Invariant: a file is known by its place,
//! however it is written; a tree that was unpacked or cloned holds what lies below it and did not exist.

use super::matcher::Query;
use super::memo::Memo;
use super::origin::{substituted, walk};
use crate::path::Located;
use crate::shell::access::{Access, AccessKind};
use crate::shell::flags::options;
use crate::shell::{Cwd, GUARDED, Invocation, UNKNOWN};

/// True where the output of the invocation at `index` may reach one of those that `payload` asks for:
/// through pipes, values and substitutions in arguments, and files that they send. All of them are traced
/// back at once and once for the whole text.
pub(super) fn reaches(
    query: &Query,
    memo: &Memo,
    index: usize,
    payload: &[u8],
    wanted: impl Fn(&Invocation) -> bool,
) -> bool {
    memo.holds(payload, &[index], || {
        let invocations = &query.reading.invocations;
        let mut from = Vec::new();
        for (number, receiver) in invocations.iter().enumerate().filter(|it| wanted(it.1)) {
            from.extend(&receiver.fed_by);
            from.extend(substituted(receiver));
            files_of(query, number, |it| it == AccessKind::Send, &mut from);
        }
        let mut reached = vec![false; invocations.len()];
        for number in back(query, from) {
            if let Some(it) = reached.get_mut(number) {
                *it = true;
            }
        }
        reached
    })
}

/// The invocations before `index` that one of the files it runs comes from, at any distance.
pub(super) fn writers<'q>(
    query: &Query<'q>,
    index: usize,
    files: &[&str],
) -> impl Iterator<Item = &'q Invocation> + use<'q> {
    let mut from = Vec::new();
    let invocations = &query.reading.invocations;
    if let Some(invocation) = invocations.get(index) {
        for file in files {
            add_writers(query, index, &invocation.cwd, file, &mut from);
        }
    }
    back(query, from).filter_map(move |it| invocations.get(it))
}

/// `git clone` and `gh repo clone` of what lies on another machine.
pub(super) fn is_clone(invocation: &Invocation) -> bool {
    if !matches!(invocation.program.as_str(), "git" | "gh") {
        return false;
    }
    let options = options(invocation);
    let words: Vec<&str> = options.operands.iter().map(|it| it.text.as_str()).collect();
    match (invocation.program.as_str(), words.as_slice()) {
        ("git", ["clone", from, ..]) => from.contains(':'),
        ("gh", ["repo", "clone", ..]) => true,
        _ => false,
    }
}

/// The numbers of everything that content may have come through.
fn back<'q>(query: &Query<'q>, from: Vec<u32>) -> impl Iterator<Item = usize> + use<'q> {
    upstream(query, from).map(|it| it.0)
}

/// Everything that content may have come through, with its number.
pub(super) fn upstream<'q>(
    query: &Query<'q>,
    from: Vec<u32>,
) -> impl Iterator<Item = (usize, &'q Invocation)> + use<'q> {
    let query = *query;
    walk(query.reading, from, move |index, it, next| {
        next.extend(&it.fed_by);
        next.extend(substituted(it));
        let reads = |it| matches!(it, AccessKind::Read | AccessKind::Send);
        files_of(&query, index, reads, next);
    })
}

/// Adds the writers of the files that an invocation uses in these ways.
fn files_of(query: &Query, index: usize, used: impl Fn(AccessKind) -> bool, next: &mut Vec<u32>) {
    let invocation = query.reading.invocations.get(index);
    let Some(invocation) = invocation.filter(|_| index > 0) else {
        return;
    };
    for access in query.accesses.of(index).iter().filter(|it| used(it.kind)) {
        add_writers(query, index, &invocation.cwd, &access.path.text, next);
    }
}

/// Adds the invocations before `index` that wrote the file, or made the tree that it lies in.
fn add_writers(query: &Query, index: usize, cwd: &Cwd, file: &str, next: &mut Vec<u32>) {
    if file.contains([UNKNOWN, GUARDED, '*']) {
        return;
    }
    let mut located = None;
    let invocations = &query.reading.invocations;
    let makers = |it: &&u32| {
        at(**it)
            .and_then(|it| invocations.get(it))
            .is_some_and(makes_tree)
    };
    let by_name = query.accesses.writers();
    let named = by_name.get(name(file)).into_iter().flatten();
    let trees = by_name.values().flatten().filter(makers);
    let mut last = None;
    for number in named.chain(trees) {
        let Some(known) = at(*number).filter(|it| *it < index) else {
            continue;
        };
        let Some(writer) = invocations.get(known).filter(|_| last != Some(number)) else {
            continue;
        };
        last = Some(number);
        let changed = |it: &&Access| matches!(it.kind, AccessKind::Write | AccessKind::Append);
        let mut written = query.accesses.of(known).iter().filter(changed);
        let made = makes_tree(writer);
        let wrote = written.any(|it| {
            let written = &it.path.text;
            if !made && name(written) != name(file) {
                return false;
            }
            if writer.cwd == *cwd && bare(written) == bare(file) {
                return true;
            }
            let file: &Located = located.get_or_insert_with(|| query.locator.locate(cwd, file));
            let place = query.locator.locate(&writer.cwd, written);
            if file.lexical == place.lexical {
                return file.lexical.starts_with('/');
            }
            let below = file
                .lexical
                .strip_prefix(place.lexical.trim_end_matches('/'));
            // What was there before did not come out of the archive.
            made && below.is_some_and(|it| it.starts_with('/'))
                && query.locator.host.metadata(&file.real).is_err()
        });
        if wrote {
            next.push(*number);
        }
    }
}

fn at(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}

/// Programs that fill a directory with files that their command does not name.
fn makes_tree(invocation: &Invocation) -> bool {
    matches!(
        invocation.program.as_str(),
        "tar" | "bsdtar" | "gtar" | "unzip" | "7z" | "7za" | "7zz" | "cpio" | "unrar" | "unar"
    ) || is_clone(invocation)
}

fn bare(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path)
}

/// The last part of a path.
fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
