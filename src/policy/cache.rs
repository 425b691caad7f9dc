//! Owns the file in which compiled policy waits for the next process: stamps of every source, the
//! settings, the compiled rules. Does not own compiling (`load`). Invariant: what is read back holds
//! only where every source is exactly as it was, absent ones included, and this build wrote it;
//! anything else is as good as no cache.

use super::bytes::{Input, Output};
use super::merge::Settings;
use crate::host::{Dirs, Host, Meta};
use crate::rule::{Table, TableError};

/// What was at a path, or that nothing was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stamp {
    pub(super) path: String,
    pub(super) meta: Option<Meta>,
}

/// Settings and rules as compiled, with the sources they came from.
#[derive(Clone, Debug, Default)]
pub(super) struct Compiled {
    pub(super) stamps: Vec<Stamp>,
    pub(super) settings: Settings,
    /// User and project rules.
    pub(super) rules: Option<Table>,
    pub(super) managed_rules: Option<Table>,
}

/// The cache file for a project root with files of its own; one for all others.
pub(super) fn file(dirs: &Dirs, project: &str) -> String {
    if project.is_empty() {
        return format!("{}/policy.cache", dirs.state);
    }
    // FNV-1a: a collision costs a recompilation, since the stamps carry the paths.
    let hash = project
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{}/policy-{hash:016x}.cache", dirs.state)
}

/// The cached policy, where it holds for the places asked for.
pub(super) fn read(host: &dyn Host, file: &str, asked: &[&Stamp]) -> Option<Compiled> {
    let bytes = host.read(file, SIZE_LIMIT).ok()?;
    let mut input = Input(&bytes);
    if input.bytes()? != identity().as_bytes() {
        return None;
    }
    let stamps = input.number()?;
    let mut at_asked = asked.iter();
    for _ in 0..stamps {
        let stamp = input.stamp()?;
        let holds = match at_asked.next() {
            Some(asked) => **asked == stamp,
            None => is_unchanged(host, &stamp),
        };
        if !holds {
            return None;
        }
    }
    if at_asked.next().is_some() {
        return None;
    }
    let settings = input.settings()?;
    let rules = table(input.bytes()?).ok()?;
    let managed_rules = table(input.bytes()?).ok()?;
    Some(Compiled {
        stamps: Vec::new(),
        settings,
        rules,
        managed_rules,
    })
}

/// Stores compiled policy. That it cannot be stored costs time at the next event and nothing else.
pub(super) fn write(host: &dyn Host, file: &str, compiled: &Compiled) {
    if !is_settled(host, &compiled.stamps) {
        return;
    }
    let mut output = Output::default();
    output.bytes(identity().as_bytes());
    output.number(compiled.stamps.len() as u64);
    for stamp in &compiled.stamps {
        output.stamp(stamp);
    }
    output.settings(&compiled.settings);
    for table in [&compiled.rules, &compiled.managed_rules] {
        output.bytes(table.as_ref().map_or(&[], Table::as_bytes));
    }
    if output.0.len() <= SIZE_LIMIT {
        let _ = host.write(file, &output.0, 0o600);
    }
}

/// False where a source changed a moment ago: a further change within the clock's grain would leave
/// the same stamp.
fn is_settled(host: &dyn Host, stamps: &[Stamp]) -> bool {
    let now = host.now().timestamp_nanos_opt().unwrap_or(i64::MAX);
    let mut changes = stamps.iter().filter_map(|it| it.meta).map(|it| it.ctime_ns);
    changes.all(|it| now.abs_diff(it) > GRAIN_NS)
}

fn is_unchanged(host: &dyn Host, stamp: &Stamp) -> bool {
    match host.metadata(&stamp.path) {
        Ok(meta) => stamp.meta == Some(meta),
        Err(error) => stamp.meta.is_none() && super::load::is_absent(&error),
    }
}

/// What this build calls its own: a cache of another version or format is foreign.
fn identity() -> &'static str {
    concat!("hookbin policy 2 ", env!("CARGO_PKG_VERSION"))
}

/// No bytes are no table.
fn table(bytes: &[u8]) -> Result<Option<Table>, TableError> {
    if bytes.is_empty() {
        return Ok(None);
    }
    Table::from_bytes(bytes.to_vec()).map(Some)
}

/// A cache is at most this long.
const SIZE_LIMIT: usize = 16 << 20;
/// Two seconds: the coarsest change time of a file system in use.
const GRAIN_NS: u64 = 2_000_000_000;

#[cfg(test)]
mod tests;
