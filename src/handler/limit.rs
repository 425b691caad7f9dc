//! Owns counting a run: its steps, the failures of its calls, what goes round; and what the model is told of
//! it before a limit, and at it. Does not own the judgement (`limit`) nor the refusal (`guard::limit`).
//! Invariants: every outcome counts once, whichever event brings it first; only failing outcomes, and those of
//! calls that failed before, are looked into; nothing of a run is counted where nothing is answered.

mod outcome;

use super::{Handler, record};
use crate::audit::Record;
use crate::effect::Effect;
use crate::event::{Body, Kind, Role, ToolCall};
use crate::guard::Cx;
use crate::limit::{self, ENDS, breaker, budget};
use crate::notify;
use crate::policy::{Limit, Mode};
use crate::report;
use crate::secret::redact;
use crate::session::Change;
use crate::session::run::{Agent, FOLDER_LIMIT, Run, Told};
use crate::verdict::{Decision, Severity, Verdict};

pub(super) struct LimitHandler;

impl Handler for LimitHandler {
    fn id(&self) -> &'static str {
        "limit"
    }

    fn run(&self, cx: &Cx, verdict: &Verdict) -> Vec<Effect> {
        if cx.policy.mode == Mode::Observe || !counts(cx.event.kind) {
            return Vec::new();
        }
        let mut count = Count {
            cx,
            run: cx.session.run.clone(),
            now: cx.host.now().timestamp(),
            effects: Vec::new(),
        };
        match &cx.event.body {
            Body::Call(call) => count.judged(call, verdict),
            Body::Outcome(call, outcome) => count.outcome(call, *outcome),
            Body::Batch(calls) => count.batch(calls),
            Body::Other => count.lifecycle(),
        }
        if count.run != cx.session.run {
            count
                .effects
                .push(Effect::Session(Change::Ran(Box::new(count.run))));
        }
        count.effects
    }
}

/// The events that say something of a run.
fn counts(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::PreToolUse
            | Kind::PostToolUse
            | Kind::PostToolUseFailure
            | Kind::PostToolBatch
            | Kind::UserPromptSubmit
            | Kind::TaskCreated
            | Kind::TaskCompleted
    )
}

/// One event being counted.
struct Count<'a> {
    cx: &'a Cx<'a>,
    run: Run,
    now: i64,
    effects: Vec<Effect>,
}

/// Characters of the first prompt that are remembered.
const PROMPT_LIMIT: usize = 200;
/// Calls of an agent that are remembered before the first outcome comes.
const UNANSWERED: u32 = 16;
/// Tasks created in a row without one completed, and new directories, that are worth a word.
const TASKS: u32 = 5;
const FOLDERS: usize = 3;

