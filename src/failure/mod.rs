//! Owns what the text of a failed outcome says: its class, the line that tells it, a signature by which the
//! same failure is known again. Does not own the classes (`rules/errors/`), nor what follows from failures.
//! Invariant: only failed outcomes, and the ends of others, come here; the time is linear in the text, of
//! which only the first and the last 8 KB are read.

mod class;
mod line;
mod phrase;
pub mod sample;
mod shape;
mod signature;
mod text;
mod wait;
mod word;

pub use class::Class;
pub use shape::{LIMIT as SHAPE_LIMIT, shape};
pub use wait::retry_after;

use line::Told;
use text::Text;

/// One failure, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub class: Class,
    /// Sixteen hex digits: the same where class, program and message agree but for what changes each time.
    pub signature: String,
    /// The telling line, redacted, at most 200 characters.
    pub message: String,
}

/// What the text of a failed outcome says. `program` is the base name of the first program of the command,
/// or the tool's name; `root` is the project.
pub fn read(program: &str, text: &str, root: &str) -> Failure {
    let text = Text::of_failure(text);
    let told = line::tell(&text, program, false).unwrap_or_else(|| line::last(&text));
    failure(&text, program, root, &told)
}

/// The failure at the end of an output whose status was fine: `| tail`, `|| true` and `; echo` hide it.
/// None where nothing in it is of a known class and looks like what a program says when it fails.
pub fn masked(program: &str, output: &str, root: &str) -> Option<Failure> {
    let text = Text::of_success(output);
    let told = line::tell(&text, program, true)?;
    (told.class != Class::UNKNOWN).then(|| failure(&text, program, root, &told))
}

fn failure(text: &Text, program: &str, root: &str, told: &Told) -> Failure {
    let line = text.line(told.line);
    Failure {
        class: told.class,
        signature: signature::sign(text, program, root, told),
        message: line.chars().take(MESSAGE_LIMIT).collect(),
    }
}

/// Characters of a message.
const MESSAGE_LIMIT: usize = 200;

#[cfg(test)]
mod tests;
