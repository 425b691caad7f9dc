//! Owns the recent calls of a session: [`Recent`], in the spelling of the session's line. Does not own which
//! are forgotten when (`Session`). Invariant: whatever text is in a call comes back. The calls stay text
//! because every event reads, carries on and writes all of them, and looks at one or two.

use std::ops::Range;

use crate::hex;

/// One judged tool call: enough to repeat the verdict and to notice a rewritten input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// tool_use_id.
    pub id: String,
    /// [`digest`](super::digest) of the input as judged.
    pub digest: String,
    /// The decision's word.
    pub decision: String,
    /// The message that was answered, where it was not pass.
    pub message: String,
    /// Whether the outcome was counted.
    pub settled: bool,
}

/// Recent calls, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recent {
    /// Of each call three words with a colon behind each, a digit for the two facts, a space.
    calls: String,
    /// Where each call starts.
    starts: Vec<usize>,
    /// The messages of the calls that have one.
    messages: Vec<String>,
}

impl Recent {
    /// The calls of a line and their messages; absent where one is no call.
    pub(super) fn parse(calls: &str, messages: Vec<String>) -> Option<Self> {
        let recent = Self {
            starts: starts(calls)?,
            calls: calls.to_owned(),
            messages,
        };
        let speaking = recent.entries().filter(|it| speaks(it)).count();
        (speaking == recent.messages.len()).then_some(recent)
    }

    pub(super) fn calls(&self) -> &str {
        &self.calls
    }

    pub(super) fn messages(&self) -> &[String] {
        &self.messages
    }

    pub fn len(&self) -> usize {
        self.starts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// Every call, oldest first.
    pub fn iter(&self) -> impl Iterator<Item = Call> {
        let mut messages = self.messages.iter();
        self.entries().filter_map(move |call| {
            let message = speaks(call).then(|| messages.next()).flatten();
            read(call, message.map_or("", String::as_str))
        })
    }

    /// The last call with an id.
    pub fn find(&self, id: &str) -> Option<Call> {
        let number = self.number(id)?;
        let call = self.entry(number);
        let message = self.messages.get(self.message(number));
        let message = message.filter(|_| speaks(call));
        read(call, message.map_or("", String::as_str))
    }

    /// Adds a call behind the others.
    pub(super) fn push(&mut self, call: &Call) {
        self.starts.push(self.calls.len());
        spell(call, &mut self.calls);
        if !call.message.is_empty() {
            self.messages.push(call.message.clone());
        }
    }

    /// Puts a call in the place of the last one with its id; false where there is none.
    pub(super) fn replace(&mut self, call: &Call) -> bool {
        let Some(number) = self.number(&call.id) else {
            return false;
        };
        let old = self.message(number)..self.message(number + 1);
        let message = Some(call.message.clone()).filter(|it| !it.is_empty());
        self.messages.splice(old, message);
        let mut text = String::new();
        spell(call, &mut text);
        self.put(number, &text);
        true
    }

    /// Notes that the outcome of the last call with an id was counted.
    pub(super) fn settle(&mut self, id: &str) {
        if let Some(number) = self.number(id) {
            let flag = self.range(number).end - 2;
            let new = digit((true, speaks(self.entry(number))));
            self.calls.replace_range(flag..=flag, new);
        }
    }

    /// Forgets the oldest calls: of the settled ones all but `settled`, and of all what is past `limit`.
    pub(super) fn forget(&mut self, limit: usize, settled: usize) {
        let count = self.entries().filter(|it| is_settled(it)).count();
        for _ in settled..count {
            let oldest = self.entries().position(is_settled);
            self.remove(oldest.unwrap_or_default());
        }
        for _ in limit..self.len() {
            self.remove(0);
        }
    }

    fn remove(&mut self, number: usize) {
        let message = self.message(number)..self.message(number + 1);
        self.messages.drain(message);
        self.put(number, "");
        self.starts.remove(number);
    }

    /// Replaces the text of a call.
    fn put(&mut self, number: usize, text: &str) {
        let range = self.range(number);
        let length = range.len();
        self.calls.replace_range(range, text);
        for start in self.starts.iter_mut().skip(number + 1) {
            *start = *start - length + text.len();
        }
    }

    /// The number of the last call with an id.
    fn number(&self, id: &str) -> Option<usize> {
        if id.is_empty() {
            return None;
        }
        let mut word = String::with_capacity(id.len() + 1);
        push_word(&mut word, id);
        let is_it = |start: &usize| {
            let text = self.calls.as_bytes().get(*start..);
            text.is_some_and(|it| it.starts_with(word.as_bytes()))
        };
        self.starts.iter().rposition(is_it)
    }

    /// How many calls before one have a message.
    fn message(&self, number: usize) -> usize {
        self.entries().take(number).filter(|it| speaks(it)).count()
    }

    fn range(&self, number: usize) -> Range<usize> {
        let bound = |number| self.starts.get(number).copied().unwrap_or(self.calls.len());
        bound(number)..bound(number + 1)
    }

    fn entry(&self, number: usize) -> &str {
        self.calls.get(self.range(number)).unwrap_or_default()
    }

    fn entries(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|it| self.entry(it))
    }
}

