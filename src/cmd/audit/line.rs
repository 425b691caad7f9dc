//! Owns a record as one line of a list, and text that cannot drive a terminal. Does not own which records
//! are shown (`filter`). Invariant: nothing of a record reaches the terminal before [`plain`].

use std::io::Write;

use super::ListArgs;
use crate::audit::Entry;

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
        short(&plain(&record.subject))
    );
    if !record.rules.is_empty() {
        line.push_str("  [");
        line.push_str(&plain(&record.rules.join(", ")));
        line.push(']');
    }
    writeln!(out, "{}", line.trim_end())?;
    Ok(())
}

/// One line of a subject for a list.
fn short(text: &str) -> String {
    const WIDTH: usize = 100;
    match text.char_indices().nth(WIDTH) {
        Some((end, _)) => format!("{}\u{2026}", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The text without what a terminal obeys: control characters, and those that turn text around.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for it in text.chars() {
        match it {
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                plain.push('\u{fffd}');
            }
            it if it.is_control() => plain.extend(it.escape_default()),
            it => plain.push(it),
        }
    }
    plain
}
