//! Owns the run of the real client: a fluent description of a session, hookbin installed into it by its
//! own command, the client against the scripted API, and what came out. Does not own what is expected
//! (`client`). Invariants: a run is bounded in time, at most two run at once, and where no client is
//! installed a run is reported as not made, never as passed in CI.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Condvar, Mutex, Once};

use serde_json::{Value, json};

use crate::api::{Api, Script, Turn};
use crate::scratch::Scratch;

/// A change to one settings entry.
type Rewire = Box<dyn Fn(&mut Value)>;

/// A session to be run: files, policy, turns, wiring.
pub(crate) struct Client {
    pub(crate) scratch: Scratch,
    scripts: Vec<Script>,
    turns: Vec<Turn>,
    prompt: String,
    args: Vec<String>,
    wired: Vec<&'static str>,
    rewire: Option<Rewire>,
    mcp: bool,
    env: Vec<(&'static str, String)>,
}

impl Client {
    /// A session with permissions bypassed and hookbin wired into the project.
    pub(crate) fn new() -> Self {
        Self {
            scratch: Scratch::new(),
            scripts: Vec::new(),
            turns: Vec::new(),
            prompt: "go".to_owned(),
            args: vec!["--dangerously-skip-permissions".to_owned()],
            wired: vec!["--project"],
            rewire: None,
            mcp: false,
            env: Vec::new(),
        }
    }

    /// A file in the project.
    pub(crate) fn file(self, relative: &str, content: &str) -> Self {
        self.scratch.write(&format!("project/{relative}"), content);
        self
    }

    /// A file in the home directory.
    pub(crate) fn home_file(self, relative: &str, content: &str) -> Self {
        self.scratch.write(&format!("home/{relative}"), content);
        self
    }

    /// The project's policy.
    pub(crate) fn policy(self, text: &str) -> Self {
        self.file(".claude/hookbin.toml", text)
    }

    /// The user's policy.
    pub(crate) fn user_policy(self, text: &str) -> Self {
        self.home_file(".config/hookbin/config.toml", text)
    }

    /// The next turn of the main agent.
    pub(crate) fn turn(mut self, turn: Turn) -> Self {
        self.turns.push(turn);
        self
    }

    /// The turns of a subagent whose prompt contains `marker`.
    pub(crate) fn subagent(mut self, marker: &str, turns: Vec<Turn>) -> Self {
        self.scripts.push(Script {
            marker: marker.to_owned(),
            turns,
        });
        self
    }

    pub(crate) fn prompt(mut self, text: &str) -> Self {
        text.clone_into(&mut self.prompt);
        self
    }

    /// The client's arguments in place of `--dangerously-skip-permissions`.
    pub(crate) fn args(mut self, args: &[&str]) -> Self {
        self.args = args.iter().map(|&it| it.to_owned()).collect();
        self
    }

    /// Wires the user's settings instead of the project's.
    pub(crate) fn wired_for_the_user(mut self) -> Self {
        self.wired = vec!["--user"];
        self
    }

    /// Wires the user's settings too.
    pub(crate) fn also_wired_for_the_user(mut self) -> Self {
        self.wired.push("--user");
        self
    }

    /// Changes every PreToolUse entry of the project's settings after the installation.
    pub(crate) fn rewired(mut self, change: impl Fn(&mut Value) + 'static) -> Self {
        self.rewire = Some(Box::new(change));
        self
    }

    /// A variable that the client inherits.
    pub(crate) fn env(mut self, name: &'static str, value: &str) -> Self {
        self.env.push((name, value.to_owned()));
        self
    }

    /// Connects the MCP server `store`.
    pub(crate) fn with_mcp(mut self) -> Self {
        self.mcp = true;
        self
    }

    /// Runs the session. `None` where no client is installed, which only a developer's run may survive.
    pub(crate) fn run(mut self) -> Option<Run> {
        let program = installed_client()?;
        for place in &self.wired {
            let output = self.scratch.hookbin(&["install", place]);
            assert!(output.status.success(), "install {place}: {output:?}");
        }
        self.change_wiring();
        self.scripts.push(Script {
            marker: String::new(),
            turns: std::mem::take(&mut self.turns),
        });
        let api = Api::start(std::mem::take(&mut self.scripts));
        let _permit = Permit::acquire();
        let exit = self.start(&program, &api);
        Some(Run::collect(self.scratch, &api, exit))
    }

