//! Owns the bytes in which settings and stamps are cached: lengths before texts, numbers in eight bytes.
//! Does not own when a cache holds (`cache`). Invariant: what [`Output`] wrote [`Input`] reads back, and
//! any other bytes answer `None`, never a panic nor an allocation beyond their own length.
//!
//! Not JSON: this is read at every event, and parsing text would cost more than everything else here.

use super::PathRule;
use super::cache::Stamp;
use super::merge::{Setting, Settings};
use super::tools::{ToolRow, Verb};
use super::value::{Hidden, Value};
use crate::host::{FileKind, Meta};
use crate::verdict::Decision;

/// Bytes being written.
#[derive(Debug, Default)]
pub(super) struct Output(pub(super) Vec<u8>);

/// The rest of the bytes being read; every step answers `None` where they are too few.
#[derive(Debug)]
pub(super) struct Input<'a>(pub(super) &'a [u8]);

impl Output {
    pub(super) fn number(&mut self, number: u64) {
        self.0.extend_from_slice(&number.to_le_bytes());
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.0.extend_from_slice(bytes);
    }

    fn list<T>(&mut self, list: &[T], mut put: impl FnMut(&mut Self, &T)) {
        self.number(list.len() as u64);
        for it in list {
            put(self, it);
        }
    }

    fn texts(&mut self, list: &[String]) {
        self.list(list, |out, it| out.bytes(it.as_bytes()));
    }

    fn decision(&mut self, decision: Decision) {
        let place = Decision::ALL.iter().position(|it| *it == decision);
        self.number(place.unwrap_or(Decision::ALL.len()) as u64);
    }

    fn decisions(&mut self, list: &[(String, Decision)]) {
        self.list(list, |out, (key, decision)| {
            out.bytes(key.as_bytes());
            out.decision(*decision);
        });
    }

    fn path(&mut self, it: &PathRule) {
        for text in [&it.pattern, &it.why, &it.origin] {
            self.bytes(text.as_bytes());
        }
        self.decision(it.read);
        self.decision(it.write);
    }

    fn tool(&mut self, row: &ToolRow) {
        for text in [&row.origin, &row.agent, &row.text] {
            self.bytes(text.as_bytes());
        }
        self.number(row.verb as u64);
    }

    fn setting(&mut self, setting: &Setting) {
        self.bytes(setting.key.as_bytes());
        self.bytes(setting.origin.as_bytes());
        match &setting.value {
            Value::Word(word) => {
                self.number(0);
                self.bytes(word.as_bytes());
            }
            Value::Flag(flag) => {
                self.number(1);
                self.number(u64::from(*flag));
            }
            Value::Number(number) => {
                self.number(2);
                self.number(*number);
            }
            Value::List(list) => {
                self.number(3);
                self.texts(list);
            }
            Value::Paths(paths) => {
                self.number(4);
                self.list(paths, Self::path);
            }
            Value::Decisions(list) => {
                self.number(5);
                self.decisions(list);
            }
            Value::Hidden(hidden) => {
                self.number(6);
                self.bytes(hidden.reveal().as_bytes());
            }
        }
    }

    pub(super) fn settings(&mut self, settings: &Settings) {
        self.list(&settings.set, Self::setting);
        for list in [&settings.overrides, &settings.floors, &settings.fixed] {
            self.decisions(list);
        }
        self.list(&settings.tools, Self::tool);
        self.texts(&settings.managed_rules);
        self.texts(&settings.notices);
        self.texts(&settings.trusted);
        self.bytes(settings.managed_file.as_bytes());
    }

    pub(super) fn stamp(&mut self, stamp: &Stamp) {
        self.bytes(stamp.path.as_bytes());
        let Some(meta) = stamp.meta else {
            self.number(0);
            return;
        };
        self.number(match meta.kind {
            FileKind::File => 1,
            FileKind::Directory => 2,
            FileKind::Symlink => 3,
            FileKind::Other => 4,
        });
        let times = [meta.mtime_ns, meta.ctime_ns].map(i64::cast_unsigned);
        for number in [meta.size].into_iter().chain(times) {
            self.number(number);
        }
        let rest = [meta.mode.into(), meta.owner.into()];
        for number in [meta.device, meta.inode, meta.links]
            .into_iter()
            .chain(rest)
        {
            self.number(number);
        }
    }
}

impl<'a> Input<'a> {
    pub(super) fn number(&mut self) -> Option<u64> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*head))
    }

    pub(super) fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }

    fn text(&mut self) -> Option<String> {
        std::str::from_utf8(self.bytes()?).ok().map(str::to_owned)
    }

    fn list<T>(&mut self, mut take: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let count = self.number()?;
        // Each entry takes eight bytes at least, so a count beyond that is no count.
        if count > self.0.len() as u64 / 8 {
            return None;
        }
        (0..count).map(|_| take(self)).collect()
    }

    fn decision(&mut self) -> Option<Decision> {
        let place = usize::try_from(self.number()?).ok()?;
        Decision::ALL.get(place).copied()
    }

    fn decisions(&mut self) -> Option<Vec<(String, Decision)>> {
        self.list(|input| Some((input.text()?, input.decision()?)))
    }

    fn path(&mut self) -> Option<PathRule> {
        Some(PathRule {
            pattern: self.text()?,
            why: self.text()?,
            origin: self.text()?,
            read: self.decision()?,
            write: self.decision()?,
        })
    }

    fn tool(&mut self) -> Option<ToolRow> {
        Some(ToolRow {
            origin: self.text()?,
            agent: self.text()?,
            text: self.text()?,
            verb: *Verb::ALL.get(usize::try_from(self.number()?).ok()?)?,
        })
    }

    fn setting(&mut self) -> Option<Setting> {
        let (key, origin) = (self.text()?, self.text()?);
        let value = match self.number()? {
            0 => Value::Word(self.text()?),
            1 => Value::Flag(self.number()? != 0),
            2 => Value::Number(self.number()?),
            3 => Value::List(self.list(Self::text)?),
            4 => Value::Paths(self.list(Self::path)?),
            5 => Value::Decisions(self.decisions()?),
            6 => Value::Hidden(Hidden::new(self.text()?)),
            _ => return None,
        };
        Some(Setting { key, value, origin })
    }

    pub(super) fn settings(&mut self) -> Option<Settings> {
        Some(Settings {
            set: self.list(Self::setting)?,
            overrides: self.decisions()?,
            floors: self.decisions()?,
            fixed: self.decisions()?,
            tools: self.list(Self::tool)?,
            managed_rules: self.list(Self::text)?,
            notices: self.list(Self::text)?,
            trusted: self.list(Self::text)?,
            managed_file: self.text()?,
        })
    }

    pub(super) fn stamp(&mut self) -> Option<Stamp> {
        let path = self.text()?;
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
        let meta = Some(meta);
        Some(Stamp { path, meta })
    }
}

#[cfg(test)]
mod tests;
