//! Owns the frozen wire format of answers. Does not own what is answered. Invariant: these structs are the
//! protocol's, never internal ones; a field that is not said is not written.

use serde::Serialize;
use serde_json::Value;

/// The frozen wire format of an answer. Field order is the order on the wire.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Wire<'a> {
    #[serde(rename = "continue", skip_serializing_if = "Option::is_none")]
    pub(super) go_on: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) stop_reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) decision: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) system_message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) hook_specific_output: Option<Specific<'a>>,
}

/// `hookSpecificOutput`: only fields that the event's schema knows are set.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Specific<'a> {
    pub(super) hook_event_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) permission_decision: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) permission_decision_reason: Option<String>,
    #[serde(rename = "decision", skip_serializing_if = "Option::is_none")]
    pub(super) request_decision: Option<Behavior>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) updated_input: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) updated_tool_output: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) additional_context: Option<String>,
}

impl Specific<'_> {
    pub(super) fn says_something(&self) -> bool {
        self.permission_decision.is_some()
            || self.request_decision.is_some()
            || self.updated_input.is_some()
            || self.updated_tool_output.is_some()
            || self.additional_context.is_some()
    }
}

/// The decision of a `PermissionRequest`.
#[derive(Serialize)]
pub(super) struct Behavior {
    pub(super) behavior: &'static str,
    pub(super) message: String,
}
