//! Owns the programs that read or list files: cat and kin, search tools, stream editors, find. Does not
//! own what they print. Invariant: patterns, filters and programs among the operands are no paths.

use super::sed::Sed;
use super::{AccessKind, Cx};
use crate::shell::flags::scattered;
use crate::shell::invocation::Arg;
use crate::shell::unwrap::{fd_targets, like, targets};

/// The accesses of these programs; false for any other one.
pub(super) fn of(cx: &mut Cx) -> bool {
    match cx.program {
        "cat" | "less" | "more" | "most" | "bat" | "head" | "tail" | "od" | "hexdump" | "hd"
        | "strings" | "wc" | "nl" | "tac" | "rev" | "cut" | "paste" | "join" | "comm" | "diff"
        | "sdiff" | "colordiff" | "delta" | "cmp" | "column" | "fold" | "fmt" | "expand" | "pr"
        | "md5sum" | "sha1sum" | "sha256sum" | "sha512sum" | "shasum" | "b2sum" | "cksum"
        | "md5" | "zcat" | "bzcat" | "xzcat" | "zstdcat" | "zless" | "zmore" | "gzcat"
        | "base64" | "base32" | "basenc" | "uuencode" | "iconv" | "xmllint" | "exiftool"
        | "pdftotext" | "look" | "glow" | "mdcat" | "ccat" | "pygmentize" | "hexyl" | "crontab"
        | "vimcat" | "open" | "xdg-open" | "getfacl" | "keytool" | "ul" | "m4" | "cpp"
        | "nroff" | "groff" | "troff" | "vis" | "unvis" | "tsort" | "ptx" | "lolcat" | "a2ps"
        | "enscript" | "pandoc" | "bc" => {
            let writes = cx.program == "base64" || cx.program == "base32";
            if writes {
                cx.values(&["-o", "--output"], AccessKind::Write);
            }
            let mut files = cx.rest(0);
            // A start position: `less +F`, `tail +5`.
            files.retain(|it| !it.text.starts_with('+'));
            cx.add_all(AccessKind::Read, false, &files);
            cx.values(&["-i", "-in", "--input", "--files0-from"], AccessKind::Read);
        }
        "inotifywait" | "inotifywatch" | "fswatch" | "lsof" => {
            cx.operands(0, AccessKind::List, false);
        }
        // Whoever holds the lock keeps others waiting.
        "flock" => {
            if let Some(file) = cx.rest(0).first() {
                cx.add(AccessKind::Read, false, file);
            }
        }
        // What is no date is printed in the error.
        "date" => cx.values(&["-f", "--file"], AccessKind::Read),
        "dos2unix" | "unix2dos" => cx.operands(0, AccessKind::Write, false),
        "xxd" | "uniq" => {
            let operands = cx.rest(0);
            for (index, operand) in operands.iter().enumerate() {
                let kind = if index == 0 {
                    AccessKind::Read
                } else {
                    AccessKind::Write
                };
                cx.add(kind, false, operand);
            }
        }
        "sort" => {
            cx.values(&["-o", "--output"], AccessKind::Write);
            cx.values(&["--files0-from"], AccessKind::Read);
            cx.operands(0, AccessKind::Read, false);
        }
        "jq" | "yq" | "gojq" | "jaq" => query(cx),
        "grep" | "rg" | "ag" | "ack" | "zgrep" | "ugrep" => search(cx),
        "sed" => sed(cx),
        "awk" => awk(cx),
        "ls" | "exa" | "eza" | "lsd" | "dir" | "vdir" | "stat" | "file" | "tree" | "du"
        | "ncdu" | "dust" | "lsattr" => list(cx),
        "find" => find(cx),
        "fd" => {
            let paths = fd_targets(cx.invocation.args());
            cx.add_all(AccessKind::List, true, &paths);
        }
        _ => return false,
    }
    true
}

/// `jq FILTER file…`; yq's `-i` writes.
fn query(cx: &mut Cx) {
    cx.values(&["-f", "--from-file"], AccessKind::Read);
    let given = cx.has(&["-f", "--from-file"]);
    let first = usize::from(!given && (cx.program != "yq" || cx.options.operands.len() > 1));
    let verb =
        usize::from(cx.program == "yq" && matches!(cx.operand(0), "eval" | "e" | "eval-all"));
    let writes = cx.has(&["-i", "--inplace", "--in-place"]);
    let kind = if writes {
        AccessKind::Write
    } else {
        AccessKind::Read
    };
    let args = cx.invocation.args();
    if (args.iter()).any(|it| matches!(it.text.as_str(), "--args" | "--jsonargs")) {
        return;
    }
    // A name and a value, or a file, of each of these are words of their own.
    let names = |it: &Arg| matches!(it.text.as_str(), "--arg" | "--argjson");
    let files = |it: &Arg| matches!(it.text.as_str(), "--slurpfile" | "--rawfile");
    let mut words = 0;
    for (at, arg) in args.iter().enumerate() {
        words += if names(arg) || files(arg) { 2 } else { 0 };
        if let Some(file) = args.get(at + 2).filter(|_| files(arg)) {
            cx.add(AccessKind::Read, false, file);
        }
    }
    cx.operands(first + verb + words, kind, false);
}

