//! Owns which files of this machine are looked into when a command runs them: [`Disk`]. Does not own what
//! becomes of their text. Invariant: a file that holds secrets, that came with the system or a package
//! manager, or that is no text is not read.

use crate::host::Host;
use crate::path::{Class, Classes, Locator, Places};
use crate::shell::Files;
use crate::word::listed;

/// Larger files are not looked into at all.
const READ_LIMIT: usize = 1 << 20;
/// So far a NUL is looked for, which no text has.
const SAMPLE: usize = 4096;

/// Trees that come with the system.
const SYSTEM: [&str; 15] = [
    "/usr/",
    "/bin/",
    "/sbin/",
    "/lib/",
    "/lib64/",
    "/opt/",
    "/nix/",
    "/snap/",
    "/etc/",
    "/proc/",
    "/sys/",
    "/dev/",
    "/System/",
    "/Library/",
    "/Applications/",
];
/// Parts of paths of what a package manager brought.
const PACKAGES: [&str; 7] = [
    "/node_modules/",
    "/site-packages/",
    "/.venv/",
    "/venv/",
    "/bin/activate",
    "/gradlew",
    "/mvnw",
];
/// What of a home directory a shell or a version manager reads at its start.
const STARTUP: &str = " .asdf .bash_profile .bashrc .bun .cargo .deno .fnm .nvm .oh-my-zsh .profile .pyenv \
    .rbenv .rustup .rvm .sdkman .volta .zprofile .zshenv .zshrc ";

/// What holds secrets.
const CLOSED: Classes = Classes::all(&[
    Class::Ssh,
    Class::PrivateKey,
    Class::CloudCredentials,
    Class::TokenStore,
    Class::EnvFile,
    Class::SecretStore,
]);

/// The files of the machine that hookbin runs on.
pub struct Disk<'a> {
    pub host: &'a dyn Host,
    pub places: &'a Places,
}

impl Files for Disk<'_> {
    fn script(&self, path: &str) -> Option<String> {
        if self.is_foreign(path) {
            return None;
        }
        let located = Locator::new(self.host, self.places).locate_literal(path);
        if located.classes.meets(CLOSED) || self.is_foreign(&located.real) {
            return None;
        }
        let bytes = self.host.read(&located.real, READ_LIMIT).ok()?;
        if bytes.get(..bytes.len().min(SAMPLE))?.contains(&0) {
            return None;
        }
        Some(String::from_utf8_lossy(&bytes).replace('\0', ""))
    }
}

impl Disk<'_> {
    /// True for what neither the project nor the agent wrote.
    fn is_foreign(&self, path: &str) -> bool {
        let in_home = |home: &String| {
            let rest = path.strip_prefix(home.as_str())?.strip_prefix('/')?;
            rest.split('/').next()
        };
        let homes = self.places.homes.iter();
        SYSTEM.iter().any(|it| path.starts_with(it))
            || PACKAGES.iter().any(|it| path.contains(it))
            || homes.filter_map(in_home).any(|it| listed(STARTUP, it))
    }
}
