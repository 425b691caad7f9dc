//! Owns a session's file: opened under its lock, read, written, set aside, pruned. Does not own what is
//! remembered. Invariant: the lock is held from [`open`] until the [`OpenSession`] is dropped.

use std::io;

use sha2::{Digest, Sha256};

use super::{Change, Session, VERSION, line};
use crate::hex;
use crate::host::{Dirs, Host, Locked};

/// A file past this size is compacted to its last line.
const FILE_LIMIT: u64 = 64 << 10;
/// A state is nearly always shorter than this.
const TAIL: usize = 2 << 10;
/// At most this many are removed at once: a session must end in time.
const PRUNE_LIMIT: usize = 256;
/// Sessions untouched for this long are over.
const KEEP_DAYS: i64 = 30;

/// A session under its lock.
pub struct OpenSession<'a> {
    pub session: Session,
    /// What was wrong with the file, for the user; the old content is kept beside it.
    pub problem: Option<String>,
    file: Box<dyn Locked + 'a>,
    /// The line that was read.
    stored: Vec<u8>,
    /// The file does not end in a newline: its last writer died.
    torn: bool,
}

/// Opens and locks a session's state; what is not there or not readable as one begins anew.
pub fn open<'a>(host: &'a dyn Host, dirs: &Dirs, session_id: &str) -> io::Result<OpenSession<'a>> {
    let path = format!("{}/{}.log", directory(dirs), file_name(session_id));
    let mut file = host.lock(&path)?;
    let found = find_last(&mut *file)?;
    let mut open = OpenSession {
        session: found.session.unwrap_or_default(),
        problem: None,
        file,
        stored: found.line,
        torn: found.torn,
    };
    if found.foreign {
        open.set_aside(host, &path)?;
    }
    Ok(open)
}

impl OpenSession<'_> {
    /// Carries out changes on the state in memory.
    pub fn apply(&mut self, changes: &[Change]) {
        self.session.apply(changes);
    }

    /// Stores the state where it differs from what was read.
    pub fn store(&mut self) -> io::Result<()> {
        self.session.version = VERSION;
        let mut line = line::render(&self.session)?;
        if line == self.stored {
            return Ok(());
        }
        line.push(b'\n');
        if self.file.size()? + line.len() as u64 > FILE_LIMIT {
            self.file.replace(&line)?;
        } else if self.torn {
            self.file.append(&[b"\n", line.as_slice()].concat())?;
        } else {
            self.file.append(&line)?;
        }
        self.torn = false;
        line.pop();
        self.stored = line;
        Ok(())
    }

    /// Keeps a file that holds no state under another name and begins anew.
    fn set_aside(&mut self, host: &dyn Host, path: &str) -> io::Result<()> {
        let content = self.file.tail(usize::MAX)?;
        let stem = path.strip_suffix(".log").unwrap_or(path);
        let free = (1..=10_000)
            .map(|it: u32| format!("{stem}.corrupt-{it}"))
            .find(|it| {
                let found = host.metadata(it);
                found.is_err_and(|it| it.kind() == io::ErrorKind::NotFound)
            });
        let aside = free.ok_or_else(|| io::Error::other("no name is left"))?;
        host.write(&aside, &content, 0o600)?;
        self.file.replace(b"")?;
        self.torn = false;
        self.problem = Some(format!(
            "the remembered state of this session was unreadable and begins anew; it is kept as {aside}"
        ));
        Ok(())
    }
}

struct Found {
    session: Option<Session>,
    line: Vec<u8>,
    torn: bool,
    /// There is something, and none of it is a state or the beginning of one.
    foreign: bool,
}

/// The last complete line that is a state.
fn find_last(file: &mut dyn Locked) -> io::Result<Found> {
    let mut limit = TAIL;
    loop {
        let bytes = file.tail(limit)?;
        let whole = bytes.len() as u64 >= file.size()?;
        let torn = bytes.last().is_some_and(|it| *it != b'\n');
        let mut lines = bytes.rsplit(|it| *it == b'\n');
        // Behind the last newline: nothing, or a torn line.
        lines.next();
        let found = lines.find_map(|it| Some((line::parse(it)?, it.to_vec())));
        if let Some((session, line)) = found {
            return Ok(Found {
                session: Some(session),
                line,
                torn,
                foreign: false,
            });
        }
        if whole {
            // The very first line may be the torn one.
            let begun = torn && !bytes.contains(&b'\n') && bytes.starts_with(b"{");
            return Ok(Found {
                session: None,
                line: Vec::new(),
                torn,
                foreign: !bytes.is_empty() && !begun,
            });
        }
        limit = limit.saturating_mul(8);
    }
}

pub(super) fn directory(dirs: &Dirs) -> String {
    format!("{}/sessions", dirs.state)
}

/// The id where it can be a file name as it is, else a name made of its hash: ids come from outside.
pub fn file_name(id: &str) -> String {
    let plain = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_');
    if id.is_empty() {
        return "unknown".to_owned();
    }
    if id.len() <= 100 && id.bytes().all(plain) {
        return id.to_owned();
    }
    let mut name = String::from("id-");
    let digest = Sha256::digest(id.as_bytes());
    hex::push(&mut name, digest.get(..16).unwrap_or_default());
    name
}

/// Removes the files of sessions that nobody touched for 30 days; returns how many. The session `held`
/// is left alone: its caller holds the lock that would be waited for.
pub fn prune(host: &dyn Host, dirs: &Dirs, held: &str) -> io::Result<usize> {
    let directory = directory(dirs);
    let names = match host.list(&directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        other => other?,
    };
    let now = host.now().timestamp_nanos_opt().unwrap_or(i64::MAX);
    let oldest = now.saturating_sub(KEEP_DAYS * 24 * 3600 * 1_000_000_000);
    let mut removed = 0;
    let held = format!("{}.log", file_name(held));
    for name in names.into_iter().filter(|it| *it != held) {
        if removed >= PRUNE_LIMIT {
            break;
        }
        let path = format!("{directory}/{name}");
        let over = |path: &str| host.metadata(path).is_ok_and(|it| it.mtime_ns < oldest);
        if !over(&path) {
            continue;
        }
        // Under the lock, and asked again: a session may be resumed at this moment.
        let Ok(_held) = host.lock(&path) else {
            continue;
        };
        if over(&path) {
            host.remove(&path)?;
            removed += 1;
        }
    }
    Ok(removed)
}
