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
            Err(error) => errors.push(problem(error)),
        }
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Table::compile(&sources).map_err(|it| vec![problem(it)])
}

/// The ids of a table's rules, sorted.
pub(super) fn ids(table: &Table) -> Vec<String> {
    let mut ids: Vec<String> = table.rules().map(|it| it.id.to_owned()).collect();
    ids.sort();
    ids
}

fn problem(error: LoadError) -> PolicyError {
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
    PolicyError {
        file,
        line,
        column,
        message,
    }
}
