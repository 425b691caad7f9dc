//! Owns the rules of the house that no compiler checks: sizes, headers, words, dependencies, wiring and
//! fixtures. Does not own style that clippy or rustfmt knows. Invariant: every failure names the file and
//! says what to do.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use hookbin::event::{Kind, decode, parse};
use hookbin::guard::GUARDS;
use hookbin::handler::HANDLERS;
use hookbin::scenario::Scenario;
use serde_json::Value;

/// Lines of a source file without its tests.
const FILE_LINES: usize = 400;

const README_LINES: usize = 200;

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[track_caller]
pub(crate) fn read(relative: &str) -> String {
    let path = root().join(relative);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every file of the repository below `folder`, relative to its root, without what is built or fetched.
fn files(folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    let relative = |it: PathBuf| {
        it.strip_prefix(root())
            .ok()
            .map(|it| it.display().to_string())
    };
    let mut names: Vec<String> = found.into_iter().filter_map(relative).collect();
    names.sort();
    names
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    const SKIPPED: &[&str] = &[
        "target",
        ".git",
        ".cache",
        "node_modules",
        "artifacts",
        "corpus",
        "coverage",
    ];
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let name = entry.file_name();
        if SKIPPED.iter().any(|it| name == *it) {
            continue;
        }
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.push(path);
        }
    }
}

fn sources(folder: &str) -> Vec<String> {
    let mut names = files(folder);
    names.retain(|it| Path::new(it).extension().is_some_and(|it| it == "rs"));
    names
}

