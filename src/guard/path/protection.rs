//! Owns the built-in protection of places: what writing and reading each class of them gets. Does not
//! own the classes (`path`). Invariants: one objection per access and side, the gravest place first;
//! ids are permanent.

use std::borrow::Cow;

use crate::guard::Cx;
use crate::path::{Class, Classes, carries_hooks};
use crate::policy;
use crate::shell::access::AccessKind;
use crate::verdict::{Decision, Severity};
use crate::word::base;

use super::loaded::{is_sourced_and_printed, stays_untold, tells_nothing};
use super::machine::machine;
use super::mode::{keeps_owner, narrows};
use super::{Objection, Target, pattern};

pub(super) const ASK_USER: &str = "ask the user to make this change.";

pub(super) fn objection(
    rule: &'static str,
    severity: Severity,
    decision: Decision,
    why: &'static str,
    instead: &'static str,
) -> Objection {
    Objection {
        rule: Cow::Borrowed(rule),
        severity,
        decision,
        why: Cow::Borrowed(why),
        instead,
    }
}

pub(super) fn deny(
    rule: &'static str,
    severity: Severity,
    why: &'static str,
    instead: &'static str,
) -> Objection {
    objection(rule, severity, Decision::Deny, why, instead)
}

pub(super) fn ask(
    rule: &'static str,
    severity: Severity,
    why: &'static str,
    instead: &'static str,
) -> Objection {
    objection(rule, severity, Decision::Ask, why, instead)
}

/// True for what `paths.free` does not reach: hookbin's own files and the settings that wire it.
pub(super) fn is_inalienable(rule: &str) -> bool {
    policy::protects_hookbin(rule, "") || rule == SETTINGS_WRITE
}

const SETTINGS_WRITE: &str = "path-claude-settings-write";

/// What a change of the place gets.
pub(super) fn write(cx: &Cx, target: &Target) -> Option<Objection> {
    if !target.writes() {
        return None;
    }
    own(cx, target)
        .or_else(|| tree(target))
        .or_else(|| machine(cx, target))
        .or_else(|| repository(cx, target))
        .or_else(|| user(cx, target))
}

/// hookbin itself and what wires it.
fn own(cx: &Cx, target: &Target) -> Option<Objection> {
    let inside = if takes_along(target) {
        cx.locator.contains_protected(&target.located)
    } else {
        Classes::default()
    };
    let by_rules = target.in_shell()
        && target.recursive
        && !is_covered(target)
        && target.located.classes.meets(TREES);
    let met = cx.locator.comes_upon(&target.located);
    let is = |class: Class| target.is(class) || met.has(class);
    if is(Class::Hookbin) || inside.has(Class::Hookbin) && !by_rules {
        return Some(deny(
            "path-hookbin-write",
            Severity::Critical,
            "this would change the guard itself: its program, policy, state or audit.",
            "leave it in place; the user can change it with the hookbin command.",
        ));
    }
    if met.has(Class::ClaudeSettings) && !narrows(target)
        || target.is(Class::ClaudeSettings) && changes_settings(target)
    {
        return Some(deny(
            SETTINGS_WRITE,
            Severity::Critical,
            "the file decides which hooks and permissions guard this session.",
            "tell the user which setting to change.",
        ));
    }
    None
}

/// True where a directory's content goes out of reach with it.
fn takes_along(target: &Target) -> bool {
    // What a mount covers, uncovers or gives another name is no longer reached as before.
    let mounts = ["mount", "umount"].iter().any(|it| target.is_program(it));
    target.takes_tree()
        || target.kind == AccessKind::Permission && !keeps_owner(target)
        || target.kind == AccessKind::Link && mounts
}

/// The mount point of a mount: what stood there is out of reach.
fn is_covered(target: &Target) -> bool {
    let last = target.invocation.and_then(|it| it.args().last());
    target.is_program("mount") && last.is_some_and(|it| it.text == target.located.written)
}

fn changes_settings(target: &Target) -> bool {
    let path = &target.located.lexical;
    let directory = path.ends_with("/.claude") || path.ends_with("/hooks");
    if target.is(Class::Temp) || directory && target.is_program("mkdir") {
        return false;
    }
    // `chmod 600` keeps the file in force and only shuts others out.
    if narrows(target) {
        return false;
    }
    if path.ends_with("/.claude") {
        // What is unpacked, copied or checked out onto the directory lands in its files.
        return takes_along(target) || matches!(target.kind, AccessKind::Link | AccessKind::Write);
    }
    target.located.real != *path && carries_hooks(&target.located.real) || carries_hooks(path)
}

