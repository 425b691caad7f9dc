//! Owns the two small text patterns of rules: globs (`*` any text, `?` one character) and phrases found
//! at word boundaries. Does not own path globs (`path`). Invariant: linear or quadratic at worst, never
//! exponential, whatever the text.

/// True where the glob matches the whole text, ignoring ASCII case. `*` crosses everything, `[*]` is a
/// star and `[?]` a question mark.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    if !ends_fit(pattern, text) {
        return false;
    }
    let (mut p, mut t) = (0, 0);
    // Where to go on when a later part fails: just behind the last star, one byte further in the text.
    let mut retry: Option<(usize, usize)> = None;
    while let Some(&byte) = text.get(t) {
        match pattern.get(p) {
            Some(b'*') => {
                p += 1;
                retry = Some((p, t));
            }
            Some(b'?') => {
                p += 1;
                t += character(text, t);
            }
            Some(b'[') if literal(pattern, p) == Some(byte) => {
                p += 3;
                t += 1;
            }
            Some(it) if it.eq_ignore_ascii_case(&byte) => {
                p += 1;
                t += 1;
            }
            _ => match retry {
                Some((behind, from)) => {
                    p = behind;
                    t = from + 1;
                    retry = Some((behind, t));
                }
                None => return false,
            },
        }
    }
    pattern
        .get(p..)
        .unwrap_or_default()
        .iter()
        .all(|it| *it == b'*')
}

/// A cheap look before the match: where a pattern ends in a letter, so does what it fits.
pub(super) fn ends_fit(pattern: &[u8], text: &[u8]) -> bool {
    match (pattern.last(), text.last()) {
        (None | Some(b'*' | b'?' | b']'), _) => true,
        (Some(_), None) => false,
        (Some(wanted), Some(found)) => wanted.eq_ignore_ascii_case(found),
    }
}

/// A cheap look before the match: where a pattern starts with a letter, so does what it fits.
pub(super) fn starts_fit(pattern: &str, text: &str) -> bool {
    match (pattern.as_bytes().first(), text.as_bytes().first()) {
        (None | Some(b'*' | b'?' | b'['), _) => true,
        (Some(_), None) => false,
        (Some(wanted), Some(found)) => wanted.eq_ignore_ascii_case(found),
    }
}

/// The character of `[*]` or `[?]` at a position.
fn literal(pattern: &[u8], at: usize) -> Option<u8> {
    match pattern.get(at..at + 3) {
        Some(&[b'[', star @ (b'*' | b'?'), b']']) => Some(star),
        _ => None,
    }
}

/// Length of the UTF-8 character that starts at a position.
fn character(text: &[u8], at: usize) -> usize {
    let rest = text.get(at + 1..).unwrap_or_default();
    1 + rest.iter().take_while(|it| **it & 0xc0 == 0x80).count()
}

/// True where a name matches an exact name or a `prefix*`.
pub(super) fn name(pattern: &str, name: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => name.starts_with(prefix) && !name.is_empty(),
        None => pattern == name,
    }
}

/// Text made ready for [`phrase`]: lower case, comments of `/* */` and runs of space as one space.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    // Once a comment has no end, no later one has.
    let mut open = false;
    while let Some(character) = rest.chars().next() {
        let comment = rest.strip_prefix("/*").filter(|_| !open);
        let after = comment.and_then(|it| it.split_once("*/"));
        open |= comment.is_some() && after.is_none();
        if let Some((_, after)) = after {
            rest = after;
            push_space(&mut plain);
        } else {
            rest = rest.get(character.len_utf8()..).unwrap_or_default();
            if character.is_whitespace() {
                push_space(&mut plain);
            } else {
                plain.push(character.to_ascii_lowercase());
            }
        }
    }
    plain
}

pub(super) fn push_space(text: &mut String) {
    if !text.ends_with(' ') {
        text.push(' ');
    }
}

/// True where the phrase stands in [`plain`] text between word boundaries.
pub(super) fn phrase(phrase: &str, text: &str) -> bool {
    occurrences(text, phrase).any(|(at, found)| stands_alone(text, at, found))
}

/// Where a phrase stands in a text, without overlap. Phrases are short and mostly absent: preparing a search
/// costs more than looking for their first letter.
pub(super) fn occurrences<'t>(
    text: &'t str,
    phrase: &str,
) -> impl Iterator<Item = (usize, &'t str)> {
    let mut from = 0;
    let first = phrase.as_bytes().first().copied();
    std::iter::from_fn(move || {
        let first = first?;
        loop {
            let rest = text.as_bytes().get(from..)?;
            let at = from + rest.iter().position(|it| *it == first)?;
            let end = at + phrase.len();
            if text.as_bytes().get(at..end) == Some(phrase.as_bytes()) {
                from = end;
                return text.get(at..end).map(|it| (at, it));
            }
            from = at + 1;
        }
    })
}

/// True where a word's end is not in the midst of another word, on either side.
pub(super) fn stands_alone(text: &str, at: usize, found: &str) -> bool {
    let word = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
    let before = text.get(..at).unwrap_or_default().chars().next_back();
    let after = text.get(at + found.len()..).unwrap_or_default();
    let joined_before = word(before) && word(found.chars().next());
    let joined_after = word(after.chars().next()) && word(found.chars().next_back());
    !(joined_before || joined_after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_whole_texts() {
        for (pattern, text, expected) in [
            ("main", "main", true),
            ("main", "my-main", false),
            ("*:main", "HEAD:main", true),
            ("*:main", "HEAD:main2", false),
            ("release/*", "release/1/2", true),
            ("+?*", "+x", true),
            ("+?*", "+", false),
            ("4???", "4755", true),
            ("4???", "47555", false),
            ("?", "◆", true),
            ("*", "", true),
            ("", "", true),
            ("", "x", false),
            ("[*]", "*", true),
            ("[*]", "x", false),
            ("./[*]", "./*", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxbyy", false),
            ("MAIN", "main", true),
        ] {
            assert_eq!(glob(pattern, text), expected, "{pattern} {text}");
        }
        let long = "a".repeat(20_000);
        assert!(!glob("*a*a*a*b", &long));
    }

    #[test]
    fn phrases_stand_between_word_boundaries() {
        for (wanted, text, expected) in [
            ("drop table", "DROP  TABLE users", true),
            ("drop table", "drop\ttable", true),
            ("drop table", "drop/**/table x", true),
            ("drop table", "drop tables", false),
            ("drop table", "backdrop table", false),
            ("169.254.169.254", "http://169.254.169.254/x", true),
            ("/bin/sh", "exec(\"/bin/sh -i\")", true),
            ("drop table", "a /* b */ drop /* c", false),
            ("drop /* c", "a /* b */ drop /* c", true),
        ] {
            assert_eq!(phrase(wanted, &plain(text)), expected, "{text}");
        }
        // Linear: what opens no comment is looked at once.
        assert!(!phrase("a", &plain(&"/* ".repeat(300_000))));
    }
}
