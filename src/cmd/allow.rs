//! Owns `hookbin allow`: a person grants an exception to a rule, for once, for a time or for a project.
//! Does not own what an exception covers (`policy::allowance`). Invariant: people only; an exception
//! without any limit cannot be granted; every grant and revocation is recorded.

use std::io::Write;

use anyhow::{Context, bail};
use serde_json::json;

use crate::audit::Record;
use crate::hex;
use crate::host::Host;
use crate::path::{Locator, Places};
use crate::policy::{self, Allowance, Grants, Policy, allowance};
use crate::secret;

/// Grant an exception to a rule: for once, for a time, or for this project.
#[derive(Clone, Debug, Default, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub struct AllowArgs {
    /// The id of the rule, as a refusal names it
    #[arg(required_unless_present_any = ["list", "revoke"])]
    rule: Option<String>,
    /// Only for this path, or below it when written `DIR/**`
    #[arg(long)]
    path: Option<String>,
    /// Only for exactly this shell text
    #[arg(long)]
    command: Option<String>,
    /// Only in the project of the current directory
    #[arg(long)]
    project: bool,
    /// Until this much time has passed: 30m, 1h, 2d
    #[arg(long = "for", value_name = "TIME")]
    time: Option<String>,
    /// Until it was used once
    #[arg(long)]
    once: bool,
    /// List the exceptions in force
    #[arg(long, conflicts_with_all = ["rule", "revoke", "path", "command", "project", "time", "once"])]
    list: bool,
    /// Take an exception back
    #[arg(long, value_name = "ID", conflicts_with_all = ["rule", "path", "command", "project", "time", "once"])]
    revoke: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What a command for people came to: the exit code, and the record for the audit chain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Granted {
    pub code: u8,
    pub record: Option<Record>,
}

/// Runs the subcommand; `people` refuses where no person is asking. The record is for the caller to
/// append.
pub fn run(
    args: &AllowArgs,
    host: &dyn Host,
    places: &Places,
    people: &dyn Fn() -> Result<(), String>,
    out: &mut dyn Write,
) -> anyhow::Result<Granted> {
    if args.list {
        return list(host, places, args.json, out);
    }
    people().map_err(anyhow::Error::msg)?;
    if let Some(id) = &args.revoke {
        return revoke(host, places, id, out);
    }
    let allowance = read(args, host, places)?;
    let file = allowance::file(&places.own);
    allowance::grant(host, &places.own, &allowance)
        .with_context(|| format!("cannot write {file}"))?;
    let terms = terms(&allowance);
    writeln!(out, "allowed {} {terms}", allowance.rule)?;
    writeln!(
        out,
        "take it back with: hookbin allow --revoke {}",
        allowance.id
    )?;
    let note = format!("allowed {terms}, id {}", allowance.id);
    let subject = subject(&allowance);
    Ok(granted(
        host,
        places,
        "allow",
        &subject,
        note,
        vec![allowance.rule],
    ))
}

/// The exception that the arguments describe.
fn read(args: &AllowArgs, host: &dyn Host, places: &Places) -> anyhow::Result<Allowance> {
    let Some(rule) = &args.rule else {
        bail!("name the rule to allow")
    };
    let policy = policy::load(host, &places.own, &places.project).map_err(anyhow::Error::new)?;
    permitted(&policy, rule)?;
    if !args.once && !args.project && args.time.is_none() {
        bail!("say how far it goes: --once, --for 1h or --project");
    }
    if args.project && places.project.is_empty() {
        bail!("--project wants to be run inside the project");
    }
    if args.command.as_ref().is_some_and(String::is_empty) {
        bail!("--command wants the shell text");
    }
    let until = match &args.time {
        Some(time) => {
            let Some(seconds) = seconds(time) else {
                bail!("`{time}` is not a time up to a year: write 30m, 1h or 2d");
            };
            host.now().timestamp().saturating_add(seconds)
        }
        None => 0,
    };
    let mut id = String::with_capacity(8);
    hex::push(&mut id, host.random().get(..4).unwrap_or_default());
    Ok(Allowance {
        rule: rule.clone(),
        path: args
            .path
            .as_deref()
            .map(|it| real(host, places, &super::absolute(places, it)))
            .unwrap_or_default(),
        command: args.command.clone().unwrap_or_default(),
        project: if args.project {
            places.project.clone()
        } else {
            String::new()
        },
        until,
        once: args.once,
        id,
    })
}

/// Where a path, or a directory written `DIR/**`, really is. It is asked when the exception is granted:
/// a symlink that is turned elsewhere afterwards takes no exception with it.
fn real(host: &dyn Host, places: &Places, path: &str) -> String {
    let (path, tail) = match path.strip_suffix("/**") {
        Some(directory) => (directory, "/**"),
        None => (path, ""),
    };
    Locator::new(host, places).locate_literal(path).real + tail
}

