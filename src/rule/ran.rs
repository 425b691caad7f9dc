//! Owns what an invocation runs of what is not its own program: files, scripts on its stdin, texts that
//! are put into its arguments, code that it evaluates. Does not own where that comes from (`flow`).
//! Invariant: what an invocation reads as data is not among it.

use super::flow::{self, Flow};
use super::memo::Memo;
use super::origin;
use super::subject::{Found, Subject};
use crate::shell::access::AccessKind;
use crate::shell::flags::{Options, family, options};
use crate::shell::{Arg, ArgFlags, Invocation, Reading, Redirect, RedirectOp, UNKNOWN, is_shell};

/// What one invocation runs.
#[derive(Default)]
pub(super) struct Ran<'i> {
    /// Files it runs, sources or installs.
    pub(super) files: Vec<&'i str>,
    /// Files that count where the text names them: a build of what was cloned is everyday work.
    pub(super) named: Vec<&'i str>,
    /// Its own name, where the shell looks for it in the directories of programs.
    pub(super) command: Option<&'i str>,
    /// Invocations whose output it runs.
    pub(super) inputs: Vec<u32>,
    /// Those of them that other predicates trace back as well, as far as there are no files in between.
    piped: Vec<u32>,
}

impl Ran<'_> {
    fn is_empty(&self) -> bool {
        self.files.is_empty()
            && self.named.is_empty()
            && self.inputs.is_empty()
            && self.piped.is_empty()
            && self.command.is_none()
    }
}

/// How files end that a package is installed from.
const PACKAGES: [&str; 17] = [
    ".deb",
    ".rpm",
    ".apk",
    ".pkg",
    ".msi",
    ".whl",
    ".tgz",
    ".tar.gz",
    ".tar.zst",
    ".gem",
    ".snap",
    ".vsix",
    ".jar",
    ".ps1",
    ".flatpak",
    ".flatpakref",
    ".zip",
];

/// What an invocation runs.
fn of<'i>(invocation: &'i Invocation, found: &'i [Found], flow: &Flow) -> Ran<'i> {
    let mut ran = Ran::default();
    let Some(first) = invocation.argv.first() else {
        return ran;
    };
    let program = family(&invocation.program);
    if first.text.contains('/') {
        ran.files.push(&first.text);
    } else if flow.downloads() && !invocation.program.is_empty() && !only_tells(invocation) {
        ran.command = Some(&invocation.program);
    }
    let executed = found
        .iter()
        .filter(|it| it.access.kind == AccessKind::Execute);
    ran.files
        .extend(executed.map(|it| it.access.path.text.as_str()));
    if installs(&invocation.program) {
        let args = invocation.args().iter().map(|it| it.text.as_str());
        let packages = args.filter(|it| PACKAGES.iter().any(|end| it.ends_with(end)));
        ran.files.extend(packages);
    }
    if is_runner(program) || !invocation.fed_by.is_empty() || has_substitution(invocation) {
        let options = options(invocation);
        name_files(program, &options, &mut ran);
        if reads_script(program, &options) {
            let known = is_evaluator(program) || is_shell(program);
            let into = if known {
                &mut ran.piped
            } else {
                &mut ran.inputs
            };
            into.extend(&invocation.fed_by);
            let whole = |it: &&Redirect| match it.op {
                RedirectOp::HereString | RedirectOp::Heredoc => is_whole(&it.target),
                it => it == RedirectOp::Read,
            };
            let redirects = invocation.redirects.iter().filter(whole);
            into.extend(redirects.flat_map(|it| &it.target.from));
        }
        substitute(program, &options, &mut ran);
    }
    ran
}

/// True where something of what it runs comes from a wanted one at any distance.
pub(super) fn comes_from(
    memo: &Memo,
    subject: &Subject,
    payload: &[u8],
    wanted: impl Fn(&Invocation) -> bool,
) -> bool {
    let reading = memo.flow.reading();
    // Nearly every text holds none of them at all; this question has an address of its own.
    let asked = payload.get(1..).unwrap_or_default();
    let somewhere = || vec![reading.invocations.iter().any(&wanted)];
    if !memo.holds(asked, &[0], somewhere) {
        return false;
    }
    let mut ran = of(&subject.invocation, subject.accesses(), &memo.flow);
    let mut direct = origin::walk(reading, ran.piped.clone(), |_, it, next| {
        origin::add_sources(it, next);
    });
    if !direct.any(|it| wanted(it.1)) {
        ran.inputs.append(&mut ran.piped);
    }
    !ran.is_empty() && flow::comes_from(memo, subject.index, &ran, payload, &wanted)
        || evaluates(reading, subject.index, &wanted)
}

