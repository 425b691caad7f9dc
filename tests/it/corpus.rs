//! Owns the measure of detection: commands and calls of other tools with what must be decided about them,
//! written from the policy alone by people who did not look at the rules (`fixtures/corpora/own`). Does not
//! own single behaviours, which are fixtures. Invariant: a line is judged on a machine of its own, by the whole
//! hook.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::Value;

use crate::memory;

/// What a line must come to.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "lowercase")]
enum Expect {
    /// Denied.
    Refuse,
    /// Denied or asked.
    Stop,
    /// Neither; a warning is no stop.
    Ordinary,
}

#[derive(Debug, Deserialize)]
struct Line {
    class: String,
    expect: Expect,
    command: Option<String>,
    payload: Option<Value>,
}

/// Right answers and lines.
type Share = (usize, usize);

fn lines(name: &str) -> Vec<Line> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/corpora/own");
    let text = fs::read_to_string(path.join(name)).unwrap();
    let parsed = text.lines().map(serde_json::from_str);
    parsed.collect::<Result<_, _>>().unwrap()
}

/// `deny`, `ask`, or empty where the call goes on.
fn decision(line: &Line) -> String {
    let stdin = match (&line.command, &line.payload) {
        (Some(command), _) => memory::payload(command),
        (None, Some(payload)) => payload.to_string(),
        (None, None) => panic!("a line without anything to judge"),
    };
    let host = memory::machine();
    host.add_dir(&format!("{}/src", memory::PROJECT));
    let response = memory::hook(&host, "PreToolUse", stdin.into_bytes());
    let answer: Value = serde_json::from_str(&response.stdout).unwrap_or_default();
    let decision = answer.pointer("/hookSpecificOutput/permissionDecision");
    decision
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn is_right(expect: Expect, decision: &str) -> bool {
    match expect {
        Expect::Refuse => decision == "deny",
        Expect::Stop => decision == "deny" || decision == "ask",
        Expect::Ordinary => decision.is_empty(),
    }
}

/// What became of a corpus: by class and expectation, the sums by expectation, and every wrong line.
#[derive(Default)]
struct Outcome {
    classes: BTreeMap<(String, Expect), Share>,
    sums: BTreeMap<Expect, Share>,
    wrong: String,
}

fn measure(names: &[&str]) -> Outcome {
    let mut result = Outcome::default();
    for line in names.iter().flat_map(|it| lines(it)) {
        let decision = decision(&line);
        let right = is_right(line.expect, &decision);
        for share in [
            result
                .classes
                .entry((line.class.clone(), line.expect))
                .or_default(),
            result.sums.entry(line.expect).or_default(),
        ] {
            share.0 += usize::from(right);
            share.1 += 1;
        }
        if !right {
            let text = line
                .command
                .unwrap_or_else(|| format!("{:?}", line.payload));
            writeln!(
                result.wrong,
                "{:?} {}: {decision:?}: {text}",
                line.expect, line.class
            )
            .unwrap();
        }
    }
    result
}

#[test]
fn corpus_of_strangers_is_judged_as_the_policy_says() {
    let result = measure(&[
        "dangerous.jsonl",
        "ordinary.jsonl",
        "payloads.jsonl",
        "holdout-commands.jsonl",
        "holdout-payloads.jsonl",
        "reserve-commands.jsonl",
        "reserve-payloads.jsonl",
        "blind-commands.jsonl",
        "blind-payloads.jsonl",
    ]);
    let mut table = String::new();
    for ((class, expect), (right, all)) in &result.classes {
        writeln!(table, "{class:<22} {expect:<10?} {right:>4} of {all}").unwrap();
    }
    println!("{table}");
    let per_mille = |expect: Expect| {
        let (right, all) = result.sums.get(&expect).copied().unwrap_or_default();
        assert!(all > 300, "{expect:?}: the corpus is missing");
        right * 1000 / all
    };
    let shares = [Expect::Refuse, Expect::Stop, Expect::Ordinary].map(per_mille);
    let wanted = [990, 970, 998];
    assert!(
        shares.iter().zip(wanted).all(|(is, wanted)| *is >= wanted),
        "per thousand right: {shares:?}, wanted: {wanted:?}\n{table}\n{}",
        result.wrong
    );
}
