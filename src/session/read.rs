//! Owns looking at a session without its lock, for people: [`read`], and which is the [`newest`]. Does not own
//! how it is changed (`open`). Invariant: nothing is written, and a line that is no state is passed over.

use std::io;

use super::{Session, line, open};
use crate::host::{Dirs, Host};

/// A session's file is compacted long before this size (bytes).
const READ_LIMIT: usize = 1 << 20;

/// The state of the session with an id, or of the only one whose id begins so, and the name of its file
/// without the ending; absent where there is none.
pub fn read(host: &dyn Host, dirs: &Dirs, id: &str) -> io::Result<Option<(String, Session)>> {
    let names = names(host, dirs)?;
    let name = open::file_name(id);
    let mut begun = names.iter().filter(|it| it.starts_with(&name));
    let found = match names.iter().find(|it| **it == name) {
        Some(exact) => Some(exact),
        None => begun.next().filter(|_| begun.next().is_none()),
    };
    found.map_or(Ok(None), |name| load(host, dirs, name))
}

/// The session whose state changed last.
pub fn newest(host: &dyn Host, dirs: &Dirs) -> io::Result<Option<(String, Session)>> {
    let names = touched_since(host, dirs, i64::MIN)?;
    names.last().map_or(Ok(None), |name| load(host, dirs, name))
}

/// The names of the sessions that changed at or behind a time (nanoseconds since the epoch), oldest first.
pub fn touched_since(host: &dyn Host, dirs: &Dirs, since: i64) -> io::Result<Vec<String>> {
    let changed = |name: String| {
        let meta = host.metadata(&path(dirs, &name)).ok()?;
        (meta.mtime_ns >= since).then_some((meta.mtime_ns, name))
    };
    let mut found: Vec<(i64, String)> =
        names(host, dirs)?.into_iter().filter_map(changed).collect();
    found.sort_unstable();
    Ok(found.into_iter().map(|it| it.1).collect())
}

fn load(host: &dyn Host, dirs: &Dirs, name: &str) -> io::Result<Option<(String, Session)>> {
    let bytes = host.read(&path(dirs, name), READ_LIMIT)?;
    Ok(read_last(&bytes).map(|it| (name.to_owned(), it)))
}

/// The last state in a session's file.
fn read_last(bytes: &[u8]) -> Option<Session> {
    bytes.rsplit(|it| *it == b'\n').find_map(line::parse)
}

fn path(dirs: &Dirs, name: &str) -> String {
    format!("{}/{name}.log", open::directory(dirs))
}

fn names(host: &dyn Host, dirs: &Dirs) -> io::Result<Vec<String>> {
    let names = match host.list(&open::directory(dirs)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other?,
    };
    let sessions = names.iter().filter_map(|it| it.strip_suffix(".log"));
    Ok(sessions.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::fake::FakeHost;
    use crate::session::{Change, Run, open as session_open};

    fn dirs() -> Dirs {
        Dirs {
            state: "/state".to_owned(),
            ..Dirs::default()
        }
    }

    fn stored(host: &FakeHost, id: &str, steps: u64) {
        let mut open = session_open(host, &dirs(), id).unwrap();
        let run = Run {
            steps,
            ..Run::default()
        };
        open.apply(&[Change::Ran(Box::new(run))]);
        open.store().unwrap();
    }

    #[test]
    fn the_newest_session_is_found_and_any_by_the_beginning_of_its_id() {
        let host = FakeHost::new();
        assert_eq!(newest(&host, &dirs()).unwrap(), None);
        assert_eq!(read(&host, &dirs(), "a").unwrap(), None);
        stored(&host, "b-1", 1);
        host.advance(1);
        stored(&host, "a-1", 2);
        host.advance(1);
        stored(&host, "a-22", 3);
        stored(&host, "a-2", 4);
        host.advance(1);
        stored(&host, "b-1", 5);
        host.add_file("/state/sessions/z.corrupt-1", "x");
        let found = |it: io::Result<Option<(String, Session)>>| {
            it.unwrap().map(|(name, it)| (name, it.run.steps))
        };
        assert_eq!(found(newest(&host, &dirs())), Some(("b-1".to_owned(), 5)));
        for (id, name) in [("b", "b-1"), ("a-2", "a-2"), ("a-1", "a-1")] {
            let (named, _) = found(read(&host, &dirs(), id)).unwrap();
            assert_eq!(named, name, "{id}");
        }
        assert_eq!(found(read(&host, &dirs(), "a")), None, "there are three");
        assert_eq!(found(read(&host, &dirs(), "../b")), None);
    }

    #[test]
    fn the_last_line_that_is_a_state_counts() {
        let host = FakeHost::new();
        stored(&host, "s", 7);
        let mut bytes = host.file("/state/sessions/s.log").unwrap();
        bytes.extend_from_slice(b"\nnoise\n{\"v\":1,\"torn");
        host.add_file("/state/sessions/s.log", bytes);
        let (_, session) = newest(&host, &dirs()).unwrap().unwrap();
        assert_eq!(session.run.steps, 7);
    }
}
