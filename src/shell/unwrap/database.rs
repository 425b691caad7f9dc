//! Owns the ways out of database clients and package tools into a shell: `\! cmd`, `.shell cmd`, hooks
//! given as options. Does not own what is said to the database.

use super::{Cx, like};
use crate::shell::invocation::Context;

/// Reads the invocation where its program is one of these.
pub(super) fn read(cx: &mut Cx) -> bool {
    let marks: &[&str] = match cx.program {
        "psql" | "mysql" => &["\\!", "system ", "\\system "],
        "sqlite3" | "duckdb" => &[
            ".shell ",
            ".system ",
            ".sh ",
            ".sys ",
            ".once |",
            ".once -e |",
            ".output |",
            ".o |",
            ".import |",
            ".read |",
        ],
        "ftp" | "lftp" | "tftp" | "ncftp" | "smbclient" | "cadaver" | "dc" => &["!", "shell "],
        "apt" | "apt-get" | "dpkg" => {
            hooks(cx);
            return true;
        }
        _ => return false,
    };
    let texts = cx.invocation.args().iter().chain(cx.stdin);
    for (arg, line) in texts.flat_map(|it| it.text.lines().map(move |line| (it, line))) {
        for mark in marks {
            let text = line.trim_start();
            let rest = match text.split_once(mark) {
                Some((before, rest)) if before.is_empty() || before.trim_end().ends_with(';') => {
                    rest
                }
                _ => continue,
            };
            cx.text(like(arg, rest.trim_start()), 0);
        }
    }
    if cx.program == "psql" {
        programs(cx);
    }
    true
}

/// `COPY t TO PROGRAM 'cmd'`: a shell of the server runs it, which is another machine.
fn programs(cx: &mut Cx) {
    for arg in cx.invocation.args().iter().chain(cx.stdin) {
        let lower = arg.text.to_ascii_lowercase();
        let Some(at) = lower.find(" program ") else {
            continue;
        };
        let rest = arg.text.get(at + " program ".len()..).unwrap_or_default();
        let quoted = rest.trim_start().strip_prefix(['\'', '$']);
        if let (true, Some(command)) = (lower.contains("copy "), quoted) {
            let command = command.trim_start_matches('$');
            let end = command.find(['\'', '$']).unwrap_or(command.len());
            let command = like(arg, command.get(..end).unwrap_or_default());
            cx.text(command, Context::REMOTE);
        }
    }
}

/// `-o DPkg::Pre-Invoke::=cmd`, `--pre-invoke=cmd`.
fn hooks(cx: &mut Cx) {
    for arg in cx.invocation.args() {
        let Some((key, command)) = arg.text.split_once('=') else {
            continue;
        };
        if key.to_ascii_lowercase().contains("-invoke") {
            cx.text(like(arg, command), 0);
        }
    }
}
