//! Owns the predicates of one clause as bytes, and the string heap. Shared with the build script. Does
//! not own their meaning (`matcher`) nor the table around them (`compile`). Invariant: every field of
//! `Clause` is encoded or refused.

use std::collections::BTreeMap;

use super::code::{self, MCP, op};
use super::compile::{expand, size};
use super::source::{Clause, Redirect, Words};
use super::words;

/// Strings of the table, each stored once.
#[derive(Default)]
pub(super) struct Heap {
    pub(super) bytes: Vec<u8>,
    known: BTreeMap<String, u32>,
}

impl Heap {
    /// The position of a string; one past 64 KiB is cut there.
    pub(super) fn add(&mut self, text: &str) -> u32 {
        if let Some(&position) = self.known.get(text) {
            return position;
        }
        let position = size(self.bytes.len());
        let kept = text.get(..text.floor_char_boundary(STRING_LIMIT));
        let kept = kept.unwrap_or_default();
        let sevens = (0..code::LENGTH).map(|it| kept.len() >> (7 * it) & 0x7f);
        self.bytes
            .extend(sevens.map(|it| u8::try_from(it).unwrap_or(0)));
        self.bytes.extend(kept.as_bytes());
        self.known.insert(text.to_owned(), position);
        position
    }
}

/// The longest string that is kept.
const STRING_LIMIT: usize = 64 << 10;

/// Appends one predicate.
pub(super) fn push(bytes: &mut Vec<u8>, operation: u8, payload: &[u8]) {
    let len = u16::try_from(payload.len()).unwrap_or(u16::MAX);
    bytes.push(operation);
    bytes.extend(len.to_le_bytes());
    bytes.extend(payload.iter().take(usize::from(len)));
}

/// The predicates of a clause. `indexed` says that the table's program index checks its `program`.
pub(super) fn clause_code(
    clause: &Clause,
    indexed: bool,
    heap: &mut Heap,
) -> Result<Vec<(u8, Vec<u8>)>, String> {
    let mut code = Vec::new();
    if !indexed {
        programs(&mut code, op::PROGRAM, &clause.program, heap)?;
    }
    own_words(&mut code, clause, heap)?;
    for (operation, list) in [
        (op::PIPED_FROM, &clause.piped_from),
        (op::PIPED_TO, &clause.piped_to),
        (op::GOES_TO, &clause.goes_to),
        (op::FED_BY_SUBSTITUTION, &clause.fed_by_substitution),
        (op::RUNS_OUTPUT_OF, &clause.runs_output_of),
    ] {
        programs(&mut code, operation, list, heap)?;
    }
    access(&mut code, clause, heap)?;
    if let Some(it) = &clause.redirect {
        code.push((op::REDIRECT, redirect(it, heap)?));
    }
    if let Some(text) = &clause.text {
        if text.keywords.is_empty() || text.reason.is_empty() {
            return Err("raw text needs keywords and a reason".to_owned());
        }
        code.push((op::TEXT, heap.add(&text.regex).to_le_bytes().to_vec()));
    }
    for nested in &clause.not.0 {
        code.push((op::NOT, negated(nested, heap)?));
    }
    Ok(code)
}

/// Predicates over the invocation's own words and circumstances.
fn own_words(
    code: &mut Vec<(u8, Vec<u8>)>,
    clause: &Clause,
    heap: &mut Heap,
) -> Result<(), String> {
    contexts(code, op::CONTEXT_ANY, &clause.context_any)?;
    contexts(code, op::CONTEXT_NONE, &clause.context_none)?;
    for (operation, wanted) in [
        (op::PROGRAM_UNKNOWN, clause.program_unknown.map(u8::from)),
        (op::FORKS_ITSELF, clause.forks_itself.map(u8::from)),
        (op::MIN_WORDS, clause.min_words),
        (op::SENDS_FILES, clause.sends_files.map(u8::from)),
        (op::STRANGE_PACKAGE, clause.strange_package.map(u8::from)),
        (op::TELLS_VALUES, clause.tells_values.map(u8::from)),
    ] {
        code.extend(wanted.map(|it| (operation, vec![it])));
    }
    for (operation, list) in [
        (op::ANY_FLAG, &clause.any_flag),
        (op::ALL_FLAGS, &clause.all_flags),
        (op::NO_FLAG, &clause.no_flag),
    ] {
        if let Some(flag) = list.0.iter().find(|it| !it.starts_with(['-', '+'])) {
            return Err(format!("`{flag}` is not a flag"));
        }
        strings(code, operation, list, heap);
    }
    host_kinds(&clause.host)?;
    for (operation, list) in [
        (op::SUBCOMMAND, &clause.subcommand),
        (op::ARG, &clause.arg),
        (op::NO_ARG, &clause.no_arg),
        (op::WORD, &clause.word),
        (op::LAST, &clause.last),
        (op::ENV, &clause.env),
        (op::UNDER_ENV, &clause.under_env),
        (op::HOST, &clause.host),
        (tool(&clause.tool), &clause.tool),
        (op::ON_BRANCH, &clause.on_branch),
        (op::VARIABLE, &clause.variable),
    ] {
        strings(code, operation, list, heap);
    }
    let lower = Words(
        clause
            .arg_text
            .0
            .iter()
            .map(|it| it.to_lowercase())
            .collect(),
    );
    strings(code, op::ARG_TEXT, &lower, heap);
    if clause.min_operands.is_some() || clause.max_operands.is_some() {
        let bounds = vec![
            clause.min_operands.unwrap_or(0),
            clause.max_operands.unwrap_or(u8::MAX),
        ];
        code.push((op::OPERANDS, bounds));
    }
    Ok(())
}

