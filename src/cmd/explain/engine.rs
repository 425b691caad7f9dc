//! Owns the engine behind `hookbin explain`: the stages of the hook up to the verdict, without a session
//! and without a record. Invariant: what it says of a command is what the hook would say.

use serde_json::json;

use super::{Engine, Judged};
use crate::event;
use crate::guard::{self, Cx};
use crate::hook;
use crate::host::{Dirs, Host};
use crate::policy;
use crate::response;
use crate::rule::RuleView;
use crate::session::Session;
use crate::shell::access;
use crate::verdict::{self, Decision};

/// The engine on this machine, with the policy in force here.
pub struct LiveEngine<'a> {
    pub host: &'a dyn Host,
    pub dirs: &'a Dirs,
    pub cwd: &'a str,
    pub project: &'a str,
}

impl Engine for LiveEngine<'_> {
    fn judge(&self, tool: &str, command: &str) -> Result<Judged, String> {
        let payload = json!({
            "hook_event_name": "PreToolUse",
            "session_id": "explain",
            "cwd": self.cwd,
            "tool_name": tool,
            "tool_input": { "command": command },
        })
        .to_string();
        let event = event::parse(&payload).map_err(|error| error.0)?;
        let policy =
            policy::load(self.host, self.dirs, self.project).map_err(|error| error.to_string())?;
        let places = hook::places(self.host, &event, self.dirs, self.project);
        let reading = hook::read_shell(&event, &places).unwrap_or_default();
        let session = Session::default();
        let cx = Cx::new(
            &event,
            &policy,
            &session,
            self.host,
            &places,
            Some(&reading),
        );
        let verdict = verdict::reduce(guard::check_all(&cx));
        let message = match verdict.decision {
            Decision::Pass => String::new(),
            _ => response::reason(&verdict),
        };
        let tools = guard::tools::explanation(&cx);
        let accesses = reading.invocations.iter().map(access::accesses).collect();
        Ok(Judged {
            reading,
            accesses,
            verdict,
            tools,
            message,
        })
    }

    fn rule(&self, id: &str) -> Option<Vec<(String, String)>> {
        let policy = policy::load(self.host, self.dirs, self.project).ok()?;
        policy
            .tables
            .iter()
            .find_map(|table| table.rule(id))
            .map(fields)
    }
}

/// A rule's fields in the order of its file.
fn fields(rule: RuleView) -> Vec<(String, String)> {
    [
        ("id", rule.id),
        ("pack", rule.pack),
        ("title", rule.title),
        ("severity", rule.severity.word()),
        ("decision", rule.decision.word()),
        ("status", rule.status),
        ("why", rule.why),
        ("instead", rule.instead),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .collect()
}
