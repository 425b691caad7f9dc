//! Owns the guard over paths: which places a tool call or a shell command would touch, the user's
//! do-not-touch patterns, and the boundary of the project. Does not own where a path is (`crate::path`),
//! what an invocation does to it (`shell::access`), nor the built-in table (`protection`). Invariant:
//! recursive deletes, moves and modes of whole trees in shell text belong to the rules, the rest is here.

mod loaded;
mod machine;
mod mode;
mod pattern;
mod protection;

pub(super) use pattern::globs;

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::event::{Body, Part, Role, ToolCall, is_changing, is_sending};
use crate::path::{Class, Classes, Located, Locator};
use crate::shell::access::{Access, AccessKind};
use crate::shell::{Context, Invocation, Span};
use crate::verdict::{Decision, Finding, Severity};

use super::{Cx, Guard};

/// The pack name of this guard's findings in overrides: `pack:paths`.
const PACK: &str = "paths";

/// Objects to accesses of protected places.
pub struct PathGuard {
    /// What an invocation, given with its number, does to which paths.
    pub accesses: for<'c> fn(&'c Cx, usize, &Invocation) -> Cow<'c, [Access]>,
}

/// What the shell text of the call does.
pub fn found_in_shell<'c>(cx: &'c Cx, number: usize, _: &Invocation) -> Cow<'c, [Access]> {
    Cow::Borrowed(cx.accesses.of(number))
}

/// One access with everything that decides about it.
struct Target<'t> {
    kind: AccessKind,
    recursive: bool,
    located: Located,
    span: Option<Span>,
    /// The program start it belongs to; absent for a tool's own path.
    invocation: Option<&'t Invocation>,
}

/// An objection before the policy has had its word.
struct Objection {
    rule: Cow<'static, str>,
    severity: Severity,
    decision: Decision,
    why: Cow<'static, str>,
    instead: &'static str,
}

impl Target<'_> {
    fn is(&self, class: Class) -> bool {
        self.located.classes.has(class)
    }

    /// Something is changed there.
    fn writes(&self) -> bool {
        matches!(
            self.kind,
            AccessKind::Append
                | AccessKind::Write
                | AccessKind::Delete
                | AccessKind::Move
                | AccessKind::Permission
                | AccessKind::Link
        )
    }

    /// Content leaves the place. A link to a file opens it to whoever reads the link.
    fn reads(&self) -> bool {
        matches!(
            self.kind,
            AccessKind::Read | AccessKind::Send | AccessKind::Link
        )
    }

    /// What lies below goes or changes with it.
    fn takes_tree(&self) -> bool {
        match self.kind {
            AccessKind::Move => true,
            AccessKind::Delete | AccessKind::Permission => self.recursive || self.located.every,
            _ => false,
        }
    }

    fn in_shell(&self) -> bool {
        self.invocation.is_some()
    }

    fn is_program(&self, name: &str) -> bool {
        self.invocation.is_some_and(|it| it.program == name)
    }

    /// The places the path names, for comparisons with patterns and directories.
    fn paths(&self) -> [&str; 2] {
        [&self.located.lexical, &self.located.real]
    }
}

impl Guard for PathGuard {
    fn id(&self) -> &'static str {
        "path"
    }

    fn check(&self, cx: &Cx) -> Vec<Finding> {
        let Body::Call(call) = &cx.event.body else {
            return Vec::new();
        };
        let locator = &cx.locator;
        let mut found = Collected::default();
        let patterns = pattern::expand(cx, locator);
        let mut judge = |target: &Target| {
            for objection in objections(cx, &patterns, target) {
                found.add(cx, target, objection);
            }
        };
        for part in &call.parts {
            if let Some(target) = tool_target(locator, call, part) {
                judge(&target);
            }
        }
        let invocations = cx.reading.iter().flat_map(|it| &it.invocations);
        for (number, invocation) in invocations.enumerate() {
            let elsewhere = Context::REMOTE | Context::CONTAINER;
            let elsewhere = invocation.context.has(elsewhere);
            if elsewhere && invocation.mounts.is_empty() {
                continue;
            }
            let accesses = (self.accesses)(cx, number, invocation);
            for access in accesses.iter().filter(|it| it.local || !elsewhere) {
                judge(&shell_target(locator, invocation, access));
            }
        }
        found.findings
    }
}

