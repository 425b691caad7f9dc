//! Owns adding to the chain: one record, one lock, one write. Does not own what is recorded. Invariant:
//! the chain continues from the later of its two ends (the segment's last line, the head copy), so that
//! a torn line leaves a gap and lines that were cut off leave a jump, and neither can be undone unseen.

use std::io;

use super::head::{self, Head};
use super::line::{self, Hash, Line};
use super::place::Place;
use super::{Record, place};
use crate::hex;
use crate::host::{Dirs, Host, Locked};

/// A segment past this size is followed by the next.
const SEGMENT_LIMIT: u64 = 8 << 20;

/// Appends a record; with `sync` it is on the disk when this returns.
pub fn append(host: &dyn Host, dirs: &Dirs, record: &Record, sync: bool) -> io::Result<()> {
    append_within(host, dirs, record, sync, SEGMENT_LIMIT)
}

pub(super) fn append_within(
    host: &dyn Host,
    dirs: &Dirs,
    record: &Record,
    sync: bool,
    limit: u64,
) -> io::Result<()> {
    let place = Place::new(dirs);
    // The lock of the whole chain.
    let mut copy = host.lock(&place.head())?;
    let mut head = match Head::parse(&copy.tail(head::LENGTH + 1)?) {
        Some(head) => head,
        None => recover(host, &place)?,
    };
    let mut segment = Segment::open(host, &place, &mut head)?;
    while segment.size >= limit {
        head.segment = head.segment.checked_add(1).ok_or_else(exhausted)?;
        head.size = 0;
        // Before the new segment is there: whoever dies here leaves a head that says where to go on.
        write_head(&mut *copy, &head)?;
        segment = Segment::open(host, &place, &mut head)?;
    }

    let seq = head.seq.checked_add(1).ok_or_else(exhausted)?;
    let (mut line, hash) = line::render(seq, &head.hash, &host.random(), record);
    line.push('\n');
    if segment.torn {
        line.insert(0, '\n');
    }
    segment.file.append(line.as_bytes())?;
    if sync {
        segment.file.sync()?;
    }
    head = Head {
        segment: head.segment,
        size: segment.size + line.len() as u64,
        seq,
        hash,
    };
    write_head(&mut *copy, &head)
}

fn exhausted() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "the chain has no number left")
}

/// The segment that is written to.
struct Segment<'a> {
    file: Box<dyn Locked + 'a>,
    size: u64,
    /// It does not end in a newline: its last writer died.
    torn: bool,
}

impl<'a> Segment<'a> {
    /// Opens the head's segment and moves the head on where the segment is ahead of it.
    fn open(host: &'a dyn Host, place: &Place, head: &mut Head) -> io::Result<Self> {
        let mut file = host.lock(&place.segment(head.segment))?;
        let size = file.size()?;
        // A segment of the right size may have been changed: the next record needs a line of its own.
        let torn = is_torn(&file.tail(1)?);
        if size != head.size
            && let Some((seq, hash)) = find_end(&mut *file)?
            && seq > head.seq
        {
            (head.seq, head.hash) = (seq, hash);
        }
        Ok(Self { file, size, torn })
    }
}

/// The end of the chain where the head copy is lost: from the segments themselves.
fn recover(host: &dyn Host, place: &Place) -> io::Result<Head> {
    let numbers = place.segments(host)?;
    let mut head = Head {
        segment: numbers.last().copied().unwrap_or(1),
        size: u64::MAX,
        ..Head::default()
    };
    for number in numbers.into_iter().rev() {
        let mut file = host.lock(&place.segment(number))?;
        if let Some((seq, hash)) = find_end(&mut *file)? {
            (head.seq, head.hash) = (seq, hash);
            break;
        }
    }
    Ok(head)
}

fn write_head(copy: &mut dyn Locked, head: &Head) -> io::Result<()> {
    let text = head.render();
    if copy.size()? > head::LENGTH as u64 {
        return copy.replace(text.as_bytes());
    }
    copy.overwrite(text.as_bytes())
}

fn is_torn(bytes: &[u8]) -> bool {
    bytes.last().is_some_and(|it| *it != b'\n')
}

/// Nearly every record is shorter than this.
const TAIL: usize = 8 << 10;

/// Sequence and hash of the last complete line of a segment.
fn find_end(file: &mut dyn Locked) -> io::Result<Option<(u64, Hash)>> {
    let mut limit = TAIL;
    loop {
        let bytes = file.tail(limit)?;
        let whole = bytes.len() as u64 >= file.size()?;
        let mut lines = bytes.rsplit(|it| *it == b'\n');
        let parse = |it| Line::parse(std::str::from_utf8(it).ok()?);
        // Behind the last newline: nothing, a torn line, or one that lacks but its newline.
        let unended = lines.next().and_then(parse);
        let link = unended
            .filter(|it| it.fault().is_none())
            .or_else(|| lines.find_map(parse))
            .map(|it| (it.seq, it.hash));
        if link.is_some() || whole {
            return Ok(link);
        }
        limit = limit.saturating_mul(8);
    }
}

/// Writes a further copy of the end of the chain, so that cutting it back to an earlier state shows.
/// For the end of a session.
pub fn anchor(host: &dyn Host, dirs: &Dirs, session: &str) -> io::Result<()> {
    let place = Place::new(dirs);
    let Some(head) = place::head(host, dirs) else {
        return Ok(());
    };
    let mut hash = String::new();
    hex::push(&mut hash, &head.hash);
    let anchor = serde_json::json!({
        "time": host.now().to_rfc3339(),
        "session": session,
        "segment": head.segment,
        "seq": head.seq,
        "hash": hash,
    });
    let mut file = host.lock(&place.anchors())?;
    let start = if is_torn(&file.tail(1)?) { "\n" } else { "" };
    file.append(format!("{start}{anchor}\n").as_bytes())
}
