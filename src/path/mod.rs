//! Owns where a path really is ([`locate`]) and what kind of place that is ([`Classes`]). Does not own
//! what is forbidden there. Invariant: a path is judged by every place it may name: as written,
//! lexically normalised, and through every symlink, also where its tail does not exist yet.

mod build;
mod class;
mod classify;
#[cfg(test)]
pub(crate) mod double;
pub mod glob;
mod guess;
mod home;
mod lexical;
mod memory;
mod name;
mod resolve;
mod system;

use crate::dirs::companion;
use crate::host::{Dirs, Host};
use crate::shell::Cwd;
use crate::word::base;

pub use class::{Class, Classes, class_by_word};
pub(crate) use lexical::normalise;
pub use name::carries_hooks;
pub use resolve::Locator;

/// A path as written, and where it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Located {
    pub written: String,
    /// Absolute and normalised, unknown parts as marks, a glob of all entries (`/x/*`) taken away;
    /// relative where the directory it is relative to is not known.
    pub lexical: String,
    /// The same through every symlink; equal to `lexical` where there is none or nothing to ask.
    pub real: String,
    pub classes: Classes,
    /// Every character is known and no glob stands in it.
    pub known: bool,
    /// All entries of `lexical` are meant (`/x/*`).
    pub every: bool,
}

/// Where a path is, with active globs. One call of a [`Locator`]: whoever asks for several paths of one
/// event keeps a [`Locator`] and saves the repeated look at the same directories.
pub fn locate(host: &dyn Host, places: &Places, cwd: &Cwd, text: &str) -> Located {
    Locator::new(host, places).locate(cwd, text)
}

/// Where the entry is that deleting or moving the path would take: as [`locate`], but a symlink in the
/// last component stays one.
pub fn locate_entry(host: &dyn Host, places: &Places, cwd: &Cwd, text: &str) -> Located {
    Locator::new(host, places).locate_entry(cwd, text)
}

/// The protected things that lie strictly below a directory, hence go or change with it: hookbin's own
/// files, the client's settings, the project's repository, keys and start-up files of the user.
fn contains_protected(places: &Places, located: &Located) -> Classes {
    let mut found = Classes::default();
    for place in [&located.lexical, &located.real] {
        let below = |path: &str| {
            lexical::below(path, place).is_some_and(|it| !it.is_empty())
                || place == "/" && path.len() > 1
        };
        let own = &places.own;
        let files = [
            &own.config,
            &own.state,
            &own.managed,
            &own.executable,
            &own.link,
        ];
        if files.into_iter().any(|it| below(it)) {
            found.add(Class::Hookbin);
        }
        if below(&places.claude) {
            found.add(Class::ClaudeSettings);
        }
        let holds = |path: &str| lexical::is_at_or_below(path, place);
        if places.homes.iter().any(|it| holds(it)) {
            for class in [Class::ClaudeSettings, Class::Ssh, Class::ShellStartup] {
                found.add(class);
            }
        }
        if !places.project.is_empty() && holds(&places.project) {
            found.add(Class::Git);
            found.add(Class::GitHooks);
            found.add(Class::ClaudeSettings);
        }
    }
    found
}

/// What lies in the state directory, by examples.
const STATE: [&str; 9] = [
    "",
    "/allow.jsonl",
    "/trust.jsonl",
    "/audit",
    "/audit/000001.jsonl",
    "/sessions",
    "/sessions/x.jsonl",
    "/projects",
    "/lock",
];

impl Locator<'_> {
    /// What a directory holds of what is protected, by the names we know it by and by where they lead.
    pub fn contains_protected(&self, located: &Located) -> Classes {
        let named = contains_protected(self.places, located);
        let settled = self.settled();
        settled.map_or(named, |it| named.union(contains_protected(it, located)))
    }

    /// Which of the guard's own files and the settings that wire it a pattern comes upon: `**/settings.json`
    /// of a search, `~/.local/state/*/audit/*`. A pattern that is about a suffix alone means other files.
    pub fn comes_upon(&self, located: &Located) -> Classes {
        let mut found = Classes::default();
        let pattern = located.lexical.as_str();
        if !glob::is_glob(pattern) {
            return found;
        }
        let places = self.places;
        let last = base(pattern);
        let meets = |path: &str| {
            !path.is_empty() && glob::matches(pattern, path) && self.host.metadata(path).is_ok()
        };
        if !glob::is_glob(last) || last.contains("settings") {
            let own = &places.own;
            let roots = places.homes.iter().chain([&places.project]);
            let wires = |root: &String| {
                let names = ["settings.json", "settings.local.json"];
                names
                    .iter()
                    .any(|it| meets(&format!("{root}/.claude/{it}")))
            };
            if roots.filter(|it| !it.is_empty()).any(wires) {
                found.add(Class::ClaudeSettings);
            }
            let config = format!("{}/config.toml", own.config);
            let companion = companion(&own.executable);
            if [&own.executable, &own.link, &config, &companion]
                .into_iter()
                .any(|it| meets(it))
            {
                found.add(Class::Hookbin);
            }
        }
        if self.comes_upon_state(located) {
            found.add(Class::Hookbin);
        }
        found
    }

    /// True where a pattern comes upon what lies in the state directory.
    pub fn comes_upon_state(&self, located: &Located) -> bool {
        let pattern = located.lexical.as_str();
        let state = self.places.own.state.as_str();
        if state.is_empty() || !glob::is_glob(pattern) {
            return false;
        }
        // What the pattern fits lies below its first directories; nearly none leads towards the state.
        let first = glob::literal_prefix(pattern);
        let mut both = first.bytes().zip(state.bytes());
        if !first.contains('\\') && !both.all(|(one, other)| one.eq_ignore_ascii_case(&other)) {
            return false;
        }
        let last = base(pattern);
        let near = state.rsplit_once('/').is_some_and(|(above, _)| {
            lexical::is_at_or_below(glob::literal_prefix(pattern), above)
        });
        (near || !glob::is_glob(last))
            && STATE
                .iter()
                .any(|it| glob::matches(pattern, &format!("{state}{it}")))
    }
}

