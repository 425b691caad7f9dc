//! Owns the way from one normalised path to its [`Classes`]: where it lies (root, homes, project, temp,
//! system) and, through `name` and `system`, what it is called. Does not own symlinks (`resolve`).
//! Invariants: protective classes compare names without case, zero-width characters, trailing dots and
//! spaces; harmless ones ([`Classes::HARMLESS`]) need the exact spelling.

use std::borrow::Cow;

use crate::dirs::is_companion;

use super::lexical::{Form, below, is_at_or_below};
use super::{Class, Classes, Places, build, home, name, system};

/// The classes of one place.
pub(super) fn classify(places: &Places, form: &Form) -> Classes {
    let mut classes = Classes::default();
    let folded = fold(&form.path);
    let path = without_volume(&folded);
    if !path.starts_with('/') {
        unanchored(path, form.every, &mut classes);
        return classes;
    }
    surroundings(places, form, &mut classes);
    let tail = home_tail(places, path);
    if let Some(found) = &tail {
        if found.tail.is_empty() {
            classes.add(if found.own { Class::Home } else { Class::Homes });
        } else {
            home::in_home(found.tail, &mut classes);
        }
    }
    let own_place = classes.has(Class::InProject) || classes.has(Class::Project);
    if tail.is_none() {
        temp(places, form, &mut classes);
        if !own_place && !classes.meets(TEMPORARY) {
            system::locate(path, &mut classes);
        }
        system::names(path, own_place, &mut classes);
    }
    name::anywhere(path, form.every, &mut classes);
    own(places, path, &mut classes);
    build_output(places, form, tail.is_some(), &mut classes);
    classes
}

const TEMPORARY: Classes = Classes::all(&[Class::Temp, Class::TempTop]);

/// A path whose start is not known: what its names tell.
fn unanchored(path: &str, every: bool, classes: &mut Classes) {
    if path == ".." || path.ends_with("/..") {
        classes.add(Class::Ancestor);
        return;
    }
    let tail = path.trim_start_matches("../");
    home::in_home(tail, classes);
    name::anywhere(tail, every, classes);
    if build::is_build_output(tail) {
        classes.add(Class::BuildOutput);
    }
    if name::is_own(tail) {
        classes.add(Class::Hookbin);
    }
}

/// Where the path lies in relation to the project.
///
/// A project root that is empty, `/`, a home or a directory above one, or the top of a system tree does
/// not make everything below it the project's: there only the root itself is [`Class::Project`] (and
/// not even that for `/`).
fn surroundings(places: &Places, form: &Form, classes: &mut Classes) {
    for project in [places.project.as_str(), places.worktree.as_str()] {
        if project.is_empty() || project == "/" {
            continue;
        }
        if is_at_or_below(&form.path, project) {
            if form.path.len() == project.len() {
                classes.add(Class::Project);
            } else if form.path.starts_with(project) && is_own_tree(places, project) {
                classes.add(Class::InProject);
            }
        } else if form.path == "/" || is_at_or_below(project, &form.path) {
            classes.add(Class::Ancestor);
        }
    }
}

/// True where what lies below a project root is the project's.
pub(super) fn is_own_tree(places: &Places, project: &str) -> bool {
    let mut top = Classes::default();
    system::locate(project, &mut top);
    !project.is_empty()
        && project != "/"
        && !top.has(Class::SystemTop)
        && !places.homes.iter().any(|it| is_at_or_below(it, project))
}

/// The part of a path below a home.
struct HomeTail<'a> {
    /// It is the user's own.
    own: bool,
    tail: &'a str,
}

fn home_tail<'a>(places: &Places, path: &'a str) -> Option<HomeTail<'a>> {
    for home in &places.homes {
        if home != "/"
            && let Some(tail) = below(path, home)
        {
            return Some(HomeTail { own: true, tail });
        }
    }
    let path = without_drive(path);
    let inner = ["/home", "/users", "/export/home", "/documents and settings"]
        .into_iter()
        .find_map(|it| below(path, it));
    let tail = match inner {
        Some("") => "",
        // What all users of a machine share is nobody's home.
        Some(inner) if inner == "shared" || inner.starts_with("shared/") => return None,
        Some(inner) => inner.split_once('/').map_or("", |it| it.1),
        None => below(path, "/root").or_else(|| below(path, "/var/root"))?,
    };
    Some(HomeTail { own: false, tail })
}

/// Temp directories. The project and homes below one are what they are, not temporary.
fn temp(places: &Places, form: &Form, classes: &mut Classes) {
    if classes.has(Class::InProject) || classes.has(Class::Project) {
        return;
    }
    let exact = without_private(&form.path);
    let known = places
        .temps
        .iter()
        .map(|it| without_private(it))
        .filter(|it| exact.starts_with(it) && !matches!(*it, "" | "/"))
        .filter(|it| !places.homes.iter().any(|home| home == it));
    let fixed = ["/tmp", "/var/tmp", "/dev/shm", "/var/folders"].into_iter();
    for top in known.chain(fixed) {
        match exact.strip_prefix(top) {
            Some("") => classes.add(Class::TempTop),
            Some(tail) if tail.starts_with('/') => {
                classes.add(Class::Temp);
            }
            _ => {}
        }
    }
    if classes.has(Class::TempTop) {
        classes.remove(Class::Temp);
    }
}

