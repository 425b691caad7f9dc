//! Owns the question which branch a git command would push where it names none: the last one that the
//! text switches to, else what HEAD of the repository says, read without starting git. Does not own what
//! follows from it. Invariant: a branch that cannot be told is no branch.

use super::matcher::Query;
use super::pattern::glob;
use crate::path;
use crate::shell::{Arg, Invocation, flags};

/// HEAD and the file that stands for `.git` in a worktree are one line.
const LINE_LIMIT: usize = 64 << 10;

/// Directories looked at on the way up to the repository.
const DEPTH_LIMIT: usize = 64;

/// The name of the branch that is checked out where the invocation runs.
pub(super) fn current(query: &Query, index: usize, invocation: &Invocation) -> Option<String> {
    if let Some(switch) = last_switch(query, index) {
        let names = flags::options(switch);
        let last = names.operands.last()?;
        return Some(last.text.clone()).filter(|_| names.operands.len() > 1);
    }
    let options = flags::options(invocation);
    let here = Arg::literal(".", crate::shell::Span::default());
    let given = options.values_of(&["-C"]).pop().unwrap_or(here);
    let place = path::locate(query.host, query.places, &invocation.cwd, &given.text);
    if !place.known {
        return None;
    }
    of_head(query, &place.real)
}

/// The last `git switch` or `git checkout` in front of the invocation.
fn last_switch<'q>(query: &Query<'q>, index: usize) -> Option<&'q Invocation> {
    let switches = |it: &&Invocation| {
        let verb = || {
            flags::options(it)
                .operands
                .first()
                .map(|it| it.text.clone())
        };
        it.program == "git" && matches!(verb().as_deref(), Some("switch" | "checkout"))
    };
    let earlier = query.reading.invocations.get(..index)?;
    earlier.iter().rev().find(switches)
}

/// The branch in HEAD of the repository at or above a directory.
fn of_head(query: &Query, directory: &str) -> Option<String> {
    let text = |path: &str| {
        let bytes = query.host.read(path, LINE_LIMIT).ok()?;
        String::from_utf8(bytes).ok()
    };
    let mut at = directory.trim_end_matches('/');
    for _ in 0..DEPTH_LIMIT {
        let head = text(&format!("{at}/.git/HEAD")).or_else(|| {
            // A worktree or submodule: `.git` is a file that names the directory.
            let link = text(&format!("{at}/.git"))?;
            let named = link.strip_prefix("gitdir:")?.trim();
            let absolute = named.starts_with('/').then(|| named.to_owned());
            let git = absolute.unwrap_or_else(|| format!("{at}/{named}"));
            text(&format!("{git}/HEAD"))
        });
        if let Some(head) = head {
            let branch = head.trim().strip_prefix("ref: refs/heads/")?;
            return Some(branch.to_owned());
        }
        at = at.rsplit_once('/')?.0;
    }
    None
}

/// True where one of the globs fits the branch.
pub(super) fn is_one_of<'t>(branch: &str, mut globs: impl Iterator<Item = &'t str>) -> bool {
    globs.any(|it| glob(it, branch))
}
