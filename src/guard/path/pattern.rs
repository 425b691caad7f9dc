//! Owns the do-not-touch patterns of the policy: what they mean as absolute paths, and which access they
//! forbid. Does not own glob matching (`path::glob`). Invariant: what lies below a match is protected
//! too, and what takes a match away with its directory counts as a write to it.

use std::borrow::Cow;

use crate::guard::Cx;
use crate::path::{Places, glob};
use crate::policy::PathRule;
use crate::shell::access::AccessKind;
use crate::verdict::{Decision, Severity};

use super::{Objection, Target};

/// One pattern of the policy as an absolute glob.
pub(super) struct Pattern<'p> {
    rule: &'p PathRule,
    glob: String,
    /// The part without active characters.
    prefix: String,
}

/// The policy's patterns over absolute paths; `~/` is every home.
pub(super) fn expand<'p>(cx: &Cx<'p>) -> Vec<Pattern<'p>> {
    let mut patterns = Vec::with_capacity(cx.policy.paths.len());
    for rule in &cx.policy.paths {
        let mut add = |glob: String| {
            let prefix = glob::literal_prefix(&glob).to_owned();
            patterns.push(Pattern { rule, glob, prefix });
        };
        match rule.pattern.strip_prefix('~') {
            Some(tail) if tail.is_empty() || tail.starts_with('/') => {
                for home in &cx.places.homes {
                    add(format!("{home}{tail}"));
                }
            }
            _ => {
                add(absolute(cx.places, &rule.pattern));
                let places = cx.places;
                if !places.worktree.is_empty() && !rule.pattern.starts_with('/') {
                    let tail = rule.pattern.trim_start_matches("./");
                    add(format!("{}/{tail}", places.worktree));
                }
            }
        }
    }
    patterns
}

/// A path or pattern of the policy, relative to the project root where it is relative.
pub(super) fn absolute(places: &Places, pattern: &str) -> String {
    let pattern = pattern.trim_end_matches('/');
    let home = places.homes.first().map_or("", String::as_str);
    match pattern.strip_prefix('~') {
        Some(tail) if tail.is_empty() || tail.starts_with('/') => format!("{home}{tail}"),
        _ if pattern.starts_with('/') => pattern.to_owned(),
        _ => format!("{}/{}", places.project, pattern.trim_start_matches("./")),
    }
}

/// True where the path is the directory or lies below it.
pub(super) fn is_below(path: &str, directory: &str) -> bool {
    let Some((head, tail)) = path.split_at_checked(directory.len()) else {
        return false;
    };
    head.eq_ignore_ascii_case(directory) && (tail.is_empty() || tail.starts_with('/'))
}

/// What the patterns say to an access: the strictest.
pub(super) fn check(patterns: &[Pattern], target: &Target) -> Option<Objection> {
    let mut strictest: Option<(Decision, bool, &PathRule)> = None;
    for pattern in patterns {
        let writes = target.writes() && pattern.rule.write > Decision::Pass;
        let reads = reads(target) && pattern.rule.read > Decision::Pass;
        if !(writes || reads) || !touches(pattern, target) {
            continue;
        }
        let decision = match (writes, reads) {
            (true, true) => pattern.rule.write.max(pattern.rule.read),
            (true, false) => pattern.rule.write,
            _ => pattern.rule.read,
        };
        if strictest.is_none_or(|(it, _, _)| decision > it) {
            strictest = Some((decision, writes, pattern.rule));
        }
    }
    let (decision, writes, rule) = strictest?;
    Some(Objection {
        rule: Cow::Borrowed(if writes {
            "do-not-touch-write"
        } else {
            "do-not-touch-read"
        }),
        severity: Severity::High,
        decision,
        why: match rule.why.trim() {
            "" => Cow::Owned(format!("the policy protects `{}`.", rule.pattern)),
            why if why.ends_with('.') => Cow::Owned(why.to_owned()),
            why => Cow::Owned(format!("{why}.")),
        },
        instead: "leave it alone, or ask the user to do it.",
    })
}

fn reads(target: &Target) -> bool {
    target.reads() || target.kind == AccessKind::Execute
}

fn touches(pattern: &Pattern, target: &Target) -> bool {
    target
        .paths()
        .into_iter()
        .any(|path| covers(pattern, path) || reaches(pattern, target, path))
}

/// True where the pattern fits the path or a directory above it.
fn covers(pattern: &Pattern, path: &str) -> bool {
    if !pattern.prefix.is_empty() && !is_below(path, &pattern.prefix) {
        return false;
    }
    let mut rest = path;
    while rest.len() > 1 {
        if glob::matches(&pattern.glob, rest) {
            return true;
        }
        rest = rest.rsplit_once('/').map_or("", |it| it.0);
    }
    false
}

/// True where the access takes in what the pattern means: from above, or by a glob.
fn reaches(pattern: &Pattern, target: &Target, path: &str) -> bool {
    if target.takes_tree() && !pattern.prefix.is_empty() {
        let path = path.trim_end_matches('/');
        return is_below(&pattern.prefix, path);
    }
    let literal = pattern.prefix.len() == pattern.glob.len();
    if target.located.every {
        let parent = match pattern.glob.rsplit_once('/') {
            Some((parent, _)) if literal => parent,
            _ => &pattern.prefix,
        };
        return parent.eq_ignore_ascii_case(path);
    }
    literal && target.in_shell() && glob::is_glob(path) && glob::matches(path, &pattern.glob)
}
