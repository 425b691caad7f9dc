use super::super::double::{Disk, dirs, places};
use super::super::{Places, class_by_word, contains_protected, locate};
use super::*;
use crate::shell::Cwd;

fn words_in(places: &Places, text: &str) -> String {
    let located = locate(&Disk::default(), places, &Cwd::Start, text);
    located.classes.words().join(" ")
}

/// Compares all classes of a path, whatever their order.
fn check(text: &str, expected: &str) {
    check_in(&places(), text, expected);
}

fn check_in(places: &Places, text: &str, expected: &str) {
    let found = words_in(places, text);
    let mut found: Vec<&str> = found.split_whitespace().collect();
    let mut expected: Vec<&str> = expected.split_whitespace().collect();
    found.sort_unstable();
    expected.sort_unstable();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn words_and_classes_correspond() {
    for &class in Class::ALL {
        assert_eq!(class_by_word(class.word()), Some(class));
        assert!(Classes::of(class).has(class));
    }
    assert_eq!(class_by_word("nothing"), None);
    assert_eq!(Class::CiWorkflow.word(), "ci-workflow");
}

#[test]
fn tops_of_the_tree() {
    for text in [
        "/",
        "/*",
        "/.",
        "//",
        "/???",
        "/..",
        "/*/*",
        "/home/..",
        "/proc/self/root",
        "/proc/1/root/",
    ] {
        check(text, "root ancestor");
    }
    check("/◆", "root ancestor");
    check("/home", "homes ancestor");
    check("/home/*", "homes ancestor");
    check("/home/other", "homes");
    check("/home/other/*", "homes");
    check("/home/◆", "homes ancestor");
    check("/root", "homes");
    check("~root", "homes");
    check("/Users", "homes");
    check("/Users/x", "homes");
    check("/Users/x/y", "");
    check("/home/other/notes", "");
    for text in [
        "~",
        "~/",
        "~/*",
        "~/.*",
        "/home/dev",
        "..",
        "../*",
        "~/◆",
        "/HOME/DEV",
        "/home/dev/.",
        "~dev",
    ] {
        let found = words_in(&places(), text);
        assert!(
            found.contains("home") && !found.contains("homes"),
            "{text}: {found}"
        );
    }
    check("~/.*", "home ancestor");
    check("~/foo*", "");
    check("~/notes", "");
    check("C:\\", "root mounted");
    check("/mnt/c", "root mounted");
    check("/c/", "root mounted");
    check("C:\\Windows\\System32", "system system-top");
    check("C:\\Users\\dev", "homes");
    check("/mnt/data", "mounted");
    check("/mnt", "mounted");
    check("/mnt/data/*", "mounted");
    check("/mnt/data/y", "");
    check("/media/dev/stick", "mounted");
    check("/media/dev/stick/a", "");
    check("/run/media/dev/stick", "mounted");
    check("/Volumes/Backup", "mounted");
    check("/Volumes", "mounted");
}

#[test]
fn system_trees() {
    check("/usr", "system system-top");
    check("/usr/*", "system system-top");
    check("/usr/bin", "system system-top");
    check("/usr/local/bin", "system system-top");
    check("/usr/local/share/x", "system");
    check("/us?", "system system-top");
    check("/etc", "system system-top system-config");
    check("/etc/*", "system system-top system-config");
    check("/etc/◆", "system system-top system-config");
    check("/ETC/Hosts", "system system-config");
    check("/private/etc/hosts", "system system-config");
    check("/var/log/syslog", "system");
    check("/var/log/x.log", "system");
    check("/var", "system system-top");
    check("/opt/app", "system");
    check("/opt", "system system-top");
    check("/bin", "system system-top");
    check("/lib64", "system system-top");
    check("/boot/grub", "system system-top system-config");
    check("/Library", "system system-top");
    check("/System/Volumes/Data/Users/x", "homes");
    check("/Applications/X.app", "system");
    check("/usr/lib/node_modules", "system");
    check("/workspace", "");
    check("/data/x", "");
    check("/proc", "system system-top kernel");
    check("/proc/sysrq-trigger", "system kernel");
    check("/sys/power/state", "system kernel");
    check("/run/user/1000/x", "");
}

#[test]
fn accounts_persistence_and_devices() {
    check("/etc/passwd", "system system-config accounts");
    check("/etc/shadow", "system system-config accounts secret-store");
    check("/etc/sudoers.d/x", "system system-config accounts");
    check("/etc/pam.d/sudo", "system system-config accounts");
    check("/etc/pass◆", "system system-config accounts");
    check("/etc/cron.d/x", "system system-config system-persistence");
    check("/etc/crontab", "system system-config system-persistence");
    check(
        "/etc/ld.so.preload",
        "system system-config system-persistence",
    );
    check(
        "/etc/systemd/system/x.service",
        "system system-config system-persistence",
    );
    check("/lib/systemd/system/x.service", "system system-persistence");
    check("/var/spool/cron/crontabs/root", "system system-persistence");
    check("/etc/rc3.d/S01x", "system system-config system-persistence");
    check("/etc/profile.d/x.sh", "system system-config shell-startup");
    check(
        "/etc/ssh/sshd_config",
        "system system-config ssh authorized-keys",
    );
    check("/etc/ssh/ssh_config", "system system-config ssh");
    check(
        "/etc/ssh/ssh_host_rsa_key",
        "system system-config ssh private-key",
    );
    check("/etc/ssh/ssh_host_rsa_key.pub", "system system-config ssh");
    check(
        "/Library/LaunchDaemons/x.plist",
        "system system-persistence",
    );
    check("/dev/sda", "system device");
    check("/dev/sd*", "system device");
    check("/dev/nvme0n1p2", "system device");
    check("/dev/disk2", "system device");
    check("/dev/mapper/root", "system device");
    check("/dev/disk/by-id/x", "system device");
    check("/dev/mem", "system device");
    for sink in [
        "null", "stdout", "stderr", "tty", "fd/3", "zero", "full", "pts/0",
    ] {
        check(&format!("/dev/{sink}"), "system sink");
    }
    check("/proc/self/fd/1", "system kernel sink");
    check("/dev/shm", "temp-top");
    check("/dev/shm/x", "temp");
    check("/dev", "system system-top");
    check("/dev/../etc/passwd", "system system-config accounts");
}

#[test]
fn the_project_and_what_is_in_it() {
    for text in [
        ".",
        "./",
        "*",
        "./*",
        "./.",
        "./◆",
        "/home/dev/project/◆",
        "src/..",
        ".*",
        "??*",
    ] {
        check(text, "project");
    }
    check("src", "in-project");
    check("src/*", "in-project");
    check("src/◆", "in-project");
    check("src/main.rs", "in-project");
    check("/home/dev/project/x", "in-project");
    check("..", "home ancestor");
    check("../sibling", "");
    check("../project2", "");
    check(".git", "in-project git");
    check(".GIT/hooks", "in-project git git-hooks");
    check(".git/", "in-project git");
    check(".git/*", "in-project git");
    check(".g*", "in-project git token-store");
    check(".git/HEAD", "in-project git");
    check(".git/hooks/pre-commit", "in-project git git-hooks");
    check(".git/config", "in-project git git-hooks");
    check(".git /config", "in-project git git-hooks");
    check(".g\u{200b}it/config", "in-project git git-hooks");
    check(".git/modules/sub/hooks/x", "in-project git git-hooks");
    check(".git/refs/heads/config", "in-project git");
    check(".github/workflows/ci.yml", "in-project ci-workflow");
    check(".gitlab-ci.yml", "in-project ci-workflow");
    check(".gitignore", "in-project");
    check("◆", "");
    check("◆/*", "");
    check("app/[id]/page.tsx", "in-project");
    check("db/dev.sqlite3", "in-project data-file");
    let unknown = locate(&Disk::default(), &places(), &Cwd::Unknown, "../../..");
    assert_eq!(unknown.classes.words(), ["ancestor"]);
    assert!(!unknown.known);
    let unknown = locate(&Disk::default(), &places(), &Cwd::Unknown, "*");
    assert!(unknown.classes.is_empty() && !unknown.known);
}

#[test]
fn build_output_is_known_by_name() {
    for text in [
        "node_modules",
        "node_modules/*",
        "packages/a/dist",
        "target/debug/x",
        "build",
        "x.log",
        "a/b.pyc",
        ".next",
        ".venv/bin/python",
        "__pycache__",
        "Pods",
        "x.egg-info",
        "cmake-build-debug",
        "./dist/",
        "packages/*/dist",
        "dist/◆",
        "*.log",
        "build/**",
        "deps",
        "coverage",
    ] {
        check(text, "in-project build-output");
    }
    for text in [
        "src",
        "distance",
        "built",
        "log",
        ".log",
        "rebuild.sh",
        "lib",
        "public",
    ] {
        check(text, "in-project");
    }
    check("../sibling/node_modules", "build-output");
    check("../sibling/target", "build-output");
    check("~/.cache/pip", "build-output");
    check("~/build", "");
    check("~/node_modules", "build-output");
    check("/usr/lib/node_modules/npm", "system");
    check("/srv/app/node_modules", "system");
    check("build/..", "project");
    check("build/../src", "in-project");
    check(".git/build", "in-project git");
    check("/tmp/x/target", "temp");
    check("◆/node_modules", "build-output");
}

#[test]
fn temp_directories() {
    check("/tmp", "temp-top");
    check("/tmp/", "temp-top");
    check("/tmp/*", "temp-top");
    check("/tmp/◆", "temp-top");
    check("/tmp/◇", "temp");
    check("/tmp/x/y", "temp");
    check("/tmp/x/*", "temp");
    check("/tmp/../etc", "system system-top system-config");
    check("/private/tmp/x", "temp");
    check("/var/tmp/x", "temp");
    check("/var/tmp", "temp-top");
    check("/var/folders/ab/cd/T/x", "temp");
    check("/scratch/s1", "temp-top");
    check("/scratch/s1/x", "temp");
    check("/scratch/s2", "");
    check("/TMP/x", "");
}

#[test]
fn secrets_are_known_by_place_and_name() {
    check("~/.ssh", "ssh");
    check("~/.ssh/*", "ssh private-key");
    check("~/.ssh/id_rsa", "ssh private-key");
    check("~/.SSH/ID_RSA", "ssh private-key");
    check("~/.ssh/github", "ssh private-key");
    check("~/.ssh/id_rsa.pub", "ssh");
    check("~/.ssh/*.pub", "ssh");
    check("~/.ssh/config", "ssh");
    check("~/.ssh/known_hosts", "ssh");
    check("~/.ssh/authorized_keys", "ssh authorized-keys");
    check("~/.ss?/id_r*", "ssh private-key");
    check("/home/other/.ssh/id_ed25519", "ssh private-key");
    check("◆/.ssh/id_rsa", "ssh private-key");
    check("id_rsa", "in-project private-key");
    check("certs/server.key", "in-project private-key");
    check("certs/privkey.pem", "in-project private-key");
    check("certs/cert.pem", "in-project");
    check("tests/fixtures/server.key", "in-project");
    check("id*", "in-project");
    check("~/.aws", "cloud-credentials");
    check("~/.aws/credentials", "cloud-credentials");
    check("~/.aws/config", "");
    check("~/.kube/config", "cloud-credentials");
    check(
        "~/.config/gcloud/application_default_credentials.json",
        "cloud-credentials",
    );
    check("◆/.aws/credentials", "cloud-credentials");
    check("~/.netrc", "token-store");
    check("~/.npmrc", "token-store");
    check(".npmrc", "in-project");
    check("~/.config/gh/hosts.yml", "token-store");
    check("~/.docker/config.json", "token-store");
    check("~/.cargo/credentials.toml", "token-store");
    check("~/.cargo/config.toml", "");
    check("~/.git-credentials", "token-store");
    check("~/.claude/.credentials.json", "token-store");
    for text in [
        ".env",
        ".env.local",
        ".env.production",
        "api/.env",
        ".ENV",
        ".env.",
        ".env ",
        ".env*",
        ".e*",
    ] {
        check(text, "in-project env-file");
    }
    for text in [
        ".env.example",
        ".env.sample",
        ".env.template",
        ".env.dist",
        ".env.local.example",
        ".envrc",
        ".environment",
        "env.ts",
        ".env.example.local",
    ] {
        check(text, "in-project");
    }
    check("~/.mozilla/firefox/abc.default/logins.json", "secret-store");
    check("~/.config/google-chrome/Default/Login Data", "secret-store");
    check("~/Library/Keychains/login.keychain-db", "secret-store");
    check("~/.password-store/x.gpg", "secret-store");
    check("notes.kdbx", "in-project secret-store");
}

#[test]
fn startup_persistence_and_settings() {
    check("~/.bashrc", "shell-startup");
    check("~/.zshenv", "shell-startup");
    check("~/.bash*", "shell-startup");
    check("~/.config/fish/conf.d/x.fish", "shell-startup");
    check("dotfiles/.bashrc", "in-project");
    check("~/.config/systemd/user/x.service", "user-persistence");
    check("~/Library/LaunchAgents/x.plist", "user-persistence");
    check("~/.gitconfig", "user-persistence");
    check(".claude/settings.json", "in-project claude-settings");
    check(".claude/settings.local.json", "in-project claude-settings");
    check(".claude/hooks/x.sh", "in-project claude-settings");
    check(".CLAUDE/Settings.JSON", "in-project claude-settings");
    check(".claude", "in-project claude-settings");
    check(".claude/CLAUDE.md", "in-project");
    check("~/.claude.json", "claude-settings");
    check("~/.claude/settings.json", "claude-settings");
    check("~/.claude/projects/x/memory/a.md", "");
    check(
        "/etc/claude-code/managed-settings.json",
        "system system-config claude-settings",
    );
    check("~/.config/hookbin/config.toml", "hookbin");
    check("~/.local/state/hookbin/audit/000001.jsonl", "hookbin");
    check("~/.cargo/bin/hookbin", "hookbin");
    check("/usr/local/bin/hookbin", "system hookbin");
    check(".claude/hookbin.toml", "in-project hookbin");
    check(".claude/hookbin/rules/x.toml", "in-project hookbin");
    check("src/hookbin", "in-project");
    check("/etc/hookbin/config.toml", "system system-config hookbin");
}

#[test]
fn a_project_in_odd_places_is_still_one() {
    let at = |project: &str| Places::new(project, project, &[], &["/tmp".to_owned()], &dirs());
    let temp = at("/tmp/work/p");
    check_in(&temp, ".", "project");
    check_in(&temp, "src", "in-project");
    check_in(&temp, "dist", "in-project build-output");
    check_in(&temp, "..", "temp ancestor");
    check_in(&temp, "/tmp/other", "temp");
    check_in(&temp, "/tmp", "temp-top ancestor");
    let system = at("/var/www/site");
    check_in(&system, ".", "project");
    check_in(&system, "index.php", "in-project");
    check_in(&system, "/var/www", "system system-top ancestor");
    check_in(&system, "/etc/passwd", "system system-config accounts");
    let build = at("/home/dev/build/p");
    check_in(&build, "src", "in-project");
    check_in(&build, "..", "ancestor");
    let home = at("/home/dev");
    check_in(&home, ".", "home project");
    check_in(&home, "notes", "");
    let root = at("/");
    check_in(&root, ".", "root");
    check_in(&root, "usr/bin/x", "system");
    let etc = at("/etc");
    check_in(&etc, "hosts", "system system-config");
    let volume = at("/mnt/data");
    check_in(&volume, "src", "in-project");
    check_in(&volume, ".", "project");
    let nowhere = Places::default();
    check_in(&nowhere, "src", "");
    check_in(&nowhere, "/etc/passwd", "system system-config accounts");
    check_in(&nowhere, "~/.ssh/id_rsa", "ssh private-key");
    check_in(&nowhere, "~", "homes");
}

#[test]
fn directories_that_hold_protected_things() {
    let holds = |text: &str| {
        let located = locate(&Disk::default(), &places(), &Cwd::Start, text);
        contains_protected(&places(), &located).words().join(" ")
    };
    assert!(holds("~/.config").contains("hookbin"));
    assert!(holds("~/.local").contains("hookbin"));
    assert!(holds("~/.cargo/bin").contains("hookbin"));
    assert!(holds("/").contains("hookbin"));
    assert!(holds("~").contains("ssh"));
    assert!(holds(".").contains("git-hooks"));
    assert_eq!(holds("src"), "");
    assert_eq!(holds("~/.config/hookbin"), "");
    assert_eq!(holds("/tmp"), "");
}
