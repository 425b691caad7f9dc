//! Owns the question which hosts a repository is at home on: those of the remotes in its configuration,
//! read without starting git. Does not own what follows. Invariant: a configuration that cannot be read
//! names no host.

use super::Address;
use crate::host::Host;
use crate::path::kept_by_git;

/// A configuration larger than this (bytes) is not read.
const CONFIG_LIMIT: usize = 1 << 20;

/// The remotes of the repository at `project`: name and address.
pub(super) fn remotes(host: &dyn Host, project: &str) -> Vec<(String, String)> {
    let config = kept_by_git(host, project, "config", CONFIG_LIMIT).unwrap_or_default();
    str::from_utf8(&config).map_or_else(|_| Vec::new(), listed)
}

/// The remotes that the text of a configuration lists.
fn listed(config: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut name = None;
    for line in config.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            let section = section.split(']').next().unwrap_or_default().trim();
            let remote = section.strip_prefix("remote ");
            name = remote.map(|it| it.trim().trim_matches('"').to_owned());
        } else if let Some(name) = &name
            && let Some((key, value)) = line.split_once('=')
            && matches!(key.trim().to_ascii_lowercase().as_str(), "url" | "pushurl")
        {
            found.push((name.clone(), value.trim().trim_matches('"').to_owned()));
        }
    }
    found
}

/// The host of a remote: of a URL or of `[user@]host:path`; a path of this machine has none.
pub(super) fn host_of(remote: &str) -> Option<Address> {
    if remote.contains("://") {
        return Address::of(remote, false).filter(|_| !remote.starts_with("file:"));
    }
    let (host, _) = remote.split_once(':')?;
    let place = host.is_empty() || host.contains('/') || remote.starts_with(['.', '~']);
    Address::of(host, true).filter(|_| !place)
}

#[cfg(test)]
mod tests {
    use super::{host_of, remotes};
    use crate::host::fake::FakeHost;

    #[test]
    fn remotes_are_read_from_the_configuration() {
        let host = FakeHost::new();
        let config = "[core]\n\turl = no\n[remote \"origin\"]\n\turl = git@github.com:a/b.git\n\
                      \tfetch = +refs/heads/*\n[remote \"up\"]\n\tpushurl=https://u@git.x.org/a\n";
        host.add_file("/p/.git/config", config);
        host.add_file("/w/.git", "gitdir: /p/.git/worktrees/w\n");
        for project in ["/p", "/w"] {
            let hosts: Vec<_> = remotes(&host, project)
                .into_iter()
                .filter_map(|(name, url)| Some((name, host_of(&url)?.name)))
                .collect();
            let expected = [("origin", "github.com"), ("up", "git.x.org")];
            assert_eq!(hosts, expected.map(|it| (it.0.to_owned(), it.1.to_owned())));
        }
        assert!(remotes(&host, "/none").is_empty());
        for place in ["../other", "/srv/git/x", "./a:b", "file:///srv/x", "origin"] {
            assert_eq!(host_of(place), None, "{place}");
        }
    }
}
