//! Owns the list of everything hookbin may want done to the world: [`Effect`]. Guards and handlers
//! return effects; only `host::apply` and `response::render` carry them out. Does not own how.
//! Invariant: a new capability is a new variant here, never a direct call.

use serde_json::Value;

use crate::audit::Record;
use crate::notify::{self, Notification};
use crate::session::Change;
use crate::verdict::Severity;

/// One requested change to the world.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Text for the model (`additionalContext`).
    Context(String),
    /// A line for the user (`systemMessage`).
    Message(String),
    /// The tool's input, replaced as a whole (PreToolUse).
    ReplaceInput(Value),
    /// The tool's output, replaced as a whole, in the tool's own shape (PostToolUse).
    ReplaceOutput(Value),
    /// The turn ends after this event (`continue: false`), with the reason shown to the user.
    EndTurn(String),
    /// A Stop is refused and the agent goes on with this instruction.
    BlockStop(String),
    /// A settings change is kept from applying (ConfigChange), with the reason.
    BlockConfig(String),
    /// Plain text on stdout, for events whose JSON is dropped (PreCompact).
    Plain(String),
    /// A file written atomically: absolute path, content, and the mode of its bits.
    File {
        path: String,
        content: Vec<u8>,
        mode: u32,
    },
    /// The same for a file that only people read: where it cannot be written nothing else is kept from
    /// happening.
    Report {
        path: String,
        content: Vec<u8>,
        mode: u32,
    },
    /// Lines behind those that a file has: absolute path, no link. The file may be another program's.
    Append { path: String, content: String },
    /// A change to what is remembered of this session.
    Session(Change),
    /// A record for the audit chain.
    Audit(Record),
    /// The session (its id) is over: the end of the chain is kept in a further copy, and what is
    /// remembered of sessions long gone is removed. After everything else.
    EndSession(String),
    /// Something that a human outside the session is told, delivered by a detached process.
    Notify(Notification),
}

impl Effect {
    /// A human outside the session is to be told, where the policy says how. Neither text has to be
    /// redacted; the session and its directory are added.
    pub fn notify(
        kind: notify::Kind,
        severity: Severity,
        title: impl Into<String>,
        body: impl Into<String>,
    ) -> Self {
        Self::Notify(Notification {
            kind,
            severity,
            title: title.into(),
            body: body.into(),
        })
    }
}
