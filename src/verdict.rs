//! Owns the vocabulary of judgement: [`Severity`], [`Decision`], [`Finding`], [`Verdict`], and the one
//! reduction from findings to a verdict. Does not own what is wrong (guards and rules) nor how it is
//! said to the client (`response`). Invariant: the strictest decision wins, and nothing after
//! [`reduce`] changes it.

use std::borrow::Cow;

use crate::order::sorted;
use crate::shell::Span;

/// How bad a thing is: a property of the rule, not of the situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Low,
    Medium,
    High,
    Critical,
}

impl Severity {
    /// Every severity, mildest first.
    pub const ALL: [Self; 4] = [Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word used in rule files and records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// The severity of a word from a rule file.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// What to do about a tool call. `Pass` means no opinion: the normal permission flow continues.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    #[default]
    Pass,
    Warn,
    Ask,
    Deny,
}

impl Decision {
    /// Every decision, mildest first.
    pub const ALL: [Self; 4] = [Self::Pass, Self::Warn, Self::Ask, Self::Deny];

    /// The word used in rule files and records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Warn => "warn",
            Self::Ask => "ask",
            Self::Deny => "deny",
        }
    }

    /// The decision of a word from a rule or policy file.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.word() == word)
    }
}

/// One objection to an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The id of the rule or guard that objects, kebab-case, permanent.
    pub rule: Cow<'static, str>,
    /// The pack the rule stands in; empty for a guard's own finding.
    pub pack: Cow<'static, str>,
    pub severity: Severity,
    pub decision: Decision,
    /// Why this is a bad idea: one sentence, lower case start, with a full stop.
    pub why: Cow<'static, str>,
    /// What to do instead: one sentence with a full stop; empty where there is nothing to offer.
    pub instead: Cow<'static, str>,
    /// What it is about, as text for people: the invocation or path. Not yet redacted.
    pub subject: String,
    /// Where the path of the subject really is, behind every symlink; empty where it is about no path.
    pub real: String,
    /// Where in the shell text it stands.
    pub span: Option<Span>,
}

impl Finding {
    /// The line shown to the agent and the user: what, why, instead, in this order.
    pub fn message(&self) -> String {
        let verb = match self.decision {
            Decision::Deny => "denied by",
            Decision::Ask => "asked by",
            Decision::Warn | Decision::Pass => "warning from",
        };
        let mut text = format!("{verb} {}: {}", self.rule, self.why);
        if !self.instead.is_empty() {
            text.push_str(" Instead: ");
            text.push_str(&self.instead);
        }
        text
    }
}

/// The reduced decision with every finding, strictest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Verdict {
    pub decision: Decision,
    pub findings: Vec<Finding>,
    /// True where an ask became a deny because nobody can answer it in this permission mode.
    pub escalated: bool,
    /// True where a question reaches nobody: the client turns an ask into a denial.
    pub unattended: bool,
    /// Findings that an exception took away: `allowed:<rule>:<allowance id>`.
    pub granted: Vec<String>,
}

/// Reduces findings to a verdict: the strictest decision wins. The findings of the verdict are ordered
/// strictest first, ties by severity and then in the order in which they were found.
pub fn reduce(findings: Vec<Finding>) -> Verdict {
    let grade = |it: &Finding| (it.decision, it.severity);
    let findings = sorted(findings, |a, b| grade(b).cmp(&grade(a)));
    let decision = findings.first().map_or(Decision::Pass, |it| it.decision);
    Verdict {
        decision,
        findings,
        ..Verdict::default()
    }
}

/// Turns an ask of high or critical severity into a deny in permission modes where a question may
/// reach nobody (`bypassPermissions`, `dontAsk`). The verdict remembers that it was escalated.
pub fn escalate(mut verdict: Verdict, permission_mode: &str) -> Verdict {
    if verdict.decision != Decision::Ask
        || !matches!(permission_mode, "bypassPermissions" | "dontAsk")
    {
        return verdict;
    }
    for finding in &mut verdict.findings {
        if finding.decision == Decision::Ask && finding.severity >= Severity::High {
            finding.decision = Decision::Deny;
            verdict.escalated = true;
        }
    }
    let escalated = verdict.escalated;
    Verdict {
        escalated,
        ..reduce(verdict.findings)
    }
}