/// Refuses what no exception may reach, and ids that do not exist.
fn permitted(policy: &Policy, rule: &str) -> anyhow::Result<()> {
    if policy.grants == Grants::None {
        bail!("managed policy does not let people grant exceptions (`grants = \"none\"`)");
    }
    if !super::rules::has_rule(policy, rule) {
        match super::rules::nearest(policy, rule) {
            Some(near) => bail!("there is no rule `{rule}`: did you mean `{near}`?"),
            None => bail!("there is no rule `{rule}`: `hookbin rules list` shows them"),
        }
    }
    let pack = super::rules::pack(policy, rule);
    if policy.is_inviolable(rule, pack) {
        bail!("`{rule}` keeps the guard itself or managed policy in place: it has no exceptions");
    }
    let named = |key: &str| key == rule || key.strip_prefix("pack:") == Some(pack);
    if policy.fixed.iter().any(|(key, _)| named(key)) {
        bail!("managed policy decides `{rule}`: it has no exceptions");
    }
    Ok(())
}

/// A time such as `90s`, `30m`, `1h`, `2d` in seconds, up to a year.
fn seconds(text: &str) -> Option<i64> {
    let unit = match text.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return None,
    };
    let digits = text.get(..text.len() - 1)?;
    if digits.is_empty() || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let seconds = digits.parse::<i64>().ok()?.checked_mul(unit)?;
    (1..=366 * 86_400).contains(&seconds).then_some(seconds)
}

fn revoke(
    host: &dyn Host,
    places: &Places,
    id: &str,
    out: &mut dyn Write,
) -> anyhow::Result<Granted> {
    let Some(allowance) = allowance::revoke(host, &places.own, id)? else {
        bail!("no exception is called `{id}`: `hookbin allow --list` shows them");
    };
    writeln!(
        out,
        "no longer allowed: {} {}",
        allowance.rule,
        terms(&allowance)
    )?;
    let note = format!("allowance revoked, id {id}");
    let subject = subject(&allowance);
    Ok(granted(
        host,
        places,
        "allow",
        &subject,
        note,
        vec![allowance.rule],
    ))
}

fn list(
    host: &dyn Host,
    places: &Places,
    json: bool,
    out: &mut dyn Write,
) -> anyhow::Result<Granted> {
    let now = host.now().timestamp();
    let mut list = allowance::allowances(host, &places.own);
    list.retain(|it| it.until == 0 || now < it.until);
    if json {
        writeln!(out, "{:#}", json!(list))?;
    } else if list.is_empty() {
        writeln!(out, "no exceptions are in force")?;
    }
    let width = list
        .iter()
        .map(|it| it.rule.len())
        .max()
        .unwrap_or_default();
    for it in list.iter().filter(|_| !json) {
        writeln!(out, "{}  {:width$}  {}", it.id, it.rule, terms(it))?;
    }
    Ok(Granted::default())
}

/// How far an exception goes, for people.
fn terms(allowance: &Allowance) -> String {
    let mut terms = Vec::new();
    if allowance.once {
        terms.push("once".to_owned());
    }
    if let Some(until) = chrono::DateTime::from_timestamp(allowance.until, 0)
        && allowance.until != 0
    {
        // `2026-01-01T01:00:00Z`, for people.
        let until = until.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let (day, time) = until.split_once('T').unwrap_or_default();
        terms.push(format!(
            "until {day} {} UTC",
            time.get(..5).unwrap_or_default()
        ));
    }
    for (word, text) in [
        ("in", &allowance.project),
        ("for path", &allowance.path),
        ("for command", &allowance.command),
    ] {
        if !text.is_empty() {
            terms.push(format!("{word} {}", secret::redact(text)));
        }
    }
    terms.join(", ")
}

fn subject(allowance: &Allowance) -> String {
    let parts = [&allowance.command, &allowance.path, &allowance.project];
    let first = parts.into_iter().find(|it| !it.is_empty());
    first.unwrap_or(&allowance.rule).clone()
}

/// The outcome of something a person granted, with its record.
pub(super) fn granted(
    host: &dyn Host,
    places: &Places,
    event: &str,
    subject: &str,
    note: String,
    rules: Vec<String>,
) -> Granted {
    let mut record = Record {
        time: host
            .now()
            .to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        event: event.to_owned(),
        decision: "note".to_owned(),
        rules,
        note,
        cwd: places.cwd.clone(),
        ..Record::default()
    };
    record.subject(subject);
    Granted {
        code: 0,
        record: Some(record),
    }
}

#[cfg(test)]
mod tests;
