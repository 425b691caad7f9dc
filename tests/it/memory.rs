//! Owns a machine in memory on which hooks run in this process. Shared with the fuzz workspace. Does not
//! own what is fed to them. Invariant: nothing of the real machine is touched.

use std::io;

use hookbin::audit::{self, Record};
use hookbin::cmd::World;
use hookbin::cmd::explain::{Engine, Judged};
use hookbin::cmd::install::{self, InstallArgs};
use hookbin::cmd::paint::Paint;
use hookbin::dirs::Given;
use hookbin::failure::{self, Class};
use hookbin::guard::{self, Cx};
use hookbin::hook::{self, Args};
use hookbin::host::fake::FakeHost;
use hookbin::host::process::{Answer, Machine};
use hookbin::host::{Dirs, Host as _};
use hookbin::path::Places;
use hookbin::policy::Policy;
use hookbin::response::Response;
use hookbin::rule::Table;
use hookbin::session::Session;
use hookbin::shell::{self, Reading, Surroundings};
use hookbin::verdict::Finding;
use serde_json::{Value, json};

pub(crate) const HOME: &str = "/home/dev";
pub(crate) const PROJECT: &str = "/home/dev/project";

/// What the shell reader is told of the machine.
pub(crate) const AROUND: Surroundings = Surroundings {
    cwd: PROJECT,
    home: HOME,
    project: PROJECT,
    files: None,
};

/// hookbin's directories.
pub(crate) fn dirs() -> Dirs {
    Dirs {
        config: format!("{HOME}/.config/hookbin"),
        state: format!("{HOME}/.local/state/hookbin"),
        managed: "/etc/hookbin".to_owned(),
        home: HOME.to_owned(),
        executable: "/opt/hookbin".to_owned(),
        link: String::new(),
    }
}

/// A machine with a home, a project and the program.
pub(crate) fn machine() -> FakeHost {
    let host = FakeHost::new();
    host.add_dir(PROJECT);
    host.add_file(&format!("{PROJECT}/.git/HEAD"), "ref: refs/heads/main\n");
    host.add_file("/opt/hookbin", "program");
    host.set_env("HOME", HOME);
    host.set_env("CLAUDE_PROJECT_DIR", PROJECT);
    host
}

/// Feeds stdin to the whole hook, as wired for an event (empty: for any).
pub(crate) fn hook(host: &FakeHost, event: &str, stdin: Vec<u8>) -> Response {
    let dirs = dirs();
    let args = Args {
        event: event.to_owned(),
        given: Given {
            config: Some(dirs.config),
            state: Some(dirs.state),
            home: Some(dirs.home),
            ..Given::default()
        },
        ..Args::default()
    };
    hook::run(&args, host, Ok(stdin))
}

/// The event of a Bash call.
pub(crate) fn payload(command: &str) -> String {
    json!({
        "session_id": "s", "transcript_path": "", "cwd": PROJECT, "permission_mode": "default",
        "hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_use_id": "toolu_1",
        "tool_input": { "command": command },
    })
    .to_string()
}

/// Everything the guards say about shell text, and how it reads.
pub(crate) fn judge(host: &FakeHost, command: &str) -> (Reading, Vec<Finding>) {
    let reading = shell::read(command, &AROUND);
    let findings = check(host, command, &reading);
    (reading, findings)
}

/// Everything the guards say about shell text that was read.
pub(crate) fn check(host: &FakeHost, command: &str, reading: &Reading) -> Vec<Finding> {
    let payload = payload(command);
    let Ok(event) = hookbin::event::parse(&payload) else {
        return Vec::new();
    };
    let places = places();
    let mut policy = Policy::default();
    policy.tables.push(Table::builtin());
    let session = Session::default();
    guard::check_all(&Cx::new(
        &event,
        &policy,
        &session,
        host,
        &places,
        Some(reading),
    ))
}

