//! Owns files of our own held under an exclusive lock. Does not own what is in them. Invariant: the file
//! that is locked is the one its path names, so that two processes never write the same file at once,
//! also where one of them replaces it. Waiting for a lock is bounded by the deadline of the process.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};

use super::atomic::{self, Beside};
use super::{Locked, raw};

/// The file may be replaced while we wait for it, by one process after the other; more often than this
/// it is no accident.
const REOPEN_LIMIT: usize = 10_000;

/// A file of our own, locked until it is dropped.
pub(super) struct LockedFile {
    file: File,
    path: String,
    /// Only we write it while we hold it.
    size: u64,
    appending: bool,
}

/// Opens, creates where missing, and locks the file at `path`.
pub(super) fn acquire(path: &str) -> io::Result<LockedFile> {
    let locked = open_with(path, &|file| file.lock().map(|()| true))?;
    locked.ok_or_else(|| io::ErrorKind::WouldBlock.into())
}

/// The same without waiting: nothing where another process holds the file.
pub(super) fn try_acquire(path: &str) -> io::Result<Option<LockedFile>> {
    open_with(path, &|file| match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    })
}

/// `lock` says whether it got the file.
fn open_with(
    path: &str,
    lock: &dyn Fn(&File) -> io::Result<bool>,
) -> io::Result<Option<LockedFile>> {
    for _ in 0..REOPEN_LIMIT {
        let file = match open(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                atomic::create_parents(path)?;
                open(path)?
            }
            other => other?,
        };
        if !lock(&file)? {
            return Ok(None);
        }
        let held = file.metadata()?;
        if !held.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        match fs::symlink_metadata(path) {
            Ok(named) if named.ino() == held.ino() && named.dev() == held.dev() => {
                return Ok(Some(LockedFile {
                    file,
                    path: path.to_owned(),
                    size: held.size(),
                    appending: true,
                }));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("the file is replaced again and again"))
}

fn open(path: &str) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .mode(0o600)
        .custom_flags(libc::O_NOFOLLOW)
        .open(path)
}

impl LockedFile {
    /// Changes between appending and writing in place: a positioned write to an appending file appends.
    fn set_appending(&mut self, appending: bool) -> io::Result<()> {
        if self.appending != appending {
            raw::set_appending(self.file.as_raw_fd(), appending)?;
            self.appending = appending;
        }
        Ok(())
    }
}

impl Locked for LockedFile {
    fn size(&self) -> io::Result<u64> {
        Ok(self.size)
    }

    fn tail(&mut self, limit: usize) -> io::Result<Vec<u8>> {
        let length = self.size.min(limit as u64);
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(limit)];
        self.file.read_exact_at(&mut bytes, self.size - length)?;
        Ok(bytes)
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.set_appending(true)?;
        loop {
            match (&self.file).write(bytes) {
                Ok(written) => {
                    self.size += written as u64;
                    if written < bytes.len() {
                        return Err(io::ErrorKind::StorageFull.into());
                    }
                    return Ok(());
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn replace(&mut self, bytes: &[u8]) -> io::Result<()> {
        let beside = Beside::create(&self.path, 0o600)?;
        // Locked before it has the name: whoever opens it by name waits for us.
        beside.file.lock()?;
        beside.fill(bytes)?;
        self.file = beside.settle(&self.path)?;
        self.size = bytes.len() as u64;
        self.appending = true;
        Ok(())
    }

    fn overwrite(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.set_appending(false)?;
        self.file.write_all_at(bytes, 0)?;
        self.size = self.size.max(bytes.len() as u64);
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }
}