/// Trees whose recursive deletion, moving or change of mode in shell text is the rules' matter.
const TREES: Classes = Classes::all(&[
    Class::Root,
    Class::Home,
    Class::Homes,
    Class::System,
    Class::Mounted,
    Class::Project,
    Class::Ancestor,
    Class::Git,
]);

/// A tool that deletes or moves a whole tree; shell text that does is judged by the rules.
fn tree(target: &Target) -> Option<Objection> {
    let taken = matches!(target.kind, AccessKind::Delete | AccessKind::Move);
    (taken && !target.in_shell() && target.located.classes.meets(TREES)).then(|| {
        deny(
            "path-tree-delete",
            Severity::Critical,
            "a system tree, a home, the project root or a repository would go away as a whole.",
            "name the single files that should go.",
        )
    })
}

/// Repositories and what runs for them.
fn repository(cx: &Cx, target: &Target) -> Option<Objection> {
    if target.is(Class::Temp) {
        return None;
    }
    let by_rules = target.in_shell() && target.recursive;
    if target.is(Class::GitHooks) && !by_rules && !target.is_program("mkdir") {
        // A hook that was not there is persistence; one that is may be what checks the commits.
        let hook = |it: &str| {
            let inner = it.rsplit_once("/.git/").map_or("", |it| it.1);
            inner.starts_with("hooks/") || inner.contains("/hooks/")
        };
        let added =
            target.paths().into_iter().all(hook) && cx.host.metadata(&target.located.real).is_err();
        let decision = if added { Decision::Ask } else { Decision::Deny };
        return Some(objection(
            "path-git-hooks-write",
            Severity::High,
            decision,
            "git runs code from there on ordinary commands.",
            "use `git config` for settings; ask the user to install hooks.",
        ));
    }
    if target.is(Class::Git) && !by_rules {
        return inside_git(target);
    }
    target.is(Class::CiWorkflow).then(|| {
        objection(
            "path-ci-workflow-write",
            Severity::Low,
            Decision::Warn,
            "the workflow runs with the repository's secrets; mention the change to the user.",
            "",
        )
    })
}

fn inside_git(target: &Target) -> Option<Objection> {
    let path = &target.located.lexical;
    let inner = path.rsplit_once("/.git/").map_or("", |it| it.1);
    let last = base(path);
    let message = matches!(
        last,
        "COMMIT_EDITMSG" | "MERGE_MSG" | "SQUASH_MSG" | "TAG_EDITMSG" | "git-rebase-todo"
    );
    let harmless = message
        || matches!(
            inner,
            "info/exclude" | "info/sparse-checkout" | "description"
        )
        || target.kind == AccessKind::Delete && last.rsplit('.').next() == Some("lock")
        || matches!(target.kind, AccessKind::Permission | AccessKind::Link);
    if harmless || inner.is_empty() && target.in_shell() {
        return None;
    }
    let decision = if target.in_shell() {
        Decision::Ask
    } else {
        Decision::Deny
    };
    Some(objection(
        "path-git-write",
        Severity::High,
        decision,
        "only git itself keeps its repository consistent.",
        "use a git command.",
    ))
}

/// The user's own: keys, start-up files, persistence, credentials.
fn user(cx: &Cx, target: &Target) -> Option<Objection> {
    let made_directory = target.is_program("mkdir");
    if target.is(Class::Ssh) && !made_directory && !target.is(Class::Temp) {
        return ssh(cx, target);
    }
    if target.is(Class::ShellStartup) {
        return Some(ask(
            "path-shell-startup-write",
            Severity::High,
            "every new shell runs this file, also outside this session.",
            "export the variable in the command, or ask the user to make this change.",
        ));
    }
    if target.is(Class::UserPersistence) && !made_directory {
        return Some(ask(
            "path-user-persistence-write",
            Severity::High,
            "what stands there runs by itself, also after this session.",
            ASK_USER,
        ));
    }
    if made_directory || narrows(target) {
        return None;
    }
    let rule = if target.is(Class::CloudCredentials) {
        "path-cloud-credentials-write"
    } else if target.is(Class::SecretStore) {
        "path-secret-store-write"
    } else if target.is(Class::TokenStore) {
        "path-token-store-write"
    } else {
        return None;
    };
    Some(ask(
        rule,
        Severity::Medium,
        "it holds credentials of the user.",
        "ask the user to log in with the tool's own command.",
    ))
}

