//! Owns the rewriting of text in PowerShell: joining, formatting, replacing, characters from numbers. Does
//! not own expressions. Invariant: text that was put together this way is HIDDEN, unknown parts stay marked.

use crate::shell::invocation::{Arg, ArgFlags, Span, UNKNOWN};
use crate::shell::unwrap::like;

/// Text that grows past this is unknown.
const LENGTH_LIMIT: usize = 64 << 10;

/// Objects as one text.
pub(super) fn join(items: &[Arg], mark: &str) -> Arg {
    if let [one] = items {
        return one.clone();
    }
    let length: usize = items.iter().map(|it| it.text.len() + mark.len()).sum();
    if length > LENGTH_LIMIT {
        return Arg::unknown(Span::default());
    }
    let mut joined = Arg::default();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            joined.text.push_str(mark);
        }
        joined.text.push_str(&item.text);
        joined.flags.set(item.flags.0 & !ArgFlags::MANY);
        joined.from.extend(&item.from);
    }
    if mark.is_empty() && items.len() > 2 {
        joined.flags.set(ArgFlags::HIDDEN);
    }
    joined
}

/// `'{1}{0}' -f 'a', 'b'`.
pub(super) fn format(template: &Arg, values: &[Arg]) -> Arg {
    let mut out = like(template, "");
    let mut rest = template.text.as_str();
    let mut holes = 0;
    while let Some((before, after)) = rest.split_once('{') {
        out.text.push_str(before);
        let Some((hole, tail)) = after.split_once('}') else {
            break;
        };
        let number = hole.split([',', ':']).next().unwrap_or_default();
        match number
            .trim()
            .parse()
            .ok()
            .and_then(|it: usize| values.get(it))
        {
            Some(value) => {
                out.text.push_str(&value.text);
                out.flags.set(value.flags.0);
                out.from.extend(&value.from);
            }
            None => out.text.push(UNKNOWN),
        }
        if out.text.len() > LENGTH_LIMIT {
            return Arg::unknown(template.span);
        }
        holes += 1;
        rest = tail;
    }
    out.text.push_str(rest);
    if out.text.contains(UNKNOWN) {
        out.flags.set(ArgFlags::UNKNOWN);
    }
    let plain = |it: &str| it.chars().all(|it| !it.is_alphanumeric());
    let literal = template.text.split(['{', '}']).step_by(2).all(plain);
    if holes > 1 && literal && !template.text.contains(' ') {
        out.flags.set(ArgFlags::HIDDEN);
    }
    out
}

/// `-replace 'a', 'b'` and `.Replace('a', 'b')`, of patterns that stand for themselves.
pub(super) fn replace(items: &[Arg], values: &[Arg]) -> Vec<Arg> {
    let (from, to) = match values {
        [from, to] => (from.text.as_str(), to.text.as_str()),
        [from] => (from.text.as_str(), ""),
        _ => return items.iter().map(unknown).collect(),
    };
    let plain =
        !from.is_empty() && !from.contains(['\\', '.', '*', '[', '(', '+', '?', '|', '^', '$']);
    items
        .iter()
        .map(|it| {
            let growth = it.text.len().saturating_mul(to.len() + 1);
            if !plain || growth > LENGTH_LIMIT {
                return unknown(it);
            }
            let mut out = like(it, it.text.replace(from, to));
            if out.text != it.text {
                out.flags.set(ArgFlags::HIDDEN);
            }
            out
        })
        .collect()
}

/// `-split ','` and `.Split(',')`.
pub(super) fn divide(item: &Arg, marks: &[Arg]) -> Vec<Arg> {
    let mark = marks.first().map_or(" ", |it| it.text.as_str());
    if mark.is_empty() || mark.contains(['\\', '[', '(', '|', UNKNOWN]) {
        return vec![unknown(item)];
    }
    item.text
        .split(mark)
        .take(256)
        .map(|it| like(item, it))
        .collect()
}

/// The character of a number.
pub(super) fn character(item: &Arg) -> Arg {
    let text = item.text.as_str();
    let code = match text.strip_prefix("0x") {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    };
    let mut out = match code.and_then(char::from_u32) {
        Some(letter) => like(item, letter.to_string()),
        None => item.clone(),
    };
    out.flags.set(ArgFlags::HIDDEN);
    out
}

/// An element by its number; where that is not known, any of them.
pub(super) fn element(items: Vec<Arg>, at: &[Arg]) -> Vec<Arg> {
    let number = |it: &Arg| it.text.parse::<usize>().ok();
    if let ([at], true) = (at, items.len() > 1)
        && let Some(found) = number(at).and_then(|it| items.get(it))
    {
        return vec![found.clone()];
    }
    match (items.as_slice(), at) {
        ([text], [at]) if at.text != "0" || !at.is_known() => vec![some_letters(text)],
        ([text], [_, _, ..]) => at
            .iter()
            .map(|it| {
                let letter = number(it).and_then(|it| text.text.chars().nth(it));
                letter.map_or_else(|| unknown(text), |letter| hidden(text, letter.to_string()))
            })
            .collect(),
        _ => items,
    }
}

/// Letters of a text in another order: `$x[-1..-9]` reverses it.
fn some_letters(text: &Arg) -> Arg {
    let turned: String = text.text.chars().rev().collect();
    if text.flags.has(ArgFlags::UNKNOWN) || turned.is_empty() {
        return unknown(text);
    }
    hidden(text, turned)
}

pub(super) fn hidden(item: &Arg, text: String) -> Arg {
    let mut out = like(item, text);
    out.flags.set(ArgFlags::HIDDEN);
    out
}

/// Unknown, from the same sources.
pub(super) fn unknown(item: &Arg) -> Arg {
    let mut out = Arg::unknown(item.span);
    out.from.clone_from(&item.from);
    out.flags.set(item.flags.0 & ArgFlags::HIDDEN);
    out
}
