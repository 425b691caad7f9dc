//! Owns the texts that tell a program what to do and stand in files: patches, curl's configuration. They are fed,
//! written by this same text, or in a file of this machine. Does not own what they say (`access`). Invariant:
//! nothing is opened for any other program.

use crate::shell::access::patch::{is_patch, sources};
use crate::shell::flags::options;
use crate::shell::invocation::{Arg, ArgFlags, Invocation, Redirect, RedirectOp};

use super::Walker;

/// Texts of one invocation that are read.
const COUNT_LIMIT: usize = 8;
/// How much is read of one.
const SIZE_LIMIT: usize = 256 << 10;

impl Walker<'_> {
    /// Puts the texts where a document would stand.
    pub(super) fn note_documents(&mut self, program: &str, index: u32) {
        if !matches!(program, "patch" | "gpatch" | "git" | "curl") {
            return;
        }
        let Some(invocation) = self.reading.invocations.get(index as usize) else {
            return;
        };
        let files = match program {
            "curl" => configurations(invocation),
            _ => is_patch(invocation).then(|| sources(invocation)),
        };
        let Some(files) = files else { return };
        let texts = self.documents(invocation, &files);
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

    /// The texts of these files, or of stdin where there are none.
    fn documents(&self, invocation: &Invocation, files: &[Arg]) -> Vec<Arg> {
        if !files.is_empty() {
            let files = files.iter().take(COUNT_LIMIT);
            return files
                .filter_map(|it| self.document(invocation, it))
                .collect();
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
        let fed = fed.or_else(|| self.document(invocation, &self.fed_file(invocation)?));
        fed.into_iter().collect()
    }

    /// The text of one file.
    fn document(&self, invocation: &Invocation, file: &Arg) -> Option<Arg> {
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

/// The files that curl takes options from; none where it takes no such.
fn configurations(invocation: &Invocation) -> Option<Vec<Arg>> {
    let given = |it: &Arg| it.text.starts_with("-K") || it.text.starts_with("--c");
    let clusters = |it: &Arg| it.text.starts_with('-') && it.text.contains('K');
    if !invocation.args().iter().any(|it| given(it) || clusters(it)) {
        return None;
    }
    let mut files = options(invocation).values_of(&["-K", "--config"]);
    let known = !files.is_empty();
    files.retain(|it| it.text != "-");
    known.then_some(files)
}
