//! Owns what a patch does to the files that it names: `patch`, `git apply`, `git am`. Does not own where its text
//! comes from (`walk::patch`). Invariants: linear in length; what stands in a hunk names no file, however much
//! it looks like a header.

use super::{AccessKind, Cx, below};
use crate::shell::flags::{Options, family, options};
use crate::shell::invocation::{Arg, ArgFlags, Invocation, RedirectOp};
use crate::shell::unwrap::like;

/// So many files of one patch are looked at.
const FILE_LIMIT: usize = 512;

/// True for `patch`, `git apply` and `git am`.
pub(crate) fn is_patch(invocation: &Invocation) -> bool {
    match family(&invocation.program) {
        "patch" | "gpatch" => true,
        "git" => invocation
            .args()
            .iter()
            .any(|it| matches!(it.text.as_str(), "apply" | "am")),
        _ => false,
    }
}

/// The files that hold the patches; none where stdin does.
pub(crate) fn sources(invocation: &Invocation) -> Vec<Arg> {
    let options = options(invocation);
    let mut files: Vec<Arg> = if family(&invocation.program) == "git" {
        options.rest(1).iter().map(|&it| it.clone()).collect()
    } else {
        let given = options.values_of(&["-i", "--input"]);
        let second = options.operands.get(1).map(|&it| it.clone());
        given.into_iter().chain(second).collect()
    };
    files.retain(|it| it.text != "-");
    files
}

/// The accesses of `patch`.
pub(super) fn patch(cx: &mut Cx) {
    cx.values(&["-o", "--output"], AccessKind::Write);
    cx.values(&["-i", "--input"], AccessKind::Read);
    let directory = cx.options.values_of(&["-d", "--directory"]).pop();
    let mut operands = cx.rest(0).into_iter();
    let (file, input) = (operands.next(), operands.next());
    cx.add_all(AccessKind::Read, false, input.as_slice());
    if cx.has(&["--dry-run", "-C", "--check", "-o", "--output"]) {
        return;
    }
    cx.base.clone_from(&directory);
    if let Some(file) = file {
        cx.add(AccessKind::Write, false, &file);
    } else {
        let strip = stripped(&cx.options, &["-p", "--strip"]);
        let known = named(cx, strip, true);
        if let (false, Some(directory)) = (known, directory) {
            // Whatever it holds it changes there.
            cx.base = None;
            let mut any = like(&directory, directory.text.clone() + "/*");
            any.flags.set(ArgFlags::GLOB);
            cx.add(AccessKind::Write, false, &any);
        }
    }
    cx.base = None;
}

/// The accesses of `git apply` and `git am`.
pub(super) fn apply(cx: &mut Cx) {
    cx.operands(1, AccessKind::Read, false);
    let looks = ["--check", "--stat", "--numstat", "--summary", "--cached"];
    if cx.operand(0) == "apply" && cx.has(&looks) && !cx.has(&["--apply"]) {
        return;
    }
    cx.values(&["--include", "--directory"], AccessKind::Write);
    let outer = cx.base.clone();
    if let Some(directory) = cx.options.values_of(&["--directory"]).pop() {
        cx.base = Some(match &outer {
            Some(base) if !directory.text.starts_with(['/', '~']) => below(base, &directory),
            _ => directory,
        });
    }
    let strip = stripped(&cx.options, &["-p"]);
    named(cx, Some(strip.unwrap_or(1)), false);
    cx.base = outer;
}

/// How many parts of each name do not count.
fn stripped(options: &Options, names: &[&str]) -> Option<usize> {
    let given = options.values_of(names).pop();
    given.and_then(|it| it.text.parse().ok())
}

