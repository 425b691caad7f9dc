//! Owns what stands in front of git's verb, and the settings by which git is made to start something that
//! the reading does not show. Does not own git's verbs (`table`). Invariant: a setting that is not known
//! to start nothing is no plain one.

use crate::shell::flags::options;
use crate::shell::{Arg, Invocation};
use crate::word::base;

/// True where git is told to take its commands, hooks or settings from somewhere else. What its settings
/// start by themselves, the reading shows.
pub(super) fn is_turned(invocation: &Invocation) -> bool {
    let options = options(invocation);
    let turns = |it: &Arg| {
        let (key, value) = it.text.split_once('=').unwrap_or((&it.text, ""));
        is_turning(key) && value != "/dev/null"
    };
    let flags = ["--exec-path=", "--config-env", "--access-hook"];
    let told = |it: &Arg| flags.iter().any(|flag| it.text.starts_with(flag));
    let mut keys = options.rest(1).iter().zip(options.rest(2));
    invocation.args().iter().any(told)
        || options.values_of(&["-c"]).iter().any(turns)
        || options.subcommand(0) == Some("config")
            && keys.any(|(key, value)| is_turning(&key.text) && value.text != "/dev/null")
}

/// A setting that says where hooks or further settings are.
fn is_turning(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    key == "core.hookspath" || key.starts_with("include.") || key.starts_with("includeif.")
}

/// The flags in front of git's verb: none that names a program or settings of its own.
pub(super) fn is_plain(args: &[Arg]) -> bool {
    let mut args = args.iter().map(|it| it.text.as_str());
    while let Some(arg) = args.next() {
        let plain = match arg {
            "-C" => args.next().is_some(),
            "-c" => args.next().is_some_and(is_plain_setting),
            "--git-dir" => args.next().is_some_and(is_repository),
            "--no-pager"
            | "-P"
            | "-p"
            | "--paginate"
            | "--no-optional-locks"
            | "--bare"
            | "--no-replace-objects"
            | "--literal-pathspecs"
            | "--icase-pathspecs"
            | "--version"
            | "--help" => true,
            _ => arg.strip_prefix("--git-dir=").is_some_and(is_repository),
        };
        if !plain {
            return false;
        }
    }
    true
}

/// A repository where checkouts have theirs: any other place could have come with the files.
fn is_repository(path: &str) -> bool {
    base(path.trim_end_matches('/')) == ".git"
}

/// A setting that starts nothing.
fn is_plain_setting(setting: &str) -> bool {
    let (key, value) = setting.split_once('=').unwrap_or((setting, ""));
    let key = key.to_ascii_lowercase();
    let (section, name) = key.split_once('.').unwrap_or_default();
    match section {
        "core" => matches!(name, "quotepath" | "abbrev" | "ignorecase") || value == "cat",
        "diff" => name != "external" && !name.contains('.'),
        "pager" => matches!(value, "cat" | "false"),
        "color" | "column" | "log" | "user" | "advice" | "blame" | "status" | "i18n" => true,
        _ => key == "safe.directory",
    }
}
