//! Owns what the fields of a tool mean that nobody described: MCP tools and those the client has since
//! learnt, read by the names of tool and field and by the look of the value. Does not own the built-in
//! tools (`tool`). Invariant: a program text, a shell text or a path is found under whatever name.

mod started;
mod tool_line;

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::fields::{Fields, ParseError};
use super::tool::{BASH, Part, Role};

/// Arrays and objects in an unknown tool's input are followed this deep. Documents of editors and
/// ticket systems nest some twenty levels.
const NESTING_LIMIT: u8 = 32;

/// Takes the parts of an unknown tool's input.
pub(super) fn push<'a>(
    parts: &mut Vec<Part<'a>>,
    tool: &str,
    fields: &Fields<'a>,
) -> Result<(), ParseError> {
    let tool = Tool {
        name: tool,
        changes: is_changing(tool) || brings_content(tool, fields),
    };
    push_fields(parts, tool, fields, NESTING_LIMIT)
}

/// The tool whose input is read.
#[derive(Clone, Copy)]
struct Tool<'t> {
    name: &'t str,
    /// What stands at a path it is given is changed.
    changes: bool,
}

/// True where the input brings what a file is to hold, whatever the tool is called.
fn brings_content(tool: &str, fields: &Fields) -> bool {
    let content = |(name, _): (&str, _)| {
        matches!(
            folded(name).as_str(),
            "content" | "contents" | "filetext" | "newstring" | "newstr" | "newtext" | "edits"
        )
    };
    !only_looks(&action_words(tool)) && fields.iter().any(content)
}

/// A field's name as it is compared: `newString`, `new_string` and `new-string` are one.
fn folded(field: &str) -> String {
    let letters = field.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|it| it.to_ascii_lowercase()).collect()
}

