//! Owns the filters whose output is computed: tr, sed with literal patterns, cut, head, tail, rev, tac.
//! Does not own anything of them that needs a regular expression. Invariant: exact or None.

use super::SIZE_LIMIT;
use crate::shell::flags::Options;

/// Sets, ranges and commands longer than this are not computed.
const PART_LIMIT: usize = 1024;

pub(super) fn rev(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|it| it.chars().rev().collect()).collect();
    lines.join("\n") + if text.ends_with('\n') { "\n" } else { "" }
}

pub(super) fn tac(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.reverse();
    lines.join("\n") + "\n"
}

pub(super) fn tr(options: &Options, text: &str) -> Option<String> {
    let first = set(options.subcommand(0)?)?;
    let complement = options.has_any(&["-c", "-C", "--complement"]);
    let within = |it: char| first.contains(&it) != complement;
    if options.has_any(&["-d", "--delete"]) {
        return Some(text.chars().filter(|it| !within(*it)).collect());
    }
    let second = match options.subcommand(1) {
        Some(second) => set(second)?,
        None if options.has_any(&["-s", "--squeeze-repeats"]) => Vec::new(),
        None => return None,
    };
    let map = |it: char| match first.iter().position(|other| *other == it) {
        _ if complement && within(it) => second.last().copied().unwrap_or(it),
        Some(at) if !complement => {
            let last = second.last().copied();
            second.get(at).copied().or(last).unwrap_or(it)
        }
        _ => it,
    };
    let mut mapped: Vec<char> = text.chars().map(map).collect();
    if options.has_any(&["-s", "--squeeze-repeats"]) {
        let squeezed = if second.is_empty() { &first } else { &second };
        mapped.dedup_by(|a, b| a == b && squeezed.contains(a));
    }
    Some(mapped.into_iter().collect())
}

/// The characters of a tr set, ranges and classes written out.
fn set(text: &str) -> Option<Vec<char>> {
    let mut letters = Vec::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if letters.len() > PART_LIMIT {
            return None;
        }
        if let Some(class) = rest.strip_prefix("[:") {
            let (name, after) = class.split_once(":]")?;
            letters.extend((0..128_u8).map(char::from).filter(|it| in_class(name, *it)));
            rest = after;
            continue;
        }
        rest = rest.get(letter.len_utf8()..)?;
        let letter = if letter == '\\' {
            let escaped = escape(&mut rest);
            escaped.unwrap_or('\\')
        } else {
            letter
        };
        let end = rest.strip_prefix('-').and_then(|it| it.chars().next());
        match end {
            Some(end)
                if end != '\\' && end >= letter && u32::from(end) - u32::from(letter) < 512 =>
            {
                letters.extend(letter..=end);
                rest = rest.get(1 + end.len_utf8()..)?;
            }
            _ => letters.push(letter),
        }
    }
    Some(letters)
}

/// One escaped character of a tr set.
fn escape(rest: &mut &str) -> Option<char> {
    let text = *rest;
    let digits = text
        .bytes()
        .take(3)
        .take_while(|it| matches!(it, b'0'..=b'7'))
        .count();
    if digits > 0 {
        let (code, after) = text.split_at(digits);
        *rest = after;
        return u32::from_str_radix(code, 8).ok().and_then(char::from_u32);
    }
    let letter = text.chars().next()?;
    *rest = text.get(letter.len_utf8()..)?;
    Some(match letter {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        other => other,
    })
}

fn in_class(name: &str, letter: char) -> bool {
    match name {
        "lower" => letter.is_ascii_lowercase(),
        "upper" => letter.is_ascii_uppercase(),
        "alpha" => letter.is_ascii_alphabetic(),
        "digit" => letter.is_ascii_digit(),
        "alnum" => letter.is_ascii_alphanumeric(),
        "space" => letter.is_ascii_whitespace() || letter == '\u{b}',
        "blank" => matches!(letter, ' ' | '\t'),
        "punct" => letter.is_ascii_punctuation(),
        "cntrl" => letter.is_ascii_control(),
        "xdigit" => letter.is_ascii_hexdigit(),
        "print" => letter.is_ascii_graphic() || letter == ' ',
        "graph" => letter.is_ascii_graphic(),
        _ => false,
    }
}

/// sed with `s` commands whose patterns are literal.
pub(super) fn sed(options: &Options, text: &str) -> Option<String> {
    if options.has_any(&["-n", "-f", "-i", "--in-place", "--file", "--quiet"]) {
        return None;
    }
    let mut scripts: Vec<String> = options
        .values_of(&["-e", "--expression"])
        .into_iter()
        .map(|it| it.text)
        .collect();
    let files = if scripts.is_empty() {
        scripts.push(options.subcommand(0)?.to_owned());
        options.operands.len() - 1
    } else {
        options.operands.len()
    };
    if files > 0 {
        return None;
    }
    let mut text = text.to_owned();
    let mut commands = 0;
    for script in &scripts {
        let mut rest = script.trim();
        while !rest.is_empty() {
            let (command, after) = Substitution::read(rest)?;
            text = command.apply(&text)?;
            commands += 1;
            if text.len() > SIZE_LIMIT || commands > PART_LIMIT / 8 {
                return None;
            }
            rest = after.trim_start_matches([';', ' ', '\n']);
        }
    }
    Some(text)
}

struct Substitution {
    pattern: String,
    replacement: String,
    all: bool,
}

