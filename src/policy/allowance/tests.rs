use super::*;
use crate::host::fake::FakeHost;
use crate::verdict::{Decision, Severity};

fn dirs() -> Dirs {
    Dirs {
        state: "/state".into(),
        ..Dirs::default()
    }
}

fn allowance(id: &str) -> Allowance {
    Allowance {
        rule: "git-reset-hard".into(),
        id: id.into(),
        ..Allowance::default()
    }
}

fn finding(rule: &'static str, pack: &'static str) -> Finding {
    Finding {
        rule: rule.into(),
        pack: pack.into(),
        severity: Severity::High,
        decision: Decision::Deny,
        why: "".into(),
        instead: "".into(),
        subject: String::new(),
        real: String::new(),
        span: None,
    }
}

fn ids(host: &FakeHost) -> Vec<String> {
    allowances(host, &dirs())
        .into_iter()
        .map(|it| it.id)
        .collect()
}

/// Whether the allowance covers `git-reset-hard` for this command, path, project and time.
#[track_caller]
fn check(allowance: &Allowance, situation: (&str, &str, &str, i64), expected: bool) {
    let policy = Policy {
        allowances: vec![allowance.clone()],
        ..Policy::default()
    };
    let (command, path, project, now) = situation;
    let finding = finding("git-reset-hard", "git");
    let covered = policy
        .allows(&finding, command, path, project, now)
        .is_some();
    assert_eq!(covered, expected, "{allowance:?} {situation:?}");
}

#[test]
fn every_condition_of_an_allowance_must_hold() {
    let any = allowance("a");
    check(&any, ("x", "/p/y", "/p", 10), true);
    check(&any, ("", "", "", 0), true);
    let other = Allowance {
        rule: "git-reset".into(),
        ..any.clone()
    };
    check(&other, ("x", "/p/y", "/p", 10), false);
    let command = Allowance {
        command: "git reset --hard".into(),
        ..any.clone()
    };
    check(&command, ("git reset --hard", "", "/p", 0), true);
    check(&command, ("git reset --hard ", "", "/p", 0), false);
    check(&command, ("git reset --hard; rm x", "", "/p", 0), false);
    check(&command, ("", "", "/p", 0), false);
    let until = Allowance {
        until: 100,
        ..any.clone()
    };
    check(&until, ("", "", "", 99), true);
    check(&until, ("", "", "", 100), false);
    let project = Allowance {
        project: "/p".into(),
        ..any
    };
    check(&project, ("", "", "/p", 0), true);
    check(&project, ("", "", "/p/q", 0), false);
    check(&project, ("", "", "", 0), false);
}

#[test]
fn a_path_is_meant_exactly_or_as_a_directory() {
    let check = |allowed: &str, path: &str, expected: bool| {
        assert_eq!(covers(allowed, path), expected, "{allowed} {path}");
    };
    check("/p/x", "/p/x", true);
    check("/p/x", "/p/x/y", false);
    check("/p/x", "/p/xy", false);
    check("/p/x", "", false);
    check("/p/**", "/p/x/y", true);
    check("/p/**", "/p", false);
    check("/p/**", "/px/y", false);
    check("/p/**", "/p/../etc/passwd", false);
    check("/p/../q", "/p/../q", false);
}

#[test]
fn what_protects_hookbin_or_is_managed_cannot_be_allowed() {
    let check = |change: &dyn Fn(&mut Policy), rule: &'static str, pack: &'static str, expected| {
        let mut policy = Policy {
            allowances: vec![Allowance {
                rule: rule.into(),
                ..Allowance::default()
            }],
            ..Policy::default()
        };
        change(&mut policy);
        let covered = policy.allows(&finding(rule, pack), "", "", "", 0).is_some();
        assert_eq!(covered, expected, "{rule} {pack}");
    };
    check(&|_| {}, "git-reset-hard", "git", true);
    check(&|_| {}, "hookbin-settings-removed", "", false);
    check(&|_| {}, "path-hookbin-write", "paths", false);
    check(&|_| {}, "x", "hookbin", false);
    check(
        &|it| it.managed_rules = vec!["acme".into()],
        "acme",
        "own",
        false,
    );
    check(
        &|it| it.grants = Grants::None,
        "git-reset-hard",
        "git",
        false,
    );
    let fixed = |it: &mut Policy| it.fixed = vec![("pack:git".into(), Decision::Deny)];
    check(&fixed, "git-reset-hard", "git", false);
    check(&fixed, "rm-root", "filesystem", true);
}

#[test]
fn grants_stand_until_revoked() {
    let (host, dirs) = (FakeHost::new(), dirs());
    assert_eq!(ids(&host), Vec::<String>::new());
    grant(&host, &dirs, &allowance("a")).unwrap();
    grant(&host, &dirs, &allowance("b")).unwrap();
    assert_eq!(ids(&host), ["a", "b"]);
    assert_eq!(revoke(&host, &dirs, "a").unwrap(), Some(allowance("a")));
    assert_eq!(revoke(&host, &dirs, "a").unwrap(), None);
    assert_eq!(ids(&host), ["b"]);
    assert_eq!(host.text("/state/allow.jsonl").unwrap().lines().count(), 3);
}

