//! Owns what transfer tools and containers do to local paths: downloads write, uploads send, volumes
//! link. Does not own hosts. Invariant: a remote `host:path` is never taken for a local path.

use super::change::into;
use super::{AccessKind, Cx, below, name};
use crate::shell::invocation::Arg;
use crate::shell::unwrap::like;

/// The accesses of these programs; false for any other one.
pub(super) fn of(cx: &mut Cx) -> bool {
    super::upload::add(cx);
    match cx.program {
        "curl" => curl(cx),
        "wget" | "wget2" => wget(cx),
        "axel" => cx.values(&["-o", "--output"], AccessKind::Write),
        "aria2c" => {
            cx.base = cx.options.values_of(&["-d", "--dir"]).pop();
            let named = cx.options.values_of(&["-o", "--out"]);
            let directory = like(&cx.here(), ".");
            let made = if named.is_empty() && cx.base.is_some() {
                vec![directory]
            } else {
                named
            };
            cx.add_all(AccessKind::Write, false, &made);
            cx.base = None;
        }
        "http" | "https" | "xh" | "xhs" => {
            cx.values(&["-o", "--output"], AccessKind::Write);
            for item in cx.rest(1) {
                sent_item(cx, &item);
            }
        }
        "scp" | "rsync" => {
            let recursive = cx.has(&["-r", "-a", "--recursive", "--archive"]);
            copy(cx, 0, recursive);
        }
        "aws" | "gsutil" | "gcloud" | "rclone" | "azcopy" | "mc" | "s3cmd" | "s5cmd" | "b2" => {
            cloud(cx);
        }
        "socat" => super::upload::socat(cx),
        "sftp" => super::fetched::sftp(cx),
        "az" => super::fetched::azure(cx),
        "mail" | "mailx" | "mutt" | "neomutt" | "s-nail" | "swaks" => {
            cx.values(&["-a", "-A", "--attach"], AccessKind::Send);
        }
        "croc" | "wormhole" | "magic-wormhole" | "ffsend" if cx.operand(0) != "receive" => {
            cx.operands(1, AccessKind::Send, false);
        }
        "pastebinit" | "ix" | "termbin" => cx.operands(0, AccessKind::Send, false),
        "gh" => github(cx),
        "serve" | "http-server" | "live-server" | "miniserve" => {
            let served = cx.rest(0).into_iter().next();
            let served = served.unwrap_or_else(|| cx.here());
            cx.add(AccessKind::List, true, &served);
        }
        "docker" => docker(cx),
        "kubectl" if cx.operand(0) == "cp" => copy(cx, 1, true),
        _ => return false,
    }
    true
}

fn github(cx: &mut Cx) {
    if cx.operand(0) != "api" {
        cx.values(&["--body-file", "--notes-file", "-F"], AccessKind::Send);
    }
    match (cx.operand(0), cx.operand(1)) {
        ("gist", "create") => cx.operands(2, AccessKind::Send, false),
        ("repo", "clone") => super::git::clone(cx, 2),
        ("release", "upload" | "create") => cx.operands(3, AccessKind::Send, false),
        _ => {}
    }
}

fn curl(cx: &mut Cx) {
    cx.base = cx.options.values_of(&["--output-dir"]).pop();
    cx.values(&["-o", "--output"], AccessKind::Write);
    if cx.has(&["-O", "--remote-name", "--remote-name-all"]) {
        for url in cx.rest(0) {
            downloaded(cx, &url);
        }
    }
    cx.base = None;
    cx.values(
        &[
            "-c",
            "--cookie-jar",
            "-D",
            "--dump-header",
            "--trace",
            "--trace-ascii",
            "--stderr",
        ],
        AccessKind::Write,
    );
    cx.values(&["-K", "--config"], AccessKind::Read);
    if cx.has(&["-K", "--config"]) {
        super::upload::configured(cx);
    }
    for value in cx.options.values_of(&["-T", "--upload-file"]) {
        // `{a,b}` and nothing else is a list.
        let list = value
            .text
            .strip_prefix('{')
            .and_then(|it| it.strip_suffix('}'));
        for path in list.unwrap_or(&value.text).split(',') {
            cx.add(AccessKind::Send, false, &like(&value, path));
        }
    }
    let bodies = cx.options.values_of(&BODY_FLAGS);
    let others = cx.options.values_of(&["--url-query", "--variable"]);
    for value in bodies.iter().chain(&others) {
        sent(cx, value);
    }
    // A header may come from a file as well.
    for value in cx.options.values_of(&["-H", "--header"]) {
        if let Some(path) = value.text.strip_prefix('@') {
            cx.add(AccessKind::Send, false, &like(&value, path));
        }
    }
    let mut urls = cx.rest(0);
    urls.extend(cx.options.values_of(&["--url"]));
    for url in urls {
        if let Some(path) = url.text.strip_prefix("file://") {
            cx.add(AccessKind::Read, false, &like(&url, path));
        }
    }
}

