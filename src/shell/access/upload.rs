//! Owns which files the rarely used uploaders send: one row for each of them, and the scripts of clients
//! that are told `put FILE`. Does not own curl, scp and the cloud's copies (`network`), nor hosts.
//! Invariant: a file that only configures the program is not sent.

use super::{AccessKind, Cx};
use crate::shell::flags::scattered;
use crate::shell::invocation::Arg;
use crate::shell::unwrap::{join, like};
use crate::word::listed;

/// How an uploader names what it sends. Lists are words in one text.
enum Named {
    /// As the value of one of these flags, where one of the words is among the arguments or none is asked for.
    Flags(&'static str, &'static str),
    /// As the operands from the nth on.
    Operands(usize),
    /// In a script of its own: a flag's value, or the text it is fed.
    Script(&'static str),
}

/// The uploaders.
const UPLOADERS: [(&str, Named); 16] = [
    ("aws", Named::Flags("--body", "")),
    (
        "az",
        Named::Flags("-f --file -s --source", "upload upload-batch"),
    ),
    ("gh", Named::Flags("--input", "api")),
    ("mosquitto_pub", Named::Flags("-f --file", "")),
    ("logger", Named::Flags("-f --file", "-n --server")),
    ("kcat", Named::Flags("-l", "-P")),
    ("sendemail", Named::Flags("-a", "")),
    ("ncftpput", Named::Operands(2)),
    ("ftpput", Named::Operands(1)),
    ("lftpput", Named::Operands(1)),
    ("lftp", Named::Script("-c -e")),
    ("smbclient", Named::Script("-c --command")),
    ("ftp", Named::Script("")),
    ("ncftp", Named::Script("")),
    ("tftp", Named::Script("-c")),
    ("sftp", Named::Script("")),
];

/// Adds what such a program sends. Whatever else it does to files is not said here.
pub(super) fn add(cx: &mut Cx) {
    let program = cx.program;
    let rows = UPLOADERS.iter().filter(|it| it.0 == program);
    for (_, named) in rows {
        match named {
            Named::Flags(flags, words) => {
                let args = cx.invocation.args();
                if words.is_empty() || args.iter().any(|it| listed(words, &it.text)) {
                    let tree = args.iter().any(|it| it.text == "upload-batch");
                    for file in scattered(args, flags) {
                        let path = file.text.strip_prefix("fileb://");
                        let path = path.unwrap_or(&file.text).trim_start_matches('@');
                        cx.add(AccessKind::Send, tree, &like(&file, path));
                    }
                }
            }
            Named::Operands(first) => cx.operands(*first, AccessKind::Send, false),
            Named::Script(flags) => scripts(cx, flags),
        }
    }
    match cx.program {
        "gh" => fields(cx),
        "glab" if cx.operand(0) == "snippet" => cx.operands(2, AccessKind::Send, false),
        "psql" | "mysql" => database(cx),
        "nmap" => {
            for given in scattered(cx.invocation.args(), "--script-args") {
                let parts = given.text.split(',');
                for path in parts.filter_map(|it| it.split_once("file=")) {
                    cx.add(AccessKind::Send, false, &like(&given, path.1));
                }
            }
        }
        _ => {}
    }
}

/// `gh api -F body=@file`.
fn fields(cx: &mut Cx) {
    if cx.operand(0) != "api" {
        return;
    }
    for field in scattered(cx.invocation.args(), "-F --field") {
        // The name of a field may stand in front of two signs.
        let value = field.text.rsplit_once("=@").map(|it| it.1);
        if let Some(path) = value {
            cx.add(AccessKind::Send, false, &like(&field, path));
        }
    }
}

/// A file of this machine that a client copies into a table: `\\copy t from 'file'`, `LOAD DATA LOCAL INFILE`.
fn database(cx: &mut Cx) {
    let args = cx.invocation.args();
    let host = scattered(args, "-h --host");
    let near = |it: &Arg| {
        it.text.starts_with(['/', '.'])
            || matches!(it.text.as_str(), "localhost" | "127.0.0.1" | "::1")
    };
    let kind = if host.iter().all(near) {
        AccessKind::Read
    } else {
        AccessKind::Send
    };
    for script in scattered(args, "-c --command -e --execute") {
        let text = script.text.to_ascii_lowercase();
        let Some(at) = text
            .find("\\copy ")
            .or_else(|| text.find("load data local"))
        else {
            continue;
        };
        let rest = script.text.get(at..).unwrap_or_default();
        let lower = text.get(at..).unwrap_or_default();
        let named = ["infile ", " from "]
            .iter()
            .find_map(|it| Some(lower.find(it)? + it.len()));
        let file = named.and_then(|at| rest.get(at..)).map(str::trim_start);
        let file = file.and_then(|it| it.strip_prefix('\'')?.split('\'').next());
        if let Some(path) = file {
            cx.add(kind, false, &like(&script, path));
        }
    }
}

/// The files that a configuration of curl on its stdin names.
pub(super) fn configured(cx: &mut Cx) {
    for text in cx.invocation.documents() {
        for line in text.text.lines() {
            let name = line.trim().trim_start_matches('-');
            let end = name.find(['=', ':', ' ']).unwrap_or(name.len());
            let (name, value) = name.split_at(end);
            let value = value.trim_matches([' ', '=', ':', '"']);
            let path = match name {
                "upload-file" | "T" => Some(value),
                _ if name.starts_with("data") || matches!(name, "d" | "json") => {
                    value.strip_prefix('@')
                }
                "form" | "F" => value.split_once("=@").map(|it| it.1),
                _ => None,
            };
            if let Some(path) = path {
                cx.add(AccessKind::Send, false, &like(text, path));
            }
        }
    }
}

/// `put file`, `mput files`, `mirror -R tree` of a client's own commands.
fn scripts(cx: &mut Cx, flags: &str) {
    let mut texts = scattered(cx.invocation.args(), flags);
    if cx.program == "tftp" {
        // Its command is the rest of the line.
        let args = cx.invocation.args();
        let at = args.iter().position(|it| it.text == "-c");
        let command = at.and_then(|at| args.get(at + 1..)).unwrap_or_default();
        texts = vec![join(command.iter())];
    }
    texts.extend(cx.invocation.documents().cloned());
    for text in texts {
        for command in text.text.split([';', '\n']) {
            sent_by(cx, &text, command);
        }
    }
}

fn sent_by(cx: &mut Cx, text: &Arg, command: &str) {
    let mut words = command.split_whitespace();
    let verb = words.next().unwrap_or_default();
    let given: Vec<&str> = words.collect();
    let named = given.iter().filter(|it| !it.starts_with('-'));
    let count = match verb {
        "put" | "reput" | "send" => 1,
        "mput" => given.len(),
        "mirror" if given.iter().any(|it| matches!(*it, "-R" | "--reverse")) => 1,
        _ => return,
    };
    for path in named.take(count) {
        let path = path.trim_matches(['"', '\'']);
        cx.add(AccessKind::Send, verb == "mirror", &like(text, path));
    }
}

/// True for a program that sends what comes in on its stdin.
pub(super) fn sends_stdin(cx: &Cx) -> bool {
    let args = cx.invocation.args();
    let has = |word: &str| args.iter().any(|it| it.text == word);
    let starts = |words: &[&str]| {
        let first = args.iter().find(|it| !it.text.starts_with('-'));
        first.is_some_and(|it| words.contains(&it.text.as_str()))
    };
    match cx.program {
        "nc" | "ncat" | "netcat" | "telnet" | "socat" | "ssh" | "ftp" | "mail" | "mailx"
        | "mutt" | "neomutt" | "s-nail" | "sendmail" | "ssmtp" | "msmtp" | "websocat" | "wscat"
        | "http" | "https" | "xh" | "xhs" | "whois" | "finger" | "pastebinit" | "ix" => true,
        "openssl" => starts(&["s_client"]),
        // In a loop it only inherits what the loop reads.
        "curl" => args.iter().any(|it| {
            let text = it.text.split(';').next().unwrap_or_default();
            matches!(text, "-" | "." | "/dev/stdin")
                || ["@-", "=<-", "@/dev/stdin", "-T-", "-T.", "-K-", "file=-"]
                    .iter()
                    .any(|end| text.ends_with(end))
        }),
        "aws" | "gsutil" | "gcloud" | "s3cmd" | "mc" | "azcopy" | "b2" => has("-"),
        "rclone" => starts(&["rcat"]),
        "grpcurl" => has("@"),
        "redis-cli" => has("-x") && (has("-h") || has("-u")),
        "mosquitto_pub" => has("-s") || has("-l"),
        "logger" => has("-n") || has("--server"),
        "gh" | "hub" => starts(&["gist", "api", "issue", "pr", "release"]),
        "glab" => starts(&["snippet", "issue", "mr", "api"]),
        _ => false,
    }
}

/// `FILE:path`, `OPEN:path` addresses of socat.
pub(super) fn socat(cx: &mut Cx) {
    for address in cx.rest(0) {
        let Some((kind, rest)) = address.text.split_once(':') else {
            continue;
        };
        if ["file", "open", "gopen", "create", "creat"]
            .iter()
            .any(|it| kind.eq_ignore_ascii_case(it))
        {
            let path = rest.split(',').next().unwrap_or_default();
            cx.add(AccessKind::Send, false, &like(&address, path));
            let options = rest.split(',').skip(1);
            if options
                .into_iter()
                .any(|it| matches!(it, "creat" | "create" | "append" | "trunc"))
                || kind.to_ascii_lowercase().starts_with("creat")
            {
                cx.add(AccessKind::Write, false, &like(&address, path));
            }
        }
    }
}
