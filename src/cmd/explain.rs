//! Owns `hookbin explain`: how a command is read, which rules object, which came near, the verdict and its
//! message; or the fields of one rule. Does not own any judgement: an [`Engine`] does it, the same as in the hook.
//! Invariant: everything that decided is shown, what is not known as a mark.

pub mod engine;
mod render;
mod tree;

use std::io::Write;

use anyhow::bail;

use super::{World, rules};
use crate::rule::Near;
use crate::shell::Reading;
use crate::shell::access::Access;
use crate::verdict::Verdict;

/// What to explain.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ExplainArgs {
    /// A shell command in quotes, or the id of a rule
    #[arg(value_name = "COMMAND|RULE-ID")]
    subject: String,
    /// The command is PowerShell
    #[arg(long)]
    powershell: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// The judgement of the hook, callable without one.
pub trait Engine {
    /// Judges a command as PreToolUse of the tool would, in the working directory.
    fn judge(&self, tool: &str, command: &str) -> Result<Judged, String>;
    /// The fields of a rule in the order of its file; `None` for an unknown id.
    fn rule(&self, id: &str) -> Option<Vec<(String, String)>>;
    /// The id of a rule that a misspelt one may mean.
    fn nearest(&self, _id: &str) -> Option<String> {
        None
    }
}

/// How a command was judged.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    pub reading: Reading,
    /// What each invocation does to which paths, by its index.
    pub accesses: Vec<Vec<Access>>,
    pub verdict: Verdict,
    /// What the lists of tools say; empty where there are none.
    pub tools: String,
    /// Rules that missed it by one condition, or that the policy takes the word from.
    pub near: Vec<Near>,
    /// What the agent is told; empty where nothing is.
    pub message: String,
    /// What else there is to say; mostly empty.
    pub note: String,
}

/// Explains a command or a rule.
pub fn run(args: &ExplainArgs, world: &World, out: &mut dyn Write) -> anyhow::Result<u8> {
    let subject = args.subject.as_str();
    let rule = is_rule_id(subject).then(|| world.engine.rule(subject));
    if let Some(fields) = rule.flatten() {
        if args.json {
            writeln!(out, "{}", render::rule_json(&fields))?;
        } else {
            render::rule(&fields, world.paint, out)?;
        }
        return Ok(0);
    }
    let tool = if args.powershell {
        "PowerShell"
    } else {
        "Bash"
    };
    let mut judged = match world.engine.judge(tool, subject) {
        Ok(judged) => judged,
        Err(problem) => bail!("{problem}"),
    };
    if is_rule_id(subject) {
        judged.note = note(subject, world);
    }
    if args.json {
        writeln!(out, "{}", render::judged_json(subject, &judged))?;
    } else {
        render::judged(subject, &judged, world.paint, out)?;
    }
    Ok(0)
}

/// What to say of a command that looks like the id of a rule.
fn note(subject: &str, world: &World) -> String {
    if rules::is_of_guard(subject) {
        return "guards name findings like this; what one means stands in its message".to_owned();
    }
    let near = world.engine.nearest(subject);
    near.map_or(String::new(), |it| {
        format!("no rule has this id: did you mean `{it}`?")
    })
}

/// True where the text could be the id of a rule: words joined by hyphens.
fn is_rule_id(text: &str) -> bool {
    let legal = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '-';
    text.contains('-') && !text.starts_with('-') && text.chars().all(legal)
}

#[cfg(test)]
mod tests;
