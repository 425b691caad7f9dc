//! Owns the real machine behind [`Host`]: [`Os`]. Does not own unsafe calls (`raw`) nor how files are
//! locked and replaced (`lock`, `atomic`). Invariant: no call blocks on what is not a regular file, and
//! none reads without a limit.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};

use chrono::{DateTime, Utc};

use super::{Ancestor, FileKind, Host, Locked, Meta, atomic, lock, people, raw};

/// The machine hookbin runs on.
#[derive(Clone, Copy, Debug, Default)]
pub struct Os;

impl Host for Os {
    fn now(&self) -> DateTime<Utc> {
        raw::now()
    }

    fn env(&self, name: &str) -> Option<String> {
        raw::env(name)
    }

    fn variables(&self) -> Vec<String> {
        std::env::vars_os()
            .filter_map(|(name, _)| name.into_string().ok())
            .collect()
    }

    fn metadata(&self, path: &str) -> io::Result<Meta> {
        fs::symlink_metadata(path).map(|it| meta(&it))
    }

    fn read_link(&self, path: &str) -> io::Result<String> {
        fs::read_link(path)?
            .into_os_string()
            .into_string()
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "link target is not UTF-8"))
    }

    fn read(&self, path: &str, limit: usize) -> io::Result<Vec<u8>> {
        let (file, size) = open_regular(path)?;
        if size > limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        let mut bytes = Vec::with_capacity(size + 1);
        // Files of /proc have no size, others may grow meanwhile.
        file.take(limit as u64 + 1).read_to_end(&mut bytes)?;
        if bytes.len() > limit {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        Ok(bytes)
    }

    fn tail(&self, path: &str, limit: usize) -> io::Result<Vec<u8>> {
        let (mut file, size) = open_regular(path)?;
        let wanted = size.min(limit);
        file.seek(SeekFrom::Start((size - wanted) as u64))?;
        let mut bytes = Vec::with_capacity(wanted);
        file.take(wanted as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(path)? {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort_unstable();
        Ok(names)
    }

    fn lock(&self, path: &str) -> io::Result<Box<dyn Locked + '_>> {
        Ok(Box::new(lock::acquire(path)?))
    }

    fn try_lock(&self, path: &str) -> io::Result<Option<Box<dyn Locked + '_>>> {
        let locked = lock::try_acquire(path)?;
        Ok(locked.map(|it| Box::new(it) as Box<dyn Locked>))
    }

    fn write(&self, path: &str, content: &[u8], mode: u32) -> io::Result<()> {
        atomic::write(path, content, mode)
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn random(&self) -> [u8; 16] {
        raw::random()
    }

    fn executable(&self) -> String {
        // Asking /proc takes as long as all other lookups of a call together.
        let is_file = |path: &String| {
            path.starts_with('/')
                && self
                    .metadata(path)
                    .is_ok_and(|it| it.kind == FileKind::File)
        };
        let told = || {
            std::env::current_exe()
                .ok()?
                .into_os_string()
                .into_string()
                .ok()
        };
        let called = raw::called_as().filter(is_file);
        called.or_else(told).unwrap_or_default()
    }

    fn uptime_us(&self) -> u64 {
        raw::uptime_us()
    }

    fn expect_failure(&self, direction: raw::Direction) {
        raw::set_direction(direction);
    }

    fn detach(&self, program: &str, args: &[String]) -> io::Result<()> {
        raw::detach(program, args)
    }

    fn user(&self) -> u32 {
        raw::user()
    }

    fn ancestors(&self) -> Vec<Ancestor> {
        people::ancestors(self, std::process::id())
    }

    fn terminal(&self) -> bool {
        io::IsTerminal::is_terminal(&io::stdin())
    }

    fn wait(&self, millis: u64) -> bool {
        std::thread::sleep(std::time::Duration::from_millis(millis));
        true
    }
}

/// Opens a regular file for reading and tells its size.
fn open_regular(path: &str) -> io::Result<(File, usize)> {
    // Non-blocking: opening a named pipe must not wait for its other end.
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NONBLOCK)
        .open(path)?;
    let meta = file.metadata()?;
    if meta.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !meta.is_file() {
        return Err(io::Error::other("not a regular file"));
    }
    Ok((file, usize::try_from(meta.len()).unwrap_or(usize::MAX)))
}

fn meta(meta: &fs::Metadata) -> Meta {
    let kind = match meta.file_type() {
        it if it.is_file() => FileKind::File,
        it if it.is_dir() => FileKind::Directory,
        it if it.is_symlink() => FileKind::Symlink,
        _ => FileKind::Other,
    };
    Meta {
        kind,
        size: meta.size(),
        mtime_ns: nanoseconds(meta.mtime(), meta.mtime_nsec()),
        ctime_ns: nanoseconds(meta.ctime(), meta.ctime_nsec()),
        device: meta.dev(),
        inode: meta.ino(),
        links: meta.nlink(),
        mode: meta.mode(),
        owner: meta.uid(),
    }
}

fn nanoseconds(seconds: i64, rest: i64) -> i64 {
    seconds.saturating_mul(1_000_000_000).saturating_add(rest)
}

#[cfg(test)]
mod tests;
