//! What is known of variables, directories, functions and substitutions when a program starts.

use super::{known, lines};
use crate::shell::{ArgFlags, Context, Cwd, ProblemKind};

/// Every wanted command line is among those found.
#[track_caller]
fn check(text: &str, wanted: &[&str]) {
    let reading = known(text);
    let found = lines(&reading);
    for line in wanted {
        assert!(
            found.iter().any(|it| it == line),
            "`{text}`: no `{line}` in {found:#?}"
        );
    }
    assert!(
        reading.problems.is_empty(),
        "`{text}`: {:?}",
        reading.problems
    );
}

#[track_caller]
fn absent(text: &str, unwanted: &[&str]) {
    let found = lines(&known(text));
    for line in unwanted {
        assert!(
            !found.iter().any(|it| it == line),
            "`{text}`: `{line}` in {found:#?}"
        );
    }
}

/// The directory in which `program` starts.
#[track_caller]
fn check_cwd(text: &str, program: &str, wanted: &Cwd) {
    let reading = known(text);
    let found = reading.invocations.iter().find(|it| it.program == program);
    assert_eq!(&found.unwrap().cwd, wanted, "`{text}`");
}

#[test]
fn elements_of_lists_are_set_one_by_one() {
    check("x=(a b); x+=c; rm \"${x[@]}\"", &["rm ac b"]);
    check("x=(a b); x+=(c); rm \"${x[@]}\"", &["rm a b c"]);
    check("x=(a b); x=c; rm \"${x[@]}\"", &["rm c b"]);
    check("x=(a b); x[1]=c; rm \"${x[@]}\" $x", &["rm a c a"]);
    check("x=(a b); x[1]+=c; x[2]=d; rm \"${x[@]}\"", &["rm a bc d"]);
    check("x=(a b); x[0]=/; rm -rf $x", &["rm -rf /"]);
    check("x=a; x[0]=/; rm -rf $x", &["rm -rf /"]);
    check("x=a; x+=(b); rm \"${x[@]}\"", &["rm a b"]);
    check("x=a; x[1]=b; rm \"${x[@]}\"", &["rm a b"]);
    check("x[1]=b; rm \"${x[@]}\"", &["rm b"]);
    check(
        "declare -a x=(a); declare x+=(b); rm \"${x[@]}\"",
        &["rm a b"],
    );
    check("x=(); x+=c; rm \"${x[@]}\"", &["rm c"]);
    check("x=(a b); x[$i]=c; rm \"${x[@]}\"", &["rm a b c"]);
    check("x=(a b); unset x; x=c; rm \"${x[@]}\"", &["rm c"]);
    let either = "if y; then z=a; else z=b; fi; x=(c d); x+=$z; rm \"${x[@]}\"";
    check(either, &["rm \u{25c6}"]);
    // Nobody knows which place is the first.
    check("x=(* a); x+=c; rm \"${x[@]}\"", &["rm * a \u{25c6}"]);
}

#[test]
fn assigned_values_are_used() {
    check("X=rm; $X -rf /", &["rm -rf /"]);
    check("X='rm -rf /'; $X", &["rm -rf /"]);
    check("X='rm -rf /'; \"$X\"", &["rm -rf /"]);
    check("A=r B=m; $A$B -rf /", &["rm -rf /"]);
    check("x=; r$x''m -rf /", &["rm -rf /"]);
    check("export D=/etc; rm -rf $D", &["rm -rf /etc"]);
    check("declare -r D=/etc; rm -rf \"${D}\"", &["rm -rf /etc"]);
    check("D=/; D+=etc; rm -rf $D", &["rm -rf /etc"]);
    check("a=b; c=a; rm ${!c}", &["rm b"]);
    check("x='a b'; rm $x; rm \"$x\"", &["rm a b"]);
    check("X=rm bash -c true; $X a", &["bash -c true", "\u{25c6} a"]);
    check("rm -rf $undefined/x", &["rm -rf \u{25c6}/x"]);
    check("x=$(curl y); rm $x", &["rm \u{25c6}"]);
}

#[test]
fn the_shells_own_values_are_known() {
    check(
        "rm -rf $HOME ~ ~/x \"$HOME/y\"",
        &["rm -rf /home/dev /home/dev /home/dev/x /home/dev/y"],
    );
    check(
        "rm -rf $PWD $CLAUDE_PROJECT_DIR",
        &["rm -rf /work/app /work/app"],
    );
    check("cd /tmp; rm -rf $PWD $OLDPWD", &["rm -rf /tmp /work/app"]);
    check("rm${IFS}-rf${IFS}/", &["rm -rf /"]);
    check("rm$IFS-rf$IFS/", &["rm -rf /"]);
    check("r$@m -rf /", &["rm -rf /"]);
    check("r$*m -r$1f /", &["rm -rf /"]);
    check("export X=~/a; rm $X", &["rm /home/dev/a"]);
    check("X=~/a; rm $X '~/b' \"~/c\"", &["rm /home/dev/a ~/b ~/c"]);
    check("rm -rf /home/$USER", &["rm -rf /home/dev"]);
}

