//! Owns archivers, compressors and programs that encrypt: what they read, write and remove. Does not own
//! the commands that tar can start (`unwrap`).

use super::{AccessKind, Cx};
use crate::shell::unwrap::like;

/// How compressed files end.
const ENDS: [&str; 6] = [".gz", ".xz", ".bz2", ".zst", ".lz4", ".Z"];

/// The accesses of these programs; false for any other one.
pub(super) fn of(cx: &mut Cx) -> bool {
    match cx.program {
        "tar" => tar(cx),
        "unzip" | "unrar" | "unar" | "bsdcpio" => unzip(cx),
        "cpio" => cpio(cx),
        "pax" => pax(cx),
        "zip" => zip(cx),
        "7z" | "7za" | "7zz" | "7zr" | "rar" => seven(cx),
        "gzip" | "gunzip" | "bzip2" | "bunzip2" | "xz" | "unxz" | "zstd" | "unzstd" | "lz4"
        | "compress" | "uncompress" | "pigz" | "brotli" => {
            let keeps = cx.has(&[
                "-c", "-k", "-l", "-t", "--stdout", "--keep", "--list", "--test",
            ]);
            let kind = if keeps {
                AccessKind::Read
            } else {
                AccessKind::Write
            };
            let packed = cx.rest(0);
            cx.add_all(kind, cx.has(&["-r", "--recursive"]), &packed);
            if !cx.has(&["-c", "-l", "-t", "--stdout", "--list", "--test"]) {
                for file in &packed {
                    let stem = ENDS.iter().find_map(|it| file.text.strip_suffix(it));
                    cx.add(
                        AccessKind::Write,
                        false,
                        &like(file, stem.unwrap_or_default()),
                    );
                }
            }
        }
        "openssl" => openssl(cx),
        "gpg" | "gpg2" | "age" | "rage" | "sops" => {
            cx.values(&["-o", "--output"], AccessKind::Write);
            cx.values(&["-i", "--identity"], AccessKind::Read);
            if !cx.has(&["--recv-keys", "--list-keys", "-k", "--keyserver"]) {
                cx.operands(0, AccessKind::Read, false);
            }
        }
        "ssh-keygen" => {
            let reads = cx.has(&["-l", "-y", "-F", "-B", "-L"]);
            let kind = if reads {
                AccessKind::Read
            } else {
                AccessKind::Write
            };
            cx.values(&["-f"], kind);
        }
        "sqlite3" => sqlite(cx),
        _ => return false,
    }
    true
}

fn openssl(cx: &mut Cx) {
    // Without the encoded form and the fields, or with the public half alone, no secret is told.
    let certificate = matches!(cx.operand(0), "x509" | "req" | "crl" | "verify");
    let untold =
        cx.has(&["-pubout"]) || cx.has(&["-noout"]) && (certificate || !cx.has(&["-text"]));
    if !untold {
        cx.values(&["-in", "-inkey"], AccessKind::Read);
    }
    cx.values(&["-out", "-keyout"], AccessKind::Write);
    if !untold
        && matches!(
            cx.operand(0),
            "rsa" | "pkey" | "dgst" | "sha256" | "md5" | "base64"
        )
    {
        cx.operands(1, AccessKind::Read, false);
    }
}

fn tar(cx: &mut Cx) {
    let creates = cx.has(&[
        "-c",
        "-r",
        "-u",
        "-A",
        "--create",
        "--append",
        "--update",
        "--catenate",
    ]);
    let extracts = cx.has(&["-x", "--extract", "--get"]);
    let archive = cx.options.values_of(&["-f", "--file"]);
    let kind = if creates {
        AccessKind::Write
    } else {
        AccessKind::Read
    };
    for archive in &archive {
        if !archive.text.contains(':') {
            cx.add(kind, false, archive);
        }
    }
    cx.values(&["-T", "--files-from"], AccessKind::Read);
    cx.base = cx.options.values_of(&["-C", "--directory"]).pop();
    if creates {
        cx.operands(0, AccessKind::Read, true);
        if cx.has(&["--remove-files"]) {
            cx.operands(0, AccessKind::Delete, true);
        }
    } else if extracts && !cx.has(&["-O", "--to-stdout"]) {
        let here = cx.here();
        cx.add(AccessKind::Write, false, &here);
    }
    cx.base = None;
}

