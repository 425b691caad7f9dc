//! Owns what well-known functions of the languages return for literal arguments: joins of paths, the
//! home directory, formatting, decoding. Does not own which calls are dangerous. Invariant: a value that
//! is not sure is [`Value::Unknown`].

use super::awk::is_shell;
use super::format::{GROWTH_LIMIT, characters, formatted, replaced};
use super::handle::SHELL;
use super::{Language, Value};
use crate::shell::decode;
use crate::shell::invocation::GUARDED;

/// So many items of a list are looked at one by one.
const EACH_LIMIT: usize = 16;

/// The value of a call, and the name under which a returned module or function is known.
pub(super) fn returns(
    language: Language,
    chain: &str,
    receiver: &Value,
    args: &[Value],
) -> (Value, String) {
    let name = chain.rsplit('.').next().unwrap_or_default();
    let first = args.first().cloned().unwrap_or_default();
    if let Some(renamed) = renamed(language, chain, name, args) {
        return (Value::Unknown, renamed);
    }
    let value = match name {
        "expanduser" | "abspath" | "realpath" | "normpath" | "str" | "String" | "PurePath"
        | "PosixPath" | "Pathname" | "fspath" | "quote" | "expandvars" | "File" | "expand_path"
        | "Path" | "path" | "shellescape" => own(receiver, first),
        "new" if chain == "Pathname.new" => first,
        "bytes" | "bytearray" => match &first {
            Value::List(items) => characters(items),
            _ => own(receiver, first),
        },
        "home" | "homedir" | "user_home" | "user_home!" | "NSHomeDirectory" => {
            Value::Text("~".to_owned())
        }
        "getProperty" if first.text() == "user.home" => Value::Text("~".to_owned()),
        "getcwd" | "getwd" | "pwd" | "getcwdb" => Value::Text(".".to_owned()),
        "cwd" if matches!(receiver, Value::Unknown) => Value::Text(".".to_owned()),
        "mkdtemp" | "mkdtempSync" | "mkstemp" | "TemporaryDirectory" | "mktmpdir" | "tempdir"
        | "NamedTemporaryFile" => Value::Text(format!("/tmp/tmp.{GUARDED}")),
        "getenv" | "get" | "fetch" if is_home(&first) => Value::Text("~".to_owned()),
        "join" if language == Language::Perl => {
            glue(args.get(1..).unwrap_or_default(), &first.text())
        }
        "implode" => joined(&first, args.get(1).unwrap_or(&Value::Unknown), args),
        "join" | "joinpath" | "catfile" | "catdir" | "resolve" => joined(receiver, &first, args),
        "format" | "sprintf" => formatted(language, receiver, args),
        "gsub" | "sub" | "replace" | "replaceAll" | "replace_all" => {
            replaced(language, receiver, args)
        }
        "split" => words(receiver, &first),
        "decode" | "toString" | "strip" | "trim" | "encode" | "as_posix" | "absolute" | "to_s"
        | "chomp" | "to_path" | "getPathname" | "getRealPath" => receiver.clone(),
        "reverse" | "strrev" => reversed(receiver, &first),
        _ => held(name, receiver, &first).unwrap_or_else(|| readable(name, receiver, &first, args)),
    };
    (value, String::new())
}

/// The module, function or method that the call returns, by its name.
fn renamed(language: Language, chain: &str, name: &str, args: &[Value]) -> Option<String> {
    let text = |n: usize| args.get(n).map(Value::text).unwrap_or_default();
    Some(match name {
        "require" | "__import__" | "import_module" => {
            text(0).trim_start_matches("node:").to_owned()
        }
        "getattr" => text(1),
        // What is written there a shell runs.
        "popen" if args.first().is_some_and(is_shell) && text(1).contains(['w', '+']) => {
            SHELL.to_owned()
        }
        // Ruby's `method(:system)` is called later.
        "method" if language == Language::Ruby => {
            chain.strip_suffix(name).unwrap_or_default().to_owned() + &text(0)
        }
        _ => return None,
    })
}

