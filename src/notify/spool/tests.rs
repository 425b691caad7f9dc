use super::*;
use crate::host::fake::FakeHost;
use crate::notify::Kind;
use crate::policy::Setting;
use crate::verdict::Severity;

const ABOUT: About = About {
    session: "s",
    agent: "",
    cwd: "/p",
};

fn dirs() -> Dirs {
    Dirs {
        state: "/state".to_owned(),
        ..Dirs::default()
    }
}

/// A policy that tells the same text every time.
fn unthrottled() -> Policy {
    let mut policy = Policy::default();
    policy.settings.push(Setting {
        key: "notify.throttle".to_owned(),
        value: Value::Number(0),
        origin: "user".to_owned(),
    });
    policy
}

fn notification(title: &str, body: &str) -> Notification {
    Notification {
        kind: Kind::Deny,
        severity: Severity::High,
        title: title.to_owned(),
        body: body.to_owned(),
    }
}

fn spool(host: &FakeHost, policy: &Policy, title: &str, body: &str) -> Result<bool, String> {
    put(host, &dirs(), policy, ABOUT, &notification(title, body))
}

fn all(host: &FakeHost) -> Vec<Waiting> {
    let found = waiting(host, &dirs()).unwrap();
    found.into_iter().map(|it| it.1).collect()
}

#[test]
fn the_same_text_waits_once_in_ten_minutes() {
    let (host, policy) = (FakeHost::new(), Policy::default());
    assert_eq!(spool(&host, &policy, "a", "x"), Ok(true));
    assert_eq!(spool(&host, &policy, "a", "x"), Ok(false));
    assert_eq!(spool(&host, &policy, "a", "y"), Ok(true));
    host.advance(599);
    assert_eq!(spool(&host, &policy, "a", "x"), Ok(false));
    host.advance(2);
    assert_eq!(spool(&host, &policy, "a", "x"), Ok(true));
    assert_eq!(all(&host).len(), 3);
    assert_eq!(all(&host)[0].time(), "2026-01-01T00:00:00Z");
    assert_eq!(
        host.metadata("/state/notify/told").unwrap().mode & 0o777,
        0o600
    );
}

#[test]
fn the_oldest_make_room_and_are_counted() {
    let (host, policy) = (FakeHost::new(), unthrottled());
    for number in 0..130 {
        host.advance(61);
        assert_eq!(spool(&host, &policy, "t", &number.to_string()), Ok(true));
    }
    let found = all(&host);
    assert_eq!(found.len(), LIMIT);
    let bodies: Vec<u32> = found.iter().map(|it| it.body.parse().unwrap()).collect();
    assert_eq!(bodies, (30..130).collect::<Vec<u32>>());
    assert_eq!(found.last().unwrap().left_out, 1);
    for (path, _) in waiting(&host, &dirs()).unwrap() {
        let mode = host.metadata(&path).unwrap().mode & 0o777;
        assert_eq!(mode, 0o600, "{path}");
    }
}

#[test]
fn what_waits_holds_no_secret_and_no_control_character() {
    let (host, policy) = (FakeHost::new(), Policy::default());
    let secret = format!("ghp_{}", "Ab3dEf6hIj".repeat(4).get(..36).unwrap());
    let body = format!("\u{1b}[31mred\nexport GITHUB_TOKEN={secret}\u{7}\0");
    spool(&host, &policy, &format!("two\nlines {secret}"), &body).unwrap();
    spool(&host, &policy, "long", &"ä".repeat(5000)).unwrap();
    for path in host.files() {
        assert!(!host.text(&path).unwrap().contains(&secret), "{path}");
    }
    let found = all(&host);
    let first = found.iter().find(|it| it.title != "long").unwrap();
    assert!(first.title.starts_with("two lines [redacted"), "{first:?}");
    assert!(first.body.starts_with("[31mred\nexport"), "{first:?}");
    let second = found.iter().find(|it| it.title == "long").unwrap();
    assert_eq!(second.body.chars().count(), BODY_LIMIT + 1);
}

#[test]
fn a_spool_that_cannot_be_used_is_an_error_and_no_wait() {
    let policy = Policy::default();
    let host = FakeHost::new();
    host.hold_lock("/state/notify/told");
    let error = spool(&host, &policy, "a", "x").unwrap_err();
    assert!(error.contains("another process holds"), "{error}");
    for prepare in [
        |host: &FakeHost| host.make_read_only("/state"),
        |host: &FakeHost| host.set_room(10),
        |host: &FakeHost| host.add_file("/state/notify", "a file"),
    ] {
        let host = FakeHost::new();
        prepare(&host);
        let error = spool(&host, &policy, "a", "x").unwrap_err();
        assert!(
            error.starts_with("a notification cannot be spooled"),
            "{error}"
        );
    }
}

#[test]
fn a_memory_of_nonsense_is_forgotten() {
    let (host, policy) = (FakeHost::new(), Policy::default());
    host.add_file("/state/notify/told", b"\xff\xfe\n\nleft_out -4\n".to_vec());
    host.add_file("/state/notify/000.json", "no json");
    assert_eq!(spool(&host, &policy, "a", "x"), Ok(true));
    assert_eq!(all(&host).len(), 1);
}
