//! Owns telling the user what people granted and what the policy survived: at the start of a session all
//! that stands, and whether others can write where hookbin keeps it; afterwards, at the next event, what has
//! come since. What nobody granted would show here. Does not own the exceptions (`policy::allowance`), trust
//! (`policy::trust`) nor the directories (`dirs`). Invariant: nothing is
//! counted as told where the event cannot tell it.

use super::Handler;
use crate::dirs;
use crate::effect::Effect;
use crate::event::Kind;
use crate::guard::Cx;
use crate::policy::{self, Allowance, Grants, Mode};
use crate::session::{self, Change};
use crate::verdict::Verdict;

pub(super) struct NoticeHandler;

impl Handler for NoticeHandler {
    fn id(&self) -> &'static str {
        "notice"
    }

    fn run(&self, cx: &Cx, verdict: &Verdict) -> Vec<Effect> {
        if !tells(cx.event.kind) || cx.policy.mode == Mode::Observe {
            return Vec::new();
        }
        let start = cx.event.kind == Kind::SessionStart;
        let (notices, mut lines) = policy_lines(cx, start);
        let (exceptions, granted) = exceptions(cx, start);
        lines.extend(granted);
        if start {
            lines.extend(dirs::exposed(cx.host, &cx.places.own));
        }
        if !cx.session.reset.is_empty() {
            lines.push(format!(
                "{}. Not yours? `hookbin audit list` shows when it was.",
                cx.session.reset
            ));
        }
        if !verdict.granted.is_empty() {
            lines.push(format!(
                "an exception was used: {}. Not yours? `hookbin allow --list` shows all.",
                verdict.granted.join(", ")
            ));
        }
        let message = |it: String| Effect::Message(format!("hookbin: {it}"));
        let mut effects: Vec<Effect> = lines.into_iter().map(message).collect();
        let told = &cx.session;
        if exceptions != told.exceptions || notices != told.notices || !told.reset.is_empty() {
            effects.push(Effect::Session(Change::Told {
                exceptions,
                notices,
            }));
        }
        effects
    }
}

/// The events that come soon and whose line for the user is shown. A Stop is answered by nothing.
fn tells(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::SessionStart
            | Kind::UserPromptSubmit
            | Kind::PreToolUse
            | Kind::PostToolUse
            | Kind::PostToolUseFailure
            | Kind::PostToolBatch
    )
}

/// What the policy has to tell, and its digest: all at the start, afterwards only where it has changed.
fn policy_lines(cx: &Cx, start: bool) -> (String, Vec<String>) {
    let policy = cx.policy;
    if policy.notices.is_empty() && policy.trusted.is_empty() {
        return (String::new(), Vec::new());
    }
    let mut lines = [policy.notices.as_slice(), &policy.trusted].concat();
    let digest = session::digest(&lines.join("\n"));
    if !start && digest == cx.session.notices {
        lines.clear();
    }
    (digest, lines)
}

