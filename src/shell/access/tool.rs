//! Owns what rarely used tools do to files: desktops, mirrors, splitters, and those that write to raw
//! devices. Does not own the everyday ones (`change`). Invariant: a tool that only looks changes nothing.

use super::change::{dd, into};
use super::{AccessKind, Cx, disk};
use crate::shell::invocation::Arg;
use crate::shell::unwrap::like;

/// The accesses of these programs; false for any other one.
pub(super) fn of(cx: &mut Cx) -> bool {
    file(cx) || disk::of(cx) || device(cx, cx.program)
}

/// Tools that write a file which their arguments name, and are rarely used for it.
fn file(cx: &mut Cx) -> bool {
    match cx.program {
        "cmake" if cx.has(&["-E"]) => {
            if matches!(cx.operand(0), "rm" | "remove" | "remove_directory") {
                cx.operands(1, AccessKind::Delete, true);
            }
        }
        "gio" | "kioclient" | "kioclient5" => desktop(cx),
        "split" | "csplit" => pieces(cx),
        "btrfs" if cx.operand(0) == "subvolume" && cx.operand(1).starts_with("del") => {
            cx.operands(2, AccessKind::Delete, true);
        }
        // `qemu-img dd of=…`, `qemu-img convert … target`.
        "qemu-img" if cx.operand(0) == "dd" => dd(cx),
        "qemu-img" if matches!(cx.operand(0), "convert" | "create") => {
            let target = cx.rest(1).pop();
            cx.add_all(AccessKind::Write, false, target.as_slice());
        }
        "defaults" if cx.operand(0) == "write" && cx.operand(1).starts_with('/') => {
            let file = cx.rest(1).into_iter().next();
            cx.add_all(AccessKind::Write, false, file.as_slice());
        }
        "shuf" | "pv" => {
            cx.values(&["-o", "--output"], AccessKind::Write);
            cx.operands(0, AccessKind::Read, false);
        }
        // Its arguments stand in a file.
        "xargs" => cx.values(&["-a", "--arg-file"], AccessKind::Read),
        "strace" | "ltrace" | "time" | "perf" | "valgrind" => {
            cx.values(&["-o", "--output", "--log-file"], AccessKind::Write);
        }
        "gcc" | "cc" | "clang" | "g++" | "c++" | "clang++" | "tcc" | "rustc" | "swiftc" => {
            compiler(cx);
        }
        "virtualenv" => cx.operands(0, AccessKind::Write, false),
        "uv" if cx.operand(0) == "venv" => {
            let named = cx.rest(1).into_iter().next();
            let made = named.unwrap_or_else(|| like(&cx.here(), ".venv"));
            cx.add(AccessKind::Write, false, &made);
        }
        "script" => {
            let file = cx.rest(0).into_iter().next();
            cx.add_all(AccessKind::Write, false, file.as_slice());
        }
        "sd" | "rpl" if !cx.has(&["-p", "--preview", "-s", "--dry-run"]) => {
            cx.operands(2, AccessKind::Write, false);
        }
        "crudini" if cx.has(&["--set", "--del", "--merge"]) => {
            cx.operands(0, AccessKind::Write, false);
        }
        "dasel" if matches!(cx.operand(0), "put" | "delete") => {
            cx.values(&["-f", "--file", "-o", "--out"], AccessKind::Write);
        }
        "robocopy" | "xcopy" => mirror(cx),
        "json" if cx.has(&["-I", "--in-place"]) => {
            cx.values(&["-f"], AccessKind::Write);
        }
        "mmv" | "objcopy" | "eu-strip" | "llvm-strip" | "llvm-objcopy" => {
            cx.operands(0, AccessKind::Write, false);
        }
        _ => return false,
    }
    true
}

