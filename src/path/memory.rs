//! Owns what is remembered of the disk during one event: where paths are, and which directories no symlink
//! stands in. Does not own finding that out (`resolve`). Invariant: what is remembered is found again
//! without looking through the rest, however many paths a command names.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::Located;
use crate::shell::Cwd;

/// What is meant where the last component is a symlink.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    /// The thing it points to.
    Target,
    /// The link itself.
    Entry,
}

/// How a text names a path.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Manner {
    pub globs: bool,
    pub last: Last,
}

/// A path that was located, and how it was asked for.
struct Known {
    cwd: Cwd,
    globs: bool,
    /// Absent where both give the same: the last component is no symlink.
    last: Option<Last>,
    located: Located,
}

/// How many located paths are remembered.
const KNOWN_LIMIT: usize = 1 << 18;

/// The memory of one event.
#[derive(Default)]
pub(super) struct Memory {
    /// By a hash of the text; one of two texts with the same hash is forgotten.
    known: RefCell<BTreeMap<u64, Known>>,
    /// Directories that no symlink stands in, nor above them, sorted by their components.
    plain: RefCell<Vec<String>>,
}

impl Memory {
    /// Where a path was found before, asked for in the same manner.
    pub(super) fn located(&self, cwd: &Cwd, text: &str, manner: Manner) -> Option<Located> {
        let known = self.known.borrow();
        let it = known.get(&hash(text))?;
        let same = it.globs == manner.globs
            && it.last.is_none_or(|last| last == manner.last)
            && it.located.written == text
            && it.cwd == *cwd;
        same.then(|| it.located.clone())
    }

    pub(super) fn note(&self, cwd: &Cwd, globs: bool, last: Option<Last>, located: &Located) {
        let mut known = self.known.borrow_mut();
        if known.len() < KNOWN_LIMIT {
            let it = Known {
                cwd: cwd.clone(),
                globs,
                last,
                located: located.clone(),
            };
            known.insert(hash(&located.written), it);
        }
    }

    /// True where the path was found to hold no symlink: it, or something below it, was walked before.
    pub(super) fn is_plain(&self, path: &str) -> bool {
        find(&self.plain.borrow(), path).is_ok()
    }

    /// Notes a directory that holds no symlink. A file need not be: nothing lies below it.
    pub(super) fn note_plain(&self, path: &str) {
        let mut plain = self.plain.borrow_mut();
        if let Err(at) = find(&plain, path) {
            plain.insert(at, path.to_owned());
        }
    }
}

/// The directory, or one below it; else where it belongs. By components, what lies below a directory
/// stands right behind it.
fn find(plain: &[String], path: &str) -> Result<usize, usize> {
    let at = plain.partition_point(|it| it.split('/').lt(path.split('/')));
    let behind = plain.get(at).and_then(|it| it.strip_prefix(path));
    match behind.map(|it| it.as_bytes().first()) {
        Some(None | Some(b'/')) => Ok(at),
        _ => Err(at),
    }
}

/// FNV-1a.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_above_a_plain_directory_is_plain() {
        let memory = Memory::default();
        for path in ["/b/c", "/a/b", "/a-b/c", "/a.b", "/a/b/d", "/a"] {
            memory.note_plain(path);
        }
        for path in [
            "/a", "/a/b", "/a/b/d", "/a-b", "/a-b/c", "/a.b", "/b", "/b/c",
        ] {
            assert!(memory.is_plain(path), "{path}");
        }
        for path in ["/a/c", "/a/b/c", "/a-", "/a-b/cd", "/b/", "/c", "/b/c/d"] {
            assert!(!memory.is_plain(path), "{path}");
        }
    }

    #[test]
    fn paths_are_known_again_in_their_manner() {
        let memory = Memory::default();
        let located = |text: &str| Located {
            written: text.to_owned(),
            ..Located::default()
        };
        let manner = |last| Manner { globs: true, last };
        memory.note(&Cwd::Start, true, None, &located("a"));
        memory.note(&Cwd::Start, true, Some(Last::Entry), &located("b"));
        let known = |text, last| memory.located(&Cwd::Start, text, manner(last)).is_some();
        assert!(known("a", Last::Entry) && known("a", Last::Target));
        assert!(known("b", Last::Entry) && !known("b", Last::Target));
        assert!(!known("c", Last::Entry));
        assert!(
            memory
                .located(&Cwd::Unknown, "a", manner(Last::Entry))
                .is_none()
        );
    }
}