/// A complaint per file, all shown at once.
#[track_caller]
pub(crate) fn no_complaints(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

fn is_test_file(name: &str) -> bool {
    name.ends_with("/tests.rs") || name.contains("/tests/")
}

/// The lines before the module of tests, which stands last in a file.
fn lines_without_tests(text: &str) -> usize {
    let tests = text.find("#[cfg(test)]\nmod tests");
    text.get(..tests.unwrap_or(text.len()))
        .map_or(0, |it| it.lines().count())
}

#[test]
fn source_files_are_small() {
    let too_long = |name: &String| {
        let lines = lines_without_tests(&read(name));
        (lines > FILE_LINES)
            .then(|| format!("{name}: {lines} lines, at most {FILE_LINES}: split it"))
    };
    let names = sources("src");
    no_complaints(
        &names
            .iter()
            .filter(|it| !is_test_file(it))
            .filter_map(too_long)
            .collect::<Vec<_>>(),
    );
}

#[test]
fn source_files_say_what_they_own() {
    let silent = |name: &String| {
        let text = read(name);
        (!text.starts_with("//! ")).then(|| format!("{name}: begins without a `//!` header"))
    };
    let names = [sources("src"), sources("tests"), sources("benches")].concat();
    let owners = names
        .iter()
        .filter(|it| !is_test_file(it) || it.contains("/it/"));
    no_complaints(&owners.filter_map(silent).collect::<Vec<_>>());
}

// Words to look for are put together, so that this file does not find itself.

#[test]
fn nothing_is_left_for_later() {
    // In comments only: in commands that are judged they are ordinary words.
    check_absent(&[concat!("TO", "DO"), concat!("FIX", "ME")], |line| {
        let start = line.find("//").or_else(|| line.find("# "));
        line.get(start.unwrap_or(line.len())..).unwrap_or_default()
    });
    check_absent(
        &[concat!("dbg", "!("), concat!("unimpl", "emented!(")],
        |line| line,
    );
}

#[test]
fn no_path_of_a_machine_is_written_down() {
    let home = std::env::var("HOME").unwrap_or_else(|_| "/root".to_owned());
    let toolchain = [".cargo", ".rustup", ".npm"].map(|it| format!("{home}/{it}"));
    let trees = ["main", "wt", "shared"].map(|it| format!("/{}/{it}", "work"));
    let mut words: Vec<&str> = toolchain.iter().chain(&trees).map(String::as_str).collect();
    words.push(env!("CARGO_MANIFEST_DIR"));
    check_absent(&words, |line| line);
}

/// None of the words stands in the part of a line that is looked at, in any text of ours. Corpora are
/// other people's words.
#[track_caller]
fn check_absent(words: &[&str], part: fn(&str) -> &str) {
    let mut complaints = Vec::new();
    for name in files("") {
        let foreign = name.starts_with("fixtures/corpora/") || name == "Cargo.lock";
        let Ok(text) = fs::read_to_string(root().join(&name)) else {
            continue; // not a text
        };
        for (number, line) in text.lines().enumerate().filter(|_| !foreign) {
            if let Some(word) = words.iter().find(|it| part(line).contains(*it)) {
                complaints.push(format!("{name}:{}: `{word}`", number + 1));
            }
        }
    }
    no_complaints(&complaints);
}

#[test]
fn unsafe_code_stays_behind_the_door_to_the_system() {
    const DOORS: &[&str] = &["src/host/alloc.rs", "src/host/raw.rs"];
    let unsafe_word = concat!("unsafe", "_code");
    let elsewhere = |name: &String| {
        let found = !DOORS.contains(&name.as_str()) && read(name).contains(unsafe_word);
        found.then(|| format!("{name}: lifts {unsafe_word}; only {DOORS:?} may"))
    };
    no_complaints(
        &sources("src")
            .iter()
            .filter_map(elsewhere)
            .collect::<Vec<_>>(),
    );
}

/// The lint that keeps files, clock, environment, network and processes behind the host is lifted there
/// and nowhere else, and it knows every one of them.
#[test]
fn the_system_is_touched_in_one_place() {
    const DOOR: &str = "src/host/mod.rs";
    let lint = concat!("disallowed", "_methods");
    let mut complaints = Vec::new();
    for name in sources("src").iter().filter(|it| !is_test_file(it)) {
        if name != DOOR && code(&read(name)).contains(lint) {
            complaints.push(format!("{name}: lifts {lint}; only {DOOR} may"));
        }
    }
    let table = read("clippy.toml");
    for part in [
        "std::fs::",
        "std::env::",
        "std::process::",
        "std::net::",
        "std::time::",
        "std::thread::",
    ] {
        if !table.contains(part) {
            complaints.push(format!("clippy.toml: nothing of {part} is forbidden"));
        }
    }
    assert!(read(DOOR).contains(lint), "{DOOR} is no door");
    let levels = read("Cargo.toml");
    assert!(
        levels.contains(&format!("{lint} = \"warn\"")),
        "Cargo.toml: the lint is off"
    );
    no_complaints(&complaints);
}

/// Every way to start a program, in Rust's library and in C's.
const STARTERS: &[&str] = &[
    "process::Command",
    "std::process::{",
    "CommandExt",
    ".spawn(",
    "libc::posix_spawn",
    "libc::clone",
    "libc::exec",
    "libc::fexec",
    "libc::fork",
    "libc::popen",
    "libc::syscall",
    "libc::system",
    "libc::vfork",
];

/// The one call by number: it asks for the time.
const TIME: &str = "libc::syscall(libc::SYS_clock_gettime,";

/// The hook starts no process but the delivery of notifications: there is one door to other programs, only subcommands go through it, and
/// the hook never reaches a subcommand. What is no hook call goes through another door, once, to the
/// companion.
#[test]
fn only_subcommands_can_start_a_program() {
    const DOOR: &str = "src/host/process.rs";
    const LAST_DOOR: &str = "src/host/raw/exec.rs";
    const DETACHED: &str = "src/host/raw/detach.rs";
    const FRONT: &[&str] = &[
        "src/cli.rs",
        "src/companion.rs",
        "src/main.rs",
        "src/process.rs",
    ];
    let door = read(DOOR);
    assert!(
        door.contains(".spawn(") && door.contains("fn run"),
        "{DOOR} is no door"
    );
    let mut complaints = Vec::new();
    for name in sources("src").iter().filter(|it| !is_test_file(it)) {
        let text = code(&read(name)).replace(TIME, "");
        let subcommand = name.starts_with("src/cmd/");
        if !matches!(name.as_str(), DOOR | LAST_DOOR | DETACHED)
            && let Some(word) = STARTERS.iter().find(|it| text.contains(**it))
        {
            complaints.push(format!("{name}: `{word}`; programs are started in {DOOR}"));
        }
        let ways = [
            "host::process",
            "Machine",
            "process::run",
            "crate::cmd",
            "super::cmd",
        ];
        if name != DOOR
            && !subcommand
            && !FRONT.contains(&name.as_str())
            && let Some(word) = ways.iter().find(|it| text.contains(**it))
        {
            complaints.push(format!("{name}: `{word}` is for subcommands"));
        }
        let sender = matches!(name.as_str(), "src/notify/mod.rs" | "src/host/os.rs");
        if !sender && (text.contains(".detach(") || text.contains("raw::detach")) {
            complaints.push(format!("{name}: only notifications are delivered detached"));
        }
        if name != "src/process.rs" && text.contains("exec(") && text.contains("raw::") {
            complaints.push(format!(
                "{name}: only src/process.rs hands the process over"
            ));
        }
    }
    no_complaints(&complaints);
}

/// What is delivered detached is started in one place, as the companion, and the network is reached by one
/// subcommand: nothing of the HTTP client is in the hook.
#[test]
fn only_the_companion_delivers() {
    let text = code(&read("src/notify/mod.rs"));
    assert_eq!(text.matches("host.detach(&companion").count(), 1);
    assert!(code(&read("src/host/raw/detach.rs")).contains("posix_spawn("));
    let mut complaints = Vec::new();
    for name in sources("src").iter().filter(|it| !is_test_file(it)) {
        let text = code(&read(name));
        let client = name == "src/host/http.rs";
        if !client && ["ureq", "rustls"].iter().any(|it| text.contains(it)) {
            complaints.push(format!("{name}: HTTP is spoken in src/host/http.rs"));
        }
        let companion = client || name.starts_with("src/cmd/");
        if !companion && ["http::", "deliver::"].iter().any(|it| text.contains(it)) {
            complaints.push(format!("{name}: only a subcommand delivers"));
        }
    }
    no_complaints(&complaints);
}

/// The hook is left for the companion in one place, before an event was read, and only the companion has
/// subcommands.
#[test]
fn hook_and_subcommands_part_at_the_start() {
    let text = code(&read("src/process.rs"));
    let (start, hook) = text.split_once("fn hook(").expect("the hook's function");
    assert_eq!(start.matches("cmd::main").count(), 1, "src/process.rs");
    assert_eq!(start.matches("raw::exec").count(), 1, "src/process.rs");
    assert!(
        !hook.contains("cmd::") && !hook.contains("exec("),
        "src/process.rs: the hook reaches a subcommand"
    );
    assert!(!read("src/main.rs").contains("companion"), "src/main.rs");
}

/// A source text without its comments and its module of tests.
fn code(text: &str) -> String {
    let tests = text.find("#[cfg(test)]\nmod tests");
    let code = text.get(..tests.unwrap_or(text.len())).unwrap_or_default();
    let lines = code.lines().filter(|it| !it.trim_start().starts_with("//"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn readme_fits_on_a_page() {
    let lines = read("README.md").lines().count();
    assert!(
        lines <= README_LINES,
        "README.md: {lines} lines, at most {README_LINES}"
    );
}

#[test]
fn promises_are_held_by_tests_that_exist() {
    let text = read("docs/testing.md");
    let (_, table) = text.split_once("| promise | tests |").expect("the table");
    let table = table.split("\n\n").next().expect("the rows");
    let code: Vec<String> = [sources("src"), sources("tests")]
        .concat()
        .iter()
        .map(|it| read(it))
        .collect();
    let names = table
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|it| it.len() > 20);
    let missing = |name: &&str| {
        let wanted = format!("fn {name}()");
        !code.iter().any(|it| it.contains(&wanted))
    };
    let missing: Vec<String> = names
        .filter(missing)
        .map(|it| format!("docs/testing.md: no test `{it}`"))
        .collect();
    no_complaints(&missing);
}

#[test]
fn changelog_begins_with_what_is_unreleased() {
    let text = read("CHANGELOG.md");
    let first = text.lines().find(|it| it.starts_with("## "));
    assert_eq!(first, Some("## [Unreleased]"));
}

/// Every event that is wired, in the order of the settings file.
pub(crate) const WIRED: &[&str] = &[
    "PreToolUse",
    "PostToolUse",
    "PostToolUseFailure",
    "PostToolBatch",
    "PermissionDenied",
    "UserPromptSubmit",
    "SessionStart",
    "SessionEnd",
    "Stop",
    "StopFailure",
    "SubagentStart",
    "SubagentStop",
    "PreCompact",
    "PostCompact",
    "ConfigChange",
    "Notification",
    "TaskCreated",
    "TaskCompleted",
    "CwdChanged",
    "InstructionsLoaded",
];

#[test]
fn wiring_names_the_events_we_answer() {
    let text = read("hooks/hooks.json");
    let wiring: Value = serde_json::from_str(&text).expect("hooks.json is JSON");
    let wired = wiring["hooks"].as_object().expect("hooks");
    let names: BTreeSet<&str> = wired.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        WIRED.iter().copied().collect(),
        "hooks.json and the list here"
    );
    for (event, groups) in wired {
        assert_ne!(Kind::parse(event), Kind::Unknown, "{event} is no event");
        for group in groups.as_array().expect("a list of groups") {
            check_wired(event, group);
        }
    }
}

/// A group in exec form for this event; closed where the event guards something.
#[track_caller]
fn check_wired(event: &str, group: &Value) {
    let matcher = group["matcher"].as_str().unwrap_or_default();
    assert_eq!(matcher, "", "{event}: a matcher leaves tools unguarded");
    for entry in group["hooks"].as_array().expect("a list of entries") {
        assert_eq!(entry["type"], "command", "{event}");
        assert_eq!(entry["command"], "hookbin", "{event}: found on PATH");
        assert_eq!(entry["args"], serde_json::json!(["hook", event]), "{event}");
        assert!(
            entry["timeout"].as_f64().is_some_and(|it| it > 0.0),
            "{event}: a timeout"
        );
        if event == "PreToolUse" {
            assert_eq!(entry["onFailure"], "block", "{event}");
        }
    }
}

/// Folders of scenarios that show what belongs to no single guard or handler.
const COMMON: &[&str] = &["failure", "policy", "tool"];

/// A guard or a handler is not added without scenarios, and no scenarios lie where nobody looks for them.
#[test]
fn guards_and_handlers_have_scenarios() {
    let guards = GUARDS.iter().map(|it| it.id());
    let ids: BTreeSet<&str> = guards.chain(HANDLERS.iter().map(|it| it.id())).collect();
    let mut complaints = Vec::new();
    for id in &ids {
        let folder = format!("fixtures/scenarios/{id}");
        let steps = |it: &String| Scenario::parse(&read(it)).is_ok_and(|it| !it.title.is_empty());
        if !files(&folder).iter().any(steps) {
            complaints.push(format!("{folder}: no scenario with a title"));
        }
        if !["guard", "handler"]
            .map(|it| format!("src/{it}/{id}.rs"))
            .iter()
            .any(|it| root().join(it).is_file())
        {
            complaints.push(format!("{id}: its file is not named after it"));
        }
    }
    for name in files("fixtures/scenarios") {
        let folder = name.split('/').nth(2).unwrap_or_default();
        if !ids.contains(folder) && !COMMON.contains(&folder) {
            complaints.push(format!(
                "{name}: `{folder}` is no guard, no handler and not in the list here"
            ));
        }
    }
    no_complaints(&complaints);
}

/// What is written is also asked: every guard and every handler stands in its list.
#[test]
fn guards_and_handlers_are_listed() {
    for (kind, listed) in [("Guard", GUARDS.len()), ("Handler", HANDLERS.len())] {
        let names = sources(&format!("src/{}", kind.to_lowercase()));
        let word = format!("impl {kind} for ");
        let written = names
            .iter()
            .filter(|it| !is_test_file(it))
            .filter(|it| code(&read(it)).contains(&word));
        assert_eq!(
            written.count(),
            listed,
            "files with `{word}` and the list of them"
        );
    }
}

#[test]
fn fixture_events_are_the_kind_their_name_says() {
    let names = files("fixtures/events");
    assert!(!names.is_empty(), "fixtures/events is empty");
    for name in names {
        let bytes = fs::read(root().join(&name)).expect("a fixture");
        let text = decode(bytes);
        let event = parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let stem = Path::new(&name).file_stem().and_then(|it| it.to_str());
        let kind = stem.and_then(|it| it.split('-').next()).unwrap_or_default();
        assert_eq!(event.kind.name(), kind, "{name}");
    }
}
