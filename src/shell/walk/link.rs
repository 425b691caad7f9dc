//! Owns the other names that the text itself gives to files and directories: copies, links, bind mounts. Does
//! not own those that exist before it runs (`path`). Invariant: a name is followed a bounded number of times.

use crate::shell::flags::options;
use crate::shell::invocation::{Arg, ArgFlags, RedirectOp, UNKNOWN};
use crate::shell::unwrap::like;
use crate::word::base;

use super::Walker;

/// How many names made by one text are remembered.
const LINK_LIMIT: usize = 64;
/// How many names may lead to each other.
const LINK_DEPTH: usize = 8;

/// How a name leads to what it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LinkKind {
    /// By content: a copy, a file that was moved, a hard link.
    Copy,
    Symbolic,
    /// The name itself is the directory mounted there.
    Mount,
}

/// A name that this text gave to something else.
#[derive(Clone, Debug)]
pub(super) struct Link {
    pub(super) place: String,
    pub(super) target: Arg,
    kind: LinkKind,
}

impl Walker<'_> {
    /// Remembers what `cp`, `mv`, `ln` and `install` put under another name.
    pub(super) fn note_links(&mut self, program: &str, index: u32) {
        if matches!(program, "mount" | "umount" | "bindfs") {
            self.note_mount(program, index);
            return;
        }
        if program == "cat" {
            self.note_copy(index);
            return;
        }
        if !matches!(program, "cp" | "mv" | "ln" | "install") || self.links.len() >= LINK_LIMIT {
            return;
        }
        let Some(invocation) = self.reading.at(index) else {
            return;
        };
        let options = options(invocation);
        let [source, target] = options.operands.as_slice() else {
            return;
        };
        let symbolic = program == "ln" && options.has_any(&["-s", "--symbolic"]);
        let unknown = |it: &Arg| it.flags.has(ArgFlags::MANY) || it.text.contains(UNKNOWN);
        if unknown(source) || unknown(target) {
            return;
        }
        let (source, mut target) = ((*source).clone(), target.text.clone());
        if target.ends_with('/') || matches!(target.as_str(), "." | "..") {
            let name = base(source.text.trim_end_matches('/'));
            target = format!("{}/{name}", target.trim_end_matches('/'));
        }
        let place = self.place(&target);
        if let Some(content) = self.file(&source.text) {
            self.files.retain(|it| it.0 != place);
            self.files.push((place, content));
            return;
        }
        // A symbolic link's target counts from the link's directory.
        let text = match target.rsplit_once('/') {
            Some((directory, _)) if symbolic && !source.text.starts_with(['/', '~']) => {
                self.place(&format!("{directory}/{}", source.text))
            }
            _ if source.text.contains('/') => self.place(&source.text),
            // The place of a program that `which` named is where it would be run from.
            _ if source.flags.has(ArgFlags::HIDDEN) => source.text.clone(),
            _ => self.place(&source.text),
        };
        let kind = if symbolic {
            LinkKind::Symbolic
        } else {
            LinkKind::Copy
        };
        self.link(place, like(&source, text), kind);
    }

    fn link(&mut self, place: String, target: Arg, kind: LinkKind) {
        self.links.retain(|it| it.place != place);
        self.links.push(Link {
            place,
            target,
            kind,
        });
    }

    /// `cat program > place`.
    fn note_copy(&mut self, index: u32) {
        let Some(invocation) = self.reading.at(index) else {
            return;
        };
        let ([source], [redirect]) = (invocation.args(), invocation.redirects.as_slice()) else {
            return;
        };
        let known = |it: &Arg| it.is_known() && it.text.contains('/');
        let copies = redirect.op == RedirectOp::Write && redirect.fd.is_none_or(|it| it == 1);
        if copies && known(source) && known(&redirect.target) && self.links.len() < LINK_LIMIT {
            let (place, target) = (self.place(&redirect.target.text), source.clone());
            self.link(place, target, LinkKind::Copy);
        }
    }

    /// `mount --bind source place`, and its end.
    fn note_mount(&mut self, program: &str, index: u32) {
        let Some(invocation) = self.reading.at(index) else {
            return;
        };
        let options = options(invocation);
        if program == "umount" {
            let places = options.operands.iter().map(|it| self.place(&it.text));
            let places: Vec<String> = places.collect();
            self.links.retain(|it| !places.contains(&it.place));
            return;
        }
        let binds = program == "bindfs"
            || options.has_any(&["-B", "--bind", "-R", "--rbind"])
            || options.values_of(&["-o", "--options"]).iter().any(|it| {
                let mut words = it.text.split(',');
                words.any(|word| matches!(word, "bind" | "rbind"))
            });
        let [source, place] = options.operands.as_slice() else {
            return;
        };
        let known = |it: &Arg| !it.flags.has(ArgFlags::MANY) && !it.text.contains(UNKNOWN);
        if binds && known(source) && known(place) && self.links.len() < LINK_LIMIT {
            let target = like(source, self.place(&source.text));
            self.link(self.place(&place.text), target, LinkKind::Mount);
        }
    }

    /// The argument with the links and mounts that this text made replaced by what they lead to.
    pub(super) fn through_links(&self, arg: &Arg) -> Option<String> {
        let mut text = self.through_link(&arg.text)?;
        for _ in 1..LINK_DEPTH {
            match self.through_link(&text) {
                Some(next) => text = next,
                None => break,
            }
        }
        Some(text)
    }

    fn through_link(&self, text: &str) -> Option<String> {
        if !text.contains('/') || text.contains(UNKNOWN) {
            return None;
        }
        let leads = |it: &&Link| !matches!(it.kind, LinkKind::Copy);
        let mut links = self.links.iter().filter(leads).peekable();
        links.peek()?;
        // The place of the path and of every directory in it, once for all links.
        let whole = self.place(text);
        let directories = text.match_indices('/').filter_map(|(at, _)| {
            let (directory, rest) = text.split_at_checked(at)?;
            (!directory.is_empty()).then(|| (self.place(directory), rest))
        });
        let directories: Vec<(String, &str)> = directories.collect();
        links.find_map(|it| {
            if matches!(it.kind, LinkKind::Mount) && whole == it.place {
                return Some(it.target.text.clone());
            }
            let (_, rest) = directories.iter().find(|(place, _)| *place == it.place)?;
            Some(format!("{}{rest}", it.target.text.trim_end_matches('/')))
        })
    }

    /// What a program's file was copied or linked from by this same text.
    pub(super) fn copied_from(&self, program: &Arg) -> Option<Arg> {
        if self.links.is_empty() || !program.text.contains('/') || !program.is_known() {
            return None;
        }
        let place = self.place(&program.text);
        let found = self.links.iter().rev().find(|it| it.place == place);
        found.map(|it| it.target.clone())
    }
}
