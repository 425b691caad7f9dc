//! Owns the engine behind `hookbin explain`: the stages of the hook up to the verdict, without a session
//! and without a record. Invariant: what it says of a command is what the hook would say.

use serde_json::json;

use super::{Engine, Judged};
use crate::cmd::rules;
use crate::event;
use crate::guard::{self, Cx};
use crate::hook;
use crate::host::{Dirs, Host};
use crate::policy::{self, Policy};
use crate::response;
use crate::rule::{self, Near, Query, Rule, RuleView, Source, catalog};
use crate::session::Session;
use crate::shell::access;
use crate::verdict::{self, Decision, Verdict};

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
        let reading = hook::read_shell(self.host, &event, &places).unwrap_or_default();
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
        let near = near(&cx, &policy, tool, command, &verdict);
        let accesses = reading.invocations.iter().map(access::accesses).collect();
        Ok(Judged {
            reading,
            accesses,
            verdict,
            tools,
            near,
            message,
            note: String::new(),
        })
    }

    fn rule(&self, id: &str) -> Option<Vec<(String, String)>> {
        let policy = policy::load(self.host, self.dirs, self.project).ok()?;
        let rule = policy.tables.iter().find_map(|it| it.rule(id))?;
        let own = policy::rule_files(self.host, self.dirs, self.project).into_iter();
        let own = own.map(|(_, file, text)| (file, text));
        let built_in = catalog::files().unwrap_or_default().into_iter();
        let source = built_in.chain(own).find_map(|(file, text)| {
            // Parsing a file is a lot of work: most are seen not to have it.
            let source = text.contains(id).then(|| rule::load(&file, &text).ok())??;
            let holds = source.rules.iter().any(|it| it.get_ref().id == id);
            holds.then_some(source)
        });
        Some(fields(rule, source.as_ref()))
    }

    fn nearest(&self, id: &str) -> Option<String> {
        let policy = policy::load(self.host, self.dirs, self.project).ok()?;
        rules::nearest(&policy, id)
    }
}

/// Rules that came near, and those that match and that the policy has switched off.
fn near(cx: &Cx, policy: &Policy, tool: &str, text: &str, verdict: &Verdict) -> Vec<Near> {
    let Some(reading) = cx.reading else {
        return Vec::new();
    };
    let query = Query {
        tool,
        text,
        urls: &[],
        reading,
        accesses: &cx.accesses,
        locator: &cx.locator,
    };
    let off = policy.tables.iter().flat_map(|it| it.check(&query));
    let off = off
        .filter(|it| policy.decide(&it.rule, &it.pack, it.severity, it.decision) == Decision::Pass);
    let off = off.map(|it| Near {
        rule: it.rule,
        severity: it.severity,
        decision: it.decision,
        invocation: it.invocation.unwrap_or_default(),
        condition: "matches, and is switched off by the policy".to_owned(),
    });
    let all = off.chain(policy.tables.iter().flat_map(|it| it.near(&query)));
    let decided = |it: &Near| verdict.findings.iter().any(|found| found.rule == it.rule);
    all.filter(|it| !decided(it)).collect()
}

/// A rule's fields in the order of its file.
fn fields(rule: RuleView, source: Option<&Source>) -> Vec<(String, String)> {
    let written = source.and_then(|source| {
        let mut rules = source.rules.iter().map(toml::Spanned::get_ref);
        Some((source, rules.find(|it| it.id == rule.id)?))
    });
    let list = |of: fn(&Rule) -> &[String]| written.map_or(String::new(), |it| of(it.1).join("\n"));
    let owasp = written.map_or(String::new(), |(source, it)| source.owasp(it).join("\n"));
    let file = written.map_or("", |it| &it.0.file);
    [
        ("id", rule.id),
        ("pack", rule.pack),
        ("file", file),
        ("title", rule.title),
        ("severity", rule.severity.word()),
        ("decision", rule.decision.word()),
        ("status", rule.status),
        ("why", rule.why),
        ("instead", rule.instead),
        ("false_positives", &list(|it| &it.false_positives)),
        ("references", &list(|it| &it.references)),
        ("owasp", &owasp),
        ("hit", &list(|it| &it.hit)),
        ("miss", &list(|it| &it.miss)),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(key, value)| (key.to_owned(), value.to_owned()))
    .collect()
}
