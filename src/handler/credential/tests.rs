use serde_json::{Value, json};

use crate::handler::tests::answer;
use crate::host::fake::FakeHost;

const FILE: &str = "/home/dev/.claude/session-env/s/hook.sh";

fn host(policy: &str) -> FakeHost {
    let host = FakeHost::new();
    host.set_env("HOME", "/home/dev");
    host.set_env("PATH", "/usr/bin");
    host.set_env("CLAUDE_ENV_FILE", FILE);
    host.set_env("ANTHROPIC_API_KEY", "not-a-key");
    if !policy.is_empty() {
        host.add_file("/config/config.toml", policy);
    }
    host
}

/// What the user and the model are told at the start of a session.
fn told(host: &FakeHost, source: &str) -> (String, String) {
    let event = json!({"hook_event_name": "SessionStart", "session_id": "s", "cwd": "/p", "source": source});
    let response = answer(host, "SessionStart", &event.to_string());
    assert_eq!((response.exit, response.stderr.as_str()), (0, ""));
    let answer: Value = serde_json::from_str(&response.stdout).unwrap_or_default();
    let text = |it: &Value| it.as_str().unwrap_or_default().to_owned();
    (
        text(&answer["systemMessage"]),
        text(&answer["hookSpecificOutput"]["additionalContext"]),
    )
}

const STRIP: &str = "env.credentials = 'strip'";

#[test]
fn names_are_told_in_one_line_and_values_never() {
    let host = host("");
    assert_eq!(told(&host, "startup"), Default::default(), "there are none");
    host.set_env("DB_PASSWORD", "hunter2hunter2");
    host.set_env("GITHUB_TOKEN", "not-a-token");
    let (user, model) = told(&host, "startup");
    assert!(
        user.contains("credentials: DB_PASSWORD, GITHUB_TOKEN. "),
        "{user}"
    );
    assert!(!user.contains("hunter2") && !user.contains('\n'), "{user}");
    assert_eq!(model, "");
    assert_eq!(
        told(&host, "compact"),
        Default::default(),
        "it was read at the start"
    );
    assert_eq!(host.text(FILE), None);
}

#[test]
fn credentials_are_taken_from_the_shell_once() {
    let host = host(STRIP);
    host.set_env("GITHUB_TOKEN", "not-a-token");
    host.add_file(FILE, "export A=1");
    let (user, model) = told(&host, "startup");
    assert_eq!(user, "");
    assert!(model.contains("GITHUB_TOKEN"), "{model}");
    let expected = "export A=1\nunset GITHUB_TOKEN\n";
    assert_eq!(host.text(FILE).as_deref(), Some(expected));
    host.set_env("NPM_TOKEN", "not-a-token");
    for source in ["resume", "clear", "compact"] {
        let (_, model) = told(&host, source);
        assert!(model.contains("GITHUB_TOKEN, NPM_TOKEN"), "{model}");
        let expected = format!("{expected}unset NPM_TOKEN\n");
        assert_eq!(host.text(FILE), Some(expected));
    }
}

#[test]
fn lists_of_the_policy_add_and_keep() {
    let policy = "env.credentials = 'strip'\nenv.strip = ['CI_*', 'PATH', 'ANTHROPIC_*', 'SSH_AUTH_SOCK']\n\
                  env.keep = ['GH_TOKEN', 'CI_JOB']";
    let host = host(policy);
    for name in [
        "GH_TOKEN",
        "NPM_TOKEN",
        "CI_URL",
        "CI_JOB",
        "SSH_AUTH_SOCK",
        "EDITOR",
    ] {
        host.set_env(name, "some-value");
    }
    let (user, _) = told(&host, "startup");
    assert_eq!(user, "", "who keeps one knows of it");
    assert_eq!(
        host.text(FILE).as_deref(),
        Some("unset CI_URL\nunset NPM_TOKEN\nunset SSH_AUTH_SOCK\n")
    );
}

#[test]
fn without_credentials_in_the_policy_the_list_still_counts() {
    let host = host("env.credentials = 'silent'\nenv.strip = ['EDITOR']");
    host.set_env("EDITOR", "vi");
    host.set_env("NPM_TOKEN", "some-value");
    assert_eq!(told(&host, "startup").0, "");
    assert_eq!(host.text(FILE).as_deref(), Some("unset EDITOR\n"));
}

#[test]
fn unattended_takes_them_and_keeps_the_way_to_the_network() {
    let host = host("preset = 'unattended'");
    host.set_env("NPM_TOKEN", "some-value");
    let url = |name: &str| ["http", "://app:", "s3cr3t9x", "@", name, ".example/"].concat();
    host.set_env("HTTPS_PROXY", &url("proxy"));
    host.set_env("DATABASE_URL", &url("db"));
    host.set_env("KEY_TOKEN", "/etc/key");
    host.add_file("/etc/key", "a file is no secret");
    let (user, _) = told(&host, "startup");
    assert_eq!(
        user,
        "hookbin: the agent inherits credentials: HTTPS_PROXY."
    );
    assert_eq!(
        host.text(FILE).as_deref(),
        Some("unset DATABASE_URL\nunset NPM_TOKEN\n")
    );
}

#[test]
fn only_the_clients_own_file_is_written() {
    let check = |prepare: fn(&FakeHost)| {
        let host = host(STRIP);
        host.set_env("NPM_TOKEN", "some-value");
        host.add_file("/home/dev/.bashrc", "# mine\n");
        prepare(&host);
        let (user, model) = told(&host, "startup");
        assert!(user.contains("NPM_TOKEN") && model.is_empty(), "{user}");
        assert_eq!(host.text("/home/dev/.bashrc").as_deref(), Some("# mine\n"));
    };
    check(|it| it.unset_env("CLAUDE_ENV_FILE"));
    check(|it| it.set_env("CLAUDE_ENV_FILE", ""));
    check(|it| it.set_env("CLAUDE_ENV_FILE", "env.sh"));
    check(|it| it.set_env("CLAUDE_ENV_FILE", "/home/dev/.claude/../.bashrc"));
    check(|it| it.add_link(FILE, "/home/dev/.bashrc"));
    check(|it| {
        it.add_dir("/home/dev/.claude/session-env/s");
        it.add_hard_link(FILE, "/home/dev/.bashrc");
    });
    check(|it| it.add_dir(FILE));
    check(|it| {
        it.add_file(FILE, "");
        it.set_access(FILE, 0, 0o644);
    });
}

#[test]
fn a_name_that_ends_the_line_is_not_written() {
    let host = host("env.credentials = 'strip'\nenv.strip = ['*']");
    for name in ["A;touch x", "B\nC_TOKEN", "D E_TOKEN"] {
        host.set_env(name, "some-value");
    }
    told(&host, "startup");
    let written = host.text(FILE);
    assert_eq!(written, None, "{written:?}");
}

#[test]
fn observed_sessions_keep_everything() {
    let host = host("mode = 'observe'\nenv.credentials = 'strip'");
    host.set_env("NPM_TOKEN", "some-value");
    assert_eq!(told(&host, "startup"), Default::default());
    assert_eq!(host.text(FILE), None);
}