#[test]
fn an_allowance_for_once_is_used_once() {
    let (host, dirs) = (FakeHost::new(), dirs());
    let once = Allowance {
        once: true,
        ..allowance("a")
    };
    grant(&host, &dirs, &once).unwrap();
    assert!(consume(&host, &dirs, &once).unwrap());
    assert!(!consume(&host, &dirs, &once).unwrap());
    assert_eq!(ids(&host), Vec::<String>::new());
    let lasting = allowance("b");
    grant(&host, &dirs, &lasting).unwrap();
    assert!(consume(&host, &dirs, &lasting).unwrap());
    assert_eq!(ids(&host), ["b"]);
}

#[test]
fn torn_and_foreign_lines_grant_nothing_and_lose_nothing() {
    let (host, dirs) = (FakeHost::new(), dirs());
    grant(&host, &dirs, &allowance("a")).unwrap();
    let whole = host.file("/state/allow.jsonl").unwrap();
    for length in 0..whole.len() {
        host.add_file("/state/allow.jsonl", &whole[..length]);
        let complete = length == whole.len() - 1;
        assert_eq!(ids(&host).len(), usize::from(complete), "{length}");
        grant(&host, &dirs, &allowance("b")).unwrap();
        assert_eq!(ids(&host).last().map(String::as_str), Some("b"), "{length}");
    }
    host.add_file(
        "/state/allow.jsonl",
        b"\xff\xfe\n{}\n[]\nnull\n\n{\"grant\":3}\n".as_slice(),
    );
    assert_eq!(ids(&host), Vec::<String>::new());
    host.make_unreadable("/state/allow.jsonl");
    assert_eq!(ids(&host), Vec::<String>::new());
}

#[test]
fn a_full_disk_consumes_nothing() {
    let (host, dirs) = (FakeHost::new(), dirs());
    let once = Allowance {
        once: true,
        ..allowance("a")
    };
    grant(&host, &dirs, &once).unwrap();
    host.set_room(0);
    assert!(consume(&host, &dirs, &once).is_err());
}

#[test]
fn a_list_of_another_user_grants_nothing() {
    let (host, dirs) = (FakeHost::new(), dirs());
    grant(&host, &dirs, &allowance("a")).unwrap();
    for (owner, mode, counts) in [
        (1000, 0o600, true),
        (0, 0o644, true),
        (1001, 0o600, false),
        (1000, 0o620, false),
        (1000, 0o602, false),
        (0, 0o666, false),
    ] {
        host.set_access(FILE, owner, mode);
        assert_eq!(ids(&host).len(), usize::from(counts), "{owner} {mode:o}");
        assert_eq!(news(&host, 0).is_some(), counts, "{owner} {mode:o}");
    }
}

/// What is news of the file for somebody who saw this much of it, and how much was seen then.
fn news(host: &FakeHost, seen: u64) -> Option<(u64, Vec<String>)> {
    let (seen, granted) = granted_since(host, &dirs(), seen)?;
    Some((seen, granted.into_iter().map(|it| it.id).collect()))
}

#[test]
fn only_what_was_granted_since_is_news() {
    let (host, dirs) = (FakeHost::new(), dirs());
    assert_eq!(news(&host, 0), None);
    grant(&host, &dirs, &allowance("a")).unwrap();
    let (first, ids) = news(&host, 0).unwrap();
    assert_eq!(ids, ["a"]);
    assert_eq!(news(&host, first), None);
    grant(&host, &dirs, &allowance("b")).unwrap();
    grant(&host, &dirs, &allowance("c")).unwrap();
    revoke(&host, &dirs, "b").unwrap();
    let (second, ids) = news(&host, first).unwrap();
    assert_eq!(ids, ["c"]);
    revoke(&host, &dirs, "a").unwrap();
    let (third, ids) = news(&host, second).unwrap();
    assert_eq!(ids, Vec::<String>::new());
    assert_eq!(news(&host, third), None);
}

#[test]
fn a_list_that_is_another_one_is_news_as_a_whole() {
    let (host, dirs) = (FakeHost::new(), dirs());
    grant(&host, &dirs, &allowance("a")).unwrap();
    let size = host.file(FILE).unwrap().len() as u64;
    for seen in [1, size - 1, size + 1] {
        assert_eq!(
            news(&host, seen),
            Some((size, vec!["a".to_owned()])),
            "{seen}"
        );
    }
    host.remove(FILE).unwrap();
    assert_eq!(news(&host, size), Some((0, Vec::new())));
}

#[test]
fn a_line_without_its_end_is_in_force_and_stays_news() {
    let (host, dirs) = (FakeHost::new(), dirs());
    grant(&host, &dirs, &allowance("a")).unwrap();
    let (seen, _) = news(&host, 0).unwrap();
    let mut bytes = host.file(FILE).unwrap();
    bytes.extend_from_slice(br#"{"grant":{"rule":"git-reset-hard","id":"b"}}"#);
    host.add_file(FILE, &bytes[..bytes.len() - 1]);
    assert_eq!(news(&host, seen), Some((seen, Vec::new())));
    host.add_file(FILE, bytes);
    for _ in 0..2 {
        assert_eq!(news(&host, seen), Some((seen, vec!["b".to_owned()])));
    }
}

const FILE: &str = "/state/allow.jsonl";
