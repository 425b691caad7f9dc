//! What holds for every input, tried with inputs that nobody wrote: damaged scripts, events, tables,
//! settings and chains, from fixed seeds. Does not own known cases, which are tested beside the code.

use std::time::Duration;

use hookbin::audit;
use hookbin::failure::sample;
use hookbin::policy;
use hookbin::rule::{self, Table, catalog};
use hookbin::shell;

use crate::generate::{Generator, SHAPES, SHELL_WORDS, Shape, cost};
use crate::memory::{self, AROUND, EVENTS, PROJECT};

const PLAIN: &str = include_str!("../../fixtures/corpora/nl2bash-plain.txt");
const TRICKY: &str = include_str!("../../fixtures/corpora/tricky.json");

/// Commands to start from: ordinary ones, tricky ones, and one of each shape.
fn commands() -> Vec<String> {
    let tricky: Vec<String> = serde_json::from_str::<serde_json::Value>(TRICKY)
        .map(|it| texts(&it))
        .expect("JSON");
    let plain = PLAIN.lines().step_by(37).map(str::to_owned);
    let shapes = SHAPES.iter().map(|(_, make)| make(120));
    tricky.into_iter().chain(plain).chain(shapes).collect()
}

/// Every longer string in it.
fn texts(value: &serde_json::Value) -> Vec<String> {
    match value {
        serde_json::Value::String(text) if text.len() > 8 => vec![text.clone()],
        serde_json::Value::Array(them) => them.iter().flat_map(texts).collect(),
        serde_json::Value::Object(them) => them.values().flat_map(texts).collect(),
        _ => Vec::new(),
    }
}

/// A thousand mutations of the commands, each in less time than a hook call has.
pub(crate) fn mutate(commands: &[String], seed: u64, words: &[&str], judge: impl Fn(&str)) {
    let mut generator = Generator::new(seed);
    for _ in 0..1000 {
        let one = &commands[generator.below(commands.len())];
        let other = &commands[generator.below(commands.len())];
        let text = generator.mutate(one, other, words);
        let took = cost(|| judge(&text));
        assert!(took < Duration::from_secs(2), "{text:?}");
    }
}

/// Both parts of every command, cut anywhere.
pub(crate) fn cut(commands: &[String], seed: u64, read: impl Fn(&str)) {
    let mut generator = Generator::new(seed);
    for command in commands {
        let mut cut = generator.below(command.len() + 1);
        while !command.is_char_boundary(cut) {
            cut -= 1;
        }
        let (before, after) = command.split_at(cut);
        read(before);
        read(after);
    }
}

/// Ten times the length may take ten times as long, and noise on top.
pub(crate) fn lengthen(shapes: &[Shape], judge: impl Fn(&str)) {
    for (name, make) in shapes {
        let (short, long) = (make(512), make(5120));
        let best = |text: &str, runs: usize| {
            let costs = (0..runs).map(|_| cost(|| judge(text)));
            costs.min().unwrap_or_default()
        };
        let before = best(&short, 3).max(Duration::from_micros(300));
        let mut after = best(&long, 1);
        if after > before * 15 {
            after = after.min(best(&long, 3));
        }
        assert!(after <= before * 30, "{name}: {before:?}, then {after:?}");
    }
}

#[test]
fn mutated_scripts_are_read_and_judged() {
    let host = memory::machine();
    mutate(&commands(), 1, SHELL_WORDS, |text| {
        let (reading, _) = memory::judge(&host, text);
        memory::check_shape(text, &reading);
    });
}

#[test]
fn scripts_may_end_anywhere() {
    cut(&commands(), 2, |text| {
        memory::check_shape(text, &shell::read(text, &AROUND));
    });
}

#[test]
fn cost_grows_with_length_only() {
    let host = memory::machine();
    lengthen(SHAPES, |text| {
        memory::judge(&host, text);
    });
}

