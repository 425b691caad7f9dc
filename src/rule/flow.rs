//! Owns the ways of content through files within one text: who wrote what a later invocation reads, runs
//! or sends. Does not own pipes and substitutions (`origin`). Invariants: a file is known by its place,
//! however it is written; a tree that was unpacked or cloned holds what lies below it and did not exist;
//! what was found once for a file or an invocation is not looked for again.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::fetch;
use super::matcher::Query;
use super::memo::Memo;
use super::origin::substituted;
use super::pattern::glob;
use super::ran::{self, Ran};
use super::written::{File, Written};
use crate::shell::access::AccessKind;
use crate::shell::flags::options;
use crate::shell::{Cwd, GUARDED, Invocation, Reading, UNKNOWN};
use crate::word::base;

/// True where the output of the invocation at `index` may reach one of those that `payload` asks for:
/// through pipes, values and substitutions in arguments, and files that they send. All of them are traced
/// back at once and once for the whole text.
pub(super) fn reaches(
    memo: &Memo,
    index: usize,
    payload: &[u8],
    wanted: impl Fn(&Invocation) -> bool,
) -> bool {
    let flow = &memo.flow;
    memo.holds(payload, &[index], || {
        let mut from = Vec::new();
        let numbered = (0_u32..).zip(&flow.query.reading.invocations);
        for (number, receiver) in numbered.filter(|it| wanted(it.1)) {
            from.extend(&receiver.fed_by);
            from.extend(substituted(receiver));
            from.extend(flow.lister(receiver));
            flow.add_files(number, receiver, |it| it == AccessKind::Send, &mut from);
        }
        flow.back(from)
    })
}

/// True where one of the things that the invocation at `index` runs comes from one of those that `payload`
/// asks for, at any distance.
pub(super) fn comes_from(
    memo: &Memo,
    index: usize,
    ran: &Ran,
    payload: &[u8],
    wanted: impl Fn(&Invocation) -> bool,
) -> bool {
    let flow = &memo.flow;
    let invocation = flow.query.reading.invocations.get(index);
    let Some((invocation, number)) = invocation.zip(u32::try_from(index).ok()) else {
        return false;
    };
    let mut writers = ran.inputs.clone();
    for file in &ran.files {
        flow.add_writers(number, &invocation.cwd, file, &mut writers, Among::All);
    }
    for file in &ran.named {
        flow.add_writers(number, &invocation.cwd, file, &mut writers, Among::Named);
    }
    if let Some(name) = ran.command {
        flow.add_installers(number, name, &mut writers);
    }
    comes_through(memo, &writers, payload, |_, it| wanted(it))
}

/// True where content of these nodes may have come through one of the invocations that `payload` asks
/// for, themselves included.
pub(super) fn comes_through(
    memo: &Memo,
    nodes: &[u32],
    payload: &[u8],
    wanted: impl Fn(usize, &Invocation) -> bool,
) -> bool {
    let nodes: Vec<usize> = nodes.iter().copied().filter_map(at).collect();
    !nodes.is_empty() && memo.holds(payload, &nodes, || memo.flow.leading(wanted))
}

/// `git clone` and `gh repo clone` of what lies on another machine.
pub(super) fn is_clone(invocation: &Invocation) -> bool {
    if !matches!(invocation.program.as_str(), "git" | "gh") {
        return false;
    }
    let options = options(invocation);
    let words: Vec<&str> = options.operands.iter().map(|it| it.text.as_str()).collect();
    match (invocation.program.as_str(), words.as_slice()) {
        ("git", ["clone", from, ..]) => from.contains(':'),
        ("gh", ["repo", "clone", ..]) => true,
        _ => false,
    }
}

/// The ways of one reading. Its nodes are the invocations and behind them the writings: each time that a
/// file is written, which leads to who wrote it and to the time before.
pub(super) struct Flow<'q> {
    query: Query<'q>,
    /// Something is downloaded.
    downloads: OnceCell<bool>,
    written: OnceCell<Written<'q>>,
    /// The nodes that each invocation has its content from.
    sources: Vec<OnceCell<Vec<u32>>>,
    /// What was written where a file is.
    places: RefCell<Places>,
}

/// By directory and name.
type Places = BTreeMap<(Cwd, String), Rc<[usize]>>;

impl<'q> Flow<'q> {
    pub(super) fn new(query: &Query<'q>) -> Self {
        Self {
            query: *query,
            downloads: OnceCell::new(),
            written: OnceCell::new(),
            sources: vec![OnceCell::new(); query.reading.invocations.len()],
            places: RefCell::default(),
        }
    }

