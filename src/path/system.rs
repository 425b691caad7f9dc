//! Owns the places of the system: its trees, configuration, accounts, persistence, devices and mounts.
//! Does not own homes and projects (`classify`) nor names that mean the same anywhere (`name`).
//! Invariant: paths come folded (`classify::fold`) and absolute.

use super::classify::without_drive;
use super::lexical::{below, is_at_or_below};
use super::{Class, Classes};

/// System trees and mounts, by place alone.
pub(super) fn locate(path: &str, classes: &mut Classes) {
    if path == "/" {
        classes.add(Class::Root);
        return;
    }
    if mounted(path, classes) {
        return;
    }
    let path = without_drive(path);
    let mut parts = path.trim_start_matches('/').split('/');
    let top = parts.next().unwrap_or_default();
    let second = parts.next();
    let depth = path.matches('/').count();
    if !is_tree(top, second) {
        return;
    }
    classes.add(Class::System);
    let branch = match top {
        "usr" | "var" | "library" | "system" => 2,
        _ => 1,
    };
    if depth <= branch || is_vital(path) {
        classes.add(Class::SystemTop);
    }
}

fn is_tree(top: &str, second: Option<&str>) -> bool {
    match top {
        "run" => !matches!(second, Some("user" | "media")),
        "usr"
        | "etc"
        | "bin"
        | "sbin"
        | "lib"
        | "lib32"
        | "lib64"
        | "libx32"
        | "boot"
        | "var"
        | "opt"
        | "srv"
        | "snap"
        | "nix"
        | "gnu"
        | "dev"
        | "proc"
        | "sys"
        | "system"
        | "library"
        | "applications"
        | "private"
        | "cores"
        | "efi"
        | "sysroot"
        | "windows"
        | "program files"
        | "program files (x86)"
        | "programdata" => true,
        _ => false,
    }
}

/// Directories deeper down without which nothing works.
fn is_vital(path: &str) -> bool {
    matches!(
        path,
        "/usr/local/bin"
            | "/usr/local/lib"
            | "/usr/local/sbin"
            | "/usr/lib/systemd"
            | "/usr/lib/x86_64-linux-gnu"
            | "/usr/lib/aarch64-linux-gnu"
            | "/lib/x86_64-linux-gnu"
            | "/lib/modules"
            | "/var/lib/dpkg"
            | "/var/lib/docker"
            | "/var/lib/rpm"
            | "/etc/ssl"
            | "/etc/ssh"
            | "/etc/systemd"
            | "/etc/pam.d"
            | "/boot/efi"
            | "/boot/grub"
            | "/windows/system32"
    )
}

/// Mount points and drives; true where the path is the top of one.
fn mounted(path: &str, classes: &mut Classes) -> bool {
    let rest = without_drive(path);
    if rest.is_empty() || rest == "/" {
        classes.add(Class::Root);
        classes.add(Class::Mounted);
        return true;
    }
    let Some((top, tail)) = ["/mnt", "/volumes", "/media", "/run/media", "/cygdrive"]
        .into_iter()
        .find_map(|top| below(path, top).map(|tail| (top, tail)))
    else {
        return false;
    };
    // /media/<user>/<volume> and /run/media/<user>/<volume> are one deeper.
    let levels = usize::from(top.ends_with("media"));
    if tail.matches('/').count() <= levels {
        classes.add(Class::Mounted);
        return true;
    }
    false
}

