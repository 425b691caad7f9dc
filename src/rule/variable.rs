//! Owns which variables' values stand in the arguments of an invocation, as they are written. Does not
//! own what is known of their values (`shell`). Invariant: a name stands here only where its own value,
//! or more than its first letters, becomes part of the argument.

use crate::shell::{ArgFlags, Invocation, Reading};

/// The names of the variables of the environment whose values stand in the arguments: names in capitals
/// that nothing in the text sets.
pub(super) fn names<'q>(
    text: &'q str,
    reading: &'q Reading,
    index: usize,
    invocation: &'q Invocation,
) -> impl Iterator<Item = &'q str> {
    let own = move |it: &&(u32, String)| usize::try_from(it.0) == Ok(index);
    let nested = reading.variables.iter().filter(own);
    invocation
        .args()
        .iter()
        .filter(|it| it.flags.has(ArgFlags::UNKNOWN))
        .filter_map(move |it| {
            let (start, end) = (it.span.start, it.span.end);
            text.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
        })
        .flat_map(written)
        .chain(nested.map(|it| it.1.as_str()))
        .filter(|it| !it.bytes().any(|byte| byte.is_ascii_lowercase()))
        .filter(move |it| !reading.invocations.iter().any(|by| sets(by, it)))
}

fn sets(invocation: &Invocation, name: &str) -> bool {
    let mut assigned = invocation.assignments.iter();
    let by_word = matches!(
        invocation.program.as_str(),
        "export" | "declare" | "typeset" | "local" | "readonly" | "read"
    );
    let word = |text: &str| text.split('=').next() == Some(name);
    assigned.any(|it| it.name == name)
        || by_word && invocation.args().iter().any(|it| word(&it.text))
}

/// The names behind `$` in shell text. `${X:+set}`, `${#X}` and `${X:0:4}` say little of the value.
fn written(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let (before, after) = rest.split_once('$')?;
            let braced = after.strip_prefix('{');
            let from = braced.unwrap_or(after);
            let length = from
                .bytes()
                .take_while(|it| it.is_ascii_alphanumeric() || *it == b'_')
                .count();
            let (name, behind) = from.split_at_checked(length)?;
            rest = behind;
            let digit = |it: &str| it.trim_start().starts_with(|c: char| c.is_ascii_digit());
            let part = braced.is_some()
                && (behind.starts_with(":+")
                    || behind.starts_with('+')
                    || behind.strip_prefix(':').is_some_and(digit));
            if !name.is_empty() && !part && !before.ends_with('\\') {
                return Some(name);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::names;
    use crate::shell;

    #[test]
    fn names_are_those_whose_values_are_in_the_arguments() {
        for (command, expected) in [
            ("echo $A_TOKEN", "A_TOKEN"),
            ("echo \"x ${A}y$B\"", "A B"),
            ("echo '$A'", ""),
            ("echo \\$A", ""),
            ("echo ${A:+set} ${#A} ${A:0:4}", ""),
            ("echo ${A%x}", "A"),
            ("A=$(x); echo $A", ""),
            ("export A=$(x); echo $A", ""),
            ("echo $lower", ""),
            ("bash -c 'echo $A'", "A"),
            ("c='echo ${A}'; eval \"$c\"", "A"),
            ("bash -c 'echo ${A:0:4} ${#A} ${A:+x}'", ""),
            ("bash -c 'echo \"$A $(date)\"'", "A"),
            ("bash -c 'A=1; echo $A'", ""),
        ] {
            let reading = shell::read(command, &shell::Surroundings::default());
            let index = reading.invocations.len() - 1;
            let last = &reading.invocations[index];
            let mut found: Vec<&str> = names(command, &reading, index, last).collect();
            found.dedup();
            assert_eq!(found.join(" "), expected, "{command}");
        }
    }
}