/// What a directory holds: whole paths, or names alone.
fn held(name: &str, receiver: &Value, first: &Value) -> Option<Value> {
    let all = Value::Text("*".to_owned());
    let given = matches!(first, Value::Text(_));
    Some(match name {
        "glob" | "iglob" if given && matches!(receiver, Value::Text(_)) => join(receiver, first),
        "glob" | "iglob" => own(receiver, first.clone()),
        "iterdir" if matches!(receiver, Value::Text(_)) => join(receiver, &all),
        "listdir" | "readdirSync" | "scandir" | "entries" | "children" if given => all,
        "DirectoryIterator" | "FilesystemIterator" | "RecursiveDirectoryIterator" if given => {
            join(first, &all)
        }
        "GlobIterator" | "RecursiveIteratorIterator" | "IteratorIterator" => first.clone(),
        _ => return None,
    })
}

/// What encoded text stands for.
fn readable(name: &str, receiver: &Value, first: &Value, args: &[Value]) -> Value {
    let encoding = args.get(1).map(Value::text).unwrap_or_default();
    match name {
        "b64decode" | "decode64" | "base64_decode" | "atob" | "strict_decode64"
        | "decode_base64" | "urlsafe_b64decode" => decoded(first),
        "from" if encoding == "base64" => decoded(first),
        "from" if encoding == "hex" => unhexed(first),
        "fromhex" | "unhexlify" | "hex2bin" => unhexed(first),
        "chr" | "fromCharCode" | "char" => characters(args),
        "pack" => packed(receiver, first, args),
        "unpack" | "unpack1" if first.text().starts_with('m') => decoded(receiver),
        _ => Value::Unknown,
    }
}

/// The value of a name that is no variable of the code.
pub(super) fn constant(chain: &str) -> Value {
    match chain {
        "os.O_WRONLY" | "os.O_RDWR" | "os.O_CREAT" | "os.O_TRUNC" | "os.O_APPEND" => {
            Value::Text("w".to_owned())
        }
        "Dir.pwd" => Value::Text(".".to_owned()),
        "process.env.HOME" | "Dir.home" => Value::Text("~".to_owned()),
        _ => Value::Unknown,
    }
}

/// The value of an environment variable.
pub(super) fn variable(name: &str) -> Value {
    if name == "HOME" {
        Value::Text("~".to_owned())
    } else {
        Value::Unknown
    }
}

/// True for what is called without parentheses where the language allows it.
pub(super) fn is_bare(chain: &str) -> bool {
    matches!(
        chain.rsplit('.').next().unwrap_or_default(),
        "system"
            | "chdir"
            | "exec"
            | "spawn"
            | "unlink"
            | "rmtree"
            | "remove_tree"
            | "rmdir"
            | "rename"
            | "open"
            | "glob"
            | "rm_rf"
            | "rm_r"
            | "rm_f"
            | "rm"
            | "remove_dir"
            | "remove_entry_secure"
            | "remove_entry"
            | "delete"
            | "write"
            | "read"
            | "popen"
            | "execute"
            | "mv"
            | "cp"
            | "cp_r"
            | "chmod"
            | "chmod_R"
            | "chown"
            | "symlink"
            | "link"
            | "truncate"
            | "require"
            | "eval"
            | "expand_path"
            | "join"
            | "remove"
            | "print"
            | "puts"
            | "echo"
            | "say"
    )
}

/// Text after text; unknown parts become marks.
pub(super) fn concat(left: &Value, right: &Value) -> Value {
    match (left, right) {
        (Value::Unknown, Value::Unknown) => Value::Unknown,
        (Value::List(left), Value::List(right)) => {
            Value::List(left.iter().chain(right).cloned().collect())
        }
        // Whatever a loop is at: a path of each.
        (Value::Text(text), Value::List(items))
            if text.contains('/') && !text.contains(char::is_whitespace) =>
        {
            each(items, |it| concat(left, it))
        }
        (Value::List(items), Value::Text(text)) if text.is_empty() || text.starts_with('/') => {
            each(items, |it| concat(it, right))
        }
        _ => Value::Text(left.text() + &right.text()),
    }
}

/// What becomes of each item.
fn each(items: &[Value], make: impl Fn(&Value) -> Value) -> Value {
    Value::List(items.iter().take(EACH_LIMIT).map(make).collect())
}

