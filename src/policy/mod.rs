//! Owns what this machine, user and project want: [`Policy`], made of layers (built-in < user < project
//! < managed) with one row per setting ([`table`]). Does not own rules (`rule`) nor any judgement.
//! Invariant: a project layer only tightens until the user trusted that exact file, and nothing loosens
//! what managed policy says.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::rule::Table;
use crate::verdict::{Decision, Severity};

pub mod allowance;
mod bytes;
mod cache;
mod edit;
pub mod layer;
mod limits;
mod load;
pub mod merge;
mod problem;
mod rules;
pub mod table;
pub mod tools;
pub mod trust;
pub mod value;

pub use allowance::{allowances, consume, granted_since};
pub use edit::nearest;
pub use limits::{Limit, Limits};
pub use load::{Problems, load, problems, rule_files};
pub use merge::Setting;
pub use rules::is_rule_file;
pub use tools::{Profile, ToolRow, Tools, Verb};
pub use value::{Hidden, Value};

/// Whether verdicts are answered or only recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    #[default]
    Enforce,
    Observe,
}

impl Mode {
    /// The word used in policy files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Enforce => "enforce",
            Self::Observe => "observe",
        }
    }
}

/// A named set of defaults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    #[default]
    Standard,
    Strict,
    Unattended,
}

impl Preset {
    /// Every preset, mildest first.
    pub const ALL: [Self; 3] = [Self::Standard, Self::Strict, Self::Unattended];

    /// The word used in policy files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Standard => "standard",
            Self::Strict => "strict",
            Self::Unattended => "unattended",
        }
    }

    /// The preset of a word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// One do-not-touch pattern with what it forbids. Where several patterns match, the strictest counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathRule {
    /// A glob over absolute paths; `~/` is home, a pattern without a leading `/` or `~` is relative to
    /// the project root, `**` crosses directories.
    pub pattern: String,
    /// What reading and writing get; `Pass` leaves that side free.
    pub read: Decision,
    pub write: Decision,
    /// Why, for the reason; empty for a general one.
    pub why: String,
    /// The file that asked for it, or `built-in`.
    pub origin: String,
}

/// Which hosts may be reached. Of several lists that name a host the strictest counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Egress {
    /// What hosts of others get that no list names.
    pub others: Decision,
    pub allow: Vec<String>,
    pub ask: Vec<String>,
    pub deny: Vec<String>,
}

impl Egress {
    /// True where nothing is asked of any host.
    pub fn is_open(&self) -> bool {
        self.others == Decision::Pass && self.ask.is_empty() && self.deny.is_empty()
    }
}

/// An exception granted by a person with `hookbin allow`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Allowance {
    /// The rule id.
    pub rule: String,
    /// Only for this path (absolute, or a glob); empty for any.
    pub path: String,
    /// Only for this exact shell text; empty for any.
    pub command: String,
    /// Only in this project root; empty for any.
    pub project: String,
    /// Unix seconds after which it is void; 0 for never.
    pub until: i64,
    /// Consumed by its first use.
    pub once: bool,
    /// Names it in records and in the state file.
    pub id: String,
}

/// What `audit.on_failure` does where a record cannot be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuditFailure {
    #[default]
    Deny,
    Warn,
}

/// Whether people may grant exceptions (`hookbin allow`, `hookbin trust`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Grants {
    #[default]
    People,
    None,
}

/// What becomes of the credential variables that the agent inherits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Credentials {
    Silent,
    /// The user reads their names at the start.
    #[default]
    Name,
    /// They are taken from the agent's shell too.
    Strip,
}

/// Whether the model is told of hidden text and of instructions in what tools answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Marks {
    #[default]
    Shown,
    None,
}

/// When the audit chain waits for the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuditSync {
    Never,
    #[default]
    Deny,
    Always,
}

/// What is wrong with a policy or rule file, and where. Line and column count from 1; 0 means the file
/// as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyError {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub message: String,
}

impl PolicyError {
    /// A problem of a file as a whole.
    fn whole(file: &str, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: 0,
            column: 0,
            message: message.into(),
        }
    }
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.message),
            line => write!(f, "{}:{line}:{}: {}", self.file, self.column, self.message),
        }
    }
}

impl std::error::Error for PolicyError {}

