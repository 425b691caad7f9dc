//! Owns what must be true of a session of the real client with hookbin installed: what is refused does
//! not happen, what is ordinary is not disturbed, and a broken hookbin stops the call. Does not own the
//! running (`rig`, `api`). Invariant: each test is one session; home is a temporary directory.

use serde_json::json;

use crate::api::Turn;
use crate::rig::{Client, Run, field};

const PROTECT: &str = "[paths]\nprotect = [\"secret/**\"]\n";

/// A project with a protected file and a home with something to lose.
fn protected() -> Client {
    Client::new().policy(PROTECT).file("secret/key", "old\n")
}

fn home_with_a_letter() -> Client {
    Client::new().home_file("letter", "dear\n")
}

#[track_caller]
fn letter_is_there(run: &Run) {
    assert!(run.scratch.exists("home/letter"), "the home was emptied");
}

#[test]
fn recursive_delete_of_home_is_refused_with_the_reason() {
    let client = home_with_a_letter()
        .turn(Turn::bash("rm -rf ~"))
        // The client has a check of its own for the first, but none for this.
        .turn(Turn::bash("find ~ -delete"));
    let Some(run) = client.run() else { return };
    for number in [1, 2] {
        run.refused(number, "denied by").recorded(number, "deny");
        // No outcome, and nothing that says that it ran.
        for event in ["PostToolUse", "PostToolUseFailure", "PostToolBatch"] {
            let records = run.records(event, number);
            assert!(records.is_empty(), "{event}: {records:#?}");
        }
    }
    letter_is_there(&run);
}

#[test]
fn write_to_a_protected_path_is_refused() {
    let client = protected();
    let path = client.scratch.text("project/secret/new");
    let client = client.turn(Turn::tool(
        "Write",
        json!({"file_path": path, "content": "x"}),
    ));
    let Some(run) = client.run() else { return };
    run.refused(1, "denied by").file("secret/new", None);
    run.recorded(1, "deny");
}

#[test]
fn edit_of_a_protected_path_is_refused() {
    let client = protected();
    let path = client.scratch.text("project/secret/key");
    let input = json!({"file_path": path, "old_string": "old", "new_string": "new"});
    // The client refuses to edit what it has not read; a mention reads without a tool call.
    let client = client
        .prompt("look at @secret/key")
        .turn(Turn::tool("Edit", input));
    let Some(run) = client.run() else { return };
    run.refused(1, "denied by")
        .file("secret/key", Some("old\n"));
    run.recorded(1, "deny");
}

#[test]
fn read_of_a_protected_path_is_refused() {
    let client = protected();
    let path = client.scratch.text("project/secret/key");
    let client = client.turn(Turn::tool("Read", json!({"file_path": path})));
    let Some(run) = client.run() else { return };
    run.refused(1, "denied by").recorded(1, "deny");
}

#[test]
fn shell_access_to_a_protected_path_is_refused() {
    let client = protected()
        .turn(Turn::bash("echo new > secret/key"))
        .turn(Turn::bash("sed -i s/old/new/ ./secret/../secret/key"))
        .turn(Turn::bash("cd secret && rm key"));
    let Some(run) = client.run() else { return };
    for number in 1..=3 {
        run.refused(number, "denied by").recorded(number, "deny");
    }
    run.file("secret/key", Some("old\n"));
}

#[test]
fn ask_is_a_refusal_where_nobody_can_answer() {
    let client = Client::new()
        .file("work", "unsaved\n")
        .args(&["--allowedTools", "Bash"])
        .turn(Turn::bash("touch allowed"))
        .turn(Turn::bash("git reset --hard && touch ran"));
    let Some(run) = client.run() else { return };
    run.ran(1, "").file("allowed", Some("")).recorded(1, "pass");
    run.refused(2, "asked by")
        .file("ran", None)
        .recorded(2, "ask");
}

#[test]
fn ask_of_weight_is_a_deny_where_permissions_are_bypassed() {
    let client = Client::new().turn(Turn::bash("git reset --hard && touch ran"));
    let Some(run) = client.run() else { return };
    run.refused(1, "denied by")
        .file("ran", None)
        .recorded(1, "deny");
}

