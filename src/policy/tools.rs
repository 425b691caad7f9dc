//! Owns the settings `tools.*`: what a pattern of a tool looks like, and how the layers' lists come
//! together as [`Tools`]. Does not own whether a call is inside (`guard::tools`). Invariant: an allowlist
//! is a wall, and a call has to be inside every wall; only a trusted project adds to another's.

use super::layer::{Layer, Source};
use super::merge::Settings;
use super::value::Value;
use crate::rule::is_host_pattern;
use crate::verdict::Decision;

/// A ready allowlist. Each admits what the ones behind it do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Profile {
    #[default]
    None,
    Unattended,
    CiReview,
    ReadOnly,
}

impl Profile {
    /// The words, mildest first, as they stand in the table of settings.
    pub const WORDS: &'static str = "none unattended ci-review read-only";

    /// The profile of a word.
    pub fn parse(word: &str) -> Option<Self> {
        let place = Self::WORDS.split(' ').position(|it| it == word)?;
        let all = [Self::None, Self::Unattended, Self::CiReview, Self::ReadOnly];
        all.get(place).copied()
    }

    /// The word used in policy files.
    pub fn word(self) -> &'static str {
        Self::WORDS
            .split(' ')
            .nth(self as usize)
            .unwrap_or_default()
    }
}

/// What a line of a list says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    /// The text is a profile's word.
    Profile,
    Allow,
    Ask,
    Deny,
}

impl Verb {
    pub(super) const ALL: [Self; 4] = [Self::Profile, Self::Allow, Self::Ask, Self::Deny];

    /// The key below `tools` and below an agent's table.
    pub fn key(self) -> &'static str {
        match self {
            Self::Profile => "profile",
            Self::Allow => "allow",
            Self::Ask => "ask",
            Self::Deny => "deny",
        }
    }

    pub(super) fn parse(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.key() == key)
    }
}

/// One line of a list of tools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToolRow {
    /// `user`, `project`, `managed` or `wiring`: whose wall it belongs to.
    pub origin: String,
    /// The agent type it is about, a pattern; empty for every agent.
    pub agent: String,
    pub verb: Verb,
    pub text: String,
}

impl ToolRow {
    /// True where the lines stand in one wall.
    pub fn shares_wall(&self, other: &Self) -> bool {
        self.origin == other.origin && self.agent == other.agent
    }

    /// True for a line that makes a wall.
    pub fn is_wall(&self) -> bool {
        matches!(self.verb, Verb::Profile | Verb::Allow)
    }
}

/// Which tools may be called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tools {
    pub rows: Vec<ToolRow>,
    /// A call outside a wall is asked about, not denied.
    pub asks_outside: bool,
}

impl Tools {
    /// Adds the profile that the wiring of a hook names. `None` for a word that is no profile.
    pub fn wire(&mut self, word: &str) -> Option<()> {
        if Profile::parse(word)? != Profile::None {
            self.rows.push(row("wiring", "", Verb::Profile, word));
        }
        Some(())
    }

    /// What the decision of a call outside is.
    pub fn outside(&self) -> Decision {
        if self.asks_outside {
            Decision::Ask
        } else {
            Decision::Deny
        }
    }
}

fn row(origin: &str, agent: &str, verb: Verb, text: &str) -> ToolRow {
    ToolRow {
        origin: origin.to_owned(),
        agent: agent.to_owned(),
        verb,
        text: text.to_owned(),
    }
}

