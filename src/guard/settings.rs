//! Owns the objection to a settings change that takes hookbin out of the way: entries removed or
//! altered, all hooks disabled, a file the client would throw away, variables that move the guard.
//! Does not own what a settings file means (`settings`). Invariant: a change that keeps us is silent.

use std::borrow::Cow;

use super::{Cx, Guard};
use crate::effect::Effect;
use crate::event::Kind;
use crate::host::Dirs;
use crate::session::Change;
use crate::settings::memory::{self, Memory};
use crate::settings::{self, Entry, Inspection, Layer};
use crate::verdict::{Decision, Finding, Severity, Verdict};

/// The guard over ConfigChange.
pub struct SettingsGuard;

impl Guard for SettingsGuard {
    fn id(&self) -> &'static str {
        "settings"
    }

    fn check(&self, cx: &Cx) -> Vec<Finding> {
        let Some(change) = Changed::of(cx) else {
            return Vec::new();
        };
        match settings::read(cx.host, &change.path) {
            Err(problem) => vec![change.finding(MALFORMED, &problem.0)],
            Ok(now) => change.objections(cx, &now),
        }
    }

    fn record(&self, cx: &Cx, verdict: &Verdict) -> Vec<Effect> {
        let Some(change) = Changed::of(cx) else {
            return Vec::new();
        };
        if verdict.decision > Decision::Warn || cx.session.wired.is_empty() {
            return Vec::new();
        }
        let Ok(now) = settings::read(cx.host, &change.path) else {
            return Vec::new();
        };
        let layers: Vec<(Layer, Memory)> = OWN_LAYERS
            .into_iter()
            .map(|layer| {
                let kept = || memory::recall(&cx.session.wired, layer).unwrap_or_default();
                let changed = layer == change.layer;
                (layer, if changed { Memory::of(&now) } else { kept() })
            })
            .collect();
        let lines = memory::lines(&layers);
        if lines == cx.session.wired {
            return Vec::new();
        }
        vec![Effect::Session(Change::Wired(lines))]
    }
}

/// The layers whose changes a hook can keep from applying.
pub const OWN_LAYERS: [Layer; 3] = [Layer::User, Layer::Project, Layer::Local];

const REMOVED: Rule = Rule {
    id: "hookbin-settings-removed",
    severity: Severity::Critical,
    why: "takes hookbin's entries out or alters them",
};
const DISABLED: Rule = Rule {
    id: "hookbin-settings-disabled",
    severity: Severity::Critical,
    why: "switches every hook off",
};
const MALFORMED: Rule = Rule {
    id: "hookbin-settings-malformed",
    severity: Severity::High,
    why: "leaves a file the client throws away, hooks and all",
};
const ENVIRONMENT: Rule = Rule {
    id: "hookbin-settings-env",
    severity: Severity::High,
    why: "sets variables that can move the guard",
};

/// Characters of a detail that are shown: a reason has to stay short.
const DETAIL_LIMIT: usize = 80;

/// What is particular to one objection.
#[derive(Clone, Copy)]
struct Rule {
    id: &'static str,
    severity: Severity,
    why: &'static str,
}

/// The settings file an event is about.
struct Changed {
    layer: Layer,
    path: String,
}

impl Changed {
    /// The change, where the event is one that a hook can keep from applying.
    fn of(cx: &Cx) -> Option<Self> {
        if cx.event.kind != Kind::ConfigChange {
            return None;
        }
        let layer = Layer::of_source(&cx.event.fields.lenient("source"))?;
        if !OWN_LAYERS.contains(&layer) {
            return None;
        }
        let named = cx.event.fields.lenient("file_path");
        let path = if named.starts_with('/') {
            named.into_owned()
        } else {
            layer.path(cx.host, home(cx), &cx.places.project)
        };
        Some(Self { layer, path })
    }

