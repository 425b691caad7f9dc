//! Owns the value of a setting: [`Value`], how it reads for people and machines, and which of two is
//! stricter. Does not own reading values from files (`layer`). Invariant: [`Value::is_stricter`] answers
//! false where it cannot tell.

use std::fmt;

use super::PathRule;
use super::table::{Kind, Row, Stricter};
use crate::order::sorted;
use crate::verdict::Decision;

/// A value of one of the types of [`Kind`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Word(String),
    Flag(bool),
    Number(u64),
    List(Vec<String>),
    Paths(Vec<PathRule>),
    Decisions(Vec<(String, Decision)>),
    /// Never shown.
    Hidden(Hidden),
}

/// A value that nobody may read on a screen or in a record: a URL or token that is as good as a password,
/// or `env:NAME` for the variable that holds it. Empty where nothing is set.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Hidden(String);

impl Hidden {
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// The value itself, for where it is used.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The variable that holds it.
    pub fn variable(&self) -> Option<&str> {
        self.0.strip_prefix("env:")
    }

    /// What people see: where it comes from, or that there is one.
    pub fn text(&self) -> &str {
        match self.0.as_str() {
            "" => "none",
            text if self.variable().is_some() => text,
            _ => "(set, not shown)",
        }
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl Value {
    /// True where `new` is stricter than `old` in the order of the row.
    pub fn is_stricter(row: &Row, new: &Self, old: &Self) -> bool {
        let later = match (row.kind, new, old) {
            (Kind::Word(words), Self::Word(new), Self::Word(old)) => {
                let place = |word: &str| words.split(' ').position(|it| it == word);
                place(new).zip(place(old)).map(|(new, old)| new.cmp(&old))
            }
            (_, Self::Number(new), Self::Number(old)) => Some(new.cmp(old)),
            (_, Self::Flag(new), Self::Flag(old)) => Some(new.cmp(old)),
            _ => None,
        };
        match row.stricter {
            Stricter::Later => later.is_some_and(std::cmp::Ordering::is_gt),
            Stricter::Lower => match (new, old) {
                (Self::Number(new), Self::Number(old)) => {
                    // No limit is above all others.
                    new.wrapping_sub(1) < old.wrapping_sub(1)
                }
                _ => later.is_some_and(std::cmp::Ordering::is_lt),
            },
            Stricter::More | Stricter::Never => false,
        }
    }

    /// True for values that collect entries of every layer instead of replacing each other.
    pub fn collects(kind: Kind) -> bool {
        matches!(
            kind,
            Kind::Globs
                | Kind::Hosts
                | Kind::Tools
                | Kind::Agents
                | Kind::Paths
                | Kind::Rules
                | Kind::Variables
                | Kind::Decisions
        )
    }

    /// Takes over the entries of a later layer, which win where both name the same thing.
    pub fn collect(&mut self, later: Self) {
        match (self, later) {
            (Self::List(list), Self::List(more)) => {
                for it in more {
                    if !list.contains(&it) {
                        list.push(it);
                    }
                }
            }
            (Self::Paths(paths), Self::Paths(more)) => {
                for it in more {
                    if !paths.contains(&it) {
                        paths.push(it);
                    }
                }
            }
            (Self::Decisions(decisions), Self::Decisions(more)) => {
                for (key, decision) in more {
                    decisions.retain(|(it, _)| *it != key);
                    decisions.push((key, decision));
                }
                *decisions = sorted(std::mem::take(decisions), Ord::cmp);
            }
            (this, later) => *this = later,
        }
    }

    /// The value as it would be written in a policy file.
    pub fn text(&self) -> String {
        match self {
            Self::Word(word) => word.clone(),
            Self::Flag(flag) => flag.to_string(),
            Self::Number(number) => number.to_string(),
            Self::Hidden(hidden) => hidden.text().to_owned(),
            Self::List(list) => bracketed('[', list.iter().cloned(), ']'),
            Self::Paths(paths) => bracketed('[', paths.iter().map(path_text), ']'),
            Self::Decisions(decisions) => {
                let entries = decisions
                    .iter()
                    .map(|(key, it)| format!("{key} = {}", it.word()));
                bracketed('{', entries, '}')
            }
        }
    }

    /// The value for `--json`.
    pub fn json(&self) -> serde_json::Value {
        match self {
            Self::Word(word) => word.as_str().into(),
            Self::Flag(flag) => (*flag).into(),
            Self::Number(number) => (*number).into(),
            Self::Hidden(hidden) => hidden.text().into(),
            Self::List(list) => list.clone().into(),
            Self::Paths(paths) => paths.iter().map(path_json).collect(),
            Self::Decisions(decisions) => {
                let mut map = serde_json::Map::new();
                for (key, it) in decisions {
                    map.insert(key.clone(), it.word().into());
                }
                map.into()
            }
        }
    }
}

fn bracketed(open: char, items: impl Iterator<Item = String>, close: char) -> String {
    format!("{open}{}{close}", items.collect::<Vec<_>>().join(", "))
}

fn path_text(it: &PathRule) -> String {
    format!(
        "{} (read {}, write {})",
        it.pattern,
        it.read.word(),
        it.write.word()
    )
}

fn path_json(it: &PathRule) -> serde_json::Value {
    serde_json::json!({
        "pattern": it.pattern,
        "read": it.read.word(),
        "write": it.write.word(),
        "why": it.why,
        "origin": it.origin,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::table;

    #[test]
    fn order_follows_the_row() {
        let check = |key: &str, new: &str, old: &str, expected: bool| {
            let row = table::row(key).unwrap();
            let word = |it: &str| Value::Word(it.to_owned());
            assert_eq!(
                Value::is_stricter(&row, &word(new), &word(old)),
                expected,
                "{key} {new}"
            );
        };
        check("mode", "enforce", "observe", true);
        check("mode", "observe", "enforce", false);
        check("mode", "enforce", "enforce", false);
        check("mode", "nonsense", "observe", false);
        check("boundary.outside", "deny", "ask", true);
        check("boundary.outside", "pass", "ask", false);
        check("preset", "unattended", "standard", true);
    }

    #[test]
    fn numbers_and_flags_follow_the_row_too() {
        let row = |stricter| Row {
            stricter,
            ..table::row("mode").unwrap()
        };
        let check = |stricter, new: &Value, old: &Value, expected: bool| {
            assert_eq!(
                Value::is_stricter(&row(stricter), new, old),
                expected,
                "{new:?} {old:?}"
            );
        };
        check(Stricter::Lower, &Value::Number(1), &Value::Number(2), true);
        check(Stricter::Lower, &Value::Number(2), &Value::Number(1), false);
        check(Stricter::Lower, &Value::Number(2), &Value::Number(0), true);
        check(Stricter::Lower, &Value::Number(0), &Value::Number(2), false);
        check(Stricter::Later, &Value::Number(2), &Value::Number(1), true);
        check(
            Stricter::Later,
            &Value::Flag(true),
            &Value::Flag(false),
            true,
        );
        check(
            Stricter::Lower,
            &Value::Flag(true),
            &Value::Flag(false),
            false,
        );
        check(Stricter::Never, &Value::Number(2), &Value::Number(1), false);
        check(
            Stricter::Later,
            &Value::Number(2),
            &Value::Flag(false),
            false,
        );
    }

    #[test]
    fn later_entries_win() {
        let decisions = |list: &[(&str, Decision)]| {
            Value::Decisions(
                list.iter()
                    .map(|(key, it)| ((*key).to_owned(), *it))
                    .collect(),
            )
        };
        let mut value = decisions(&[("a", Decision::Ask), ("b", Decision::Ask)]);
        value.collect(decisions(&[("a", Decision::Pass)]));
        assert_eq!(
            value,
            decisions(&[("a", Decision::Pass), ("b", Decision::Ask)])
        );
    }
}
