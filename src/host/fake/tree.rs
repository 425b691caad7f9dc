//! Owns the file tree of the machine in memory: names, inodes, and how a path leads to one. Does not own
//! the failures that are injected on the way to it. Invariant: names are canonical absolute paths.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use super::super::{FileKind, LINK_LIMIT};

/// What an inode holds.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) kind: FileKind,
    /// Content of a file, target of a symlink.
    pub(super) content: Vec<u8>,
    pub(super) mode: u32,
    pub(super) links: u64,
    pub(super) changed: i64,
}

#[derive(Debug, Default)]
pub(super) struct Tree {
    /// Canonical absolute path to inode; `/` is always there.
    pub(super) names: BTreeMap<String, u64>,
    pub(super) nodes: BTreeMap<u64, Node>,
    pub(super) next_inode: u64,
    pub(super) unreadable: BTreeSet<String>,
    pub(super) read_only: BTreeSet<String>,
    pub(super) held: BTreeSet<String>,
    /// Paths that do not belong to the user of the machine.
    pub(super) owners: BTreeMap<String, u32>,
}

impl Tree {
    pub(super) fn node(&self, path: &str) -> io::Result<&Node> {
        self.names
            .get(path)
            .and_then(|it| self.nodes.get(it))
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    pub(super) fn unlink(&mut self, path: &str) {
        if let Some(inode) = self.names.remove(path)
            && let Some(node) = self.nodes.get_mut(&inode)
        {
            node.links = node.links.saturating_sub(1);
            if node.links == 0 {
                self.nodes.remove(&inode);
            }
        }
    }

    /// The canonical path, through every symlink above the last component, and through that one where
    /// `follow`. The last component need not exist; those above it must.
    pub(super) fn resolve(&self, path: &str, follow: bool) -> io::Result<String> {
        if !path.starts_with('/') {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "path is not absolute",
            ));
        }
        let mut rest: Vec<String> = components(path).rev().map(str::to_owned).collect();
        let mut at = String::new();
        let mut links = 0;
        while let Some(part) = rest.pop() {
            if part == ".." {
                at.truncate(at.rfind('/').unwrap_or(0));
                continue;
            }
            let next = format!("{at}/{part}");
            match self.node(&next) {
                Ok(node) if node.kind == FileKind::Symlink && (follow || !rest.is_empty()) => {
                    links += 1;
                    if links > LINK_LIMIT {
                        return Err(io::Error::from_raw_os_error(libc::ELOOP));
                    }
                    let target = String::from_utf8_lossy(&node.content).into_owned();
                    if target.starts_with('/') {
                        at.clear();
                    }
                    rest.extend(components(&target).rev().map(str::to_owned));
                }
                Ok(node) if node.kind != FileKind::Directory && !rest.is_empty() => {
                    return Err(io::ErrorKind::NotADirectory.into());
                }
                Err(error) if !rest.is_empty() => return Err(error),
                _ => at = next,
            }
        }
        Ok(if at.is_empty() { "/".to_owned() } else { at })
    }

    pub(super) fn writable(&self, path: &str) -> io::Result<()> {
        let refused = self.read_only.iter().any(|it| is_below(path, it));
        if refused {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        Ok(())
    }

    pub(super) fn readable(&self, path: &str) -> io::Result<()> {
        if self.unreadable.contains(path) {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(())
    }
}

fn components(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.split('/').filter(|it| !it.is_empty() && *it != ".")
}

/// The path without empty and `.` components and without a trailing slash.
pub(super) fn clean(path: &str) -> String {
    let mut clean = String::with_capacity(path.len() + 1);
    for part in components(path) {
        clean.push('/');
        clean.push_str(part);
    }
    if clean.is_empty() {
        clean.push('/');
    }
    clean
}

fn is_below(path: &str, directory: &str) -> bool {
    path.strip_prefix(directory.trim_end_matches('/'))
        .is_some_and(|it| it.is_empty() || it.starts_with('/'))
}
