use super::*;
use crate::cmd::paint::Paint;
use crate::cmd::tests::NoEngine;
use crate::host::fake::FakeHost;
use crate::host::process::OsMachine;
use crate::host::{Dirs, Host as _};
use crate::rule;

const SECRETS: &str = r#"
title = "rules of a scanner"

[extend]
useDefault = true

[allowlist]
paths = ['''vendor/''']

[[rules]]
id = "acme-access-token"
description = "Found an ACME access token, which gives access to the account."
regex = '''\b(acme_[a-z0-9]{20})(?:['"\s]|$)'''
keywords = ["acme_"]

[[rules]]
id = "acme-secret"
description = "ACME secret"
regex = '''(?i)[\w.-]{0,50}?(?:acmesecret)(?:[ \t\w.-]{0,20})[\s'"]{0,3}(?:=|>|:{1,3}=)[\x60'"\s=]{0,5}([a-f0-9]{32})(?:[\x60'"\s;]|$)'''
secretGroup = 1
entropy = 3.5
keywords = ["acmesecret"]
[[rules.allowlists]]
regexes = ['''example''']

[[rules]]
id = "look-around"
description = "x"
regex = '''(?<=acme)x'''
keywords = ["acme"]

[[rules]]
id = "generic"
description = "x"
regex = '''token=[a-z]{20}'''
keywords = ["token"]

[[rules]]
id = "by-file-name"
description = "x"
path = '''\.p12$'''
"#;

const PATTERNS: &str = r"
# Patterns of a guard.
bashToolPatterns:
  - pattern: '\bfrobnicate\s+--all\b'
    reason: frobnicates everything
  - pattern: '\bdefrag\s+(--now|--fast)'
    reason: defragments
    ask: true
zeroAccessPaths:
  - ~/.ssh/
allowed:
  - pattern: '^git status'
checks:
  - from: disk
    id: disk:wipe_all
    test: wipe_all\s+/dev/
    description: >-
      This wipes a whole
      disk.
    severity: Critical
    challenge: Deny
    alternative: list the disks first
    filters:
      - type: exists
        value: 1
  - id: listing
    test: ls
    description: lists
blocklist:
  - name: other-tool
    tool: Write
    pattern: secret_file
    action: block
  - name: off
    enable: false
    pattern: something
  - name: blocked-deploy
    tool: Bash
    pattern: 'deploy-prod'
    action: block
";

fn reasons(imported: &Imported) -> Vec<String> {
    let left = imported.left.iter();
    left.map(|(rule, reason)| format!("{rule}: {reason}"))
        .collect()
}

#[track_caller]
fn has(lines: &[String], start: &str, part: &str) {
    let fits = |it: &&String| it.starts_with(start) && it.contains(part);
    assert!(
        lines.iter().any(|it| fits(&it)),
        "{start} {part}: {lines:#?}"
    );
}

#[test]
fn secret_rules_become_rules_that_hold() {
    let imported = import("gitleaks.toml", SECRETS, "acme").unwrap();
    let left = reasons(&imported);
    assert_eq!(
        imported.ids,
        ["imported-acme-access-token", "imported-acme-secret"],
        "{left:#?}"
    );
    assert_eq!(imported.weakened, ["imported-acme-secret"]);
    has(&left, "extend", "not read");
    has(&left, "allowlist", "no meaning");
    has(&left, "look-around", "does not compile");
    has(&left, "generic", "ordinary");
    has(&left, "rules[4]", "no regex");
    let source = rule::load("x.toml", &imported.text).expect("a rule file");
    assert_eq!(source.pack.id, "acme");
    let rules: Vec<_> = source.rules.iter().map(toml::Spanned::get_ref).collect();
    assert_eq!(
        (rules[0].decision.as_str(), rules[0].status.as_str()),
        ("ask", "stable")
    );
    assert_eq!(
        rules[0].why,
        "Found an ACME access token, which gives access to the account."
    );
    assert_eq!(rules[1].status, "experimental");
    assert!(rules[1].false_positives[0].contains("floor of entropy"));
    let lint = lint::lint(&[("x.toml".to_owned(), imported.text)]);
    assert_eq!(lint.problems, []);
}

