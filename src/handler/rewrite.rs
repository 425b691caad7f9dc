//! Owns noticing that a tool ran on another input than the one judged: another hook rewrote it. The
//! client runs hooks in parallel on the original input, so a rewrite is never seen before it runs.

use super::{Handler, record};
use crate::effect::Effect;
use crate::event::{Body, Kind};
use crate::guard::Cx;
use crate::session;
use crate::verdict::Verdict;

pub(super) struct RewriteHandler;

impl Handler for RewriteHandler {
    fn id(&self) -> &'static str {
        "rewrite"
    }

    fn run(&self, cx: &Cx, _verdict: &Verdict) -> Vec<Effect> {
        let Body::Outcome(call, _) = &cx.event.body else {
            return Vec::new();
        };
        if !matches!(cx.event.kind, Kind::PostToolUse | Kind::PostToolUseFailure) {
            return Vec::new();
        }
        let Some(judged) = cx.session.find(&call.id) else {
            return Vec::new();
        };
        // A second wiring reports every outcome once more.
        if judged.settled || judged.digest == session::digest(call.input.get()) {
            return Vec::new();
        }
        let mut record = record::noted(cx, call, RULE, "high");
        record.subject(call.input.get());
        let message = format!(
            "hookbin: {} {} ran on another input than the one that was judged: another hook rewrote it. \
             See `hookbin audit list --rule {RULE}`.",
            call.name, call.id
        );
        vec![Effect::Audit(record), Effect::Message(message)]
    }
}

/// The rule id under which a rewritten input is recorded.
const RULE: &str = "hookbin-input-rewritten";
