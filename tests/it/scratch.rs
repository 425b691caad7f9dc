//! Owns a temporary directory per test with a project and a home in it, and the environment that makes
//! hookbin see nothing else. Does not own what is run there. Invariant: nothing outside the directory is
//! written, and it is removed afterwards (kept where `HOOKBIN_TEST_KEEP` is set).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// A temporary directory holding `project/`, `home/`, and whatever a test adds.
#[derive(Debug)]
pub(crate) struct Scratch {
    root: PathBuf,
}

impl Scratch {
    /// Creates an empty project and home under a directory of its own.
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("hookbin-it-{}-{number}", std::process::id());
        let root = std::env::temp_dir().join(name);
        let _ = fs::remove_dir_all(&root);
        for folder in ["project/.claude", "home"] {
            fs::create_dir_all(root.join(folder)).expect("a temporary directory");
        }
        let root = root.canonicalize().expect("the directory just created");
        Self { root }
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The path as text, for arguments and payloads.
    pub(crate) fn text(&self, relative: &str) -> String {
        self.path(relative).display().to_string()
    }

    pub(crate) fn write(&self, relative: &str, content: &str) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().expect("a file has a directory")).expect("directory");
        fs::write(path, content).expect("a file in the temporary directory");
    }

    /// Writes a file that can be started.
    #[cfg(unix)]
    pub(crate) fn write_program(&self, relative: &str, content: &str) {
        use std::os::unix::fs::PermissionsExt;
        self.write(relative, content);
        fs::set_permissions(self.path(relative), fs::Permissions::from_mode(0o755))
            .expect("permissions of our own file");
    }

    /// The content of a file; `None` where there is none.
    pub(crate) fn read(&self, relative: &str) -> Option<String> {
        fs::read_to_string(self.path(relative)).ok()
    }

    pub(crate) fn exists(&self, relative: &str) -> bool {
        self.path(relative).exists()
    }

    /// Runs hookbin in the project with the environment of this directory.
    pub(crate) fn hookbin(&self, args: &[&str]) -> Output {
        self.command(&hookbin_path())
            .args(args)
            .output()
            .expect("hookbin starts")
    }

    /// A command in the project that sees only this directory's home and a plain PATH.
    pub(crate) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.path("project"))
            .env_clear()
            .env("HOME", self.path("home"))
            .env("PATH", search_path());
        command
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if std::env::var_os("HOOKBIN_TEST_KEEP").is_some() {
            return;
        }
        let _ = fs::remove_dir_all(&self.root);
    }
}

/// The executable under test: the one cargo built, or another build named by `HOOKBIN_TEST_EXE`.
pub(crate) fn hookbin_path() -> PathBuf {
    std::env::var_os("HOOKBIN_TEST_EXE").map_or_else(
        || PathBuf::from(env!("CARGO_BIN_EXE_hookbin")),
        PathBuf::from,
    )
}

/// A PATH in which `hookbin` is the executable under test.
pub(crate) fn search_path() -> String {
    let own = hookbin_path();
    let folder = own.parent().expect("an executable stands in a directory");
    format!("{}:/usr/local/bin:/usr/bin:/bin", folder.display())
}
