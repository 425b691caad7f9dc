//! Owns the one table that says what each field of each tool's input is: shell text, a path, a URL,
//! content, a prompt. Does not own the fields of tools that nobody described (`foreign`) nor any judgement.
//! Invariant: every built-in tool of the client stands in one table.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::fields::{Fields, ParseError, string};
use super::foreign;

/// The language of a piece of shell text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    Bash,
    PowerShell,
}

/// What a piece of a tool's input is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Shell(Dialect),
    /// A file whose content is read.
    ReadPath,
    /// A file that is created, changed or deleted.
    WritePath,
    /// A directory or pattern that is searched or listed.
    SearchPath,
    Url,
    /// Text that ends up in a file or with another party.
    Content,
    /// Instructions for a model.
    Prompt,
    /// Program text that is not shell.
    Code,
}

/// One string of a tool's input with what it is. Decoded only when asked for.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    pub role: Role,
    /// The field it stands in.
    pub field: Cow<'a, str>,
    pub(super) raw: &'a RawValue,
    /// Text put together from several values, in place of `raw`.
    pub(super) joined: Option<String>,
}

impl<'a> Part<'a> {
    /// The text, borrowed from the event where it holds no escape.
    pub fn text(&self) -> Cow<'a, str> {
        match &self.joined {
            Some(text) => Cow::Owned(text.clone()),
            None => string(self.raw).unwrap_or_default(),
        }
    }
}

/// One call of a tool.
#[derive(Debug)]
pub struct ToolCall<'a> {
    pub name: Cow<'a, str>,
    /// `tool_use_id`; empty on `PermissionRequest`.
    pub id: Cow<'a, str>,
    /// The input as sent; `null` where absent.
    pub input: &'a RawValue,
    /// The input's parts that mean something to a guard, in order.
    pub parts: Vec<Part<'a>>,
}

impl<'a> ToolCall<'a> {
    /// Parses the tool fields of an event or of one entry of `tool_calls`.
    ///
    /// Errors: no tool name, an input that is no object, a known field of the wrong type.
    pub(super) fn parse(fields: &Fields<'a>) -> Result<Self, ParseError> {
        let name = fields.string("tool_name")?;
        if name.is_empty() {
            return Err(ParseError::missing("tool_name"));
        }
        let input = fields.raw("tool_input").unwrap_or(RawValue::NULL);
        let parts = match input.get() {
            "null" => Vec::new(),
            text => parts(&name, &Fields::parse(text)?)?,
        };
        Ok(Self {
            name,
            id: fields.string("tool_use_id")?,
            input,
            parts,
        })
    }

    /// The first piece of shell text, of whatever dialect.
    pub fn shell(&self) -> Option<&Part<'a>> {
        self.parts
            .iter()
            .find(|it| matches!(it.role, Role::Shell(_)))
    }

    /// The first part with a role.
    pub fn part(&self, role: Role) -> Option<&Part<'a>> {
        self.parts.iter().find(|it| it.role == role)
    }
}

pub(super) const BASH: Role = Role::Shell(Dialect::Bash);

/// The fields of the built-in tools. Reference: `sdk-tools.d.ts` of the client.
fn known_fields(tool: &str) -> Option<&'static [(&'static str, Role)]> {
    Some(match tool {
        "Bash" | "Monitor" => &[("command", BASH)],
        "PowerShell" => &[("command", Role::Shell(Dialect::PowerShell))],
        "Read" => &[("file_path", Role::ReadPath)],
        "Write" => &[("file_path", Role::WritePath), ("content", Role::Content)],
        "Edit" => &[
            ("file_path", Role::WritePath),
            ("new_string", Role::Content),
        ],
        "NotebookEdit" => &[
            ("notebook_path", Role::WritePath),
            ("new_source", Role::Content),
        ],
        "Glob" => &[("path", Role::SearchPath), ("pattern", Role::SearchPath)],
        "Grep" => &[("path", Role::SearchPath), ("glob", Role::SearchPath)],
        "WebFetch" => &[("url", Role::Url), ("prompt", Role::Prompt)],
        "WebSearch" => &[("query", Role::Prompt)],
        "Agent" | "Task" | "CronCreate" | "ScheduleWakeup" => &[("prompt", Role::Prompt)],
        "Skill" => &[("args", Role::Prompt)],
        "SendMessage" | "SendUserMessage" => {
            &[("message", Role::Prompt), ("content", Role::Prompt)]
        }
        "SendUserFile" => &[("file_path", Role::ReadPath), ("path", Role::ReadPath)],
        "RemoteTrigger" => &[("body", Role::Prompt)],
        "Workflow" => &[("script", Role::Code), ("scriptPath", Role::ReadPath)],
        "ReadMcpResourceTool" | "ReadMcpResourceDirTool" => &[("uri", Role::Url)],
        "EnterWorktree" => &[("path", Role::WritePath)],
        "AskUserQuestion"
        | "EnterPlanMode"
        | "ExitPlanMode"
        | "ExitWorktree"
        | "TodoWrite"
        | "TaskCreate"
        | "TaskGet"
        | "TaskUpdate"
        | "TaskList"
        | "TaskStop"
        | "ToolSearch"
        | "CronDelete"
        | "CronList"
        | "ListMcpResourcesTool"
        | "PushNotification" => &[],
        _ => return None,
    })
}

fn parts<'a>(tool: &str, fields: &Fields<'a>) -> Result<Vec<Part<'a>>, ParseError> {
    let mut parts = Vec::new();
    match known_fields(tool) {
        Some(known) => {
            for &(field, role) in known {
                match fields.raw(field) {
                    Some(raw) => push_text(&mut parts, role, Cow::Borrowed(field), raw)?,
                    // Without it nothing is known of what would run.
                    None if matches!(tool, "Bash" | "PowerShell") => {
                        return Err(ParseError::missing(field));
                    }
                    None => {}
                }
            }
            if tool == "Monitor"
                && let Some(ws) = fields.raw("ws")
                && let Ok(ws) = Fields::parse(ws.get())
                && let Some(url) = ws.raw("url")
            {
                push_text(&mut parts, Role::Url, Cow::Borrowed("ws.url"), url)?;
            }
        }
        None => {
            foreign::push(&mut parts, tool, fields)?;
        }
    }
    Ok(parts)
}

fn push_text<'a>(
    parts: &mut Vec<Part<'a>>,
    role: Role,
    field: Cow<'a, str>,
    raw: &'a RawValue,
) -> Result<(), ParseError> {
    match raw.get() {
        "null" => {}
        text if text.starts_with('"') => parts.push(Part {
            role,
            field,
            raw,
            joined: None,
        }),
        _ => return Err(ParseError::wrong_type(&field)),
    }
    Ok(())
}