/// Puts the lines of every layer together, and says what of the project's holds or was left out.
pub(super) fn collect(layers: &[Layer], trusted: bool, settings: &mut Settings) {
    let (own, others): (Vec<&Layer>, Vec<&Layer>) =
        layers.iter().partition(|it| it.source == Source::Project);
    let rows = &mut settings.tools;
    rows.extend(others.into_iter().flat_map(stated));
    for layer in own {
        let theirs = stated(layer);
        let same = |rows: &[ToolRow], it: &ToolRow, wanted: fn(&ToolRow) -> bool| {
            rows.iter().any(|row| row.agent == it.agent && wanted(row))
        };
        let mut added = Vec::new();
        let (mut joins, mut dropped) = (false, false);
        for it in &theirs {
            let adds = it.verb == Verb::Allow && same(rows, it, ToolRow::is_wall);
            if !adds || same(&theirs, it, |row| row.verb == Verb::Profile) {
                added.push(it.clone());
            } else {
                dropped |= !trusted;
            }
            // Nobody adds to what managed policy lists.
            if adds && trusted && same(rows, it, |row| row.is_wall() && row.origin == USER) {
                joins = true;
                added.push(row(USER, &it.agent, it.verb, &it.text));
            }
        }
        rows.extend(added);
        let file = &layer.file;
        if dropped {
            settings.notices.push(format!(
                "{file}: `tools` adds to a list of others, which was ignored: a person has not \
                 trusted this file"
            ));
        }
        if joins {
            settings.trusted.push(format!(
                "{file}: `tools` adds to your list: a person trusted this file"
            ));
        }
    }
}

/// The origin of the user's own lines.
const USER: &str = "user";

/// The lines of one layer.
fn stated(layer: &Layer) -> Vec<ToolRow> {
    let origin = layer.source.word();
    let mut rows = Vec::new();
    for entry in &layer.entries {
        let Some(key) = entry.row.key.strip_prefix("tools.") else {
            continue;
        };
        match (&entry.value, Verb::parse(key)) {
            (Value::Word(word), Some(verb)) => rows.push(row(origin, "", verb, word)),
            (Value::List(list), Some(verb)) => {
                rows.extend(list.iter().map(|it| row(origin, "", verb, it)));
            }
            (Value::List(list), None) => {
                rows.extend(list.iter().filter_map(|it| of_agent(origin, it)));
            }
            _ => {}
        }
    }
    rows.retain(|it| it.verb != Verb::Profile || it.text != Profile::None.word());
    rows
}

/// One line of an agent's table: `Explore allow Bash(git *)`.
fn of_agent(origin: &str, line: &str) -> Option<ToolRow> {
    let (agent, rest) = line.split_once(' ')?;
    let (key, text) = rest.split_once(' ')?;
    Some(row(origin, agent, Verb::parse(key)?, text))
}

/// A pattern's tool and what stands in its parentheses.
pub fn parts(pattern: &str) -> (&str, Option<&str>) {
    match pattern.split_once('(') {
        Some((tool, rest)) => (tool, Some(rest.strip_suffix(')').unwrap_or(rest))),
        None => (pattern, None),
    }
}

/// What is wrong with a pattern, for people.
pub(super) fn problem(pattern: &str) -> Option<&'static str> {
    let (tool, inner) = parts(pattern);
    let legal = |it: char| it.is_ascii_alphanumeric() || "_-*.:".contains(it);
    if tool.is_empty() || !tool.chars().all(legal) || inner.is_some() != pattern.ends_with(')') {
        return Some(
            "a tool is written `Read`, `Bash(git *)`, `Edit(src/**)`, `mcp__server` or \
             `WebFetch(domain:x.org)`",
        );
    }
    let inner = inner?.trim();
    match tool {
        "Bash" | "PowerShell" | "Agent" | "Task" | "Skill" | "Read" | "Edit" | "Write"
        | "NotebookEdit" | "Grep" | "Glob" => inner
            .is_empty()
            .then_some("the parentheses of a tool hold a pattern"),
        "WebFetch" => {
            let host = inner.strip_prefix("domain:");
            let wrong = host.is_none_or(|it| !is_host_pattern(it));
            wrong.then_some("a fetch is narrowed by its host: `WebFetch(domain:*.x.org)`")
        }
        _ => Some("this tool has nothing that a pattern could narrow: name the tool alone"),
    }
}

#[cfg(test)]
mod tests;
