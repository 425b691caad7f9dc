//! Owns matching of shell patterns against known values: literal text, `*`, `?` and simple `[…]`.
//! Invariant: a pattern beyond that is not guessed at ([`Pattern::new`] refuses it).

/// A pattern that can be matched exactly.
pub(super) struct Pattern(Vec<Piece>);

enum Piece {
    Char(char),
    Any,
    Star,
    Class {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

/// Longest value and pattern that are matched; longer ones are not worth their cost.
const LENGTH: usize = 512;

/// Whether a text fits a pattern; nothing where the pattern cannot be matched exactly.
pub(in crate::shell::walk) fn fits(pattern: &str, text: &str) -> Option<bool> {
    let letters: Vec<char> = text.chars().take(LENGTH + 1).collect();
    let pattern = Pattern::new(pattern, false).filter(|_| letters.len() <= LENGTH)?;
    Some(pattern.matches(&letters))
}

impl Pattern {
    /// From the text of a pattern; nothing where it cannot be matched exactly.
    pub(super) fn new(text: &str, literal: bool) -> Option<Self> {
        if text.len() > LENGTH {
            return None;
        }
        if literal {
            return Some(Self(text.chars().map(Piece::Char).collect()));
        }
        if ["@(", "?(", "*(", "+(", "!("]
            .iter()
            .any(|it| text.contains(it))
        {
            return None;
        }
        let mut pieces = Vec::new();
        let mut chars = text.chars();
        while let Some(char) = chars.next() {
            pieces.push(match char {
                '*' => Piece::Star,
                '?' => Piece::Any,
                '[' => {
                    let (class, length) = class_of(chars.as_str())?;
                    chars.nth(length);
                    class
                }
                char => Piece::Char(char),
            });
        }
        Some(Self(pieces))
    }

    fn matches(&self, text: &[char]) -> bool {
        let mut states = vec![false; self.0.len() + 1];
        if let Some(first) = states.first_mut() {
            *first = true;
        }
        self.spread(&mut states);
        for char in text {
            let mut next = vec![false; states.len()];
            for (at, piece) in self.0.iter().enumerate() {
                if !states.get(at).copied().unwrap_or(false) {
                    continue;
                }
                let to = match piece {
                    Piece::Star => at,
                    Piece::Any => at + 1,
                    Piece::Char(it) if it == char => at + 1,
                    Piece::Class { negated, ranges } => {
                        let within = ranges.iter().any(|it| (it.0..=it.1).contains(char));
                        if within == *negated {
                            continue;
                        }
                        at + 1
                    }
                    Piece::Char(_) => continue,
                };
                if let Some(slot) = next.get_mut(to) {
                    *slot = true;
                }
            }
            self.spread(&mut next);
            states = next;
        }
        states.last().copied().unwrap_or(false)
    }

    /// A star also matches nothing.
    fn spread(&self, states: &mut [bool]) {
        for (at, piece) in self.0.iter().enumerate() {
            if matches!(piece, Piece::Star)
                && states.get(at).copied().unwrap_or(false)
                && let Some(next) = states.get_mut(at + 1)
            {
                *next = true;
            }
        }
    }

    /// The value without the shortest or longest prefix or suffix that matches.
    pub(super) fn trim(&self, value: &str, kind: u8, longest: bool) -> Option<String> {
        let suffix = kind == b'%';
        let chars: Vec<char> = value.chars().collect();
        if chars.len() > LENGTH {
            return None;
        }
        let mut lengths: Vec<usize> = (0..=chars.len()).collect();
        if longest {
            lengths.reverse();
        }
        for length in lengths {
            let cut = if suffix { chars.len() - length } else { length };
            let (left, right) = chars.split_at_checked(cut)?;
            let (tested, kept) = if suffix { (right, left) } else { (left, right) };
            if self.matches(tested) {
                return Some(kept.iter().collect());
            }
        }
        Some(value.to_owned())
    }

    /// The value with the first, every, the leading or the trailing match replaced.
    pub(super) fn replace(&self, value: &str, kind: u8, with: &str) -> Option<String> {
        let chars: Vec<char> = value.chars().collect();
        if chars.len() > LENGTH / 4 {
            return None;
        }
        let mut result = String::new();
        let mut at = 0;
        let mut done = false;
        while at < chars.len() {
            let rest = chars.get(at..)?;
            let allowed = !done && (kind != b'#' || at == 0);
            let length = if allowed {
                self.longest_at(rest, kind == b'%')
            } else {
                None
            };
            match length {
                Some(length) if length > 0 => {
                    result.push_str(with);
                    at += length;
                    done = kind != b'/';
                }
                _ => {
                    result.push(*rest.first()?);
                    at += 1;
                }
            }
        }
        Some(result)
    }

    fn longest_at(&self, text: &[char], whole: bool) -> Option<usize> {
        if whole {
            return self.matches(text).then_some(text.len());
        }
        let lengths = (1..=text.len()).rev();
        lengths
            .into_iter()
            .find(|it| text.get(..*it).is_some_and(|it| self.matches(it)))
    }
}

/// The class whose text follows `[`, and how many characters to skip past its `]`.
fn class_of(text: &str) -> Option<(Piece, usize)> {
    let negated = text.starts_with(['!', '^']);
    let body = text.get(usize::from(negated)..)?;
    let end = body.char_indices().skip(1).find(|it| it.1 == ']')?.0;
    let inner = body.get(..end)?;
    if inner.contains('[') {
        return None;
    }
    let chars: Vec<char> = inner.chars().collect();
    let mut ranges = Vec::new();
    let mut at = 0;
    while let Some(first) = chars.get(at) {
        if let (Some('-'), Some(last)) = (chars.get(at + 1), chars.get(at + 2)) {
            ranges.push((*first, *last));
            at += 3;
        } else {
            ranges.push((*first, *first));
            at += 1;
        }
    }
    let length = chars.len() + usize::from(negated);
    Some((Piece::Class { negated, ranges }, length))
}

/// True for text with an active glob character.
pub(super) fn has_glob(text: &str) -> bool {
    let (mut open, mut before) = (false, 0);
    for byte in text.bytes() {
        match byte {
            b'*' | b'?' => return true,
            b'[' => open = true,
            b']' if open => return true,
            b'(' if matches!(before, b'@' | b'+' | b'!') => return true,
            _ => {}
        }
        before = byte;
    }
    false
}
