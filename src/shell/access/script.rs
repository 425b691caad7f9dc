//! Owns what interpreters do to paths: the script they run, the files their one-liners edit in place, and
//! literal paths in calls such as `os.remove("x")`. Does not own the reading of code (`shell::script`).

use super::library::{function, has_target, is_files, mode};
use super::{AccessKind, Cx};
use crate::shell::flags::scattered;
use crate::shell::invocation::{Arg, ArgFlags, GUARDED, UNKNOWN};
use crate::shell::script::{Call, Language, Value, calls, code, entered, language, other};

/// The accesses of interpreters; false for any other program.
pub(super) fn of(cx: &mut Cx) -> bool {
    match cx.program {
        "bash" | "sh" | "zsh" | "dash" | "ksh" | "ash" | "mksh" | "fish" | "rbash" | "csh"
        | "tcsh" => {
            if !cx.has(&["-c", "-s"]) {
                one(cx);
                // It prints each line that it reads.
                if cx.has(&["-v", "--verbose"]) {
                    let script = cx.rest(0).into_iter().next();
                    cx.add_all(AccessKind::Read, false, script.as_slice());
                }
            }
        }
        "source" | "." => one(cx),
        "launchctl" if matches!(cx.operand(0), "load" | "bootstrap") => {
            cx.operands(1, AccessKind::Execute, false);
        }
        "perl" | "ruby" if cx.has(&["-e", "-E"]) => {
            let kind = if cx.has(&["-i"]) {
                AccessKind::Write
            } else {
                AccessKind::Read
            };
            if cx.has(&["-n", "-p", "-i"]) {
                cx.operands(0, kind, false);
            }
            super::preload::of(cx);
            literals(cx);
        }
        "python" if cx.has(&["-m"]) => module(cx),
        program if language(program).is_some() => {
            let inline = cx.has(&["-c", "-e", "--eval", "-p", "-r", "--print"]);
            let runs = !inline && !matches!(program, "bun" | "deno" | "osascript");
            if runs {
                one(cx);
            }
            super::preload::of(cx);
            loaded(cx);
            literals(cx);
        }
        _ => return false,
    }
    true
}

/// `python -m NAME`: what follows is the module's own.
fn module(cx: &mut Cx) {
    let words = cx.rest(0);
    let flag = |names: &[&str]| {
        words
            .iter()
            .position(|it| names.contains(&it.text.as_str()))
    };
    let after = |names: &[&str]| flag(names).and_then(|at| words.get(at + 1)).cloned();
    let named = |it: &&Arg| !it.text.starts_with('-');
    match cx.options.value("-m") {
        Some("json.tool") => {
            let mut files = words.iter().filter(named);
            let (read, written) = (files.next(), files.next());
            for (file, kind) in [(read, AccessKind::Read), (written, AccessKind::Write)] {
                cx.add_all(kind, false, &file.cloned().into_iter().collect::<Vec<_>>());
            }
        }
        Some("timeit") => literals(cx),
        Some("venv") => {
            let made: Vec<Arg> = words.iter().filter(named).cloned().collect();
            cx.add_all(AccessKind::Write, false, &made);
        }
        Some("base64" | "tokenize" | "ast") => cx.operands(0, AccessKind::Read, false),
        Some("zipfile" | "tarfile") => {
            let unpacked = flag(&["-e", "--extract"]);
            let target = unpacked.map(|at| words.get(at + 2).cloned());
            let target = target.map(|it| it.unwrap_or_else(|| cx.here()));
            let made = after(&["-c", "--create"]);
            let written: Vec<Arg> = target.into_iter().chain(made).collect();
            cx.add_all(AccessKind::Write, false, &written);
        }
        Some("http.server" | "SimpleHTTPServer") => {
            let served = after(&["-d", "--directory"]).unwrap_or_else(|| cx.here());
            cx.add(AccessKind::List, true, &served);
        }
        _ => {}
    }
}

/// A file of variables that is loaded into the environment, where the code prints all of it.
fn loaded(cx: &mut Cx) {
    let files = scattered(cx.invocation.args(), "--env-file --env-file-if-exists");
    let codes: Vec<Arg> = match cx.program {
        "node" | "bun" if !files.is_empty() => code(cx.invocation, &cx.options, None),
        "python" => code(cx.invocation, &cx.options, None),
        _ => return,
    };
    let Some(code) = codes.iter().find(|it| prints_all(cx, &it.text)) else {
        return;
    };
    let implied = [Arg::literal(".env", code.span)];
    let files = if files.is_empty() {
        &implied[..]
    } else {
        &files
    };
    cx.add_all(AccessKind::Read, false, files);
}

