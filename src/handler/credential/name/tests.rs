use super::*;

#[test]
fn credentials_are_known_by_their_names() {
    for name in [
        "GITHUB_TOKEN",
        "GH_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "OPENAI_API_KEY",
        "STRIPE_KEY",
        "DB_PASSWORD",
        "DB_PASS",
        "MYSQL_PWD",
        "PGPASSWORD",
        "SUPABASE_SERVICE_ROLE_KEY",
        "NPM_TOKEN_PROD",
        "GCP_CREDENTIALS_JSON",
        "AZURE_CLIENT_SECRET",
        "AZURE_DEVOPS_EXT_PAT",
        "AZURE_STORAGE_CONNECTION_STRING",
        "SECRET_KEY_BASE64",
        "TOKEN",
        "PASSWORD",
        "NPM_CONFIG__AUTH",
        "SENDGRID_APIKEY",
        "VAULT_TOKEN",
        "HF_TOKEN",
        "github_token",
        "DJANGO_SECRET_KEY",
    ] {
        assert!(is_credential(name), "{name}");
    }
}

#[test]
fn names_that_only_sound_alike_are_none() {
    for name in [
        "PATH",
        "PWD",
        "OLDPWD",
        "TOKENIZERS_PARALLELISM",
        "MAX_TOKENS",
        "SSH_AUTH_SOCK",
        "PASSWORD_STORE_DIR",
        "GIT_ASKPASS",
        "SUDO_ASKPASS",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "GPG_KEY_ID",
        "AWS_ACCESS_KEY_ID",
        "SSH_PUBLIC_KEY",
        "NEXT_PUBLIC_API_KEY",
        "VITE_FIREBASE_API_KEY",
        "KEYBOARD",
        "MONKEY",
        "COMPASS",
        "BYPASS",
        "PASS",
        "KEY",
        "AUTH",
        "CACHE_KEY",
        "DB_PRIMARY_KEY",
        "XAUTHORITY",
        "SECRETARY",
        "TOKEN_URL",
        "OAUTH_TOKEN_ENDPOINT",
        "PASSWORD_MIN_LENGTH",
        "SECRET_NAME",
        "COLORTERM",
        "PATTERN",
        "STRING",
        "SPAT",
    ] {
        assert!(!is_credential(name), "{name}");
    }
}

#[test]
fn values_say_whether_anything_is_opened() {
    let check = |value: &str, expected: bool| assert_eq!(is_secret(value), expected, "{value}");
    check("hunter2", true);
    check("wJalr/x+y", true);
    check("", false);
    check("true", false);
    check("4096", false);
    check("changeme", false);
    check("xxxxxxxx", false);
    check("file:/run/secrets/a", false);
    let url = ["postgres", "://app:", "s3cr3t9x", "@db.example/app"].concat();
    assert!(holds_secret(&url));
    assert!(!holds_secret("postgres://db.example/app"));
    assert!(!holds_secret("/usr/local/bin:/usr/bin"));
}

#[test]
fn a_shell_keeps_what_it_lives_on() {
    for name in [
        "PATH",
        "HOME",
        "LC_ALL",
        "ANTHROPIC_API_KEY",
        "CLAUDE_CODE_OAUTH_TOKEN",
        "CLAUDECODE",
    ] {
        assert!(is_needed(name), "{name}");
    }
    assert!(!is_needed("GITHUB_TOKEN"));
    assert!(is_proxy("HTTPS_PROXY") && is_proxy("http_proxy") && !is_proxy("PROXY_TOKEN"));
}
