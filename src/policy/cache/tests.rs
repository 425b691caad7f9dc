use super::*;

#[test]
fn stamps_survive_storage() {
    let check = |stamp: &Stamp| {
        let mut bytes = Vec::new();
        put_stamp(&mut bytes, stamp);
        let mut input = Input(&bytes);
        assert_eq!(input.stamp().as_ref(), Some(stamp));
        assert_eq!(input.0, b"");
        for length in 0..bytes.len() {
            assert_eq!(Input(&bytes[..length]).stamp(), None, "{length}");
        }
    };
    let path = "/a b/ä".to_owned();
    check(&Stamp {
        path: path.clone(),
        meta: None,
    });
    for kind in [
        FileKind::File,
        FileKind::Directory,
        FileKind::Symlink,
        FileKind::Other,
    ] {
        let meta = Meta {
            kind,
            size: u64::MAX,
            mtime_ns: i64::MIN,
            ctime_ns: -1,
            device: 1,
            inode: 2,
            links: 3,
            mode: u32::MAX,
            owner: 4,
        };
        check(&Stamp {
            path: path.clone(),
            meta: Some(meta),
        });
    }
}

#[test]
fn lengths_beyond_the_file_are_refused() {
    for length in [1, u64::MAX, 1 << 40] {
        assert_eq!(Input(&length.to_le_bytes()).bytes(), None);
    }
}

#[test]
fn projects_have_different_files() {
    let dirs = Dirs {
        state: "/s".into(),
        ..Dirs::default()
    };
    assert_eq!(file(&dirs, ""), "/s/policy.cache");
    assert_ne!(file(&dirs, "/a"), file(&dirs, "/b"));
    assert!(file(&dirs, "/../x").starts_with("/s/policy-"));
}
