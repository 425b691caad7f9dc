use super::*;
use crate::policy::layer::parse;
use crate::policy::table::row;
use crate::policy::{Limit, Verb};
use crate::verdict::Severity;
use Decision::{Ask, Deny, Pass, Warn};

fn layer(source: Source, text: &str) -> Layer {
    let (layer, problems) = parse(source, &format!("/{}.toml", source.word()), text);
    assert_eq!(problems, [], "{text}");
    layer
}

fn policy(user: &str, project: &str, managed: &str, trusted: bool) -> Policy {
    let layers = [
        layer(Source::User, user),
        layer(Source::Project, project),
        layer(Source::Managed, managed),
    ];
    Policy::assemble(merge(&layers, trusted), "/home/dev", "/home/dev/project")
}

/// Values of a row from mild to strict, as they stand in a file; one of them where no order exists.
fn ladder(row: &Row) -> Vec<String> {
    let quoted = |words: &str| words.split(' ').map(|it| format!("'{it}'")).collect();
    match row.kind {
        Kind::Word(words) => quoted(words),
        Kind::Flag => vec!["false".into(), "true".into()],
        // 0 is no limit.
        Kind::Number => ["0", "9000", "2", "1"].map(str::to_owned).to_vec(),
        Kind::Directories => vec!["['/srv']".into()],
        Kind::Globs => vec!["['docs/**']".into()],
        Kind::Hosts => vec!["['*.x.org']".into()],
        Kind::Tools => vec!["['Bash(git *)']".into()],
        Kind::Agents => vec!["{ Explore = { deny = ['Edit'] } }".into()],
        Kind::Paths => vec!["['secrets/**']".into()],
        Kind::Rules => vec!["['git-reset-hard']".into()],
        Kind::Variables => vec!["['AWS_*']".into()],
        Kind::Decisions => vec!["{ git-reset-hard = 'warn' }".into()],
        Kind::Words(_) => vec!["['end']".into()],
        Kind::Url => vec!["'https://x.org/hook'".into()],
        Kind::Token => vec!["'env:TELEGRAM_TOKEN'".into()],
        Kind::Chat => vec!["'@channel'".into()],
        Kind::Command => vec!["['/usr/bin/logger', '-t', 'hookbin']".into()],
    }
}

fn set(key: &str, value: &str) -> String {
    format!("{key} = {value}\n")
}

#[test]
fn without_files_every_row_has_its_default() {
    let policy = policy("", "", "", false);
    for row in rows() {
        assert_eq!(
            policy.value(row.key),
            Some(row.default(Preset::Standard)),
            "{}",
            row.key
        );
    }
    assert_eq!(policy.boundary_outside, Pass);
    assert_eq!(policy.mode, Mode::Enforce);
    assert_eq!(policy.audit_on_failure, AuditFailure::Deny);
    assert_eq!(policy.audit_sync, AuditSync::Deny);
    assert_eq!(policy.grants, Grants::People);
}

#[test]
fn presets_change_what_no_file_sets() {
    let check = |text: &str, outside: Decision| {
        assert_eq!(
            policy(text, "", "", false).boundary_outside,
            outside,
            "{text}"
        );
    };
    check("preset = 'standard'", Pass);
    check("preset = 'strict'", Ask);
    check("preset = 'unattended'", Deny);
    check("preset = 'unattended'\nboundary.outside = 'warn'", Warn);
    for preset in Preset::ALL {
        let policy = policy(
            &set("preset", &format!("'{}'", preset.word())),
            "",
            "",
            false,
        );
        for row in rows().filter(|it| it.key != "preset") {
            assert_eq!(
                policy.value(row.key),
                Some(row.default(preset)),
                "{}",
                row.key
            );
        }
    }
}