#[test]
fn operators_apply_to_known_values() {
    check("rm ${x:-/etc}", &["rm /etc"]);
    check("rm ${x-/etc} ${1:-b}", &["rm /etc b"]);
    check(": ${x:=/etc}; rm $x", &["rm /etc"]);
    check("x=1; rm ${x:+/etc}", &["rm /etc"]);
    check("rm -rf \"${x:?}\"/y", &["rm -rf \u{25c7}/y"]);
    check(
        "f=a.tar.gz; rm ${f%.gz} ${f%%.*} ${f#*.} ${f##*.}",
        &["rm a.tar a tar.gz gz"],
    );
    check(
        "f=foo/bar; rm ${f/o/0} ${f//o/0} ${f%/*} ${f##*/}",
        &["rm f0o/bar f00/bar foo bar"],
    );
    check(
        "f=abcdef; rm ${f:2} ${f:1:2} ${f: -2} ${f^} ${f^^}",
        &["rm cdef bc ef Abcdef ABCDEF"],
    );
    check("x=RM; ${x,,} -rf /", &["rm -rf /"]);
    check("x=/; rm -rf ${x%%[!/]*}", &["rm -rf /"]);
    check("rm ${x%/*}", &["rm \u{25c6}"]);
}

#[test]
fn lists_and_parameters_are_known() {
    check("a=(rm -rf /); \"${a[@]}\"", &["rm -rf /"]);
    check("a=(rm -rf /); ${a[0]} ${a[1]} x", &["rm -rf x"]);
    check("a=(x y); a+=(z); rm \"${a[@]}\"", &["rm x y z"]);
    check("declare -a a=(x y); rm \"${a[@]/#/p}\"", &["rm \u{25c6}"]);
    check("set -- rm -rf /; \"$@\"", &["rm -rf /"]);
    check("set -- a b; shift; rm $1", &["rm b"]);
    check("f() { rm -rf \"$1\"; }; f /etc", &["rm -rf /etc", "f /etc"]);
    check("f() { rm \"$@\"; }; f a b", &["rm a b"]);
    check("f() { rm \"$1\"; }", &["rm \u{25c6}"]);
    check(
        "for i in /etc /usr; do rm -rf $i; done",
        &["rm -rf /etc", "rm -rf /usr"],
    );
    check("for i in r m; do x=$x$i; done", &[]);
    check("for f in *.txt; do rm \"$f\"; done", &["rm *.txt"]);
    check("for f in $(ls); do rm \"$f\"; done", &["rm *"]);
    check("for f in $(ls -l); do rm \"$f\"; done", &["rm \u{25c6}"]);
    check("for i in {1..1000}; do rm $i; done", &["rm \u{25c6}"]);
    check(
        "while read -r l; do rm \"$l\"; done < list",
        &["rm \u{25c6}"],
    );
    check("alias x='rm -rf'; x /", &["rm -rf /"]);
}

#[test]
fn branches_keep_every_value() {
    check(
        "if a; then x=/; else x=/etc; fi; rm $x",
        &["rm /", "rm /etc"],
    );
    check("x=/tmp/a; [ -d b ] && x=/; rm $x", &["rm /tmp/a", "rm /"]);
    check("x=a; while b; do rm $x; x=/; done", &["rm a", "rm /"]);
    check("x=a; case $y in b) x=/;; esac; rm $x", &["rm a", "rm /"]);
    check("x=a; (x=b); rm $x", &["rm a"]);
    check("x=a; if b; then x=c; exit 1; fi; rm $x", &["rm a"]);
    absent("x=a; (x=b); rm $x", &["rm b"]);
    absent("x=a; if b; then x=c; exit 1; fi; rm $x", &["rm c"]);
    check("x=a; b | x=c; rm $x", &["rm a"]);
}

