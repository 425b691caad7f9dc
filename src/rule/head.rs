//! Owns the question which branch a repository is on: read from its HEAD, without starting git. Does not
//! own what follows from it. Invariant: a detached or unreadable HEAD is no branch.

use crate::host::Host;

/// HEAD and the file that a worktree has in the place of `.git` are a line each (bytes).
const LINE_LIMIT: usize = 4096;

/// The branch that is checked out in the repository at `project`.
pub(super) fn branch(host: &dyn Host, project: &str) -> Option<String> {
    let line = |path: &str| {
        let bytes = host.read(path, LINE_LIMIT).ok()?;
        Some(String::from_utf8(bytes).ok()?.trim().to_owned())
    };
    let git = format!("{project}/.git");
    let head = line(&format!("{git}/HEAD")).or_else(|| {
        let pointer = line(&git)?;
        let directory = pointer.strip_prefix("gitdir:")?.trim();
        line(&if directory.starts_with('/') {
            format!("{directory}/HEAD")
        } else {
            format!("{project}/{directory}/HEAD")
        })
    })?;
    head.strip_prefix("ref: refs/heads/").map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::branch;
    use crate::host::fake::FakeHost;

    #[test]
    fn the_branch_is_read_from_head() {
        let host = FakeHost::new();
        host.add_file("/p/.git/HEAD", "ref: refs/heads/feature/x\n");
        host.add_file("/w/.git", "gitdir: /p/.git/worktrees/w\n");
        host.add_file("/p/.git/worktrees/w/HEAD", "ref: refs/heads/main\n");
        host.add_file("/d/.git/HEAD", "0123456789abcdef\n");
        assert_eq!(branch(&host, "/p").as_deref(), Some("feature/x"));
        assert_eq!(branch(&host, "/w").as_deref(), Some("main"));
        assert_eq!(branch(&host, "/d"), None);
        assert_eq!(branch(&host, "/none"), None);
    }
}
