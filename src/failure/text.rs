//! Owns the part of an outcome that is read for a failure: its two ends, without secrets, colours and the
//! client's own frame, as lines. Does not own what they mean. Invariant: what is redacted here is all that
//! a failure can say of the text.

use std::borrow::Cow;
use std::ops::Range;

use crate::secret;

/// So much is read of each end of a failure's text.
const END: usize = 8 << 10;
/// So much is read of the end of an output that succeeded.
const TAIL: usize = 4 << 10;

/// The read part of a text.
pub(super) struct Text {
    /// As it is shown.
    shown: String,
    /// The same in lower case, byte for byte.
    lower: String,
    /// Where the lines that hold anything are, without the spaces around them.
    lines: Vec<Range<usize>>,
}

impl Text {
    /// The text of a failed outcome.
    pub(super) fn of_failure(text: &str) -> Self {
        Self::new(&ends(framed(text)))
    }

    /// The output of an outcome that succeeded: its end.
    pub(super) fn of_success(text: &str) -> Self {
        let start = text.ceil_char_boundary(text.len().saturating_sub(TAIL));
        let tail = text.get(start..).unwrap_or_default();
        Self::new(if start > 0 { behind_line(tail) } else { tail })
    }

    fn new(text: &str) -> Self {
        let shown = secret::redact(&plain(text)).into_owned();
        let mut lines = Vec::new();
        let mut start = 0;
        for line in shown.split('\n') {
            let rest = line.trim_start();
            let from = start + line.len() - rest.len();
            let kept = rest.trim_end().len();
            if kept > 0 {
                lines.push(from..from + kept);
            }
            start += line.len() + 1;
        }
        let lower = shown.to_ascii_lowercase();
        Self {
            shown,
            lower,
            lines,
        }
    }

    pub(super) fn count(&self) -> usize {
        self.lines.len()
    }

    /// A line as it is shown.
    pub(super) fn line(&self, number: usize) -> &str {
        let at = self.lines.get(number).cloned().unwrap_or_default();
        self.shown.get(at).unwrap_or_default()
    }

    /// A line in lower case.
    pub(super) fn lower(&self, number: usize) -> &str {
        let at = self.lines.get(number).cloned().unwrap_or_default();
        self.lower.get(at).unwrap_or_default()
    }
}

/// Without the tags that the client puts around the errors of its own tools.
fn framed(text: &str) -> &str {
    let text = text.trim();
    let inner = text.strip_prefix("<tool_use_error>").unwrap_or(text);
    inner.strip_suffix("</tool_use_error>").unwrap_or(inner)
}

/// The first and the last bytes of a long text, cut where a line ends.
fn ends(text: &str) -> Cow<'_, str> {
    if text.len() <= 2 * END {
        return Cow::Borrowed(text);
    }
    let head = text
        .get(..text.floor_char_boundary(END))
        .unwrap_or_default();
    let tail = text
        .get(text.ceil_char_boundary(text.len() - END)..)
        .unwrap_or_default();
    let head = head.rsplit_once('\n').map_or(head, |it| it.0);
    Cow::Owned([head, "\n", behind_line(tail)].concat())
}

/// What follows a line that was cut, where more follows.
fn behind_line(text: &str) -> &str {
    text.split_once('\n').map_or(text, |it| it.1)
}

/// Without the sequences that colour a terminal; what a carriage return writes over is a line of its own.
fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains(['\u{1b}', '\r']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(it) = rest.next() {
        match it {
            '\r' => out.push('\n'),
            '\u{1b}' if rest.as_str().starts_with('[') => {
                rest.next();
                // CSI: parameters and intermediates, then one final byte (ECMA-48).
                let ends = |it: &char| !matches!(it, ' '..='?');
                rest.by_ref().find(ends);
            }
            '\u{1b}' => {}
            it => out.push(it),
        }
    }
    Cow::Owned(out)
}
