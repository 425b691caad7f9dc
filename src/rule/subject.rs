//! Owns what is computed about one invocation on demand and at most once: its options, accesses, and
//! where its paths are. Does not own predicates. Invariant: nothing here is computed before a predicate
//! asks for it.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};

use super::matcher::Query;
use super::network::Address;
use super::pattern::{ends_fit, glob};
use super::{branch, facts, origin, tracked};
use crate::host::Host;
use crate::path::{Class, Classes, Located};
use crate::shell::access::{self, Access, AccessKind};
use crate::shell::flags::{self, Options};
use crate::shell::{Arg, Context, Cwd, Invocation, UNKNOWN};

/// One invocation under examination.
pub(super) struct Subject<'q> {
    query: &'q Query<'q>,
    pub(super) index: usize,
    pub(super) invocation: Cow<'q, Invocation>,
    options: OnceCell<Options<'q>>,
    accesses: OnceCell<Vec<Found<'q>>>,
    hosts: OnceCell<Vec<Address>>,
    /// Operands that the subcommand took up.
    pub(super) subcommand_words: Cell<usize>,
}

/// One access, and where its path is once somebody asked.
pub(super) struct Found<'q> {
    pub(super) access: Cow<'q, Access>,
    located: OnceCell<Located>,
}

/// On another machine or in a container only these hold: what they name is there what it is here.
const EVERYWHERE: Classes = Classes::all(&[
    Class::Root,
    Class::Home,
    Class::Homes,
    Class::SystemTop,
    Class::Device,
    Class::Kernel,
    Class::Sink,
]);

impl<'q> Subject<'q> {
    pub(super) fn new(query: &'q Query<'q>, index: usize, invocation: &'q Invocation) -> Self {
        Self {
            query,
            index,
            invocation: named_by_tail(invocation),
            options: OnceCell::new(),
            accesses: OnceCell::new(),
            hosts: OnceCell::new(),
            subcommand_words: Cell::new(0),
        }
    }

