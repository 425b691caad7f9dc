//! Owns a machine in memory: [`FakeHost`], for tests and `hookbin test`. Files, directories, symlinks and
//! hard links behave as on a real one; the clock stands still until it is moved. Invariant: it never
//! touches the real machine, and every failure it injects is one the real one can have.

mod lock;
mod tree;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::io;

use chrono::{DateTime, TimeDelta, Utc};

use self::lock::FakeLock;
use self::tree::{Node, Tree, clean};
use super::{Ancestor, FileKind, Host, Locked, Meta};

/// The user of the machine.
const USER: u32 = 1000;

/// A machine in memory.
#[derive(Debug)]
pub struct FakeHost {
    tree: RefCell<Tree>,
    env: RefCell<BTreeMap<String, String>>,
    ancestors: RefCell<Vec<Ancestor>>,
    now: Cell<DateTime<Utc>>,
    /// Bytes that can still be written.
    room: Cell<u64>,
    terminal: Cell<bool>,
    drawn: Cell<u64>,
    detached: RefCell<Vec<Vec<String>>>,
}

impl Default for FakeHost {
    fn default() -> Self {
        Self::new()
    }
}

impl FakeHost {
    /// An empty machine at 2026-01-01T00:00:00Z.
    pub fn new() -> Self {
        let host = Self {
            tree: RefCell::default(),
            env: RefCell::default(),
            ancestors: RefCell::default(),
            now: Cell::new(DateTime::from_timestamp_nanos(1_767_225_600_000_000_000)),
            room: Cell::new(u64::MAX),
            terminal: Cell::new(false),
            drawn: Cell::new(0),
            detached: RefCell::default(),
        };
        host.insert("/", FileKind::Directory, Vec::new(), 0o755);
        host
    }

    /// Adds a file and the directories above it.
    pub fn add_file(&self, path: &str, content: impl Into<Vec<u8>>) {
        self.add(path, FileKind::File, content.into(), 0o644);
    }

    /// Adds a directory and those above it.
    pub fn add_dir(&self, path: &str) {
        self.add(path, FileKind::Directory, Vec::new(), 0o755);
    }

    /// Adds a symlink; the target may be relative and need not exist.
    pub fn add_link(&self, path: &str, target: &str) {
        self.add(path, FileKind::Symlink, target.as_bytes().to_vec(), 0o777);
    }

    /// Adds a further name of an existing file.
    pub fn add_hard_link(&self, path: &str, existing: &str) {
        let tree = &mut *self.tree.borrow_mut();
        if let Ok(existing) = tree.resolve(existing, true)
            && let Some(&inode) = tree.names.get(&existing)
            && let Some(node) = tree.nodes.get_mut(&inode)
        {
            node.links += 1;
            tree.names.insert(clean(path), inode);
        }
    }

    /// Sets an environment variable.
    pub fn set_env(&self, name: &str, value: &str) {
        self.env
            .borrow_mut()
            .insert(name.to_owned(), value.to_owned());
    }

    /// Removes an environment variable.
    pub fn unset_env(&self, name: &str) {
        self.env.borrow_mut().remove(name);
    }

    /// Moves the clock.
    pub fn advance(&self, seconds: i64) {
        self.now.set(self.now.get() + TimeDelta::seconds(seconds));
    }

    /// Reading this file, or listing this directory, is refused.
    pub fn make_unreadable(&self, path: &str) {
        self.tree.borrow_mut().unreadable.insert(clean(path));
    }

    /// The file or directory belongs to this user, with this mode.
    pub fn set_access(&self, path: &str, owner: u32, mode: u32) {
        let tree = &mut *self.tree.borrow_mut();
        let inode = tree.names.get(&clean(path)).copied();
        if let Some(node) = inode.and_then(|it| tree.nodes.get_mut(&it)) {
            node.mode = mode;
            tree.owners.insert(clean(path), owner);
        }
    }

    /// Nothing can be written at or below this path.
    pub fn make_read_only(&self, path: &str) {
        self.tree.borrow_mut().read_only.insert(clean(path));
    }

    /// Another process holds the lock of this file for ever: taking it times out.
    pub fn hold_lock(&self, path: &str) {
        self.tree.borrow_mut().held.insert(clean(path));
    }

    /// So many bytes can still be written before the disk is full.
    pub fn set_room(&self, bytes: u64) {
        self.room.set(bytes);
    }

