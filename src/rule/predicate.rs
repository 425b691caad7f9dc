//! Owns the meaning of every predicate of the table. Does not own their encoding (`encode`). Invariant:
//! an operation nobody knows fails, and predicates run in the order the compiler gave them.

use super::code::{ACCESS_HEAD, MCP, REDIRECT_HEAD, op};
use super::matcher::Query;
use super::memo::Memo;
use super::mode::{operand_fits, value_fits};
use super::pattern::{glob, name, starts_fit};
use super::raw::text_matches;
use super::said::Said;
use super::subject::{Found, Subject};
use super::table::{View, u16_at, u32_at, u64_at};
use super::{facts, fetch, flow, network, origin, package, printed, ran, variable};
use crate::path::Classes;
use crate::shell::flags::Flag;
use crate::shell::{Arg, Invocation, Redirect, RedirectOp, tells_no_value};

/// The predicates of a payload: operation and payload of each.
pub(super) fn predicates(mut code: &[u8]) -> impl Iterator<Item = (u8, &[u8])> {
    std::iter::from_fn(move || {
        let operation = *code.first()?;
        let len = usize::from(u16_at(code, 1));
        let payload = code.get(3..3 + len)?;
        code = code.get(3 + len..)?;
        Some((operation, payload))
    })
}

/// True where a clause about raw text or another tool holds. Only predicates that need no invocation do.
pub(super) fn holds_for_tool(view: &View, query: &Query, code: &[u8]) -> bool {
    !code.is_empty()
        && predicates(code).all(|(operation, payload)| match operation {
            op::TOOL => view.texts(payload).any(|it| glob(it, query.tool)),
            op::TOOL_OF_SERVER => is_server_tool(view, query, payload),
            op::TEXT => text_matches(view, payload, &[query.text]),
            op::HOST => network::is_asked(query, &view.texts(payload)),
            op::ARG_TEXT => {
                let said = Said::new(query.text);
                view.texts(payload).any(|it| said.holds(it))
            }
            _ => false,
        })
}

/// True where a clause holds for a tool as far as its name and its addresses say.
pub(super) fn may_hold(view: &View, query: &Query, code: &[u8]) -> bool {
    predicates(code).all(|(operation, payload)| match operation {
        op::TOOL => view.texts(payload).any(|it| glob(it, query.tool)),
        op::TOOL_OF_SERVER => is_server_tool(view, query, payload),
        op::HOST => network::is_asked(query, &view.texts(payload)),
        _ => true,
    })
}

fn is_server_tool(view: &View, query: &Query, payload: &[u8]) -> bool {
    query.tool.starts_with(MCP) && view.texts(payload).any(|it| glob(it, query.tool))
}

fn is_input(redirect: &Redirect) -> bool {
    !matches!(redirect.op, RedirectOp::Write | RedirectOp::Append)
}

/// One clause against one invocation.
pub(super) struct Eval<'a, 'q, 'm> {
    view: &'a View<'a>,
    query: &'a Query<'q>,
    subject: &'a Subject<'q>,
    memo: &'a Memo<'m>,
}

impl<'a, 'q, 'm> Eval<'a, 'q, 'm> {
    pub(super) fn new(
        view: &'a View<'a>,
        query: &'a Query<'q>,
        subject: &'a Subject<'q>,
        memo: &'a Memo<'m>,
    ) -> Self {
        Self {
            view,
            query,
            subject,
            memo,
        }
    }

    /// True where every predicate holds.
    pub(super) fn all(&self, code: &[u8]) -> bool {
        self.subject.subcommand_words.set(0);
        self.conjunction(code)
    }

    fn conjunction(&self, code: &[u8]) -> bool {
        predicates(code).all(|(operation, payload)| self.holds(operation, payload))
    }

