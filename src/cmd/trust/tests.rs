use clap::Parser;

use super::*;
use crate::host::fake::FakeHost;

#[derive(clap::Parser)]
struct Cli {
    #[command(flatten)]
    args: TrustArgs,
}

const FILE: &str = "/p/.claude/hookbin.toml";
const TEXT: &str = "rules.disable = ['git-reset-hard']";

fn places() -> Places {
    Places {
        project: "/p".into(),
        cwd: "/p".into(),
        own: crate::host::Dirs {
            state: "/state".into(),
            config: "/config".into(),
            managed: "/etc/hookbin".into(),
            ..crate::host::Dirs::default()
        },
        ..Places::default()
    }
}

fn call(host: &FakeHost, words: &[&str]) -> Result<(Granted, String), String> {
    let words = std::iter::once(&"trust").chain(words);
    let cli = Cli::try_parse_from(words).map_err(|it| it.to_string())?;
    let mut out = Vec::new();
    let granted = run(&cli.args, host, &places(), &|| Ok(()), &mut out);
    let granted = granted.map_err(|it| format!("{it:#}"))?;
    Ok((granted, String::from_utf8(out).expect("text")))
}

#[test]
fn trusting_a_file_lets_it_loosen_until_it_changes() {
    let host = FakeHost::new();
    host.add_file(FILE, TEXT);
    let overrides = || {
        let policy = policy::load(&host, &places().own, "/p").expect("a policy");
        policy.overrides.len()
    };
    assert_eq!(overrides(), 0);
    let (granted, text) = call(&host, &[".claude/hookbin.toml"]).expect("a grant");
    assert!(text.contains("rules.disable  [git-reset-hard]"), "{text}");
    let record = granted.record.expect("a record");
    assert_eq!(
        (record.event.as_str(), record.subject.as_str()),
        ("trust", FILE)
    );
    assert!(record.note.contains(&trust::sha256(TEXT.as_bytes())));
    assert_eq!(overrides(), 1);
    host.add_file(FILE, format!("{TEXT} "));
    assert_eq!(overrides(), 0);
}

#[test]
fn what_cannot_be_trusted_is_refused_with_the_cure() {
    #[track_caller]
    fn check(prepare: &dyn Fn(&FakeHost), file: &str, expected: &str) {
        let host = FakeHost::new();
        host.add_file(FILE, TEXT);
        prepare(&host);
        let error = call(&host, &[file]).expect_err(expected);
        assert!(error.contains(expected), "{error}");
        assert_eq!(host.file("/state/trust.json"), None);
    }
    check(&|_| {}, "/p/README.md", "name its .claude/hookbin.toml");
    check(
        &|_| {},
        "/q/.claude/hookbin.toml",
        "cannot read /q/.claude/hookbin.toml",
    );
    check(
        &|it| it.add_file(FILE, "mod = 1"),
        FILE,
        "hookbin.toml:1:1: there is no setting `mod`",
    );
    check(
        &|it| it.add_file(FILE, b"\xff".as_slice()),
        FILE,
        "is not UTF-8",
    );
    let managed = |it: &FakeHost| it.add_file("/etc/hookbin/config.toml", "grants = 'none'");
    check(&managed, FILE, "does not let people trust");
    check(
        &|it| it.make_read_only("/state"),
        FILE,
        "cannot write /state/trust.json",
    );
}

#[test]
fn an_agent_is_refused_but_may_look() {
    let host = FakeHost::new();
    host.add_file(FILE, TEXT);
    let check = |words: &[&str], refused: bool| {
        let cli = Cli::try_parse_from(std::iter::once(&"trust").chain(words)).expect("arguments");
        let agent: &dyn Fn() -> Result<(), String> = &|| Err("this is for people".into());
        let answer = run(&cli.args, &host, &places(), agent, &mut Vec::new());
        assert_eq!(answer.is_err(), refused, "{words:?}");
    };
    check(&[FILE], true);
    check(&["--revoke", FILE], true);
    check(&["--list"], false);
    assert_eq!(host.file("/state/trust.json"), None);
}

#[test]
fn trust_is_listed_and_taken_back() {
    let host = FakeHost::new();
    host.add_file(FILE, TEXT);
    assert_eq!(
        call(&host, &["--list"]).expect("a list").1,
        "no project file is trusted\n"
    );
    call(&host, &[FILE]).expect("a grant");
    let (_, listed) = call(&host, &["--list"]).expect("a list");
    assert!(
        listed.ends_with(&format!("2026-01-01T00:00:00Z  {FILE}\n")),
        "{listed}"
    );
    let (_, listed) = call(&host, &["--list", "--json"]).expect("a list");
    assert!(serde_json::from_str::<serde_json::Value>(&listed).expect("JSON")[0]["path"] == FILE);
    assert!(call(&host, &["--revoke", "/other"]).is_err());
    let (granted, _) = call(&host, &["--revoke", ".claude/hookbin.toml"]).expect("a revocation");
    assert!(
        granted
            .record
            .expect("a record")
            .note
            .starts_with("trust revoked")
    );
    assert_eq!(
        call(&host, &["--list"]).expect("a list").1,
        "no project file is trusted\n"
    );
}
