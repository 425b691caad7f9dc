//! Owns how a session stands, for people and scripts: counters, agents, budgets, open breakers, recent errors,
//! whether it ended and where its report is. Does not own what is counted (`session`). Invariant: an agent is
//! shown words of its own project's sessions only.

use serde_json::{Value, json};

use crate::cmd::World;
use crate::cmd::audit::filter::Scope;
use crate::cmd::paint::{Paint, Tone};
use crate::plain::plain;
use crate::policy;
use crate::report::{self, Budget, Failure, Log, budget};
use crate::session::run::{Agent, Breaker, State};
use crate::session::{self, Session};

/// A session and what follows from it.
pub(super) struct Standing {
    name: String,
    session: Session,
    /// The agents with the breakers that are not closed.
    agents: Vec<Standings>,
    /// Budgets of the main agent and of the session.
    budgets: Vec<Budget>,
    errors: Vec<Failure>,
    report: Option<String>,
    /// The words of this session are another project's.
    foreign: bool,
    now: i64,
}

struct Standings {
    agent: Agent,
    open: Vec<Breaker>,
}

impl Standing {
    pub(super) fn of(world: &World, name: String, session: Session) -> Self {
        let log = Log::read(world.host, world.dirs, |it| session::file_name(it) == name);
        let foreign = is_foreign(world, &log);
        let now = world.host.now().timestamp();
        let policy = policy::load(world.host, world.dirs, world.project);
        let run = &session.run;
        let main = run.agent("").cloned().unwrap_or_default();
        let budgets = policy.map(|it| budget::of(&it.limits, run, &main, now));
        let agents = run.agents.iter().map(|agent| {
            let open = agent.breakers.iter().filter(|it| it.state != State::Closed);
            Standings {
                open: open.cloned().collect(),
                agent: agent.clone(),
            }
        });
        Self {
            agents: agents.collect(),
            budgets: budgets.unwrap_or_default(),
            errors: log.failures(),
            report: report::newest(world.host, world.dirs, &name),
            foreign,
            now,
            name,
            session,
        }
    }

    /// The lines of a session: label and text.
    pub(super) fn print(
        &self,
        paint: Paint,
        line: &mut dyn FnMut(&str, &str) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let it = &self.session;
        let counts = format!(
            "{}: {} calls, {} asked, {} denied",
            self.name, it.calls, it.asked, it.denied
        );
        line("session", &counts)?;
        if self.foreign {
            return line(
                "",
                "it belongs to another project: its words are not shown here",
            );
        }
        if !it.run.ended.is_empty() {
            line("ended", &paint.tone(Tone::Bad, &plain(&it.run.ended)))?;
        }
        if let Some(path) = &self.report {
            line("report", path)?;
        }
        for (index, it) in self.agents.iter().enumerate() {
            line(first(index, "agents"), &agent_words(&it.agent))?;
        }
        for (index, it) in self.budgets.iter().enumerate() {
            let text = format!("{:<13} {} of {}", it.name, it.used, it.limit);
            let full = it.used >= u64::from(it.limit);
            let text = if full {
                paint.tone(Tone::Bad, &text)
            } else {
                text
            };
            line(first(index, "budgets"), &text)?;
        }
        let open = self.agents.iter().flat_map(|it| &it.open);
        for (index, it) in open.enumerate() {
            let text = self.breaker_words(it);
            line(first(index, "breakers"), &paint.tone(Tone::Careful, &text))?;
        }
        for (index, it) in self.errors.iter().enumerate() {
            let time = it.time.get(11..19).unwrap_or(&it.time);
            let text = format!("{time}  {}: {} -> {}", it.tool, it.subject, it.message);
            line(first(index, "errors"), &plain(&text))?;
        }
        Ok(())
    }

    fn breaker_words(&self, it: &Breaker) -> String {
        let times = match it.count {
            1 => "once".to_owned(),
            count => format!("{count} times"),
        };
        let probe = match probe_in(it, self.now) {
            Some(seconds) => format!(", one try in {seconds} s"),
            None => String::new(),
        };
        let text = format!(
            "{} {}, {times}{probe}: {}",
            it.class,
            it.state.word(),
            it.message
        );
        plain(&text)
    }

    /// The session as JSON.
    pub(super) fn json(&self) -> Value {
        let it = &self.session;
        let mut value = json!({
            "id": self.name, "calls": it.calls, "asked": it.asked, "denied": it.denied,
        });
        if self.foreign {
            return value;
        }
        let run = &it.run;
        let agents: Vec<Value> = self.agents.iter().map(|it| self.agent_json(it)).collect();
        if let Value::Object(fields) = &mut value {
            let more = json!({
                "started": run.started,
                "steps": run.steps,
                "subagents": run.subagents,
                "ended": run.ended,
                "report": self.report,
                "agents": agents,
                "budgets": self.budgets,
                "errors": self.errors,
            });
            if let Value::Object(more) = more {
                fields.extend(more);
            }
        }
        value
    }

    fn agent_json(&self, it: &Standings) -> Value {
        let breaker = |it: &Breaker| {
            json!({
                "class": it.class, "message": it.message, "count": it.count, "state": it.state.word(),
                "probe_in": probe_in(it, self.now),
            })
        };
        let breakers: Vec<Value> = it.open.iter().map(breaker).collect();
        let agent = &it.agent;
        json!({
            "id": agent.id, "steps": agent.steps, "prompt_steps": agent.prompt_steps,
            "refusals": agent.refusals, "failing": agent.failing, "ended": agent.ended,
            "breakers": breakers,
        })
    }
}

/// Seconds until an open breaker lets one call through; absent where waiting changes nothing.
fn probe_in(breaker: &Breaker, now: i64) -> Option<i64> {
    let waits = breaker.state == State::Open && breaker.wait > 0;
    waits.then(|| (breaker.failed + i64::from(breaker.wait) - now).max(0))
}

/// Whether the caller must not see the words of a session: an agent, and the session is another project's.
pub(super) fn is_foreign(world: &World, log: &Log) -> bool {
    let last = log.records.last().map_or("", |it| it.cwd.as_str());
    !Scope::of(world.host, world.project).covers(last)
}

fn agent_words(it: &Agent) -> String {
    let name = match it.id.as_str() {
        "" => "main",
        id => id,
    };
    let mut parts = vec![
        format!("{name}: {} steps", it.steps),
        format!("{} since the last prompt", it.prompt_steps),
    ];
    if it.failing > 0 {
        parts.push(format!("{} failures in a row", it.failing));
    }
    if it.refusals > 0 {
        parts.push(format!("{} repetitions refused", it.refusals));
    }
    if !it.ended.is_empty() {
        parts.push(format!("ended: {}", it.ended));
    }
    plain(&parts.join(", "))
}

/// The label stands in front of the first line only.
fn first(index: usize, label: &'static str) -> &'static str {
    if index == 0 { label } else { "" }
}
