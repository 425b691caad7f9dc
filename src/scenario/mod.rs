//! Owns scenarios: fixture files that describe an invented machine, a policy and steps, and the runner
//! that feeds them through the real pipeline in-process. Shared by `hookbin test` and `cargo test`.
//! Invariant: a scenario sees exactly what a hook process would see, and nothing of this machine.

mod source;

use serde_json::{Value, json};

use crate::dirs::Given;
use crate::guard::blob_id;
use crate::hook::{self, Args};
use crate::host::Host;
use crate::host::fake::FakeHost;
use crate::verdict::Decision;

pub use source::{Commands, Scenario, Step};

/// Home, project and hookbin's directories of every scenario.
pub const HOME: &str = "/home/dev";
pub const PROJECT: &str = "/home/dev/project";
const CONFIG: &str = "/home/dev/.config/hookbin";
const STATE: &str = "/home/dev/.local/state/hookbin";
const MANAGED: &str = "/etc/hookbin";

/// One expectation that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    /// Which step: its number and command or tool.
    pub step: String,
    /// What was expected and what came, each on a line of its own.
    pub wanted: String,
    pub came: String,
}

/// What running one scenario gave.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub steps: usize,
    pub mismatches: Vec<Mismatch>,
}

/// Runs a scenario on a machine of its own.
pub fn run(scenario: &Scenario) -> Outcome {
    let host = machine(scenario);
    let mut outcome = Outcome::default();
    for (index, step) in scenario.steps.iter().enumerate() {
        outcome.steps += 1;
        let name = format!("step {}: {}", index + 1, step.title());
        let mut mismatch = |(wanted, came)| {
            outcome.mismatches.push(Mismatch {
                step: name.clone(),
                wanted,
                came,
            });
        };
        let times = step.times.unwrap_or(1);
        for number in 1..=times {
            let step = step.repetition(number);
            host.advance(step.wait);
            let id = if times == 1 {
                format!("{index:06}")
            } else {
                format!("{index:06}_{number}")
            };
            let answer = Answer::of_call(&host, scenario, &step, &id);
            if number == times {
                let records = records(&host);
                let found = compare(&step, &answer, records).chain(compare_files(&step, &host));
                found.for_each(&mut mismatch);
            } else if step.decision != answer.decision.word() {
                mismatch((step.decision, format!("{number}: {}", answer.told())));
                break;
            }
        }
    }
    for commands in &scenario.commands {
        for (index, line) in commands.lines.iter().enumerate() {
            outcome.steps += 1;
            let host = machine(scenario);
            let step = Step {
                tool: commands.tool.clone(),
                ..Step::command(line, &commands.decision, &commands.rule)
            };
            let id = format!("{index:06}");
            let answer = Answer::of(&host, scenario, &payload(&step, &id), step.event());
            let found = compare(&step, &answer, 0);
            outcome
                .mismatches
                .extend(found.map(|(wanted, came)| Mismatch {
                    step: line.clone(),
                    wanted,
                    came,
                }));
        }
    }
    outcome
}

/// The decision and message of one Bash command on the invented machine, standard preset.
pub fn judge_command(command: &str) -> (Decision, String) {
    let scenario = Scenario::default();
    let host = machine(&scenario);
    let step = Step::command(command, "pass", "");
    let answer = Answer::of(&host, &scenario, &payload(&step, "0"), step.event());
    (answer.decision, answer.reason + &answer.context)
}

/// The answer of the pipeline, read back from the wire.
struct Answer {
    decision: Decision,
    reason: String,
    context: String,
    stdout: String,
    exit: u8,
    ends: bool,
}

impl Answer {
    /// The answers to a call and to what comes of it, as one.
    fn of_call(host: &dyn Host, scenario: &Scenario, step: &Step, id: &str) -> Self {
        let mut answer = Self::of(host, scenario, &payload(step, id), step.event());
        let Some((event, field, value)) = step.outcome() else {
            return answer;
        };
        if answer.decision == Decision::Deny {
            return answer;
        }
        let mut ran = step.clone();
        ran.event = Some(event.to_owned());
        ran.fields.insert(field.to_owned(), value);
        let later = Self::of(host, scenario, &payload(&ran, id), event);
        if !later.context.is_empty() {
            answer.context.push('\n');
            answer.context.push_str(&later.context);
        }
        answer.stdout.push_str(&later.stdout);
        answer.ends |= later.ends;
        answer
    }