fn unzip(cx: &mut Cx) {
    // What follows the archive names members of it.
    if let Some(archive) = cx.rest(0).first() {
        cx.add(AccessKind::Read, false, archive);
    }
    if cx.has(&["-l", "-p", "-t", "-Z", "-v"]) || cx.options.operands.is_empty() {
        return;
    }
    let target = cx
        .options
        .values_of(&["-d"])
        .pop()
        .unwrap_or_else(|| cx.here());
    cx.add(AccessKind::Write, false, &target);
}

/// `cpio -i` unpacks, `-o` packs what stdin lists, `-p` copies it to a directory.
fn cpio(cx: &mut Cx) {
    let unpacks = cx.has(&["-i", "--extract"]);
    let archive = if unpacks {
        AccessKind::Read
    } else {
        AccessKind::Write
    };
    cx.values(&["-F", "--file", "-I", "-O"], archive);
    let directory = cx.options.values_of(&["-D", "--directory"]).pop();
    if cx.has(&["-p", "--pass-through"]) {
        cx.base = directory;
        cx.operands(0, AccessKind::Write, false);
        cx.base = None;
    } else if unpacks && !cx.has(&["-t", "--list", "--to-stdout"]) {
        let target = directory.unwrap_or_else(|| cx.here());
        cx.add(AccessKind::Write, false, &target);
    }
}

/// `pax -r` unpacks, `-w` packs, `-rw` copies to the last operand.
fn pax(cx: &mut Cx) {
    let mut operands = cx.rest(0);
    match (cx.has(&["-r"]), cx.has(&["-w"])) {
        (true, true) => {
            if let Some(target) = operands.pop() {
                cx.add_all(AccessKind::Read, true, &operands);
                cx.add(AccessKind::Write, false, &target);
            }
        }
        (true, false) => {
            cx.values(&["-f"], AccessKind::Read);
            let here = cx.here();
            cx.add(AccessKind::Write, false, &here);
        }
        (false, true) => {
            cx.values(&["-f"], AccessKind::Write);
            cx.add_all(AccessKind::Read, true, &operands);
        }
        (false, false) => cx.values(&["-f"], AccessKind::Read),
    }
}

fn zip(cx: &mut Cx) {
    let operands = cx.rest(0);
    let Some((archive, files)) = operands.split_first() else {
        return;
    };
    cx.add(AccessKind::Write, false, archive);
    let recursive = cx.has(&["-r", "-R", "--recurse-paths"]);
    cx.add_all(AccessKind::Read, recursive, files);
    if cx.has(&["-m", "--move"]) {
        cx.add_all(AccessKind::Delete, recursive, files);
    }
}

/// `7z a archive files`, `7z x archive -oDIR`.
fn seven(cx: &mut Cx) {
    let operands = cx.rest(1);
    let Some((archive, files)) = operands.split_first() else {
        return;
    };
    match cx.operand(0) {
        "a" | "u" => {
            cx.add(AccessKind::Write, false, archive);
            cx.add_all(AccessKind::Read, true, files);
            if cx.invocation.args().iter().any(|it| it.text == "-sdel") {
                cx.add_all(AccessKind::Delete, true, files);
            }
        }
        "x" | "e" => {
            cx.add(AccessKind::Read, false, archive);
            let args = cx.invocation.args().iter();
            let target = args
                .filter_map(|it| it.text.strip_prefix("-o").map(|path| like(it, path)))
                .next_back();
            let target = target.unwrap_or_else(|| cx.here());
            cx.add(AccessKind::Write, false, &target);
        }
        _ => cx.add(AccessKind::Read, false, archive),
    }
}

/// The database is read; written where a statement is more than a question.
fn sqlite(cx: &mut Cx) {
    let operands = cx.rest(0);
    let Some((file, statements)) = operands.split_first() else {
        return;
    };
    cx.add(AccessKind::Read, false, file);
    let changes = statements.iter().any(|it| {
        let word = it
            .text
            .split_whitespace()
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase();
        !matches!(word.as_str(), "select" | "pragma" | "explain" | "with" | "")
            && !word.starts_with('.')
    });
    if changes && !cx.has(&["-readonly"]) {
        cx.add(AccessKind::Write, false, file);
    }
}
