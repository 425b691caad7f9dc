//! Owns the question whether git knows a path: read from the repository's index, without starting git.
//! Does not own what follows from it. Invariant: whatever cannot be told counts as tracked.

use std::io::ErrorKind;

use crate::host::Host;
use crate::path::Located;

/// An index larger than this (bytes) is not read.
const INDEX_LIMIT: usize = 16 << 20;

/// False where the path does not exist, or where the project's index lists no file at or below it.
pub(super) fn is_tracked(host: &dyn Host, project: &str, located: &Located) -> bool {
    let missing = |path: &str| {
        host.metadata(path).is_err_and(|error| {
            matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
        })
    };
    if located.lexical.starts_with('/') && missing(&located.lexical) && !has_glob(&located.lexical)
    {
        return false;
    }
    let relative = [&located.lexical, &located.real]
        .into_iter()
        .find_map(|it| it.strip_prefix(project)?.strip_prefix('/'));
    // Directories of one name anywhere below: `**/obj`.
    let relative = relative.map(|it| it.rsplit_once("**/").map_or(it, |found| found.1));
    let Some(relative) = relative.filter(|it| !it.is_empty() && !has_glob(it)) else {
        return true;
    };
    let index = host.read(&format!("{project}/.git/index"), INDEX_LIMIT);
    index.map_or(true, |it| lists(&it, relative))
}

fn has_glob(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

/// True where an index lists the path itself or something below it. Versions 2 and 3 hold every name in
/// full; version 4 shortens them and is not understood.
fn lists(index: &[u8], path: &str) -> bool {
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
