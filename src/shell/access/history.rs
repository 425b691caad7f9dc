//! Owns what git shows of files as they were at some time. Does not own what it changes (`git`). Invariant:
//! what tells names, counts or kinds only reads no file.

use super::{AccessKind, Cx};
use crate::shell::unwrap::like;

/// What shows content of files as it was at some time: `show REV:file`, `log -p -- file`.
pub(super) fn history(cx: &mut Cx) {
    let verb = cx.operand(0);
    // Letters mean other things to each of them.
    let letters = match verb {
        "grep" => "qlLc",
        "cat-file" => "est",
        "diff" | "show" | "log" => "qs",
        _ => "",
    };
    let is_about = |it: &&str| match it.strip_prefix("--") {
        Some(_) => true,
        None => it.get(1..).is_some_and(|letter| letters.contains(letter)),
    };
    let about: Vec<&str> = ABOUT.into_iter().filter(is_about).collect();
    let content = ["-p", "-u", "--patch", "-L", "-U", "--unified"];
    let shows = match verb {
        "log" => cx.has(&content),
        "stash" => cx.operand(1) == "show" && cx.has(&content),
        "archive" => {
            cx.operands(2, AccessKind::Read, false);
            false
        }
        _ => matches!(
            verb,
            "show" | "diff" | "blame" | "annotate" | "cat-file" | "grep"
        ),
    };
    if !shows || cx.has(&about) {
        return;
    }
    let given = verb == "grep" && !cx.has(&["-e", "-f"]);
    let at = cx.options.dashes.unwrap_or(1 + usize::from(given));
    let mut files = cx.rest(at);
    files.retain(|it| !it.text.starts_with(':'));
    cx.add_all(AccessKind::Read, false, &files);
    for object in cx.rest(1).iter().filter(|_| !given) {
        let path = object.text.split_once(':').map(|it| it.1);
        if let Some(path) = path.filter(|it| !it.starts_with(['(', '!', '/', '^'])) {
            // `:2:file` is a stage of the index.
            let path = path.trim_start_matches(|it: char| it.is_ascii_digit());
            let path = path.strip_prefix(':').unwrap_or(path);
            cx.add(AccessKind::Read, false, &like(object, path));
        }
    }
}

/// Flags that leave the content out.
const ABOUT: [&str; 18] = [
    "--stat",
    "--shortstat",
    "--numstat",
    "--name-only",
    "--name-status",
    "--summary",
    "--quiet",
    "-q",
    "--check",
    "-s",
    "--no-patch",
    "-e",
    "-t",
    "-l",
    "-L",
    "-c",
    "--count",
    "--files-with-matches",
];
