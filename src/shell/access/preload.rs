//! Owns the files that interpreters run before their own script: `node -r FILE`, `ruby -r FILE`, `perl -I DIR -M
//! MODULE`. Does not own the script (`script`). Invariant: a name that is looked up among installed packages is
//! no file, except where a directory to look in is given.

use super::{AccessKind, Cx};
use crate::shell::unwrap::like;

/// Adds what the invocation loads by path.
pub(super) fn of(cx: &mut Cx) {
    let flags: &[&str] = match cx.program {
        "node" | "tsx" | "ts-node" => &[
            "-r",
            "--require",
            "--import",
            "--loader",
            "--experimental-loader",
        ],
        "ruby" => &["-r"],
        "perl" => return modules(cx),
        _ => return,
    };
    let mut files = cx.options.values_of(flags);
    files.retain(|it| it.text.starts_with(['/', '.', '~']));
    cx.add_all(AccessKind::Execute, false, &files);
}

/// `-Mlib=/tmp -MName::Part`, `-I/tmp -MName`.
fn modules(cx: &mut Cx) {
    let given = cx.options.values_of(&["-M", "-m"]);
    let mut directories = cx.options.values_of(&["-I"]);
    let mut names = Vec::new();
    for it in &given {
        match it.text.split_once('=') {
            Some(("lib", place)) => directories.push(like(it, place)),
            Some((name, _)) => names.push(name),
            None => names.push(it.text.trim_start_matches('-')),
        }
    }
    for directory in &directories {
        for name in &names {
            let file = format!("{}/{}.pm", directory.text, name.replace("::", "/"));
            cx.add(AccessKind::Execute, false, &like(directory, file));
        }
    }
}
