//! Owns access to the built-in packs as they are written, for `explain`, `rules show` and the self-test.
//! Off the hot path: the sources are unpacked and parsed at each call. Invariant: it lists exactly the files
//! the embedded table was compiled from.

use super::source::{LoadError, Source, load};

/// The sources, compressed: they are a tenth of the executable otherwise, and no call needs them.
static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.deflate"));

/// The built-in rule files, in the order of the table: file name and text. An error where the executable
/// is damaged.
pub fn files() -> Result<Vec<(String, String)>, LoadError> {
    let bytes = miniz_oxide::inflate::decompress_to_vec(PACKED).unwrap_or_default();
    let files: Option<Vec<(String, String)>> = std::str::from_utf8(&bytes)
        .unwrap_or_default()
        .split_terminator('\u{1f}')
        .map(|it| it.split_once('\u{1e}'))
        .map(|it| it.map(|(file, text)| (file.to_owned(), text.to_owned())))
        .collect();
    files.filter(|it| !it.is_empty()).ok_or_else(|| LoadError {
        file: "the built-in rules".to_owned(),
        line: 0,
        column: 0,
        message: "this executable is damaged: its rules cannot be unpacked".to_owned(),
        help: "install it again".to_owned(),
    })
}

/// The built-in packs, parsed.
pub fn builtin() -> Result<Vec<Source>, LoadError> {
    files()?
        .iter()
        .map(|(file, text)| load(file, text))
        .collect()
}
