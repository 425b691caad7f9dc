//! Owns the text that code on a command line prints: `python -c`, `perl -e`, awk. Does not own the
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
            at_the_start(&piece.text).or_else(|| for_records(&piece.text))?
        } else {
            let calls = script::calls(language, &piece.text);
            let lines = calls.iter().filter(|it| prints(it));
            lines.map(|it| line(language, it)).collect()
        };
        for line in lines {
            let mut words = line.split(|it: char| it == UNKNOWN || it.is_whitespace());
            plain &= piece.text.contains(line.trim_end())
                || line.contains(UNKNOWN) && words.all(|it| piece.text.contains(it));
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

/// What an awk program prints for its records, each line once, with marks for fields and whatever else
/// is computed. A line of which not even the beginning is literal makes the whole unknown.
fn for_records(code: &str) -> Option<Vec<String>> {
    let mut lines = Vec::new();
    let mut rest = code;
    let mut before = ' ';
    while let Some(letter) = rest.chars().next() {
        let part_of_name = |it: char| it.is_ascii_alphanumeric() || it == '_';
        let verb = ["printf", "print"]
            .into_iter()
            .find(|it| rest.starts_with(it) && !part_of_name(before));
        if let Some(verb) = verb
            && let Some(after) = rest
                .strip_prefix(verb)
                .filter(|it| !it.starts_with(part_of_name))
        {
            let (line, after) = record(after, verb == "printf")?;
            lines.extend(line);
            rest = after;
            before = ' ';
            continue;
        }
        let regex = letter == '/'
            && matches!(
                before,
                '(' | '{' | ',' | ';' | '!' | '~' | '&' | '|' | ' ' | '\n'
            );
        rest = if letter == '"' || regex {
            closed(rest, letter)?.1
        } else {
            rest.get(letter.len_utf8()..)?
        };
        before = letter;
    }
    (!lines.is_empty()).then_some(lines)
}

/// One `print` statement from behind its verb: its line where that goes to stdout, and what follows.
fn record(mut rest: &str, format: bool) -> Option<(Option<String>, &str)> {
    let mut line = String::new();
    let mut depth = 0_u32;
    while let Some(letter) = rest.chars().next() {
        let next = rest.get(letter.len_utf8()..)?;
        match letter {
            '"' => {
                let (text, after) = closed(rest, '"')?;
                line.push_str(&unescaped(text, format));
                rest = after;
                continue;
            }
            '>' | '|' if depth == 0 => return Some((None, next)),
            ';' | '}' | '\n' if depth == 0 => break,
            // What follows a format fills its places.
            ',' if depth == 0 && format => {
                let end = rest.find([';', '}', '\n', '>', '|']).unwrap_or(rest.len());
                rest = rest.get(end..)?;
                continue;
            }
            ',' if depth == 0 => line.push(' '),
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if letter.is_whitespace() => {}
            _ if !line.ends_with(UNKNOWN) => line.push(UNKNOWN),
            _ => {}
        }
        rest = next;
    }
    // Whatever the records name would be deleted, and they may say more than names.
    let deletes = ["rm ", "unlink ", "shred ", "rmdir "]
        .iter()
        .any(|it| line.starts_with(it));
    if deletes && line.contains(UNKNOWN) && !line.starts_with("rm -") {
        line = UNKNOWN.to_string();
    }
    let known = line.chars().any(|it| it != UNKNOWN);
    (known && !line.starts_with(UNKNOWN)).then_some((Some(line), rest))
}

/// The text between two marks, the first of which starts it, and what follows the second.
fn closed(text: &str, mark: char) -> Option<(&str, &str)> {
    let inner = text.get(mark.len_utf8()..)?;
    let mut escaped = false;
    let end = inner.char_indices().find(|&(_, it)| {
        let ends = it == mark && !escaped;
        escaped = it == '\\' && !escaped;
        ends
    })?;
    Some((inner.get(..end.0)?, inner.get(end.0 + mark.len_utf8()..)?))
}

/// A string's escapes, and the places of a format, which hold what nobody knows.
fn unescaped(text: &str, format: bool) -> String {
    let mut plain = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n') => plain.push('\n'),
                Some('t') => plain.push('\t'),
                other => plain.extend(other),
            },
            '%' if format => {
                let kind = letters.find(|it| it.is_ascii_alphabetic() || *it == '%');
                plain.push(if kind == Some('%') { '%' } else { UNKNOWN });
            }
            _ => plain.push(letter),
        }
    }
    plain
}
