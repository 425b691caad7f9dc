//! Owns which way a script goes at its tests: `[ … ]`, `[[ … ]]`, `case` and loops over its arguments, as
//! far as their words are known. Does not own the walk. Invariant: a test is decided only where the shell
//! would decide it so for every value that is possible here.

use crate::shell::ast::{AndOr, Command, Compound, List, Pipeline, Word};
use crate::shell::invocation::{Arg, ArgFlags, Context, Span};

use super::Walker;
use super::expand::fits;

impl Walker<'_> {
    /// True inside a script.
    pub(super) fn in_script(&self) -> bool {
        !self.running.is_empty()
    }

    /// What in a script depends on something unknown is noted as such.
    pub(super) fn branch(&self) -> u32 {
        if self.in_script() { Context::BRANCH } else { 0 }
    }

    /// How many parameters a script has.
    pub(super) fn count(&self) -> Option<Arg> {
        let known = self.state.positional.as_ref()?;
        let all = known.iter().all(Arg::is_known);
        all.then(|| Arg::literal(known.len().to_string(), Span::default()))
    }

    /// What the list that was walked last yields, where it is one test of known words.
    pub(super) fn truth(&self, list: &List) -> Option<bool> {
        match list.items.as_slice() {
            [AndOr { first, rest, .. }] if rest.is_empty() => self.truth_of(first),
            _ => None,
        }
    }

    /// The same of a pipeline.
    pub(super) fn truth_of(&self, pipeline: &Pipeline) -> Option<bool> {
        let [stage] = pipeline.stages.as_slice() else {
            return None;
        };
        let found = match stage {
            Command::Simple(simple) => {
                let last = self.reading.invocations.last()?;
                match (last.span == simple.span, last.program.as_str()) {
                    (true, "[") => {
                        let (closing, words) = last.args().split_last()?;
                        (closing.text == "]").then(|| decide(words, false))?
                    }
                    (true, "test") => decide(last.args(), false),
                    (true, "getopts") => self.has_no_options().then_some(false),
                    _ => None,
                }
            }
            Command::Compound {
                kind: Compound::Test(_),
                ..
            } => decide(&self.tested, true),
            _ => None,
        };
        found.map(|it| it != pipeline.negated)
    }

    /// True where the first parameter is known to be no flag.
    fn has_no_options(&self) -> bool {
        let first = self.state.positional.as_deref().map(|it| it.first());
        first.is_some_and(|it| it.is_none_or(|it| it.is_known() && !it.text.starts_with('-')))
    }

    /// Whether a `case` takes the arm with this pattern; nothing where that is not known.
    pub(super) fn fits(&mut self, subject: &Arg, pattern: &Word) -> Option<bool> {
        let known = subject.is_known();
        let found = self.join_word(pattern);
        if !found.flags.has(ArgFlags::GLOB) {
            return (known && found.is_known()).then(|| subject.text == found.text);
        }
        if found.text == "*" {
            return Some(true);
        }
        if !known || found.flags.has(ArgFlags::UNKNOWN) {
            return None;
        }
        fits(&found.text, &subject.text)
    }
}

/// What a test says of its words.
fn decide(words: &[Arg], double: bool) -> Option<bool> {
    if let Some((_, rest)) = words.split_first().filter(|it| it.0.text == "!") {
        return decide(rest, double).map(|it| !it);
    }
    let known = words
        .iter()
        .all(|it| it.is_known() || double && is_text(it));
    if !known {
        return None;
    }
    match words {
        [] => Some(false),
        [one] => Some(!one.text.is_empty()),
        [test, word] => match test.text.as_str() {
            "-z" => Some(word.text.is_empty()),
            "-n" => Some(!word.text.is_empty()),
            _ => None,
        },
        [left, test, right] => compare(left, &test.text, right),
        _ => None,
    }
}

/// A glob stands in the word and no part of it is unknown.
fn is_text(word: &Arg) -> bool {
    !word.flags.has(ArgFlags::UNKNOWN | ArgFlags::MANY)
}

fn compare(left: &Arg, test: &str, right: &Arg) -> Option<bool> {
    let number = |it: &Arg| it.text.trim().parse::<i64>().ok();
    let ordered = || Some(number(left)?.cmp(&number(right)?));
    Some(match test {
        "=" | "==" | "!=" if right.flags.has(ArgFlags::GLOB) => {
            fits(&right.text, &left.text)? == (test != "!=")
        }
        "=" | "==" => left.text == right.text,
        "!=" => left.text != right.text,
        "-eq" => ordered()?.is_eq(),
        "-ne" => ordered()?.is_ne(),
        "-lt" => ordered()?.is_lt(),
        "-le" => ordered()?.is_le(),
        "-gt" => ordered()?.is_gt(),
        "-ge" => ordered()?.is_ge(),
        _ => return None,
    })
}