/// Every row against every pair of user and project value: what holds, and whether it is told.
#[test]
fn an_untrusted_project_only_tightens_any_row() {
    for row in rows().filter(|it| matches!(it.kind, Kind::Word(_) | Kind::Flag | Kind::Number)) {
        if row.by == By::Managed {
            continue;
        }
        let ladder = ladder(&row);
        for (old, user) in ladder.iter().enumerate() {
            for (new, project) in ladder.iter().enumerate() {
                let (user, project) = (set(row.key, user), set(row.key, project));
                let policy = policy(&user, &project, "", false);
                let alone = |text: &str| self::policy(text, "", "", false).value(row.key);
                let tightens = new >= old && row.by >= By::Tighten;
                let expected = if tightens {
                    alone(&project)
                } else {
                    alone(&user)
                };
                assert_eq!(policy.value(row.key), expected, "{user}{project}");
                assert_eq!(policy.notices.is_empty(), tightens, "{:?}", policy.notices);
            }
        }
    }
}

#[test]
fn an_untrusted_project_measures_itself_against_defaults_too() {
    for row in rows().filter(|it| matches!(it.kind, Kind::Word(_)) && it.by != By::Managed) {
        for value in ladder(&row) {
            let policy = policy("", &set(row.key, &value), "", false);
            let default = row.default(Preset::Standard);
            let now = policy.value(row.key).unwrap();
            assert!(
                now == default || Value::is_stricter(&row, &now, &default),
                "{}",
                row.key
            );
        }
    }
}

#[test]
fn what_only_loosens_waits_for_trust() {
    for row in rows().filter(|it| it.stricter == Stricter::Never) {
        let text = set(row.key, &ladder(&row)[0]);
        let untrusted = policy("", &text, "", false);
        assert_eq!(
            untrusted.value(row.key),
            Some(row.default(Preset::Standard)),
            "{}",
            row.key
        );
        assert_eq!(untrusted.notices.len(), 1, "{}", row.key);
        assert!(untrusted.overrides.is_empty());
        let trusted = policy("", &text, "", true);
        let holds = row.by == By::Trust;
        assert_eq!(trusted.notices.is_empty(), holds, "{}", row.key);
        assert_eq!(trusted.trusted.len(), usize::from(holds), "{}", row.key);
        assert!(untrusted.trusted.is_empty(), "{}", row.key);
        assert_eq!(
            trusted.value(row.key) == untrusted.value(row.key),
            !holds,
            "{}",
            row.key
        );
    }
}

#[test]
fn trust_lets_a_project_loosen_only_rows_that_say_so() {
    for row in rows().filter(|it| matches!(it.kind, Kind::Word(_)) && it.by != By::Managed) {
        let ladder = ladder(&row);
        let (mildest, strictest) = (&ladder[0], &ladder[ladder.len() - 1]);
        let policy = policy(&set(row.key, strictest), &set(row.key, mildest), "", true);
        let alone = self::policy(&set(row.key, mildest), "", "", false);
        let loosened = policy.value(row.key) == alone.value(row.key);
        assert_eq!(loosened, row.by == By::Trust, "{}", row.key);
    }
}

#[test]
fn managed_wins_over_everybody_in_every_row() {
    for row in rows() {
        let ladder = ladder(&row);
        for managed in &ladder {
            for other in &ladder {
                let text = if row.by == By::Managed {
                    String::new()
                } else {
                    set(row.key, other)
                };
                let policy = policy(&text, &text, &set(row.key, managed), true);
                let alone = self::policy("", "", &set(row.key, managed), false);
                if Value::collects(row.kind) {
                    assert!(policy.value(row.key).is_some());
                } else {
                    assert_eq!(policy.value(row.key), alone.value(row.key), "{}", row.key);
                }
            }
        }
    }
}

