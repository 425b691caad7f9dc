//! Owns whether the values that an invocation reads only become variables: `export $(grep -v '^#' .env |
//! xargs)`. Does not own what reading a place gets (`protection`). Invariant: true only where all of the
//! output goes into assignments.

use crate::event::{Body, Part};
use crate::guard::Cx;
use crate::shell::access::AccessKind;
use crate::shell::{Arg, ArgFlags, Context, Invocation, Reading, RedirectOp, tells_no_value};

use super::Target;

/// True where nothing but names and counts of the file's values is told, or the values are only loaded into
/// the environment, as its programs would do.
pub(super) fn stays_untold(cx: &Cx, target: &Target) -> bool {
    let Some((reading, invocation)) = cx.reading.zip(target.invocation) else {
        return false;
    };
    target.kind == AccessKind::Read
        && (tells_no_value(reading, invocation)
            || tells_nothing(invocation)
            || only_exported(cx, invocation) && !is_printed_after(cx, invocation))
}

/// True for a program that tells sizes, checksums, fingerprints or whether files differ, and nothing of
/// what stands in them.
pub(super) fn tells_nothing(invocation: &Invocation) -> bool {
    let args = invocation.args();
    let has = |names: &[&str]| args.iter().any(|it| names.contains(&it.text.as_str()));
    match invocation.program.as_str() {
        "wc" => !args.iter().any(|it| it.text.starts_with("--files0-from")),
        "md5sum" | "sha1sum" | "sha224sum" | "sha256sum" | "sha384sum" | "sha512sum" | "b2sum"
        | "cksum" | "shasum" | "md5" => !has(&["-c", "--check"]),
        "cmp" => !has(&["-l", "-b", "-bl", "-lb", "--verbose", "--print-bytes"]),
        // What it reads a key for are fingerprints and public halves.
        "ssh-keygen" => true,
        "diff" => has(&["-q", "--brief", "-rq", "-qr"]),
        _ => false,
    }
}

/// True where a file of variables is sourced and what it sets is printed later in the text.
pub(super) fn is_sourced_and_printed(cx: &Cx, target: &Target) -> bool {
    let sourced = |it: &&Invocation| matches!(it.program.as_str(), "source" | ".");
    target.kind == AccessKind::Execute
        && (target.invocation.filter(sourced)).is_some_and(|it| is_printed_after(cx, it))
}

fn is_printed_after(cx: &Cx, invocation: &Invocation) -> bool {
    let Some(reading) = cx.reading else {
        return false;
    };
    let behind = reading.invocations.iter();
    let mut behind = behind
        .skip_while(|it| !std::ptr::eq(*it, invocation))
        .skip(1);
    behind.any(|it| shows_variables(cx, reading, it))
}

/// True for what prints the environment as a whole, or a variable that is named as a secret or an address.
fn shows_variables(cx: &Cx, reading: &Reading, invocation: &Invocation) -> bool {
    let away = Context::REMOTE | Context::CONTAINER | Context::SUBSTITUTION;
    let kept = |it: &crate::shell::Redirect| {
        matches!(it.op, RedirectOp::Write | RedirectOp::Append) && it.fd.is_none_or(|it| it == 1)
    };
    let args = invocation.args();
    if invocation.context.has(away) || invocation.redirects.iter().any(kept) {
        return false;
    }
    let all = match invocation.program.as_str() {
        "env" | "export" | "set" => args.is_empty() || matches!(args, [it] if it.text == "-p"),
        "printenv" | "declare" | "typeset" => {
            args.iter().all(|it| it.text.starts_with('-'))
                || args.iter().any(|it| is_secret(&it.text))
        }
        "echo" | "printf" => args.iter().any(|it| names_secret(cx, it)),
        _ => false,
    };
    all && !tells_no_value(reading, invocation)
        && !invocation.feeds.iter().any(|it| {
            reading.at(*it).is_some_and(|it| {
                matches!(it.program.as_str(), "grep" | "docker" | "gh" | "kubectl")
            })
        })
}

/// True where such a variable's value stands in the argument as it is written.
fn names_secret(cx: &Cx, arg: &Arg) -> bool {
    if !arg.flags.has(ArgFlags::UNKNOWN) {
        return false;
    }
    let Body::Call(call) = &cx.event.body else {
        return false;
    };
    let Some(text) = call.shell().map(Part::text) else {
        return false;
    };
    let bound = |it: u32| usize::try_from(it).unwrap_or(usize::MAX);
    let written = text.get(bound(arg.span.start)..bound(arg.span.end));
    let mut names = written.unwrap_or_default().split('$').skip(1);
    names.any(|it| {
        let it = it.strip_prefix('{').unwrap_or(it);
        let end = it.find(|it: char| !it.is_ascii_alphanumeric() && it != '_');
        // `${X:+set}` and `${X:0:4}` say little of the value.
        let (name, rest) = it.split_at(end.unwrap_or(it.len()));
        !rest.starts_with(':') && is_secret(name)
    })
}

/// Ends of names that stand for a secret, or for an address that holds one.
const SECRETS: [&str; 13] = [
    "_URL",
    "_URI",
    "_DSN",
    "_KEY",
    "KEY_ID",
    "TOKEN",
    "SECRET",
    "PASSWORD",
    "PASSWD",
    "_PASS",
    "_PAT",
    "CREDENTIALS",
    "PASSPHRASE",
];

fn is_secret(name: &str) -> bool {
    SECRETS.iter().any(|it| name.ends_with(it))
}

/// True where all that the invocation prints is arguments of `export`.
fn only_exported(cx: &Cx, invocation: &Invocation) -> bool {
    if !invocation.context.has(Context::SUBSTITUTION) {
        return false;
    }
    let Some(reading) = cx.reading else {
        return false;
    };
    let all = || (0_u32..).zip(&reading.invocations);
    let Some((first, _)) = all().find(|it| std::ptr::eq(it.1, invocation)) else {
        return false;
    };
    let mut carriers = vec![first];
    for (number, it) in all() {
        if it.fed_by.iter().any(|from| carriers.contains(from)) {
            carriers.push(number);
        }
    }
    let of_carriers = |from: &u32| carriers.contains(from);
    let leaks = all().any(|(number, it)| carriers.contains(&number) && leaks(it));
    let mut users = all()
        .filter(|it| it.1.argv.iter().any(|arg| arg.from.iter().any(of_carriers)))
        .peekable();
    !leaks && users.peek().is_some() && users.all(|it| it.1.program == "export")
}

/// True for what does more with its input than pass it on.
fn leaks(invocation: &Invocation) -> bool {
    let filter = matches!(
        invocation.program.as_str(),
        "cat"
            | "grep"
            | "egrep"
            | "sed"
            | "xargs"
            | "cut"
            | "tr"
            | "head"
            | "tail"
            | "echo"
            | "sort"
    );
    let writes = |op: RedirectOp| !matches!(op, RedirectOp::Read);
    let redirected = invocation
        .redirects
        .iter()
        .any(|it| writes(it.op) && it.target.text != "/dev/null");
    !filter || redirected
}
