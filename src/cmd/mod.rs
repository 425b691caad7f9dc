//! Owns the subcommands, one thin file each: arguments in, text out. Does not own what they show or
//! change. Invariant: the hook path never gets here.

pub mod allow;
pub mod policy;
pub mod rules;
pub mod trust;

/// A path as given on the command line, absolute and without `.`, `..` and doubled slashes.
fn absolute(places: &crate::path::Places, written: &str) -> String {
    let home = places.own.home.as_str();
    let base = match written.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("{home}{rest}"),
        _ if written.starts_with('/') => written.to_owned(),
        _ => format!("{}/{written}", places.cwd),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}
