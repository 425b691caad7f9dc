//! Owns what exceptions do to findings: an allowance a person granted takes the finding away, and one
//! that holds once is used up by it. Does not own which rules can be allowed (`policy`). Invariant: an
//! allowance that cannot be used up does not cover anything.

use super::Cx;
use crate::event::ToolCall;
use crate::host::Dirs;
use crate::policy::{self, Mode};
use crate::verdict::{Decision, Finding};

/// What is left of the findings, and which allowances took the others away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Granted {
    pub findings: Vec<Finding>,
    /// `allowed:<rule>:<allowance id>` for the record.
    pub notes: Vec<String>,
}

/// Applies the allowances of the policy to findings.
pub fn grant(cx: &Cx, dirs: &Dirs, findings: Vec<Finding>) -> Granted {
    if cx.policy.allowances.is_empty() {
        return Granted {
            findings,
            notes: Vec::new(),
        };
    }
    let mut granted = Granted::default();
    let text = cx
        .event
        .call()
        .and_then(ToolCall::shell)
        .map(crate::event::Part::text)
        .unwrap_or_default();
    let now = cx.host.now().timestamp();
    for finding in findings {
        let allowance = match finding.decision {
            Decision::Pass | Decision::Warn => None,
            _ => cx
                .policy
                .allows(&finding, &text, place(&finding), &cx.places.project, now),
        };
        match allowance {
            // Where nothing is answered nothing is used up.
            Some(it)
                if cx.policy.mode == Mode::Observe
                    || policy::consume(cx.host, dirs, it).unwrap_or(false) =>
            {
                granted
                    .notes
                    .push(format!("allowed:{}:{}", finding.rule, it.id));
            }
            _ => granted.findings.push(finding),
        }
    }
    granted
}

/// The place an allowance has to name: the real one, so that a symlink below an allowed directory
/// opens nothing else.
fn place(finding: &Finding) -> &str {
    if finding.real.is_empty() {
        &finding.subject
    } else {
        &finding.real
    }
}
