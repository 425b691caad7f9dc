//! Owns which rules a command came near to, and by which one condition it missed them: what a person wants
//! to know when they ask why nothing, or something else, was said. Does not own the conditions (`predicate`).
//! Invariant: off the path of a hook; what it says of a condition is what matching found.

use super::code::{ACCESS_HEAD, op};
use super::inquiry;
use super::matcher::Query;
use super::memo::Memo;
use super::predicate::{Eval, predicates};
use super::subject::Subject;
use super::table::{Table, View, u16_at, u32_at, u64_at};
use super::words;
use crate::order::sorted;
use crate::verdict::{Decision, Severity};

/// A rule that did not match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Near {
    pub rule: String,
    pub severity: Severity,
    pub decision: Decision,
    /// Index into the reading's invocations.
    pub invocation: usize,
    /// How the invocation would have to be different: `would match with --force`.
    pub condition: String,
}

/// As many are named for one invocation.
const LIMIT: usize = 4;

impl Table {
    /// For each invocation the rules that all but one condition hold of, the nearest first.
    pub fn near(&self, query: &Query) -> Vec<Near> {
        let view = self.view();
        let memo = Memo::new(query);
        let hits = self.check(query);
        let mut all = Vec::new();
        for (index, invocation) in query.reading.invocations.iter().enumerate() {
            let subject = Subject::new(query, index, invocation);
            let eval = Eval::new(&view, query, &subject, &memo);
            let named = view.candidates(&subject.invocation.program);
            let named = named.map(|clause| (clause, true));
            let mut found: Vec<(usize, Near)> = Vec::new();
            for (clause, by_name) in named.chain(view.general().map(|it| (it, false))) {
                let (rule, code) = view.clause(clause);
                let rule = view.rule(usize::from(rule));
                let is_hit = hits
                    .iter()
                    .any(|it| it.rule == rule.id && it.invocation == Some(index));
                if is_hit || found.iter().any(|(_, it)| it.rule == rule.id) {
                    continue;
                }
                let Some((held, condition)) = miss(&view, &eval, &subject, code, by_name) else {
                    continue;
                };
                let near = Near {
                    rule: rule.id.to_owned(),
                    severity: rule.severity,
                    decision: rule.decision,
                    invocation: index,
                    condition,
                };
                found.push((held, near));
            }
            let rank = |(held, it): &(usize, Near)| (*held, it.decision, it.severity);
            let found = sorted(found, |a, b| rank(b).cmp(&rank(a)));
            all.extend(found.into_iter().take(LIMIT).map(|it| it.1));
        }
        all
    }
}

/// Conditions that hold of nearly everything.
const REFUSALS: [u8; 4] = [op::NOT, op::NO_FLAG, op::NO_ARG, op::CONTEXT_NONE];

/// How many conditions of a clause held, and the one that did not.
fn miss(
    view: &View,
    eval: &Eval,
    subject: &Subject,
    code: &[u8],
    by_name: bool,
) -> Option<(usize, String)> {
    subject.subcommand_words.set(0);
    let (mut held, mut failed, mut placed) = (0, None, false);
    for (operation, payload) in predicates(code) {
        if eval.holds(operation, payload) {
            held += usize::from(!REFUSALS.contains(&operation));
            placed |= operation == op::ACCESS;
        } else if failed.replace((operation, payload)).is_some() {
            return None;
        }
    }
    let Some((operation, payload)) = failed else {
        let asks = inquiry::only_asks(&subject.invocation, subject.options());
        let why = if asks {
            "would match if it did not only ask"
        } else {
            "left to a rule that says as much"
        };
        return Some((held, why.to_owned()));
    };
    let telling = matches!(
        operation,
        op::ANY_FLAG | op::ALL_FLAGS | op::NO_FLAG | op::NOT
    );
    let condition = match operation {
        op::ACCESS => relaxed(view, eval, payload)?,
        _ if by_name && held == 0 && !telling || !by_name && !placed => return None,
        _ => condition(view, eval, operation, payload)?,
    };
    Some((held, format!("would match {condition}")))
}

/// The one part of an access that did not hold.
fn relaxed(view: &View, eval: &Eval, payload: &[u8]) -> Option<String> {
    let holds = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut changed = payload.to_vec();
        change(&mut changed);
        eval.holds(op::ACCESS, &changed)
    };
    let put = |at: usize, value: u8| {
        move |it: &mut Vec<u8>| it.iter_mut().skip(at).take(1).for_each(|it| *it = value)
    };
    let globs = ACCESS_HEAD + 4 * usize::from(u16_at(payload, 20));
    if payload.get(2) == Some(&1) && holds(&put(2, 2)) {
        return Some("if it went through the whole tree, as with -r".to_owned());
    }
    if payload.get(2) == Some(&0) && holds(&put(2, 2)) {
        return Some("for a single entry".to_owned());
    }
    if payload.get(22) == Some(&1) && holds(&put(22, 2)) {
        return Some("if git tracked what is there".to_owned());
    }
    // Of the classes that a place must not have, those that this one has.
    let but = |classes: u64| {
        move |it: &mut Vec<u8>| {
            let bytes = it.iter_mut().skip(12).zip(classes.to_le_bytes());
            bytes.for_each(|(it, byte)| *it = byte);
        }
    };
    if u64_at(payload, 12) != 0 && holds(&but(0)) {
        let words = words::CLASSES.split_ascii_whitespace().enumerate();
        let refused = words.filter(|(at, _)| u64_at(payload, 12) >> at & 1 == 1);
        let present = refused.filter(|(at, _)| !holds(&but(1 << at)));
        let present = present.map(|(_, word)| word.to_owned()).collect();
        return Some(format!("if the place were not {}", list(present)));
    }
    if payload.len() > globs && holds(&|it| it.truncate(globs)) {
        let names = view.texts(payload.get(globs..)?).map(str::to_owned);
        return Some(format!("if the place were not {}", list(names.collect())));
    }
    None
}

