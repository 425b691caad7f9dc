//! Owns the line that a session's state is: the state as JSON, the messages of its calls as JSON, the
//! calls themselves, joined by tabs. Does not own what they mean. Invariant: whatever text is in a call
//! comes back. The calls are no JSON because they are read and written at every event, and
//! a parser for what holds nothing to parse took most of the time.

use super::{Call, RECENT_LIMIT, Session};

/// The line, without its newline.
pub(super) fn render(session: &Session) -> serde_json::Result<Vec<u8>> {
    let mut line = serde_json::to_vec(session)?;
    line.reserve(64 * session.recent.len() + 2);
    line.push(b'\t');
    let messages = session.recent.iter().map(|it| it.message.as_str());
    let messages: Vec<&str> = messages.filter(|it| !it.is_empty()).collect();
    if !messages.is_empty() {
        serde_json::to_writer(&mut line, &messages)?;
    }
    line.push(b'\t');
    for call in &session.recent {
        push_word(&mut line, &call.id);
        push_word(&mut line, &call.digest);
        push_word(&mut line, &call.decision);
        line.push(match (call.settled, call.message.is_empty()) {
            (false, true) => b'0',
            (true, true) => b'1',
            (false, false) => b'2',
            (true, false) => b'3',
        });
        line.push(b' ');
    }
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
    session.recent = parse_calls(calls.strip_suffix('\t')?, messages)?;
    Some(session)
}

fn parse_calls(mut text: &str, messages: Vec<String>) -> Option<Vec<Call>> {
    let mut messages = messages.into_iter();
    let mut calls = Vec::with_capacity(RECENT_LIMIT + 1);
    while !text.is_empty() {
        let id = take_word(&mut text)?;
        let digest = take_word(&mut text)?;
        let decision = take_word(&mut text)?;
        let (flags, rest) = text.split_at_checked(2)?;
        text = rest;
        let (settled, speaks) = match flags {
            "0 " => (false, false),
            "1 " => (true, false),
            "2 " => (false, true),
            "3 " => (true, true),
            _ => return None,
        };
        let message = if speaks {
            messages.next()?
        } else {
            String::new()
        };
        calls.push(Call {
            id,
            digest,
            decision,
            message,
            settled,
        });
    }
    Some(calls)
}

/// Bytes that stand for themselves in a word.
#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
static PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0u8;
    while byte < 128 {
        plain[byte as usize] =
            byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-' || byte == b'.';
        byte += 1;
    }
    plain
};

fn is_plain(byte: u8) -> bool {
    PLAIN.get(usize::from(byte)).copied().unwrap_or(false)
}

/// The word and a colon: as it is where it is an ordinary one, else `~` and its bytes in hexadecimal.
fn push_word(line: &mut Vec<u8>, word: &str) {
    if word.bytes().all(is_plain) {
        line.extend_from_slice(word.as_bytes());
    } else {
        let digit = |it: u8| if it < 10 { b'0' + it } else { b'a' + it - 10 };
        line.push(b'~');
        for byte in word.bytes() {
            line.extend([digit(byte >> 4), digit(byte & 15)]);
        }
    }
    line.push(b':');
}

fn take_word(text: &mut &str) -> Option<String> {
    let end = text.bytes().position(|it| it == b':')?;
    let (word, rest) = text.split_at_checked(end)?;
    *text = rest.get(1..)?;
    let Some(digits) = word.strip_prefix('~') else {
        return Some(word.to_owned());
    };
    let bytes = digits.as_bytes().chunks(2).map(|pair| {
        let &[high, low] = pair else { return None };
        let digit = |it| char::from(it).to_digit(16);
        u8::try_from(digit(high)? * 16 + digit(low)?).ok()
    });
    String::from_utf8(bytes.collect::<Option<_>>()?).ok()
}
