//! Owns the programs that read shell text: shells with `-c` or from stdin, eval, trap, at. Does not own
//! that text's reading, nor script files (those are accesses).

use super::{Cx, like, replaced};
use crate::shell::invocation::{Arg, ArgFlags, Context, UNKNOWN};

/// Reads the invocation where its program is one of these.
pub(super) fn read(cx: &mut Cx) -> bool {
    match cx.program {
        "bash" | "sh" | "zsh" | "dash" | "ksh" | "ash" | "mksh" | "fish" | "rbash" | "yash"
        | "hush" | "csh" | "tcsh" | "oksh" | "posh" | "elvish" | "nu" | "xonsh" => shell(cx),
        "eval" => {
            cx.divide();
            cx.joined(usize::from(cx.operand(0) == "--"), 0);
        }
        "source" | "." => source(cx),
        "trap" => trap(cx),
        "at" | "batch" => {
            cx.divide();
            if !cx.options.has_any(&["-l", "-d", "-r", "-f"]) {
                cx.fed(Context::DEFERRED);
            }
        }
        "crontab" => crontab(cx),
        "mapfile" | "readarray" => {
            callback(cx);
            subscripts(cx);
        }
        "let" | "unset" | "read" | "test" | "[" | "printf" | "declare" | "typeset" | "local" => {
            subscripts(cx);
        }
        "compgen" | "complete" => {
            cx.divide();
            cx.texts_of(&["-C"], 0);
        }
        "bind" => {
            cx.divide();
            for value in cx.options.values_of(&["-x"]) {
                let text = value
                    .text
                    .split_once(':')
                    .map_or("", |it| it.1)
                    .trim()
                    .to_owned();
                cx.text(
                    like(&value, text.trim_matches(['"', '\''])),
                    Context::DEFERRED,
                );
            }
        }
        "fc" => {
            cx.divide();
            cx.texts_of(&["-e"], 0);
        }
        _ => return false,
    }
    true
}

fn shell(cx: &mut Cx) {
    cx.divide();
    if cx.options.has_any(&["--version", "--help"]) {
        return;
    }
    for value in cx
        .options
        .values_of(&["--rcfile", "--init-file", "--init-command", "--command"])
    {
        if value.flags.has(ArgFlags::PROCESS) {
            cx.unknown(
                Context::FED,
                "the shell reads the output of another command",
            );
        } else if cx.options.has_any(&["--init-command", "--command"]) {
            cx.text(value, 0);
        }
    }
    if cx.options.has("-c") {
        command(cx);
        return;
    }
    let mut operands = cx.options.operands.iter();
    match operands.find(|it| !it.text.starts_with('+')) {
        Some(script) if script.flags.has(ArgFlags::PROCESS) => {
            cx.unknown(
                Context::FED,
                "the shell reads the output of another command",
            );
        }
        Some(script) if !cx.options.has("-s") && !is_stdin(script) => {}
        _ => with_parameters(cx),
    }
}

/// What is fed to a shell, with the operands of `-s` as positional parameters.
fn with_parameters(cx: &mut Cx) {
    let words: Vec<String> = cx.rest(0).iter().map(quoted).collect();
    match cx.stdin {
        Some(text)
            if cx.options.has("-s")
                && !words.is_empty()
                && text.text.contains('$')
                && !text.flags.has(ArgFlags::MANY) =>
        {
            let whole = format!("set -- {}; {}", words.join(" "), text.text);
            cx.text(like(text, whole), Context::FED);
        }
        _ => cx.fed(0),
    }
}

/// The commands of a table that is fed to crontab.
fn crontab(cx: &mut Cx) {
    cx.divide();
    let reads = matches!(cx.operand(0), "" | "-" | "/dev/stdin");
    if !reads || cx.options.has_any(&["-l", "-r", "-e", "-V"]) {
        return;
    }
    let Some(table) = cx.stdin else { return };
    for line in table.text.lines() {
        let line = line.trim_start();
        let fields = if line.starts_with('@') { 1 } else { 5 };
        let blank = |it: char| it == ' ' || it == '\t';
        let mut rest = line;
        for _ in 0..fields {
            rest = rest.split_once(blank).map_or("", |it| it.1).trim_start();
        }
        if !line.starts_with('#') && !rest.is_empty() {
            cx.text(like(table, rest), Context::DEFERRED);
        }
    }
}

/// The text of `-c` with the operands after it as `$0` and positional parameters.
fn command(cx: &mut Cx) {
    let Some(&text) = cx.options.operands.first() else {
        return;
    };
    let mut text = text.clone();
    let rest = cx.rest(1);
    if text.text.contains('$') && !rest.is_empty() {
        if let Some(zero) = rest.first() {
            let value = quoted(zero);
            for name in ["\"$0\"", "$0", "\"${0}\"", "${0}"] {
                text.text = replaced(&text.text, name, &value);
            }
        }
        let words: Vec<String> = rest.iter().skip(1).map(quoted).collect();
        if !words.is_empty() {
            text.text = format!("set -- {}; {}", words.join(" "), text.text);
        }
        for arg in &rest {
            text.flags.set(arg.flags.0 & ArgFlags::UNKNOWN);
            text.from.extend(&arg.from);
        }
    }
    cx.text(text, 0);
}

/// An argument written so that a shell reads it back as it is.
fn quoted(arg: &Arg) -> String {
    if arg
        .flags
        .has(ArgFlags::SPLITS | ArgFlags::MANY | ArgFlags::GLOB)
    {
        return arg.text.clone();
    }
    if arg.text.contains(UNKNOWN) {
        return format!("\"{}\"", arg.text);
    }
    format!("'{}'", arg.text.replace('\'', r"'\''"))
}

fn is_stdin(arg: &Arg) -> bool {
    matches!(
        arg.text.as_str(),
        "-" | "/dev/stdin" | "/dev/fd/0" | "/proc/self/fd/0"
    )
}

fn source(cx: &mut Cx) {
    let Some(script) = cx.invocation.args().iter().find(|it| it.text != "--") else {
        return;
    };
    if script.flags.has(ArgFlags::PROCESS) {
        cx.unknown(
            Context::FED,
            "the shell reads the output of another command",
        );
    } else if is_stdin(script) && script.text != "-" {
        cx.fed(0);
    }
}

fn trap(cx: &mut Cx) {
    let mut args = cx.invocation.args().iter();
    let text = args.find(|it| it.text != "--");
    if let Some(text) = text
        && !text.text.starts_with('-')
        && args.next().is_some()
    {
        cx.text(text.clone(), Context::DEFERRED);
    }
}

/// Builtins that take a variable's name evaluate the subscript in it, substitutions included:
/// `test -v 'a[$(cmd)]'`.
fn subscripts(cx: &mut Cx) {
    for arg in cx.invocation.args() {
        let after = ["[$(", "[`"].iter().find_map(|mark| {
            let at = arg.text.find(mark)?;
            arg.text.get(at + 1..)
        });
        if let Some(subscript) = after
            && let Some((subscript, _)) = subscript.rsplit_once(']')
        {
            cx.text(like(arg, format!(": {subscript}")), 0);
        }
    }
}

/// `mapfile -C text` evaluates the text for its lines.
fn callback(cx: &mut Cx) {
    let args = cx.invocation.args();
    let Some(at) = args.iter().position(|it| it.text == "-C") else {
        return;
    };
    if let Some(text) = args.get(at + 1) {
        cx.text(like(text, text.text.clone()), 0);
    }
}
