//! The real machine, in temporary directories only.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

/// A directory that is removed at the end of the test.
struct Scratch(String);

impl Scratch {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("hookbin-os-{}-{count}", std::process::id()));
        fs::create_dir(&path).unwrap();
        Self(path.to_str().unwrap().to_owned())
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.0)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn mode(path: &str) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn files_of_our_own_are_for_us_only() {
    let dir = Scratch::new();
    let path = dir.path("a/b/file");
    drop(Os.lock(&path).unwrap());
    assert_eq!((mode(&path), mode(&dir.path("a"))), (0o600, 0o700));
    Os.write(&dir.path("c/file"), b"x", 0o640).unwrap();
    assert_eq!(
        (mode(&dir.path("c/file")), mode(&dir.path("c"))),
        (0o640, 0o700)
    );
}

#[test]
fn a_symlink_or_pipe_in_place_of_our_file_is_refused() {
    let dir = Scratch::new();
    fs::write(dir.path("victim"), "x").unwrap();
    symlink(dir.path("victim"), dir.path("log")).unwrap();
    assert!(Os.lock(&dir.path("log")).is_err());
    fs::create_dir(dir.path("dir")).unwrap();
    assert!(Os.lock(&dir.path("dir")).is_err());
    assert!(Os.read(&dir.path("dir"), 9).is_err());
    assert!(Os.read("/dev/zero", 9).is_err());
}

#[test]
fn written_files_appear_whole_and_leave_nothing_beside_them() {
    let dir = Scratch::new();
    let path = dir.path("file");
    Os.write(&path, b"one", 0o600).unwrap();
    Os.write(&path, b"two", 0o600).unwrap();
    assert_eq!(Os.read(&path, 3).unwrap(), b"two");
    fs::create_dir(dir.path("occupied")).unwrap();
    fs::write(dir.path("occupied/x"), "").unwrap();
    assert!(Os.write(&dir.path("occupied"), b"x", 0o600).is_err());
    assert_eq!(Os.list(&dir.0).unwrap(), ["file", "occupied"]);
}

#[test]
fn a_locked_file_appends_overwrites_and_replaces() {
    let dir = Scratch::new();
    let path = dir.path("file");
    let mut file = Os.lock(&path).unwrap();
    file.append(b"12345").unwrap();
    file.overwrite(b"ab").unwrap();
    file.append(b"67").unwrap();
    assert_eq!(file.tail(5).unwrap(), b"34567"[..].to_vec());
    assert_eq!(file.tail(100).unwrap(), b"ab34567");
    assert_eq!(file.size().unwrap(), 7);
    file.replace(b"new").unwrap();
    file.append(b"er").unwrap();
    file.sync().unwrap();
    drop(file);
    assert_eq!(fs::read(&path).unwrap(), b"newer");
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn waiters_follow_a_replaced_file() {
    let dir = Scratch::new();
    let path = dir.path("counter");
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let path = path.clone();
            std::thread::spawn(move || {
                for _ in 0..50 {
                    let mut file = Os.lock(&path).unwrap();
                    let text = String::from_utf8(file.tail(20).unwrap()).unwrap();
                    let count: u32 = text.parse().unwrap_or(0);
                    file.replace((count + 1).to_string().as_bytes()).unwrap();
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(fs::read_to_string(&path).unwrap(), "400");
}

#[test]
fn reading_has_a_limit_and_links_are_not_followed_by_metadata() {
    let dir = Scratch::new();
    fs::write(dir.path("big"), "12345").unwrap();
    assert_eq!(
        Os.read(&dir.path("big"), 4).unwrap_err().kind(),
        io::ErrorKind::FileTooLarge
    );
    symlink("big", dir.path("link")).unwrap();
    assert_eq!(
        Os.metadata(&dir.path("link")).unwrap().kind,
        FileKind::Symlink
    );
    assert_eq!(Os.read_link(&dir.path("link")).unwrap(), "big");
    assert_eq!(
        super::super::through_links(&Os, &dir.path("link")).unwrap(),
        dir.path("./big").replace("./", "")
    );
    assert_eq!(Os.read(&dir.path("link"), 5).unwrap(), b"12345");
}

#[test]
fn random_bytes_differ() {
    assert_ne!(Os.random(), Os.random());
}

#[test]
fn the_processes_above_are_known() {
    if fs::metadata("/proc/self/stat").is_ok() {
        let above = Os.ancestors();
        assert!(
            above.last().is_some_and(|it| !it.name.is_empty()),
            "{above:?}"
        );
    }
}

#[test]
fn the_end_of_a_file_is_read_without_the_rest() {
    let dir = Scratch::new();
    let path = dir.path("file");
    fs::write(&path, "0123456789").unwrap();
    for (limit, wanted) in [(0, ""), (3, "789"), (10, "0123456789"), (99, "0123456789")] {
        assert_eq!(Os.tail(&path, limit).unwrap(), wanted.as_bytes());
    }
    assert!(Os.tail(&dir.path(""), 9).is_err() && Os.tail(&dir.path("none"), 9).is_err());
}