/// Up to where the list of exceptions was seen, and what it has to tell: all that is in force at the
/// start, afterwards what was granted since.
fn exceptions(cx: &Cx, start: bool) -> (u64, Option<String>) {
    let seen = cx.session.exceptions;
    if cx.policy.grants == Grants::None {
        return (seen, None);
    }
    let from = if start { 0 } else { seen };
    let Some((seen, granted)) = policy::granted_since(cx.host, &cx.places.own, from) else {
        return (from, None);
    };
    let now = cx.host.now().timestamp();
    let in_force = |it: &&Allowance| it.until == 0 || now < it.until;
    let named = granted.iter().filter(in_force);
    let named: Vec<String> = named.map(|it| format!("{} ({})", it.rule, it.id)).collect();
    if named.is_empty() {
        return (seen, None);
    }
    let named = named.join(", ");
    let line = if start {
        format!("exceptions in force: {named}. `hookbin allow --list` shows their terms.")
    } else {
        format!("an exception was granted: {named}. Not yours? `hookbin allow --list` shows all.")
    };
    (seen, Some(line))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::handler::tests::answer;
    use crate::host::Dirs;
    use crate::host::fake::FakeHost;
    use crate::policy::{Allowance, allowance, trust};

    const FILE: &str = "/p/.claude/hookbin.toml";

    fn dirs() -> Dirs {
        Dirs {
            state: "/state".to_owned(),
            ..Dirs::default()
        }
    }

    /// What the user is told at an event of a session.
    fn told(host: &FakeHost, session: &str, event: &str) -> String {
        let payload = json!({
            "hook_event_name": event, "session_id": session, "cwd": "/p", "source": "startup",
            "tool_name": "Bash", "tool_input": { "command": "ls" }, "tool_calls": [],
        });
        let response = answer(host, event, &payload.to_string());
        let answer: Value = serde_json::from_str(&response.stdout).unwrap_or_default();
        answer["systemMessage"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    fn grant(host: &FakeHost, id: &str) {
        let allowance = Allowance {
            rule: "git-reset-hard".to_owned(),
            id: id.to_owned(),
            ..Allowance::default()
        };
        allowance::grant(host, &dirs(), &allowance).unwrap();
    }

    #[test]
    fn an_exception_is_shown_at_the_very_next_event_of_every_session() {
        for event in [
            "UserPromptSubmit",
            "PreToolUse",
            "PostToolUse",
            "PostToolUseFailure",
            "PostToolBatch",
        ] {
            let host = FakeHost::new();
            for session in ["a", "b"] {
                assert_eq!(told(&host, session, "SessionStart"), "");
                assert_eq!(told(&host, session, event), "", "{event}");
            }
            grant(&host, "0a0b0c0d");
            for session in ["a", "b"] {
                assert_eq!(told(&host, session, "Stop"), "", "{event}");
                let line = told(&host, session, event);
                assert!(
                    line.contains("granted: git-reset-hard (0a0b0c0d)"),
                    "{event}: {line}"
                );
                assert_eq!(told(&host, session, event), "", "{event}");
            }
            grant(&host, "11111111");
            let line = told(&host, "a", event);
            assert!(
                line.contains("11111111") && !line.contains("0a0b0c0d"),
                "{line}"
            );
            assert!(
                told(&host, "c", "SessionStart").contains("in force: git-reset-hard (0a0b0c0d)")
            );
            assert_eq!(told(&host, "c", event), "", "{event}");
        }
    }

    #[test]
    fn a_trusted_project_file_is_shown_at_the_very_next_event() {
        let (host, text) = (FakeHost::new(), "rules.disable = ['git-reset-hard']");
        host.set_env("CLAUDE_PROJECT_DIR", "/p");
        host.add_file(FILE, text);
        assert!(told(&host, "a", "SessionStart").contains("was ignored"));
        assert_eq!(told(&host, "a", "PreToolUse"), "");
        trust::grant(&host, &dirs(), FILE, text.as_bytes()).unwrap();
        let line = told(&host, "a", "PreToolUse");
        assert_eq!(
            line,
            format!("hookbin: {FILE}:1: `rules.disable` holds: a person trusted this file")
        );
        assert_eq!(told(&host, "a", "PreToolUse"), "");
        assert_eq!(told(&host, "b", "SessionStart"), line);
        trust::revoke(&host, &dirs(), FILE).unwrap();
        assert!(told(&host, "a", "PreToolUse").contains("was ignored"));
        host.add_file(FILE, "");
        assert_eq!(told(&host, "a", "PreToolUse"), "");
    }

    #[test]
    fn what_a_person_reset_is_shown_once_at_the_very_next_event() {
        let host = FakeHost::new();
        assert_eq!(told(&host, "a", "PreToolUse"), "");
        let mut open = crate::session::open(&host, &dirs(), "a").unwrap();
        "the breakers of this session were reset".clone_into(&mut open.session.reset);
        open.store().unwrap();
        drop(open);
        assert_eq!(told(&host, "a", "Stop"), "");
        let line = told(&host, "a", "PreToolUse");
        assert!(
            line.contains("the breakers of this session were reset. Not yours?"),
            "{line}"
        );
        assert_eq!(told(&host, "a", "PreToolUse"), "");
        assert_eq!(told(&host, "b", "PreToolUse"), "");
    }

    #[test]
    fn a_directory_that_others_can_write_is_named_at_the_start() {
        let host = FakeHost::new();
        assert_eq!(told(&host, "a", "SessionStart"), "");
        host.set_access("/state", 1000, 0o777);
        let line = told(&host, "b", "SessionStart");
        assert!(
            line.contains("/state can be written by everybody"),
            "{line}"
        );
        assert_eq!(told(&host, "b", "PreToolUse"), "");
        host.set_access("/state", 1001, 0o700);
        let line = told(&host, "c", "SessionStart");
        assert!(
            line.contains("/state belongs to another user (1001)"),
            "{line}"
        );
        host.set_access("/state", 0, 0o775);
        assert_eq!(told(&host, "d", "SessionStart"), "");
    }

    #[test]
    fn a_trusted_file_that_only_tightens_is_no_news() {
        let (host, text) = (FakeHost::new(), "boundary.outside = 'ask'");
        host.set_env("CLAUDE_PROJECT_DIR", "/p");
        host.add_file(FILE, text);
        trust::grant(&host, &dirs(), FILE, text.as_bytes()).unwrap();
        assert_eq!(told(&host, "a", "SessionStart"), "");
    }
}
