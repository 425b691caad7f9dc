//! Owns what programs do that write images to disks, empty directories by age or mirror one side over the other,
//! and which calls of disk tools only look. Does not own the disk tools themselves (`tool`).

use super::{AccessKind, Cx};

/// The accesses of these programs; false for any other one.
pub(super) fn of(cx: &mut Cx) -> bool {
    match cx.program {
        // Images written to a disk: source, then target.
        "ddrescue" | "rpi-imager" => {
            cx.operands(0, AccessKind::Read, false);
            let target = cx.rest(1).into_iter().next();
            cx.add_all(AccessKind::Write, false, target.as_slice());
        }
        "bmaptool" if cx.operand(0) == "copy" => cx.operands(2, AccessKind::Write, false),
        program if program.starts_with("partclone.") => {
            cx.values(&["-o", "-O", "--output", "--overwrite"], AccessKind::Write);
            let args = cx.invocation.args();
            let at = args
                .iter()
                .position(|it| matches!(it.text.as_str(), "-o" | "-O"));
            let target = at.and_then(|at| args.get(at + 1)).cloned();
            cx.add_all(AccessKind::Write, false, target.as_slice());
        }
        // Told which side wins, it overwrites the other one.
        "unison" => {
            let args = cx.invocation.args();
            if args
                .iter()
                .any(|it| it.text.trim_start_matches('-') == "force")
            {
                cx.operands(0, AccessKind::Write, true);
            }
        }
        // Behind an age: whatever in the directories is older.
        "tmpreaper" | "tmpwatch" if !cx.has(&["-t", "--test"]) => {
            cx.operands(1, AccessKind::Delete, true);
        }
        _ => return false,
    }
    true
}

/// True for a call of a disk tool that changes nothing.
pub(super) fn looks(cx: &Cx, program: &str) -> bool {
    (!matches!(program, "scrub" | "mdadm" | "nwipe")
        && cx.has(&["-l", "--list", "-p", "--print", "--test", "-n", "--no-act"]))
        || (program == "mdadm" && cx.has(&["-D", "--detail", "-E", "--examine", "-Q", "--query"]))
        || matches!(cx.operand(1), "print" | "unit")
        || matches!(
            cx.operand(0),
            "list" | "status" | "luksDump" | "smart-log" | "id-ctrl"
        )
        || (matches!(program, "wipefs" | "tune2fs" | "hdparm" | "mdadm")
            && cx.options.flags.is_empty())
}
