//! Owns the question "which rules does this reading hit?": candidates from the table's indices, their
//! predicates, [`Hit`]s. Does not own what becomes of a hit (`guard`). Invariant: per invocation only the
//! clauses that name its program, and those without a program, are looked at.

use std::borrow::Cow;
use std::ops::Range;

use super::memo::Memo;
use super::pattern::plain;
use super::predicate::{self, Eval};
use super::subject::Subject;
use super::table::{Table, View, u16_at, u32_at};
use super::{code, inquiry, needs};
use crate::path::Locator;
use crate::shell::access::Accesses;
use crate::shell::{Invocation, Reading, Span};
use crate::verdict::{Decision, Severity};

/// What is matched.
#[derive(Clone, Copy)]
pub struct Query<'a> {
    /// The tool that is called.
    pub tool: &'a str,
    /// The shell text as written, or what else the tool was given as text.
    pub text: &'a str,
    /// The addresses that another tool was given.
    pub urls: &'a [Cow<'a, str>],
    pub reading: &'a Reading,
    /// Those of `reading`.
    pub accesses: &'a Accesses<'a>,
    pub locator: &'a Locator<'a>,
}

/// One rule that matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    pub rule: String,
    pub pack: String,
    pub severity: Severity,
    /// The rule's own decision, already lowered for an experimental one.
    pub decision: Decision,
    pub status: &'static str,
    pub why: String,
    pub instead: String,
    /// Index into [`Reading::invocations`]; absent for raw text and other tools.
    pub invocation: Option<usize>,
    pub span: Option<Span>,
    /// The command as text for people; not yet redacted.
    pub subject: String,
    /// Whether its rule is one for what has no rule of its own.
    pub fallback: bool,
}

impl Table {
    /// Every rule that matches, at most once for each invocation, in the order of the text.
    pub fn check(&self, query: &Query) -> Vec<Hit> {
        let view = self.view();
        let mut hits = Vec::new();
        let memo = Memo::new(query);
        for (index, invocation) in query.reading.invocations.iter().enumerate() {
            let asked = (index, invocation);
            check_invocation(&view, query, &memo, asked, &mut hits);
        }
        if !query.reading.invocations.is_empty() || !query.reading.problems.is_empty() {
            check_text(&view, query, &mut hits);
        }
        for clause in view.tools() {
            let (rule, code) = view.clause(clause);
            if predicate::holds_for_tool(&view, query, code) {
                push(&view, rule, query, None, &mut hits);
            }
        }
        hits
    }

    /// True where a rule may have something to say of a tool's call, whose text the query does not hold
    /// yet.
    pub fn may_judge(&self, query: &Query) -> bool {
        let view = self.view();
        view.tools()
            .any(|it| predicate::may_hold(&view, query, view.clause(it).1))
    }
}

fn check_invocation(
    view: &View,
    query: &Query,
    memo: &Memo,
    (index, invocation): (usize, &Invocation),
    hits: &mut Vec<Hit>,
) {
    let subject = Subject::new(query, index, invocation);
    let facts = subject.facts();
    let first = hits.len();
    let mut seen: Vec<u16> = Vec::new();
    let mut hit = |clause: &u16| {
        if !needs::met(view.needs(*clause), facts) {
            return false;
        }
        let (rule, code) = view.clause(*clause);
        let new = !seen.contains(&rule) && Eval::new(view, query, &subject, memo).all(code);
        if new {
            seen.push(rule);
            push(view, rule, query, Some((index, invocation)), hits);
        }
        new
    };
    let candidates = view.candidates(&subject.invocation.program);
    let named_end = first + candidates.filter(&mut hit).count();
    let others = view.general().filter(&mut hit).count();
    debug_assert_eq!(hits.len(), named_end + others);
    if named_end > first && inquiry::only_asks(&subject.invocation, subject.options()) {
        hits.drain(first..named_end);
        return;
    }
    yield_fallbacks(hits, first..named_end);
}

/// Takes the fallbacks out of a range of hits where a rule that is none decides as much. The range is
/// that of the rules which name the program: the others are about something else.
fn yield_fallbacks(hits: &mut Vec<Hit>, range: Range<usize>) {
    let own = hits.get(range.clone()).unwrap_or_default();
    let strongest = own.iter().filter(|it| !it.fallback).map(|it| it.decision);
    if let Some(strongest) = strongest.max() {
        // The hits of earlier invocations are not gone through again.
        let later = hits.split_off(range.start);
        let yields = |it: &Hit| it.fallback && it.decision <= strongest;
        let stays = (range.start..).zip(later);
        let stays = stays.filter(|(at, it)| !(range.contains(at) && yields(it)));
        hits.extend(stays.map(|it| it.1));
    }
}

/// Raw-text rules: a regex is compiled only where one of its keywords stands in the text.
fn check_text(view: &View, query: &Query, hits: &mut Vec<Hit>) {
    if !has_known_gram(view, query.text.as_bytes()) {
        return;
    }
    let lower = plain(query.text);
    let mut tried: Vec<u16> = Vec::new();
    for entry in view.keywords.chunks_exact(8) {
        let clause = u16_at(entry, 2);
        let keyword = view.text(usize::try_from(u32_at(entry, 4)).unwrap_or(usize::MAX));
        if tried.contains(&clause) || !lower.contains(keyword) {
            continue;
        }
        tried.push(clause);
        let (rule, code) = view.clause(clause);
        if predicate::holds_for_tool(view, query, code) {
            push(view, rule, query, None, hits);
        }
    }
}

/// True where three letters of the text start some keyword. It runs over every text as a whole.
fn has_known_gram(view: &View, text: &[u8]) -> bool {
    let Some(grams) = view.grams.first_chunk::<512>() else {
        return false;
    };
    let mut hash = 0;
    // The first two letters are no three yet; that they count as some is an error to the careful side.
    text.iter().any(|letter| {
        hash = code::gram(hash, *letter);
        let byte = grams.get(usize::from(hash / 8)).copied();
        byte.unwrap_or_default() & (1 << (hash % 8)) != 0
    })
}

/// Subjects longer than this (characters) are cut.
const SUBJECT_LIMIT: usize = 300;

fn push(
    view: &View,
    rule: u16,
    query: &Query,
    found: Option<(usize, &Invocation)>,
    hits: &mut Vec<Hit>,
) {
    let rule = view.rule(usize::from(rule));
    let subject = found.map_or_else(|| query.text.to_owned(), |(_, it)| it.display());
    hits.push(Hit {
        rule: rule.id.to_owned(),
        pack: rule.pack.to_owned(),
        severity: rule.severity,
        decision: rule.decision,
        status: rule.status,
        why: rule.why.to_owned(),
        instead: rule.instead.to_owned(),
        invocation: found.map(|(index, _)| index),
        span: found.map(|(_, it)| it.span),
        subject: subject.chars().take(SUBJECT_LIMIT).collect(),
        fallback: rule.fallback,
    });
}
