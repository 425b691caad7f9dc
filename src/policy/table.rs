//! Owns the settings: one line of `TABLE` per setting, with key, type, default per preset, the order
//! in which values grow stricter, who may set it, and one line of help. Does not own values found in
//! files (`layer`) nor how layers combine (`merge`). Invariant: this is the only place that names a
//! setting's default; along the presets standard, strict, unattended no default grows milder.
//!
//! One static string rather than an array of rows: every `&str` in a static costs a relocation at
//! process start, and the hook path looks at a handful of cells only.

use super::value::{Hidden, Value};
use super::{Preset, edit};

/// key | type | standard | strict | unattended | stricter | set by | help
const TABLE: &str = "\
mode | word observe enforce | enforce | enforce | enforce | later | tighten | answer verdicts (enforce), or record what would have happened and answer nothing (observe)
preset | word standard strict unattended | standard | strict | unattended | later | trust | the named set of defaults for every other setting
boundary.roots | directories | [] | [] | [] | never | trust | directories inside which writing is free; empty means the project root
boundary.outside | word pass warn ask deny | pass | ask | deny | later | trust | what a write outside the roots gets where nothing else protects the place
paths.protect | paths | [] | [] | [] | more | tighten | do-not-touch patterns: strings, or tables with pattern, read, write and why
paths.free | globs | [] | [] | [] | never | user | paths excepted from protection; hookbin's own files and managed patterns stay protected
egress.mode | word open listed none | open | open | open | later | tighten | what hosts of others get that no list names: nothing (open), a question (listed), a denial (none)
egress.allow | hosts | [] | [] | [] | never | trust | hosts that may be reached whatever the mode says
egress.ask | hosts | [] | [] | [] | more | tighten | hosts that are asked about
egress.deny | hosts | [] | [] | [] | more | tighten | hosts that are never reached; stronger than the other lists
tools.profile | word none unattended ci-review read-only | none | none | none | later | tighten | a ready list of what may be called at all: anything (none), ordinary development, reviewing, reading only
tools.allow | tools | [] | [] | [] | more | trust | tools that may be called beside the profile's; without a profile the only ones
tools.ask | tools | [] | [] | [] | more | tighten | tools that are asked about
tools.deny | tools | [] | [] | [] | more | tighten | tools that are never called; stronger than the other lists
tools.outside | word ask deny | deny | deny | deny | later | tighten | what a call outside the profile and the allowed tools gets
tools.agents | agents | {} | {} | {} | more | tighten | profile, allow, ask and deny for one agent type; main is the main agent
content.secrets | word pass warn ask deny | ask | ask | deny | later | trust | what a secret in use gets that is written where git would keep it, or sent by a tool
audit.on_failure | word warn deny | deny | deny | deny | later | user | what a call gets when its audit record cannot be written
audit.sync | word never deny always | deny | deny | deny | later | tighten | which decisions wait until their audit record is on the disk
notify.webhook | url | none | none | none | never | user | where notifications are posted as JSON: an https URL, or env:NAME for a variable that holds it
notify.slack | url | none | none | none | never | user | an incoming webhook of Slack that shows notifications, or env:NAME
notify.telegram | token | none | none | none | never | user | the token of a Telegram bot that sends notifications, or env:NAME
notify.telegram_chat | chat | none | none | none | never | user | the chat that the bot writes to: its number, or the @name of a channel
notify.command | command | [] | [] | [] | never | user | a program, or a list of it and its arguments, that gets each notification as JSON on standard input
notify.on | words deny breaker end budget | [deny, breaker, end, budget] | [deny, breaker, end, budget] | [deny, breaker, end, budget] | never | user | what is told: denials of high severity, tripped breakers, ended runs, budgets that run low
notify.throttle | number | 10 | 10 | 10 | never | user | minutes during which the same text is not told again
redact_output | flag | false | false | true | later | tighten | what tools answer reaches the model without secrets, NUL, ANSI sequences and endless lines
mark_output | flag | true | true | true | later | tighten | the model is told where an answer holds hidden text or instructions for an agent
env.credentials | word silent name strip | name | name | strip | later | tighten | credential variables that the agent inherits: nothing, named to the user at the start, or also taken from its shell
env.strip | variables | [] | [] | [] | more | tighten | further variables that are taken from the agent's shell
env.keep | variables | [] | [] | [] | never | trust | variables that stay in the agent's shell
limits.rate | number | 60 | 60 | 30 | lower | tighten | shell calls of one agent within 60 seconds; past it a call is refused until there is room; 0 is no limit, here and below
limits.steps | number | 0 | 0 | 0 | lower | tighten | tool calls of a session before the run ends
limits.steps_agent | number | 0 | 0 | 0 | lower | tighten | tool calls of one agent before it ends
limits.steps_prompt | number | 0 | 0 | 200 | lower | tighten | tool calls of one agent since the last prompt before it ends
limits.subagents | number | 0 | 0 | 0 | lower | tighten | subagents of a session; a further one is refused
limits.minutes | number | 0 | 0 | 0 | lower | tighten | minutes since the start of a session before the run ends
limits.failures | number | 3 | 3 | 3 | lower | tighten | how often the same failure may come before the same call is refused
limits.failures_tests | number | 5 | 5 | 5 | lower | tighten | the same for failing tests
limits.failures_rights | number | 2 | 2 | 2 | lower | tighten | the same for missing rights and logins
limits.refusals | number | 3 | 3 | 3 | lower | tighten | refused repetitions of failing calls before the run ends
limits.repeats | number | 3 | 3 | 3 | lower | tighten | equal calls with equal results in a row before a warning; twice as many end an unattended run
limits.stuck | number | 10 | 10 | 10 | lower | tighten | failing calls in a row before a warning; twice as many end an unattended run
report_dir | directories | [] | [] | [] | never | trust | a directory for a copy of the report of a run that hookbin ended; the first one counts
rules.disable | rules | [] | [] | [] | never | trust | rule ids, or pack:ID for a whole pack, that are switched off
rules.decision | decisions | {} | {} | {} | more | trust | the decision of a rule id, pack:ID or severity:WORD, in place of the rule's own
grants | word people none | people | people | people | later | managed | whether people may grant exceptions with hookbin allow and hookbin trust
";

