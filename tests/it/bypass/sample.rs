//! Owns the samples of the rules as texts to be disguised: what they come to as they are written, and their
//! shape as far as a disguise needs it. Does not own the disguises. Invariant: a shape is only stated where
//! it is certain, so that a disguise keeps the meaning.

use hookbin::guard::{self, Cx};
use hookbin::host::fake::FakeHost;
use hookbin::path::Places;
use hookbin::policy::Policy;
use hookbin::rule::{Clause, Rule, Table, catalog, selftest};
use hookbin::session::Session;
use hookbin::shell;
use hookbin::verdict::{self, Decision};
use serde_json::json;

/// The tool whose text it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    Bash,
    PowerShell,
}

/// One sample of a rule.
pub(super) struct Sample {
    pub(super) rule: String,
    pub(super) pack: String,
    pub(super) tool: Tool,
    pub(super) text: String,
    /// What the whole guard says of it undisguised.
    pub(super) decision: Decision,
    /// Its words where it is one simple command.
    pub(super) words: Option<Vec<Word>>,
    /// It is only about what is shown: a value that is kept is no matter of it.
    pub(super) is_about_printing: bool,
    /// It holds on other machines and in containers too.
    pub(super) everywhere: bool,
}

/// A word of a simple command.
#[derive(Clone)]
pub(super) struct Word {
    pub(super) raw: String,
    /// What it stands for; `None` where the shell would expand it.
    pub(super) value: Option<String>,
}

impl Sample {
    fn new(judge: &Judge, rule: &Rule, pack: &str, text: &str) -> Self {
        let (tool, text) = match text.strip_prefix(selftest::POWERSHELL) {
            Some(text) => (Tool::PowerShell, text),
            None => (Tool::Bash, text),
        };
        let decision = judge.decision(tool, text);
        Self {
            rule: rule.id.clone(),
            pack: pack.to_owned(),
            tool,
            text: text.to_owned(),
            decision,
            words: words(text),
            is_about_printing: is_about_printing(&rule.matches),
            everywhere: judge.decision(tool, text) == Decision::Deny
                && rule.severity == "critical"
                && is_everywhere(rule),
        }
    }

    /// The same sample written differently.
    pub(super) fn with(&self, tool: Tool, text: String) -> Self {
        Self {
            rule: self.rule.clone(),
            pack: self.pack.clone(),
            tool,
            words: words(&text),
            text,
            decision: self.decision,
            is_about_printing: self.is_about_printing,
            everywhere: self.everywhere,
        }
    }

    /// The first word where it is plainly a program or builtin, and what follows it.
    pub(super) fn head(&self) -> Option<(&str, &str)> {
        let end = self.text.find([' ', '\n']).unwrap_or(self.text.len());
        let (head, rest) = self.text.split_at(end);
        let plain = |it: u8| it.is_ascii_alphanumeric() || b"_.-+".contains(&it);
        (!head.is_empty() && head.bytes().all(plain) && !KEYWORDS.contains(&head))
            .then_some((head, rest))
    }

    /// The same where it is a program of its own, which other programs can start.
    pub(super) fn program(&self) -> Option<(&str, &str)> {
        self.head().filter(|(head, _)| !BUILTINS.contains(head))
    }

    /// The words of a simple command that starts a program of its own.
    pub(super) fn argv(&self) -> Option<&[Word]> {
        self.program()?;
        self.words.as_deref()
    }
}

/// A rule about one machine's paths, branch or session says nothing of another machine.
fn is_everywhere(rule: &Rule) -> bool {
    fn local(it: &Clause) -> bool {
        !it.context_none.0.is_empty()
            || !it.path.0.is_empty()
            || !it.at.0.is_empty()
            || !it.on_branch.0.is_empty()
            || it.any.0.iter().any(local)
    }
    !local(&rule.matches)
}

/// A rule that passes over substitutions is about what is shown.
fn is_about_printing(clause: &Clause) -> bool {
    let none = &clause.context_none.0;
    none.iter().any(|it| it == "substitution") || clause.any.0.iter().any(is_about_printing)
}

const KEYWORDS: [&str; 17] = [
    "if", "while", "until", "for", "case", "select", "function", "time", "coproc", "then", "do",
    "else", "fi", "done", "esac", "in", "!",
];

