//! Owns what can be said of a regex without running it: texts that it would match, and words one of which each
//! of them holds. Does not own matching: whoever uses a text has it matched. Invariant: what this reader does
//! not understand has no texts and no words.

/// The parts of a regex that matter here.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Node {
    /// An anchor, a boundary.
    Nothing,
    Letter(char),
    /// One of these letters, or none of them.
    Class(Vec<(char, char)>, bool),
    All(Vec<Node>),
    Any(Vec<Node>),
    /// At least and at most so often.
    Repeat(Box<Node>, usize, usize),
}

/// A regex taken apart.
#[derive(Clone, Debug)]
pub(super) struct Pattern(Node);

/// Groups nested deeper are not understood.
const DEPTH_LIMIT: usize = 24;
/// A text is at most about so long (characters).
const TEXT_LIMIT: usize = 400;

impl Pattern {
    pub(super) fn parse(regex: &str) -> Option<Self> {
        let mut reader = Reader { rest: regex };
        let node = reader.any(0)?;
        reader.rest.is_empty().then_some(Self(node))
    }

    /// A text that it should match; another one for another seed.
    pub(super) fn text(&self, seed: u64) -> Option<String> {
        let mut text = String::new();
        let mut seed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        write(&self.0, &mut seed, &mut text)?;
        (text.chars().count() <= TEXT_LIMIT).then_some(text)
    }

    /// Words in lower case of which every match holds one; each has three letters or more.
    pub(super) fn keywords(&self) -> Option<Vec<String>> {
        words(&self.0)
    }
}

fn random(seed: &mut u64, below: usize) -> usize {
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    usize::try_from(*seed >> 33).unwrap_or(0) % below.max(1)
}

/// Letters to choose from where a class says which it does not want.
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./ ";

fn write(node: &Node, seed: &mut u64, text: &mut String) -> Option<()> {
    if text.len() > 4 * TEXT_LIMIT {
        return None;
    }
    match node {
        Node::Nothing => {}
        Node::Letter(letter) => text.push(*letter),
        Node::Class(ranges, negative) => {
            let holds = |it: &char| ranges.iter().any(|(low, high)| low <= it && it <= high);
            let fits: Vec<char> = LETTERS
                .chars()
                .filter(|it| holds(it) != *negative)
                .collect();
            let letter = match fits.len() {
                0 if *negative => return None,
                0 => ranges.first()?.0,
                count => *fits.get(random(seed, count))?,
            };
            text.push(letter);
        }
        Node::All(parts) => {
            for part in parts {
                write(part, seed, text)?;
            }
        }
        Node::Any(parts) => write(parts.get(random(seed, parts.len()))?, seed, text)?,
        Node::Repeat(part, least, most) => {
            let more = random(seed, 3).min(most - least);
            for _ in 0..least + more {
                write(part, seed, text)?;
            }
        }
    }
    Some(())
}

/// A rule with more words than these is not worth a look at every call.
const WORDS_LIMIT: usize = 24;

fn words(node: &Node) -> Option<Vec<String>> {
    let shortest = |it: &Vec<String>| it.iter().map(String::len).min().unwrap_or(0);
    let found = match node {
        Node::Repeat(part, least, _) if *least > 0 => words(part)?,
        Node::Nothing | Node::Letter(_) | Node::Class(..) | Node::Repeat(..) => return None,
        Node::Any(parts) => {
            let each: Option<Vec<Vec<String>>> = parts.iter().map(words).collect();
            each?.concat()
        }
        Node::All(parts) => {
            let mut candidates: Vec<Vec<String>> = parts.iter().filter_map(words).collect();
            let mut run = String::new();
            for part in parts.iter().chain([&Node::Class(Vec::new(), false)]) {
                match part {
                    Node::Letter(it) if it.is_ascii() => run.push(it.to_ascii_lowercase()),
                    Node::Nothing => {}
                    _ => candidates.push(vec![std::mem::take(&mut run)]),
                }
            }
            candidates.into_iter().max_by_key(shortest)?
        }
    };
    let mut found = found;
    found.sort_unstable();
    found.dedup();
    (shortest(&found) >= 3 && found.len() <= WORDS_LIMIT).then_some(found)
}

struct Reader<'r> {
    rest: &'r str,
}

impl<'r> Reader<'r> {
    fn take(&mut self) -> Option<char> {
        let next = self.rest.chars().next()?;
        self.rest = self.rest.get(next.len_utf8()..)?;
        Some(next)
    }

