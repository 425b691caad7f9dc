//! Owns the text that code on a command line prints: `python -c`, `perl -e`, awk's `BEGIN`. Does not own the
//! reading of code (`script`). Invariant: what is not literal is a mark; text that does not stand in the code
//! as it is printed carries HIDDEN.

use crate::shell::flags::{Options, family};
use crate::shell::invocation::{Arg, ArgFlags, Invocation, UNKNOWN};
use crate::shell::script::{self, Call, Language};
use crate::shell::unwrap::like;

/// What the code prints, where it prints literal text.
pub(super) fn of(invocation: &Invocation, options: &Options, stdin: Option<&Arg>) -> Option<Arg> {
    let language = script::language(family(&invocation.program))?;
    let code = script::code(invocation, options, stdin);
    let first = code.first()?;
    let mut text = String::new();
    let mut plain = true;
    for piece in &code {
        let lines = if language == Language::Awk {
            at_the_start(&piece.text)?
        } else {
            let calls = script::calls(language, &piece.text);
            let lines = calls.iter().filter(|it| prints(it));
            lines.map(|it| line(language, it)).collect()
        };
        for line in lines {
            plain &= piece.text.contains(line.trim_end());
            text.push_str(&line);
            text.push('\n');
        }
    }
    let mut arg = like(first, text);
    if !plain {
        arg.flags.set(ArgFlags::HIDDEN);
    }
    if arg.text.contains(UNKNOWN) {
        arg.flags.set(ArgFlags::UNKNOWN);
    }
    Some(arg)
}

fn prints(call: &Call) -> bool {
    matches!(
        call.name(),
        "print" | "puts" | "echo" | "log" | "write" | "say" | "printf"
    )
}

/// What one call prints: its arguments the way the language puts them together.
fn line(language: Language, call: &Call) -> String {
    let options = ["end=", "sep=", "file=", "flush="];
    let named =
        |it: &str| language == Language::Python && options.iter().any(|o| it.starts_with(o));
    let args = call.args.iter().map(script::Value::text);
    let args: Vec<String> = args.filter(|it| !named(it)).collect();
    args.join(match language {
        Language::Perl | Language::Php => "",
        Language::Ruby => "\n",
        _ => " ",
    })
}

/// What an awk program of nothing but `BEGIN { print "text" }` prints; nothing for any other one.
fn at_the_start(code: &str) -> Option<Vec<String>> {
    let body = code.trim().strip_prefix("BEGIN")?.trim_start();
    let mut rest = body.strip_prefix('{')?.strip_suffix('}')?.trim_start();
    let mut lines = Vec::new();
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("exit") {
            rest = after.trim_start_matches([';', ' ', '\n']);
            continue;
        }
        let after = ["printf", "print"]
            .iter()
            .find_map(|it| rest.strip_prefix(it))?;
        let (line, after) = literals(after)?;
        lines.push(line);
        rest = after.trim_start_matches([';', ' ', '\n']);
    }
    Some(lines)
}

/// Literals side by side or with commas between them, and what follows.
fn literals(mut rest: &str) -> Option<(String, &str)> {
    let mut line = String::new();
    loop {
        rest = rest.trim_start_matches([' ', '\t', '(']);
        let mut letters = rest.strip_prefix('"')?.chars();
        loop {
            match letters.next()? {
                '"' => break,
                '\\' => line.push(match letters.next()? {
                    'n' => '\n',
                    't' => '\t',
                    letter @ ('"' | '\\' | '/') => letter,
                    _ => return None,
                }),
                letter => line.push(letter),
            }
        }
        rest = letters.as_str().trim_start_matches([' ', '\t', ')']);
        match rest.chars().next() {
            None | Some(';' | '\n' | '}') => return Some((line, rest)),
            Some(',') => {
                line.push(' ');
                rest = rest.get(1..)?;
            }
            Some('"') => {}
            Some(_) => return None,
        }
    }
}