/// A compiler reads what it is given, and writes what its flag names.
fn compiler(cx: &mut Cx) {
    let mut kind = AccessKind::Read;
    for arg in cx.invocation.args() {
        let made = arg.text.strip_prefix("-o");
        match made {
            Some("") => {
                kind = AccessKind::Write;
                continue;
            }
            Some(name) => cx.add(AccessKind::Write, false, &like(arg, name)),
            None if kind == AccessKind::Write => cx.add(kind, false, arg),
            None if arg.text.contains('.') && !arg.text.starts_with('-') => {
                cx.add(kind, false, arg);
            }
            None => {}
        }
        kind = AccessKind::Read;
    }
}

/// `robocopy from to [files] [/MIR]`.
fn mirror(cx: &mut Cx) {
    let is_flag = |it: &Arg| {
        let name = it.text.strip_prefix('/').unwrap_or_default();
        !name.is_empty() && name.bytes().all(|it| it.is_ascii_uppercase() || it == b':')
    };
    let (flags, paths): (Vec<Arg>, Vec<Arg>) = cx.rest(0).into_iter().partition(is_flag);
    let [from, to, ..] = paths.as_slice() else {
        return;
    };
    let has = |name: &str| flags.iter().any(|it| it.text == name);
    cx.add(AccessKind::Read, true, from);
    cx.add(AccessKind::Write, false, to);
    if has("/MIR") || has("/PURGE") {
        cx.add(AccessKind::Delete, true, to);
    }
    if has("/MOVE") || has("/MOV") {
        cx.add(AccessKind::Move, true, from);
    }
}

/// `split file prefix`, `csplit -f prefix file pattern`: the pieces are named after the prefix.
fn pieces(cx: &mut Cx) {
    let operands = cx.rest(0);
    let divided = usize::from(cx.program == "split") + 1;
    for (index, operand) in operands.iter().take(divided).enumerate() {
        let kind = if index == 0 {
            AccessKind::Read
        } else {
            AccessKind::Write
        };
        cx.add(kind, false, operand);
    }
    if cx.program == "csplit" {
        cx.values(&["-f", "--prefix"], AccessKind::Write);
    }
}

/// The desktop's tools for files: `gio move a b`.
fn desktop(cx: &mut Cx) {
    match cx.operand(0) {
        "trash" | "remove" => cx.operands(1, AccessKind::Delete, true),
        verb @ ("move" | "copy" | "rename" | "save") => {
            let kind = if verb == "copy" {
                AccessKind::Read
            } else {
                AccessKind::Move
            };
            let mut sources = cx.rest(1);
            let target = if verb == "save" || sources.len() > 1 {
                sources.pop()
            } else {
                None
            };
            cx.add_all(kind, true, &sources);
            if let Some(target) = target {
                into(cx, &sources, &target, false);
            }
        }
        "cat" => cx.operands(1, AccessKind::Read, false),
        _ => {}
    }
}

/// Programs that write to the devices they are given.
fn device(cx: &mut Cx, program: &str) -> bool {
    let writes = program.starts_with("mkfs.")
        || matches!(
            program,
            "mkfs"
                | "mke2fs"
                | "mkswap"
                | "wipefs"
                | "fdisk"
                | "sfdisk"
                | "cfdisk"
                | "gdisk"
                | "sgdisk"
                | "parted"
                | "blkdiscard"
                | "badblocks"
                | "hdparm"
                | "cryptsetup"
                | "pvcreate"
                | "pvremove"
                | "mdadm"
                | "tune2fs"
                | "fsck"
                | "e2fsck"
                | "resize2fs"
                | "nvme"
                | "zpool"
                | "newfs"
                | "asr"
                | "flashrom"
                | "partprobe"
                | "mkntfs"
                | "flash_erase"
                | "flashcp"
                | "nandwrite"
                | "zerofree"
                | "xfs_repair"
                | "scrub"
                | "nwipe"
                | "mkudffs"
        );
    if !writes {
        return false;
    }
    let kind = if disk::looks(cx, program) {
        AccessKind::List
    } else {
        AccessKind::Write
    };
    for operand in cx.rest(0) {
        if operand.text.contains(['/', '◆']) {
            cx.add(kind, false, &operand);
        }
    }
    true
}