    fn objections(&self, cx: &Cx, now: &Inspection) -> Vec<Finding> {
        let before = memory::recall(&cx.session.wired, self.layer);
        let held_us = before.as_ref().is_some_and(|it| it.wired != 0);
        let mut found = Vec::new();
        if !now.rejected.is_empty() && (held_us || !now.entries.is_empty()) {
            found.push(self.finding(MALFORMED, &now.rejected));
        }
        if now.disabled && !managed_guards(cx) {
            found.push(self.finding(DISABLED, "disableAllHooks"));
        }
        if let Some(what) = self.lost(cx, before.as_ref(), now) {
            found.push(self.finding(REMOVED, &what));
        }
        if !now.env.is_empty() && before.is_none_or(|it| it.env != now.env_digest()) {
            let names: Vec<&str> = now.env.iter().map(|(name, _)| name.as_str()).collect();
            found.push(self.finding(ENVIRONMENT, &names.join(", ")));
        }
        found
    }

    /// What of our wiring the change takes away, in words.
    fn lost(&self, cx: &Cx, before: Option<&Memory>, now: &Inspection) -> Option<String> {
        let Some(before) = before else {
            return (!anything_wires_us(cx, self, now)).then(|| "no entry is left".to_owned());
        };
        let lost = before.wired & !now.wired;
        if lost != 0 {
            return Some(events(lost));
        }
        let altered = before.wired != 0 && before.entries != now.entries_digest();
        let foreign = now
            .entries
            .iter()
            .find(|it| !self.is_own(it, &cx.places.own));
        match foreign {
            Some(entry) if altered => Some(format!("{} starts something else", entry.event)),
            _ => None,
        }
    }

    /// True where an entry starts this executable with these directories.
    fn is_own(&self, entry: &Entry, own: &Dirs) -> bool {
        let shared = self.layer == Layer::Project && entry.command == "hookbin";
        let known = [&own.executable, &own.link];
        let known = |it: &String| known.into_iter().any(|own| !own.is_empty() && it == own);
        let command = shared || known(&entry.command);
        // Without the argument, variables decide: meant in a shared file, a way out elsewhere.
        let same = |name: &str, mine: &str| entry.arg(name).map_or(shared, |it| it == mine);
        command
            && same("--config-dir", &own.config)
            && same("--state-dir", &own.state)
            && same("--home", &own.home)
    }

    fn finding(&self, rule: Rule, detail: &str) -> Finding {
        let layer = self.layer.word();
        let detail: String = detail.chars().take(DETAIL_LIMIT).collect();
        Finding {
            rule: Cow::Borrowed(rule.id),
            pack: Cow::Borrowed("hookbin"),
            severity: rule.severity,
            decision: Decision::Deny,
            why: Cow::Owned(format!(
                "this change of the {layer} settings {} ({detail}); it does not apply.",
                rule.why
            )),
            instead: Cow::Borrowed(
                "undo it in the file, which stays changed, or leave it to the user.",
            ),
            subject: self.path.clone(),
            real: String::new(),
            span: None,
        }
    }
}

/// True where settings that a person cannot switch off wire us.
fn managed_guards(cx: &Cx) -> bool {
    let path = Layer::Managed.path(cx.host, "", "");
    settings::read(cx.host, &path).is_ok_and(|it| it.guards())
}

/// For a session whose start nobody saw: whether any file, or a plugin, still wires us.
fn anything_wires_us(cx: &Cx, change: &Changed, now: &Inspection) -> bool {
    let wires = |it: &Inspection| settings::has_entry(&it.entries, Kind::PreToolUse.name());
    let elsewhere = |layer: Layer| {
        let path = layer.path(cx.host, home(cx), &cx.places.project);
        layer != change.layer && settings::read(cx.host, &path).is_ok_and(|it| wires(&it))
    };
    wires(now)
        || cx.host.env("CLAUDE_PLUGIN_ROOT").is_some()
        || Layer::ALL.into_iter().any(elsewhere)
}

/// The user's home as far as it is known.
pub fn home<'a>(cx: &'a Cx) -> &'a str {
    let own = &cx.places.own.home;
    match cx.places.homes.first() {
        Some(home) if own.is_empty() => home,
        _ => own,
    }
}

/// The events of a set, for people; the one that matters most alone.
fn events(set: u64) -> String {
    if set & settings::bit(Kind::PreToolUse) != 0 {
        return Kind::PreToolUse.name().to_owned();
    }
    let in_set = |it: &&Kind| set & settings::bit(**it) != 0;
    let names: Vec<&str> = Kind::ALL
        .iter()
        .filter(in_set)
        .map(|it| it.name())
        .collect();
    names.join(", ")
}

#[cfg(test)]
mod tests;
