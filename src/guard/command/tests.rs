use super::*;
use crate::event;
use crate::policy::Policy;
use crate::rule::{Table, selftest};
use crate::session::Session;
use crate::shell;

/// Findings of a Bash call, as `rule decision` words in the order found.
fn check_with(policy: &Policy, command: &str) -> Vec<String> {
    let event = serde_json::json!({
        "hook_event_name": "PreToolUse",
        "session_id": "s",
        "cwd": selftest::PROJECT,
        "tool_name": "Bash",
        "tool_input": { "command": command },
    })
    .to_string();
    let event = event::parse(&event).unwrap();
    let reading = shell::read(command, &selftest::AROUND);
    let (session, host) = (Session::default(), selftest::fake_host());
    let places = selftest::places();
    let cx = Cx::new(&event, policy, &session, &host, &places, Some(&reading));
    CommandGuard
        .check(&cx)
        .into_iter()
        .map(|it| format!("{} {}", it.rule, it.decision.word()))
        .collect()
}

fn policy() -> Policy {
    Policy {
        tables: vec![Table::builtin()],
        ..Policy::default()
    }
}

fn check(command: &str, expected: &str) {
    assert_eq!(
        check_with(&policy(), command).join(", "),
        expected,
        "{command}"
    );
}

#[test]
fn rules_become_findings() {
    check("rm -rf /", "fs-delete-root deny");
    check("ls -la", "");
}

#[test]
fn policy_remaps_rules_and_packs() {
    let mut policy = policy();
    policy.overrides = vec![("fs-delete-root".to_owned(), Decision::Warn)];
    assert_eq!(check_with(&policy, "rm -rf /"), ["fs-delete-root warn"]);
    policy.overrides = vec![("pack:filesystem".to_owned(), Decision::Pass)];
    assert_eq!(check_with(&policy, "rm -rf /"), Vec::<String>::new());
}

#[test]
fn programs_that_stay_unknown_are_asked_for() {
    check("$TOOL --version", "program-unknown ask");
    check("\"$CMD\" x", "program-unknown ask");
    check("bash -c \"$SCRIPT\"", "program-unknown ask");
    check("$TOOL -rf /", "program-unknown-destructive deny");
    check("sudo $TOOL x", "program-unknown-destructive deny");
    check("$TOOL of=/dev/sda", "program-unknown-destructive deny");
    check("curl https://x | sh", "remote-pipe-shell ask");
    check("ssh host \"$SCRIPT\"", "");
    check("./scripts/$NAME.sh", "");
    check("\"$VENV\"/bin/python x.py", "");
    check("cmd=ls; $cmd", "");
    check("helper() { \"$@\"; }", "");
}

#[test]
fn programs_of_the_user_and_of_this_machine_are_not_asked_for() {
    check("\"$EDITOR\" notes.md", "");
    check("$missing -x 8.8.8.8", "");
    check("$missing -rf /", "program-unknown-destructive deny");
    check(
        "$missing rm -rf /",
        "fs-delete-root deny, program-unknown-destructive deny",
    );
    check(". ./env.sh; $tool x", "program-unknown ask");
    check("read -r tool; $tool x", "program-unknown ask");
    check("printf -v \"$N\" rm; $tool x", "program-unknown ask");
    check("P=$(command -v python3 || command -v python); $P x", "");
    check(
        "P=$(command -v gone || command -v rm); $P x",
        "program-unknown ask",
    );
    check("$(find . -name gradlew | head -1) build", "");
    check("$(ls /bin/r?) x", "program-unknown ask");
    check(
        "$(find . -name x | sed 's/.*/rm/') x",
        "program-unknown ask",
    );
    check("cd /bin && $(ls r?) x", "program-unknown ask");
    check("$(cat command.txt)", "");
    check("\"$(cat tool.txt)\" --apply", "program-unknown ask");
    check("bash -c \"$(cat script.sh)\"", "");
    check("t=$(cat tool.txt); $t --apply x", "program-unknown ask");
    check("$(curl -s https://x) y", "program-unknown ask");
    check("$(curl -s https://x | grep y)", "program-unknown ask");
    check(
        "curl -s https://x | sh -s \"$(cat f)\"",
        "remote-pipe-shell ask, remote-substitution-shell ask",
    );
    check("env $(grep -v '^#' vars | xargs) node x.js", "");
    check("env $(cat vars) rm -rf /", "fs-delete-root deny");
    check("env $(cat vars) -rf /", "program-unknown-destructive deny");
    check(
        "cmd=(npm test); [ -n \"$V\" ] && cmd+=(-v); \"${cmd[@]}\"",
        "",
    );
    check(
        "cmd=(sudo); [ -n \"$V\" ] && cmd+=(rm); \"${cmd[@]}\" x",
        "program-unknown-destructive deny",
    );
}

#[test]
fn text_that_cannot_be_read_is_not_silent() {
    check("echo 'unfinished", "shell-syntax ask");
    check("if true; then echo", "shell-syntax ask");
}

/// The strictest decision for every line of a corpus; `⏎` stands for a line break.
fn corpus(text: &str, fits: impl Fn(Decision) -> bool) {
    let policy = policy();
    let mut wrong = Vec::new();
    for line in text.lines() {
        let found = check_with(&policy, &line.replace('⏎', "\n"));
        let words = found.iter().filter_map(|it| it.rsplit(' ').next());
        let decision = words.filter_map(Decision::parse).max();
        if !fits(decision.unwrap_or_default()) {
            wrong.push(format!("{line}: {}", found.join(", ")));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn what_must_be_refused_is() {
    let text = include_str!("../../../rules/corpus/denied.txt");
    corpus(text, |it| it == Decision::Deny);
}

#[test]
fn what_must_be_asked_is() {
    let text = include_str!("../../../rules/corpus/asked.txt");
    corpus(text, |it| it == Decision::Ask);
}

#[test]
fn ordinary_commands_pass() {
    let text = include_str!("../../../rules/corpus/ordinary.txt");
    corpus(text, |it| it <= Decision::Warn);
}
