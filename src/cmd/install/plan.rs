//! Owns the step from a settings text to the text with, or without, our entries. Does not own files
//! (`store`). Invariants: nothing but our entries changes, installing twice changes nothing, and
//! uninstalling gives back what was there before installing.

use std::fmt;

use serde_json::Value;

use super::edit::{self, Json, Style};
use super::json::{self, BOM, JsonError, Node};
use super::wiring::{self, Wiring};
use crate::settings::{is_blank, is_ours, is_unrestricted};

/// Why a settings text is left alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PlanError {
    /// It is not JSON as every reader understands it.
    Json(JsonError),
    /// A key holds something of another type than the client's.
    Type {
        line: usize,
        key: String,
        wanted: &'static str,
    },
    /// The change would have touched something else.
    Lossy,
}

impl From<JsonError> for PlanError {
    fn from(error: JsonError) -> Self {
        Self::Json(error)
    }
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Json(error) => write!(f, "not JSON that can be edited: {error}"),
            Self::Type { line, key, wanted } => {
                write!(
                    f,
                    "line {line}: `{key}` is not {wanted}, as the client wants it"
                )
            }
            Self::Lossy => f.write_str("the change would have touched more than hookbin's entries"),
        }
    }
}

/// The text with our entries as wired; the same text where they stand in it already.
pub(crate) fn install(text: &str, wiring: &Wiring) -> Result<String, PlanError> {
    if is_blank(text.strip_prefix(BOM).unwrap_or(text).as_bytes()) {
        let members = vec![("hooks".to_owned(), wiring::hooks(wiring))];
        return Ok(edit::document(&Json::Object(members), 3));
    }
    let root = json::parse(text)?;
    let hooks = hooks_of(text, &root)?;
    if hooks.is_none() {
        let style = Style::of(text, &root);
        let value = wiring::hooks(wiring);
        let with = edit::append(text, &root, Some("hooks"), &value, 2, &style);
        return checked(text, with);
    }
    let mut with = drop_foreign_events(text, wiring)?;
    for (event, handler) in wiring.entries() {
        with = wire_event(with, event, handler)?;
    }
    checked(text, with)
}

/// The text without our entries. `before` is the text from before the first installation, where known.
pub(crate) fn uninstall(text: &str, before: Option<&str>) -> Result<String, PlanError> {
    let root = json::parse(text)?;
    hooks_of(text, &root)?;
    if let Some(before) = before
        && let Some(wiring) = wiring_in(text, &root)
        && install(before, &wiring).as_deref() == Ok(text)
    {
        return Ok(before.to_owned());
    }
    let before = before.and_then(|it| serde_json::from_str(it.trim_start_matches(BOM)).ok());
    let mut without = text.to_owned();
    while let Some(next) = remove_one(&without, &before.clone().unwrap_or_default(), &|_, _| true)?
    {
        without = next;
    }
    checked(text, without)
}

/// Removes our entries from events that are not wired.
fn drop_foreign_events(text: &str, wiring: &Wiring) -> Result<String, PlanError> {
    let foreign = |event: &str, _: &Place| !wiring.entries().iter().any(|(it, _)| it == event);
    let mut text = text.to_owned();
    while let Some(next) = remove_one(&text, &Value::Null, &foreign)? {
        text = next;
    }
    Ok(text)
}

/// Leaves exactly one entry of ours on an event, unrestricted and as wanted.
fn wire_event(mut text: String, event: &str, handler: &Json) -> Result<String, PlanError> {
    let root = json::scan(&text)?;
    let mut ours = places(&text, &root, Some(event))?.into_iter();
    let keeper = ours.clone().find(|it| it.unrestricted);
    if ours.any(|it| Some(&it) != keeper.as_ref()) {
        let spare = |_: &str, it: &Place| it.event == event && keeper.as_ref() != Some(it);
        while let Some(next) = remove_one(&text, &Value::Null, &spare)? {
            text = next;
        }
        return wire_event(text, event, handler);
    }
    let style = Style::of(&text, &root);
    if let Some(node) = keeper.and_then(|it| it.node(&root)) {
        if wiring::does_the_same(&node.decode(&text), handler) {
            return Ok(text);
        }
        return Ok(edit::replace(&text, node, handler, &style));
    }
    let group = wiring::group(handler);
    let Some(hooks) = hooks_of(&text, &root)? else {
        let hooks = Json::Object(vec![(event.to_owned(), Json::Array(vec![group]))]);
        return Ok(edit::append(&text, &root, Some("hooks"), &hooks, 2, &style));
    };
    Ok(match hooks.member(event) {
        Some(groups) => edit::append(&text, groups, None, &group, 0, &style),
        None => edit::append(
            &text,
            hooks,
            Some(event),
            &Json::Array(vec![group]),
            1,
            &style,
        ),
    })
}

/// Where an entry of ours stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    event: String,
    group: usize,
    handler: usize,
    unrestricted: bool,
}

impl Place {
    fn node<'n>(&self, root: &'n Node) -> Option<&'n Node> {
        let group = root.member("hooks")?.member(&self.event)?;
        let group = group.elements()?.get(self.group)?;
        group.member("hooks")?.elements()?.get(self.handler)
    }
}