/// `x --version` and the like show that an installation worked.
fn only_tells(invocation: &Invocation) -> bool {
    let mut words = invocation.args().iter().map(|it| it.text.as_str());
    let tells = |it: &str| {
        matches!(
            it,
            "--version" | "version" | "-V" | "-v" | "--help" | "help" | "-h" | "--client"
        )
    };
    let any = words.len() > 0;
    any && words.all(tells)
}

fn has_substitution(invocation: &Invocation) -> bool {
    invocation.argv.iter().any(|it| !it.from.is_empty())
        || (invocation.redirects.iter()).any(|it| !it.target.from.is_empty())
}

/// True for a value of which nothing is written out, or that is the name of a pipe.
fn is_whole(arg: &Arg) -> bool {
    arg.flags.has(ArgFlags::PROCESS) || arg.text.trim().chars().all(|it| it == UNKNOWN)
}

/// True for a program that runs or compiles a source that it is given by name, or finds by itself.
fn is_runner(program: &str) -> bool {
    matches!(
        program,
        "make"
            | "gmake"
            | "just"
            | "pip"
            | "pip3"
            | "go"
            | "java"
            | "kotlin"
            | "swift"
            | "Rscript"
            | "julia"
            | "elixir"
            | "groovy"
            | "dart"
            | "deno"
            | "bun"
            | "tsx"
            | "ts-node"
            | "zig"
            | "dotnet"
            | "crystal"
            | "awk"
    )
}

/// Adds the files that the program runs because they are there, or because they are operands.
fn name_files<'i>(program: &str, options: &Options<'i>, ran: &mut Ran<'i>) {
    let verb = options.operands.first().map_or("", |it| it.text.as_str());
    let mut given = |flags: &[&str], otherwise: &[&'static str]| {
        let mut named = options.flags.iter().rev();
        let file = named.find_map(|it| (flags.contains(&it.name.as_str())).then_some(it.arg));
        match file {
            Some(file) => ran.named.push(value_in(&file.text)),
            None => ran.named.extend(otherwise),
        }
    };
    match program {
        "make" | "gmake" => given(
            &["-f", "--file", "--makefile"],
            &["Makefile", "makefile", "GNUmakefile"],
        ),
        "just" => given(
            &["-f", "--justfile"],
            &["justfile", "Justfile", ".justfile"],
        ),
        "awk" => given(&["-f", "--file"], &[]),
        "pip" | "pip3" if verb == "install" => {
            let here = |it: &&Arg| matches!(it.text.as_str(), "." | "./" | ".[dev]" | ".[test]");
            let edited = options.has_any(&["-e", "--editable"]);
            if edited || options.operands.iter().copied().any(|it| here(&it)) {
                ran.named.extend(["setup.py", "pyproject.toml"]);
            }
        }
        "go" | "deno" | "bun" | "dart" | "zig" | "dotnet" | "crystal"
            if !matches!(verb, "run" | "test" | "script") => {}
        _ if is_runner(program) => {
            let files = options.operands.iter().map(|it| it.text.as_str());
            ran.named.extend(files.filter(|it| it.contains('.')));
        }
        _ => {}
    }
}

/// The value in the argument of a flag: `-fFILE`, `--file=FILE`, or the next one's whole text.
fn value_in(text: &str) -> &str {
    match text.split_once('=') {
        Some((_, value)) if text.starts_with("--") => value,
        _ if text.starts_with('-') => text.get(2..).unwrap_or_default(),
        _ => text,
    }
}

/// True where the program takes its script from stdin.
fn reads_script(program: &str, options: &Options) -> bool {
    let first = options.operands.first().map(|it| it.text.as_str());
    let is_stdin = |it: Option<&str>| matches!(it, Some("-" | "/dev/stdin" | "/dev/fd/0"));
    let of_flag = |flags: &[&str]| flags.iter().any(|it| is_stdin(options.value(it)));
    match program {
        shell if is_shell(shell) => {
            !options.has("-c") && (first.is_none() || is_stdin(first) || options.has("-s"))
        }
        "python" | "perl" | "node" | "ruby" | "php" | "lua" | "Rscript" | "julia" => {
            let inline = [
                "-c", "-e", "-E", "-m", "-n", "-p", "-r", "--eval", "--print",
            ];
            !options.has_any(&inline) && (first.is_none() || is_stdin(first))
        }
        "source" | "." => first.is_none() || is_stdin(first),
        "make" | "gmake" => of_flag(&["-f", "--file", "--makefile"]),
        "just" => of_flag(&["-f", "--justfile"]),
        "awk" | "sed" => of_flag(&["-f", "--file", "--expression"]),
        "uv" | "deno" | "bun" | "go" => first == Some("run") && is_stdin(options.subcommand(1)),
        _ => false,
    }
}

