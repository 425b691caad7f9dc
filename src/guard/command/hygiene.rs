//! Owns what is said of habits that go wrong with the wrong value: unquoted operands, a `cd` that may fail
//! unheeded, long scripts that go on after a failure. Does not own what is dangerous whatever the values are
//! (rules). Invariant: it only warns, says each thing once, and where a value is known it is silent.

use super::PACK;
use crate::guard::Cx;
use crate::path::{Class, Classes};
use crate::shell::access::{Access, AccessKind};
use crate::shell::{Arg, ArgFlags, Context, Cwd, GUARDED, Invocation, Reading, UNKNOWN};
use crate::verdict::{Decision, Finding, Severity};

/// What is written in the way that goes wrong, by its rule: at most one of each.
pub(super) fn check(cx: &Cx, reading: &Reading, text: &str, findings: &mut Vec<Finding>) {
    for (rule, found, words) in [
        ("shell-unquoted-operand", unquoted(reading, text), UNQUOTED),
        ("shell-loose-cd", loose_cd(cx, reading, text), LOOSE_CD),
        ("shell-no-errexit", no_errexit(cx, reading), NO_ERREXIT),
    ] {
        if let Some(it) = found {
            let grade = (Severity::Low, Decision::Warn);
            let words = (words.0.into(), words.1.into());
            let (subject, span) = (it.display(), Some(it.span));
            findings.extend(cx.finding((rule, PACK), grade, words, subject, span));
        }
    }
}

/// Why, and what to do instead.
type Said = (&'static str, &'static str);

const UNQUOTED: Said = (
    "a space or star in the value makes other operands of it, and an empty value makes none.",
    "quote it: rm -- \"$FILE\".",
);
const LOOSE_CD: Said = (
    "where the cd fails, what follows it is done in the directory before.",
    "join them: cd build && rm -rf ./*, or name the path: rm -rf build/*.",
);
const NO_ERREXIT: Said = (
    "after a step that fails this long script goes on, up to what it deletes or moves.",
    "begin it with set -euo pipefail, or join the steps with &&.",
);

/// An operand of `rm`, `mv` or `cp` with an unquoted variable of unknown value.
fn unquoted<'r>(reading: &'r Reading, text: &str) -> Option<&'r Invocation> {
    let mut all = reading.invocations.iter();
    all.find(|it| {
        matches!(it.program.as_str(), "rm" | "mv" | "cp")
            // What other programs print is not written here.
            && !it.context.has(Context::FED | Context::DECODED)
            && it.args().iter().any(|arg| may_split(reading, arg, text))
    })
}

/// Words that are meant to split are left out: lists, output of programs, variables for options. So are those
/// whose value can hardly go wrong: of programs that print one word, and inside a name that is written out.
fn may_split(reading: &Reading, arg: &Arg, text: &str) -> bool {
    let span = arg.span.start as usize..arg.span.end as usize;
    let written = text.get(span).unwrap_or_default();
    let upper = written.to_ascii_uppercase();
    let mut options = ["OPTS", "OPTIONS", "FLAGS", "ARGS"].into_iter();
    arg.flags.has(ArgFlags::SPLITS)
        && !arg.flags.has(ArgFlags::MANY | ArgFlags::HIDDEN)
        && arg.text.contains(UNKNOWN)
        && written.contains('$')
        && !written.contains(['(', '`', '['])
        && !options.any(|it| upper.contains(it))
        && if arg.text.starts_with(UNKNOWN) {
            !is_of_one_word(reading, arg)
        } else {
            arg.from.is_empty() && !is_assigned(written, text)
        }
}

/// True for the output of programs that print a number or a name.
fn is_of_one_word(reading: &Reading, arg: &Arg) -> bool {
    let prints_one = |it: &Invocation| {
        matches!(
            it.program.as_str(),
            "date"
                | "seq"
                | "git"
                | "node"
                | "npm"
                | "uname"
                | "nproc"
                | "id"
                | "whoami"
                | "hostname"
                | "expr"
                | "wc"
                | "arch"
        )
    };
    let mut sources = arg.from.iter().filter_map(|it| reading.at(*it)).peekable();
    sources.peek().is_some() && sources.all(prints_one)
}