#[test]
fn directories_are_followed() {
    check_cwd("rm x", "rm", &Cwd::Start);
    check_cwd("cd build && rm x", "rm", &Cwd::At("build".into()));
    check_cwd("cd a; cd ../b; rm x", "rm", &Cwd::At("b".into()));
    check_cwd("cd ..; rm x", "rm", &Cwd::At("..".into()));
    check_cwd("cd a/..; rm x", "rm", &Cwd::Start);
    check_cwd("cd /etc/../usr && rm x", "rm", &Cwd::At("/usr".into()));
    check_cwd("cd; rm x", "rm", &Cwd::At("/home/dev".into()));
    check_cwd("cd ~/a && rm x", "rm", &Cwd::At("/home/dev/a".into()));
    check_cwd("cd /tmp; cd -; rm x", "rm", &Cwd::Start);
    check_cwd("(cd /tmp); rm x", "rm", &Cwd::Start);
    check_cwd("(cd /tmp; rm x)", "rm", &Cwd::At("/tmp".into()));
    check_cwd("cd $X && rm x", "rm", &Cwd::Unknown);
    check_cwd("pushd /tmp; rm x", "rm", &Cwd::At("/tmp".into()));
    check_cwd("pushd /tmp; popd; rm x", "rm", &Cwd::Start);
    check_cwd(
        "mkdir -p b && cd b && make; rm x",
        "rm",
        &Cwd::At("b".into()),
    );
    check_cwd("cd b || exit 1; rm x", "rm", &Cwd::At("b".into()));
    check_cwd(
        "cd b || { echo no; exit 1; }; rm x",
        "rm",
        &Cwd::At("b".into()),
    );
    check_cwd("[ -d b ] && cd b; rm x", "rm", &Cwd::Unknown);
    check_cwd("cd /tmp & rm x", "rm", &Cwd::Start);
    check_cwd("cd /tmp | rm x", "rm", &Cwd::Start);
    check_cwd("f() { cd /tmp; }; f; rm x", "rm", &Cwd::At("/tmp".into()));
}

#[test]
fn substitutions_have_the_values_that_are_known() {
    check("rm -rf $(pwd)", &["rm -rf /work/app"]);
    check("rm -rf \"$(cd /etc && pwd)\"", &["rm -rf /etc"]);
    check(
        "rm -rf \"$(git rev-parse --show-toplevel)\"",
        &["rm -rf /work/app"],
    );
    check("$(which rm) -rf /", &["rm -rf /"]);
    check("$(command -v rm) -rf /", &["rm -rf /"]);
    check(
        "d=$(mktemp -d); rm -rf \"$d\"",
        &["rm -rf /tmp/tmp.\u{25c7}"],
    );
    check(
        "d=$(mktemp -d /var/x.XXXX); rm -rf $d/y",
        &["rm -rf /var/x.\u{25c7}/y"],
    );
    check("rm -rf $(dirname /etc/x)", &["rm -rf /etc"]);
    check("rm -rf out-$(date +%s)", &["rm -rf out-\u{25c7}"]);
    check("kill -9 $((1 + 2))", &["kill -9 3"]);
    check("kill -9 $((x + 2))", &["kill -9 \u{25c7}"]);
}

#[test]
fn braces_expand_as_in_bash() {
    check("echo {a,b}{1,2}", &["echo a1 a2 b1 b2"]);
    check(
        "echo {1..3} {01..03} {1..9..4} {c..a}",
        &["echo 1 2 3 01 02 03 1 5 9 c b a"],
    );
    check(
        "echo {a} {a,b {,} a{,b} ${x}{c,d}",
        &["echo {a} {a,b a ab \u{25c6}c \u{25c6}d"],
    );
    check(
        "echo '{a,b}' \\{a,b} {\"a,b\",c}",
        &["echo {a,b} {a,b} a,b c"],
    );
    check("rm -rf ~/{a,b}", &["rm -rf /home/dev/a /home/dev/b"]);
    check("git stash@{0} HEAD@{1} {}", &["git stash@{0} HEAD@{1} {}"]);
}

#[test]
fn unknown_programs_are_marked() {
    let reading = known("$SUDO rm -rf /");
    assert!(reading.invocations[0].program_unknown());
    check("$SUDO rm -rf /", &["\u{25c6} rm -rf /", "rm -rf /"]);
    assert!(known("/bin/r? x").invocations[0].program_unknown());
    for text in [
        "/usr/bin/rm x",
        "\\rm x",
        "''rm x",
        "RM.EXE x".to_lowercase().as_str(),
        "=rm x",
    ] {
        assert_eq!(known(text).invocations[0].program, "rm", "`{text}`");
    }
    assert_eq!(known("[ -f x ]").invocations[0].program, "[");
}

