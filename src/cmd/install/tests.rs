use std::cell::RefCell;
use std::io;

use serde_json::{Value, json};

use super::*;
use crate::cmd::paint::Paint;
use crate::cmd::tests::NoEngine;
use crate::host::fake::FakeHost;
use crate::host::process::{Answer, Machine};
use crate::host::{Ancestor, Dirs, Host as _};

const USER: &str = "/home/dev/.claude/settings.json";
const PROJECT: &str = "/home/dev/proj/.claude/settings.json";

/// How the wired program behaves, and what was asked of it.
struct FakeMachine {
    answer: fn(&Value) -> io::Result<Answer>,
    calls: RefCell<Vec<(String, Vec<String>, Value)>>,
    directories: RefCell<Vec<String>>,
}

/// A machine whose wired program also records what it judged.
struct Recording<'a> {
    bench: &'a Bench,
    decision: &'a str,
    note: &'a str,
}

impl Machine for Recording<'_> {
    fn run(&self, program: &str, args: &[String], stdin: &[u8]) -> io::Result<Answer> {
        let bench = self.bench;
        let answer = bench.machine.run(program, args, stdin);
        let payload: Value = serde_json::from_slice(stdin).unwrap();
        let record = crate::audit::Record {
            tool_use_id: payload["tool_use_id"].as_str().unwrap().to_owned(),
            decision: self.decision.to_owned(),
            note: self.note.to_owned(),
            ..crate::audit::Record::default()
        };
        crate::audit::append(&bench.host, &bench.dirs, &record, false).unwrap();
        answer
    }

    fn set_mode(&self, path: &str, mode: u32) -> io::Result<()> {
        self.bench.machine.set_mode(path, mode)
    }

    fn private_directory(&self, path: &str) -> io::Result<()> {
        self.bench.machine.private_directory(path)
    }
}

impl Machine for FakeMachine {
    fn run(&self, program: &str, args: &[String], stdin: &[u8]) -> io::Result<Answer> {
        let payload: Value = serde_json::from_slice(stdin).unwrap();
        let answer = (self.answer)(&payload);
        let call = (program.to_owned(), args.to_vec(), payload);
        self.calls.borrow_mut().push(call);
        answer
    }

    fn set_mode(&self, _path: &str, _mode: u32) -> io::Result<()> {
        Ok(())
    }

    fn private_directory(&self, path: &str) -> io::Result<()> {
        self.directories.borrow_mut().push(path.to_owned());
        Ok(())
    }
}

fn refusal() -> Answer {
    let answer = json!({"hookSpecificOutput": {"hookEventName": "PreToolUse",
        "permissionDecision": "deny", "permissionDecisionReason": "denied by home-delete: all is lost."}});
    (2, answer.to_string().into_bytes(), b"denied".to_vec())
}

/// A machine in memory on which commands are run.
struct Bench {
    host: FakeHost,
    machine: FakeMachine,
    dirs: Dirs,
    project: String,
}

impl Bench {
    fn new() -> Self {
        let host = FakeHost::new();
        host.add_file("/opt/hookbin", "program");
        host.add_dir("/home/dev/proj/.git");
        let dirs = Dirs {
            config: "/home/dev/.config/hookbin".to_owned(),
            state: "/home/dev/.local/state/hookbin".to_owned(),
            managed: "/etc/hookbin".to_owned(),
            home: "/home/dev".to_owned(),
            executable: "/opt/hookbin".to_owned(),
            link: String::new(),
        };
        let machine = FakeMachine {
            answer: |_| Ok(refusal()),
            calls: RefCell::default(),
            directories: RefCell::default(),
        };
        Self {
            host,
            machine,
            dirs,
            project: "/home/dev/proj".to_owned(),
        }
    }

    /// Runs a command line; exit code (2 for an error) and everything printed.
    fn run(&self, line: &str) -> (u8, String) {
        self.run_on(&self.machine, line)
    }