/// The flags of curl whose value is a body, or says which file holds it.
pub(crate) const BODY_FLAGS: [&str; 8] = [
    "-d",
    "--data",
    "--data-binary",
    "--data-ascii",
    "--data-urlencode",
    "--json",
    "-F",
    "--form",
];

/// `@file`, `name=@file;type=…`, `name=<file`, `name@file`.
fn sent(cx: &mut Cx, value: &Arg) {
    let text = value.text.as_str();
    let path = if let Some(path) = text.strip_prefix('@') {
        path
    } else if let Some((_, path)) = text.split_once("=@").or_else(|| text.split_once("=<")) {
        path
    } else if let Some((name, path)) = text.split_once('@')
        && !name.is_empty()
        && name
            .bytes()
            .all(|it| it.is_ascii_alphanumeric() || it == b'_')
        && cx.has(&["--data-urlencode", "--url-query", "--variable"])
    {
        path
    } else {
        return;
    };
    let path = path.split(';').next().unwrap_or_default().trim_matches('"');
    for path in path.split(',') {
        cx.add(AccessKind::Send, false, &like(value, path));
    }
}

/// httpie's `name@file`, `name=@file`, `name:=@file`.
fn sent_item(cx: &mut Cx, item: &Arg) {
    if let Some((name, path)) = item.text.split_once('@')
        && !name.contains("://")
        && (path.contains(['/', '.', '~']) || name.ends_with('='))
        && !name.contains(' ')
    {
        cx.add(AccessKind::Send, false, &like(item, path));
    }
}

/// A URL's last part, written to the current directory.
fn downloaded(cx: &mut Cx, url: &Arg) {
    let plain = url.text.split(['?', '#']).next().unwrap_or_default();
    let rest = plain.split_once("://").map_or(plain, |it| it.1);
    if let Some((_, path)) = rest.split_once('/')
        && !name(path).is_empty()
    {
        cx.add(AccessKind::Write, false, &like(url, name(path)));
    }
}

fn wget(cx: &mut Cx) {
    cx.values(&["--post-file", "--body-file"], AccessKind::Send);
    cx.values(&["-i", "--input-file"], AccessKind::Read);
    cx.values(
        &["-o", "--output-file", "--save-cookies"],
        AccessKind::Write,
    );
    cx.values(&["-a", "--append-output"], AccessKind::Append);
    cx.base = cx
        .options
        .values_of(&["-P", "--directory-prefix", "-d", "--dir"])
        .pop();
    if cx.has(&["-O", "--output-document"]) {
        cx.values(&["-O", "--output-document"], AccessKind::Write);
    } else if !cx.has(&["--spider"]) {
        for url in cx.rest(0) {
            downloaded(cx, &url);
        }
    }
    cx.base = None;
}

/// True for `host:path`, `user@host:path`, `scheme://…`, `host::module`.
fn is_remote(text: &str) -> bool {
    if text.contains("://") {
        return true;
    }
    let Some((host, _)) = text.split_once(':') else {
        return false;
    };
    // `:sftp,host=x:/path` is a remote that rclone is told on the spot.
    let told = text.starts_with(':') && text.matches(':').count() > 1;
    told || !host.is_empty() && !host.contains('/') && !text.starts_with(['.', '~'])
}

/// Sources and a target of which either may be remote.
fn copy(cx: &mut Cx, first: usize, recursive: bool) {
    cx.values(
        &["--files-from", "--exclude-from", "--include-from"],
        AccessKind::Read,
    );
    cx.values(&["--log-file"], AccessKind::Append);
    let mut sources = cx.rest(first);
    if sources.len() < 2 {
        return;
    }
    let Some(target) = sources.pop() else { return };
    let outward = is_remote(&target.text);
    let (brought, sources): (Vec<Arg>, Vec<Arg>) =
        sources.into_iter().partition(|it| is_remote(&it.text));
    let kind = if outward {
        AccessKind::Send
    } else {
        AccessKind::Read
    };
    if !cx.has(&["-n", "--dry-run"]) || cx.program == "scp" {
        cx.add_all(kind, recursive, &sources);
        if cx.has(&["--remove-source-files"]) {
            cx.add_all(AccessKind::Move, true, &sources);
        }
        if !outward {
            // A source with a slash at its end stands for what is in it.
            let named = sources.iter().all(|it| !it.text.ends_with('/'));
            if named && !sources.is_empty() {
                into(cx, &sources, &target, false);
            } else {
                super::fetched::land(cx, &brought, &target, recursive);
            }
            if deletes(cx) {
                cx.add(AccessKind::Delete, true, &target);
            }
        }
    }
}

