//! Owns the commands that a makefile or a justfile makes the shell run: its recipe lines, with the
//! variables that the file sets. Does not own where the file comes from. Invariant: a variable that is
//! not known is a guarded mark, since make's own (`$(CC)`, `$@`) are never empty.

use super::{Cx, like, split};
use crate::shell::invocation::{Arg, GUARDED};

/// How many variables of one file are known.
const VARIABLE_LIMIT: usize = 64;
/// Variables stand in variables this deep.
const DEPTH_LIMIT: u32 = 4;

/// `make SHELL=program`, `--eval`, `$(shell text)` in what is given on the command line or in `MAKEFLAGS`.
pub(super) fn read(cx: &mut Cx) {
    let args = cx.invocation.args();
    for (index, arg) in args.iter().enumerate() {
        if let Some(value) = arg.text.strip_prefix("SHELL=") {
            cx.argv(split(&like(arg, value)), 0);
        }
        if let Some(flags) = arg.text.strip_prefix(".SHELLFLAGS=") {
            let mut shell = vec![like(arg, "sh")];
            shell.extend(split(&like(arg, flags)));
            cx.argv(shell, 0);
        }
        if let Some(lines) = arg.text.strip_prefix("--eval=") {
            cx.text(like(arg, recipes(lines)), 0);
        } else if matches!(arg.text.as_str(), "--eval" | "-E")
            && let Some(lines) = args.get(index + 1)
        {
            cx.text(like(lines, recipes(&lines.text)), 0);
        }
        calls_of_shell(cx, arg);
    }
    for assignment in &cx.invocation.assignments {
        let value = &assignment.value;
        if super::variables("make").any(|it| it == assignment.name)
            && let Some((_, lines)) = value.text.split_once("--eval=")
        {
            // A blank stands behind a backslash there.
            let lines = lines.replace("\\ ", " ");
            cx.text(like(value, recipes(&lines)), 0);
            calls_of_shell(cx, &like(value, lines));
        }
    }
}

/// `$(shell text)` wherever make reads it.
fn calls_of_shell(cx: &mut Cx, arg: &Arg) {
    for mark in ["$(shell ", "${shell "] {
        if let Some((_, rest)) = arg.text.split_once(mark) {
            let text = rest.rsplit_once([')', '}']).map_or(rest, |it| it.0);
            cx.text(like(arg, text), 0);
        }
    }
}

/// The recipes of a makefile as text for a shell, one line each.
pub(crate) fn recipes(makefile: &str) -> String {
    let joined = makefile.replace("\\\n", " ");
    let mut variables: Vec<(&str, &str)> = vec![
        ("RM", "rm -f"),
        ("HOME", "$$HOME"),
        ("CURDIR", "."),
        ("PWD", "."),
    ];
    let mut recipe = String::new();
    for line in joined.lines() {
        if let Some(command) = command(line) {
            let command = expand(command, &variables, DEPTH_LIMIT);
            recipe.push_str(command.trim_start_matches(['@', '-', '+', ' ']));
            recipe.push('\n');
        } else if let Some((name, value)) = assignment(line)
            && variables.len() < VARIABLE_LIMIT
        {
            variables.insert(0, (name, value));
        }
    }
    recipe
}

/// The command of a line: indented, or after the `;` of a rule.
fn command(line: &str) -> Option<&str> {
    if line.starts_with(['\t', ' ']) {
        let command = line.trim();
        return (!command.is_empty() && !command.starts_with('#')).then_some(command);
    }
    let (target, command) = line.split_once(';')?;
    (target.contains(':') && !target.contains('=')).then_some(command.trim())
}

fn assignment(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let name = name.trim_end_matches([':', '?', '+', '!']).trim();
    let plain = name
        .bytes()
        .all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.'));
    (plain && !name.is_empty()).then_some((name, value.trim()))
}

/// The text with `$(NAME)` and `${NAME}` filled in, `$$` as the shell's own dollar.
fn expand(text: &str, variables: &[(&str, &str)], depth: u32) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        let mut letters = after.chars();
        let close = match letters.next() {
            Some('(') => ')',
            Some('{') => '}',
            Some('$') => {
                out.push('$');
                rest = letters.as_str();
                continue;
            }
            _ => {
                out.push(GUARDED);
                rest = letters.as_str();
                continue;
            }
        };
        let (name, tail) = letters.as_str().split_once(close).unwrap_or_default();
        if let Some(command) = name.strip_prefix("shell ") {
            out.push_str("$(");
            out.push_str(command);
            out.push(')');
        } else {
            match variables.iter().find(|it| it.0 == name) {
                Some((_, value)) if depth > 0 => {
                    out.push_str(&expand(value, variables, depth - 1));
                }
                _ => out.push(GUARDED),
            }
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::recipes;

    #[test]
    fn recipes_are_what_the_shell_runs() {
        let check = |makefile: &str, wanted: &str| assert_eq!(recipes(makefile).trim(), wanted);
        check("all:\n\trm -rf /\n", "rm -rf /");
        check("all: b\n\t@echo hi\n\t-$(RM) x\n", "echo hi\nrm -f x");
        check(
            "D = build\nclean:\n\trm -rf $(D)/x $$HOME\n",
            "rm -rf build/x $HOME",
        );
        check("a: ; rm x\n", "rm x");
        check(
            "CC := gcc\nX=$(CC)\nb:\n\t$(X) -o $@ $(UNSET)",
            "gcc -o ◇ ◇",
        );
        check("A = $(A)\nb:\n\techo $(A)", "echo ◇");
        check("# rm -rf /\nA = rm -rf /\n", "");
    }
}
