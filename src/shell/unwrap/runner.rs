//! Owns the runners of development tools: `npx cmd`, `uv run cmd`, `bundle exec cmd`, terminal
//! multiplexers, benchmarks. Does not own what such a tool fetches before it runs it.

use super::{Cx, join, like};
use crate::shell::flags::{Flag, divide, scattered};
use crate::shell::invocation::{Arg, Context};
use crate::word::listed;

/// Reads the invocation where its program is one of these.
pub(super) fn read(cx: &mut Cx) -> bool {
    if client(cx) {
        return true;
    }
    match cx.program {
        "npx" | "bunx" | "pnpx" | "uvx" => {
            cx.divide();
            cx.texts_of(&["-c", "--call"], 0);
            package(cx, 0);
        }
        "pipx" => {
            cx.divide();
            if cx.operand(0) == "run" {
                package(cx, 1);
            }
        }
        "bun"
            if cx
                .invocation
                .args()
                .iter()
                .any(|it| matches!(it.text.as_str(), "-e" | "-p" | "--eval")) =>
        {
            return false;
        }
        "npm" | "pnpm" | "yarn" | "bun" => {
            cx.divide();
            if matches!(cx.operand(0), "exec" | "x" | "dlx") {
                cx.texts_of(&["-c", "--call"], 0);
                package(cx, 1);
            } else if !super::manifest::sets_scripts(cx) && listed(NODE_TOOLS, cx.operand(0)) {
                whole(cx, 0);
            }
        }
        "uv" | "poetry" | "pipenv" | "bundle" | "conda" | "mamba" | "micromamba" | "rye"
        | "pdm" | "hatch" | "direnv" | "rustup" | "mise" | "op" | "doppler" | "infisical"
        | "aws-vault" | "chamber" | "teller" | "pixi" | "devbox" | "asdf" => run(cx),
        "perf" => {
            cx.divide();
            if matches!(cx.operand(0), "stat" | "record" | "trace") {
                cx.start(1, 0);
            }
        }
        "dotenv" => {
            cx.divide();
            let at = usize::from(cx.operand(0) == "run");
            cx.start(at, 0);
        }
        "nix-shell" | "nix" => {
            cx.divide();
            cx.texts_of(&["--run"], 0);
            nix(cx);
        }
        _ => return other(cx),
    }
    true
}

/// The client started by its script: `node …/claude-code/cli.js`.
fn client(cx: &mut Cx) -> bool {
    if !matches!(cx.program, "node" | "bun" | "deno" | "tsx" | "electron") {
        return false;
    }
    let is_script = |it: &Arg| {
        let text = it.text.as_str();
        text.contains("claude-code/") && text.ends_with("js") && !it.text.starts_with('-')
    };
    let args = cx.invocation.args();
    let Some(at) = args.iter().position(is_script) else {
        return false;
    };
    let mut words = args.get(at..).unwrap_or_default().to_vec();
    if let Some(first) = words.first_mut() {
        "claude".clone_into(&mut first.text);
    }
    cx.argv(words, 0);
    true
}

fn other(cx: &mut Cx) -> bool {
    match cx.program {
        "python" => return module(cx),
        "heroku"
            if cx
                .invocation
                .args()
                .iter()
                .any(|it| it.text.starts_with("run")) =>
        {
            dyno(cx);
        }
        "minikube" | "microk8s" | "k3s" | "k0s"
            if first_word(cx).is_some_and(|it| matches!(it, "kubectl" | "crictl" | "ctr")) =>
        {
            let mut argv = cx.invocation.args().to_vec();
            argv.retain(|it| it.text != "--");
            cx.argv(argv, 0);
        }
        "symfony" if first_word(cx) == Some("console") => {
            cx.argv(cx.invocation.args().to_vec(), 0);
        }
        "sail" => {
            cx.divide();
            whole(cx, Context::CONTAINER);
        }
        "hyperfine" => {
            cx.divide();
            cx.texts_of(
                &[
                    "-p",
                    "--prepare",
                    "-c",
                    "--cleanup",
                    "-s",
                    "--setup",
                    "-C",
                    "--conclude",
                ],
                0,
            );
            for arg in cx.rest(0) {
                cx.text(arg, 0);
            }
        }
        "concurrently" | "npm-run-all" | "run-p" | "run-s" => {
            cx.divide();
            for arg in cx.rest(0).into_iter().filter(|it| it.text.contains(' ')) {
                cx.text(arg, 0);
            }
        }
        "tmux" => tmux(cx),
        "screen" => screen(cx),
        "make" | "gmake" => super::make::read(cx),
        _ => return false,
    }
    true
}

