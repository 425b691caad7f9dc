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

/// A sample of a class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    pub class: String,
    /// Whether it reads as the class.
    pub hit: bool,
    pub text: String,
}

/// Every sample.
pub fn all() -> Vec<Sample> {
    let bytes = miniz_oxide::inflate::decompress_to_vec(PACKED).unwrap_or_default();
    let texts = std::str::from_utf8(&bytes).unwrap_or_default();
    let samples = texts.split_terminator('\u{1f}').filter_map(|it| {
        let mut cells = it.splitn(3, '\u{1e}').map(str::to_owned);
        Some(Sample {
            class: cells.next()?,
            hit: cells.next()? == "hit",
            text: cells.next()?,
        })
    });
    samples.collect()
}

/// Runs every sample: how many there are, and which do not hold.
pub fn run() -> (usize, Vec<Mismatch>) {
    let samples = all();
    let count = samples.len();
    let mismatches = samples.into_iter().filter_map(|it| {
        let (program, output) = command(&it.text);
        let failure = read(program, output, ROOT);
        let came = failure.class.id();
        ((came == it.class) != it.hit).then(|| Mismatch {
            reason: format!("reads as {came}, by `{}`", failure.message),
            class: it.class,
            text: it.text,
        })
    });
    (count, mismatches.collect())
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
