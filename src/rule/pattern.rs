//! Owns the two small text patterns of rules: globs (`*` any text, `?` one character) and phrases found
//! at word boundaries. Does not own path globs (`path`). Invariant: linear or quadratic at worst, never
//! exponential, whatever the text.

/// True where the glob matches the whole text, ignoring ASCII case. `*` crosses everything.
pub(super) fn glob(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
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
    while let Some(character) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*")
            && let Some((_, after)) = comment.split_once("*/")
        {
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

fn push_space(text: &mut String) {
    if !text.ends_with(' ') {
        text.push(' ');
    }
}

/// True where the phrase stands in [`plain`] text between word boundaries.
pub(super) fn phrase(phrase: &str, text: &str) -> bool {
    let word = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
    text.match_indices(phrase).any(|(at, found)| {
        let before = text.get(..at).unwrap_or_default().chars().next_back();
        let after = text
            .get(at + found.len()..)
            .unwrap_or_default()
            .chars()
            .next();
        let joined_before = word(before) && word(found.chars().next());
        let joined_after = word(after) && word(found.chars().next_back());
        !joined_before && !joined_after
    })
}

/// The host a word names: of a URL, or of `host[:port][/path]` where the word is known to be an address.
pub(super) fn host(word: &str, bare: bool) -> Option<&str> {
    let rest = match word.split_once("://") {
        Some((_, rest)) => rest,
        None if bare => word,
        None => return None,
    };
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or(rest);
    let address = authority.rsplit_once('@').map_or(authority, |(_, it)| it);
    if let Some(literal) = address.strip_prefix('[') {
        return literal.split(']').next();
    }
    address.split(':').next().filter(|it| !it.is_empty())
}
