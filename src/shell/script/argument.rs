//! Owns the arguments that code is given, in the place of the names under which it asks for them:
//! `sys.argv[1]`, `process.argv[2]`, `ARGV[0]`, `@ARGV`. Does not own the reading of code. Invariant: only a
//! value that a quoted word of any of these languages can hold is put in; other names stay.

use super::super::flags::{Options, family};
use super::super::invocation::{Arg, ArgFlags, Invocation};

/// So many arguments are put in.
const COUNT_LIMIT: usize = 8;

/// The code with its arguments put in.
pub(super) fn put(invocation: &Invocation, options: &Options, mut code: Arg) -> Arg {
    if family(&invocation.program) == "awk" {
        return assigned(options, code);
    }
    if !code.text.contains("argv") && !code.text.contains("ARGV") {
        return code;
    }
    let program = family(&invocation.program);
    // The code itself was no operand where a flag holds it, and `-` is one where stdin does.
    let fed = options.operands.first().is_some_and(|it| it.text == "-");
    let given = options.rest(usize::from(fed));
    let (name, list, first) = match program {
        "python" => ("sys.argv", "sys.argv[1:]", 1),
        "node" => (
            "process.argv",
            "process.argv.slice(2)",
            1 + usize::from(fed),
        ),
        "ruby" => ("ARGV", "ARGV", 0),
        "perl" => ("$ARGV", "@ARGV", 0),
        "php" => ("$argv", "$argv", 1),
        _ => return code,
    };
    let known = |it: &&&Arg| !it.text.contains(['\'', '\\', '\n', '$']);
    if given.len() > COUNT_LIMIT || given.iter().filter(known).count() < given.len() {
        return code;
    }
    let mut words = Vec::new();
    for (index, value) in given.iter().enumerate() {
        let word = format!("'{}'", value.text);
        let asked = format!("{name}[{}]", index + first);
        code.text = code.text.replace(&asked, &word);
        // `from sys import argv`
        if program == "python" {
            code.text = code.text.replace(asked.trim_start_matches("sys."), &word);
        }
        code.flags
            .set(value.flags.0 & (ArgFlags::TREE | ArgFlags::UNKNOWN));
        words.push(word);
    }
    if !words.is_empty() {
        let (open, close) = if program == "perl" {
            ("(", ")")
        } else {
            ("[", "]")
        };
        let all = format!("{open}{}{close}", words.join(", "));
        code.text = code.text.replace(list, &all);
        if program == "node" {
            code.text = code.text.replace("process.argv.slice(1)", &all);
        }
    }
    code
}

/// awk's `-v name=value`, in the place of the name where that is all that `system` or a pipe is given.
fn assigned(options: &Options, mut code: Arg) -> Arg {
    let pipes = code.text.contains('|');
    for value in options
        .values_of(&["-v", "--assign"])
        .iter()
        .take(COUNT_LIMIT)
    {
        let Some((name, text)) = value.text.split_once('=') else {
            continue;
        };
        if text.contains(['"', '\\', '\n']) {
            continue;
        }
        for (open, close) in [("system(", ")"), ("| ", ""), ("", " | getline")] {
            let asked = format!("{open}{name}{close}");
            let word = format!("{open}\"{text}\"{close}");
            code.text = code.text.replace(&asked, &word);
        }
        if pipes {
            code.text.insert_str(0, &format!("{name} = \"{text}\"\n"));
        }
        code.flags
            .set(value.flags.0 & (ArgFlags::TREE | ArgFlags::UNKNOWN));
    }
    code
}
