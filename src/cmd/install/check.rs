//! Owns the proof at the end of an installation: the wired program is started as the client would start
//! it, with a destructive payload, and its answer is read. Does not own the wiring. Invariants: the
//! payload is only judged, nothing in it is ever run; silence proves something only where the audit chain
//! says that this very call was judged.

use serde_json::{Value, json};

use super::wiring::Wiring;
use crate::audit;
use crate::cmd::World;
use crate::event::Kind;
use crate::hex;
use crate::verdict::Decision;

/// What the program is asked to judge.
pub(crate) const COMMAND: &str = "rm -rf ~";

/// What the wired program did with it.
pub(crate) enum Proof {
    /// It refused, in these words.
    Refused(String),
    /// It answered nothing, as observe mode does, and recorded the refusal.
    Observed,
}

/// What the program does, or why that is not enough.
pub(crate) fn prove(world: &World, wiring: &Wiring) -> Result<Proof, String> {
    let event = Kind::PreToolUse.name();
    let id = fresh_id(world);
    let answer = world
        .machine
        .run(&wiring.command, &wiring.args(event), &payload(world, &id));
    let (code, stdout, stderr) =
        answer.map_err(|error| format!("`{}` cannot be started: {error}", wiring.command))?;
    let stderr = String::from_utf8_lossy(&stderr).trim().to_owned();
    if code == 0 && stdout.is_empty() {
        if observed(world, &id) {
            return Ok(Proof::Observed);
        }
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
    Ok(Proof::Refused(reason.unwrap_or(&stderr).to_owned()))
}

/// Whether the call was recorded as one that would have been refused. A chain that cannot be read
/// proves nothing.
fn observed(world: &World, id: &str) -> bool {
    let mut found = false;
    let mut left = RECORDS_SEARCHED;
    let read = audit::newest_first(world.host, world.dirs, &mut |entry| {
        found = entry.record.is_some_and(|it| {
            it.tool_use_id == id
                && Decision::parse(&it.decision) == Some(Decision::Deny)
                && it.note.split(' ').any(|fact| fact == audit::OBSERVED)
        });
        left -= 1;
        !found && left > 0
    });
    read.is_ok() && found
}

/// Other sessions may have written since; not that many.
const RECORDS_SEARCHED: u32 = 1000;

/// A tool_use_id nobody had before, so that no stored verdict answers.
fn fresh_id(world: &World) -> String {
    let mut id = String::from("self-check-");
    hex::push(&mut id, &world.host.random());
    id
}

/// A PreToolUse event of its own session.
fn payload(world: &World, id: &str) -> Vec<u8> {
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
