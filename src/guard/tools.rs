//! Owns the guard over which tools may be called: the lists and profiles of `tools`, for tools by name
//! and for shell text by what it would start. Does not own the lists (`policy::tools`) nor the reading of
//! shell text. Invariant: a policy without lists costs nothing; a call is inside only where every part of
//! it is.

mod awk;
mod git;
mod pattern;
mod profile;
mod program;
mod shell;
mod table;
mod variable;

use std::borrow::Cow;

use super::{Cx, Guard};
use crate::event::{Dialect, Kind, Role, ToolCall};
use crate::policy::{Profile, ToolRow, Verb, tools::parts};
use crate::shell::Span;
use crate::verdict::{Decision, Finding, Severity};
use crate::word;

/// The pack name of this guard's findings in overrides: `pack:tools`.
const PACK: &str = "tools";

/// Objects to tools that the policy does not want called.
pub struct ToolsGuard;

impl Guard for ToolsGuard {
    fn id(&self) -> &'static str {
        "tools"
    }

    fn check(&self, cx: &Cx) -> Vec<Finding> {
        match cx.event.call() {
            Some(call) if !cx.policy.tools.rows.is_empty() && cx.event.kind == Kind::PreToolUse => {
                judge(cx, call)
            }
            _ => Vec::new(),
        }
    }
}

/// What the lists say of a call, for people; empty where there are none.
pub fn explanation(cx: &Cx) -> String {
    let rows = applying(cx);
    let walls = walls(&rows).map(|it| it.name()).collect::<Vec<_>>();
    let Some(call) = cx.event.call().filter(|_| !rows.is_empty()) else {
        return String::new();
    };
    match judge(cx, call).first() {
        Some(it) => format!("{}: {}", it.rule, it.why),
        None if walls.is_empty() => "no list names it".to_owned(),
        None => format!("inside {}", walls.join(" and ")),
    }
}

/// The part of a call that is not inside, and why.
struct Outside {
    what: String,
    why: &'static str,
    span: Option<Span>,
}

/// One allowlist: a profile and what is allowed beside it.
struct Wall<'a> {
    first: &'a ToolRow,
    profile: Profile,
    allow: Vec<&'a str>,
}

impl Wall<'_> {
    /// What people call it.
    fn name(&self) -> String {
        let origin = &self.first.origin;
        let (what, key) = match self.profile {
            Profile::None => ("the allowed tools".to_owned(), "allow"),
            it => (format!("the profile {}", it.word()), "profile"),
        };
        match (origin.as_str(), self.first.agent.as_str()) {
            ("wiring", _) => format!("{what} (--profile of the wiring)"),
            (_, "") => format!("{what} (tools.{key}, {origin})"),
            (_, agent) => format!("{what} (tools.agents.{agent}, {origin})"),
        }
    }

    fn outside(&self, cx: &Cx, call: &ToolCall) -> Option<Outside> {
        let admits = |it: &&str| pattern::hits(cx, call, it, true).is_some();
        if self.allow.iter().any(admits) {
            return None;
        }
        let shell = call.parts.iter().find_map(|it| match it.role {
            Role::Shell(dialect) => Some(dialect),
            _ => None,
        });
        let name = match shell {
            Some(Dialect::PowerShell) => "PowerShell",
            Some(Dialect::Bash) => "Bash",
            None => "",
        };
        let runs = matches!(&*call.name, "Bash" | "Monitor" | "PowerShell");
        if !name.is_empty() && runs {
            return shell::outside(cx, call, name, self);
        }
        profile::outside(self.profile, call)
    }
}

fn judge(cx: &Cx, call: &ToolCall) -> Vec<Finding> {
    let rows = applying(cx);
    let mut findings = listed(cx, call, &rows);
    if findings.iter().any(|it| it.decision == Decision::Deny) {
        return findings;
    }
    let mut walls = walls(&rows);
    findings.extend(walls.find_map(|wall| {
        let outside = wall.outside(cx, call)?;
        unlisted(cx, &wall, outside)
    }));
    findings
}

/// The lines that are about whoever calls.
fn applying<'a>(cx: &'a Cx) -> Vec<&'a ToolRow> {
    let (kind, inside) = (&*cx.event.agent_type, !cx.event.agent_id.is_empty());
    let all = cx.policy.tools.rows.iter();
    all.filter(|row| match row.agent.as_str() {
        "" => true,
        MAIN => !inside,
        // A subagent of no known type may be of any.
        _ if kind.is_empty() => inside,
        agent => word::fits(agent, kind),
    })
    .collect()
}

/// The name of the main agent in `tools.agents`.
const MAIN: &str = "main";

