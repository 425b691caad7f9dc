use clap::Parser;

use super::*;
use crate::host::fake::FakeHost;

#[derive(clap::Parser)]
struct Cli {
    #[command(flatten)]
    args: AllowArgs,
}

const PERSON: &dyn Fn() -> Result<(), String> = &|| Ok(());

fn places() -> Places {
    Places {
        project: "/p".into(),
        cwd: "/p/src".into(),
        own: crate::host::Dirs {
            state: "/state".into(),
            config: "/config".into(),
            managed: "/etc/hookbin".into(),
            home: "/home/dev".into(),
            ..crate::host::Dirs::default()
        },
        ..Places::default()
    }
}

/// A rule that exists, whichever packs are built in.
fn rule() -> String {
    let table = crate::rule::Table::builtin();
    let mut rules = table
        .rules()
        .filter(|it| !policy::protects_hookbin(it.id, it.pack));
    rules.next().expect("a built-in rule").id.to_owned()
}

fn call(host: &FakeHost, line: &str) -> Result<(Granted, String), String> {
    let words: Vec<String> = line
        .split('|')
        .map(|it| it.replace("RULE", &rule()))
        .collect();
    let words = std::iter::once("allow".to_owned()).chain(words);
    let cli = Cli::try_parse_from(words).map_err(|it| it.to_string())?;
    let mut out = Vec::new();
    let granted =
        run(&cli.args, host, &places(), PERSON, &mut out).map_err(|it| format!("{it:#}"))?;
    Ok((granted, String::from_utf8(out).expect("text")))
}

fn standing(host: &FakeHost) -> Vec<Allowance> {
    allowance::allowances(host, &places().own)
}

#[test]
fn terms_are_kept() {
    #[track_caller]
    fn check(line: &str, expected: &Allowance) {
        let host = FakeHost::new();
        call(&host, line).expect("a grant");
        let found = standing(&host).pop().expect("an allowance");
        let expected = Allowance {
            rule: rule(),
            id: found.id.clone(),
            ..expected.clone()
        };
        assert_eq!(found, expected, "{line}");
    }
    let none = Allowance::default();
    check(
        "RULE|--once",
        &Allowance {
            once: true,
            ..none.clone()
        },
    );
    check(
        "RULE|--for|1h",
        &Allowance {
            until: 1_767_229_200,
            ..none.clone()
        },
    );
    check(
        "RULE|--project",
        &Allowance {
            project: "/p".into(),
            ..none.clone()
        },
    );
    let path = Allowance {
        once: true,
        path: "/p/src/x".into(),
        ..none.clone()
    };
    check("RULE|--once|--path|x", &path);
    check("RULE|--once|--path|./../src//x", &path);
    let home = Allowance {
        once: true,
        path: "/home/dev/x/**".into(),
        ..none.clone()
    };
    check("RULE|--once|--path|~/x/**", &home);
    let command = Allowance {
        once: true,
        command: "git reset --hard".into(),
        ..none
    };
    check("RULE|--once|--command|git reset --hard", &command);
}

#[test]
fn a_path_is_kept_as_it_really_is() {
    let host = FakeHost::new();
    host.add_dir("/srv/data");
    host.add_link("/p/src/data", "/srv/data");
    for (written, kept) in [
        ("data", "/srv/data"),
        ("data/**", "/srv/data/**"),
        ("data/new/x", "/srv/data/new/x"),
    ] {
        call(&host, &format!("RULE|--once|--path|{written}")).expect("a grant");
        assert_eq!(standing(&host).pop().expect("an allowance").path, kept);
    }
}

