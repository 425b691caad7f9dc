//! Owns the built-in protection of the machine: accounts, persistence, configuration, kernel, devices,
//! programs of the system. Does not own the rest of the table (`protection`). Invariant: recursive
//! changes of system trees in shell text are left to the rules.

use crate::guard::Cx;
use crate::path::Class;
use crate::shell::access::AccessKind;
use crate::verdict::{Decision, Severity};

use super::mode::narrows;
use super::protection::{ASK_USER, ask, deny, objection};
use super::{Objection, Target, pattern};

/// The machine: accounts, boot, configuration, kernel and devices.
pub(super) fn machine(cx: &Cx, target: &Target) -> Option<Objection> {
    let by_rules = target.in_shell() && target.recursive && target.is(Class::System);
    if by_rules && !target.is(Class::AuthorizedKeys) {
        return None;
    }
    if target.is(Class::Accounts) {
        return Some(deny(
            "path-accounts-write",
            Severity::Critical,
            "the file decides who may log in and become root.",
            ASK_USER,
        ));
    }
    if target.is(Class::AuthorizedKeys) && !narrows(target) {
        return Some(deny(
            "path-authorized-keys-write",
            Severity::Critical,
            "the file decides who may log in over ssh.",
            ASK_USER,
        ));
    }
    if target.is_program("mkdir") && !target.is(Class::Kernel) {
        // An empty directory changes nothing that exists and runs nothing; what comes into it is judged.
        return None;
    }
    if target.is(Class::SystemPersistence) {
        return Some(deny(
            "path-system-persistence-write",
            Severity::Critical,
            "what stands there runs by itself, as root, also after this session.",
            ASK_USER,
        ));
    }
    if target.is(Class::SystemConfig) {
        // A key trusts nobody by itself: a list of sources has to name it.
        let key = |it: &str| it.starts_with("/etc/apt/keyrings/");
        let asked = match target.kind {
            AccessKind::Link => true,
            AccessKind::Write | AccessKind::Append | AccessKind::Permission => {
                target.paths().into_iter().all(key)
            }
            _ => false,
        };
        let decision = if asked { Decision::Ask } else { Decision::Deny };
        return Some(objection(
            "path-system-config-write",
            Severity::High,
            decision,
            "it changes the configuration of the whole machine.",
            "use a configuration file below the project, or ask the user to make this change.",
        ));
    }
    kernel(target).or_else(|| system(cx, target))
}

fn kernel(target: &Target) -> Option<Objection> {
    if target.is(Class::Device) && !target.in_shell() {
        return Some(deny(
            "path-device-write",
            Severity::Critical,
            "writing to a raw device destroys the file systems on it.",
            "write to a regular file.",
        ));
    }
    if !target.is(Class::Kernel) || target.is(Class::Sink) {
        return None;
    }
    let path = &target.located.lexical;
    let trigger = [
        "/proc/sysrq-trigger",
        "/proc/acpi",
        "/sys/power",
        "/proc/sys/kernel/sysrq",
    ];
    if trigger.iter().any(|it| pattern::is_below(path, it)) {
        return Some(deny(
            "path-kernel-write",
            Severity::Critical,
            "the kernel acts on it at once: it can stop or reset the machine.",
            ASK_USER,
        ));
    }
    let process = path
        .strip_prefix("/proc/")
        .is_some_and(|it| it.starts_with("self") || it.starts_with(|it: char| it.is_ascii_digit()));
    // How single devices save power or shine.
    let comfort = path.strip_prefix("/sys/").is_some_and(|it| {
        it.contains("/power/") || it.contains("/backlight/") || it.contains("/leds/")
    });
    (!process && !comfort).then(|| {
        ask(
            "path-kernel-write",
            Severity::High,
            "it changes how the running kernel behaves.",
            ASK_USER,
        )
    })
}

/// Programs and libraries of the system. What packages do not own (/usr/local, /opt, /var) is free.
fn system(cx: &Cx, target: &Target) -> Option<Objection> {
    if !target.is(Class::System) || target.kind == AccessKind::Link || gives_another_name(target) {
        return None;
    }
    if !target.paths().into_iter().any(of_system) {
        return None;
    }
    let exists = cx.host.metadata(&target.located.real).is_ok();
    let decision = if exists && target.kind != AccessKind::Append {
        Decision::Deny
    } else {
        Decision::Ask
    };
    Some(objection(
        "path-system-write",
        Severity::High,
        decision,
        "programs and libraries there belong to the system and its package manager.",
        "install below /usr/local, the home or the project, or use the package manager.",
    ))
}

/// True below the directories whose content packages own.
fn of_system(path: &str) -> bool {
    let core = [
        "/bin",
        "/sbin",
        "/lib",
        "/lib32",
        "/lib64",
        "/usr/bin",
        "/usr/sbin",
        "/usr/lib",
        "/usr/lib32",
        "/usr/lib64",
        "/usr/libexec",
        "/usr/include",
        "/usr/share",
        "/System",
        "/C:/Windows",
    ];
    core.iter().any(|it| pattern::is_below(path, it))
}

/// True for `ln -s` without force from one file of the system to a name beside it: nothing is replaced,
/// and what the new name leads to is the system's own.
fn gives_another_name(target: &Target) -> bool {
    let Some(invocation) = target.invocation.filter(|it| it.program == "ln") else {
        return false;
    };
    let (flags, operands): (Vec<_>, Vec<_>) = invocation
        .args()
        .iter()
        .partition(|it| it.text.starts_with('-'));
    let replaces = |text: &str| text.starts_with("--") || text.contains(['f', 'b', 't', 'S']);
    let sources = operands.split_last().map(|it| it.1).unwrap_or_default();
    !flags.iter().any(|it| replaces(&it.text))
        && !sources.is_empty()
        && sources
            .iter()
            .all(|it| it.is_known() && of_system(&it.text) && !it.text.contains(".."))
}