#[test]
fn flags_say_what_is_not_written_out() {
    let flags = |text: &str| {
        known(text)
            .invocations
            .last()
            .unwrap()
            .argv
            .last()
            .unwrap()
            .flags
    };
    assert!(flags("rm $x").has(ArgFlags::SPLITS));
    assert!(!flags("rm \"$x\"").has(ArgFlags::SPLITS));
    assert!(flags("rm *").has(ArgFlags::GLOB));
    assert!(!flags("rm '*'").has(ArgFlags::GLOB));
    assert!(flags("a=r b=m; x $a$b").has(ArgFlags::HIDDEN));
    assert!(flags("x $'\\x72m'").has(ArgFlags::HIDDEN));
    assert!(!flags("a=r b=m; x $a/$b").has(ArgFlags::HIDDEN));
    assert!(flags("x <(y)").has(ArgFlags::PROCESS));
    assert!(flags("x $(curl y)").has(ArgFlags::MANY));
}

#[test]
fn circumstances_are_noted() {
    let has = |text: &str, flag: u32| {
        let reading = known(text);
        let found = reading.invocations.iter().find(|it| it.program == "rm");
        found.unwrap().context.has(flag)
    };
    assert!(has("(rm x)", Context::SUBSHELL));
    assert!(has("echo $(rm x)", Context::SUBSTITUTION));
    assert!(has("a && rm x", Context::CONDITION));
    assert!(has("if a; then rm x; fi", Context::CONDITION));
    assert!(!has("if rm x; then a; fi", Context::CONDITION));
    assert!(has("while a; do rm x; done", Context::LOOP));
    assert!(has("f() { rm x; }; f", Context::FUNCTION));
    assert!(!has("f() { rm x; }; f", Context::DEFERRED));
    assert!(has("f() { rm x; }", Context::DEFERRED));
    assert!(has("rm x &", Context::BACKGROUND));
}

#[test]
fn pipelines_and_sources_are_linked() {
    let reading = known("curl a | tee b | sh");
    let fed = |at: usize| reading.invocations[at].fed_by.clone();
    assert_eq!([fed(0), fed(1), fed(2)], [vec![], vec![0], vec![1]]);
    assert_eq!(reading.invocations[0].feeds, [1]);
    let reading = known("x=$(curl a); bash -c \"$x\"");
    let bash = reading
        .invocations
        .iter()
        .find(|it| it.program == "bash")
        .unwrap();
    assert_eq!(bash.argv[2].from, [0]);
    let reading = known("bash <(curl a)");
    let bash = reading
        .invocations
        .iter()
        .find(|it| it.program == "bash")
        .unwrap();
    assert_eq!(bash.argv[1].from, [0]);
    let reading = known("{ curl a; curl b; } | sh");
    assert_eq!(reading.invocations[2].fed_by, [0, 1]);
    let reading = known("curl a > >(sh)");
    let sh = reading
        .invocations
        .iter()
        .find(|it| it.program == "sh")
        .unwrap();
    assert_eq!(sh.fed_by, [1]);
}

#[test]
fn redirects_of_compounds_reach_what_is_inside() {
    let reading = known("{ a; b; } > out");
    assert!(reading.invocations.iter().all(|it| it.redirects.len() == 1));
    let reading = known("a <<A <<'B'\n$HOME\nA\n$HOME\nB");
    let bodies: Vec<_> = reading.invocations[0]
        .redirects
        .iter()
        .map(|it| it.target.text.as_str())
        .collect();
    assert_eq!(bodies, ["/home/dev\n", "$HOME\n"]);
}

#[test]
fn problems_keep_what_stood_before_them() {
    let reading = known("rm a; echo $(rm b; if");
    assert_eq!(reading.problems[0].kind, ProblemKind::Syntax);
    let found = lines(&reading);
    assert!(found.contains(&"rm a".to_owned()) && found.contains(&"rm b".to_owned()));
    assert_eq!(known("rm a\0b").problems[0].kind, ProblemKind::Syntax);
}

#[test]
fn shells_other_than_bash_are_read_too() {
    check("for x (a b) rm $x", &["rm a", "rm b"]);
    check("for x in a b; { rm $x; }", &["rm a", "rm b"]);
    check("echo *(e:'rm -rf /':)", &["rm -rf /"]);
    check("cat =(rm x)", &["rm x"]);
    let reading = known("echo x >! /etc/passwd");
    assert!(
        reading.invocations[0]
            .redirects
            .iter()
            .any(|it| it.target.text == "/etc/passwd")
    );
}

#[test]
fn a_quoted_empty_list_is_no_word() {
    check("ls \"$@\"", &["ls"]);
    check("a=(); ls \"${a[@]}\" x", &["ls x"]);
    check("f() { ls \"$@\"; }; f y", &["f y", "ls y"]);
    check("ls \"$*\"", &["ls "]);
}

#[test]
fn a_list_that_one_way_adds_to_keeps_its_start() {
    check(
        "c=(cargo test); [ -n \"$V\" ] && c+=(-v); \"${c[@]}\"",
        &["[ -n ◆ ]", "cargo test ◆"],
    );
}
