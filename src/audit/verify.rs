//! Owns proving the chain's integrity: [`verify`]. Does not own what the records say. Invariant: no bytes
//! make it fail, each record is read once, and after a fault it goes on from what it found.

use std::collections::BTreeMap;
use std::io;

use serde::Deserialize;

use super::line::{Hash, Line};
use super::place::{self, Place};
use super::read::{HeadCopy, SEGMENT_READ_LIMIT, head_copy};
use crate::hex;
use crate::host::{Dirs, Host};

/// What is wrong at a place of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A line that is none: its writer died. Not a problem by itself: nothing was answered on it.
    Torn,
    /// A line contradicts itself or the one before it.
    Edited,
    /// Records that must have been there are not.
    Missing,
    /// A record comes again or too late.
    Reordered,
    /// Records at the end that the head copy knows are gone.
    Truncated,
    /// The chain is another one than that of the head copy or of an anchor.
    RolledBack,
    /// A segment that cannot be read.
    Unreadable,
}

impl Fault {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Torn => "torn",
            Self::Edited => "edited",
            Self::Missing => "missing",
            Self::Reordered => "reordered",
            Self::Truncated => "truncated",
            Self::RolledBack => "rolled-back",
            Self::Unreadable => "unreadable",
        }
    }
}

/// One fault with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// File name of the segment.
    pub segment: String,
    /// From 1; 0 for the segment as a whole.
    pub line: u64,
    pub fault: Fault,
    pub detail: String,
}

/// What verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub segments: usize,
    pub records: u64,
    /// Records whose content was taken out.
    pub forgotten: u64,
    /// Sequence of the last record.
    pub last: u64,
    /// Torn lines: explained gaps in the file, not in the chain.
    pub gaps: Vec<Problem>,
    /// Everything that must not be, at most 1000.
    pub problems: Vec<Problem>,
}

/// Past this many problems the rest is only said to exist.
const PROBLEM_LIMIT: usize = 1000;

