//! Owns the recipes of task runners: which commands a goal of a makefile, a justfile, a Taskfile or a package
//! manifest runs, in order. Does not own where the file comes from nor the reading of the commands.
//! Invariants: pure and bounded; what a runner would fill in and is not known is a guarded mark, since
//! names that a recipe is made of are hardly ever empty.

mod just;
mod make;
mod package;
mod task;

pub(super) use just::Justfile;
pub(super) use make::Makefile;
pub(super) use package::scripts;
pub(super) use task::Taskfile;

/// Commands that one goal runs at most.
const STEP_LIMIT: usize = 512;
/// Variables, and recipes, of one file.
const NAME_LIMIT: usize = 512;
/// Variables stand in variables, and goals need goals, this deep.
const DEPTH_LIMIT: u32 = 8;

/// One command of a recipe.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Step {
    /// Shell text.
    pub(super) text: String,
    /// Which of the files it stands in, and where.
    pub(super) file: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The lines of a text with the offset of each; where `joins`, a line that ends with a backslash goes on.
fn lines(text: &str, joins: bool) -> Vec<(usize, &str)> {
    let mut found: Vec<(usize, &str)> = Vec::new();
    let mut start = 0;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        if joins && line.trim_end_matches(['\n', '\r']).ends_with('\\') && end < text.len() {
            continue;
        }
        let whole = text.get(start..end).unwrap_or_default();
        found.push((start, whole.trim_end_matches(['\n', '\r'])));
        start = end;
    }
    found
}
