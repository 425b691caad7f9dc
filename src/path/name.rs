//! Owns names that tell what a file is wherever it lies: keys, env files, git, Claude settings,
//! hookbin's own, CI. Does not own what depends on the place (`home`, `system`). Invariants: paths come
//! folded (`classify::fold`); examples and public halves are never secrets.

use super::classify::fold;
use super::home::is_cloud;
use super::lexical::is_at_or_below;
use super::system::is_suffix;
use super::{Class, Classes};
use crate::word::base;

/// What a path is by the names in it, wherever it lies. `every` stands for all entries of it.
pub(super) fn anywhere(path: &str, every: bool, classes: &mut Classes) {
    let last = base(path);
    let mut at = 0;
    for part in path.split('/') {
        let rest = path.get(at + part.len() + 1..).unwrap_or_default();
        at += part.len() + 1;
        match part {
            ".git" => git(rest, classes),
            ".ssh" => ssh(rest, every, classes),
            ".claude" => claude(rest, classes),
            ".aws" | ".kube" | ".azure"
                if is_cloud(path.get(at - part.len() - 1..).unwrap_or(part)) =>
            {
                classes.add(Class::CloudCredentials);
            }
            ".password-store" => classes.add(Class::SecretStore),
            ".docker" if rest == "config.json" => classes.add(Class::TokenStore),
            ".cargo" if matches!(rest, "credentials" | "credentials.toml") => {
                classes.add(Class::TokenStore);
            }
            ".github" | ".forgejo" | ".gitea"
                if rest.starts_with("workflows") || rest.starts_with("actions") =>
            {
                classes.add(Class::CiWorkflow);
            }
            ".circleci" | ".buildkite" | ".woodpecker" => classes.add(Class::CiWorkflow),
            _ => {}
        }
    }
    if !every {
        file(path, last, classes);
    }
}

fn file(path: &str, last: &str, classes: &mut Classes) {
    if is_env(last) {
        classes.add(Class::EnvFile);
    }
    match last {
        ".netrc" | "_netrc" | ".pypirc" | ".git-credentials" | ".pgpass" | ".vault-token" => {
            classes.add(Class::TokenStore);
        }
        "application_default_credentials.json"
        | "serviceaccountkey.json"
        | "service-account.json"
        | "service_account.json"
        | "service-account-key.json"
        | "kubeconfig" => {
            classes.add(Class::CloudCredentials);
        }
        "wallet.dat" | "key4.db" | "logins.json" => classes.add(Class::SecretStore),
        ".gitlab-ci.yml"
        | ".gitlab-ci.yaml"
        | "jenkinsfile"
        | ".travis.yml"
        | "azure-pipelines.yml"
        | "azure-pipelines.yaml"
        | "bitbucket-pipelines.yml"
        | ".drone.yml"
        | ".woodpecker.yml"
        | ".woodpecker.yaml"
        | "appveyor.yml"
        | ".appveyor.yml"
        | ".cirrus.yml" => {
            classes.add(Class::CiWorkflow);
        }
        "authorized_keys" | "authorized_keys2" => classes.add(Class::AuthorizedKeys),
        _ => {}
    }
    if is_suffix(last, ".kdbx") {
        classes.add(Class::SecretStore);
    }
    if is_key_name(path, last) {
        classes.add(Class::PrivateKey);
    }
    if is_data(last) {
        classes.add(Class::DataFile);
    }
}

/// Disk images, databases and backups.
fn is_data(last: &str) -> bool {
    let (_, extension) = last.rsplit_once('.').unwrap_or_default();
    matches!(
        extension,
        "img"
            | "iso"
            | "qcow2"
            | "vmdk"
            | "vdi"
            | "vhd"
            | "vhdx"
            | "sqlite"
            | "sqlite3"
            | "db"
            | "sql"
            | "dump"
            | "bak"
            | "rdb"
            | "mdb"
            | "bkp"
            | "backup"
    )
}

/// Private keys by name. Keys in test data are nobody's.
fn is_key_name(path: &str, last: &str) -> bool {
    let named = match last {
        "id_rsa" | "id_dsa" | "id_ecdsa" | "id_ed25519" | "id_ecdsa_sk" | "id_ed25519_sk" => true,
        _ => {
            is_suffix(last, ".ppk")
                || is_suffix(last, ".p12")
                || is_suffix(last, ".pfx")
                || is_suffix(last, ".key")
                    && !is_suffix(last, ".pub.key")
                    && !last.contains("public")
                || is_suffix(last, ".pem")
                    && (last.contains("key") || last.contains("priv") || last.contains("_rsa"))
                    && !last.contains("pub")
        }
    };
    let sample = |part: &str| {
        matches!(
            part,
            "test"
                | "tests"
                | "testdata"
                | "test-data"
                | "test_data"
                | "fixture"
                | "fixtures"
                | "spec"
                | "specs"
                | "__tests__"
                | "__fixtures__"
                | "examples"
                | "example"
                | "mocks"
                | "node_modules"
                | "site-packages"
                | "vendor"
        )
    };
    named && !path.split('/').any(sample)
}

