//! Owns reading one policy file: TOML text to a [`Layer`] of typed settings, with every problem and its
//! place. Does not own what a layer may change (`merge`). Invariant: an unknown key, a wrong type or an
//! unknown word is a problem, never ignored; nothing of the file's content but keys and words is quoted.

mod agent;
mod notify;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::table::{self, By, Kind, Row};
use super::value::Value;
use super::{PathRule, PolicyError, edit, problem, tools};
use crate::order::sorted;
use crate::verdict::Decision;
use crate::word::listed;

/// Which file a setting came from. A later source wins over an earlier one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    User,
    Project,
    Managed,
}

impl Source {
    /// The word shown as origin.
    pub fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Project => "project",
            Self::Managed => "managed",
        }
    }
}

/// One setting as a file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub row: Row,
    pub value: Value,
    pub line: usize,
    pub column: usize,
}

/// The settings of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    pub source: Source,
    pub file: String,
    pub entries: Vec<Entry>,
}

/// Reads a policy file. The layer holds what was understood; the problems come in the order of the file.
pub fn parse(source: Source, file: &str, text: &str) -> (Layer, Vec<PolicyError>) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader {
        source,
        file,
        text,
        entries: Vec::new(),
        problems: Vec::new(),
    };
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        reader.problem(error.span().map_or(0, |it| it.start), message);
    }
    // A tree that was only recovered holds guesses: its values are not worth a second message.
    if reader.problems.is_empty() {
        reader.table("", root.get_ref(), 0);
        reader.conflicts();
    }
    let by_place = |a: &PolicyError, b: &PolicyError| (a.line, a.column).cmp(&(b.line, b.column));
    let problems = sorted(reader.problems, by_place);
    let layer = Layer {
        source,
        file: file.to_owned(),
        entries: reader.entries,
    };
    (layer, problems)
}

/// How deep tables may nest; the deepest key has two parts.
const DEPTH_LIMIT: usize = 4;

struct Reader<'a> {
    source: Source,
    file: &'a str,
    text: &'a str,
    entries: Vec<Entry>,
    problems: Vec<PolicyError>,
}

