//! Owns the filters that pick, order or join what they read: grep with literal patterns, sort, uniq, xargs
//! without a command, awk that prints fields. Invariant: exact or None.

use crate::shell::flags::Options;

/// What one of these makes of a text.
pub(super) fn of(program: &str, options: &Options, text: &str) -> Option<String> {
    let plain = options.flags.is_empty();
    let operands = options.operands.len();
    let mut lines: Vec<&str> = text.lines().collect();
    match program {
        "grep" | "egrep" | "fgrep" if plain && operands == 1 => {
            let pattern = options.subcommand(0)?;
            let any = pattern.is_empty() || matches!(pattern, "." | ".*" | "^");
            if !any
                && pattern.contains(|it: char| it.is_ascii_punctuation() && !" -_/,:".contains(it))
            {
                return None;
            }
            lines.retain(|it| {
                any && (pattern != "." || !it.is_empty()) || !any && it.contains(pattern)
            });
        }
        "sort" if plain && operands == 0 => lines.sort_unstable(),
        "uniq" if plain && operands == 0 => lines.dedup(),
        "xargs" if plain && operands == 0 && !text.contains(['\'', '"', '\\']) => {
            lines = text.split_ascii_whitespace().collect();
            return Some(lines.join(" ") + "\n");
        }
        "awk" if plain && operands == 1 => {
            let fields = fields(options.subcommand(0)?)?;
            let printed = lines.iter().map(|it| line(it, &fields) + "\n");
            return Some(printed.collect());
        }
        _ => return None,
    }
    Some(lines.join("\n") + "\n")
}

/// The numbers of the fields in `{print $3, $1}`; 0 is the whole line.
fn fields(script: &str) -> Option<Vec<usize>> {
    let script = script.trim();
    if script == "1" {
        return Some(vec![0]);
    }
    let body = script.strip_prefix('{')?.strip_suffix('}')?;
    let list = body
        .trim()
        .strip_prefix("print")?
        .trim_end_matches([';', ' ']);
    if list.is_empty() {
        return Some(vec![0]);
    }
    let numbers = list
        .split(',')
        .map(|it| it.trim().strip_prefix('$')?.parse().ok());
    numbers.collect()
}

fn line(text: &str, fields: &[usize]) -> String {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let field = |at: &usize| match at.checked_sub(1) {
        Some(at) => words.get(at).copied().unwrap_or_default(),
        None => text,
    };
    fields.iter().map(field).collect::<Vec<_>>().join(" ")
}