#[test]
fn lists_of_all_layers_come_together_with_their_origin() {
    let policy = policy(
        "paths.protect = ['a/**']\nrules.disable = ['x']",
        "paths.protect = ['b/**', { pattern = 'c', write = 'ask' }]",
        "paths.protect = ['d/**']",
        false,
    );
    let patterns: Vec<&str> = policy.paths.iter().map(|it| it.pattern.as_str()).collect();
    assert_eq!(patterns, ["a/**", "b/**", "c", "d/**"]);
    assert_eq!(policy.paths[1].origin, "/project.toml");
    let managed: Vec<bool> = policy
        .paths
        .iter()
        .map(|it| policy.is_managed(it))
        .collect();
    assert_eq!(managed, [false, false, false, true]);
    assert_eq!(policy.settings[0].origin, "user + project + managed");
}

#[test]
fn a_project_never_frees_paths_nor_softens_audit() {
    for text in [
        "paths.free = ['**']",
        "audit.on_failure = 'warn'",
        "mode = 'observe'",
    ] {
        for trusted in [false, true] {
            let policy = policy("", text, "", trusted);
            assert!(policy.paths_free.is_empty());
            assert_eq!(policy.audit_on_failure, AuditFailure::Deny);
            assert_eq!(policy.mode, Mode::Enforce);
            assert_eq!(policy.notices.len(), 1, "{text}");
            assert!(
                policy.notices[0].starts_with("/project.toml:1: "),
                "{:?}",
                policy.notices
            );
        }
    }
}

/// What `git-reset-hard`, an ask of high severity, gets from these tables.
#[track_caller]
fn check(user: &str, project: &str, managed: &str, trusted: bool, expected: Decision) {
    let table = |text: &str| match text {
        "" => String::new(),
        text => format!("rules.decision = {{ {text} }}"),
    };
    let policy = policy(&table(user), &table(project), &table(managed), trusted);
    let decision = policy.decide("git-reset-hard", "git", Severity::High, Ask);
    assert_eq!(
        decision, expected,
        "{user} / {project} / {managed} / {trusted}"
    );
}

#[test]
fn decisions_of_rules_by_key() {
    check("", "", "", false, Ask);
    check("git-reset-hard = 'warn'", "", "", false, Warn);
    check("'pack:git' = 'pass'", "", "", false, Pass);
    check("'severity:high' = 'deny'", "", "", false, Deny);
    check("'severity:low' = 'deny'", "", "", false, Ask);
    check(
        "'pack:git' = 'pass', git-reset-hard = 'deny'",
        "",
        "",
        false,
        Deny,
    );
    check(
        "'severity:high' = 'deny', 'pack:git' = 'warn'",
        "",
        "",
        false,
        Warn,
    );
    check(
        "'pack:github' = 'pass', git-reset = 'pass'",
        "",
        "",
        false,
        Ask,
    );
}

#[test]
fn decisions_of_rules_by_layer() {
    // An untrusted project raises and never lowers, also what the user lowered.
    check("", "git-reset-hard = 'pass'", "", false, Ask);
    check("", "git-reset-hard = 'deny'", "", false, Deny);
    check(
        "",
        "'pack:git' = 'deny', git-reset-hard = 'warn'",
        "",
        false,
        Deny,
    );
    check(
        "git-reset-hard = 'pass'",
        "'severity:high' = 'warn'",
        "",
        false,
        Warn,
    );
    check(
        "git-reset-hard = 'deny'",
        "git-reset-hard = 'warn'",
        "",
        false,
        Deny,
    );
    // A trusted one decides after the user.
    check("", "git-reset-hard = 'pass'", "", true, Pass);
    check(
        "git-reset-hard = 'deny'",
        "git-reset-hard = 'warn'",
        "",
        true,
        Warn,
    );
    // Managed decides last, also by pack over an id.
    check(
        "git-reset-hard = 'pass'",
        "",
        "git-reset-hard = 'deny'",
        false,
        Deny,
    );
    check(
        "git-reset-hard = 'pass'",
        "git-reset-hard = 'pass'",
        "'pack:git' = 'ask'",
        true,
        Ask,
    );
    check(
        "git-reset-hard = 'deny'",
        "git-reset-hard = 'deny'",
        "'pack:git' = 'warn'",
        false,
        Warn,
    );
}