/// What values a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of these words, separated by spaces.
    Word(&'static str),
    /// A list of these words.
    Words(&'static str),
    /// true or false.
    Flag,
    /// A whole number of at least zero.
    Number,
    /// A list of directories: absolute, below `~/`, or relative to the project root.
    Directories,
    /// A list of path patterns.
    Globs,
    /// A list of hosts: names, with `*` for any part, addresses, or networks such as `10.0.0.0/8`.
    Hosts,
    /// A list of tools: `Read`, `Bash(git *)`, `mcp__server`.
    Tools,
    /// A table from agent type to a table of `tools`.
    Agents,
    /// A list of do-not-touch patterns with what each side gets.
    Paths,
    /// A list of rule ids or `pack:<id>`.
    Rules,
    /// A list of names of environment variables, with `*` for any part.
    Variables,
    /// A table from rule id, `pack:<id>` or `severity:<word>` to a decision.
    Decisions,
    /// A URL that is as good as a password; or `env:NAME`.
    Url,
    /// A token of a Telegram bot; or `env:NAME`.
    Token,
    /// A chat of Telegram.
    Chat,
    /// A program, or a list of it and its arguments.
    Command,
}

/// In which direction a setting grows stricter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stricter {
    /// A later word, a higher number, true.
    Later,
    /// A lower number, where 0 is no limit; false.
    Lower,
    /// More entries; an entry never takes anything back.
    More,
    /// No value is stricter than another: each one loosens.
    Never,
}

/// Who may set it. Each includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// Managed policy only.
    Managed,
    /// The user's policy too; a project never.
    User,
    /// A project too, but only to make it stricter.
    Tighten,
    /// A project too: stricter always, anything once its file is trusted.
    Trust,
}

/// One setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    pub key: &'static str,
    pub kind: Kind,
    pub(super) defaults: [&'static str; 3],
    pub stricter: Stricter,
    pub by: By,
    pub help: &'static str,
}

