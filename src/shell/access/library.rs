//! Owns what functions of other languages do to the paths they are given: Python's, Node's, Perl's, Ruby's,
//! PHP's and Lua's own libraries. Does not own the reading of code (`shell::script`).

use super::AccessKind;
use crate::shell::script::{Language, Value};

/// Modules whose functions are about files; a bare name may be imported from one.
pub(super) fn is_files(module: &str) -> bool {
    module.is_empty()
        || matches!(
            module,
            "os" | "fs"
                | "fsp"
                | "fse"
                | "fs-extra"
                | "fs/promises"
                | "graceful-fs"
                | "shutil"
                | "FileUtils"
                | "File"
                | "Dir"
                | "IO"
                | "fs.promises"
                | "File.Path"
                | "pathlib"
                | "io"
                | "rimraf"
                | "promises"
                | "Deno"
                | "Bun"
                | "File.Copy"
        )
}

/// Functions whose second argument is written.
pub(super) fn has_target(name: &str) -> bool {
    matches!(
        name,
        "rename"
            | "renames"
            | "replace"
            | "move"
            | "copy"
            | "copy2"
            | "copyfile"
            | "copytree"
            | "mv"
            | "cp"
            | "cp_r"
            | "renameSync"
            | "copyFile"
            | "copyFileSync"
            | "cpSync"
            | "symlink"
            | "link"
            | "symlinkSync"
            | "linkSync"
    )
}

/// Functions whose first argument is a path.
pub(super) fn function(language: Language, name: &str, bare: bool) -> Option<(AccessKind, bool)> {
    Some(match name {
        "rmtree"
        | "rm_rf"
        | "rm_r"
        | "remove_tree"
        | "remove_dir"
        | "remove_entry_secure"
        | "remove_entry"
        | "rimraf"
        | "rimrafSync"
        | "removeSync"
        | "emptyDirSync"
        | "rmSync" => (AccessKind::Delete, true),
        "rm" | "remove" | "emptyDir" if language == Language::Node => (AccessKind::Delete, true),
        "unlink" | "rmdir" | "unlinkSync" | "rmdirSync" | "removedirs" | "rm_f" | "rm" => {
            (AccessKind::Delete, false)
        }
        "remove" | "delete" if !bare || language == Language::Python => (AccessKind::Delete, false),
        "rename" | "renames" | "renameSync" | "mv" => (AccessKind::Move, true),
        "move" | "replace" if !bare => (AccessKind::Move, true),
        "copy" | "copy2" | "copyfile" | "copytree" | "cp" | "cp_r" | "copyFile"
        | "copyFileSync" | "cpSync"
            if !bare =>
        {
            (AccessKind::Read, false)
        }
        "writeFile" | "writeFileSync" | "createWriteStream" | "file_put_contents" | "truncate"
        | "truncateSync" | "outputFileSync" | "writeTextFile" | "writeTextFileSync"
        | "binwrite" => (AccessKind::Write, false),
        "write" if !bare && language == Language::Ruby => (AccessKind::Write, false),
        "appendFile" | "appendFileSync" | "mkdir" | "makedirs" | "mkdirSync" | "mkdir_p"
        | "touch" => (AccessKind::Append, false),
        "chmod" | "chown" | "lchown" | "chmodSync" | "chownSync" => (AccessKind::Permission, false),
        "chmod_R" | "chown_R" => (AccessKind::Permission, true),
        "symlink" | "link" | "symlinkSync" | "linkSync" | "ln_s" => (AccessKind::Link, true),
        "readFile" | "readFileSync" | "createReadStream" | "file_get_contents" | "readfile"
        | "readTextFile" | "readTextFileSync" => (AccessKind::Read, false),
        "read" | "readlines" | "binread" | "foreach" if !bare && language == Language::Ruby => {
            (AccessKind::Read, false)
        }
        "lines" if !bare && language == Language::Lua => (AccessKind::Read, false),
        "listdir" | "scandir" | "walk" | "readdirSync" | "readdir" | "children" => {
            (AccessKind::List, false)
        }
        _ => return None,
    })
}

/// The access that a mode such as `"wb"` means.
pub(super) fn mode(value: Option<&Value>) -> AccessKind {
    let Some(Value::Text(mode)) = value else {
        return AccessKind::Read;
    };
    let mode = mode.strip_prefix("mode=").unwrap_or(mode);
    if mode.len() > 4 {
        AccessKind::Read
    } else if mode.contains(['w', '+']) {
        AccessKind::Write
    } else if mode.contains(['a', 'x']) {
        AccessKind::Append
    } else {
        AccessKind::Read
    }
}
