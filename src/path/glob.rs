//! Owns the matching of path patterns: `*`, `?`, `[...]`, `**` and `{a,b}`. Does not own where patterns
//! come from nor what a match means. Invariants: no allocation and no compilation, bounded work (a
//! pattern that needs more than `FUEL` steps counts as matching), letters compare without case.

use std::ops::ControlFlow;

/// Steps of one match; past them the answer is yes, the careful direction for protected paths.
const FUEL: u32 = 20_000;

/// Braces inside braces are followed this deep.
const DEPTH: u8 = 8;

/// True where the whole path fits the pattern. `*` and `?` stay within one component; `**` as a whole
/// component stands for any number of them.
pub fn matches(pattern: &str, path: &str) -> bool {
    let mut fuel = FUEL;
    let rest = Rest {
        parts: [pattern.as_bytes(), b"", b"", b""],
        depth: DEPTH,
    };
    match step(rest, path.as_bytes(), true, &mut fuel) {
        ControlFlow::Continue(found) => found,
        ControlFlow::Break(()) => true,
    }
}

/// The part of an absolute pattern that holds no active character, cut at a component: everything the
/// pattern can match lies at or below it.
pub fn literal_prefix(pattern: &str) -> &str {
    let active = pattern.find(['*', '?', '[', '{']).unwrap_or(pattern.len());
    if active == pattern.len() {
        return pattern.trim_end_matches('/');
    }
    pattern
        .get(..active)
        .and_then(|it| it.rsplit_once('/'))
        .map_or("", |(directory, _)| directory)
}

/// True where the text holds an active glob character.
pub fn is_glob(text: &str) -> bool {
    text.bytes().any(|it| matches!(it, b'*' | b'?' | b'['))
}

/// What in a pattern does not read, which would match only as written: for those who write patterns.
pub fn problem(pattern: &str) -> Option<&'static str> {
    let mut rest = pattern.as_bytes();
    let mut braces = 0_u32;
    while let Some(first) = rest.first() {
        let mut length = 1;
        match first {
            b'\\' if rest.len() == 1 => return Some("a backslash at the end escapes nothing"),
            b'\\' => length = 2,
            b'[' => {
                let Some(end) = class_end(rest) else {
                    return Some("a square bracket is never closed");
                };
                if runs_backwards(class_inner(rest, end)) {
                    return Some("a range in square brackets runs backwards");
                }
                length = end + 1;
            }
            b'{' => braces += 1,
            b'}' if braces == 0 => return Some("a closing brace has no opening one"),
            b'}' => braces -= 1,
            _ => {}
        }
        rest = rest.get(length..).unwrap_or_default();
    }
    (braces > 0).then_some("a brace is never closed")
}

/// What is left of a pattern: a chosen brace alternative in front of what follows it.
#[derive(Clone, Copy)]
struct Rest<'a> {
    parts: [&'a [u8]; 4],
    depth: u8,
}

impl<'a> Rest<'a> {
    fn next(self) -> Option<(u8, Self)> {
        let mut rest = self;
        for slot in 0..rest.parts.len() {
            if let Some(part) = rest.parts.get_mut(slot)
                && let Some((&first, tail)) = part.split_first()
            {
                *part = tail;
                return Some((first, rest));
            }
        }
        None
    }

    fn starts_with(self, text: &[u8]) -> Option<Self> {
        let mut rest = self;
        for &wanted in text {
            let (byte, tail) = rest.next()?;
            if byte != wanted {
                return None;
            }
            rest = tail;
        }
        Some(rest)
    }

    /// The part in which the next byte stands.
    fn front(self) -> &'a [u8] {
        self.parts
            .into_iter()
            .find(|it| !it.is_empty())
            .unwrap_or_default()
    }

    /// Replaces the front part by an alternative and what follows the braces.
    fn choose(self, alternative: &'a [u8], after: &'a [u8]) -> Option<Self> {
        let mut parts: [&'a [u8]; 4] = [alternative, after, b"", b""];
        let mut behind = self.parts.into_iter().skip_while(|it| it.is_empty());
        behind.next();
        for (slot, part) in (2..).zip(behind.filter(|it| !it.is_empty())) {
            *parts.get_mut(slot)? = part;
        }
        let depth = self.depth.checked_sub(1)?;
        Some(Self { parts, depth })
    }
}

type Answer = ControlFlow<(), bool>;