/// Notes the files that the patch names; false where its text is not known. Without a number `patch` takes the
/// last part of a name alone.
fn named(cx: &mut Cx, strip: Option<usize>, both: bool) -> bool {
    let documents = cx.invocation.redirects.iter();
    let documents: Vec<&Arg> = documents
        .filter(|it| matches!(it.op, RedirectOp::Heredoc | RedirectOp::HereString))
        .map(|it| &it.target)
        .collect();
    for document in &documents {
        for (kind, name) in files(&document.text, both) {
            // What is renamed has no prefix of its own.
            let own = usize::from(kind == AccessKind::Move || kind == AccessKind::Append);
            let path = match strip.map(|it| it.saturating_sub(own)) {
                Some(count) => name.splitn(count + 1, '/').nth(count),
                None => name.rsplit('/').next(),
            };
            // A name that is shorter than what is taken off it stays whole.
            let path = Arg::literal(path.unwrap_or(name), document.span);
            cx.add(kind, false, &path);
        }
    }
    !documents.is_empty()
}

/// The files that a patch changes. `both`: the older name may be the one that is there.
fn files(text: &str, both: bool) -> Vec<(AccessKind, &str)> {
    let mut found = Vec::new();
    let mut lines = text.lines().peekable();
    let (mut old, mut new) = (0_usize, 0_usize);
    let mut last = None;
    while let Some(line) = lines.next() {
        if found.len() > FILE_LIMIT {
            break;
        }
        if old + new > 0 {
            match line.bytes().next() {
                Some(b'-') => old = old.saturating_sub(1),
                Some(b'+') => new = new.saturating_sub(1),
                Some(b'\\') => {}
                _ => {
                    old = old.saturating_sub(1);
                    new = new.saturating_sub(1);
                }
            }
            continue;
        }
        if let Some(ranges) = line.strip_prefix("@@ -") {
            (old, new) = counts(ranges);
        } else if let Some(name) = line.strip_prefix("rename from ") {
            found.push((AccessKind::Move, name));
        } else if let Some(name) = ["rename to ", "copy to "]
            .iter()
            .find_map(|it| line.strip_prefix(it))
        {
            found.push((AccessKind::Append, name));
        } else if let Some(names) = line.strip_prefix("diff --git ") {
            last = names.rsplit_once(' ').map(|it| name(it.1));
        } else if line.starts_with("deleted file mode") || line.starts_with("GIT binary patch") {
            // Of these there may be no more than this.
            found.extend(last.map(|it| (AccessKind::Write, it)));
        } else if let Some((before, mark)) = heading(line)
            && let Some(after) = lines.peek().and_then(|it| it.strip_prefix(mark))
        {
            add(&mut found, name(before), name(after), both);
            lines.next();
        }
    }
    found
}

/// The older name of a heading, and how the line with the other one begins.
fn heading(line: &str) -> Option<(&str, &'static str)> {
    let unified = line.strip_prefix("--- ").map(|it| (it, "+++ "));
    unified.or_else(|| {
        let context = line.strip_prefix("*** ").map(|it| (it, "--- "))?;
        (!context.0.ends_with("****")).then_some(context)
    })
}

fn add<'t>(found: &mut Vec<(AccessKind, &'t str)>, old: &'t str, new: &'t str, both: bool) {
    if new == "/dev/null" {
        found.push((AccessKind::Delete, old));
        return;
    }
    found.push((AccessKind::Write, new));
    if both && old != "/dev/null" && old != new && !old.starts_with('/') {
        found.push((AccessKind::Write, old));
    }
}

/// A name without the time behind it.
fn name(text: &str) -> &str {
    let text = text.split('\t').next().unwrap_or_default();
    text.trim_end().trim_matches('"')
}

/// How many lines a hunk has of either side: `1,3 +1,4 @@`.
fn counts(ranges: &str) -> (usize, usize) {
    let count = |range: &str| match range.split_once(',') {
        Some((_, count)) => count.parse().unwrap_or(0),
        None => 1,
    };
    let mut sides = ranges.split(' ');
    let old = sides.next().map_or(0, count);
    (old, sides.next().map_or(0, count))
}
