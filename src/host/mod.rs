//! Owns the only door to the operating system: the [`Host`] trait, its real implementation (`os`) and
//! the in-memory one of tests and `hookbin test` (`fake`). Invariant: no other module touches files,
//! clock, environment, network or processes.
#![allow(
    clippy::disallowed_methods,
    reason = "this module is the door the lint protects"
)]

pub mod alloc;
mod atomic;
pub mod fake;
pub mod http;
mod lock;
pub mod os;
pub mod people;
pub mod process;
pub mod raw;
pub mod stdio;

use std::io;

use chrono::{DateTime, Utc};

/// What a path is, without following a symlink.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    File,
    Directory,
    Symlink,
    Other,
}

/// What `lstat` says of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meta {
    pub kind: FileKind,
    pub size: u64,
    /// Modification and change time in nanoseconds since the epoch.
    pub mtime_ns: i64,
    pub ctime_ns: i64,
    pub device: u64,
    pub inode: u64,
    /// Number of hard links.
    pub links: u64,
    pub mode: u32,
    pub owner: u32,
}

/// The user whose files nobody else needs to distrust.
pub const ADMINISTRATOR: u32 = 0;

/// A file held under an exclusive lock until it is dropped.
pub trait Locked {
    /// The file's length in bytes.
    fn size(&self) -> io::Result<u64>;
    /// The last `limit` bytes (fewer where the file is shorter).
    fn tail(&mut self, limit: usize) -> io::Result<Vec<u8>>;
    /// Appends with one write.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Replaces the whole file atomically (write beside it, rename), keeping the lock meaningful.
    fn replace(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Overwrites the start of the file in place: for a record that has the same length every time.
    /// Cheaper than [`Locked::replace`], and as whole as one small write is.
    fn overwrite(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.replace(bytes)
    }
    /// Waits until the content is on the disk.
    fn sync(&mut self) -> io::Result<()>;
}

/// The machine as hookbin may see it. All paths are absolute.
pub trait Host {
    fn now(&self) -> DateTime<Utc>;
    /// An environment variable; absent where unset or not UTF-8.
    fn env(&self, name: &str) -> Option<String>;
    /// The names of all environment variables.
    fn variables(&self) -> Vec<String> {
        Vec::new()
    }
    /// What a path is, not following a symlink in its last component.
    fn metadata(&self, path: &str) -> io::Result<Meta>;
    fn read_link(&self, path: &str) -> io::Result<String>;
    /// The content of a file of at most `limit` bytes; a larger one is an error.
    fn read(&self, path: &str, limit: usize) -> io::Result<Vec<u8>>;
    /// The last `limit` bytes of a file, all of a shorter one.
    fn tail(&self, path: &str, limit: usize) -> io::Result<Vec<u8>> {
        let mut bytes = self.read(path, usize::MAX >> 1)?;
        bytes.drain(..bytes.len().saturating_sub(limit));
        Ok(bytes)
    }
    /// The names in a directory, sorted.
    fn list(&self, path: &str) -> io::Result<Vec<String>>;
    /// Opens (creating it with mode 0600, its directories with 0700) and locks a file of our own.
    fn lock(&self, path: &str) -> io::Result<Box<dyn Locked + '_>>;
    /// The same without waiting: nothing where another process holds it.
    fn try_lock(&self, path: &str) -> io::Result<Option<Box<dyn Locked + '_>>> {
        match self.lock(path) {
            Err(error) if error.kind() == io::ErrorKind::TimedOut => Ok(None),
            other => other.map(Some),
        }
    }
    /// Writes a file atomically, creating directories with mode 0700. A symlink at `path` is replaced,
    /// not followed: see [`through_links`].
    fn write(&self, path: &str, content: &[u8], mode: u32) -> io::Result<()>;
    fn remove(&self, path: &str) -> io::Result<()>;
    /// Random bytes for salts and names.
    fn random(&self) -> [u8; 16];
    /// Microseconds since this process began to work, for records.
    fn uptime_us(&self) -> u64 {
        0
    }
    /// Says what a crash from here on has to answer.
    fn expect_failure(&self, _direction: raw::Direction) {}
    /// Starts a program that outlives this process and has nothing of it but user and environment: for the
    /// delivery of notifications only. `args` begin with the program's own name.
    fn detach(&self, _program: &str, _args: &[String]) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
    /// The user as whom this process acts.
    fn user(&self) -> u32;
    /// The file this process runs, no symlink itself; empty where the system does not tell.
    fn executable(&self) -> String {
        self.read_link("/proc/self/exe").unwrap_or_default()
    }
    /// The processes above this one, nearest first, as far as the system tells.
    fn ancestors(&self) -> Vec<Ancestor> {
        Vec::new()
    }
    /// Whether a person can type into standard input.
    fn terminal(&self) -> bool {
        false
    }
    /// Waits, for subcommands that follow something; false where waiting is pointless.
    fn wait(&self, _millis: u64) -> bool {
        false
    }
}

/// A process above this one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ancestor {
    pub pid: u32,
    /// The short name of the program.
    pub name: String,
    /// Its arguments joined by spaces; empty where they cannot be read.
    pub command: String,
}

/// Symlinks followed from one path at most.
const LINK_LIMIT: usize = 40;

/// The path that writing to `path` should replace where it is a symlink that a person placed there.
///
/// Errors: more than 40 links in a row, a link that cannot be read.
pub fn through_links(host: &dyn Host, path: &str) -> io::Result<String> {
    let mut path = path.to_owned();
    for _ in 0..LINK_LIMIT {
        match host.metadata(&path) {
            Ok(meta) if meta.kind == FileKind::Symlink => {
                let target = host.read_link(&path)?;
                path = match (target.starts_with('/'), path.rsplit_once('/')) {
                    (false, Some((parent, _))) => format!("{parent}/{target}"),
                    _ => target,
                };
            }
            Ok(_) => return Ok(path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(path),
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("too many symlinks"))
}

/// Where hookbin's own files are: absolute directories, fixed before stdin is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dirs {
    /// User policy and rules.
    pub config: String,
    /// Sessions, audit, caches.
    pub state: String,
    /// Managed policy, written by an administrator.
    pub managed: String,
    /// The home directory hookbin protects.
    pub home: String,
    /// The file that runs.
    pub executable: String,
    /// The link that it was started by; empty where it was started by its own path.
    pub link: String,
}

impl Dirs {
    /// The path by which the executable is to be started: a link that is turned to the next version
    /// outlives the file that it leads to.
    pub fn program(&self) -> &str {
        if self.link.is_empty() {
            &self.executable
        } else {
            &self.link
        }
    }
}
