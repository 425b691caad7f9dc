//! Owns brace expansion: `{a,b}`, `{1..9..2}`, nested, over parts of which only literal text is active.
//! Invariant: at most [`WORDS`] words come out; what is left out is a word marked as many.

use crate::shell::ast::Part;
use crate::shell::invocation::{GUARDED, UNKNOWN};

/// The most words that one word expands to.
const WORDS: usize = 256;
/// The most pieces that all words together may have.
const BITS: usize = 1 << 18;
/// How deeply braces may nest and still be expanded.
const DEPTH: usize = 32;

/// A piece of an expanded word.
#[derive(Clone, Debug)]
pub(super) enum Bit<'a> {
    Text(String),
    Part(&'a Part),
    /// Stands for everything beyond the limit.
    Many(char),
}

/// An input piece: a character that braces may give meaning to, or something opaque.
#[derive(Clone, Copy)]
enum Token<'a> {
    Open,
    Close,
    Comma,
    Text(&'a str),
    Part(&'a Part),
}

/// The words that the parts expand to; just the parts where no brace is active.
pub(super) fn expand(parts: &[Part]) -> Vec<Vec<Bit<'_>>> {
    let tokens = tokenize(parts);
    let closes = match_braces(&tokens);
    let mut words = Expansion {
        tokens: &tokens,
        closes: &closes,
    }
    .range(0, tokens.len(), 0);
    for word in &mut words {
        merge(word);
    }
    words
}

/// Joins neighbouring text, so that a tilde's name is in one piece.
fn merge(word: &mut Vec<Bit>) {
    let mut merged: Vec<Bit> = Vec::with_capacity(word.len());
    for bit in word.drain(..) {
        match (merged.last_mut(), bit) {
            (Some(Bit::Text(last)), Bit::Text(text)) => last.push_str(&text),
            (_, bit) => merged.push(bit),
        }
    }
    *word = merged;
}

fn tokenize(parts: &[Part]) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for part in parts {
        let Part::Lit(text) = part else {
            tokens.push(Token::Part(part));
            continue;
        };
        let mut rest = text.as_str();
        while let Some(at) = rest.find(['{', '}', ',']) {
            let (before, after) = rest.split_at(at);
            if !before.is_empty() {
                tokens.push(Token::Text(before));
            }
            tokens.push(match after.as_bytes().first() {
                Some(b'{') => Token::Open,
                Some(b'}') => Token::Close,
                _ => Token::Comma,
            });
            rest = after.get(1..).unwrap_or_default();
        }
        if !rest.is_empty() {
            tokens.push(Token::Text(rest));
        }
    }
    tokens
}

/// For each opening brace the position of its closing one; 0 where there is none.
fn match_braces(tokens: &[Token]) -> Vec<usize> {
    let mut closes = vec![0; tokens.len()];
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Open => open.push(at),
            Token::Close => {
                if let Some(slot) = open.pop().and_then(|it: usize| closes.get_mut(it)) {
                    *slot = at;
                }
            }
            _ => {}
        }
    }
    closes
}

struct Expansion<'t, 'a> {
    tokens: &'t [Token<'a>],
    closes: &'t [usize],
}