    fn run_on(&self, machine: &dyn Machine, line: &str) -> (u8, String) {
        use clap::Parser as _;
        let words = std::iter::once("hookbin").chain(line.split(' '));
        let cli = crate::cli::Cli::try_parse_from(words).unwrap();
        let world = World {
            host: &self.host,
            machine,
            engine: &NoEngine,
            dirs: &self.dirs,
            cwd: "/home/dev/proj",
            project: &self.project,
            paint: Paint::PLAIN,
        };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = crate::cmd::run(&cli, &world, &mut out, &mut err);
        out.extend(err);
        (code, String::from_utf8(out).unwrap())
    }

    #[track_caller]
    fn check(&self, line: &str, code: u8, says: &[&str]) -> String {
        let (found, text) = self.run(line);
        assert_eq!(found, code, "{text}");
        for it in says {
            assert!(text.contains(it), "{it:?} is not in:\n{text}");
        }
        text
    }
}

#[test]
fn a_fresh_machine_is_wired_and_proven() {
    let bench = Bench::new();
    bench.check(
        "install",
        0,
        &[
            "installed",
            USER,
            "is refused: denied by home-delete",
            "self-check",
        ],
    );
    let text = bench.host.text(USER).unwrap();
    let settings: Value = serde_json::from_str(&text).unwrap();
    let handler = &settings["hooks"]["PreToolUse"][0]["hooks"][0];
    let wanted = json!({"type": "command", "command": "/opt/hookbin", "timeout": 10, "onFailure": "block",
        "args": ["hook", "PreToolUse", "--config-dir", "/home/dev/.config/hookbin",
            "--state-dir", "/home/dev/.local/state/hookbin", "--home", "/home/dev"]});
    assert_eq!(handler, &wanted);
    assert!(settings::inspect(text.as_bytes()).unwrap().guards());
    assert_eq!(bench.host.metadata(USER).unwrap().mode & 0o777, 0o600);
    assert_eq!(
        *bench.machine.directories.borrow(),
        [bench.dirs.config.clone(), bench.dirs.state.clone()]
    );
    let calls = bench.machine.calls.borrow();
    let (program, args, payload) = &calls[0];
    assert_eq!(
        (program.as_str(), json!(args)),
        ("/opt/hookbin", wanted["args"].clone())
    );
    assert_eq!(payload["tool_input"]["command"], "rm -rf ~");
}

#[test]
fn twice_is_once() {
    let bench = Bench::new();
    bench.check("install --user", 0, &[]);
    let first = bench.host.text(USER);
    bench.check("install --user", 0, &["already, in", "is refused"]);
    assert_eq!(bench.host.text(USER), first);
    let calls = bench.machine.calls.borrow();
    assert_ne!(
        calls[0].2["tool_use_id"], calls[1].2["tool_use_id"],
        "no stored verdict answers"
    );
    let installed = bench.host.text("/home/dev/.local/state/hookbin/installed");
    assert_eq!(installed.as_deref(), Some(USER));
}

#[test]
fn the_bytes_come_back() {
    let odd = "\u{feff}{\r\n\t\"model\" : \"opus\",\r\n\t\"hooks\": { }\r\n}";
    for text in [
        "{}",
        "{ }\n",
        "{\"a\":1}",
        odd,
        "{\n  \"permissions\": {\"allow\": []}\n}\n",
    ] {
        let bench = Bench::new();
        bench.host.add_file(USER, text);
        bench.check("install", 0, &["backup"]);
        assert_ne!(bench.host.text(USER).unwrap(), text);
        assert_eq!(
            bench
                .host
                .text("/home/dev/.claude/settings.json.hookbin-backup")
                .unwrap(),
            text
        );
        bench.check("uninstall", 0, &["removed", "kept"]);
        assert_eq!(bench.host.text(USER).unwrap(), text);
        let left: Vec<String> = bench
            .host
            .files()
            .into_iter()
            .filter(|it| it.contains(".claude/"))
            .collect();
        assert_eq!(left, [USER]);
        assert_eq!(
            bench
                .host
                .text("/home/dev/.local/state/hookbin/installed")
                .as_deref(),
            Some("")
        );
    }
}