impl Count<'_> {
    /// A call was judged: it is a step, and its refusal may be the end.
    fn judged(&mut self, call: &ToolCall, verdict: &Verdict) {
        let policy = self.cx.policy;
        if self.run.started == 0 {
            self.run.started = self.now;
        }
        let mut agent = self.run.take(&self.cx.event.agent_id);
        let denied = verdict.decision == Decision::Deny;
        let deciding = verdict
            .findings
            .iter()
            .find(|it| it.decision == verdict.decision);
        let by_limit = deciding.filter(|it| denied && it.pack == limit::PACK);
        if !denied {
            self.warn_of_budgets(&agent, call);
            if call.shell().is_some()
                && let Some(limit) = policy.limits.get(Limit::Rate)
            {
                // A rate holds from the first outcome on; before it only what is on its way counts.
                let limit = if agent.outcomes > 0 {
                    limit
                } else {
                    limit.min(UNANSWERED)
                };
                agent.push_call(self.now, usize::try_from(limit).unwrap_or(usize::MAX));
            }
            if breaker::is_open(&agent) {
                let key = limit::substance_key(call, self.cx.reading, &self.cx.places.project);
                breaker::probe(&mut agent, key, self.now);
            }
            self.run.subagents += u32::from(limit::spawns(call));
        }
        self.run.steps += 1;
        agent.steps += 1;
        agent.prompt_steps += 1;
        if let Some(finding) = by_limit {
            if matches!(&*finding.rule, "limit-breaker" | "limit-refusals") {
                agent.refusals += 1;
            }
            if ENDS.contains(&&*finding.rule) {
                self.end(&mut agent, &finding.rule, &finding.why);
            }
        }
        self.run.put(agent);
        if !denied {
            self.folders(call);
        }
        // The event of a task tells the model nothing.
        if self.run.tasks >= TASKS && self.run.tell_once(Told::Tasks) {
            let tasks = self.run.tasks;
            self.creep(&format!("{tasks} tasks were added and none was completed"));
        }
    }

    fn warn_of_budgets(&mut self, agent: &Agent, call: &ToolCall) {
        let limits = &self.cx.policy.limits;
        let near = budget::nearly(&self.run, agent, limits, self.now, limit::spawns(call));
        for (kind, what, used, limit) in near {
            if kind == Limit::Minutes {
                self.run.tell_once(Told::Minutes);
            }
            let used = format!("{used} of {limit} {what} are used");
            self.notify(
                notify::Kind::Budget,
                Severity::Medium,
                "a budget runs low",
                &used,
            );
            self.tell(&format!(
                "{used}. Finish what is begun, leave the rest, and say what is left: at {limit} the run ends."
            ));
        }
    }

    /// Directories at the top of the project that were not there.
    fn folders(&mut self, call: &ToolCall) {
        let root = &self.cx.places.project;
        for part in call.parts.iter().filter(|it| it.role == Role::WritePath) {
            let path = part.text();
            let below = path
                .strip_prefix(root.as_str())
                .and_then(|it| it.strip_prefix('/'));
            let Some((top, _)) = below.and_then(|it| it.split_once('/')) else {
                continue;
            };
            let known = self.run.folders.iter().any(|it| it == top);
            if known || self.run.folders.len() >= FOLDER_LIMIT {
                continue;
            }
            if self.cx.host.metadata(&format!("{root}/{top}")).is_err() {
                self.run.folders.push(redact(top).into_owned());
            }
        }
        if self.run.folders.len() >= FOLDERS && self.run.tell_once(Told::Folders) {
            let named = self.run.folders.join(", ");
            self.creep(&format!(
                "new directories at the top of the project: {named}"
            ));
        }
    }

    fn lifecycle(&mut self) {
        match self.cx.event.kind {
            Kind::UserPromptSubmit => self.prompt(),
            Kind::TaskCreated => self.run.tasks += u32::from(self.run.steps > 0),
            Kind::TaskCompleted => self.run.tasks = 0,
            _ => {}
        }
    }

    /// A person said something: what was given for one prompt is given anew.
    fn prompt(&mut self) {
        let fields = &self.cx.event.fields;
        let prompt = fields.lenient("prompt");
        let source = fields.lenient("source");
        let person =
            matches!(&*source, "" | "user" | "sdk") && !prompt.starts_with("<task-notification>");
        if !person {
            return;
        }
        if self.run.prompt.is_empty() {
            self.run.prompt = redact(&prompt).chars().take(PROMPT_LIMIT).collect();
        }
        let mut agent = self.run.take("");
        agent.prompt_steps = 0;
        agent.refusals = 0;
        agent.failing = 0;
        agent.warned = 0;
        agent.ended = String::new();
        agent.past.clear();
        agent.classes.clear();
        agent.edits.clear();
        if agent != Agent::default() {
            self.run.put(agent);
        }
    }

    /// Says that a run grows beyond what was asked for.
    fn creep(&mut self, what: &str) {
        let asked = if self.run.prompt.is_empty() {
            String::new()
        } else {
            format!(" The task was: `{}`", self.run.prompt)
        };
        self.tell(&format!(
            "{what}. Stay with what was asked, or say why it has to be more.{asked}"
        ));
    }

    /// Tells a human outside the session, where the policy names a way.
    fn notify(&mut self, kind: notify::Kind, severity: Severity, title: &str, body: &str) {
        if notify::channel::any(self.cx.policy) {
            self.effects
                .push(Effect::notify(kind, severity, title, body));
        }
    }

    /// Tells the model, where the event can.
    fn tell(&mut self, text: &str) {
        self.effects
            .push(Effect::Context(format!("hookbin: {text}")));
    }

    /// Ends the run of an agent cleanly, with a report; only once.
    fn end(&mut self, agent: &mut Agent, rule: &str, why: &str) {
        let mut reason = format!("hookbin ended this run ({rule}): {why}");
        if !agent.ended.is_empty() {
            self.effects.push(Effect::EndTurn(reason));
            return;
        }
        agent.ended = redact(why).into_owned();
        self.run.ended = format!("{rule}: {}", agent.ended);
        let report = report::files(self.cx, &self.run, agent, rule, why);
        self.effects.extend(report.effects);
        if !report.path.is_empty() {
            reason.push_str(" Report: ");
            reason.push_str(&report.path);
        }
        self.notify(
            notify::Kind::End,
            Severity::High,
            "a run was ended",
            &reason,
        );
        self.effects.push(Effect::EndTurn(reason));
        self.effects.push(Effect::Audit(self.noted(rule)));
    }

    /// The record of an end.
    fn noted(&self, rule: &str) -> Record {
        let mut record = record::blank(self.cx);
        "note".clone_into(&mut record.decision);
        record.rules = vec![rule.to_owned()];
        record.note.clone_from(&self.run.ended);
        record
    }
}
