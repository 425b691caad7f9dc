//! The machine in memory behaves as a real one does.

use super::*;

fn kind_of<T>(result: io::Result<T>) -> io::ErrorKind {
    result.err().expect("an error").kind()
}

#[test]
fn links_are_followed_above_the_last_component_only() {
    let host = FakeHost::new();
    host.add_file("/real/dir/file", "x");
    host.add_link("/link", "/real/dir");
    host.add_link("/real/up", "../real/./dir/file");
    host.add_link("/loop", "/loop");
    assert_eq!(host.metadata("/link").unwrap().kind, FileKind::Symlink);
    assert_eq!(host.metadata("/link/file").unwrap().kind, FileKind::File);
    assert_eq!(
        host.metadata("/link/../dir").unwrap().kind,
        FileKind::Directory
    );
    assert_eq!(host.read("/real/up", 9).unwrap(), b"x");
    assert_eq!(host.read_link("/real/up").unwrap(), "../real/./dir/file");
    assert!(host.read("/loop", 9).is_err());
    assert_eq!(
        kind_of(host.metadata("/real/dir/file/x")),
        io::ErrorKind::NotADirectory
    );
    assert_eq!(kind_of(host.metadata("/none/x")), io::ErrorKind::NotFound);
}

#[test]
fn hard_links_share_content_and_inode() {
    let host = FakeHost::new();
    host.add_file("/a", "x");
    host.add_hard_link("/b", "/a");
    let (a, b) = (host.metadata("/a").unwrap(), host.metadata("/b").unwrap());
    assert_eq!((a.inode, a.links), (b.inode, 2));
    host.lock("/b").unwrap().append(b"y").unwrap();
    assert_eq!(host.text("/a").unwrap(), "xy");
    host.remove("/a").unwrap();
    assert_eq!(host.text("/b").unwrap(), "xy");
}

#[test]
fn directories_list_their_own_names_only() {
    let host = FakeHost::new();
    host.add_file("/d/b/deep", "");
    host.add_file("/d/a", "");
    host.add_file("/dd", "");
    assert_eq!(host.list("/d").unwrap(), ["a", "b"]);
    assert_eq!(host.list("/").unwrap(), ["d", "dd"]);
    assert_eq!(kind_of(host.list("/dd")), io::ErrorKind::NotADirectory);
}

#[test]
fn failures_are_those_of_a_real_machine() {
    let host = FakeHost::new();
    host.add_file("/ro/file", "x");
    host.make_read_only("/ro");
    assert_eq!(
        kind_of(host.write("/ro/new", b"x", 0o600)),
        io::ErrorKind::ReadOnlyFilesystem
    );
    assert_eq!(
        kind_of(host.lock("/ro/file")),
        io::ErrorKind::ReadOnlyFilesystem
    );
    host.make_unreadable("/ro/file");
    assert_eq!(
        kind_of(host.read("/ro/file", 9)),
        io::ErrorKind::PermissionDenied
    );
    host.hold_lock("/held");
    assert_eq!(kind_of(host.lock("/held")), io::ErrorKind::TimedOut);
    host.add_file("/big", "12345");
    assert_eq!(kind_of(host.read("/big", 4)), io::ErrorKind::FileTooLarge);
    host.set_room(2);
    let mut file = host.lock("/log").unwrap();
    assert_eq!(kind_of(file.append(b"abc")), io::ErrorKind::StorageFull);
    assert_eq!(host.text("/log").unwrap(), "ab");
}

#[test]
fn a_lock_is_free_again_once_dropped() {
    let host = FakeHost::new();
    let held = host.lock("/x").unwrap();
    assert_eq!(kind_of(host.lock("/x")), io::ErrorKind::TimedOut);
    drop(held);
    let mut file = host.lock("/x").unwrap();
    file.append(b"12345").unwrap();
    file.overwrite(b"ab").unwrap();
    assert_eq!(file.tail(3).unwrap(), b"345");
    file.replace(b"z").unwrap();
    assert_eq!(host.text("/x").unwrap(), "z");
}