/// Links and spans of a reading point into it and its text.
#[track_caller]
pub(crate) fn check_shape(text: &str, reading: &Reading) {
    let count = reading.invocations.len();
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    let inside = |it: shell::Span| it.start <= it.end && it.end <= end;
    for (index, invocation) in reading.invocations.iter().enumerate() {
        let args = invocation
            .argv
            .iter()
            .chain(invocation.redirects.iter().map(|it| &it.target))
            .chain(invocation.assignments.iter().map(|it| &it.value));
        let sources = args.clone().flat_map(|it| &it.from);
        let mut links = invocation
            .fed_by
            .iter()
            .chain(&invocation.feeds)
            .chain(&invocation.parent)
            .chain(sources);
        assert!(
            links.all(|it| (*it as usize) < count),
            "{text:?}: {invocation:?}"
        );
        let parent = invocation.parent.map_or(0, |it| it as usize);
        assert!(parent <= index, "{text:?}: {invocation:?}");
        assert!(inside(invocation.span), "{text:?}: {invocation:?}");
        for arg in args {
            assert!(inside(arg.span), "{text:?}: {arg:?}");
        }
    }
    for problem in &reading.problems {
        assert!(inside(problem.span), "{text:?}: {problem:?}");
    }
}

/// A machine on which the wired program refuses everything.
pub(crate) struct Refusing;

impl Machine for Refusing {
    fn run(&self, _: &str, _: &[String], _: &[u8]) -> io::Result<Answer> {
        let answer = json!({"hookSpecificOutput": {"hookEventName": "PreToolUse",
            "permissionDecision": "deny", "permissionDecisionReason": "denied by home-delete: all is lost."}});
        Ok((2, answer.to_string().into_bytes(), b"denied".to_vec()))
    }

    fn set_mode(&self, _: &str, _: u32) -> io::Result<()> {
        Ok(())
    }

    fn private_directory(&self, _: &str) -> io::Result<()> {
        Ok(())
    }
}

impl Engine for Refusing {
    fn judge(&self, _: &str, _: &str) -> Result<Judged, String> {
        Err("not here".to_owned())
    }

    fn rule(&self, _: &str) -> Option<Vec<(String, String)>> {
        None
    }
}

/// Events as a wiring may name them; the empty one is a wiring that names none.
pub(crate) const EVENTS: [&str; 8] = [
    "PreToolUse",
    "",
    "PostToolUse",
    "Stop",
    "PreCompact",
    "SessionStart",
    "PermissionRequest",
    "UserPromptSubmit",
];

/// An answer keeps to the protocol, and where the event guards something, garbage is refused.
#[track_caller]
pub(crate) fn check_response(event: &str, stdin: &[u8], response: &Response) {
    let shown = String::from_utf8_lossy(stdin);
    assert!(
        matches!(response.exit, 0 | 2),
        "exit {}: {shown}",
        response.exit
    );
    let value: Option<Value> = serde_json::from_str(&response.stdout).ok();
    if event != "PreCompact" && !event.is_empty() {
        let well = response.stdout.is_empty() || value.as_ref().is_some_and(Value::is_object);
        assert!(well, "{}: {shown}", response.stdout);
    }
    let specific = value.as_ref().and_then(|it| it.get("hookSpecificOutput"));
    if let Some(name) = specific.and_then(|it| it.get("hookEventName"))
        && !event.is_empty()
    {
        assert_eq!(name, event, "{shown}");
    }
    let closed = matches!(event, "PreToolUse" | "");
    if serde_json::from_slice::<Value>(stdin).is_err() && std::str::from_utf8(stdin).is_ok() {
        assert_eq!(response.exit == 2, closed, "{event}: {shown}");
    }
}

/// Where everything is on the machine.
pub(crate) fn places() -> Places {
    Places::new(PROJECT, PROJECT, &[HOME.to_owned()], &[], &dirs())
}

/// Appends so many records to the audit chain.
pub(crate) fn append(host: &FakeHost, count: usize) {
    for number in 0..count {
        let mut record = Record {
            time: "2026-01-01T00:00:00.000000Z".to_owned(),
            session: "s".to_owned(),
            event: "PreToolUse".to_owned(),
            decision: "deny".to_owned(),
            rules: vec!["a-rule".to_owned()],
            ..Record::default()
        };
        record.subject(&format!("rm -rf /{number} \u{fc}"));
        audit::append(host, &dirs(), &record, false).expect("a record");
    }
}

