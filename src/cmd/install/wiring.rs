//! Owns what is wired: hooks/hooks.json, the one source, made into the entries of one settings file.
//! Does not own where they go in a text (`plan`). Invariant: user and local files carry the executable
//! and hookbin's directories as absolute arguments, the shared project file carries neither.

use serde_json::Value;

use super::edit::Json;
use super::json::{self, Node, NodeKind};
use crate::host::Dirs;
use crate::settings::Layer;

/// The wiring of a plugin and of a shared project file.
const SOURCE: &str = include_str!("../../../hooks/hooks.json");

/// The entries to be written, in order.
#[derive(Clone, Debug)]
pub(crate) struct Wiring {
    /// What is started.
    pub(crate) command: String,
    /// The arguments after `hook <Event>`.
    extra: Vec<String>,
    entries: Vec<(String, Json)>,
}

impl Wiring {
    /// The wiring of a layer, with the profile of tools it adds to the policy's.
    pub(crate) fn of(layer: Layer, dirs: &Dirs, profile: Option<&str>) -> Self {
        let profile = profile.map(|it| ["--profile".to_owned(), it.to_owned()]);
        let mut own: Vec<String> = profile.into_iter().flatten().collect();
        if layer == Layer::Project {
            return Self::new("hookbin", &own);
        }
        let pairs = [
            ("--config-dir", &dirs.config),
            ("--state-dir", &dirs.state),
            ("--home", &dirs.home),
        ];
        let places = pairs.into_iter();
        let mut extra: Vec<String> = places
            .flat_map(|(name, value)| [name.to_owned(), value.clone()])
            .collect();
        extra.append(&mut own);
        Self::new(dirs.program(), &extra)
    }

    /// The wiring that starts `command` with `extra` arguments after the event's name.
    pub(crate) fn new(command: &str, extra: &[String]) -> Self {
        let root = json::parse(SOURCE).ok();
        let hooks = root.as_ref().and_then(|it| it.member("hooks"));
        let members = hooks.and_then(Node::members).unwrap_or_default();
        let entries = members
            .iter()
            .filter_map(|it| {
                let group = it.value.elements()?.first()?;
                let handler = group.member("hooks")?.elements()?.first()?;
                Some((it.key.clone(), adapt(&ordered(handler), command, extra)))
            })
            .collect();
        Self {
            command: command.to_owned(),
            extra: extra.to_vec(),
            entries,
        }
    }

    /// Event and handler of each entry.
    pub(crate) fn entries(&self) -> &[(String, Json)] {
        &self.entries
    }

    /// The arguments of an event's entry.
    pub(crate) fn args(&self, event: &str) -> Vec<String> {
        let mut args = vec!["hook".to_owned(), event.to_owned()];
        args.extend_from_slice(&self.extra);
        args
    }
}

/// The group that holds one handler and nothing that limits it.
pub(crate) fn group(handler: &Json) -> Json {
    Json::Object(vec![(
        "hooks".to_owned(),
        Json::Array(vec![handler.clone()]),
    )])
}

/// The whole `hooks` object.
pub(crate) fn hooks(wiring: &Wiring) -> Json {
    let events = wiring.entries().iter();
    Json::Object(
        events
            .map(|(event, handler)| (event.clone(), Json::Array(vec![group(handler)])))
            .collect(),
    )
}

/// True where a handler that is in a file does what the wanted one does. Its timeout may be another.
pub(crate) fn does_the_same(found: &Value, wanted: &Json) -> bool {
    let Json::Object(members) = wanted else {
        return false;
    };
    let limits = ["if", "async", "asyncRewake", "once", "shell"];
    let timeout = found.get("timeout").and_then(Value::as_f64);
    timeout.is_some_and(|it| it > 0.0)
        && !limits.iter().any(|it| found.get(it).is_some())
        && members
            .iter()
            .all(|(key, value)| key == "timeout" || found.get(key) == Some(&decoded(value)))
        && (found.get("onFailure").is_none() || members.iter().any(|(key, _)| key == "onFailure"))
}

/// The handler of the source with the real command and arguments.
fn adapt(handler: &Json, command: &str, extra: &[String]) -> Json {
    let Json::Object(members) = handler else {
        return handler.clone();
    };
    let members = members.iter().map(|(key, value)| {
        let value = match (key.as_str(), value) {
            ("command", _) => Json::string(command),
            ("args", Json::Array(args)) => {
                let extra = extra.iter().map(|it| Json::string(it));
                Json::Array(args.iter().cloned().chain(extra).collect())
            }
            _ => value.clone(),
        };
        (key.clone(), value)
    });
    Json::Object(members.collect())
}

/// A part of the source, members in order.
fn ordered(node: &Node) -> Json {
    match &node.kind {
        NodeKind::Object(members) => Json::Object(
            members
                .iter()
                .map(|it| (it.key.clone(), ordered(&it.value)))
                .collect(),
        ),
        NodeKind::Array(elements) => Json::Array(elements.iter().map(ordered).collect()),
        NodeKind::Scalar => Json::Scalar(node.text(SOURCE).to_owned()),
    }
}

fn decoded(json: &Json) -> Value {
    match json {
        Json::Scalar(text) => serde_json::from_str(text).unwrap_or_default(),
        Json::Array(elements) => elements.iter().map(decoded).collect(),
        Json::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), decoded(value)))
            .collect(),
    }
}