    /// What it says, for people.
    fn told(&self) -> String {
        format!("{} {}{}", self.decision.word(), self.reason, self.context)
    }

    fn of(host: &dyn Host, scenario: &Scenario, payload: &str, event: &str) -> Self {
        let given = Given {
            config: Some(CONFIG.to_owned()),
            state: Some(STATE.to_owned()),
            home: Some(HOME.to_owned()),
            ..Given::default()
        };
        let args = Args {
            event: event.to_owned(),
            given,
            profile: scenario.profile.clone(),
        };
        let input = scenario.stdin.clone().unwrap_or_else(|| payload.to_owned());
        let response = hook::run(&args, host, Ok(input.into_bytes()));
        let value: Value = serde_json::from_str(&response.stdout).unwrap_or_default();
        let specific = value.get("hookSpecificOutput").cloned().unwrap_or_default();
        let text = |value: &Value, key: &str| {
            value
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let blocked = text(&value, "decision") == "block";
        let permission = text(&specific, "permissionDecision");
        let context = text(&specific, "additionalContext");
        let decision = match permission.as_str() {
            "deny" => Decision::Deny,
            "ask" => Decision::Ask,
            _ if blocked || response.exit == 2 => Decision::Deny,
            _ if context.contains("warning from") => Decision::Warn,
            _ => Decision::Pass,
        };
        let reason = text(&specific, "permissionDecisionReason") + &text(&value, "reason");
        Self {
            decision,
            reason,
            context,
            ends: value.get("continue") == Some(&Value::Bool(false)),
            stdout: response.stdout,
            exit: response.exit,
        }
    }
}

/// Compares a step's expectations with the answer; yields (wanted, came) for each that does not hold.
fn compare(
    step: &Step,
    answer: &Answer,
    records: usize,
) -> impl Iterator<Item = (String, String)> + use<> {
    let mut found = Vec::new();
    let mut expect = |holds: bool, wanted: String, came: String| {
        if !holds {
            found.push((wanted, came));
        }
    };
    let told = || answer.told();
    expect(
        step.decision == answer.decision.word(),
        step.decision.clone(),
        told(),
    );
    let said = format!("{}\n{}", answer.reason, answer.context);
    let by = |rule: &str| {
        said.contains(&format!("by {rule}:")) || said.contains(&format!("from {rule}:"))
    };
    expect(
        step.rule.is_empty() || by(&step.rule),
        format!("rule {}", step.rule),
        told(),
    );
    expect(
        said.contains(&step.reason),
        format!("reason with `{}`", step.reason),
        told(),
    );
    expect(
        answer.context.contains(&step.context),
        format!("context with `{}`", step.context),
        answer.context.clone(),
    );
    if let Some(exit) = step.exit {
        expect(
            exit == answer.exit,
            format!("exit {exit}"),
            format!("exit {}", answer.exit),
        );
    }
    if let Some(stdout) = &step.stdout {
        expect(
            *stdout == answer.stdout,
            stdout.clone(),
            answer.stdout.clone(),
        );
    }
    if let Some(ends) = step.ends {
        expect(ends == answer.ends, format!("ends = {ends}"), told());
    }
    if let Some(wanted) = step.records {
        expect(
            wanted == records,
            format!("{wanted} records"),
            format!("{records} records"),
        );
    }
    found.into_iter()
}

/// Compares the files of the machine with those a step expects.
fn compare_files<'a>(
    step: &'a Step,
    host: &'a FakeHost,
) -> impl Iterator<Item = (String, String)> + 'a {
    let held = step.files.iter().filter_map(|(path, part)| {
        let text = host.text(&absolute(path));
        let holds = text.as_deref().is_some_and(|it| it.contains(part));
        let came = || text.unwrap_or_else(|| "no such file".to_owned());
        (!holds).then(|| (format!("{path} with `{part}`"), came()))
    });
    let gone = step.gone.iter().filter_map(|path| {
        let text = host.text(&absolute(path))?;
        Some((format!("no {path}"), text))
    });
    held.chain(gone)
}

