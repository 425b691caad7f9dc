//! Owns what the name of a variable says where nothing in the text sets it. Does not own values.

use crate::shell::ast::{Form, Op, Part};

/// True for a name that the environment does not use: those are upper-case.
pub(super) fn is_private(name: &str) -> bool {
    name.starts_with(|it: char| it.is_ascii_lowercase())
        && !name.bytes().any(|it| it.is_ascii_uppercase())
}

/// True for the variables in which a user says which program is wanted for a purpose.
pub(super) fn of_users_program(name: &str) -> bool {
    matches!(
        name,
        "EDITOR"
            | "VISUAL"
            | "PAGER"
            | "BROWSER"
            | "TERMINAL"
            | "CC"
            | "CXX"
            | "CPP"
            | "LD"
            | "AR"
            | "MAKE"
            | "CARGO"
            | "RUSTC"
            | "PYTHON"
            | "NODE"
            | "JAVA"
    )
}

/// True for `$TMPDIR` in front of a name: what is meant lies in the temp directory, and where the variable
/// is empty nothing of that name is at the root of the disk.
pub(super) fn is_temporary(part: &Part, next: Option<&Part>) -> bool {
    let (Part::Param(param), Some(Part::Lit(next) | Part::Quoted(next))) = (part, next) else {
        return false;
    };
    let name = next.strip_prefix('/').unwrap_or_default();
    let top = name.split(['/', '*', '?', '[']).next().unwrap_or_default();
    let whole = param.name == "TMPDIR"
        && param.form == Form::Value
        && param.index.is_none()
        && matches!(param.op, Op::None);
    whole && top.len() > 4 && !matches!(top, "lib32" | "lib64" | "media" | "mnt" | "Users")
}