/// `heroku run`: one word is read by a shell there, several are a program and its arguments.
fn dyno(cx: &mut Cx) {
    cx.divide();
    if !matches!(cx.operand(0), "run" | "run:detached") {
        return;
    }
    let lone = cx
        .options
        .operands
        .get(1)
        .is_some_and(|it| it.text.contains(' '));
    if lone || cx.options.operands.len() == 2 {
        let text = cx.rest(1).into_iter().next().unwrap_or_default();
        cx.text(text, Context::REMOTE);
    } else {
        cx.start(1, Context::REMOTE);
    }
}

/// Tools of a project that yarn and its kin start by name alone. Other names are the project's scripts.
const NODE_TOOLS: &str = "prisma knex sequelize sequelize-cli typeorm mikro-orm drizzle-kit kysely \
    wrangler vercel netlify firebase supabase cdk cdktf serverless sls sst hasura";

/// Modules of Python that are tools of the same name.
const MODULES: &str = "alembic flask celery ansible awscli django yoyo pip pipx uv twine";

/// `python -m tool`.
fn module(cx: &mut Cx) -> bool {
    cx.divide();
    let Some(name) = cx.options.find("-m").and_then(Flag::value_arg) else {
        return false;
    };
    if !listed(MODULES, &name.text) {
        return false;
    }
    let program = match name.text.as_str() {
        "awscli" => "aws",
        "django" => "django-admin",
        other => other,
    };
    let mut argv = cx.rest(0);
    argv.insert(0, like(&name, program));
    cx.argv(argv, 0);
    true
}

fn first_word<'a>(cx: &Cx<'a>) -> Option<&'a str> {
    cx.invocation.args().first().map(|it| it.text.as_str())
}

/// The command starts at the first operand, with every flag behind it.
fn whole(cx: &mut Cx, context: u32) {
    let args = cx.invocation.args();
    let first = cx.options.operands.first().copied();
    let at = args
        .iter()
        .position(|it| first.is_some_and(|first| std::ptr::eq(it, first)));
    let command = at.and_then(|it| args.get(it..)).unwrap_or_default();
    cx.argv(command.to_vec(), context);
}

/// The command at the nth operand, without the version of its package.
fn package(cx: &mut Cx, n: usize) {
    let mut argv = cx.rest(n);
    if argv.first().is_some_and(|it| it.text == "--") {
        argv.remove(0);
    }
    if let Some(first) = argv.first_mut()
        && let Some((name, _)) = first.text.rsplit_once('@')
        && !name.is_empty()
    {
        first.text = name.to_owned();
    }
    if let Some(first) = argv.first_mut()
        && first.text == "@anthropic-ai/claude-code"
    {
        // The package's program.
        "claude".clone_into(&mut first.text);
    }
    cx.argv(argv, 0);
}

