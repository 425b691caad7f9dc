//! Owns what rules may ask about the network: which hosts an invocation or another tool connects to, and
//! whether files of this machine go there. Does not own the rules. Invariant: the same host is judged
//! alike in every program and tool.

mod address;
mod destination;
mod implied;
mod reached;
mod remotes;
mod sent;

pub use address::{Address, is_host_pattern};
pub use reached::{reached, reached_by_tool};

use destination::Asked;

use super::matcher::Query;
use super::pattern::glob;
use super::subject::Subject;
use crate::shell::Invocation;

/// True where an invocation connects to a host that one of the patterns means.
pub(super) fn connects<'p>(
    query: &Query,
    subject: &Subject,
    patterns: &(impl Iterator<Item = &'p str> + Clone),
) -> bool {
    let hosts = subject.hosts(|| {
        let invocation: &Invocation = &subject.invocation;
        destination::of(&Asked {
            reading: query.reading,
            index: subject.index,
            invocation,
            options: subject.options(),
        })
    });
    hosts
        .iter()
        .any(|host| patterns.clone().any(|it| is_meant(query, it, host)))
}

/// True where a tool is given a URL whose host one of the patterns means.
pub(super) fn is_asked<'p>(
    query: &Query,
    patterns: &(impl Iterator<Item = &'p str> + Clone),
) -> bool {
    let hosts = query.urls.iter().filter_map(|it| Address::of(it, true));
    hosts
        .into_iter()
        .any(|host| patterns.clone().any(|it| is_meant(query, it, &host)))
}

pub(super) use sent::{sends_files, stays, to_socket};

/// A pattern of a rule: `@metadata`, `@own`, `@unknown`, or a glob over the host's name.
fn is_meant(query: &Query, pattern: &str, host: &Address) -> bool {
    match pattern {
        "@metadata" => host.is_metadata(),
        "@own" => host.is_own(),
        "@unknown" => !host.is_own() && !host.is_partial() && !is_of_repository(query, host),
        _ => glob(pattern, &host.name),
    }
}

/// True for the hosts of the repository's remotes.
fn is_of_repository(query: &Query, host: &Address) -> bool {
    let places = query.locator.places;
    remotes::remotes(query.locator.host, &places.project)
        .iter()
        .filter_map(|(_, url)| remotes::host_of(url))
        .any(|it| host.is_below(&it.name))
}