/// Every entry of ours, or every one of an event, in order.
fn places(text: &str, root: &Node, only: Option<&str>) -> Result<Vec<Place>, PlanError> {
    let mut found = Vec::new();
    let hooks = hooks_of(text, root)?.and_then(Node::members);
    let wanted = hooks.unwrap_or_default().iter();
    for event in wanted.filter(|it| only.is_none_or(|only| it.key == only)) {
        let groups = event.value.elements().unwrap_or_default();
        for (group_index, group) in groups.iter().enumerate() {
            let handlers = group.member("hooks").and_then(Node::elements);
            for (handler_index, handler) in handlers.unwrap_or_default().iter().enumerate() {
                if is_ours(&handler.decode(text)) {
                    found.push(Place {
                        event: event.key.clone(),
                        group: group_index,
                        handler: handler_index,
                        unrestricted: is_unrestricted(&group.decode(text)),
                    });
                }
            }
        }
    }
    Ok(found)
}

/// The text without the last entry of ours that `chosen` names, and without what that leaves empty,
/// unless it was empty `before`; `None` where there is none.
fn remove_one(
    text: &str,
    before: &Value,
    chosen: &dyn Fn(&str, &Place) -> bool,
) -> Result<Option<String>, PlanError> {
    let root = json::scan(text)?;
    let places = places(text, &root, None)?;
    let Some(place) = places.into_iter().rev().find(|it| chosen(&it.event, it)) else {
        return Ok(None);
    };
    Ok(remove_place(text, &root, &place, before))
}

fn remove_place(text: &str, root: &Node, place: &Place, before: &Value) -> Option<String> {
    let hooks = root.member("hooks")?;
    let groups = hooks.member(&place.event)?;
    let handlers = groups.elements()?.get(place.group)?.member("hooks")?;
    let was = |path: &[&str]| {
        let mut at = before;
        path.iter().all(|key| match at.get(key) {
            Some(value) => {
                at = value;
                true
            }
            None => false,
        })
    };
    if handlers.elements()?.len() > 1 {
        return Some(edit::remove(text, handlers, place.handler));
    }
    if groups.elements()?.len() > 1 || was(&["hooks", &place.event]) {
        return Some(edit::remove(text, groups, place.group));
    }
    let index = |node: &Node, key: &str| node.members()?.iter().position(|it| it.key == key);
    if hooks.members()?.len() > 1 || was(&["hooks"]) {
        return Some(edit::remove(text, hooks, index(hooks, &place.event)?));
    }
    Some(edit::remove(text, root, index(root, "hooks")?))
}

/// The `hooks` object of a settings text, after a look at the types we rely on.
fn hooks_of<'n>(text: &str, root: &'n Node) -> Result<Option<&'n Node>, PlanError> {
    let wrong = |node: &Node, key: &str, wanted| PlanError::Type {
        line: json::position(text, node.start).0,
        key: key.to_owned(),
        wanted,
    };
    if root.members().is_none() {
        return Err(wrong(root, "the whole file", "an object"));
    }
    let Some(hooks) = root.member("hooks") else {
        return Ok(None);
    };
    let Some(events) = hooks.members() else {
        return Err(wrong(hooks, "hooks", "an object"));
    };
    for event in events {
        if event.value.elements().is_none() {
            let key = format!("hooks.{}", event.key);
            return Err(wrong(&event.value, &key, "a list"));
        }
    }
    Ok(Some(hooks))
}

/// The wiring that a text holds, from its first entry of ours.
fn wiring_in(text: &str, root: &Node) -> Option<Wiring> {
    let place = places(text, root, None).ok()?.into_iter().next()?;
    let handler = place.node(root)?.decode(text);
    let args = handler.get("args")?.as_array()?;
    let extra: Option<Vec<String>> = args
        .iter()
        .skip(2)
        .map(|it| it.as_str().map(str::to_owned))
        .collect();
    Some(Wiring::new(handler.get("command")?.as_str()?, &extra?))
}

/// The new text, if both texts hold the same once our entries are out of them.
fn checked(old: &str, new: String) -> Result<String, PlanError> {
    let parsed = |text: &str| -> Result<Value, PlanError> {
        let mut value = json::parse(text)?.decode(text);
        strip_ours(&mut value);
        Ok(value)
    };
    if parsed(old)? == parsed(&new)? {
        Ok(new)
    } else {
        Err(PlanError::Lossy)
    }
}

/// Takes our entries, and every container without content, out of a decoded file.
fn strip_ours(settings: &mut Value) {
    let Some(hooks) = settings.get_mut("hooks").and_then(Value::as_object_mut) else {
        return;
    };
    for groups in hooks.values_mut().filter_map(Value::as_array_mut) {
        for group in groups.iter_mut() {
            if let Some(handlers) = group.get_mut("hooks").and_then(Value::as_array_mut) {
                let count = handlers.len();
                handlers.retain(|it| !is_ours(it));
                if handlers.is_empty() && count > 0 {
                    *group = Value::Null;
                }
            }
        }
        groups.retain(|it| !it.is_null());
    }
    hooks.retain(|_, groups| groups.as_array().is_none_or(|it| !it.is_empty()));
    if hooks.is_empty()
        && let Some(all) = settings.as_object_mut()
    {
        all.remove("hooks");
    }
}

#[cfg(test)]
mod tests;
