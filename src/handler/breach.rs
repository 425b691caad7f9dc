//! Owns noticing that a tool ran although the call was refused: then the client did not heed the answer,
//! and nothing that hookbin says protects this session. Does not own the refusal. Invariant: where
//! nothing is answered (observe mode) nothing is breached.

use super::{Handler, record};
use crate::effect::Effect;
use crate::event::{Body, Kind};
use crate::guard::Cx;
use crate::verdict::Verdict;

pub(super) struct BreachHandler;

impl Handler for BreachHandler {
    fn id(&self) -> &'static str {
        "breach"
    }

    fn run(&self, cx: &Cx, _verdict: &Verdict) -> Vec<Effect> {
        let Body::Outcome(call, _) = &cx.event.body else {
            return Vec::new();
        };
        let ran = matches!(cx.event.kind, Kind::PostToolUse | Kind::PostToolUseFailure);
        if !ran || !record::refused(cx, call) || !record::unsettled(cx, call) {
            return Vec::new();
        }
        let mut record = record::noted(cx, call, RULE, "critical");
        record.subject(&record::subject(call));
        let message = format!(
            "hookbin: {} {} ran although it was refused: the client did not heed the answer, and this \
             session is not protected. See `hookbin audit list --rule {RULE}`.",
            call.name, call.id
        );
        vec![Effect::Audit(record), Effect::Message(message)]
    }
}

/// The rule id under which a refused call that ran is recorded.
const RULE: &str = "hookbin-refused-call-ran";
