//! Owns the second copy of the end of the chain, `head.json`: what it holds and its one spelling. Does
//! not own its lock. Invariant: it has the same length always, so that it is overwritten in place.

use super::line::{self, Hash};
use crate::hex;

/// The end of the chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// The segment that is written to.
    pub segment: u32,
    /// Its length after the last record.
    pub size: u64,
    /// Sequence and hash of the last record; 0 and zeros before the first.
    pub seq: u64,
    pub hash: [u8; 32],
}

/// The length of the file: the longest numbers fit.
pub(super) const LENGTH: usize = 192;

impl Head {
    /// Absent where the text is not what [`Head::render`] writes.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(bytes).ok()?;
        let rest = text.strip_prefix(r#"{"segment":"#)?;
        let (segment, rest) = rest.split_once(r#","size":"#)?;
        let (size, rest) = rest.split_once(r#","seq":"#)?;
        let (seq, rest) = rest.split_once(r#","hash":""#)?;
        let (hash, rest) = rest.split_once('"')?;
        if bytes.len() != LENGTH || rest.trim_end() != "}" {
            return None;
        }
        Some(Self {
            segment: segment.parse().ok().filter(|it| *it > 0)?,
            size: size.parse().ok()?,
            seq: seq.parse().ok()?,
            hash: hex::parse::<32>(hash)?,
        })
    }

    pub(super) fn render(&self) -> String {
        let mut text = String::with_capacity(LENGTH);
        text.push_str(r#"{"segment":"#);
        line::push_number(&mut text, self.segment.into());
        text.push_str(r#","size":"#);
        line::push_number(&mut text, self.size);
        text.push_str(r#","seq":"#);
        line::push_number(&mut text, self.seq);
        text.push_str(r#","hash":""#);
        hex::push(&mut text, &self.hash);
        text.push_str("\"}");
        while text.len() < LENGTH - 1 {
            text.push(' ');
        }
        text.push('\n');
        text
    }

    /// The record this one must follow.
    pub(super) fn link(&self) -> (u64, Hash) {
        (self.seq, self.hash)
    }
}
