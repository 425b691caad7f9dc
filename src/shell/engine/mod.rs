//! Owns the ways to a container beside `docker run`: compose files, manifests of pods, the engine's own API
//! and its client library. Each is said as the command that does the same. Does not own where the texts come
//! from (`walk`, `unwrap`) nor what is judged. Invariant: what is not understood is left out, and a value that
//! is not known is a mark.

pub(super) mod api;
pub(super) mod compose;
mod node;
pub(super) mod pod;
pub(super) mod sdk;

pub(super) use node::{Node, documents, flow};

use super::invocation::{Arg, ArgFlags, UNKNOWN};
use super::unwrap::{like, split};

/// Texts longer than this are not read.
pub(super) const SIZE_LIMIT: usize = 64 * 1024;
/// So many containers of one text are looked at.
pub(super) const RUNS: usize = 32;

/// What `docker run` would be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) flags: Vec<String>,
    pub(super) image: String,
    pub(super) entry: Vec<String>,
    pub(super) command: Vec<String>,
}

impl Run {
    pub(super) fn mount(&mut self, source: &str, target: &str, read_only: bool) {
        if !source.is_empty() && !target.is_empty() {
            let mode = if read_only { ":ro" } else { "" };
            self.flags.push("-v".to_owned());
            self.flags.push(format!("{source}:{target}{mode}"));
        }
    }

    pub(super) fn flag(&mut self, name: &str, value: &str) {
        if !value.is_empty() {
            self.flags.push(format!("{name}={value}"));
        }
    }

    pub(super) fn privileged(&mut self, is: bool) {
        if is {
            self.flags.push("--privileged".to_owned());
        }
    }

    /// The words of the command line.
    pub(super) fn words(self) -> Vec<String> {
        let mut words = vec!["docker".to_owned(), "run".to_owned()];
        words.extend(self.flags);
        words.push(if self.image.is_empty() {
            "image".to_owned()
        } else {
            self.image
        });
        words.extend(self.entry);
        words.extend(self.command);
        words
    }
}

/// Words of a command as arguments at the place of the text that they come from.
pub(super) fn arguments(at: &Arg, words: Vec<String>) -> Vec<Arg> {
    let arg = |word: String| {
        let mut arg = Arg::literal(word, at.span);
        arg.flags.set(ArgFlags::QUOTED);
        if arg.text.contains(UNKNOWN) {
            arg.flags.set(ArgFlags::UNKNOWN);
        }
        arg
    };
    words.into_iter().map(arg).collect()
}

/// A command that stands as a text, or as a list of its words.
pub(super) fn command(node: &Node) -> Vec<String> {
    match node {
        Node::Text(text) => divide(text),
        Node::List(items) => items.iter().map(|it| it.text().to_owned()).collect(),
        Node::Map(_) => Vec::new(),
    }
}

/// The words of a text.
pub(super) fn divide(text: &str) -> Vec<String> {
    let words = split(&like(&Arg::default(), text));
    words.into_iter().map(|it| it.text).collect()
}
