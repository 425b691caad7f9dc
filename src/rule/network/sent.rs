//! Owns the question whether an invocation sends files of this machine: as uploads, as its input, or in
//! a body that another program read from files. Does not own where it sends them (`destination`).
//! Invariant: literal text, answers of other servers and counts of things are no files.

use super::super::flow;
use super::super::matcher::Query;
use super::super::memo::Memo;
use super::super::subject::Subject;
use super::destination::is_netcat;
use crate::path::{Class, Classes};
use crate::shell::access::{AccessKind, BODY_FLAGS};
use crate::shell::flags::{Options, family, options};
use crate::shell::{Arg, ArgFlags, Cwd, Invocation, RedirectOp, UNKNOWN};
use crate::word::base;

/// True where content of files of this machine is in what the invocation sends.
pub(in crate::rule) fn sends_files(
    query: &Query,
    memo: &Memo,
    subject: &Subject,
    payload: &[u8],
) -> bool {
    if subject.elsewhere() {
        return false;
    }
    let invocation: &Invocation = &subject.invocation;
    let options = subject.options();
    let uploads = subject.accesses().iter().any(|it| {
        it.access.kind == AccessKind::Send
            && is_ours(query, &invocation.cwd, &it.access.path)
            && !is_run(invocation, options)
    });
    if uploads {
        return true;
    }
    let mut from = Vec::new();
    if sends_input(invocation, options) {
        from.extend(&invocation.fed_by);
        from.extend(invocation.documents().flat_map(|it| &it.from));
    }
    for body in bodies(invocation, options) {
        from.extend(&body.from);
    }
    if to_socket(invocation) {
        if reads(query, subject.index, invocation) {
            return true;
        }
        from.extend(&invocation.fed_by);
    }
    flow::comes_through(memo, &from, payload, |index, it| reads(query, index, it))
}

/// True for a file of the project or of the person: below the project, a home, a temp directory or the
/// system's configuration, or at a place nobody knows. Stdin and devices are none.
fn is_ours(query: &Query, cwd: &Cwd, path: &Arg) -> bool {
    const OURS: Classes = Classes::all(&[
        Class::InProject,
        Class::Project,
        Class::Ancestor,
        Class::Home,
        Class::Temp,
        Class::TempTop,
        Class::SystemConfig,
        Class::Accounts,
    ]);
    if path.text.starts_with("/dev/") || path.text.starts_with("/proc/") || path.text == "-" {
        return false;
    }
    let located = query.locator.locate(cwd, &path.text);
    let of_person = |home: &String| {
        let rest = located.lexical.strip_prefix(home.as_str());
        !home.is_empty() && rest.is_some_and(|it| it.is_empty() || it.starts_with('/'))
    };
    !located.known
        || located.classes.meets(OURS)
        || query.locator.places.homes.iter().any(of_person)
}

/// True for a program of the group `sender` that here keeps what it is given on this machine, or puts it into
/// a store for secrets.
pub(in crate::rule) fn stays(invocation: &Invocation) -> bool {
    let args = invocation.args();
    let has = |words: &[&str]| args.iter().any(|it| words.contains(&it.text.as_str()));
    match invocation.program.as_str() {
        "gh" | "glab" | "hub" => !has(&[
            "gist", "api", "issue", "pr", "mr", "release", "snippet", "comment",
        ]),
        "redis-cli" => !has(&["-h", "-u"]),
        "logger" => !has(&["-n", "--server"]),
        "kcat" => !has(&["-P"]),
        _ => false,
    }
}

/// True for what is run at the other end and not kept: `ssh host bash -s < script`, `ssh host mysql`.
fn is_run(invocation: &Invocation, options: &Options) -> bool {
    const KEEPING: [&str; 14] = [
        "cat", "tee", "dd", "tar", "cpio", "pax", "sponge", "gunzip", "gzip", "unzip", "zstd",
        "xz", "rsync", "base64",
    ];
    let words = options
        .rest(1)
        .iter()
        .flat_map(|it| it.text.split([' ', ';', '|', '&', '(']));
    let keeps = |it: &str| {
        let name = base(it);
        KEEPING.contains(&name) || it.starts_with('>')
    };
    invocation.program == "ssh" && !words.into_iter().any(keeps)
}