/// The effective policy of one event.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    pub mode: Mode,
    pub preset: Preset,
    /// Do-not-touch patterns of every layer.
    pub paths: Vec<PathRule>,
    /// `paths.free`: patterns excepted from protection, but not from that of hookbin's own files nor
    /// from patterns of managed policy ([`Policy::is_managed`]).
    pub paths_free: Vec<String>,
    /// `boundary.roots`: absolute directories inside which writing is free; empty means the project root.
    pub boundary_roots: Vec<String>,
    /// What a write outside the roots gets where nothing protects it.
    pub boundary_outside: Decision,
    pub egress: Egress,
    pub tools: Tools,
    /// `content.secrets`: what a secret in use gets where git would keep it or others would read it.
    pub content_secrets: Decision,
    pub audit_on_failure: AuditFailure,
    pub audit_sync: AuditSync,
    pub grants: Grants,
    /// Whether what tools answer is replaced by a text without secrets.
    pub redact_output: bool,
    pub marks: Marks,
    pub credentials: Credentials,
    /// `limits.*`.
    pub limits: Limits,
    /// `report_dir`: absolute directories; the first gets a copy of the report of an ended run.
    pub report_dirs: Vec<String>,
    pub allowances: Vec<Allowance>,
    /// The built-in rules first, then user and project rules, then managed ones.
    pub tables: Vec<Table>,
    /// Overrides by rule id, `pack:<id>` or `severity:<word>`; `Pass` switches it off.
    pub overrides: Vec<(String, Decision)>,
    /// What an untrusted project asks for, by the same keys: no decision falls below it.
    pub floors: Vec<(String, Decision)>,
    /// What managed policy decided, by the same keys: final.
    pub fixed: Vec<(String, Decision)>,
    /// The ids of managed rules, which no exception reaches.
    pub managed_rules: Vec<String>,
    /// Where no answer is possible: an unattended session (`CLAUDE_CODE_SESSION_ATTENDED=0`).
    pub attended: bool,
    /// Problems that were survived, for the user (an untrusted project file that asked to loosen).
    pub notices: Vec<String>,
    /// What holds only because a person trusted the project's file, for the user.
    pub trusted: Vec<String>,
    /// The settings that some file sets, with their origin.
    pub settings: Vec<Setting>,
    /// The managed policy file, the origin of patterns nobody can free.
    pub managed_file: String,
}

impl Policy {
    /// The one place where a rule's own decision is remapped: managed decisions first, then overrides
    /// by rule, pack and severity, never below what an untrusted project asks for. The rules that
    /// protect hookbin itself, and managed rules, only ever become stricter.
    pub fn decide(
        &self,
        rule: &str,
        pack: &str,
        severity: Severity,
        decision: Decision,
    ) -> Decision {
        if let Some(fixed) = find(&self.fixed, rule, pack, severity) {
            return fixed;
        }
        let wanted = find(&self.overrides, rule, pack, severity).unwrap_or(decision);
        let names = |key: &str| names(key, rule, pack, severity).is_some();
        let floor = self
            .floors
            .iter()
            .filter(|(it, _)| names(it))
            .map(|(_, it)| *it)
            .max();
        let wanted = wanted.max(floor.unwrap_or_default());
        if self.is_inviolable(rule, pack) {
            wanted.max(decision)
        } else {
            wanted
        }
    }

    /// The value of a setting: what some file says, else the preset's default. `None` for a key that is
    /// not a setting.
    pub fn value(&self, key: &str) -> Option<Value> {
        let set = self.settings.iter().find(|it| it.key == key);
        set.map(|it| it.value.clone())
            .or_else(|| table::row(key).map(|it| it.default(self.preset)))
    }

    /// True for a pattern of managed policy.
    pub fn is_managed(&self, rule: &PathRule) -> bool {
        !self.managed_file.is_empty() && rule.origin == self.managed_file
    }

    /// True where neither an override nor an allowance of user or project may soften a rule.
    pub fn is_inviolable(&self, rule: &str, pack: &str) -> bool {
        protects_hookbin(rule, pack) || self.managed_rules.iter().any(|it| it == rule)
    }
}

/// True for the rules that keep the guard itself in place.
pub fn protects_hookbin(rule: &str, pack: &str) -> bool {
    rule.starts_with("hookbin-") || rule.starts_with("path-hookbin-") || pack == "hookbin"
}

/// The decision for the most specific key that names the rule.
fn find(
    list: &[(String, Decision)],
    rule: &str,
    pack: &str,
    severity: Severity,
) -> Option<Decision> {
    list.iter()
        .filter_map(|(key, it)| names(key, rule, pack, severity).map(|rank| (rank, *it)))
        .max_by_key(|(rank, _)| *rank)
        .map(|(_, it)| it)
}

/// How specifically a key names a rule: by severity 0, by pack 1, by id 2.
fn names(key: &str, rule: &str, pack: &str, severity: Severity) -> Option<u8> {
    if let Some(id) = key.strip_prefix("pack:") {
        (id == pack).then_some(1)
    } else if let Some(word) = key.strip_prefix("severity:") {
        (word == severity.word()).then_some(0)
    } else {
        (key == rule).then_some(2)
    }
}

#[cfg(test)]
mod tests;
