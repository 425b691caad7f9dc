//! Owns running the samples of the error classes through the real reader, for `hookbin test` and
//! `cargo test`. Does not own the samples (`rules/errors/`). Invariant: a `hit` reads as its class, a
//! `miss` as another.

use super::read;

/// The samples, compressed: no hook call needs them.
static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/errors.deflate"));

/// Where samples ran.
pub const ROOT: &str = "/home/dev/project";

/// A sample that did not read as it promises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mismatch {
    pub class: String,
    pub text: String,
    pub reason: String,
}

/// Runs every sample: how many there are, and which do not hold.
pub fn run() -> (usize, Vec<Mismatch>) {
    let bytes = miniz_oxide::inflate::decompress_to_vec(PACKED).unwrap_or_default();
    let texts = std::str::from_utf8(&bytes).unwrap_or_default();
    let mut count = 0;
    let mut mismatches = Vec::new();
    for sample in texts.split_terminator('\u{1f}') {
        let mut cells = sample.splitn(3, '\u{1e}');
        let class = cells.next().unwrap_or_default();
        let hit = cells.next() == Some("hit");
        let text = cells.next().unwrap_or_default();
        count += 1;
        let (program, output) = command(text);
        let failure = read(program, output, ROOT);
        let came = failure.class.id();
        if (came == class) != hit {
            mismatches.push(Mismatch {
                class: class.to_owned(),
                text: text.to_owned(),
                reason: format!("reads as {came}, by `{}`", failure.message),
            });
        }
    }
    (count, mismatches)
}

/// The program and the output of a sample: its first line may be `$ COMMAND`.
pub fn command(sample: &str) -> (&str, &str) {
    let Some(rest) = sample.strip_prefix("$ ") else {
        return ("", sample);
    };
    let (command, output) = rest.split_once('\n').unwrap_or((rest, ""));
    let program = command.split(' ').next().unwrap_or_default();
    (program, output)
}
