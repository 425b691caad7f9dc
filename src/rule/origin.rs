//! Owns where an invocation's input comes from and its output goes: pipes, substitutions, literal text
//! fed to it. Does not own the ways through files (`flow`) nor predicates. Invariant: every walk visits an invocation
//! at most once.

use crate::shell::{Context, Invocation, Reading, Redirect, RedirectOp, Span};

/// The invocations that are wanted themselves or lead to a wanted one in any number of steps.
pub(super) fn leading(
    reading: &Reading,
    wanted: impl Fn(&Invocation) -> bool,
    step: impl Fn(&Invocation, &mut Vec<u32>),
) -> Vec<bool> {
    let invocations = &reading.invocations;
    let mut before: Vec<Vec<u32>> = vec![Vec::new(); invocations.len()];
    let mut start = Vec::new();
    let mut next = Vec::new();
    for (number, invocation) in (0_u32..).zip(invocations) {
        if wanted(invocation) {
            start.push(number);
        }
        step(invocation, &mut next);
        for it in next.drain(..) {
            let known = usize::try_from(it).ok();
            if let Some(before) = known.and_then(|it| before.get_mut(it)) {
                before.push(number);
            }
        }
    }
    let mut leading = vec![false; invocations.len()];
    let back = walk(reading, start, |index, _, next| {
        next.extend(before.get(index).into_iter().flatten());
    });
    for (index, _) in back {
        if let Some(it) = leading.get_mut(index) {
            *it = true;
        }
    }
    leading
}

pub(super) fn walk<F: Fn(usize, &Invocation, &mut Vec<u32>)>(
    reading: &Reading,
    mut next: Vec<u32>,
    step: F,
) -> impl Iterator<Item = (usize, &Invocation)> + use<'_, F> {
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
                step(index, invocation, &mut next);
                return Some((index, invocation));
            }
        }
    })
}

/// The invocations whose output is part of an argument, of a here-string or heredoc, or of a file's name.
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
            RedirectOp::Read
                | RedirectOp::Write
                | RedirectOp::Append
                | RedirectOp::HereString
                | RedirectOp::Heredoc
        )
    });
    let inputs = inputs.flat_map(|it| &it.target.from);
    words.chain(inputs).copied()
}

/// Adds the invocations that this one has its input from: through pipes and substitutions.
pub(super) fn add_sources(invocation: &Invocation, next: &mut Vec<u32>) {
    next.extend(&invocation.fed_by);
    next.extend(substitutions(invocation));
}

/// The literal text that a program is given, and what `echo`, `printf` or `cat` pipe into it.
pub(super) fn texts<'r>(reading: &'r Reading, invocation: &'r Invocation) -> Vec<&'r str> {
    let mut texts = own_texts(invocation);
    for it in upstream(reading, &invocation.fed_by).filter(|it| prints_texts(it)) {
        texts.extend(own_texts(it));
    }
    texts
}

/// Every invocation whose output may reach those that start the walk, themselves included: through
/// pipes and through substitutions in their arguments.
fn upstream<'r>(
    reading: &'r Reading,
    from: &[u32],
) -> impl Iterator<Item = &'r Invocation> + use<'r> {
    walk(reading, from.to_vec(), |_, it, next| {
        add_sources(it, next);
    })
    .map(|it| it.1)
}

/// The literal text that a program is given: arguments, heredocs and here-strings.
pub(super) fn own_texts(invocation: &Invocation) -> Vec<&str> {
    let args = invocation.args().iter().map(|it| it.text.as_str());
    let documents = invocation.documents().map(|it| it.text.as_str());
    args.chain(documents).collect()
}

/// True for a program that prints the texts it is given, and may pipe them into another.
pub(super) fn prints_texts(invocation: &Invocation) -> bool {
    matches!(invocation.program.as_str(), "echo" | "printf" | "cat")
}

/// So far behind a substitution the command is looked for that it stands in.
const CONSUMER: usize = 64;

/// True for what stands in a substitution that `echo`, `printf` or `cat` shows as it is.
pub(super) fn is_shown(reading: &Reading, index: usize) -> bool {
    let (Some(inner), Ok(number)) = (reading.invocations.get(index), u32::try_from(index)) else {
        return false;
    };
    let around = |outer: &Span| outer.start <= inner.span.start && inner.span.end <= outer.end;
    let holds = |it: &&Invocation| {
        it.args()
            .iter()
            .any(|arg| arg.from.contains(&number) && around(&arg.span))
    };
    let behind = reading.invocations.iter().skip(index + 1).take(CONSUMER);
    let shows = |it: &Invocation| {
        prints_texts(it)
            && it.args().first().is_none_or(|it| it.text != "-v")
            && !it.context.has(Context::SUBSTITUTION)
            && it.feeds.is_empty()
            && !it.redirects.iter().any(takes_output)
    };
    behind.filter(holds).any(shows)
}

/// True for a redirect that takes the standard output away from whoever reads it.
pub(super) fn takes_output(redirect: &Redirect) -> bool {
    let stays = [
        "/dev/stdout",
        "/dev/stderr",
        "/dev/tty",
        "/dev/fd/1",
        "/dev/fd/2",
    ];
    matches!(redirect.op, RedirectOp::Write | RedirectOp::Append)
        && redirect.fd.is_none_or(|it| it == 1)
        && !stays.contains(&redirect.target.text.as_str())
}

/// True for a function that starts itself twice at once: two of its calls in a pipeline in the background,
/// or one in the background and another beside it whatever happens.
pub(super) fn forks_itself(reading: &Reading, invocation: &Invocation) -> bool {
    let context = invocation.context;
    let again = |it: &Invocation| it.program == invocation.program;
    context.has(Context::FUNCTION)
        && context.has(Context::BACKGROUND)
        && !invocation.program.is_empty()
        && (walk(reading, invocation.feeds.clone(), |_, _, _| {}).any(|it| again(it.1))
            || twice(reading, invocation))
}

/// Two calls of a function stand in its own body, neither of them on a condition.
fn twice(reading: &Reading, invocation: &Invocation) -> bool {
    let own = |it: &&Invocation| {
        it.parent == invocation.parent
            && it.program == invocation.program
            && !it.context.has(Context::CONDITION)
    };
    let parent = invocation.parent.and_then(|it| reading.at(it));
    parent.is_some_and(|it| it.program == invocation.program)
        && reading.invocations.iter().filter(own).count() > 1
}
