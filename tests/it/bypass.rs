//! Owns the bypass product: every hit sample of every rule in every disguise that keeps its meaning, and every
//! sample at every place where text is only text. Does not own single behaviours, which are fixtures.
//! Invariant: what was stopped stays stopped, as strictly; what was silent stays silent.
//!
//! The whole product is run with `HOOKBIN_BYPASS=all`; otherwise a part of it that is drawn from a seed, which
//! `HOOKBIN_BYPASS_SEED` sets. Both are printed.

mod disguise;
mod harmless;
mod sample;
mod write;

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::thread;

use hookbin::verdict::Decision;

use disguise::{Disguise, GRAMMAR, POWER, TEXTS, WORDS, WRAPPERS};
use harmless::PLACES;
use sample::{Judge, Sample, Tool};

/// Of a thousand disguised texts so many are judged as they were, on either side.
const RIGHT_PER_THOUSAND: usize = 990;
/// Of so many texts one is judged where not all are.
const ONE_OF: u64 = 24;
/// So many pairs of disguises, one inside the other, are drawn for each sample.
const PAIRS: u64 = 4;

/// A text and what must come of it.
struct Case {
    /// The disguise or place, and the class of the rule.
    groups: [String; 2],
    tool: Tool,
    text: String,
    decision: Decision,
    is_hit: bool,
    rule: String,
}

impl Case {
    fn is_right(&self, decision: Decision) -> bool {
        if self.is_hit {
            decision >= self.decision
        } else {
            decision < Decision::Ask
        }
    }
}

/// Numbers that follow from a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }
}

fn disguises() -> Vec<&'static Disguise> {
    [WORDS, WRAPPERS, TEXTS, GRAMMAR, POWER]
        .into_iter()
        .flatten()
        .collect()
}

/// Disguises that do not hold for a rule, and why.
const EXCLUDED: &[(&str, &str, &str)] = &[
    (
        "su -c",
        "privilege-root-shell",
        "a person gives su the password, and nobody gives it to sudo",
    ),
    (
        "words in ANSI-C hex",
        "obfuscation-invisible-text",
        "escapes are visible",
    ),
    (
        "bash -lc in ANSI-C",
        "obfuscation-invisible-text",
        "escapes are visible",
    ),
    (
        "base64 to sh",
        "obfuscation-invisible-text",
        "the characters are not in the text",
    ),
    (
        "base64 in eval",
        "obfuscation-invisible-text",
        "the characters are not in the text",
    ),
    (
        "hex to sh",
        "obfuscation-invisible-text",
        "the characters are not in the text",
    ),
];

fn is_excluded(disguise: &str, rule: &str) -> bool {
    EXCLUDED
        .iter()
        .any(|(it, of, _)| *it == disguise && (*of == rule || of.is_empty()))
}

fn hit_cases(hits: &[Sample], dice: &mut Dice) -> Vec<Case> {
    let mut cases = Vec::new();
    for sample in hits {
        let mut push = |name: &str, tool: Tool, text: String| {
            cases.push(Case {
                groups: [
                    name.to_owned(),
                    format!("{} {}", sample.pack, sample.decision.word()),
                ],
                tool,
                text,
                decision: sample.decision,
                is_hit: true,
                rule: sample.rule.clone(),
            });
        };
        for disguise in disguises() {
            if let Some(text) = disguise
                .apply(sample)
                .filter(|_| !is_excluded(disguise.name, &sample.rule))
            {
                push(disguise.name, disguise.tool(), text);
            }
        }
        for _ in 0..PAIRS {
            if let Some((tool, text)) = pair(sample, dice) {
                push("two disguises", tool, text);
            }
        }
    }
    cases
}

/// A disguise in a disguise: the outer one takes any text.
fn pair(sample: &Sample, dice: &mut Dice) -> Option<(Tool, String)> {
    let all = disguises();
    let mut draw = |from: &[&'static Disguise]| {
        let index = dice.below(from.len() as u64);
        from.get(usize::try_from(index).ok()?).copied()
    };
    let inner = draw(&all)?;
    let outers: Vec<&Disguise> = if inner.tool() == Tool::Bash {
        TEXTS.iter().chain(GRAMMAR).collect()
    } else {
        POWER.iter().collect()
    };
    let outer = draw(&outers)?;
    if is_excluded(inner.name, &sample.rule) || is_excluded(outer.name, &sample.rule) {
        return None;
    }
    let text = inner.apply(sample)?;
    let disguised = sample.with(inner.tool(), text);
    Some((outer.tool(), outer.apply(&disguised)?))
}

/// The one rule about the text itself: its characters deceive the reader wherever they stand.
const EVERYWHERE: &str = "obfuscation-invisible-text";

