//! Owns the kinds of events (protocol reference: the hooks page of the Claude Code documentation) and the
//! direction in which a failure goes on each.

/// Where a failure of hookbin itself goes on an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The call is refused: exit 2 with a reason.
    Closed,
    /// The failure is reported and nothing is stopped: exit 0.
    Open,
}

macro_rules! kinds {
    ($($name:ident),* $(,)?) => {
        /// A kind of event, by its `hook_event_name`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind {
            $($name,)*
            /// A name this version does not know.
            Unknown,
        }

        impl Kind {
            /// Every known kind.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The kind of a `hook_event_name`.
            pub fn parse(name: &str) -> Self {
                match name {
                    $(stringify!($name) => Self::$name,)*
                    _ => Self::Unknown,
                }
            }

            /// The `hook_event_name`; `Unknown` for an unknown kind.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                    Self::Unknown => "Unknown",
                }
            }
        }
    };
}

kinds!(
    PreToolUse,
    PermissionRequest,
    PermissionDenied,
    PostToolUse,
    PostToolUseFailure,
    PostToolBatch,
    UserPromptSubmit,
    UserPromptExpansion,
    MessageDisplay,
    Notification,
    SessionStart,
    Setup,
    SessionEnd,
    Stop,
    StopFailure,
    SubagentStart,
    SubagentStop,
    PreCompact,
    PostCompact,
    PreModelSwitch,
    PostModelSwitch,
    TeammateIdle,
    TaskCreated,
    TaskCompleted,
    Elicitation,
    ElicitationResult,
    ConfigChange,
    InstructionsLoaded,
    CwdChanged,
    FileChanged,
    DirectoryAdded,
    WorktreeCreate,
    WorktreeRemove,
);

impl Kind {
    /// Where a failure goes: closed where the event guards something, open elsewhere.
    pub fn direction(self) -> Direction {
        match self {
            Self::PreToolUse | Self::ConfigChange => Direction::Closed,
            _ => Direction::Open,
        }
    }
}
