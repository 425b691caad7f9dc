//! Owns which filters in a pipeline leave everything but a little: what they let through is still a list of
//! all. Does not own the pipelines. Invariant: a filter that picks something by what it is called passes
//! nothing else on.

use crate::shell::Invocation;
use crate::shell::flags::{Options, options};

/// True for a program that lets through nearly all that it reads: `grep -v`, `tail -n +2`, `sed 1d`.
pub(super) fn passes(invocation: &Invocation) -> bool {
    let program = invocation.program.as_str();
    match program {
        "grep" | "egrep" | "fgrep" | "rg" => {
            let options = options(invocation);
            options.has_any(&["-v", "--invert-match"]) || is_any(&script(&options))
        }
        "tail" => invocation.args().iter().any(|it| {
            it.text
                .trim_start_matches("-n")
                .trim_start_matches("--lines=")
                .starts_with('+')
        }),
        "head" => {
            let lines = options(invocation).values_of(&["-n", "--lines"]);
            lines.iter().any(|it| it.text.starts_with('-'))
        }
        "sed" | "gsed" => {
            let options = options(invocation);
            let script = script(&options);
            let prints = options.has_any(&["-n", "--quiet", "--silent"]);
            prints && script.ends_with(",$p")
                || !prints && !script.contains("!d") && !script.contains('q')
        }
        "awk" | "gawk" | "mawk" => !picks(&script(&options(invocation))),
        _ => false,
    }
}

/// True for a list of processes by name, parent, terminal or number: it is not of all.
pub(super) fn is_chosen(invocation: &Invocation) -> bool {
    let by = ["-C", "-p", "-q", "-t", "-s", "-g"];
    let long = ["--ppid", "--pid", "--quick-pid", "--tty", "--sid"];
    invocation.program == "ps"
        && invocation.args().iter().any(|it| {
            let name = it.text.split('=').next().unwrap_or_default();
            by.contains(&name) || long.contains(&name)
        })
}

fn script(options: &Options) -> String {
    let given = options.values_of(&["-e", "--regexp", "--expression"]);
    let first = given.first().map(|it| it.text.clone());
    let operand = || options.operands.first().map(|it| it.text.clone());
    first.or_else(operand).unwrap_or_default()
}

/// A pattern that every line with a number fits.
fn is_any(pattern: &str) -> bool {
    let bare = pattern.trim_start_matches('^').trim_end_matches('$');
    let bare = bare.trim_end_matches(['*', '+', '\\']).trim();
    matches!(bare, "" | "." | "[0-9]" | "\\d" | "[[:digit:]]")
}

/// True for an awk program that goes by what a line says: a pattern, an equality, a comparison of a column.
fn picks(script: &str) -> bool {
    let mut letters = script.char_indices();
    while let Some((at, letter)) = letters.next() {
        let before = script.get(..at).unwrap_or_default().trim_end();
        let after = script.get(at + letter.len_utf8()..).unwrap_or_default();
        match letter {
            '"' => {
                letters.find(|it| it.1 == '"');
            }
            '/' if !before.ends_with(|it: char| it.is_alphanumeric()) => {
                let negated = before.ends_with('!') || before.ends_with("!~");
                if !negated {
                    return true;
                }
                letters.find(|it| it.1 == '/');
            }
            '=' if after.starts_with('=') => return true,
            '~' if !before.ends_with('!') => return true,
            '<' | '>' if !before.ends_with("NR") => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::{is_chosen, passes};
    use crate::shell;

    #[test]
    fn what_only_leaves_something_out_passes_the_rest() {
        for (command, expected) in [
            ("grep -v root", true),
            ("grep -vw $$", true),
            ("grep '[0-9]'", true),
            ("grep vite", false),
            ("grep -e vite", false),
            ("tail -n +2", true),
            ("tail +2", true),
            ("tail -n 1", false),
            ("head -n -1", true),
            ("head -3", false),
            ("sed 1d", true),
            ("sed '/root/d'", true),
            ("sed '/vite/!d'", false),
            ("sed -n '2,$p'", true),
            ("sed -n '/vite/p'", false),
            ("awk '{print $2}'", true),
            ("awk 'NR>1 {print $2}'", true),
            ("awk '$1 != 4 {print $1}'", true),
            ("awk '!/root/ {print $2}'", true),
            ("awk '/vite/ && !/awk/ {print $2}'", false),
            ("awk '$11 ~ /vite/ {print $2}'", false),
            ("awk '$1 == 4 {print $2}'", false),
            ("awk '$3 > 90 {print $2}'", false),
            ("sort -rn", false),
        ] {
            let reading = shell::read(command, &shell::Surroundings::default());
            let invocation = reading.invocations.first().unwrap();
            assert_eq!(passes(invocation), expected, "{command}");
        }
    }

    #[test]
    fn a_list_by_name_is_not_of_all() {
        for (command, expected) in [
            ("ps -C node -o pid=", true),
            ("ps --ppid 41 -o pid=", true),
            ("ps aux", false),
            ("ps -eo pid=", false),
            ("ps -u dev -o pid=", false),
        ] {
            let reading = shell::read(command, &shell::Surroundings::default());
            let invocation = reading.invocations.first().unwrap();
            assert_eq!(is_chosen(invocation), expected, "{command}");
        }
    }
}