/// True where the text gives the first variable of a word its value.
fn is_assigned(written: &str, text: &str) -> bool {
    let behind = written.split_once('$').map_or("", |it| it.1);
    let name = behind.trim_start_matches('{');
    let end = name.find(|it: char| !it.is_ascii_alphanumeric() && it != '_');
    let name = name.get(..end.unwrap_or(name.len())).unwrap_or_default();
    let given = |(at, _): (usize, &str)| {
        let behind = text.get(at + name.len()..).unwrap_or_default();
        behind.starts_with('=')
    };
    !name.is_empty() && text.match_indices(name).any(given)
}

/// What deletes or moves a whole set of files in the directory of a `cd` whose failure nothing heeds. A
/// directory that is there, or that something before may have made, is taken for one that works.
fn loose_cd<'r>(cx: &Cx, reading: &'r Reading, text: &str) -> Option<&'r Invocation> {
    let all = &reading.invocations;
    let at = all.iter().position(is_step)?;
    let cd = all.get(at).filter(|it| it.program == "cd")?;
    let target = cd.args().last()?;
    let end = usize::try_from(cd.span.end).ok()?;
    let behind = text.get(end..)?.trim_start_matches([' ', '\t']);
    let known = target.text.starts_with(['/', '~', '-']) || target.text.contains(GUARDED);
    if known || !behind.starts_with([';', '\n']) || all.iter().take(at).any(heeds_failure) {
        return None;
    }
    let moved = |(index, it): &(usize, &Invocation)| {
        it.cwd != cd.cwd
            && !it.context.has(Context::REMOTE | Context::CONTAINER)
            && cx.accesses.of(*index).iter().any(sweeps)
    };
    let (_, found) = all.iter().enumerate().skip(at + 1).find(moved)?;
    let there = match &found.cwd {
        Cwd::At(_) => {
            let located = cx.locator.locate(&found.cwd, ".");
            cx.host.metadata(&located.real).is_ok()
        }
        Cwd::Start | Cwd::Unknown => false,
    };
    (!there).then_some(found)
}

/// A whole tree, or whatever a pattern finds, below the working directory.
fn sweeps(access: &Access) -> bool {
    let path = &access.path;
    matches!(access.kind, AccessKind::Delete | AccessKind::Move)
        && (access.recursive && access.kind == AccessKind::Delete || path.flags.has(ArgFlags::GLOB))
        && !path.text.starts_with(['/', '~', UNKNOWN, GUARDED])
}

/// Something that can fail and change what follows.
fn is_step(it: &Invocation) -> bool {
    let quiet = matches!(
        it.program.as_str(),
        "set"
            | "echo"
            | "printf"
            | "ls"
            | "cat"
            | "head"
            | "tail"
            | "grep"
            | "sleep"
            | "true"
            | "wc"
            | "date"
            | "pwd"
            | "export"
            | "unset"
            | "which"
    );
    let aside = Context::CONDITION | Context::SUBSTITUTION | Context::FUNCTION | Context::DEFERRED;
    !it.argv.is_empty() && !quiet && !it.context.has(aside) && it.parent.is_none()
}

/// Scripts with fewer steps can be read at a glance.
const STEPS: usize = 15;

/// What a long script deletes or moves at its end although nothing stops it after a failure.
fn no_errexit<'r>(cx: &Cx, reading: &'r Reading) -> Option<&'r Invocation> {
    const PASSING: Classes = Classes::all(&[Class::BuildOutput, Class::Temp]);
    let all = &reading.invocations;
    if all.len() < STEPS || all.iter().any(heeds_failure) {
        return None;
    }
    let mut steps = all
        .iter()
        .enumerate()
        .filter(|(_, it)| is_step(it))
        .skip(STEPS - 1);
    let found = steps.find(|(index, it)| {
        cx.accesses.of(*index).iter().any(|access| {
            let deletes = access.kind == AccessKind::Delete && access.recursive;
            (deletes || access.kind == AccessKind::Move)
                && !cx
                    .locator
                    .locate(&it.cwd, &access.path.text)
                    .classes
                    .meets(PASSING)
        })
    });
    found.map(|it| it.1)
}

/// `set -e` in one of its forms, or a trap for failures.
fn heeds_failure(it: &Invocation) -> bool {
    let mut args = it.args().iter().map(|it| it.text.as_str());
    match it.program.as_str() {
        "set" => args.any(|it| it == "errexit" || it.starts_with('-') && it.contains('e')),
        "trap" => args.any(|it| it == "ERR"),
        _ => false,
    }
}
