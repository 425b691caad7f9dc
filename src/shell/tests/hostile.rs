//! Inputs made to hang, overflow or hide: they end quickly, and say which limit they hit.

use super::known;
use crate::shell::ProblemKind;

const MIB: usize = 1 << 20;
/// Long enough that anything worse than linear shows, in a debug build too.
const LENGTH: usize = 128 << 10;

/// Reading ends; whatever it says, it says within bounds.
#[track_caller]
fn ends(text: &str) {
    let reading = known(text);
    assert!(reading.invocations.len() <= 4096 + 1);
}

#[track_caller]
fn refused(text: &str) {
    let shown: String = text.chars().take(20).collect();
    assert!(!known(text).problems.is_empty(), "`{shown}` is accepted");
}

#[track_caller]
fn limited(text: &str) {
    let shown: String = text.chars().take(20).collect();
    let found = known(text).problems;
    assert!(
        found.iter().any(|it| it.kind == ProblemKind::Limit),
        "`{shown}`: {found:?}"
    );
}

#[test]
fn much_of_one_thing_ends() {
    for unit in [
        "<", "(", "$(", "`", "((", "${", "$((", "[[ ", "'", "\"", ";", "&", "|", ">",
    ] {
        refused(&unit.repeat((LENGTH / unit.len()) | 1));
    }
    for unit in [
        "{", "!", "{a,", "a=", "a[", "$", "#", "~", "*(", "a ", "\n", "{1..9}", "<<a ", "${a[",
        "a=(", "[a]=", "a;", "$a", "\u{25c6}",
    ] {
        ends(&unit.repeat(LENGTH / unit.len()));
    }
}

#[test]
fn text_may_end_anywhere() {
    let whole =
        "a \\b `c \\` \"d \\\"` $'e\\' ${f[g]:-h} <<\\I $((j)) [[ k =~ (l) ]] \u{4e2d}\n\\\n";
    for start in whole.char_indices() {
        let (before, after) = whole.split_at(start.0);
        ends(before);
        ends(after);
        ends(&format!("{before}\\"));
    }
}

#[test]
fn what_is_copied_for_each_command_is_limited() {
    let names: Vec<String> = (0..3000).map(|it| format!("x{it}=1 ")).collect();
    limited(&format!("{}; a", names.concat()));
    let fed = "a; ".repeat(200);
    limited(&format!(
        "{{ {fed} }} <<E\n{}\nE\n",
        "text ".repeat(LENGTH / 5)
    ));
    ends(&format!("cd {}; a", "b/".repeat(LENGTH / 2)));
}

#[test]
fn spans_end_with_the_text() {
    let text = "l1; a[$(]=1; echo F\n\tfoo $(rm${a[$(rm y)]}";
    let end = u32::try_from(text.len()).unwrap();
    assert!(known(text).invocations.iter().all(|it| it.span.end <= end));
}

#[test]
fn nesting_past_the_limit_is_named() {
    for (open, close) in [
        ("( ", ")"),
        ("$(", ")"),
        ("{ ", "; }"),
        ("\"$(", ")\""),
        ("if ", ";then a;fi"),
        ("<(", ")"),
    ] {
        let text = format!("{}a{}", open.repeat(100), close.repeat(100));
        limited(&format!("echo; {text}"));
    }
    limited(&"a".repeat(MIB + 1));
    refused(&"\"$(".repeat(100_000));
}

#[test]
fn growth_is_bounded() {
    ends(&"{a,b}".repeat(200));
    ends(&format!("echo {}", "{1..100}".repeat(20)));
    ends(
        "for a in {1..9}; do for b in {1..9}; do for c in {1..9}; do for d in {1..9}; do e; done; done; done; done",
    );
    ends(&format!(
        "{}a{}",
        "for i in 1 2 3 4 5 6 7 8; do ".repeat(30),
        "; done".repeat(30)
    ));
    ends(&format!(
        "{}x=1; a{}",
        "while a; do ".repeat(30),
        "; done".repeat(30)
    ));
    ends("f() { f; f; }; f");
    ends(":(){ :|:& };:");
    ends("a() { b; b; }; b() { c; c; }; c() { d; d; }; d() { a; e; e; }; a; a; a");
    ends(&format!("x=a; {}$x", "x=$x$x; ".repeat(60)));
    let mut calls = String::new();
    for at in 1..10 {
        let below = at - 1;
        let call = format!("f{below};").repeat(4);
        calls.extend([format!("f{at}() {{ "), call, " }; ".to_owned()]);
    }
    ends(&(calls + "f9"));
    ends(&format!(
        "{} $x",
        "[ a ] && x=$x$RANDOM; [ b ] && x=$x/b; ".repeat(40)
    ));
}
