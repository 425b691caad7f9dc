//! Owns the files in which notifications wait: one each below `<state>/notify/`, written by hooks, changed
//! and removed by deliveries. Does not own sending (`deliver`) nor what is told too often (`throttle`).
//! Invariants: at most [`LIMIT`] wait, the oldest make room and are counted; a hook waits for nobody here
//! but other hooks, and not for long; nothing is in a file that was not redacted.

use serde::{Deserialize, Serialize};

use super::throttle::Memory;
use super::{About, Notification};
use crate::hex;
use crate::host::{Dirs, Host, Locked};
use crate::policy::{Policy, Value};
use crate::{secret, session};

/// At most this many wait.
pub const LIMIT: usize = 100;
/// A file is never longer than this.
const FILE_LIMIT: usize = 64 << 10;
const MEMORY_LIMIT: usize = 16 << 10;
const TITLE_LIMIT: usize = 200;
/// Telegram takes 4096 characters, title included.
const BODY_LIMIT: usize = 3000;
const NAME_LIMIT: usize = 300;
/// What tells a notification from the other files of the directory.
const ENDING: &str = ".json";
/// How often, and after how many milliseconds, the memory is asked for that another hook holds.
const PATIENCE: (usize, u64) = (50, 2);

/// A notification that waits, and how its delivery went so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Waiting {
    /// Unix time.
    pub at: i64,
    pub kind: String,
    pub severity: String,
    pub title: String,
    pub body: String,
    pub session: String,
    pub agent: String,
    pub directory: String,
    /// How many earlier ones were never told.
    pub left_out: u64,
    /// Tries that left a channel without it.
    pub tries: u32,
    /// Unix time before which nothing is tried.
    pub next: i64,
    /// The channels that have it.
    pub served: Vec<String>,
    /// Why the last try failed.
    pub reason: String,
}

impl Waiting {
    /// When it happened: RFC 3339, UTC.
    pub fn time(&self) -> String {
        let time = chrono::DateTime::from_timestamp(self.at, 0).unwrap_or_default();
        time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }

    /// The line that people see first.
    pub(super) fn headline(&self) -> String {
        format!("hookbin: {} ({})", self.title, self.severity)
    }

    /// The lines below it.
    pub(super) fn details(&self) -> String {
        let mut text = self.body.clone();
        for (name, value) in [
            ("directory", &self.directory),
            ("session", &self.session),
            ("agent", &self.agent),
        ] {
            if !value.is_empty() {
                text.extend(["\n", name, ": ", value]);
            }
        }
        if self.left_out > 0 {
            let count = self.left_out.to_string();
            text.extend(["\n", &count, " earlier notifications were left out"]);
        }
        text
    }
}

/// The directory of the spool.
pub fn directory(dirs: &Dirs) -> String {
    format!("{}/notify", dirs.state)
}

/// Spools a notification; false where the same text was told a moment ago, or too many were.
///
/// Errors: why it could not be written.
pub(super) fn put(
    host: &dyn Host,
    dirs: &Dirs,
    policy: &Policy,
    about: About,
    notification: &Notification,
) -> Result<bool, String> {
    let directory = directory(dirs);
    let mut waiting = redacted(about, notification);
    waiting.at = host.now().timestamp();
    let problem = |error: std::io::Error| format!("a notification cannot be spooled: {error}");
    let mut file = lock(host, &format!("{directory}/told"))?;
    let text = file.tail(MEMORY_LIMIT).map_err(problem)?;
    let mut memory = Memory::parse(&String::from_utf8_lossy(&text));
    let minutes = match policy.value("notify.throttle") {
        Some(Value::Number(minutes)) => minutes,
        _ => 0,
    };
    let words = [&waiting.kind, &waiting.title, &waiting.body].map(String::as_str);
    let admitted = memory.admit(&session::digest(&words.join("\n")), waiting.at, minutes);
    if admitted {
        memory.left_out += make_room(host, &directory).map_err(problem)?;
        waiting.left_out = std::mem::take(&mut memory.left_out);
        let name = name(host, waiting.at);
        write(host, &format!("{directory}/{name}"), &waiting).map_err(problem)?;
    }
    file.replace(memory.render().as_bytes()).map_err(problem)?;
    Ok(admitted)
}