/// Adds what a shell or `eval` has its text from, where it is the whole text.
fn substitute(program: &str, options: &Options, ran: &mut Ran) {
    let count = match program {
        "eval" => usize::MAX,
        "source" | "." => 1,
        shell if is_shell(shell) => 1,
        "awk" if !options.has_any(&["-f", "--file"]) => 1,
        _ => 0,
    };
    let words = options.operands.iter().take(count);
    let whole = words.filter(|it| is_whole(it));
    let into = if program == "awk" {
        &mut ran.inputs
    } else {
        &mut ran.piped
    };
    into.extend(whole.flat_map(|it| &it.from));
}

/// True for a program that puts the content of the file that it is given into another one beside it.
pub(super) fn unpacks(program: &str) -> bool {
    matches!(
        family(program),
        "gunzip" | "gzip" | "bunzip2" | "bzip2" | "unxz" | "xz" | "unzstd" | "zstd" | "lz4"
    )
}

/// True for the tools that make a virtual environment of Python: what lies in it is their own.
pub(super) fn makes_environment(invocation: &Invocation) -> bool {
    let words = invocation.args().iter().map(|it| it.text.as_str());
    match invocation.program.as_str() {
        "virtualenv" => true,
        "uv" => words.take(1).eq(["venv"]),
        program => family(program) == "python" && words.take(2).eq(["-m", "venv"]),
    }
}

/// True for code that loads from the net by itself, and names what it writes.
pub(super) fn loads(invocation: &Invocation) -> bool {
    let calls = ["urlretrieve(", "URI.open(", "URI.parse("];
    is_evaluator(family(&invocation.program))
        && invocation
            .args()
            .iter()
            .any(|arg| arg.text.contains("://") && calls.iter().any(|it| arg.text.contains(it)))
}

/// True where one of the programs that code starts is wanted, and the code evaluates what it is told.
fn evaluates(reading: &Reading, index: usize, wanted: impl Fn(&Invocation) -> bool) -> bool {
    let Some(invocation) = reading.invocations.get(index) else {
        return false;
    };
    let program = family(&invocation.program);
    if !is_evaluator(program) {
        return false;
    }
    let behind = reading.invocations.iter().skip(index + 1);
    let own = |it: &Invocation| it.parent.is_some_and(|it| usize::try_from(it) == Ok(index));
    let calls: &[&str] = match program {
        "python" => &["exec", "eval", "compile"],
        "perl" => &["eval"],
        "ruby" => &["eval", "instance_eval", "class_eval"],
        "php" => &["eval", "assert", "create_function"],
        "lua" => &["load", "loadstring", "dofile"],
        _ => &["eval", "Function", "runInThisContext", "runInNewContext"],
    };
    behind.take(CHILDREN).any(|it| own(it) && wanted(it))
        && (invocation.args().iter()).any(|arg| calls.iter().any(|it| is_called(&arg.text, it)))
}

/// So far behind its start the programs are looked for that code starts.
const CHILDREN: usize = 64;

fn is_evaluator(program: &str) -> bool {
    matches!(
        program,
        "python" | "perl" | "ruby" | "php" | "lua" | "node" | "bun" | "deno"
    )
}

/// True where a name stands in code as a word of its own, and no block follows it.
fn is_called(code: &str, name: &str) -> bool {
    let letter = |it: char| it.is_ascii_alphanumeric() || it == '_';
    code.match_indices(name).any(|(at, _)| {
        let (before, after) = (code.get(..at), code.get(at + name.len()..));
        let (before, after) = (before.unwrap_or_default(), after.unwrap_or_default());
        let own = !before.ends_with(letter) && !after.starts_with(letter);
        let method = before.ends_with('.') && !name.starts_with("run") && !name.contains('_');
        own && !method
            && after
                .trim_start()
                .starts_with(['(', '`', '"', '$', 'q', '%'])
    })
}

/// True for a program that runs or installs a package it is given as a file.
fn installs(program: &str) -> bool {
    matches!(
        program,
        "apk"
            | "apt"
            | "apt-get"
            | "brew"
            | "code"
            | "dnf"
            | "dpkg"
            | "flatpak"
            | "gem"
            | "installer"
            | "java"
            | "msiexec"
            | "npm"
            | "pacman"
            | "pip"
            | "pip3"
            | "pipx"
            | "pnpm"
            | "powershell"
            | "pwsh"
            | "rpm"
            | "snap"
            | "uv"
            | "yarn"
            | "yum"
            | "zypper"
    )
}