impl Row {
    /// The default under a preset.
    pub fn default(&self, preset: Preset) -> Value {
        let [standard, strict, unattended] = self.defaults;
        let cell = match preset {
            Preset::Standard => standard,
            Preset::Strict => strict,
            Preset::Unattended => unattended,
        };
        match self.kind {
            Kind::Word(_) | Kind::Chat => Value::Word(cell.to_owned()),
            Kind::Words(words) => Value::List(words.split(' ').map(str::to_owned).collect()),
            Kind::Url | Kind::Token => Value::Hidden(Hidden::default()),
            Kind::Flag => Value::Flag(cell == "true"),
            Kind::Number => Value::Number(cell.parse().unwrap_or(0)),
            Kind::Directories
            | Kind::Globs
            | Kind::Hosts
            | Kind::Tools
            | Kind::Agents
            | Kind::Rules
            | Kind::Variables
            | Kind::Command => Value::List(Vec::new()),
            Kind::Paths => Value::Paths(Vec::new()),
            Kind::Decisions => Value::Decisions(Vec::new()),
        }
    }

    /// The type for people.
    pub fn type_text(&self) -> String {
        match self.kind {
            Kind::Word(words) => words.replace(' ', " | "),
            Kind::Flag => "true | false".to_owned(),
            Kind::Number => "number".to_owned(),
            Kind::Directories => "list of directories".to_owned(),
            Kind::Globs => "list of patterns".to_owned(),
            Kind::Hosts => "list of hosts".to_owned(),
            Kind::Tools => "list of tools".to_owned(),
            Kind::Agents => "table of tables".to_owned(),
            Kind::Paths => "list of patterns or tables".to_owned(),
            Kind::Rules => "list of rule ids".to_owned(),
            Kind::Variables => "list of variables".to_owned(),
            Kind::Decisions => "table of decisions".to_owned(),
            Kind::Words(words) => format!("list of {}", words.replace(' ', ", ")),
            Kind::Url => "URL".to_owned(),
            Kind::Token => "token".to_owned(),
            Kind::Chat => "chat".to_owned(),
            Kind::Command => "program or list".to_owned(),
        }
    }

    /// What a project file may do with it, for people.
    pub fn project_text(&self) -> &'static str {
        match (self.by, self.stricter) {
            (By::Managed, _) => "never (managed policy only)",
            (By::User, _) => "never",
            (By::Tighten, Stricter::More) => "add",
            (By::Tighten, _) => "stricter only",
            (By::Trust, Stricter::Never) => "once trusted",
            (By::Trust, Stricter::More) => "stricter, all once trusted",
            (By::Trust, _) => "stricter, anything once trusted",
        }
    }
}

/// Every setting, in the order of the documentation.
pub fn rows() -> impl Iterator<Item = Row> {
    TABLE.lines().filter_map(parse)
}

/// The setting of a key.
pub fn row(key: &str) -> Option<Row> {
    // The key is compared before the line is taken apart: this runs on the hook path.
    TABLE
        .lines()
        .find(|line| {
            line.strip_prefix(key)
                .is_some_and(|it| it.starts_with(" | "))
        })
        .and_then(parse)
}

/// True where settings stand below this table name.
pub fn is_section(name: &str) -> bool {
    rows().any(|row| {
        row.key
            .strip_prefix(name)
            .is_some_and(|it| it.starts_with('.'))
    })
}

/// The key a misspelt one most likely meant.
pub fn nearest(key: &str) -> Option<&'static str> {
    let leaf = |it: &str| it.rsplit('.').next().unwrap_or_default().to_owned();
    let by_leaf = || rows().map(|row| row.key).find(|it| leaf(it) == leaf(key));
    edit::nearest(key, rows().map(|row| row.key)).or_else(by_leaf)
}

