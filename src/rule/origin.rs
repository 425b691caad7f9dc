//! Owns where an invocation's input comes from and its output goes: pipes, substitutions, literal text
//! fed to it, files written earlier. Does not own predicates. Invariant: every walk visits an invocation
//! at most once.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::subject::Found;
use crate::shell::access::{AccessKind, accesses};
use crate::shell::{Context, Invocation, Reading, RedirectOp};

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
    let words = invocation.argv.iter().flat_map(|it| &it.from);
    let inputs = invocation.redirects.iter().filter(|it| {
        matches!(
            it.op,
            RedirectOp::Read | RedirectOp::HereString | RedirectOp::Heredoc
        )
    });
    let inputs = inputs.flat_map(|it| &it.target.from);
    words.chain(inputs).copied().collect()
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
pub(super) fn executed<'i>(
    invocation: &'i Invocation,
    found: &'i [Found],
) -> impl Iterator<Item = &'i str> {
    let program = invocation.argv.first().map(|it| it.text.as_str());
    let executed = found
        .iter()
        .filter(|it| it.access.kind == AccessKind::Execute)
        .map(|it| it.access.path.text.as_str());
    let program = program.filter(|it| it.contains('/'));
    program.into_iter().chain(executed).map(bare)
}

/// Which invocations wrote which files, for a whole reading: found once, when first asked for.
#[derive(Default)]
pub(super) struct Writers(OnceCell<BTreeMap<String, Vec<usize>>>);

impl Writers {
    /// The invocations before the one at `index` that wrote the file.
    pub(super) fn before<'r>(
        &self,
        reading: &'r Reading,
        index: usize,
        path: &str,
    ) -> impl Iterator<Item = &'r Invocation> {
        let all = self.0.get_or_init(|| writers(reading));
        let them = all.get(path).map_or(&[][..], Vec::as_slice);
        let earlier = them.iter().take_while(move |it| **it < index);
        earlier.filter_map(|it| reading.invocations.get(*it))
    }
}

fn writers(reading: &Reading) -> BTreeMap<String, Vec<usize>> {
    let mut all: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, invocation) in reading.invocations.iter().enumerate() {
        for access in accesses(invocation) {
            if !matches!(access.kind, AccessKind::Write | AccessKind::Append) {
                continue;
            }
            let known = all.entry(bare(&access.path.text).to_owned()).or_default();
            let last = known.last().and_then(|it| reading.invocations.get(*it));
            // Appending line by line is one writer.
            if !last.is_some_and(|it| it.program == invocation.program && it.cwd == invocation.cwd)
            {
                known.push(index);
            }
        }
    }
    all
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
