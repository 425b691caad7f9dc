//! Owns a file of the machine in memory that is held under its lock. Does not own who may take the lock.
//! Invariant: it is given back when the holder is dropped; what no longer fits on the disk is an error
//! after the part that did.

use std::io;

use super::FakeHost;
use crate::host::{FileKind, Locked};

/// A file of a [`FakeHost`] held under its lock.
pub(super) struct FakeLock<'a> {
    pub(super) host: &'a FakeHost,
    pub(super) path: String,
}

impl Locked for FakeLock<'_> {
    fn size(&self) -> io::Result<u64> {
        Ok(self.host.tree.borrow().node(&self.path)?.content.len() as u64)
    }

    fn tail(&mut self, limit: usize) -> io::Result<Vec<u8>> {
        let tree = self.host.tree.borrow();
        let content = &tree.node(&self.path)?.content;
        let from = content.len().saturating_sub(limit);
        Ok(content.get(from..).unwrap_or_default().to_vec())
    }

    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let (fits, result) = self.host.take_room(bytes.len());
        self.host.change(&self.path, |content| {
            content.extend_from_slice(bytes.get(..fits).unwrap_or_default());
        })?;
        result
    }

    fn replace(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.host.take_room(bytes.len()).1?;
        self.host
            .insert(&self.path, FileKind::File, bytes.to_vec(), 0o600);
        Ok(())
    }

    fn overwrite(&mut self, bytes: &[u8]) -> io::Result<()> {
        let grows = bytes
            .len()
            .saturating_sub(usize::try_from(self.size()?).unwrap_or(0));
        self.host.take_room(grows).1?;
        self.host.change(&self.path, |content| {
            let rest = content.get(bytes.len()..).unwrap_or_default().to_vec();
            *content = [bytes, &rest].concat();
        })
    }

    fn sync(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for FakeLock<'_> {
    fn drop(&mut self) {
        self.host.tree.borrow_mut().held.remove(&self.path);
    }
}
