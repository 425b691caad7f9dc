//! Owns what was told lately, so that nothing is told twice in a row and no flood is: [`Memory`], a few
//! lines of text. Does not own the file (`spool`). Invariant: it stays small whatever happens, and a clock
//! that goes backwards neither silences for long nor repeats everything.

use std::fmt::Write as _;

/// More than this in [`FLOOD_SECONDS`] is a flood: nobody reads it.
const FLOOD: usize = 30;
const FLOOD_SECONDS: u64 = 600;
/// At most this many texts are remembered.
const LIMIT: usize = 200;

/// What was told, and how much was not since the last notification.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Memory {
    pub(super) left_out: u64,
    /// Fingerprint and Unix time, oldest first.
    told: Vec<(String, i64)>,
}

impl Memory {
    /// Reads what [`Memory::render`] wrote; lines that are none are forgotten.
    pub(super) fn parse(text: &str) -> Self {
        let mut memory = Self::default();
        for line in text.lines() {
            let Some((name, number)) = line.split_once(' ') else {
                continue;
            };
            if name == "left_out" {
                memory.left_out = number.parse().unwrap_or_default();
            } else if let Ok(time) = number.parse() {
                memory.told.push((name.to_owned(), time));
            }
        }
        memory
    }

    pub(super) fn render(&self) -> String {
        let mut text = format!("left_out {}\n", self.left_out);
        let forgotten = self.told.len().saturating_sub(LIMIT);
        for (fingerprint, time) in self.told.iter().skip(forgotten) {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{fingerprint} {time}");
        }
        text
    }

    /// Whether a text is to be told now. Remembers it where it is, and counts it where a flood keeps it.
    pub(super) fn admit(&mut self, fingerprint: &str, now: i64, minutes: u64) -> bool {
        let window = minutes.saturating_mul(60);
        let longest = window.max(FLOOD_SECONDS);
        self.told.retain(|(_, at)| now.abs_diff(*at) < longest);
        let within = |seconds: u64, at: i64| now.abs_diff(at) < seconds;
        let same = |(it, at): &(String, i64)| it == fingerprint && within(window, *at);
        if self.told.iter().any(same) {
            return false;
        }
        let lately = self.told.iter().filter(|it| within(FLOOD_SECONDS, it.1));
        if lately.count() >= FLOOD {
            self.left_out += 1;
            return false;
        }
        self.told.push((fingerprint.to_owned(), now));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_is_told_once_in_a_while() {
        let mut memory = Memory::default();
        assert!(memory.admit("a", 1000, 10));
        assert!(!memory.admit("a", 1000, 10) && !memory.admit("a", 1599, 10));
        assert!(memory.admit("b", 1000, 10));
        assert!(memory.admit("a", 1600, 10));
        assert_eq!(memory.left_out, 0, "what is told already is not left out");
        let mut always = Memory::default();
        assert!(always.admit("a", 5, 0) && always.admit("a", 5, 0));
    }

    #[test]
    fn a_clock_that_was_wrong_silences_no_longer_than_the_window() {
        let mut memory = Memory::default();
        assert!(memory.admit("a", 900_000, 10));
        assert!(memory.admit("a", 1000, 10));
        assert!(!memory.admit("a", 900, 10));
    }

    #[test]
    fn a_flood_is_counted_and_ends() {
        let mut memory = Memory::default();
        let told = (0..100).filter(|it| memory.admit(&format!("t{it}"), 1000, 10));
        assert_eq!(told.count(), FLOOD);
        assert_eq!(memory.left_out, 100 - FLOOD as u64);
        assert!(memory.admit("later", 1000 + 600, 10));
    }

    #[test]
    fn what_is_written_is_read_back_and_stays_small() {
        let mut memory = Memory::default();
        for it in 0..1000 {
            memory.admit(&format!("{it:016x}"), it * 21, 100_000);
        }
        memory.left_out = 7;
        let text = memory.render();
        assert!(text.len() < 8 << 10, "{}", text.len());
        let again = Memory::parse(&text);
        assert_eq!((again.left_out, again.told.len()), (7, LIMIT));
        assert_eq!(again.render(), text);
        assert_eq!(
            Memory::parse("\u{0}\nleft_out x\n\nab cd\n"),
            Memory::default()
        );
    }
}
