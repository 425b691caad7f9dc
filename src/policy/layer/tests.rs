use super::*;
use crate::policy::Hidden;
use Decision::{Ask, Deny, Pass, Warn};

fn read(text: &str) -> (Layer, Vec<PolicyError>) {
    parse(Source::User, "/c/config.toml", text)
}

#[track_caller]
fn value(text: &str, key: &str) -> Value {
    let (layer, problems) = read(text);
    assert_eq!(problems, [], "{text}");
    let entry = layer.entries.iter().find(|it| it.row.key == key);
    entry.expect("the setting").value.clone()
}

/// The text has exactly this problem: `line:column: message` up to where `expected` ends.
#[track_caller]
fn check(text: &str, expected: &str) {
    let (_, problems) = read(text);
    let shown: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(shown.len(), 1, "{text}: {shown:?}");
    let shown = shown[0].strip_prefix("/c/config.toml:").expect("the file");
    assert!(
        shown.starts_with(expected),
        "{text}\n got {shown}\nwant {expected}"
    );
}

#[test]
fn settings_are_read_in_every_spelling_of_toml() {
    let word = |it: &str| Value::Word(it.into());
    assert_eq!(value("mode = 'observe'", "mode"), word("observe"));
    assert_eq!(value("\u{feff}mode = 'observe'", "mode"), word("observe"));
    assert_eq!(value("mode = \"observe\"\r\n", "mode"), word("observe"));
    assert_eq!(
        value("boundary.outside = 'ask'", "boundary.outside"),
        word("ask")
    );
    assert_eq!(
        value("[boundary]\noutside = 'ask'", "boundary.outside"),
        word("ask")
    );
    assert_eq!(
        value("boundary = { outside = 'ask' }", "boundary.outside"),
        word("ask")
    );
    assert_eq!(
        value("\"boundary\".'outside' = 'ask'", "boundary.outside"),
        word("ask")
    );
    let roots = Value::List(vec!["/srv".into(), "~/x".into(), ".".into()]);
    assert_eq!(
        value("boundary.roots = ['/srv', '~/x', '.']", "boundary.roots"),
        roots
    );
    assert_eq!(
        value(
            "[rules.decision]\ngit-reset-hard = 'deny'\n'pack:git' = 'warn'",
            "rules.decision"
        ),
        Value::Decisions(vec![
            ("git-reset-hard".into(), Deny),
            ("pack:git".into(), Warn)
        ])
    );
    assert_eq!(read("").1, []);
    assert_eq!(read("# nothing\n").0.entries, []);
}

#[test]
fn a_pattern_protects_both_sides_unless_it_names_one() {
    let check = |text: &str, read: Decision, write: Decision| {
        let Value::Paths(paths) = value(&format!("paths.protect = [{text}]"), "paths.protect")
        else {
            panic!("{text}")
        };
        assert_eq!((paths[0].read, paths[0].write), (read, write), "{text}");
        assert_eq!(paths[0].pattern, "*.pem");
        assert_eq!(paths[0].origin, "/c/config.toml");
    };
    check("'*.pem'", Deny, Deny);
    check("{ pattern = '*.pem' }", Deny, Deny);
    check("{ pattern = '*.pem', why = 'keys' }", Deny, Deny);
    check("{ pattern = '*.pem', read = 'ask' }", Ask, Pass);
    check("{ write = 'warn', pattern = '*.pem' }", Pass, Warn);
    check(
        "{ pattern = '*.pem', read = 'ask', write = 'deny' }",
        Ask,
        Deny,
    );
}

#[test]
fn problems_name_line_column_and_the_cure() {
    check(
        "mod = 'observe'",
        "1:1: there is no setting `mod`: did you mean `mode`?",
    );
    check(
        "\n\n  zebra = 1",
        "3:3: there is no setting `zebra`: `hookbin policy show`",
    );
    check(
        "[boundary]\noutsid = 'ask'",
        "2:1: there is no setting `boundary.outsid`: did you mean",
    );
    check(
        "[boundery]\noutside = 'ask'",
        "1:2: there is no setting `boundery`",
    );
    check(
        "boundary = 'ask'",
        "1:1: `boundary` is a table: write `[boundary]`",
    );
    check(
        "mode = 'observ'",
        "1:8: `mode` is one of observe, enforce; did you mean `observe`?",
    );
    check("mode = 'off'", "1:8: `mode` is one of observe, enforce");
    check("mode = true", "1:8: `mode` wants a string");
    check("mode = ['observe']", "1:8: `mode` wants a string");
}

#[test]
fn problems_inside_lists_and_tables_name_their_own_place() {
    check(
        "paths.protect = 'x'",
        "1:17: `paths.protect` wants a list of strings or of tables",
    );
    check("paths.protect = [1]", "1:18: `paths.protect` wants a list");
    check("paths.protect = ['']", "1:18: a pattern wants text");
    check("paths.protect = ['[a']", "1:18: the pattern does not read");
    check("paths.protect = ['{a']", "1:18: the pattern does not read");
    check(
        "paths.protect = ['../x']",
        "1:18: a pattern is written without `..`",
    );
    check(
        "paths.protect = [{ write = 'ask' }]",
        "1:18: a pattern wants text",
    );
    check(
        "paths.protect = [{ patern = 'x', pattern = 'y' }]",
        "1:20: a pattern has no `patern`: did",
    );
    check(
        "paths.protect = [{ pattern = 'x', read = 'no' }]",
        "1:42: `read` is one of pass, warn",
    );
    check(
        "paths.protect = [{ pattern = 'x', read = 1 }]",
        "1:42: `read` of a pattern wants a string",
    );
}

