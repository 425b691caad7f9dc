//! Owns the proof at the end of an installation: the wired program is started as the client would start
//! it, with a destructive payload, and its answer is read. Does not own the wiring. Invariant: the
//! payload is only judged; nothing in it is ever run.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::wiring::Wiring;
use crate::cmd::World;
use crate::event::Kind;

/// What the program is asked to judge.
pub(crate) const COMMAND: &str = "rm -rf ~";

/// The refusal in the program's own words, or why there is none.
pub(crate) fn refusal(world: &World, wiring: &Wiring) -> Result<String, String> {
    let event = Kind::PreToolUse.name();
    let answer = world
        .machine
        .run(&wiring.command, &wiring.args(event), &payload(world));
    let (code, stdout, stderr) =
        answer.map_err(|error| format!("`{}` cannot be started: {error}", wiring.command))?;
    let stderr = String::from_utf8_lossy(&stderr).trim().to_owned();
    if code == 0 && stdout.is_empty() {
        return Err("it answered nothing, so the call would have run".to_owned());
    }
    let answer: Value = serde_json::from_slice(&stdout).unwrap_or_default();
    let output = |key: &str| answer.get("hookSpecificOutput")?.get(key)?.as_str();
    let denied =
        output("permissionDecision") == Some("deny") && output("hookEventName") == Some(event);
    if code != 2 || !denied {
        return Err(format!("exit code {code}, {stderr}"));
    }
    let reason = output("permissionDecisionReason");
    Ok(reason.unwrap_or(&stderr).to_owned())
}

/// A PreToolUse event of its own session; its id is new, so that no stored verdict answers.
fn payload(world: &World) -> Vec<u8> {
    let mut id = String::from("self-check-");
    for byte in world.host.random() {
        let _ = write!(id, "{byte:02x}");
    }
    let payload = json!({
        "session_id": "hookbin-self-check",
        "transcript_path": "",
        "cwd": world.cwd,
        "permission_mode": "default",
        "hook_event_name": Kind::PreToolUse.name(),
        "tool_name": "Bash",
        "tool_input": { "command": COMMAND, "description": "self-check of hookbin install" },
        "tool_use_id": id,
    });
    format!("{payload}\n").into_bytes()
}
