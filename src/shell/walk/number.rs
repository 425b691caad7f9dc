//! Owns the texts that the shell reads as arithmetic though they are written as words: what `[[ … ]]` compares as
//! numbers, what `-v` asks for, what a variable of `declare -i` is given. Does not own its value (`expand`).
//! Invariant: what is substituted in a subscript of such a text runs.

use crate::shell::invocation::Arg;

use super::Walker;

impl Walker<'_> {
    /// The words of a test: those beside an operator for numbers, and the one that `-v` asks for.
    pub(super) fn run_numbers(&mut self, words: &[Arg]) {
        for (at, word) in words.iter().enumerate() {
            let sides = match word.text.as_str() {
                "-eq" | "-ne" | "-lt" | "-le" | "-gt" | "-ge" => [at.checked_sub(1), Some(at + 1)],
                "-v" => [None, Some(at + 1)],
                _ => continue,
            };
            for side in sides.into_iter().flatten().filter_map(|it| words.get(it)) {
                self.run_number(side);
            }
        }
    }

    /// What a text runs where it is read as arithmetic.
    pub(super) fn run_number(&mut self, word: &Arg) {
        let number = |it: char| it.is_ascii_digit();
        if word.text.contains(['[', '(', '`']) {
            self.prompt(word);
        }
        if !word.text.trim_start_matches('-').chars().all(number) {
            self.run_subscripts(&word.text);
        }
    }

    /// `NAME` and `NAME=value` of `declare -i`.
    pub(super) fn declare_number(&mut self, arg: &Arg) {
        let (name, value) = arg.text.split_once('=').unwrap_or((&arg.text, ""));
        if name.starts_with(['-', '+']) {
            return;
        }
        self.state.count_with(name.trim_end_matches('+'));
        if !value.is_empty() {
            let mut given = arg.clone();
            value.clone_into(&mut given.text);
            self.run_number(&given);
        }
    }
}