/// What a condition over strings asks for.
const WORDINGS: [(u8, &str); 15] = [
    (op::ANY_FLAG, "with"),
    (op::ALL_FLAGS, "with"),
    (op::NO_FLAG, "without"),
    (op::ARG, "with an operand like"),
    (op::NO_ARG, "without an operand like"),
    (op::WORD, "with an argument like"),
    (op::LAST, "with the last argument"),
    (op::ARG_TEXT, "with the text"),
    (op::ENV, "with the variable"),
    (op::UNDER_ENV, "with the variable"),
    (op::HOST, "for a host like"),
    (op::ON_BRANCH, "on the branch"),
    (op::PIPED_FROM, "fed by"),
    (op::PIPED_TO, "piped into"),
    (op::GOES_TO, "with its output given to"),
];

/// What would have to be different; `None` where the condition is what the rule is all about.
fn condition(view: &View, eval: &Eval, operation: u8, payload: &[u8]) -> Option<String> {
    let contexts = |bits: u32| {
        let words = words::CONTEXTS.split_ascii_whitespace().enumerate();
        let set = words.filter(|(position, _)| bits >> position & 1 == 1);
        list(set.map(|(_, word)| word.to_owned()).collect())
    };
    Some(match operation {
        op::NOT => return Some(exception(view, eval, payload)),
        op::CONTEXT_ANY => format!("in the context {}", contexts(u32_at(payload, 0))),
        op::CONTEXT_NONE => format!("outside of the context {}", contexts(u32_at(payload, 0))),
        op::MIN_WORDS => format!("with {} arguments or more", payload.first()?),
        op::OPERANDS => {
            let (least, most) = (payload.first()?, payload.get(1)?);
            match *most {
                u8::MAX => format!("with {least} operands or more"),
                _ => format!("with {least} to {most} operands"),
            }
        }
        op::SENDS_FILES => "if it sent files".to_owned(),
        op::STRANGE_PACKAGE => "for a package that nobody knows".to_owned(),
        op::REDIRECT => "with another redirect".to_owned(),
        _ => {
            let (_, wording) = WORDINGS.iter().find(|it| it.0 == operation)?;
            // Of flags only those that make the difference.
            let has = |it: &&[u8]| eval.holds(op::ANY_FLAG, it);
            let texts = payload.chunks_exact(4).filter(|it| match operation {
                op::ALL_FLAGS => !has(it),
                op::NO_FLAG => has(it),
                _ => true,
            });
            let texts = texts.flat_map(|it| view.texts(it)).map(str::to_owned);
            format!("{wording} {}", list(texts.collect()))
        }
    })
}

/// What an exception says that held.
fn exception(view: &View, eval: &Eval, payload: &[u8]) -> String {
    let mut parts = predicates(payload);
    let opposite = match (parts.next(), parts.next()) {
        (Some((op::ANY_FLAG, it)), None) => condition(view, eval, op::NO_FLAG, it),
        (Some((op::ARG, it)), None) => condition(view, eval, op::NO_ARG, it),
        (Some((op::CONTEXT_ANY, it)), None) => condition(view, eval, op::CONTEXT_NONE, it),
        (Some((op::PROGRAM, _)), None) => Some("by another program".to_owned()),
        _ => None,
    };
    opposite.unwrap_or_else(|| "but for an exception of the rule".to_owned())
}

/// At most this many of a list are named.
const NAMED: usize = 5;

fn list(mut words: Vec<String>) -> String {
    let more = words.len() > NAMED;
    words.truncate(NAMED);
    let mut text = words.join(" or ");
    if more {
        text.push_str(" …");
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::path::Locator;
    use crate::rule::{Query, Table, selftest};
    use crate::shell;
    use crate::shell::access::Accesses;

    fn near(command: &str) -> Vec<String> {
        let reading = shell::read(command, &selftest::AROUND);
        let (host, places) = (selftest::fake_host(), selftest::places());
        let near = Table::builtin().near(&Query {
            tool: "Bash",
            text: command,
            urls: &[],
            reading: &reading,
            accesses: &Accesses::new(&reading),
            locator: &Locator::new(&host, &places),
        });
        let line = |it: super::Near| format!("{} {}", it.rule, it.condition);
        near.into_iter().map(line).collect()
    }

    #[track_caller]
    fn check(command: &str, wanted: &str) {
        let near = near(command);
        assert!(near.iter().any(|it| it == wanted), "{command}: {near:#?}");
    }

    #[test]
    fn one_condition_that_failed_is_named() {
        check(
            "git reset HEAD~1",
            "git-reset-hard would match with --hard or --merge or --keep",
        );
        check("git clean -nfd", "git-clean-force would match without -n");
        check(
            "rm /etc",
            "fs-delete-system would match if it went through the whole tree, as with -r",
        );
        check(
            "rm -rf src/new",
            "fs-delete-tracked would match if git tracked what is there",
        );
    }

    #[test]
    fn call_that_only_asks_is_said_to() {
        check(
            "git reset --hard --help",
            "git-reset-hard would match if it did not only ask",
        );
    }

    #[test]
    fn what_matches_and_what_is_far_off_is_not_near() {
        assert!(near("ls -la").is_empty());
        let near = near("git reset --hard");
        assert!(
            !near.iter().any(|it| it.starts_with("git-reset-hard")),
            "{near:?}"
        );
        assert!(near.len() <= super::LIMIT, "{near:?}");
    }
}
