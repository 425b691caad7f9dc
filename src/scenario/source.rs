//! Owns the file format of scenarios. Unknown keys are refused: a misspelt expectation would never fail.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};

/// One scenario file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scenario {
    /// The behaviour it shows.
    pub title: String,
    /// Files of the machine: path (absolute, `~/…` or below the project) to content.
    pub files: BTreeMap<String, String>,
    /// Symlinks: path to target.
    pub links: BTreeMap<String, String>,
    /// Those of the files that git has as they are.
    pub tracked: Vec<String>,
    pub env: BTreeMap<String, String>,
    pub policy: Layers,
    /// The profile of tools that the wiring names.
    pub profile: Option<String>,
    /// Raw stdin for every step, instead of the events built from the steps.
    pub stdin: Option<String>,
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
    pub commands: Vec<Commands>,
}

impl Scenario {
    /// Parses a scenario file. The error names line and column.
    pub fn parse(text: &str) -> Result<Self, String> {
        let scenario: Self = toml::from_str(text).map_err(|error| error.to_string())?;
        if scenario.steps.is_empty() && scenario.commands.is_empty() {
            return Err("a scenario needs a [[step]] or [[commands]]".to_owned());
        }
        let decisions = scenario.steps.iter().map(|it| &it.decision);
        for word in decisions.chain(scenario.commands.iter().map(|it| &it.decision)) {
            if crate::verdict::Decision::parse(word).is_none() {
                return Err(format!(
                    "`{word}` is no decision: use pass, warn, ask or deny"
                ));
            }
        }
        Ok(scenario)
    }
}

/// The policy files of the machine.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Layers {
    pub user: String,
    pub project: String,
    pub managed: String,
}

/// Commands that must all get the same decision, each on a fresh machine.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commands {
    pub decision: String,
    #[serde(default)]
    pub rule: String,
    /// The tool that is given them: Bash, or PowerShell.
    pub tool: Option<String>,
    pub lines: Vec<String>,
}

/// One event and what must come of it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Step {
    /// Shell text of a Bash call.
    pub command: Option<String>,
    pub tool: Option<String>,
    pub input: Option<Value>,
    pub event: Option<String>,
    /// The whole event as JSON text.
    pub payload: Option<String>,
    /// Fields beside the common ones.
    pub fields: BTreeMap<String, Value>,
    pub id: Option<String>,
    pub cwd: Option<String>,
    pub permission_mode: Option<String>,
    /// The subagent that acts.
    pub agent: Option<String>,
    /// Seconds that pass before it.
    pub wait: i64,
    /// How often it comes, once where absent; `{n}` in its texts is the number of the repetition. What is
    /// expected beside the decision is expected of the last.
    pub times: Option<usize>,
    /// Where the call is not refused it runs, and this is what it prints or fails with.
    pub output: Option<String>,
    pub error: Option<String>,
    /// The client refuses the call itself for its input: only a batch shows it, with this text.
    pub invalid: Option<String>,

    pub decision: String,
    pub rule: String,
    pub reason: String,
    pub context: String,
    pub exit: Option<u8>,
    /// Whether the turn ends.
    pub ends: Option<bool>,
    pub stdout: Option<String>,
    pub records: Option<usize>,
    /// What stands in files afterwards: path to a part of its text.
    pub files: BTreeMap<String, String>,
    /// Files that are not there afterwards.
    pub gone: Vec<String>,
}

impl Step {
    /// A Bash call with an expected decision and, where not empty, rule.
    pub fn command(command: &str, decision: &str, rule: &str) -> Self {
        Self {
            command: Some(command.to_owned()),
            decision: decision.to_owned(),
            rule: rule.to_owned(),
            ..Self::default()
        }
    }

    /// The name of the event.
    pub fn event(&self) -> &str {
        let usual = if self.invalid.is_some() {
            "PostToolBatch"
        } else {
            "PreToolUse"
        };
        self.event.as_deref().unwrap_or(usual)
    }

    /// One repetition of the step.
    pub(super) fn repetition(&self, number: usize) -> Self {
        let number = number.to_string();
        let filled = |text: &Option<String>| text.as_ref().map(|it| it.replace("{n}", &number));
        let input = self.input.as_ref().map(|it| {
            let text = it.to_string().replace("{n}", &number);
            serde_json::from_str(&text).unwrap_or_default()
        });
        Self {
            command: filled(&self.command),
            output: filled(&self.output),
            error: filled(&self.error),
            invalid: filled(&self.invalid),
            input,
            ..self.clone()
        }
    }

    /// What comes of the call where it runs: the event and its fields.
    pub(super) fn outcome(&self) -> Option<(&'static str, &'static str, Value)> {
        if let Some(error) = &self.error {
            return Some(("PostToolUseFailure", "error", json!(error)));
        }
        let output = self.output.as_ref()?;
        let response = json!({ "stdout": output, "stderr": "", "interrupted": false });
        Some(("PostToolUse", "tool_response", response))
    }

    /// The name of the tool.
    pub fn tool(&self) -> &str {
        self.tool.as_deref().unwrap_or("Bash")
    }

    /// The tool's input.
    pub fn input(&self) -> Value {
        match (&self.input, &self.command) {
            (Some(input), _) => input.clone(),
            (None, Some(command)) => json!({ "command": command }),
            (None, None) => json!({}),
        }
    }

    /// A name for people.
    pub fn title(&self) -> String {
        match &self.command {
            Some(command) => command.clone(),
            None => format!("{} {}", self.event(), self.tool()),
        }
    }
}