fn miss_cases(samples: &[Sample]) -> Vec<Case> {
    let bash = samples.iter();
    let bash = bash.filter(|it| it.tool == Tool::Bash && it.rule != EVERYWHERE);
    bash.flat_map(|sample| {
        PLACES.iter().filter_map(|place| {
            Some(Case {
                groups: [place.name.to_owned(), sample.pack.clone()],
                tool: Tool::Bash,
                text: place.put(&sample.text)?,
                decision: Decision::Pass,
                is_hit: false,
                rule: sample.rule.clone(),
            })
        })
    })
    .collect()
}

/// Right answers and answers, by group.
type Shares = BTreeMap<String, (usize, usize)>;

#[derive(Default)]
struct Outcome {
    all: (usize, usize),
    groups: [Shares; 2],
    wrong: String,
}

impl Outcome {
    fn count(&mut self, case: &Case, decision: Decision) {
        let right = usize::from(case.is_right(decision));
        self.all.0 += right;
        self.all.1 += 1;
        for (shares, group) in self.groups.iter_mut().zip(&case.groups) {
            let share = shares.entry(group.clone()).or_default();
            share.0 += right;
            share.1 += 1;
        }
        if right == 0 {
            let [disguise, _] = &case.groups;
            let (wanted, got) = (case.decision.word(), decision.word());
            writeln!(
                self.wrong,
                "{disguise}\t{}\t{wanted}\t{got}\t{:?}",
                case.rule, case.text
            )
            .expect("memory");
        }
    }

    fn table(&self) -> String {
        let mut table = String::new();
        for (group, (right, all)) in self.groups.iter().flatten() {
            let percent = per_thousand((*right, *all));
            writeln!(
                table,
                "{group:<36} {right:>6} of {all:>6}  {:>3}.{} %",
                percent / 10,
                percent % 10
            )
            .expect("memory");
        }
        table
    }
}

fn per_thousand((right, all): (usize, usize)) -> usize {
    right * 1000 / all.max(1)
}

fn judge(cases: &[Case]) -> Outcome {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let share = cases.len().div_ceil(workers).max(1);
    let decided: Vec<Decision> = thread::scope(|scope| {
        let started: Vec<_> = cases
            .chunks(share)
            .map(|cases| {
                scope.spawn(move || {
                    let judge = Judge::new();
                    let decided = cases.iter().map(|it| judge.decision(it.tool, &it.text));
                    decided.collect::<Vec<_>>()
                })
            })
            .collect();
        started
            .into_iter()
            .flat_map(|it| it.join().expect("a worker"))
            .collect()
    });
    let mut outcome = Outcome::default();
    for (case, decision) in cases.iter().zip(decided) {
        outcome.count(case, decision);
    }
    outcome
}

/// What of a product is judged, and with which numbers.
fn drawn(mut cases: Vec<Case>, dice: &mut Dice, seed: u64) -> Vec<Case> {
    let whole = cases.len();
    if env::var("HOOKBIN_BYPASS").is_ok_and(|it| it == "all") {
        println!("all of {whole} texts, seed {seed}");
        return cases;
    }
    cases.retain(|_| dice.below(ONE_OF) == 0);
    println!(
        "{} of {whole} texts, seed {seed}; HOOKBIN_BYPASS=all judges all of them",
        cases.len()
    );
    cases
}

fn seed() -> u64 {
    let set = env::var("HOOKBIN_BYPASS_SEED")
        .ok()
        .and_then(|it| it.parse().ok());
    set.unwrap_or(20_261_122)
}

#[track_caller]
fn check(name: &str, cases: &[Case]) {
    let outcome = judge(cases);
    let (right, all) = outcome.all;
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bypass-{name}.txt"));
    fs::write(&path, &outcome.wrong).expect("a list of what is wrong");
    println!(
        "{}{right} of {all} are right; the others: {}",
        outcome.table(),
        path.display()
    );
    assert!(all > 1000, "the product is missing");
    assert!(
        per_thousand(outcome.all) >= RIGHT_PER_THOUSAND,
        "{right} of {all}\n{}\n{}",
        outcome.table(),
        outcome
            .wrong
            .lines()
            .take(200)
            .collect::<Vec<_>>()
            .join("\n"),
    );
}

#[test]
fn disguised_hits_stay_stopped() {
    let seed = seed();
    let mut dice = Dice(seed);
    let (hits, _) = sample::all();
    let cases = hit_cases(&hits, &mut dice);
    check("hits", &drawn(cases, &mut dice, seed));
}

#[test]
fn samples_that_are_only_text_stay_silent() {
    let seed = seed();
    let mut dice = Dice(seed);
    let (hits, misses) = sample::all();
    let mut cases = miss_cases(&misses);
    cases.extend(miss_cases(&hits));
    check("misses", &drawn(cases, &mut dice, seed));
}
