use super::*;
use crate::shell::test_line::line;

#[track_caller]
fn check(text: &str, expected: &str) {
    let found = stdout(&line(text), None).map(|it| it.text);
    assert_eq!(found.as_deref(), Some(expected), "{text}");
}

#[track_caller]
fn piped(text: &str, stdin: &str, expected: &str) {
    let stdin = Arg::literal(stdin, crate::shell::Span::default());
    let found = stdout(&line(text), Some(&stdin)).map(|it| it.text);
    assert_eq!(found.as_deref(), Some(expected), "{text}");
}

#[track_caller]
fn none(text: &str, stdin: Option<&str>) {
    let stdin = stdin.map(|it| Arg::literal(it, crate::shell::Span::default()));
    assert_eq!(stdout(&line(text), stdin.as_ref()), None, "{text}");
}

#[test]
fn echo_and_printf_write_their_arguments() {
    check("echo rm -rf /", "rm -rf /\n");
    check("echo -n rm x", "rm x");
    check("echo -ne 'rm\\x20x'", "rm x");
    check("echo -e '\\0162\\0155 x'", "rm x\n");
    check("echo -e 'a\\cb' c", "a");
    check("echo 'a\\nb'", "a\\nb\n");
    check("echo -- -n", "-- -n\n");
    check("echo rm ◆", "rm ◆\n");
    none("echo ◆", None);
    none("echo", None);
    check("printf 'rm -rf /'", "rm -rf /");
    check("printf '%s\\n' a b", "a\nb\n");
    check("printf '%s %s' rm x", "rm x");
    check("printf '\\x72\\x6d x'", "rm x");
    check("printf '\\162\\155'", "rm");
    check("printf '%b' '\\x72m'", "rm");
    check("printf '%c%c' rx mx", "rm");
    check("printf '100%%'", "100%");
    check("printf '%d' 5", "5");
    check("printf -- 'x'", "x");
    none("printf -v x y", None);
}

#[test]
fn decoders_decode() {
    piped("base64 -d", "cm0gLXJmIC8=", "rm -rf /");
    piped("base64 --decode", "cm0g\nLXJmIC8K", "rm -rf /\n");
    piped("base64 -D", "cm0gLXJmIC8", "rm -rf /");
    piped("base64 -di", "cm0gLXJmIC8=", "rm -rf /");
    piped("base32 -d", "OJWSALLSMYQC6===", "rm -rf /");
    piped("openssl base64 -d", "cm0gLXJmIC8=", "rm -rf /");
    piped("openssl enc -base64 -d", "cm0gLXJmIC8=", "rm -rf /");
    piped("openssl enc -d -a -A", "cm0gLXJmIC8=", "rm -rf /");
    none("openssl enc -aes-256-cbc -d -k x", Some("cm0gLXJmIC8="));
    piped("python3 -m base64 -d", "cm0gLXJmIC8=", "rm -rf /");
    piped("xxd -r -p", "726d202d7266202f", "rm -rf /");
    piped("xxd -p -r", "72 6d", "rm");
    piped("xxd -r", "00000000: 726d 2078  rm x", "rm x");
    piped("rev", "/ fr- mr", "rm -rf /");
    piped("tac", "b\na\n", "a\nb\n");
    none("base64", Some("rm"));
    none("base64 -d", Some("!!!"));
    none("base64 -d", None);
    none("gunzip", Some("x"));
    none("yes", Some("x"));
}

#[test]
fn filters_rewrite() {
    piped("cat", "rm x", "rm x");
    piped("cat -", "rm x", "rm x");
    none("cat file", Some("x"));
    piped("tee out", "rm x", "rm x");
    piped("tr a-z A-Z", "rm x", "RM X");
    piped("tr 'A-Za-z' 'N-ZA-Mn-za-m'", "ez k", "rm x");
    piped("tr -d x", "xrxm", "rm");
    piped("tr -d '\\n'", "r\nm", "rm");
    piped("tr '[:upper:]' '[:lower:]'", "RM", "rm");
    piped("tr -s ' '", "rm   x", "rm x");
    piped("sed s/echo/rm/", "echo x", "rm x");
    piped("sed 's/_/ /g'", "rm_-rf_/", "rm -rf /");
    piped("sed -e 's|a|r|;s|b|m|'", "ab x", "rm x");
    none("sed 's/.*/x/'", Some("a"));
    none("sed -n p", Some("a"));
    piped("head -1", "rm x\nls\n", "rm x\n");
    piped("head -n 1", "rm x\nls\n", "rm x\n");
    piped("head -c 2", "rmx", "rm");
    piped("tail -1", "ls\nrm x\n", "rm x\n");
    piped("tail -n +2", "ls\nrm x\n", "rm x\n");
    piped("tail -c +3", "xxrm", "rm");
    piped("cut -c 3-", "xxrm", "rm");
    piped("cut -d: -f2", "a:rm:b", "rm");
    piped("cut -d ' ' -f 1,3", "rm b x", "rm x");
}

#[test]
fn code_prints_and_find_lists() {
    check("python3 -c 'print(\"rm -rf /\")'", "rm -rf /\n");
    check("perl -e 'print \"rm x\"'", "rm x\n");
    check("ruby -e 'puts \"rm x\"'", "rm x\n");
    check("node -e 'console.log(\"rm x\")'", "rm x\n");
    check("dirname /a/b", "/a\n");
    check("dirname a", ".\n");
    check("dirname /a", "/\n");
    check("dirname /", "/\n");
    check("basename /a/b.c .c", "b\n");
    check("basename /a/b/", "b\n");
    none("dirname ◆/a", None);
    check("find . -name '*.pyc'", "./**/*.pyc");
    check("find a b -type f -print0", "a\nb");
    none("find . -exec cat {} +", None);
    none("python3 -c 'import x; x.run()'", None);
}

#[test]
fn rewritten_text_is_hidden() {
    let stdin = Arg::literal("cm0geA==", crate::shell::Span::default());
    let hidden = |text: &str| {
        let found = stdout(&line(text), Some(&stdin)).unwrap();
        found.flags.has(ArgFlags::HIDDEN)
    };
    assert!(hidden("base64 -d"));
    assert!(hidden("rev"));
    assert!(hidden("echo -e '\\x72m'"));
    assert!(hidden("printf '\\162m'"));
    assert!(!hidden("cat"));
    assert!(!hidden("echo rm"));
    assert!(!hidden("printf 'rm\\n'"));
    assert!(!hidden("tr q z"));
}