#[test]
fn a_file_that_was_ours_alone_goes() {
    let bench = Bench::new();
    bench.check(
        "install --local",
        0,
        &["/home/dev/proj/.claude/settings.local.json"],
    );
    bench.check("uninstall --local", 0, &["which held nothing else"]);
    assert_eq!(
        bench
            .host
            .text("/home/dev/proj/.claude/settings.local.json"),
        None
    );
    bench.check("uninstall --local", 0, &["there is no"]);
}

#[test]
fn what_the_user_changed_since_stays() {
    let bench = Bench::new();
    bench.host.add_file(USER, "{\n  \"model\": \"opus\"\n}\n");
    bench.check("install", 0, &[]);
    let text = bench.host.text(USER).unwrap().replace("opus", "haiku");
    bench.host.add_file(USER, text);
    bench.check("uninstall", 0, &["backup", "kept:"]);
    assert_eq!(
        bench.host.text(USER).unwrap(),
        "{\n  \"model\": \"haiku\"\n}\n"
    );
    bench.check("uninstall", 0, &["holds nothing of hookbin"]);
    bench.check("install", 0, &["backup"]);
    bench.check("uninstall", 0, &[]);
    assert_eq!(
        bench.host.text(USER).unwrap(),
        "{\n  \"model\": \"haiku\"\n}\n"
    );
}

#[test]
fn a_stale_backup_with_our_entries_brings_nothing_back() {
    let bench = Bench::new();
    bench.check("install", 0, &[]);
    let with = bench.host.text(USER).unwrap();
    bench
        .host
        .add_file("/home/dev/.claude/settings.json.hookbin-backup", with);
    bench.check("uninstall", 0, &["removed"]);
    assert!(
        !bench
            .host
            .text(USER)
            .unwrap_or_default()
            .contains("hookbin")
    );
}

#[test]
fn a_shared_file_carries_no_paths() {
    let bench = Bench::new();
    bench.check("install --project", 0, &[PROJECT, "hookbin ("]);
    let text = bench.host.text(PROJECT).unwrap();
    assert!(
        !text.contains("/home/dev") && !text.contains("/opt"),
        "{text}"
    );
    assert!(text.contains("\"args\": [\"hook\", \"PreToolUse\"]"));
    assert_eq!(bench.host.metadata(PROJECT).unwrap().mode & 0o777, 0o644);
    assert_eq!(bench.machine.calls.borrow()[0].0, "hookbin");
}

#[test]
fn a_dry_run_writes_nothing() {
    let bench = Bench::new();
    bench.host.add_file(USER, "{\n  \"model\": \"opus\"\n}\n");
    let before = bench.host.files();
    let diff = bench.check(
        "install --dry-run",
        0,
        &["@@ -1,3 +1,", "-  \"model\": \"opus\"\n", "+  \"hooks\": {"],
    );
    assert!(diff.starts_with(&format!("--- {USER}\n+++ {USER}\n")));
    assert_eq!(bench.host.files(), before);
    assert_eq!(
        bench.host.text(USER).unwrap(),
        "{\n  \"model\": \"opus\"\n}\n"
    );
    assert!(
        bench.machine.calls.borrow().is_empty() && bench.machine.directories.borrow().is_empty()
    );
    bench.check("install", 0, &[]);
    let with = bench.host.text(USER);
    bench.check("install --dry-run", 0, &[]);
    bench.check("uninstall --dry-run", 0, &["-  \"hooks\": {"]);
    assert_eq!(bench.host.text(USER), with);
}

#[test]
fn a_linked_settings_file_stays_a_link() {
    let bench = Bench::new();
    bench
        .host
        .add_file("/home/dev/dotfiles/claude.json", "{}\n");
    bench.host.add_link(USER, "../dotfiles/claude.json");
    bench.check("install", 0, &[USER]);
    assert_eq!(bench.host.metadata(USER).unwrap().kind, FileKind::Symlink);
    assert!(
        bench
            .host
            .text("/home/dev/dotfiles/claude.json")
            .unwrap()
            .contains("PreToolUse")
    );
    bench.check("uninstall", 0, &[]);
    assert_eq!(bench.host.metadata(USER).unwrap().kind, FileKind::Symlink);
    assert_eq!(
        bench.host.text("/home/dev/dotfiles/claude.json").unwrap(),
        "{}\n"
    );
}

