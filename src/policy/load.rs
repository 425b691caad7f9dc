//! Owns finding and reading the policy of an event: which files there are, the cache of what they say,
//! and compiling them where it does not hold. Does not own the format of the cache (`cache`) nor how
//! layers combine (`merge`). Invariant: a file that is there but cannot be read or understood is an
//! error, never skipped; without files the cost is three `metadata` calls.

use std::io;

use super::cache::{self, Compiled, Stamp};
use super::layer::{self, Layer, Source};
use super::{Policy, PolicyError, Preset, merge, rules, trust};
use crate::host::{Dirs, FileKind, Host, Meta};
use crate::rule::Table;

/// The effective policy for a project root (empty where there is none). The first problem of a broken
/// file is the error.
pub fn load(host: &dyn Host, dirs: &Dirs, project: &str) -> Result<Policy, PolicyError> {
    let places = Places::find(host, dirs, project)?;
    let mut policy = if places.is_empty() {
        let mut policy = Policy::of(Preset::default());
        policy.tables.push(Table::builtin());
        policy
    } else {
        let compiled = compiled(host, dirs, project, &places)?;
        let mut policy = Policy::assemble(compiled.settings, &dirs.home, project);
        policy.tables.push(Table::builtin());
        policy.tables.extend(compiled.rules);
        policy.tables.extend(compiled.managed_rules);
        policy
    };
    policy.attended = host.env("CLAUDE_CODE_SESSION_ATTENDED").as_deref() != Some("0");
    Ok(policy)
}

/// Every problem of every policy and rule file, for `hookbin policy check`.
pub struct Problems {
    pub errors: Vec<PolicyError>,
    /// The files that were read.
    pub files: Vec<String>,
}

/// Reads all files afresh and collects what is wrong with them.
pub fn problems(host: &dyn Host, dirs: &Dirs, project: &str) -> Problems {
    let mut reader = Reader::new(host, dirs);
    match Places::find(host, dirs, project) {
        Ok(places) => {
            reader.read(&places);
        }
        Err(error) => reader.errors.push(error),
    }
    Problems {
        errors: reader.errors,
        files: reader.files,
    }
}

/// The rule files of user, project and managed policy with their text; files that cannot be read are
/// left out, [`problems`] names them.
pub fn rule_files(host: &dyn Host, dirs: &Dirs, project: &str) -> Vec<(Source, String, String)> {
    let mut reader = Reader::new(host, dirs);
    let places = Places::find(host, dirs, project).unwrap_or_default();
    let mut files = Vec::new();
    for place in places.0.iter().filter(|it| it.rules.meta.is_some()) {
        let texts = reader.rules(&place.rules).into_iter();
        files.extend(texts.map(|(path, text)| (place.source, path, text)));
    }
    files
}

/// The file of one source and the directory of its rules, where they are there.
struct Place {
    source: Source,
    file: Stamp,
    rules: Stamp,
}

/// The places of every source, in their order.
#[derive(Default)]
struct Places(Vec<Place>);

