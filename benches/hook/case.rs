//! Owns the events that are measured and the directories they are judged in. Invariant: a case is a whole
//! wired call on a real project and state; what it must answer is part of it.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use crate::build::Build;
use crate::spawn::Runner;

/// The event that the targets are about.
pub(crate) const REFERENCE: &str = "a script, 566 bytes of event";

/// Two scripts of twenty calls: no rule is about the programs of the first, many are about the second.
pub(crate) const PLAIN: &str = "twenty plain calls";
pub(crate) const SUSPICIOUS: &str = "twenty suspicious calls, none of them stopped";

/// The length of that event in bytes.
const REFERENCE_BYTES: usize = 566;

/// Eight digits that differ from call to call.
const ID: &str = "toolu_00000000";

const PLAIN_CALLS: [&str; 20] = [
    "seq 1 20",
    "basename src/lib.rs",
    "dirname src/lib.rs",
    "uniq -c counts.txt",
    "cut -d, -f2 rows.csv",
    "paste left.txt right.txt",
    "comm -12 left.txt right.txt",
    "nl src/lib.rs",
    "fold -w 80 notes.md",
    "expand -t 4 Makefile",
    "tac build.log",
    "join left.txt right.txt",
    "cksum Cargo.lock",
    "wc -l src/lib.rs",
    "head -20 notes.md",
    "stat Cargo.toml",
    "sleep 1",
    "date -u",
    "uname -s",
    "whoami",
];

const SUSPICIOUS_CALLS: [&str; 20] = [
    "rm -rf target",
    "git push origin feature/guard",
    "git reset --soft HEAD~1",
    "curl -s http://localhost:8080/health",
    "chmod +x run.sh",
    "dd if=a.bin of=b.bin bs=1k",
    "kill 4242",
    "find . -name '*.pyc'",
    "docker run --rm alpine true",
    "kubectl get pods",
    "terraform plan",
    "aws s3 ls",
    "psql -c 'select 1'",
    "ssh build uptime",
    "npm install left-pad",
    "python3 -c 'print(1)'",
    "base64 -d data.txt",
    "tar -xzf a.tgz -C tmp",
    "mv a.txt b.txt",
    "git commit -m 'rm -rf /'",
];

/// A temporary directory with a project, homes, states and the inputs of the cases.
pub(crate) struct Workplace {
    root: PathBuf,
}

/// One event with its wiring and its answer.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    event: &'static str,
    stdin: PathBuf,
    id_offset: Option<u64>,
    /// Calls of different cases in one session differ by where their numbers start.
    first_id: u32,
    config: PathBuf,
    state: PathBuf,
    home: PathBuf,
    project: PathBuf,
    expected: i32,
}

impl Case {
    pub(crate) fn runner(&self, build: &Build) -> Runner {
        let mut args = vec!["hook".to_owned(), self.event.to_owned()];
        for (name, path) in [
            ("--config-dir", &self.config),
            ("--state-dir", &self.state),
            ("--home", &self.home),
        ] {
            args.extend([name.to_owned(), path.display().to_string()]);
        }
        Runner {
            name: self.name.to_owned(),
            program: build.hookbin().to_owned(),
            args,
            home: self.home.clone(),
            project: self.project.clone(),
            stdin: self.stdin.clone(),
            id_offset: self.id_offset,
            next_id: self.first_id,
            expected: self.expected,
        }
    }
}

impl Workplace {
    pub(crate) fn create() -> Result<Self> {
        let root = std::env::temp_dir().join(format!("hookbin-bench-{}", std::process::id()));
        for folder in ["p/.git", "home", "state", "config", "config-400/rules"] {
            fs::create_dir_all(root.join(folder))?;
        }
        fs::write(root.join("p/.git/HEAD"), "ref: refs/heads/main\n")?;
        for part in 0..4 {
            let file = root.join(format!("config-400/rules/part-{part}.toml"));
            fs::write(file, user_rules(part)?)?;
        }
        Ok(Self { root })
    }

    /// The ordinary events, the reference among them.
    pub(crate) fn events(&self) -> Result<Vec<Case>> {
        let large = "let total = items.iter().map(|it| it.price * it.count).sum::<u64>();\n";
        let large = large.repeat(100_000 / large.len());
        let file = self.root.join("p/src/lib.rs");
        let write = json!({"file_path": file, "content": large});
        let mut read = self.call("PostToolUse", "Bash", &json!({"command": "cat src/lib.rs"}));
        read["tool_response"] = json!({"stdout": large, "stderr": "", "interrupted": false});
        let mut stop = self.call("Stop", "", &json!({}));
        stop["stop_hook_active"] = json!(false);
        let mut rules = self.case("ls -la, 400 user rules", 5, &self.bash("ls -la"))?;
        rules.config = self.root.join("config-400");
        Ok(vec![
            self.case("ls -la", 1, &self.bash("ls -la"))?,
            self.case(REFERENCE, 2, &self.reference())?,
            Case {
                expected: 2,
                ..self.case("a denied command", 3, &self.bash("rm -rf ~"))?
            },
            self.case(
                "a Write of 100 KB",
                4,
                &self.call("PreToolUse", "Write", &write),
            )?,
            rules,
            self.case("an outcome of 100 KB", 6, &read)?,
            self.case("a lifecycle event", 7, &stop)?,
            self.case(PLAIN, 8, &self.bash(&PLAIN_CALLS.join("; ")))?,
            self.case(SUSPICIOUS, 9, &self.bash(&SUSPICIOUS_CALLS.join("; ")))?,
        ])
    }

