use super::*;
use crate::policy::layer::{self, Source};
use crate::policy::merge::merge;

fn settings() -> Settings {
    let layer = |source, text: &str| layer::parse(source, "/x.toml", text).0;
    let layers = [
        layer(
            Source::User,
            "mode = 'observe'\npaths.protect = [{ pattern = 'ä', read = 'ask' }]",
        ),
        layer(
            Source::Project,
            "rules.decision = { a = 'deny', b = 'pass' }\nmode = 'observe'",
        ),
        layer(
            Source::Managed,
            "rules.disable = ['c']\nboundary.roots = ['/a', '/b']",
        ),
    ];
    let mut settings = merge(&layers, false);
    settings.managed_rules = vec!["d".into()];
    for (key, value) in [
        ("f", Value::Flag(true)),
        ("n", Value::Number(u64::MAX)),
        ("h", Value::Hidden(Hidden::new("x"))),
    ] {
        settings.set.push(Setting {
            key: key.into(),
            value,
            origin: String::new(),
        });
    }
    settings
}

#[test]
fn settings_survive_storage() {
    for settings in [settings(), Settings::default()] {
        let mut output = Output::default();
        output.settings(&settings);
        let mut input = Input(&output.0);
        assert_eq!(input.settings(), Some(settings));
        assert_eq!(input.0, b"");
        for length in 0..output.0.len() {
            assert_eq!(Input(&output.0[..length]).settings(), None, "{length}");
        }
    }
}

#[test]
fn stamps_survive_storage() {
    let check = |stamp: &Stamp| {
        let mut output = Output::default();
        output.stamp(stamp);
        let mut input = Input(&output.0);
        assert_eq!(input.stamp().as_ref(), Some(stamp));
        assert_eq!(input.0, b"");
        for length in 0..output.0.len() {
            assert_eq!(Input(&output.0[..length]).stamp(), None, "{length}");
        }
    };
    let path = "/a b/ä".to_owned();
    let absent = Stamp {
        path: path.clone(),
        meta: None,
    };
    check(&absent);
    for kind in [
        FileKind::File,
        FileKind::Directory,
        FileKind::Symlink,
        FileKind::Other,
    ] {
        let meta = Some(Meta {
            kind,
            size: u64::MAX,
            mtime_ns: i64::MIN,
            ctime_ns: -1,
            device: 1,
            inode: 2,
            links: 3,
            mode: u32::MAX,
            owner: 4,
        });
        check(&Stamp {
            meta,
            ..absent.clone()
        });
    }
}

#[test]
fn changed_bytes_never_panic_nor_allocate_beyond_reason() {
    let mut output = Output::default();
    output.settings(&settings());
    for at in 0..output.0.len() {
        for byte in [0, 1, 0x7f, 0xff] {
            let mut bytes = output.0.clone();
            bytes[at] = byte;
            let _ = Input(&bytes).settings();
        }
    }
    for length in [1, u64::MAX, 1 << 40] {
        assert_eq!(Input(&length.to_le_bytes()).bytes(), None);
        assert_eq!(Input(&length.to_le_bytes()).settings(), None);
    }
}