/// Takes a string, every string in an array, and the fields of nested objects of an unknown tool's
/// input. `depth` is what is left of [`NESTING_LIMIT`].
///
/// Errors: it nests deeper, where something could hide.
fn push_any<'a>(
    parts: &mut Vec<Part<'a>>,
    tool: Tool,
    field: &str,
    raw: &'a RawValue,
    depth: u8,
) -> Result<(), ParseError> {
    let text = raw.get();
    if text.starts_with('"') {
        if let Some(role) = role_by_name(tool, field, raw) {
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
    tool: Tool,
    fields: &Fields<'a>,
    depth: u8,
) -> Result<(), ParseError> {
    if let Some(command) = started::with_arguments(tool.name, fields) {
        parts.push(command);
    }
    if let Some(command) = started::interpreted(tool.name, fields) {
        parts.push(command);
    }
    parts.extend(started::queried(tool.name, fields));
    parts.extend(tool_line::command(tool.name, fields));
    for (field, raw) in fields.iter() {
        push_any(parts, tool, field, raw, depth)?;
    }
    Ok(())
}

/// Words in the names of tools, or of their servers, that type into a shell.
const TYPING: &[&str] = &[
    "shell", "bash", "zsh", "terminal", "tmux", "pty", "tty", "iterm", "ssh", "command",
];

/// Words in the names of tools that change what they are given.
const CHANGING: &[&str] = &[
    "write",
    "edit",
    "create",
    "delete",
    "remove",
    "move",
    "rename",
    "save",
    "put",
    "append",
    "update",
    "replace",
    "patch",
    "mkdir",
    "insert",
    "upload",
    "modify",
    "overwrite",
    "truncate",
    "unlink",
    "symlink",
    "trash",
];

/// The same where they stand as whole words: letters of other words otherwise.
const CHANGING_WORDS: &[&str] = &[
    "add", "apply", "change", "checkout", "chmod", "chown", "clone", "commit", "copy", "cp",
    "download", "dump", "export", "extract", "fix", "format", "generate", "install", "link", "ln",
    "make", "mv", "reformat", "restore", "rewrite", "rm", "set", "store", "sync", "touch",
    "unpack", "untar", "unzip",
];

/// First words of the names of tools that only look.
const READING: &[&str] = &[
    "get", "list", "read", "search", "find", "show", "view", "describe", "check", "fetch",
];

/// True for a tool that changes files, by its name.
pub fn is_changing(tool: &str) -> bool {
    if says(tool, CHANGING) {
        return true;
    }
    let words = action_words(tool);
    !only_looks(&words) && words.iter().any(|it| CHANGING_WORDS.contains(&it.as_str()))
}

/// True for a tool that only looks, by its name.
pub fn is_looking(tool: &str) -> bool {
    let words = action_words(tool);
    let changes = |it: &String| CHANGING_WORDS.contains(&it.as_str());
    only_looks(&words) && !words.iter().any(changes) && !says(tool, CHANGING)
}

/// True for a tool that sends the files it is given to others, by its name.
pub fn is_sending(tool: &str) -> bool {
    let words = action_words(tool);
    let sends = [
        "upload", "send", "attach", "share", "email", "mail", "post", "publish",
    ];
    tool.starts_with("mcp__") && words.iter().any(|it| sends.contains(&it.as_str()))
}

/// True where a tool's name starts with a word of looking.
fn only_looks(words: &[String]) -> bool {
    let first = words.first();
    first.is_some_and(|it| READING.contains(&it.as_str()))
}

/// What a tool does, as its name says it after the server's.
fn action(tool: &str) -> &str {
    tool.rsplit("__").next().unwrap_or(tool)
}

/// The words of `copy_file`, `copyFile` and `copy-file`.
fn action_words(tool: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut small = false;
    for letter in action(tool).chars() {
        let starts = letter.is_ascii_uppercase() && small || !letter.is_ascii_alphanumeric();
        small = letter.is_ascii_lowercase();
        if starts {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut()
            && letter.is_ascii_alphanumeric()
        {
            word.push(letter.to_ascii_lowercase());
        }
    }
    words.retain(|it| !it.is_empty());
    words
}

/// True where the action of a tool's name holds one of the words.
fn says(tool: &str, words: &[&str]) -> bool {
    let action = action(tool).to_ascii_lowercase();
    words.iter().any(|it| action.contains(it))
}

/// What a field of an MCP or unknown tool is, by its name and, under a name that says nothing, by the
/// look of its value; `None` for one that means nothing to guards.
fn role_by_name(tool: Tool, field: &str, raw: &RawValue) -> Option<Role> {
    let field = folded(field);
    let by_verb = || {
        if tool.changes {
            Role::WritePath
        } else if says(
            tool.name,
            &["list", "search", "glob", "grep", "find", "tree"],
        ) {
            Role::SearchPath
        } else {
            Role::ReadPath
        }
    };
    if let Some(role) = runs(tool.name, &field, raw) {
        return Some(role);
    }
    Some(match field.as_str() {
        _ if is_url(raw) => Role::Url,
        "path" | "paths" | "filepath" | "filename" | "file" | "files" | "notebookpath"
        | "relativepath" | "absolutepath" | "targetfile" | "targetpath" | "dir" | "directory"
        | "target" | "location" => by_verb(),
        "destination" | "dest" | "newpath" | "topath" | "outputpath" | "output" => Role::WritePath,
        "source" | "src" | "frompath" | "oldpath" => {
            if says(tool.name, &["move", "rename"]) {
                Role::WritePath
            } else {
                Role::ReadPath
            }
        }
        "url" | "uri" | "urls" | "endpoint" | "href" | "link" | "host" | "hostname" | "baseurl" => {
            Role::Url
        }
        "content" | "contents" | "text" | "newstring" | "newstr" | "newsource" | "data"
        | "body" => Role::Content,
        "prompt" | "message" | "instructions" | "query" | "branch" | "branchname" | "ref" => {
            Role::Prompt
        }
        "title" | "key" | "value" | "pattern" | "route" | "topic" | "label" => return None,
        _ if !is_placed(&field, raw) => return None,
        "dst" | "to" | "out" | "outfile" | "outputfile" | "saveto" | "savepath" | "destpath"
        | "destinationpath" => Role::WritePath,
        _ => by_verb(),
    })
}

/// Fields that hold shell text or code.
fn runs(tool: &str, field: &str, raw: &RawValue) -> Option<Role> {
    let types = || {
        let whole = tool.to_ascii_lowercase();
        TYPING.iter().any(|it| whole.contains(it))
    };
    let commands = [
        "command",
        "commands",
        "commandline",
        "cmd",
        "cmds",
        "cmdline",
    ];
    match field {
        "bash" => Some(BASH),
        _ if commands.iter().any(|it| field.ends_with(it)) => Some(BASH),
        "script" | "code" | "sourcecode"
            if says(tool, &["shell", "bash", "exec", "terminal", "run_command"])
                && !says(tool, &["code", "python", "script"]) =>
        {
            Some(BASH)
        }
        "script" | "code" | "sourcecode" | "expression" => Some(Role::Code),
        "input" | "line" | "exec" | "run" | "statement" | "text" | "keys" | "stdin" if types() => {
            Some(BASH)
        }
        // The shell's own name is one word.
        "shell" | "args" if types() && raw.get().contains(' ') => Some(BASH),
        _ => None,
    }
}

/// True for a value that is one URL.
fn is_url(raw: &RawValue) -> bool {
    let text = raw.get().trim_matches('"');
    let scheme = text.split_once("://").map_or("", |it| it.0);
    let known = ["http", "https", "ws", "wss", "ftp", "gopher"];
    known.iter().any(|it| scheme.eq_ignore_ascii_case(it)) && !text.contains([' ', '\\'])
}

/// True for a value that looks like a file's place: absolute, from a home, or from here; one word,
/// unless the field's name speaks of a path.
fn is_placed(field: &str, raw: &RawValue) -> bool {
    const LENGTH: usize = 4096;
    let text = raw.get().trim_matches('"');
    let speaks = ["path", "file", "name", "dir", "folder"];
    if text.contains(' ') && !speaks.iter().any(|it| field.contains(it)) {
        return false;
    }
    let plain = text.len() <= LENGTH && !text.contains("\\n") && !text.starts_with("//");
    let absolute = text.starts_with('/') && text.matches('/').count() > 1;
    let relative = text.starts_with(['~', '.', '$']) && text.contains('/');
    plain && (absolute || relative || text.starts_with("file:"))
}