impl Substitution {
    /// The `s` command at the start of a script, and what follows it.
    fn read(script: &str) -> Option<(Self, &str)> {
        let body = script.strip_prefix('s')?;
        let mark = body.chars().next().filter(char::is_ascii_punctuation)?;
        let mut rest = body.get(1..)?;
        let pattern = part(&mut rest, mark)?;
        let replacement = part(&mut rest, mark)?;
        let length = rest
            .find(|it: char| !it.is_ascii_alphanumeric())
            .unwrap_or(rest.len());
        let (flags, after) = rest.split_at(length);
        if !matches!(flags, "" | "g") {
            return None;
        }
        let found = Self {
            pattern: literal(&pattern, "\\.*[]^$")?,
            replacement: literal(&replacement, "&\\")?,
            all: flags == "g",
        };
        Some((found, after))
    }

    fn apply(&self, text: &str) -> Option<String> {
        if self.pattern.is_empty() {
            return None;
        }
        let lines = text.split('\n').map(|line| {
            if self.all {
                line.replace(&self.pattern, &self.replacement)
            } else {
                line.replacen(&self.pattern, &self.replacement, 1)
            }
        });
        Some(lines.collect::<Vec<_>>().join("\n"))
    }
}

/// Text up to the mark, which is consumed; an escaped mark is the mark.
fn part(rest: &mut &str, mark: char) -> Option<String> {
    let mut text = String::new();
    let mut letters = rest.char_indices();
    while let Some((at, letter)) = letters.next() {
        if letter == mark {
            *rest = rest.get(at + mark.len_utf8()..)?;
            return Some(text);
        }
        if letter == '\\' {
            let (_, next) = letters.next()?;
            if next != mark {
                text.push('\\');
            }
            text.push(next);
        } else {
            text.push(letter);
        }
    }
    None
}

/// The text of a pattern in which no active character stands.
fn literal(pattern: &str, active: &str) -> Option<String> {
    let mut text = String::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        if letter == '\\' {
            match letters.next()? {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                escaped if escaped.is_ascii_alphanumeric() => return None,
                escaped => text.push(escaped),
            }
        } else if active.contains(letter) {
            return None;
        } else {
            text.push(letter);
        }
    }
    Some(text)
}

pub(super) fn head(options: &Options, text: &str) -> Option<String> {
    if !options.operands.is_empty() {
        return None;
    }
    if let Some(count) = options.value("-c").or(options.value("--bytes")) {
        return Some(text.chars().take(count.parse().ok()?).collect());
    }
    let count = lines(options)?.parse::<usize>().ok()?;
    Some(text.split_inclusive('\n').take(count).collect())
}

pub(super) fn tail(options: &Options, text: &str) -> Option<String> {
    if !options.operands.is_empty() || options.has("-f") {
        return None;
    }
    let length = text.chars().count();
    if let Some(count) = options.value("-c").or(options.value("--bytes")) {
        let skip = match count.strip_prefix('+') {
            Some(start) => start.parse::<usize>().ok()?.saturating_sub(1),
            None => length.saturating_sub(count.parse().ok()?),
        };
        return Some(text.chars().skip(skip).collect());
    }
    let count = lines(options)?;
    let parts: Vec<&str> = text.split_inclusive('\n').collect();
    let skip = match count.strip_prefix('+') {
        Some(start) => start.parse::<usize>().ok()?.saturating_sub(1),
        None => parts.len().saturating_sub(count.parse().ok()?),
    };
    Some(parts.into_iter().skip(skip).collect())
}

/// The count of `-n 3`, `-3`; ten where none is given.
fn lines<'o>(options: &'o Options) -> Option<&'o str> {
    if let Some(count) = options.value("-n").or(options.value("--lines")) {
        return Some(count);
    }
    match options.flags.as_slice() {
        [] => Some("10"),
        [flag] => flag
            .name
            .strip_prefix('-')
            .filter(|it| it.parse::<usize>().is_ok()),
        _ => None,
    }
}

pub(super) fn cut(options: &Options, text: &str) -> Option<String> {
    if !options.operands.is_empty() || options.has("--complement") {
        return None;
    }
    let characters = ["-c", "-b", "--characters", "--bytes"]
        .iter()
        .find_map(|it| options.value(it));
    let fields = options.value("-f").or(options.value("--fields"));
    let delimiter = options.value("-d").or(options.value("--delimiter"));
    let mark = delimiter.and_then(|it| it.chars().next()).unwrap_or('\t');
    let ranges = ranges(characters.or(fields)?)?;
    let within = |at: usize| ranges.iter().any(|(from, to)| (*from..=*to).contains(&at));
    let lines: Vec<String> = text
        .lines()
        .map(|line| {
            if characters.is_some() {
                let letters = line.chars().enumerate();
                return letters
                    .filter(|it| within(it.0 + 1))
                    .map(|it| it.1)
                    .collect();
            }
            if !line.contains(mark) {
                return line.to_owned();
            }
            let parts = line.split(mark).enumerate();
            let kept: Vec<&str> = parts.filter(|it| within(it.0 + 1)).map(|it| it.1).collect();
            kept.join(mark.encode_utf8(&mut [0; 4]))
        })
        .collect();
    Some(lines.join("\n") + if text.ends_with('\n') { "\n" } else { "" })
}

/// `1,3-5,7-` as ranges.
fn ranges(text: &str) -> Option<Vec<(usize, usize)>> {
    if text.len() > PART_LIMIT / 4 {
        return None;
    }
    text.split(',')
        .map(|it| match it.split_once('-') {
            None => it.parse().ok().map(|at| (at, at)),
            Some(("", to)) => Some((1, to.parse().ok()?)),
            Some((from, "")) => Some((from.parse().ok()?, usize::MAX)),
            Some((from, to)) => Some((from.parse().ok()?, to.parse().ok()?)),
        })
        .collect()
}
