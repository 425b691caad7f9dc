//! Owns the programs with a command language of their own that reach files and shells: vim, ed, emacs, sftp,
//! m4. Does not own what is done there. Invariant: a command that changes a file stands for the plain program
//! that does the same.

use super::{Cx, like};
use crate::shell::invocation::{Arg, GUARDED, UNKNOWN};

/// Reads the invocation where its program is one of these.
pub(super) fn read(cx: &mut Cx) -> bool {
    match cx.program {
        "vim" | "ex" | "less" | "more" => editor(cx),
        "ed" | "red" => ed(cx),
        "emacs" | "emacsclient" => emacs(cx),
        "m4" | "gm4" => macros(cx),
        _ => return false,
    }
    true
}

/// Notes that a plain program would be started on the words.
fn stands_for(cx: &mut Cx, place: &Arg, program: &str, words: &[&str]) {
    let known = |it: &str| !it.is_empty() && !it.contains([UNKNOWN, GUARDED, '%', '#']);
    if words.is_empty() || !words.iter().all(|it| known(it)) {
        return;
    }
    let words = std::iter::once(&program).chain(words);
    cx.argv(words.map(|it| like(place, *it)).collect(), 0);
}

/// `+!cmd`, `-c '!cmd'`, `-c ':%!cmd'`, `-c 'call system("cmd")'`, `-c 'w file'`.
fn editor(cx: &mut Cx) {
    let args = cx.invocation.args();
    let mut lines: Vec<Arg> = Vec::new();
    for (index, arg) in args.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|it| args.get(it));
        let is_value = before.is_some_and(|it| matches!(it.text.as_str(), "-c" | "--cmd" | "-sc"));
        match arg.text.strip_prefix('+') {
            Some(line) => lines.push(like(arg, line)),
            None if is_value => lines.push(arg.clone()),
            None => {}
        }
    }
    for line in &lines {
        shells(cx, line);
    }
    if let Some(stdin) = cx.stdin.filter(|_| matches!(cx.program, "vim" | "ex")) {
        lines.extend(stdin.text.lines().map(|it| like(stdin, it)));
    }
    files(cx, &lines);
}

/// The programs that a line of vim's starts.
fn shells(cx: &mut Cx, arg: &Arg) {
    let line = arg.text.as_str();
    if let Some((before, command)) = line.split_once('!')
        && before.len() < 16
        && !before.contains(['q', '"', '\''])
        && !is_forced(before)
    {
        cx.text(like(arg, command), 0);
    }
    for mark in ["system(", "os.execute(", "execute("] {
        if let Some((_, rest)) = line.split_once(mark) {
            let text = rest.trim_start_matches(['"', '\'']);
            let text = text.split(['"', '\'']).next().unwrap_or_default();
            cx.text(like(arg, text), 0);
        }
    }
    if let Some((_, rest)) = line.split_once("term ") {
        cx.text(like(arg, rest), 0);
    }
}

/// True for the command before a `!` that only says to do it anyway: `w! file`, `e!`.
fn is_forced(before: &str) -> bool {
    let (name, rest) = command(before);
    rest.is_empty() && (writes(name) || opens(name)) && !before.ends_with(' ')
}

/// The files that lines of vim's read and write.
fn files(cx: &mut Cx, lines: &[Arg]) {
    let mut opened: Option<&Arg> = None;
    let mut names: Vec<(&Arg, &str)> = Vec::new();
    for line in lines {
        for part in line.text.split('|') {
            called(cx, line, part);
            let (name, file) = command(part);
            if prints(name, file) {
                shown(cx);
            } else if writes(name) {
                let file = file.trim_start_matches(['!', '>', ' ']);
                if file.is_empty() {
                    for (place, name) in names.drain(..) {
                        stands_for(cx, place, "tee", &[name]);
                    }
                } else if !part.contains(" !") {
                    stands_for(cx, line, "tee", &[file]);
                }
            } else if opens(name) && !file.is_empty() {
                opened = Some(line);
                names.push((line, file.trim_start_matches(['!', ' '])));
            } else if matches!(name, "r" | "re" | "read") && !file.starts_with('!') {
                stands_for(cx, line, "cat", &[file]);
            }
        }
    }
    if let Some(place) = opened {
        for (_, name) in names {
            stands_for(cx, place, "cat", &[name]);
        }
    }
}

/// `writefile(list, "file")`, `delete("file")`, `rename("a", "b")` in a line of vim's.
fn called(cx: &mut Cx, place: &Arg, part: &str) {
    for (mark, program) in [("writefile(", "tee"), ("delete(", "rm"), ("rename(", "mv")] {
        let Some((_, rest)) = part.split_once(mark) else {
            continue;
        };
        let words = values(rest);
        match (program, words.as_slice()) {
            ("tee", [.., last]) => stands_for(cx, place, program, &[last]),
            ("rm", [first, flags @ ..]) => {
                let tree = if flags.is_empty() { "-f" } else { "-rf" };
                stands_for(cx, place, program, &[tree, first]);
            }
            _ => stands_for(cx, place, program, &words),
        }
    }
}

/// What the arguments of a call name: literals, also through functions that expand them, and the home.
fn values(call: &str) -> Vec<&str> {
    let (mut depth, mut end) = (1_u32, call.len());
    for (at, letter) in call.char_indices() {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            end = at;
            break;
        }
    }
    let arguments = call.get(..end).unwrap_or_default().split(',');
    let homes = ["$HOME", "vim.env.HOME", "getenv(\"HOME", "getenv('HOME"];
    let mut found = Vec::new();
    for argument in arguments {
        if !homes.iter().any(|it| argument.contains(it)) {
            found.extend(literals(argument, &['"', '\'']));
        } else if !argument.contains('/') {
            found.push("~");
        }
    }
    found
}