    /// The arguments of every program that was started to outlive this one.
    pub fn detached(&self) -> Vec<Vec<String>> {
        self.detached.borrow().clone()
    }

    /// Whether a person sits at standard input.
    pub fn set_terminal(&self, terminal: bool) {
        self.terminal.set(terminal);
    }

    /// The processes above, nearest first.
    pub fn set_ancestors(&self, ancestors: Vec<Ancestor>) {
        self.ancestors.replace(ancestors);
    }

    /// The content of a file, following symlinks; absent where there is none.
    pub fn file(&self, path: &str) -> Option<Vec<u8>> {
        let tree = self.tree.borrow();
        let path = tree.resolve(path, true).ok()?;
        let node = tree.node(&path).ok()?;
        (node.kind == FileKind::File).then(|| node.content.clone())
    }

    /// The content of a file as text.
    pub fn text(&self, path: &str) -> Option<String> {
        String::from_utf8(self.file(path)?).ok()
    }

    /// The paths of all files, sorted.
    pub fn files(&self) -> Vec<String> {
        let tree = self.tree.borrow();
        tree.names
            .iter()
            .filter(|(_, inode)| {
                tree.nodes
                    .get(inode)
                    .is_some_and(|it| it.kind == FileKind::File)
            })
            .map(|(path, _)| path.clone())
            .collect()
    }

    fn add(&self, path: &str, kind: FileKind, content: Vec<u8>, mode: u32) {
        let path = clean(path);
        // Through symlinks above it, as a real file system would.
        let path = self.tree.borrow().resolve(&path, false).unwrap_or(path);
        self.add_parents(&path, 0o755);
        self.insert(&path, kind, content, mode);
    }

    fn add_parents(&self, path: &str, mode: u32) {
        for (at, _) in path.match_indices('/').skip(1) {
            let parent = path.get(..at).unwrap_or_default();
            if !self.tree.borrow().names.contains_key(parent) {
                self.insert(parent, FileKind::Directory, Vec::new(), mode);
            }
        }
    }

    /// Puts a new inode at a canonical path.
    fn insert(&self, path: &str, kind: FileKind, content: Vec<u8>, mode: u32) {
        let tree = &mut *self.tree.borrow_mut();
        tree.next_inode += 1;
        tree.unlink(path);
        tree.names.insert(path.to_owned(), tree.next_inode);
        let changed = self.now.get().timestamp_nanos_opt().unwrap_or(0);
        let node = Node {
            kind,
            content,
            mode,
            links: 1,
            changed,
        };
        tree.nodes.insert(tree.next_inode, node);
    }

    /// Takes room for `length` bytes; what did not fit is the error, what did is the value.
    fn take_room(&self, length: usize) -> (usize, io::Result<()>) {
        let fits = usize::try_from(self.room.get())
            .unwrap_or(usize::MAX)
            .min(length);
        self.room.set(self.room.get() - fits as u64);
        if fits < length {
            return (fits, Err(io::ErrorKind::StorageFull.into()));
        }
        (fits, Ok(()))
    }

    /// Changes the content of an existing file.
    fn change(&self, path: &str, change: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        let tree = &mut *self.tree.borrow_mut();
        let inode = tree.names.get(path).copied();
        let node = inode.and_then(|it| tree.nodes.get_mut(&it));
        let node = node.ok_or(io::ErrorKind::NotFound)?;
        change(&mut node.content);
        node.changed = self.now.get().timestamp_nanos_opt().unwrap_or(0);
        Ok(())
    }
}

impl Host for FakeHost {
    fn now(&self) -> DateTime<Utc> {
        self.now.get()
    }

    fn env(&self, name: &str) -> Option<String> {
        self.env.borrow().get(name).cloned()
    }

    fn variables(&self) -> Vec<String> {
        self.env.borrow().keys().cloned().collect()
    }

    fn metadata(&self, path: &str) -> io::Result<Meta> {
        let tree = self.tree.borrow();
        let path = tree.resolve(path, false)?;
        let node = tree.node(&path)?;
        let type_bits = match node.kind {
            FileKind::File => 0o100_000,
            FileKind::Directory => 0o040_000,
            FileKind::Symlink => 0o120_000,
            FileKind::Other => 0o010_000,
        };
        Ok(Meta {
            kind: node.kind,
            size: node.content.len() as u64,
            mtime_ns: node.changed,
            ctime_ns: node.changed,
            device: 1,
            inode: tree.names.get(&path).copied().unwrap_or(0),
            links: node.links,
            mode: type_bits | node.mode,
            owner: tree.owners.get(&path).copied().unwrap_or(USER),
        })
    }

