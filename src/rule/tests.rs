use super::catalog;
use super::selftest;
use super::*;
use crate::host::fake::FakeHost;
use crate::path::{Class, class_by_word};
use crate::shell::access::AccessKind;
use crate::shell::{Context, RedirectOp};
use crate::verdict::{Decision, Severity};

/// A pack with one rule whose match is given; the samples are those of a rule that only loads.
fn pack(matches: &str) -> String {
    format!(
        r#"
[pack]
id = "mine"
guard = "bash"
title = "t"

[[rule]]
id = "a-rule"
title = "t"
severity = "high"
decision = "deny"
since = "0.1.0"
why = "because."
match = {matches}
hit = ["a", "b"]
miss = ["c", "d"]
"#
    )
}

fn compile(text: &str) -> Result<Table, LoadError> {
    Table::compile(&[load("mine.toml", text)?])
}

#[test]
fn built_in_table_is_what_the_sources_say() {
    let sources = catalog::builtin().unwrap();
    let table = Table::compile(&sources).unwrap();
    assert_eq!(table.as_bytes(), Table::builtin().as_bytes());
    assert!(table.rules().count() >= 80);
}

#[test]
fn every_sample_does_what_it_promises() {
    let report = selftest::run(
        &catalog::builtin().unwrap(),
        &Table::builtin(),
        &selftest::fake_host(),
    );
    let failures: Vec<String> = report
        .failures
        .iter()
        .map(|it| format!("{}: `{}` {}", it.rule, it.sample, it.reason))
        .collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert!(report.samples >= 4 * report.rules);
}

#[test]
fn words_are_those_of_the_types() {
    for &class in Class::ALL {
        assert_eq!(
            words::position(words::CLASSES, class.word()),
            Some(class as u32)
        );
    }
    let count = words::CLASSES.split_ascii_whitespace().count();
    assert_eq!(count, Class::ALL.len());
    for word in words::CLASSES.split_ascii_whitespace() {
        assert!(class_by_word(word).is_some(), "{word}");
    }
    for (position, severity) in Severity::ALL.into_iter().enumerate() {
        let position = u8::try_from(position).unwrap();
        assert_eq!(words::word_at(words::SEVERITIES, position), severity.word());
    }
    for (position, decision) in Decision::ALL.into_iter().enumerate() {
        let position = u8::try_from(position).unwrap();
        assert_eq!(words::word_at(words::DECISIONS, position), decision.word());
    }
    for (word, kind) in [
        ("read", AccessKind::Read),
        ("list", AccessKind::List),
        ("append", AccessKind::Append),
        ("write", AccessKind::Write),
        ("delete", AccessKind::Delete),
        ("move", AccessKind::Move),
        ("permission", AccessKind::Permission),
        ("link", AccessKind::Link),
        ("execute", AccessKind::Execute),
        ("send", AccessKind::Send),
    ] {
        assert_eq!(words::position(words::ACCESSES, word), Some(kind as u32));
    }
    for (word, bit) in [
        ("subshell", Context::SUBSHELL),
        ("background", Context::BACKGROUND),
        ("privileged", Context::PRIVILEGED),
        ("remote", Context::REMOTE),
        ("container", Context::CONTAINER),
        ("deferred", Context::DEFERRED),
        ("decoded", Context::DECODED),
        ("fed", Context::FED),
        ("switched", Context::SWITCHED),
    ] {
        assert_eq!(1 << words::position(words::CONTEXTS, word).unwrap(), bit);
    }
    for (word, op) in [
        ("read", RedirectOp::Read),
        ("append", RedirectOp::Append),
        ("here-string", RedirectOp::HereString),
        ("duplicate", RedirectOp::Duplicate),
    ] {
        assert_eq!(words::position(words::REDIRECTS, word), Some(op as u32));
    }
}

/// Loading fails with an error that starts with the file and contains the text.
fn refused(text: &str, wanted: &str) {
    let error = compile(text).unwrap_err().to_string();
    assert!(error.starts_with("mine.toml"), "{error}");
    assert!(error.contains(wanted), "{error}\n  wanted: {wanted}");
}

