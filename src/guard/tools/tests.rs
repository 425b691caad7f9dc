use super::is_named;
use crate::dirs::Given;
use crate::hook::{Args, run};
use crate::host::fake::FakeHost;

#[test]
fn names_of_tools() {
    for (pattern, tool, expected) in [
        ("Read", "Read", true),
        ("Read", "Grep", true),
        ("Grep", "Read", false),
        ("Edit", "Write", true),
        ("Write", "Edit", false),
        ("Bash", "Monitor", true),
        ("Task", "Agent", true),
        ("mcp__github", "mcp__github__get_issue", true),
        ("mcp__github", "mcp__github_evil__get", false),
        ("mcp__github", "mcp__github__", false),
        ("mcp__github__*", "mcp__github__get_issue", true),
        ("mcp__github__get_*", "mcp__github__delete", false),
        ("*", "Anything", true),
        ("mcp__*", "Bash", false),
    ] {
        assert_eq!(is_named(pattern, tool), expected, "{pattern} {tool}");
    }
}

/// Another wiring of the same call may be quicker, and it may name no profile.
#[test]
fn a_call_that_another_wiring_let_pass_is_judged_by_the_profile() {
    let host = FakeHost::default();
    let answer = |profile: Option<&str>, id: &str| {
        let args = Args {
            event: "PreToolUse".to_owned(),
            given: Given {
                config: Some("/config".to_owned()),
                state: Some("/state".to_owned()),
                home: Some("/home/dev".to_owned()),
                ..Given::default()
            },
            profile: profile.map(str::to_owned),
        };
        let payload = format!(
            r#"{{"hook_event_name":"PreToolUse","session_id":"s","cwd":"/home/dev/project",
                "tool_name":"Bash","tool_use_id":"{id}","tool_input":{{"command":"touch x"}}}}"#
        );
        run(&args, &host, Ok(payload.into_bytes())).exit
    };
    assert_eq!(answer(None, "t1"), 0);
    assert_eq!(answer(Some("read-only"), "t1"), 2);
    // What the profile refused stays refused, whoever asks.
    assert_eq!(answer(None, "t1"), 2);
    assert_eq!(answer(Some("none"), "t2"), 0);
    assert_eq!(answer(Some("readonly"), "t3"), 2);
}