    pub(super) fn options(&self) -> &Options<'_> {
        self.options.get_or_init(|| flags::options(self.original()))
    }

    /// The hosts it connects to.
    pub(super) fn hosts(&self, find: impl FnOnce() -> Vec<Address>) -> &[Address] {
        self.hosts.get_or_init(find)
    }

    /// What this has of what clauses may need.
    pub(super) fn facts(&self) -> u64 {
        let (reading, invocation) = (self.query.reading, &self.invocation);
        match invocation {
            Cow::Borrowed(it) => {
                let known = self.query.accesses.of(self.index).iter();
                facts::of(reading, self.index, it, known)
            }
            Cow::Owned(it) => {
                let own = self.accesses().iter().map(|it| it.access.as_ref());
                facts::of(reading, self.index, it, own)
            }
        }
    }

    /// The invocation as read. Options borrow from it; a program named by its tail only has the same
    /// arguments.
    fn original(&self) -> &'q Invocation {
        self.query
            .reading
            .invocations
            .get(self.index)
            .unwrap_or(&NOTHING)
    }

    /// The operands after the subcommand.
    pub(super) fn operands(&self) -> impl Iterator<Item = &Arg> {
        let skip = self.subcommand_words.get();
        self.options().operands.iter().skip(skip).copied()
    }

    pub(super) fn accesses(&self) -> &[Found<'q>] {
        self.accesses.get_or_init(|| {
            let found = |access| Found {
                access,
                located: OnceCell::new(),
            };
            match &self.invocation {
                Cow::Borrowed(_) => {
                    let known = self.query.accesses.of(self.index).iter();
                    known.map(Cow::Borrowed).map(found).collect()
                }
                Cow::Owned(renamed) => {
                    let own = access::accesses(renamed).into_iter();
                    own.map(Cow::Owned).map(found).collect()
                }
            }
        })
    }

    pub(super) fn located<'f>(&self, found: &'f Found<'_>) -> &'f Located {
        found
            .located
            .get_or_init(|| self.place(&found.access.path.text, found.access.local))
    }

    pub(super) fn locate(&self, text: &str) -> Located {
        self.place(text, false)
    }

    fn place(&self, text: &str, local: bool) -> Located {
        let mut located = self.query.locator.locate(&self.invocation.cwd, text);
        if self.elsewhere() && !local {
            located.classes.0 &= EVERYWHERE.0;
        }
        located
    }

    /// A glob over absolute paths; `./` is the project root and `~/` every home.
    pub(super) fn names(&self, pattern: &str, path: &str) -> bool {
        let path = path.strip_suffix('/').unwrap_or(path);
        if !ends_fit(pattern.as_bytes(), path.as_bytes()) {
            return false;
        }
        let below = |root: &str, rest: &str| {
            let tail = path.strip_prefix(root).filter(|_| !root.is_empty());
            tail.and_then(|it| it.strip_prefix('/'))
                .is_some_and(|it| glob(rest, it))
        };
        if let Some(rest) = pattern.strip_prefix("./") {
            below(&self.query.locator.places.project, rest)
        } else if let Some(rest) = pattern.strip_prefix("~/") {
            self.query
                .locator
                .places
                .homes
                .iter()
                .any(|home| below(home, rest))
                || path.strip_prefix("~/").is_some_and(|it| glob(rest, it))
        } else {
            glob(pattern, path)
        }
    }

    /// False where the path does not exist, or where git knows of no file at or below it.
    pub(super) fn tracked(&self, located: &Located) -> bool {
        tracked::is_tracked(
            self.query.locator.host,
            &self.query.locator.places.project,
            located,
            |path| self.made_before(path),
        )
    }

    /// The machine, and the project's root.
    pub(super) fn project(&self) -> (&dyn Host, &str) {
        let locator = self.query.locator;
        (locator.host, &locator.places.project)
    }

    /// True where an earlier invocation makes the path.
    fn made_before(&self, path: &str) -> bool {
        let locator = self.query.locator;
        let place = |cwd: &Cwd, path: &str| locator.locate(cwd, path).lexical;
        let writers = self.query.accesses.first_writers(place);
        writers.get(path).is_some_and(|it| *it < self.index)
    }

    /// The branch that is checked out where the invocation runs.
    pub(super) fn branch(&self) -> Option<String> {
        branch::current(self.query, self.index, &self.invocation)
    }

    /// The context's bits. What a container deletes or moves of this machine's is done here.
    pub(super) fn contexts(&self) -> u32 {
        let mut contexts = facts::contexts(&self.invocation);
        if contexts & Context::SUBSTITUTION != 0 && origin::is_shown(self.query.reading, self.index)
        {
            contexts &= !Context::SUBSTITUTION;
        }
        if self.invocation.mounts.is_empty() {
            return contexts;
        }
        let goes = |it: &&Access| matches!(it.kind, AccessKind::Delete | AccessKind::Move);
        let accesses = self.accesses().iter().map(|it| it.access.as_ref());
        let mut taken = accesses.filter(goes).peekable();
        let here = taken.peek().is_some() && taken.all(|it| it.local);
        contexts & !if here { Context::CONTAINER } else { 0 }
    }

    /// True on another machine or in a container.
    pub(super) fn elsewhere(&self) -> bool {
        self.invocation
            .context
            .has(Context::REMOTE | Context::CONTAINER)
    }

    /// True where it cannot be said which place a path names.
    pub(super) fn is_unknown(&self, path: &Arg) -> bool {
        path.text.contains(UNKNOWN)
            || self.invocation.cwd == Cwd::Unknown && !path.text.starts_with(['/', '~'])
    }
}

static NOTHING: Invocation = Invocation {
    argv: Vec::new(),
    program: String::new(),
    assignments: Vec::new(),
    redirects: Vec::new(),
    context: Context(0),
    cwd: Cwd::Start,
    mounts: Vec::new(),
    span: crate::shell::Span { start: 0, end: 0 },
    parent: None,
    fed_by: Vec::new(),
    feeds: Vec::new(),
};

/// Gives an invocation whose program is known but for its directory (`"$DIR"/rm`) its name.
fn named_by_tail(invocation: &Invocation) -> Cow<'_, Invocation> {
    if invocation.program_unknown()
        && let Some(first) = invocation.argv.first()
        && let Some((_, name)) = first.text.rsplit_once('/')
        && !name.is_empty()
        && !name.contains([UNKNOWN, crate::shell::GUARDED, '*', '?', '['])
    {
        return Cow::Owned(Invocation {
            program: name.to_owned(),
            ..invocation.clone()
        });
    }
    Cow::Borrowed(invocation)
}