/// True for code that prints the whole environment, and in python one that it loads itself.
fn prints_all(cx: &Cx, code: &str) -> bool {
    let whole = |name: &str| {
        let mut parts = code.split(name);
        let before = parts.next().unwrap_or_default();
        let asked = before.ends_with(" in ");
        !asked && parts.any(|rest| !rest.starts_with(['.', '[', '?']))
    };
    if cx.program != "python" {
        return (code.contains("console.") || cx.has(&["-p", "--print"])) && whole("process.env");
    }
    let values = ["print(dotenv_values(", "print(dotenv.dotenv_values("];
    let values = values.iter().any(|it| {
        let rest = code.split_once(it).and_then(|it| it.1.split_once(')'));
        rest.is_some_and(|it| it.1.starts_with(')'))
    });
    values || code.contains("load_dotenv") && code.contains("print(") && whole("os.environ")
}

/// The script an interpreter is given.
fn one(cx: &mut Cx) {
    if let Some(script) = cx.options.operands.first().map(|&it| it.clone()) {
        cx.add(AccessKind::Execute, false, &script);
    }
}

/// In longer code (bytes) a walk and a deletion need not belong together.
const WALK: usize = 4096;

/// The literal paths in the code of an invocation.
pub(super) fn literals(cx: &mut Cx) {
    let Some(language) = language(cx.program) else {
        return;
    };
    for code in code(cx.invocation, &cx.options, None) {
        let calls = calls(language, &code.text);
        for call in &calls {
            match entered(call) {
                Some(Value::Text(place)) => enter(cx, &code, place),
                Some(_) => cx.base = None,
                None => look(cx, language, &code, call),
            }
        }
        if code.text.len() <= WALK {
            walked(cx, &code, &calls);
        }
        cx.base = None;
    }
}

/// From here on relative paths count from this directory.
fn enter(cx: &mut Cx, code: &Arg, place: &str) {
    let mut place = Arg::literal(place, code.span);
    place.flags.set(ArgFlags::QUOTED);
    if place.text.contains([UNKNOWN, GUARDED]) {
        place.flags.set(ArgFlags::UNKNOWN);
    }
    cx.base = Some(match &cx.base {
        Some(base) if !place.text.starts_with(['/', '~']) => super::below(base, &place),
        _ => place,
    });
}

/// True for what lies in a home or near the root: taking all of it is taking the place itself.
fn is_whole(path: &str) -> bool {
    let place = path.strip_suffix("/*").unwrap_or_default();
    place == "~" || place.starts_with('/') && place.matches('/').count() <= 2
}

/// Deletes, or changes the rights of, whatever a walk through a directory comes upon: that is its whole tree.
fn walked(cx: &mut Cx, code: &Arg, calls: &[Call]) {
    let known = |it: &Value| matches!(it, Value::Text(text) if !text.contains(UNKNOWN));
    let done = |it: &Call| {
        if it.args.first().is_some_and(known) || known(&it.receiver) {
            return None;
        }
        match it.name() {
            "remove" | "unlink" | "rmdir" | "unlinkSync" => Some(AccessKind::Delete),
            "chmod" | "chown" | "lchown" => Some(AccessKind::Permission),
            _ => None,
        }
    };
    let Some(kind) = calls.iter().find_map(done) else {
        return;
    };
    let selects = selects(code, calls);
    for call in calls {
        match call.name() {
            "walk" if selects => {
                // Files of one kind, wherever they lie: names below the place, not the place.
                let root = call.args.first().map(Value::text).unwrap_or_default();
                let some = Value::Text(format!("{}/{GUARDED}", root.trim_end_matches('/')));
                add(cx, kind, false, code, Some(&some));
            }
            "walk" => add(cx, kind, true, code, call.args.first()),
            "find" | "finddepth" => {
                // The options of perl's `find` are texts as well.
                let root = |it: &&Value| matches!(it, Value::Text(text) if !text.contains('='));
                for root in call.args.iter().filter(root) {
                    add(cx, kind, true, code, Some(root));
                }
            }
            "rglob" if call.text(0).as_deref() == Some("*") => {
                add(cx, kind, true, code, Some(&call.receiver));
            }
            _ => {}
        }
    }
}

/// True where the code looks at names before it takes anything.
fn selects(code: &Arg, calls: &[Call]) -> bool {
    let tests = |it: &Call| {
        matches!(
            it.name(),
            "endswith" | "startswith" | "match" | "search" | "fullmatch" | "fnmatch" | "splitext"
        )
    };
    calls.iter().any(tests) || [".suffix", " == "].iter().any(|it| code.text.contains(it))
}