/// The places that classification needs to know. Empty strings mean unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Every directory that counts as the user's home (wired, and the environment's).
    pub homes: Vec<String>,
    /// The project root (`CLAUDE_PROJECT_DIR`, else the event's cwd).
    pub project: String,
    /// The root of the git worktree the working directory is in, where that is not below the project
    /// root: the client keeps the main checkout as its project. Counts as a project root beside it.
    pub worktree: String,
    /// The event's working directory.
    pub cwd: String,
    /// Temp directories: /tmp, /var/tmp, $TMPDIR, the session's scratchpad.
    pub temps: Vec<String>,
    /// hookbin's own directories and executable.
    pub own: Dirs,
    /// `CLAUDE_CONFIG_DIR`, where it is set; `.claude` directories are known by name.
    pub claude: String,
}

/// How many directories upwards a repository's root is looked for.
const REPOSITORY_DEPTH: usize = 24;

/// The repository around a directory: the nearest directory upwards that holds `.git`, and is no home
/// nor holds one.
pub fn repository_around(host: &dyn Host, from: &str, homes: &[String]) -> Option<String> {
    let mut at = from;
    for _ in 0..REPOSITORY_DEPTH {
        if at.is_empty() || homes.iter().any(|it| lexical::is_at_or_below(it, at)) {
            return None;
        }
        if host.metadata(&format!("{at}/.git")).is_ok() {
            return Some(at.to_owned());
        }
        at = at.rsplit_once('/').map_or("", |(parent, _)| parent);
    }
    None
}

/// What git keeps under a name about the worktree at `root`: in its `.git`, or where that is a file, in the
/// directory that the file points to.
pub fn kept_by_git(host: &dyn Host, root: &str, name: &str, limit: usize) -> Option<Vec<u8>> {
    let own = host.read(&format!("{root}/.git/{name}"), limit).ok();
    own.or_else(|| {
        let pointer = host.read(&format!("{root}/.git"), POINTER_LIMIT).ok()?;
        let pointer = str::from_utf8(&pointer).ok()?.trim();
        let directory = pointer.strip_prefix("gitdir:")?.trim();
        // The configuration is that of the repository which the worktree belongs to.
        let shared = directory
            .split("/worktrees/")
            .next()
            .filter(|_| name == "config");
        let directory = shared.unwrap_or(directory);
        let directory = match directory.strip_prefix('/') {
            Some(_) => directory.to_owned(),
            None => format!("{root}/{directory}"),
        };
        host.read(&format!("{directory}/{name}"), limit).ok()
    })
}

/// An index of git that is larger (bytes) is not read.
pub const INDEX_LIMIT: usize = 16 << 20;
/// The file that a worktree has in the place of `.git` is one line (bytes).
const POINTER_LIMIT: usize = 4096;

impl Places {
    /// Finds the git worktree of a working directory outside the project.
    pub fn find_worktree(&mut self, host: &dyn Host) {
        if self.project.is_empty() || lexical::is_at_or_below(&self.cwd, &self.project) {
            return;
        }
        if let Some(root) = repository_around(host, &self.cwd, &self.homes) {
            self.worktree = root;
        }
    }

    /// Normalises what the event and the wiring say. The home of `own` is one of the homes; without a
    /// project the working directory is one.
    pub fn new(cwd: &str, project: &str, homes: &[String], temps: &[String], own: &Dirs) -> Self {
        let tidy = |path: &str| match path {
            "" => String::new(),
            path => normalise(&lexical::drive(path)),
        };
        let all = |paths: &mut dyn Iterator<Item = &String>| {
            let mut tidied: Vec<String> = Vec::new();
            for path in paths.map(|it| tidy(it)) {
                if !path.is_empty() && !tidied.contains(&path) {
                    tidied.push(path);
                }
            }
            tidied
        };
        let own = Dirs {
            config: tidy(&own.config),
            state: tidy(&own.state),
            managed: tidy(&own.managed),
            home: tidy(&own.home),
            executable: tidy(&own.executable),
            link: tidy(&own.link),
        };
        Self {
            homes: all(&mut std::iter::once(&own.home).chain(homes)),
            project: tidy(if project.is_empty() { cwd } else { project }),
            cwd: tidy(cwd),
            temps: all(&mut temps.iter()),
            own,
            worktree: String::new(),
            claude: String::new(),
        }
    }
}
