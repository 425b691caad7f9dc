use super::*;
use Decision::{Ask, Deny, Pass};

#[test]
fn what_protects_hookbin_only_becomes_stricter() {
    let check = |rule: &str, pack: &str, own: Decision, wanted: Decision, expected: Decision| {
        let policy = Policy {
            overrides: vec![
                (rule.to_owned(), wanted),
                ("severity:critical".into(), wanted),
            ],
            managed_rules: vec!["acme-deploy".into()],
            ..Policy::default()
        };
        let decision = policy.decide(rule, pack, Severity::Critical, own);
        assert_eq!(decision, expected, "{rule} {own:?} {wanted:?}");
    };
    check("hookbin-settings-removed", "", Deny, Pass, Deny);
    check("hookbin-settings-removed", "", Ask, Deny, Deny);
    check("path-hookbin-write", "paths", Deny, Ask, Deny);
    check("anything", "hookbin", Deny, Pass, Deny);
    check("acme-deploy", "acme", Deny, Pass, Deny);
    check("path-ssh-write", "paths", Deny, Pass, Pass);
    check("hookbinary", "x", Deny, Pass, Pass);
}

#[test]
fn managed_policy_alone_may_soften_what_protects_hookbin() {
    let policy = Policy {
        fixed: vec![("pack:hookbin".into(), Decision::Warn)],
        ..Policy::default()
    };
    let decision = policy.decide("hookbin-x", "hookbin", Severity::High, Deny);
    assert_eq!(decision, Decision::Warn);
}

#[test]
fn errors_read_as_compilers_write_them() {
    let error = |line| PolicyError {
        file: "/c/config.toml".into(),
        line,
        column: 3,
        message: "no".into(),
    };
    assert_eq!(error(2).to_string(), "/c/config.toml:2:3: no");
    assert_eq!(error(0).to_string(), "/c/config.toml: no");
}

#[test]
fn values_fall_back_to_the_preset() {
    let policy = Policy {
        preset: Preset::Strict,
        ..Policy::default()
    };
    assert_eq!(
        policy.value("boundary.outside"),
        Some(Value::Word("ask".into()))
    );
    assert_eq!(policy.value("boundary"), None);
    assert_eq!(policy.value(""), None);
}
