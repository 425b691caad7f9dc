//! Owns where files of another machine land that are copied here by name: scp, rsync, sftp, the copying of cloud
//! tools. Does not own downloads by address (`network`).

use super::change::into;
use super::{AccessKind, Cx};
use crate::shell::invocation::Arg;
use crate::shell::unwrap::like;

/// The target is written, or in it what the remote names end with.
pub(super) fn land(cx: &mut Cx, sources: &[Arg], target: &Arg, recursive: bool) {
    let named: Vec<Arg> = sources.iter().map(last).collect();
    if recursive || named.is_empty() || named.iter().any(|it| it.text.is_empty()) {
        cx.add(AccessKind::Write, false, target);
    } else {
        into(cx, &named, target, false);
    }
}

/// `sftp host:file local` fetches, and without a second name into the current directory.
pub(super) fn sftp(cx: &mut Cx) {
    let operands = cx.rest(0);
    match operands.as_slice() {
        [source, target, ..] => land(cx, std::slice::from_ref(source), target, false),
        [source] if source.text.contains(':') => {
            let here = cx.here();
            land(cx, std::slice::from_ref(source), &here, false);
        }
        _ => {}
    }
}

/// `az storage blob download -f FILE`.
pub(super) fn azure(cx: &mut Cx) {
    if cx.options.operands.iter().any(|it| it.text == "download") {
        cx.values(&["-f", "--file"], AccessKind::Write);
    }
}

/// The last part of a remote name.
fn last(source: &Arg) -> Arg {
    let path = source.text.rsplit(['/', ':']).next().unwrap_or_default();
    like(source, path)
}
