//! Owns the programs that other languages start: `os.system` in `python -c`, backquotes in perl, `system`
//! in awk, sed's `e`. Does not own the reading of that code (`shell::script`).

use super::{Cx, Nested, like, meaning};
use crate::shell::engine::{arguments, sdk};
use crate::shell::invocation::{Arg, ArgFlags, UNKNOWN};
use crate::shell::script::{Call, Language, Value, calls, code, entered, language, other};

/// Code inside code is read this deep.
const DEPTH_LIMIT: u32 = 3;

/// Reads the invocation where its program is an interpreter.
pub(super) fn read(cx: &mut Cx) -> bool {
    match cx.program {
        "expect" | "tclsh" => {
            cx.divide();
            for text in cx.options.values_of(&["-c"]) {
                tcl(cx, &text);
            }
            if let Some(stdin) = cx.stdin {
                tcl(cx, stdin);
            }
        }
        "sed" => sed(cx),
        "tar" => tar(cx),
        program => {
            let Some(language) = language(program) else {
                return false;
            };
            cx.divide();
            for code in code(cx.invocation, &cx.options, cx.stdin) {
                interpret(cx, language, &code, 0);
            }
        }
    }
    true
}

fn interpret(cx: &mut Cx, language: Language, code: &Arg, depth: u32) {
    // IPython's way to a shell.
    if language == Language::Python && depth == 0 && code.text.contains('!') {
        let lines = code.text.lines().map(str::trim_start);
        for command in lines.filter_map(|it| it.strip_prefix('!')) {
            cx.text(like(code, command), 0);
        }
    }
    let calls = calls(language, &code.text);
    let mut place = None;
    for call in &calls {
        if let Some(entered) = entered(call) {
            place = match entered {
                Value::Text(entered) => Some(join(place.as_ref(), entered)),
                _ => None,
            };
        } else if runs_code(language, call) {
            if let (Some(Value::Text(inner)), true) = (call.args.first(), depth < DEPTH_LIMIT) {
                interpret(cx, language, &like(code, inner.clone()), depth + 1);
            }
        } else if is_start(language, call) {
            let known = cx.found.len();
            start(cx, code, call);
            if let Some(place) = &place {
                move_to(cx, code, known, place);
            }
        } else if !meaning::rights(cx, code, call) {
            meaning::statement(cx, code, call);
            meaning::request(cx, code, call);
        }
    }
    if language == Language::Python {
        for words in sdk::commands(&code.text, &calls) {
            cx.argv(arguments(code, words), 0);
        }
    }
}

/// A directory below the one that is entered already.
fn join(place: Option<&String>, entered: &str) -> String {
    match place {
        Some(place) if !entered.starts_with(['/', '~']) => format!("{place}/{entered}"),
        _ => entered.to_owned(),
    }
}

/// What the code started since `known` runs where the code is.
fn move_to(cx: &mut Cx, code: &Arg, known: usize, place: &str) {
    let shown = if place.starts_with('~') || place.contains(UNKNOWN) {
        place.to_owned()
    } else {
        format!("'{}'", place.replace('\'', r"'\''"))
    };
    for found in cx.found.iter_mut().skip(known) {
        match found {
            Nested::Text { text, .. } => text.text = format!("cd {shown} && {}", text.text),
            Nested::Argv { argv, .. } => {
                let words = ["env", "-C", place].map(|it| self::known(code, it));
                argv.splice(0..0, words);
            }
            Nested::PowerShell { .. } | Nested::Unknown { .. } => {}
        }
    }
}

/// True where the call reads its text as code of the same language.
fn runs_code(language: Language, call: &Call) -> bool {
    match language {
        Language::Python => matches!(call.chain.as_str(), "exec" | "eval" | "compile"),
        Language::Node | Language::Ruby => matches!(call.chain.as_str(), "eval" | "instance_eval"),
        Language::Perl | Language::Php => call.chain == "eval",
        Language::Lua => matches!(call.chain.as_str(), "load" | "loadstring" | "dostring"),
        Language::Awk | Language::AppleScript | Language::Other => false,
    }
}