    pub(super) fn holds(&self, operation: u8, payload: &[u8]) -> bool {
        match operation {
            op::CONTEXT_ANY => facts::contexts(self.invocation()) & u32_at(payload, 0) != 0,
            op::CONTEXT_NONE => self.subject.contexts() & u32_at(payload, 0) == 0,
            op::PROGRAM_UNKNOWN => self.subject.invocation.program_unknown() == is_wanted(payload),
            op::PROGRAM => self.view.names(payload, &self.subject.invocation.program),
            op::SUBCOMMAND => self.subcommand(payload),
            op::ANY_FLAG => self.any(payload, |it| self.has_flag(it)),
            op::ALL_FLAGS => self.view.texts(payload).all(|it| self.has_flag(it)),
            op::NO_FLAG => !self.any(payload, |it| self.has_flag(it)),
            op::ARG => self.any_operand(payload),
            op::NO_ARG => !self.any_operand(payload),
            op::WORD => self.any_word(payload, self.invocation().args()),
            op::LAST => self.any_word(payload, self.invocation().args().last()),
            op::OPERANDS => self.operand_count(payload),
            op::MIN_WORDS => {
                let wanted = payload.first().copied().map_or(0, usize::from);
                self.invocation().args().len() >= wanted
            }
            op::FORKS_ITSELF => {
                let forks = origin::forks_itself(self.query.reading, self.invocation());
                forks == is_wanted(payload)
            }
            op::ARG_TEXT => self.arg_text(payload),
            op::ACCESS => self.access(payload),
            op::REDIRECT => self.redirect(payload),
            op::PIPED_FROM => self.origin(payload, &self.subject.invocation.fed_by),
            op::PIPED_TO => self.piped_to(payload),
            op::GOES_TO => self.goes_to(payload),
            op::FED_BY_SUBSTITUTION => {
                self.origin(payload, &origin::substituted(self.invocation()))
            }
            op::RUNS_OUTPUT_OF => self.runs_output_of(payload),
            op::ENV => self.environment(payload, self.invocation()),
            op::UNDER_ENV => self.environment_in_force(payload),
            op::HOST => network::connects(self.query, self.subject, &self.view.texts(payload)),
            op::TELLS_VALUES => self.tells_values() == is_wanted(payload),
            op::STRANGE_PACKAGE => package::is_strange(self.subject) == is_wanted(payload),
            op::SENDS_FILES => self.sends_files(payload) == is_wanted(payload),
            op::ON_BRANCH => self
                .subject
                .branch()
                .is_some_and(|branch| self.any(payload, |it| glob(it, &branch))),
            op::VARIABLE => self.variable(payload),
            op::TOOL => self.any(payload, |it| glob(it, self.query.tool)),
            op::TOOL_OF_SERVER => is_server_tool(self.view, self.query, payload),
            op::TEXT => self.text(payload),
            op::NOT => !self.negated(payload),
            _ => false,
        }
    }

    fn variable(&self, payload: &[u8]) -> bool {
        let (reading, text) = (self.query.reading, self.query.text);
        let mut names = variable::names(text, reading, self.subject.index, self.invocation());
        names.any(|name| self.any(payload, |it| glob(it, name)))
    }

    /// Raw text is the call's, and what is known of the invocation's own where that was written otherwise.
    fn text(&self, payload: &[u8]) -> bool {
        let mut texts = origin::own_texts(self.invocation());
        texts.insert(0, self.query.text);
        text_matches(self.view, payload, &texts)
    }

    fn invocation(&self) -> &Invocation {
        &self.subject.invocation
    }

    fn any(&self, payload: &[u8], test: impl Fn(&str) -> bool) -> bool {
        self.view.texts(payload).any(test)
    }

    /// A nested conjunction must not disturb how many words the outer subcommand took up.
    fn negated(&self, code: &[u8]) -> bool {
        let words = self.subject.subcommand_words.get();
        let holds = self.conjunction(code);
        self.subject.subcommand_words.set(words);
        holds
    }

    fn subcommand(&self, payload: &[u8]) -> bool {
        let options = self.subject.options();
        let Some(first) = options.operands.first() else {
            return false;
        };
        let found = self.view.texts(payload).find(|alternative| {
            // A tool has dozens of subcommands in its rules, and a call one.
            if !starts_fit(alternative, &first.text) {
                return false;
            }
            let mut operands = options.operands.iter();
            alternative
                .split(' ')
                .all(|word| operands.next().is_some_and(|it| glob(word, &it.text)))
        });
        if let Some(words) = found {
            let count = words.split(' ').count();
            self.subject.subcommand_words.set(count);
        }
        found.is_some()
    }

