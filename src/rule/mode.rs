//! Owns the reading of file modes for rules: whether one sets the bit that runs a program as its owner, written
//! `@setuid` in a flag's value and among operands. Does not own who sets it. Invariant: a digit says so in an
//! octal mode alone, and a letter in a clause for the owner that adds or sets.

use super::pattern::glob;

/// A glob of a rule, or `@setuid` for the mode in a flag's value.
pub(super) fn value_fits(pattern: &str, value: &str) -> bool {
    match pattern {
        "@setuid" => sets_user(value),
        _ => glob(pattern, value),
    }
}

/// A glob of a rule, or `@setuid` for a mode in letters: an operand of digits may be a file.
pub(super) fn operand_fits(pattern: &str, operand: &str) -> bool {
    match pattern {
        "@setuid" => operand.split(',').any(letters_set_user),
        _ => glob(pattern, operand),
    }
}

/// True for `4755`, `06711`, `u=rwxs,go=rx`, and rsync's `F4755`.
fn sets_user(mode: &str) -> bool {
    mode.split(',').any(|clause| {
        let clause = clause.strip_prefix('F').unwrap_or(clause);
        octal_sets_user(clause) || letters_set_user(clause)
    })
}

fn octal_sets_user(clause: &str) -> bool {
    let digits = clause.trim_start_matches(['+', '=']);
    let octal = digits.bytes().all(|it| matches!(it, b'0'..=b'7'));
    let bits = u32::from_str_radix(digits, 8).unwrap_or_default();
    octal && bits <= 0o7777 && bits & 0o4000 != 0
}

/// `u+s`, `+s`, `a=rxs`, `u-w+s`, but not `g+s` nor `u-s`.
fn letters_set_user(clause: &str) -> bool {
    let Some(at) = clause.find(['+', '-', '=']) else {
        return false;
    };
    let (who, actions) = clause.split_at(at);
    if !(who.is_empty() || who.contains(['u', 'a']))
        || !who.bytes().all(|it| b"ugoa".contains(&it))
        || !actions.bytes().all(|it| b"+-=rwxXstugo".contains(&it))
    {
        return false;
    }
    let mut adds = false;
    actions.bytes().any(|it| {
        match it {
            b'+' | b'=' => adds = true,
            b'-' => adds = false,
            _ => {}
        }
        adds && it == b's'
    })
}

#[cfg(test)]
mod tests {
    use super::{operand_fits, value_fits};

    #[test]
    fn modes_are_read() {
        for mode in [
            "4755",
            "04755",
            "6711",
            "7777",
            "u+s",
            "+s",
            "a+s",
            "ug+s",
            "u=rwxs,go=rx",
            "u=srwx",
            "a+x,u+s",
            "=rwxs",
            "u-w+s",
            "F4755",
            "D755,F4755",
            "Fu+s",
            "=4755",
        ] {
            assert!(value_fits("@setuid", mode), "{mode}");
        }
        for mode in [
            "755",
            "0755",
            "2755",
            "1777",
            "g+s",
            "u-s",
            "u+x",
            "u=rwx,g=rxs",
            "D4755",
            "src",
            "44755",
            "ss",
            "o+s",
            "a-s",
            "+x",
            "-s",
            "",
        ] {
            assert!(!value_fits("@setuid", mode), "{mode}");
        }
        assert!(operand_fits("@setuid", "a+x,u+s"));
        assert!(!operand_fits("@setuid", "4000"));
        assert!(!operand_fits("@setuid", "u+files"));
        assert!(operand_fits("4???", "4755"));
    }
}
