//! Owns the credentials that the agent inherits in its environment: at the start of a session the user
//! reads their names, and where the policy says so they are taken from the agent's shell, through the
//! file of commands that the client runs before each shell call. Does not own which names they are
//! (`name`), nor what becomes of one that is printed or sent (`rules`). Invariants: no value leaves this
//! file; what the client itself needs is never taken; a line that is there is not written again.

mod name;

use super::Handler;
use crate::effect::Effect;
use crate::event::Kind;
use crate::guard::Cx;
use crate::host::FileKind;
use crate::path;
use crate::policy::{Credentials, Mode, Value};
use crate::verdict::Verdict;
use crate::word::{fits, is_variable};

pub(super) struct CredentialHandler;

impl Handler for CredentialHandler {
    fn id(&self) -> &'static str {
        "credential"
    }

    fn run(&self, cx: &Cx, _verdict: &Verdict) -> Vec<Effect> {
        if cx.event.kind != Kind::SessionStart || cx.policy.mode == Mode::Observe {
            return Vec::new();
        }
        let lists = Lists {
            strip: list(cx, "env.strip"),
            keep: list(cx, "env.keep"),
        };
        if cx.policy.credentials == Credentials::Silent && lists.strip.is_empty() {
            return Vec::new();
        }
        let (mut taken, mut left) = (Vec::new(), Vec::new());
        for name in cx.host.variables() {
            let credential = is_credential(cx, &name);
            if lists.takes(
                &name,
                credential && cx.policy.credentials == Credentials::Strip,
            ) {
                taken.push(name);
            } else if credential && !name::is_own(&name) && !lists.keeps(&name) {
                left.push(name);
            }
        }
        let mut effects = Vec::new();
        if !taken.is_empty() {
            take(cx, taken, &mut effects);
        }
        let source = cx.event.fields.lenient("source");
        // In the middle of a session the user has read it.
        let starts = matches!(source.as_ref(), "startup" | "resume" | "fork");
        if !left.is_empty() && starts && cx.policy.credentials != Credentials::Silent {
            // Who takes them already has no need of the hint, nor who keeps some of the notice.
            let hint = match cx.policy.credentials {
                Credentials::Strip => ".",
                _ => ". `env.credentials = \"strip\"` in the policy takes them from its shell.",
            };
            let message = [
                "hookbin: the agent inherits credentials: ",
                &listed(left),
                hint,
            ];
            effects.push(Effect::Message(message.concat()));
        }
        effects
    }
}

/// What the policy says of single variables.
struct Lists {
    strip: Vec<String>,
    keep: Vec<String>,
}

impl Lists {
    fn takes(&self, name: &str, credential: bool) -> bool {
        let named = self.strip.iter().any(|it| fits(it, name));
        is_variable(name)
            && !name::is_needed(name)
            && (named || credential && !name::is_proxy(name))
            && !self.keeps(name)
    }

    fn keeps(&self, name: &str) -> bool {
        self.keep.iter().any(|it| fits(it, name))
    }
}

fn list(cx: &Cx, key: &str) -> Vec<String> {
    match cx.policy.settings.iter().find(|it| it.key == key) {
        Some(setting) => match &setting.value {
            Value::List(list) => list.clone(),
            _ => Vec::new(),
        },
        None => Vec::new(),
    }
}

/// True where the name says so and the value does not say otherwise, or the value is a secret by itself.
fn is_credential(cx: &Cx, name: &str) -> bool {
    let Some(value) = cx.host.env(name) else {
        return false;
    };
    let is_file = || value.starts_with('/') && cx.host.metadata(&value).is_ok();
    if name::is_credential(name) {
        return name::is_secret(&value) && !is_file();
    }
    !name::is_public(name) && name::holds_secret(&value)
}

/// Writes what is missing into the client's file and tells the model what it will not find.
fn take(cx: &Cx, names: Vec<String>, effects: &mut Vec<Effect>) {
    let Some(file) = env_file(cx) else {
        let names = listed(names);
        effects.push(Effect::Message(
            ["hookbin: the client gave no file to take these credentials from the agent's shell: ", &names].concat(),
        ));
        return;
    };
    let present = cx.host.read(&file, FILE_LIMIT).unwrap_or_default();
    let present = String::from_utf8_lossy(&present);
    let mut lines = String::new();
    for name in &names {
        let line = ["unset ", name].concat();
        if !present.lines().any(|it| it == line) {
            lines.push_str(&line);
            lines.push('\n');
        }
    }
    if !lines.is_empty() {
        // A line of others that does not end would swallow ours.
        if !present.is_empty() && !present.ends_with('\n') {
            lines.insert(0, '\n');
        }
        effects.push(Effect::Append {
            path: file,
            content: lines,
        });
    }
    let names = listed(names);
    effects.push(Effect::Context(
        [
            "hookbin: these variables were taken from your shell: ",
            &names,
            ". Do not look for their values elsewhere; where a task needs one, say so.",
        ]
        .concat(),
    ));
}

/// The file whose lines the client runs before each shell call: its own, at its place.
fn env_file(cx: &Cx) -> Option<String> {
    let file = cx.host.env("CLAUDE_ENV_FILE")?;
    if !file.starts_with('/') || path::normalise(&file) != file {
        return None;
    }
    match cx.host.metadata(&file) {
        Ok(meta) => {
            (meta.kind == FileKind::File && meta.links == 1 && meta.owner == cx.host.user())
                .then_some(file)
        }
        Err(error) => (error.kind() == std::io::ErrorKind::NotFound).then_some(file),
    }
}

/// The client's file holds some lines.
const FILE_LIMIT: usize = 1 << 20;

/// The names in one line.
fn listed(mut names: Vec<String>) -> String {
    const SHOWN: usize = 20;
    names.sort_unstable();
    let more = names.len().saturating_sub(SHOWN);
    names.truncate(SHOWN);
    let mut line = names.join(", ");
    if more > 0 {
        line.push_str(" and ");
        line.push_str(&more.to_string());
        line.push_str(" more");
    }
    line
}

#[cfg(test)]
mod tests;
