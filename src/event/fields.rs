//! Owns the step from bytes to named fields: [`decode`] repairs what the client's own cutting breaks,
//! [`Fields`] keeps every field as raw JSON until somebody asks. Invariant: nothing large is copied or
//! decoded before it is needed.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Why an event could not be parsed: one phrase for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError(pub String);

impl ParseError {
    pub(super) fn missing(field: &str) -> Self {
        Self(format!("the field `{field}` is missing"))
    }

    pub(super) fn wrong_type(field: &str) -> Self {
        Self(format!("the field `{field}` has the wrong type"))
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Turns stdin into text that parses: bytes that are not UTF-8 become U+FFFD, and so do escaped lone
/// surrogates, which the client produces when it cuts a string in the middle of a pair.
pub fn decode(bytes: Vec<u8>) -> String {
    let mut text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    };
    for start in lone_surrogates(&text) {
        text.replace_range(start..start + ESCAPE_LEN, "\\ufffd");
    }
    text
}

/// Bytes of one `\uXXXX`.
const ESCAPE_LEN: usize = 6;

/// Where escaped surrogates without their other half start.
fn lone_surrogates(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(step) = next_escape(text, at) {
        at += step;
        match surrogate(bytes, at) {
            Some(Half::High) if surrogate(bytes, at + ESCAPE_LEN) == Some(Half::Low) => {
                at += 2 * ESCAPE_LEN;
            }
            Some(_) => {
                found.push(at);
                at += ESCAPE_LEN;
            }
            None => at += 2,
        }
    }
    found
}

/// How far from `at` the next backslash stands. What follows one of two bytes may be in the middle of a
/// character; there the look goes on byte by byte.
fn next_escape(text: &str, at: usize) -> Option<usize> {
    match text.get(at..) {
        Some(rest) => rest.find('\\'),
        None => text.as_bytes().get(at..)?.iter().position(|&b| b == b'\\'),
    }
}

#[derive(PartialEq, Eq)]
enum Half {
    High,
    Low,
}

/// Which half of a surrogate pair is escaped at `at`, if any.
fn surrogate(bytes: &[u8], at: usize) -> Option<Half> {
    let [b'\\', b'u', b'd' | b'D', second, third, fourth] = bytes.get(at..at + ESCAPE_LEN)? else {
        return None;
    };
    if !third.is_ascii_hexdigit() || !fourth.is_ascii_hexdigit() {
        return None;
    }
    match second {
        b'8' | b'9' | b'a' | b'b' | b'A' | b'B' => Some(Half::High),
        b'c'..=b'f' | b'C'..=b'F' => Some(Half::Low),
        _ => None,
    }
}

/// The fields of one JSON object as sent, in order. Names are unique.
#[derive(Debug, Default)]
pub struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Fields<'a> {
    /// Parses one JSON object and nothing after it.
    ///
    /// Errors: not an object, trailing text, a field named twice.
    pub fn parse(text: &'a str) -> Result<Self, ParseError> {
        if text.trim_start().is_empty() {
            return Err(ParseError("stdin was empty".to_owned()));
        }
        let mut json = serde_json::Deserializer::from_str(text);
        let fields = json
            .deserialize_map(FieldsVisitor)
            .and_then(|it| json.end().map(|()| it))
            .map_err(|error| ParseError(format!("the event is not one JSON object: {error}")))?;
        Ok(fields)
    }

    /// A field as JSON text.
    pub fn raw(&self, name: &str) -> Option<&'a RawValue> {
        self.0
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| *value)
    }

    /// A string field; empty where absent or null.
    ///
    /// Errors: present with another type.
    pub fn string(&self, name: &str) -> Result<Cow<'a, str>, ParseError> {
        match self.raw(name) {
            None => Ok(Cow::Borrowed("")),
            Some(raw) if raw.get() == "null" => Ok(Cow::Borrowed("")),
            Some(raw) => string(raw).ok_or_else(|| ParseError::wrong_type(name)),
        }
    }

    /// A string field that decides nothing; empty where absent or of another type.
    pub fn lenient(&self, name: &str) -> Cow<'a, str> {
        self.string(name).unwrap_or_default()
    }

    /// A boolean field that decides nothing; false where absent or of another type.
    pub fn flag(&self, name: &str) -> bool {
        self.raw(name).is_some_and(|raw| raw.get() == "true")
    }

    /// Every field in the order sent.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), *value))
    }
}

/// The text of a JSON string, borrowed where it holds no escape; `None` for another type.
pub(super) fn string(raw: &RawValue) -> Option<Cow<'_, str>> {
    let text = raw.get();
    let inner = text.strip_prefix('"')?.strip_suffix('"')?;
    if !inner.contains('\\') {
        return Some(Cow::Borrowed(inner));
    }
    serde_json::from_str(text).ok().map(Cow::Owned)
}

/// A key, borrowed where it holds no escape.
struct Key<'a>(Cow<'a, str>);

impl<'de> serde::Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a field name")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Self::Value, M::Error> {
        let mut fields: Vec<(Cow<'de, str>, &'de RawValue)> = Vec::with_capacity(16);
        while let Some((Key(name), value)) = map.next_entry::<Key<'de>, &'de RawValue>()? {
            if fields.iter().any(|(known, _)| *known == name) {
                return Err(serde::de::Error::custom(format!(
                    "the field `{name}` stands twice"
                )));
            }
            fields.push((name, value));
        }
        Ok(Fields(fields))
    }
}
