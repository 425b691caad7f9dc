//! Owns which variables decide what programs start or where they find their settings. Invariant: such a
//! variable is set by nothing that an allowlist admits, but to a value that starts nothing.

use crate::shell::{Arg, Invocation};
use crate::word::listed;

/// Variables that say where programs, their settings or their code are found.
const PLACES: &str = " PATH ENV BASH_ENV HOME FPATH CDPATH SHELL SHELLOPTS BASHOPTS PROMPT_COMMAND PS4 \
    CLASSPATH KUBECONFIG RUSTC CC CXX MAKEFLAGS GNUMAKEFLAGS TAR_OPTIONS BROWSER JAVA_TOOL_OPTIONS \
    _JAVA_OPTIONS GIT_SSH GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE ";

/// The starts of such names.
const STARTS: [&str; 16] = [
    "LD_",
    "DYLD_",
    "BASH_FUNC_",
    "GIT_CONFIG",
    "GIT_",
    "PYTHON",
    "PERL",
    "RUBY",
    "NODE_",
    "LESS",
    "npm_config_",
    "NPM_CONFIG_",
    "CARGO_",
    "RUSTUP_",
    "DOCKER_",
    "FZF_",
];

/// Their ends.
const ENDS: [&str; 14] = [
    "PAGER", "EDITOR", "VISUAL", "PATH", "_HOME", "_COMMAND", "_OPTIONS", "_OPTS", "_CONFIG",
    "_WRAPPER", "ASKPASS", "_RC", "_CMD", "_DIR",
];

/// Names that only sound like one of them.
const HARMLESS: &str = " NODE_ENV CARGO_TERM_COLOR CARGO_INCREMENTAL LESSCHARSET ";

/// True where a variable of that name decides what starts.
pub(super) fn steers(name: &str) -> bool {
    if listed(HARMLESS, name) || is_who(name) {
        return false;
    }
    listed(PLACES, name)
        || STARTS.iter().any(|it| name.starts_with(it))
        || ENDS.iter().any(|it| name.ends_with(it))
}

/// Names and dates of commits.
fn is_who(name: &str) -> bool {
    ["GIT_AUTHOR_", "GIT_COMMITTER_"]
        .iter()
        .any(|it| name.starts_with(it))
}

/// True where an assignment decides what starts.
pub(super) fn steers_to(name: &str, value: &Arg) -> bool {
    steers(name) && !(is_switch(name) && starts_nothing(value))
}

/// Builtins that set the variables they are given.
const SETTING: &str =
    " unset local declare typeset readonly export read mapfile readarray getopts let printf ";

/// True for a builtin that sets such a variable.
pub(super) fn sets_steering(invocation: &Invocation) -> bool {
    let args = invocation.args();
    let program = invocation.program.as_str();
    if !listed(SETTING, program) {
        return false;
    }
    // printf sets the variable behind `-v`, and prints the rest.
    let count = match (program, args.first()) {
        ("printf", Some(first)) if first.text.starts_with("-v") => 2,
        ("printf", _) => 0,
        _ => args.len(),
    };
    args.iter()
        .take(count)
        .any(|it| match it.text.split_once('=') {
            Some((name, value)) => steers_to(name, &Arg::literal(value, it.span)),
            // `export PATH` alone changes nothing.
            None if program == "export" => false,
            None => {
                let name = it.text.split(['[', '+']).next().unwrap_or_default();
                steers(name.trim_start_matches("-v").trim_start_matches('-'))
            }
        })
}

/// True for a variable whose value is a program or a switch, not a place.
fn is_switch(name: &str) -> bool {
    let place = listed(PLACES, name)
        || ["LD_", "DYLD_", "BASH_FUNC_", "GIT_CONFIG"]
            .iter()
            .any(|it| name.starts_with(it))
        || ["PATH", "_HOME", "_DIR", "_CONFIG", "_RC"]
            .iter()
            .any(|it| name.ends_with(it));
    !place
}

fn starts_nothing(value: &Arg) -> bool {
    let text = value.text.as_str();
    value.is_known()
        && (matches!(
            text,
            "" | "cat" | "true" | "false" | "always" | "never" | "auto" | ":"
        ) || text.bytes().all(|it| it.is_ascii_digit()))
}
