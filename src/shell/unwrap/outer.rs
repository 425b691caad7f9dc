//! Owns the rarer starters of the table (`flags`): their command is the operands, or the value of a flag.

use super::{Cx, assignments, join, split};
use crate::shell::flags::{Outer, outer, scattered};

/// Reads the invocation where its program is one of them.
pub(super) fn read(cx: &mut Cx) -> bool {
    match (outer(cx.program), cx.program) {
        (Some(Outer::Starts(_, before)), _) => {
            cx.divide();
            let mut argv = cx.rest(before);
            let assigned = assignments(&mut argv);
            if matches!(cx.program, "cross-env-shell" | "pee" | "rush" | "viddy") {
                // Each word is a text for a shell; viddy's are one.
                let joined = cx.program != "pee";
                let texts = if joined {
                    vec![join(argv.iter())]
                } else {
                    argv
                };
                for text in texts {
                    cx.text(text, 0);
                }
            } else {
                cx.assigned(argv, assigned, 0);
            }
        }
        (Some(Outer::Texts(flags)), "start-stop-daemon") => daemon(cx, flags),
        (Some(Outer::Texts(flags)), _) => {
            for text in scattered(cx.invocation.args(), flags) {
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
            for text in scattered(cx.invocation.args(), "-s --shell") {
                cx.text(text, 0);
            }
            behind_dashes(cx);
        }
        (None, "lerna" | "onchange" | "rr") if sets_off(cx) => behind_dashes(cx),
        (
            None,
            "nvm" | "fnm" | "rbenv" | "pyenv" | "nodenv" | "volta" | "jenv" | "goenv" | "rr",
        ) => {
            version(cx);
        }
        _ => return other(cx),
    }
    true
}

fn other(cx: &mut Cx) -> bool {
    match cx.program {
        "coreutils" => {
            let mut argv = cx.invocation.args().to_vec();
            if let Some(first) = argv.first_mut()
                && let Some(name) = first.text.strip_prefix("--coreutils-prog=")
            {
                first.text = name.to_owned();
                cx.argv(argv, 0);
            }
        }
        "go" => {
            for text in scattered(cx.invocation.args(), "-exec --exec -toolexec --toolexec") {
                cx.argv(split(&text), 0);
            }
            return false;
        }
        _ => return false,
    }
    true
}

/// `start-stop-daemon --start --exec program -- args`.
fn daemon(cx: &mut Cx, flags: &str) {
    let args = cx.invocation.args();
    let at = args.iter().position(|it| it.text == "--");
    let rest = at.and_then(|at| args.get(at + 1..)).unwrap_or_default();
    for program in scattered(cx.invocation.args(), flags) {
        cx.argv([&[program], rest].concat(), 0);
    }
}

/// `tool exec … -- cmd`.
fn behind_dashes(cx: &mut Cx) {
    let args = cx.invocation.args();
    let Some(at) = args.iter().position(|it| it.text == "--") else {
        return;
    };
    let verbs = [
        "run",
        "exec",
        "shell",
        "activate",
        "environment",
        "watch",
        "unshare",
        "explore",
        "record",
    ];
    let (before, command) = args.split_at(at);
    if cx.program == "onchange"
        || before
            .first()
            .is_some_and(|it| verbs.contains(&it.text.as_str()))
    {
        cx.argv(command.get(1..).unwrap_or_default().to_vec(), 0);
    }
}

/// Verbs of programs that are known for others: `podman unshare cmd`, `npm explore package -- cmd`.
pub(super) fn verbs(cx: &mut Cx) {
    if sets_off(cx) {
        behind_dashes(cx);
        return;
    }
    if let ("docker" | "buildah", Some((verb, rest))) =
        (cx.program, cx.invocation.args().split_first())
        && verb.text == "unshare"
    {
        let command = rest.iter().skip_while(|it| it.text.starts_with('-'));
        cx.argv(command.cloned().collect(), 0);
    }
}

/// True where dashes set a command off, and not one of the program's own.
fn sets_off(cx: &Cx) -> bool {
    let args = cx.invocation.args();
    let verb = args.first().map_or("", |it| it.text.as_str());
    let own = match cx.program {
        "docker" | "buildah" => verb == "unshare",
        "npm" => verb == "explore",
        "lerna" => verb == "exec",
        "rr" => verb == "record",
        "onchange" => true,
        _ => false,
    };
    own && args.iter().any(|it| it.text == "--")
}

/// `nvm exec 20 cmd`, `fnm exec --using 20 cmd`, `rbenv exec cmd`: a word that names a version is no program.
fn version(cx: &mut Cx) {
    let args = cx.invocation.args();
    let verbs = ["exec", "run", "record"];
    let Some((verb, mut rest)) = args.split_first() else {
        return;
    };
    if !verbs.contains(&verb.text.as_str()) || (cx.program, verb.text.as_str()) == ("nvm", "run") {
        return;
    }
    let numbered = |it: &str| {
        let it = it.trim_start_matches('v');
        it.starts_with(|it: char| it.is_ascii_digit()) || it.starts_with("lts/") || it == "default"
    };
    while let Some((first, more)) = rest.split_first() {
        if !first.text.starts_with('-') && !numbered(&first.text) {
            break;
        }
        rest = more;
    }
    cx.argv(rest.to_vec(), 0);
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
