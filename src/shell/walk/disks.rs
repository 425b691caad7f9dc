//! Owns what the tools that list disks print, as far as it is known without the machine: names of disks where
//! such a column was asked for. Does not own what is done with them. Invariant: a name is one of a disk with a
//! guarded mark in it, every other column is unknown.

use crate::shell::invocation::{GUARDED, Invocation, UNKNOWN};

/// The output of `lsblk -ndo PATH`, `findmnt -no SOURCE /`, `blkid -o device`, `df --output=source`.
pub(super) fn listed(invocation: &Invocation) -> Option<String> {
    let args: Vec<&str> = invocation
        .args()
        .iter()
        .map(|it| it.text.as_str())
        .collect();
    let long = |name: &str| args.contains(&name);
    let short = |letter: char| {
        let clusters = args.iter().filter_map(|it| it.strip_prefix('-'));
        let mut clusters = clusters.filter(|it| !it.starts_with('-'));
        // What follows `o` is its value.
        clusters.any(|it| it.split('o').next().unwrap_or_default().contains(letter))
    };
    let (columns, heading) = match invocation.program.as_str() {
        "blkid" => {
            let asks = args.windows(2).any(|it| it == ["-o", "device"])
                || long("-odevice")
                || args
                    .iter()
                    .any(|it| it.starts_with("-L") || it.starts_with("-U"));
            return asks.then(|| disk(true));
        }
        "df" => (
            args.iter().find_map(|it| it.strip_prefix("--output="))?,
            true,
        ),
        _ if long("--json") || long("--pairs") || short('J') || short('P') => return None,
        _ => (columns(&args)?, !(long("--noheadings") || short('n'))),
    };
    let paths = long("--paths") || short('p');
    let names = columns
        .split(',')
        .map(|it| match it.to_ascii_uppercase().as_str() {
            "NAME" | "KNAME" | "PKNAME" => disk(paths),
            "PATH" | "SOURCE" => disk(true),
            _ => UNKNOWN.to_string(),
        });
    let line = names.collect::<Vec<_>>().join(" ");
    if !line.contains(GUARDED) {
        return None;
    }
    Some(if heading {
        format!("{}\n{line}", columns.replace(',', " ").to_ascii_uppercase())
    } else {
        line
    })
}

fn disk(path: bool) -> String {
    let directory = if path { "/dev/" } else { "" };
    format!("{directory}sd{GUARDED}")
}

/// The value of `-o` and `--output`: behind it, also at the end of a cluster, or the next word.
fn columns<'a>(args: &[&'a str]) -> Option<&'a str> {
    let mut args = args.iter();
    while let Some(arg) = args.next() {
        if let Some(value) = arg.strip_prefix("--output=") {
            return Some(value);
        }
        if *arg == "--output" {
            return args.next().copied();
        }
        let cluster = arg.strip_prefix('-').filter(|it| !it.starts_with('-'));
        match cluster.and_then(|it| it.split_once('o')) {
            Some((_, "")) => return args.next().copied(),
            Some((_, value)) => return Some(value),
            None => {}
        }
    }
    None
}
