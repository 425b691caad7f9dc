//! Owns what is promised of every objection: it says what, why and what to do instead in a few words, and what
//! it offers is not stopped in its turn, by rules or by guards. Does not own what is objected to.

use std::collections::BTreeSet;
use std::fs;

use hookbin::rule::{Table, catalog, lint};
use hookbin::verdict::Decision;
use serde_json::Value;

use crate::house::{no_complaints, root};
use crate::memory::{judge, machine};

/// Commands that something is said of: samples, and the corpora.
fn commands() -> BTreeSet<String> {
    let mut commands = BTreeSet::new();
    for source in catalog::builtin().expect("the built-in packs") {
        let rules = source.rules.into_iter().map(toml::Spanned::into_inner);
        commands.extend(rules.flat_map(|it| it.hit));
    }
    for name in ["denied", "asked"] {
        let path = root().join(format!("rules/corpus/{name}.txt"));
        let text = fs::read_to_string(path).expect("a corpus");
        commands.extend(text.lines().map(|it| it.replace('⏎', "\n")));
    }
    for name in ["dangerous", "holdout-commands", "reserve-commands"] {
        let path = root().join(format!("fixtures/corpora/own/{name}.jsonl"));
        let text = fs::read_to_string(path).expect("a corpus");
        let lines = text
            .lines()
            .map(|it| serde_json::from_str::<Value>(it).expect("JSON"));
        commands.extend(lines.filter_map(|it| Some(it["command"].as_str()?.to_owned())));
    }
    commands
}

#[test]
fn every_objection_is_short_and_offers_something() {
    let host = machine();
    let mut complaints = BTreeSet::new();
    let mut seen = 0;
    for command in commands() {
        for finding in judge(&host, &command).1 {
            if finding.decision < Decision::Ask {
                continue;
            }
            seen += 1;
            let message = finding.message();
            if message.chars().count() > lint::MESSAGE_LIMIT {
                complaints.insert(format!("too long: {message}"));
            }
            if finding.why.is_empty() || finding.instead.is_empty() {
                complaints.insert(format!("no reason or no alternative: {message}"));
            }
        }
    }
    assert!(seen > 2000, "{seen} objections: nothing was judged");
    no_complaints(&complaints.into_iter().collect::<Vec<_>>());
}

#[test]
fn alternatives_pass_all_guards() {
    let host = machine();
    let table = Table::builtin();
    let mut complaints = Vec::new();
    let mut seen = 0;
    for rule in table.rules() {
        for command in lint::commands(rule.instead, &|it| table.names(it)) {
            seen += 1;
            for finding in judge(&host, &command).1 {
                if finding.decision >= Decision::Ask {
                    complaints.push(format!("{}: `{command}`: {}", rule.id, finding.message()));
                }
            }
        }
    }
    assert!(seen > 50, "{seen} alternatives: nothing was judged");
    no_complaints(&complaints);
}
