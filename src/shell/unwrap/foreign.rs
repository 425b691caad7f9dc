//! Owns the reading of code in languages that nothing here reads, and of those read by their look alone where
//! that found nothing: literals in it that read as destruction and stand where a program is started or a
//! tree is deleted. Invariant: a literal that is printed, compared or stored is no command.

use super::Cx;
use super::script::known;
use super::suspect::{is_destructive, matters};
use crate::shell::invocation::Arg;

/// Names that start a program, as the end of what stands before a literal.
const STARTERS: &[&str] = &[
    "system",
    "exec",
    "execute",
    "shell",
    "run",
    "spawn",
    "popen",
    "command",
    "cmd",
    "process",
    "call",
    "sh",
    "`",
    "qx",
    "proc",
    "args",
    "callcommand",
    "execshellcmd",
];

/// Names that delete the tree at the literal behind them.
const DELETERS: &[&str] = &[
    "delete-directory/files",
    "delete-tree",
    "directory.delete",
    "rmdir",
    "removedir",
    "remove_tree",
    "rmtree",
    "deltree",
    "deletedirectory",
];

/// Code is looked at up to here.
const LIMIT: usize = 16 * 1024;

/// Reads the code that the invocation carries.
pub(super) fn read(cx: &mut Cx) {
    let args = cx.invocation.args();
    let mut before = "";
    let mut codes: Vec<&Arg> = Vec::new();
    for arg in args {
        if matches!(
            before,
            "-e" | "-E" | "--eval" | "--execute" | "eval" | "-c" | "-run" | "-n"
        ) && arg.text.len() > 8
        {
            codes.push(arg);
        }
        before = &arg.text;
    }
    if reads_stdin(cx.program) {
        codes.extend(cx.stdin);
    }
    if codes.is_empty() || is_data(cx.program) {
        return;
    }
    let mut found = Vec::new();
    for code in codes {
        literals(code, &mut found);
    }
    for it in found {
        match it {
            Found::Text(text) => cx.text(text, 0),
            Found::Argv(words) => cx.argv(words, 0),
        }
    }
}

enum Found {
    Text(Arg),
    Argv(Vec<Arg>),
}

/// Compilers and shells of languages that take code from stdin.
fn reads_stdin(program: &str) -> bool {
    matches!(
        program,
        "gcc"
            | "cc"
            | "clang"
            | "tcc"
            | "g++"
            | "c++"
            | "clang++"
            | "jshell"
            | "ghci"
            | "groovysh"
            | "racket"
            | "scala"
            | "octave"
            | "nim"
            | "crystal"
            | "raku"
            | "perl6"
            | "sage"
            | "janet"
            | "fennel"
            | "bb"
            | "iex"
            | "erl"
            | "ocaml"
            | "guile"
            | "sbcl"
            | "irb"
            | "pry"
    )
}

/// Programs whose `-e`, `-c` or `-n` is a pattern, a script of their own or a switch.
fn is_data(program: &str) -> bool {
    matches!(
        program,
        "grep"
            | "rg"
            | "ag"
            | "ack"
            | "sed"
            | "echo"
            | "git"
            | "jq"
            | "yq"
            | "printf"
            | "awk"
            | "sort"
            | "python"
            | "perl"
            | "ruby"
            | "node"
            | "php"
            | "tr"
            | "head"
            | "tail"
            | "test"
            | "["
    )
}

/// The literals of the code that are commands, alone or as a list of words.
fn literals(code: &Arg, found: &mut Vec<Found>) {
    let text = code.text.get(..LIMIT).unwrap_or(&code.text);
    // Where the part that a literal belongs to begins.
    let (mut start, mut at) = (0, 0);
    let mut list: Vec<&str> = Vec::new();
    while let Some(open) = text.get(at..).and_then(|it| it.find(['"', '\'', '`'])) {
        let open = at + open;
        let mark = text.get(open..=open).unwrap_or("\"");
        let Some(length) = text.get(open + 1..).and_then(|it| it.find(mark)) else {
            break;
        };
        let literal = text.get(open + 1..open + 1 + length).unwrap_or_default();
        let between = text.get(at..open).unwrap_or_default();
        if let Some(end) = between.rfind([';', '\n', ')', '}']) {
            start = at + end + 1;
            list.clear();
        }
        at = open + 1 + length + 1;
        list.push(literal);
        let before = text.get(start..open).unwrap_or_default();
        let behind = text.get(at..).unwrap_or_default();
        let starts = mark == "`"
            || named(before, STARTERS)
            || behind.trim_start_matches(']').starts_with(".execute");
        if is_destructive(literal) && starts {
            found.push(Found::Text(known(code, literal)));
        } else if list.len() > 1 && starts && is_destructive(&list.join(" ")) {
            found.push(Found::Argv(list.iter().map(|it| known(code, it)).collect()));
            list.clear();
        } else if matters(literal) && literal.len() > 1 && named(before, DELETERS) {
            let argv = ["rm", "-rf", literal];
            found.push(Found::Argv(argv.iter().map(|it| known(code, it)).collect()));
        }
    }
}

/// True where the nearest name before a literal's part is one of the list. A name that prints ends it.
fn named(before: &str, names: &[&str]) -> bool {
    // What is compared or stored is not started.
    if before.trim_end().ends_with('=') {
        return false;
    }
    let lower = before.to_ascii_lowercase();
    let words = lower.split(|it: char| !(it.is_alphanumeric() || "_-/`.".contains(it)));
    let mut last: Vec<&str> = words.filter(|it| !it.is_empty()).collect();
    if last
        .iter()
        .any(|it| it.contains("print") || it.contains("puts") || it.contains("echo"))
    {
        return false;
    }
    last.reverse();
    last.iter().take(4).any(|word| {
        names.iter().any(|name| {
            let rest = word.strip_suffix(name);
            rest.is_some_and(|it| it.is_empty() || it.ends_with(['.', '/', '_', ':']))
        })
    })
}
