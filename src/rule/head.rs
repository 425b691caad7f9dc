//! Owns the question which branch a repository is on: read from its HEAD, without starting git. Does not
//! own what follows from it. Invariant: a detached or unreadable HEAD is no branch.

use crate::host::Host;
use crate::path::kept_by_git;

/// HEAD is one line (bytes).
const LINE_LIMIT: usize = 4096;

/// The branch that is checked out in the repository at `project`.
pub(super) fn branch(host: &dyn Host, project: &str) -> Option<String> {
    let head = kept_by_git(host, project, "HEAD", LINE_LIMIT)?;
    let head = str::from_utf8(&head).ok()?.trim();
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