fn step(mut rest: Rest, mut path: &[u8], mut at_start: bool, fuel: &mut u32) -> Answer {
    loop {
        *fuel = fuel.saturating_sub(1);
        if *fuel == 0 {
            return ControlFlow::Break(());
        }
        let Some((byte, tail)) = rest.next() else {
            return ControlFlow::Continue(path.is_empty());
        };
        match byte {
            b'*' => return star(rest, tail, path, at_start, fuel),
            b'{' if closing(rest.front()).is_some() => return braces(rest, path, at_start, fuel),
            _ => {}
        }
        let Some((&actual, below)) = path.split_first() else {
            // `dir/**` covers `dir` itself.
            let covers = byte == b'/'
                && rest
                    .starts_with(b"/**")
                    .is_some_and(|it| it.next().is_none());
            return ControlFlow::Continue(covers);
        };
        let next = match byte {
            b'?' if actual != b'/' => Some((tail, after_char(path))),
            b'[' if actual != b'/' && class_end(rest.front()).is_some() => {
                class(rest.front(), actual).and_then(|length| {
                    let mut rest = rest;
                    for _ in 0..length {
                        rest = rest.next()?.1;
                    }
                    Some((rest, below))
                })
            }
            b'?' => None,
            b'\\' => match tail.next() {
                Some((escaped, tail)) if escaped == actual => Some((tail, below)),
                _ => None,
            },
            _ if byte.eq_ignore_ascii_case(&actual) => Some((tail, below)),
            _ => None,
        };
        let Some((tail, below)) = next else {
            return ControlFlow::Continue(false);
        };
        at_start = byte == b'/';
        rest = tail;
        path = below;
    }
}

/// What follows the first character, which may be several bytes long.
fn after_char(path: &[u8]) -> &[u8] {
    let length = 1 + path
        .iter()
        .skip(1)
        .take_while(|it| **it & 0xc0 == 0x80)
        .count();
    path.get(length..).unwrap_or_default()
}

fn star(rest: Rest, tail: Rest, path: &[u8], at_start: bool, fuel: &mut u32) -> Answer {
    if at_start && let Some(after) = rest.starts_with(b"**") {
        if after.next().is_none() {
            return ControlFlow::Continue(true);
        }
        if let Some(after) = after.starts_with(b"/") {
            let mut path = path;
            loop {
                if step(after, path, true, fuel)? {
                    return ControlFlow::Continue(true);
                }
                let Some(slash) = path.iter().position(|&it| it == b'/') else {
                    return ControlFlow::Continue(false);
                };
                path = path.get(slash + 1..).unwrap_or_default();
            }
        }
    }
    let mut tail = tail;
    while let Some(after) = tail.starts_with(b"*") {
        tail = after;
    }
    let mut path = path;
    loop {
        if step(tail, path, false, fuel)? {
            return ControlFlow::Continue(true);
        }
        match path.split_first() {
            Some((&byte, below)) if byte != b'/' => path = below,
            _ => return ControlFlow::Continue(false),
        }
    }
}

