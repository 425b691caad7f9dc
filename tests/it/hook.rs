//! Owns the start of one hook process: wiring arguments, payloads, what was answered. Does not own what
//! the answer should be. Invariant: the process sees only the directories of its `Scratch`.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::house::{WIRED, root};
use crate::scratch::{Scratch, hookbin_path};

/// The session of every payload.
pub(crate) const SESSION: &str = "5e551011-0000-4000-8000-000000000001";

/// What a hook process answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) took: Duration,
}

impl Answer {
    /// The call is refused in a way that every client honours: exit 2, a reason on stderr, and on stdout
    /// nothing or one whole deny.
    #[track_caller]
    pub(crate) fn denies(&self) -> &Self {
        assert_eq!(self.status.code(), Some(2), "{self:#?}");
        assert!(!self.stderr.trim().is_empty(), "no reason: {self:#?}");
        if let Some(answer) = self.json() {
            let output = &answer["hookSpecificOutput"];
            assert_eq!(output["hookEventName"], "PreToolUse", "{self:#?}");
            assert_eq!(output["permissionDecision"], "deny", "{self:#?}");
        }
        self
    }

    /// The reason on stderr holds these words.
    #[track_caller]
    pub(crate) fn because(&self, words: &str) -> &Self {
        assert!(self.stderr.contains(words), "no {words:?}: {self:#?}");
        self
    }

    /// No opinion: exit 0 and an empty stdout.
    #[track_caller]
    pub(crate) fn is_silent(&self) -> &Self {
        assert_eq!(self.status.code(), Some(0), "{self:#?}");
        assert_eq!(self.stdout, "", "{self:#?}");
        self
    }

    /// Nothing is stopped, whatever is said: exit 0, and on stdout nothing that blocks.
    #[track_caller]
    pub(crate) fn stops_nothing(&self) -> &Self {
        assert_eq!(self.status.code(), Some(0), "{self:#?}");
        if self.stdout.starts_with('{') {
            let answer = self.json().unwrap_or_default();
            let blocks = answer["decision"] == "block" || answer["continue"] == false;
            assert!(!blocks, "{self:#?}");
        }
        self
    }

    /// The object on stdout; `None` where stdout is empty.
    #[track_caller]
    pub(crate) fn json(&self) -> Option<Value> {
        if self.stdout.is_empty() {
            return None;
        }
        let parsed: Result<Value, _> = serde_json::from_str(&self.stdout);
        Some(parsed.unwrap_or_else(|error| panic!("stdout is not one object: {error}: {self:#?}")))
    }
}

impl Scratch {
    /// The arguments of a wired hook: the event and the three directories.
    pub(crate) fn hook_args(&self, event: &str) -> Vec<String> {
        let mut args = vec!["hook".to_owned()];
        args.extend((!event.is_empty()).then(|| event.to_owned()));
        for (name, folder) in [
            ("--config-dir", "config"),
            ("--state-dir", "state"),
            ("--home", "home"),
        ] {
            args.extend([name.to_owned(), self.text(folder)]);
        }
        args
    }

    /// The wired command of an event.
    pub(crate) fn hook(&self, event: &str) -> Command {
        let mut command = self.command(&hookbin_path());
        command.args(self.hook_args(event));
        command
    }

    /// The same command started by a shell that runs `setup` first, for limits and closed streams.
    pub(crate) fn hook_under(&self, setup: &str, redirect: &str, event: &str) -> Command {
        let mut command = self.command(Path::new("bash"));
        let script = format!("{setup} exec \"$@\" {redirect}");
        command.args(["-c", &script, "bash"]).arg(hookbin_path());
        command.args(self.hook_args(event));
        command
    }

    /// A PreToolUse payload of a Bash call.
    pub(crate) fn bash(&self, id: &str, command: &str) -> Value {
        self.payload("PreToolUse", "Bash", id, &json!({"command": command}))
    }

    /// A payload of a tool event.
    pub(crate) fn payload(&self, event: &str, tool: &str, id: &str, input: &Value) -> Value {
        json!({
            "session_id": SESSION,
            "transcript_path": self.text("home/transcript.jsonl"),
            "cwd": self.text("project"),
            "permission_mode": "default",
            "hook_event_name": event,
            "tool_name": tool,
            "tool_input": input,
            "tool_use_id": id,
        })
    }

    /// A payload of an event that guards nothing.
    pub(crate) fn lifecycle(&self, event: &str) -> Value {
        let mut payload = self.payload(event, "", "", &json!({}));
        let fields = payload.as_object_mut().expect("an object");
        for name in ["tool_name", "tool_input", "tool_use_id"] {
            fields.remove(name);
        }
        fields.insert("stop_hook_active".to_owned(), json!(false));
        payload
    }

    /// Every recorded event of the client, and a bare one of every wired kind.
    pub(crate) fn every_event(&self) -> Vec<Value> {
        let recorded = fs::read_dir(root().join("fixtures/events")).expect("fixtures");
        let mut events: Vec<Value> = recorded
            .map(|it| fs::read_to_string(it.expect("an entry").path()).expect("a fixture"))
            .map(|it| serde_json::from_str(&it).expect("a fixture is JSON"))
            .collect();
        events.extend(WIRED.iter().map(|it| self.lifecycle(it)));
        events
    }

    /// Runs the wired hook of an event on these bytes.
    pub(crate) fn answer(&self, event: &str, stdin: impl AsRef<[u8]>) -> Answer {
        feed(&mut self.hook(event), stdin.as_ref())
    }

    /// Runs the PreToolUse hook on a Bash call.
    pub(crate) fn judge(&self, command: &str) -> Answer {
        self.answer("PreToolUse", self.bash("toolu_1", command).to_string())
    }
}

/// Starts a command, writes all of stdin and waits. A process that does not read is no failure here.
pub(crate) fn feed(command: &mut Command, stdin: &[u8]) -> Answer {
    let started = Instant::now();
    let mut child = start(command);
    let mut pipe = child.stdin.take().expect("a piped stdin");
    thread::scope(|scope| {
        scope.spawn(move || pipe.write_all(stdin));
        finish(child, started)
    })
}

/// Starts a command and keeps its stdin open until it ends, after writing `stdin` to it.
pub(crate) fn feed_forever(command: &mut Command, stdin: &[u8]) -> Answer {
    let started = Instant::now();
    let mut child = start(command);
    let mut pipe = child.stdin.take().expect("a piped stdin");
    pipe.write_all(stdin).expect("a small write into a pipe");
    let answer = finish(child, started);
    drop(pipe);
    answer
}

/// Starts a command with all streams piped; those that the command redirected itself stay as they are.
pub(crate) fn start(command: &mut Command) -> Child {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the hook starts")
}

/// Collects what a process answers and how it ends.
pub(crate) fn finish(mut child: Child, started: Instant) -> Answer {
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let (mut out, mut err) = (child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        scope.spawn(|| out.as_mut().map(|it| it.read_to_end(&mut stdout)));
        scope.spawn(|| err.as_mut().map(|it| it.read_to_end(&mut stderr)));
    });
    let status = child.wait().expect("a child can be waited for");
    Answer {
        status,
        stdout: String::from_utf8(stdout).expect("stdout is UTF-8"),
        stderr: String::from_utf8(stderr).expect("stderr is UTF-8"),
        took: started.elapsed(),
    }
}
