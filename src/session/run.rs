//! Owns what is remembered for the limits of a run: [`Run`], and of each agent [`Agent`] its steps, recent
//! results and breakers. Does not own what follows from them (`guard::limit`, `handler::limit`). Invariant:
//! bounded in every list and text, so that the line of a session does not grow with it.

use serde::{Deserialize, Serialize};

/// Agents that are remembered; of more the one that was quiet longest is forgotten.
pub const AGENT_LIMIT: usize = 8;
/// Breakers of one agent; of more the oldest is forgotten.
pub const BREAKER_LIMIT: usize = 8;
/// Calls that one breaker names.
pub const CALL_LIMIT: usize = 4;
/// Characters of a failure's telling line.
pub const MESSAGE_LIMIT: usize = 120;
/// Results of one agent that are remembered.
pub const PAST_LIMIT: usize = 12;
/// Edits of one agent that are remembered.
pub const EDIT_LIMIT: usize = 6;
/// New directories that are remembered.
pub const FOLDER_LIMIT: usize = 8;

/// What is remembered of a session for its limits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Run {
    /// Unix seconds of the first call.
    #[serde(rename = "s")]
    pub started: i64,
    /// The first prompt, redacted and cut; empty where none was seen.
    #[serde(rename = "q", skip_serializing_if = "String::is_empty")]
    pub prompt: String,
    /// Tool calls of all agents.
    #[serde(rename = "n", skip_serializing_if = "is_zero")]
    pub steps: u64,
    /// Subagents that were started.
    #[serde(rename = "u", skip_serializing_if = "is_nought")]
    pub subagents: u32,
    /// Tasks created since the last one was completed.
    #[serde(rename = "t", skip_serializing_if = "is_nought")]
    pub tasks: u32,
    /// Directories at the top of the project that the agent made.
    #[serde(rename = "f", skip_serializing_if = "Vec::is_empty")]
    pub folders: Vec<String>,
    /// What was said once: bits of [`Told`].
    #[serde(rename = "h", skip_serializing_if = "is_nought")]
    pub told: u32,
    /// Why the run ended last, for `hookbin status` and `hookbin ci check`; stays until a person resets it.
    #[serde(rename = "z", skip_serializing_if = "String::is_empty")]
    pub ended: String,
    #[serde(rename = "a", skip_serializing_if = "Vec::is_empty")]
    pub agents: Vec<Agent>,
}

/// What is said once a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u32)]
pub enum Told {
    Minutes = 1,
    Tasks = 2,
    Folders = 4,
}

/// One agent: the main one, or a subagent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Agent {
    /// `agent_id`; empty for the main agent.
    #[serde(rename = "i", skip_serializing_if = "String::is_empty")]
    pub id: String,
    /// Tool calls, and those since the last prompt.
    #[serde(rename = "n")]
    pub steps: u64,
    #[serde(rename = "m", skip_serializing_if = "is_nought")]
    pub prompt_steps: u32,
    /// Outcomes that came: without any, nobody knows whether calls run at all.
    #[serde(rename = "o", skip_serializing_if = "is_nought")]
    pub outcomes: u32,
    /// When shell calls were let through within the last minute: the first in Unix seconds, and for each a
    /// letter for the seconds since the one before it (`letter`). A list of numbers took longer to read
    /// than all else that is remembered.
    #[serde(rename = "b", skip_serializing_if = "is_long_nought")]
    pub window_from: i64,
    #[serde(rename = "w", skip_serializing_if = "String::is_empty")]
    pub window: String,
    /// How often files were changed.
    #[serde(rename = "g", skip_serializing_if = "is_nought")]
    pub changes: u32,
    /// Failing outcomes since the last one that was fine, or a changed file.
    #[serde(rename = "x", skip_serializing_if = "is_nought")]
    pub failing: u32,
    /// Refused repetitions since the last prompt.
    #[serde(rename = "r", skip_serializing_if = "is_nought")]
    pub refusals: u32,
    /// Outcomes since the last changed file, oldest first.
    #[serde(rename = "l", skip_serializing_if = "Vec::is_empty")]
    pub past: Vec<Past>,
    #[serde(rename = "e", skip_serializing_if = "Vec::is_empty")]
    pub edits: Vec<Edit>,
    /// What fails again and again, oldest first.
    #[serde(rename = "k", skip_serializing_if = "Vec::is_empty")]
    pub breakers: Vec<Breaker>,
    /// How many failures of each class came since a file was changed, in whatever ways.
    #[serde(rename = "y", skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<Tally>,
    /// Why it ended; empty while it goes on.
    #[serde(rename = "z", skip_serializing_if = "String::is_empty")]
    pub ended: String,
    /// How far the warning of no progress went for the present spin.
    #[serde(rename = "p", skip_serializing_if = "is_nought")]
    pub warned: u32,
}

/// A call and what came of it, as digests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past(pub u64, pub u64);

/// The id of a class of failures, and how many came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally(pub String, pub u32);

/// An edit: the file, the text that went and the text that came, as digests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit(pub u64, pub u64, pub u64);