impl Reader<'_> {
    fn table(&mut self, above: &str, table: &DeTable, depth: usize) {
        for (name, value) in table {
            let key = match above {
                "" => name.get_ref().to_string(),
                _ => format!("{above}.{}", name.get_ref()),
            };
            let at = name.span().start;
            if let Some(row) = table::row(&key) {
                self.setting(row, value, at);
            } else if let Some(inner) = value.get_ref().as_table()
                && table::is_section(&key)
                && depth < DEPTH_LIMIT
            {
                self.table(&key, inner, depth + 1);
            } else {
                self.unknown(&key, at);
            }
        }
    }

    fn unknown(&mut self, key: &str, at: usize) {
        let shown: String = key.chars().take(60).collect();
        let message = if table::is_section(key) {
            format!("`{shown}` is a table: write `[{shown}]` with its settings below")
        } else if let Some(near) = table::nearest(key) {
            format!("there is no setting `{shown}`: did you mean `{near}`?")
        } else {
            format!("there is no setting `{shown}`: `hookbin policy show` lists them")
        };
        self.problem(at, message);
    }

    fn setting(&mut self, row: Row, value: &Spanned<DeValue>, at: usize) {
        if self.source != Source::Managed && row.by == By::Managed {
            self.problem(
                at,
                format!("`{}` can only be set by managed policy", row.key),
            );
            return;
        }
        if let Some(value) = self.value(&row, value) {
            let (line, column) = place(self.text, at);
            self.entries.push(Entry {
                row,
                value,
                line,
                column,
            });
        }
    }

    fn value(&mut self, row: &Row, value: &Spanned<DeValue>) -> Option<Value> {
        match (row.kind, value.get_ref()) {
            (Kind::Word(words), DeValue::String(word)) => self
                .word(row.key, words, word, value.span().start)
                .map(Value::Word),
            (Kind::Flag, DeValue::Boolean(flag)) => Some(Value::Flag(*flag)),
            (Kind::Number, DeValue::Integer(number)) => {
                let number = u64::from_str_radix(number.as_str(), number.radix());
                if number.is_err() {
                    let message = format!("`{}` wants a whole number of at least 0", row.key);
                    self.problem(value.span().start, message);
                }
                number.ok().map(Value::Number)
            }
            (
                Kind::Directories
                | Kind::Globs
                | Kind::Hosts
                | Kind::Tools
                | Kind::Rules
                | Kind::Variables,
                DeValue::Array(items),
            ) => {
                let items = items.iter().filter_map(|it| self.item(row, it));
                Some(Value::List(items.collect()))
            }
            (Kind::Paths, DeValue::Array(items)) => {
                let items = items.iter().filter_map(|it| self.path_rule(row, it));
                Some(Value::Paths(items.collect()))
            }
            (Kind::Words(words), DeValue::Array(items)) => Some(self.words(row, words, items)),
            (Kind::Url | Kind::Token | Kind::Chat, DeValue::String(text)) => {
                self.destination(row, text, value.span().start)
            }
            (Kind::Command, DeValue::String(_) | DeValue::Array(_)) => self.program(row, value),
            (Kind::Agents, DeValue::Table(table)) => Some(self.agents(row, table)),
            (Kind::Decisions, DeValue::Table(table)) => Some(self.decisions(row, table)),
            _ => {
                let message = format!("`{}` wants {}", row.key, wanted(row));
                self.problem(value.span().start, message);
                None
            }
        }
    }

    fn word(&mut self, key: &str, words: &str, word: &str, at: usize) -> Option<String> {
        if listed(words, word) {
            return Some(word.to_owned());
        }
        let listed = words.replace(' ', ", ");
        let near = edit::nearest(word, words.split(' '))
            .map_or_else(String::new, |it| format!("; did you mean `{it}`?"));
        self.problem(at, format!("`{key}` is one of {listed}{near}"));
        None
    }

    fn item(&mut self, row: &Row, item: &Spanned<DeValue>) -> Option<String> {
        let at = item.span().start;
        let Some(text) = item.get_ref().as_str() else {
            self.problem(at, format!("`{}` wants {}", row.key, wanted(row)));
            return None;
        };
        let found = match row.kind {
            Kind::Directories => problem::directory(text),
            Kind::Globs => problem::pattern(text),
            Kind::Hosts => problem::host(text),
            Kind::Variables => problem::variable(text),
            Kind::Tools | Kind::Agents => tools::problem(text).map(str::to_owned),
            _ => problem::rule(text, false),
        };
        match found {
            Some(message) => {
                self.problem(at, message);
                None
            }
            None => Some(text.to_owned()),
        }
    }

    fn path_rule(&mut self, row: &Row, item: &Spanned<DeValue>) -> Option<PathRule> {
        let mut rule = PathRule {
            pattern: String::new(),
            read: Decision::Deny,
            write: Decision::Deny,
            why: String::new(),
            origin: self.file.to_owned(),
        };
        let at = item.span().start;
        match item.get_ref() {
            DeValue::String(pattern) => rule.pattern = pattern.to_string(),
            DeValue::Table(table) => self.path_fields(&mut rule, table),
            _ => {
                self.problem(at, format!("`{}` wants {}", row.key, wanted(row)));
                return None;
            }
        }
        if let Some(message) = problem::pattern(&rule.pattern) {
            self.problem(at, message);
            return None;
        }
        Some(rule)
    }

    fn path_fields(&mut self, rule: &mut PathRule, table: &DeTable) {
        let one_sided = table.contains_key("read") != table.contains_key("write");
        if one_sided {
            rule.read = Decision::Pass;
            rule.write = Decision::Pass;
        }
        for (name, value) in table {
            let (key, at) = (name.get_ref().as_ref(), value.span().start);
            let Some(text) = value.get_ref().as_str() else {
                self.problem(at, format!("`{key}` of a pattern wants a string"));
                continue;
            };
            match key {
                "pattern" => text.clone_into(&mut rule.pattern),
                "why" => text.clone_into(&mut rule.why),
                "read" => self.decision(key, text, at, &mut rule.read),
                "write" => self.decision(key, text, at, &mut rule.write),
                _ => {
                    let near = edit::nearest(key, ["pattern", "why", "read", "write"].into_iter())
                        .map_or_else(String::new, |it| format!(": did you mean `{it}`?"));
                    let shown: String = key.chars().take(60).collect();
                    self.problem(
                        name.span().start,
                        format!("a pattern has no `{shown}`{near}"),
                    );
                }
            }
        }
    }

    fn decision(&mut self, key: &str, word: &str, at: usize, decision: &mut Decision) {
        let word = self.word(key, DECISIONS, word, at);
        if let Some(it) = word.and_then(|it| Decision::parse(&it)) {
            *decision = it;
        }
    }

    fn decisions(&mut self, row: &Row, table: &DeTable) -> Value {
        let mut list = Vec::new();
        for (name, value) in table {
            let (key, at) = (name.get_ref().as_ref(), value.span().start);
            if let Some(message) = problem::rule(key, true) {
                self.problem(name.span().start, message);
                continue;
            }
            let Some(word) = value.get_ref().as_str() else {
                self.problem(at, format!("`{}` wants {}", row.key, wanted(row)));
                continue;
            };
            let word = self.word(key, DECISIONS, word, at);
            if let Some(decision) = word.and_then(|it| Decision::parse(&it)) {
                list.push((key.to_owned(), decision));
            }
        }
        Value::Decisions(sorted(list, Ord::cmp))
    }

    /// One file that both disables a rule and decides it has no single meaning.
    fn conflicts(&mut self) {
        let find = |key: &str| self.entries.iter().find(|it| it.row.key == key);
        let (Some(disabled), Some(decided)) = (find("rules.disable"), find("rules.decision"))
        else {
            return;
        };
        let (Value::List(disabled), Value::Decisions(list)) = (&disabled.value, &decided.value)
        else {
            return;
        };
        let (line, column) = (decided.line, decided.column);
        let twice = list
            .iter()
            .map(|(it, _)| it)
            .filter(|it| disabled.contains(it));
        for id in twice.cloned().collect::<Vec<_>>() {
            self.problems.push(PolicyError {
                file: self.file.to_owned(),
                line,
                column,
                message: format!("`{id}` stands in rules.disable and in rules.decision: keep one"),
            });
        }
    }

    fn problem(&mut self, at: usize, message: String) {
        let (line, column) = place(self.text, at);
        self.problems.push(PolicyError {
            file: self.file.to_owned(),
            line,
            column,
            message,
        });
    }
}

const DECISIONS: &str = "pass warn ask deny";

fn wanted(row: &Row) -> &'static str {
    match row.kind {
        Kind::Word(_) | Kind::Url | Kind::Token | Kind::Chat => "a string",
        Kind::Flag => "true or false",
        Kind::Number => "a whole number",
        Kind::Directories
        | Kind::Globs
        | Kind::Hosts
        | Kind::Tools
        | Kind::Rules
        | Kind::Variables
        | Kind::Words(_) => "a list of strings",
        Kind::Command => "a program as a string, or a list of it and its arguments",
        Kind::Agents => "a table from agent type to profile, allow, ask and deny",
        Kind::Paths => "a list of strings or of tables with pattern, read, write and why",
        Kind::Decisions => "a table of rule id = \"decision\"",
    }
}

/// Line and column of a byte offset, both from 1, columns in characters.
pub(super) fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at.min(text.len())).unwrap_or(text);
    let line = before.bytes().filter(|it| *it == b'\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    (line, column)
}

#[cfg(test)]
mod tests;