fn parse(line: &'static str) -> Option<Row> {
    let mut cells = line.splitn(8, '|').map(str::trim);
    let mut cell = || cells.next();
    Some(Row {
        key: cell()?,
        kind: kind(cell()?)?,
        defaults: [cell()?, cell()?, cell()?],
        stricter: match cell()? {
            "later" => Stricter::Later,
            "lower" => Stricter::Lower,
            "more" => Stricter::More,
            "never" => Stricter::Never,
            _ => return None,
        },
        by: match cell()? {
            "managed" => By::Managed,
            "user" => By::User,
            "tighten" => By::Tighten,
            "trust" => By::Trust,
            _ => return None,
        },
        help: cell()?,
    })
}

fn kind(cell: &'static str) -> Option<Kind> {
    Some(match cell {
        "flag" => Kind::Flag,
        "number" => Kind::Number,
        "directories" => Kind::Directories,
        "globs" => Kind::Globs,
        "hosts" => Kind::Hosts,
        "tools" => Kind::Tools,
        "agents" => Kind::Agents,
        "paths" => Kind::Paths,
        "rules" => Kind::Rules,
        "variables" => Kind::Variables,
        "decisions" => Kind::Decisions,
        "url" => Kind::Url,
        "token" => Kind::Token,
        "chat" => Kind::Chat,
        "command" => Kind::Command,
        _ => match cell.strip_prefix("words ") {
            Some(words) => Kind::Words(words),
            None => Kind::Word(cell.strip_prefix("word ")?),
        },
    })
}

/// The settings as the Markdown table of `docs/policy.md`.
pub fn markdown() -> String {
    let mut text = String::from(
        "| setting | type | standard | strict | unattended | a project may | meaning |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for row in rows() {
        let [standard, strict, unattended] = row.defaults;
        let cells = [
            format!("`{}`", row.key),
            row.type_text().replace('|', "\\|"),
            format!("`{standard}`"),
            format!("`{strict}`"),
            format!("`{unattended}`"),
            row.project_text().to_owned(),
            row.help.to_owned(),
        ];
        text.push_str("| ");
        text.push_str(&cells.join(" | "));
        text.push_str(" |\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_row() {
        assert_eq!(rows().count(), TABLE.lines().count());
    }

    #[test]
    fn every_row_is_found_by_its_key_and_keys_are_unique() {
        for it in rows() {
            assert_eq!(row(it.key), Some(it));
            assert_eq!(
                rows().filter(|other| other.key == it.key).count(),
                1,
                "{}",
                it.key
            );
        }
    }

    #[test]
    fn words_of_defaults_exist_and_never_grow_milder_along_the_presets() {
        for row in rows() {
            let defaults = Preset::ALL.map(|it| row.default(it));
            for pair in defaults.windows(2) {
                assert!(
                    pair[0] == pair[1] || Value::is_stricter(&row, &pair[1], &pair[0]),
                    "{}",
                    row.key
                );
            }
            if let Kind::Word(words) = row.kind {
                for value in defaults {
                    let Value::Word(word) = value else {
                        panic!("{}", row.key)
                    };
                    assert!(words.split(' ').any(|it| it == word), "{}: {word}", row.key);
                }
            }
        }
    }

    #[test]
    fn help_is_one_lower_case_line() {
        for row in rows() {
            assert!(
                !row.help.ends_with('.') && !row.help.is_empty(),
                "{}",
                row.key
            );
            assert!(!row.help.contains('|'), "{}", row.key);
        }
    }

    #[test]
    fn misspelt_keys_are_recognised() {
        let check = |key: &str, expected: Option<&str>| assert_eq!(nearest(key), expected, "{key}");
        check("mod", Some("mode"));
        check("boundry.roots", Some("boundary.roots"));
        check("boundary.root", Some("boundary.roots"));
        check("path.protect", Some("paths.protect"));
        check("protect", Some("paths.protect"));
        check("audit.onfailure", Some("audit.on_failure"));
        check("audit.on-failure", Some("audit.on_failure"));
        check("zebra", None);
        check("", None);
    }

    #[test]
    fn the_documented_table_is_this_table() {
        let page = include_str!("../../docs/policy.md");
        let expected = markdown();
        assert!(
            page.contains(&expected),
            "docs/policy.md wants this table:\n{expected}"
        );
    }
}
