//! Owns how human output looks: colour where a terminal wants it, labels in a column. Does not own what
//! is said. Invariant: without colour the bytes are plain text, the same everywhere.

use crate::host::Host;
use crate::verdict::Decision;

/// Whether output is coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paint(bool);

/// What a piece of text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    Bad,
    Careful,
    Quiet,
    Strong,
}

impl Paint {
    /// Plain text.
    pub const PLAIN: Self = Self(false);

    /// Colour on a terminal, unless NO_COLOR or a dumb terminal says otherwise.
    pub fn detect(host: &dyn Host, terminal: bool) -> Self {
        let refused = host.env("NO_COLOR").is_some_and(|it| !it.is_empty());
        let dumb = host.env("TERM").as_deref() == Some("dumb");
        Self(terminal && !refused && !dumb)
    }

    /// True where colour is on.
    pub fn is_on(self) -> bool {
        self.0
    }

    /// The text in its tone.
    pub fn tone(self, tone: Tone, text: &str) -> String {
        if !self.0 {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Good => "32",
            Tone::Bad => "31",
            Tone::Careful => "33",
            Tone::Quiet => "2",
            Tone::Strong => "1",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    /// A label in a column of `width`, and what it labels.
    pub fn line(self, label: &str, width: usize, text: &str) -> String {
        let gap = " ".repeat(width.saturating_sub(label.chars().count()));
        format!("{}{gap}  {text}", self.tone(Tone::Quiet, label))
    }

    /// A decision in its colour.
    pub fn decision(self, decision: Decision) -> String {
        let tone = match decision {
            Decision::Pass => Tone::Good,
            Decision::Warn | Decision::Ask => Tone::Careful,
            Decision::Deny => Tone::Bad,
        };
        self.tone(tone, decision.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::fake::FakeHost;

    #[track_caller]
    fn check(env: &[(&str, &str)], wanted: &str) {
        let host = FakeHost::new();
        for (name, value) in env {
            host.set_env(name, value);
        }
        let shown = Paint::detect(&host, true).tone(Tone::Bad, "x");
        assert_eq!(shown, wanted);
        assert_eq!(Paint::detect(&host, false).tone(Tone::Bad, "x"), "x");
    }

    #[test]
    fn colours_only_where_wanted() {
        check(&[], "\x1b[31mx\x1b[0m");
        check(&[("NO_COLOR", "1")], "x");
        check(&[("NO_COLOR", "")], "\x1b[31mx\x1b[0m");
        check(&[("TERM", "dumb")], "x");
        check(&[("TERM", "xterm")], "\x1b[31mx\x1b[0m");
    }

    #[test]
    fn plain_output_has_no_escapes() {
        assert_eq!(Paint::PLAIN.line("state", 8, "/x"), "state     /x");
        assert_eq!(Paint::PLAIN.decision(Decision::Deny), "deny");
        assert_eq!(Paint(true).tone(Tone::Bad, "x"), "\x1b[31mx\x1b[0m");
    }
}
