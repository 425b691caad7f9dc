//! Owns the judgement of rule files as strict as that of the built-in ones: what is missing, what can never
//! match, what costs too much, alternatives that are stopped themselves, and the samples. Does not own how the
//! complaints are shown (`cmd`). Invariant: every complaint says where it is and what to do.

use std::collections::BTreeSet;

use toml::Spanned;

use super::owasp;
use super::selftest;
use super::source::{self, Clause, LoadError, Rule, Source, Words};
use super::table::Table;
use crate::order::sorted;
use crate::verdict::{Decision, Finding, Severity};
use crate::word::listed;

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lint {
    pub rules: usize,
    pub samples: usize,
    pub problems: Vec<LoadError>,
}

/// A rule's message is at most this long (characters).
pub const MESSAGE_LIMIT: usize = 300;

/// Examines rule files, each a name and its text, beside the rules that are built in.
pub fn lint(files: &[(String, String)]) -> Lint {
    let mut problems = Vec::new();
    let mut sound: Vec<(Source, &str)> = Vec::new();
    for (file, text) in files {
        match source::parse(file, text) {
            Ok(source) => {
                let own = loading(&source);
                for rule in &source.rules {
                    Strict::new(&source, text, rule, &mut problems).all();
                }
                if own.is_empty() {
                    sound.push((source, text));
                }
                problems.extend(own);
            }
            Err(error) => problems.push(error),
        }
    }
    repeated(&sound, &mut problems);
    let (sources, texts): (Vec<Source>, Vec<&str>) = sound.into_iter().unzip();
    let (mut rules, mut samples) = (0, 0);
    match Table::compile(&sources) {
        Ok(table) => {
            let report = selftest::run(&sources, &table, &selftest::fake_host());
            (rules, samples) = (report.rules, report.samples);
            for failure in report.failures {
                let message = format!("`{}` {}", failure.sample, failure.reason);
                let place = placed(&sources, &texts, &failure.rule);
                problems.extend(place.map(|(source, text, rule)| {
                    at(
                        source,
                        text,
                        rule,
                        "hit",
                        &message,
                        "mend the match or the sample",
                    )
                }));
            }
            alternatives(&sources, &texts, &table, &mut problems);
        }
        Err(error) => problems.push(error),
    }
    let by_place = |a: &LoadError, b: &LoadError| {
        (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column))
    };
    let mut problems = sorted(problems, by_place);
    problems.dedup();
    Lint {
        rules,
        samples,
        problems,
    }
}

/// What keeps a file from loading: its own fields, or a match that does not compile.
fn loading(source: &Source) -> Vec<LoadError> {
    let mut problems = source.problems();
    if problems.is_empty() {
        problems.extend(Table::compile(std::slice::from_ref(source)).err());
    }
    problems
}

/// The file, its text and the rule of an id.
fn placed<'s, 't>(
    sources: &'s [Source],
    texts: &[&'t str],
    id: &str,
) -> Option<(&'s Source, &'t str, &'s Spanned<Rule>)> {
    sources.iter().zip(texts).find_map(|(source, text)| {
        let rule = source.rules.iter().find(|it| it.get_ref().id == id)?;
        Some((source, *text, rule))
    })
}

/// A complaint at a key of a rule, or at its head where it lacks the key.
fn at(
    source: &Source,
    text: &str,
    rule: &Spanned<Rule>,
    key: &str,
    message: &str,
    help: &str,
) -> LoadError {
    let mut error = source.error(rule, message, help);
    let block = text.lines().enumerate().skip(error.line);
    let mut block = block.take_while(|(_, line)| !line.trim_start().starts_with("[["));
    let found = block.find_map(|(number, line)| {
        let start = line.len() - line.trim_start().len();
        let rest = line.get(start..)?.strip_prefix(key)?;
        rest.trim_start()
            .starts_with('=')
            .then_some((number + 1, start + 1))
    });
    if let Some((line, column)) = found {
        (error.line, error.column) = (line, column);
    }
    error
}

/// What loading lets pass and a good rule has.
struct Strict<'a> {
    source: &'a Source,
    text: &'a str,
    spanned: &'a Spanned<Rule>,
    rule: &'a Rule,
    problems: &'a mut Vec<LoadError>,
}

impl<'a> Strict<'a> {
    fn new(
        source: &'a Source,
        text: &'a str,
        spanned: &'a Spanned<Rule>,
        problems: &'a mut Vec<LoadError>,
    ) -> Self {
        Self {
            source,
            text,
            spanned,
            rule: spanned.get_ref(),
            problems,
        }
    }

