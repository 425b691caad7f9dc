//! Owns where an invocation's input comes from and its output goes: pipes, substitutions, literal text
//! fed to it, files written earlier. Does not own predicates. Invariant: every walk visits an invocation
//! at most once.

use super::matcher::Query;
use super::subject::Found;
use crate::shell::access::AccessKind;
use crate::shell::{Context, Invocation, Reading, RedirectOp};

/// So many receivers are traced back; more in one text are never needed.
const RECEIVER_LIMIT: usize = 64;

/// Every invocation whose output may reach those that start the walk, themselves included: through
/// pipes and through substitutions in their arguments.
pub(super) fn upstream<'r>(
    reading: &'r Reading,
    from: &[u32],
) -> impl Iterator<Item = &'r Invocation> + use<'r> {
    walk(reading, from.to_vec(), |it, next| {
        next.extend(&it.fed_by);
        next.extend(substituted(it));
    })
}

/// Every invocation that may see the output, through pipes.
pub(super) fn downstream<'r>(
    reading: &'r Reading,
    from: &[u32],
) -> impl Iterator<Item = &'r Invocation> + use<'r> {
    walk(reading, from.to_vec(), |it, next| next.extend(&it.feeds))
}

/// True where the output of the invocation at `index` may reach one of those: through pipes, and through
/// values and substitutions in arguments.
pub(super) fn reaches(
    reading: &Reading,
    index: usize,
    wanted: impl Fn(&Invocation) -> bool,
) -> bool {
    let Some(source) = reading.invocations.get(index) else {
        return false;
    };
    let receivers = reading.invocations.iter().filter(|it| wanted(it));
    receivers.take(RECEIVER_LIMIT).any(|receiver| {
        let mut from = receiver.fed_by.clone();
        from.extend(substituted(receiver));
        upstream(reading, &from).any(|it| std::ptr::eq(it, source))
    })
}

fn walk<F: Fn(&Invocation, &mut Vec<u32>)>(
    reading: &Reading,
    mut next: Vec<u32>,
    step: F,
) -> impl Iterator<Item = &Invocation> + use<'_, F> {
    let mut unseen = if next.is_empty() {
        Vec::new()
    } else {
        vec![true; reading.invocations.len()]
    };
    std::iter::from_fn(move || {
        loop {
            let index = usize::try_from(next.pop()?).ok()?;
            if !unseen.get_mut(index).is_some_and(std::mem::take) {
                continue;
            }
            if let Some(invocation) = reading.invocations.get(index) {
                step(invocation, &mut next);
                return Some(invocation);
            }
        }
    })
}

/// The invocations whose output is part of an argument, or of a here-string, heredoc or file read.
pub(super) fn substituted(invocation: &Invocation) -> Vec<u32> {
    substitutions(invocation).collect()
}

/// True where there is one of them.
pub(super) fn is_substituted(invocation: &Invocation) -> bool {
    substitutions(invocation).next().is_some()
}

fn substitutions(invocation: &Invocation) -> impl Iterator<Item = u32> {
    let words = invocation.argv.iter().flat_map(|it| &it.from);
    let inputs = invocation.redirects.iter().filter(|it| {
        matches!(
            it.op,
            RedirectOp::Read | RedirectOp::HereString | RedirectOp::Heredoc
        )
    });
    let inputs = inputs.flat_map(|it| &it.target.from);
    words.chain(inputs).copied()
}

/// The literal text a program is given: arguments, heredocs and here-strings, and what `echo`, `printf`
/// or `cat` pipe into it.
pub(super) fn texts<'r>(reading: &'r Reading, invocation: &'r Invocation) -> Vec<&'r str> {
    let mut texts: Vec<&str> = own_texts(invocation);
    for it in upstream(reading, &invocation.fed_by) {
        if matches!(it.program.as_str(), "echo" | "printf" | "cat") {
            texts.extend(own_texts(it));
        }
    }
    texts
}

fn own_texts(invocation: &Invocation) -> Vec<&str> {
    let args = invocation.args().iter().map(|it| it.text.as_str());
    let here = invocation
        .redirects
        .iter()
        .filter(|it| matches!(it.op, RedirectOp::Heredoc | RedirectOp::HereString))
        .map(|it| it.target.text.as_str());
    args.chain(here).collect()
}

/// The files that an invocation runs or sources.
pub(super) fn run_files<'i>(invocation: &'i Invocation, found: &'i [Found]) -> Vec<&'i str> {
    let program = invocation.argv.first().map(|it| it.text.as_str());
    let program = program.filter(|it| it.contains('/'));
    let executed = found
        .iter()
        .filter(|it| it.access.kind == AccessKind::Execute)
        .map(|it| it.access.path.text.as_str());
    program.into_iter().chain(executed).map(bare).collect()
}

/// The invocations before `index`, in its directory, that wrote one of the files.
pub(super) fn writers<'q>(
    query: &'q Query,
    index: usize,
    files: &[&str],
) -> impl Iterator<Item = &'q Invocation> {
    let invocations = &query.reading.invocations;
    let cwd = invocations.get(index).map(|it| &it.cwd);
    let earlier = invocations.iter().enumerate().take(index);
    earlier
        .filter(move |(number, it)| {
            Some(&it.cwd) == cwd
                && query.accesses.of(*number).iter().any(|it| {
                    matches!(it.kind, AccessKind::Write | AccessKind::Append)
                        && files.contains(&bare(&it.path.text))
                })
        })
        .map(|(_, it)| it)
}

fn bare(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path)
}

/// True for a function that starts itself twice at once: two of its calls in a pipeline, or one in the
/// background of its own body.
pub(super) fn forks_itself(reading: &Reading, invocation: &Invocation) -> bool {
    let context = invocation.context;
    let again = |it: &Invocation| it.program == invocation.program;
    context.has(Context::FUNCTION)
        && context.has(Context::BACKGROUND)
        && !invocation.program.is_empty()
        && walk(reading, invocation.feeds.clone(), |_, _| {}).any(again)
}
