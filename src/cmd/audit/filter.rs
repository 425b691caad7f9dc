//! Owns which records of the chain are wanted: by session, decision, rule, tool and age, and for an agent
//! by project. Does not own how
//! they are shown (`line`). Invariant: a record whose content was taken out is shown only where
//! everything is wanted.

use anyhow::anyhow;
use chrono::{DateTime, TimeDelta, Utc};

use super::ListArgs;
use crate::audit::{Entry, Record};
use crate::host::{Host, people};

/// Whose records may be shown: an agent sees those of its own project, a person all.
pub(in crate::cmd) struct Scope(Option<String>);

impl Scope {
    pub(in crate::cmd) fn of(host: &dyn Host, project: &str) -> Self {
        let agent = people::outside_client(host).is_err();
        Self(agent.then(|| project.trim_end_matches('/').to_owned()))
    }

    /// What was taken out of a record belongs to no project.
    pub(in crate::cmd) fn holds(&self, entry: &Entry) -> bool {
        let cwd = entry.record.as_ref().map_or("", |it| it.cwd.as_str());
        self.covers(cwd)
    }

    /// Whether what happened in a directory may be shown.
    pub(in crate::cmd) fn covers(&self, cwd: &str) -> bool {
        let Some(project) = &self.0 else {
            return true;
        };
        let below = cwd.strip_prefix(project.as_str());
        !project.is_empty() && below.is_some_and(|it| it.is_empty() || it.starts_with('/'))
    }
}

/// Which records are wanted.
pub(super) struct Filter<'a> {
    args: &'a ListArgs,
    scope: &'a Scope,
    since: Option<DateTime<Utc>>,
}

impl<'a> Filter<'a> {
    pub(super) fn new(
        args: &'a ListArgs,
        scope: &'a Scope,
        now: DateTime<Utc>,
    ) -> anyhow::Result<Self> {
        let since = args.since.as_deref().map(|it| parse_since(it, now));
        Ok(Self {
            args,
            scope,
            since: since.transpose()?,
        })
    }

    pub(super) fn takes(&self, entry: &Entry) -> bool {
        let args = self.args;
        if !self.scope.holds(entry) {
            return false;
        }
        let Some(record) = &entry.record else {
            // What was taken out matches nothing but the wish for everything.
            return self.since.is_none()
                && [&args.session, &args.decision, &args.rule, &args.tool]
                    .iter()
                    .all(|it| it.is_none());
        };
        let is = |wanted: &Option<String>, found: &str| {
            wanted
                .as_ref()
                .is_none_or(|it| it.eq_ignore_ascii_case(found))
        };
        is(&args.decision, &record.decision)
            && is(&args.tool, &record.tool)
            && args
                .session
                .as_ref()
                .is_none_or(|it| record.session.starts_with(it.as_str()))
            && args
                .rule
                .as_ref()
                .is_none_or(|it| record.rules.contains(it))
            && !self.is_before(entry)
    }

    /// True where the record is older than what is wanted.
    pub(super) fn is_before(&self, entry: &Entry) -> bool {
        let Some((since, record)) = self.since.zip(entry.record.as_ref()) else {
            return false;
        };
        time(record).is_some_and(|it| it < since)
    }
}

fn time(record: &Record) -> Option<DateTime<Utc>> {
    let time = DateTime::parse_from_rfc3339(&record.time).ok()?;
    Some(time.with_timezone(&Utc))
}

/// `45m`, `2h`, `7d`, `30s`, `1w` before now, or a time with its zone.
pub(in crate::cmd) fn parse_since(text: &str, now: DateTime<Utc>) -> anyhow::Result<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.with_timezone(&Utc));
    }
    let ago = || {
        let unit = match text.chars().next_back()? {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 24 * 3600,
            'w' => 7 * 24 * 3600,
            _ => return None,
        };
        let count: i64 = text
            .get(..text.len() - 1)?
            .parse()
            .ok()
            .filter(|it| *it >= 0)?;
        now.checked_sub_signed(TimeDelta::try_seconds(count.checked_mul(unit)?)?)
    };
    ago().ok_or_else(|| {
        anyhow!("--since {text}: neither a span such as 2h or 7d nor a time such as 2026-01-31T12:00:00Z")
    })
}