    fn has_flag(&self, flag: &str) -> bool {
        let options = self.subject.options();
        match flag.split_once('=') {
            Some((flag, pattern)) => {
                let values = options.values_of(&[flag]);
                values.iter().any(|it| value_fits(pattern, &it.text))
            }
            None => options.has(flag),
        }
    }

    fn any_word<'w>(&self, payload: &[u8], words: impl IntoIterator<Item = &'w Arg>) -> bool {
        let mut words = words.into_iter();
        words.any(|word| self.any(payload, |it| glob(it, &word.text)))
    }

    fn tells_values(&self) -> bool {
        !tells_no_value(self.query.reading, self.invocation())
    }

    fn any_operand(&self, payload: &[u8]) -> bool {
        let mut operands = self.subject.operands();
        operands.any(|operand| self.any(payload, |it| operand_fits(it, &operand.text)))
    }

    fn operand_count(&self, payload: &[u8]) -> bool {
        let count = self.subject.operands().count();
        let bound = |at: usize| payload.get(at).copied().map_or(0, usize::from);
        count >= bound(0) && count <= bound(1)
    }

    fn arg_text(&self, payload: &[u8]) -> bool {
        let holds = |text: &str| {
            let said = Said::new(text);
            self.any(payload, |it| said.holds(it))
        };
        let says = |it: &Invocation| {
            let mut texts = origin::own_texts(it).into_iter();
            texts
                .any(|text| holds(text) && (!printed::prints(it) || holds(&printed::without(text))))
        };
        let prints = |it: &Invocation| origin::prints_texts(it) && says(it);
        // A value that is glued to its flag is no argument of its own: `-e'drop table x'`.
        let short = |it: &&Flag| it.arg.text.starts_with('-') && !it.arg.text.starts_with("--");
        let glued = || self.subject.options().flags.iter().filter(short);
        let fed_by = &self.invocation().fed_by;
        says(self.invocation())
            || self.leads(payload, fed_by, prints, origin::add_sources)
            || glued().filter_map(|it| it.value.as_deref()).any(holds)
    }

    fn access(&self, payload: &[u8]) -> bool {
        let kinds = u16_at(payload, 0);
        let (recursive, unknown) = (payload.get(2).copied(), payload.get(3).copied());
        self.subject.accesses().iter().any(|found| {
            let access = &found.access;
            kinds & (1 << access.kind as u16) != 0
                && agrees(recursive, access.recursive)
                && agrees(unknown, self.subject.is_unknown(&access.path))
                && self.place(payload, found)
        })
    }

    /// The part of an access predicate that needs to know where the path is.
    fn place(&self, payload: &[u8], found: &Found) -> bool {
        let wanted = Classes(u64_at(payload, 4));
        let refused = Classes(u64_at(payload, 12));
        let globs = payload.get(ACCESS_HEAD..).unwrap_or_default();
        let count = 4 * usize::from(u16_at(payload, 20));
        let (at, not_at) = globs.split_at_checked(count).unwrap_or_default();
        let tracked = payload.get(22).copied();
        if wanted.0 | refused.0 == 0 && globs.is_empty() && tracked.is_none_or(|it| it > 1) {
            return true;
        }
        let located = self.subject.located(found);
        let named = |globs: &[u8]| {
            if globs.is_empty() {
                return false;
            }
            let other = |it: &&String| **it != located.lexical;
            let real = Some(&located.real).filter(other);
            // What `..` leads to is called by its own name alone.
            let written = Some(&located.written).filter(|it| other(it) && !it.contains(".."));
            let names = [Some(&located.lexical), written, real];
            let fits = |it: &str, name: &String| self.subject.names(it, name);
            self.any(globs, |it| {
                names.iter().flatten().any(|name| fits(it, name))
            })
        };
        (wanted.0 == 0 || located.classes.meets(wanted))
            && !located.classes.meets(refused)
            && (at.is_empty() || named(at))
            && !named(not_at)
            && (tracked.is_none_or(|it| it > 1) || agrees(tracked, self.subject.tracked(located)))
    }

    fn redirect(&self, payload: &[u8]) -> bool {
        let operators = u16_at(payload, 0);
        let wanted = Classes(u64_at(payload, 4));
        let globs = payload.get(REDIRECT_HEAD..).unwrap_or_default();
        let matches = |it: &Redirect| {
            operators & (1 << it.op as u16) != 0
                && (globs.is_empty() || self.any(globs, |glob_| glob(glob_, &it.target.text)))
                && (!globs.is_empty() || wanted.0 != 0 || is_input(it) || origin::takes_output(it))
                && (wanted.0 == 0 || self.subject.locate(&it.target.text).classes.meets(wanted))
        };
        self.invocation().redirects.iter().any(matches)
    }

    /// One of these invocations, or what they have their input from, is one of the programs.
    fn origin(&self, payload: &[u8], from: &[u32]) -> bool {
        let wanted = |it: &Invocation| self.is_named(payload, it) && !facts::names_its_own(it);
        self.leads(payload, from, wanted, origin::add_sources)
    }

    fn piped_to(&self, payload: &[u8]) -> bool {
        let from = &self.invocation().feeds;
        let wanted = |it: &Invocation| self.is_named(payload, it);
        self.leads(payload, from, wanted, |it, next| next.extend(&it.feeds))
    }

    fn sends_files(&self, payload: &[u8]) -> bool {
        network::sends_files(self.query, self.memo, self.subject, payload)
    }

    fn goes_to(&self, payload: &[u8]) -> bool {
        let listed = |called: &str| self.view.names(payload, called);
        let sockets = listed("curl");
        let receives = |it: &Invocation| {
            listed(facts::called(it)) && !facts::is_probe(it) && !network::stays(it)
                || sockets && network::to_socket(it)
        };
        flow::reaches(self.memo, self.subject.index, payload, receives)
    }

    fn is_named(&self, payload: &[u8], invocation: &Invocation) -> bool {
        self.view.names(payload, &invocation.program)
    }

    /// One of these invocations is wanted, or leads to a wanted one.
    fn leads(
        &self,
        payload: &[u8],
        from: &[u32],
        wanted: impl Fn(&Invocation) -> bool,
        step: impl Fn(&Invocation, &mut Vec<u32>),
    ) -> bool {
        let from = from.iter().filter_map(|it| usize::try_from(*it).ok());
        let from: Vec<usize> = from.collect();
        if from.is_empty() {
            return false;
        }
        self.memo.holds(payload, &from, || {
            origin::leading(self.query.reading, wanted, step)
        })
    }

    /// What this runs or sources comes from one of the programs earlier in the text, or was cloned.
    fn runs_output_of(&self, payload: &[u8]) -> bool {
        // A clone is a download by another program.
        let fetches = self.any(payload, |it| it == "curl");
        let wanted = |it: &Invocation| self.is_named(payload, it) || fetches && fetch::brings(it);
        ran::comes_from(self.memo, self.subject, payload, wanted)
    }

    /// A variable that is set for this, for what starts this, or exported before it.
    fn environment_in_force(&self, payload: &[u8]) -> bool {
        let all = &self.query.reading.invocations;
        let at = |it: u32| usize::try_from(it).ok().and_then(|it| all.get(it));
        let starters = std::iter::successors(Some(self.invocation()), |it| it.parent.and_then(at));
        let earlier = all.iter().take(self.subject.index);
        starters
            .chain(earlier.filter(|it| facts::is_exporter(&it.program)))
            .any(|it| self.environment(payload, it))
    }

    fn environment(&self, payload: &[u8], invocation: &Invocation) -> bool {
        let exported = facts::is_exporter(&invocation.program);
        let words = invocation.args().iter().filter(|_| exported);
        let words = words.filter_map(|it| it.text.split_once('='));
        let assigned = invocation
            .assignments
            .iter()
            .map(|it| (it.name.as_str(), it.value.text.as_str()));
        assigned.chain(words).any(|(variable, value)| {
            self.any(payload, |pattern| match pattern.split_once('=') {
                Some((wanted, pattern)) => name(wanted, variable) && glob(pattern, value),
                None => name(pattern, variable),
            })
        })
    }
}

/// True where a fact is asked for, false where its absence is.
fn is_wanted(payload: &[u8]) -> bool {
    payload.first().is_some_and(|it| *it == 1)
}

/// Compares a three-valued wish (0 no, 1 yes, 2 either) with a fact.
fn agrees(wanted: Option<u8>, fact: bool) -> bool {
    wanted.is_none_or(|it| it > 1 || (it == 1) == fact)
}
