//! Owns where things stand in a JSON text: [`parse`] turns a settings file into a tree of byte spans.
//! Does not own any change (`edit`). Invariant: strict JSON only; a text that some reader could
//! understand differently (a key twice, a comment) is refused with its line and column.

use std::fmt;

use serde_json::Value;

/// A value of the text with its span.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: NodeKind,
}

#[derive(Clone, Debug)]
pub(crate) enum NodeKind {
    Object(Vec<Member>),
    Array(Vec<Node>),
    /// A string, number, boolean or null.
    Scalar,
}

/// One `"key": value` of an object; it starts at the key's quote and ends with the value.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    pub(crate) key: String,
    pub(crate) start: usize,
    pub(crate) value: Node,
}

/// Why a text is refused, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JsonError {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) message: String,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "line {}, column {}: {}",
            self.line, self.column, self.message
        )
    }
}

/// A byte order mark some editors leave; it is no JSON, but the rest of the file may be.
pub(crate) const BOM: char = '\u{feff}';

/// Parses a whole text, an optional byte order mark aside.
pub(crate) fn parse(text: &str) -> Result<Node, JsonError> {
    let body = text.strip_prefix(BOM).unwrap_or(text);
    if let Err(error) = serde_json::from_str::<Value>(body) {
        return Err(syntax_error(body, &error));
    }
    scan(text)
}

/// [`parse`] for a text that is known to be JSON, such as one of our own making.
pub(crate) fn scan(text: &str) -> Result<Node, JsonError> {
    let body = text.strip_prefix(BOM).unwrap_or(text);
    let mut scanner = Scanner {
        text,
        at: text.len() - body.len(),
    };
    scanner.skip_space();
    scanner.value()
}

/// Line and column (both from 1, in characters) of a byte offset.
pub(crate) fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default();
    (line, column.trim_start_matches(BOM).chars().count() + 1)
}

impl Node {
    /// The members of an object; `None` for another type.
    pub(crate) fn members(&self) -> Option<&[Member]> {
        match &self.kind {
            NodeKind::Object(members) => Some(members),
            NodeKind::Array(_) | NodeKind::Scalar => None,
        }
    }

    /// The elements of an array; `None` for another type.
    pub(crate) fn elements(&self) -> Option<&[Node]> {
        match &self.kind {
            NodeKind::Array(elements) => Some(elements),
            NodeKind::Object(_) | NodeKind::Scalar => None,
        }
    }

    /// The value of a key of an object.
    pub(crate) fn member(&self, key: &str) -> Option<&Self> {
        let members = self.members()?;
        members.iter().find(|it| it.key == key).map(|it| &it.value)
    }

    /// The text of this value.
    pub(crate) fn text<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// This value, decoded; null where the span does not belong to the text.
    pub(crate) fn decode(&self, text: &str) -> Value {
        serde_json::from_str(self.text(text)).unwrap_or_default()
    }
}

/// Names what is wrong in the words of somebody who looks at the file.
fn syntax_error(body: &str, error: &serde_json::Error) -> JsonError {
    let full = error.to_string();
    let message = full.split(" at line ").next().unwrap_or(&full);
    let line = body.lines().nth(error.line().saturating_sub(1));
    let rest = line.and_then(|it| it.get(error.column().saturating_sub(1)..));
    let message = match rest {
        Some(rest) if rest.starts_with('/') || rest.starts_with('#') => {
            "a comment, which JSON does not have".to_owned()
        }
        _ if error.is_eof() => "the text ends too early".to_owned(),
        _ => message.to_owned(),
    };
    JsonError {
        line: error.line(),
        column: error.column(),
        message,
    }
}

/// Walks a text that is known to be JSON; its nesting is bounded by the check before.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
}

impl Scanner<'_> {
    fn value(&mut self) -> Result<Node, JsonError> {
        let start = self.at;
        let kind = match self.peek() {
            b'{' => NodeKind::Object(self.members()?),
            b'[' => NodeKind::Array(self.elements()?),
            b'"' => {
                self.skip_string();
                NodeKind::Scalar
            }
            _ => {
                self.skip_word();
                NodeKind::Scalar
            }
        };
        Ok(Node {
            start,
            end: self.at,
            kind,
        })
    }

    fn members(&mut self) -> Result<Vec<Member>, JsonError> {
        let mut members: Vec<Member> = Vec::new();
        self.step();
        while self.peek() == b'"' {
            let start = self.at;
            self.skip_string();
            let raw = self.text.get(start..self.at).unwrap_or_default();
            let key: String = serde_json::from_str(raw).unwrap_or_default();
            if members.iter().any(|it| it.key == key) {
                let (line, column) = position(self.text, start);
                let message = format!("the key `{key}` stands twice in one object");
                return Err(JsonError {
                    line,
                    column,
                    message,
                });
            }
            self.skip_space();
            self.step(); // the colon
            let value = self.value()?;
            members.push(Member { key, start, value });
            self.skip_space();
            if self.peek() == b',' {
                self.step();
            }
        }
        self.at += 1; // the closing brace
        Ok(members)
    }

    fn elements(&mut self) -> Result<Vec<Node>, JsonError> {
        let mut elements = Vec::new();
        self.step();
        while !matches!(self.peek(), b']' | 0) {
            elements.push(self.value()?);
            self.skip_space();
            if self.peek() == b',' {
                self.step();
            }
        }
        self.at += 1; // the closing bracket
        Ok(elements)
    }

    /// The byte at hand; 0 at the end of the text.
    fn peek(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or(0)
    }

    /// Goes over one punctuation mark and the space behind it.
    fn step(&mut self) {
        self.at += 1;
        self.skip_space();
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), b' ' | b'\t' | b'\n' | b'\r') {
            self.at += 1;
        }
    }

    fn skip_string(&mut self) {
        self.at += 1;
        loop {
            match self.peek() {
                b'\\' => self.at += 2,
                b'"' | 0 => break,
                _ => self.at += 1,
            }
        }
        self.at += 1;
    }

    fn skip_word(&mut self) {
        while matches!(self.peek(), b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E') {
            self.at += 1;
        }
    }
}
