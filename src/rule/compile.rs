//! Owns the way from rule files to the flat table: checks across files, the order of predicates (cheap
//! ones first), the program and keyword indices. Shared with the build script. Does not own matching.
//! Invariant: what compiles is complete; an unknown word is an error with its place, never ignored.

use std::collections::{BTreeMap, BinaryHeap};

use toml::Spanned;

use super::code::{self, Section, op};
use super::encode::{Heap, clause_code, negated};
use super::source::{Clause, Clauses, LoadError, Rule, Source};
use super::{needs, words};

/// Compiles packs into one table.
pub(super) fn compile(sources: &[Source]) -> Result<Vec<u8>, LoadError> {
    let mut table = Builder::default();
    let mut ids: BTreeMap<&str, &str> = BTreeMap::new();
    for source in sources {
        for spanned in &source.rules {
            let rule = spanned.get_ref();
            if let Some(other) = ids.insert(&rule.id, &source.file) {
                return Err(source.error(
                    spanned,
                    &format!("the id is already used in {other}"),
                    "ids are unique across all packs and permanent",
                ));
            }
            table.rule(source, spanned)?;
        }
    }
    Ok(table.finish())
}

#[derive(Default)]
struct Builder {
    heap: Heap,
    rules: Vec<u8>,
    clauses: Vec<u8>,
    code: Vec<u8>,
    programs: BTreeMap<String, Vec<u16>>,
    prefixes: BTreeMap<String, Vec<u16>>,
    general: Vec<u16>,
    texts: Vec<u16>,
    tools: Vec<u16>,
    keywords: Vec<(u16, u16, u32)>,
}

impl Builder {
    fn rule(&mut self, source: &Source, spanned: &Spanned<Rule>) -> Result<(), LoadError> {
        let rule = spanned.get_ref();
        let number = u16::try_from(self.rules.len() / code::RULE)
            .map_err(|_| source.error(spanned, "too many rules", ""))?;
        for text in [
            &rule.id,
            &source.pack.id,
            &rule.title,
            &rule.why,
            &rule.instead,
        ] {
            let position = self.heap.add(text);
            self.rules.extend(position.to_le_bytes());
        }
        for (list, word) in [
            (words::SEVERITIES, &rule.severity),
            (words::DECISIONS, &rule.decision),
            (words::STATUSES, &rule.status),
        ] {
            let position = words::position(list, word).unwrap_or_default();
            self.rules.push(position.to_le_bytes()[0]);
        }
        self.rules.push(u8::from(rule.fallback));
        let matches = &rule.matches;
        let alternatives: Vec<Option<&Clause>> = if matches.any.0.is_empty() {
            vec![None]
        } else {
            matches.any.0.iter().map(Some).collect()
        };
        for alternative in alternatives {
            self.alternative(number, &source.pack.not, matches, alternative)
                .map_err(|message| source.error(spanned, &message, CLAUSE_HELP))?;
        }
        Ok(())
    }

    /// Adds the conjunction of a rule's own fields and one of its alternatives, without what its pack is
    /// not about.
    fn alternative(
        &mut self,
        rule: u16,
        pack_not: &Clauses,
        common: &Clause,
        alternative: Option<&Clause>,
    ) -> Result<(), String> {
        let mut code = Vec::new();
        let mut programs: Vec<String> = Vec::new();
        for clause in std::iter::once(common).chain(alternative) {
            let own = expand(&clause.program.0)?;
            let indexed = programs.is_empty() && !own.is_empty();
            if indexed {
                programs = own;
            }
            code.push(clause_code(clause, indexed, &mut self.heap)?);
        }
        if alternative.is_some_and(|it| !it.any.0.is_empty()) {
            return Err("`any` stands inside `any`".to_owned());
        }
        let outside = exceptions(pack_not, common, alternative, &mut self.heap)?;
        let predicates: Vec<(u8, Vec<u8>)> = code.into_iter().flatten().chain(outside).collect();
        let needs = needs::of(&predicates);
        let code = ordered(&predicates);
        if code.is_empty() && programs.is_empty() {
            return Err("a match without any condition would match everything".to_owned());
        }
        let number = self.clause(rule, &code, needs)?;
        self.index(number, programs, common, alternative)
    }