    /// The same kind of script in four lengths, the longest within the limit of program starts that one
    /// call may hold (4096): past it a call is refused.
    pub(crate) fn sizes(&self) -> Result<Vec<Case>> {
        let work = "for it in src/*.rs; do sed -n 1,20p \"$it\" | grep -c fn; done; echo";
        let line = format!("{work} '{}'\n", "counted ".repeat(115));
        let script = |bytes: usize| line.repeat(bytes / line.len());
        Ok(vec![
            self.case("a script of 1 KB", 10, &self.bash(&script(1_000)))?,
            self.case("a script of 10 KB", 11, &self.bash(&script(10_000)))?,
            self.case("a script of 100 KB", 12, &self.bash(&script(100_000)))?,
            self.case("a script of 1 MB", 13, &self.bash(&script(1_000_000)))?,
        ])
    }

    /// `ls -la` where nothing was remembered or recorded before.
    pub(crate) fn fresh(&self) -> Result<Case> {
        let state = self.root.join("state-fresh");
        let case = self.case("ls -la, on a fresh state", 20, &self.bash("ls -la"))?;
        Ok(Case { state, ..case })
    }

    /// `ls -la` on the state that every other case writes to.
    pub(crate) fn filled(&self) -> Result<Case> {
        self.case(
            "ls -la, on the state of all these events",
            21,
            &self.bash("ls -la"),
        )
    }

    /// The cases whose instructions are counted.
    pub(crate) fn counted(&self) -> Result<Vec<Case>> {
        Ok(vec![
            self.case("ls -la", 30, &self.bash("ls -la"))?,
            self.case(REFERENCE, 31, &self.reference())?,
            Case {
                expected: 2,
                ..self.case("a denied command", 32, &self.bash("rm -rf ~"))?
            },
        ])
    }

    fn bash(&self, command: &str) -> Value {
        self.call("PreToolUse", "Bash", &json!({"command": command}))
    }

    /// A script as agents write it, padded to the reference length by the text it prints.
    fn reference(&self) -> Value {
        let script = |text: &str| {
            let script =
                "for it in src/*.rs; do sed -i 's/foo/bar/' \"$it\"; done && cargo test --quiet";
            self.bash(&format!(
                "{script} 2>&1 | tail -20 | grep -v warning; echo '{text}'"
            ))
        };
        let missing = REFERENCE_BYTES.saturating_sub(script("").to_string().len());
        script(&"x".repeat(missing))
    }

    fn call(&self, event: &str, tool: &str, input: &Value) -> Value {
        json!({
            // A session whose calls never come back has no rate.
            "session_id": if event == "PreToolUse" { "bench" } else { "bench-outcomes" },
            "transcript_path": "/dev/null",
            "cwd": self.root.join("p"),
            "permission_mode": "default",
            "hook_event_name": event,
            "tool_name": tool,
            "tool_input": input,
            "tool_use_id": ID,
        })
    }

    fn case(&self, name: &'static str, number: u32, payload: &Value) -> Result<Case> {
        let event = payload["hook_event_name"].as_str().unwrap_or_default();
        let known = ["PreToolUse", "PostToolUse", "Stop"];
        let event = known
            .into_iter()
            .find(|it| *it == event)
            .context("a known event")?;
        let text = payload.to_string();
        let stdin = self.root.join(format!("event-{number}.json"));
        fs::write(&stdin, &text)?;
        let digits = text.find(ID).map(|it| it + "toolu_".len());
        Ok(Case {
            name,
            event,
            stdin,
            id_offset: digits.map(u64::try_from).transpose()?,
            first_id: number * 100_000,
            config: self.root.join("config"),
            state: self.root.join("state"),
            home: self.root.join("home"),
            project: self.root.join("p"),
            expected: 0,
        })
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// A pack of a hundred rules about programs that nobody runs.
fn user_rules(part: u32) -> Result<String> {
    let mut text =
        format!("[pack]\nid = \"bench-{part}\"\nguard = \"bash\"\ntitle = \"Measured rules\"\n");
    for number in 0..100 {
        let program = format!("tool-{part}-{number}");
        write!(
            text,
            r#"
[[rule]]
id = "bench-{part}-wipe-{number}"
title = "a wipe"
severity = "high"
decision = "ask"
status = "stable"
since = "0.1.0"
why = "It wipes what it is given."
instead = "Name what is to go."
false_positives = ["none"]
references = ["https://example.org/"]
match = {{ program = "{program}", subcommand = "wipe", any_flag = ["--all"] }}
hit = ["{program} wipe --all", "sudo {program} wipe --all now"]
miss = ["{program} wipe one", "echo {program} wipe --all"]
"#
        )?;
    }
    Ok(text)
}