#[test]
fn disabled_rules_pass_and_a_later_layer_may_take_them_back() {
    let check = |user: &str, project: &str, trusted: bool, expected: Decision| {
        let policy = policy(user, project, "", trusted);
        let decision = policy.decide("a", "p", Severity::Low, Ask);
        assert_eq!(decision, expected, "{user} / {project}");
    };
    check("rules.disable = ['a']", "", false, Pass);
    check("rules.disable = ['pack:p']", "", false, Pass);
    check("rules.disable = ['b', 'pack:a']", "", false, Ask);
    check("", "rules.disable = ['a']", false, Ask);
    check("", "rules.disable = ['a']", true, Pass);
    check(
        "rules.disable = ['a']",
        "rules.decision = { a = 'deny' }",
        false,
        Deny,
    );
    check(
        "rules.disable = ['a']",
        "rules.decision = { a = 'warn' }",
        true,
        Warn,
    );
    check(
        "rules.decision = { a = 'deny' }",
        "rules.disable = ['a']",
        true,
        Pass,
    );
}

#[test]
fn a_pass_that_an_untrusted_project_asks_for_is_told() {
    let text = "rules.decision = { a = 'pass', b = 'deny' }";
    let untrusted = policy("", text, "", false);
    assert_eq!(untrusted.notices.len(), 1);
    assert!(
        untrusted.notices[0].contains("`a = \"pass\"`"),
        "{:?}",
        untrusted.notices
    );
    assert_eq!(policy("", text, "", true).notices, Vec::<String>::new());
}

#[test]
fn roots_become_absolute() {
    let check = |written: &str, expected: Option<&str>| {
        let found = absolute(written, "/home/dev/", "/home/dev/project");
        assert_eq!(found.as_deref(), expected, "{written}");
    };
    check("/srv//x/./y/", Some("/srv/x/y"));
    check("/", Some("/"));
    check("~", Some("/home/dev"));
    check("~/x", Some("/home/dev/x"));
    check(".", Some("/home/dev/project"));
    check("out", Some("/home/dev/project/out"));
    assert_eq!(absolute("~/x", "", "/p"), None);
    assert_eq!(absolute("x", "/h", ""), None);
    assert_eq!(absolute("/x", "", ""), Some("/x".into()));
}