#[test]
fn any_bytes_get_an_answer() {
    let mut generator = Generator::new(3);
    let events = [
        include_str!("../../fixtures/events/PreToolUse-Bash.json"),
        include_str!("../../fixtures/events/PreToolUse-Write.json"),
        include_str!("../../fixtures/events/PreToolUse-mcp-store-write-file.json"),
        include_str!("../../fixtures/events/PostToolUse-Bash.json"),
        include_str!("../../fixtures/events/Stop.json"),
        include_str!("../../fixtures/events/PreCompact-auto.json"),
        include_str!("../../fixtures/events/SessionStart-startup.json"),
    ];
    for round in 0..1000 {
        let stdin = if round % 5 == 0 {
            let length = generator.below(80);
            generator.bytes(length)
        } else {
            let event = events[generator.below(events.len())];
            generator.damage(event.as_bytes())
        };
        let event = EVENTS[generator.below(EVENTS.len())];
        let response = memory::hook(&memory::machine(), event, stdin.clone());
        memory::check_response(event, &stdin, &response);
    }
}

#[test]
fn damaged_rule_files_are_rules_or_an_error() {
    let mut generator = Generator::new(4);
    for (file, text) in catalog::files().unwrap() {
        for _ in 0..3 {
            let changed = generator.mutate(&text, &text, RULE_WORDS);
            if let Ok(source) = rule::load(&file, &changed)
                && let Ok(table) = Table::compile(&[source])
            {
                assert!(Table::from_bytes(table.as_bytes().to_vec()).is_ok());
            }
        }
    }
    let table = Table::builtin();
    for _ in 0..60 {
        let damaged = generator.damage(table.as_bytes());
        assert!(damaged == table.as_bytes() || Table::from_bytes(damaged).is_err());
    }
}

const RULE_WORDS: &[&str] = &[
    "\"",
    "'''",
    "[",
    "]",
    "{",
    "}",
    "=",
    "\n",
    "[[rule]]",
    "[pack]",
    "any = [{}]",
    "not = ",
    "regex = \"(a*)*\"",
    "◆",
    "\\",
    "true",
    "-1",
    "@shell",
    "at = [\"**\"]",
    "\u{0}",
    "#",
];

#[test]
fn damaged_policies_are_a_policy_or_an_error() {
    const POLICY: &str = "mode = \"observe\"\npreset = \"strict\"\n[audit]\nsync = \"always\"\n\
        [rules]\noff = [\"git-reset-hard\"]\n[paths]\nprotect = [\"secret/**\"]\n";
    let mut generator = Generator::new(5);
    for round in 0..300 {
        let host = memory::machine();
        let dirs = memory::dirs();
        let path = match round % 3 {
            0 => format!("{}/config.toml", dirs.config),
            1 => format!("{PROJECT}/.claude/hookbin.toml"),
            _ => format!("{}/config.toml", dirs.managed),
        };
        host.add_file(&path, generator.mutate(POLICY, POLICY, RULE_WORDS));
        let first = policy::load(&host, &dirs, PROJECT).map(|it| format!("{it:?}"));
        let again = policy::load(&host, &dirs, PROJECT).map(|it| format!("{it:?}"));
        assert_eq!(first, again);
        let problems = policy::problems(&host, &dirs, PROJECT);
        assert_eq!(first.is_err(), !problems.errors.is_empty());
    }
}

#[test]
fn any_settings_file_is_refused_or_wired_and_unwired() {
    const SETTINGS: [&str; 4] = [
        "{\n  \"model\": \"opus\",\n  \"hooks\": {\n    \"PreToolUse\": [\n      {\n        \"matcher\": \"Bash\",\n        \"hooks\": [{ \"type\": \"command\", \"command\": \"x\" }]\n      }\n    ]\n  }\n}\n",
        "\u{feff}{\"env\": {\"A\": \"1\"},\r\n\t\"permissions\":{\"allow\":[\"Bash(ls:*)\"]}}",
        "{\"hooks\":{\"PreToolUse\":[],\"Stop\":[{\"hooks\":[]}]}, \"x\": [1, -2.5e3, null, true]}",
        "{}",
    ];
    const WORDS: &[&str] = &[
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        " ",
        "\n",
        "\r\n",
        "\t",
        "{}",
        "[]",
        "null",
        "1",
        "\\u0000",
        "\"hooks\":{}",
        "\"Stop\":[]",
        "\"hooks\":[{}]",
        "\u{feff}",
        "\"a\":1,",
        "\u{4e2d}",
    ];
    let mut generator = Generator::new(6);
    for text in SETTINGS {
        memory::check_wiring(text);
    }
    for round in 0..80 {
        let text = SETTINGS[round % SETTINGS.len()];
        memory::check_wiring(&generator.mutate(text, SETTINGS[0], WORDS));
    }
}

