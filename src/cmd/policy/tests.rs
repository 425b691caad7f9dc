use clap::Parser;

use super::*;
use crate::host::fake::FakeHost;

#[derive(clap::Parser)]
struct Cli {
    #[command(flatten)]
    args: PolicyArgs,
}

const USER: &str = "/config/config.toml";
const PROJECT: &str = "/p/.claude/hookbin.toml";

fn call(host: &FakeHost, words: &[&str]) -> (u8, String) {
    let places = Places {
        project: "/p".into(),
        cwd: "/p".into(),
        own: crate::host::Dirs {
            state: "/state".into(),
            config: "/config".into(),
            managed: "/etc/hookbin".into(),
            ..crate::host::Dirs::default()
        },
        ..Places::default()
    };
    let cli = Cli::try_parse_from(std::iter::once(&"policy").chain(words)).expect("arguments");
    let mut out = Vec::new();
    let code = run(&cli.args, host, &places, &mut out).expect("an answer");
    (code, String::from_utf8(out).expect("text"))
}

#[test]
fn show_lists_every_setting_aligned_with_its_origin() {
    let host = FakeHost::new();
    host.add_file(USER, "preset = 'strict'\npaths.protect = ['secrets/**']");
    host.add_file(
        PROJECT,
        "mode = 'observe'\nrules.decision = { git-reset-hard = 'deny' }",
    );
    let (code, text) = call(&host, &["show"]);
    assert_eq!(code, 0);
    let has = |line: &str| {
        let squeezed: Vec<String> = text
            .lines()
            .map(|it| it.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        assert!(squeezed.iter().any(|it| it == line), "{line} in\n{text}");
    };
    has("mode enforce preset strict");
    has("preset strict user");
    has("boundary.outside ask preset strict");
    has("paths.protect [secrets/** (read deny, write deny)] user");
    has("rules.decision.git-reset-hard at least deny project, not trusted");
    assert!(
        text.contains("note: /p/.claude/hookbin.toml:1: `mode` was ignored"),
        "{text}"
    );
    assert_eq!(
        text.lines().filter(|it| !it.is_empty()).count(),
        table::rows().count() + 2
    );
}

#[test]
fn show_as_json_has_every_setting() {
    let host = FakeHost::new();
    host.add_file(USER, "boundary.roots = ['/srv']");
    let (_, text) = call(&host, &["show", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let settings = value["settings"].as_array().expect("a list");
    assert_eq!(settings.len(), table::rows().count());
    let roots = settings
        .iter()
        .find(|it| it["key"] == "boundary.roots")
        .expect("roots");
    assert_eq!(
        (&roots["value"][0], &roots["origin"]),
        (&json!("/srv"), &json!("user"))
    );
}

#[test]
fn a_broken_file_is_named_and_fails() {
    let host = FakeHost::new();
    host.add_file(USER, "mod = 1\nmode = 'x'");
    let (code, text) = call(&host, &["show"]);
    assert_eq!((code, text.lines().count()), (1, 1));
    let (code, text) = call(&host, &["check"]);
    assert_eq!((code, text.lines().count()), (1, 2));
    assert!(
        text.starts_with("/config/config.toml:1:1: there is no setting `mod`"),
        "{text}"
    );
    let (code, text) = call(&host, &["check", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((code, &value["errors"][1]["line"]), (1, &json!(2)));
}

#[test]
fn check_without_problems_says_so() {
    let host = FakeHost::new();
    assert_eq!(
        call(&host, &["check"]),
        (
            0,
            "no policy or rule files: the standard preset holds\n".into()
        )
    );
    host.add_file(USER, "");
    assert_eq!(call(&host, &["check"]), (0, "1 file, no problems\n".into()));
    host.add_file(PROJECT, "");
    assert_eq!(
        call(&host, &["check"]),
        (0, "2 files, no problems\n".into())
    );
}

#[test]
fn check_notes_what_is_harmless_but_surely_not_meant() {
    let check = |text: &str, expected: &str| {
        let host = FakeHost::new();
        host.add_file(USER, text);
        let (code, text) = call(&host, &["check"]);
        assert_eq!(code, 0, "{text}");
        assert!(text.contains(expected), "{text}");
    };
    check(
        "rules.disable = ['zebra']",
        "note: no rule or pack is called `zebra`\n",
    );
    check(
        "rules.disable = ['pack:zebra']",
        "note: no rule or pack is called `pack:zebra`",
    );
    check(
        "rules.disable = ['path-ssh-write', 'pack:paths']",
        "1 file, no problems",
    );
    check(
        "rules.decision = { 'severity:low' = 'pass' }",
        "1 file, no problems",
    );
}

#[test]
fn single_files_are_read_as_what_they_are() {
    let check = |path: &str, text: &str, expected: &str| {
        let host = FakeHost::new();
        host.add_file(path, text);
        let (code, text) = call(&host, &["check", path]);
        assert!(text.contains(expected), "{text}");
        assert_eq!(code, u8::from(!expected.contains("no problems")), "{text}");
    };
    check("/x/config.toml", "mode = 'observe'", "1 file, no problems");
    check(
        "/x/config.toml",
        "grants = 'none'",
        "only be set by managed policy",
    );
    check(
        "/etc/hookbin/config.toml",
        "grants = 'none'",
        "1 file, no problems",
    );
    check("/x/hookbin.toml", "mode = 1", "/x/hookbin.toml:1:8: ");
    check("/x/rules/a.toml", "mode = 'observe'", "/x/rules/a.toml:");
    check("/x/a.toml", "[pack]\nid = 1", "/x/a.toml:2:6: ");
}

#[test]
fn destinations_are_never_shown() {
    let host = FakeHost::new();
    let secret = format!("ghp_{}", "Ab3dEf6hIj".repeat(4).get(..36).unwrap());
    let text = format!(
        "notify.webhook = 'https://hidden.org/x'\nnotify.slack = 'env:SLACK_URL'\n\
         notify.command = ['/bin/tell', 'token={secret}']"
    );
    host.add_file(USER, text);
    for words in [["show"].as_slice(), &["show", "--json"]] {
        let (code, text) = call(&host, words);
        assert_eq!(code, 0);
        assert!(
            !text.contains("hidden.org") && !text.contains(&secret),
            "{text}"
        );
        assert!(
            text.contains("(set, not shown)") && text.contains("env:SLACK_URL"),
            "{text}"
        );
    }
}
