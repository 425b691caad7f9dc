//! Every scenario below `fixtures/scenarios` and every rule's samples, through the runner that
//! `hookbin test` uses.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hookbin::rule::{Table, catalog, selftest};
use hookbin::scenario::{self, Scenario};
use hookbin::verdict::Decision;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|it| it == "toml") {
            found.push(path);
        }
    }
}

#[test]
fn every_scenario_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/scenarios");
    let mut found = Vec::new();
    files(&root, &mut found);
    assert!(found.len() > 5, "scenarios are missing");
    let mut failures = Vec::new();
    for path in found {
        let name = path.strip_prefix(&root).unwrap().display().to_string();
        let scenario = Scenario::parse(&fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        for it in scenario::run(&scenario).mismatches {
            failures.push(format!(
                "{name}: {}\n  wanted {}\n  came   {}",
                it.step, it.wanted, it.came
            ));
        }
    }
    assert!(
        failures.is_empty(),
        "{} mismatches\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn every_rule_sample_holds() {
    let sources = catalog::builtin().unwrap();
    let report = selftest::run(&sources, &Table::builtin(), &selftest::fake_host());
    let failures: Vec<String> = report
        .failures
        .iter()
        .map(|it| format!("{}: {}: {}", it.rule, it.sample, it.reason))
        .collect();
    assert!(
        failures.is_empty(),
        "{} mismatches\n{}",
        failures.len(),
        failures.join("\n")
    );
}

fn corpus(name: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/corpora");
    let text = fs::read_to_string(path.join(name)).unwrap();
    let commands = text.split('\0').filter(|it| !it.trim().is_empty());
    commands.map(str::to_owned).collect()
}

/// True where this machine's bash refuses to parse the command; it runs nothing.
fn bash_refuses(command: &str) -> Option<bool> {
    let output = Command::new("bash")
        .args(["-O", "extglob", "-n", "-c", command])
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let complains = said.lines().any(|it| !it.contains("warning:"));
    Some(complains || !output.status.success())
}

/// Of a thousand ordinary commands at most two may be asked about or denied.
const STOPPED_PER_THOUSAND: usize = 2;

#[test]
fn ordinary_commands_of_strangers_are_left_alone() {
    let refused = corpus("nl2bash-refused.txt");
    let commands: Vec<String> = corpus("nl2bash-plain.txt")
        .into_iter()
        .filter(|it| !refused.contains(it))
        .collect();
    assert!(commands.len() > 6500, "the corpus is missing");
    let stopped: Vec<String> = commands
        .iter()
        .filter_map(|command| {
            let (decision, message) = scenario::judge_command(command);
            (decision >= Decision::Ask).then(|| format!("{command}\n    {message}"))
        })
        .collect();
    assert!(
        stopped.len() * 1000 <= commands.len() * STOPPED_PER_THOUSAND,
        "{} of {} are stopped\n{}",
        stopped.len(),
        commands.len(),
        stopped.join("\n")
    );
}

#[test]
fn commands_that_bash_refuses_are_asked_about() {
    let all = corpus("nl2bash-plain.txt");
    for command in corpus("nl2bash-refused.txt") {
        assert!(all.contains(&command), "not in the corpus: {command}");
        assert_ne!(bash_refuses(&command), Some(false), "bash reads {command}");
        let (decision, message) = scenario::judge_command(&command);
        assert_eq!(decision, Decision::Ask, "{command}: {message}");
    }
}
