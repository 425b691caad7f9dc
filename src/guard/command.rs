//! Owns the judgement of shell text: what the rules say of each invocation, text that cannot be read, and
//! programs that stay unknown. Does not own do-not-touch paths (`guard/path`) nor the rules themselves.
//! Invariant: text the shell would run and this reader does not understand is never silent.

mod hygiene;
mod source;

use std::borrow::Cow;
use std::cell::LazyCell;
use std::ops::Deref;

use super::{Cx, Guard, Words};
use crate::event::{Part, Role, ToolCall};
use crate::path::{Class, Classes};
use crate::rule::{Hit, Query};
use crate::shell::{
    Arg, ArgFlags, Context, GUARDED, Invocation, Problem, ProblemKind, Reading, UNKNOWN,
};
use crate::verdict::{Decision, Finding, Severity};

/// Rules over shell text and over the calls of other tools.
pub struct CommandGuard;

impl Guard for CommandGuard {
    fn id(&self) -> &'static str {
        "command"
    }

    fn check(&self, cx: &Cx) -> Vec<Finding> {
        let Some(call) = cx.event.call() else {
            return Vec::new();
        };
        let mut findings = Vec::new();
        match cx.reading {
            Some(reading) => {
                let text = &shell_text(call);
                rules(cx, call, reading, text, &mut findings);
                problems(cx, reading, &mut findings);
                unknown_programs(cx, reading, &mut findings);
                if call.name != "PowerShell" {
                    hygiene::check(cx, reading, text, &mut findings);
                }
            }
            None => tool_rules(cx, call, &mut findings),
        }
        findings
    }
}

/// The shell text of a call; several pieces stand below each other.
fn shell_text<'a>(call: &'a ToolCall) -> Cow<'a, str> {
    join(call, |role| matches!(role, Role::Shell(_)))
}

/// Everything a call gives its tool that means something to a guard.
fn tool_text<'a>(call: &'a ToolCall) -> Cow<'a, str> {
    join(call, |_| true)
}

fn join<'a>(call: &'a ToolCall, wanted: impl Fn(Role) -> bool) -> Cow<'a, str> {
    let mut texts = call.parts.iter().filter(|it| wanted(it.role));
    let Some(first) = texts.next() else {
        return Cow::Borrowed("");
    };
    texts.fold(first.text(), |all, it| {
        Cow::Owned(format!("{all}\n{}", it.text()))
    })
}

/// Rules about a call without shell text, put together only where some rule may be about it.
fn tool_rules(cx: &Cx, call: &ToolCall, findings: &mut Vec<Finding>) {
    let urls = urls(call);
    let query = Query {
        tool: &call.name,
        text: "",
        urls: &urls,
        reading: &Reading::EMPTY,
        accesses: &cx.accesses,
        locator: &cx.locator,
    };
    if cx.policy.tables.iter().any(|it| it.may_judge(&query)) {
        let text = &tool_text(call);
        check(cx, &Query { text, ..query }, findings);
    }
}

/// The addresses that a call gives its tool.
fn urls<'a>(call: &'a ToolCall) -> Vec<Cow<'a, str>> {
    let urls = call.parts.iter().filter(|it| it.role == Role::Url);
    urls.map(Part::text).collect()
}

fn rules(cx: &Cx, call: &ToolCall, reading: &Reading, text: &str, findings: &mut Vec<Finding>) {
    let urls = urls(call);
    let query = Query {
        tool: &call.name,
        text,
        urls: &urls,
        reading,
        accesses: &cx.accesses,
        locator: &cx.locator,
    };
    check(cx, &query, findings);
}

fn check(cx: &Cx, query: &Query, findings: &mut Vec<Finding>) {
    let hits = cx.policy.tables.iter().flat_map(|it| it.check(query));
    findings.extend(hits.filter_map(|hit| finding(cx, hit)));
}

