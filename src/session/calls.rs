//! Owns how remembered calls are written: one string for all of them, then one per message. Does not own
//! what they mean. Invariant: whatever text is in a call comes back; 32 ordinary calls take 1.5 KB and
//! no parser per call, because this is read and written at every event.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Error, SeqAccess, Visitor};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serializer};

use super::{Call, RECENT_LIMIT};

/// `id:digest:decision:flags` for each call, joined by spaces; bit 1 settled, bit 2 has a message.
pub(super) fn serialize<S: Serializer>(calls: &[Call], to: S) -> Result<S::Ok, S::Error> {
    let mut text = String::with_capacity(calls.len() * 60);
    for call in calls {
        if !text.is_empty() {
            text.push(' ');
        }
        for part in [&call.id, &call.digest, &call.decision] {
            push_word(&mut text, part);
            text.push(':');
        }
        text.push(match (call.settled, call.message.is_empty()) {
            (false, true) => '0',
            (true, true) => '1',
            (false, false) => '2',
            (true, false) => '3',
        });
    }
    let mut list = to.serialize_seq(None)?;
    list.serialize_element(&text)?;
    for call in calls.iter().filter(|it| !it.message.is_empty()) {
        list.serialize_element(&call.message)?;
    }
    list.end()
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Call>, D::Error> {
    from.deserialize_seq(Calls)
}

struct Calls;

/// A string of the input, borrowed where it holds no escape.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Visitor<'de> for Calls {
    type Value = Vec<Call>;

    fn expecting(&self, to: &mut fmt::Formatter) -> fmt::Result {
        to.write_str("remembered calls")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Call>, A::Error> {
        let mut calls = Vec::with_capacity(RECENT_LIMIT + 1);
        let Some(Text(text)) = list.next_element()? else {
            return Ok(calls);
        };
        for call in text.split(' ').filter(|it| !it.is_empty()) {
            let (call, speaks) =
                parse(call).ok_or_else(|| A::Error::custom("call is malformed"))?;
            calls.push(call);
            if speaks {
                let Text(message) = list
                    .next_element()?
                    .ok_or_else(|| A::Error::custom("message is missing"))?;
                if let Some(call) = calls.last_mut() {
                    call.message = message.into_owned();
                }
            }
        }
        Ok(calls)
    }
}

/// A call, and whether it has a message.
fn parse(text: &str) -> Option<(Call, bool)> {
    let mut parts = text.split(':');
    let call = Call {
        id: parse_word(parts.next()?)?,
        digest: parse_word(parts.next()?)?,
        decision: parse_word(parts.next()?)?,
        ..Call::default()
    };
    let (settled, speaks) = match parts.next()? {
        "0" => (false, false),
        "1" => (true, false),
        "2" => (false, true),
        "3" => (true, true),
        _ => return None,
    };
    Some((Call { settled, ..call }, speaks))
}

/// As it is where it is an ordinary word, else `~` and the hexadecimal digits of its bytes.
fn push_word(text: &mut String, word: &str) {
    let plain = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.');
    if word.bytes().all(plain) {
        text.push_str(word);
        return;
    }
    text.push('~');
    for byte in word.bytes() {
        for digit in [byte >> 4, byte & 15] {
            text.push(char::from_digit(digit.into(), 16).unwrap_or('0'));
        }
    }
}

fn parse_word(text: &str) -> Option<String> {
    let Some(digits) = text.strip_prefix('~') else {
        return Some(text.to_owned());
    };
    let bytes = digits.as_bytes().chunks(2).map(|pair| {
        let &[high, low] = pair else { return None };
        let digit = |it| char::from(it).to_digit(16);
        u8::try_from(digit(high)? * 16 + digit(low)?).ok()
    });
    String::from_utf8(bytes.collect::<Option<_>>()?).ok()
}
