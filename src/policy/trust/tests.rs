use super::*;
use crate::host::fake::FakeHost;

fn dirs() -> Dirs {
    Dirs {
        state: "/state".into(),
        ..Dirs::default()
    }
}

#[test]
fn only_the_exact_content_is_trusted() {
    let (host, dirs) = (FakeHost::new(), dirs());
    let check = |content: &str, expected: bool| {
        let trusted = is_trusted(&host, &dirs, content.as_bytes());
        assert_eq!(trusted, expected, "{content:?}");
    };
    check("mode = 'observe'", false);
    grant(&host, &dirs, "/p/.claude/hookbin.toml", b"mode = 'observe'").unwrap();
    check("mode = 'observe'", true);
    check("mode = 'observe'\n", false);
    check("mode = 'observE'", false);
    check("", false);
    grant(&host, &dirs, "/q/.claude/hookbin.toml", b"").unwrap();
    check("", true);
    check("mode = 'observe'", true);
}

#[test]
fn trust_is_renewed_not_doubled() {
    let (host, dirs) = (FakeHost::new(), dirs());
    grant(&host, &dirs, "/a", b"x").unwrap();
    host.advance(60);
    grant(&host, &dirs, "/b", b"x").unwrap();
    let list = list(&host, &dirs).unwrap();
    assert_eq!(list.len(), 1);
    assert_eq!(
        (list[0].path.as_str(), list[0].time.as_str()),
        ("/b", "2026-01-01T00:01:00Z")
    );
}

#[test]
fn trust_is_taken_back_by_path_or_sum() {
    let check = |which: &str, expected: usize| {
        let (host, dirs) = (FakeHost::new(), dirs());
        grant(&host, &dirs, "/a", b"x").unwrap();
        grant(&host, &dirs, "/a", b"y").unwrap();
        grant(&host, &dirs, "/b", b"z").unwrap();
        assert_eq!(
            revoke(&host, &dirs, which).unwrap().len(),
            expected,
            "{which}"
        );
        assert_eq!(list(&host, &dirs).unwrap().len(), 3 - expected, "{which}");
    };
    check("/a", 2);
    check("/b", 1);
    check("/c", 0);
    check("", 0);
    let sum = sha256(b"z");
    check(&sum, 1);
    check(&sum[..8], 1);
    check(&sum[..7], 0);
}

#[test]
fn a_list_that_cannot_be_read_trusts_nothing_and_is_not_overwritten() {
    let (host, dirs) = (FakeHost::new(), dirs());
    host.add_file("/state/trust.json", "{ broken");
    assert!(!is_trusted(&host, &dirs, b"x"));
    assert!(list(&host, &dirs).is_err());
    assert!(grant(&host, &dirs, "/a", b"x").is_err());
    assert_eq!(host.text("/state/trust.json").unwrap(), "{ broken");
    host.add_file("/state/trust.json", "[{\"sha256\": 3}]");
    assert!(list(&host, &dirs).is_err());
    grant(&FakeHost::new(), &dirs, "/a", b"x").unwrap();
}

#[test]
fn the_sum_is_sha256() {
    assert!(sha256(b"").starts_with("e3b0c44298fc1c14"));
    assert_eq!(sha256(b"").len(), 64);
}
