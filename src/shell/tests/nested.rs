//! What an invocation starts in turn, read through to the program that runs in the end.

use super::{known, lines};
use crate::shell::Context;

/// `rm -rf /` is found behind whatever stands in front of it.
#[track_caller]
fn check(text: &str) {
    let reading = known(text);
    let found = lines(&reading);
    assert!(
        found.iter().any(|it| it == "rm -rf /"),
        "`{text}`: {found:#?} {:?}",
        reading.problems
    );
}

#[test]
fn wrappers_and_shells_are_read_through() {
    check("sudo rm -rf /");
    check("sudo -u root env A=1 nice -n 5 rm -rf /");
    check("command rm -rf /");
    check("bash -c 'rm -rf /'");
    check("bash -c \"bash -c 'rm -rf /'\"");
    check("sh -c 'rm -rf \"$1\"' _ /");
    check("sh -c '\"$@\"' _ rm -rf /");
    check("X=/ bash -c 'rm -rf $X'");
    check("eval 'rm -rf /'");
    check("eval \"x=/\"; rm -rf $x");
    check("eval rm -rf /");
    check("command cd /; pwd | xargs rm -rf");
    check("trap 'rm -rf /' EXIT");
    check("f() { \"$@\"; }; f rm -rf /");
}

#[test]
fn text_fed_to_a_shell_is_read() {
    check("bash <<EOF\nrm -rf /\nEOF");
    check("bash <<< 'rm -rf /'");
    check("echo 'rm -rf /' | bash");
    check("printf 'rm -rf %s' / | sudo sh");
    check("cat <<'EOF' | sh\nrm -rf /\nEOF");
    check("echo 'rm -rf /' | { cat; } | bash");
    check("{ echo rm -rf /; } | bash");
    check("echo cm0gLXJmIC8= | base64 -d | sh");
    check("echo '/ fr- mr' | rev | bash");
    check("bash -c \"$(echo cm0gLXJmIC8= | base64 --decode)\"");
    check("$(echo rm) -rf /");
    check("$(printf 'r%s' m) -rf /");
    check("`echo rm -rf /`");
    check("source <(echo 'rm -rf /')");
    check("bash < <(echo rm -rf /)");
    check("echo 'rm -rf /' > x.sh; bash x.sh");
    check("echo rm | while read c; do $c -rf /; done");
    check("echo / | xargs rm -rf");
}

#[test]
fn decoded_text_is_marked() {
    let has = |text: &str, flag: u32| {
        let reading = known(text);
        let found = reading.invocations.iter().find(|it| it.program == "rm");
        found.unwrap().context.has(flag)
    };
    assert!(has("echo cm0gLXJmIC8= | base64 -d | sh", Context::DECODED));
    assert!(has("echo 'rm x' | sh", Context::FED));
    assert!(!has("echo 'rm x' | sh", Context::DECODED));
    assert!(has("sudo rm x", Context::PRIVILEGED | Context::NESTED));
}

#[test]
fn what_is_only_text_starts_nothing() {
    for text in [
        "echo 'rm -rf /'",
        "git commit -m 'rm -rf /'",
        "grep 'rm -rf /' x",
        "cat > x <<'E'\nrm -rf /\nE",
    ] {
        let found = lines(&known(text));
        assert!(
            !found.iter().any(|it| it == "rm -rf /"),
            "`{text}`: {found:?}"
        );
    }
}
