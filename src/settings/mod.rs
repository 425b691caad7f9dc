//! Owns the client's settings files as far as they decide whether hookbin runs: where they are
//! ([`Layer`]), what one holds of us ([`inspect`]). Does not own changes to them (`cmd::install`) nor
//! what is said about them (`guard::settings`). Invariant: reading only; a file that the client would
//! throw away as a whole is [`Problem`], never "no entries".

mod entries;
pub mod memory;

use std::io;

use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

pub use entries::{Entry, entries, has_entry, is_ours, is_unrestricted};

use crate::event::Kind;
use crate::host::{Dirs, Host};
use crate::order::sorted;

/// A settings file larger than this is not read.
pub const SIZE_LIMIT: usize = 4 << 20;

/// Which settings file, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    User,
    Project,
    Local,
    Managed,
}

impl Layer {
    /// Every layer, weakest first.
    pub const ALL: [Self; 4] = [Self::User, Self::Project, Self::Local, Self::Managed];

    /// The word used in commands and records.
    pub fn word(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Project => "project",
            Self::Local => "local",
            Self::Managed => "managed",
        }
    }

    /// The layer of a ConfigChange `source`; `None` for what is no settings file of hooks.
    pub fn of_source(source: &str) -> Option<Self> {
        match source {
            "user_settings" => Some(Self::User),
            "project_settings" => Some(Self::Project),
            "local_settings" => Some(Self::Local),
            "policy_settings" => Some(Self::Managed),
            _ => None,
        }
    }

    /// Where the layer's file is.
    pub fn path(self, host: &dyn Host, home: &str, project: &str) -> String {
        match self {
            Self::User => match host.env("CLAUDE_CONFIG_DIR") {
                Some(directory) if directory.starts_with('/') => {
                    format!("{}/settings.json", directory.trim_end_matches('/'))
                }
                _ => format!("{home}/.claude/settings.json"),
            },
            Self::Project => format!("{project}/.claude/settings.json"),
            Self::Local => format!("{project}/.claude/settings.local.json"),
            Self::Managed => MANAGED.to_owned(),
        }
    }
}

/// Where an administrator's settings are.
#[cfg(target_os = "macos")]
const MANAGED: &str = "/Library/Application Support/ClaudeCode/managed-settings.json";
#[cfg(not(target_os = "macos"))]
const MANAGED: &str = "/etc/claude-code/managed-settings.json";

/// What a settings file means for us.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inspection {
    /// There is such a file.
    pub present: bool,
    /// A bit per [`Kind`] for which an entry of ours is in force.
    pub wired: u64,
    /// Our entries, sound or not.
    pub entries: Vec<Entry>,
    /// `disableAllHooks` is set.
    pub disabled: bool,
    /// `allowManagedHooksOnly` is set.
    pub managed_only: bool,
    /// Variables under `env` that could move the guard, with their values, sorted.
    pub env: Vec<(String, String)>,
    /// What would make the client throw the file away although it is JSON: a phrase; empty if nothing.
    pub rejected: String,
}

impl Inspection {
    /// True where PreToolUse reaches us.
    pub fn guards(&self) -> bool {
        self.wired & bit(Kind::PreToolUse) != 0
    }

    /// Names our entries exactly; empty where there are none.
    pub fn entries_digest(&self) -> String {
        if self.entries.is_empty() {
            return String::new();
        }
        let mut texts: Vec<&str> = self.entries.iter().map(|it| it.text.as_str()).collect();
        texts.sort_unstable();
        digest(&texts.join("\n"))
    }

    /// Names the risky variables exactly; empty where there are none.
    pub fn env_digest(&self) -> String {
        if self.env.is_empty() {
            return String::new();
        }
        let pairs: Vec<String> = self.env.iter().map(|(k, v)| format!("{k}={v}")).collect();
        digest(&pairs.join("\n"))
    }
}

/// Why nothing can be said about a settings file: one phrase for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(pub String);