impl Places {
    fn find(host: &dyn Host, dirs: &Dirs, project: &str) -> Result<Self, PolicyError> {
        let claude = match project {
            "" => String::new(),
            _ => join(project, ".claude"),
        };
        let mut places = Vec::with_capacity(3);
        for (source, directory, file, rules) in [
            (Source::User, &dirs.config, "config.toml", "rules"),
            (Source::Project, &claude, "hookbin.toml", "hookbin/rules"),
            (Source::Managed, &dirs.managed, "config.toml", "rules"),
        ] {
            if directory.is_empty() || stamp(host, directory)?.meta.is_none() {
                continue;
            }
            let file = stamp(host, &join(directory, file))?;
            let rules = stamp(host, &join(directory, rules))?;
            if file.meta.is_some() || rules.meta.is_some() {
                places.push(Place {
                    source,
                    file,
                    rules,
                });
            }
        }
        Ok(Self(places))
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn has_project(&self) -> bool {
        self.0.iter().any(|it| it.source == Source::Project)
    }

    /// What the cache is asked for: the same places in the same state.
    fn stamps(&self) -> impl Iterator<Item = &Stamp> {
        self.0.iter().flat_map(|it| [&it.file, &it.rules])
    }
}

fn compiled(
    host: &dyn Host,
    dirs: &Dirs,
    project: &str,
    places: &Places,
) -> Result<Compiled, PolicyError> {
    // Projects without files of their own share one cache.
    let file = cache::file(dirs, if places.has_project() { project } else { "" });
    let asked: Vec<&Stamp> = places.stamps().collect();
    if let Some(compiled) = cache::read(host, &file, &asked) {
        return Ok(compiled);
    }
    let mut reader = Reader::new(host, dirs);
    let compiled = reader.read(places);
    if let Some(error) = reader.errors.into_iter().next() {
        return Err(error);
    }
    cache::write(host, &file, &compiled);
    Ok(compiled)
}

struct Reader<'a> {
    host: &'a dyn Host,
    dirs: &'a Dirs,
    stamps: Vec<Stamp>,
    files: Vec<String>,
    errors: Vec<PolicyError>,
}

impl<'a> Reader<'a> {
    fn new(host: &'a dyn Host, dirs: &'a Dirs) -> Self {
        Self {
            host,
            dirs,
            stamps: Vec::new(),
            files: Vec::new(),
            errors: Vec::new(),
        }
    }

    fn read(&mut self, places: &Places) -> Compiled {
        self.stamps.extend(places.stamps().cloned());
        let mut layers = Vec::new();
        let mut trusted = false;
        let (mut rules, mut managed_rules) = (Vec::new(), Vec::new());
        for place in &places.0 {
            if place.file.meta.is_some()
                && let Some(text) = self.file(&place.file)
            {
                layers.push(self.layer(place, &text));
                if place.source == Source::Project {
                    trusted = self.trusts(&text);
                }
            }
            if place.rules.meta.is_some() {
                let list = match place.source {
                    Source::Managed => &mut managed_rules,
                    Source::User | Source::Project => &mut rules,
                };
                list.extend(self.rules(&place.rules));
            }
        }
        let mut settings = merge::merge(&layers, trusted);
        let rules = self.compile(&rules);
        let managed_rules = self.compile(&managed_rules);
        if let Some(table) = &managed_rules {
            settings.managed_rules = rules::ids(table);
        }
        Compiled {
            stamps: std::mem::take(&mut self.stamps),
            settings,
            rules,
            managed_rules,
        }
    }

    fn layer(&mut self, place: &Place, text: &str) -> Layer {
        let (layer, errors) = layer::parse(place.source, &place.file.path, text);
        self.errors.extend(errors);
        layer
    }

    /// Whether a person accepted the project's file as it is. The list of what was accepted decides
    /// what the file may do, so it is a source of the cache like any other.
    fn trusts(&mut self, text: &str) -> bool {
        match stamp(self.host, &trust::file(self.dirs)) {
            Ok(stamp) => self.stamps.push(stamp),
            Err(error) => self.errors.push(error),
        }
        trust::is_trusted(self.host, self.dirs, text.as_bytes())
    }

