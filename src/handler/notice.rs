//! Owns telling the user what was survived while the policy was read (an untrusted project file that
//! asked to loosen something), and which exceptions stand or were used: what nobody granted would show
//! here. Does not own the exceptions (`policy::allowance`).

use super::Handler;
use crate::effect::Effect;
use crate::event::Kind;
use crate::guard::Cx;
use crate::policy;
use crate::verdict::Verdict;

pub(super) struct NoticeHandler;

impl Handler for NoticeHandler {
    fn id(&self) -> &'static str {
        "notice"
    }

    fn run(&self, cx: &Cx, verdict: &Verdict) -> Vec<Effect> {
        match cx.event.kind {
            Kind::SessionStart => at_start(cx),
            Kind::PreToolUse if !verdict.granted.is_empty() => {
                vec![Effect::Message(format!(
                    "hookbin: an exception was used: {}. Not yours? `hookbin allow --list` shows all.",
                    verdict.granted.join(", ")
                ))]
            }
            _ => Vec::new(),
        }
    }
}

fn at_start(cx: &Cx) -> Vec<Effect> {
    let line = |notice: &String| Effect::Message(format!("hookbin: {notice}"));
    let mut effects: Vec<Effect> = cx.policy.notices.iter().map(line).collect();
    let now = cx.host.now().timestamp();
    let standing: Vec<String> = policy::allowances(cx.host, &cx.places.own)
        .into_iter()
        .filter(|it| it.until == 0 || now < it.until)
        .map(|it| format!("{} ({})", it.rule, it.id))
        .collect();
    if !standing.is_empty() {
        effects.push(Effect::Message(format!(
            "hookbin: exceptions in force: {}. `hookbin allow --list` shows their terms.",
            standing.join(", ")
        )));
    }
    effects
}
