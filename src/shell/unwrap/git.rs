//! Owns the ways in which git starts other programs: aliases, configuration given on the command line,
//! filters, bisect and rebase steps. Does not own configuration in files.

use super::{Cx, join, like, split};
use crate::shell::invocation::{Arg, Context};

/// Reads the invocation where its program is git.
pub(super) fn read(cx: &mut Cx) -> bool {
    if cx.program != "git" {
        return false;
    }
    cx.divide();
    let verb = cx.operand(0);
    for value in cx.options.values_of(&["-c"]) {
        setting(cx, &value, verb);
    }
    environment(cx, verb);
    subcommand(cx, verb);
    if matches!(
        verb,
        "clone" | "fetch" | "pull" | "push" | "ls-remote" | "remote" | "archive"
    ) {
        for arg in [cx.rest(1), cx.options.values_of(&["--remote"])].concat() {
            if let Some(text) = arg.text.strip_prefix("ext::") {
                cx.text(like(&arg, text.replace('%', "")), 0);
            }
        }
    }
    true
}

fn subcommand(cx: &mut Cx, verb: &str) {
    match verb {
        "rebase" => cx.texts_of(&["-x", "--exec"], 0),
        "difftool" => cx.texts_of(&["-x", "--extcmd"], 0),
        "grep" => cx.texts_of(&["-O", "--open-files-in-pager"], 0),
        "fetch" | "clone" | "ls-remote" | "pull" => {
            cx.texts_of(&["-u", "--upload-pack"], Context::REMOTE);
        }
        "push" | "archive" => cx.texts_of(&["--receive-pack", "--exec"], Context::REMOTE),
        "filter-branch" => cx.texts_of(
            &[
                "--setup",
                "--env-filter",
                "--tree-filter",
                "--index-filter",
                "--parent-filter",
                "--msg-filter",
                "--commit-filter",
                "--tag-name-filter",
            ],
            0,
        ),
        "bisect" if cx.operand(1) == "run" => cx.start(2, 0),
        "submodule" if cx.operand(1) == "foreach" => {
            let mut words = cx.rest(2);
            words.retain(|it| it.text != "--recursive");
            if let [text] = words.as_slice() {
                cx.text(text.clone(), 0);
            } else {
                cx.argv(words, 0);
            }
        }
        "config" => config(cx),
        _ => {}
    }
}

/// `-c key=value` where the value is a program.
fn setting(cx: &mut Cx, value: &Arg, verb: &str) {
    let Some((key, text)) = value.text.split_once('=') else {
        return;
    };
    let key = key.to_ascii_lowercase();
    if let Some(alias) = key.strip_prefix("alias.") {
        if verb.eq_ignore_ascii_case(alias) {
            expand(cx, &like(value, text));
        }
    } else if let Some(command) = program_setting(&key, text) {
        cx.text(like(value, command), 0);
    }
}

/// Settings in variables: `GIT_CONFIG_KEY_0` and its value, `GIT_CONFIG_PARAMETERS`, `--config-env=key=NAME`.
fn environment(cx: &mut Cx, verb: &str) {
    let invocation = cx.invocation;
    let value = |name: &str| invocation.assignments.iter().find(|it| it.name == name);
    for named in cx.options.values_of(&["--config-env"]) {
        if let Some((key, name)) = named.text.rsplit_once('=')
            && let Some(held) = value(name)
        {
            let text = [key, "=", &held.value.text].concat();
            setting(cx, &like(&held.value, text), verb);
        }
    }
    for held in &invocation.assignments {
        if let Some(number) = held.name.strip_prefix("GIT_CONFIG_KEY_") {
            let named = ["GIT_CONFIG_VALUE_", number].concat();
            let text = value(&named).map_or("", |it| it.value.text.as_str());
            let text = [&held.value.text, "=", text].concat();
            setting(cx, &like(&held.value, text), verb);
        } else if held.name == "GIT_CONFIG_PARAMETERS" {
            for text in held.value.text.trim_matches('\'').split("' '") {
                setting(cx, &like(&held.value, text.replace("'='", "=")), verb);
            }
        }
    }
}

/// An alias that is used: `!text` is read by a shell with the operands, the rest are git's words.
fn expand(cx: &mut Cx, alias: &Arg) {
    let verb = cx.operand(0);
    let args = cx.invocation.args();
    let at = args
        .iter()
        .position(|it| it.text == verb)
        .unwrap_or(args.len());
    let rest = args.iter().skip(at + 1).cloned();
    if let Some(text) = alias.text.strip_prefix('!') {
        let mut words = vec![like(alias, text)];
        words.extend(rest);
        let text = join(words.iter());
        cx.text(text, 0);
        return;
    }
    let mut command = vec![like(alias, "git")];
    command.extend(split(alias));
    command.extend(rest);
    cx.argv(command, 0);
}

/// `git config key text`: the program starts at some later git command.
fn config(cx: &mut Cx) {
    let at = if cx.operand(1) == "set" { 2 } else { 1 };
    let key = cx.operand(at).to_ascii_lowercase();
    let Some(value) = cx.options.operands.get(at + 1).map(|&it| it.clone()) else {
        return;
    };
    let command = if key.starts_with("alias.") {
        value.text.strip_prefix('!')
    } else {
        program_setting(&key, &value.text)
    };
    if let Some(command) = command {
        cx.text(like(&value, command), Context::DEFERRED);
    }
}

/// The program in a setting's value, where the setting names one.
fn program_setting<'v>(key: &str, value: &'v str) -> Option<&'v str> {
    if let Some(command) = value.strip_prefix('!') {
        return Some(command);
    }
    if matches!(value, "" | "true" | "false") {
        return None;
    }
    let (section, name) = key.rsplit_once('.')?;
    let names_program = match (section, name) {
        (
            "core",
            "pager"
            | "sshcommand"
            | "editor"
            | "fsmonitor"
            | "askpass"
            | "gitproxy"
            | "alternaterefscommand",
        )
        | ("sequence", "editor")
        | ("diff", "external")
        | ("gpg", "program")
        | ("uploadpack", "packobjectshook")
        | ("interactive", "difffilter")
        | ("sendemail", "sendmailcmd" | "tocmd" | "cccmd")
        | ("web", "browser") => true,
        (_, "textconv" | "clean" | "smudge" | "process" | "cmd" | "driver" | "command") => {
            !section.starts_with("credential")
        }
        (_, "program") => section.starts_with("gpg"),
        ("pager", _) => true,
        (_, "helper") => value.starts_with('/'),
        _ => false,
    };
    names_program.then_some(value)
}