    fn read_link(&self, path: &str) -> io::Result<String> {
        let tree = self.tree.borrow();
        let node = tree.node(&tree.resolve(path, false)?)?;
        if node.kind != FileKind::Symlink {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        Ok(String::from_utf8_lossy(&node.content).into_owned())
    }

    fn read(&self, path: &str, limit: usize) -> io::Result<Vec<u8>> {
        let tree = self.tree.borrow();
        let path = tree.resolve(path, true)?;
        let node = tree.node(&path)?;
        tree.readable(&path)?;
        match node.kind {
            FileKind::File if node.content.len() > limit => Err(io::ErrorKind::FileTooLarge.into()),
            FileKind::File => Ok(node.content.clone()),
            FileKind::Directory => Err(io::ErrorKind::IsADirectory.into()),
            FileKind::Symlink | FileKind::Other => Err(io::Error::other("not a regular file")),
        }
    }

    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        let tree = self.tree.borrow();
        let path = tree.resolve(path, true)?;
        if tree.node(&path)?.kind != FileKind::Directory {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        tree.readable(&path)?;
        let prefix = if path == "/" {
            path
        } else {
            format!("{path}/")
        };
        let names = tree.names.range(prefix.clone()..);
        Ok(names
            .map_while(|(it, _)| it.strip_prefix(&prefix))
            .filter(|it| !it.is_empty() && !it.contains('/'))
            .map(str::to_owned)
            .collect())
    }

    fn lock(&self, path: &str) -> io::Result<Box<dyn Locked + '_>> {
        let path = clean(path);
        let found = self.tree.borrow().node(&path).map(|it| it.kind);
        match found {
            Ok(FileKind::File) => {}
            Ok(FileKind::Symlink) => return Err(io::Error::from_raw_os_error(libc::ELOOP)),
            Ok(_) => return Err(io::Error::other("not a regular file")),
            Err(_) => {
                self.tree.borrow().writable(&path)?;
                self.add_parents(&path, 0o700);
                self.insert(&path, FileKind::File, Vec::new(), 0o600);
            }
        }
        {
            let tree = self.tree.borrow();
            tree.readable(&path)?;
            tree.writable(&path)?;
        }
        if !self.tree.borrow_mut().held.insert(path.clone()) {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "the lock is held"));
        }
        Ok(Box::new(FakeLock { host: self, path }))
    }

    fn detach(&self, _program: &str, args: &[String]) -> io::Result<()> {
        self.detached.borrow_mut().push(args.to_vec());
        Ok(())
    }

    fn write(&self, path: &str, content: &[u8], mode: u32) -> io::Result<()> {
        let path = clean(path);
        let path = self.tree.borrow().resolve(&path, false).unwrap_or(path);
        self.tree.borrow().writable(&path)?;
        if let Ok(node) = self.tree.borrow().node(&path)
            && node.kind == FileKind::Directory
        {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        self.take_room(content.len()).1?;
        self.add_parents(&path, 0o700);
        self.insert(&path, FileKind::File, content.to_vec(), mode);
        Ok(())
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        let tree = &mut *self.tree.borrow_mut();
        let path = tree.resolve(path, false)?;
        if tree.node(&path)?.kind == FileKind::Directory {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        tree.writable(&path)?;
        tree.unlink(&path);
        Ok(())
    }

    fn user(&self) -> u32 {
        USER
    }

    fn random(&self) -> [u8; 16] {
        // Different every time, the same in every run.
        self.drawn.set(self.drawn.get() + 1);
        let mut bytes = [0; 16];
        let (head, tail) = bytes.split_at_mut(8);
        head.copy_from_slice(&self.drawn.get().to_be_bytes());
        tail.copy_from_slice(&self.drawn.get().wrapping_mul(0x9E37_79B9).to_be_bytes());
        bytes
    }

    fn ancestors(&self) -> Vec<Ancestor> {
        self.ancestors.borrow().clone()
    }

    fn terminal(&self) -> bool {
        self.terminal.get()
    }
}

#[cfg(test)]
mod tests;
