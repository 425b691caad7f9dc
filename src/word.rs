//! Owns the small questions that are asked of words in every part: whether a list that stands in one text
//! holds one, whether a pattern with stars fits it, whether it can name a variable, what its last part is as a
//! path. Does not own lists and patterns, nor the globs of rules (`rule`) and of paths (`path`).
//! Invariant: a list in one text has no addresses in it that would be adjusted at every start, and an empty
//! word is in none.

/// True where the list, words with blanks between them, holds the word.
pub(crate) fn listed(list: &str, word: &str) -> bool {
    let (list, word) = (list.as_bytes(), word.as_bytes());
    let (Some(end), length) = (word.last(), word.len()) else {
        return false;
    };
    let mut start = 0;
    for (at, byte) in list.iter().chain(b" ").enumerate() {
        if *byte == b' ' {
            // Most differ in their length or their last letter.
            let fits = at - start == length && list.get(at.wrapping_sub(1)) == Some(end);
            if fits && list.get(start..at) == Some(word) {
                return true;
            }
            start = at + 1;
        }
    }
    false
}

/// True for a word that can be the name of a variable of a shell.
pub(crate) fn is_variable(word: &str) -> bool {
    !word.is_empty()
        && !word.starts_with(|it: char| it.is_ascii_digit())
        && word
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || it == b'_')
}

/// True where a pattern of the policy, in which `*` is any text, fits the whole of a word.
pub(crate) fn fits(pattern: &str, word: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = word.strip_prefix(first) else {
        return false;
    };
    let Some(last) = pieces.next_back() else {
        return rest.is_empty();
    };
    for piece in pieces {
        match rest.split_once(piece) {
            Some((_, behind)) => rest = behind,
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// The last part of a path.
pub(crate) fn base(path: &str) -> &str {
    let slash = path.bytes().rposition(|it| it == b'/');
    slash.map_or(path, |at| path.get(at + 1..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_hold_whole_words() {
        for (list, word, expected) in [
            ("rm mv cp", "rm", true),
            ("rm mv cp", "cp", true),
            (" rm mv ", "mv", true),
            ("rmdir mv", "rm", false),
            ("rm mv", "rm mv", false),
            ("rm", "m", false),
            (" rm mv ", "", false),
            ("", "", false),
            ("größe x", "größe", true),
        ] {
            assert_eq!(listed(list, word), expected, "{list} {word}");
        }
    }

    #[test]
    fn variables_are_letters_digits_and_underscores() {
        for name in ["A_B1", "_a", "a"] {
            assert!(is_variable(name), "{name}");
        }
        for name in ["", "1A", "A B", "A;rm -rf ~", "A\nB", "BASH_FUNC_x%%", "é"] {
            assert!(!is_variable(name), "{name}");
        }
    }

    #[test]
    fn stars_are_any_text() {
        for (pattern, word, expected) in [
            ("git *", "git status", true),
            ("git *", "git", false),
            ("git", "git status", false),
            ("git", "git", true),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxc", false),
            ("A*B*C", "AxCxB", false),
            ("a*a", "a", false),
            ("*b", "aab", true),
            ("a**b", "ab", true),
            ("npm run test*", "npm run test:unit", true),
            ("AWS_*", "AWS_REGION", true),
            ("AWS_*", "AWSREGION", false),
            ("*_URL", "A_URL", true),
            ("*_URL", "A_URLS", false),
            ("plain", "PLAIN", false),
        ] {
            assert_eq!(fits(pattern, word), expected, "{pattern} {word}");
        }
    }

    #[test]
    fn base_is_what_follows_the_last_slash() {
        for (path, expected) in [
            ("/a/b", "b"),
            ("b", "b"),
            ("a/", ""),
            ("", ""),
            ("/ä/ö", "ö"),
        ] {
            assert_eq!(base(path), expected, "{path}");
        }
    }
}