#[test]
fn the_client_may_move_its_settings() {
    let bench = Bench::new();
    bench.host.set_env("CLAUDE_CONFIG_DIR", "/srv/claude/");
    bench.check("install", 0, &["/srv/claude/settings.json"]);
    assert!(bench.host.text("/srv/claude/settings.json").is_some());
}

#[test]
fn inside_the_client_it_is_refused() {
    for line in [
        "install",
        "uninstall",
        "install --dry-run",
        "uninstall --project",
    ] {
        let bench = Bench::new();
        bench.host.set_env("CLAUDECODE", "1");
        bench.check(line, 2, &["this is for people"]);
        let bench = Bench::new();
        let client = Ancestor {
            pid: 7,
            name: "claude".to_owned(),
            command: "claude -p x".to_owned(),
        };
        bench.host.set_ancestors(vec![client]);
        bench.check(line, 2, &["this is for people"]);
        assert_eq!(bench.host.text(USER), None);
    }
}

#[test]
fn broken_files_are_left_alone() {
    let cases = [
        ("{\n  \"a\": 1,\n}", "line 3, column 1"),
        ("{\"hooks\": []}", "`hooks` is not an object"),
        ("{ // x\n}", "a comment"),
    ];
    for (text, says) in cases {
        let bench = Bench::new();
        bench.host.add_file(USER, text);
        let before = bench.host.files();
        bench.check("install", 2, &[USER, says, "nothing was written"]);
        bench.check("uninstall", 2, &[USER, says, "nothing was written"]);
        assert_eq!(
            (bench.host.files(), bench.host.text(USER).unwrap()),
            (before, text.to_owned())
        );
    }
    let bench = Bench::new();
    bench.host.add_file(USER, b"{\"a\": \"\xff\"}".to_vec());
    bench.check("install", 2, &[USER, "not UTF-8 at byte 7"]);
}

#[test]
fn a_program_in_observe_mode_is_proven_by_its_record() {
    let mut bench = Bench::new();
    bench.machine.answer = |_| Ok((0, Vec::new(), Vec::new()));
    let cases = [
        ("deny", "observed", 0, "observe mode"),
        ("deny", "escalated observed", 0, "not refused"),
        ("pass", "observed", 1, "would have run"),
        ("deny", "", 1, "would have run"),
    ];
    for (decision, note, code, says) in cases {
        let machine = Recording {
            bench: &bench,
            decision,
            note,
        };
        let (found, text) = bench.run_on(&machine, "install");
        assert_eq!(found, code, "{decision} {note:?}: {text}");
        assert!(text.contains(says), "{text}");
    }
}

#[test]
fn a_program_that_does_not_refuse_is_told() {
    let mut bench = Bench::new();
    bench.machine.answer = |_| Ok((0, Vec::new(), Vec::new()));
    bench.check(
        "install",
        1,
        &["FAILED", "would have run", "hookbin policy check"],
    );
    bench.machine.answer = |_| Ok((101, Vec::new(), b"panicked".to_vec()));
    bench.check("install", 1, &["FAILED", "exit code 101, panicked"]);
    bench.machine.answer = |_| Ok((0, refusal().1, Vec::new()));
    bench.check("install", 1, &["FAILED", "exit code 0"]);
    bench.machine.answer = |_| Ok((2, b"{}".to_vec(), b"no policy".to_vec()));
    bench.check("install", 1, &["FAILED", "exit code 2, no policy"]);
    bench.machine.answer = |_| Err(io::ErrorKind::NotFound.into());
    bench.check(
        "install --project",
        1,
        &["FAILED", "cannot be started", "on the PATH"],
    );
}