const BUILTINS: [&str; 46] = [
    ".",
    ":",
    "[",
    "alias",
    "bg",
    "bind",
    "builtin",
    "cd",
    "command",
    "compgen",
    "complete",
    "declare",
    "dirs",
    "disown",
    "enable",
    "eval",
    "exec",
    "exit",
    "export",
    "fc",
    "fg",
    "getopts",
    "hash",
    "history",
    "jobs",
    "let",
    "local",
    "mapfile",
    "popd",
    "pushd",
    "read",
    "readarray",
    "readonly",
    "return",
    "set",
    "shift",
    "shopt",
    "source",
    "suspend",
    "trap",
    "type",
    "typeset",
    "ulimit",
    "umask",
    "unalias",
    "unset",
];

/// The words of a text that is one simple command without redirects, assignments or expansions in quotes.
fn words(text: &str) -> Option<Vec<Word>> {
    let mut words: Vec<Word> = Vec::new();
    let (mut raw, mut value, mut plain) = (String::new(), String::new(), true);
    let mut letters = text.chars().chain([' ']);
    while let Some(letter) = letters.next() {
        match letter {
            ' ' => {
                if !raw.is_empty() {
                    let value = Some(std::mem::take(&mut value)).filter(|_| plain);
                    words.push(Word {
                        raw: std::mem::take(&mut raw),
                        value,
                    });
                }
                value.clear();
                plain = true;
                continue;
            }
            '\'' | '"' => {
                raw.push(letter);
                loop {
                    let inner = letters.next()?;
                    raw.push(inner);
                    match inner {
                        _ if inner == letter => break,
                        '$' | '`' | '\\' | '!' if letter == '"' => return None,
                        _ => value.push(inner),
                    }
                }
                continue;
            }
            '|' | '&' | ';' | '<' | '>' | '(' | ')' | '$' | '`' | '#' | '\n' | '\\' | '!' => {
                return None;
            }
            '*' | '?' | '[' | ']' | '{' | '}' | '~' => plain = false,
            _ => value.push(letter),
        }
        raw.push(letter);
    }
    let first = words.first()?.value.as_ref()?;
    (!first.contains('=') && !KEYWORDS.contains(&first.as_str())).then_some(words)
}

/// What judges a text: every guard with the built-in rules, on the machine of the samples.
pub(super) struct Judge {
    host: FakeHost,
    places: Places,
    policy: Policy,
    session: Session,
}

impl Judge {
    pub(super) fn new() -> Self {
        let mut policy = Policy::default();
        policy.tables.push(Table::builtin());
        Self {
            host: selftest::fake_host(),
            places: selftest::places(),
            policy,
            session: Session::default(),
        }
    }

    pub(super) fn decision(&self, tool: Tool, text: &str) -> Decision {
        let (name, reading) = match tool {
            Tool::Bash => ("Bash", shell::read(text, &selftest::AROUND)),
            Tool::PowerShell => (
                "PowerShell",
                shell::read_powershell(text, &selftest::AROUND),
            ),
        };
        let payload = json!({
            "session_id": "s", "cwd": selftest::PROJECT, "hook_event_name": "PreToolUse",
            "tool_name": name, "tool_input": {"command": text},
        });
        let payload = payload.to_string();
        let event = hookbin::event::parse(&payload).expect("an event");
        let cx = Cx::new(
            &event,
            &self.policy,
            &self.session,
            &self.host,
            &self.places,
            Some(&reading),
        );
        verdict::reduce(guard::check_all(&cx)).decision
    }
}

/// Every sample of the rules about shell text: hits that something objects to, and misses that nothing stops.
pub(super) fn all() -> (Vec<Sample>, Vec<Sample>) {
    let judge = Judge::new();
    let (mut hits, mut misses) = (Vec::new(), Vec::new());
    for source in catalog::builtin().expect("the built-in packs") {
        if source.pack.guard == "tools" {
            continue;
        }
        for rule in source.rules.iter().map(toml::Spanned::get_ref) {
            let sample = |text: &String| Sample::new(&judge, rule, &source.pack.id, text);
            hits.extend(rule.hit.iter().map(sample));
            misses.extend(rule.miss.iter().map(sample));
        }
    }
    hits.retain(|it| it.decision > Decision::Pass);
    misses.retain(|it| it.decision < Decision::Ask);
    (hits, misses)
}