fn objections(cx: &Cx, patterns: &pattern::Patterns, target: &Target) -> Vec<Objection> {
    let mut found = Vec::new();
    if target.located.lexical.is_empty() {
        return found;
    }
    let free = pattern::is_free(patterns, target);
    let built_in = [protection::write(cx, target), protection::read(cx, target)];
    let kept = |it: &Objection| !free || protection::is_inalienable(&it.rule);
    found.extend(built_in.into_iter().flatten().filter(kept));
    found.extend(pattern::check(patterns, free, target));
    found.extend(boundary(cx, target));
    found
}

/// What was found, each rule once for each path.
#[derive(Default)]
struct Collected {
    findings: Vec<Finding>,
    known: BTreeSet<(Cow<'static, str>, String)>,
}

impl Collected {
    fn add(&mut self, cx: &Cx, target: &Target, objection: Objection) {
        let Objection {
            rule,
            severity,
            decision,
            why,
            instead,
        } = objection;
        let decision = cx.policy.decide(&rule, PACK, severity, decision);
        let subject = &target.located.lexical;
        if decision == Decision::Pass {
            return;
        }
        if !self.known.insert((rule.clone(), subject.clone())) {
            // Reading and sending are one rule's; the graver of the two is what counts.
            let same = |it: &&mut Finding| it.rule == rule && it.subject == *subject;
            if let Some(known) = self.findings.iter_mut().find(same)
                && known.decision < decision
            {
                known.decision = decision;
                known.severity = severity;
                known.span = target.span;
            }
            return;
        }
        self.findings.push(Finding {
            rule,
            pack: Cow::Borrowed(PACK),
            severity,
            decision,
            why,
            instead: Cow::Borrowed(instead),
            subject: subject.clone(),
            real: target.located.real.clone(),
            span: target.span,
        });
    }
}

fn shell_target<'t>(locator: &Locator, invocation: &'t Invocation, access: &Access) -> Target<'t> {
    let text = &access.path.text;
    let located = match access.kind {
        AccessKind::Delete | AccessKind::Move => locator.locate_entry(&invocation.cwd, text),
        _ => locator.locate(&invocation.cwd, text),
    };
    Target {
        kind: access.kind,
        recursive: access.recursive,
        located,
        span: Some(access.path.span),
        invocation: Some(invocation),
    }
}

/// What a tool's own field does to which path.
fn tool_target(locator: &Locator, call: &ToolCall, part: &Part) -> Option<Target<'static>> {
    let (kind, recursive, text) = match part.role {
        Role::ReadPath | Role::WritePath if is_sending(&call.name) => {
            (AccessKind::Send, false, part.text())
        }
        Role::ReadPath => (AccessKind::Read, false, part.text()),
        Role::WritePath => {
            let (kind, recursive) = change_by_name(&call.name);
            (kind, recursive, part.text())
        }
        Role::SearchPath if call.name == "Grep" => (AccessKind::Read, true, grep_path(call, part)?),
        Role::SearchPath => (AccessKind::List, true, part.text()),
        Role::Url => {
            let (kind, recursive) = if is_changing(&call.name) {
                change_by_name(&call.name)
            } else {
                (AccessKind::Read, false)
            };
            (kind, recursive, file_url(&part.text())?.into())
        }
        _ => return None,
    };
    let located = match file_url(&text) {
        Some(path) => locator.locate_literal(&path),
        None => locator.locate_literal(&text),
    };
    Some(Target {
        kind,
        recursive,
        located,
        span: None,
        invocation: None,
    })
}

