//! Owns the guard over what a call lands in files, or hands to others through a tool: secrets in use,
//! bodies of scripts that destroy, bytes that terminals obey. Does not own what secrets look like
//! (`secret`), nor the places themselves (`guard/path`). Invariants: a secret is never repeated; where
//! the content is plain no file is opened; what stood there before is nothing new.

mod body;
mod ignore;
mod place;
mod yaml;

use crate::event::{Fields, Kind, Part, Role, ToolCall, is_changing, is_sending};
use crate::path::Located;
use crate::secret::{self, Proof, Secret};
use crate::shell::{ArgFlags, Cwd};
use crate::verdict::{Decision, Finding, Severity};

use super::{Cx, Guard, Words};
use place::Fate;

/// The pack name of this guard's findings in overrides: `pack:content`.
const PACK: &str = "content";

/// A file larger than this (bytes) is not looked into for what it held before.
const FILE_LIMIT: usize = 4 << 20;

/// Objections to content.
pub struct ContentGuard;

impl Guard for ContentGuard {
    fn id(&self) -> &'static str {
        "content"
    }

    fn check(&self, cx: &Cx) -> Vec<Finding> {
        let mut findings = Vec::new();
        if cx.event.kind != Kind::PreToolUse {
            return findings;
        }
        let Some(call) = cx.event.call() else {
            return findings;
        };
        match cx.reading {
            Some(reading) => {
                for (path, text) in &reading.files {
                    if !text.flags.has(ArgFlags::AWAY) && !path.starts_with("/dev/") {
                        let place = || Some(cx.locator.locate(&Cwd::Start, path));
                        judge(cx, call, (path, &place), &text.text, &mut findings);
                    }
                }
            }
            None => written_by_tool(cx, call, &mut findings),
        }
        findings
    }
}

/// Where content lands: the path as given, empty for none, and where that is, found out when it matters.
type Place<'a> = (&'a str, &'a dyn Fn() -> Option<Located>);

/// What a tool other than a shell writes or sends.
fn written_by_tool(cx: &Cx, call: &ToolCall, findings: &mut Vec<Finding>) {
    let paths = || call.parts.iter().filter(|it| it.role == Role::WritePath);
    let mut path = paths().next().map(Part::text);
    let sends = is_changing(&call.name) || is_sending(&call.name);
    for part in &call.parts {
        match part.role {
            Role::WritePath => path = Some(part.text()),
            Role::Content if path.is_some() || sends => {
                let given = path.as_deref();
                let place = || given.map(|it| cx.locator.locate_literal(it));
                let place = (given.unwrap_or_default(), &place as &dyn Fn() -> _);
                let text = part.text();
                judge(cx, call, place, &text, findings);
                control(cx, place, &text, findings);
            }
            _ => {}
        }
    }
}

fn judge(cx: &Cx, call: &ToolCall, place: Place, text: &str, findings: &mut Vec<Finding>) {
    if cx.policy.content_secrets > Decision::Pass {
        let found = secret::find(text, cx.host.now().timestamp());
        if !found.is_empty() {
            secrets(cx, call, (place.1)().as_ref(), found, findings);
        }
    }
    if body::may_run(place.0, text)
        && let Some(path) = (place.1)()
    {
        body::check(cx, call, &path, text, findings);
    }
}

fn secrets(
    cx: &Cx,
    call: &ToolCall,
    path: Option<&Located>,
    mut found: Vec<Secret>,
    findings: &mut Vec<Finding>,
) {
    let fate = path.map_or(Fate::Others, |it| place::of(cx, it));
    found.retain(|it| decision(cx, fate, it) > Decision::Pass);
    if found.is_empty() {
        return;
    }
    let before = before(cx, call, path);
    found.retain(|it| !before.iter().any(|old| old.contains(&it.value)));
    let strictest = |it: &Secret| decision(cx, fate, it);
    let Some(decision) = found.iter().map(strictest).max() else {
        return;
    };
    found.retain(|it| strictest(it) == decision);
    let (rule, severity, instead) = match (fate, decision) {
        (Fate::Others, _) => ("content-secret-sent", Severity::High, SENT),
        (_, Decision::Warn) => ("content-secret-likely", Severity::Medium, KEPT),
        _ => ("content-secret", Severity::High, KEPT),
    };
    let subject = path.map_or(call.name.as_ref(), |it| it.lexical.as_str());
    let text = (why(fate, &found).into(), instead.into());
    push(cx, rule, (severity, decision), text, subject, findings);
}

