//! Owns what a rule file says: the types of its TOML form and the checks that need no other file. Does
//! not own the compiled form (`compile`). Shared with the build script, therefore free of any other
//! module but `words`. Invariant: a rule without samples, or with a word nobody knows, does not load.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, SeqAccess, Visitor};
use toml::Spanned;

use super::words;

/// One pack: a file of rules switched as a unit.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    pub pack: Pack,
    #[serde(default, rename = "rule")]
    pub rules: Vec<Spanned<Rule>>,
    /// The file, for messages.
    #[serde(skip)]
    pub file: String,
    /// Byte offsets at which the lines of the file start.
    #[serde(skip)]
    lines: Vec<usize>,
}

/// The head of a pack.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    pub id: String,
    /// What the rules look at: `bash` (shell text) or `tools` (calls of other tools).
    pub guard: String,
    pub title: String,
    /// What no rule of the pack is about: calls for help, dry runs.
    #[serde(default)]
    pub not: Clauses,
    /// For rules that name no entry of the same list.
    #[serde(default)]
    pub owasp: Vec<String>,
}

/// One rule, whole. `rules/README.md` explains every field.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub id: String,
    pub title: String,
    pub severity: String,
    pub decision: String,
    #[serde(default = "stable")]
    pub status: String,
    /// Says nothing where another rule that names the program says as much or more of the same call.
    #[serde(default)]
    pub fallback: bool,
    pub since: String,
    pub why: String,
    #[serde(default)]
    pub instead: String,
    #[serde(default)]
    pub false_positives: Vec<String>,
    #[serde(default)]
    pub references: Vec<String>,
    #[serde(default)]
    pub owasp: Vec<String>,
    #[serde(rename = "match")]
    pub matches: Clause,
    pub hit: Vec<String>,
    pub miss: Vec<String>,
}

fn stable() -> String {
    "stable".to_owned()
}

/// A conjunction: everything that is given must hold. Lists are alternatives unless the name says `all`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Clause {
    pub program: Words,
    pub program_unknown: Option<bool>,
    pub forks_itself: Option<bool>,
    pub subcommand: Words,
    pub any_flag: Words,
    pub all_flags: Words,
    pub no_flag: Words,
    pub arg: Words,
    pub no_arg: Words,
    pub word: Words,
    pub last: Words,
    pub min_operands: Option<u8>,
    pub max_operands: Option<u8>,
    pub min_words: Option<u8>,
    pub arg_text: Words,
    pub access: Words,
    pub recursive: Option<bool>,
    pub path: Words,
    pub not_path: Words,
    pub unknown_path: Option<bool>,
    pub tracked: Option<bool>,
    pub at: Words,
    pub not_at: Words,
    pub redirect: Option<Redirect>,
    pub piped_from: Words,
    pub piped_to: Words,
    pub goes_to: Words,
    pub fed_by_substitution: Words,
    pub runs_output_of: Words,
    pub env: Words,
    pub under_env: Words,
    pub host: Words,
    pub sends_files: Option<bool>,
    pub strange_package: Option<bool>,
    pub tells_values: Option<bool>,
    pub context_any: Words,
    pub context_none: Words,
    pub tool: Words,
    pub on_branch: Words,
    pub variable: Words,
    pub text: Option<Text>,
    pub not: Clauses,
    pub any: Clauses,
}

/// A redirect of the invocation.
#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields, default)]
pub struct Redirect {
    pub op: Words,
    pub path: Words,
    pub at: Words,
}

/// Raw text, the last resort.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// At least one must occur (ignoring case) before the regex is compiled; three letters or more.
    pub keywords: Vec<String>,
    #[serde(default)]
    pub regex: String,
    /// Why structure is not at hand.
    pub reason: String,
}

