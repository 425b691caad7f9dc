//! Owns what is said and remembered of the settings files at SessionStart: which of them hold us, and a
//! line for the user where one that did no longer does. Does not own the objection to a change while
//! the session runs (`guard::settings`). Invariant: it reports and never stops anything.

use super::Handler;
use crate::effect::Effect;
use crate::event::Kind;
use crate::guard::Cx;
use crate::guard::settings::{OWN_LAYERS, home};
use crate::session::Change;
use crate::settings::memory::{self, Memory};
use crate::settings::{self, Inspection, Layer};
use crate::verdict::Verdict;

/// The handler of SessionStart.
pub struct SettingsHandler;

impl Handler for SettingsHandler {
    fn id(&self) -> &'static str {
        "settings"
    }

    fn run(&self, cx: &Cx, _verdict: &Verdict) -> Vec<Effect> {
        if cx.event.kind != Kind::SessionStart {
            return Vec::new();
        }
        let installed = settings::installed(cx.host, &cx.places.own);
        let goes_on = goes_on(cx);
        let mut layers = Vec::new();
        let mut effects = Vec::new();
        for layer in OWN_LAYERS {
            let path = layer.path(cx.host, home(cx), &cx.places.project);
            let seen = memory::recall(&cx.session.wired, layer);
            let before = seen.clone().unwrap_or_default();
            let expected = before.wired != 0 || installed.contains(&path);
            match settings::read(cx.host, &path) {
                Err(problem) => {
                    effects.push(report(layer, &path, &problem.0));
                    layers.push((layer, before));
                }
                Ok(now) => {
                    if let Some(what) = complaint(&now, expected, &before) {
                        effects.push(report(layer, &path, what));
                    }
                    let kept = match seen {
                        Some(before) if goes_on => before,
                        None if goes_on && expected && !now.guards() => missing(),
                        _ => Memory::of(&now),
                    };
                    layers.push((layer, kept));
                }
            }
        }
        let lines = memory::lines(&layers);
        if lines != cx.session.wired {
            effects.push(Effect::Session(Change::Wired(lines)));
        }
        effects
    }
}

/// True where the client keeps the settings it has: then a file that was changed in vain must not be
/// taken for what is in force.
fn goes_on(cx: &Cx) -> bool {
    let source = cx.event.fields.lenient("source");
    matches!(source.as_ref(), "compact" | "clear" | "fork")
}

/// The memory of a file that should hold us: any change that still does not is blocked.
fn missing() -> Memory {
    Memory {
        wired: settings::bit(Kind::PreToolUse),
        ..Memory::default()
    }
}

/// What is wrong with a file at the start of a session, if anything.
fn complaint<'a>(now: &'a Inspection, expected: bool, before: &Memory) -> Option<&'a str> {
    if !now.rejected.is_empty() {
        return Some(&now.rejected);
    }
    if now.disabled {
        return Some("it sets disableAllHooks");
    }
    if expected && now.entries.is_empty() {
        return Some("it no longer holds hookbin's entries");
    }
    if expected && (!now.guards() || before.wired & !now.wired != 0) {
        return Some("it holds only a part of hookbin's entries, or altered ones");
    }
    None
}

fn report(layer: Layer, path: &str, what: &str) -> Effect {
    let word = layer.word();
    Effect::Message(format!(
        "hookbin: the {word} settings ({path}) need a look: {what}. `hookbin status` in a terminal shows \
         what is in force, `hookbin install --{word}` repairs it."
    ))
}