    fn change_wiring(&self) {
        let Some(change) = &self.rewire else { return };
        let file = "project/.claude/settings.json";
        let text = self
            .scratch
            .read(file)
            .expect("settings written by install");
        let mut settings: Value = serde_json::from_str(&text).expect("settings are JSON");
        let groups = settings["hooks"]["PreToolUse"].as_array_mut();
        for group in groups.expect("PreToolUse is wired") {
            for entry in group["hooks"].as_array_mut().expect("a list of entries") {
                change(entry);
            }
        }
        self.scratch.write(file, &settings.to_string());
    }

    /// Starts the client under a time limit and returns its exit code.
    fn start(&self, program: &Path, api: &Api) -> Option<i32> {
        let create = |name| File::create(self.scratch.path(name)).expect("an output file");
        let mut command = self.scratch.command(Path::new("timeout"));
        command
            .args(["-k", "5", "120"])
            .arg(program)
            .args([
                "-p",
                &self.prompt,
                "--output-format",
                "stream-json",
                "--verbose",
            ])
            .args(&self.args);
        if self.mcp {
            let url = format!("http://127.0.0.1:{}/mcp", api.port);
            let servers = json!({"mcpServers": {"store": {"type": "http", "url": url}}});
            command.args(["--strict-mcp-config", "--mcp-config", &servers.to_string()]);
        }
        command
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .env("TERM", "xterm")
            .env("IS_SANDBOX", "1")
            .env("DISABLE_AUTOUPDATER", "1")
            .env("CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1")
            .env("DISABLE_TELEMETRY", "1")
            .env("DISABLE_ERROR_REPORTING", "1")
            .env("ANTHROPIC_API_KEY", "not-a-key")
            .env(
                "ANTHROPIC_BASE_URL",
                format!("http://127.0.0.1:{}", api.port),
            )
            .stdin(Stdio::null())
            .stdout(create("stdout"))
            .stderr(create("stderr"));
        command.status().expect("the client starts").code()
    }
}

/// What the model was told about one tool call.
#[derive(Clone, Debug)]
pub(crate) struct ToolResult {
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) is_error: bool,
}

/// A finished session.
pub(crate) struct Run {
    pub(crate) scratch: Scratch,
    pub(crate) exit: Option<i32>,
    /// What the model saw, by tool_use_id.
    pub(crate) results: Vec<ToolResult>,
    /// What the client told the user about hooks.
    pub(crate) notices: Vec<String>,
    /// The arguments that reached the MCP tool.
    pub(crate) mcp_calls: Vec<Value>,
    /// Every request to the model as one text.
    pub(crate) requests: String,
}

impl Run {
    fn collect(scratch: Scratch, api: &Api, exit: Option<i32>) -> Self {
        let stdout = scratch.read("stdout").unwrap_or_default();
        let lines = stdout
            .lines()
            .filter_map(|it| serde_json::from_str::<Value>(it).ok());
        let notices = lines
            .filter(|it| it["subtype"] == "informational")
            .map(|it| it["content"].to_string())
            .collect();
        let mut results: Vec<ToolResult> = Vec::new();
        for request in api.requests() {
            for message in array(&request["messages"]) {
                for block in array(&message["content"]) {
                    let result = tool_result(block);
                    let seen = |it: &ToolResult| results.iter().any(|old| old.id == it.id);
                    results.extend(result.filter(|it| !seen(it)));
                }
            }
        }
        results.sort_by(|left, right| left.id.cmp(&right.id));
        Self {
            scratch,
            exit,
            results,
            notices,
            mcp_calls: api.mcp_calls(),
            requests: api.requests().iter().map(Value::to_string).collect(),
        }
    }

    /// The result of the `number`th tool call of the session, counted from 1.
    #[track_caller]
    pub(crate) fn result(&self, number: usize) -> &ToolResult {
        let id = format!("toolu_{number:06}");
        let found = self.results.iter().find(|it| it.id == id);
        found.unwrap_or_else(|| panic!("no result of {id}: {}", self.trace()))
    }

    /// The call was refused and the reason holds these words.
    #[track_caller]
    pub(crate) fn refused(&self, number: usize, words: &str) -> &Self {
        let result = self.result(number);
        let told = result.is_error && result.text.contains(words);
        assert!(told, "expected a refusal with {words:?}: {}", self.trace());
        self
    }

    /// The call ran and its result holds these words.
    #[track_caller]
    pub(crate) fn ran(&self, number: usize, words: &str) -> &Self {
        let result = self.result(number);
        let told = !result.is_error && result.text.contains(words);
        assert!(told, "expected a result with {words:?}: {}", self.trace());
        self
    }

