//! Owns `hookbin reset`: a person clears what stopped a session. Does not own what was counted (`session`) nor
//! what follows from it (`limit`). Invariant: people only, under the session's lock, recorded, and told at the
//! session's next event.

use std::io::Write;

use anyhow::{Context, bail};

use super::World;
use super::allow::{Granted, granted};
use crate::session;
use crate::session::run::{Agent, Run, Told};

/// Clear what stopped a session.
#[derive(Clone, Debug, clap::Args)]
pub struct ResetArgs {
    /// What to clear
    what: What,
    /// The session, or the beginning of its id; without it the one that was last at work
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// Only this agent, `main` for the one that is no subagent
    #[arg(long, value_name = "ID")]
    agent: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum What {
    /// What fails again and again: breakers, refused repetitions, the watch over progress
    Breaker,
    /// What was used up: steps, subagents and minutes
    Budget,
}

/// Runs the subcommand; `people` refuses where no person is asking. The record is for the caller to append.
pub fn run(
    args: &ResetArgs,
    world: &World,
    people: &dyn Fn() -> Result<(), String>,
    out: &mut dyn Write,
) -> anyhow::Result<Granted> {
    people().map_err(anyhow::Error::msg)?;
    let (name, _) = super::status::find(world, args.session.as_deref())?
        .context("there is no session yet: nothing has to be reset")?;
    let mut open = session::open(world.host, world.dirs, &name)
        .with_context(|| format!("the session {name} cannot be opened"))?;
    let of = args.agent.as_deref().map(|it| match it {
        "main" => "",
        id => id,
    });
    let run = &mut open.session.run;
    if of.is_some_and(|it| run.agent(it).is_none()) {
        bail!("the session {name} has no such agent: `hookbin status --session {name}` shows them");
    }
    let mine = |it: &&mut Agent| of.is_none_or(|id| it.id == id);
    for agent in run.agents.iter_mut().filter(mine) {
        match args.what {
            What::Breaker => clear_breakers(agent),
            What::Budget => (agent.steps, agent.prompt_steps) = (0, 0),
        }
        agent.ended.clear();
    }
    run.ended.clear();
    if args.what == What::Budget && of.is_none() {
        clear_budgets(run, world.host.now().timestamp());
    }
    let what = match args.what {
        What::Breaker => "breakers",
        What::Budget => "budgets",
    };
    let whose = args.agent.as_ref().map_or_else(String::new, |it| {
        format!(" of the agent {}", crate::plain::plain(it))
    });
    open.session.reset = format!("the {what}{whose} of this session were reset by a person");
    open.store()
        .with_context(|| format!("the session {name} cannot be written"))?;
    writeln!(out, "reset the {what}{whose} in session {name}")?;
    let note = format!("reset the {what}{whose}");
    let mut done = granted(
        world.host,
        &super::places(world),
        "reset",
        &name,
        note,
        Vec::new(),
    );
    if let Some(record) = &mut done.record {
        record.session = name;
    }
    Ok(done)
}

/// The agent fails and spins no more, as far as is known.
fn clear_breakers(agent: &mut Agent) {
    agent.breakers.clear();
    agent.past.clear();
    agent.edits.clear();
    agent.refusals = 0;
    agent.failing = 0;
    agent.warned = 0;
}

fn clear_budgets(run: &mut Run, now: i64) {
    run.steps = 0;
    run.subagents = 0;
    run.started = now;
    // What was said of them may be said again.
    run.told &= !(Told::Minutes as u32);
}

#[cfg(test)]
mod tests;
