//! Owns a small in-memory disk for the tests of paths: directories are what lies above its files.
//! Invariant: only `metadata` and `read_link` answer.

use std::collections::BTreeMap;
use std::io;

use chrono::{DateTime, Utc};

use crate::host::{Dirs, FileKind, Host, Locked, Meta};

use super::Places;

/// Where hookbin lives in the tests.
pub(crate) fn dirs() -> Dirs {
    Dirs {
        config: "/home/dev/.config/hookbin".to_owned(),
        state: "/home/dev/.local/state/hookbin".to_owned(),
        managed: "/etc/hookbin".to_owned(),
        home: "/home/dev".to_owned(),
        executable: "/home/dev/.cargo/bin/hookbin".to_owned(),
        link: String::new(),
    }
}

/// A user's project below her home.
pub(crate) fn places() -> Places {
    let temps = [
        "/tmp".to_owned(),
        "/var/tmp".to_owned(),
        "/scratch/s1".to_owned(),
    ];
    let project = "/home/dev/project";
    Places::new(project, project, &[], &temps, &dirs())
}

/// `path`, `path -> target` and `path = other` (the same file under another name).
#[derive(Debug, Default)]
pub(crate) struct Disk {
    entries: BTreeMap<String, Entry>,
    pub(crate) looks: std::cell::Cell<usize>,
}

#[derive(Clone, Debug)]
struct Entry {
    kind: FileKind,
    target: String,
    inode: u64,
    links: u64,
}

impl Disk {
    pub(crate) fn of(lines: &[&str]) -> Self {
        let mut disk = Self::default();
        for line in lines {
            disk.add(line);
        }
        disk
    }

    fn add(&mut self, line: &str) {
        let inode = self.entries.len() as u64 + 2;
        let (path, kind, target) = match line.split_once(" -> ") {
            Some((path, target)) => (path, FileKind::Symlink, target),
            None => (line, FileKind::File, ""),
        };
        let mut entry = Entry {
            kind,
            target: target.to_owned(),
            inode,
            links: 1,
        };
        let mut path = path;
        if let Some((link, original)) = line.split_once(" = ") {
            let original = self
                .entries
                .get_mut(original)
                .expect("the original comes first");
            original.links = 2;
            entry = original.clone();
            path = link;
        }
        for (at, _) in path.match_indices('/').skip(1) {
            let directory = Entry {
                kind: FileKind::Directory,
                target: String::new(),
                inode: inode + 1000 + at as u64,
                links: 2,
            };
            self.entries
                .entry(path[..at].to_owned())
                .or_insert(directory);
        }
        if let Some(directory) = path.strip_suffix('/') {
            assert!(self.entries.contains_key(directory));
        } else {
            self.entries.insert(path.to_owned(), entry);
        }
    }
}

impl Host for Disk {
    fn now(&self) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH
    }
    fn env(&self, _name: &str) -> Option<String> {
        None
    }
    fn user(&self) -> u32 {
        1000
    }

    fn metadata(&self, path: &str) -> io::Result<Meta> {
        self.looks.set(self.looks.get() + 1);
        let entry = self.entries.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(Meta {
            kind: entry.kind,
            size: 0,
            mtime_ns: 0,
            ctime_ns: 0,
            device: 1,
            inode: entry.inode,
            links: entry.links,
            mode: 0,
            owner: 0,
        })
    }
    fn read_link(&self, path: &str) -> io::Result<String> {
        let entry = self.entries.get(path).ok_or(io::ErrorKind::NotFound)?;
        Ok(entry.target.clone())
    }
    fn read(&self, _path: &str, _limit: usize) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn list(&self, _path: &str) -> io::Result<Vec<String>> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn lock(&self, _path: &str) -> io::Result<Box<dyn Locked + '_>> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn write(&self, _path: &str, _content: &[u8], _mode: u32) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn remove(&self, _path: &str) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }
    fn random(&self) -> [u8; 16] {
        [0; 16]
    }
}