#[test]
fn what_cannot_be_granted_is_refused_with_the_cure() {
    #[track_caller]
    fn check(line: &str, expected: &str) {
        let host = FakeHost::new();
        let error = call(&host, line).expect_err(line);
        assert!(error.contains(expected), "{line}: {error}");
        assert_eq!(standing(&host), []);
    }
    check("RULE", "--once, --for 1h or --project");
    check("RULE|--path|x", "--once, --for 1h or --project");
    check("RULEx|--once", "did you mean");
    check(
        "zebra-zebra-zebra|--once",
        "`hookbin rules list` shows them",
    );
    check("pack:git|--once", "there is no rule");
    check("RULE|--for|soon", "`soon` is not a time");
    check("RULE|--for|0h", "is not a time");
    check("RULE|--for|-1h", "");
    check("RULE|--for|400d", "is not a time");
    check("RULE|--for|99999999999999999999d", "is not a time");
    check("RULE|--for|h", "is not a time");
    check("RULE|--for|1ä", "is not a time");
    check("RULE|--once|--command|", "--command wants the shell text");
    check("hookbin-settings-removed|--once", "has no exceptions");
    check("path-hookbin-write|--once", "has no exceptions");
    check("--revoke|nothing", "no exception is called `nothing`");
    check("--list|--revoke|x", "cannot be used with");
    check("RULE|--list", "cannot be used with");
}

#[test]
fn an_agent_is_refused_but_may_look() {
    let (host, places) = (FakeHost::new(), places());
    let agent: &dyn Fn() -> Result<(), String> = &|| Err("this is for people".into());
    let check = |words: &[&str], refused: bool| {
        let cli = Cli::try_parse_from(std::iter::once(&"allow").chain(words)).expect("arguments");
        let answer = run(&cli.args, &host, &places, agent, &mut Vec::new());
        assert_eq!(answer.is_err(), refused, "{words:?}");
    };
    check(&[&rule(), "--once"], true);
    check(&["--revoke", "x"], true);
    check(&["--list"], false);
    assert_eq!(host.file("/state/allow.jsonl"), None);
}

#[test]
fn managed_policy_may_forbid_exceptions() {
    let check = |managed: &str, expected: &str| {
        let host = FakeHost::new();
        host.add_file("/etc/hookbin/config.toml", managed.replace("RULE", &rule()));
        let error = call(&host, "RULE|--once").expect_err(managed);
        assert!(error.contains(expected), "{error}");
    };
    check("grants = 'none'", "does not let people grant");
    check(
        "rules.decision = { RULE = 'deny' }",
        "managed policy decides",
    );
    check("grants = 'nobody'", "/etc/hookbin/config.toml:1:10");
}

#[test]
fn a_grant_is_listed_recorded_and_taken_back() {
    let host = FakeHost::new();
    let (granted, text) = call(&host, "RULE|--for|1h|--command|cmd --x").expect("a grant");
    let record = granted.record.expect("a record");
    assert_eq!(
        (record.event.as_str(), record.decision.as_str()),
        ("allow", "note")
    );
    assert_eq!(
        (record.subject.as_str(), record.rules),
        ("cmd --x", vec![rule()])
    );
    assert_eq!(record.cwd, "/p/src");
    assert!(
        record
            .note
            .starts_with("allowed until 2026-01-01 01:00 UTC, for command cmd --x, id ")
    );
    let id = standing(&host)[0].id.clone();
    assert!(text.contains(&format!("--revoke {id}")), "{text}");
    let (_, listed) = call(&host, "--list").expect("a list");
    assert!(
        listed.starts_with(&format!("{id}  {}  until", rule())),
        "{listed}"
    );
    let (_, listed) = call(&host, "--list|--json").expect("a list");
    assert!(serde_json::from_str::<serde_json::Value>(&listed).expect("JSON")[0]["id"] == id);
    host.advance(3600);
    assert_eq!(
        call(&host, "--list").expect("a list").1,
        "no exceptions are in force\n"
    );
    let (granted, _) = call(&host, &format!("--revoke|{id}")).expect("a revocation");
    assert!(granted.record.expect("a record").note.contains(&id));
    assert_eq!(standing(&host), []);
}

#[test]
fn a_long_subject_is_cut_between_characters() {
    let long = "ä".repeat(1000);
    let granted = granted(
        &FakeHost::new(),
        &places(),
        "allow",
        &long,
        String::new(),
        Vec::new(),
    );
    let record = granted.record.expect("a record");
    assert_eq!((record.subject.len(), record.subject_len), (512, 2000));
}
