//! Owns what this machine, user and project want: [`Policy`], made of layers (built-in < user < project
//! < managed) with one row per setting. Does not own rules (`rule`) nor any judgement. Invariant: a
//! project layer only tightens until the user trusted that exact file.

use crate::rule::Table;
use crate::verdict::{Decision, Severity};

/// Whether verdicts are answered or only recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    #[default]
    Enforce,
    Observe,
}

/// A named set of defaults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Preset {
    #[default]
    Standard,
    Strict,
    Unattended,
}

/// One do-not-touch pattern with what it forbids.
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

/// An exception granted by a person with `hookbin allow`.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// When the audit chain waits for the disk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuditSync {
    Never,
    #[default]
    Deny,
    Always,
}

/// The effective policy of one event.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    pub mode: Mode,
    pub preset: Preset,
    pub paths: Vec<PathRule>,
    /// `boundary.roots`: absolute directories inside which writing is free; empty means the project root.
    pub boundary_roots: Vec<String>,
    /// What a write outside the roots gets where nothing protects it.
    pub boundary_outside: Decision,
    pub audit_on_failure: AuditFailure,
    pub audit_sync: AuditSync,
    pub allowances: Vec<Allowance>,
    /// The built-in rules first, then user and project rules.
    pub tables: Vec<Table>,
    /// Overrides by rule id or `pack:<id>`, sorted; `Pass` switches it off.
    pub overrides: Vec<(String, Decision)>,
    /// Where no answer is possible: an unattended session (`CLAUDE_CODE_SESSION_ATTENDED=0`).
    pub attended: bool,
    /// Problems that were survived, for the user (an untrusted project file that asked to loosen).
    pub notices: Vec<String>,
}

impl Policy {
    /// The one place where a rule's own decision is remapped: per-rule and per-pack overrides.
    pub fn decide(
        &self,
        rule: &str,
        pack: &str,
        _severity: Severity,
        decision: Decision,
    ) -> Decision {
        let find = |key: &str| {
            self.overrides
                .iter()
                .find(|(it, _)| it == key)
                .map(|(_, it)| *it)
        };
        find(rule)
            .or_else(|| find(&format!("pack:{pack}")))
            .unwrap_or(decision)
    }
}
