//! Owns the commands of the old command line of Windows (`cmd /c`): how its text divides, and what its
//! builtins do, in the terms of the programs that do the same. Does not own who starts it. Invariant: every
//! command of the text is found; a variable that is not known is an unknown part.

use crate::shell::invocation::{Arg, ArgFlags, UNKNOWN};
use crate::shell::unwrap::like;

/// More words in front of a command than this are not taken off.
const LEAD_LIMIT: usize = 16;

/// The commands of the text, each as arguments.
pub(in crate::shell) fn commands(text: &Arg) -> Vec<Vec<Arg>> {
    let text = like(text, expanded(&text.text));
    let divided = divide(&text);
    let lists = |words: &[Arg]| {
        let is =
            |it: Option<&Arg>, word: &str| it.is_some_and(|it| it.text.eq_ignore_ascii_case(word));
        is(words.first(), "for") && is(words.last(), "in")
    };
    // What `for %x in (…)` goes through is data.
    let data = |at: usize| at > 0 && divided.get(at - 1).is_some_and(|it| lists(it));
    let commands = divided.iter().enumerate().filter(|it| !data(it.0));
    commands.filter_map(|it| kin(it.1)).collect()
}

/// Words divided by blanks, commands by `&`, `|` and ends of lines.
fn divide(text: &Arg) -> Vec<Vec<Arg>> {
    let (mut commands, mut words) = (Vec::new(), Vec::new());
    let (mut word, mut open, mut quoted) = (String::new(), false, false);
    let mut letters = text.text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => quoted = !quoted,
            '^' if !quoted => word.extend(letters.next()),
            it if quoted => word.push(it),
            it if it.is_whitespace() || matches!(it, '&' | '|' | '(' | ')') => {
                if open {
                    words.push(marked(text, std::mem::take(&mut word)));
                }
                open = false;
                if !it.is_whitespace() || it == '\n' {
                    commands.push(std::mem::take(&mut words));
                }
                continue;
            }
            it => word.push(it),
        }
        open = true;
    }
    if open {
        words.push(marked(text, word));
    }
    commands.push(words);
    commands
}

fn marked(text: &Arg, word: String) -> Arg {
    let mut arg = like(text, word);
    if arg.text.contains(UNKNOWN) {
        arg.flags.set(ArgFlags::UNKNOWN);
    }
    arg
}

/// The text with the variables of Windows replaced.
fn expanded(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('%') else {
            out.push('%');
            rest = after;
            break;
        };
        if name.is_empty() || name.len() > 40 || name.contains([' ', '"']) {
            out.push('%');
            rest = after;
            continue;
        }
        let value = match name.to_ascii_lowercase().as_str() {
            "userprofile" | "homepath" => "~",
            "homedrive" => "",
            "temp" | "tmp" => "/tmp",
            "systemroot" | "windir" => "C:/Windows",
            "systemdrive" => "C:",
            "programfiles" => "C:/Program Files",
            "programdata" | "allusersprofile" => "C:/ProgramData",
            "appdata" => "~/AppData/Roaming",
            "localappdata" => "~/AppData/Local",
            "cd" => ".",
            "~dp0" => "./",
            _ => "\u{25c6}",
        };
        out.push_str(value);
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// What a command of the command line does, as a program with arguments.
fn kin(words: &[Arg]) -> Option<Vec<Arg>> {
    let mut words = words;
    for _ in 0..LEAD_LIMIT {
        let first = words.first()?.text.to_ascii_lowercase();
        match behind(&first, words.get(1..)?) {
            Some(rest) => words = rest,
            None => break,
        }
    }
    let (first, args) = words.split_first()?;
    let name = first.text.trim_start_matches('@').replace('\\', "/");
    let lower = name.to_ascii_lowercase();
    let lower = lower.strip_suffix(".exe").unwrap_or(&lower);
    let has = |flag: &str| args.iter().any(|it| it.text.eq_ignore_ascii_case(flag));
    let operands = args.iter().filter(|it| !is_switch(&it.text));
    let paths = operands.map(place);
    let program: Vec<&str> = match lower {
        "rd" | "rmdir" | "del" | "erase" if has("/s") => vec!["rm", "-rf"],
        "rd" | "rmdir" => vec!["rmdir"],
        "del" | "erase" => vec!["rm", "-f"],
        "type" | "more" => vec!["cat"],
        "copy" | "xcopy" => vec!["cp"],
        "move" | "ren" | "rename" => vec!["mv"],
        "md" | "mkdir" => vec!["mkdir"],
        "dir" => vec!["ls"],
        "robocopy" => return robocopy(args),
        "cd" | "chdir" => vec!["cd"],
        "echo" | "rem" | "set" | "setlocal" | "title" | "exit" => return None,
        _ => {
            let named = like(first, if name.contains('/') { &name } else { lower });
            return Some(std::iter::once(named).chain(args.iter().cloned()).collect());
        }
    };
    let words = program.into_iter().map(|it| Arg::literal(it, first.span));
    Some(words.chain(paths).collect())
}

/// The words behind one that decides whether or how they run; nothing where it is none.
fn behind<'a>(word: &str, args: &'a [Arg]) -> Option<&'a [Arg]> {
    let is = |at: usize, words: &[&str]| {
        let found = args.get(at).map_or("", |it| it.text.as_str());
        words.iter().any(|it| found.eq_ignore_ascii_case(it))
    };
    let mut at = 0;
    match word {
        "for" => {
            at = (0..args.len())
                .find(|it| is(*it, &["do"]))
                .unwrap_or(args.len())
                + 1;
        }
        "start" => at = args.iter().take_while(|it| is_switch(&it.text)).count(),
        "if" => {
            while is(at, &["not", "/i"]) {
                at += 1;
            }
            let compared = ["equ", "neq", "lss", "leq", "gtr", "geq", "=="];
            at += match () {
                () if is(at, &["exist", "defined", "errorlevel", "cmdextversion"]) => 2,
                () if is(at + 1, &compared) => 3,
                () => 1,
            };
        }
        "call" | "else" | "do" => {}
        _ => return None,
    }
    Some(args.get(at..).unwrap_or_default())
}

/// `robocopy from to /mir` makes `to` like `from`: what `from` does not hold is deleted.
pub(in crate::shell) fn robocopy(args: &[Arg]) -> Option<Vec<Arg>> {
    let has = |flag: &str| args.iter().any(|it| it.text.eq_ignore_ascii_case(flag));
    let mut operands = args.iter().filter(|it| !is_switch(&it.text)).map(place);
    let (from, to) = (operands.next()?, operands.next()?);
    let word = |it: &str| Arg::literal(it, from.span);
    if has("/mir") || has("/purge") {
        let from = like(&from, format!("{}/", from.text.trim_end_matches('/')));
        return Some(vec![word("rsync"), word("-a"), word("--delete"), from, to]);
    }
    let program = if has("/move") || has("/mov") {
        "mv"
    } else {
        "cp"
    };
    Some(vec![word(program), from, to])
}

/// `/s`, `/q`, `/xd:x`: one slash, and a name that is no path of Unix.
fn is_switch(text: &str) -> bool {
    let Some(name) = text.strip_prefix('/') else {
        return false;
    };
    let (name, value) = name.split_once(':').unwrap_or((name, ""));
    if name.len() == 1 && value.starts_with('/') {
        // A drive, in the notation of all others.
        return false;
    }
    !name.is_empty() && name.len() <= 4 && !name.contains('/') && !matches!(name, "tmp" | "etc")
}

/// A path in the notation of all others, with active wildcards.
fn place(arg: &Arg) -> Arg {
    super::place::path(arg, false)
}
