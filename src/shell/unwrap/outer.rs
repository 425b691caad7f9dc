//! Owns the rarer starters of the table (`flags`): their command is the operands, or the value of a flag.

use super::{Cx, assignments, join, like};
use crate::shell::flags::{Outer, outer};
use crate::shell::invocation::Arg;

/// Reads the invocation where its program is one of them.
pub(super) fn read(cx: &mut Cx) -> bool {
    match (outer(cx.program), cx.program) {
        (Some(Outer::Starts(_, before)), _) => {
            cx.divide();
            let mut argv = cx.rest(before);
            let assigned = assignments(&mut argv);
            if let ([text], true) = (argv.as_slice(), cx.program == "cross-env-shell") {
                cx.text(text.clone(), 0);
            } else {
                cx.assigned(argv, assigned, 0);
            }
        }
        (Some(Outer::Texts(flags)), "start-stop-daemon") => daemon(cx, flags),
        (Some(Outer::Texts(flags)), _) => {
            for text in values(cx, flags) {
                cx.text(text, 0);
            }
        }
        (None, "dotenvx" | "flox" | "guix" | "tox") => behind_dashes(cx),
        (None, "sops") => secrets(cx),
        (None, "cargo")
            if cx
                .invocation
                .args()
                .first()
                .is_some_and(|it| it.text == "watch") =>
        {
            for text in values(cx, "-s --shell") {
                cx.text(text, 0);
            }
        }
        _ => return false,
    }
    true
}

/// The values of flags wherever they stand: `--flag value`, `--flag=value`.
pub(super) fn values(cx: &Cx, flags: &str) -> Vec<Arg> {
    let args = cx.invocation.args();
    let mut found = Vec::new();
    for (index, arg) in args.iter().enumerate() {
        let (name, value) = match arg.text.split_once('=') {
            Some((name, value)) => (name, Some(like(arg, value))),
            None => (arg.text.as_str(), args.get(index + 1).cloned()),
        };
        if name.starts_with('-') && flags.split(' ').any(|it| it == name) {
            found.extend(value);
        }
    }
    found
}

/// `start-stop-daemon --start --exec program -- args`.
fn daemon(cx: &mut Cx, flags: &str) {
    let args = cx.invocation.args();
    let at = args.iter().position(|it| it.text == "--");
    let rest = at.and_then(|at| args.get(at + 1..)).unwrap_or_default();
    for program in values(cx, flags) {
        cx.argv([&[program], rest].concat(), 0);
    }
}

/// `tool exec … -- cmd`.
fn behind_dashes(cx: &mut Cx) {
    let args = cx.invocation.args();
    let Some(at) = args.iter().position(|it| it.text == "--") else {
        return;
    };
    let verbs = ["run", "exec", "shell", "activate", "environment"];
    let (before, command) = args.split_at(at);
    if before
        .first()
        .is_some_and(|it| verbs.contains(&it.text.as_str()))
    {
        cx.argv(command.get(1..).unwrap_or_default().to_vec(), 0);
    }
}

/// `sops exec-env file text`, `sops exec-file file text`.
fn secrets(cx: &mut Cx) {
    let args = cx.invocation.args();
    let Some(at) = args.iter().position(|it| it.text.starts_with("exec-")) else {
        return;
    };
    let rest = args.get(at + 1..).unwrap_or_default();
    let text = join(rest.iter().filter(|it| !it.text.starts_with('-')).skip(1));
    cx.text(text, 0);
}