fn look(cx: &mut Cx, language: Language, code: &Arg, call: &Call) {
    let name = call.name();
    let module = call
        .chain
        .strip_suffix(name)
        .unwrap_or_default()
        .trim_end_matches('.');
    if language == Language::Awk {
        let kind = match name {
            "redirect" => AccessKind::Write,
            "read" => AccessKind::Read,
            _ => return,
        };
        add(cx, kind, false, code, call.args.first());
        return;
    }
    if language == Language::Other {
        let kind = if other::deletes_tree(call) {
            AccessKind::Delete
        } else if other::writes(call) {
            AccessKind::Write
        } else {
            return;
        };
        let value = call.args.first().unwrap_or(&call.receiver);
        if matches!(value, Value::Text(_)) {
            add(cx, kind, kind == AccessKind::Delete, code, Some(value));
        }
        return;
    }
    if method(cx, code, call) || opened(cx, language, code, call) {
        return;
    }
    if name == "urlretrieve" {
        add(cx, AccessKind::Write, false, code, call.args.get(1));
    }
    if !is_files(module) {
        return;
    }
    if let Some((kind, recursive)) = function(language, name, module.is_empty()) {
        add(cx, kind, recursive, code, call.args.first());
        if has_target(name) {
            add(cx, AccessKind::Write, false, code, call.args.get(1));
        }
    }
}

/// Methods of a path object: `Path("x").unlink()`.
fn method(cx: &mut Cx, code: &Arg, call: &Call) -> bool {
    let Value::Text(_) = &call.receiver else {
        return false;
    };
    let kind = match call.name() {
        "unlink" | "rmdir" | "rmtree" => AccessKind::Delete,
        "delete" if call.args.is_empty() => AccessKind::Delete,
        "write_text" | "write_bytes" => AccessKind::Write,
        "touch" | "mkdir" => AccessKind::Append,
        "read_text" | "read_bytes" => AccessKind::Read,
        "chmod" => AccessKind::Permission,
        "iterdir" | "rglob" => AccessKind::List,
        "rename" if call.args.len() == 1 => AccessKind::Move,
        "open" => {
            let kind = mode(call.args.first());
            add(cx, kind, false, code, Some(&call.receiver));
            return true;
        }
        // Text has methods of its own; none of them is about files.
        _ => return true,
    };
    let recursive = matches!(call.name(), "rename" | "rmtree");
    add(cx, kind, recursive, code, Some(&call.receiver));
    if kind == AccessKind::Move {
        add(cx, AccessKind::Write, false, code, call.args.first());
    }
    true
}

/// `open(path, mode)` in its forms, and parsers that are told to read a file.
fn opened(cx: &mut Cx, language: Language, code: &Arg, call: &Call) -> bool {
    let named = |it: &Value| matches!(it, Value::Text(text) if text.contains('/'));
    if language == Language::Python && call.name() == "read" && call.args.first().is_some_and(named)
    {
        add(cx, AccessKind::Read, false, code, call.args.first());
        return true;
    }
    if !matches!(call.name(), "open" | "fopen" | "openSync" | "new") {
        return false;
    }
    if call.name() == "new" && !call.chain.starts_with("File") {
        return false;
    }
    if language != Language::Perl {
        let named = call.args.iter().find(|it| it.text().starts_with("mode="));
        let kind = mode(named.or(call.args.get(1)));
        add(cx, kind, false, code, call.args.first());
        return true;
    }
    // perl: open(F, ">x"), open(my $f, ">", "x").
    let texts: Vec<String> = call.args.iter().skip(1).map(Value::text).collect();
    let (sign, path) = match texts.as_slice() {
        [one] => {
            let path = one.trim_start_matches(['<', '>', '+', ' ']);
            (
                one.strip_suffix(path).unwrap_or_default().to_owned(),
                path.to_owned(),
            )
        }
        [sign, path, ..] => (sign.clone(), path.clone()),
        [] => return true,
    };
    if sign.contains('|') || path.contains('|') {
        return true;
    }
    let kind = if sign.contains(">>") {
        AccessKind::Append
    } else if sign.contains('>') || sign.contains('+') {
        AccessKind::Write
    } else {
        AccessKind::Read
    };
    add(cx, kind, false, code, Some(&Value::Text(path)));
    true
}

/// Notes a path of the code. A wholly unknown one counts only where a whole tree would go.
fn add(cx: &mut Cx, kind: AccessKind, recursive: bool, code: &Arg, value: Option<&Value>) {
    let paths = match value {
        Some(Value::List(items)) => items.iter().map(Value::text).collect(),
        Some(value) => vec![value.text()],
        None => return,
    };
    for text in paths {
        if ["http://", "https://", "ftp://"]
            .iter()
            .any(|it| text.starts_with(it))
        {
            continue;
        }
        let unknown = text.chars().all(|it| it == UNKNOWN);
        if unknown && !(recursive && kind == AccessKind::Delete) {
            continue;
        }
        let mut path = Arg::literal(text, code.span);
        path.flags
            .set(ArgFlags::QUOTED | code.flags.0 & ArgFlags::TREE);
        if path.text.contains([UNKNOWN, GUARDED]) {
            path.flags.set(ArgFlags::UNKNOWN);
        }
        if path.text.contains(['*', '?', '[']) {
            path.flags.set(ArgFlags::GLOB);
        }
        cx.add(kind, recursive, &path);
        if let Some(added) = cx
            .found
            .last_mut()
            .filter(|it| it.kind == AccessKind::Delete)
        {
            added.recursive |= is_whole(&added.path.text);
        }
    }
}