fn deletes(cx: &Cx) -> bool {
    let mut names = cx.options.flags.iter().map(|it| it.name.as_str());
    cx.program == "rsync" && names.any(|it| it.starts_with("--del"))
}

/// `aws s3 cp a s3://b`, `gsutil cp`, `rclone sync`.
fn cloud(cx: &mut Cx) {
    if cx.has(&["--dry-run", "--dryrun"]) || cx.program == "rclone" && cx.has(&["-n"]) {
        return;
    }
    let deletes = ["purge", "delete", "deletefile", "rmdir", "rmdirs"];
    if cx.program == "rclone" && deletes.contains(&cx.operand(0)) {
        let local = cx.rest(1).into_iter().filter(|it| !is_remote(&it.text));
        let whole = cx.operand(0) != "deletefile";
        for path in local.collect::<Vec<_>>() {
            cx.add(AccessKind::Delete, whole, &path);
        }
        return;
    }
    let words: Vec<&str> = cx
        .options
        .operands
        .iter()
        .map(|it| it.text.as_str())
        .collect();
    let verb = words.iter().take(3).position(|it| {
        matches!(
            *it,
            "cp" | "mv" | "sync" | "copy" | "move" | "rsync" | "put" | "copyto" | "moveto"
        )
    });
    let Some(verb) = verb else { return };
    let word = words.get(verb).copied().unwrap_or_default();
    let moves = matches!(word, "mv" | "move" | "moveto");
    let recursive =
        matches!(word, "sync" | "copy" | "move" | "rsync") || cx.has(&["-r", "-R", "--recursive"]);
    let mut paths = cx.rest(verb + 1);
    if paths.len() < 2 {
        return;
    }
    let Some(target) = paths.pop() else { return };
    // Its remotes are aliases: `store/bucket`.
    let alias = cx.program == "mc"
        && target.text.contains('/')
        && !target.text.starts_with(['.', '/', '~']);
    let outward = alias || is_remote(&target.text);
    for path in paths.iter().filter(|it| !is_remote(&it.text)) {
        let kind = if outward {
            AccessKind::Send
        } else {
            AccessKind::Read
        };
        cx.add(kind, recursive, path);
        if moves {
            cx.add(AccessKind::Move, recursive, path);
        }
    }
    if !outward {
        super::fetched::land(cx, &paths, &target, recursive);
        let mirrors = cx.has(&["--delete"]) || (cx.program == "rclone" && word == "sync");
        if mirrors {
            cx.add(AccessKind::Delete, true, &target);
        }
    }
}

/// Volumes bind paths of this machine; `docker cp` reads and writes them.
fn docker(cx: &mut Cx) {
    let verb = match cx.operand(0) {
        "container" => cx.operand(1),
        verb => verb,
    };
    if verb == "cp" {
        let paths = cx.rest(usize::from(cx.operand(0) == "container") + 1);
        if let [source, target] = paths.as_slice() {
            if !is_remote(&source.text) {
                cx.add(AccessKind::Read, true, source);
            }
            if !is_remote(&target.text) {
                cx.add(AccessKind::Write, false, target);
            }
        }
        return;
    }
    if !matches!(verb, "run" | "create" | "compose") {
        return;
    }
    for value in cx.options.values_of(&["-v", "--volume"]) {
        let path = value.text.split(':').next().unwrap_or_default();
        bound(cx, &value, path);
    }
    for value in cx.options.values_of(&["--mount"]) {
        let fields = value.text.split(',');
        for path in fields.filter_map(|it| {
            it.strip_prefix("source=")
                .or_else(|| it.strip_prefix("src="))
        }) {
            bound(cx, &value, path);
        }
    }
    // A container gets the variables; they are seen where its command prints them.
    let prints = |it: &&Arg| matches!(it.text.as_str(), "env" | "printenv" | "export" | "set");
    if cx.options.operands.iter().copied().any(|it| prints(&it)) {
        cx.values(&["--env-file"], AccessKind::Read);
    }
}

/// A named volume is no path.
fn bound(cx: &mut Cx, value: &Arg, path: &str) {
    if path.starts_with(['/', '.', '~', '◆']) {
        let path = like(value, path);
        let base = cx.here();
        let path = if path.text.starts_with("./") || path.text == "." {
            below(&base, &path)
        } else {
            path
        };
        cx.add(AccessKind::Link, true, &path);
    }
}
