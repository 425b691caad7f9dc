use super::*;
use crate::rule::catalog;

/// A rule nobody can complain about, with one piece replaced.
fn with(from: &str, to: &str) -> Vec<(String, String)> {
    let text = "\
[pack]
id = \"own\"
guard = \"bash\"
title = \"t\"

[[rule]]
id = \"own-deploy\"
title = \"a deploy\"
severity = \"high\"
decision = \"ask\"
since = \"0.1.0\"
why = \"a deploy is for people.\"
instead = \"deployer plan shows what would happen.\"
false_positives = [\"a sandbox\"]
owasp = [\"LLM06\"]
match = { program = \"deployer\", subcommand = \"up\" }
hit = [\"deployer up\", \"deployer up x\"]
miss = [\"deployer plan\", \"echo deployer up\"]
";
    assert!(text.contains(from), "{from}");
    vec![("own.toml".to_owned(), text.replacen(from, to, 1))]
}

#[track_caller]
fn check(from: &str, to: &str, place: &str, message: &str) {
    let lint = lint(&with(from, to));
    let found: Vec<String> = lint.problems.iter().map(ToString::to_string).collect();
    let wanted =
        |it: &String| it.starts_with(&format!("own.toml:{place}: ")) && it.contains(message);
    assert!(found.iter().any(wanted), "{place} {message}: {found:#?}");
    assert!(
        found.iter().all(|it| it.contains("\n  help: ")),
        "{found:#?}"
    );
}

#[test]
fn built_in_rules_are_as_good_as_they_ask_others_to_be() {
    let lint = lint(&catalog::files().unwrap());
    let problems: Vec<String> = lint.problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
    assert!(lint.rules > 300 && lint.samples > 1200);
}

#[test]
fn a_good_file_has_no_problems() {
    let lint = lint(&with("own", "own"));
    assert_eq!((lint.rules, lint.samples, lint.problems), (1, 4, vec![]));
}

#[test]
fn what_a_rule_lacks_is_named_with_its_place() {
    for (from, to, place, message) in [
        (
            "false_positives = [\"a sandbox\"]\n",
            "",
            "6:1",
            "no `false_positives`",
        ),
        ("[\"a sandbox\"]", "[\" \"]", "14:1", "no `false_positives`"),
        ("owasp = [\"LLM06\"]\n", "", "6:1", "no `owasp`"),
        ("\"LLM06\"", "\"LLM11\"", "15:1", "`LLM11` is in none"),
        (
            "instead = \"deployer plan shows what would happen.\"\n",
            "",
            "6:1",
            "no `instead`",
        ),
        ("\"own-deploy\"", "\"deploy\"", "7:1", "a single word"),
        ("\"0.1.0\"", "\"soon\"", "11:1", "no version"),
        ("\"high\"", "\"huge\"", "6:1", "unknown severity"),
        (", \"echo deployer up\"]", "]", "6:1", "too few samples"),
        (
            "\"deployer plan\", ",
            "\"deployer up\", ",
            "17:1",
            "stands there twice",
        ),
        ("\"deployer up x\"", "\" \"", "17:1", "an empty sample"),
    ] {
        check(from, to, place, message);
    }
}

#[test]
fn pack_names_entries_for_all_its_rules() {
    let mut files = with("owasp = [\"LLM06\"]\n", "");
    files[0].1 = files[0]
        .1
        .replacen("title = \"t\"", "title = \"t\"\nowasp = [\"ASI02\"]", 1);
    assert_eq!(lint(&files).problems, []);
}

#[test]
fn samples_are_run() {
    check(
        "\"deployer up x\"",
        "\"deployer down\"",
        "17:1",
        "is hit by no rule",
    );
    check(
        "\"deployer plan\"",
        "\"deployer up now\"",
        "17:1",
        "should not be hit",
    );
}

#[test]
fn what_never_matches_is_found() {
    let matches = "{ program = \"deployer\", subcommand = \"up\" }";
    for bad in [
        "{ program = \"deployer\", any_flag = \"-f\", no_flag = [\"-f\", \"-n\"] }",
        "{ program = \"deployer\", all_flags = [\"-f\", \"-g\"], no_flag = \"-g\" }",
        "{ program = \"deployer\", min_operands = 3, max_operands = 2 }",
        "{ program = \"deployer\", arg = \"up\", any = [{ no_arg = \"up\" }] }",
        "{ access = \"delete\", path = \"home\", not_path = [\"home\", \"temp\"] }",
    ] {
        check(matches, bad, "16:1", "never matches");
    }
    for good in [
        "{ program = \"deployer\", any_flag = [\"-f\", \"-n\"], no_flag = \"-n\" }",
        "{ program = \"deployer\", min_operands = 1 }",
    ] {
        let found = lint(&with(matches, good)).problems;
        assert!(
            !found.iter().any(|it| it.message.contains("never")),
            "{found:?}"
        );
    }
}

#[test]
fn second_rule_with_the_same_match_is_found() {
    let mut files = with("own", "own");
    let (head, rule) = files[0].1.split_once("[[rule]]").unwrap();
    let twice = format!(
        "{head}[[rule]]{rule}\n[[rule]]{}",
        rule.replace("own-deploy", "own-again")
    );
    files[0].1 = twice;
    let found = lint(&files).problems;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].line, found[0].column), (30, 1));
    assert!(found[0].message.contains("exactly what `own-deploy` does"));
}

#[test]
fn alternative_that_is_itself_stopped_is_found() {
    let instead = "deployer plan shows what would happen.";
    check(
        instead,
        "run deployer up by hand.",
        "13:1",
        "`deployer up` is itself stopped by own-deploy",
    );
    check(
        instead,
        "use git reset --hard first.",
        "13:1",
        "stopped by git-reset-hard",
    );
    check(
        instead,
        "ask first (rm -rf ~), then go on.",
        "13:1",
        "`rm -rf ~` is itself stopped",
    );
    for good in [
        "git stash push -u, then git restore <file>.",
        "list what would go, and ask the user to kill it.",
        "find out who uses it.",
    ] {
        assert_eq!(lint(&with(instead, good)).problems, [], "{good}");
    }
}

#[test]
fn raw_text_that_costs_too_much_is_found() {
    let matches = "{ program = \"deployer\", subcommand = \"up\" }";
    let text = |keyword: &str, regex: &str| {
        format!(
            "{{ text = {{ keywords = [\"{keyword}\"], regex = \"{regex}\", reason = \"r\" }} }}"
        )
    };
    check(
        matches,
        &text("deployer", "deployer up.*"),
        "16:1",
        "does nothing",
    );
    check(
        matches,
        &text("token", "deployer up"),
        "16:1",
        "many ordinary commands",
    );
    check(
        matches,
        &text("deployer", "(deployer up.{0,400}x|deployer.{0,400} up)"),
        "16:1",
        "costly",
    );
    check(
        matches,
        &text("deployer", "(deployer"),
        "6:1",
        "does not compile",
    );
}

#[test]
fn several_problems_are_told_at_once() {
    let mut files = with("\"high\"", "\"huge\"");
    files[0].1 = files[0]
        .1
        .replace("because", "")
        .replace("\"LLM06\"", "\"X\"");
    files.push(("other.toml".to_owned(), "[pack".to_owned()));
    let places: Vec<String> = lint(&files)
        .problems
        .iter()
        .map(|it| it.file.clone())
        .collect();
    assert_eq!(places, ["other.toml", "own.toml", "own.toml"]);
}