impl Report {
    /// True where the chain is whole.
    pub fn clean(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Reads the whole chain and checks every line, the head copy and the anchors.
///
/// Errors: the directory cannot be listed.
pub fn verify(host: &dyn Host, dirs: &Dirs) -> io::Result<Report> {
    let place = Place::new(dirs);
    // Before the segments: a record that is appended meanwhile is ahead of this copy, not behind it.
    let copy = head_copy(host, &place);
    let numbers = place.segments(host)?;
    let mut walk = Walk {
        anchors: anchors(host, &place),
        report: Report {
            segments: numbers.len(),
            ..Report::default()
        },
        ..Walk::default()
    };
    if let HeadCopy::Good(head) = &copy {
        walk.head = Some(head.link());
    }
    let newest = numbers.last().copied();
    for number in numbers {
        walk.segment = place::name(number);
        walk.line = 0;
        let bytes = read_segment(host, &place, number, Some(number) == newest);
        match bytes {
            Ok(bytes) => walk.lines(&bytes),
            Err(error) => walk.problem(Fault::Unreadable, error.to_string()),
        }
    }
    walk.finish(&copy);
    Ok(walk.report)
}

fn read_segment(host: &dyn Host, place: &Place, number: u32, newest: bool) -> io::Result<Vec<u8>> {
    let path = place.segment(number);
    let bytes = host.read(&path, SEGMENT_READ_LIMIT)?;
    if newest && bytes.last().is_some_and(|it| *it != b'\n') {
        // Perhaps a line that is being written: under the lock it is whole or torn for good. Where the
        // lock is not ours to take, what was read counts.
        if let Ok(_held) = host.lock(&path) {
            return host.read(&path, SEGMENT_READ_LIMIT);
        }
    }
    Ok(bytes)
}

#[derive(Deserialize)]
struct Anchor {
    seq: u64,
    hash: String,
}

fn anchors(host: &dyn Host, place: &Place) -> BTreeMap<u64, Hash> {
    let bytes = host.read(&place.anchors(), SEGMENT_READ_LIMIT);
    let bytes = bytes.unwrap_or_default();
    let lines = bytes.split(|it| *it == b'\n');
    let mut anchors = BTreeMap::new();
    for anchor in lines.filter_map(|it| serde_json::from_slice::<Anchor>(it).ok()) {
        if let Some(hash) = hex::parse(&anchor.hash) {
            anchors.insert(anchor.seq, hash);
        }
    }
    anchors
}

#[derive(Default)]
struct Walk {
    report: Report,
    anchors: BTreeMap<u64, Hash>,
    head: Option<(u64, Hash)>,
    segment: String,
    line: u64,
    /// The record before: sequence and hash.
    last: Option<(u64, Hash)>,
}

impl Walk {
    fn lines(&mut self, bytes: &[u8]) {
        let mut lines = bytes.split(|it| *it == b'\n').peekable();
        while let Some(text) = lines.next() {
            self.line += 1;
            let ended = lines.peek().is_some();
            if !ended && text.is_empty() {
                return;
            }
            let line = std::str::from_utf8(text).ok().and_then(Line::parse);
            match line.filter(|_| ended) {
                Some(line) => self.record(&line),
                None => self.gap(text.len()),
            }
        }
    }

    fn record(&mut self, line: &Line) {
        self.report.records += 1;
        if line.body.is_none() {
            self.report.forgotten += 1;
        }
        if let Some(what) = line.fault() {
            self.problem(Fault::Edited, what.to_owned());
        } else {
            self.follows(line);
        }
        if let Some(hash) = self.anchors.remove(&line.seq)
            && hash != line.hash
        {
            let detail = format!("record {} is not the one that was anchored", line.seq);
            self.problem(Fault::RolledBack, detail);
        }
        if let Some((seq, hash)) = self.head
            && seq == line.seq
            && hash != line.hash
        {
            let detail = format!("record {seq} is not the one the head copy names");
            self.problem(Fault::RolledBack, detail);
        }
        self.last = Some((line.seq, line.hash));
    }

    /// Checks a line against the one before it.
    fn follows(&mut self, line: &Line) {
        let Some((seq, hash)) = self.last else {
            // Older segments may have been pruned: then an anchor names the record before.
            let pruned = self.anchors.get(&(line.seq - 1)) == Some(&line.prev);
            if line.seq > 1 && !pruned {
                let detail = format!("records 1 to {} are not there", line.seq - 1);
                self.problem(Fault::Missing, detail);
            } else if line.seq == 1 && line.prev != [0; 32] {
                self.problem(
                    Fault::Edited,
                    "the first record has a predecessor".to_owned(),
                );
            }
            return;
        };
        if line.seq <= seq {
            let detail = format!("record {} comes after record {seq}", line.seq);
            self.problem(Fault::Reordered, detail);
        } else if line.seq - seq > 1 {
            let detail = format!("records {} to {} are not there", seq + 1, line.seq - 1);
            self.problem(Fault::Missing, detail);
        } else if line.prev != hash {
            let detail = format!("record {} does not follow the record before it", line.seq);
            self.problem(Fault::Edited, detail);
        }
    }

    /// Compares the end of the chain with its copies.
    fn finish(&mut self, copy: &HeadCopy) {
        self.report.last = self.last.map_or(0, |it| it.0);
        self.line = 0;
        let last = self.report.last;
        match copy {
            HeadCopy::Good(head) if head.seq > last => {
                let detail = format!("records {} to {} are not there", last + 1, head.seq);
                self.problem(Fault::Truncated, detail);
            }
            HeadCopy::Good(_) => {}
            // The very first writer may have died between its record and the copy.
            HeadCopy::Absent if self.report.records <= 1 => {}
            HeadCopy::Absent => {
                self.problem(Fault::Missing, "the head copy is not there".to_owned());
            }
            HeadCopy::Broken => {
                self.problem(Fault::Edited, "the head copy is unreadable".to_owned());
            }
        }
        if let Some(seq) = self
            .anchors
            .range(last.saturating_add(1)..)
            .next_back()
            .map(|it| *it.0)
        {
            let detail = format!("the anchored record {seq} is not there");
            self.problem(Fault::RolledBack, detail);
        }
    }

    fn gap(&mut self, length: usize) {
        if self.report.gaps.len() < PROBLEM_LIMIT {
            self.report.gaps.push(Problem {
                segment: self.segment.clone(),
                line: self.line,
                fault: Fault::Torn,
                detail: format!("{length} bytes are no record"),
            });
        }
    }

    fn problem(&mut self, fault: Fault, detail: String) {
        if self.report.problems.len() < PROBLEM_LIMIT {
            self.report.problems.push(Problem {
                segment: self.segment.clone(),
                line: self.line,
                fault,
                detail,
            });
        }
    }
}
