//! Owns the question whether git knows a path: read from the repository's index, without starting git.
//! Does not own what follows from it. Invariant: whatever cannot be told counts as tracked.

use std::io::ErrorKind;

use crate::host::{FileKind, Host};
use crate::path::{Class, Located};

/// An index larger than this (bytes) is not read.
const INDEX_LIMIT: usize = 16 << 20;

/// False for a single file, for a path that does not exist, and where the project's index lists no file at or
/// below it. Of a project without an index nothing can be told: its directories may come into being before
/// the command runs, unless `made` says that the command itself makes the path.
pub(super) fn is_tracked(
    host: &dyn Host,
    project: &str,
    located: &Located,
    made: impl FnOnce(&str) -> bool,
) -> bool {
    let path = &located.lexical;
    let (mut gone, mut single) = (false, false);
    if path.starts_with('/') && !has_glob(path) {
        match host.metadata(path) {
            Ok(meta) => single = meta.kind == FileKind::File,
            Err(error) => {
                gone = matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory);
            }
        }
    }
    if single || (gone && (!may_come(located) || made(path))) {
        return false;
    }
    let relative = [path, &located.real]
        .into_iter()
        .find_map(|it| it.strip_prefix(project)?.strip_prefix('/'));
    // Directories of one name anywhere below: `**/obj`.
    let relative = relative.map(|it| it.rsplit_once("**/").map_or(it, |found| found.1));
    let Some(relative) = relative.filter(|it| !it.is_empty() && !has_glob(it)) else {
        return !gone;
    };
    let index = host.read(&format!("{project}/.git/index"), INDEX_LIMIT);
    index.map_or(true, |it| !gone && lists(&it, relative))
}

/// True for what may be a directory of the project's own by then: no file by its name, nothing of git's,
/// nothing behind a link.
fn may_come(located: &Located) -> bool {
    let name = located.lexical.rsplit('/').next().unwrap_or_default();
    located.known
        && located.classes.has(Class::InProject)
        && located.real == located.lexical
        && !name.trim_start_matches('.').contains('.')
        && !located.lexical.contains("/.git")
}

fn has_glob(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

/// True where an index lists the path itself or something below it. Versions 2 and 3 hold every name in
/// full; version 4 shortens them and is not understood.
pub(crate) fn lists(index: &[u8], path: &str) -> bool {
    if !matches!(index.get(..8), Some(b"DIRC\0\0\0\x02" | b"DIRC\0\0\0\x03")) {
        return true;
    }
    let path = path.trim_end_matches('/').as_bytes();
    let Some(&first) = path.first() else {
        return true;
    };
    let mut rest = index;
    while let Some(at) = rest.iter().position(|it| *it == first) {
        rest = rest.get(at..).unwrap_or_default();
        if let Some(after) = rest.strip_prefix(path)
            && matches!(after.first(), Some(b'/' | b'\0'))
        {
            return true;
        }
        rest = rest.get(1..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::lists;

    #[test]
    fn names_in_an_index_are_found_whole() {
        let index = b"DIRC\0\0\0\x02\0\0\0\x02....\0\x0asrc/lib.rs\0\0..\0\x06README\0\0";
        assert!(lists(index, "src"));
        assert!(lists(index, "src/lib.rs"));
        assert!(lists(index, "README"));
        assert!(!lists(index, "sr"));
        assert!(!lists(index, "build"));
        assert!(lists(b"DIRC\0\0\0\x04", "build"));
        assert!(lists(b"", "build"));
    }
}