#[test]
fn patterns_of_guards_become_rules_that_hold() {
    let imported = import("patterns.yaml", PATTERNS, "imported").unwrap();
    let left = reasons(&imported);
    let wanted = [
        "imported-bashtoolpatterns-0",
        "imported-bashtoolpatterns-1",
        "imported-disk-wipe-all",
        "imported-blocked-deploy",
    ];
    let mut ids = imported.ids.clone();
    ids.sort();
    let mut sorted = wanted;
    sorted.sort_unstable();
    assert_eq!(ids, sorted, "{left:#?}");
    has(&left, "zeroAccessPaths", "paths.protect");
    has(&left, "allowed[0]", "it allows");
    has(&left, "listing", "matches `ls -la`");
    has(&left, "other-tool", "another tool");
    has(&left, "off", "switched off");
    let source = rule::load("x.toml", &imported.text).expect("a rule file");
    let find = |id: &str| {
        let rules = source.rules.iter().map(toml::Spanned::get_ref);
        rules.into_iter().find(|it| it.id == id).expect(id)
    };
    let wipe = find("imported-disk-wipe-all");
    assert_eq!(
        (wipe.decision.as_str(), wipe.severity.as_str()),
        ("deny", "critical")
    );
    assert_eq!(
        (wipe.why.as_str(), wipe.instead.as_str()),
        ("This wipes a whole disk.", "list the disks first.")
    );
    assert_eq!(wipe.status, "experimental");
    assert_eq!(find("imported-bashtoolpatterns-0").decision, "deny");
    assert_eq!(find("imported-bashtoolpatterns-1").decision, "ask");
    assert_eq!(find("imported-blocked-deploy").decision, "deny");
    let lint = lint::lint(&[("x.toml".to_owned(), imported.text)]);
    assert_eq!(lint.problems, []);
}

#[test]
fn what_holds_no_rules_is_an_error_with_its_place() {
    let error = |file: &str, text: &str| import(file, text, "x").unwrap_err().to_string();
    assert!(error("a.yaml", "a:\n  b: &x 1").starts_with("a.yaml:2:6: anchors"));
    assert!(error("a.yml", "a: 1").contains("holds no rules"));
    assert!(error("a.toml", "a = ").contains("no TOML"));
    assert!(error("a.toml", "").contains("holds no rules"));
}

#[test]
fn text_of_a_stranger_cannot_break_out_of_its_string() {
    let text = "- pattern: 'frobnicate \"\"\" [x]'\n  id: \"a\\\"]\\nb = 1\"\n  reason: \"end\\\" \\n[[rule]]\\u007f\"\n";
    let imported = import("x.yaml", text, "imported").unwrap();
    assert_eq!(imported.ids, ["imported-a-b-1"], "{:?}", imported.left);
    assert_eq!(
        rule::load("x.toml", &imported.text)
            .expect("a file")
            .rules
            .len(),
        1
    );
}

/// Judges nothing.
fn call(host: &FakeHost, out: Option<&str>, json: bool) -> Result<(u8, String), String> {
    let args = ImportArgs {
        file: "rules.yaml".to_owned(),
        out: out.map(str::to_owned),
        pack: "imported".to_owned(),
        json,
    };
    let world = World {
        host,
        machine: &OsMachine,
        engine: &NoEngine,
        dirs: &Dirs::default(),
        cwd: "/p",
        project: "/p",
        paint: Paint::PLAIN,
    };
    let mut text = Vec::new();
    let code = run(&args, &world, &mut text).map_err(|it| format!("{it:#}"))?;
    Ok((code, String::from_utf8(text).unwrap()))
}

#[test]
fn file_is_printed_or_written_once() {
    let host = FakeHost::new();
    host.add_file("/p/rules.yaml", "- pattern: frobnicate\n- pattern: ls\n");
    let (code, text) = call(&host, None, false).unwrap();
    assert_eq!(code, NO);
    assert!(
        text.contains("# Not taken over: [1]: it matches `ls -la`\n"),
        "{text}"
    );
    assert!(text.contains("[[rule]]\nid = \"imported-0\"\n"), "{text}");
    let (_, said) = call(&host, Some("own.toml"), false).unwrap();
    assert_eq!(
        said,
        "not taken over: [1]: it matches `ls -la`\n1 rules, 0 of them only warn; 1 not taken over\n"
    );
    assert_eq!(host.read("/p/own.toml", 1 << 20).unwrap(), text.as_bytes());
    assert!(
        call(&host, Some("own.toml"), false)
            .unwrap_err()
            .contains("there already")
    );
    let (_, json) = call(&host, None, true).unwrap();
    let value: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        (&value["rules"][0], &value["left"][0]["rule"]),
        (&"imported-0".into(), &"[1]".into())
    );
}

#[test]
fn agent_may_print_and_not_write() {
    let host = FakeHost::new();
    host.add_file("/p/rules.yaml", "- pattern: frobnicate\n");
    host.set_env("CLAUDECODE", "1");
    assert_eq!(call(&host, None, false).unwrap().0, 0);
    assert!(call(&host, Some("own.toml"), false).is_err());
    assert!(host.read("/p/own.toml", 10).is_err());
}
