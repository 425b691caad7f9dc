//! Owns the ways of content through files within one text: who wrote what a later invocation reads, runs
//! or sends. Does not own pipes and substitutions (`origin`). Invariant: a file is known by its place,
//! however it is written; a tree that was unpacked or cloned holds what lies below it and did not exist.

use super::matcher::Query;
use super::origin::{substituted, walk};
use crate::path::Located;
use crate::shell::access::{Access, AccessKind};
use crate::shell::flags::options;
use crate::shell::{Cwd, GUARDED, Invocation, UNKNOWN};

/// So many receivers are traced back; more in one text are never needed.
const RECEIVER_LIMIT: usize = 64;

/// True where the output of the invocation at `index` may reach one of those: through pipes, values and
/// substitutions in arguments, and files that they send.
pub(super) fn reaches(query: &Query, index: usize, wanted: impl Fn(&Invocation) -> bool) -> bool {
    let invocations = &query.reading.invocations;
    let receivers = invocations.iter().enumerate().filter(|it| wanted(it.1));
    receivers.take(RECEIVER_LIMIT).any(|(number, receiver)| {
        let mut from = receiver.fed_by.clone();
        from.extend(substituted(receiver));
        files_of(query, number, |it| it == AccessKind::Send, &mut from);
        back(query, from).any(|it| it == index)
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
    let query = *query;
    walk(query.reading, from, move |index, it, next| {
        next.extend(&it.fed_by);
        next.extend(substituted(it));
        let reads = |it| matches!(it, AccessKind::Read | AccessKind::Send);
        files_of(&query, index, reads, next);
    })
    .map(|it| it.0)
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
    let earlier = query.reading.invocations.iter().take(index);
    for ((number, writer), known) in (0_u32..).zip(earlier).zip(0_usize..) {
        let writes = |it: &&Access| matches!(it.kind, AccessKind::Write | AccessKind::Append);
        let mut written = query.accesses.of(known).iter().filter(writes).peekable();
        if written.peek().is_none() {
            continue;
        }
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
            next.push(number);
        }
    }
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
