//! Owns the step from rule files to a table, with problems in the form of this module. Does not own the
//! rules' format or checks (`rule`). Invariant: one file with a problem and there is no table.

use super::PolicyError;
use crate::rule::{self, LoadError, Table};

/// Compiles rule files, given as path and text; else every problem that loading finds.
pub(super) fn compile(files: &[(String, String)]) -> Result<Table, Vec<PolicyError>> {
    let mut sources = Vec::with_capacity(files.len());
    let mut errors = Vec::new();
    for (path, text) in files {
        match rule::load(path, text) {
            Ok(source) => sources.push(source),
            Err(error) => errors.push(error.into()),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Table::compile(&sources).map_err(|it| vec![it.into()])
}

/// The ids of a table's rules, sorted.
pub(super) fn ids(table: &Table) -> Vec<String> {
    let mut ids: Vec<String> = table.rules().map(|it| it.id.to_owned()).collect();
    ids.sort_unstable();
    ids
}

impl From<LoadError> for PolicyError {
    fn from(error: LoadError) -> Self {
        let LoadError {
            file,
            line,
            column,
            message,
            help,
        } = error;
        let message = match help.as_str() {
            "" => message,
            help => format!("{message}; {help}"),
        };
        Self {
            file,
            line,
            column,
            message,
        }
    }
}

/// True for the name of a rule file; hidden files are an editor's.
pub fn is_rule_file(name: &str) -> bool {
    let is_toml = |it: &str| it.eq_ignore_ascii_case("toml");
    !name.starts_with('.') && name.rsplit_once('.').is_some_and(|(_, it)| is_toml(it))
}
