//! Owns the file in which compiled policy waits for the next process: stamps of every source, the
//! settings, the compiled rules. Does not own compiling (`load`). Invariant: what is read back holds
//! only where every source is exactly as it was, absent ones included, and this build wrote it;
//! anything else is as good as no cache.

use super::merge::Settings;
use crate::host::{Dirs, FileKind, Host, Meta};
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
    let settings = serde_json::from_slice(input.bytes()?).ok()?;
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
    let Ok(settings) = serde_json::to_vec(&compiled.settings) else {
        return;
    };
    let mut output = Vec::with_capacity(4096);
    put_bytes(&mut output, identity().as_bytes());
    put_number(&mut output, compiled.stamps.len() as u64);
    for stamp in &compiled.stamps {
        put_stamp(&mut output, stamp);
    }
    put_bytes(&mut output, &settings);
    for table in [&compiled.rules, &compiled.managed_rules] {
        put_bytes(&mut output, table.as_ref().map_or(&[], Table::as_bytes));
    }
    if output.len() <= SIZE_LIMIT {
        let _ = host.write(file, &output, 0o600);
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
    concat!("hookbin policy 1 ", env!("CARGO_PKG_VERSION"))
}

/// No bytes are no table.
fn table(bytes: &[u8]) -> Result<Option<Table>, TableError> {
    if bytes.is_empty() {
        return Ok(None);
    }
    Table::from_bytes(bytes.to_vec()).map(Some)
}

/// The rest of a cache being read; every step answers `None` where it is too short.
struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn number(&mut self) -> Option<u64> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*head))
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }

    fn stamp(&mut self) -> Option<Stamp> {
        let path = std::str::from_utf8(self.bytes()?).ok()?.to_owned();
        let kind = match self.number()? {
            0 => return Some(Stamp { path, meta: None }),
            1 => FileKind::File,
            2 => FileKind::Directory,
            3 => FileKind::Symlink,
            _ => FileKind::Other,
        };
        let meta = Meta {
            kind,
            size: self.number()?,
            mtime_ns: self.number()?.cast_signed(),
            ctime_ns: self.number()?.cast_signed(),
            device: self.number()?,
            inode: self.number()?,
            links: self.number()?,
            mode: u32::try_from(self.number()?).ok()?,
            owner: u32::try_from(self.number()?).ok()?,
        };
        Some(Stamp {
            path,
            meta: Some(meta),
        })
    }
}

fn put_number(output: &mut Vec<u8>, number: u64) {
    output.extend_from_slice(&number.to_le_bytes());
}

fn put_bytes(output: &mut Vec<u8>, bytes: &[u8]) {
    put_number(output, bytes.len() as u64);
    output.extend_from_slice(bytes);
}

fn put_stamp(output: &mut Vec<u8>, stamp: &Stamp) {
    put_bytes(output, stamp.path.as_bytes());
    let Some(meta) = stamp.meta else {
        put_number(output, 0);
        return;
    };
    let kind = match meta.kind {
        FileKind::File => 1,
        FileKind::Directory => 2,
        FileKind::Symlink => 3,
        FileKind::Other => 4,
    };
    let times = [meta.mtime_ns, meta.ctime_ns].map(i64::cast_unsigned);
    for number in [kind, meta.size].into_iter().chain(times) {
        put_number(output, number);
    }
    for number in [
        meta.device,
        meta.inode,
        meta.links,
        meta.mode.into(),
        meta.owner.into(),
    ] {
        put_number(output, number);
    }
}

/// A cache is at most this long.
const SIZE_LIMIT: usize = 16 << 20;
/// Two seconds: the coarsest change time of a file system in use.
const GRAIN_NS: u64 = 2_000_000_000;

#[cfg(test)]
mod tests;