    fn skip(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn any(&mut self, depth: usize) -> Option<Node> {
        if depth > DEPTH_LIMIT {
            return None;
        }
        let mut parts = vec![self.all(depth)?];
        while self.skip("|") {
            parts.push(self.all(depth)?);
        }
        match parts.len() {
            1 => parts.pop(),
            _ => Some(Node::Any(parts)),
        }
    }

    fn all(&mut self, depth: usize) -> Option<Node> {
        let mut parts = Vec::new();
        while !self.rest.is_empty() && !self.rest.starts_with(['|', ')']) {
            let part = self.one(depth)?;
            parts.push(self.repeated(part)?);
        }
        Some(Node::All(parts))
    }

    fn one(&mut self, depth: usize) -> Option<Node> {
        Some(match self.take()? {
            '(' => return self.group(depth),
            '[' => return self.class(),
            '.' => Node::Class(vec![('\n', '\n')], true),
            '^' | '$' => Node::Nothing,
            '\\' => return self.escape(),
            '*' | '+' | '?' => return None,
            letter => Node::Letter(letter),
        })
    }

    fn group(&mut self, depth: usize) -> Option<Node> {
        if self.skip("?") {
            if self.skip("P<") || self.skip("<") {
                let (name, rest) = self.rest.split_once('>')?;
                // Look-behind is no name.
                if name.starts_with(['=', '!']) {
                    return None;
                }
                self.rest = rest;
            } else {
                let flags = self.rest.find([':', ')'])?;
                let (flags, rest) = self.rest.split_at(flags);
                if !flags
                    .chars()
                    .all(|it| matches!(it, 'i' | 's' | 'm' | 'U' | 'u' | '-'))
                {
                    return None;
                }
                self.rest = rest;
                if self.skip(")") {
                    return Some(Node::Nothing);
                }
                self.skip(":");
            }
        }
        let node = self.any(depth + 1)?;
        self.skip(")").then_some(node)
    }

    fn repeated(&mut self, part: Node) -> Option<Node> {
        let many = 3;
        let (least, most) = if self.skip("*") {
            (0, many)
        } else if self.skip("+") {
            (1, many)
        } else if self.skip("?") {
            (0, 1)
        } else if let Some((bounds, rest)) = self.bounds() {
            self.rest = rest;
            bounds
        } else {
            return Some(part);
        };
        self.skip("?");
        let stacked = self.rest.starts_with(['*', '+']);
        (!stacked && least <= most).then(|| Node::Repeat(Box::new(part), least, most))
    }

    /// `{2}`, `{2,}`, `{2,5}`; anything else in braces is text.
    fn bounds(&self) -> Option<((usize, usize), &'r str)> {
        let (inside, rest) = self.rest.strip_prefix('{')?.split_once('}')?;
        let (least, most) = inside.split_once(',').unwrap_or((inside, inside));
        let least = least.parse().ok()?;
        let most = if most.is_empty() {
            least
        } else {
            most.parse().ok()?
        };
        Some(((least, most), rest))
    }

    fn escape(&mut self) -> Option<Node> {
        let letter = self.take()?;
        if let Some((ranges, negative)) = shorthand(letter) {
            return Some(Node::Class(ranges, negative));
        }
        Some(match letter {
            'b' | 'B' | 'A' | 'z' | 'Z' => Node::Nothing,
            _ => Node::Letter(self.letter(letter)?),
        })
    }

    /// The letter that an escape stands for.
    fn letter(&mut self, escaped: char) -> Option<char> {
        Some(match escaped {
            'n' => '\n',
            't' => '\t',
            'r' => '\r',
            'x' => {
                let (code, rest) = self.rest.split_at_checked(2)?;
                self.rest = rest;
                char::from(u8::from_str_radix(code, 16).ok()?)
            }
            it if it.is_ascii_alphanumeric() => return None,
            it => it,
        })
    }

    fn class(&mut self) -> Option<Node> {
        let negative = self.skip("^");
        let mut ranges: Vec<(char, char)> = Vec::new();
        let mut first = true;
        loop {
            if !first && self.skip("]") {
                return Some(Node::Class(ranges, negative));
            }
            first = false;
            if self.skip("[:") {
                let (name, rest) = self.rest.split_once(":]")?;
                self.rest = rest;
                ranges.extend(named(name)?);
                continue;
            }
            let low = match self.take()? {
                '\\' => {
                    let letter = self.take()?;
                    if let Some((known, inverse)) = shorthand(letter) {
                        ranges.extend(if inverse { others(&known) } else { known });
                        continue;
                    }
                    self.letter(letter)?
                }
                // Nested classes and set operations.
                '[' => return None,
                letter => letter,
            };
            let is_range = self.rest.starts_with('-') && !self.rest.starts_with("-]");
            let high = if is_range {
                self.skip("-");
                match self.take()? {
                    '\\' => {
                        let letter = self.take()?;
                        self.letter(letter)?
                    }
                    letter => letter,
                }
            } else {
                low
            };
            ranges.push((low, high));
        }
    }
}

/// `\d` and its like, and whether it means the others.
fn shorthand(letter: char) -> Option<(Vec<(char, char)>, bool)> {
    let ranges = match letter.to_ascii_lowercase() {
        'd' => named("digit")?,
        'w' => named("word")?,
        's' => vec![(' ', ' '), ('\t', '\r')],
        _ => return None,
    };
    Some((ranges, letter.is_ascii_uppercase()))
}

/// The letters to choose from that are in none of the ranges.
fn others(ranges: &[(char, char)]) -> Vec<(char, char)> {
    let known = |it: &char| ranges.iter().any(|(low, high)| low <= it && it <= high);
    let others = LETTERS.chars().filter(|it| !known(it));
    others.map(|it| (it, it)).collect()
}

fn named(name: &str) -> Option<Vec<(char, char)>> {
    let (digit, lower, upper) = (('0', '9'), ('a', 'z'), ('A', 'Z'));
    Some(match name {
        "digit" => vec![digit],
        "alpha" => vec![lower, upper],
        "lower" => vec![lower],
        "upper" => vec![upper],
        "alnum" => vec![digit, lower, upper],
        "word" => vec![digit, lower, upper, ('_', '_')],
        "xdigit" => vec![digit, ('a', 'f'), ('A', 'F')],
        "space" => vec![(' ', ' ')],
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(regex: &str, keywords: Option<&[&str]>) {
        let pattern = Pattern::parse(regex).expect(regex);
        let found = pattern.keywords();
        assert_eq!(
            found.as_deref(),
            keywords
                .map(|it| it.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>())
                .as_deref(),
            "{regex}"
        );
        let mut builder = regex::bytes::RegexBuilder::new(regex);
        let compiled = builder.unicode(false).build().expect(regex);
        for seed in 0..50 {
            let text = pattern.text(seed).expect(regex);
            assert!(compiled.is_match(text.as_bytes()), "{regex}: {text}");
        }
    }

    #[test]
    fn texts_match_and_words_are_in_all_of_them() {
        check("abc", Some(&["abc"]));
        check("^rm -rf /$", Some(&["rm -rf /"]));
        check("rm (-rf|--recursive)", Some(&["rm "]));
        check("r (-rf|--recursive)", Some(&["--recursive", "-rf"]));
        check("(curl|wget) .*[|] *(ba)?sh", Some(&["curl", "wget"]));
        check("ghp_[0-9a-zA-Z]{36}", Some(&["ghp_"]));
        check("(?:AKIA|ASIA)[A-Z2-7]{16}", Some(&["akia", "asia"]));
        check("[ab]+x?y{2,3}", None);
        check("x(?P<n>abcd)*y", None);
        check("a\\.b\\x2ec\\(d", Some(&["a.b.c(d"]));
        check("[^a-y]key\\d{3,}\\w\\s\\S", Some(&["key"]));
        check("[[:alnum:]_-]{4}token", Some(&["token"]));
        check("begin[\\s\\S-]{64,}?end", Some(&["begin"]));
        check("terraform\\s+destroy", Some(&["terraform"]));
        check("(?i)password.{0,9}=", Some(&["password"]));
        check("(a|b)cde+f", None);
    }

    #[test]
    fn what_is_not_understood_has_no_texts() {
        for regex in [
            "(?=a)b", "(?<!a)b", "(?<=a)b", "a**", "(a", "a)", "[a", "\\pL", "(?x) a", "[a&&[b]]",
            "\\1", "*a",
        ] {
            assert!(Pattern::parse(regex).is_none(), "{regex}");
        }
        assert!(Pattern::parse(&"(".repeat(100)).is_none());
        let long = Pattern::parse("a{9999}").expect("a pattern");
        assert_eq!(long.text(1), None);
    }
}
