//! Every scenario below `fixtures/scenarios` and every rule's samples, through the runner that
//! `hookbin test` uses.

use std::fs;
use std::path::{Path, PathBuf};

use hookbin::rule::{Table, catalog, selftest};
use hookbin::scenario::{self, Scenario};

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
