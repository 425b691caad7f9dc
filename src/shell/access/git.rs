//! Owns what git does to the working tree and to files named on its command line. Does not own history:
//! lost commits are a matter of rules, not of paths.

use super::history::history;
use super::{AccessKind, Cx, below};
use crate::shell::invocation::{Arg, Assignment};
use crate::shell::unwrap::like;

/// The accesses of git; false for any other program.
pub(super) fn of(cx: &mut Cx) -> bool {
    if cx.program != "git" {
        return false;
    }
    let mut base = None;
    for directory in cx.options.flags.iter().filter(|it| it.name == "-C") {
        if let Some(next) = directory.value_arg() {
            base = Some(match base {
                Some(base) if !next.text.starts_with(['/', '~']) => below(&base, &next),
                _ => next,
            });
        }
    }
    // After the subcommand `-C` means other things (commit -C, blame -C).
    let own = cx
        .invocation
        .args()
        .first()
        .is_some_and(|it| it.text.starts_with('-'));
    cx.base = base.filter(|_| own);
    if let Some(tree) = work_tree(cx) {
        // Whatever is checked out goes there.
        if matches!(
            cx.operand(0),
            "checkout" | "restore" | "reset" | "switch" | "checkout-index" | "read-tree" | "stash"
        ) {
            cx.add(AccessKind::Write, false, &tree);
        }
        cx.base = Some(tree);
    }
    verb(cx);
    cx.base = None;
    true
}

/// The work tree that git is told to use.
fn work_tree(cx: &Cx) -> Option<Arg> {
    let given = cx.options.values_of(&["--work-tree"]).pop();
    let named = |it: &&Assignment| it.name == "GIT_WORK_TREE";
    let assigned = cx.invocation.assignments.iter().find(named);
    given.or_else(|| assigned.map(|it| it.value.clone()))
}

fn verb(cx: &mut Cx) {
    match cx.operand(0) {
        "rm" if !cx.has(&["--cached", "-n", "--dry-run"]) => {
            cx.operands(1, AccessKind::Delete, cx.has(&["-r"]));
        }
        "clean" => clean(cx),
        "checkout" => checkout(cx),
        "restore" => {
            let staged = cx.has(&["-S", "--staged"]) && !cx.has(&["-W", "--worktree"]);
            if !staged {
                cx.operands(1, AccessKind::Write, false);
            }
        }
        "reset" if cx.has(&["--hard"]) => {
            let here = cx.here();
            cx.add(AccessKind::Write, false, &here);
        }
        "mv" if !cx.has(&["-n", "--dry-run"]) => {
            let mut sources = cx.rest(1);
            if let Some(target) = sources.pop() {
                cx.add_all(AccessKind::Move, true, &sources);
                cx.add(AccessKind::Write, false, &target);
            }
        }
        "worktree" => worktree(cx),
        "clone" => clone(cx, 1),
        // What is stashed goes back to what was committed.
        "stash" if matches!(cx.operand(1), "push" | "save") => {
            cx.operands(2, AccessKind::Write, false);
        }
        "init" => one(cx, 1, AccessKind::Append),
        "apply" | "am" => super::patch::apply(cx),
        "hash-object" => cx.operands(1, AccessKind::Read, false),
        "archive" | "format-patch" => {
            cx.values(&["-o", "--output", "--output-directory"], AccessKind::Write);
            history(cx);
        }
        "diff" | "log" | "show" => {
            cx.values(&["--output"], AccessKind::Write);
            if cx.has(&["--no-index"]) {
                cx.operands(1, AccessKind::Read, false);
            } else {
                history(cx);
            }
        }
        "bundle" if cx.operand(1) == "create" => one(cx, 2, AccessKind::Write),
        "commit" | "tag" => cx.values(&["-F", "--file"], AccessKind::Read),
        "config" => {
            let writes =
                cx.options.operands.len() > 2 || cx.has(&["--unset", "--add", "--remove-section"]);
            let kind = if writes {
                AccessKind::Write
            } else {
                AccessKind::Read
            };
            cx.values(&["-f", "--file"], kind);
        }
        _ => history(cx),
    }
}

fn worktree(cx: &mut Cx) {
    match cx.operand(1) {
        "remove" => cx.operands(2, AccessKind::Delete, true),
        "add" => one(cx, 2, AccessKind::Append),
        "move" => {
            one(cx, 2, AccessKind::Move);
            one(cx, 3, AccessKind::Write);
        }
        _ => {}
    }
}

/// The nth operand alone.
fn one(cx: &mut Cx, n: usize, kind: AccessKind) {
    if let Some(path) = cx.options.operands.get(n).map(|&it| it.clone()) {
        cx.add(kind, false, &path);
    }
}

/// A clone makes the directory that is given, or one called like the repository.
pub(super) fn clone(cx: &mut Cx, from: usize) {
    if cx.options.operands.len() > from + 1 {
        one(cx, from + 1, AccessKind::Append);
    } else if let Some(&url) = cx.options.operands.get(from) {
        let path = url.text.trim_end_matches('/');
        let path = path.strip_suffix(".git").unwrap_or(path);
        let last = path.rsplit(['/', ':']).next().unwrap_or_default();
        let made = like(url, last);
        cx.add(AccessKind::Append, false, &made);
    }
}

fn clean(cx: &mut Cx) {
    if cx.has(&["-n", "--dry-run"]) || !cx.has(&["-f", "--force", "-i", "--interactive"]) {
        return;
    }
    let directories = cx.has(&["-d"]);
    if cx.options.operands.len() > 1 {
        cx.operands(1, AccessKind::Delete, true);
    } else {
        let here = cx.here();
        cx.add(AccessKind::Delete, directories, &here);
    }
}

/// `checkout -- paths`, `checkout REF -- paths`, `checkout .`.
fn checkout(cx: &mut Cx) {
    match cx.options.dashes {
        Some(at) => cx.operands(at, AccessKind::Write, false),
        None => {
            for operand in cx.rest(1) {
                if matches!(operand.text.as_str(), "." | "./" | "*" | ":/") {
                    cx.add(AccessKind::Write, false, &operand);
                }
            }
        }
    }
}
