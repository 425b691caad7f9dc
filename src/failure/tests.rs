use super::*;

#[test]
fn every_sample_reads_as_its_class() {
    let (count, mismatches) = sample::run();
    assert!(count >= 220, "only {count} samples");
    let shown: Vec<String> = mismatches
        .iter()
        .map(|it| format!("{}: {}\n  {}", it.class, it.text, it.reason))
        .collect();
    assert!(shown.is_empty(), "\n{}\n", shown.join("\n"));
}

#[test]
fn classes_have_names_and_advice() {
    assert_eq!(Class::ALL.len(), 22);
    for class in Class::ALL {
        assert_eq!(Class::by_id(class.id()), Some(class));
        assert!(class.instead().ends_with('.'), "{}", class.id());
        assert!(class.instead().len() <= 240, "{}", class.id());
        assert!(!class.title().is_empty());
    }
    assert_eq!(Class::by_id("nothing"), None);
}

#[derive(serde::Deserialize)]
struct Pairs {
    pair: Vec<[String; 3]>,
}

/// The pairs whose signatures do not compare as wanted.
fn check_pairs(text: &str, same: bool) {
    let pairs: Pairs = toml::from_str(text).unwrap();
    assert!(pairs.pair.len() >= 40);
    let mut wrong = Vec::new();
    for [program, one, other] in &pairs.pair {
        let sign = |text: &str| read(program, text, sample::ROOT);
        let (left, right) = (sign(one), sign(other));
        if (left.signature == right.signature) != same {
            wrong.push(format!("{one}\n{other}\n  {left:?}\n  {right:?}\n"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn what_changes_each_time_makes_no_other_failure() {
    check_pairs(include_str!("../../fixtures/failures/same.toml"), true);
}

#[test]
fn other_failures_have_other_signatures() {
    check_pairs(
        include_str!("../../fixtures/failures/different.toml"),
        false,
    );
}

#[test]
fn programs_tell_failures_apart() {
    let text = "x: No such file or directory";
    assert_ne!(
        read("cat", text, "").signature,
        read("head", text, "").signature
    );
    let signature = read("cat", text, "").signature;
    assert!(signature.len() == 16 && signature.bytes().all(|it| it.is_ascii_hexdigit()));
}

#[track_caller]
fn tells(text: &str, wanted: &str) {
    assert_eq!(read("app", text, sample::ROOT).message, wanted, "{text}");
}

#[test]
fn the_telling_line_is_shown() {
    tells("Exit code 1\none\ntwo\n\n", "two");
    tells("Exit code 1", "Exit code 1");
    tells("", "");
    tells(
        "a\nerror[E0308]: mismatched types\nerror: could not compile",
        "error[E0308]: mismatched types",
    );
    tells(
        "<tool_use_error>File does not exist.</tool_use_error>",
        "File does not exist.",
    );
    tells(
        "\u{1b}[1;31mcat: x: No such file or directory\u{1b}[0m",
        "cat: x: No such file or directory",
    );
    tells(
        "10%\r20%\rcurl: (6) Could not resolve host: x",
        "curl: (6) Could not resolve host: x",
    );
}

#[test]
fn the_line_that_says_most_is_shown() {
    tells(
        "npm error code ENOENT\nnpm error enoent Error: ENOENT: no such file or directory, open 'a'",
        "npm error enoent Error: ENOENT: no such file or directory, open 'a'",
    );
    tells(
        "Traceback (most recent call last):\n  File \"a.py\", line 1\nKeyError: 'a'",
        "KeyError: 'a'",
    );
    tells(
        "running 2 tests\ntest a ... ok\ntest b ... FAILED\nassertion failed: x\ntest result: FAILED.",
        "test b ... FAILED",
    );
    tells(
        "WARNING: x\nmake: *** [all] Error 1",
        "make: *** [all] Error 1",
    );
}

#[test]
fn messages_are_short_and_hold_no_secret() {
    let long = format!("error: {}", "\u{e9}".repeat(500));
    assert_eq!(read("app", &long, "").message.chars().count(), 200);
    let token = ["gh", "p_", &"a1B2".repeat(9)].concat();
    let message = read("app", &format!("error: token {token} is wrong"), "").message;
    assert!(
        !message.contains(&token) && message.contains("[redacted:"),
        "{message}"
    );
}

#[test]
fn the_ends_of_long_texts_are_read() {
    let filler = "nothing of interest here\n".repeat(20_000);
    let first = format!("cat: a: No such file or directory\n{filler}");
    assert_eq!(read("cat", &first, "").class, Class::NOT_FOUND);
    let last = format!("{filler}cat: a: No such file or directory\n");
    assert_eq!(read("cat", &last, "").class, Class::NOT_FOUND);
    let middle = format!("{filler}cat: a: No such file or directory\n{filler}");
    assert_eq!(read("cat", &middle, "").class, Class::UNKNOWN);
}

#[test]
fn masked_failures_are_found() {
    for (output, class) in [
        ("cat: x: No such file or directory\n", Class::NOT_FOUND),
        (
            "test result: FAILED. 1 passed; 1 failed\nError: exit 101\n",
            Class::TEST_FAILURE,
        ),
        (
            "error[E0308]: mismatched types\n --> a.rs:1:1\n",
            Class::TYPE,
        ),
        (
            "building\n/bin/bash: line 1: foo: command not found\nstatus 127\n",
            Class::COMMAND_NOT_FOUND,
        ),
        (
            "FAILED tests/test_a.py::test_add - assert 3 == 4\n",
            Class::TEST_FAILURE,
        ),
        ("curl: (6) Could not resolve host: x\n", Class::NETWORK_DNS),
    ] {
        let found = masked("app", output, "").map(|it| it.class);
        assert_eq!(found, Some(class), "{output}");
        assert_eq!(found, Some(read("app", output, "").class), "{output}");
    }
}

#[test]
fn ordinary_output_is_no_masked_failure() {
    for output in [
        "",
        "ok\n",
        "0 errors, 0 warnings\n",
        "a1b2c3d Say which permission denied the call\n9f8e7d6 Retry when the connection timed out\n",
        "src/net.rs:12:    // the connection refused by the peer\n",
        "+    return 'permission denied'\n-    return 'no such file or directory'\n",
        "# Errors\n\nA call may fail with connection refused or a timeout.\n",
        "test permission_denied ... ok\ntest result: ok. 5 passed; 0 failed\n",
        "all 12 tests passed\n",
    ] {
        assert_eq!(masked("app", output, ""), None, "{output}");
    }
}