#[test]
fn ordinary_calls_run_in_silence() {
    let commands = [
        "ls -la",
        "git status || true",
        "echo building && printf '%s\\n' done",
        "for it in a b; do echo \"$it\"; done | sort | head -1",
        "test -f Cargo.toml || echo no cargo here",
    ];
    let client = commands
        .into_iter()
        .fold(Client::new(), |client, it| client.turn(Turn::bash(it)));
    let path = client.scratch.text("project/notes.txt");
    let write = Turn::tool("Write", json!({"file_path": path, "content": "a note\n"}));
    let Some(run) = client.turn(write).run() else {
        return;
    };
    for number in 1..=6 {
        run.ran(number, "").recorded(number, "pass");
        assert_eq!(
            run.records("PostToolUse", number).len(),
            1,
            "outcome of {number}"
        );
    }
    run.file("notes.txt", Some("a note\n"));
    let told: Vec<_> = run
        .notices
        .iter()
        .filter(|it| it.contains("hookbin"))
        .collect();
    assert!(told.is_empty(), "{told:?}");
}

#[test]
fn dangerous_text_that_is_data_is_allowed() {
    let commands = [
        "git commit -m \"rm -rf /\" || true",
        "grep -r \"rm -rf ~\" . || true",
        "echo 'rm -rf /'",
        "# rm -rf ~\necho after a comment",
        "cat <<'END'\nrm -rf ~\nEND",
    ];
    let client = home_with_a_letter();
    let client = commands
        .into_iter()
        .fold(client, |client, it| client.turn(Turn::bash(it)));
    let Some(run) = client.run() else { return };
    for number in 1..=commands.len() {
        run.ran(number, "").recorded(number, "pass");
    }
    letter_is_there(&run);
}

#[test]
fn one_of_five_parallel_calls_is_refused() {
    let bash = |command: &str| json!({"command": command, "description": "a step"});
    let turn = Turn::bash("echo one")
        .and("Bash", bash("echo two"))
        .and("Bash", bash("rm -rf ~"))
        .and("Bash", bash("echo four"))
        .and("Bash", bash("echo five"));
    let Some(run) = home_with_a_letter().turn(turn).run() else {
        return;
    };
    run.ran(1, "one")
        .ran(2, "two")
        .ran(4, "four")
        .ran(5, "five");
    run.refused(3, "denied by");
    for number in 1..=5 {
        run.recorded(number, if number == 3 { "deny" } else { "pass" });
    }
    letter_is_there(&run);
}

#[test]
fn call_of_a_subagent_is_refused() {
    let agent = json!({"description": "tidy up", "prompt": "tidy the house",
        "subagent_type": "general-purpose", "run_in_background": false});
    let client = home_with_a_letter()
        .subagent(
            "tidy the house",
            vec![Turn::bash("rm -rf ~"), Turn::bash("echo tidy")],
        )
        .turn(Turn::tool("Agent", agent));
    let Some(run) = client.run() else { return };
    run.refused(2, "denied by")
        .ran(3, "tidy")
        .recorded(2, "deny");
    let record = run.records("PreToolUse", 2).remove(0);
    assert!(
        !field(&record, "agent")
            .as_str()
            .unwrap_or_default()
            .is_empty(),
        "{record}"
    );
    letter_is_there(&run);
}

/// A harmless call does not run where the wired program is replaced by `program` (a path below the
/// temporary directory).
#[track_caller]
fn check_broken_guard(script: Option<&str>) {
    let client = Client::new().turn(Turn::bash("touch ran"));
    let program = client.scratch.text("guard");
    if let Some(text) = script {
        client.scratch.write_program("guard", text);
    }
    let client = client.rewired(move |entry| {
        entry["command"] = json!(program);
        entry["timeout"] = json!(2);
    });
    let Some(run) = client.run() else { return };
    run.refused(1, "").file("ran", None);
}

#[test]
fn missing_executable_stops_the_call() {
    check_broken_guard(None);
}

#[test]
fn crashing_executable_stops_the_call() {
    check_broken_guard(Some("#!/bin/sh\necho oops >&2\nexit 101\n"));
}

#[test]
fn killed_executable_stops_the_call() {
    check_broken_guard(Some("#!/bin/sh\nkill -9 $$\n"));
}

#[test]
fn hanging_executable_stops_the_call() {
    check_broken_guard(Some("#!/bin/sh\nexec sleep 30\n"));
}