/// True where what comes in on stdin goes out.
fn sends_input(invocation: &Invocation, options: &Options) -> bool {
    let stdin = |it: &Arg| {
        let value = it.text.split(';').next().unwrap_or_default();
        let file = value.rsplit(['@', '<', '=']).next().unwrap_or_default();
        let marked = value.contains(['@', '<']) || !value.contains('=');
        let inputs = ["-", ".", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"];
        marked && inputs.contains(&file)
    };
    match family(&invocation.program) {
        program if is_netcat(program) || program == "telnet" => {
            !options.has_any(&["-z", "-l", "--listen"])
        }
        "socat" | "websocat" | "mail" | "mailx" | "mutt" | "neomutt" | "s-nail" | "sendmail" => {
            true
        }
        "openssl" => options.subcommand(0) == Some("s_client"),
        "ssh" => !is_run(invocation, options),
        "http" | "https" | "xh" | "xhs" => !options.has("--ignore-stdin"),
        "curl" => {
            let data = given(options);
            let uploaded = options.values_of(&["-T", "--upload-file"]);
            data.iter()
                .any(|it| it.text.contains(['@', '<']) && stdin(it))
                || uploaded.iter().any(stdin)
        }
        "wget" | "wget2" => options
            .values_of(&["--post-file", "--body-file"])
            .iter()
            .any(stdin),
        _ => false,
    }
}

/// The bodies that curl is given, those that name no file included.
fn given(options: &Options) -> Vec<Arg> {
    let mut bodies = options.values_of(&BODY_FLAGS);
    bodies.extend(options.values_of(&["--data-raw", "--form-string"]));
    bodies
}

/// Bodies that are the output of another program as a whole, or in one field of a form: JSON that is
/// written out with a value in it is no file.
fn bodies(invocation: &Invocation, options: &Options) -> Vec<Arg> {
    let mut found = match family(&invocation.program) {
        "curl" => given(options),
        "wget" | "wget2" => options.values_of(&["--post-data", "--body-data"]),
        "dig" | "nslookup" | "host" | "ping" | "drill" | "kdig" => {
            options.operands.iter().map(|&it| it.clone()).collect()
        }
        "http" | "https" | "xh" | "xhs" => options.values_of(&["--raw"]),
        _ => Vec::new(),
    };
    found.retain(|it| {
        it.text.contains(UNKNOWN) && !it.text.contains('{') && !it.flags.has(ArgFlags::PROCESS)
    });
    found
}

/// True where the output goes to a socket of bash.
pub(in crate::rule) fn to_socket(invocation: &Invocation) -> bool {
    invocation.redirects.iter().any(|it| {
        matches!(
            it.op,
            RedirectOp::Write | RedirectOp::Append | RedirectOp::ReadWrite
        ) && it.socket().is_some()
    })
}

/// True where a program's output holds what stands in files: it reads some, or it is an archive or a
/// dump. Counts and checksums are about files.
fn reads(query: &Query, index: usize, invocation: &Invocation) -> bool {
    let verb = || {
        options(invocation)
            .subcommand(0)
            .unwrap_or_default()
            .to_owned()
    };
    match family(&invocation.program) {
        "wc" | "stat" | "du" | "file" | "ls" | "date" | "cksum" | "md5" | "md5sum" | "shasum"
        | "sha1sum" | "sha256sum" | "sha512sum" | "b2sum" | "test" | "[" | "grep" | "rg"
        | "curl" | "wget" => false,
        "pv" => !options(invocation).operands.is_empty(),
        "git" if verb() == "log" => options(invocation).has_any(&["-p", "--patch"]),
        "git" => matches!(
            verb().as_str(),
            "archive"
                | "bundle"
                | "diff"
                | "show"
                | "format-patch"
                | "cat-file"
                | "fast-export"
                | "stash"
        ),
        "jq" if options(invocation).has_any(&["-n", "--null-input"]) => false,
        "pg_dump" | "pg_dumpall" | "mysqldump" | "mariadb-dump" | "mongodump" | "repomix"
        | "gitingest" | "history" => true,
        "docker" | "podman" => matches!(verb().as_str(), "save" | "export"),
        _ => {
            let reads = |it: &&crate::shell::access::Access| {
                it.kind == AccessKind::Read && is_ours(query, &invocation.cwd, &it.path)
            };
            query.accesses.of(index).iter().any(|it| reads(&it))
        }
    }
}
