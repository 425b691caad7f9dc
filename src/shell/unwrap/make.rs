//! Owns the commands that make is given beside its file, and those that a file makes the shell run whatever
//! its goal is. Does not own where the file comes from nor its format (`recipe`). Invariant: a variable that
//! is not known is a guarded mark, since make's own (`$(CC)`, `$@`) are never empty.

use super::{Cx, like, split};
use crate::shell::invocation::Arg;
use crate::shell::recipe::Makefile;

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

/// The recipes of a makefile or a justfile as text for a shell, one line each.
pub(crate) fn recipes(makefile: &str) -> String {
    Makefile::loose(makefile).commands()
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
        check("a:\n    rm x\nb: c\n  @rm y", "rm x\nrm y");
        check("a:\n\t$(MAKE) b\n\t${SHELL} x", "◇ b\n◇ x");
        check(
            "ifdef X\na:\n\trm x\nelse\na:\n\trm y\nendif\n",
            "rm x\nrm y",
        );
    }
}