/// Refuses kinds of hosts that nobody knows.
fn host_kinds(hosts: &Words) -> Result<(), String> {
    let kinds = hosts.0.iter().filter_map(|it| it.strip_prefix('@'));
    let mut unknown = kinds.filter(|it| words::position(words::HOSTS, it).is_none());
    match unknown.next() {
        Some(kind) => Err(format!(
            "unknown kind of host `@{kind}`; one of: {}",
            words::HOSTS
        )),
        None => Ok(()),
    }
}

pub(super) fn negated(clause: &Clause, heap: &mut Heap) -> Result<Vec<u8>, String> {
    if !clause.any.0.is_empty() || clause.text.is_some() {
        return Err("`not` holds no `any` and no `text`".to_owned());
    }
    let mut bytes = Vec::new();
    for (operation, payload) in clause_code(clause, false, heap)? {
        push(&mut bytes, operation, &payload);
    }
    if bytes.is_empty() {
        return Err("an empty `not` would never match".to_owned());
    }
    Ok(bytes)
}

/// The operation for a list of tools.
fn tool(list: &Words) -> u8 {
    if list.0.iter().all(|it| it.starts_with(MCP)) {
        op::TOOL_OF_SERVER
    } else {
        op::TOOL
    }
}

fn strings(code: &mut Vec<(u8, Vec<u8>)>, operation: u8, list: &Words, heap: &mut Heap) {
    if !list.0.is_empty() {
        code.push((operation, positions(&list.0, heap)));
    }
}

fn positions(list: &[String], heap: &mut Heap) -> Vec<u8> {
    list.iter()
        .flat_map(|it| heap.add(it).to_le_bytes())
        .collect()
}

fn programs(
    code: &mut Vec<(u8, Vec<u8>)>,
    operation: u8,
    list: &Words,
    heap: &mut Heap,
) -> Result<(), String> {
    strings(code, operation, &Words(expand(&list.0)?), heap);
    Ok(())
}

fn contexts(code: &mut Vec<(u8, Vec<u8>)>, operation: u8, list: &Words) -> Result<(), String> {
    if !list.0.is_empty() {
        let bits = mask(words::CONTEXTS, &list.0, "context")?;
        code.push((
            operation,
            bits.to_le_bytes().iter().take(4).copied().collect(),
        ));
    }
    Ok(())
}

/// The bits of words in a vocabulary.
fn mask(vocabulary: &str, list: &[String], what: &str) -> Result<u64, String> {
    let mut bits = 0;
    for word in list {
        let position = words::position(vocabulary, word)
            .ok_or_else(|| format!("unknown {what} `{word}`; one of: {vocabulary}"))?;
        bits |= 1 << position;
    }
    Ok(bits)
}

fn low16(bits: u64) -> Vec<u8> {
    bits.to_le_bytes().iter().take(2).copied().collect()
}

fn access(code: &mut Vec<(u8, Vec<u8>)>, clause: &Clause, heap: &mut Heap) -> Result<(), String> {
    let detail = !clause.path.0.is_empty()
        || !clause.not_path.0.is_empty()
        || !clause.at.0.is_empty()
        || !clause.not_at.0.is_empty()
        || clause.recursive.is_some()
        || clause.unknown_path.is_some()
        || clause.tracked.is_some();
    if clause.access.0.is_empty() {
        return if detail {
            Err(
                "recursive, tracked, path, not_path, at, not_at and unknown_path describe an `access`"
                    .into(),
            )
        } else {
            Ok(())
        };
    }
    let either = |it: Option<bool>| it.map_or(2, u8::from);
    let mut payload = low16(mask(words::ACCESSES, &clause.access.0, "access")?);
    payload.push(either(clause.recursive));
    payload.push(either(clause.unknown_path));
    for list in [&clause.path, &clause.not_path] {
        payload.extend(mask(words::CLASSES, &list.0, "path class")?.to_le_bytes());
    }
    payload.extend(low16(clause.at.0.len() as u64));
    payload.extend([either(clause.tracked), 0]);
    payload.extend(positions(&clause.at.0, heap));
    payload.extend(positions(&clause.not_at.0, heap));
    code.push((op::ACCESS, payload));
    Ok(())
}

fn redirect(redirect: &Redirect, heap: &mut Heap) -> Result<Vec<u8>, String> {
    let mut operators = mask(words::REDIRECTS, &redirect.op.0, "redirect")?;
    if operators == 0 {
        operators = u64::from(u16::MAX);
    }
    let mut payload = low16(operators);
    payload.extend([0, 0]);
    payload.extend(mask(words::CLASSES, &redirect.path.0, "path class")?.to_le_bytes());
    payload.extend(positions(&redirect.at.0, heap));
    Ok(payload)
}
