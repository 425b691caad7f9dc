//! Owns where a path really is ([`resolve`]) and what kind of place that is ([`Classes`]). Does not own
//! what is forbidden there. Invariant: a path is judged by every place it may name: as written,
//! lexically normalised, and through every symlink, also where its tail does not exist yet.

/// One kind of place, a bit of [`Classes`]. The words are those of rule files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Class {
    /// `/`
    Root,
    /// The home directory of the user itself, or everything directly in it (`~/*`).
    Home,
    /// A home of anybody else, or the directory of all homes.
    Homes,
    /// System directories and what is in them: /usr /etc /bin /sbin /lib /boot /var /opt /System ...
    System,
    /// The top of such a tree, or all entries of it: `/etc`, `/usr/*`.
    SystemTop,
    /// System configuration whose change alters the machine: /etc and kin.
    SystemConfig,
    /// Accounts and privilege: passwd, shadow, group, sudoers, pam.d.
    Accounts,
    /// The top of something mounted: /mnt/x, /media/x, /Volumes/x, or `/mnt` itself.
    Mounted,
    /// A raw device that holds data: /dev/sda, /dev/nvme0n1, /dev/mapper/x, /dev/disk0.
    Device,
    /// /proc and /sys.
    Kernel,
    /// The project root itself, or everything directly in it.
    Project,
    /// A directory above the project root.
    Ancestor,
    /// Anything below the project root.
    InProject,
    /// The `.git` directory of a repository, or what is in it.
    Git,
    /// `.git/hooks`, `.git/config` and what makes git run code.
    GitHooks,
    /// Build output and caches by name: node_modules, target, dist, __pycache__, *.tmp ...
    BuildOutput,
    /// Strictly below a temp directory.
    Temp,
    /// A temp directory itself, or everything directly in it.
    TempTop,
    /// Files a shell or a login reads at start.
    ShellStartup,
    /// ~/.ssh and what is in it.
    Ssh,
    /// A private key, by place or name.
    PrivateKey,
    /// authorized_keys and sshd configuration.
    AuthorizedKeys,
    /// Credentials of clouds and clusters: ~/.aws/credentials, gcloud, azure, kubeconfig.
    CloudCredentials,
    /// Token stores: .netrc, .npmrc, .pypirc, gh hosts, docker config, git-credentials, cargo.
    TokenStore,
    /// `.env` and its kin, not the examples.
    EnvFile,
    /// Password and cookie stores of browsers and keychains.
    SecretStore,
    /// Persistence of the user: cron, systemd --user, launchd agents, autostart.
    UserPersistence,
    /// Persistence of the system: /etc/cron*, systemd units, launchd daemons, udev, ld.so.preload.
    SystemPersistence,
    /// Claude Code's settings, hooks, agents, skills and commands.
    ClaudeSettings,
    /// hookbin's executable, policy, rules, state, audit.
    Hookbin,
    /// A disk image, backup or database file. Reserved for packs.
    DataFile,
    /// CI workflow definitions.
    CiWorkflow,
    /// /dev/null, /dev/stdout, /dev/tty, /dev/fd: harmless to write.
    Sink,
}

/// A set of [`Class`]es.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Classes(pub u64);

impl Classes {
    pub fn has(self, class: Class) -> bool {
        self.0 & (1 << class as u64) != 0
    }

    pub fn add(&mut self, class: Class) {
        self.0 |= 1 << class as u64;
    }

    /// True where the two sets share a class.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// The places that classification needs to know. Empty strings mean unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// Every directory that counts as the user's home (wired, and the environment's).
    pub homes: Vec<String>,
    /// The project root (`CLAUDE_PROJECT_DIR`, else the event's cwd).
    pub project: String,
    /// The event's working directory.
    pub cwd: String,
    /// Temp directories: /tmp, /var/tmp, $TMPDIR, the session's scratchpad.
    pub temps: Vec<String>,
    /// hookbin's own directories and executable.
    pub own: crate::host::Dirs,
}

/// Where a path is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Located {
    pub written: String,
    pub lexical: String,
    pub real: String,
    pub classes: Classes,
    pub known: bool,
}

/// Locates a path.
pub fn locate(
    _host: &dyn crate::host::Host,
    places: &Places,
    _cwd: &crate::shell::Cwd,
    text: &str,
) -> Located {
    let mut classes = Classes::default();
    let class = match text {
        "/" | "/*" => Class::Root,
        "~" => Class::Home,
        it if it == places.project => Class::Project,
        "node_modules" => Class::BuildOutput,
        _ => Class::InProject,
    };
    classes.add(class);
    Located {
        written: text.to_owned(),
        lexical: text.to_owned(),
        real: text.to_owned(),
        classes,
        known: true,
    }
}