/// One word or a list of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(pub Vec<String>);

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Words;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a string or a list of strings")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Words, E> {
                Ok(Words(vec![text.to_owned()]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Words, A::Error> {
                let mut words = Vec::new();
                while let Some(word) = items.next_element()? {
                    words.push(word);
                }
                Ok(Words(words))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// One nested conjunction or a list of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clauses(pub Vec<Clause>);

impl<'de> Deserialize<'de> for Clauses {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Clauses;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a table or a list of tables")
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Clauses, A::Error> {
                let clause = Clause::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(Clauses(vec![clause]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Clauses, A::Error> {
                let mut clauses = Vec::new();
                while let Some(clause) = items.next_element()? {
                    clauses.push(clause);
                }
                Ok(Clauses(clauses))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// Why a rule file does not load: where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadError {
    pub file: String,
    /// Counted from 1; 0 where the whole file is meant.
    pub line: usize,
    pub column: usize,
    pub message: String,
    pub help: String,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": {}", self.message)?;
        if !self.help.is_empty() {
            write!(f, "\n  help: {}", self.help)?;
        }
        Ok(())
    }
}

impl std::error::Error for LoadError {}

/// Parses and checks one rule file.
pub fn load(file: &str, text: &str) -> Result<Source, LoadError> {
    let source = parse(file, text)?;
    match source.problems().into_iter().next() {
        Some(problem) => Err(problem),
        None => Ok(source),
    }
}

/// Parses a rule file whose fields may hold what [`Source::problems`] complains about.
pub(super) fn parse(file: &str, text: &str) -> Result<Source, LoadError> {
    let lines = std::iter::once(0)
        .chain(text.match_indices('\n').map(|(at, _)| at + 1))
        .collect();
    let mut source: Source = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |it| it.start);
        let before = text.get(..at).unwrap_or_default();
        LoadError {
            file: file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before.chars().rev().take_while(|it| *it != '\n').count() + 1,
            message: error.message().replace('\n', " "),
            help: "rules/README.md explains every field, rules/SAMPLE.toml shows them".to_owned(),
        }
    })?;
    file.clone_into(&mut source.file);
    source.lines = lines;
    Ok(source)
}

impl Source {
    /// An error at a rule of this file.
    pub fn error(&self, rule: &Spanned<Rule>, message: &str, help: &str) -> LoadError {
        let at = rule.span().start;
        let line = self.lines.partition_point(|it| *it <= at);
        let start = line.checked_sub(1).and_then(|it| self.lines.get(it));
        LoadError {
            file: self.file.clone(),
            line,
            column: at - start.copied().unwrap_or(at) + 1,
            message: format!("rule `{}`: {message}", rule.get_ref().id),
            help: help.to_owned(),
        }
    }

    /// The entries of OWASP's lists for a rule of this file: its own, and the pack's from a list of which it
    /// names none.
    pub fn owasp<'s>(&'s self, rule: &'s Rule) -> Vec<&'s str> {
        let list = |code: &str| code.bytes().next();
        let own = || rule.owasp.iter().map(String::as_str);
        let named = |code: &str| own().any(|it| list(it) == list(code));
        let shared = self.pack.owasp.iter().map(String::as_str);
        own().chain(shared.filter(|it| !named(it))).collect()
    }

    /// Everything that keeps the file from loading.
    pub fn problems(&self) -> Vec<LoadError> {
        let mut problems = Vec::new();
        let mut whole = |message: &str, help: &str| {
            problems.push(LoadError {
                file: self.file.clone(),
                line: 0,
                column: 0,
                message: message.to_owned(),
                help: help.to_owned(),
            });
        };
        if !is_id(&self.pack.id) {
            whole("the pack's id is not kebab-case", ID_HELP);
        }
        if !matches!(self.pack.guard.as_str(), "bash" | "tools") {
            whole("unknown guard", "use `bash` or `tools`");
        }
        for rule in &self.rules {
            let own = rule.get_ref().problems().into_iter();
            problems.extend(own.map(|(message, help)| self.error(rule, message, help)));
        }
        problems
    }
}

const ID_HELP: &str = "lower-case words joined by `-`, such as `git-reset-hard`";

fn is_id(id: &str) -> bool {
    !id.is_empty()
        && id.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|it| it.is_ascii_lowercase() || it.is_ascii_digit())
        })
}

/// `why` and `instead` are at most this long: they cost the agent context.
const MESSAGE_LIMIT: usize = 140;

impl Rule {
    /// What keeps it from loading, and what to do.
    fn problems(&self) -> Vec<(&'static str, &'static str)> {
        let long = |it: &str| it.chars().count() > MESSAGE_LIMIT;
        let unfinished = |it: &str| !it.is_empty() && !it.ends_with('.');
        let unknown = |words, word: &str| words::position(words, word).is_none();
        let checks = [
            (!is_id(&self.id), "the id is not kebab-case", ID_HELP),
            (
                unknown(words::SEVERITIES, &self.severity),
                "unknown severity",
                "low, medium, high or critical",
            ),
            (
                !matches!(self.decision.as_str(), "warn" | "ask" | "deny"),
                "unknown decision",
                "warn, ask or deny",
            ),
            (
                unknown(words::STATUSES, &self.status),
                "unknown status",
                "experimental, stable or deprecated",
            ),
            (
                self.why.is_empty() || self.title.is_empty() || self.since.is_empty(),
                "title, why or since is empty",
                "say it in one sentence",
            ),
            (
                long(&self.why) || long(&self.instead),
                "why or instead is too long",
                "at most 140 characters each",
            ),
            (
                unfinished(&self.why) || unfinished(&self.instead),
                "why or instead does not end",
                "write a sentence, with a full stop",
            ),
            (
                self.hit.len() < 2 || self.miss.len() < 2,
                "too few samples",
                "give at least two `hit` and two `miss`, one of them a near miss",
            ),
        ];
        let failed = checks.into_iter().filter(|it| it.0);
        failed.map(|(_, message, help)| (message, help)).collect()
    }
}