fn walls<'a>(rows: &[&'a ToolRow]) -> impl Iterator<Item = Wall<'a>> {
    rows.iter().enumerate().filter_map(|(index, first)| {
        let earlier = rows.get(..index).unwrap_or_default();
        if !first.is_wall()
            || earlier
                .iter()
                .any(|it| it.is_wall() && it.shares_wall(first))
        {
            return None;
        }
        let own = rows.iter().filter(|it| it.shares_wall(first));
        let mut wall = Wall {
            first,
            profile: Profile::None,
            allow: Vec::new(),
        };
        for row in own {
            match row.verb {
                // A word that is no profile was refused when the file was read.
                Verb::Profile => wall.profile = Profile::parse(&row.text).unwrap_or_default(),
                Verb::Allow => wall.allow.push(&row.text),
                Verb::Ask | Verb::Deny => {}
            }
        }
        Some(wall)
    })
}

/// What the lists of denied and asked tools name.
fn listed(cx: &Cx, call: &ToolCall, rows: &[&ToolRow]) -> Vec<Finding> {
    for (verb, rule, severity, decision) in [
        (Verb::Deny, "tool-denied", Severity::High, Decision::Deny),
        (Verb::Ask, "tool-asked", Severity::Medium, Decision::Ask),
    ] {
        let found = rows.iter().filter(|it| it.verb == verb).find_map(|row| {
            let (what, span) = pattern::hits(cx, call, &row.text, false)?;
            Some((row, what, span))
        });
        let Some((row, what, span)) = found else {
            continue;
        };
        let why = format!(
            "`{}` of tools.{} ({}) names `{}`.",
            shown(&row.text),
            verb.key(),
            row.origin,
            shown(&what)
        );
        let finding = finding(cx, (rule, severity, decision), &row.origin, why, what, span);
        if finding.is_some() {
            return finding.into_iter().collect();
        }
    }
    Vec::new()
}

fn unlisted(cx: &Cx, wall: &Wall, outside: Outside) -> Option<Finding> {
    let kind = ("tool-unlisted", Severity::High, cx.policy.tools.outside());
    let (what, why) = (shown(&outside.what), outside.why);
    let why = format!("`{what}` is outside {}: {why}.", wall.name());
    let origin = &wall.first.origin;
    finding(cx, kind, origin, why, outside.what, outside.span)
}

fn finding(
    cx: &Cx,
    (rule, severity, decision): (&'static str, Severity, Decision),
    origin: &str,
    why: String,
    subject: String,
    span: Option<Span>,
) -> Option<Finding> {
    // What managed policy and the wiring list is not for others to take back.
    let fixed = matches!(origin, "managed" | "wiring");
    let (rule, pack, decision) = match (fixed, rule) {
        (true, "tool-denied") => ("hookbin-tool-denied", "hookbin", decision),
        (true, "tool-asked") => ("hookbin-tool-asked", "hookbin", decision),
        (true, _) => ("hookbin-tool-unlisted", "hookbin", decision),
        (false, _) => (rule, PACK, cx.policy.decide(rule, PACK, severity, decision)),
    };
    (decision != Decision::Pass).then(|| Finding {
        rule: Cow::Borrowed(rule),
        pack: Cow::Borrowed(pack),
        severity,
        decision,
        why: Cow::Owned(why),
        instead: Cow::Borrowed(
            "do what the lists admit and report the rest, or ask the user to list it.",
        ),
        subject,
        real: String::new(),
        span,
    })
}

/// Short enough for a reason.
fn shown(text: &str) -> Cow<'_, str> {
    const LIMIT: usize = 60;
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(LIMIT) {
        Some((end, _)) => Cow::Owned(format!("{}…", line.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(line),
    }
}

/// The tool a pattern is about, with the names it stands for.
fn is_named(pattern: &str, tool: &str) -> bool {
    let (wanted, _) = parts(pattern);
    let kin: &[&str] = match wanted {
        "Bash" => &["Monitor"],
        "Edit" => &["Write", "NotebookEdit", "MultiEdit"],
        "Read" => &["Grep", "Glob", "NotebookRead", "LS"],
        "Agent" => &["Task"],
        "Task" => &["Agent"],
        _ => &[],
    };
    let server = |rest: &str| rest.strip_prefix("__").is_some_and(|it| !it.is_empty());
    wanted == tool
        || kin.contains(&tool)
        || wanted.contains('*') && word::fits(wanted, tool)
        || wanted.starts_with("mcp__") && tool.strip_prefix(wanted).is_some_and(server)
}

#[cfg(test)]
mod tests;