/// A command of vim's or ed's without its range: the name and what follows.
fn command(line: &str) -> (&str, &str) {
    let line = line.trim_start_matches(|it: char| {
        it.is_ascii_digit() || matches!(it, ':' | ' ' | '%' | ',' | '.' | '$')
    });
    let line = ["silent! ", "silent ", "sil! ", "exe ", "execute "]
        .iter()
        .find_map(|it| line.strip_prefix(it))
        .unwrap_or(line);
    let length = line
        .find(|it: char| !it.is_ascii_alphabetic())
        .unwrap_or(line.len());
    let (name, rest) = line.split_at(length);
    (name, rest.trim())
}

/// True for a command that prints lines of the text: `p`, `%nu`, `g/x/p`.
fn prints(name: &str, rest: &str) -> bool {
    match name {
        "p" | "pr" | "print" | "P" | "n" | "nu" | "number" | "l" | "list" => rest.is_empty(),
        "g" | "v" => matches!(
            rest.rsplit_once('/'),
            Some((_, "p" | "nu" | "l" | "n" | ""))
        ),
        _ => false,
    }
}

/// Lines of the files that the editor was started on are printed.
fn shown(cx: &mut Cx) {
    cx.divide();
    let files: Vec<Arg> = cx.options.operands.iter().map(|&it| it.clone()).collect();
    for file in &files {
        stands_for(cx, file, "cat", &[&file.text]);
    }
}

fn writes(name: &str) -> bool {
    matches!(
        name,
        "w" | "wr"
            | "wri"
            | "write"
            | "wq"
            | "wqa"
            | "wa"
            | "wall"
            | "x"
            | "xa"
            | "xit"
            | "sav"
            | "saveas"
            | "up"
            | "update"
    )
}

fn opens(name: &str) -> bool {
    matches!(
        name,
        "e" | "ed"
            | "edit"
            | "sp"
            | "split"
            | "vs"
            | "vsp"
            | "vsplit"
            | "tabe"
            | "tabedit"
            | "tabnew"
            | "new"
            | "vnew"
            | "n"
            | "next"
            | "f"
            | "file"
            | "badd"
    )
}

/// ed's lines: `!cmd`, `w file`, `e file`, `r file`, `f file`.
fn ed(cx: &mut Cx) {
    let Some(stdin) = cx.stdin else {
        return;
    };
    for line in stdin.text.lines() {
        if let Some(command) = line.trim_start().strip_prefix('!') {
            cx.text(like(stdin, command), 0);
            continue;
        }
        let (name, file) = command(line);
        if prints(name, file) {
            shown(cx);
        }
        if file.is_empty() || !line.contains(' ') {
            continue;
        }
        match name {
            "w" | "W" | "wq" | "f" => stands_for(cx, stdin, "tee", &[file]),
            "e" | "E" | "r" => stands_for(cx, stdin, "cat", &[file]),
            _ => {}
        }
    }
}

/// `--eval '(shell-command "cmd")'`, `--eval '(delete-file "file")'`.
fn emacs(cx: &mut Cx) {
    for arg in cx.invocation.args() {
        for mark in [
            "shell-command \"",
            "shell-command-to-string \"",
            "start-process-shell-command \"",
        ] {
            if let Some((_, rest)) = arg.text.split_once(mark) {
                let text = rest.split('"').next().unwrap_or_default();
                cx.text(like(arg, text), 0);
            }
        }
        if let Some((_, rest)) = arg.text.split_once("(call-process ") {
            let words = literals(rest.split(')').next().unwrap_or_default(), &['"']);
            cx.argv(words.iter().map(|it| like(arg, *it)).collect(), 0);
        }
        for (mark, program) in LISP {
            for (at, _) in arg.text.match_indices(mark) {
                let rest = arg.text.get(at + mark.len()..).unwrap_or_default();
                let words = literals(rest.split(')').next().unwrap_or_default(), &['"']);
                match (*program, words.as_slice()) {
                    ("tee", [.., last]) => stands_for(cx, arg, program, &[last]),
                    ("rm -rf", words) => {
                        let words = [&["-rf"], words].concat();
                        stands_for(cx, arg, "rm", &words);
                    }
                    _ => stands_for(cx, arg, program, &words),
                }
            }
        }
    }
}

/// Functions of Emacs Lisp, and the programs that do the same.
const LISP: &[(&str, &str)] = &[
    ("(delete-file ", "rm"),
    ("(delete-directory ", "rm -rf"),
    ("(write-region ", "tee"),
    ("(write-file ", "tee"),
    ("(append-to-file ", "tee"),
    ("(with-temp-file ", "tee"),
    ("(copy-file ", "cp"),
    ("(copy-directory ", "cp"),
    ("(rename-file ", "mv"),
    ("(insert-file-contents ", "cat"),
    ("(find-file ", "cat"),
];

/// The texts between quotes, empty ones left out.
fn literals<'t>(text: &'t str, quotes: &[char]) -> Vec<&'t str> {
    let inside = text.split(quotes).skip(1).step_by(2);
    inside.filter(|it| !it.is_empty()).collect()
}

/// m4's `syscmd(text)`, in what it reads and in the macros that `-D` defines.
fn macros(cx: &mut Cx) {
    let args = cx.invocation.args();
    for arg in args.iter().chain(cx.stdin) {
        for (at, mark) in arg.text.match_indices("syscmd(") {
            let rest = arg.text.get(at + mark.len()..).unwrap_or_default();
            let end = rest.find([')', '\n']).unwrap_or(rest.len());
            let text = rest.get(..end).unwrap_or_default();
            let text = text.trim_matches(['`', '\'', '[', ']', ' ']);
            cx.text(like(arg, text), 0);
        }
    }
}
