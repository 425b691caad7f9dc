//! Owns what the client told us: untrusted bytes become one typed [`Event`]. Does not own any judgement.
//! Invariants: unknown events, tools, fields and enum values survive; a field that decides something has
//! the right type or the whole event is refused; bounded in size and depth.

mod fields;
mod foreign;
mod kind;
mod tool;

use std::borrow::Cow;

use serde_json::value::RawValue;

pub use fields::{Fields, ParseError, decode};
pub use foreign::{is_changing, is_looking, is_sending};
pub use kind::{Direction, Kind};
pub use tool::{Dialect, Part, Role, ToolCall};

/// stdin larger than this (bytes) is refused.
pub const INPUT_LIMIT: usize = 32 << 20;

/// One hook call. Absent strings are empty.
#[derive(Debug)]
pub struct Event<'a> {
    pub kind: Kind,
    /// `hook_event_name` as sent.
    pub name: Cow<'a, str>,
    pub session_id: Cow<'a, str>,
    pub transcript_path: Cow<'a, str>,
    pub cwd: Cow<'a, str>,
    pub prompt_id: Cow<'a, str>,
    /// `default acceptEdits bypassPermissions plan dontAsk auto` or another word; empty where absent.
    pub permission_mode: Cow<'a, str>,
    /// Empty for the main agent.
    pub agent_id: Cow<'a, str>,
    pub agent_type: Cow<'a, str>,
    pub body: Body<'a>,
    /// Every field as sent, known or not.
    pub fields: Fields<'a>,
}

/// What is particular to a kind of event. Kinds without an own variant are read through
/// [`Event::fields`].
#[derive(Debug)]
pub enum Body<'a> {
    /// `PreToolUse`, `PermissionRequest`, `PermissionDenied`.
    Call(ToolCall<'a>),
    /// `PostToolUse`, `PostToolUseFailure`.
    Outcome(ToolCall<'a>, Outcome<'a>),
    /// `PostToolBatch`.
    Batch(Vec<(ToolCall<'a>, Outcome<'a>)>),
    /// Everything else.
    Other,
}

/// What came back from a tool call.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'a> {
    /// The tool's own response (`PostToolUse`), or what the model sees of it (`PostToolBatch`).
    Response(&'a RawValue),
    /// The error text, still as JSON (`PostToolUseFailure`).
    Error(&'a RawValue),
    /// Nothing was sent.
    Absent,
}

/// Parses one event from the text that [`decode`] returned.
///
/// Errors: not one JSON object, a duplicate or wrongly typed field among those that decide, nesting
/// deeper than the JSON parser's limit (128).
pub fn parse(text: &str) -> Result<Event<'_>, ParseError> {
    let fields = Fields::parse(text)?;
    let name = fields.string("hook_event_name")?;
    if name.is_empty() {
        return Err(ParseError::missing("hook_event_name"));
    }
    let kind = Kind::parse(&name);
    let body = body(kind, &fields)?;
    Ok(Event {
        kind,
        name,
        session_id: fields.string("session_id")?,
        transcript_path: fields.string("transcript_path")?,
        cwd: fields.string("cwd")?,
        prompt_id: fields.lenient("prompt_id"),
        permission_mode: fields.string("permission_mode")?,
        agent_id: fields.string("agent_id")?,
        agent_type: fields.lenient("agent_type"),
        body,
        fields,
    })
}

fn body<'a>(kind: Kind, fields: &Fields<'a>) -> Result<Body<'a>, ParseError> {
    Ok(match kind {
        Kind::PreToolUse | Kind::PermissionRequest | Kind::PermissionDenied => {
            Body::Call(ToolCall::parse(fields)?)
        }
        Kind::PostToolUse => Body::Outcome(
            ToolCall::parse(fields)?,
            fields
                .raw("tool_response")
                .map_or(Outcome::Absent, Outcome::Response),
        ),
        Kind::PostToolUseFailure => Body::Outcome(
            ToolCall::parse(fields)?,
            fields.raw("error").map_or(Outcome::Absent, Outcome::Error),
        ),
        Kind::PostToolBatch => Body::Batch(batch(fields)?),
        _ => Body::Other,
    })
}

fn batch<'a>(fields: &Fields<'a>) -> Result<Vec<(ToolCall<'a>, Outcome<'a>)>, ParseError> {
    let Some(raw) = fields.raw("tool_calls") else {
        return Ok(Vec::new());
    };
    let calls: Vec<&'a RawValue> =
        serde_json::from_str(raw.get()).map_err(|_| ParseError::wrong_type("tool_calls"))?;
    calls
        .into_iter()
        .map(|call| {
            let fields = Fields::parse(call.get())?;
            let outcome = fields
                .raw("tool_response")
                .map_or(Outcome::Absent, Outcome::Response);
            Ok((ToolCall::parse(&fields)?, outcome))
        })
        .collect()
}

impl<'a> Event<'a> {
    /// The tool call, where the event has exactly one.
    pub fn call(&self) -> Option<&ToolCall<'a>> {
        match &self.body {
            Body::Call(call) | Body::Outcome(call, _) => Some(call),
            Body::Batch(_) | Body::Other => None,
        }
    }
}

#[cfg(test)]
mod tests;
