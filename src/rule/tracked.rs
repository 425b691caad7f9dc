//! Owns the question whether git knows a path: read from the repository's index, without starting git.
//! Does not own what follows from it. Invariant: whatever cannot be told counts as tracked.

use std::borrow::Cow;
use std::io::ErrorKind;

use super::pattern::glob;
use crate::host::{FileKind, Host};
use crate::path::{Class, INDEX_LIMIT, Located, kept_by_git};
use crate::word::base;

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
    let anywhere = relative.is_some_and(|it| it.contains("**/"));
    let relative = relative.map(|it| it.rsplit_once("**/").map_or(it, |found| found.1));
    let Some(relative) = relative.filter(|it| !it.is_empty()) else {
        return !gone;
    };
    let index = kept_by_git(host, project, "index", INDEX_LIMIT);
    index.is_none_or(|it| {
        !gone
            && if has_glob(relative) {
                lists_any(&it, relative, anywhere)
            } else {
                lists(&it, relative)
            }
    })
}

/// True for what may be a directory of the project's own by then: no file by its name, nothing of git's,
/// nothing behind a link.
fn may_come(located: &Located) -> bool {
    let name = base(&located.lexical);
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

/// Bytes of an entry before its name, of which the last two are its flags.
const ENTRY: usize = 62;

/// True where an index lists a path that the pattern matches, or something below one. No `*` reaches over a
/// slash; `[ab]` is taken for anything; `anywhere` below any directory.
fn lists_any(index: &[u8], pattern: &str, anywhere: bool) -> bool {
    let Some(([b'D', b'I', b'R', b'C', 0, 0, 0, 2 | 3, ..], mut rest)) = index.split_at_checked(12)
    else {
        return true;
    };
    let count = index.get(8..12).and_then(|it| it.try_into().ok());
    let pattern: Vec<Cow<str>> = pattern
        .trim_end_matches('/')
        .split('/')
        .map(any_letter)
        .collect();
    for _ in 0..count.map_or(0, u32::from_be_bytes) {
        // An extended entry has two bytes more.
        let Some(extended) = rest
            .get(ENTRY - 2)
            .map(|it| usize::from(it & 0x40 != 0) * 2)
        else {
            return true;
        };
        let start = ENTRY + extended;
        let after = rest.get(start..).unwrap_or_default();
        let Some(length) = after.iter().position(|it| *it == 0) else {
            return true;
        };
        let name = after.get(..length).and_then(|it| str::from_utf8(it).ok());
        let Some(name) = name else {
            return true;
        };
        let mut from = Some(name);
        while let Some(path) = from {
            let mut parts = path.split('/');
            if pattern
                .iter()
                .all(|it| parts.next().is_some_and(|part| fits(it, part)))
            {
                return true;
            }
            from = path.split_once('/').map(|it| it.1).filter(|_| anywhere);
        }
        // Names end in one to eight zeros, so that entries are a multiple of eight bytes long.
        rest = rest.get((start + length) / 8 * 8 + 8..).unwrap_or_default();
    }
    false
}

/// What begins with a dot is matched by what does as well.
fn fits(pattern: &str, part: &str) -> bool {
    (pattern.starts_with('.') || !part.starts_with('.')) && glob(pattern, part)
}

/// `[ab]` as `*`: more is matched, never less.
fn any_letter(part: &str) -> Cow<'_, str> {
    let Some((before, rest)) = part.split_once('[') else {
        return Cow::Borrowed(part);
    };
    let (_, after) = rest.rsplit_once(']').unwrap_or_default();
    Cow::Owned(format!("{before}*{after}"))
}

#[cfg(test)]
mod tests {
    use super::{lists, lists_any};

    /// An index of version 2 with these names.
    fn index(names: &[&str]) -> Vec<u8> {
        let mut bytes = b"DIRC\0\0\0\x02\0\0\0".to_vec();
        bytes.push(u8::try_from(names.len()).unwrap());
        for name in names {
            let start = bytes.len();
            bytes.extend([7; 60]);
            bytes.extend([0, u8::try_from(name.len()).unwrap()]);
            bytes.extend(name.bytes());
            bytes.resize(start + (62 + name.len()) / 8 * 8 + 8, 0);
        }
        bytes.extend([9; 20]);
        bytes
    }

    #[test]
    fn patterns_are_compared_part_by_part() {
        let index = index(&[
            ".github/x.yml",
            "src/App/App.cs",
            "src/App/bin.rs",
            "tests/a/lib/b.rs",
        ]);
        for pattern in [
            "src/*",
            "src/*/App.cs",
            "*/a/lib",
            "tests/*/l?b",
            "s*",
            "src/[AB]pp",
            "src/App/bin*",
        ] {
            assert!(lists_any(&index, pattern, false), "{pattern}");
        }
        for pattern in [
            "src/*/bin",
            "src/*/obj",
            "*.cs",
            "*/lib",
            "tests/*/*/*/*",
            "*github",
        ] {
            assert!(!lists_any(&index, pattern, false), "{pattern}");
        }
        assert!(lists_any(&index, "*.cs", true));
        assert!(!lists_any(&index, "*.py", true));
        assert!(lists_any(b"DIRC\0\0\0\x04", "src/*/bin", false));
        assert!(lists_any(index.get(..100).unwrap(), "src/*/bin", false));
    }

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
