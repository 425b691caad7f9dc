//! Owns what a `chmod` does to the rights of its target, as far as its arguments tell. Invariant: a mode
//! that is not understood neither narrows nor keeps anything.

use crate::path::Class;
use crate::shell::access::AccessKind;

use super::Target;

/// True for a change of mode that only takes rights from others: `chmod 600`, `chmod go-rwx`.
pub(super) fn narrows(target: &Target) -> bool {
    let public = !target.is(Class::PrivateKey);
    target.kind == AccessKind::Permission
        && mode(target).is_some_and(|mode| {
            let octal = mode.trim_start_matches('0');
            match octal.as_bytes() {
                [b'4'..=b'7', b'0', b'0'] => true,
                [b'4'..=b'7', b'0' | b'4' | b'5', b'0' | b'4' | b'5'] => public,
                _ => mode.split(',').all(only_narrows),
            }
        })
}

fn only_narrows(clause: &str) -> bool {
    match clause.split_once(['-', '=']) {
        Some((who, "")) => clause.ends_with('=') && matches!(who, "g" | "o" | "go" | "og"),
        Some((who, _)) if clause.contains('-') => matches!(who, "g" | "o" | "go" | "og"),
        Some((who, _)) => who == "u",
        None => false,
    }
}

/// True for a change of mode that leaves the owner every right.
pub(super) fn keeps_owner(target: &Target) -> bool {
    mode(target).is_some_and(|mode| {
        let octal = mode.trim_start_matches('0');
        octal.len() == 3 && octal.starts_with('7') || mode.starts_with(['+', 'g', 'o'])
    })
}

/// The mode of a `chmod`.
fn mode<'t>(target: &'t Target) -> Option<&'t str> {
    let invocation = target.invocation.filter(|it| it.program == "chmod")?;
    invocation
        .args()
        .iter()
        .map(|it| it.text.as_str())
        .find(|it| !it.starts_with('-') || it.trim_start_matches('-').starts_with(['r', 'w', 'x']))
}