/// What a tool that changes a path does to it, by the tool's name.
fn change_by_name(tool: &str) -> (AccessKind, bool) {
    let action = tool
        .rsplit("__")
        .next()
        .unwrap_or(tool)
        .to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|it| action.contains(it));
    let is = |words: &[&str]| action.split(['_', '-']).any(|it| words.contains(&it));
    if says(&["delete", "remove", "rmdir", "trash", "unlink"]) || is(&["rm"]) {
        (AccessKind::Delete, true)
    } else if says(&["move", "rename"]) || is(&["mv"]) {
        (AccessKind::Move, true)
    } else if says(&["mkdir", "create_dir", "createdir", "enterworktree"]) {
        (AccessKind::Append, false)
    } else {
        (AccessKind::Write, false)
    }
}

/// The file that Grep is pointed at: its path, or its path with a `glob` that is a plain name.
fn grep_path<'e>(call: &ToolCall<'e>, part: &Part<'e>) -> Option<Cow<'e, str>> {
    let text = part.text();
    if part.field != "glob" {
        return Some(text);
    }
    let name = text.trim_start_matches("**/");
    if name.is_empty() || name.contains(['*', '?', '[', '{', '!']) {
        return None;
    }
    let directory = call.parts.iter().find(|it| it.field == "path");
    Some(match directory.map(Part::text) {
        Some(directory) if !directory.is_empty() => format!("{directory}/{name}").into(),
        _ => name.to_owned().into(),
    })
}

/// The path of a `file:` URL, percent escapes decoded.
fn file_url(url: &str) -> Option<String> {
    let url = url.strip_prefix("view-source:").unwrap_or(url);
    let (scheme, rest) = url.split_at_checked(5)?;
    if !scheme.eq_ignore_ascii_case("file:") {
        return None;
    }
    let path = match rest.strip_prefix("//") {
        Some(rest) => rest.get(rest.find('/')?..)?,
        None => rest,
    };
    let path = path.split(['?', '#']).next().unwrap_or(path);
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let escaped = match (first, tail) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)),
            _ => None,
        };
        if let Some((high, low)) = escaped {
            bytes.push(high << 4 | low);
            rest = tail.get(2..).unwrap_or_default();
        } else {
            bytes.push(first);
            rest = tail;
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn hex(digit: u8) -> Option<u8> {
    u8::try_from(char::from(digit).to_digit(16)?).ok()
}

/// A write outside the roots of the policy, where nothing else protects the place.
fn boundary(cx: &Cx, target: &Target) -> Option<Objection> {
    const FREE: Classes = Classes::all(&[Class::Temp, Class::TempTop, Class::Sink]);
    let decision = cx.policy.boundary_outside;
    let changes = target.writes() && target.kind != AccessKind::Link;
    if decision == Decision::Pass || !changes || target.located.classes.meets(FREE) {
        return None;
    }
    let inside = match cx.policy.boundary_roots.as_slice() {
        [] if cx.places.project.is_empty() => return None,
        [] => target.is(Class::InProject) || target.is(Class::Project),
        roots => target.paths().into_iter().all(|path| {
            roots
                .iter()
                .any(|it| pattern::is_below(path, &pattern::absolute(cx.places, it)))
        }),
    };
    let absolute = target.located.lexical.starts_with('/');
    (absolute && !inside && !is_clients_own(&target.located.lexical)).then_some(Objection {
        rule: Cow::Borrowed("boundary-outside"),
        severity: Severity::Medium,
        decision,
        why: Cow::Borrowed("the path is outside the directories this session may write to."),
        instead: "write it below the project, or in the temp directory.",
    })
}

/// What the client has the agent write for itself: memory, plans, todo lists.
fn is_clients_own(path: &str) -> bool {
    ["/.claude/projects/", "/.claude/plans/", "/.claude/todos/"]
        .iter()
        .any(|it| path.contains(it))
}

#[cfg(test)]
mod tests;
