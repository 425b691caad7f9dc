//! Owns counting what came of a call: a failure by its signature, a success, what goes round.

use serde_json::Value;

use super::Count;
use crate::event::{Fields, Kind, Outcome, Role, ToolCall};
use crate::failure::{self, Failure};
use crate::handler::record;
use crate::hook;
use crate::limit::breaker::{self, Step};
use crate::limit::{self, progress};
use crate::notify;
use crate::policy::Limit;
use crate::session::run::{Agent, Edit, Past};
use crate::shell::{Invocation, Reading, Redirect, RedirectOp};
use crate::verdict::Severity;
use crate::word::listed;

/// Bytes at the end of an output in which a hidden failure is looked for.
const MASKED_LIMIT: usize = 4 << 10;

impl Count<'_> {
    /// What came of one call.
    pub(super) fn outcome(&mut self, call: &ToolCall, outcome: Outcome) {
        if !record::unsettled(self.cx, call) {
            return;
        }
        match (self.cx.event.kind, outcome) {
            (Kind::PostToolUseFailure, Outcome::Error(raw)) => {
                let text: String = serde_json::from_str(raw.get()).unwrap_or_default();
                if !self.cx.event.fields.flag("is_interrupt") {
                    self.failed(call, &text);
                }
            }
            (Kind::PostToolUse, outcome) => self.fine(call, outcome),
            _ => {}
        }
    }

    /// A batch is the one event that shows what the client itself refused, for a wrong input.
    pub(super) fn batch(&mut self, calls: &[(ToolCall, Outcome)]) {
        for (call, outcome) in calls {
            let Outcome::Response(raw) = outcome else {
                continue;
            };
            let is_error = |it: &str| it.contains("<tool_use_error>");
            // A large answer is no refusal of the client.
            if raw.get().len() > 64 << 10 || !is_error(raw.get()) {
                continue;
            }
            if !record::unsettled(self.cx, call) || record::refused(self.cx, call) {
                continue;
            }
            let text = joined(raw.get());
            if text.trim_start().starts_with("<tool_use_error>") {
                self.failed(call, &text);
            }
        }
    }

    fn failed(&mut self, call: &ToolCall, text: &str) {
        let reading = self.read(call);
        let root = &self.cx.places.project;
        let failure = failure::read(&limit::program(call, reading.as_ref()), text, root);
        let mut agent = self.run.take(&self.cx.event.agent_id);
        agent.outcomes += 1;
        agent.failing += 1;
        if !waits(call, reading.as_ref()) && !says_nothing(text) {
            let key = limit::substance_key(call, reading.as_ref(), root);
            self.count(&mut agent, &failure, key, failure::retry_after(text));
        }
        self.go_round(&mut agent);
        self.run.put(agent);
    }

    fn count(&mut self, agent: &mut Agent, failure: &Failure, key: u64, wait: Option<u32>) {
        let limits = &self.cx.policy.limits;
        let step = breaker::fail(agent, failure, key, self.now, wait, limits);
        let tally = breaker::tally(agent, failure.class, limits);
        if let (Some(count), Step::Counted) = (tally, step) {
            self.tell(&format!(
                "{count} calls failed in different ways that have one thing in common: {}. Find what they \
                 share before the next try.",
                failure.class.title()
            ));
        }
        let (class, message, instead) = (
            failure.class.id(),
            &failure.message,
            failure.class.instead(),
        );
        match step {
            Step::Counted => {}
            Step::Again { count, left } => self.tell(&format!(
                "this failed {count} times in the same way ({class}): `{message}`. Do not repeat it: {instead} \
                 After {left} more the same call is refused."
            )),
            Step::Tripped { count } => {
                let failed = format!("this failed {count} times in the same way ({class}): `{message}`");
                self.notify(notify::Kind::Breaker, Severity::Medium, "a breaker tripped", &failed);
                self.tell(&format!(
                    "{failed}. The same call is refused from now on, until something has changed. Instead: \
                     {instead}"
                ));
            }
            Step::Probed { count } => self.tell(&format!(
                "this still fails, {count} times by now ({class}): `{message}`. Instead: {instead}"
            )),
            Step::Open { count } => {
                agent.refusals += 1;
                let most = limits.get(Limit::Refusals);
                if most.is_some_and(|it| agent.refusals >= it) {
                    let why = format!("this failed {count} times ({class}): `{message}`");
                    self.end(agent, "limit-refusals", &why);
                } else {
                    self.tell(&format!(
                        "this failed once more, {count} times by now ({class}): `{message}`. Instead: {instead}"
                    ));
                }
            }
        }
    }

    fn fine(&mut self, call: &ToolCall, outcome: Outcome) {
        let root = &self.cx.places.project;
        let mut agent = self.run.take(&self.cx.event.agent_id);
        agent.outcomes += 1;
        let subject = limit::subject_key(call);
        let came_before = agent.past.iter().any(|it| it.0 == subject);
        if !agent.breakers.is_empty() || came_before && hides_status(call) {
            let reading = self.read(call);
            let reading = reading.as_ref();
            let key = limit::substance_key(call, reading, root);
            let program = limit::program(call, reading);
            let hidden = hides_status(call)
                .then(|| hidden(&program, outcome, root))
                .flatten();
            match hidden {
                Some(failure) if !waits(call, reading) => {
                    self.count(&mut agent, &failure, key, None);
                }
                _ => breaker::succeed(&mut agent, key),
            }
            if changes(reading) {
                agent.changes += 1;
            }
        }
        agent.failing = 0;
        if call.parts.iter().any(|it| it.role == Role::WritePath) {
            agent.changes += 1;
            agent.classes.clear();
            agent.past.clear();
            edited(&mut agent, call);
        } else if !waits_by_name(call) && !is_polling(call) {
            let result = match outcome {
                Outcome::Response(raw) => limit::digest(raw.get()),
                _ => 0,
            };
            agent.push_past(Past(subject, result));
        }
        self.go_round(&mut agent);
        self.run.put(agent);
    }

    /// Warns of a spin once, and ends an unattended run that goes on with it.
    fn go_round(&mut self, agent: &mut Agent) {
        let Some(spin) = progress::spin(agent, &self.cx.policy.limits) else {
            agent.warned = 0;
            return;
        };
        if spin.hopeless && !self.cx.policy.attended && agent.ended.is_empty() {
            let why = format!("no progress: {} ({} times)", spin.what, spin.times);
            self.end(agent, "limit-spinning", &why);
        } else if agent.warned == 0 {
            agent.warned = spin.times;
            self.tell(&format!(
                "{} ({} times): that is no progress. Change the approach, or say what is missing.",
                spin.what, spin.times
            ));
        }
    }

    fn read(&self, call: &ToolCall) -> Option<Reading> {
        hook::read_call(self.cx.host, call, self.cx.places)
    }
}

