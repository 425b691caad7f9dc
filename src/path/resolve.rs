//! Owns the walk from a written path to where it really is: through every symlink, component by
//! component, also where the tail does not exist, and the recognition of hard links to protected files.
//! Does not own what places are called (`classify`). Invariants: bounded ([`LINK_LIMIT`]); an error of
//! the host ends the walk and leaves the rest as written; a directory is looked at once per event.

use std::borrow::Cow;
use std::cell::OnceCell;

use crate::dirs::companion;
use crate::host::{FileKind, Host, Meta};
use crate::shell::{Cwd, UNKNOWN};
use crate::word::base;

use super::classify::{classify, is_own_tree};
use super::guess::Guess;
use super::lexical::{self, Form};
use super::memory::{Last, Manner, Memory};
use super::{Classes, Located, Places, glob};

/// At most this many symlinks are followed on one path.
const LINK_LIMIT: u32 = 40;

/// Where symlinks make a path longer than this (bytes), the walk ends.
const LENGTH_LIMIT: usize = 16 << 10;

/// Locates the paths of one event and remembers what it has seen of the disk.
pub struct Locator<'a> {
    pub host: &'a dyn Host,
    pub places: &'a Places,
    /// Rules and guards ask about the same paths.
    memory: Memory,
    /// The places as they are called after every symlink, where that differs; looked up when first needed.
    settled: OnceCell<Option<Places>>,
}

/// Where a walk ended.
#[derive(Default)]
struct Walked {
    path: String,
    /// A symlink was followed.
    linked: bool,
    /// A symlink stood in the last component.
    ends_linked: bool,
    /// What the end is, where it exists and was looked at.
    end: Option<Meta>,
    complete: bool,
}

impl Walked {
    fn new(length: usize) -> Self {
        Self {
            path: String::with_capacity(length),
            complete: true,
            ..Self::default()
        }
    }
}

impl<'a> Locator<'a> {
    pub fn new(host: &'a dyn Host, places: &'a Places) -> Self {
        Self {
            host,
            places,
            memory: Memory::default(),
            settled: OnceCell::new(),
        }
    }

    /// Where a path of shell text is: globs are active, symlinks are followed to the end.
    pub fn locate(&self, cwd: &Cwd, text: &str) -> Located {
        let globs = true;
        let last = Last::Target;
        self.find(cwd, text, Manner { globs, last })
    }

    /// Where the entry itself is that deleting or moving the path would take: as [`Self::locate`], but
    /// a symlink in the last component stays one, unless a slash follows it.
    pub fn locate_entry(&self, cwd: &Cwd, text: &str) -> Located {
        let last = if text.ends_with(['/', '.']) {
            Last::Target
        } else {
            Last::Entry
        };
        self.find(cwd, text, Manner { globs: true, last })
    }

    /// Where a path of a tool's input is: no character of it is a glob.
    pub fn locate_literal(&self, text: &str) -> Located {
        let last = Last::Target;
        self.find(&Cwd::Start, text, Manner { globs: false, last })
    }

    fn find(&self, cwd: &Cwd, text: &str, manner: Manner) -> Located {
        if let Some(located) = self.memory.located(cwd, text, manner) {
            return located;
        }
        let (located, ends_linked) = self.look(cwd, text, manner);
        let last = ends_linked.then_some(manner.last);
        self.memory.note(cwd, manner.globs, last, &located);
        located
    }

    /// Where the path is, and whether a symlink stands in its last component.
    fn look(&self, cwd: &Cwd, text: &str, manner: Manner) -> (Located, bool) {
        let spelling = lexical::spell(self.places, cwd, text, manner.globs);
        let mut located = Located {
            written: text.to_owned(),
            known: spelling.known,
            ..Located::default()
        };
        let Some(first) = spelling.forms.first() else {
            return (located, false);
        };
        let mut ends_linked = false;
        located.lexical.clone_from(&first.path);
        located.every = first.every;
        located.classes = readings(self.places, &spelling.forms);
        if spelling.raw.is_empty() || on_virtual_disk(&first.path) {
            located.real.clone_from(&first.path);
        } else {
            ends_linked = self.follow(&spelling.raw, manner, &mut located);
        }
        for guess in spelling.guesses {
            if self.may_be_meant(&guess) {
                let guessed = Form {
                    path: guess.path,
                    every: first.every,
                };
                for places in [Some(self.places), self.settled()].into_iter().flatten() {
                    add_protective(classify(places, &guessed), &mut located.classes);
                }
            }
        }
        (located, ends_linked)
    }