    fn all(&mut self) {
        self.words();
        self.samples();
        self.message();
        let matches = &self.rule.matches;
        if matches.any.0.is_empty() {
            self.clause(&[matches]);
        }
        for alternative in &matches.any.0 {
            self.clause(&[matches, alternative]);
        }
    }

    fn complain(&mut self, key: &str, message: &str, help: &str) {
        let problem = at(self.source, self.text, self.spanned, key, message, help);
        self.problems.push(problem);
    }

    fn words(&mut self) {
        let rule = self.rule;
        if !rule.id.contains('-') {
            let help = "name the thing and what is dangerous about it: `git-reset-hard`";
            self.complain("id", "the id is a single word", help);
        }
        let mut parts = rule.since.split('.');
        let number = |it: Option<&str>| it.is_some_and(|it| it.parse::<u32>().is_ok());
        if !(number(parts.next()) && number(parts.next()) && number(parts.next())) {
            let help = "the version that brought the rule, such as `0.1.0`";
            self.complain("since", "`since` is no version", help);
        }
        if rule.false_positives.iter().all(|it| it.trim().is_empty()) {
            let help = "say where the rule is wrong, and what to do then";
            self.complain("false_positives", "no `false_positives`", help);
        }
        let codes = self.source.owasp(rule);
        let unknown = codes.iter().find(|it| !owasp::is_known(it));
        if let Some(unknown) = unknown {
            let message = format!("`{unknown}` is in none of OWASP's lists");
            self.complain("owasp", &message, "LLM01 to LLM10, ASI01 to ASI10");
        } else if codes.is_empty() {
            let help = "LLM01 to LLM10, ASI01 to ASI10, here or in [pack]";
            self.complain("owasp", "no `owasp`", help);
        }
        if rule.instead.trim().is_empty() {
            let help = "say what to do instead, if only whom to ask";
            self.complain("instead", "no `instead`", help);
        }
    }

    fn samples(&mut self) {
        let mut seen = BTreeSet::new();
        let all = || self.rule.hit.iter().chain(&self.rule.miss);
        let twice = all().find(|it| !seen.insert(it.as_str()));
        let empty = all().any(|it| it.trim().is_empty());
        if let Some(twice) = twice {
            let message = format!("the sample `{twice}` stands there twice");
            self.complain("hit", &message, "give another one");
        }
        if empty {
            self.complain("hit", "an empty sample", "give a whole command");
        }
    }

    fn message(&mut self) {
        let rule = self.rule;
        let finding = Finding {
            rule: rule.id.as_str().to_owned().into(),
            pack: "".into(),
            severity: Severity::parse(&rule.severity).unwrap_or(Severity::High),
            decision: Decision::parse(&rule.decision).unwrap_or_default(),
            why: rule.why.clone().into(),
            instead: rule.instead.clone().into(),
            subject: String::new(),
            real: String::new(),
            span: None,
        };
        if finding.message().chars().count() > MESSAGE_LIMIT {
            let message = "the whole message is longer than 300 characters";
            self.complain("why", message, "shorten id, why or instead");
        }
    }

    /// One conjunction: what can never hold, and what costs too much.
    fn clause(&mut self, parts: &[&Clause]) {
        let all = |list: fn(&Clause) -> &Words| -> Vec<&str> {
            let lists = parts.iter().flat_map(|it| &list(it).0);
            lists.map(String::as_str).collect()
        };
        let within = |some: &[&str], others: &[&str]| {
            !some.is_empty() && some.iter().all(|it| others.contains(it))
        };
        let lists: [(&str, Vec<&str>, Vec<&str>); 5] = [
            ("any_flag", all(|it| &it.any_flag), all(|it| &it.no_flag)),
            ("arg", all(|it| &it.arg), all(|it| &it.no_arg)),
            ("path", all(|it| &it.path), all(|it| &it.not_path)),
            ("at", all(|it| &it.at), all(|it| &it.not_at)),
            (
                "context_any",
                all(|it| &it.context_any),
                all(|it| &it.context_none),
            ),
        ];
        let opposed = lists.iter().find(|(_, some, none)| within(some, none));
        let no_flag = all(|it| &it.no_flag);
        let flag_refused = all(|it| &it.all_flags)
            .iter()
            .any(|it| no_flag.contains(it));
        let least = parts.iter().filter_map(|it| it.min_operands).max();
        let most = parts.iter().filter_map(|it| it.max_operands).min();
        let help = "take one of the two conditions away";
        if let Some((name, ..)) = opposed {
            let message = format!("never matches: `{name}` and its opposite name the same");
            self.complain("match", &message, help);
        } else if flag_refused || least > most && most.is_some() {
            self.complain(
                "match",
                "never matches: two conditions exclude each other",
                help,
            );
        }
        for text in parts.iter().filter_map(|it| it.text.as_ref()) {
            self.raw_text(&text.keywords, &text.regex);
        }
    }