/// What a path of the system is, beyond lying in it. In a project only what cannot be the project's own
/// counts, whatever the project's root is called.
pub(super) fn names(path: &str, in_project: bool, classes: &mut Classes) {
    if let Some(tail) = below(path, "/dev") {
        device(tail, classes);
    } else if is_at_or_below(path, "/proc") || is_at_or_below(path, "/sys") {
        classes.add(Class::Kernel);
        if path.contains("/fd/") {
            classes.add(Class::Sink);
        }
        // The variables that a process was given, tokens among them.
        if path.ends_with("/environ") {
            classes.add(Class::TokenStore);
        }
    } else if let Some(tail) = below(path, "/etc") {
        if !in_project {
            classes.add(Class::SystemConfig);
        }
        etc(tail, classes);
    } else if let Some(tail) =
        below(path, "/run/secrets").or_else(|| below(path, "/var/run/secrets"))
    {
        if !tail.is_empty() {
            classes.add(Class::CloudCredentials);
        }
    } else if !in_project {
        elsewhere(without_drive(path), classes);
    }
}

/// Directories, separated by colons.
const CONFIGURATION: &str = "/usr/local/etc:/boot:/efi:/library/preferences:\
    /windows/system32/drivers/etc:/windows/system32/config";

const PERSISTENCE: &str = "/var/spool/cron:/var/spool/at:/var/spool/anacron:/var/at:/usr/lib/cron:\
    /lib/systemd:/usr/lib/systemd:/usr/local/lib/systemd:/run/systemd:/lib/udev:/usr/lib/udev:\
    /lib/modules:/usr/lib/modules:/library/launchdaemons:/library/launchagents:\
    /library/startupitems:/system/library/launchdaemons:/system/library/launchagents:\
    /windows/system32/tasks:/programdata/microsoft/windows/start menu/programs/startup";

const SECRETS: &str = "/library/keychains:/windows/system32/config";

fn lies_in(path: &str, directories: &str) -> bool {
    directories.split(':').any(|it| is_at_or_below(path, it))
}

/// True where one of the places of [`elsewhere`] starts as the path does: of few paths that is true, and
/// all are asked.
fn is_above_any(path: &str) -> bool {
    matches!(
        path.split('/').nth(1).unwrap_or_default(),
        "boot"
            | "efi"
            | "lib"
            | "library"
            | "programdata"
            | "run"
            | "system"
            | "usr"
            | "var"
            | "windows"
    )
}

fn elsewhere(path: &str, classes: &mut Classes) {
    if !is_above_any(path) {
        return;
    }
    if lies_in(path, CONFIGURATION) {
        classes.add(Class::SystemConfig);
    }
    if lies_in(path, PERSISTENCE) {
        classes.add(Class::SystemPersistence);
    }
    if is_at_or_below(path, "/var/db/dslocal") {
        classes.add(Class::Accounts);
        classes.add(Class::SecretStore);
    }
    if lies_in(path, SECRETS) {
        classes.add(Class::SecretStore);
    }
    if is_at_or_below(path, "/library/application support/claudecode") {
        classes.add(Class::ClaudeSettings);
    }
}

fn etc(tail: &str, classes: &mut Classes) {
    let first = tail.split('/').next().unwrap_or_default();
    match first {
        "passwd" | "passwd-" | "group" | "group-" | "sudoers" | "sudoers.d" | "pam.d"
        | "pam.conf" | "doas.conf" | "subuid" | "subgid" | "login.defs" | "security"
        | "polkit-1" | "shells" | "nsswitch.conf" => classes.add(Class::Accounts),
        "shadow" | "shadow-" | "gshadow" | "gshadow-" | "master.passwd" | "spwd.db" => {
            classes.add(Class::Accounts);
            classes.add(Class::SecretStore);
        }
        "crontab" | "anacrontab" | "systemd" | "init.d" | "init" | "rc.local" | "inittab"
        | "udev" | "ld.so.preload" | "ld.so.conf" | "ld.so.conf.d" | "modules"
        | "modules-load.d" | "modprobe.d" | "update-motd.d" | "environment" | "environment.d"
        | "grub.d" | "periodic" | "launchd.conf" | "runit" | "sv" | "at.allow" => {
            classes.add(Class::SystemPersistence);
        }
        "profile" | "profile.d" | "bash.bashrc" | "bashrc" | "zsh" | "zshrc" | "zshenv"
        | "zprofile" | "csh.cshrc" | "csh.login" | "fish" | "skel" => {
            classes.add(Class::ShellStartup);
        }
        "claude-code" => classes.add(Class::ClaudeSettings),
        "hookbin" => classes.add(Class::Hookbin),
        "wireguard" if tail.contains('/') => classes.add(Class::PrivateKey),
        "kubernetes" if is_suffix(tail, ".conf") => classes.add(Class::CloudCredentials),
        _ if first.starts_with("cron.") || first.starts_with("rc") && is_suffix(first, ".d") => {
            classes.add(Class::SystemPersistence);
        }
        _ => {}
    }
    if tail.starts_with("ssh/") || tail == "ssh" {
        ssh(tail, classes);
    }
    let private = ["ssl/private/", "pki/tls/private/", "letsencrypt/keys/"];
    if private.iter().any(|it| tail.starts_with(it)) && !is_suffix(tail, ".pub") {
        classes.add(Class::PrivateKey);
    }
    if tail.starts_with("xdg/autostart") || tail.starts_with("apt/apt.conf.d") {
        classes.add(Class::SystemPersistence);
    }
}

