//! Owns what one text writes: which files and trees, by whom and in which order. Does not own the ways of
//! content through them (`flow`). Invariant: a file is known by its name, a tree by its place, and each of
//! their writings by who wrote.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::fetch;
use super::flow::is_clone;
use super::matcher::Query;
use super::ran;
use crate::shell::access::{Access, AccessKind};
use crate::shell::{Cwd, Invocation};
use crate::word::base;

/// Everything that is written.
#[derive(Default)]
pub(super) struct Written<'q> {
    pub(super) files: Vec<File<'q>>,
    /// The files by the last part of their name, but for trees.
    pub(super) named: BTreeMap<&'q str, Vec<usize>>,
    pub(super) trees: Vec<usize>,
    /// Of each writing: who wrote, and whether its file was written before.
    pub(super) writings: Vec<(u32, bool)>,
}

/// What is written under one name in one directory.
pub(super) struct File<'q> {
    pub(super) cwd: &'q Cwd,
    pub(super) path: &'q str,
    pub(super) is_tree: bool,
    pub(super) place: OnceCell<String>,
    /// Who writes, in the order of the text.
    pub(super) by: Vec<u32>,
    /// The first of its writings.
    pub(super) first: usize,
}

impl File<'_> {
    /// It was written before this invocation.
    pub(super) fn comes_before(&self, number: u32) -> bool {
        self.by.first().is_some_and(|it| *it < number)
    }
}

impl<'q> Written<'q> {
    pub(super) fn of(query: &Query<'q>) -> Self {
        let mut written = Self::default();
        let mut known: BTreeMap<(bool, &Cwd, &str), usize> = BTreeMap::new();
        let invocations = &query.reading.invocations;
        for (number, (index, invocation)) in (0_u32..).zip(invocations.iter().enumerate()) {
            let accesses = query.accesses.of(index).iter();
            let is_writing =
                |it: &&Access| matches!(it.kind, AccessKind::Write | AccessKind::Append);
            let mut changed = accesses.filter(is_writing).peekable();
            let is_tree = changed.peek().is_some() && makes_tree(invocation);
            for access in changed {
                let path = access.path.text.as_str();
                let next = written.files.len();
                let place = *known
                    .entry((is_tree, &invocation.cwd, path))
                    .or_insert(next);
                if place == next {
                    written.add(&invocation.cwd, path, is_tree);
                }
                let file = written.files.get_mut(place);
                if let Some(file) = file.filter(|it| it.by.last() != Some(&number)) {
                    file.by.push(number);
                }
            }
        }
        for file in &mut written.files {
            file.first = written.writings.len();
            let writings = file.by.iter().zip(0..);
            written
                .writings
                .extend(writings.map(|(by, nth)| (*by, nth > 0)));
        }
        written
    }

    fn add(&mut self, cwd: &'q Cwd, path: &'q str, is_tree: bool) {
        let place = self.files.len();
        if is_tree {
            self.trees.push(place);
        } else {
            self.named.entry(base(path)).or_default().push(place);
        }
        self.files.push(File {
            cwd,
            path,
            is_tree,
            place: OnceCell::new(),
            by: Vec::new(),
            first: 0,
        });
    }
}

/// Programs that fill a directory with files that their command does not name.
fn makes_tree(invocation: &Invocation) -> bool {
    matches!(
        invocation.program.as_str(),
        "tar" | "bsdtar" | "gtar" | "unzip" | "7z" | "7za" | "7zz" | "cpio" | "unrar" | "unar"
    ) || is_clone(invocation)
        || ran::makes_environment(invocation)
        || fetch::is_tree(invocation)
}
