//! Secrets are put together at run time, never written whole.

use super::*;

const NOW: i64 = 1_790_000_000;

/// In no order, as a generator would write it.
fn random() -> String {
    ["x7Kq9Zw2Lm4R", "t8Vb3Nc6Yp1H", "s5Jd0Gf9Qa2E"].concat()
}

#[track_caller]
fn check(text: &str, expected: &str) {
    let concealed = conceal(text, NOW);
    assert_eq!(concealed, expected, "{text:?}");
    assert_eq!(conceal(&concealed, NOW), expected, "done twice");
}

#[test]
fn what_could_be_used_is_taken_out() {
    let github = ["gh", "p_", &random()].concat();
    check(&github, "[redacted:github-token]");
    check(
        &format!("let token = \"{github}\"; // deploy"),
        "let token = \"[redacted:github-token]\"; // deploy",
    );
    let url = ["postgres", "://app:", &random(), "@pg.tiny-shop.io/app"].concat();
    check(
        &url,
        "postgres://app:[redacted:url-password]@pg.tiny-shop.io/app",
    );
    let key = [
        "-----BEGIN RSA PRIVATE",
        " KEY-----\nMIIE\n-----END RSA PRIVATE",
        " KEY-----",
    ]
    .concat();
    check(&format!("a\n{key}\nb"), "a\n[redacted:private-key]\nb");
    let quoted = format!("{{\"client_secret\": \"{}\"}}", random());
    check(&quoted, "{\"client_secret\": \"[redacted:secret]\"}");
}

#[test]
fn lines_of_configuration_hide_any_password() {
    let mark = "[redacted:password]";
    for (before, after) in [
        ("DB_PASSWORD=", ""),
        ("A=1\nDB_PASSWORD=", "\nB=2"),
        ("export DB_PASSWORD=\"", "\"\n"),
        ("DB_PASSWORD='", "'\r\n"),
        ("db.password=", "\n"),
        ("config/.env:12:DB_PASSWORD=", "\n"),
    ] {
        let text = |value: &str| [before, value, after].concat();
        check(&text("kiosk-lamp-9"), &text(mark));
        for example in ["changeme", "your-password", "example-1", "${DB_PASSWORD}"] {
            check(&text(example), &text(example));
        }
    }
}

#[test]
fn code_and_examples_stay() {
    for text in [
        "password = \"kiosk-lamp-9\"",
        "login(user=\"app\", password=\"kiosk-lamp-9\")",
        "    password='kiosk-lamp-9',\n",
        "User(password=\"kiosk-lamp-9\").save()",
        "let token: String = read_token(path)?;",
        "\"password\": \"kiosk-lamp-9\"",
        "password: kiosk-lamp-9",
        "assert_eq!(hash(\"kiosk-lamp-9\"), \"5f4dcc3b5aa765d61d8327deb882cf99\");",
        "commit 8f010be2c1d4e5f60718293a4b5c6d7e8f901234",
        "sha512-Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYg==",
        "id: 123e4567-e89b-42d3-a456-426614174000",
        "postgres://postgres:postgres@localhost:5432/app",
        "TOKEN=$(cat token)",
        "API_KEY=",
        "Authorization: Bearer $TOKEN",
        "https://user@git.example.com/a.git",
        "MAX_TOKENS=4096",
        "token=your-token-here\n",
    ] {
        check(text, text);
    }
    let documented = ["AKIA", "IOSFODNN7", "EXAMPLE"].concat();
    check(&documented, &documented);
    let blank = ["gh", "p_", &"x".repeat(36)].concat();
    check(&blank, &blank);
}