/// A failure that came more than once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Breaker {
    /// The signature of the failure, and the id of its class.
    #[serde(rename = "s")]
    pub signature: String,
    #[serde(rename = "c")]
    pub class: String,
    /// How often it came since it was last fine.
    #[serde(rename = "n")]
    pub count: u32,
    /// The calls that failed so, as digests of what they do.
    #[serde(rename = "k")]
    pub calls: Vec<u64>,
    /// The telling line, redacted and cut.
    #[serde(rename = "t")]
    pub message: String,
    /// The agent's `changes` when it failed last.
    #[serde(rename = "g", skip_serializing_if = "is_nought")]
    pub changes: u32,
    #[serde(rename = "o", skip_serializing_if = "is_closed")]
    pub state: State,
    /// Unix seconds of the last failure, and how long is waited from then on before one call is tried; 0
    /// where waiting changes nothing.
    #[serde(rename = "a", skip_serializing_if = "is_long_nought")]
    pub failed: i64,
    #[serde(rename = "w", skip_serializing_if = "is_nought")]
    pub wait: u32,
}

/// Where a breaker stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum State {
    /// Failures are counted.
    #[default]
    #[serde(rename = "c")]
    Closed,
    /// The same call is refused.
    #[serde(rename = "o")]
    Open,
    /// One call was let through to see whether it is fine again.
    #[serde(rename = "h")]
    HalfOpen,
}

impl State {
    /// The word for people and scripts.
    pub fn word(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half-open",
        }
    }
}

impl Run {
    /// True where there is nothing to remember.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// An agent, where it is remembered.
    pub fn agent(&self, id: &str) -> Option<&Agent> {
        self.agents.iter().find(|it| it.id == id)
    }

    /// Takes an agent out to change it, as new where it is not remembered; [`Run::put`] brings it back.
    pub fn take(&mut self, id: &str) -> Agent {
        match self.agents.iter().position(|it| it.id == id) {
            Some(at) => self.agents.remove(at),
            None => Agent {
                id: id.to_owned(),
                ..Agent::default()
            },
        }
    }

    /// Brings an agent back as the one that acted last.
    pub fn put(&mut self, agent: Agent) {
        if self.agents.len() >= AGENT_LIMIT {
            // The main agent stays: its limits are those of the run.
            let oldest = self.agents.iter().position(|it| !it.id.is_empty());
            self.agents.remove(oldest.unwrap_or_default());
        }
        self.agents.push(agent);
    }

    /// Whether something was said already, and that it is from now on.
    pub fn tell_once(&mut self, what: Told) -> bool {
        let first = self.told & what as u32 == 0;
        self.told |= what as u32;
        first
    }
}

impl Agent {
    /// Remembers an outcome.
    pub fn push_past(&mut self, past: Past) {
        if self.past.len() >= PAST_LIMIT {
            self.past.remove(0);
        }
        self.past.push(past);
    }

    /// Remembers an edit.
    pub fn push_edit(&mut self, edit: Edit) {
        if self.edits.len() >= EDIT_LIMIT {
            self.edits.remove(0);
        }
        self.edits.push(edit);
    }

    /// The shell calls of the minute before `now`, in Unix seconds, oldest first.
    pub fn recent(&self, now: i64) -> impl Iterator<Item = i64> {
        let mut at = self.window_from;
        let times = self.window.bytes().map(move |it| {
            at += seconds(it);
            at
        });
        // A clock that went backwards must not hold anybody up.
        times.filter(move |it| *it > now - MINUTE && *it <= now)
    }

    /// Remembers a shell call, and forgets those that are over; at most `limit` are kept.
    pub fn push_call(&mut self, now: i64, limit: usize) {
        let mut last = self.window_from;
        for (at, byte) in self.window.bytes().enumerate() {
            last += seconds(byte);
            let surplus = self.window.len() - at >= limit;
            if last > now - MINUTE && last <= now && !surplus {
                // This one is kept, and all behind it: times only grow.
                self.window.replace_range(..=at, "0");
                self.window_from = last;
                let newest = last + self.window.bytes().skip(1).map(seconds).sum::<i64>();
                if newest <= now {
                    self.window.push(letter(now - newest));
                    return;
                }
                break;
            }
        }
        "0".clone_into(&mut self.window);
        self.window_from = now;
    }
}

/// Seconds in which shell calls are counted.
const MINUTE: i64 = 60;

/// The letter of up to a minute: `0` is none, and none of them needs an escape in JSON.
fn letter(seconds: i64) -> char {
    let seconds = u8::try_from(seconds.clamp(0, MINUTE)).unwrap_or_default();
    char::from(if seconds < 44 {
        b'0' + seconds
    } else {
        b'a' + seconds - 44
    })
}

/// The seconds of a letter.
fn seconds(letter: u8) -> i64 {
    i64::from(match letter {
        b'0'..=b'[' => letter - b'0',
        b'a'..=b'q' => letter - b'a' + 44,
        _ => 60,
    })
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks with a reference"
)]
mod nought {
    pub(super) fn is_zero(number: &u64) -> bool {
        *number == 0
    }

    pub(super) fn is_nought(number: &u32) -> bool {
        *number == 0
    }

    pub(super) fn is_long_nought(number: &i64) -> bool {
        *number == 0
    }

    pub(super) fn is_closed(state: &super::State) -> bool {
        *state == super::State::Closed
    }
}
use nought::{is_closed, is_long_nought, is_nought, is_zero};
