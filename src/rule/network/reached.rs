//! Owns which hosts a call reaches at all, for the policy's lists: what the text names, the remotes that
//! git goes to, and the registries of package managers. Does not own the lists (`guard/egress`).
//! Invariant: a program that only speaks of addresses (`echo`, `grep`) reaches none.

use std::borrow::Cow;

use super::destination::{self, Asked};
use super::{Address, implied, remotes};
use crate::path::Locator;
use crate::rule::words;
use crate::shell::flags::{family, options};
use crate::shell::{Context, Invocation, Reading};

/// The hosts that an invocation, `index`th of the reading, reaches from this machine.
pub fn reached(reading: &Reading, index: usize, locator: &Locator) -> Vec<Address> {
    let Some(invocation) = reading.invocations.get(index) else {
        return Vec::new();
    };
    if invocation.context.has(Context::REMOTE) || !connects(invocation) {
        return Vec::new();
    }
    let options = options(invocation);
    let mut found = destination::of(&Asked {
        reading,
        index,
        invocation,
        options: &options,
    });
    if found.is_empty() {
        found.extend(implied::registry(invocation, &options).and_then(Address::named));
        if invocation.program == "git" {
            found.extend(remote(&options, locator));
        }
    }
    found
}

/// The hosts of the addresses that another tool is given; places of this machine are none.
pub fn reached_by_tool<'u>(urls: &'u [Cow<str>]) -> impl Iterator<Item = Address> + use<'u> {
    const LOCAL: [&str; 4] = ["file:", "data:", "about:", "blob:"];
    let local = |it: &&Cow<str>| LOCAL.iter().any(|scheme| it.starts_with(scheme));
    let named = urls.iter().filter(move |it| !local(it));
    named.filter_map(|it| Address::of(it, true))
}

/// True for programs that open connections to what their arguments name.
fn connects(invocation: &Invocation) -> bool {
    const OTHERS: &str = "git openssl gh glab docker podman nerdctl npm npx pnpm yarn bun bunx pip pip3 \
        uv uvx pipx poetry cargo go gem bundle brew apt apt-get dnf yum apk mosh autossh rsh rlogin \
        ncftp fetch axel aria2c websocat wscat grpcurl httpx ab wrk hey psql mysql mongosh redis-cli \
        helm terraform ansible exec";
    let program = family(&invocation.program);
    let mut redirects = invocation.redirects.iter();
    let socket = redirects.any(|it| it.socket().is_some());
    let groups = ["sender", "downloader", "interpreter"];
    let mut groups = groups.iter().filter_map(|it| words::group(it));
    let listed = |list: &str| list.split_ascii_whitespace().any(|it| named(it, program));
    socket || listed(OTHERS) || groups.any(listed)
}

fn named(pattern: &str, program: &str) -> bool {
    crate::rule::pattern::name(pattern, program)
}

/// The host of the remote that git goes to, by its name or by default.
fn remote(options: &crate::shell::flags::Options, locator: &Locator) -> Option<Address> {
    let verb = options.subcommand(0)?;
    if !matches!(
        verb,
        "push" | "pull" | "fetch" | "ls-remote" | "clone" | "submodule"
    ) {
        return None;
    }
    let name = options.subcommand(1).unwrap_or("origin");
    let remotes = remotes::remotes(locator.host, &locator.places.project);
    let found = remotes.iter().find(|it| it.0 == name);
    found.and_then(|it| remotes::host_of(&it.1))
}