impl<'a> Expansion<'_, 'a> {
    fn range(&self, start: usize, end: usize, depth: usize) -> Vec<Vec<Bit<'a>>> {
        let mut words: Vec<Vec<Bit>> = vec![Vec::new()];
        let mut overflowed = false;
        let mut at = start;
        while at < end {
            let Some(token) = self.tokens.get(at) else {
                break;
            };
            let close = self.closes.get(at).copied().unwrap_or(0);
            let choices =
                if matches!(token, Token::Open) && close > at && close < end && depth < DEPTH {
                    self.choices(at + 1, close, depth)
                } else {
                    None
                };
            if let Some(choices) = choices {
                let count = words.len() * choices.len();
                if overflowed || count > WORDS + 1 || count * self.tokens.len() > BITS {
                    // What is not listed is unknown, but what stands in it still runs.
                    let from = if overflowed { at } else { start };
                    let mut rest = if overflowed { words.pop() } else { None }.unwrap_or_default();
                    rest.push(Bit::Many(UNKNOWN));
                    rest.extend(self.parts(from, close));
                    words = vec![rest];
                    overflowed = true;
                } else {
                    words = product(&words, &choices);
                }
                at = close + 1;
                continue;
            }
            let bit = match token {
                Token::Open => Bit::Text("{".to_owned()),
                Token::Close => Bit::Text("}".to_owned()),
                Token::Comma => Bit::Text(",".to_owned()),
                Token::Text(text) => Bit::Text((*text).to_owned()),
                Token::Part(part) => Bit::Part(part),
            };
            for word in &mut words {
                word.push(bit.clone());
            }
            at += 1;
        }
        words
    }

    /// The opaque parts in a range.
    fn parts(&self, start: usize, end: usize) -> impl Iterator<Item = Bit<'a>> {
        let tokens = self.tokens.get(start..end).unwrap_or_default();
        tokens.iter().filter_map(|it| match it {
            Token::Part(part) => Some(Bit::Part(part)),
            _ => None,
        })
    }

    /// What a pair of braces stands for; nothing where it is no expansion.
    fn choices(&self, start: usize, end: usize, depth: usize) -> Option<Vec<Vec<Bit<'a>>>> {
        if let Some([Token::Text(text)]) = self.tokens.get(start..end) {
            return sequence(text);
        }
        let mut commas = Vec::new();
        let mut at = start;
        while at < end {
            match self.tokens.get(at) {
                Some(Token::Comma) => commas.push(at),
                Some(Token::Open) => {
                    let close = self.closes.get(at).copied().unwrap_or(0);
                    if close > at && close < end {
                        at = close;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        if commas.is_empty() {
            return None;
        }
        commas.push(end);
        let mut choices = Vec::new();
        let mut from = start;
        for comma in commas {
            if choices.len() >= WORDS {
                let mut rest = vec![Bit::Many(UNKNOWN)];
                rest.extend(self.parts(from, end));
                choices.push(rest);
                break;
            }
            choices.append(&mut self.range(from, comma, depth + 1));
            from = comma + 1;
        }
        Some(choices)
    }
}

fn product<'a>(words: &[Vec<Bit<'a>>], choices: &[Vec<Bit<'a>>]) -> Vec<Vec<Bit<'a>>> {
    let mut all = Vec::new();
    for word in words {
        for choice in choices {
            let mut joined = word.clone();
            joined.extend(choice.iter().cloned());
            all.push(joined);
        }
    }
    all
}

/// `a..e`, `1..10..2`, `01..10`.
fn sequence<'a>(text: &str) -> Option<Vec<Vec<Bit<'a>>>> {
    let mut ends = text.split("..");
    let (first, last, step) = (ends.next()?, ends.next()?, ends.next());
    if ends.next().is_some() {
        return None;
    }
    let step = match step {
        Some(step) => step.parse::<i64>().ok()?.unsigned_abs().max(1),
        None => 1,
    };
    let word = |text: String| vec![Bit::Text(text)];
    if let (Ok(first_number), Ok(last_number)) = (first.parse::<i64>(), last.parse::<i64>()) {
        let padded = |it: &str| {
            it.trim_start_matches('-').starts_with('0') && it.trim_start_matches('-').len() > 1
        };
        let width = if padded(first) || padded(last) {
            first.len().max(last.len())
        } else {
            0
        };
        let show = |it: i64| word(format!("{it:0width$}"));
        return Some(count(first_number, last_number, step, show));
    }
    let (first, last) = (single_letter(first)?, single_letter(last)?);
    let show = |it: i64| {
        let letter = u8::try_from(it).unwrap_or(b'?');
        word(char::from(letter).to_string())
    };
    Some(count(i64::from(first), i64::from(last), step, show))
}

fn single_letter(text: &str) -> Option<u8> {
    match text.as_bytes() {
        [letter] if letter.is_ascii_alphabetic() => Some(*letter),
        _ => None,
    }
}

fn count<'a>(
    first: i64,
    last: i64,
    step: u64,
    show: impl Fn(i64) -> Vec<Bit<'a>>,
) -> Vec<Vec<Bit<'a>>> {
    let mut words = Vec::new();
    let total = first.abs_diff(last) / step;
    let mut at = first;
    for _ in 0..=total {
        if words.len() >= WORDS {
            words.push(vec![Bit::Many(GUARDED)]);
            break;
        }
        words.push(show(at));
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        at = if last >= first {
            at.saturating_add(step)
        } else {
            at.saturating_sub(step)
        };
    }
    words
}