/// The notification without secrets, without characters that do something to a screen, and not too long.
fn redacted(about: About, notification: &Notification) -> Waiting {
    let clean = |text: &str, limit: usize| {
        let text = secret::redact(text);
        let shown = |it: &char| *it == '\n' || !it.is_control();
        let mut kept: String = text.chars().filter(shown).take(limit).collect();
        if text.chars().filter(shown).nth(limit).is_some() {
            kept.push('…');
        }
        kept
    };
    Waiting {
        kind: notification.kind.word().to_owned(),
        severity: notification.severity.word().to_owned(),
        title: clean(&notification.title.replace('\n', " "), TITLE_LIMIT),
        body: clean(&notification.body, BODY_LIMIT),
        session: clean(about.session, NAME_LIMIT),
        agent: clean(about.agent, NAME_LIMIT),
        directory: clean(about.cwd, NAME_LIMIT),
        ..Waiting::default()
    }
}

/// The memory of what was told, under its lock. Never waits for long: the call that is judged waits too.
fn lock<'a>(host: &'a dyn Host, path: &str) -> Result<Box<dyn Locked + 'a>, String> {
    let (attempts, pause) = PATIENCE;
    for _ in 0..attempts {
        match host.try_lock(path) {
            Ok(Some(file)) => return Ok(file),
            Ok(None) if host.wait(pause) => {}
            Ok(None) => break,
            Err(error) => return Err(format!("a notification cannot be spooled: {error}")),
        }
    }
    Err("a notification cannot be spooled: another process holds the spool".to_owned())
}

/// Names in the order of time; two of one moment differ.
fn name(host: &dyn Host, at: i64) -> String {
    let mut name = format!("{at:012}-");
    hex::push(&mut name, host.random().get(..8).unwrap_or_default());
    name.push_str(ENDING);
    name
}

/// Removes the oldest where one more would be too many; returns how many nobody was told of.
fn make_room(host: &dyn Host, directory: &str) -> std::io::Result<u64> {
    let names = names(host, directory)?;
    let surplus = (names.len() + 1).saturating_sub(LIMIT);
    let mut lost = 0;
    for name in names.iter().take(surplus) {
        host.remove(&format!("{directory}/{name}"))?;
        lost += 1;
    }
    Ok(lost)
}

/// The files that wait, oldest first.
pub(super) fn names(host: &dyn Host, directory: &str) -> std::io::Result<Vec<String>> {
    let is_ours = |it: &String| !it.starts_with('.') && it.ends_with(ENDING);
    match host.list(directory) {
        Ok(names) => Ok(names.into_iter().filter(is_ours).collect()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// What waits, oldest first, with the path of its file. A file that holds something else is left out.
pub fn waiting(host: &dyn Host, dirs: &Dirs) -> std::io::Result<Vec<(String, Waiting)>> {
    let directory = directory(dirs);
    let mut found = Vec::new();
    for name in names(host, &directory)? {
        let path = format!("{directory}/{name}");
        if let Some(waiting) = read(host, &path) {
            found.push((path, waiting));
        }
    }
    Ok(found)
}

pub(super) fn read(host: &dyn Host, path: &str) -> Option<Waiting> {
    serde_json::from_slice(&host.read(path, FILE_LIMIT).ok()?).ok()
}

pub(super) fn write(host: &dyn Host, path: &str, waiting: &Waiting) -> std::io::Result<()> {
    host.write(path, &serde_json::to_vec(waiting)?, 0o600)
}

#[cfg(test)]
mod tests;