/// `.env` and its kin, not the examples.
fn is_env(last: &str) -> bool {
    let Some(rest) = last.strip_prefix(".env") else {
        return false;
    };
    let rest = match rest.as_bytes().first() {
        None | Some(b'*' | b'?' | b'[') => return true,
        Some(b'.' | b'-' | b'_') => rest.get(1..).unwrap_or_default(),
        Some(_) => return rest.starts_with(crate::shell::UNKNOWN),
    };
    let sample = |stem: &str| {
        let samples = ["example", "sample", "template"];
        stem.len() > 1 && samples.iter().any(|it| it.starts_with(stem))
    };
    !rest.split(['.', '-', '_']).any(|it| {
        it.strip_suffix('*').is_some_and(sample)
            || matches!(
                it,
                "example"
                    | "examples"
                    | "sample"
                    | "samples"
                    | "template"
                    | "tmpl"
                    | "tpl"
                    | "dist"
                    | "default"
                    | "defaults"
                    | "schema"
                    | "md"
                    | "vault"
                    | "ts"
                    | "js"
                    | "mjs"
                    | "py"
                    | "rs"
                    | "go"
                    | "rb"
                    | "php"
                    | "j2"
                    | "enc"
                    | "encrypted"
                    | "sops"
                    | "spec"
                    | "ejs"
                    | "hbs"
                    | "ci"
                    | "test"
                    | "testing"
            )
    })
}

fn git(rest: &str, classes: &mut Classes) {
    classes.add(Class::Git);
    // A submodule's or worktree's repository lies in the one of its parent.
    let mut inner = rest;
    loop {
        let first = inner.split('/').next().unwrap_or_default();
        if matches!(
            first,
            "hooks" | "config" | "config.worktree" | "config.lock" | "commondir" | "gitdir"
        ) || matches!(inner, "info/attributes")
        {
            classes.add(Class::GitHooks);
            return;
        }
        if !(rest.starts_with("modules/") || rest.starts_with("worktrees/")) {
            return;
        }
        match inner.split_once('/') {
            Some((_, tail)) => inner = tail,
            None => return,
        }
    }
}

fn ssh(rest: &str, every: bool, classes: &mut Classes) {
    classes.add(Class::Ssh);
    let first = rest.split('/').next().unwrap_or_default();
    if first.starts_with("authorized_keys") || matches!(first, "rc" | "environment") {
        classes.add(Class::AuthorizedKeys);
        return;
    }
    let public = is_suffix(rest, ".pub")
        || first.starts_with("known_hosts")
        || first.starts_with("config")
        || matches!(
            first,
            "allowed_signers" | "agent" | "sockets" | "control" | "cm" | "readme" | "readme.md"
        )
        || is_suffix(rest, ".sock");
    let key = if rest.is_empty() { every } else { !public };
    if key {
        classes.add(Class::PrivateKey);
    }
}

fn claude(rest: &str, classes: &mut Classes) {
    if matches!(rest, "hookbin" | "hookbin.toml") || rest.starts_with("hookbin/") {
        classes.add(Class::Hookbin);
    }
    if rest.is_empty() || is_claude_setting(rest) {
        classes.add(Class::ClaudeSettings);
    }
    if rest == ".credentials.json" {
        classes.add(Class::TokenStore);
    }
}

/// True for what Claude Code takes settings, hooks and instructions from, below its directory.
pub(super) fn is_claude_setting(tail: &str) -> bool {
    let first = tail.split('/').next().unwrap_or_default();
    matches!(
        first,
        "hooks"
            | "agents"
            | "skills"
            | "commands"
            | "plugins"
            | "output-styles"
            | "managed-settings.json"
            | "managed-settings.d"
            | "remote-settings.json"
            // The client runs what stands there before every shell call.
            | "session-env"
            | "shell-snapshots"
    ) || first.starts_with("settings") && (is_suffix(first, ".json") || has_glob(first))
        || tail == ".claude.json"
}

fn has_glob(name: &str) -> bool {
    name.contains(['*', '?', '['])
}

/// True for the settings of the client that make it run code or drop its hooks; agents, skills and
/// commands do not.
pub fn carries_hooks(path: &str) -> bool {
    let path = fold(path);
    let tail = path.rsplit_once("/.claude/").map_or("", |it| it.1);
    let first = tail.split('/').next().unwrap_or_default();
    !matches!(first, "agents" | "skills" | "commands" | "output-styles")
}

/// A program named hookbin in a directory of programs, and the default directories of any machine.
pub(super) fn is_own(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let last = parts.next().unwrap_or_default();
    let parent = parts.next().unwrap_or_default();
    matches!(last, "hookbin" | "hookbin-cli" | "hookbin.exe")
        && matches!(parent, "bin" | "sbin" | ".bin" | "shims")
        || is_at_or_below(path, "/library/application support/hookbin")
}