fn ssh(tail: &str, classes: &mut Classes) {
    classes.add(Class::Ssh);
    if tail.starts_with("ssh/sshd_config") || tail.starts_with("ssh/authorized_") {
        classes.add(Class::AuthorizedKeys);
    }
    if tail.starts_with("ssh/ssh_host_") && !is_suffix(tail, ".pub") {
        classes.add(Class::PrivateKey);
    }
}

/// True where the folded name ends so.
pub(super) fn is_suffix(name: &str, suffix: &str) -> bool {
    name.len() > suffix.len() && name.ends_with(suffix)
}

fn device(tail: &str, classes: &mut Classes) {
    let first = tail.split('/').next().unwrap_or_default();
    match first {
        "null" | "zero" | "full" | "stdin" | "stdout" | "stderr" | "tty" | "fd" | "random"
        | "urandom" | "ptmx" | "pts" | "console" => classes.add(Class::Sink),
        "mem" | "kmem" | "port" => classes.add(Class::Device),
        "mapper" if !matches!(tail, "mapper" | "mapper/control") => classes.add(Class::Device),
        "disk" | "block" if tail.contains('/') => classes.add(Class::Device),
        _ if is_disk(first) => classes.add(Class::Device),
        _ => {}
    }
}

/// Names of block devices and tapes: a known stem, then a letter or a digit, or a glob or a mark for one.
fn is_disk(name: &str) -> bool {
    const LETTERED: &str = "sd hd vd xvd ubd dasd";
    const NUMBERED: &str = "nvme mmcblk disk rdisk dm- md loop sr zd nbd pmem bcache drbd ram zram rbd \
        nst st da ada mtd mtdblock";
    let follows = |stems: &str, fits: fn(u8) -> bool| {
        stems
            .split_ascii_whitespace()
            .filter_map(|stem| name.strip_prefix(stem)?.bytes().next())
            // No other letter beyond ASCII stands there than a mark.
            .any(|it| fits(it) || matches!(it, b'*' | b'?' | b'[') || !it.is_ascii())
    };
    name.len() <= 16
        && (follows(LETTERED, |it| it.is_ascii_lowercase()) && !matches!(name, "sddm" | "hdd")
            || follows(NUMBERED, |it| it.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_elsewhere_is_reached() {
        for list in [CONFIGURATION, PERSISTENCE, SECRETS] {
            for path in list.split(':') {
                assert!(is_above_any(path), "{path}");
            }
        }
        for path in [
            "/var/db/dslocal/x",
            "/library/application support/claudecode",
        ] {
            let mut classes = Classes::default();
            elsewhere(path, &mut classes);
            assert!(!classes.is_empty(), "{path}");
        }
    }
}
