//! Owns what a program writes to stdout where that can be computed from its arguments and a known stdin:
//! echo, printf, decoders and simple filters. Does not own who reads it. Invariants: exact or None, at
//! most `SIZE_LIMIT` bytes; what was decoded or rewritten carries HIDDEN.

mod codec;
mod filter;
mod format;
mod listing;
mod printed;
mod select;

#[cfg(test)]
mod tests;

use super::flags::{Options, family, options};
use super::invocation::{Arg, ArgFlags, GUARDED, Invocation, UNKNOWN};
use super::unwrap::like;
pub(crate) use codec::{base64, hex};

/// Longer text is not computed.
const SIZE_LIMIT: usize = 64 * 1024;

/// What the invocation writes to stdout, where it can be computed.
pub fn stdout(invocation: &Invocation, stdin: Option<&Arg>) -> Option<Arg> {
    let program = family(&invocation.program);
    let options = options(invocation);
    let written = match program {
        "echo" => format::echo(invocation.args()),
        "printf" => format::printf(invocation.args()),
        "dirname" | "basename" => part(program, &options),
        "awk" => printed::of(invocation, &options, stdin)
            .or_else(|| passed_on(invocation, &options, stdin)),
        _ if is_code(invocation) => printed::of(invocation, &options, stdin),
        _ => listing::of(program, &options, invocation)
            .or_else(|| passed_on(invocation, &options, stdin))
            .or_else(|| listing::prefixed(program, &options)),
    }?;
    let known = |it: char| it != UNKNOWN && it != GUARDED && !it.is_whitespace();
    (written.text.len() <= SIZE_LIMIT && written.text.chars().any(known)).then_some(written)
}

/// What a filter makes of its input.
fn passed_on(invocation: &Invocation, options: &Options, stdin: Option<&Arg>) -> Option<Arg> {
    let program = family(&invocation.program);
    let stdin = stdin.or(invocation.documents().next_back())?;
    if stdin.flags.has(ArgFlags::MANY) && listing::filters(program) {
        return listing::narrowed(invocation, options, stdin);
    }
    filtered(program, options, stdin)
}

/// True for an interpreter that runs code; `python -m base64 -d` is a decoder.
pub(crate) fn is_code(invocation: &Invocation) -> bool {
    let program = family(&invocation.program);
    let reads = matches!(
        program,
        "python" | "perl" | "ruby" | "node" | "php" | "lua" | "awk"
    );
    reads && (program == "awk" || !options(invocation).has("-m"))
}

fn filtered(program: &str, options: &Options, stdin: &Arg) -> Option<Arg> {
    if stdin.text.len() > SIZE_LIMIT {
        return None;
    }
    let text = stdin.text.as_str();
    // These pass on whatever they read, known or not.
    match program {
        "cat" if reads_stdin(options) => return Some(stdin.clone()),
        "tee" | "pv" | "sponge" | "unbuffer" | "stdbuf" => return Some(stdin.clone()),
        _ => {}
    }
    if stdin.flags.has(ArgFlags::MANY) {
        return None;
    }
    if stdin.flags.has(ArgFlags::UNKNOWN) {
        // A guarded mark is a part of a name on one line: what picks whole lines may pick it.
        match program {
            _ if text.contains(UNKNOWN) => return None,
            "head" | "tail" | "sort" | "uniq" => {}
            "grep" | "egrep" | "fgrep" if !options.has_any(&["-c", "-q", "-o", "-l", "-L"]) => {
                return Some(stdin.clone());
            }
            _ => return None,
        }
    }
    let (written, hidden) = match program {
        "base64" | "gbase64" if is_decoding(options) => (base64(text)?, true),
        "base32" if is_decoding(options) => (codec::base32(text)?, true),
        "basenc" if is_decoding(options) => (basenc(options, text)?, true),
        "openssl" => (openssl(options, text)?, true),
        "python" if options.value("-m") == Some("base64") => {
            let decodes = options.operands.iter().any(|it| it.text == "-d");
            (base64(text).filter(|_| decodes)?, true)
        }
        "xxd" if options.has("-r") => {
            let plain = options.has_any(&["-p", "-ps", "-plain", "-postscript"]);
            (
                if plain {
                    hex(text)?
                } else {
                    codec::dump(text)?
                },
                true,
            )
        }
        "rev" => (filter::rev(text), true),
        "tac" => (filter::tac(text), false),
        "tr" => (filter::tr(options, text)?, true),
        "sed" => (filter::sed(options, text)?, true),
        "head" => (filter::head(options, text)?, false),
        "tail" => (filter::tail(options, text)?, false),
        "cut" => (filter::cut(options, text)?, false),
        "awk" => (select::of(program, options, text)?, true),
        _ => (select::of(program, options, text)?, false),
    };
    let mut arg = like(stdin, written);
    if hidden && arg.text.trim_end() != text.trim_end() {
        arg.flags.set(ArgFlags::HIDDEN);
    }
    Some(arg)
}

fn reads_stdin(options: &Options) -> bool {
    options
        .operands
        .iter()
        .all(|it| matches!(it.text.as_str(), "-" | "/dev/stdin"))
}

fn is_decoding(options: &Options) -> bool {
    options.has_any(&["-d", "-D", "--decode"])
}

fn basenc(options: &Options, text: &str) -> Option<String> {
    if options.has_any(&["--base64", "--base64url"]) {
        base64(text)
    } else if options.has("--base16") {
        hex(text)
    } else if options.has("--base32") {
        codec::base32(text)
    } else {
        None
    }
}

/// `openssl base64 -d`, `openssl enc -d -base64` without a cipher.
fn openssl(options: &Options, text: &str) -> Option<String> {
    let plain = match options.subcommand(0)? {
        "base64" => true,
        "enc" => options.has_any(&["-base64", "-a"]) && !options.has_any(&["-k", "-pass", "-K"]),
        _ => false,
    };
    if plain && options.has("-d") {
        base64(text)
    } else {
        None
    }
}

/// What dirname and basename leave of a path.
fn part(program: &str, options: &Options) -> Option<Arg> {
    let [path, suffix @ ..] = options.operands.as_slice() else {
        return None;
    };
    if path
        .flags
        .has(ArgFlags::UNKNOWN | ArgFlags::GLOB | ArgFlags::MANY)
        || suffix.len() > 1
        || !options.flags.is_empty()
    {
        return None;
    }
    let text = path.text.trim_end_matches('/');
    let (parent, name) = match text.rsplit_once('/') {
        Some(("", name)) => ("/", name),
        Some((parent, name)) => (parent, name),
        None if path.text.starts_with('/') => ("/", "/"),
        None => (".", text),
    };
    let suffix = suffix.first().map_or("", |it| it.text.as_str());
    let part = match program {
        "dirname" => parent,
        _ => name
            .strip_suffix(suffix)
            .filter(|it| !it.is_empty())
            .unwrap_or(name),
    };
    Some(like(path, format!("{part}\n")))
}