/// hookbin's own files, wherever the wiring put them and where they are by default.
fn own(places: &Places, path: &str, classes: &mut Classes) {
    let own = &places.own;
    let directories = [&own.config, &own.state, &own.managed];
    let wired = directories.into_iter().any(|it| is_at_or_below(path, it))
        || [&own.executable, &own.link]
            .into_iter()
            .any(|it| !it.is_empty() && path.eq_ignore_ascii_case(it) || is_companion(path, it));
    if wired || name::is_own(path) {
        classes.add(Class::Hookbin);
    }
    if is_at_or_below(path, &places.claude) {
        let tail = below(path, &places.claude).unwrap_or_default();
        if tail.is_empty() || name::is_claude_setting(tail) {
            classes.add(Class::ClaudeSettings);
        }
    }
}

/// Build output by name, in the project and elsewhere, but never a system's, nor what holds the project.
fn build_output(places: &Places, form: &Form, of_home: bool, classes: &mut Classes) {
    const NEVER: Classes = Classes::all(&[
        Class::System,
        Class::Project,
        Class::Ancestor,
        Class::Home,
        Class::Git,
        Class::Temp,
        Class::TempTop,
    ]);
    if classes.meets(NEVER) {
        return;
    }
    let tail = if classes.has(Class::InProject) {
        below(&form.path, &places.project).or_else(|| below(&form.path, &places.worktree))
    } else if of_home {
        home_tail(places, &form.path).map(|it| it.tail)
    } else {
        None
    };
    let in_home = !classes.has(Class::InProject) && tail.is_some();
    // A directory at the root of the disk is nobody's output, whatever it is called.
    let outside = || form.path.splitn(3, '/').nth(2).unwrap_or_default();
    let tail = tail.unwrap_or_else(outside);
    // `~/build` or `~/target` may be anything; `~/node_modules` and `~/.cache` may not.
    let first = tail.split('/').next().unwrap_or_default();
    let tail = if in_home && !first.starts_with('.') && first != "node_modules" {
        tail.split_once('/').map_or("", |it| it.1)
    } else {
        tail
    };
    if build::is_build_output(tail) {
        classes.add(Class::BuildOutput);
    }
}

/// The path as names compare: lower case, without characters that nobody sees, without the trailing
/// dots and spaces and stream names that some file systems drop.
pub(super) fn fold(path: &str) -> Cow<'_, str> {
    let plain = path.bytes().all(|it| {
        it.is_ascii_lowercase() || it.is_ascii_digit() || matches!(it, b'/' | b'_' | b'-' | b'.')
    });
    if plain && !path.contains("./") && !path.ends_with('.') {
        return Cow::Borrowed(path);
    }
    let mut folded = String::with_capacity(path.len());
    for (at, part) in path.split('/').enumerate() {
        if at > 0 {
            folded.push('/');
        }
        let part = part
            .find("::$")
            .map_or(part, |cut| part.get(..cut).unwrap_or(part));
        let trimmed = part.trim_end_matches(['.', ' ']);
        let part = if trimmed.is_empty() { part } else { trimmed };
        folded.extend(
            part.chars()
                .filter(|it| !is_invisible(*it))
                .map(|it| it.to_ascii_lowercase()),
        );
    }
    Cow::Owned(folded)
}

fn is_invisible(it: char) -> bool {
    matches!(it, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// The path as if the data volume and `/private` of macOS were not spelled out.
fn without_volume(path: &str) -> &str {
    let path = match below(path, "/system/volumes/data") {
        Some("") | None => path,
        Some(_) => path.get("/system/volumes/data".len()..).unwrap_or(path),
    };
    without_private(path)
}

fn without_private(path: &str) -> &str {
    match path.strip_prefix("/private") {
        Some(rest)
            if ["/tmp", "/var", "/etc"]
                .iter()
                .any(|it| is_at_or_below(rest, it)) =>
        {
            rest
        }
        _ => path,
    }
}

/// The path without the drive of Windows, also as the Linux side of one spells it.
pub(super) fn without_drive(path: &str) -> &str {
    let rest = path
        .strip_prefix("/mnt/")
        .or_else(|| path.strip_prefix("/cygdrive/"))
        .or_else(|| path.strip_prefix('/'))
        .unwrap_or(path);
    match rest.as_bytes() {
        [letter, b':', ..] if letter.is_ascii_alphabetic() => rest.get(2..).unwrap_or_default(),
        [letter] | [letter, b'/', ..] if letter.is_ascii_alphabetic() => {
            rest.get(1..).unwrap_or_default()
        }
        _ => path,
    }
}

#[cfg(test)]
mod tests;