#[test]
fn what_keeps_hooks_from_running_is_said() {
    let bench = Bench::new();
    bench.host.add_file(PROJECT, "{\"disableAllHooks\": true}");
    bench.check("install", 0, &["warning", PROJECT, "will not run"]);
    let bench = Bench::new();
    bench.host.add_file(
        "/etc/claude-code/managed-settings.json",
        "{\"allowManagedHooksOnly\": true}",
    );
    bench.check("install", 0, &["allowManagedHooksOnly", "will not run"]);
    let bench = Bench::new();
    bench
        .host
        .add_file("/home/dev/proj/.claude/settings.local.json", "{");
    bench.check("install", 0, &["settings.local.json", "not JSON"]);
    let mut bench = Bench::new();
    bench.dirs.executable = "/home/dev/src/hookbin/target/release/hookbin".to_owned();
    bench.host.add_file(&bench.dirs.executable, "program");
    bench.check("install", 0, &["will not stay there"]);
    let bench = Bench::new();
    assert!(!bench.check("install", 0, &[]).contains("warning"));
}

#[test]
fn places_that_cannot_work_are_refused() {
    let mut bench = Bench::new();
    bench.dirs.home = String::new();
    bench.check("install", 2, &["home directory"]);
    let mut bench = Bench::new();
    bench.dirs.executable = "/opt/gone/hookbin".to_owned();
    bench.check("install", 2, &["is not there"]);
    let mut bench = Bench::new();
    bench.dirs.state = "/home/${USER}/x".to_owned();
    bench.check("install", 2, &["`${`"]);
    let mut bench = Bench::new();
    bench.project = "/home/dev".to_owned();
    bench.check("install --project", 2, &["is your user settings file"]);
}

#[test]
fn a_disk_that_refuses_leaves_the_file_as_it_was() {
    let bench = Bench::new();
    bench.host.add_file(USER, "{}");
    bench.host.set_room(1);
    bench.check("install", 2, &["cannot write"]);
    assert_eq!(bench.host.text(USER).unwrap(), "{}");
    let bench = Bench::new();
    bench.host.add_file(USER, "{}");
    bench.host.make_read_only("/home/dev/.claude");
    bench.check("install", 2, &["cannot write the backup"]);
    assert_eq!(bench.host.text(USER).unwrap(), "{}");
}

#[test]
fn new_paths_replace_old_ones() {
    let mut bench = Bench::new();
    bench.host.add_file(USER, "{\"a\":1}");
    bench.check("install", 0, &[]);
    bench.host.add_file("/usr/bin/hookbin", "program");
    bench.dirs.executable = "/usr/bin/hookbin".to_owned();
    bench.check("install", 0, &["/usr/bin/hookbin"]);
    let text = bench.host.text(USER).unwrap();
    assert!(!text.contains("/opt/hookbin") && text.matches("/usr/bin/hookbin").count() == 20);
    bench.check("uninstall", 0, &[]);
    assert_eq!(bench.host.text(USER).unwrap(), "{\"a\":1}");
}

#[test]
fn what_changes_the_wiring_is_recorded_once() {
    let bench = Bench::new();
    let recorded = || {
        let mut lines = Vec::new();
        let mut note = |it: crate::audit::Entry| {
            let record = it.record.unwrap();
            lines.push(format!(
                "{} {} {}",
                record.event, record.note, record.subject
            ));
            true
        };
        crate::audit::newest_first(&bench.host, &bench.dirs, &mut note).unwrap();
        lines.reverse();
        lines
    };
    bench.check("install --dry-run", 0, &[]);
    assert!(recorded().is_empty());
    bench.check("install", 0, &[]);
    bench.check("install", 0, &["already"]);
    bench.check("uninstall --dry-run", 0, &[]);
    let installed = format!("install user settings {USER}");
    assert_eq!(recorded(), std::slice::from_ref(&installed));
    bench.check("uninstall", 0, &["removed"]);
    bench.check("uninstall", 0, &["unchanged"]);
    assert_eq!(
        recorded(),
        [installed, format!("uninstall user settings {USER}")]
    );
}
