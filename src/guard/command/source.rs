//! Owns where the value of an unknown program name comes from. Does not own what follows from it
//! (`guard/command`). Invariant: a value counts as this machine's own only where every program whose
//! output stands in it is one that looks something up or passes lines on unchanged.

use super::in_project;
use crate::guard::Cx;
use crate::shell::{Arg, ArgFlags, Invocation, Reading, UNKNOWN};
use crate::word::base;

/// True for an invocation that may give variables values, or names, that cannot be seen in the text.
pub(super) fn sets_unknown_names(invocation: &Invocation) -> bool {
    match invocation.program.as_str() {
        "source" | "." | "eval" | "mapfile" | "readarray" => true,
        "read" | "printf" | "declare" | "typeset" | "local" | "export" | "readonly" | "let" => {
            let unknown = |it: &Arg| {
                it.text
                    .split('=')
                    .next()
                    .is_some_and(|it| it.contains(UNKNOWN))
            };
            invocation.args().iter().any(unknown)
        }
        _ => false,
    }
}

/// True where the value is the output of programs that look up where a program or a file of the project
/// is: `$(command -v python3 || command -v python)`, `$(find . -name gradlew | head -1)`; or the content
/// of a file, which is run as `bash FILE` would.
pub(super) fn is_of_this_machine(
    cx: &Cx,
    reading: &Reading,
    invocation: &Invocation,
    program: &Arg,
) -> bool {
    // A word with arguments behind it names one program; alone, with more files behind it, and where it
    // gives `env` its variables, it is the file that runs as a whole.
    let parent = invocation.parent.and_then(|it| reading.at(it));
    let from_file = |it: &Arg| {
        let mut sources = it.from.iter().filter_map(|it| reading.at(*it)).peekable();
        it.text.chars().eq([UNKNOWN]) && sources.peek().is_some() && sources.all(prints_file)
    };
    let whole = invocation.args().iter().all(from_file)
        || program.flags.has(ArgFlags::SPLITS) && parent.is_some_and(|it| it.program == "env");
    let mut sources = program
        .from
        .iter()
        .filter_map(|it| reading.at(*it))
        .filter(|it| !passes_on(it))
        .peekable();
    sources.peek().is_some()
        && sources.all(|it| {
            looks_up(it)
                || whole && prints_file(it)
                || names_project_file(cx, it)
                || prints_alias(reading, it)
        })
}

/// `alias NAME`, where the text defines none itself.
fn prints_alias(reading: &Reading, invocation: &Invocation) -> bool {
    let defines =
        |it: &Invocation| it.program == "alias" && it.args().iter().any(|it| it.text.contains('='));
    invocation.program == "alias" && !reading.invocations.iter().any(defines)
}

/// Filters whose output is lines of their input.
fn passes_on(invocation: &Invocation) -> bool {
    matches!(
        invocation.program.as_str(),
        "grep" | "egrep" | "fgrep" | "head" | "tail" | "sort" | "uniq"
    ) && !invocation.fed_by.is_empty()
        || only_deletes(invocation)
}

/// A `sed` that takes parts of lines away and adds nothing.
fn only_deletes(invocation: &Invocation) -> bool {
    let [script] = invocation.args() else {
        return false;
    };
    let mut commands = script.text.split(';').map(str::trim);
    let takes = |it: &str| it.starts_with("s/") && (it.ends_with("//") || it.ends_with("//g"));
    invocation.program == "sed"
        && !invocation.fed_by.is_empty()
        && script.is_known()
        && commands.all(|it| it.is_empty() || takes(it))
}

/// Programs that no lookup may hide from the rules: they harm by their arguments.
const ARMED: [&str; 16] = [
    "rm", "mv", "dd", "shred", "chmod", "chown", "git", "kill", "find", "rsync", "sudo", "doas",
    "su", "tee", "cp", "truncate",
];

/// `which x`, `command -v x`, `pyenv which python` and kin, of a program that is written out.
fn looks_up(invocation: &Invocation) -> bool {
    let args = invocation.args();
    let first = args.first().map_or("", |it| it.text.as_str());
    let asks = match invocation.program.as_str() {
        "which" | "whereis" | "vswhere" => true,
        "command" | "type" => matches!(first, "-v" | "-p" | "-P"),
        "pyenv" | "rbenv" | "nodenv" | "goenv" | "asdf" | "mise" | "rustup" | "volta" => {
            first == "which"
        }
        "xcrun" => matches!(first, "-f" | "--find"),
        _ => false,
    };
    let named = args
        .last()
        .filter(|it| it.is_known())
        .map(|it| it.text.as_str());
    asks && named.is_some_and(|it| !ARMED.contains(&base(it)))
}

/// A file's content, run as it stands.
fn prints_file(invocation: &Invocation) -> bool {
    let args = invocation.args();
    matches!(
        invocation.program.as_str(),
        "cat" | "zcat" | "gzcat" | "bzcat" | "xzcat"
    ) && !args.is_empty()
        && args.iter().all(Arg::is_known)
        && invocation.fed_by.is_empty()
}

/// A listing of files in the project, or a directory that a path stands in.
fn names_project_file(cx: &Cx, invocation: &Invocation) -> bool {
    let lists = match invocation.program.as_str() {
        "find" | "fd" | "ls" | "realpath" | "readlink" => true,
        "dirname" => return true,
        _ => return false,
    };
    let leaves = |it: &Arg| it.text.starts_with(['/', '~', UNKNOWN]) || it.text.contains("..");
    lists
        && !invocation.args().iter().any(leaves)
        && !invocation
            .args()
            .iter()
            .any(|it| it.text.starts_with("-exec") || it.text.starts_with("-printf"))
        && in_project(cx, invocation, ".")
}