/// `tool run cmd`, `tool exec NAME -- cmd`.
fn run(cx: &mut Cx) {
    cx.divide();
    let (program, verb) = (cx.program, cx.operand(0));
    if !matches!(verb, "run" | "exec" | "x" | "env") {
        if program == "uv" && verb == "tool" && cx.operand(1) == "run" {
            package(cx, 2);
        }
        return;
    }
    if matches!(program, "mise" | "doppler") {
        for text in scattered(cx.invocation.args(), "-c --command") {
            cx.text(text, 0);
        }
    }
    let mut argv = cx.rest(match (program, verb) {
        ("direnv" | "aws-vault" | "chamber", "exec") | ("rustup", _) => 2,
        _ => 1,
    });
    // mise and kin put tools before the command, set off by dashes.
    if let Some(at) = argv.iter().position(|it| it.text == "--") {
        if matches!(
            program,
            "mise" | "op" | "doppler" | "infisical" | "aws-vault"
        ) || at == 0
        {
            argv.drain(..=at);
        }
    } else if let (Some(at), "mise" | "op" | "doppler" | "infisical") = (cx.options.dashes, program)
    {
        argv = cx.rest(at);
    }
    match argv.as_slice() {
        [text] if text.text.contains(' ') => cx.text(text.clone(), 0),
        _ => cx.argv(argv, 0),
    }
}

/// `nix-shell --command text`, `nix develop -c cmd…`.
fn nix(cx: &mut Cx) {
    if cx.program == "nix-shell" {
        cx.texts_of(&["--command"], 0);
        return;
    }
    let args = cx.invocation.args();
    if let ("run", Some((_, name))) = (cx.operand(0), cx.operand(1).split_once('#')) {
        // What is installed under a name is started with what follows the dashes.
        let at = args.iter().position(|it| it.text == "--");
        let rest = at.and_then(|at| args.get(at + 1..)).unwrap_or_default();
        let program = like(args.first().unwrap_or(&Arg::default()), name);
        cx.argv([&[program], rest].concat(), 0);
        return;
    }
    let at = args
        .iter()
        .position(|it| matches!(it.text.as_str(), "-c" | "--command"));
    if let Some(at) = at {
        cx.argv(args.get(at + 1..).unwrap_or_default().to_vec(), 0);
    }
}

fn tmux(cx: &mut Cx) {
    cx.divide();
    cx.texts_of(&["-c"], 0);
    let rest = cx.rest(1);
    let verb = cx.operand(0);
    let command = divide("tmux-command", &rest);
    match verb {
        "new-session" | "new" | "new-window" | "neww" | "split-window" | "splitw"
        | "respawn-pane" | "respawn-window" | "run-shell" | "run" | "pipe-pane"
        | "display-popup" | "popup" => {
            let text = join(command.operands.iter().copied());
            cx.text(text, 0);
        }
        "if-shell" | "if" => {
            if let Some(&test) = command.operands.first() {
                cx.text(test.clone(), 0);
            }
            // What follows is tmux's own, which may start a shell again.
            for &own in command.operands.iter().skip(1) {
                let words = [&[like(own, "tmux")], super::split(own).as_slice()].concat();
                cx.argv(words, 0);
            }
        }
        "send-keys" | "send" => {
            let keys = command.operands.iter().copied();
            let text = join(keys.filter(|it| !is_key(&it.text)));
            cx.text(text, 0);
        }
        _ => {}
    }
}

/// True for the name of a key in `tmux send-keys`.
fn is_key(text: &str) -> bool {
    matches!(
        text,
        "Enter" | "Escape" | "Space" | "Tab" | "BSpace" | "Up" | "Down" | "KPEnter"
    ) || (text.len() == 3 && (text.starts_with("C-") || text.starts_with("M-")))
}

fn screen(cx: &mut Cx) {
    cx.divide();
    // `-X` sends a command to a session; everything after it is that command.
    let args = cx.invocation.args();
    let Some(at) = args.iter().position(|it| it.text == "-X") else {
        let attaches = cx
            .options
            .has_any(&["-x", "-r", "-R", "-ls", "-list", "-wipe"]);
        if !attaches {
            cx.start(0, 0);
        }
        return;
    };
    let Some([verb, rest @ ..]) = args.get(at + 1..) else {
        return;
    };
    match verb.text.as_str() {
        "stuff" => {
            let text = join(rest.iter());
            let line = text.text.replace("\\n", "\n").replace("^M", "\n");
            cx.text(like(&text, line), 0);
        }
        "exec" | "screen" => cx.argv(rest.to_vec(), 0),
        _ => {}
    }
}
