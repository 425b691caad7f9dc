//! Owns what an invocation has of what clauses may need, as the mask that `needs` compares. Does not own
//! the needs. Invariant: what a predicate could hold for is in the mask; where in doubt it is in it.

use super::filter;
use super::needs::{
    ACCOMPANIED, CONTEXTS, ENVIRONMENT, FED, FEEDS, FORKED, KINDS, KNOWN, LATER, RECURSIVE,
    REDIRECT, SUBSTITUTED, UNKNOWN,
};
use super::origin;
use crate::shell::access::Access;
use crate::shell::{ArgFlags, Context, Invocation, Reading};

/// The mask of one invocation.
pub(super) fn of<'a>(
    reading: &Reading,
    index: usize,
    invocation: &Invocation,
    accesses: impl Iterator<Item = &'a Access>,
) -> u64 {
    let context = invocation.context;
    let unknown = invocation.program_unknown();
    let mut facts = u64::from(contexts(invocation)) << CONTEXTS;
    for (fact, holds) in [
        (ENVIRONMENT, has_assignments(invocation)),
        (REDIRECT, !invocation.redirects.is_empty()),
        (FED, !invocation.fed_by.is_empty()),
        (FEEDS, !invocation.feeds.is_empty()),
        (SUBSTITUTED, origin::is_substituted(invocation)),
        (LATER, index > 0),
        (ACCOMPANIED, reading.invocations.len() > 1),
        (
            FORKED,
            context.has(Context::FUNCTION) && context.has(Context::BACKGROUND),
        ),
        (UNKNOWN, unknown),
        (KNOWN, !unknown),
    ] {
        facts |= if holds { fact } else { 0 };
    }
    for access in accesses {
        let kind = 1_u64 << access.kind as u16;
        facts |= kind << KINDS;
        if access.recursive {
            facts |= kind << RECURSIVE;
        }
    }
    facts
}

/// The context's bits with `hidden` above them.
pub(super) fn contexts(invocation: &Invocation) -> u32 {
    let first = invocation.argv.first();
    let hidden = first.is_some_and(|it| it.flags.has(ArgFlags::HIDDEN));
    invocation.context.0 | u32::from(hidden) << 14
}

/// True for a program whose arguments are assignments.
pub(super) fn is_exporter(program: &str) -> bool {
    matches!(program, "export" | "declare" | "typeset")
}

/// The program that does the work: `openssl` is a bundle of many.
pub(super) fn called(invocation: &Invocation) -> &str {
    match (invocation.program.as_str(), invocation.args()) {
        ("openssl", [command, ..]) => &command.text,
        (program, _) => program,
    }
}

/// `kill -0` and `kill -l` only ask.
pub(super) fn is_probe(invocation: &Invocation) -> bool {
    let mut words = invocation.args().iter().map(|it| it.text.as_str());
    let first = words.next().unwrap_or_default();
    invocation.program == "kill"
        && (matches!(first, "-0" | "-l" | "-L") || first == "-s" && words.next() == Some("0"))
}

/// True for a container tool that prints the name of what it just made, or of a few by a filter: what is
/// done to those is not done to all. A filter that leaves all but a little is none.
pub(super) fn names_its_own(invocation: &Invocation) -> bool {
    if filter::passes(invocation) || filter::is_chosen(invocation) {
        return true;
    }
    let tool = matches!(
        invocation.program.as_str(),
        "docker" | "podman" | "nerdctl" | "buildah"
    );
    let mut args = invocation.args().iter().map(|it| it.text.as_str());
    tool && args.any(|it| {
        matches!(
            it,
            "create" | "run" | "build" | "compose" | "--filter" | "--latest"
        ) || it.starts_with("--filter=")
            || it.starts_with('-') && !it.starts_with("--") && it.contains('f')
    })
}

fn has_assignments(invocation: &Invocation) -> bool {
    !invocation.assignments.is_empty() || is_exporter(&invocation.program)
}