#[test]
fn errors_name_file_line_column_and_what_to_do() {
    let good = pack("{ program = \"x\" }");
    assert!(compile(&good).is_ok());
    refused(
        &pack("{ programm = \"x\" }"),
        "mine.toml:14:11: unknown field",
    );
    refused(&pack("{ program = 7 }"), "a string or a list of strings");
    refused(
        &pack("{}"),
        "mine.toml:7:1: rule `a-rule`: a match without any condition",
    );
    refused(&pack("{ access = \"erase\" }"), "unknown access `erase`");
    refused(
        &pack("{ access = \"read\", path = \"moon\" }"),
        "unknown path class",
    );
    refused(&pack("{ path = \"home\" }"), "describe an `access`");
    refused(&pack("{ program = \"@nobody\" }"), "unknown group");
    refused(&pack("{ program = \"/bin/rm\" }"), "base name");
    refused(
        &pack("{ program = \"x\", any_flag = \"force\" }"),
        "is not a flag",
    );
    refused(&pack("{ context_any = \"moon\" }"), "unknown context");
    refused(
        &pack("{ text = { keywords = [\"abc\"], regex = \"(\", reason = \"r\" } }"),
        "does not compile",
    );
    refused(
        &pack("{ text = { keywords = [\"ab\"], reason = \"r\" } }"),
        "three letters",
    );
    refused(
        &pack("{ text = { keywords = [], reason = \"r\" } }"),
        "needs keywords",
    );
    refused(
        &pack("{ program = \"x\", any = [{ any = [{ arg = \"y\" }] }] }"),
        "inside `any`",
    );
}

#[test]
fn fields_are_checked() {
    let good = pack("{ program = \"x\" }");
    refused(
        &good.replace("hit = [\"a\", \"b\"]", "hit = [\"a\"]"),
        "too few samples",
    );
    refused(&good.replace("\"high\"", "\"huge\""), "unknown severity");
    refused(&good.replace("\"deny\"", "\"pass\""), "unknown decision");
    refused(&good.replace("because.", "because"), "full stop");
    refused(&good.replace("a-rule", "A_rule"), "kebab-case");
    refused(&good.replace("because.", &"x".repeat(150)), "too long");
    refused(
        &good.replace("since = \"0.1.0\"\n", ""),
        "missing field `since`",
    );
    refused("[pack", "mine.toml:1:");
    let twice = [
        load("a.toml", &good).unwrap(),
        load("b.toml", &good).unwrap(),
    ];
    let error = Table::compile(&twice).unwrap_err().to_string();
    assert!(error.contains("already used in a.toml"), "{error}");
}

#[test]
fn damaged_tables_are_refused() {
    let good = Table::builtin().as_bytes().to_vec();
    assert!(Table::from_bytes(good.clone()).is_ok());
    assert_eq!(
        Table::from_bytes(Vec::new()).err(),
        Some(TableError::Foreign)
    );
    assert_eq!(
        Table::from_bytes(good.get(..60).unwrap().to_vec()).err(),
        Some(TableError::Foreign)
    );
    for at in (0..good.len()).step_by(97) {
        let mut bad = good.clone();
        bad[at] ^= 0x41;
        assert!(
            Table::from_bytes(bad).is_err() || at == 6 || at == 7,
            "{at}"
        );
    }
    let cut = good.get(..good.len() - 1).unwrap().to_vec();
    assert_eq!(Table::from_bytes(cut).err(), Some(TableError::Damaged));
}

#[test]
fn damaged_bytes_behind_a_good_checksum_never_panic() {
    let good = Table::builtin().as_bytes().to_vec();
    let host = FakeHost::new();
    let places = selftest::places();
    // A byte that no text holds, and one that may stand in any.
    let places_of_damage = (16..good.len()).step_by(211);
    for (at, byte) in places_of_damage.flat_map(|it| [(it, 0xff), (it, 0x7f)]) {
        let mut bad = good.clone();
        bad[at] = byte;
        let sum = code::checksum(&bad[16..]);
        bad[8..16].copy_from_slice(&sum.to_le_bytes());
        match Table::from_bytes(bad) {
            Ok(table) => {
                selftest::check(&table, &host, &places, "bash", "rm -rf /");
            }
            // A heap that is no text is refused as a whole: every byte there can be that.
            Err(error) => {
                assert_eq!(error, TableError::Damaged, "{at}");
                assert!(at >= code::heap_start(&good), "{at}");
            }
        }
    }
}

