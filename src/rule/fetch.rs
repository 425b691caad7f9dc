//! Owns which invocations copy files from another machine to this one without being downloaders by name: scp,
//! rsync, sftp, the copying of cloud tools. Does not own what becomes of the files (`flow`). Invariant: a copy
//! from here to elsewhere, or from here to here, is none.

use super::{flow, ran};
use crate::shell::Invocation;
use crate::shell::flags::{Options, family, options};
use crate::word::base;

/// True where the invocation brings what did not come by a downloader: a clone, a copy, code that loads.
pub(super) fn brings(invocation: &Invocation) -> bool {
    flow::is_clone(invocation) || ran::loads(invocation) || is_fetch(invocation)
}

/// True where the invocation brings files from another machine.
pub(super) fn is_fetch(invocation: &Invocation) -> bool {
    if !copies(&invocation.program) {
        return false;
    }
    let options = options(invocation);
    let words: Vec<&str> = options.operands.iter().map(|it| it.text.as_str()).collect();
    match family(&invocation.program) {
        "sftp" => words.first().is_some_and(|it| it.contains(':')),
        "az" => words.contains(&"download"),
        "b2" => words
            .iter()
            .any(|it| it.starts_with("download") || *it == "b2"),
        _ => {
            let Some((target, sources)) = words.split_last() else {
                return false;
            };
            let alias = invocation.program == "mc" && !target.contains("://");
            let remote = |it: &&str| is_remote(it) || alias && is_alias(it);
            !remote(target) && sources.iter().any(remote)
        }
    }
}

/// True where it brings a whole tree, whose files it does not name.
pub(super) fn is_tree(invocation: &Invocation) -> bool {
    if !copies(&invocation.program) || !is_fetch(invocation) {
        return false;
    }
    let options = options(invocation);
    let recursive = ["-r", "-R", "-a", "--recursive", "--archive"];
    let verbs = ["sync", "copy", "rsync", "mirror", "download-batch"];
    options.has_any(&recursive) || is_verb(&options, &verbs)
}

/// True where what the invocation unpacks, or has unpacked from, is called like a program.
pub(super) fn unpacks_one_called(all: &[Invocation], by: u32, name: &str) -> bool {
    let at = |number: u32| all.get(usize::try_from(number).ok()?);
    let Some(by) = at(by) else { return false };
    let them = by.fed_by.iter().filter_map(|it| at(*it)).chain([by]);
    let mut names = them.flat_map(Invocation::args).map(|it| base(&it.text));
    names.any(|it| it.split(['-', '_', '.']).any(|word| word == name))
}

fn is_verb(options: &Options, verbs: &[&str]) -> bool {
    let mut words = options.operands.iter().take(3);
    words.any(|it| verbs.contains(&it.text.as_str()))
}

fn copies(program: &str) -> bool {
    matches!(
        program,
        "scp"
            | "rsync"
            | "sftp"
            | "aws"
            | "gsutil"
            | "gcloud"
            | "rclone"
            | "az"
            | "azcopy"
            | "mc"
            | "s3cmd"
            | "s5cmd"
            | "b2"
    )
}

/// True for `host:path` and `scheme://…`.
fn is_remote(text: &str) -> bool {
    match text.split_once(':') {
        Some((host, rest)) => {
            rest.starts_with("//") && host != "file"
                || !host.is_empty() && !host.contains('/') && !host.starts_with(['.', '~'])
        }
        None => false,
    }
}

/// True for a name of MinIO's own: `store/bucket/file`.
fn is_alias(text: &str) -> bool {
    text.contains('/') && !text.starts_with(['.', '/', '~'])
}