#[test]
fn problems_of_directories_and_rules_name_their_own_place() {
    check(
        "boundary.roots = ['/srv', '']",
        "1:27: a directory wants a name",
    );
    check(
        "boundary.roots = ['../..']",
        "1:19: a directory is written without `..`",
    );
    check("boundary.roots = ['~root']", "1:19: only your own home");
    check(
        "rules.disable = ['Git Push']",
        "1:18: a rule is named by its id",
    );
    check(
        "rules.disable = ['pack:']",
        "1:18: a rule is named by its id",
    );
    check(
        "rules.disable = ['severity:low']",
        "1:18: a rule is named by its id",
    );
    check(
        "rules.decision = { x = 'allow' }",
        "1:24: `x` is one of pass, warn, ask, deny",
    );
    check(
        "rules.decision = { x = 1 }",
        "1:24: `rules.decision` wants a table",
    );
    check(
        "rules.decision = { 'severity:bad' = 'ask' }",
        "1:20: a severity is low, medium",
    );
    check(
        "grants = 'none'",
        "1:1: `grants` can only be set by managed policy",
    );
    check(
        "rules.disable = ['x']\nrules.decision.x = 'ask'",
        "2:7: `x` stands in rules.disable and in rules.decision: keep one",
    );
}

#[test]
fn broken_toml_is_named_where_it_breaks() {
    check("mode = ", "1:");
    check("mode = 'observe'\nmode = 'enforce'", "2:1");
    check("\n[boundary\n", "2:");
    check("mode = 'observe", "1:");
    check("mode 'observe'", "1:");
}

#[test]
fn every_problem_of_a_file_is_found_in_order() {
    let (layer, problems) = read("mod = 1\nmode = 'off'\nboundary.outside = 'ask'\nx = 1\n");
    let lines: Vec<usize> = problems.iter().map(|it| it.line).collect();
    assert_eq!(lines, [1, 2, 4]);
    assert_eq!(layer.entries.len(), 1);
}

#[test]
fn hostile_text_is_a_problem_and_nothing_else() {
    for text in [
        "a.b.c.d.e.f.g = 1".to_owned(),
        "[boundary.roots.x]".to_owned(),
        format!("{} = 1", "a".repeat(100_000)),
        format!("x = {}{}", "[".repeat(5_000), "]".repeat(5_000)),
        format!("{} = 1", vec!["a"; 5_000].join(".")),
        "\0".to_owned(),
        "mode = '\u{202e}observe'".to_owned(),
    ] {
        let (_, problems) = read(&text);
        assert!(!problems.is_empty());
        assert!(
            problems.iter().all(|it| it.message.len() < 600),
            "{problems:?}"
        );
    }
}

#[test]
fn places_count_characters_from_one() {
    assert_eq!(place("", 0), (1, 1));
    assert_eq!(place("ab\ncd", 3), (2, 1));
    assert_eq!(place("äö", 2), (1, 2));
    assert_eq!(place("a", 99), (1, 2));
}

#[test]
fn destinations_are_read_and_a_wrong_one_is_never_quoted() {
    let hidden = |it: &str| Value::Hidden(Hidden::new(it));
    let url = "https://hooks.x.org/in";
    assert_eq!(
        value(&format!("notify.slack = '{url}'"), "notify.slack"),
        hidden(url)
    );
    assert_eq!(
        value("notify.webhook = 'env:HOOK'", "notify.webhook"),
        hidden("env:HOOK")
    );
    let program = |it: &str| value(it, "notify.command");
    let tell = Value::List(vec!["/bin/tell".into()]);
    assert_eq!(program("notify.command = '/bin/tell'"), tell);
    assert_eq!(program("notify.command = ['/bin/tell']"), tell);
    assert_eq!(
        value("notify.on = ['end', 'deny']", "notify.on"),
        Value::List(vec!["end".into(), "deny".into()])
    );
    assert_eq!(
        value("notify.throttle = 0", "notify.throttle"),
        Value::Number(0)
    );
    check(
        "notify.webhook = 'http://hidden.org'",
        "1:18: a URL begins with https://",
    );
    check("notify.slack = 'env:'", "1:16: a URL begins");
    check("notify.telegram = 'hidden'", "1:19: a token is a number");
    check(
        "notify.telegram_chat = 'hidden'",
        "1:24: a chat is a number",
    );
    check(
        "notify.command = 'tell'",
        "1:18: a program is named by its absolute path",
    );
    check("notify.command = []", "1:18: a program is named by");
    check(
        "notify.command = ['/bin/tell', 1]",
        "1:18: `notify.command` wants a program",
    );
    check(
        "notify.on = ['deni']",
        "1:14: `notify.on` is one of deny, breaker",
    );
    check(
        "notify.webhook = 1",
        "1:18: `notify.webhook` wants a string",
    );
    for text in [
        "notify.webhook = 'http://hidden.org'",
        "notify.telegram = 'hidden'",
    ] {
        assert!(!format!("{:?}", read(text)).contains("hidden"), "{text}");
    }
}