/// The text of what the model saw: a string, or blocks with text.
fn joined(json: &str) -> String {
    match serde_json::from_str(json) {
        Ok(Value::String(text)) => text,
        Ok(Value::Array(blocks)) => {
            let texts = blocks.iter().filter_map(|it| it.get("text")?.as_str());
            texts.collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

/// True where nothing tells why: the status alone often is the answer (`grep -q`, `test`, `diff`).
fn says_nothing(text: &str) -> bool {
    let text = text.trim();
    matches!(text, "" | "Exit code 1")
}

/// True for a call that waits for something: its repetition is no spin.
fn waits(call: &ToolCall, reading: Option<&Reading>) -> bool {
    let sleeps = |it: &Reading| it.invocations.iter().any(|it| it.program == "sleep");
    waits_by_name(call) || reading.is_some_and(sleeps)
}

fn waits_by_name(call: &ToolCall) -> bool {
    const WAITING: &str = "BashOutput TaskOutput TaskStop Monitor AgentOutput TodoWrite TaskList";
    listed(WAITING, &call.name)
}

/// The cheap look for a call that sleeps.
fn is_polling(call: &ToolCall) -> bool {
    call.shell().is_some_and(|it| it.text().contains("sleep"))
}

/// True where the status of shell text may not be that of its program.
fn hides_status(call: &ToolCall) -> bool {
    call.shell()
        .is_some_and(|it| it.text().contains(['|', ';']))
}

/// The failure that a fine status hides.
fn hidden(program: &str, outcome: Outcome, root: &str) -> Option<Failure> {
    let Outcome::Response(raw) = outcome else {
        return None;
    };
    let fields = Fields::parse(raw.get()).ok()?;
    let text = [fields.lenient("stdout"), fields.lenient("stderr")].join("\n");
    let from = text.len().saturating_sub(MASKED_LIMIT);
    let from = text.ceil_char_boundary(from);
    failure::masked(program, text.get(from..)?, root)
}

/// True where shell text may have changed files.
fn changes(reading: Option<&Reading>) -> bool {
    const LOOKING: &str = "cat ls head tail grep egrep rg fd find wc stat file du df pwd which type echo printf \
        test [ [[ true false sleep date env ps diff cmp sort uniq cut tree cd jq id whoami uname hostname curl";
    const GIT: &str = "status log diff show branch rev-parse blame ls-files";
    let writes = |it: &Redirect| {
        let reads = matches!(it.op, RedirectOp::Read | RedirectOp::Duplicate);
        !reads && it.target.text != "/dev/null"
    };
    let looks = |it: &Invocation| {
        let first = it.args().first().map_or("", |it| it.text.as_str());
        !it.redirects.iter().any(writes) && listed(LOOKING, &it.program)
            || it.program == "git" && listed(GIT, first)
    };
    reading.is_some_and(|it| !it.invocations.iter().all(looks))
}

/// Remembers which text of a file an edit replaced by which.
fn edited(agent: &mut Agent, call: &ToolCall) {
    if call.name != "Edit" {
        return;
    }
    let Ok(fields) = Fields::parse(call.input.get()) else {
        return;
    };
    let part = |field: &str| limit::digest(&fields.lenient(field));
    agent.push_edit(Edit(
        part("file_path"),
        part("old_string"),
        part("new_string"),
    ));
}
