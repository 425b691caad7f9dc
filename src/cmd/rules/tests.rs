use clap::Parser;

use super::*;
use crate::host::fake::FakeHost;

#[derive(clap::Parser)]
struct Cli {
    #[command(flatten)]
    args: RulesArgs,
}

const OWN: &str = "/config/rules/own.toml";

fn own() -> String {
    "# Rules of our own.\n[pack]\nid = 'own'\nguard = 'bash'\ntitle = 'Own rules'\nowasp = ['LLM06']\n\n[[rule]]\n\
     id = 'own-deploy' # the id\ntitle = 'a deploy'\nseverity = 'high'\ndecision = 'deny'\n\
     since = '0.1.0'\nfalse_positives = ['a sandbox']\nwhy = 'A deploy is for people.'\ninstead = 'Ask the user to deploy.'\n\
     match = { program = 'deploy' }\nhit = ['deploy now', 'deploy x']\n\
     miss = ['echo deploy', 'deployer']\n\n[[rule]]\nid = 'own-deploy-all'\n\
     title = 'a release'\nseverity = 'low'\ndecision = 'warn'\nsince = '0.1.0'\n\
     false_positives = ['a sandbox']\nwhy = 'A release is for people.'\ninstead = 'Ask the user.'\nmatch = { program = 'release' }\n\
     hit = ['release now', 'release x']\nmiss = ['echo release', 'releaser']\n"
        .to_owned()
}

fn call(host: &FakeHost, words: &[&str]) -> Result<(u8, String), String> {
    let places = Places {
        project: "/p".into(),
        cwd: "/p".into(),
        own: crate::host::Dirs {
            state: "/state".into(),
            config: "/config".into(),
            ..crate::host::Dirs::default()
        },
        ..Places::default()
    };
    let cli = Cli::try_parse_from(std::iter::once(&"rules").chain(words)).expect("arguments");
    let mut out = Vec::new();
    let code = run(&cli.args, host, &places, &mut out).map_err(|it| format!("{it:#}"))?;
    Ok((code, String::from_utf8(out).expect("text")))
}

fn with_own() -> FakeHost {
    let host = FakeHost::new();
    host.add_file(OWN, own());
    host
}

#[test]
fn list_shows_what_policy_makes_of_each_rule() {
    let host = with_own();
    host.add_file(
        "/config/config.toml",
        "rules.decision.own-deploy = 'ask'\nrules.disable = ['own-deploy-all']",
    );
    let (code, text) = call(&host, &["list"]).expect("a list");
    assert_eq!(code, 0);
    let line = |id: &str| {
        let line = text
            .lines()
            .find(|it| it.starts_with(&format!("{id} ")))
            .expect(id);
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        line("own-deploy"),
        "own-deploy own high ask (policy) a deploy"
    );
    assert_eq!(
        line("own-deploy-all"),
        "own-deploy-all own low pass (policy) a release"
    );
    assert!(text.ends_with("rules, 1 of them off\n"), "{text}");
    let (_, text) = call(&host, &["list", "--json"]).expect("a list");
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let rules = value.as_array().expect("a list");
    assert_eq!(rules.len(), Table::builtin().rules().count() + 2);
    let own = rules
        .iter()
        .find(|it| it["id"] == "own-deploy")
        .expect("the rule");
    assert_eq!(
        (&own["decision"], &own["own_decision"]),
        (&json!("ask"), &json!("deny"))
    );
}

#[test]
fn show_prints_a_rule_as_it_is_written() {
    let host = with_own();
    let (code, text) = call(&host, &["show", "own-deploy"]).expect("a rule");
    assert_eq!(code, 0);
    assert!(
        text.starts_with("# /config/rules/own.toml\n[[rule]]\nid = 'own-deploy' # the id\n"),
        "{text}"
    );
    assert!(
        text.ends_with("miss = ['echo deploy', 'deployer']\n"),
        "{text}"
    );
    let (_, text) = call(&host, &["show", "own-deploy-all", "--json"]).expect("a rule");
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["rule"]["match"]["program"], "release");
    let error = call(&host, &["show", "own-deplo"]).expect_err("an error");
    assert!(error.contains("did you mean `own-deploy`?"), "{error}");
}

#[test]
fn every_built_in_rule_can_be_shown() {
    let host = FakeHost::new();
    for rule in Table::builtin().rules() {
        let (_, text) = call(&host, &["show", rule.id, "--json"]).expect(rule.id);
        let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(value["rule"]["title"], rule.title, "{}", rule.id);
    }
}

#[test]
fn lint_names_what_does_not_load() {
    let check = |text: &str, expected: &str| {
        let host = FakeHost::new();
        host.add_file("/p/x.toml", text);
        let (code, text) = call(&host, &["lint", "x.toml"]).expect("an answer");
        assert_eq!(code, 1, "{text}");
        assert!(text.contains(expected), "{text}");
    };
    check("", "/p/x.toml:");
    check("[pack]\nid = 3", "/p/x.toml:2:6: ");
    check(
        &own().replace("miss = ['echo deploy', 'deployer']", "miss = []"),
        "own-deploy",
    );
    check(
        &own().replace("'own-deploy-all'", "'own-deploy'"),
        "own-deploy",
    );
    let host = FakeHost::new();
    assert!(
        call(&host, &["lint", "gone.toml"])
            .expect_err("an error")
            .contains("cannot read")
    );
}

#[test]
fn lint_reads_directories_and_their_rule_files_only() {
    let host = with_own();
    host.add_file("/config/rules/README.md", "no rules");
    host.add_file("/config/rules/.own.toml.swp", "no rules");
    host.add_file("/config/rules/.hidden.toml", "no rules");
    let (_, text) = call(&host, &["lint", "/config/rules", "--json"]).expect("an answer");
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        (&value["files"], &value["rules"], &value["errors"]),
        (&json!(1), &json!(2), &json!([]))
    );
}

#[test]
fn blocks_are_found_by_exact_id() {
    let text = "[pack]\nid = 'a'\n[[rule]]\nid = \"b-c\"\nx = '[[rule]]'\n[[rule]]\nid='b'\n";
    let check = |id: &str, expected: Option<&str>| assert_eq!(block(text, id), expected, "{id}");
    check("a", None);
    check("b", Some("[[rule]]\nid='b'\n"));
    check("b-c", Some("[[rule]]\nid = \"b-c\"\nx = '[[rule]]'\n"));
    check("", None);
}