const KEPT: &str =
    "read it from the environment or from a file that git ignores, and write a placeholder here.";
const SENT: &str = "leave it out, or name where it is kept.";

/// What a secret gets at a place.
fn decision(cx: &Cx, fate: Fate, secret: &Secret) -> Decision {
    let own = matches!(secret.kind, "private-key" | "jwt" | "url-password");
    match (fate, secret.proof) {
        (Fate::Free, _) | (Fate::Loose | Fate::Sample | Fate::Others, Proof::Likely) => {
            Decision::Pass
        }
        (Fate::Sample, Proof::Sure) if own => Decision::Pass,
        (Fate::Kept, Proof::Likely) | (Fate::Loose, _) | (Fate::Sample, Proof::Sure) => {
            cx.policy.content_secrets.min(Decision::Warn)
        }
        _ => cx.policy.content_secrets,
    }
}

/// What the place held: the text that an edit replaces, and the file as it stands.
fn before(cx: &Cx, call: &ToolCall, path: Option<&Located>) -> Vec<String> {
    let mut before = Vec::new();
    if let Ok(fields) = Fields::parse(call.input.get()) {
        before.push(fields.lenient("old_string").into_owned());
    }
    if let Some(path) = path.filter(|it| it.real.starts_with('/'))
        && let Ok(bytes) = cx.host.read(&path.real, FILE_LIMIT)
    {
        before.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    before
}

fn why(fate: Fate, found: &[Secret]) -> String {
    /// So many are named.
    const NAMED: usize = 3;
    let mut why = String::from("what looks like a live ");
    for (at, secret) in found.iter().take(NAMED).enumerate() {
        why.push_str(if at == 0 { "" } else { ", " });
        why.push_str(secret.kind);
        why.push_str(" (line ");
        why.push_str(&secret.line.to_string());
        why.push(')');
    }
    if found.len() > NAMED {
        why.push_str(" and more");
    }
    why.push_str(match fate {
        Fate::Others => " would go to whoever reads what this tool sends.",
        Fate::Loose => " would stand in a file that no .gitignore keeps out of a repository.",
        _ => " would stand in a file that git keeps, with everybody who gets the repository.",
    });
    why
}

/// Bytes that a terminal obeys, or that end a text for some programs.
fn control(cx: &Cx, place: Place, text: &str, findings: &mut Vec<Finding>) {
    if !text.bytes().any(|it| it == 0 || it == 0x1b) {
        return;
    }
    let Some(path) = (place.1)().filter(|it| !place::is_recording(it)) else {
        return;
    };
    let why = if text.contains('\0') {
        "the text holds NUL bytes, at which some programs stop reading."
    } else {
        "the text holds escape sequences, which a terminal that shows the file obeys."
    };
    let instead = "write them as escapes of the language, such as \\0 or \\x1b.";
    let text = (why.into(), instead.into());
    let grade = (Severity::Low, Decision::Warn);
    push(cx, "content-control", grade, text, &path.lexical, findings);
}

/// Pushes a finding, unless the policy switched it off or it was made before.
fn push(
    cx: &Cx,
    rule: &'static str,
    grade: (Severity, Decision),
    words: Words,
    subject: &str,
    findings: &mut Vec<Finding>,
) {
    let known = |it: &Finding| it.rule == rule && it.subject == subject;
    if !findings.iter().any(known) {
        findings.extend(cx.finding((rule, PACK), grade, words, subject.to_owned(), None));
    }
}

#[cfg(test)]
mod tests;