/// Every byte of the chain counts: none can be another one unnoticed.
#[test]
fn every_changed_byte_of_a_chain_shows() {
    let host = memory::machine();
    let dirs = memory::dirs();
    memory::append(&host, 20);
    let path = format!("{}/audit/000001.jsonl", dirs.state);
    let whole = host.file(&path).expect("the segment");
    let clean = audit::verify(&host, &dirs).expect("a report");
    assert!(clean.clean() && clean.gaps.is_empty(), "{clean:?}");
    let mut changed = whole.clone();
    for at in 0..whole.len() {
        let bit = 1 << (at % 7);
        changed[at] ^= bit;
        host.add_file(&path, changed.clone());
        let report = audit::verify(&host, &dirs).expect("a report");
        assert!(!report.clean(), "byte {at} of {}", whole.len());
        changed[at] ^= bit;
    }
    for at in 0..whole.len() {
        if at % 11 == 0 || whole[at] == b'\n' {
            host.add_file(&path, &whole[..at]);
            let report = audit::verify(&host, &dirs).expect("a report");
            assert!(!report.clean(), "cut at {at}");
        }
    }
}

#[test]
fn redaction_is_done_once() {
    let commands = commands();
    let mut generator = Generator::new(7);
    let token = ["gh", "p_", &"a1B2".repeat(9)].concat();
    let words = [
        "password=",
        "--token ",
        "https://u:p@h/",
        "Authorization: Bearer ",
        "=",
        ":",
        "\"",
        "'",
        "\\",
        " ",
        "\n",
        "-p",
        "mysql -p",
        "curl -u ",
        "AKIA",
        "eyJ",
        "xoxb-",
        "[redacted",
        "]",
        "-----BEGIN PRIVATE KEY-----",
        "\u{4e2d}",
        &token,
    ];
    for _ in 0..2000 {
        let one = &commands[generator.below(commands.len())];
        let other = &commands[generator.below(commands.len())];
        memory::check_redaction(&generator.mutate(one, other, &words));
    }
}

#[test]
fn any_text_is_some_failure() {
    const WORDS: &[&str] = &[
        "\n",
        "\r",
        "\t",
        " ",
        "\u{1b}[31m",
        "\u{1b}[",
        "error",
        "permission denied",
        "failed",
        "Exit code 1\n",
        "<tool_use_error>",
        "#",
        "/tmp/tmp.",
        "0x",
        "Retry-After: 9e99",
        "1m30s",
        "550e8400-e29b-41d4-a716-446655440000",
        "\u{130}",
        "\u{4e2d}",
        "\u{e9}",
        "\u{0}",
    ];
    let texts: Vec<String> = sample::all().into_iter().map(|it| it.text).collect();
    let mut generator = Generator::new(8);
    for round in 0..3000 {
        let one = &texts[generator.below(texts.len())];
        let other = &texts[generator.below(texts.len())];
        let text = generator.mutate(one, other, WORDS);
        memory::check_failure(&text);
        if round % 100 == 0 {
            memory::check_failure(&text.repeat(60_000 / text.len().max(1)));
        }
    }
}

#[test]
fn reading_a_failure_costs_little() {
    let every: String = sample::all()
        .iter()
        .map(|it| it.text.replace('\n', " "))
        .collect();
    let lines: String = sample::all().iter().map(|it| it.text.clone()).collect();
    for text in [
        every,
        lines,
        "error ".repeat(9000),
        "/tmp/".repeat(9000),
        "#1 ".repeat(9000),
    ] {
        let took = cost(|| memory::check_failure(&text));
        assert!(took < Duration::from_millis(500), "{took:?}: {text}");
    }
}
