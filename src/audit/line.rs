//! Owns the one form of a line of the chain: how it is written, and read back strictly. Does not own
//! where lines stand. Invariant: a line has exactly one spelling, so that a change of any byte shows.

use sha2::{Digest, Sha256};

use super::Record;
use crate::{hex, secret};

/// A SHA-256.
pub(super) type Hash = [u8; 32];

/// A line as it was found. `content` is not checked against `digest`: see [`Line::fault`].
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) seq: u64,
    pub(super) prev: Hash,
    pub(super) digest: Hash,
    pub(super) hash: Hash,
    /// Salt and content; absent where they were taken out later.
    pub(super) body: Option<([u8; 16], &'a str)>,
}

impl<'a> Line<'a> {
    /// Reads a line without its newline; absent where it is not one, or not in its one spelling.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let rest = text.strip_prefix(r#"{"seq":"#)?;
        let (seq, rest) = rest.split_once(',')?;
        if seq.starts_with(['0', '+']) {
            return None;
        }
        let (prev, rest) = hash_field(rest, r#""prev":""#)?;
        let (digest, rest) = hash_field(rest.strip_prefix(',')?, r#""digest":""#)?;
        let (hash, rest) = hash_field(rest.strip_prefix(',')?, r#""hash":""#)?;
        let body = if rest == "}" {
            None
        } else {
            let rest = rest.strip_prefix(r#","salt":""#)?;
            let (salt, rest) = rest.split_once('"')?;
            let content = rest.strip_prefix(r#","content":"#)?.strip_suffix('}')?;
            if !content.ends_with('}') {
                return None;
            }
            Some((hex::parse(salt)?, content))
        };
        Some(Self {
            seq: seq.parse().ok()?,
            prev,
            digest,
            hash,
            body,
        })
    }

    /// What in the line contradicts itself.
    pub(super) fn fault(&self) -> Option<&'static str> {
        if let Some((salt, content)) = &self.body
            && digest(salt, content) != self.digest
        {
            return Some("the content does not match its digest");
        }
        (chain(self.seq, &self.prev, &self.digest) != self.hash)
            .then_some("the hash does not match sequence, predecessor and digest")
    }
}

fn hash_field<'a>(text: &'a str, name: &str) -> Option<(Hash, &'a str)> {
    let (hash, rest) = text.strip_prefix(name)?.split_once('"')?;
    Some((hex::parse(hash)?, rest))
}

fn digest(salt: &[u8; 16], content: &str) -> Hash {
    Sha256::new()
        .chain_update(salt)
        .chain_update(content)
        .finalize()
        .into()
}

fn chain(seq: u64, prev: &Hash, digest: &Hash) -> Hash {
    Sha256::new()
        .chain_update(seq.to_le_bytes())
        .chain_update(prev)
        .chain_update(digest)
        .finalize()
        .into()
}

/// A record as the line behind `prev`, without its newline, and the line's hash.
pub(super) fn render(seq: u64, prev: &Hash, salt: &[u8; 16], record: &Record) -> (String, Hash) {
    let content = content(record);
    let digest = digest(salt, &content);
    let hash = chain(seq, prev, &digest);
    let mut line = String::with_capacity(content.len() + 300);
    line.push_str(r#"{"seq":"#);
    push_number(&mut line, seq);
    for (name, value) in [
        (r#","prev":""#, prev.as_slice()),
        (r#"","digest":""#, &digest),
        (r#"","hash":""#, &hash),
        (r#"","salt":""#, salt),
    ] {
        line.push_str(name);
        hex::push(&mut line, value);
    }
    line.push_str(r#"","content":"#);
    line.push_str(&content);
    line.push('}');
    (line, hash)
}

/// A record as JSON; what is empty is left out.
fn content(record: &Record) -> String {
    let mut json = Json {
        text: String::with_capacity(400 + record.subject.len() + record.note.len()),
    };
    json.string("time", &record.time);
    json.string("session", &record.session);
    json.string("agent", &record.agent);
    json.string("event", &record.event);
    json.string("tool", &record.tool);
    json.string("tool_use_id", &record.tool_use_id);
    json.string("subject", &record.subject);
    json.number("subject_len", record.subject_len);
    json.string("subject_sha256", &record.subject_sha256);
    json.string("decision", &record.decision);
    json.strings("rules", &record.rules);
    json.number("duration_us", record.duration_us);
    json.string("note", &secret::redact(&record.note));
    json.string("cwd", &record.cwd);
    if json.text.is_empty() {
        json.text.push('{');
    }
    json.text.push('}');
    json.text
}

/// An object being written. By hand: half the instructions of a serializer for a struct this flat.
struct Json {
    text: String,
}

impl Json {
    fn name(&mut self, name: &str) {
        self.text.push(if self.text.is_empty() { '{' } else { ',' });
        self.text.push('"');
        self.text.push_str(name);
        self.text.push_str("\":");
    }

    fn string(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.name(name);
            push_string(&mut self.text, value);
        }
    }

    fn number(&mut self, name: &str, value: u64) {
        if value != 0 {
            self.name(name);
            push_number(&mut self.text, value);
        }
    }

    fn strings(&mut self, name: &str, values: &[String]) {
        if values.is_empty() {
            return;
        }
        self.name(name);
        let mut before = '[';
        for value in values {
            self.text.push(before);
            push_string(&mut self.text, value);
            before = ',';
        }
        self.text.push(']');
    }
}

/// Appends a JSON string.
fn push_string(text: &mut String, value: &str) {
    text.push('"');
    let mut rest = value;
    while let Some(at) = escaped(rest.as_bytes()) {
        let (plain, behind) = rest.split_at(at);
        text.push_str(plain);
        let mut bytes = behind.bytes();
        match bytes.next() {
            Some(b'"') => text.push_str("\\\""),
            Some(b'\\') => text.push_str("\\\\"),
            Some(b'\n') => text.push_str("\\n"),
            Some(b'\t') => text.push_str("\\t"),
            Some(b'\r') => text.push_str("\\r"),
            other => {
                text.push_str("\\u00");
                hex::push(text, other.as_slice());
            }
        }
        rest = behind.get(1..).unwrap_or_default();
    }
    text.push_str(rest);
    text.push('"');
}

/// Where the first byte stands that a JSON string cannot hold as it is.
fn escaped(bytes: &[u8]) -> Option<usize> {
    let is_escaped = |it: &u8| *it < b' ' || matches!(it, b'"' | b'\\');
    let (words, _) = bytes.as_chunks::<8>();
    // Nearly no word holds one.
    let plain = words.iter().take_while(|it| !may_be_escaped(**it)).count() * 8;
    let rest = bytes.get(plain..).unwrap_or_default();
    rest.iter().position(is_escaped).map(|it| plain + it)
}

/// False where none of eight bytes is a control character, a quote or a backslash: the borrow of the
/// subtraction reaches the high bit of a byte that is too small, or of one behind such a byte.
fn may_be_escaped(word: [u8; 8]) -> bool {
    const EACH: u64 = u64::MAX / 255;
    let word = u64::from_ne_bytes(word);
    let below = |word: u64, bound: u64| word.wrapping_sub(EACH * bound) & !word;
    let quote = word ^ (EACH * u64::from(b'"'));
    let backslash = word ^ (EACH * u64::from(b'\\'));
    (below(word, 32) | below(quote, 1) | below(backslash, 1)) & EACH << 7 != 0
}

/// Appends a number without the formatting machinery.
pub(super) fn push_number(text: &mut String, mut number: u64) {
    let mut digits = [b'0'; 20];
    let mut used = 0;
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        used += 1;
        if number == 0 {
            break;
        }
    }
    let digits = digits.get(20 - used..).unwrap_or_default();
    text.extend(digits.iter().map(|it| char::from(*it)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_json_whatever_they_hold_and_wherever() {
        for byte in 0..=0x7f_u8 {
            for at in 0..20 {
                let mut value = "é".repeat(5) + &"x".repeat(17);
                value.insert(at.max(10), char::from(byte));
                let mut written = String::new();
                push_string(&mut written, &value);
                assert_eq!(serde_json::from_str::<String>(&written).unwrap(), value);
            }
        }
    }
}