    fn clause(&mut self, rule: u16, code: &[u8], needs: u64) -> Result<u16, String> {
        let number = u16::try_from(self.clauses.len() / code::CLAUSE)
            .map_err(|_| "too many conditions in all".to_owned())?;
        let len = u16::try_from(code.len()).map_err(|_| "the condition is too long".to_owned())?;
        self.clauses.extend(rule.to_le_bytes());
        self.clauses.extend(len.to_le_bytes());
        self.clauses.extend(size(self.code.len()).to_le_bytes());
        self.clauses.extend(needs.to_le_bytes());
        self.code.extend(code);
        Ok(number)
    }

    fn index(
        &mut self,
        number: u16,
        programs: Vec<String>,
        common: &Clause,
        alternative: Option<&Clause>,
    ) -> Result<(), String> {
        let both = || std::iter::once(common).chain(alternative);
        if both().any(|it| !it.tool.0.is_empty()) {
            self.tools.push(number);
        } else if let Some(text) = both().find_map(|it| it.text.as_ref())
            && programs.is_empty()
        {
            for keyword in &text.keywords {
                let bytes = keyword.as_bytes();
                let Some(first) = bytes.first_chunk::<3>() else {
                    return Err(format!("keyword `{keyword}` is shorter than three letters"));
                };
                let hash = first.iter().fold(0, |hash, it| code::gram(hash, *it));
                let position = self.heap.add(&keyword.to_ascii_lowercase());
                self.keywords.push((hash, number, position));
            }
            self.texts.push(number);
        } else if programs.is_empty() {
            self.general.push(number);
        }
        for program in programs {
            let (index, name) = match program.strip_suffix('*') {
                Some(prefix) => (&mut self.prefixes, prefix.to_owned()),
                None => (&mut self.programs, program),
            };
            let list = index.entry(name).or_default();
            if list.last() != Some(&number) {
                list.push(number);
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Vec<u8> {
        let mut lists = Vec::new();
        for list in [&self.general, &self.texts, &self.tools] {
            push_list(&mut lists, list);
        }
        let mut index = |entries: &BTreeMap<String, Vec<u16>>, heap: &mut Heap| {
            let mut bytes = Vec::new();
            for (name, list) in entries {
                bytes.extend(heap.add(name).to_le_bytes());
                bytes.extend(size(lists.len()).to_le_bytes());
                push_list(&mut lists, list);
            }
            bytes
        };
        let programs = index(&self.programs, &mut self.heap);
        let prefixes = index(&self.prefixes, &mut self.heap);
        let sorted = BinaryHeap::from(std::mem::take(&mut self.keywords)).into_sorted_vec();
        let mut keywords = Vec::new();
        let mut grams = vec![0_u8; if sorted.is_empty() { 0 } else { 512 }];
        for (hash, clause, position) in &sorted {
            keywords.extend(hash.to_le_bytes());
            keywords.extend(clause.to_le_bytes());
            keywords.extend(position.to_le_bytes());
            if let Some(byte) = grams.get_mut(usize::from(hash / 8)) {
                *byte |= 1 << (hash % 8);
            }
        }
        // In the order of `Section`.
        let sections: [&[u8]; code::SECTIONS] = [
            &self.rules,
            &self.clauses,
            &programs,
            &prefixes,
            &lists,
            &keywords,
            &grams,
            &self.code,
            &self.heap.bytes,
        ];
        assemble(&sections)
    }
}

fn assemble(sections: &[&[u8]; code::SECTIONS]) -> Vec<u8> {
    debug_assert_eq!(Section::Heap as usize + 1, code::SECTIONS);
    let mut body = Vec::new();
    let mut start = code::HEADER;
    for section in sections {
        body.extend(size(start).to_le_bytes());
        body.extend(size(section.len()).to_le_bytes());
        start += section.len();
    }
    for section in sections {
        body.extend(*section);
    }
    let mut bytes = Vec::with_capacity(body.len() + 16);
    bytes.extend(code::MAGIC);
    bytes.extend(code::VERSION.to_le_bytes());
    bytes.extend([0, 0]);
    bytes.extend(code::checksum(&body).to_le_bytes());
    bytes.extend(body);
    bytes
}

const CLAUSE_HELP: &str = "rules/README.md explains every field of `match`";

/// What a pack is not about, as predicates; raw text and other tools have nothing to compare it with.
fn exceptions(
    pack_not: &Clauses,
    common: &Clause,
    alternative: Option<&Clause>,
    heap: &mut Heap,
) -> Result<Vec<(u8, Vec<u8>)>, String> {
    let mut clauses = std::iter::once(common).chain(alternative);
    if clauses.any(|it| it.text.is_some() || !it.tool.0.is_empty()) {
        return Ok(Vec::new());
    }
    let nested = pack_not.0.iter();
    nested.map(|it| Ok((op::NOT, negated(it, heap)?))).collect()
}

/// Predicates as code, cheapest first.
fn ordered(predicates: &[(u8, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for rank in 0..=DEAREST {
        for (operation, payload) in predicates.iter().filter(|it| cost(it.0) == rank) {
            super::encode::push(&mut bytes, *operation, payload);
        }
    }
    bytes
}

/// The highest rank.
const DEAREST: u8 = 10;

/// Rank of an operation: what costs least and fails most often comes first.
fn cost(operation: u8) -> u8 {
    match operation {
        op::CONTEXT_ANY
        | op::CONTEXT_NONE
        | op::PROGRAM_UNKNOWN
        | op::TOOL
        | op::TOOL_OF_SERVER
        | op::MIN_WORDS => 0,
        op::PROGRAM | op::SUBCOMMAND => 1,
        op::ANY_FLAG | op::ALL_FLAGS | op::NO_FLAG | op::ENV | op::LAST | op::OPERANDS => 2,
        op::ARG | op::NO_ARG | op::WORD => 3,
        op::REDIRECT => 4,
        // These look through what stands before and behind: in a long pipeline that is all of it.
        op::PIPED_FROM
        | op::PIPED_TO
        | op::FED_BY_SUBSTITUTION
        | op::FORKS_ITSELF
        | op::GOES_TO
        | op::UNDER_ENV => 5,
        op::ARG_TEXT | op::RUNS_OUTPUT_OF => 6,
        op::NOT => 7,
        op::ACCESS => 8,
        // Every word is read as an address, and the repository's remotes may be looked up.
        op::SENDS_FILES | op::HOST | op::STRANGE_PACKAGE | op::TELLS_VALUES => 9,
        _ => DEAREST,
    }
}

/// Replaces `@group` by the group's programs.
pub(super) fn expand(programs: &[String]) -> Result<Vec<String>, String> {
    let mut expanded = Vec::new();
    for program in programs {
        match program.strip_prefix('@') {
            Some(name) => {
                let group =
                    words::group(name).ok_or_else(|| format!("unknown group `{program}`"))?;
                expanded.extend(group.split_ascii_whitespace().map(str::to_owned));
            }
            None if program.is_empty() || program.contains(['/', ' ']) => {
                return Err(format!("`{program}` is not the base name of a program"));
            }
            None => expanded.push(program.clone()),
        }
    }
    Ok(expanded)
}

fn push_list(lists: &mut Vec<u8>, list: &[u16]) {
    let count = u16::try_from(list.len()).unwrap_or(u16::MAX);
    lists.extend(count.to_le_bytes());
    for clause in list.iter().take(usize::from(count)) {
        lists.extend(clause.to_le_bytes());
    }
}

/// Sections stay far below 4 GiB: rules and conditions are numbered in 16 bits.
pub(super) fn size(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}
