//! Owns the do-not-touch patterns of the policy: what they mean as absolute paths, and which access they
//! forbid. Does not own glob matching (`path::glob`). Invariant: what lies below a match is protected
//! too, and what takes a match away with its directory counts as a write to it.

use std::borrow::Cow;

use crate::guard::Cx;
use crate::path::{Locator, Places, glob};
use crate::policy::PathRule;
use crate::shell::access::AccessKind;
use crate::shell::{GUARDED, UNKNOWN};
use crate::verdict::{Decision, Severity};

use super::{Objection, Target};

/// One pattern of the policy as an absolute glob.
pub(super) struct Pattern<'p> {
    rule: &'p PathRule,
    /// Of managed policy: nobody frees a path from it.
    managed: bool,
    glob: String,
    /// The part without active characters.
    prefix: String,
}

/// What the policy says of places, over absolute paths; `~/` is every home.
#[derive(Default)]
pub(super) struct Patterns<'p> {
    /// Do-not-touch patterns.
    protected: Vec<Pattern<'p>>,
    /// Globs whose paths are excepted from protection.
    free: Vec<String>,
}

/// The patterns of the policy.
pub(super) fn expand<'p>(cx: &Cx<'p>, locator: &Locator) -> Patterns<'p> {
    if cx.policy.paths.is_empty() && cx.policy.paths_free.is_empty() {
        return Patterns::default();
    }
    let roots = Roots::of(cx.places, locator);
    let mut protected = Vec::with_capacity(cx.policy.paths.len());
    for rule in &cx.policy.paths {
        let managed = cx.policy.is_managed(rule);
        for glob in roots.globs(&rule.pattern) {
            let prefix = glob::literal_prefix(&glob).to_owned();
            protected.push(Pattern {
                rule,
                managed,
                glob,
                prefix,
            });
        }
    }
    let free = cx.policy.paths_free.iter();
    let free = free.flat_map(|it| roots.globs(it)).collect();
    Patterns { protected, free }
}

/// What `~` and a relative pattern count from, by every name it has. Nothing else of a pattern is
/// followed through symlinks: the agent may be able to turn those.
struct Roots {
    homes: Vec<String>,
    projects: Vec<String>,
}

impl Roots {
    fn of(places: &Places, locator: &Locator) -> Self {
        let named = |paths: &mut dyn Iterator<Item = &String>| {
            let mut all: Vec<String> = Vec::new();
            for path in paths.filter(|it| !it.is_empty()) {
                for name in [path.clone(), locator.locate_literal(path).real] {
                    if !all.contains(&name) {
                        all.push(name);
                    }
                }
            }
            all
        };
        Self {
            homes: named(&mut places.homes.iter()),
            projects: named(&mut [&places.project, &places.worktree].into_iter()),
        }
    }

    fn globs(&self, pattern: &str) -> Vec<String> {
        let pattern = pattern.trim_end_matches('/');
        let below = |roots: &[String], tail: &str| {
            let join = |it: &String| format!("{}{tail}", it.trim_end_matches('/'));
            roots.iter().map(join).collect()
        };
        match pattern.strip_prefix('~') {
            Some(tail) if tail.is_empty() || tail.starts_with('/') => below(&self.homes, tail),
            _ if pattern.starts_with('/') => vec![pattern.to_owned()],
            _ => {
                let tail = format!("/{}", pattern.trim_start_matches("./"));
                below(&self.projects, &tail)
            }
        }
    }
}

/// A pattern of the policy as globs over absolute paths.
pub(in crate::guard) fn globs(places: &Places, locator: &Locator, pattern: &str) -> Vec<String> {
    Roots::of(places, locator).globs(pattern)
}

/// True where the policy excepts the place from protection: as it is written and where it really is,
/// so that a symlink below a freed directory frees nothing else.
pub(super) fn is_free(patterns: &Patterns, target: &Target) -> bool {
    let located = &target.located;
    !patterns.free.is_empty()
        && !located.lexical.contains([UNKNOWN, GUARDED])
        && target.paths().into_iter().all(|path| {
            // All entries of a directory lie in `directory/**`, the directory itself does not.
            let path = if located.every {
                Cow::Owned(format!("{path}/*"))
            } else {
                Cow::Borrowed(path)
            };
            patterns.free.iter().any(|it| is_at_or_above(it, &path))
        })
}

/// True where the glob fits the path or a directory above it.
fn is_at_or_above(glob: &str, path: &str) -> bool {
    let mut rest = path;
    while rest.len() > 1 {
        if glob::matches(glob, rest) {
            return true;
        }
        rest = rest.rsplit_once('/').map_or("", |it| it.0);
    }
    false
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

/// What the patterns say to an access: the strictest. A freed place hears only managed ones.
pub(super) fn check(patterns: &Patterns, free: bool, target: &Target) -> Option<Objection> {
    let mut strictest: Option<(Decision, bool, &PathRule)> = None;
    for pattern in patterns.protected.iter().filter(|it| it.managed || !free) {
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
    (pattern.prefix.is_empty() || is_below(path, &pattern.prefix))
        && is_at_or_above(&pattern.glob, path)
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