fn finding(cx: &Cx, hit: Hit) -> Option<Finding> {
    let decision = cx
        .policy
        .decide(&hit.rule, &hit.pack, hit.severity, hit.decision);
    (decision != Decision::Pass).then_some(Finding {
        rule: Cow::Owned(hit.rule),
        pack: Cow::Owned(hit.pack),
        severity: hit.severity,
        decision,
        why: Cow::Owned(hit.why),
        instead: Cow::Owned(hit.instead),
        subject: hit.subject,
        real: String::new(),
        span: hit.span,
    })
}

/// Text that could not be read: one finding for each kind of problem.
fn problems(cx: &Cx, reading: &Reading, findings: &mut Vec<Finding>) {
    for (kind, rule, severity, decision) in [
        (
            ProblemKind::Syntax,
            "shell-syntax",
            Severity::Medium,
            Decision::Ask,
        ),
        (
            ProblemKind::Unsupported,
            "shell-unreadable",
            Severity::High,
            Decision::Deny,
        ),
        (
            ProblemKind::Limit,
            "shell-limit",
            Severity::High,
            Decision::Deny,
        ),
    ] {
        if let Some(problem) = reading.problems.iter().find(|it| it.kind == kind) {
            let words = problem_words(problem);
            let (subject, span) = (problem.message.clone(), Some(problem.span));
            findings.extend(cx.finding((rule, PACK), (severity, decision), words, subject, span));
        }
    }
}

fn problem_words(problem: &Problem) -> Words {
    let why = match problem.kind {
        ProblemKind::Syntax => format!("the shell would refuse this text: {}.", problem.message),
        ProblemKind::Unsupported => {
            format!(
                "this text cannot be read with certainty: {}.",
                problem.message
            )
        }
        ProblemKind::Limit => format!("this text is past a limit: {}.", problem.message),
    };
    (why.into(), "write it as several plain commands.".into())
}

/// The pack name of this guard's own findings in overrides: `pack:command`.
const PACK: &str = "command";

fn unknown_programs(cx: &Cx, reading: &Reading, findings: &mut Vec<Finding>) {
    let mut unknown = reading
        .invocations
        .iter()
        .filter(|it| is_unknown(cx, reading, it));
    let sets_names = LazyCell::new(|| reading.invocations.iter().any(source::sets_unknown_names));
    let first = unknown
        .clone()
        .find(|it| !is_given(cx, reading, &sets_names, it));
    let (worst, decision) = match (unknown.find(|it| destructive(cx, it)), first) {
        (Some(worst), _) => (worst, Decision::Deny),
        (None, None) => return,
        // A rule that stops the same command says more than this could.
        (None, Some(_)) if findings.iter().any(|it| it.decision >= Decision::Ask) => return,
        (None, Some(first)) => (first, Decision::Ask),
    };
    let (rule, severity) = match decision {
        Decision::Deny => ("program-unknown-destructive", Severity::Critical),
        _ => ("program-unknown", Severity::Medium),
    };
    let words = (
        "which program runs cannot be known from the command.".into(),
        "write the program's name out.".into(),
    );
    let (subject, span) = (worst.display(), Some(worst.span));
    findings.extend(cx.finding((rule, PACK), (severity, decision), words, subject, span));
}

/// True where nobody can say which program starts, and it matters here: what another machine or a
/// container starts on its own is like a script of theirs.
fn is_unknown(cx: &Cx, reading: &Reading, invocation: &Invocation) -> bool {
    let Some(program) = invocation.argv.first() else {
        return false;
    };
    let marks = [UNKNOWN, GUARDED];
    let (directory, name) = program.text.rsplit_once('/').unwrap_or(("", &program.text));
    let uncalled =
        invocation.context.has(Context::FUNCTION) && invocation.context.has(Context::DEFERRED);
    let elsewhere = invocation.context.has(Context::REMOTE | Context::CONTAINER);
    let privileged = invocation.context.has(Context::PRIVILEGED);
    if uncalled
        || !invocation.program_unknown()
        || elsewhere && !privileged
        || evaluated(reading, invocation)
    {
        return false;
    }
    let named = !name.is_empty() && !name.contains(marks);
    // A pattern names whatever program it happens to find; in a temp directory that is a build's.
    let literal = !name.contains(['*', '?', '[']);
    let named = named && (literal || in_temp(cx, invocation, directory));
    let own = !directory.contains(marks) && in_project(cx, invocation, directory);
    !named && !own
}

