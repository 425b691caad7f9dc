//! Owns the settings file on the disk: reading it, its backup, writing it back. Does not own its text
//! (`plan`). Invariants: a symlink is followed and stays a symlink, the mode stays, nothing is written
//! over a change that came in between, and there is a backup before the first change.

use std::io;

use anyhow::{Context as _, anyhow, bail};

use crate::cmd::World;
use crate::host::process::Machine;
use crate::host::{Host, through_links};
use crate::settings::{self, Layer};

/// A settings file as it was when the command started.
pub(crate) struct Store<'a> {
    host: &'a dyn Host,
    machine: &'a dyn Machine,
    /// Where the client looks for it.
    pub(crate) path: String,
    /// Where it really is.
    target: String,
    /// Its text; `None` where there is no file.
    pub(crate) text: Option<String>,
    mode: u32,
}

impl<'a> Store<'a> {
    /// Reads a layer's settings file.
    pub(crate) fn open(world: &World<'a>, layer: Layer, path: String) -> anyhow::Result<Self> {
        let host = world.host;
        let target = through_links(host, &path).with_context(|| path.clone())?;
        let text = text_of(host, &target).with_context(|| path.clone())?;
        let mode = match host.metadata(&target) {
            Ok(meta) => meta.mode & 0o7777,
            Err(_) if layer == Layer::Project => 0o644,
            Err(_) => 0o600,
        };
        Ok(Self {
            host,
            machine: world.machine,
            path,
            target,
            text,
            mode,
        })
    }

    /// The text from before the first installation, where it is known.
    pub(crate) fn before(&self) -> Option<String> {
        let text = text_of(self.host, &self.backup_path()).ok()??;
        let inspection = settings::inspect(text.as_bytes()).ok()?;
        inspection.entries.is_empty().then_some(text)
    }

    /// Where the backup is.
    pub(crate) fn backup_path(&self) -> String {
        format!("{}.hookbin-backup", self.path)
    }

    /// Saves the file as it is, unless it holds us already; true where a backup was made.
    pub(crate) fn back_up(&self) -> anyhow::Result<bool> {
        let Some(text) = &self.text else {
            return Ok(false);
        };
        if settings::inspect(text.as_bytes()).is_ok_and(|it| !it.entries.is_empty()) {
            return Ok(false);
        }
        let backup = self.backup_path();
        self.put(&backup, text)
            .with_context(|| format!("cannot write the backup {backup}"))?;
        Ok(true)
    }

    /// Puts the new text in place.
    pub(crate) fn write(&self, text: &str) -> anyhow::Result<()> {
        self.ensure_unchanged()?;
        self.put(&self.target, text)
            .with_context(|| format!("cannot write {}", self.target))
    }

    /// Writes a file with the mode of the settings file, which the umask would narrow.
    fn put(&self, path: &str, text: &str) -> io::Result<()> {
        self.host.write(path, text.as_bytes(), self.mode)?;
        match self.host.metadata(path) {
            Ok(meta) if meta.mode & 0o7777 == self.mode => Ok(()),
            _ => self.machine.set_mode(path, self.mode),
        }
    }

    /// Takes the file away: it was ours alone.
    pub(crate) fn remove(&self) -> anyhow::Result<()> {
        self.ensure_unchanged()?;
        self.host
            .remove(&self.target)
            .with_context(|| format!("cannot remove {}", self.target))
    }

    /// Takes the backup away once the file holds the same again; a failure leaves clutter and no harm.
    pub(crate) fn remove_backup(&self) {
        let _ = self.host.remove(&self.backup_path());
    }

    fn ensure_unchanged(&self) -> anyhow::Result<()> {
        if text_of(self.host, &self.target)? != self.text {
            bail!(
                "{} changed meanwhile; nothing was written, try again",
                self.path
            );
        }
        Ok(())
    }
}

/// The text of a file; `None` where there is none.
fn text_of(host: &dyn Host, path: &str) -> anyhow::Result<Option<String>> {
    match host.read(path, settings::SIZE_LIMIT) {
        Ok(bytes) => String::from_utf8(bytes)
            .map(Some)
            .map_err(|error| anyhow!("not UTF-8 at byte {}", error.utf8_error().valid_up_to())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}
