//! Owns what a container sees of this machine: the directories that `docker run` and kin mount into it, and
//! where it starts. Does not own what is done there (`access` maps paths back). Invariant: a named volume is
//! no directory of this machine; a directory that cannot be told apart from one is.

use crate::shell::flags::options;
use crate::shell::invocation::{Cwd, GUARDED, Invocation, Mount, UNKNOWN};

use super::Walker;
use super::state::enter;

/// More mounts than this are not told apart.
const MOUNT_LIMIT: usize = 32;

/// The surroundings of a program in a container.
pub(super) struct Container {
    pub(super) mounts: Vec<Mount>,
    pub(super) cwd: Cwd,
}

impl Walker<'_> {
    /// What the command of a container sees.
    pub(super) fn container(&self, starter: &Invocation) -> Container {
        let options = options(starter);
        if starter.program == "chroot" {
            return self.below(options.subcommand(0).unwrap_or_default());
        }
        let mut short = options.values_of(&["-v", "--volume"]);
        if starter.program != "docker" {
            short.extend(options.values_of(&["-B", "--bind"]));
        }
        let short = short.iter().filter_map(|it| self.volume(&it.text));
        let long = options.values_of(&["--mount"]);
        let long = long.iter().filter_map(|it| self.mount(&it.text));
        let mounts: Vec<Mount> = short.chain(long).take(MOUNT_LIMIT).collect();
        let given = options.values_of(&["-w", "--workdir"]).pop();
        let cwd = match (given, mounts.as_slice()) {
            (Some(given), _) if given.text.contains([UNKNOWN, GUARDED]) => Cwd::Unknown,
            (Some(given), _) => enter(&Cwd::At("/".to_owned()), &given.text),
            // The image says where it starts; the one mounted directory is the likely place.
            (None, [only]) => Cwd::At(only.target.clone()),
            (None, _) => Cwd::Unknown,
        };
        Container { mounts, cwd }
    }

    /// What is still seen after `chroot` to a directory.
    fn below(&self, directory: &str) -> Container {
        let directory = directory.trim_end_matches('/');
        let seen = self.mounts.iter().filter_map(|it| {
            let tail = it.target.strip_prefix(directory)?;
            let whole = tail.is_empty() || tail.starts_with('/');
            whole.then(|| Mount {
                target: if tail.is_empty() { "/" } else { tail }.to_owned(),
                ..it.clone()
            })
        });
        Container {
            mounts: seen.collect(),
            cwd: Cwd::At("/".to_owned()),
        }
    }

    /// `source:target[:options]`.
    fn volume(&self, text: &str) -> Option<Mount> {
        let mut parts = text.split(':');
        let (source, target) = (parts.next()?, parts.next()?);
        let mut words = parts.flat_map(|it| it.split(','));
        self.mounted(source, target, words.any(|it| it == "ro"))
    }

    /// `type=bind,source=…,target=…[,readonly]`.
    fn mount(&self, text: &str) -> Option<Mount> {
        let (mut source, mut target, mut read_only) = ("", "", false);
        for word in text.split(',') {
            let (key, value) = word.split_once('=').unwrap_or((word, "true"));
            match key {
                "source" | "src" => source = value,
                "target" | "dst" | "destination" => target = value,
                "readonly" | "ro" => read_only = value != "false",
                _ => {}
            }
        }
        self.mounted(source, target, read_only)
    }

    fn mounted(&self, source: &str, target: &str, read_only: bool) -> Option<Mount> {
        let is_path = source.starts_with(['/', '.', '~', UNKNOWN]) || source.contains('/');
        if !is_path || !target.starts_with('/') {
            return None;
        }
        let source = if source.starts_with(['/', '~', UNKNOWN]) {
            source.to_owned()
        } else {
            self.absolute(&enter(&self.state.cwd, source))
                .unwrap_or_else(|| source.to_owned())
        };
        let Cwd::At(target) = enter(&Cwd::At("/".to_owned()), target) else {
            return None;
        };
        Some(Mount {
            source,
            target,
            read_only,
        })
    }
}
