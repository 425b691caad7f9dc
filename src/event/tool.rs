//! Owns the one table that says what each field of each tool's input is: shell text, a path, a URL,
//! content, a prompt. Does not own any judgement of them. Invariant: an unknown tool's fields are read
//! by their names, never dropped.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::fields::{Fields, ParseError, string};

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
    raw: &'a RawValue,
    /// Text put together from several values, in place of `raw`.
    joined: Option<String>,
}

impl<'a> Part<'a> {
    /// The text, borrowed from the event where it holds no escape.
    pub fn text(&self) -> Cow<'a, str> {
        match &self.joined {
            Some(text) => Cow::Owned(text.clone()),
            None => string(self.raw).unwrap_or_default(),
        }
    }

    /// Length of the JSON text in bytes: a bound for the decoded length.
    pub fn raw_len(&self) -> usize {
        self.raw.get().len()
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

    /// The first part with a role.
    pub fn part(&self, role: Role) -> Option<&Part<'a>> {
        self.parts.iter().find(|it| it.role == role)
    }
}

const BASH: Role = Role::Shell(Dialect::Bash);

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
            push_fields(&mut parts, tool, fields, NESTING_LIMIT)?;
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

/// Arrays and objects in an unknown tool's input are followed this deep. Documents of editors and
/// ticket systems nest some twenty levels.
const NESTING_LIMIT: u8 = 32;

/// Takes a string, every string in an array, and the fields of nested objects of an unknown tool's
/// input. `depth` is what is left of [`NESTING_LIMIT`].
///
/// Errors: it nests deeper, where something could hide.
fn push_any<'a>(
    parts: &mut Vec<Part<'a>>,
    tool: &str,
    field: &str,
    raw: &'a RawValue,
    depth: u8,
) -> Result<(), ParseError> {
    let text = raw.get();
    if text.starts_with('"') {
        if let Some(role) = role_by_name(tool, field) {
            parts.push(Part {
                role,
                field: Cow::Owned(field.to_owned()),
                raw,
                joined: None,
            });
        }
        return Ok(());
    }
    if !text.starts_with(['[', '{']) {
        return Ok(());
    }
    let depth = depth.checked_sub(1).ok_or_else(|| {
        ParseError(format!(
            "the input nests deeper than {NESTING_LIMIT} levels"
        ))
    })?;
    if text.starts_with('{') {
        return push_fields(parts, tool, &Fields::parse(text)?, depth);
    }
    let items: Vec<&'a RawValue> =
        serde_json::from_str(text).map_err(|_| ParseError::wrong_type(field))?;
    for item in items {
        push_any(parts, tool, field, item, depth)?;
    }
    Ok(())
}

/// The fields of an unknown tool's input, or of an object in it.
fn push_fields<'a>(
    parts: &mut Vec<Part<'a>>,
    tool: &str,
    fields: &Fields<'a>,
    depth: u8,
) -> Result<(), ParseError> {
    if let Some(command) = with_arguments(tool, fields) {
        parts.push(command);
    }
    for (field, raw) in fields.iter() {
        push_any(parts, tool, field, raw, depth)?;
    }
    Ok(())
}

/// A program and its arguments in fields of their own, as the shell text that starts the same.
fn with_arguments<'a>(tool: &str, fields: &Fields<'a>) -> Option<Part<'a>> {
    let (field, raw) = fields
        .iter()
        .find(|(name, _)| matches!(*name, "args" | "arguments" | "argv" | "params"))?;
    let program = ["command", "cmd", "program", "executable"]
        .into_iter()
        .map(|it| fields.lenient(it))
        .find(|it| !it.is_empty());
    if program.is_none() && !says(tool, STARTING) {
        return None;
    }
    let arguments: Vec<String> = serde_json::from_str(raw.get()).ok()?;
    let mut text = program.map_or_else(String::new, Cow::into_owned);
    for argument in &arguments {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push('\'');
        text.push_str(&argument.replace('\'', r"'\''"));
        text.push('\'');
    }
    Some(Part {
        role: BASH,
        field: Cow::Owned(field.to_owned()),
        raw,
        joined: Some(text),
    })
}

/// Words in the names of tools that start programs.
const STARTING: &[&str] = &[
    "shell", "bash", "exec", "terminal", "run", "spawn", "process",
];

/// Words in the names of tools that change what they are given.
const CHANGING: &[&str] = &[
    "write", "edit", "create", "delete", "remove", "move", "rename", "save", "put", "append",
    "update", "replace", "patch", "mkdir", "insert", "upload",
];

/// True for a tool that changes files, by its name.
pub fn is_changing(tool: &str) -> bool {
    says(tool, CHANGING)
}

/// True where the action of a tool's name holds one of the words.
fn says(tool: &str, words: &[&str]) -> bool {
    let action = tool.rsplit("__").next().unwrap_or(tool);
    let action = action.to_ascii_lowercase();
    words.iter().any(|it| action.contains(it))
}

/// What a field of an MCP or unknown tool is, by its name; `None` for one that means nothing to guards.
fn role_by_name(tool: &str, field: &str) -> Option<Role> {
    let words = |list: &[&str]| says(tool, list);
    Some(match field.to_ascii_lowercase().as_str() {
        "command" | "cmd" | "commands" | "shell_command" | "bash" => BASH,
        "script" | "code" | "source_code"
            if words(&["shell", "bash", "exec", "terminal", "run_command"]) =>
        {
            BASH
        }
        "script" | "code" | "source_code" | "expression" => Role::Code,
        "path" | "paths" | "file_path" | "filepath" | "filename" | "file" | "files"
        | "notebook_path" | "relative_path" | "absolute_path" | "target_file" | "target_path"
        | "dir" | "directory" | "target" | "location" => {
            if is_changing(tool) {
                Role::WritePath
            } else if words(&["list", "search", "glob", "grep", "find", "tree"]) {
                Role::SearchPath
            } else {
                Role::ReadPath
            }
        }
        "destination" | "dest" | "new_path" | "to_path" | "output_path" | "output" => {
            Role::WritePath
        }
        "source" | "src" | "from_path" | "old_path" => {
            if words(&["move", "rename"]) {
                Role::WritePath
            } else {
                Role::ReadPath
            }
        }
        "url" | "uri" | "urls" | "endpoint" | "href" => Role::Url,
        "content" | "contents" | "text" | "new_string" | "new_str" | "new_source" | "data"
        | "body" => Role::Content,
        "prompt" | "message" | "instructions" | "query" => Role::Prompt,
        _ => return None,
    })
}