/// Where calls start, in one pass; absent where one is no call.
fn starts(calls: &str) -> Option<Vec<usize>> {
    let mut starts = Vec::with_capacity(32);
    let (mut start, mut colons, mut spelled) = (0, 0, false);
    for (at, byte) in calls.bytes().enumerate() {
        match byte {
            b':' => colons += 1,
            b'~' => spelled = true,
            b' ' => {
                let call = calls.get(start..=at)?;
                let is_call = colons == 3
                    && matches!(
                        call.get(call.len() - 3..),
                        Some(":0 " | ":1 " | ":2 " | ":3 ")
                    );
                if !is_call || spelled && !has_words(call) {
                    return None;
                }
                starts.push(start);
                (start, colons, spelled) = (at + 1, 0, false);
            }
            _ => {}
        }
    }
    (start == calls.len()).then_some(starts)
}

/// Adds a call as it stands in the line.
fn spell(call: &Call, text: &mut String) {
    for word in [&call.id, &call.digest, &call.decision] {
        push_word(text, word);
    }
    text.push_str(digit((call.settled, !call.message.is_empty())));
    text.push(' ');
}

/// The digit of a call that is settled or not, and has a message or not.
fn digit(facts: (bool, bool)) -> &'static str {
    match facts {
        (false, false) => "0",
        (true, false) => "1",
        (false, true) => "2",
        (true, true) => "3",
    }
}

/// The digit in front of the space at the end.
fn flags(call: &str) -> u8 {
    let digit = call
        .len()
        .checked_sub(2)
        .and_then(|it| call.as_bytes().get(it));
    digit.copied().unwrap_or(b'0')
}

fn is_settled(call: &str) -> bool {
    matches!(flags(call), b'1' | b'3')
}

fn speaks(call: &str) -> bool {
    matches!(flags(call), b'2' | b'3')
}

/// The three words of a call.
fn words(call: &str) -> Option<[&str; 3]> {
    let (id, rest) = call.split_once(':')?;
    let (digest, rest) = rest.split_once(':')?;
    let (decision, _) = rest.split_once(':')?;
    Some([id, digest, decision])
}

/// True where every word stands for a text.
fn has_words(call: &str) -> bool {
    words(call).is_some_and(|it| it.into_iter().all(|word| plain(word).is_some()))
}

fn read(call: &str, message: &str) -> Option<Call> {
    let [id, digest, decision] = words(call)?;
    Some(Call {
        id: plain(id)?,
        digest: plain(digest)?,
        decision: plain(decision)?,
        message: message.to_owned(),
        settled: is_settled(call),
    })
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// The word and a colon: as it is where it is an ordinary one, else `~` and its bytes in hexadecimal.
fn push_word(text: &mut String, word: &str) {
    if word.bytes().all(is_plain) {
        text.push_str(word);
    } else {
        text.push('~');
        hex::push(text, word.as_bytes());
    }
    text.push(':');
}

/// The text that a word stands for.
fn plain(word: &str) -> Option<String> {
    let Some(digits) = word.strip_prefix('~') else {
        return Some(word.to_owned());
    };
    String::from_utf8(hex::parse_all(digits)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same operations on calls one by one.
    fn forget(calls: &mut Vec<Call>, limit: usize, settled: usize) {
        let mut surplus = calls.iter().filter(|it| it.settled).count();
        calls.retain(|it| {
            let drop = it.settled && surplus > settled;
            surplus -= usize::from(drop);
            !drop
        });
        let surplus = calls.len().saturating_sub(limit);
        calls.drain(..surplus);
    }

    #[test]
    fn text_does_what_a_list_of_calls_would_do() {
        let mut seed = 7_u64;
        let mut next = |limit: usize| {
            seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
            usize::try_from(seed >> 33).unwrap() % limit
        };
        let (mut recent, mut calls) = (Recent::default(), Vec::<Call>::new());
        for _ in 0..5000 {
            let id = ["a", "b", "ab", "\u{e9}", "a:0 ", "", "c", "d"][next(8)];
            let call = Call {
                id: id.to_owned(),
                digest: next(4).to_string(),
                decision: ["pass", "deny"][next(2)].to_owned(),
                message: ["", "no: \t~\n"][next(2)].to_owned(),
                settled: next(3) == 0,
            };
            let known = calls.iter().rposition(|it| it.id == id && !id.is_empty());
            match next(4) {
                0 => {
                    recent.settle(id);
                    if let Some(known) = known {
                        calls[known].settled = true;
                    }
                }
                1 => {
                    assert_eq!(recent.replace(&call), known.is_some());
                    if let Some(known) = known {
                        calls[known] = call;
                    }
                }
                2 => {
                    recent.push(&call);
                    calls.push(call);
                }
                _ => {
                    recent.forget(6, 3);
                    forget(&mut calls, 6, 3);
                }
            }
            assert_eq!(recent.iter().collect::<Vec<_>>(), calls);
            assert_eq!(recent.len(), calls.len());
            let known = calls.iter().rfind(|it| it.id == id && !id.is_empty());
            assert_eq!(recent.find(id).as_ref(), known);
            let again = Recent::parse(recent.calls(), recent.messages().to_vec());
            assert_eq!(again.as_ref(), Some(&recent));
        }
    }

    #[test]
    fn what_is_no_call_is_refused() {
        for text in [
            "a:b:c:4 ",
            "a:b:0 ",
            "a:b:c:0",
            "~a:b:c:0 ",
            "~zz:b:c:0 ",
            "a:b:c:2 ",
            " ",
        ] {
            assert_eq!(Recent::parse(text, Vec::new()), None, "{text:?}");
        }
        assert!(Recent::parse("", Vec::new()).is_some_and(|it| it.is_empty()));
    }
}
