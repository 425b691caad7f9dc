//! Owns what makes two calls the same: [`substance_key`] for calls that fail, [`subject_key`] for calls that
//! spin. Does not own the signature of a failure (`failure`).

use std::hash::{DefaultHasher, Hasher};

use crate::event::{Fields, Role, ToolCall};
use crate::failure;
use crate::shell::{Invocation, Reading};
use crate::word::listed;

/// Programs that only prepare for the one that matters.
const PREPARING: &str = "cd export set source . echo true mkdir pushd ulimit";

/// The program of a call whose failure it is: of shell text the first that does more than prepare, of an edit
/// the tool and the file, else the tool.
pub fn program(call: &ToolCall, reading: Option<&Reading>) -> String {
    let started = |it: &&Invocation| !it.program.is_empty();
    let tells = |it: &&Invocation| !listed(PREPARING, &it.program);
    if let Some(reading) = reading {
        let mut all = reading.invocations.iter().filter(started);
        let telling = all.clone().find(tells).or_else(|| all.next());
        return telling.map_or_else(|| call.name.to_string(), |it| it.program.clone());
    }
    let path = call.part(Role::WritePath).or(call.part(Role::ReadPath));
    match path {
        Some(path) => [&call.name, " ", path.text().as_ref()].concat(),
        None => call.name.to_string(),
    }
}

/// What a call does, without what changes from one try to the next: numbers, temporary names, blanks, the
/// description. `reading` is how its shell text reads, `root` the project.
pub fn substance_key(call: &ToolCall, reading: Option<&Reading>, root: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    let mut add = |mark: &str, text: &str| {
        hasher.write(mark.as_bytes());
        hasher.write(failure::shape(text, root, false).as_bytes());
        // A shape is of the beginning; what differs far behind it differs.
        let rest = text.len().min(failure::SHAPE_LIMIT);
        hasher.write(text.as_bytes().get(rest..).unwrap_or_default());
    };
    add("", &call.name);
    if let Some(reading) = reading {
        for invocation in &reading.invocations {
            add("\n", &invocation.program);
            for arg in invocation.args() {
                add(" ", &arg.text);
            }
            for redirect in &invocation.redirects {
                add(">", &redirect.target.text);
            }
        }
        return hasher.finish();
    }
    let fields = Fields::parse(call.input.get()).ok();
    match fields.filter(|_| call.name == "Edit") {
        // What is to come in its place does not matter where the old text is not found.
        Some(fields) => {
            for field in ["file_path", "old_string"] {
                add("\n", &fields.lenient(field));
            }
        }
        None => add("\n", call.input.get()),
    }
    hasher.finish()
}

/// What a call is about, to the letter.
pub fn subject_key(call: &ToolCall) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(call.name.as_bytes());
    match call.shell() {
        // The description beside it is written anew each time.
        Some(part) => hasher.write(part.text().as_bytes()),
        None => hasher.write(call.input.get().as_bytes()),
    }
    hasher.finish()
}

/// Whether a call starts a subagent.
pub fn spawns(call: &ToolCall) -> bool {
    matches!(&*call.name, "Agent" | "Task")
}

/// The digest of any text.
pub fn digest(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}
