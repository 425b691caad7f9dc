//! Owns putting a report together: from what the session remembers, from the end of the audit chain and from
//! the repository's files. Does not own how it looks (`markdown`). Invariant: what is missing is named.

use super::log::Log;
use super::{
    Blocker, Budget, CallRow, Counts, Document, PATH_LIMIT, Step, TEXT_LIMIT, VERSION, budget,
    call, clean, git, moment, task,
};
use crate::audit::Record;
use crate::event::Kind;
use crate::guard::Cx;
use crate::handler::record::subject;
use crate::path;
use crate::session;
use crate::session::run::{Agent, Breaker, Run, State};

/// Characters of the first prompt.
const PROMPT_LIMIT: usize = 2000;
/// Characters of the reason.
const WHY_LIMIT: usize = 1000;

/// Everything that the report of an agent's end says.
pub(super) fn document(cx: &Cx, run: &Run, agent: &Agent, reason: (&str, &str)) -> Document {
    let event = cx.event;
    let now = cx.host.now();
    let log = Log::read(cx.host, &cx.places.own, |it| it == event.session_id);
    // A subagent is told of alone, the main agent with those it started.
    let mine = |it: &&Record| agent.id.is_empty() || it.agent == agent.id;
    let calls = call::of(log.records.iter().filter(mine));
    let (files, more) = call::files(cx, &calls);
    let mut problems: Vec<String> =
        Vec::from_iter((!log.problem.is_empty()).then(|| log.problem.clone()));
    if more > 0 {
        problems.push(format!("{more} more files were written"));
    }
    let mut rows = call::rows(&calls);
    last_call(cx, reason.0, &mut rows);
    let root = root(cx);
    let git = git::state(cx.host, &root);
    if git.is_none() {
        problems.push("no git repository was found, or its HEAD cannot be read".to_owned());
    }
    let budgets = budget::of(&cx.policy.limits, run, agent, now.timestamp());
    Document {
        version: VERSION,
        rule: clean(reason.0, TEXT_LIMIT),
        why: clean(reason.1, WHY_LIMIT),
        session: clean(&event.session_id, TEXT_LIMIT),
        agent: clean(&agent.id, TEXT_LIMIT),
        project: clean(&root, PATH_LIMIT),
        prompt: clean(&run.prompt, PROMPT_LIMIT),
        started: moment(run.started),
        ended: moment(now.timestamp()),
        counts: Counts {
            session_steps: run.steps,
            agent_steps: agent.steps,
            prompt_steps: agent.prompt_steps,
            subagents: run.subagents,
            asked: cx.session.asked,
            denied: cx.session.denied,
        },
        blocker: blocker(agent),
        tasks: task::of(log.records.iter().filter(mine)),
        files,
        git,
        errors: log.failures(),
        calls: rows,
        resume: resume(cx, agent, &budgets),
        budgets,
        problems,
    }
}

/// The root of what the agent works in.
fn root(cx: &Cx) -> String {
    let places = cx.places;
    if !places.worktree.is_empty() {
        return places.worktree.clone();
    }
    let around = path::repository_around(cx.host, &places.project, &places.homes);
    around.unwrap_or_else(|| places.project.clone())
}

/// The failure that a breaker holds open, or else the one that came most often.
fn blocker(agent: &Agent) -> Option<Blocker> {
    let worst = |it: &&Breaker| (it.state != State::Closed, it.count);
    let breaker = agent.breakers.iter().max_by_key(worst)?;
    Some(Blocker {
        class: clean(&breaker.class, TEXT_LIMIT),
        message: clean(&breaker.message, WHY_LIMIT),
        count: breaker.count,
        state: breaker.state.word(),
    })
}

/// The call at which it ends: its own record is written after this report.
fn last_call(cx: &Cx, rule: &str, rows: &mut Vec<CallRow>) {
    let Some(call) = cx
        .event
        .call()
        .filter(|_| cx.event.kind == Kind::PreToolUse)
    else {
        return;
    };
    rows.push(CallRow {
        time: cx
            .host
            .now()
            .to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        agent: clean(&cx.event.agent_id, TEXT_LIMIT),
        tool: clean(&call.name, TEXT_LIMIT),
        subject: clean(&subject(call), TEXT_LIMIT),
        decision: "deny".to_owned(),
        rules: vec![rule.to_owned()],
        outcome: String::new(),
    });
}

/// What a person does next: first what stands in the way, then how to go on.
fn resume(cx: &Cx, agent: &Agent, budgets: &[Budget]) -> Vec<Step> {
    let id = session::file_name(&cx.event.session_id);
    let step = |what: &str, command: String| Step {
        what: what.to_owned(),
        command,
    };
    let mut steps = vec![step(
        "see what was counted, and what is in the way",
        format!("hookbin status --session {id}"),
    )];
    if !agent.breakers.is_empty() {
        steps.push(step(
            "mend what the blocker names: the same call fails again until then; then clear it",
            format!("hookbin reset breaker --session {id}"),
        ));
    }
    for it in budgets.iter().filter(|it| it.used >= u64::from(it.limit)) {
        steps.push(step(
            &format!(
                "raise `limits.{}` in the policy, or count from the start",
                it.name
            ),
            format!("hookbin reset budget --session {id}"),
        ));
    }
    steps.push(step("go on", format!("claude --resume {id}")));
    steps
}
