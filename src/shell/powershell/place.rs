//! Owns paths as PowerShell writes them, and what a directory or a filter makes of them. Does not own where
//! they really are (`path`). Invariant: a filter narrows only where its names are known; otherwise some of
//! what it is given is meant, or all.

use crate::shell::invocation::{Arg, ArgFlags, Invocation, UNKNOWN};
use crate::shell::unwrap::{like, targets};
use crate::word::base;

/// A path in the notation of all others; its wildcards are active unless it is literal.
pub(in crate::shell) fn path(arg: &Arg, literal: bool) -> Arg {
    let text = arg.text.as_str();
    let text = text.rsplit_once("::").map_or(text, |it| it.1);
    let text = text
        .strip_prefix("\\\\?\\")
        .or_else(|| text.strip_prefix("\\\\.\\"))
        .unwrap_or(text);
    let mut path = like(arg, text.replace('\\', "/"));
    if let [letter, b':'] | [letter, b':', b'/', ..] = path.text.as_bytes()
        && letter.is_ascii_alphabetic()
    {
        // Absolute for everybody: `C:` is no directory of here, and no host either.
        path.text.insert(0, '/');
    }
    if !literal && path.text.contains(['*', '?', '[']) {
        path.flags.set(ArgFlags::GLOB);
    }
    path
}

/// A path below another one.
pub(in crate::shell) fn joined(base: &Arg, below: &Arg) -> Arg {
    let text = format!(
        "{}/{}",
        base.text.trim_end_matches(['/', '\\']),
        below.text.trim_start_matches(['/', '\\'])
    );
    let mut joined = like(base, text);
    joined.flags.set(below.flags.0);
    joined.from.extend(&below.from);
    joined
}

/// True for what lies in the file system; other providers have drives of more than one letter.
pub(in crate::shell) fn is_file(path: &Arg) -> bool {
    let Some((drive, _)) = path.text.split_once(':') else {
        return true;
    };
    drive.len() < 2 || !drive.bytes().all(|it| it.is_ascii_alphanumeric())
}

/// Everything in the directories that has one of the names.
pub(super) fn listed(paths: Vec<Arg>, names: &[Arg], recursive: bool) -> Vec<Arg> {
    let mut found = Vec::new();
    for mut path in paths {
        let globbed = base(&path.text).contains(['*', '?', '[']);
        if globbed && names.is_empty() && !recursive {
            found.push(path);
            continue;
        }
        let mut names = names.to_vec();
        if globbed {
            // `x\*.log -Recurse` looks for `*.log` everywhere below `x`.
            let last = base(&path.text).to_owned();
            let length = path.text.len() - last.len();
            path.text.truncate(length);
            if path.text.is_empty() {
                path.text.push('.');
            }
            path.flags.0 &= !ArgFlags::GLOB;
            if names.is_empty() && last != "*" {
                names.push(like(&path, last));
            }
        }
        if names.is_empty() && !recursive {
            path.text = format!("{}/*", path.text.trim_end_matches('/'));
            path.flags.set(ArgFlags::GLOB);
            found.push(path);
            continue;
        }
        found.extend(found_below(&path, &names, recursive));
    }
    found
}

fn found_below(root: &Arg, names: &[Arg], recursive: bool) -> Vec<Arg> {
    let word = |it: &str| Arg::literal(it, root.span);
    let mut argv = vec![word("find"), root.clone()];
    if !recursive {
        argv.extend([word("-maxdepth"), word("1")]);
    }
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            argv.push(word("-o"));
            if !recursive {
                argv.extend([word("-maxdepth"), word("1")]);
            }
        }
        argv.extend([word("-name"), name.clone()]);
    }
    let end = argv.len();
    let find = Invocation {
        argv,
        ..Invocation::default()
    };
    targets(&find, end).paths
}

/// Some of the paths, nobody knows which: what a filter leaves.
pub(in crate::shell) fn some_of(paths: &[Arg], names: Option<Vec<Arg>>) -> Vec<Arg> {
    if let Some(names) = names {
        let roots = paths.iter().map(|it| {
            let tree = it.flags.has(ArgFlags::TREE);
            let mut root = it.clone();
            root.flags.0 &= !(ArgFlags::TREE | ArgFlags::GLOB);
            it.text.trim_end_matches("/*").clone_into(&mut root.text);
            (root, tree)
        });
        return roots
            .flat_map(|(root, tree)| found_below(&root, &names, tree))
            .collect();
    }
    paths
        .iter()
        .map(|it| {
            let mut some = it.clone();
            if it.flags.has(ArgFlags::TREE) {
                some.flags.0 &= !ArgFlags::TREE;
                some.text = format!("{}/{UNKNOWN}", it.text.trim_end_matches('/'));
            } else if let Some(root) = it.text.strip_suffix("/*") {
                some.text = format!("{root}/{UNKNOWN}");
                some.flags.0 &= !ArgFlags::GLOB;
            } else {
                return some;
            }
            some.flags.set(ArgFlags::UNKNOWN);
            some
        })
        .collect()
}
