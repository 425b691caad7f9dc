//! Owns what is due when a session ends: a further copy of the chain's end, and the removal of what is
//! remembered of sessions long gone. Does not own how (`audit::anchor`, `session::prune`).

use super::Handler;
use crate::effect::Effect;
use crate::event::Kind;
use crate::guard::Cx;
use crate::verdict::Verdict;

pub(super) struct EndHandler;

impl Handler for EndHandler {
    fn id(&self) -> &'static str {
        "end"
    }

    fn run(&self, cx: &Cx, _verdict: &Verdict) -> Vec<Effect> {
        if cx.event.kind != Kind::SessionEnd {
            return Vec::new();
        }
        vec![Effect::EndSession(cx.event.session_id.to_string())]
    }
}

#[cfg(test)]
mod tests {
    use crate::handler::tests::answer;
    use crate::host::fake::FakeHost;
    use crate::response::Response;

    const END: &str =
        r#"{"hook_event_name":"SessionEnd","session_id":"s","cwd":"/p","reason":"exit"}"#;

    fn end(host: &FakeHost) -> Response {
        answer(host, "SessionEnd", END)
    }

    #[test]
    fn the_end_of_the_chain_is_kept_and_old_sessions_go() {
        let host = FakeHost::new();
        host.add_file("/state/sessions/old.log", "{\"v\":1}\n");
        host.add_file("/state/sessions/s.log", "{\"v\":1}\t\t\t\n");
        host.advance(31 * 24 * 3600);
        assert_eq!(end(&host), Response::default());
        let anchors = host.text("/state/audit/anchors.jsonl").unwrap();
        assert!(anchors.contains(r#""seq":1"#) && anchors.contains(r#""session":"s""#));
        assert!(host.text("/state/sessions/old.log").is_none());
        assert!(host.text("/state/sessions/s.log").is_some(), "it is held");
    }

    #[test]
    fn a_failure_is_reported_and_traps_nobody() {
        let host = FakeHost::new();
        host.add_dir("/state/audit/anchors.jsonl");
        let response = end(&host);
        assert_eq!((response.exit, response.stdout.as_str()), (0, ""));
        assert!(
            response.stderr.contains("the end of the audit chain"),
            "{}",
            response.stderr
        );
    }
}