    pub(super) fn reading(&self) -> &'q Reading {
        self.query.reading
    }

    /// True where the text downloads anything: only then it matters where a program of a plain name
    /// comes from.
    pub(super) fn downloads(&self) -> bool {
        let loads = |it: &Invocation| {
            matches!(
                it.program.as_str(),
                "curl" | "wget" | "wget2" | "aria2c" | "axel" | "http" | "https" | "xh" | "lftp"
            ) || fetch::is_fetch(it)
        };
        let invocations = &self.query.reading.invocations;
        *self.downloads.get_or_init(|| invocations.iter().any(loads))
    }

    /// Everything that the content of these nodes may have come through, themselves included.
    fn back(&self, mut next: Vec<u32>) -> Vec<bool> {
        let mut reached = vec![false; self.sources.len()];
        while let Some(node) = next.pop().and_then(at) {
            if node >= reached.len() {
                reached.resize(self.count(), false);
            }
            if let Some(it) = reached.get_mut(node).filter(|it| !**it) {
                *it = true;
                self.add_steps(node, &mut next);
            }
        }
        reached
    }

    /// The nodes that are wanted or have their content from a wanted one, in any number of steps.
    fn leading(&self, wanted: impl Fn(usize, &Invocation) -> bool) -> Vec<bool> {
        let mut after: Vec<Vec<u32>> = vec![Vec::new(); self.count()];
        let mut steps = Vec::new();
        for (number, node) in (0_u32..).zip(0..after.len()) {
            self.add_steps(node, &mut steps);
            for from in steps.drain(..).filter_map(at) {
                if let Some(after) = after.get_mut(from) {
                    after.push(number);
                }
            }
        }
        let numbered = self.query.reading.invocations.iter().enumerate();
        let found = numbered.filter(|it| wanted(it.0, it.1));
        let mut next: Vec<u32> = found.filter_map(|it| u32::try_from(it.0).ok()).collect();
        let mut leading = vec![false; after.len()];
        while let Some(node) = next.pop().and_then(at) {
            if let Some(it) = leading.get_mut(node).filter(|it| !**it) {
                *it = true;
                next.extend(after.get(node).into_iter().flatten());
            }
        }
        leading
    }

    /// How many nodes there are.
    fn count(&self) -> usize {
        self.sources.len() + self.written().writings.len()
    }

    /// Adds the nodes that this one has its content from.
    fn add_steps(&self, node: usize, next: &mut Vec<u32>) {
        if let Some(writing) = node.checked_sub(self.sources.len()) {
            if let Some((by, again)) = self.written().writings.get(writing) {
                next.push(*by);
                next.extend(u32::try_from(node - 1).ok().filter(|_| *again));
            }
            return;
        }
        let known = self.sources.get(node);
        let known = known.zip(self.query.reading.invocations.get(node));
        let Some((sources, invocation)) = known else {
            return;
        };
        let sources = sources.get_or_init(|| {
            let mut sources = invocation.fed_by.clone();
            sources.extend(substituted(invocation));
            sources.extend(self.lister(invocation));
            let unpacks = ran::unpacks(&invocation.program);
            let reads = |it| match it {
                AccessKind::Read | AccessKind::Send | AccessKind::Move | AccessKind::Link => true,
                AccessKind::Write => unpacks,
                _ => false,
            };
            let number = u32::try_from(node).unwrap_or(u32::MAX);
            self.add_files(number, invocation, reads, &mut sources);
            sources
        });
        next.extend(sources);
    }

    /// The program that starts the invocation with what it reads as arguments.
    fn lister(&self, invocation: &Invocation) -> Option<u32> {
        let parent = invocation.parent?;
        let lister = self.query.reading.at(parent)?;
        matches!(lister.program.as_str(), "xargs" | "gxargs" | "parallel").then_some(parent)
    }

    /// Adds the writings of the files that an invocation uses in these ways.
    fn add_files(
        &self,
        number: u32,
        invocation: &Invocation,
        used: impl Fn(AccessKind) -> bool,
        next: &mut Vec<u32>,
    ) {
        let accesses = at(number).map_or(&[][..], |it| self.query.accesses.of(it));
        for access in accesses.iter().filter(|it| used(it.kind)) {
            let path = &access.path.text;
            self.add_writers(number, &invocation.cwd, path, next, Among::All);
        }
    }

    /// Adds the last writing of the file, or of the tree that it lies in, before this invocation.
    fn add_writers(&self, number: u32, cwd: &Cwd, file: &str, next: &mut Vec<u32>, among: Among) {
        let places = self.places(cwd, file);
        let known = places.iter().filter_map(|it| self.written().files.get(*it));
        // Of trees in each other the innermost holds the file.
        let depth = |it: &File| it.place.get().map_or(0, String::len);
        let trees = known
            .clone()
            .filter(|it| it.is_tree && it.comes_before(number));
        let innermost = trees.map(depth).max().unwrap_or_default();
        for file in known {
            let held = among == Among::All && depth(file) == innermost;
            if held || !file.is_tree {
                self.add_last(number, file, next);
            }
        }
    }

    fn add_last(&self, number: u32, file: &File, next: &mut Vec<u32>) {
        let before = file.by.partition_point(|it| *it < number);
        if let Some(last) = before.checked_sub(1) {
            next.extend(u32::try_from(self.sources.len() + file.first + last));
        }
    }

    /// Adds who put a program of this name where the shell looks for programs.
    fn add_installers(&self, number: u32, name: &str, next: &mut Vec<u32>) {
        let written = self.written();
        let at = |name: &str| written.named.get(name).into_iter().flatten();
        for file in at(name).filter_map(|it| written.files.get(*it)) {
            let above = file.path.rsplit_once('/').map_or("", |it| it.0);
            if is_of_programs(above) {
                self.add_last(number, file, next);
            }
        }
        // `mv tool ~/bin` does not say the name twice.
        let moves = |it: &u32| {
            let by = self.query.reading.at(*it);
            by.is_some_and(|by| by.args().iter().any(|arg| base(&arg.text) == name))
        };
        let directories = ["bin", "sbin"].into_iter().flat_map(at);
        for file in directories.filter_map(|it| written.files.get(*it)) {
            next.extend(file.by.iter().filter(|it| **it < number && moves(it)));
        }
        // An archive is called like what is in it.
        let invocations = &self.query.reading.invocations;
        let called = |it: &u32| fetch::unpacks_one_called(invocations, *it, name);
        let trees = written.trees.iter().filter_map(|it| written.files.get(*it));
        for tree in trees.filter(|it| is_of_programs(it.path)) {
            next.extend(
                tree.by
                    .iter()
                    .copied()
                    .filter(|it| *it < number && called(it)),
            );
        }
    }

    /// What of everything that is written is this file, or a tree that it lies in.
    fn places(&self, cwd: &Cwd, file: &str) -> Rc<[usize]> {
        let written = self.written();
        let named = written.named.get(base(file));
        let pattern = base(file).contains('*');
        if named.is_none() && written.trees.is_empty() && !pattern || is_nameless(file) {
            return Rc::default();
        }
        let key = (cwd.clone(), file.to_owned());
        if let Some(known) = self.places.borrow().get(&key) {
            return Rc::clone(known);
        }
        let candidates = named.into_iter().flatten().chain(&written.trees);
        let found = if pattern {
            self.fitting(cwd, file)
        } else {
            self.same(cwd, file, candidates.copied())
        };
        let found: Rc<[usize]> = found.into();
        self.places.borrow_mut().insert(key, Rc::clone(&found));
        found
    }

    /// What a glob names in a directory.
    fn fitting(&self, cwd: &Cwd, pattern: &str) -> Vec<usize> {
        let locator = self.query.locator;
        let (directory, pattern) = pattern.rsplit_once('/').unwrap_or((".", pattern));
        let directory = locator.locate(cwd, &[directory, "/."].concat()).lexical;
        let numbered = self.written().files.iter().enumerate();
        let fits = numbered.filter(|(_, it)| {
            let place = it
                .place
                .get_or_init(|| locator.locate(it.cwd, it.path).lexical);
            let parts = place.rsplit_once('/').unwrap_or_default();
            !it.is_tree && parts.0 == directory && glob(pattern, parts.1)
        });
        fits.map(|it| it.0).collect()
    }

    /// Those of the candidates that are this file, or a tree that it lies in.
    fn same(&self, cwd: &Cwd, file: &str, them: impl Iterator<Item = usize>) -> Vec<usize> {
        let locator = self.query.locator;
        let located = OnceCell::new();
        let missing = OnceCell::new();
        let is_same = |it: &File| {
            if it.cwd == cwd && bare(it.path) == bare(file) {
                return true;
            }
            let located = located.get_or_init(|| locator.locate(cwd, file));
            let place = it
                .place
                .get_or_init(|| locator.locate(it.cwd, it.path).lexical);
            if located.lexical == *place {
                return place.starts_with('/');
            }
            let below = located.lexical.strip_prefix(place.trim_end_matches('/'));
            // What was there before did not come out of the archive.
            it.is_tree
                && below.is_some_and(|it| it.starts_with('/'))
                && *missing.get_or_init(|| locator.host.metadata(&located.real).is_err())
        };
        let files = &self.written().files;
        them.filter(|it| files.get(*it).is_some_and(is_same))
            .collect()
    }

    fn written(&self) -> &Written<'q> {
        self.written.get_or_init(|| Written::of(&self.query))
    }
}

/// Whether files are meant that some tree may hold beside those that the text names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Among {
    All,
    Named,
}

/// True for a directory in which the shell looks for programs, by its name.
fn is_of_programs(directory: &str) -> bool {
    matches!(base(directory), "bin" | "sbin")
}

/// True where nothing tells the file from another: it is unknown, or its name is only known not to be
/// empty.
fn is_nameless(file: &str) -> bool {
    file.contains(UNKNOWN) || base(file).chars().all(|it| it == GUARDED)
}

fn at(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}

fn bare(path: &str) -> &str {
    path.strip_prefix("./").unwrap_or(path)
}
