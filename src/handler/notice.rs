//! Owns telling the user, at the start of a session, what was survived while the policy was read: an
//! untrusted project file that asked to loosen something, for one.

use super::Handler;
use crate::effect::Effect;
use crate::event::Kind;
use crate::guard::Cx;
use crate::verdict::Verdict;

pub(super) struct NoticeHandler;

impl Handler for NoticeHandler {
    fn id(&self) -> &'static str {
        "notice"
    }

    fn run(&self, cx: &Cx, _verdict: &Verdict) -> Vec<Effect> {
        if cx.event.kind != Kind::SessionStart {
            return Vec::new();
        }
        let line = |notice: &String| Effect::Message(format!("hookbin: {notice}"));
        cx.policy.notices.iter().map(line).collect()
    }
}
