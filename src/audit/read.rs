//! Owns reading the chain's records back, newest first. Does not own whether they are genuine: that is
//! `verify`. Invariant: a line that is no record is passed over, never an error.

use std::io;

use super::line::Line;
use super::place::{self, Place};
use super::{Record, head};
use crate::hex;
use crate::host::{Dirs, Host};

/// A record where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The segment's file name.
    pub segment: String,
    /// From 1.
    pub line: u64,
    pub seq: u64,
    pub hash: String,
    /// Absent where the content was taken out.
    pub record: Option<Record>,
    /// The line as stored.
    pub text: String,
}

/// Larger segments are not ours.
pub(super) const SEGMENT_READ_LIMIT: usize = 256 << 20;

/// Calls `visit` with every record, newest first, until it returns false.
pub fn newest_first(
    host: &dyn Host,
    dirs: &Dirs,
    visit: &mut dyn FnMut(Entry) -> bool,
) -> io::Result<()> {
    let place = Place::new(dirs);
    for number in place.segments(host)?.into_iter().rev() {
        let bytes = host.read(&place.segment(number), SEGMENT_READ_LIMIT)?;
        let mut entries = parse_lines(&place::name(number), &bytes);
        while let Some(entry) = entries.pop() {
            if !visit(entry) {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// The records in the last `limit` bytes of the chain, oldest first, and whether these are all there are.
pub fn latest(host: &dyn Host, dirs: &Dirs, limit: usize) -> io::Result<(Vec<Record>, bool)> {
    let place = Place::new(dirs);
    let mut left = limit;
    let mut parts = Vec::new();
    for number in place.segments(host)?.into_iter().rev() {
        if left == 0 {
            break;
        }
        let bytes = host.tail(&place.segment(number), left)?;
        left = left.saturating_sub(bytes.len());
        // A part that begins within a line: what is left of the line is no record.
        parts.push(parse_lines("", &bytes));
    }
    let entries = parts.into_iter().rev().flatten();
    Ok((entries.filter_map(|it| it.record).collect(), left > 0))
}

/// The records of a part of a segment that begins at a line start; a line without an end is left out.
pub fn parse_lines(segment: &str, bytes: &[u8]) -> Vec<Entry> {
    let complete = bytes.iter().rposition(|it| *it == b'\n').unwrap_or(0);
    let lines = bytes.get(..complete).unwrap_or_default();
    let lines = lines.split(|it| *it == b'\n').zip(1..);
    lines
        .filter_map(|(text, line)| entry(segment, text, line))
        .collect()
}

fn entry(segment: &str, text: &[u8], number: u64) -> Option<Entry> {
    let text = std::str::from_utf8(text).ok()?;
    let line = Line::parse(text)?;
    let mut hash = String::with_capacity(64);
    hex::push(&mut hash, &line.hash);
    Some(Entry {
        segment: segment.to_owned(),
        line: number,
        seq: line.seq,
        hash,
        record: line.body.and_then(|it| serde_json::from_str(it.1).ok()),
        text: text.to_owned(),
    })
}

/// The head copy as it is on the disk: absent, broken, or good.
pub(super) fn head_copy(host: &dyn Host, place: &Place) -> HeadCopy {
    match host.read(&place.head(), 1 << 16) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => HeadCopy::Absent,
        Err(_) => HeadCopy::Broken,
        Ok(bytes) if bytes.is_empty() => HeadCopy::Absent,
        Ok(bytes) => head::Head::parse(&bytes).map_or(HeadCopy::Broken, HeadCopy::Good),
    }
}

pub(super) enum HeadCopy {
    Absent,
    Broken,
    Good(head::Head),
}
