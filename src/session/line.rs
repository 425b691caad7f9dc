//! Owns the line that a session's state is: the state as JSON, the messages of its calls as JSON, the
//! calls themselves, joined by tabs. Does not own what they mean, nor the spelling of a call (`recent`). The
//! calls are no JSON: a parser for what holds nothing to parse took most of the time.

use super::{Recent, Session};

/// The line, without its newline.
pub(super) fn render(session: &Session) -> serde_json::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(session)?;
    line.reserve(session.recent.calls().len() + 3);
    line.push(b'\t');
    let messages = session.recent.messages();
    if !messages.is_empty() {
        serde_json::to_writer(&mut line, messages)?;
    }
    line.push(b'\t');
    line.extend_from_slice(session.recent.calls().as_bytes());
    // A line that was cut between two calls is none.
    line.push(b'\t');
    Ok(line)
}

/// The state of a line; absent where it is none.
pub(super) fn parse(line: &[u8]) -> Option<Session> {
    // Once for the whole line: of words this short it costs more than all else.
    let line = std::str::from_utf8(line).ok()?;
    let (state, rest) = line.split_once('\t')?;
    let (messages, calls) = rest.split_once('\t')?;
    let mut session: Session = serde_json::from_str(state).ok()?;
    let messages: Vec<String> = match messages {
        "" => Vec::new(),
        messages => serde_json::from_str(messages).ok()?,
    };
    session.recent = Recent::parse(calls.strip_suffix('\t')?, messages)?;
    Some(session)
}
