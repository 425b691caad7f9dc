//! Owns the command lines that a YAML file of jobs or hooks hands to a shell. Does not own YAML: it reads
//! lines by their indentation. Invariant: what is not under a key of commands is no command.

/// The commands under `run:`, `script:`, `entry:` and kin, one below the other.
pub(super) fn commands(text: &str) -> String {
    let mut out = String::new();
    // The indentation of the key whose lines are being read.
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let inner = line.trim_start();
        let indent = line.len() - inner.len();
        if inner.is_empty() || inner.starts_with('#') {
            continue;
        }
        let item = inner.strip_prefix("- ").map(str::trim_start);
        if let Some(key) = open {
            if indent > key || indent == key && item.is_some() && !has_key(item.unwrap_or_default())
            {
                push(&mut out, item.unwrap_or(inner));
                continue;
            }
            open = None;
        }
        let entry = item.unwrap_or(inner);
        let Some((key, value)) = entry.split_once(':').filter(|it| is_key(it.0)) else {
            continue;
        };
        let value = value.trim();
        if key.is_empty() || value.is_empty() || value.starts_with(['|', '>']) {
            open = Some(line.len() - entry.len());
        } else {
            push(&mut out, value);
        }
    }
    out
}

fn has_key(text: &str) -> bool {
    text.split_once(':').is_some_and(|it| is_key(it.0))
}

fn is_key(key: &str) -> bool {
    matches!(
        key,
        "run" | "script" | "before_script" | "after_script" | "entry"
    )
}

fn push(out: &mut String, command: &str) {
    let bare = command.trim();
    let quoted = |mark: char| bare.strip_prefix(mark)?.strip_suffix(mark);
    out.push_str(quoted('"').or_else(|| quoted('\'')).unwrap_or(bare));
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::commands;

    #[test]
    fn commands_are_what_stands_under_their_keys() {
        let check = |text: &str, wanted: &str| assert_eq!(commands(text), wanted, "{text}");
        check(
            "steps:\n  - run: make\n  - name: x\n    run: \"npm test\"\n",
            "make\nnpm test\n",
        );
        check("  - run: |\n      a\n      b\n  - uses: c\n", "a\nb\n");
        check(
            "job:\n  script:\n    - a\n    - b c\n  only: main\n",
            "a\nb c\n",
        );
        check("script:\n- a\n- 'b'\nstage: x\n", "a\nb\n");
        check("name: rm -rf /\ndescription: run: x\n", "");
    }
}
