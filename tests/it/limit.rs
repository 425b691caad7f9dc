//! Owns what the real client makes of limits: a repeated failure stops running, the model is told at each
//! stage, the run ends by itself, and of several agents only the one that spins. Does not own what counts as a
//! failure (`fixtures/scenarios/limit`).

use serde_json::{Value, json};

use crate::api::Turn;
use crate::rig::{Client, Run};

/// Calls of the model that would go on for ever.
const ATTEMPTS: u32 = 9;

/// A call that fails in the same way each time, with another temporary name.
fn failing(number: u32) -> Turn {
    let name = number.wrapping_mul(2_654_435_761);
    Turn::bash(&format!("cat /nonexistent-{name:08x}"))
}

#[track_caller]
fn told(run: &Run, words: &str) {
    assert!(
        run.requests.contains(words),
        "the model was not told: {words}"
    );
}

/// The report of a run that was ended, as JSON.
#[track_caller]
fn report(run: &Run) -> Value {
    let folder = run.scratch.path("home/.local/state/hookbin/reports");
    let entries = std::fs::read_dir(&folder).expect("a directory of reports");
    let mut names: Vec<_> = entries.map(|it| it.expect("an entry").path()).collect();
    names.retain(|it| it.extension().is_some_and(|it| it == "json"));
    assert_eq!(names.len(), 1, "{names:?}");
    let text = std::fs::read_to_string(&names[0]).expect("a report");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn failure_that_is_repeated_runs_three_times_and_then_the_run_ends() {
    let client = (0..ATTEMPTS).fold(Client::new(), |client, it| client.turn(failing(it)));
    let Some(run) = client.run() else { return };
    for number in 1..=3 {
        let result = run.result(number);
        assert!(
            result.is_error && result.text.contains("No such file"),
            "{}",
            result.text
        );
        run.recorded(number, "pass");
    }
    run.refused(4, "limit-breaker").refused(5, "limit-breaker");
    run.recorded(6, "deny");
    assert!(run.records("PreToolUse", 7).is_empty(), "the run went on");
    told(&run, "this failed 2 times in the same way (not-found)");
    told(&run, "is refused from now on");
    let report = report(&run).to_string();
    for words in ["limit-refusals", "No such file", "nonexistent"] {
        assert!(report.contains(words), "{words}: {report}");
    }
    let status = run.scratch.hookbin(&["ci", "check"]);
    assert_eq!(status.status.code(), Some(1), "{status:?}");
}

#[test]
fn edit_whose_text_is_never_found_ends_the_run() {
    let client = Client::new().file("a.txt", "hello\n");
    let path = client.scratch.text("project/a.txt");
    let edit = json!({"file_path": path, "old_string": "NOPE", "new_string": "bye"});
    let client = client.turn(Turn::tool("Read", json!({"file_path": path})));
    let client = (0..ATTEMPTS).fold(client, |client, _| {
        client.turn(Turn::tool("Edit", edit.clone()))
    });
    let Some(run) = client.run() else { return };
    told(&run, "this failed 2 times");
    told(&run, "is refused from now on");
    assert!(
        run.results.len() <= 7,
        "the run went on: {}",
        run.results.len()
    );
    assert!(
        report(&run)
            .to_string()
            .contains("String to replace not found")
    );
    run.file("a.txt", Some("hello\n"));
}

#[test]
fn seventy_quick_calls_are_sixty_and_the_run_goes_on() {
    let turn = |from: u32| {
        let bash = |number: u32| json!({"command": format!("echo {number}"), "description": "x"});
        (from + 1..from + 10).fold(Turn::tool("Bash", bash(from)), |turn, it| {
            turn.and("Bash", bash(it))
        })
    };
    let client = Client::new().file("notes.txt", "text\n");
    let path = client.scratch.text("project/notes.txt");
    let client = (0..7).fold(client, |client, it| client.turn(turn(it * 10)));
    let client = client.turn(Turn::tool("Read", json!({"file_path": path})));
    let Some(run) = client.run() else { return };
    let refused = run
        .results
        .iter()
        .filter(|it| it.text.contains("limit-rate"))
        .count();
    assert_eq!(refused, 10);
    told(&run, "seconds, with fewer and larger calls");
    assert_eq!(run.records("PreToolUse", 71).len(), 1, "the run ended");
}

#[test]
fn the_201st_call_since_the_prompt_ends_an_unattended_run() {
    let mut client = Client::new().user_policy("preset = 'unattended'\n");
    for number in 0..10 {
        client = client.file(&format!("f{number}.txt"), &format!("text {number}\n"));
    }
    let paths: Vec<_> = (0..10)
        .map(|it| client.scratch.text(&format!("project/f{it}.txt")))
        .collect();
    let turn = || {
        let read = |path: &String| json!({"file_path": path});
        paths[1..]
            .iter()
            .fold(Turn::tool("Read", read(&paths[0])), |turn, it| {
                turn.and("Read", read(it))
            })
    };
    let client = (0..22).fold(client, |client, _| client.turn(turn()));
    let Some(run) = client.run() else { return };
    run.recorded(200, "pass").recorded(201, "deny");
    told(&run, "160 of 200 tool calls since the last prompt are used");
    assert!(run.records("PreToolUse", 211).is_empty(), "the run went on");
    assert!(report(&run).to_string().contains("limit-steps-prompt"));
}

#[test]
fn subagent_that_spins_is_ended_and_the_main_agent_goes_on() {
    let agent = json!({"description": "look", "prompt": "look for the file",
        "subagent_type": "general-purpose", "run_in_background": false});
    let client = Client::new()
        .subagent("look for the file", (0..ATTEMPTS).map(failing).collect())
        .turn(Turn::tool("Agent", agent))
        .turn(Turn::bash("echo main went on"));
    let Some(run) = client.run() else { return };
    let refused = run
        .results
        .iter()
        .filter(|it| it.text.contains("limit-breaker"))
        .count();
    assert_eq!(refused, 2);
    let went_on = |it: &crate::rig::ToolResult| it.text.contains("main went on");
    assert!(
        run.results.iter().any(went_on),
        "the main agent was ended too"
    );
    assert!(report(&run).to_string().contains("No such file"));
}
