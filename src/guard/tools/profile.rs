//! Owns which tools a profile admits, those that run shell text aside. Invariant: a tool that nobody
//! listed is outside, but for one of a server whose name and input say that it looks.

use super::{Outside, Profile};
use crate::event::{Role, ToolCall, is_looking};
use crate::word::listed;

/// Tools that change nothing but the session itself.
const READS: &str = " Read Grep Glob LS NotebookRead WebFetch WebSearch TodoWrite TodoRead TaskCreate \
    TaskGet TaskUpdate TaskList TaskStop TaskOutput BashOutput KillShell KillBash AskUserQuestion \
    EnterPlanMode ExitPlanMode ToolSearch ListMcpResourcesTool ReadMcpResourceTool \
    ReadMcpResourceDirTool Agent Task Skill CronList SendUserMessage StructuredOutput LSP ";

/// What ordinary development adds.
const EDITS: &str = " Write Edit MultiEdit NotebookEdit EnterWorktree ExitWorktree SendMessage \
    SendUserFile PushNotification ";

/// Servers with which a review is written.
const REVIEWS: [&str; 2] = ["mcp__github_inline_comment__", "mcp__github_comment__"];

pub(super) fn outside(profile: Profile, call: &ToolCall) -> Option<Outside> {
    let name = &*call.name;
    let inside = match profile {
        Profile::None => false,
        _ if listed(READS, name) || looks(call) => true,
        Profile::ReadOnly => false,
        _ if REVIEWS.iter().any(|it| name.starts_with(it)) => true,
        Profile::CiReview => false,
        Profile::Unattended => listed(EDITS, name),
    };
    (!inside).then(|| Outside {
        what: name.to_owned(),
        why: "nothing lists it",
        span: None,
    })
}

/// True for a tool of a server that says it looks, and is given nothing to write or run.
fn looks(call: &ToolCall) -> bool {
    let acts = |role: Role| matches!(role, Role::Shell(_) | Role::WritePath | Role::Code);
    call.name.starts_with("mcp__")
        && is_looking(&call.name)
        && !call.parts.iter().any(|it| acts(it.role))
}
