//! Owns what is checked out in a repository or a worktree: read from its files, without starting git. Does
//! not own what the session changed in it. Invariant: only what looks like a commit is told as one.

use super::Git;
use crate::host::Host;

/// HEAD, a reference and the file in the place of `.git` are a line each (bytes).
const LINE_LIMIT: usize = 4096;
/// Packed references larger than this (bytes) are not read.
const PACKED_LIMIT: usize = 4 << 20;

/// What is checked out at `root`; absent where that is no repository.
pub(super) fn state(host: &dyn Host, root: &str) -> Option<Git> {
    let mut directory = format!("{root}/.git");
    if let Some(pointer) = line(host, &directory) {
        directory = joined(root, pointer.strip_prefix("gitdir:")?.trim());
    }
    let head = line(host, &format!("{directory}/HEAD"))?;
    let Some(name) = head.strip_prefix("ref: ") else {
        return Some(Git {
            branch: String::new(),
            commit: commit(&head)?,
        });
    };
    let name = name.trim();
    let branch = name.strip_prefix("refs/heads/")?;
    Some(Git {
        branch: super::clean(branch, super::PATH_LIMIT),
        commit: referred(host, &directory, name).unwrap_or_default(),
    })
}

/// The commit of a reference: of the worktree, of the repository, or among the packed ones.
fn referred(host: &dyn Host, directory: &str, name: &str) -> Option<String> {
    if name.split('/').any(|it| it == "..") {
        return None;
    }
    let common = line(host, &format!("{directory}/commondir"));
    let common = common.map_or_else(|| directory.to_owned(), |it| joined(directory, &it));
    let loose = |directory: &str| commit(&line(host, &format!("{directory}/{name}"))?);
    let packed = || {
        let bytes = host
            .read(&format!("{common}/packed-refs"), PACKED_LIMIT)
            .ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let mut pairs = text.lines().filter_map(|it| it.split_once(' '));
        commit(pairs.find(|it| it.1 == name)?.0)
    };
    loose(directory).or_else(|| loose(&common)).or_else(packed)
}

fn joined(base: &str, path: &str) -> String {
    if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("{base}/{path}")
    }
}

fn line(host: &dyn Host, path: &str) -> Option<String> {
    let bytes = host.read(path, LINE_LIMIT).ok()?;
    Some(String::from_utf8(bytes).ok()?.trim().to_owned())
}

fn commit(text: &str) -> Option<String> {
    let whole = matches!(text.len(), 40 | 64) && text.bytes().all(|it| it.is_ascii_hexdigit());
    whole.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::fake::FakeHost;

    #[test]
    fn branch_and_commit_are_read_from_files() {
        let (host, one, two) = (FakeHost::new(), "1".repeat(40), "2".repeat(40));
        host.add_file("/p/.git/HEAD", "ref: refs/heads/feature/x\n");
        host.add_file("/p/.git/refs/heads/feature/x", format!("{one}\n"));
        host.add_file(
            "/p/.git/packed-refs",
            format!("# pack\n{two} refs/heads/main\n^{one}\n"),
        );
        host.add_file("/w/.git", "gitdir: ../p/.git/worktrees/w\n");
        host.add_file("/p/.git/worktrees/w/HEAD", "ref: refs/heads/main\n");
        host.add_file("/p/.git/worktrees/w/commondir", "../..\n");
        host.add_file("/d/.git/HEAD", format!("{two}\n"));
        host.add_file("/e/.git/HEAD", "ref: refs/heads/../../../secret\n");
        host.add_file("/secret", one.as_str());
        host.add_file("/n/.git/HEAD", "anything\n");
        let check = |root: &str, wanted: Option<(&str, &str)>| {
            let found = state(&host, root);
            let found = found
                .as_ref()
                .map(|it| (it.branch.as_str(), it.commit.as_str()));
            assert_eq!(found, wanted, "{root}");
        };
        check("/p", Some(("feature/x", &one)));
        check("/w", Some(("main", &two)));
        check("/d", Some(("", &two)));
        check("/e", Some(("../../../secret", "")));
        check("/n", None);
        check("/none", None);
    }
}