fn ssh(cx: &Cx, target: &Target) -> Option<Objection> {
    const WHY: &str =
        "it decides with which keys, to which hosts and through which commands ssh connects.";
    if narrows(target) {
        return None;
    }
    let last = base(&target.located.lexical);
    if last.starts_with("known_hosts") {
        if target.is_program("ssh-keygen") {
            // It forgets a key (-R) or hashes names (-H); neither trusts anybody.
            return None;
        }
        let decision = match target.kind {
            AccessKind::Append => Decision::Warn,
            _ => Decision::Ask,
        };
        let why = "a host key taken without comparing it trusts whoever answers.";
        let instead = "compare the key's fingerprint with the published one.";
        return Some(objection(
            "path-known-hosts-write",
            Severity::Medium,
            decision,
            why,
            instead,
        ));
    }
    let creates = matches!(target.kind, AccessKind::Write | AccessKind::Append)
        && target.is_program("ssh-keygen")
        && cx.host.metadata(&target.located.real).is_err();
    if creates {
        return Some(ask("path-ssh-write", Severity::Medium, WHY, ASK_USER));
    }
    Some(deny("path-ssh-write", Severity::High, WHY, ASK_USER))
}

/// What reading the place gets.
pub(super) fn read(cx: &Cx, target: &Target) -> Option<Objection> {
    if let Some(objection) = use_of_own(cx, target) {
        return Some(objection);
    }
    let printed = target.is(Class::EnvFile) && is_sourced_and_printed(cx, target);
    let counted = target.kind == AccessKind::Read && target.invocation.is_some_and(tells_nothing);
    if !target.reads() && !printed || counted {
        return None;
    }
    let sent = target.kind == AccessKind::Send;
    let keys =
        target.is(Class::Ssh) && target.recursive && target.located.lexical.ends_with("/.ssh");
    if target.is(Class::PrivateKey) || keys {
        return Some(deny(
            "path-private-key-read",
            Severity::Critical,
            "a private key would be in the conversation, and its owner could be impersonated.",
            "use the public half (.pub), or let ssh and gpg use the key themselves.",
        ));
    }
    if target.is(Class::CloudCredentials) {
        return Some(deny(
            "path-cloud-credentials-read",
            Severity::High,
            "cloud credentials would be in the conversation.",
            "let the cloud's own command line tool use them.",
        ));
    }
    if target.is(Class::SecretStore) {
        return Some(deny(
            "path-secret-store-read",
            Severity::High,
            "stored passwords, cookies or password hashes would be in the conversation.",
            "ask the user for the one value that is needed.",
        ));
    }
    let rule = if target.is(Class::TokenStore) {
        "path-token-store-read"
    } else if target.is(Class::EnvFile) && !stays_untold(cx, target) {
        "path-env-file-read"
    } else {
        return None;
    };
    Some(objection(
        rule,
        if sent {
            Severity::High
        } else {
            Severity::Medium
        },
        if sent { Decision::Deny } else { Decision::Ask },
        "the file holds secrets that would be in the conversation.",
        "read the example file, list the names only, or let the program load it itself.",
    ))
}

/// hookbin's own files used without being changed.
fn use_of_own(cx: &Cx, target: &Target) -> Option<Objection> {
    let state = &cx.places.own.state;
    let of_state = |path: &str| !state.is_empty() && pattern::is_below(path, state);
    let reached = || cx.locator.comes_upon_state(&target.located);
    if !target.writes() && (target.paths().into_iter().any(of_state) || target.reads() && reached())
    {
        return Some(deny(
            "path-hookbin-read",
            Severity::High,
            "a reader of the guard's state can hold its locks.",
            "use `hookbin status` or `hookbin audit list`.",
        ));
    }
    let runs = target.kind == AccessKind::Execute && target.is(Class::Hookbin);
    if runs && !target.is_program("hookbin") {
        return Some(deny(
            "path-hookbin-run",
            Severity::Critical,
            "the guard's program under another name does what the guard would not let pass.",
            "call it hookbin; what is for people is for the user to run.",
        ));
    }
    None
}