/// The invented machine of a scenario.
fn machine(scenario: &Scenario) -> FakeHost {
    let host = FakeHost::new();
    for dir in [PROJECT, CONFIG, "/tmp", "/etc", "/usr/bin"] {
        host.add_dir(dir);
    }
    for (path, content) in &scenario.files {
        host.add_file(&absolute(path), content.as_bytes());
    }
    for (path, target) in &scenario.links {
        host.add_link(&absolute(path), target);
    }
    if !scenario.tracked.is_empty() {
        host.add_file(&absolute(".git/index"), index(&host, &scenario.tracked));
    }
    host.set_env("HOME", HOME);
    host.set_env("CLAUDE_PROJECT_DIR", PROJECT);
    for (name, value) in &scenario.env {
        host.set_env(name, value);
    }
    for (text, path) in [
        (&scenario.policy.user, format!("{CONFIG}/config.toml")),
        (
            &scenario.policy.project,
            format!("{PROJECT}/.claude/hookbin.toml"),
        ),
        (&scenario.policy.managed, format!("{MANAGED}/config.toml")),
    ] {
        if !text.is_empty() {
            host.add_file(&path, text.as_bytes());
        }
    }
    host
}

/// The index of a repository that has these files as they are.
fn index(host: &FakeHost, tracked: &[String]) -> Vec<u8> {
    let mut index = b"DIRC\0\0\0\x02".to_vec();
    for path in tracked {
        let content = host.file(&absolute(path)).unwrap_or_default();
        index.extend(blob_id(&content));
        index.extend_from_slice(b"\0\0");
        index.extend_from_slice(path.as_bytes());
        index.push(0);
    }
    index
}

fn absolute(path: &str) -> String {
    match path.strip_prefix("~/") {
        Some(rest) => format!("{HOME}/{rest}"),
        None if path.starts_with('/') => path.to_owned(),
        None => format!("{PROJECT}/{path}"),
    }
}

/// The event of a step as the client would send it.
fn payload(step: &Step, number: &str) -> String {
    if let Some(payload) = &step.payload {
        return payload.clone();
    }
    let mut value = json!({
        "session_id": "scenario",
        "transcript_path": "",
        "cwd": step.cwd.clone().unwrap_or_else(|| PROJECT.to_owned()),
        "permission_mode": step.permission_mode.clone().unwrap_or_else(|| "default".to_owned()),
        "hook_event_name": step.event(),
    });
    let id = step.id.clone().unwrap_or_else(|| format!("toolu_{number}"));
    let tool_events = [
        "PreToolUse",
        "PostToolUse",
        "PostToolUseFailure",
        "PermissionRequest",
    ];
    if let Some(fields) = value.as_object_mut() {
        if tool_events.contains(&step.event()) {
            fields.insert("tool_name".to_owned(), json!(step.tool()));
            fields.insert("tool_input".to_owned(), step.input());
            fields.insert("tool_use_id".to_owned(), json!(id));
        }
        if let Some(agent) = &step.agent {
            fields.insert("agent_id".to_owned(), json!(agent));
        }
        if let Some(text) = &step.invalid {
            let call = json!({"tool_name": step.tool(), "tool_input": step.input(),
                "tool_use_id": id, "tool_response": format!("<tool_use_error>{text}</tool_use_error>")});
            fields.insert("tool_calls".to_owned(), json!([call]));
        }
        for (name, extra) in &step.fields {
            fields.insert(name.clone(), extra.clone());
        }
    }
    value.to_string()
}

/// How many audit records the machine holds.
fn records(host: &FakeHost) -> usize {
    let dir = format!("{STATE}/audit");
    let names = host.list(&dir).unwrap_or_default();
    names
        .iter()
        .filter(|name| name.starts_with('0'))
        .filter_map(|name| host.read(&format!("{dir}/{name}"), SEGMENT_LIMIT).ok())
        .map(|bytes| bytes.split(|it| *it == b'\n').count().saturating_sub(1))
        .sum()
}

/// More than a segment of the chain can hold.
const SEGMENT_LIMIT: usize = 64 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_not_as_expected_are_mismatches() {
        let text = r#"
            title = "t"
            [files]
            "a" = "one"
            [[step]]
            command = "ls"
            decision = "pass"
            files = { "a" = "one", "~/b" = "" }
            gone = ["a", "c"]
        "#;
        let outcome = run(&Scenario::parse(text).unwrap());
        let wanted: Vec<&str> = outcome
            .mismatches
            .iter()
            .map(|it| it.wanted.as_str())
            .collect();
        assert_eq!(wanted, ["~/b with ``", "no a"]);
    }
}
