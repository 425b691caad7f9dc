//! Owns what calls in other languages mean that start no program and name no path: statements for a
//! database, rights. They are judged as the program that does the same. Does not own the reading of code
//! (`shell::script`).

use super::Cx;
use super::script::known;
use crate::shell::invocation::{Arg, UNKNOWN};
use crate::shell::script::{Call, Value};

/// `os.chmod(path, 0o4755)` is judged as `chmod 4755 path`: what matters of a mode is the right to act as
/// another user.
pub(super) fn rights(cx: &mut Cx, code: &Arg, call: &Call) -> bool {
    if !matches!(call.name(), "chmod" | "chmodSync" | "lchmod" | "File.chmod") {
        return false;
    }
    let texts: Vec<String> = call.args.iter().map(Value::text).collect();
    let mode = |text: &String| {
        let digits = text.trim_start_matches("0o");
        let bits = u32::from_str_radix(digits, 8).ok()?;
        (bits & 0o6000 != 0).then(|| format!("{bits:o}"))
    };
    let Some(mode) = texts.iter().find_map(mode) else {
        return false;
    };
    for path in texts.iter().filter(|it| it.contains('/')) {
        let argv = ["chmod", &mode, path].map(|it| known(code, it));
        cx.argv(argv.to_vec(), 0);
    }
    true
}

/// A statement that is sent to a database is judged as a client's would be. One in memory holds nothing.
pub(super) fn statement(cx: &mut Cx, code: &Arg, call: &Call) {
    let sends = matches!(
        call.name(),
        "execute"
            | "executescript"
            | "query"
            | "exec"
            | "raw"
            | "unsafe"
            | "do"
            | "exec_query"
            | "queryRawUnsafe"
            | "executeRawUnsafe"
    );
    let Some(Value::Text(text)) = call.args.first().filter(|_| sends) else {
        return;
    };
    let verb = text.trim_start().split(' ').next().unwrap_or_default();
    let loses = ["drop", "truncate", "delete", "update", "alter"];
    if loses.iter().any(|it| verb.eq_ignore_ascii_case(it)) && !code.text.contains(":memory:") {
        let argv = ["psql", "-c", text].map(|it| known(code, it));
        cx.argv(argv.to_vec(), 0);
    }
}

/// A request to an address that the code puts together is judged as one of `curl`: one that is written out is
/// seen where it stands.
pub(super) fn request(cx: &mut Cx, code: &Arg, call: &Call) {
    let asks = matches!(
        call.name(),
        "urlopen"
            | "urlretrieve"
            | "Request"
            | "get"
            | "request"
            | "fetch"
            | "HTTPConnection"
            | "create_connection"
            | "file_get_contents"
            | "URI"
            | "parse"
    );
    if !asks {
        return;
    }
    for text in call.args.iter().take(2).map(Value::text) {
        let url = text.split_once("://").map(|it| it.1);
        let number = text.bytes().all(|it| it.is_ascii_digit() || it == b'.');
        let Some(rest) = url.or_else(|| (number && text.len() > 6).then_some(&text)) else {
            continue;
        };
        let host = rest.split(['/', ':', '?']).next().unwrap_or_default();
        let start = text.split_at_checked(text.len() - rest.len() + host.len());
        let start = start.unwrap_or_default().0;
        if !host.is_empty() && !start.contains(UNKNOWN) && !code.text.contains(start) {
            let argv = ["curl", &text].map(|it| known(code, it));
            cx.argv(argv.to_vec(), 0);
        }
    }
}
