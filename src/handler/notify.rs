//! Owns telling a human outside the session that a call of high or critical severity was refused. Does not
//! own whether and how that is told (`notify`). Invariant: nothing is put together for any other verdict.

use super::{Handler, record};
use crate::effect::Effect;
use crate::event::Body;
use crate::guard::Cx;
use crate::notify::{self, Kind};
use crate::verdict::{Decision, Finding, Severity, Verdict};

pub(super) struct NotifyHandler;

impl Handler for NotifyHandler {
    fn id(&self) -> &'static str {
        "notify"
    }

    fn run(&self, cx: &Cx, verdict: &Verdict) -> Vec<Effect> {
        if verdict.decision != Decision::Deny || !notify::channel::any(cx.policy) {
            return Vec::new();
        }
        let grave = |it: &&Finding| it.decision == Decision::Deny && it.severity >= Severity::High;
        let Some(finding) = verdict.findings.iter().find(grave) else {
            return Vec::new();
        };
        let mut body = finding.why.to_string();
        if let Body::Call(call) = &cx.event.body {
            body.push_str("\nthe call: ");
            body.push_str(&call.name);
            body.push(' ');
            body.push_str(&record::subject(call));
        }
        let title = format!("denied by {}", finding.rule);
        vec![Effect::notify(Kind::Deny, finding.severity, title, body)]
    }
}
