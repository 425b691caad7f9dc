use serde_json::Value as Json;

use super::*;
use crate::host::fake::FakeHost;
use crate::policy::Setting;

fn waiting() -> Waiting {
    Waiting {
        at: 1_767_225_600,
        kind: "deny".to_owned(),
        severity: "critical".to_owned(),
        title: "denied by <fs-root>".to_owned(),
        body: "why & how\nthe call: Bash \"x\" <!channel>".to_owned(),
        session: "s-1".to_owned(),
        directory: "/p".to_owned(),
        left_out: 3,
        ..Waiting::default()
    }
}

fn hidden(text: &str) -> Hidden {
    Hidden::new(text)
}

/// A token as Telegram gives them out, put together here so that nobody takes it for one.
fn token() -> String {
    format!("12345:{}", "Ab_-9".repeat(3))
}

#[track_caller]
fn check_post(channel: &Channel, url: &str, body: &str) {
    let Ok(Errand::Post {
        url: to,
        body: text,
    }) = channel.errand(&FakeHost::new(), &waiting())
    else {
        panic!("{channel:?} posts nothing")
    };
    assert_eq!(to, url);
    assert_eq!(text, body);
    assert!(serde_json::from_str::<Json>(&text).is_ok());
}

#[test]
fn every_channel_gets_its_own_form() {
    let json = r#"{"agent":"","body":"why & how\nthe call: Bash \"x\" <!channel>","directory":"/p","kind":"deny","left_out":3,"session":"s-1","severity":"critical","source":"hookbin","time":"2026-01-01T00:00:00Z","title":"denied by <fs-root>","version":1}"#;
    let webhook = Channel::Webhook(hidden("https://x.org/in"));
    check_post(&webhook, "https://x.org/in", json);
    check_post(
        &Channel::Slack(hidden("https://x.org/slack")),
        "https://x.org/slack",
        r#"{"text":"*hookbin: denied by &lt;fs-root&gt; (critical)*\nwhy &amp; how\nthe call: Bash \"x\" &lt;!channel&gt;\ndirectory: /p\nsession: s-1\n3 earlier notifications were left out","unfurl_links":false,"unfurl_media":false}"#,
    );
    let telegram = Channel::Telegram {
        token: hidden(&token()),
        chat: "-1001".to_owned(),
    };
    check_post(
        &telegram,
        &format!("https://api.telegram.org/bot{}/sendMessage", token()),
        r#"{"chat_id":"-1001","link_preview_options":{"is_disabled":true},"text":"hookbin: denied by <fs-root> (critical)\nwhy & how\nthe call: Bash \"x\" <!channel>\ndirectory: /p\nsession: s-1\n3 earlier notifications were left out"}"#,
    );
    let command = vec!["/usr/bin/logger".to_owned(), "-t".to_owned()];
    let run = Channel::Command(command.clone()).errand(&FakeHost::new(), &waiting());
    let input = json.to_owned();
    assert!(run == Ok(Errand::Run { command, input }));
}

#[test]
fn a_variable_is_looked_up_when_it_is_needed() {
    let host = FakeHost::new();
    let channel = Channel::Webhook(hidden("env:HOOK_URL"));
    let failed = |host: &FakeHost| channel.errand(host, &waiting()).err().unwrap_or_default();
    assert_eq!(failed(&host), "the variable HOOK_URL is not set");
    host.set_env("HOOK_URL", "http://elsewhere.org/hidden");
    assert_eq!(failed(&host), "the URL does not begin with https://");
    host.set_env("HOOK_URL", " https://x.org/in\n");
    let Ok(Errand::Post { url, .. }) = channel.errand(&host, &waiting()) else {
        panic!("it is set")
    };
    assert_eq!(url, "https://x.org/in");
    for (token, chat, reason) in [
        (
            "not/a/token",
            "1",
            "the token is none that Telegram gives out",
        ),
        (&*token(), "none", "notify.telegram_chat names no chat"),
    ] {
        let (token, chat) = (hidden(token), chat.to_owned());
        let errand = Channel::Telegram { token, chat }.errand(&host, &waiting());
        assert_eq!(errand.err().as_deref(), Some(reason));
    }
}

#[test]
fn only_encrypted_or_local_destinations_are_taken() {
    for good in [
        "https://x.org",
        "http://127.0.0.1:80/x",
        "http://127.9.9.9/",
        "http://[::1]:8080/x",
        "http://localhost",
        "http://localhost:1?x",
    ] {
        assert!(is_destination(good), "{good}");
    }
    for bad in [
        "",
        "https://",
        "https://x.org/a b",
        "http://x.org",
        "http://127.0.0.1@x.org/",
        "http://localhost:80@x.org/",
        "http://localhost.x.org/",
        "http://[::1]@x.org",
        "http://127.0.0.1.x.org",
        "ftp://127.0.0.1",
        "x.org",
        "HTTP://x.org",
    ] {
        assert!(!is_destination(bad), "{bad}");
    }
}

#[test]
fn channels_come_from_settings_and_none_is_shown() {
    let mut policy = Policy::default();
    assert!(!any(&policy) && all(&policy).is_empty());
    let mut set = |key: &str, value: Value| {
        policy.settings.push(Setting {
            key: key.to_owned(),
            value,
            origin: "user".to_owned(),
        });
        any(&policy)
    };
    assert!(!set("notify.throttle", Value::Number(1)));
    assert!(!set("notify.command", Value::List(Vec::new())));
    assert!(set(
        "notify.slack",
        Value::Hidden(hidden("https://x.org/1"))
    ));
    set("notify.telegram", Value::Hidden(hidden(&token())));
    set("notify.telegram_chat", Value::Word("@here".to_owned()));
    let found = all(&policy);
    let words: Vec<&str> = found.iter().map(Channel::word).collect();
    assert_eq!(words, ["slack", "telegram"]);
    let shown = format!("{found:?} {:?}", policy.settings);
    assert!(
        !shown.contains("x.org") && !shown.contains("12345"),
        "{shown}"
    );
}
