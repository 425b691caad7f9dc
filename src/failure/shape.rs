//! Owns a message without what changes each time: numbers, hexadecimal runs, times, durations, addresses,
//! temporary names. Does not own what is compared by it. Invariant: linear; words and quotes stay, so that
//! different failures stay different.

/// A message with `#` in the place of what changes. `names`: digits inside names tell different failures
/// apart, as those of tests do.
pub fn shape(message: &str, root: &str, names: bool) -> String {
    let end = message.floor_char_boundary(LIMIT);
    let mut out = String::new();
    let mut words = message
        .get(..end)
        .unwrap_or_default()
        .split_whitespace()
        .peekable();
    while let Some(word) = words.next() {
        if !out.is_empty() {
            out.push(' ');
        }
        if is_date_word(word) && words.peek().is_some_and(|it| is_dated(it)) {
            out.push('#');
        } else {
            runs(word, root, names, &mut out);
        }
    }
    joined(&out)
}

/// Bytes of a message that are looked at.
pub const LIMIT: usize = 600;

/// The runs of a word that may be paths or names; what stands between them stays.
fn runs(word: &str, root: &str, names: bool, out: &mut String) {
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        let length = rest.find(|it| !is_path(it)).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(if length == 0 {
            first.len_utf8()
        } else {
            length
        });
        if length == 0 {
            out.push(first);
        } else if run.contains('/') {
            path(run, root, names, out);
        } else {
            name(
                run,
                Where {
                    temporary: false,
                    path: false,
                    names,
                },
                out,
            );
        }
        rest = behind;
    }
}

fn is_path(it: char) -> bool {
    it.is_ascii_alphanumeric() || "/._~@+%-".contains(it) || !it.is_ascii()
}

/// Where a name stands.
#[derive(Clone, Copy)]
struct Where {
    /// In a directory for temporary files.
    temporary: bool,
    /// In any path.
    path: bool,
    /// Digits in names stay.
    names: bool,
}

/// A path: relative below the project, without directories whose names change.
fn path(run: &str, root: &str, names: bool, out: &mut String) {
    let below = run
        .strip_prefix(root.trim_end_matches('/'))
        .filter(|_| !root.is_empty());
    let run = match below {
        Some("" | "/") => ".",
        Some(rest) if rest.starts_with('/') => rest.trim_start_matches('/'),
        _ => run.strip_prefix("./").unwrap_or(run),
    };
    let temp = TEMPORARY
        .iter()
        .find_map(|(it, skipped)| Some((run.strip_prefix(it)?, *skipped)));
    let (mut rest, temporary) = (temp.map_or(run, |it| it.0), temp.is_some());
    for _ in 0..temp.map_or(0, |it| it.1) {
        rest = rest.split_once('/').map_or(rest, |it| it.1);
    }
    if temporary {
        out.push_str("/tmp/");
    }
    let place = Where {
        temporary,
        path: true,
        names,
    };
    let mut parts = rest.split('/').peekable();
    let mut changed = String::new();
    while let Some(part) = parts.next() {
        changed.clear();
        name(part, place, &mut changed);
        let last = parts.peek().is_none();
        if !last && (changed == "#" || temporary && changed.contains('#')) {
            continue;
        }
        out.push_str(&changed);
        if !last {
            out.push('/');
        }
    }
}

/// Directories for temporary files, and how many directories below them are one user's.
const TEMPORARY: &[(&str, usize)] = &[
    ("/tmp/", 0),
    ("/private/tmp/", 0),
    ("/var/tmp/", 0),
    ("/dev/shm/", 0),
    ("/var/folders/", 3),
    ("/private/var/folders/", 3),
];

/// A name without its changing parts.
fn name(name: &str, place: Where, out: &mut String) {
    let dotted = name.trim_start_matches('.');
    if let Some(random) = dotted
        .strip_prefix("tmp.")
        .or_else(|| dotted.strip_prefix("tmp"))
        && random.len() >= 6
        && place.path
        && random
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || it == b'_')
        && (place.temporary || dotted.starts_with("tmp."))
    {
        out.push('#');
        return;
    }
    let mut rest = name;
    while !rest.is_empty() {
        if let Some(behind) = behind_uuid(rest) {
            out.push('#');
            rest = behind;
            continue;
        }
        let splits = |it: char| !(it.is_ascii_alphanumeric() || place.names && it == '_');
        let length = rest.find(splits).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(length);
        if !run.is_empty() {
            part(run, place, out);
        }
        let mut separator = behind.chars();
        out.extend(separator.next());
        rest = separator.as_str();
    }
}

/// The rest of a text that begins with a UUID.
fn behind_uuid(text: &str) -> Option<&str> {
    let (id, rest) = text.split_at_checked(36)?;
    let mut groups = id.split('-');
    let all = [8, 4, 4, 4, 12].into_iter().all(|length| {
        let group = groups.next().unwrap_or_default();
        group.len() == length && group.bytes().all(|it| it.is_ascii_hexdigit())
    });
    all.then_some(rest)
}

/// A run of letters and digits.
fn part(run: &str, place: Where, out: &mut String) {
    if !run.bytes().any(|it| it.is_ascii_digit()) {
        let changes = place.path && is_scrambled(run, place.temporary);
        out.push_str(if changes { "#" } else { run });
    } else if is_number(run) || is_hex(run) {
        out.push('#');
    } else if place.names || is_code(run) {
        out.push_str(run);
    } else {
        let digits = run.find(|it: char| it.is_ascii_digit()).unwrap_or_default();
        let (letters, number) = run.split_at(digits);
        let plain = number.bytes().all(|it| it.is_ascii_digit()) && !is_mixed(letters);
        out.push_str(if plain { letters } else { "" });
        out.push('#');
    }
}