    /// The file in the project has this content; `None` means that it is absent.
    #[track_caller]
    pub(crate) fn file(&self, relative: &str, content: Option<&str>) -> &Self {
        let found = self.scratch.read(&format!("project/{relative}"));
        assert_eq!(found.as_deref(), content, "{relative}: {}", self.trace());
        self
    }

    /// The records of one event and call, after the chain was verified.
    #[track_caller]
    pub(crate) fn records(&self, event: &str, number: usize) -> Vec<Value> {
        let verified = self.scratch.hookbin(&["audit", "verify"]);
        assert!(verified.status.success(), "audit verify: {verified:?}");
        let id = format!("toolu_{number:06}");
        let all = audit_records(&self.scratch);
        let wanted = |it: &Value| field(it, "event") == event && field(it, "tool_use_id") == id;
        all.into_iter().filter(wanted).collect()
    }

    /// The call has exactly one record of its judgement, with this decision.
    #[track_caller]
    pub(crate) fn recorded(&self, number: usize, decision: &str) -> &Self {
        let records = self.records("PreToolUse", number);
        let decisions: Vec<Value> = records.iter().map(|it| field(it, "decision")).collect();
        assert_eq!(decisions, [decision], "{records:#?}: {}", self.trace());
        self
    }

    /// Everything a failed assertion should show.
    fn trace(&self) -> String {
        let output = |name| self.scratch.read(name).unwrap_or_default();
        let (stdout, stderr) = (output("stdout"), output("stderr"));
        let tail: Vec<&str> = stdout.lines().rev().take(6).collect();
        format!(
            "\nexit: {:?}\nresults: {:#?}\nnotices: {:#?}\nstderr: {stderr}\nlast lines: {tail:#?}",
            self.exit, self.results, self.notices
        )
    }
}

/// Lists every record, not just the latest.
pub(crate) const LIST_ALL: [&str; 5] = ["audit", "list", "--json", "--limit", "1000000"];

/// All records of the session's audit.
fn audit_records(scratch: &Scratch) -> Vec<Value> {
    let output = scratch.hookbin(&LIST_ALL);
    assert!(output.status.success(), "audit list: {output:?}");
    json_records(&output.stdout)
}

/// The records in the output of `audit list --json`.
pub(crate) fn json_records(output: &[u8]) -> Vec<Value> {
    serde_json::Deserializer::from_slice(output)
        .into_iter::<Value>()
        .flat_map(|it| match it.expect("audit list prints JSON") {
            Value::Array(records) => records,
            record => vec![record],
        })
        .collect()
}

/// A field of a record, wherever the record keeps its content.
pub(crate) fn field(record: &Value, name: &str) -> Value {
    let inner = [record, &record["record"], &record["content"]];
    let found = inner.iter().find_map(|it| it.get(name));
    found.cloned().unwrap_or(Value::Null)
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn tool_result(block: &Value) -> Option<ToolResult> {
    if block["type"] != "tool_result" {
        return None;
    }
    let text = match &block["content"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Some(ToolResult {
        id: block["tool_use_id"].as_str()?.to_owned(),
        text,
        is_error: block["is_error"] == true,
    })
}

/// The client's executable. Absent, a developer is told once and the test makes no claim; in CI it is a
/// failure.
fn installed_client() -> Option<PathBuf> {
    static TOLD: Once = Once::new();
    let default = "/.cache/client/node_modules/@anthropic-ai/claude-code-linux-x64/claude";
    let path = std::env::var_os("HOOKBIN_TEST_CLIENT").map_or_else(
        || PathBuf::from(format!("{}{default}", env!("CARGO_MANIFEST_DIR"))),
        PathBuf::from,
    );
    if path.is_file() {
        return Some(path);
    }
    let missing = format!("the real client is not installed at {}", path.display());
    assert!(
        std::env::var_os("CI").is_none(),
        "{missing}; .ci/run installs it"
    );
    // Not eprintln: the test harness would swallow it.
    TOLD.call_once(|| {
        let text =
            format!("\nNOT RUN: the tests of the real client: {missing}; .ci/run installs it\n");
        let _ = std::io::stderr().write_all(text.as_bytes());
    });
    None
}

/// One of two places: a client takes a core for seconds, and waiting clients miss their time limits.
struct Permit;

static RUNNING: Mutex<usize> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

impl Permit {
    fn acquire() -> Self {
        let count = RUNNING.lock().expect("no panic under the lock");
        let free = FREED.wait_while(count, |it| *it >= 2);
        *free.expect("no panic under the lock") += 1;
        Self
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        if let Ok(mut count) = RUNNING.lock() {
            *count -= 1;
        }
        FREED.notify_one();
    }
}