/// The typed fields of a policy by the keys of their rows.
fn typed(policy: &Policy) -> [(&'static str, String); 11] {
    let mut profiles = policy.tools.rows.iter().rev();
    let profile = profiles.find(|it| it.verb == Verb::Profile && it.agent.is_empty());
    let egress = match policy.egress.others {
        Pass => "open",
        Ask => "listed",
        _ => "none",
    };
    let sync = match policy.audit_sync {
        AuditSync::Never => "never",
        AuditSync::Deny => "deny",
        AuditSync::Always => "always",
    };
    let on_failure = match policy.audit_on_failure {
        AuditFailure::Warn => "warn",
        AuditFailure::Deny => "deny",
    };
    let credentials = match policy.credentials {
        Credentials::Silent => "silent",
        Credentials::Name => "name",
        Credentials::Strip => "strip",
    };
    let grants = match policy.grants {
        Grants::People => "people",
        Grants::None => "none",
    };
    [
        ("mode", policy.mode.word()),
        ("preset", policy.preset.word()),
        ("boundary.outside", policy.boundary_outside.word()),
        ("egress.mode", egress),
        ("tools.profile", profile.map_or("none", |it| &it.text)),
        ("tools.outside", policy.tools.outside().word()),
        ("content.secrets", policy.content_secrets.word()),
        ("audit.sync", sync),
        ("audit.on_failure", on_failure),
        ("env.credentials", credentials),
        ("grants", grants),
    ]
    .map(|(key, word)| (key, word.to_owned()))
}

#[test]
fn typed_fields_hold_what_the_table_and_the_files_say() {
    let words = rows().filter(|it| matches!(it.kind, Kind::Word(_)));
    assert_eq!(words.count(), typed(&Policy::default()).len());
    for preset in Preset::ALL {
        for (key, word) in typed(&Policy::of(preset)) {
            assert_eq!(
                row(key).unwrap().default(preset),
                Value::Word(word),
                "{key}"
            );
        }
    }
    for row in rows().filter(|it| matches!(it.kind, Kind::Word(_))) {
        for value in ladder(&row) {
            let policy = policy("", "", &set(row.key, &value), false);
            let found = typed(&policy).into_iter().find(|(key, _)| *key == row.key);
            assert_eq!(
                found.map(|(_, it)| format!("'{it}'")),
                Some(value),
                "{}",
                row.key
            );
        }
    }
}

#[test]
fn flags_hold_what_the_table_and_the_files_say() {
    let flags = |it: &Policy| [it.redact_output, it.marks == Marks::Shown];
    let keys = ["redact_output", "mark_output"];
    assert_eq!(
        rows().filter(|it| it.kind == Kind::Flag).count(),
        keys.len()
    );
    for preset in Preset::ALL {
        let defaults = keys.map(|it| row(it).unwrap().default(preset) == Value::Flag(true));
        assert_eq!(flags(&Policy::of(preset)), defaults, "{preset:?}");
    }
    let text = "redact_output = true\nmark_output = false";
    assert_eq!(flags(&policy(text, "", "", false)), [true, false]);
    // A project may hide more and never show less.
    assert_eq!(flags(&policy("", text, "", true)), [true, true]);
}

#[test]
fn numbers_hold_what_the_table_and_the_files_say() {
    // What is said of notifications is looked up where one is sent.
    let typed = |it: &Row| it.kind == Kind::Number && !it.key.starts_with("notify.");
    let numbers = || rows().filter(typed);
    let keys: Vec<String> = numbers().map(|it| it.key.to_owned()).collect();
    let named = Limit::ALL.map(|it| format!("limits.{}", it.name()));
    assert_eq!(keys, named);
    let number = |policy: &Policy, limit: Limit| u64::from(policy.limits.get(limit).unwrap_or(0));
    for preset in Preset::ALL {
        for (row, limit) in numbers().zip(Limit::ALL) {
            let found = number(&Policy::of(preset), limit);
            assert_eq!(row.default(preset), Value::Number(found), "{}", row.key);
        }
    }
    for (key, limit) in keys.iter().zip(Limit::ALL) {
        let text = format!("{key} = 7");
        assert_eq!(number(&policy(&text, "", "", false), limit), 7, "{key}");
        // A project lowers, and sets a limit where there is none.
        let user = format!("{key} = 9");
        assert_eq!(number(&policy(&user, &text, "", false), limit), 7, "{key}");
        assert_eq!(number(&policy(&text, &user, "", false), limit), 7, "{key}");
        let none = format!("{key} = 0");
        assert_eq!(number(&policy(&text, &none, "", false), limit), 7, "{key}");
        assert_eq!(number(&policy(&none, &text, "", false), limit), 7, "{key}");
    }
}

#[test]
fn the_managed_row_is_managed_alone() {
    assert_eq!(row("grants").unwrap().by, By::Managed);
    assert_eq!(
        policy("", "", "grants = 'none'", false).grants,
        Grants::None
    );
}

#[test]
fn managed_policy_may_take_back_what_people_trusted() {
    let check = |managed: &str, expected: Decision| {
        let policy = policy("", "rules.disable = ['a']", managed, true);
        assert_eq!(
            policy.decide("a", "p", Severity::Low, Ask),
            expected,
            "{managed}"
        );
    };
    check("", Pass);
    check("grants = 'people'", Pass);
    check("grants = 'none'", Ask);
}