/// True for an unknown program that is no choice of who wrote the command, or that a person lets start by
/// giving `su` a password.
fn is_given(
    cx: &Cx,
    reading: &Reading,
    sets_names: &impl Deref<Target = bool>,
    invocation: &Invocation,
) -> bool {
    invocation.context.has(Context::SWITCHED)
        || invocation.argv.first().is_some_and(|program| {
            is_unset(program) && !**sets_names
                || source::is_of_this_machine(cx, reading, invocation, program)
        })
}

/// True where the program is a variable that nothing sets (as far as its own invocation tells): it names
/// the user's own choice, or it is empty and what follows it is judged as the program.
fn is_unset(program: &Arg) -> bool {
    program.flags.has(ArgFlags::UNSET) && program.text.chars().eq([UNKNOWN])
}

/// What `eval` and `source` run, and an interactive session of `su`, is judged by the rules about them;
/// `cat script.sh | bash` is like `bash script.sh`.
fn evaluated(reading: &Reading, invocation: &Invocation) -> bool {
    let parent = invocation.parent.and_then(|it| reading.at(it));
    parent.is_some_and(|parent| {
        let files = |it: &Invocation| it.program == "cat" && it.args().iter().all(Arg::is_known);
        let fed = &parent.fed_by;
        matches!(
            parent.program.as_str(),
            "eval" | "invoke-expression" | "source" | "." | "su"
        ) || !fed.is_empty() && fed.iter().all(|it| reading.at(*it).is_some_and(files))
    })
}

/// A program of the project whose name alone is unknown, such as `./scripts/$name`, is the project's own.
fn in_project(cx: &Cx, invocation: &Invocation, directory: &str) -> bool {
    if directory.is_empty() {
        return false;
    }
    let classes = cx.locator.locate(&invocation.cwd, directory).classes;
    classes.has(Class::InProject) || classes.has(Class::Project)
}

fn in_temp(cx: &Cx, invocation: &Invocation, directory: &str) -> bool {
    let located = cx.locator.locate(&invocation.cwd, directory);
    !directory.is_empty() && located.classes.has(Class::Temp)
}

/// Places where an unknown program with the arguments of a deletion is taken for one.
const DANGEROUS: Classes = Classes::all(&[
    Class::Root,
    Class::Home,
    Class::Homes,
    Class::System,
    Class::SystemTop,
    Class::Mounted,
    Class::Device,
    Class::Project,
    Class::Git,
]);

/// True for an unknown program that runs as root, or that is called as a deletion would be.
fn destructive(cx: &Cx, invocation: &Invocation) -> bool {
    if invocation.context.has(Context::PRIVILEGED) && !invocation.context.has(Context::SWITCHED) {
        return true;
    }
    let forced = invocation.args().iter().any(|it| {
        let cluster = it.text.strip_prefix('-').filter(|it| !it.starts_with('-'));
        cluster.is_some_and(|it| it.contains(['r', 'R']))
            || matches!(it.text.as_str(), "--recursive" | "--no-preserve-root")
    });
    invocation.args().iter().any(|it| {
        let target = it.text.strip_prefix("of=").unwrap_or(&it.text);
        let aimed = forced && (it.text.contains('/') || matches!(target, "~" | "." | "*" | ".."));
        (aimed || target.starts_with("/dev/"))
            && !it.text.starts_with(['-', UNKNOWN])
            && cx
                .locator
                .locate(&invocation.cwd, target)
                .classes
                .meets(DANGEROUS)
    })
}

#[cfg(test)]
mod tests;