    /// Adds what the path is behind its symlinks; true where one stands in its last component.
    fn follow(&self, raw: &str, manner: Manner, located: &mut Located) -> bool {
        let last = if located.every {
            Last::Target
        } else {
            manner.last
        };
        let walked = self.walk(raw, manner.globs, last);
        located.known &= walked.complete;
        let elsewhere = walked.linked || walked.path != located.lexical;
        let unsure = || located.classes.is_empty() || !self.is_in_project(&self.places.cwd);
        if elsewhere || unsure() && self.settled().is_some() {
            let form = Form {
                path: walked.path.clone(),
                every: located.every,
            };
            let unmarked = Form {
                path: lexical::normalise(&form.path.replace(UNKNOWN, "")),
                every: form.every,
            };
            let forms = if unmarked.path == form.path {
                vec![form]
            } else {
                vec![form, unmarked]
            };
            let real = readings(self.settled().unwrap_or(self.places), &forms);
            // What a path is behind its symlinks decides whether it is harmless.
            let written = located.classes.0 & !Classes::HARMLESS.0;
            located.classes = Classes(written).union(real);
        }
        if let Some(meta) = walked.end
            && meta.kind == FileKind::File
            && meta.links > 1
        {
            add_protective(self.twins(&meta), &mut located.classes);
        }
        located.real = walked.path;
        walked.ends_linked
    }

    fn is_in_project(&self, path: &str) -> bool {
        lexical::is_at_or_below(path, &self.places.project)
    }

    /// The places with the names they have after every symlink, beside those they are known by; nothing
    /// where these are all.
    pub(super) fn settled(&self) -> Option<&Places> {
        let found = self.settled.get_or_init(|| {
            let real = |path: &str| self.walk(path, false, Last::Target).path;
            let both = |paths: &[String]| {
                let mut all = paths.to_vec();
                for path in paths {
                    let path = real(path);
                    if !all.contains(&path) {
                        all.push(path);
                    }
                }
                all
            };
            let mut places = self.places.clone();
            places.homes = both(&places.homes);
            places.temps = both(&places.temps);
            for root in [&mut places.project, &mut places.worktree] {
                if !root.is_empty() {
                    *root = real(root);
                }
            }
            let own = &mut places.own;
            for path in [
                &mut own.config,
                &mut own.state,
                &mut own.managed,
                &mut own.executable,
            ] {
                if !path.is_empty() {
                    *path = real(path);
                }
            }
            (places != *self.places).then_some(places)
        });
        found.as_ref()
    }

    /// Follows an absolute path. Components that hold a glob or an unknown part end the looking.
    fn walk(&self, raw: &str, globs: bool, last: Last) -> Walked {
        let mut walked = Walked::new(raw.len() + 1);
        let mut open = Cow::Borrowed(raw);
        let (mut at, mut links, mut blind) = (0, 0, false);
        while let Some((part, next)) = next_part(&open, at) {
            at = next;
            if part == ".." {
                let cut = walked.path.rfind('/').unwrap_or(0);
                walked.path.truncate(cut);
                continue;
            }
            let parent = walked.path.len();
            walked.path.push('/');
            walked.path.push_str(part);
            blind |= !part.is_ascii() && part.contains(UNKNOWN) || globs && glob::is_glob(part);
            if blind || self.memory.is_plain(&walked.path) {
                continue;
            }
            let Ok(meta) = self.host.metadata(&walked.path) else {
                self.memory
                    .note_plain(walked.path.get(..parent).unwrap_or_default());
                blind = true;
                continue;
            };
            let ends = next_part(&open, at).is_none();
            if meta.kind != FileKind::Symlink {
                if ends {
                    let directory = meta.kind == FileKind::Directory;
                    let length = if directory { walked.path.len() } else { parent };
                    self.memory
                        .note_plain(walked.path.get(..length).unwrap_or_default());
                    walked.end = Some(meta);
                }
                continue;
            }
            walked.ends_linked |= ends;
            if ends && last == Last::Entry {
                break;
            }
            links += 1;
            let target = self.host.read_link(&walked.path);
            let Some(target) = target.ok().filter(|_| links <= LINK_LIMIT) else {
                walked.complete = false;
                blind = true;
                continue;
            };
            walked.linked = true;
            let absolute = target.starts_with('/');
            walked.path.truncate(if absolute { 0 } else { parent });
            open = Cow::Owned([&target, "/", open.get(at..).unwrap_or_default()].concat());
            at = 0;
            blind = open.len() > LENGTH_LIMIT;
            walked.complete &= !blind;
        }
        if walked.path.is_empty() {
            walked.path.push('/');
        }
        walked
    }

