//! Owns the programs that change files: remove, move, copy, link, write, set modes, and those that write
//! to raw devices. Does not own archives, network or version control.

use super::{AccessKind, Cx, below, name};
use crate::shell::invocation::{Arg, ArgFlags};
use crate::shell::unwrap::like;

/// The accesses of these programs; false for any other one.
pub(super) fn of(cx: &mut Cx) -> bool {
    match cx.program {
        "rm" | "srm" | "wipe" | "trash" | "trash-cli" | "trash-put" | "safe-rm" | "rimraf"
        | "del-cli" | "del" => {
            let whole = !matches!(cx.program, "rm" | "srm" | "wipe" | "safe-rm");
            let recursive = whole || cx.has(&["-r", "-R", "--recursive"]);
            cx.operands(0, AccessKind::Delete, recursive);
        }
        "rmdir" | "unlink" => cx.operands(0, AccessKind::Delete, false),
        "shred" => {
            let removes = cx.has(&["-u", "--remove"]);
            cx.operands(0, AccessKind::Write, false);
            if removes {
                cx.operands(0, AccessKind::Delete, false);
            }
        }
        "mv" => transfer(cx, AccessKind::Move, true),
        "cp" | "ditto" | "gcp" => {
            let recursive =
                cx.program == "ditto" || cx.has(&["-r", "-R", "-a", "--recursive", "--archive"]);
            let link = cx.has(&["-l", "-s", "--link", "--symbolic-link"]);
            let kind = if link {
                AccessKind::Link
            } else {
                AccessKind::Read
            };
            transfer(cx, kind, recursive);
        }
        "install" if cx.has(&["-d", "--directory"]) => cx.operands(0, AccessKind::Append, false),
        "install" => transfer(cx, AccessKind::Read, false),
        "rename" | "prename" => cx.operands(1, AccessKind::Move, false),
        "ln" | "link" => link(cx),
        "tee" | "sponge" => {
            let append = cx.has(&["-a", "--append"]);
            let kind = if append {
                AccessKind::Append
            } else {
                AccessKind::Write
            };
            cx.operands(0, kind, false);
        }
        "dd" | "dcfldd" | "dc3dd" => dd(cx),
        "truncate" | "fallocate" | "ed" | "ex" | "vim" | "nano" | "pico" | "emacs" | "sudoedit"
        | "visudo" | "micro" | "strip" | "patchelf" | "chrpath" | "upx" | "codesign" => editor(cx),
        "touch" | "mkdir" | "mknod" | "mkfifo" => cx.operands(0, AccessKind::Append, false),
        "chmod" | "chown" | "chgrp" | "chattr" | "setfacl" | "xattr" | "setcap" | "chcon"
        | "setfattr" | "chflags" | "restorecon" => permission(cx),
        "patch" | "gpatch" => super::patch::patch(cx),
        "mount" | "umount" | "losetup" | "bindfs" | "sshfs" | "fusermount" | "fusermount3"
        | "fuse-overlayfs" | "unionfs" | "mergerfs" => mount(cx),
        "sudo" if cx.has(&["-e", "--edit"]) => cx.operands(0, AccessKind::Write, false),
        "sudo" => {}
        _ => return false,
    }
    true
}

/// Sources and a target: `a b target`, `-t target a b`.
fn transfer(cx: &mut Cx, kind: AccessKind, recursive: bool) {
    let mut sources = cx.rest(0);
    let given = cx.options.values_of(&["-t", "--target-directory"]).pop();
    let is_directory = given.is_some() || sources.len() > 2;
    let Some(target) = given.or_else(|| {
        if sources.len() > 1 {
            sources.pop()
        } else {
            None
        }
    }) else {
        cx.add_all(kind, recursive, &sources);
        return;
    };
    cx.add_all(kind, recursive, &sources);
    into(cx, &sources, &target, is_directory);
}

/// The target is written; where it surely is a directory, the sources' names in it are.
pub(super) fn into(cx: &mut Cx, sources: &[Arg], target: &Arg, is_directory: bool) {
    let is_directory = is_directory
        || target.text.ends_with('/')
        || matches!(target.text.as_str(), "." | ".." | "~")
        || target.text.ends_with("/.");
    if !is_directory || target.flags.has(ArgFlags::UNKNOWN) {
        cx.add(AccessKind::Write, false, target);
        return;
    }
    for source in sources {
        let name = match name(&source.text) {
            "" | "." | ".." => {
                cx.add(AccessKind::Write, false, target);
                continue;
            }
            name => like(source, name),
        };
        cx.add(AccessKind::Write, false, &below(target, &name));
    }
}

