//! Owns a record as one line of a list. Does not own which records are shown (`filter`). Invariant: nothing of a record reaches the terminal before [`plain`].

use std::io::Write;

use super::ListArgs;
use crate::audit::Entry;
use crate::plain::{cut, plain};

/// Characters of a subject in a list.
const WIDTH: usize = 100;

/// One record as a line; as stored where JSON is wanted.
pub(super) fn print(
    entry: &Entry,
    args: &ListArgs,
    paint: bool,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    if args.json {
        writeln!(out, "{}", entry.text)?;
        return Ok(());
    }
    let Some(record) = &entry.record else {
        writeln!(out, "{:>7}  (content taken out)", entry.seq)?;
        return Ok(());
    };
    let time = record
        .time
        .get(..19)
        .unwrap_or(&record.time)
        .replace('T', " ");
    let colour = match record.decision.as_str() {
        "deny" => "31",
        "ask" => "33",
        "warn" => "36",
        _ => "2",
    };
    let decision = plain(&record.decision);
    let decision = if paint {
        format!("\u{1b}[{colour}m{decision:<7}\u{1b}[0m")
    } else {
        format!("{decision:<7}")
    };
    let what = if record.tool.is_empty() {
        &record.event
    } else {
        &record.tool
    };
    let mut line = format!(
        "{:>7}  {}  {decision}  {:<12}  {}",
        entry.seq,
        plain(&time),
        plain(what),
        cut(&plain(&record.subject), WIDTH)
    );
    if !record.rules.is_empty() {
        line.push_str("  [");
        line.push_str(&plain(&record.rules.join(", ")));
        line.push(']');
    }
    writeln!(out, "{}", line.trim_end())?;
    Ok(())
}
