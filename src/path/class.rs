//! Owns the vocabulary of places: [`Class`] with its words, and the set [`Classes`]. Does not own which
//! path belongs to which class (`classify`). Invariant: words are permanent, they stand in rule files.

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// One kind of place, a bit of [`Classes`]. The words are those of rule files.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Class {
            $($(#[$doc])* $name,)*
        }

        impl Class {
            /// Every class.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word of rule files: the variant's name in kebab-case.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }

        /// The class of a word from a rule file.
        pub fn class_by_word(word: &str) -> Option<Class> {
            match word {
                $($word => Some(Class::$name),)*
                _ => None,
            }
        }
    };
}

classes!(
    /// `/`, also of a Windows drive.
    Root = "root",
    /// The home directory of the user itself, or everything directly in it (`~/*`).
    Home = "home",
    /// A home of anybody else, or the directory of all homes.
    Homes = "homes",
    /// System directories and what is in them: /usr /etc /bin /sbin /lib /boot /var /opt /System ...
    System = "system",
    /// The top of such a tree, or all entries of it: `/etc`, `/usr/*`.
    SystemTop = "system-top",
    /// System configuration whose change alters the machine: /etc and kin.
    SystemConfig = "system-config",
    /// Accounts and privilege: passwd, shadow, group, sudoers, pam.d.
    Accounts = "accounts",
    /// The top of something mounted: /mnt/x, /media/x, /Volumes/x, or `/mnt` itself.
    Mounted = "mounted",
    /// A raw device that holds data: /dev/sda, /dev/nvme0n1, /dev/mapper/x, /dev/disk0.
    Device = "device",
    /// /proc and /sys.
    Kernel = "kernel",
    /// The project root itself, or everything directly in it.
    Project = "project",
    /// A directory above the project root.
    Ancestor = "ancestor",
    /// Anything below the project root.
    InProject = "in-project",
    /// The `.git` directory of a repository, or what is in it.
    Git = "git",
    /// `.git/hooks`, `.git/config` and what makes git run code.
    GitHooks = "git-hooks",
    /// Build output and caches by name: node_modules, target, dist, __pycache__, *.tmp ...
    BuildOutput = "build-output",
    /// Strictly below a temp directory.
    Temp = "temp",
    /// A temp directory itself, or everything directly in it.
    TempTop = "temp-top",
    /// Files a shell or a login reads at start.
    ShellStartup = "shell-startup",
    /// ~/.ssh and what is in it.
    Ssh = "ssh",
    /// A private key, by place or name.
    PrivateKey = "private-key",
    /// authorized_keys and sshd configuration.
    AuthorizedKeys = "authorized-keys",
    /// Credentials of clouds and clusters: ~/.aws/credentials, gcloud, azure, kubeconfig.
    CloudCredentials = "cloud-credentials",
    /// Token stores: .netrc, .npmrc, .pypirc, gh hosts, docker config, git-credentials, cargo.
    TokenStore = "token-store",
    /// `.env` and its kin, not the examples.
    EnvFile = "env-file",
    /// Password and cookie stores of browsers and keychains, and password hashes.
    SecretStore = "secret-store",
    /// Persistence of the user: cron, systemd --user, launchd agents, autostart, git's own settings.
    UserPersistence = "user-persistence",
    /// Persistence of the system: /etc/cron*, systemd units, launchd daemons, udev, ld.so.preload.
    SystemPersistence = "system-persistence",
    /// Claude Code's settings, hooks, agents, skills and commands.
    ClaudeSettings = "claude-settings",
    /// hookbin's executable, policy, rules, state, audit.
    Hookbin = "hookbin",
    /// A disk image, backup or database file. Reserved for packs.
    DataFile = "data-file",
    /// CI workflow definitions.
    CiWorkflow = "ci-workflow",
    /// /dev/null, /dev/stdout, /dev/tty, /dev/fd: harmless to write.
    Sink = "sink",
);

/// A set of [`Class`]es.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classes(pub u64);

impl Classes {
    /// The set of one class and no other.
    pub const fn of(class: Class) -> Self {
        Self(1 << class as u64)
    }

    /// The set of these classes.
    pub const fn all(mut classes: &[Class]) -> Self {
        let mut all = 0;
        while let [first, rest @ ..] = classes {
            all |= Self::of(*first).0;
            classes = rest;
        }
        Self(all)
    }

    pub fn has(self, class: Class) -> bool {
        self.0 & (1 << class as u64) != 0
    }

    pub fn add(&mut self, class: Class) {
        self.0 |= 1 << class as u64;
    }

    pub fn remove(&mut self, class: Class) {
        self.0 &= !(1 << class as u64);
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// True where the two sets share a class.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// What is in either set.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The classes that make an access harmless. They hold only where every reading of a path has
    /// them, while any reading is enough for the others.
    pub const HARMLESS: Self = Self::all(&[
        Class::InProject,
        Class::BuildOutput,
        Class::Temp,
        Class::Sink,
    ]);

    /// Adds another reading of the same path.
    #[must_use]
    pub fn also(self, other: Self) -> Self {
        let harmless = Self::HARMLESS.0;
        Self(((self.0 | other.0) & !harmless) | (self.0 & other.0 & harmless))
    }

    /// The words of the set, for people and tests.
    pub fn words(self) -> Vec<&'static str> {
        Class::ALL
            .iter()
            .filter(|it| self.has(**it))
            .map(|it| it.word())
            .collect()
    }
}
