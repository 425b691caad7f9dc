//! Owns which host a package manager goes to where its command names none. Does not own hosts that are
//! named (`destination`). Invariant: commands that work offline (`build`, `test`, `run`) imply none.

use crate::shell::Invocation;
use crate::shell::flags::{Options, family};

/// The registry that a command fetches from or publishes to by default.
pub(super) fn registry(invocation: &Invocation, options: &Options) -> Option<&'static str> {
    let verb = options.subcommand(0).unwrap_or_default();
    let is = |verbs: &[&str]| verbs.contains(&verb);
    match family(&invocation.program) {
        "npm" | "pnpm" | "yarn" | "bun" => {
            let fetches = [
                "install", "i", "ci", "add", "update", "upgrade", "outdated", "view", "info",
                "publish", "audit", "dlx", "create",
            ];
            is(&fetches).then_some("registry.npmjs.org")
        }
        "npx" | "bunx" => Some("registry.npmjs.org"),
        "pip" | "pip3" => is(&["install", "download", "wheel", "index"]).then_some("pypi.org"),
        "uv" => is(&["pip", "add", "sync", "lock", "tool", "publish"]).then_some("pypi.org"),
        "uvx" | "pipx" => Some("pypi.org"),
        "poetry" => is(&["add", "install", "update", "lock", "publish"]).then_some("pypi.org"),
        "cargo" => {
            let fetches = [
                "install", "add", "update", "fetch", "publish", "search", "yank",
            ];
            is(&fetches).then_some("crates.io")
        }
        "go" => is(&["get", "install"]).then_some("proxy.golang.org"),
        "gem" | "bundle" => {
            is(&["install", "update", "fetch", "push", "add"]).then_some("rubygems.org")
        }
        "gh" => Some("github.com"),
        "docker" | "podman" => is(&["pull", "push", "login", "search"]).then_some("docker.io"),
        _ => None,
    }
}
