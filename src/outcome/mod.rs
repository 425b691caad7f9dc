//! Owns what is in an outcome that a model is about to read: secrets and control sequences that are taken
//! out (`replace`), text that hides or addresses an agent (`mark`, `phrase`). Does not own what is
//! answered then (`handler::outcome`). Invariant: one pass each, and a text without anything of the kind
//! costs no allocation where it is only looked at.

mod mark;
mod phrase;
mod replace;
mod word;

pub use mark::{Marks, marks};
pub use replace::{LINE_LIMIT, Replaced, replaced};

/// What a tool's answer is to a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// From outside: pages, search results, services. Nothing in it has any business with an agent.
    Foreign,
    /// Files and programs of this machine.
    Local,
    /// What the agent wrote itself, or what the client says.
    Own,
}

/// Where the answers of a tool come from.
pub fn origin(tool: &str) -> Origin {
    match tool {
        "WebFetch" | "WebSearch" | "ReadMcpResourceTool" => Origin::Foreign,
        "Bash" | "PowerShell" | "BashOutput" | "TaskOutput" | "Monitor" | "Read" | "Grep" => {
            Origin::Local
        }
        _ if tool.starts_with("mcp__") => Origin::Foreign,
        _ => Origin::Own,
    }
}