    /// The classes of the protected files that are the same file under another name.
    fn twins(&self, meta: &Meta) -> Classes {
        let mut found = Classes::default();
        let mut compare = |path: String| {
            if let Ok(other) = self.host.metadata(&path)
                && (other.device, other.inode) == (meta.device, meta.inode)
            {
                let every = false;
                found = found.union(classify(self.places, &Form { path, every }));
            }
        };
        let own = &self.places.own;
        compare(own.executable.clone());
        compare(companion(&own.executable));
        for directory in [&own.config, &own.managed] {
            compare(format!("{directory}/config.toml"));
        }
        if is_own_tree(self.places, &self.places.project) {
            for name in IN_PROJECT.split_ascii_whitespace() {
                compare(format!("{}/{name}", self.places.project));
            }
        }
        for home in &self.places.homes {
            for name in IN_HOME.split_ascii_whitespace() {
                compare(format!("{home}/{name}"));
            }
        }
        for name in IN_SYSTEM.split_ascii_whitespace() {
            compare(name.to_owned());
        }
        found
    }

    /// A pattern that fits a protected name may mean it: outside the project, where it names hidden
    /// files on purpose, or where such a file exists.
    fn may_be_meant(&self, guess: &Guess) -> bool {
        if is_common_name(&guess.path) {
            return self.host.metadata(&guess.path).is_ok();
        }
        let of_project =
            self.is_in_project(&guess.path) && is_own_tree(self.places, &self.places.project);
        !of_project || guess.hidden || self.host.metadata(&guess.path).is_ok()
    }
}

/// True for stores of a browser whose names fit what half of all patterns are about (`*.json`, `*.db`, `log*`),
/// where no browser keeps its own.
fn is_common_name(path: &str) -> bool {
    let name = base(path);
    let browsers = [
        "mozilla",
        "firefox",
        "thunderbird",
        "chrom",
        "brave",
        "librewolf",
        "zen",
        "waterfox",
    ];
    let lower = path.to_ascii_lowercase();
    matches!(name, "key4.db" | "logins.json" | "cookies.sqlite")
        && !browsers.iter().any(|it| lower.contains(it))
}

/// Protected files that a hard link may stand for.
const IN_PROJECT: &str = ".claude/settings.json .claude/settings.local.json .claude/hookbin.toml \
    .git/config .env";
const IN_HOME: &str = ".claude/settings.json .claude.json .ssh/authorized_keys .ssh/id_rsa \
    .ssh/id_ed25519 .ssh/id_ecdsa .ssh/config .bashrc .bash_profile .profile .zshrc .zshenv \
    .aws/credentials .kube/config .netrc .npmrc .git-credentials .gitconfig .docker/config.json";
const IN_SYSTEM: &str = "/etc/passwd /etc/shadow /etc/sudoers /etc/crontab /etc/ld.so.preload \
    /etc/ssh/sshd_config";

fn readings(places: &Places, forms: &[Form]) -> Classes {
    forms
        .iter()
        .map(|it| classify(places, it))
        .reduce(Classes::also)
        .unwrap_or_default()
}

/// Adds what makes a path worth protecting, not what makes it harmless.
fn add_protective(classes: Classes, to: &mut Classes) {
    *to = to.union(Classes(classes.0 & !Classes::HARMLESS.0));
}

/// The component that starts at or after `at`, and where the search goes on.
fn next_part(path: &str, mut at: usize) -> Option<(&str, usize)> {
    let bytes = path.as_bytes();
    loop {
        while bytes.get(at) == Some(&b'/') {
            at += 1;
        }
        let rest = bytes.get(at..).filter(|it| !it.is_empty())?;
        let length = rest.iter().position(|it| *it == b'/').unwrap_or(rest.len());
        let part = path.get(at..at + length)?;
        at += length;
        if part != "." {
            return Some((part, at));
        }
    }
}

/// Devices and process files are known by name; their links lead nowhere that counts.
fn on_virtual_disk(path: &str) -> bool {
    ["/proc", "/sys", "/dev"]
        .iter()
        .any(|it| lexical::is_at_or_below(path, it))
        && !lexical::is_at_or_below(path, "/dev/shm")
}

#[cfg(test)]
mod tests;
