//! Owns what code only prints: a literal that is handed to `print` as it is says what somebody reads, not
//! what is done. Does not own the reading of code (`shell`). Invariant: a literal is taken out only where it
//! is all that is printed, and nothing in it is evaluated.

use crate::shell::Invocation;

/// True for a program that is given code in which something may be printed.
pub(super) fn prints(invocation: &Invocation) -> bool {
    let name = invocation
        .program
        .trim_end_matches(|it: char| it.is_ascii_digit() || it == '.');
    matches!(
        name,
        "python"
            | "pypy"
            | "node"
            | "nodejs"
            | "deno"
            | "bun"
            | "tsx"
            | "ruby"
            | "perl"
            | "php"
            | "lua"
    )
}

/// What prints in one of the languages.
const CALLS: [&str; 9] = [
    "print(",
    "print ",
    "console.log(",
    "console.error(",
    "puts(",
    "puts ",
    "echo ",
    "say ",
    "printf(",
];

/// The code without the literals that it only prints.
pub(super) fn without(code: &str) -> String {
    let mut left = String::with_capacity(code.len());
    let mut rest = code;
    'next: while let Some(first) = rest.chars().next() {
        let word = left.ends_with(|it: char| it.is_ascii_alphanumeric() || it == '_' || it == '.');
        for call in CALLS.iter().filter(|_| !word) {
            if let Some(after) = rest.strip_prefix(call)
                && let Some(behind) = literal(after)
            {
                left.push_str(call);
                rest = behind;
                continue 'next;
            }
        }
        left.push(first);
        rest = rest.get(first.len_utf8()..).unwrap_or_default();
    }
    left
}

/// What follows a plain literal that is the only argument.
fn literal(code: &str) -> Option<&str> {
    let mark = code.chars().next().filter(|it| matches!(it, '"' | '\''))?;
    let body = code.get(1..)?;
    let mut escaped = false;
    let end = body.find(|it: char| {
        let closes = it == mark && !escaped;
        escaped = it == '\\' && !escaped;
        closes
    })?;
    let (text, behind) = (body.get(..end)?, body.get(end + 1..)?);
    let evaluated = ["#{", "${", "@{"].iter().any(|it| text.contains(it));
    let alone = behind.is_empty() || behind.trim_start_matches(' ').starts_with([')', ';', '\n']);
    (!evaluated && alone && !text.is_empty()).then_some(behind)
}

#[cfg(test)]
mod tests {
    use super::without;

    #[test]
    fn only_lone_literals_are_taken_out() {
        for (code, expected) in [
            ("print(\"a b\")", "print()"),
            ("print('a \\' b'); x()", "print(); x()"),
            ("console.log(\"eval(x)\")", "console.log()"),
            ("puts 'x'", "puts "),
            ("print(eval(\"x\"))", "print(eval(\"x\"))"),
            ("print(\"x\" + y)", "print(\"x\" + y)"),
            ("print(\"x\", eval(y))", "print(\"x\", eval(y))"),
            ("puts \"#{system(1)}\"", "puts \"#{system(1)}\""),
            ("myprint(\"x\")", "myprint(\"x\")"),
            ("print(\"a\" \"b\")", "print(\"a\" \"b\")"),
        ] {
            assert_eq!(without(code), expected, "{code}");
        }
    }
}
