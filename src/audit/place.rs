//! Owns where the chain's files are and which segments there are. Invariant: a segment's number is its
//! name, and numbers only grow.

use std::io;

use super::head::{self, Head};
use crate::host::{Dirs, Host};

/// The directory of the chain.
pub(super) struct Place {
    directory: String,
}

impl Place {
    pub(super) fn new(dirs: &Dirs) -> Self {
        Self {
            directory: format!("{}/audit", dirs.state),
        }
    }

    pub(super) fn head(&self) -> String {
        format!("{}/head.json", self.directory)
    }

    pub(super) fn anchors(&self) -> String {
        format!("{}/anchors.jsonl", self.directory)
    }

    pub(super) fn segment(&self, number: u32) -> String {
        format!("{}/{}", self.directory, name(number))
    }

    /// The numbers of the segments, ascending; none where there is no directory.
    pub(super) fn segments(&self, host: &dyn Host) -> io::Result<Vec<u32>> {
        let names = match host.list(&self.directory) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            other => other?,
        };
        let mut numbers: Vec<u32> = names.iter().filter_map(|it| number(it)).collect();
        numbers.sort_unstable();
        Ok(numbers)
    }
}

/// The file name of a segment.
pub(super) fn name(number: u32) -> String {
    format!("{number:06}.jsonl")
}

fn number(file: &str) -> Option<u32> {
    let number = file.strip_suffix(".jsonl")?.parse().ok()?;
    (name(number) == file).then_some(number)
}

/// The end of the chain as its second copy tells; absent where there is none or it is unreadable.
pub fn head(host: &dyn Host, dirs: &Dirs) -> Option<Head> {
    let bytes = host.read(&Place::new(dirs).head(), head::LENGTH).ok()?;
    Head::parse(&bytes)
}

/// The paths of the segments, oldest first.
pub fn segments(host: &dyn Host, dirs: &Dirs) -> io::Result<Vec<String>> {
    let place = Place::new(dirs);
    let numbers = place.segments(host)?;
    Ok(numbers.into_iter().map(|it| place.segment(it)).collect())
}