fn link(cx: &mut Cx) {
    let mut sources = cx.rest(0);
    let directory = cx.options.values_of(&["-t", "--target-directory"]).pop();
    let is_directory = directory.is_some() || sources.len() > 2;
    let name = directory.or_else(|| {
        if sources.len() > 1 {
            sources.pop()
        } else {
            None
        }
    });
    let symbolic = cx.has(&["-s", "--symbolic"]) && !cx.has(&["-r", "--relative"]);
    let place = name.as_ref().and_then(|it| it.text.rsplit_once('/'));
    for source in &sources {
        // A symbolic link's target counts from the link's directory.
        match place {
            Some((place, _)) if symbolic && !source.text.starts_with(['/', '~']) => {
                let place = like(source, if place.is_empty() { "/" } else { place });
                cx.add(AccessKind::Link, true, &below(&place, source));
            }
            _ => cx.add(AccessKind::Link, true, source),
        }
    }
    if let Some(name) = &name {
        into(cx, &sources, name, is_directory);
    }
}

pub(super) fn dd(cx: &mut Cx) {
    for arg in cx.invocation.args() {
        if let Some(path) = arg.text.strip_prefix("if=") {
            cx.add(AccessKind::Read, false, &like(arg, path));
        } else if let Some(path) = ["of=", "wipe=", "hwipe=", "hof=", "ofs="]
            .iter()
            .find_map(|it| arg.text.strip_prefix(it))
        {
            cx.add(AccessKind::Write, false, &like(arg, path));
        }
    }
}

fn editor(cx: &mut Cx) {
    let files = cx.rest(0);
    if cx.program == "visudo" && !cx.has(&["-c", "--check", "-f", "--file", "-V", "-h"]) {
        let file = like(&cx.here(), "/etc/sudoers");
        cx.add(AccessKind::Write, false, &file);
    }
    let reads = cx.invocation.program == "view" || cx.program == "vim" && cx.has(&["-R", "-M"]);
    let kind = if reads {
        AccessKind::Read
    } else {
        AccessKind::Write
    };
    for file in files.iter().filter(|it| !it.text.starts_with('+')) {
        cx.add(kind, false, file);
    }
}

fn permission(cx: &mut Cx) {
    let recursive = cx.has(&["-R", "--recursive"]) || (cx.program != "chmod" && cx.has(&["-r"]));
    let skip = match cx.program {
        // `chmod -x file`: the mode looks like a flag and is no operand.
        "chmod" if cx.has(&["--reference"]) || has_dashed_mode(cx) => 0,
        "chown" | "chgrp" if cx.has(&["--reference"]) => 0,
        "chmod" | "chown" | "chgrp" | "chflags" | "setcap" | "chcon" => 1,
        "xattr" | "setfattr" => cx.options.operands.len().saturating_sub(1),
        _ => 0,
    };
    let files = cx.rest(skip);
    for file in &files {
        let is_mode = cx.program == "chattr" && file.text.starts_with(['+', '=']);
        if !is_mode {
            cx.add(AccessKind::Permission, recursive, file);
        }
    }
}

fn has_dashed_mode(cx: &Cx) -> bool {
    cx.invocation.args().iter().any(|it| {
        it.text.strip_prefix('-').is_some_and(|mode| {
            !mode.is_empty()
                && mode
                    .bytes()
                    .all(|it| matches!(it, b'r' | b'w' | b'x' | b'X' | b's' | b't'))
        })
    })
}

fn mount(cx: &mut Cx) {
    if cx.has(&["-a", "--all", "-l"]) && cx.program == "mount" {
        return;
    }
    // What is mounted already stays where it is.
    let stays = |it: &Arg| {
        let options = it
            .text
            .trim_start_matches("--options=")
            .trim_start_matches("-o");
        options.split(',').any(|word| word == "remount") || it.text.starts_with("--make-")
    };
    if cx.program == "mount" && cx.invocation.args().iter().any(stays) {
        return;
    }
    let operands = cx.rest(0);
    if cx.has(&["-M", "--move"]) {
        cx.add_all(
            AccessKind::Move,
            true,
            operands.get(..1).unwrap_or_default(),
        );
    }
    for operand in &operands {
        let is_remote = operand.text.contains(':') && !operand.text.starts_with('/');
        if !is_remote && (operand.text.contains(['/', '~', '.', '◆'])) {
            cx.add(AccessKind::Link, true, operand);
        }
    }
}