fn braces(rest: Rest, path: &[u8], at_start: bool, fuel: &mut u32) -> Answer {
    let front = rest.front();
    let Some(end) = closing(front) else {
        return ControlFlow::Continue(false);
    };
    let after = front.get(end + 1..).unwrap_or_default();
    let mut depth = 0_u32;
    let mut start = 1;
    for at in 1..=end {
        match front.get(at) {
            Some(b'{') => depth += 1,
            Some(b'}') if depth > 0 => depth -= 1,
            Some(b',' | b'}') if depth == 0 => {
                let alternative = front.get(start..at).unwrap_or_default();
                let Some(chosen) = rest.choose(alternative, after) else {
                    return ControlFlow::Break(());
                };
                if step(chosen, path, at_start, fuel)? {
                    return ControlFlow::Continue(true);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    ControlFlow::Continue(false)
}

/// Where the brace that opens `front` closes.
fn closing(front: &[u8]) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, byte) in front.iter().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// Where the bracket that opens `front` closes.
fn class_end(front: &[u8]) -> Option<usize> {
    let skip = match front.get(1) {
        Some(b'!' | b'^') => 3,
        _ => 2,
    };
    front
        .iter()
        .enumerate()
        .skip(skip)
        .find(|(_, byte)| **byte == b']')
        .map(|(at, _)| at)
}

/// What stands between the bracket that opens `front` and the one at `end`, without the negation.
fn class_inner(front: &[u8], end: usize) -> &[u8] {
    let negated = matches!(front.get(1), Some(b'!' | b'^'));
    front.get(1 + usize::from(negated)..end).unwrap_or_default()
}

fn runs_backwards(mut inner: &[u8]) -> bool {
    while let Some((low, rest)) = inner.split_first() {
        if let [b'-', high, after @ ..] = rest {
            if low > high {
                return true;
            }
            inner = after;
        } else {
            inner = rest;
        }
    }
    false
}

/// The length of the bracket expression at the start of `front`, where it accepts the byte.
fn class(front: &[u8], actual: u8) -> Option<usize> {
    let end = class_end(front)?;
    let negated = matches!(front.get(1), Some(b'!' | b'^'));
    let inner = class_inner(front, end);
    let found = [actual.to_ascii_lowercase(), actual.to_ascii_uppercase()]
        .into_iter()
        .any(|byte| accepts(inner, byte));
    (found != negated).then_some(end + 1)
}

fn accepts(mut inner: &[u8], byte: u8) -> bool {
    while let Some((&low, rest)) = inner.split_first() {
        if let [b'-', high, after @ ..] = rest {
            if (low..=*high).contains(&byte) {
                return true;
            }
            inner = after;
        } else {
            if low == byte {
                return true;
            }
            inner = rest;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, yes: &[&str], no: &[&str]) {
        for path in yes {
            assert!(matches(pattern, path), "{pattern} should match {path}");
        }
        for path in no {
            assert!(!matches(pattern, path), "{pattern} should not match {path}");
        }
    }

    #[test]
    fn patterns_match_as_people_expect() {
        check("/a/b", &["/a/b", "/A/b"], &["/a", "/a/bc", "/a/b/c", ""]);
        check("/a/*", &["/a/b", "/a/.b"], &["/a", "/a/b/c"]);
        check(
            "/a/*.rs",
            &["/a/x.rs", "/a/.rs"],
            &["/a/x.rsx", "/a/b/x.rs"],
        );
        check("/a/**", &["/a", "/a/b", "/a/b/c"], &["/ab", "/b"]);
        check("/**/x", &["/x", "/a/x", "/a/b/x"], &["/ax", "/a/x/b"]);
        check("/a/**/x/*.c", &["/a/x/m.c", "/a/b/x/m.c"], &["/a/b/m.c"]);
        check("**", &["", "/", "/a/b"], &[]);
        check("/a/?", &["/a/b", "/a/é"], &["/a/", "/a/bc", "/a//"]);
        check("/[a-c]x", &["/ax", "/Cx"], &["/dx", "/x"]);
        check("/[!a-c]x", &["/dx"], &["/ax", "//x"]);
        check("/[]]", &["/]"], &["/["]);
        check("/[a", &["/[a"], &["/a"]);
        check("/{a,b}/c", &["/a/c", "/b/c"], &["/c", "/ab/c"]);
        check("/{a,b{c,d}}x", &["/ax", "/bcx", "/bdx"], &["/bx"]);
        check("/x{,.bak}", &["/x", "/x.bak"], &["/x.bak2"]);
        check("/{*.pem,*.key}", &["/a.pem", "/b.key"], &["/a/b.key"]);
        check("/{a/**,b}/z", &["/a/q/z", "/b/z"], &["/q/z"]);
        check("/{a", &["/{a"], &["/a"]);
        check("/a\\*b", &["/a*b"], &["/axb"]);
        check("/a**b", &["/axxb", "/ab"], &["/a/b"]);
        check("/.env*", &["/.env", "/.env.local"], &["/env"]);
    }

    /// What a pattern means, and which do not read, as the library that most tools use has it.
    #[test]
    fn patterns_mean_what_they_mean_elsewhere() {
        let pieces = [
            "a", "b", "/", "*", "?", "**", "[", "]", "[!", "-", "{", ",", "}", "\\", ".", "[a-b]",
            "{a,b}",
        ];
        let mut seed = 0x9e37_79b9_u64;
        let mut next = |limit: usize| {
            seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            usize::try_from(seed >> 33).unwrap() % limit
        };
        let mut read = 0;
        for _ in 0..20_000 {
            let pattern: String = (0..=next(5)).map(|_| pieces[next(pieces.len())]).collect();
            let oracle = globset::GlobBuilder::new(&pattern)
                .literal_separator(true)
                .build();
            assert_eq!(
                problem(&pattern).is_some(),
                oracle.is_err(),
                "{pattern}: {:?}, {:?}",
                problem(&pattern),
                oracle.err()
            );
            read += usize::from(oracle.is_ok());
        }
        assert!(read > 5_000);
    }

    #[test]
    fn hostile_patterns_end() {
        let pattern = "*a".repeat(200);
        assert!(matches(&pattern, &"a".repeat(150)) || !matches(&pattern, &"b".repeat(150)));
        assert!(matches(&"{a,".repeat(100), &"{a,".repeat(100)));
        assert!(matches(
            &format!("{}x", "**/".repeat(60)),
            &"a/".repeat(500)
        ));
    }

    #[test]
    fn literal_prefixes_end_at_a_component() {
        for (pattern, prefix) in [
            ("/a/b", "/a/b"),
            ("/a/b/", "/a/b"),
            ("/a/b*", "/a"),
            ("/a/**", "/a"),
            ("/*", ""),
            ("/a/{b,c}/d", "/a"),
        ] {
            assert_eq!(literal_prefix(pattern), prefix, "{pattern}");
        }
    }
}
