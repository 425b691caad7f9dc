//! Owns what the name of a variable says where nothing in the text sets it. Does not own values.

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
