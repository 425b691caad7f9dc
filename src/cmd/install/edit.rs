//! Owns changes to a JSON text: insert, replace and remove one thing, in the text's own style. Does not
//! own what is changed (`plan`). Invariant: every byte outside the changed span stays as it was, and
//! removing what was inserted gives the text before.

use super::json::{Node, NodeKind};

/// A JSON value to be written, members in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    /// A scalar, as JSON text.
    Scalar(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// A string value.
    pub(crate) fn string(text: &str) -> Self {
        Self::Scalar(quoted(text))
    }
}

/// How a text is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    newline: &'static str,
    /// One level of indentation.
    unit: String,
    /// A space stands after colons and commas.
    spaced: bool,
    /// Containers are spread over lines.
    multiline: bool,
}

impl Style {
    /// The style of a text, from its line ends and its first member.
    pub(crate) fn of(text: &str, root: &Node) -> Self {
        let newline = if text.contains("\r\n") { "\r\n" } else { "\n" };
        let first = root.members().and_then(<[_]>::first);
        let Some(first) = first else {
            return Self {
                newline,
                unit: "  ".to_owned(),
                spaced: true,
                multiline: true,
            };
        };
        let between = text.get(root.start..first.start).unwrap_or_default();
        let multiline = between.contains('\n');
        let indent = line_indent(text, first.start);
        let usable = multiline && !indent.is_empty();
        let key = text.get(first.start..first.value.start).unwrap_or_default();
        Self {
            newline,
            unit: if usable { indent } else { "  ".to_owned() },
            spaced: multiline || key.ends_with(char::is_whitespace),
            multiline,
        }
    }
}

/// Appends `key: value` to an object, or an element (no key) to an array.
///
/// `spread` levels of the value get lines of their own, deeper ones stay on one line.
pub(crate) fn append(
    text: &str,
    container: &Node,
    key: Option<&str>,
    value: &Json,
    spread: usize,
    style: &Style,
) -> String {
    let spans = spans(container);
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else {
        return fill(text, container, key, value, spread, style);
    };
    let lead = text.get(container.start..first.0).unwrap_or_default();
    let added = if lead.contains('\n') {
        let indent = line_indent(text, first.0);
        let item = item(key, value, spread, style, &indent);
        format!(",{}{indent}{item}", style.newline)
    } else {
        let gap = if style.spaced { " " } else { "" };
        format!(",{gap}{}", item(key, value, 0, style, ""))
    };
    splice(text, last.1, last.1, &added)
}

/// Puts the first item into an empty container.
fn fill(
    text: &str,
    container: &Node,
    key: Option<&str>,
    value: &Json,
    spread: usize,
    style: &Style,
) -> String {
    let inside = if style.multiline {
        let outer = line_indent(text, container.start);
        let indent = format!("{outer}{}", style.unit);
        let item = item(key, value, spread, style, &indent);
        format!("{0}{indent}{item}{0}{outer}", style.newline)
    } else {
        item(key, value, 0, style, "")
    };
    splice(text, container.start + 1, container.end - 1, &inside)
}

/// Replaces a value by another, on one line.
pub(crate) fn replace(text: &str, node: &Node, value: &Json, style: &Style) -> String {
    splice(text, node.start, node.end, &render(value, 0, style, ""))
}

/// Removes the item at `index` of an object or array, with its comma.
pub(crate) fn remove(text: &str, container: &Node, index: usize) -> String {
    let spans = spans(container);
    let here = spans.get(index);
    let before = index.checked_sub(1).and_then(|it| spans.get(it));
    let (start, end) = match (before, here, spans.get(index + 1)) {
        (_, None, _) => return text.to_owned(),
        (_, Some(here), Some(next)) => (here.0, next.0),
        (Some(before), Some(here), None) => (before.1, here.1),
        (None, Some(_), None) => (container.start + 1, container.end - 1),
    };
    splice(text, start, end, "")
}

/// A whole file with this one value, for a settings file that does not exist yet.
pub(crate) fn document(value: &Json, spread: usize) -> String {
    let style = Style {
        newline: "\n",
        unit: "  ".to_owned(),
        spaced: true,
        multiline: true,
    };
    format!("{}\n", render(value, spread, &style, ""))
}

/// The spans of a container's items: members with their keys, or elements.
fn spans(container: &Node) -> Vec<(usize, usize)> {
    match &container.kind {
        NodeKind::Object(members) => members.iter().map(|it| (it.start, it.value.end)).collect(),
        NodeKind::Array(elements) => elements.iter().map(|it| (it.start, it.end)).collect(),
        NodeKind::Scalar => Vec::new(),
    }
}

fn item(key: Option<&str>, value: &Json, spread: usize, style: &Style, indent: &str) -> String {
    let value = render(value, spread, style, indent);
    match key {
        None => value,
        Some(key) => {
            let gap = if style.spaced { " " } else { "" };
            format!("{}:{gap}{value}", quoted(key))
        }
    }
}

/// The text of a value whose first line stands at `indent`.
fn render(value: &Json, spread: usize, style: &Style, indent: &str) -> String {
    let (open, close, items): (_, _, Vec<(Option<&str>, &Json)>) = match value {
        Json::Scalar(text) => return text.clone(),
        Json::Array(elements) => ("[", "]", elements.iter().map(|it| (None, it)).collect()),
        Json::Object(members) => (
            "{",
            "}",
            members.iter().map(|(k, v)| (Some(k.as_str()), v)).collect(),
        ),
    };
    if items.is_empty() {
        return format!("{open}{close}");
    }
    let inner = format!("{indent}{}", style.unit);
    let texts: Vec<String> = items
        .into_iter()
        .map(|(key, value)| item(key, value, spread.saturating_sub(1), style, &inner))
        .collect();
    if spread > 0 && style.multiline {
        let newline = style.newline;
        let body = texts.join(&format!(",{newline}{inner}"));
        return format!("{open}{newline}{inner}{body}{newline}{indent}{close}");
    }
    let body = texts.join(if style.spaced { ", " } else { "," });
    let pad = if style.spaced && open == "{" { " " } else { "" };
    format!("{open}{pad}{body}{pad}{close}")
}

/// The white space at the start of the line in which `offset` stands.
fn line_indent(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |it| it + 1);
    let rest = text.get(line..).unwrap_or_default();
    rest.chars()
        .take_while(|it| matches!(it, ' ' | '\t'))
        .collect()
}

fn splice(text: &str, start: usize, end: usize, with: &str) -> String {
    let before = text.get(..start).unwrap_or_default();
    let after = text.get(end..).unwrap_or_default();
    format!("{before}{with}{after}")
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