/// True where the call starts a program.
fn is_start(language: Language, call: &Call) -> bool {
    let name = call.name();
    let (module, whole) = (call.chain.as_str(), call.chain == name);
    if name == "`" {
        return true;
    }
    match language {
        Language::Python => match name {
            "system"
            | "popen"
            | "getoutput"
            | "getstatusoutput"
            | "check_output"
            | "check_call"
            | "Popen"
            | "create_subprocess_shell"
            | "create_subprocess_exec" => true,
            "call" | "run" => {
                whole || module.starts_with("subprocess") || module.starts_with("sp.")
            }
            "spawn" => module.starts_with("pty") || module.starts_with("pexpect"),
            _ => is_os_exec(name),
        },
        Language::Node => match name {
            "execSync" | "execFileSync" | "execFile" | "spawnSync" | "spawn" | "execa"
            | "execaSync" => true,
            "exec" => whole || module.contains("child_process") || module.starts_with("cp."),
            _ => false,
        },
        Language::Perl => matches!(name, "system" | "exec") || is_pipe(call),
        Language::Ruby => {
            matches!(
                name,
                "system"
                    | "exec"
                    | "spawn"
                    | "popen"
                    | "capture2"
                    | "capture3"
                    | "capture2e"
                    | "popen3"
                    | "sh"
            ) || is_pipe(call)
        }
        Language::Php => matches!(
            name,
            "system" | "exec" | "shell_exec" | "passthru" | "popen" | "proc_open" | "pcntl_exec"
        ),
        Language::Lua => matches!(name, "execute" | "popen"),
        Language::Awk => matches!(name, "system" | "pipe"),
        Language::AppleScript => name == "do shell script",
        Language::Other => other::starts(call),
    }
}

fn is_os_exec(name: &str) -> bool {
    matches!(
        name,
        "execv"
            | "execve"
            | "execvp"
            | "execvpe"
            | "execl"
            | "execle"
            | "execlp"
            | "spawnv"
            | "spawnl"
            | "spawnlp"
            | "spawnvp"
            | "posix_spawn"
    )
}

/// perl's and ruby's `open("cmd |")`, `open("| cmd")`, `open(F, "-|", "cmd")`.
fn is_pipe(call: &Call) -> bool {
    call.name() == "open" && call.args.iter().any(|it| it.text().contains('|'))
}

fn start(cx: &mut Cx, code: &Arg, call: &Call) {
    if is_os_exec(call.name()) {
        os_exec(cx, code, call);
        return;
    }
    if call.name() == "open" {
        let text = call
            .args
            .iter()
            .rev()
            .map(Value::text)
            .find(|it| !it.trim_matches(['|', '-', ' ']).is_empty());
        if let Some(text) = text {
            cx.text(known(code, text.trim_matches(['|', ' '])), 0);
        }
        return;
    }
    match call.args.first() {
        Some(Value::List(items)) => {
            let argv = items.iter().map(|it| known(code, &it.text())).collect();
            cx.argv(argv, 0);
        }
        Some(Value::Text(text)) => several(cx, code, call, text),
        Some(Value::Unknown) | None => {
            // A shell-out whose text is a variable is too common to be called an unknown program.
        }
    }
}

/// `system("rm", "-rf", x)` is a list, `spawn("rm", ["-rf", x])` too; a lone text is for a shell.
fn several(cx: &mut Cx, code: &Arg, call: &Call, text: &str) {
    let mut words = vec![text.to_owned()];
    for arg in call.args.iter().skip(1) {
        match arg {
            Value::List(items) => words.extend(items.iter().map(Value::text)),
            Value::Text(text) if !is_named(text) => words.push(text.clone()),
            Value::Text(_) | Value::Unknown => {}
        }
    }
    if words.len() == 1 || matches!(call.name(), "popen" | "check_output" | "execSync") {
        cx.text(known(code, text), 0);
    } else {
        let argv = words.iter().map(|it| known(code, it)).collect();
        cx.argv(argv, 0);
    }
}

/// True for a named argument such as `shell=True`.
fn is_named(text: &str) -> bool {
    text.split_once('=')
        .is_some_and(|(name, _)| name.bytes().all(|it| it.is_ascii_lowercase() || it == b'_'))
}