/// Digits, with a unit of time or size behind them or not.
fn is_number(run: &str) -> bool {
    const UNITS: &[&str] = &[
        "", "b", "d", "g", "gb", "gib", "h", "hrs", "k", "kb", "kib", "m", "mb", "mib", "min",
        "mins", "ms", "ns", "s", "sec", "secs", "t", "us", "z",
    ];
    let unit = run.trim_start_matches(|it: char| it.is_ascii_digit());
    unit.len() < run.len() && UNITS.iter().any(|it| unit.eq_ignore_ascii_case(it))
}

/// `0x7f…`, or so long a run of hexadecimal digits that it is no word.
fn is_hex(run: &str) -> bool {
    let hex = |it: &str| it.bytes().all(|it| it.is_ascii_hexdigit());
    match run.strip_prefix("0x").or_else(|| run.strip_prefix("0X")) {
        Some(digits) => hex(digits),
        None => run.len() >= 6 && hex(run),
    }
}

/// `E0308`, `TS2345`, `ORA00942`: the code of a message.
fn is_code(run: &str) -> bool {
    let digits = run.trim_start_matches(|it: char| it.is_ascii_uppercase());
    let letters = run.len() - digits.len();
    (1..=6).contains(&letters)
        && (3..=5).contains(&digits.len())
        && digits.bytes().all(|it| it.is_ascii_digit())
}

fn is_mixed(letters: &str) -> bool {
    let upper = letters.bytes().any(|it| it.is_ascii_uppercase());
    upper && letters.bytes().any(|it| it.is_ascii_lowercase())
}

/// Letters in no order, as programs choose them for a name nobody has.
fn is_scrambled(letters: &str, temporary: bool) -> bool {
    let upper = letters.bytes().filter(u8::is_ascii_uppercase).count();
    let vowel = |it: u8| b"aeiouyAEIOUY".contains(&it);
    let unspoken = temporary && upper < letters.len() && !letters.bytes().any(vowel);
    letters.len() >= 6 && (is_mixed(letters) && upper * 3 > letters.len() || unspoken)
}

/// The name of a day or a month, as it stands in times.
fn is_date_word(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "mon", "tue", "wed", "thu", "fri", "sat", "sun", "jan", "feb", "mar", "apr", "may", "jun",
        "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let word = word.trim_matches(|it: char| it.is_ascii_punctuation());
    WORDS.iter().any(|it| word.eq_ignore_ascii_case(it))
}

fn is_dated(word: &str) -> bool {
    word.starts_with(|it: char| it.is_ascii_digit()) || is_date_word(word)
}

/// Several changing parts with nothing but separators between them are one.
fn joined(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('#') {
        let (before, behind) = rest.split_at(at);
        let separates = |it: char| ":.,-+/_ ".contains(it);
        if !(out.ends_with('#') && before.len() <= 2 && before.chars().all(separates)) {
            out.push_str(before);
            out.push('#');
        }
        rest = behind.strip_prefix('#').unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(message: &str, wanted: &str) {
        assert_eq!(
            shape(message, "/home/dev/project", false),
            wanted,
            "{message}"
        );
    }

    #[test]
    fn what_changes_is_one_mark() {
        check("took 1.25s at 2026-07-30T12:00:01.123Z", "took # at #");
        check("on Thu Jul 30 12:00:01 2026: no", "on #: no");
        check("timed out after 2m 30s", "timed out after #");
        check("connect 127.0.0.1:5432", "connect #");
        check("at 0x7ffde1a2 in 9f8a7b6c5d", "at # in #");
        check("id 550e8400-e29b-41d4-a716-446655440000!", "id #!");
        check("src/main.rs:12:5: error", "src/main.rs:#: error");
        check(
            "src/a.ts(3,5): error TS2345: no",
            "src/a.ts(#): error TS2345: no",
        );
        check(
            "error[E0308]: mismatched types",
            "error[E0308]: mismatched types",
        );
    }

    #[test]
    fn paths_keep_their_names() {
        check("'/home/dev/project/src/a.rs' is", "'src/a.rs' is");
        check("/home/dev/projects/src/a.rs", "/home/dev/projects/src/a.rs");
        check("/home/dev/project", ".");
        check("/tmp/tmp.AbCdEfGhIj/out.txt", "/tmp/out.txt");
        check("/tmp/tmpab12cd_x/out.txt", "/tmp/out.txt");
        check("/tmp/xyz.AbC123", "/tmp/xyz.#");
        check("/var/folders/ab/c_12/T/notes.txt", "/tmp/notes.txt");
        check("/nonexistent-1", "/nonexistent-#");
        check("/etc/missing.conf", "/etc/missing.conf");
        check("and/or 3/10", "and/or #");
    }

    #[test]
    fn names_keep_digits_where_they_tell() {
        let keep = |it: &str| shape(it, "", true);
        assert_eq!(keep("test case_1 in 0.02s"), "test case_1 in #");
        assert_ne!(
            keep("FAILED tests/test_a.py::test_v1"),
            keep("FAILED tests/test_a.py::test_v2")
        );
    }
}
