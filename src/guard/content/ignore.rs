//! Owns which files git ignores, as far as the repository and the user's own list say so. Does not own
//! globs (`path::glob`). Invariant: a directory that is ignored takes all in it along; the last pattern
//! that fits counts. Format: gitignore(5).

use crate::host::Host;
use crate::path::glob;
use crate::word::base;

/// The largest list that is read (bytes), and how many patterns count.
const LIST_LIMIT: usize = 64 << 10;

/// One list of patterns and the directory they are relative to, below the root.
struct List {
    base: String,
    text: String,
}

/// True where a path below the root of a repository is ignored.
pub(super) fn is_ignored(host: &dyn Host, home: Option<&str>, root: &str, path: &str) -> bool {
    let mut lists: Vec<List> = Vec::new();
    let mut add = |file: &str, base: &str| {
        if let Ok(bytes) = host.read(file, LIST_LIMIT) {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let base = base.to_owned();
            lists.push(List { base, text });
        }
    };
    if let Some(home) = home {
        add(&[home, "/.config/git/ignore"].concat(), "");
    }
    add(&[root, "/.git/info/exclude"].concat(), "");
    add(&[root, "/.gitignore"].concat(), "");
    for (at, _) in path.match_indices('/') {
        let base = path.get(..at).unwrap_or_default();
        add(&[root, "/", base, "/.gitignore"].concat(), base);
    }
    let directories = path.match_indices('/').map(|(at, _)| at);
    let ends = directories.chain([path.len()]);
    ends.into_iter().any(|end| {
        let part = path.get(..end).unwrap_or_default();
        let mut verdict = false;
        for list in &lists {
            verdict = list.verdict(part, end < path.len()).unwrap_or(verdict);
        }
        verdict
    })
}

impl List {
    /// What the list says of a path below the root.
    fn verdict(&self, path: &str, directory: bool) -> Option<bool> {
        let inner = match self.base.as_str() {
            "" => path,
            base => path.strip_prefix(base)?.strip_prefix('/')?,
        };
        let mut lines = self.text.lines().rev();
        lines.find_map(|line| verdict(line, inner, directory))
    }
}

/// What one line says of a path that is relative to the line's directory.
fn verdict(line: &str, path: &str, directory: bool) -> Option<bool> {
    let line = line.trim_end();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let (line, ignored) = line
        .strip_prefix('!')
        .map_or((line, true), |it| (it, false));
    let (line, only_directories) = line
        .strip_suffix('/')
        .map_or((line, false), |it| (it, true));
    if only_directories && !directory {
        return None;
    }
    let fits = match line.strip_prefix('/') {
        Some(anchored) => glob::matches(anchored, path),
        None if line.contains('/') => glob::matches(line, path),
        None => glob::matches(line, base(path)),
    };
    fits.then_some(ignored)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::fake::FakeHost;

    #[test]
    fn lists_are_read_as_git_reads_them() {
        let host = FakeHost::new();
        host.add_file(
            "/p/.gitignore",
            b"# local\n.env\n*.pem\n/config/local.*\nsecrets/\n!keep.pem\nlogs/**/x\n",
        );
        host.add_file("/p/app/.gitignore", b"settings.py\n!.env\n");
        host.add_file("/p/.git/info/exclude", b"mine.txt\n");
        host.add_file("/h/.config/git/ignore", b"*.swp\n");
        let check = |path: &str, wanted: bool| {
            assert_eq!(is_ignored(&host, Some("/h"), "/p", path), wanted, "{path}");
        };
        for path in [
            ".env",
            "deep/down/.env",
            "a.pem",
            "x/b.pem",
            "config/local.json",
            "secrets/a/b.txt",
            "app/settings.py",
            "mine.txt",
            "x.swp",
            "logs/a/b/x",
            "app/sub/settings.py",
        ] {
            check(path, true);
        }
        for path in [
            ".env.example",
            "keep.pem",
            "x/config/local.json",
            "secrets",
            "settings.py",
            "app/.env",
            "src/main.rs",
            "pem",
        ] {
            check(path, false);
        }
    }
}