#[test]
fn experimental_rules_only_warn() {
    let text = pack("{ program = \"x\" }").replace("since", "status = \"experimental\"\nsince");
    let table = compile(&text).unwrap();
    assert_eq!(table.rule("a-rule").unwrap().decision, Decision::Warn);
    assert_eq!(table.rule("a-rule").unwrap().status, "experimental");
}

#[test]
fn pack_says_what_none_of_its_rules_is_about() {
    let head = |not: &str| format!("title = \"t\"\nnot = {not}\n\n[[rule]]");
    let with = |not: &str, matches: &str| {
        pack(matches).replacen("title = \"t\"\n\n[[rule]]", &head(not), 1)
    };
    let table = compile(&with("[{ any_flag = \"--help\" }]", "{ program = \"x\" }")).unwrap();
    let (host, places) = (FakeHost::new(), selftest::places());
    for (command, hits) in [("x", 1), ("x --help", 0), ("x y -- --help", 1)] {
        let found = selftest::check(&table, &host, &places, "bash", command);
        assert_eq!(found.len(), hits, "{command}");
    }
    let text = "{ text = { keywords = [\"abc\"], reason = \"r\" } }";
    assert!(compile(&with("{ arg = \"y\" }", text)).is_ok());
    refused(&with("{}", "{ program = \"x\" }"), "an empty `not`");
}

#[test]
fn fallback_yields_to_rules_that_name_the_program_and_decide_as_much() {
    let own = |decision: &str, matches: &str| {
        let own = pack(matches).replace("\"deny\"", &format!("\"{decision}\""));
        let fallback = pack("{ program = \"x\" }");
        let (_, fallback) = fallback.split_once("[[rule]]").unwrap();
        let fallback = fallback
            .replace("a-rule", "the-rest")
            .replace("\"deny\"", "\"ask\"\nfallback = true");
        compile(&format!("{own}\n[[rule]]{fallback}")).unwrap()
    };
    let (host, places) = (FakeHost::new(), selftest::places());
    for (decision, matches, command, wanted) in [
        ("deny", "{ program = \"x\", arg = \"y\" }", "x y", "a-rule"),
        ("ask", "{ program = \"x\", arg = \"y\" }", "x y", "a-rule"),
        ("ask", "{ program = \"x\", arg = \"y\" }", "x z", "the-rest"),
        (
            "warn",
            "{ program = \"x\", arg = \"y\" }",
            "x y",
            "a-rule the-rest",
        ),
        ("deny", "{ arg = \"y\" }", "x y", "the-rest a-rule"),
        (
            "ask",
            "{ program = \"x\", arg = \"y\" }",
            "x y; x",
            "a-rule the-rest",
        ),
    ] {
        let table = own(decision, matches);
        let found = selftest::check(&table, &host, &places, "bash", command);
        let found: Vec<&str> = found.iter().map(|it| it.rule.as_str()).collect();
        assert_eq!(found.join(" "), wanted, "{decision} {matches} {command}");
    }
}

#[test]
fn sample_file_shows_every_field() {
    let text = include_str!("../../rules/SAMPLE.toml");
    let source = load("rules/SAMPLE.toml", text).unwrap();
    let table = Table::compile(std::slice::from_ref(&source)).unwrap();
    let report = selftest::run(&[source], &table, &selftest::fake_host());
    assert_eq!(report.failures, []);
    let readme = include_str!("../../rules/README.md");
    for field in FIELDS.split_ascii_whitespace() {
        assert!(text.contains(field), "SAMPLE.toml lacks {field}");
        assert!(
            readme.contains(&format!("`{field}`")),
            "README.md lacks {field}"
        );
    }
}

const FIELDS: &str = "id guard title severity decision status fallback since why instead false_positives \
    references owasp match hit miss program program_unknown forks_itself on_branch subcommand any_flag \
    all_flags no_flag arg no_arg word last min_operands max_operands min_words arg_text access \
    recursive path not_path unknown_path tracked at not_at redirect piped_from piped_to goes_to \
    fed_by_substitution runs_output_of env under_env variable host context_any context_none tool text keywords regex \
    reason not any";
