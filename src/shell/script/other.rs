//! Owns what calls mean in languages that are read by their look alone: C, Go, Rust, Java, R, Julia and
//! whatever else calls functions with literal text. Does not own their grammar. Invariant: only names that
//! mean the same in all of them are known.

use super::{Call, Value};

/// True where the call starts a program.
pub(crate) fn starts(call: &Call) -> bool {
    match call.name() {
        "system" | "popen" | "Command" | "CommandContext" | "ProcessBuilder" | "execvp"
        | "execlp" | "execl" | "execv" | "shell" | "cmd" => true,
        "exec" => call.chain.contains("untime") || call.chain == "exec",
        "run" => call.chain == "run",
        _ => false,
    }
}

/// True where the call deletes a tree.
pub(crate) fn deletes_tree(call: &Call) -> bool {
    match call.name() {
        "RemoveAll" | "remove_dir_all" | "remove_all" | "rm_rf" | "rm_rf!" | "deleteDirectory"
        | "deleteRecursively" | "delete_directory" | "deleteTree" | "deleteDir" | "removeItem" => {
            true
        }
        "unlink" | "rm" | "Delete" => {
            let says =
                |it: &Value| matches!(it, Value::Text(text) if text.starts_with("recursive="));
            call.args.iter().any(says)
        }
        _ => false,
    }
}

/// True where the call empties or creates the file at its first argument.
pub(crate) fn writes(call: &Call) -> bool {
    matches!(
        call.name(),
        "WriteFile" | "Create" | "writeLines" | "write_all_text" | "WriteAllText"
    )
}