/// `os.execv(path, [argv0, …])`, `os.execlp(path, argv0, …)`.
fn os_exec(cx: &mut Cx, code: &Arg, call: &Call) {
    let mut words: Vec<String> = Vec::new();
    for arg in &call.args {
        match arg {
            Value::List(items) => words.extend(items.iter().map(Value::text)),
            other => words.push(other.text()),
        }
    }
    if words.len() > 1 {
        words.remove(1);
    }
    let argv = words.iter().map(|it| known(code, it)).collect();
    cx.argv(argv, 0);
}

/// Text found in code, as an argument at the code's place.
pub(super) fn known(code: &Arg, text: &str) -> Arg {
    let mut arg = Arg::literal(text, code.span);
    arg.flags.set(ArgFlags::QUOTED);
    if text.contains(UNKNOWN) {
        arg.flags.set(ArgFlags::UNKNOWN);
        arg.from.clone_from(&code.from);
    }
    arg
}

/// `spawn`, `exec` and `system` lines of Tcl.
fn tcl(cx: &mut Cx, text: &Arg) {
    for line in text.text.split([';', '\n']) {
        let line = line.trim_start();
        let command = ["spawn ", "exec ", "system "]
            .iter()
            .find_map(|it| line.strip_prefix(it));
        if let Some(command) = command {
            // Braces quote, and a text in quotes of either kind is the whole of what `system` runs.
            let whole = line.starts_with("system ").then(|| command.trim());
            let inner = whole.and_then(|it| {
                let it = it.strip_prefix(['"', '{'])?;
                it.strip_suffix(['"', '}'])
            });
            let quoted = |it: &str| it.replace(['{', '}'], "'");
            cx.text(
                like(text, inner.map_or_else(|| quoted(command), str::to_owned)),
                0,
            );
        }
        if let Some(paths) = line.strip_prefix("file delete ") {
            let words = ["rm", "-rf"].into_iter().chain(paths.split_whitespace());
            let words = words.filter(|it| *it != "-force" && *it != "--");
            cx.argv(words.map(|it| known(text, it)).collect(), 0);
        }
    }
}

/// sed's `e cmd`, and the `e` flag of `s`, whose replacement is run.
fn sed(cx: &mut Cx) {
    cx.divide();
    let mut scripts = cx.options.values_of(&["-e", "--expression"]);
    if scripts.is_empty() && !cx.options.has_any(&["-f", "--file"]) {
        scripts.extend(cx.rest(0).into_iter().take(1));
    }
    for script in scripts {
        for part in script.text.split(['\n', ';']) {
            let part = part.trim_start_matches(|it: char| {
                it.is_ascii_digit() || matches!(it, ' ' | '$' | ',' | '{' | '!')
            });
            if let Some(command) = part.strip_prefix("e ") {
                cx.text(like(&script, command), 0);
            }
        }
        if let Some(command) = executed(&script.text) {
            cx.text(like(&script, command), 0);
        }
    }
}

/// The replacement of a lone `s/…/…/e`.
fn executed(script: &str) -> Option<String> {
    let at = script.find('s')?;
    let (address, rest) = script.split_at_checked(at)?;
    let mark = rest.chars().nth(1).filter(char::is_ascii_punctuation)?;
    if address.contains(mark) && mark != '/' {
        return None;
    }
    // An escaped mark ends nothing.
    let hidden = '\u{1}';
    let body = rest
        .get(2..)?
        .replace(&format!("\\{mark}"), &hidden.to_string());
    let mut parts = body.split(mark);
    let (_, replacement, flags) = (parts.next()?, parts.next()?, parts.next()?);
    let replacement = replacement.replace(hidden, &mark.to_string());
    (flags.contains('e') && flags.bytes().all(|it| it.is_ascii_alphanumeric()))
        .then(|| replacement.replace('\\', ""))
}

fn tar(cx: &mut Cx) {
    cx.divide();
    for value in cx.options.values_of(&["--checkpoint-action"]) {
        if let Some(command) = value.text.strip_prefix("exec=") {
            cx.text(like(&value, command), 0);
        }
    }
    cx.texts_of(
        &[
            "--to-command",
            "-I",
            "--use-compress-program",
            "-F",
            "--info-script",
            "--new-volume-script",
            "--rsh-command",
        ],
        0,
    );
}
