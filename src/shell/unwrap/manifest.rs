//! Owns the scripts that a package manager is told to write into a package's file. Does not own what is in
//! such a file already. Invariant: the text runs later, and is read as what a shell will be given.

use super::{Cx, like};
use crate::shell::invocation::Context;

/// `npm pkg set scripts.NAME=TEXT`; false for anything else.
pub(super) fn sets_scripts(cx: &mut Cx) -> bool {
    let sets = cx.operand(0) == "pkg" && cx.operand(1) == "set";
    if !sets {
        return false;
    }
    for operand in cx.rest(1) {
        if let Some((name, text)) = operand.text.split_once('=')
            && name.starts_with("scripts.")
        {
            cx.text(like(&operand, text), Context::DEFERRED);
        }
    }
    true
}