/// A path below another one.
pub(super) fn join(left: &Value, right: &Value) -> Value {
    match (left, right) {
        (Value::Text(_), Value::List(items)) => return each(items, |it| join(left, it)),
        (Value::List(items), Value::Text(_)) => return each(items, |it| join(it, right)),
        _ => {}
    }
    let (left, right) = (left.text(), right.text());
    Value::Text(if right.starts_with('/') {
        right
    } else {
        format!("{}/{right}", left.trim_end_matches('/'))
    })
}

/// A path object keeps its own value: `Path("x").expanduser()`.
fn own(receiver: &Value, first: Value) -> Value {
    match (receiver, &first) {
        (Value::Text(_), Value::Unknown) => receiver.clone(),
        _ => first,
    }
}

fn is_home(value: &Value) -> bool {
    matches!(value, Value::Text(text) if text == "HOME")
}

/// `os.path.join(a, b)`, `" ".join([..])`, `[..].join(" ")`, `Path(a).joinpath(b)`.
fn joined(receiver: &Value, first: &Value, args: &[Value]) -> Value {
    match (receiver, first) {
        (Value::Text(mark), Value::List(items)) | (Value::List(items), Value::Text(mark)) => {
            glue(items, mark)
        }
        (Value::List(items), _) => glue(items, ""),
        (Value::Text(_), _) => args
            .iter()
            .fold(receiver.clone(), |left, it| join(&left, it)),
        (Value::Unknown, _) if args.len() > 1 => {
            let rest = args.get(1..).unwrap_or_default();
            rest.iter().fold(first.clone(), |left, it| join(&left, it))
        }
        (Value::Unknown, _) => first.clone(),
    }
}

fn glue(items: &[Value], mark: &str) -> Value {
    if items.len().saturating_mul(mark.len()) > GROWTH_LIMIT {
        return Value::Unknown;
    }
    Value::Text(items.iter().map(Value::text).collect::<Vec<_>>().join(mark))
}

fn words(receiver: &Value, first: &Value) -> Value {
    let text = match (receiver, first) {
        (Value::Text(text), Value::Text(mark)) if !mark.trim().is_empty() => {
            return Value::List(
                text.split(mark.as_str())
                    .map(|it| Value::Text(it.to_owned()))
                    .collect(),
            );
        }
        (Value::Text(text), _) | (Value::Unknown, Value::Text(text)) => text,
        _ => return Value::Unknown,
    };
    Value::List(
        text.split_whitespace()
            .map(|it| Value::Text(it.to_owned()))
            .collect(),
    )
}

fn decoded(value: &Value) -> Value {
    let Value::Text(text) = value else {
        return Value::Unknown;
    };
    decode::base64(text).map_or(Value::Unknown, Value::Text)
}

fn unhexed(value: &Value) -> Value {
    let Value::Text(text) = value else {
        return Value::Unknown;
    };
    decode::hex(text).map_or(Value::Unknown, Value::Text)
}

fn reversed(receiver: &Value, first: &Value) -> Value {
    match (receiver, first) {
        (Value::Text(text), _) | (Value::Unknown, Value::Text(text)) => {
            Value::Text(text.chars().rev().collect())
        }
        _ => Value::Unknown,
    }
}

/// Perl's `pack("H*", hex)`, Ruby's `[hex].pack("H*")`, and both with the numbers of characters.
fn packed(receiver: &Value, first: &Value, args: &[Value]) -> Value {
    let items = match receiver {
        Value::List(items) => items.as_slice(),
        _ => args.get(1..).unwrap_or_default(),
    };
    match first.text().bytes().next() {
        Some(b'H') => items.first().map_or(Value::Unknown, unhexed),
        Some(b'm') => items.first().map_or(Value::Unknown, decoded),
        Some(b'C' | b'c' | b'U' | b'W') => match items {
            [Value::List(items)] => characters(items),
            _ => characters(items),
        },
        Some(b'A' | b'a') => items.first().cloned().unwrap_or_default(),
        _ => Value::Unknown,
    }
}