/// Reads and inspects a settings file; one that does not exist holds nothing.
pub fn read(host: &dyn Host, path: &str) -> Result<Inspection, Problem> {
    match host.read(path, SIZE_LIMIT) {
        Ok(bytes) => inspect(&bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Inspection::default()),
        Err(error) => Err(Problem(format!("it cannot be read: {error}"))),
    }
}

/// What the text of a settings file means for us.
pub fn inspect(bytes: &[u8]) -> Result<Inspection, Problem> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if is_blank(bytes) {
        return Ok(Inspection {
            present: true,
            ..Inspection::default()
        });
    }
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| Problem(format!("it is not JSON: {error}")))?;
    let Value::Object(settings) = value else {
        return Err(Problem("it does not hold a JSON object".to_owned()));
    };
    let mut inspection = Inspection {
        present: true,
        disabled: is_set(&settings, "disableAllHooks"),
        managed_only: is_set(&settings, "allowManagedHooksOnly"),
        env: risky_env(&settings),
        ..Inspection::default()
    };
    match settings.get("hooks") {
        None | Some(Value::Null) => {}
        Some(Value::Object(hooks)) => {
            inspection.rejected = entries::rejected(hooks);
            inspection.entries = entries(hooks);
        }
        Some(_) => "`hooks` is not an object".clone_into(&mut inspection.rejected),
    }
    for entry in inspection.entries.iter().filter(|it| it.sound) {
        inspection.wired |= bit(Kind::parse(&entry.event));
    }
    Ok(inspection)
}

/// True where nothing but the white space of JSON stands in a text.
pub fn is_blank(text: &[u8]) -> bool {
    text.iter()
        .all(|it| matches!(it, b' ' | b'\t' | b'\n' | b'\r'))
}

/// The settings files that `hookbin install` wired on this machine, one path per line.
pub fn installed(host: &dyn Host, dirs: &Dirs) -> Vec<String> {
    let bytes = host.read(&installed_path(dirs), SIZE_LIMIT);
    let text = String::from_utf8(bytes.unwrap_or_default()).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

/// Where that list is kept.
pub fn installed_path(dirs: &Dirs) -> String {
    format!("{}/installed", dirs.state)
}

/// The bit of a kind in [`Inspection::wired`]; none for an unknown kind.
pub fn bit(kind: Kind) -> u64 {
    match kind {
        Kind::Unknown => 0,
        known => 1 << known as u64,
    }
}

/// A switch counts as set unless it is absent, null or false: whatever else stands there is no `off`.
fn is_set(settings: &Map<String, Value>, key: &str) -> bool {
    !matches!(
        settings.get(key),
        None | Some(Value::Null | Value::Bool(false))
    )
}

/// The variables that decide which program runs, where it looks for its files, or whether hooks run.
fn risky_env(settings: &Map<String, Value>) -> Vec<(String, String)> {
    let Some(Value::Object(env)) = settings.get("env") else {
        return Vec::new();
    };
    let found: Vec<(String, String)> = env
        .iter()
        .filter(|(name, _)| is_risky(name))
        .map(|(name, value)| (name.clone(), value.to_string()))
        .collect();
    sorted(found, Ord::cmp)
}

fn is_risky(name: &str) -> bool {
    const PREFIXES: [&str; 4] = ["HOOKBIN_", "XDG_", "LD_", "DYLD_"];
    matches!(
        name,
        "HOME" | "PATH" | "CLAUDECODE" | "CLAUDE_PID" | "CLAUDE_CONFIG_DIR" | "CLAUDE_CODE_SIMPLE"
    ) || PREFIXES.iter().any(|it| name.starts_with(it))
}

/// The first 16 hex digits of the SHA-256.
fn digest(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    let first: [u8; 8] = hash.first_chunk().copied().unwrap_or_default();
    format!("{:016x}", u64::from_be_bytes(first))
}

#[cfg(test)]
mod tests;
