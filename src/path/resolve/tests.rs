use super::super::double::{Disk, places};
use super::super::{Class, locate};
use super::*;

const DISK: &[&str] = &[
    "/home/dev/project/src/main.rs",
    "/home/dev/project/.git/config",
    "/home/dev/project/link -> /etc",
    "/home/dev/project/up -> ../..",
    "/home/dev/project/loop -> loop",
    "/home/dev/project/keys -> ../.ssh",
    "/home/dev/project/here -> .",
    "/home/dev/project/cache -> /tmp/cache",
    "/home/dev/project/dist -> /home/dev/precious",
    "/home/dev/project/dangling -> /etc/cron.d/new",
    "/home/dev/project/a -> b",
    "/home/dev/project/b -> /home/dev/.bashrc",
    "/home/dev/.ssh/id_rsa",
    "/home/dev/.bashrc",
    "/home/dev/precious/x",
    "/tmp/cache/x",
    "/tmp/out -> /home/dev/project/src",
    "/etc/passwd",
    "/home/dev/.cargo/bin/hookbin",
    "/home/dev/project/twin = /home/dev/.ssh/id_rsa",
    "/home/dev/project/tool = /home/dev/.cargo/bin/hookbin",
    "/home/dev/project/one",
    "/home/dev/project/other = /home/dev/project/one",
];

fn find(text: &str) -> Located {
    locate(&Disk::of(DISK), &places(), &Cwd::Start, text)
}

fn check(text: &str, real: &str, classes: &str) {
    let located = find(text);
    assert_eq!(located.real, real, "{text}");
    assert_eq!(located.classes.words().join(" "), classes, "{text}");
}

#[test]
fn symlinks_are_followed_component_by_component() {
    check("src/main.rs", "/home/dev/project/src/main.rs", "in-project");
    check(
        "link/passwd",
        "/etc/passwd",
        "system system-config accounts",
    );
    check("link", "/etc", "system system-top system-config");
    check("link/*", "/etc", "system system-top system-config");
    check("link/new", "/etc/new", "system system-config");
    check("up/dev/.netrc", "/home/dev/.netrc", "token-store");
    check("keys/id_rsa", "/home/dev/.ssh/id_rsa", "ssh private-key");
    check("keys/*", "/home/dev/.ssh", "ssh private-key");
    check("here/here/here/src", "/home/dev/project/src", "in-project");
    check("a", "/home/dev/.bashrc", "shell-startup");
    check(
        "dangling",
        "/etc/cron.d/new",
        "system system-config system-persistence",
    );
    check("new/x/../y", "/home/dev/project/new/y", "in-project");
    check("link/../home/dev/x", "/home/dev/x", "");
    check("link/..", "/", "root project ancestor");
    check("dist/x", "/home/dev/precious/x", "");
    check("cache/x", "/tmp/cache/x", "temp");
    check(
        "/tmp/out/main.rs",
        "/home/dev/project/src/main.rs",
        "in-project",
    );
    check("/dev/stdout", "/dev/stdout", "system sink");
}

#[test]
fn loops_and_unknown_parts_end_the_walk() {
    assert!(!find("loop").known);
    assert!(!find("loop/x").known);
    let located = find("link/◆/x");
    assert_eq!((located.real.as_str(), located.known), ("/etc/◆/x", false));
    assert!(located.classes.has(Class::SystemConfig));
    assert!(find("src/main.rs").known && !find("src/*.rs").known && !find("src/◇").known);
}

#[test]
fn entries_are_links_and_not_what_they_point_to() {
    let disk = Disk::of(DISK);
    let places = places();
    let locator = Locator::new(&disk, &places);
    let words = |text: &str| {
        locator
            .locate_entry(&Cwd::Start, text)
            .classes
            .words()
            .join(" ")
    };
    assert_eq!(words("link"), "in-project");
    assert_eq!(words("dist"), "in-project build-output");
    assert_eq!(words("link/"), "system system-top system-config");
    assert_eq!(words("link/passwd"), "system system-config accounts");
    assert_eq!(words("dist/*"), "");
}

#[test]
fn hard_links_to_protected_files_are_recognised() {
    check(
        "twin",
        "/home/dev/project/twin",
        "in-project ssh private-key",
    );
    check("tool", "/home/dev/project/tool", "in-project hookbin");
    check("other", "/home/dev/project/other", "in-project");
}

#[test]
fn tool_paths_hold_no_globs() {
    let disk = Disk::of(DISK);
    let places = places();
    let located = Locator::new(&disk, &places).locate_literal("app/[id]/*");
    assert!(located.known && !located.every);
    assert_eq!(located.lexical, "/home/dev/project/app/[id]/*");
}

#[test]
fn places_behind_symlinks_are_still_what_they_are() {
    let disk = Disk::of(&[
        "/data/home/dev/project/src/x",
        "/data/home/dev/.netrc",
        "/home -> /data/home",
        "/tmp -> /data/tmp",
        "/data/tmp/x",
    ]);
    let places = places();
    let words = |text: &str| {
        let located = locate(&disk, &places, &Cwd::Start, text);
        located.classes.words().join(" ")
    };
    assert_eq!(words("src/x"), "in-project");
    assert_eq!(words("/data/home/dev/.netrc"), "token-store");
    assert_eq!(words("/data/home/dev/.bashrc"), "shell-startup");
    assert_eq!(words("/data/home/dev/project"), "project");
    assert_eq!(words("/tmp/x"), "temp");
    assert_eq!(words("~"), "home ancestor");
}

#[test]
fn a_directory_is_looked_at_once() {
    let disk = Disk::of(DISK);
    let places = places();
    let locator = Locator::new(&disk, &places);
    let looks = |text: &str| {
        let before = disk.looks.get();
        locator.locate(&Cwd::Start, text);
        disk.looks.get() - before
    };
    assert_eq!(looks("src/main.rs"), 5);
    assert_eq!(looks("src/main.rs"), 0);
    assert_eq!(looks("src/lib.rs"), 1);
    assert_eq!(looks("Cargo.toml"), 1);
}
