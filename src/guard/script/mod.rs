//! Owns what a finding is worth that lies in a script which the command runs: a script is judged as the
//! command would be, but for what cannot be known of it, and one that git has as it is was read by people.
//! Does not own the reading of scripts (`shell`) nor the rules. Invariants: what is catastrophic and certain
//! is denied in every script; the reason names the script and the line.

mod blob;
mod disk;

use std::borrow::Cow;

use super::Cx;
use crate::policy;
use crate::shell::{Context, GUARDED, Reading, Script, Span, UNKNOWN};
use crate::verdict::{Decision, Finding, Severity};

pub use blob::id as blob_id;
pub use disk::Disk;

/// How much of a command or path a reason shows (characters).
const SHOWN: usize = 60;
/// How long a message may become by what it says of the script (characters).
const MESSAGE: usize = 300;
/// In code that is longer (bytes) it is not known what of it runs.
const CODE: usize = 2048;
/// In code that is longer (bytes) two things that a rule looks for need not belong together.
const CLOSE: usize = 512;
/// So much of code tells that a finding shows it (bytes).
const OPENING: usize = 24;
/// Warnings about scripts that one call gives.
const WARNINGS: usize = 2;

/// Brings the findings in scripts to what they are worth there.
pub(super) fn temper(cx: &Cx, reading: &Reading, findings: Vec<Finding>) -> Vec<Finding> {
    let mut known: Vec<(u32, bool)> = Vec::new();
    let mut warnings = 0;
    let mut kept = Vec::with_capacity(findings.len());
    for mut finding in findings {
        let script = finding.span.and_then(|it| reading.script_at(it));
        if let Some(script) = script {
            let known = &mut known;
            // Without a repository nobody can tell whether git knows what a script deletes.
            let told = finding.rule != "fs-delete-tracked" || has_index(cx);
            let decision = worth(reading, script, &finding, told, || {
                is_teams(cx, script, known)
            });
            if decision == Decision::Warn {
                warnings += 1;
            }
            if decision == Decision::Pass || decision == Decision::Warn && warnings > WARNINGS {
                continue;
            }
            finding.decision = decision;
            finding.why = Cow::Owned(placed(cx, script, &finding));
        }
        kept.push(finding);
    }
    kept.extend(partly_read(cx, reading, &mut known));
    kept
}

/// A warning where a script that nobody read is longer than what is judged of it.
fn partly_read(cx: &Cx, reading: &Reading, known: &mut Vec<(u32, bool)>) -> Option<Finding> {
    let name = ("script-partly-read", "command");
    let grade = (Severity::Low, Decision::Warn);
    let words = (
        "only the beginning of the script was judged; it is too long.".into(),
        "read the rest of it before it runs.".into(),
    );
    let mut finding = cx.finding(name, grade, words, String::new(), None)?;
    let mut partial = reading.scripts.iter().filter(|it| it.partial);
    let script = partial.find(|it| !is_teams(cx, it, known))?;
    finding.subject.clone_from(&script.path);
    Some(finding)
}

fn has_index(cx: &Cx) -> bool {
    let git = format!("{}/.git", cx.places.project);
    cx.host.metadata(&git).is_ok()
}

/// True for a script that git has as it is: the team's own.
fn is_teams(cx: &Cx, script: &Script, known: &mut Vec<(u32, bool)>) -> bool {
    if let Some(known) = known.iter().find(|it| it.0 == script.start) {
        return known.1;
    }
    let real = cx.locator.locate_literal(&script.path).real;
    let is = blob::is_known(cx.host, &cx.places.homes, &real);
    known.push((script.start, is));
    is
}

/// What is decided about a finding in a script.
fn worth(
    reading: &Reading,
    script: &Script,
    finding: &Finding,
    told: bool,
    teams: impl FnOnce() -> bool,
) -> Decision {
    let rule = finding.rule.as_ref();
    if policy::protects_hookbin(rule, "") || rule == "path-claude-settings-write" {
        return finding.decision;
    }
    // Names that a script makes up are as ordinary as its style is its authors'.
    if finding.decision <= Decision::Warn || rule.starts_with("program-unknown") {
        return Decision::Pass;
    }
    let denied = finding.decision == Decision::Deny;
    let catastrophic = denied && finding.severity == Severity::Critical;
    // Code is shown as a whole, without what is not known of one call in it.
    let known = !finding.subject.contains([UNKNOWN, GUARDED]) && !rule.ends_with("-unknown");
    let known = known && told;
    let vague = script.code && script.text.len() > CODE;
    let apart = script.code && script.text.len() > CLOSE;
    if apart && finding.pack != "filesystem" && shows_code(script, finding) {
        return Decision::Pass;
    }
    let certain = !vague && finding.span.is_some_and(|it| is_certain(reading, it));
    if !teams() {
        return match (known, denied) {
            (true, _) if certain || catastrophic => finding.decision,
            (true, true) => Decision::Ask,
            (false, _) if catastrophic => Decision::Ask,
            (false, _) if script.code || !finding.subject.contains(UNKNOWN) && told => {
                Decision::Pass
            }
            _ => Decision::Warn,
        };
    }
    match known {
        true if catastrophic && certain && !script.code => Decision::Deny,
        true if catastrophic || denied && certain && !script.code => Decision::Ask,
        true => Decision::Warn,
        false if catastrophic => Decision::Warn,
        false => Decision::Pass,
    }
}

/// True for a finding about code as a whole: what rules look for in it may stand far apart.
fn shows_code(script: &Script, finding: &Finding) -> bool {
    let opening = script.text.char_indices().nth(OPENING);
    let opening = opening.and_then(|it| script.text.get(..it.0));
    finding.subject.contains(opening.unwrap_or(&script.text))
}

/// True where some start at this place depends on nothing that is not known.
fn is_certain(reading: &Reading, span: Span) -> bool {
    let Some(script) = reading.script_at(span) else {
        return true;
    };
    let mut here = reading.invocations.iter().filter(|it| {
        it.span.start >= script.start && it.span.start <= span.start && span.end <= it.span.end
    });
    here.any(|it| !it.context.has(Context::BRANCH))
}

/// Why, with the place and what stands there in front, as far as there is room.
fn placed(cx: &Cx, script: &Script, finding: &Finding) -> String {
    let project = format!("{}/", cx.places.project);
    let path = script.path.strip_prefix(&project).unwrap_or(&script.path);
    let path = match path.char_indices().rev().nth(SHOWN) {
        Some((at, _)) => path.get(at..).unwrap_or_default(),
        None => path,
    };
    let span = finding.span.unwrap_or_default();
    let words: Vec<&str> = std::iter::once(finding.subject.as_str())
        .chain(finding.subject.rsplit([' ', '/']))
        .collect();
    let line = script.line(span, &words);
    let place = format!("{path} line {line}");
    let room = MESSAGE.saturating_sub(finding.message().chars().count() + place.len() + 6);
    let subject = finding.subject.lines().next().unwrap_or_default();
    let shown: String = subject.chars().take(SHOWN.min(room)).collect();
    if shown.len() < 3 || script.code && subject.contains(" -") && finding.subject.len() > SHOWN {
        return format!("{place}: {}", finding.why);
    }
    format!("{place}, `{shown}`: {}", finding.why)
}
