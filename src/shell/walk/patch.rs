//! Owns the text of a patch that `patch`, `git apply` and `git am` are given: fed, written by this same text, or
//! in a file of this machine. Does not own which files it changes (`access::patch`). Invariant: nothing is
//! opened for any other program.

use crate::shell::access::patch::{is_patch, sources};
use crate::shell::invocation::{Arg, ArgFlags, Invocation, Redirect, RedirectOp};

use super::Walker;

/// Patches of one invocation that are read.
const PATCH_LIMIT: usize = 8;
/// How much is read of one.
const SIZE_LIMIT: usize = 256 << 10;

impl Walker<'_> {
    /// Puts the text of the patches where a document would stand.
    pub(super) fn note_patch(&mut self, program: &str, index: u32) {
        if !matches!(program, "patch" | "gpatch" | "git") {
            return;
        }
        let known = self.reading.invocations.get(index as usize);
        let Some(invocation) = known.filter(|it| is_patch(it)) else {
            return;
        };
        let texts = self.patches(invocation);
        if let Some(invocation) = self.reading.invocations.get_mut(index as usize) {
            invocation
                .redirects
                .extend(texts.into_iter().map(|target| Redirect {
                    op: RedirectOp::Heredoc,
                    fd: None,
                    span: target.span,
                    target,
                }));
        }
    }

    fn patches(&self, invocation: &Invocation) -> Vec<Arg> {
        let files = sources(invocation);
        if !files.is_empty() {
            let files = files.iter().take(PATCH_LIMIT);
            return files.filter_map(|it| self.patch(invocation, it)).collect();
        }
        let document = |it: &Redirect| {
            matches!(it.op, RedirectOp::Heredoc | RedirectOp::HereString) && it.fd.unwrap_or(0) == 0
        };
        if invocation.redirects.iter().any(document) {
            return Vec::new();
        }
        let fed = self
            .stdin
            .clone()
            .filter(|it| !it.flags.has(ArgFlags::MANY));
        let fed = fed.or_else(|| self.patch(invocation, &self.fed_file(invocation)?));
        fed.into_iter().collect()
    }

    /// The text of one file.
    fn patch(&self, invocation: &Invocation, file: &Arg) -> Option<Arg> {
        if let Some(written) = self.file(&file.text) {
            return Some(written);
        }
        let place = self.place(&file.text);
        let away = self.is_elsewhere(invocation) || !file.is_known() || !place.starts_with('/');
        let files = self.around.files.filter(|_| !away)?;
        let mut text = files.script(&place)?;
        if text.len() > SIZE_LIMIT {
            let cut = text.get(..SIZE_LIMIT).and_then(|it| it.rfind('\n'));
            text.truncate(cut.unwrap_or_default());
        }
        Some(Arg::literal(text, file.span))
    }
}
