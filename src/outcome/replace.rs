//! Owns a tool's answer as the model may see it: the same JSON with secrets, NUL and terminal sequences
//! gone from its texts and endless lines cut. Does not own what a secret is (`secret`). Invariants: the
//! shape stays, so that the client takes it; what is no text (an image) stays as it is; doing it twice
//! changes nothing more.

use std::borrow::Cow;

use serde_json::Value;

use crate::secret::conceal;

/// Bytes of a line that stay. The client itself cuts what a shell wrote at 30,000 characters.
pub const LINE_LIMIT: usize = 20_000;

/// An answer that had something in it, and how much.
#[derive(Debug, Default)]
pub struct Replaced {
    pub value: Value,
    pub secrets: usize,
    /// Lines that were cut.
    pub lines: usize,
    changed: bool,
    /// Seconds since the epoch: a token that expired opens nothing.
    now: i64,
}

/// The answer without what the model should not see; `None` where all of it can stay.
///
/// Errors: the answer nests deeper than JSON is read.
pub fn replaced(json: &str, now: i64) -> serde_json::Result<Option<Replaced>> {
    let mut value = serde_json::from_str(json)?;
    let mut found = Replaced {
        now,
        ..Replaced::default()
    };
    found.walk(&mut value, "");
    Ok(found.changed.then_some(Replaced { value, ..found }))
}

impl Replaced {
    /// No deeper than the parser went.
    fn walk(&mut self, value: &mut Value, key: &str) {
        match value {
            Value::String(text) => {
                if is_binary(key, text) {
                    return;
                }
                if let Some(clean) = self.clean(text) {
                    *text = clean;
                    self.changed = true;
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|it| self.walk(it, key)),
            // An image that a shell wrote stands where its text would.
            Value::Object(fields) if fields.get("isImage") == Some(&Value::Bool(true)) => {}
            Value::Object(fields) => {
                for (key, value) in fields.iter_mut() {
                    self.walk(value, key);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Sequences first: they may stand within a secret. The cut last: half a secret is not recognised.
    fn clean(&mut self, text: &str) -> Option<String> {
        let plain = without_controls(text);
        let safe = match conceal(&plain, self.now) {
            Cow::Borrowed(_) => None,
            Cow::Owned(safe) => {
                self.secrets += count(&safe).saturating_sub(count(&plain)).max(1);
                Some(safe)
            }
        };
        let short = self.cut(safe.as_deref().unwrap_or(&plain));
        short.or(safe).or(match plain {
            Cow::Owned(plain) => Some(plain),
            Cow::Borrowed(_) => None,
        })
    }

    fn cut(&mut self, text: &str) -> Option<String> {
        if text.len() <= LINE_LIMIT {
            return None;
        }
        let mut out = String::new();
        let mut copied = 0;
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let end = start + line.trim_end_matches('\n').len();
            if end - start > LINE_LIMIT && !is_cut(text.get(start..end).unwrap_or_default()) {
                let kept = text.floor_char_boundary(start + LINE_LIMIT);
                out.push_str(text.get(copied..kept).unwrap_or_default());
                out.push_str(CUT);
                out.push_str(&(end - kept).to_string());
                out.push_str(" bytes]");
                copied = end;
                self.lines += 1;
            }
            start += line.len();
        }
        if copied == 0 {
            return None;
        }
        out.push_str(text.get(copied..).unwrap_or_default());
        Some(out)
    }
}

/// What stands in the place of the rest of a line.
const CUT: &str = " [the rest of this line was left out by hookbin: ";

/// True for a line that was cut before.
fn is_cut(line: &str) -> bool {
    line.ends_with(" bytes]")
        && line
            .rfind(CUT)
            .is_some_and(|it| it <= LINE_LIMIT && line.len() - it < CUT.len() + 32)
}

fn count(text: &str) -> usize {
    text.matches("[redacted:").count()
}

/// Images, documents: letters and digits without an end, under a name that says so.
fn is_binary(key: &str, text: &str) -> bool {
    matches!(key, "base64" | "data" | "blob")
        && text
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || matches!(it, b'+' | b'/' | b'=' | b'-' | b'_'))
        && text.len() > 200
}

/// The text without NUL and without the sequences that terminals obey (ECMA-48).
fn without_controls(text: &str) -> Cow<'_, str> {
    if !text.contains(CONTROLS) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(CONTROLS) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        rest = from.get(sequence_length(from)..).unwrap_or_default();
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// NUL, escape, and the one-character form of what opens a control sequence.
const CONTROLS: [char; 3] = ['\0', '\u{1b}', '\u{9b}'];

/// How long the sequence is that a text begins with.
fn sequence_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (opened, kind) = match bytes {
        [0, ..] => return 1,
        [0xc2, ..] => (2, b'['),
        [_, kind, ..] => (2, *kind),
        _ => return 1,
    };
    let rest = bytes.get(opened..).unwrap_or_default();
    let run = |it: &[u8], from: u8, to: u8| {
        let inside = it.iter().take_while(|it| (from..=to).contains(*it));
        inside.count()
    };
    match kind {
        b'[' => {
            let length = run(rest, 0x20, 0x3f);
            let ended = rest
                .get(length)
                .is_some_and(|it| (0x40..=0x7e).contains(it));
            opened + length + usize::from(ended)
        }
        b']' | b'P' | b'X' | b'^' | b'_' => opened + string_length(rest),
        0x20..=0x2f => {
            let length = 1 + run(rest, 0x20, 0x2f);
            let ended = bytes
                .get(1 + length)
                .is_some_and(|it| (0x30..=0x7e).contains(it));
            1 + length + usize::from(ended)
        }
        0x30..=0x7e => 2,
        _ => 1,
    }
}

/// The length of a command string with its end. One without an end is only opened: the text behind it is
/// shown by no terminal, and a model should see it.
fn string_length(text: &[u8]) -> usize {
    /// A title or a link is shorter.
    const LIMIT: usize = 4096;
    let near = text.get(..LIMIT).unwrap_or(text);
    for (at, byte) in near.iter().enumerate() {
        match byte {
            7 => return at + 1,
            0x1b if near.get(at + 1) == Some(&b'\\') => return at + 2,
            0x1b | b'\n' => return 0,
            _ => {}
        }
    }
    0
}

#[cfg(test)]
mod tests;
