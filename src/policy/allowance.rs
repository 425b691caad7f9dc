//! Owns the exceptions people grant with `hookbin allow`: `<state>/allow.jsonl`, one line per grant,
//! revocation and use, and whether one covers a finding. Does not own who may grant (`cmd::allow`).
//! Invariant: lines are only appended; a line that does not read grants nothing; what protects hookbin
//! itself, and managed rules, cannot be allowed.

use std::io;

use serde::{Deserialize, Serialize};

use super::{Allowance, Grants, Policy};
use crate::host::{ADMINISTRATOR, Dirs, FileKind, Host, Locked};
use crate::verdict::Finding;

/// Where the lines are.
pub fn file(dirs: &Dirs) -> String {
    format!("{}/allow.jsonl", dirs.state)
}

/// The allowances in force, oldest first. Whether one is over is asked where it is used
/// ([`Policy::allows`]). Nothing is allowed where the file cannot be read, or where others can write it.
pub fn allowances(host: &dyn Host, dirs: &Dirs) -> Vec<Allowance> {
    let path = file(dirs);
    if !is_private(host, &path) {
        return Vec::new();
    }
    host.read(&path, SIZE_LIMIT)
        .map_or_else(|_| Vec::new(), |it| standing(&it))
}

/// What was granted since the file was `seen` bytes long, and how long its lines are at this moment. `None`
/// where it has not changed, and where nothing in it counts. A file that became shorter is another one, and
/// all that stands in it is news.
pub fn granted_since(host: &dyn Host, dirs: &Dirs, seen: u64) -> Option<(u64, Vec<Allowance>)> {
    let path = file(dirs);
    let size = match host.metadata(&path) {
        Ok(meta) => meta.size,
        Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
        Err(_) => return None,
    };
    if size == seen {
        return None;
    }
    if size == 0 {
        return Some((0, Vec::new()));
    }
    if !is_private(host, &path) {
        return None;
    }
    let bytes = host.read(&path, SIZE_LIMIT).ok()?;
    let ends_line = |end: usize| end.checked_sub(1).and_then(|it| bytes.get(it)) == Some(&b'\n');
    let from = usize::try_from(seen).ok().filter(|it| ends_line(*it));
    let fresh = standing(bytes.get(from.unwrap_or(0)..).unwrap_or_default());
    let mut granted = standing(&bytes);
    granted.retain(|it| fresh.contains(it));
    // What follows the last newline is looked at again when it has become a line.
    let whole = bytes.iter().rposition(|it| *it == b'\n');
    let whole = whole.map_or(0, |it| it + 1);
    Some((whole as u64, granted))
}

/// True for a regular file, reached through no symlink of its own, that belongs to the user (or to the
/// administrator) and that nobody else can write: what stands in another one was not granted by the user.
pub(super) fn is_private(host: &dyn Host, path: &str) -> bool {
    const OTHERS_WRITE: u32 = 0o022;
    host.metadata(path).is_ok_and(|it| {
        let own = it.owner == host.user() || it.owner == ADMINISTRATOR;
        it.kind == FileKind::File && it.mode & OTHERS_WRITE == 0 && own
    })
}

/// Adds a grant.
pub fn grant(host: &dyn Host, dirs: &Dirs, allowance: &Allowance) -> io::Result<()> {
    let mut locked = host.lock(&file(dirs))?;
    append(locked.as_mut(), &Line::Grant(allowance.clone()))
}

/// Takes a grant back. `None` where no such grant stands.
pub fn revoke(host: &dyn Host, dirs: &Dirs, id: &str) -> io::Result<Option<Allowance>> {
    end(host, dirs, id, Line::Revoke)
}

/// Uses up an allowance that holds once. False where another process was quicker: then it does not
/// cover this call. An allowance that holds more than once is left alone.
pub fn consume(host: &dyn Host, dirs: &Dirs, allowance: &Allowance) -> io::Result<bool> {
    if !allowance.once {
        return Ok(true);
    }
    end(host, dirs, &allowance.id, Line::Used).map(|it| it.is_some())
}

impl Policy {
    /// The allowance that covers a finding about this shell text and path (either may be empty), in
    /// this project, at this time in Unix seconds.
    pub fn allows(
        &self,
        finding: &Finding,
        command: &str,
        path: &str,
        project: &str,
        now: i64,
    ) -> Option<&Allowance> {
        if self.grants == Grants::None
            || self.is_inviolable(&finding.rule, &finding.pack)
            || super::find(&self.fixed, &finding.rule, &finding.pack, finding.severity).is_some()
        {
            return None;
        }
        self.allowances.iter().find(|it| {
            it.rule == finding.rule
                && (it.until == 0 || now < it.until)
                && (it.command.is_empty() || it.command == command)
                && (it.path.is_empty() || covers(&it.path, path))
                && (it.project.is_empty() || it.project == project)
        })
    }
}

/// Whether an allowed path, or a directory written `dir/**`, covers a path. A path that climbs is
/// covered by nothing.
fn covers(allowed: &str, path: &str) -> bool {
    if path.is_empty() || path.split('/').any(|it| it == "..") {
        return false;
    }
    match allowed.strip_suffix("/**") {
        Some(directory) => path
            .strip_prefix(directory)
            .is_some_and(|it| it.starts_with('/')),
        None => allowed == path,
    }
}

/// One line of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Line {
    Grant(Allowance),
    Revoke(String),
    Used(String),
}

/// The grants that no later line ends.
fn standing(bytes: &[u8]) -> Vec<Allowance> {
    let mut list: Vec<Allowance> = Vec::new();
    for line in bytes.split(|it| *it == b'\n') {
        match serde_json::from_slice(line) {
            Ok(Line::Grant(it)) => list.push(it),
            Ok(Line::Revoke(id) | Line::Used(id)) => list.retain(|it| it.id != id),
            Err(_) => {}
        }
    }
    list
}

/// Ends a standing grant under the lock, so that of two processes one finds it gone.
fn end(
    host: &dyn Host,
    dirs: &Dirs,
    id: &str,
    line: impl FnOnce(String) -> Line,
) -> io::Result<Option<Allowance>> {
    let mut locked = host.lock(&file(dirs))?;
    let bytes = locked.tail(SIZE_LIMIT)?;
    let Some(found) = standing(&bytes).into_iter().find(|it| it.id == id) else {
        return Ok(None);
    };
    append(locked.as_mut(), &line(id.to_owned()))?;
    Ok(Some(found))
}

/// Appends a line, closing one that was torn by a crash first.
fn append(locked: &mut dyn Locked, line: &Line) -> io::Result<()> {
    let mut bytes = Vec::new();
    if locked.size()? > 0 && locked.tail(1)? != b"\n" {
        bytes.push(b'\n');
    }
    serde_json::to_writer(&mut bytes, line)?;
    bytes.push(b'\n');
    locked.append(&bytes)?;
    locked.sync()
}

/// The file is at most this long.
const SIZE_LIMIT: usize = 4 << 20;

#[cfg(test)]
mod tests;
