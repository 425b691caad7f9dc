//! Owns how a file appears whole or not at all: written beside its place, then renamed. Does not own
//! locks. Invariant: nobody ever sees half a file, and a failure leaves no temporary one behind.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};

use super::raw;

/// Writes a file at once, with its directories where they are missing. A symlink at `path` is replaced.
pub(super) fn write(path: &str, content: &[u8], mode: u32) -> io::Result<()> {
    let beside = match Beside::create(path, mode) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            create_parents(path)?;
            Beside::create(path, mode)?
        }
        other => other?,
    };
    beside.fill(content)?;
    beside.file.sync_data()?;
    beside.settle(path).map(drop)
}

/// Creates the directories above a file, for us only.
pub(super) fn create_parents(path: &str) -> io::Result<()> {
    match path.rsplit_once('/') {
        Some((parent, _)) if !parent.is_empty() => {
            DirBuilder::new().recursive(true).mode(0o700).create(parent)
        }
        _ => Ok(()),
    }
}

/// A temporary file in the directory of the one it will become. Removed unless it settles.
pub(super) struct Beside {
    pub(super) file: File,
    path: String,
    settled: bool,
}

impl Beside {
    pub(super) fn create(path: &str, mode: u32) -> io::Result<Self> {
        let (parent, name) = path.rsplit_once('/').unwrap_or((".", path));
        let salt = u64::from_le_bytes(raw::random().first_chunk().copied().unwrap_or_default());
        let temporary = format!("{parent}/.{name}.{salt:016x}.tmp");
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .create_new(true)
            .mode(mode)
            .open(&temporary)?;
        Ok(Self {
            file,
            path: temporary,
            settled: false,
        })
    }

    pub(super) fn fill(&self, content: &[u8]) -> io::Result<()> {
        (&self.file).write_all(content)
    }

    /// Renames it to its place and hands out the open file.
    pub(super) fn settle(mut self, path: &str) -> io::Result<File> {
        fs::rename(&self.path, path)?;
        self.settled = true;
        self.file.try_clone()
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.settled {
            // What failed before is the error that counts.
            let _ = fs::remove_file(&self.path);
        }
    }
}