    /// The text of a policy or rule file. The stamp was taken before: a change in between makes the
    /// cache stale, never wrong.
    fn file(&mut self, at: &Stamp) -> Option<String> {
        self.files.push(at.path.clone());
        let kind = self.follow(at)?.kind;
        if kind != FileKind::File {
            self.errors
                .push(PolicyError::whole(&at.path, "is not a file: move it away"));
            return None;
        }
        let bytes = match self.host.read(&at.path, FILE_LIMIT) {
            Ok(bytes) => bytes,
            Err(error) => {
                self.errors.push(unreadable(&at.path, &error));
                return None;
            }
        };
        match String::from_utf8(bytes) {
            Ok(text) => Some(text),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes());
                let (line, column) = layer::place(&text, valid);
                self.errors.push(PolicyError {
                    file: at.path.clone(),
                    line,
                    column,
                    message: "is not UTF-8: save it as UTF-8 text".to_owned(),
                });
                None
            }
        }
    }

    /// What a path finally is. Every link on the way is a source too: where it points may change.
    fn follow(&mut self, at: &Stamp) -> Option<Meta> {
        let mut here = at.clone();
        for _ in 0..LINK_LIMIT {
            match here.meta {
                Some(meta) if meta.kind != FileKind::Symlink => return Some(meta),
                Some(_) => {}
                None => {
                    let message = "is a link to nothing: remove it or restore its target";
                    self.errors.push(PolicyError::whole(&at.path, message));
                    return None;
                }
            }
            let next = self
                .host
                .read_link(&here.path)
                .map_err(|it| unreadable(&here.path, &it));
            let next = next.and_then(|it| stamp(self.host, &beside(&here.path, &it)));
            match next {
                Ok(next) => {
                    self.stamps.push(next.clone());
                    here = next;
                }
                Err(error) => {
                    self.errors.push(error);
                    return None;
                }
            }
        }
        self.errors
            .push(PolicyError::whole(&at.path, "leads through too many links"));
        None
    }

    /// The rule files of a directory with their text.
    fn rules(&mut self, directory: &Stamp) -> Vec<(String, String)> {
        let Some(meta) = self.follow(directory) else {
            return Vec::new();
        };
        let path = &directory.path;
        if meta.kind != FileKind::Directory {
            self.errors
                .push(PolicyError::whole(path, "is not a directory of rule files"));
            return Vec::new();
        }
        let names = match self.host.list(path) {
            Ok(names) => names,
            Err(error) => {
                self.errors.push(unreadable(path, &error));
                return Vec::new();
            }
        };
        let names: Vec<&String> = names.iter().filter(|it| rules::is_rule_file(it)).collect();
        if names.len() > RULE_FILES_LIMIT {
            let message = format!("holds more than {RULE_FILES_LIMIT} rule files: join some");
            self.errors.push(PolicyError::whole(path, message));
            return Vec::new();
        }
        let mut sources = Vec::with_capacity(names.len());
        for name in names {
            match stamp(self.host, &join(path, name)) {
                Ok(at) => {
                    self.stamps.push(at.clone());
                    sources.extend(self.file(&at).map(|text| (at.path.clone(), text)));
                }
                Err(error) => self.errors.push(error),
            }
        }
        sources
    }

    fn compile(&mut self, sources: &[(String, String)]) -> Option<Table> {
        if sources.is_empty() {
            return None;
        }
        rules::compile(sources)
            .map_err(|it| self.errors.extend(it))
            .ok()
    }
}

/// What is at a path at this moment. Only a path that is certainly absent counts as absent.
fn stamp(host: &dyn Host, path: &str) -> Result<Stamp, PolicyError> {
    let meta = match host.metadata(path) {
        Ok(meta) => Some(meta),
        Err(error) if is_absent(&error) => None,
        Err(error) => return Err(unreadable(path, &error)),
    };
    Ok(Stamp {
        path: path.to_owned(),
        meta,
    })
}

pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

fn unreadable(path: &str, error: &io::Error) -> PolicyError {
    PolicyError::whole(
        path,
        format!("cannot be read ({error}): make it readable or move it away"),
    )
}

fn join(directory: &str, name: &str) -> String {
    let mut path = String::with_capacity(directory.len() + 1 + name.len());
    path.push_str(directory);
    if !directory.ends_with('/') {
        path.push('/');
    }
    path.push_str(name);
    path
}

/// The target of a link, as the system reads it: relative to the link's own directory.
fn beside(link: &str, target: &str) -> String {
    if target.starts_with('/') {
        return target.to_owned();
    }
    let directory = link.rsplit_once('/').map_or("", |(it, _)| it);
    format!("{directory}/{target}")
}

/// A policy or rule file is at most this long.
const FILE_LIMIT: usize = 1 << 20;
/// A directory holds at most this many rule files.
const RULE_FILES_LIMIT: usize = 200;
/// A file is reached through at most this many links.
const LINK_LIMIT: usize = 8;

#[cfg(test)]
mod tests;
