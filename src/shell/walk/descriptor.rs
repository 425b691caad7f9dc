//! Owns what stands behind descriptors other than stdin: `3<<<text`, `exec 3< file`. They are kept among the
//! files, under the name that `/dev/fd` gives them. Invariant: a descriptor whose text is not known hides
//! an older one of the same number.

use crate::shell::invocation::{Arg, ArgFlags, Redirect, RedirectOp, Span};

use super::Walker;
use super::state::Value;

impl Walker<'_> {
    /// Keeps the texts of a command's descriptors; how many there are.
    pub(super) fn hold(&mut self, redirects: &[Redirect]) -> usize {
        let mut count = 0;
        for redirect in redirects {
            let Some(number) = redirect.fd.filter(|it| *it > 2) else {
                continue;
            };
            let target = &redirect.target;
            let text = match redirect.op {
                RedirectOp::Heredoc | RedirectOp::HereString => Some(target.clone()),
                RedirectOp::Read | RedirectOp::ReadWrite => self.file(&target.text),
                RedirectOp::Duplicate => self.held(&target.text),
                RedirectOp::Write | RedirectOp::Append => continue,
            };
            let text = text.unwrap_or_else(|| {
                let mut unknown = Arg::unknown(Span::default());
                unknown.flags.set(ArgFlags::MANY);
                unknown.from.clone_from(&target.from);
                unknown
            });
            self.files.push((name(number), text));
            count += 1;
        }
        count
    }

    /// The number that the shell gives a variable for a descriptor.
    pub(super) fn free_descriptor(&mut self, variable: &str) -> u32 {
        let number = 10 + u32::try_from(self.files.len()).unwrap_or_default();
        let value = Arg::literal(number.to_string(), Span::default());
        self.state.set(variable, Value::one(value));
        number
    }

    /// Keeps what comes out of a pipe; the descriptors of its two ends.
    pub(super) fn hold_pipe(&mut self, text: Arg) -> Vec<Arg> {
        let number = 10 + u32::try_from(self.files.len()).unwrap_or_default();
        self.files.push((name(number), text));
        let ends = [number, number + 1].map(|it| Arg::literal(it.to_string(), Span::default()));
        ends.to_vec()
    }

    /// Forgets the texts that were kept last.
    pub(super) fn release(&mut self, count: usize) {
        if count == 0 {
            return;
        }
        let mut left = count;
        let mut at = self.files.len();
        while let (Some(before), true) = (at.checked_sub(1), left > 0) {
            at = before;
            if self.files.get(at).is_some_and(|it| is_name(&it.0)) {
                self.files.remove(at);
                left -= 1;
            }
        }
    }

    /// What stands behind a descriptor: its text, or where that comes from.
    pub(super) fn held(&self, number: &str) -> Option<Arg> {
        let name = name(number.trim_end_matches('-').parse().ok()?);
        let found = self.files.iter().rev().find(|it| it.0 == name);
        found.map(|it| it.1.clone())
    }
}

/// The name of a descriptor among the files, told from that of a process substitution by its end.
fn name(number: u32) -> String {
    format!("/dev/fd/{number} ")
}

fn is_name(place: &str) -> bool {
    place.starts_with("/dev/fd/") && place.ends_with(' ')
}

/// The name of the descriptor that a path stands for.
pub(super) fn place(path: &str) -> Option<String> {
    let number = ["/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/"]
        .iter()
        .find_map(|it| path.strip_prefix(it))?;
    Some(name(number.parse().ok()?))
}