/// Redacting twice is redacting once, and the text grows by its marks only; what is found is something.
#[track_caller]
pub(crate) fn check_redaction(text: &str) {
    let once = hookbin::secret::redact(text);
    let twice = hookbin::secret::redact(&once);
    assert_eq!(once, twice, "{text:?}");
    let marks = once.matches("[redacted").count();
    assert!(once.len() <= text.len() + marks * 48, "{text:?}");
    let found = hookbin::secret::find(text, 1_800_000_000);
    assert!(found.iter().all(|it| !it.value.is_empty()), "{text:?}");
}

/// Any text can be read as that of a failure and of a success: what is said of it is short, and the same
/// each time.
#[track_caller]
pub(crate) fn check_failure(text: &str) {
    let told = failure::read("app", text, PROJECT);
    assert!(told.message.chars().count() <= 200, "{text:?}");
    assert!(!told.message.contains('\n'), "{text:?}");
    assert_eq!(told.signature.len(), 16, "{text:?}");
    assert_eq!(Class::by_id(told.class.id()), Some(told.class), "{text:?}");
    assert_eq!(told, failure::read("app", text, PROJECT), "{text:?}");
    let masked = failure::masked("app", text, PROJECT);
    assert!(
        masked.is_none_or(|it| it.class != Class::UNKNOWN),
        "{text:?}"
    );
    assert!(
        failure::retry_after(text).is_none_or(|it| it <= 604_800),
        "{text:?}"
    );
}

/// A settings file can be wired and unwired: what was JSON stays JSON with everything it held, and gets
/// its bytes back.
#[track_caller]
pub(crate) fn check_wiring(text: &str) {
    let host = machine();
    let path = format!("{HOME}/.claude/settings.json");
    host.add_file(&path, text);
    if run(&host, true) != 0 {
        assert_eq!(host.text(&path).as_deref(), Some(text), "refused: {text:?}");
        return;
    }
    let wired = host.text(&path).expect("it is there");
    assert!(installs_all(&wired), "{text:?} became {wired}");
    assert_eq!(run(&host, true), 0);
    assert_eq!(host.text(&path), Some(wired.clone()), "installed twice");
    let backup: Vec<String> = host
        .files()
        .into_iter()
        .filter(|it| it.starts_with(&path))
        .collect();
    if !text.contains("hookbin") && !text.contains('\\') {
        assert_eq!(run(&host, false), 0);
        assert_eq!(host.text(&path).as_deref(), Some(text), "not its own bytes");
    }
    // The same without the backup: everything but our entries is as it was.
    host.add_file(&path, wired);
    for other in backup.iter().filter(|it| **it != path) {
        // Gone already where its bytes were put back.
        let _ = host.remove(other);
    }
    assert_eq!(run(&host, false), 0);
    let unwired = host.text(&path).unwrap_or_else(|| "{}".to_owned());
    assert_eq!(
        besides(&unwired),
        besides(text),
        "{text:?} became {unwired}"
    );
}

/// Installs or uninstalls for the user; the exit code, 2 for a refusal.
fn run(host: &FakeHost, installs: bool) -> u8 {
    let dirs = dirs();
    let world = World {
        host,
        machine: &Refusing,
        engine: &Refusing,
        dirs: &dirs,
        cwd: PROJECT,
        project: PROJECT,
        paint: Paint::PLAIN,
    };
    let args = InstallArgs::default();
    let out = &mut io::sink();
    let done = if installs {
        install::install(&args, &world, out)
    } else {
        install::uninstall(&args, &world, out)
    };
    done.unwrap_or(2)
}

fn installs_all(text: &str) -> bool {
    hookbin::settings::inspect(text.as_bytes()).is_ok_and(|it| it.guards())
}

/// What a settings file holds besides hooks.
fn besides(text: &str) -> Value {
    let text = text.trim_start_matches('\u{feff}');
    let mut value: Value = serde_json::from_str(text).unwrap_or_else(|_| json!({}));
    if let Some(members) = value.as_object_mut() {
        members.remove("hooks");
    }
    value
}
