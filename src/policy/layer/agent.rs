//! Owns reading `tools.agents`: a table of lists for each agent type. Does not own what a list may hold
//! (`tools`). Invariant: as in the whole file, what is not understood is a problem.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Reader, wanted};
use crate::policy::table::Row;
use crate::policy::tools::{Profile, Verb};
use crate::policy::value::Value;

impl Reader<'_> {
    /// Each agent's table, a line an entry: `Explore allow Bash(git *)`.
    pub(super) fn agents(&mut self, row: &Row, table: &DeTable) -> Value {
        let mut lines = Vec::new();
        for (name, value) in table {
            let (agent, at) = (name.get_ref().as_ref(), name.span().start);
            let Some(inner) = value.get_ref().as_table() else {
                self.problem(at, format!("`{}` wants {}", row.key, wanted(row)));
                continue;
            };
            if agent.is_empty() || agent.contains(char::is_whitespace) {
                self.problem(at, "an agent type is one word".to_owned());
                continue;
            }
            for (key, value) in inner {
                let texts = self.agent_texts(row, key.get_ref(), value);
                lines.extend(
                    texts
                        .iter()
                        .map(|it| format!("{agent} {} {it}", key.get_ref())),
                );
            }
        }
        Value::List(lines)
    }

    /// What one key of an agent's table says.
    fn agent_texts(&mut self, row: &Row, key: &str, value: &Spanned<DeValue>) -> Vec<String> {
        let at = value.span().start;
        match (Verb::parse(key), value.get_ref()) {
            (Some(Verb::Profile), DeValue::String(word)) => {
                let word = self.word(key, Profile::WORDS, word, at);
                word.into_iter().collect()
            }
            (Some(Verb::Allow | Verb::Ask | Verb::Deny), DeValue::Array(items)) => {
                items.iter().filter_map(|it| self.item(row, it)).collect()
            }
            _ => {
                self.problem(at, format!("`{}` wants {}", row.key, wanted(row)));
                Vec::new()
            }
        }
    }
}