    fn raw_text(&mut self, keywords: &[String], regex: &str) {
        let common = keywords
            .iter()
            .find(|it| listed(COMMON, &it.to_ascii_lowercase()));
        if let Some(keyword) = common {
            let message = format!("the keyword `{keyword}` stands in many ordinary commands");
            let help = "give a longer one: each time it occurs the regex is compiled";
            self.complain("match", &message, help);
        }
        if super::raw::is_costly(regex) {
            let help = "bound the repeats, and put fewer alternatives into one rule";
            self.complain("match", "the regex is costly to compile", help);
        }
        if regex.starts_with(".*") || regex.ends_with(".*") {
            let help = "take it away: the regex is looked for anywhere in the text";
            self.complain("match", "`.*` at an end of the regex does nothing", help);
        }
    }
}

/// Words that say nothing of what a command is about.
const COMMON: &str = "api app auth bash bin cat client com config curl data echo env export file git http https \
    id key main name node npm org pass path php post prod py python run secret set src sudo test the token \
    tmp url user var www";

/// Two rules with one match: the later one says nothing new.
fn repeated(sound: &[(Source, &str)], problems: &mut Vec<LoadError>) {
    let all = || {
        sound.iter().flat_map(|(source, text)| {
            let rules = source.rules.iter();
            rules.map(move |rule| (source, *text, rule))
        })
    };
    for (number, (source, text, rule)) in all().enumerate() {
        let same = |it: &Source, other: &Rule| {
            it.pack.guard == source.pack.guard && other.matches == rule.get_ref().matches
        };
        let earlier = all().take(number);
        let mut earlier = earlier.map(|(it, _, other)| (it, other.get_ref()));
        if let Some((_, other)) = earlier.find(|(it, other)| same(it, other)) {
            let message = format!("matches exactly what `{}` does", other.id);
            let help = "take one of the two away";
            problems.push(at(source, text, rule, "match", &message, help));
        }
    }
}

/// Complains about every `instead` that names a command which these rules or the built-in ones stop.
fn alternatives(sources: &[Source], texts: &[&str], table: &Table, problems: &mut Vec<LoadError>) {
    let (host, places) = (selftest::fake_host(), selftest::places());
    let tables = [table, &Table::builtin()];
    let knows = |word: &str| tables.iter().any(|it| it.names(word));
    for (source, text) in sources.iter().zip(texts) {
        for rule in &source.rules {
            for command in commands(&rule.get_ref().instead, &knows) {
                let check = |it: &&Table| selftest::check(it, &host, &places, "bash", &command);
                let mut hits = tables.iter().flat_map(check);
                let stop = hits.find(|it| it.decision >= Decision::Ask);
                if let Some(stop) = stop {
                    let message = format!("`{command}` is itself stopped by {}", stop.rule);
                    let help = "offer something that passes";
                    problems.push(at(source, text, rule, "instead", &message, help));
                    break;
                }
            }
        }
    }
}

/// The commands a sentence names: from each word that is a program up to the next punctuation, or to a word
/// that goes on with the sentence. A single word is none.
pub fn commands(sentence: &str, knows: &impl Fn(&str) -> bool) -> Vec<String> {
    let mut commands = Vec::new();
    let plain = |it: &str| it.trim_matches(['(', ')', ',', ';', ':', '`']).to_owned();
    let words: Vec<&str> = sentence.trim_end_matches('.').split_whitespace().collect();
    let mut end = 0;
    for (start, word) in words.iter().enumerate() {
        let prose = |it: &str| listed(PROSE, it);
        // What stands inside another command is its argument.
        if start < end || prose(word) || !knows(&plain(word)) {
            continue;
        }
        let mut command = plain(word);
        let mut last = *word;
        for word in words.iter().skip(start + 1) {
            if prose(word) || last.ends_with([',', ';', ':', ')', '`']) {
                break;
            }
            command.push(' ');
            // `<file>` is a name to be filled in.
            command.push_str(&plain(word).replace(['<', '>'], ""));
            last = word;
        }
        end = start + command.split(' ').count();
        if command.contains(' ') {
            commands.push(command);
        }
    }
    commands
}

/// Words with which a sentence goes on behind a command.
const PROSE: &str = "a alone and are as at before by do does first for from goes has if in is it its keeps lists \
    of on one only or prints removes saves says shows tells that the then they this to what when where which \
    while with without";

#[cfg(test)]
mod tests;
