//! Owns the way from a path in a container to the directory of this machine that is mounted there. Does not
//! own which directories are (`Invocation::mounts`). Invariant: a path below no mount stays the container's.

use super::{Access, AccessKind};
use crate::shell::invocation::{Cwd, Invocation, Mount};
use crate::shell::walk::enter;

/// Gives the accesses that reach a mounted directory the place it has on this machine.
pub(super) fn map(invocation: &Invocation, found: &mut Vec<Access>) {
    let mut whole = Vec::new();
    for access in found.iter_mut() {
        let Some(inside) = inside(&invocation.cwd, &access.path.text) else {
            continue;
        };
        let usable = |it: &&Mount| !it.read_only || !changes(access.kind);
        let below = |it: &Mount| rest(&inside, &it.target).map(str::len);
        let mounts = || invocation.mounts.iter().filter(usable);
        let nearest = mounts().filter_map(|it| Some((it, below(it)?)));
        if let Some((mount, length)) = nearest.min_by_key(|it| it.1) {
            let rest = inside.get(inside.len() - length..).unwrap_or_default();
            let source = mount.source.trim_end_matches('/');
            access.path.text = match [source, rest].concat() {
                root if root.is_empty() => "/".to_owned(),
                path => path,
            };
            access.local = true;
            continue;
        }
        if access.kind == AccessKind::Delete && access.recursive {
            // What is mounted below a tree goes with it.
            let above = mounts().filter(|it| rest(&it.target, &inside).is_some());
            for mount in above {
                let mut path = access.path.clone();
                path.text.clone_from(&mount.source);
                whole.push(Access {
                    path,
                    local: true,
                    ..access.clone()
                });
            }
        }
    }
    found.append(&mut whole);
}

/// The path as the container sees it, absolute and normalised.
fn inside(cwd: &Cwd, text: &str) -> Option<String> {
    match cwd {
        _ if text.starts_with('~') => None,
        Cwd::At(base) if base.starts_with('/') => match enter(cwd, text) {
            Cwd::At(path) => Some(path),
            _ => None,
        },
        _ if text.starts_with('/') => match enter(&Cwd::Start, text) {
            Cwd::At(path) => Some(path),
            _ => None,
        },
        _ => None,
    }
}

/// What follows a directory in a path at or below it: nothing, or a slash and more.
fn rest<'p>(path: &'p str, directory: &str) -> Option<&'p str> {
    let rest = path.strip_prefix(directory.trim_end_matches('/'))?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

fn changes(kind: AccessKind) -> bool {
    !matches!(
        kind,
        AccessKind::Read | AccessKind::List | AccessKind::Execute | AccessKind::Send
    )
}