/// The guard stays where a script changes the settings in mid-session. Which file it changes stands in
/// another file: no reading of the script can tell.
#[track_caller]
fn check_settings_changed(settings: &str, script: &str) {
    let script = format!("f=$(cat place)\n{script}\nsleep 4\necho tidied\n");
    let client = home_with_a_letter()
        .file("place", settings)
        .file("tidy.sh", &script)
        .turn(Turn::bash("sh tidy.sh"))
        .turn(Turn::bash("sleep 1; echo next"))
        .turn(Turn::bash("find ~ -delete"));
    let Some(run) = client.run() else { return };
    run.ran(1, "tidied").ran(2, "next");
    run.refused(3, "denied by").recorded(3, "deny");
    letter_is_there(&run);
}

#[test]
fn settings_emptied_in_mid_session_do_not_remove_the_guard() {
    check_settings_changed(".claude/settings.json", "printf '{}' > \"$f\"");
}

#[test]
fn settings_deleted_in_mid_session_do_not_remove_the_guard() {
    check_settings_changed(".claude/settings.json", "rm \"$f\"");
}

#[test]
fn hooks_disabled_in_mid_session_do_not_remove_the_guard() {
    let off = "printf '{\"disableAllHooks\": true}' > \"$f\"";
    check_settings_changed(".claude/settings.local.json", off);
}

#[test]
fn emptying_the_settings_is_refused() {
    let client = Client::new()
        .turn(Turn::bash("echo '{}' > .claude/settings.json"))
        .turn(Turn::bash("hookbin uninstall --project"));
    let Some(run) = client.run() else { return };
    run.refused(1, "denied by").refused(2, "denied by");
    let settings = run.scratch.read("project/.claude/settings.json");
    assert!(
        settings.is_some_and(|it| it.contains("PreToolUse")),
        "the wiring is gone"
    );
}

#[test]
fn wiring_for_the_user_guards_a_project_that_says_nothing() {
    let client = home_with_a_letter()
        .wired_for_the_user()
        .turn(Turn::bash("echo ordinary"))
        .turn(Turn::bash("find ~ -delete"))
        .turn(Turn::bash("printf '{}' > ~/.claude/settings.json"));
    let Some(run) = client.run() else { return };
    assert!(!run.scratch.exists("project/.claude/settings.json"));
    run.ran(1, "ordinary").recorded(1, "pass");
    run.refused(2, "denied by").recorded(2, "deny");
    run.refused(3, "denied by").recorded(3, "deny");
    letter_is_there(&run);
}

#[test]
fn wiring_for_project_and_user_counts_once() {
    let client = home_with_a_letter()
        .also_wired_for_the_user()
        .turn(Turn::bash("echo twice"))
        .turn(Turn::bash("rm -rf ~"));
    let Some(run) = client.run() else { return };
    run.ran(1, "twice").recorded(1, "pass");
    run.refused(2, "denied by").recorded(2, "deny");
    assert_eq!(
        run.records("PostToolUse", 1).len(),
        1,
        "the outcome is recorded once"
    );
    letter_is_there(&run);
}

#[test]
fn broken_policy_stops_every_call_and_names_the_line() {
    let client = Client::new()
        .policy("[paths]\nprotect = [\n")
        .turn(Turn::bash("touch ran"));
    let Some(run) = client.run() else { return };
    run.refused(1, "hookbin.toml:").file("ran", None);
}

#[test]
fn mcp_call_on_a_protected_path_is_refused() {
    let write = |path: &str| {
        Turn::tool(
            "mcp__store__write_file",
            json!({"path": path, "content": "x"}),
        )
    };
    let client = protected()
        .with_mcp()
        .turn(write("notes"))
        .turn(write("secret/key"));
    let Some(run) = client.run() else { return };
    run.ran(1, "stored").recorded(1, "pass");
    run.refused(2, "denied by").recorded(2, "deny");
    assert_eq!(run.mcp_calls, [json!({"path": "notes", "content": "x"})]);
}

#[test]
fn observe_mode_stops_nothing_and_records() {
    let client = protected()
        .user_policy("mode = \"observe\"\n")
        .turn(Turn::bash("echo new > secret/key"));
    let Some(run) = client.run() else { return };
    run.ran(1, "").file("secret/key", Some("new\n"));
    let record = run.records("PreToolUse", 1).remove(0);
    assert!(
        field(&record, "note")
            .as_str()
            .is_some_and(|it| it.starts_with("observed severity:")),
        "{record}"
    );
    assert_eq!(field(&record, "decision"), "deny", "{record}");
}