/// grep and kin: the pattern is the first operand where no `-e` or `-f` gives one.
fn search(cx: &mut Cx) {
    cx.values(&["-f", "--file"], AccessKind::Read);
    let given = cx.has(&["-e", "--regexp", "-f", "--file", "--files", "--type-list"]);
    let walks = cx.program != "grep" && cx.program != "zgrep";
    let recursive = walks || cx.has(&["-r", "-R", "--recursive", "--dereference-recursive"]);
    let paths = cx.rest(usize::from(!given));
    if paths.is_empty() && recursive && cx.invocation.fed_by.is_empty() {
        let here = cx.here();
        cx.add(AccessKind::List, true, &here);
    }
    let kind = if cx.has(&["--files"]) {
        AccessKind::List
    } else {
        AccessKind::Read
    };
    cx.add_all(kind, recursive, &paths);
}

fn sed(cx: &mut Cx) {
    cx.values(&["-f", "--file"], AccessKind::Read);
    let mut scripts = cx.options.values_of(&["-e", "--expression"]);
    let given = !scripts.is_empty() || cx.has(&["-f", "--file"]);
    let mut operands = cx.rest(0);
    // BSD's `-i ''` leaves an empty operand in front of the script.
    if cx.has(&["-i", "--in-place"]) {
        operands.retain(|it| !it.text.is_empty());
    }
    if !given && !operands.is_empty() {
        scripts.push(operands.remove(0));
    }
    let in_place = cx.has(&["-i", "--in-place"]);
    let kind = if in_place {
        AccessKind::Write
    } else {
        AccessKind::Read
    };
    cx.add_all(kind, false, &operands);
    // Most have none in them.
    if scripts.iter().any(|it| it.text.contains(['w', 'W'])) {
        written_by_sed(cx, &scripts);
    }
}

/// The files that the scripts write, which are one script on lines of its own.
fn written_by_sed(cx: &mut Cx, scripts: &[Arg]) {
    let texts: Vec<&str> = scripts.iter().map(|it| it.text.as_str()).collect();
    for path in Sed::read(&texts.join("\n")).written {
        let script = scripts.iter().find(|it| it.text.contains(&path));
        if let Some(script) = script {
            cx.add(AccessKind::Write, false, &like(script, path));
        }
    }
}

fn awk(cx: &mut Cx) {
    cx.values(&["-f", "--file"], AccessKind::Read);
    let given = cx.has(&["-f", "--file", "-e", "--source"]);
    let in_place = cx
        .options
        .values_of(&["-i", "--include"])
        .iter()
        .any(|it| it.text == "inplace");
    let kind = if in_place {
        AccessKind::Write
    } else {
        AccessKind::Read
    };
    for operand in cx.rest(usize::from(!given)) {
        if !operand.text.contains('=') {
            cx.add(kind, false, &operand);
        }
    }
    super::script::literals(cx);
}

fn list(cx: &mut Cx) {
    let recursive =
        matches!(cx.program, "tree" | "du" | "ncdu" | "dust") || cx.has(&["-R", "--recursive"]);
    if cx.options.operands.is_empty() {
        let here = cx.here();
        cx.add(AccessKind::List, recursive, &here);
    }
    cx.operands(0, AccessKind::List, recursive);
    // A name that is no file's is printed in the error.
    let names = match cx.program {
        "file" => "-f --files-from",
        "du" => "--files0-from",
        _ => return,
    };
    let files = scattered(cx.invocation.args(), names);
    cx.add_all(AccessKind::Read, false, &files);
}

fn find(cx: &mut Cx) {
    let args = cx.invocation.args();
    let roots = targets(cx.invocation, 0).paths;
    cx.add_all(AccessKind::List, true, &roots);
    for (index, arg) in args.iter().enumerate() {
        match arg.text.as_str() {
            "-delete" => {
                let found = targets(cx.invocation, index);
                cx.add_all(AccessKind::Delete, found.whole, &found.paths);
            }
            "-fprint" | "-fprint0" | "-fls" | "-fprintf" => {
                if let Some(file) = args.get(index + 1) {
                    cx.add(AccessKind::Write, false, file);
                }
            }
            _ => {}
        }
    }
}
