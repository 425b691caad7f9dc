//! Owns what clients for file transfer are told to do: sftp, ftp, lftp, smbclient, tftp, and what rsync
//! clears away at the other end. Does not own where they connect. Invariant: what happens at the other end
//! carries REMOTE, and is handed on only where it is a deletion.

use super::{Cx, like, split};
use crate::shell::invocation::{Arg, Context};

/// Follows the commands of a client, from its arguments and from a known stdin.
pub(super) fn commands(cx: &mut Cx) {
    let host = cx.operand(0).split(':').next().unwrap_or_default();
    let host = host.strip_prefix("//").unwrap_or(host);
    let mut host = host.split('/').next().unwrap_or_default().to_owned();
    let mut texts = cx.options.values_of(&["-e", "-c"]);
    if cx.program == "tftp" {
        // `tftp host -c put file`: the words behind the flag are one command.
        texts.extend([super::join(cx.options.rest(1).iter().copied())]);
    }
    texts.extend(cx.stdin.cloned());
    for text in texts {
        for line in text.text.split([';', '\n']).map(str::trim) {
            if let Some(opened) = line.strip_prefix("open ") {
                opened.trim().clone_into(&mut host);
            }
            command(cx, &host, &like(&text, line));
        }
    }
}

fn command(cx: &mut Cx, host: &str, line: &Arg) {
    if let Some(command) = line.text.strip_prefix('!') {
        cx.text(like(line, command), 0);
        return;
    }
    let mut words = split(line).into_iter();
    let verb = words.next().unwrap_or_default();
    let (flags, names): (Vec<Arg>, Vec<Arg>) = words.partition(|it| it.text.starts_with('-'));
    let there = |path: &str| like(line, format!("{host}:{path}"));
    let gives = |name: &str| flags.iter().any(|it| it.text == name);
    match (verb.text.as_str(), names.as_slice()) {
        ("put" | "reput" | "mput" | "send" | "append", [here, ..]) => {
            scp(cx, [here.clone(), there("")]);
        }
        ("get" | "reget" | "mget" | "recv", [remote, here, ..]) => {
            scp(cx, [there(&remote.text), here.clone()]);
        }
        ("mirror", [from, to, ..]) if gives("-R") || gives("--reverse") => {
            scp(cx, [from.clone(), there("")]);
            if gives("--delete") {
                cleared(cx, to);
            }
        }
        ("mirror", [_, to, ..]) if gives("--delete") => {
            let words = ["rsync", "-r", "--delete"].map(|it| like(line, it));
            cx.argv([&words[..], &[there(""), to.clone()]].concat(), 0);
        }
        ("rm" | "mrm" | "rmdir" | "del" | "mdel" | "mdelete" | "deltree", names) => {
            for name in names {
                cleared(cx, name);
            }
        }
        _ => {}
    }
}

fn scp(cx: &mut Cx, paths: [Arg; 2]) {
    let words = ["scp", "-r"].map(|it| like(&paths[0], it));
    cx.argv(words.into_iter().chain(paths).collect(), 0);
}

/// `rsync --delete from host:/`: what was there goes.
pub(super) fn mirrored(cx: &mut Cx) {
    let deletes = |it: &str| it.starts_with("--del");
    let dry = cx.options.has_any(&["-n", "--dry-run"]);
    if dry || !cx.options.flags.iter().any(|it| deletes(&it.name)) {
        return;
    }
    let [from @ .., to] = cx.options.operands.as_slice() else {
        return;
    };
    let Some((host, path)) = to.text.split_once(':') else {
        return;
    };
    let bare = |it: &str| it.trim_end_matches(['/', '*']).to_owned();
    let of_person =
        |it: &str| it == "~" || bare(it).rsplit_once('/').is_some_and(|it| it.0 == "/home");
    let is_home = matches!(path, "" | "~" | "~/");
    // A copy of the same tree is a backup.
    let copied = |it: &&Arg| bare(&it.text) == bare(path) || is_home && of_person(&it.text);
    let a_host = !host.is_empty() && !host.contains('/') && !path.starts_with("//");
    if a_host && !from.iter().any(copied) {
        let path = if is_home { "~" } else { path };
        cleared(cx, &like(to, path));
    }
}

/// A place at the other end is emptied. Only what no machine can do without is handed on.
fn cleared(cx: &mut Cx, path: &Arg) {
    let bare = path.text.trim_end_matches(['/', '*']);
    let vital = matches!(
        bare,
        "" | "~"
            | "/etc"
            | "/usr"
            | "/bin"
            | "/sbin"
            | "/lib"
            | "/lib64"
            | "/boot"
            | "/var"
            | "/home"
            | "/root"
    );
    if vital && !path.text.is_empty() && path.text != "*" {
        let words = ["rm", "-rf"].map(|it| like(path, it));
        cx.argv(
            words.into_iter().chain([path.clone()]).collect(),
            Context::REMOTE,
        );
    }
}
