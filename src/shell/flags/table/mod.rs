//! Owns the conventions of the programs: which flags take a value as the next argument, where the
//! flags end, which programs write long flags with one dash. Does not own the reading of arguments.
//! Invariant: one static string a program, scanned at lookup, so that the table costs no start-up time.

mod cloud;
mod file;
mod network;
mod outer;
mod starter;
mod tool;

pub(crate) use outer::{Outer, outer};

use crate::word::listed;

/// How a program writes its flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// Clusters of letters and `--long` names.
    Gnu,
    /// `-long` names: terraform, find's kin, openssl, java.
    SingleDash,
    /// find's expression.
    Find,
    /// Like Gnu; the first argument may be a cluster without a dash.
    Tar,
    /// No flags at all: dd, eval.
    None,
}

/// The conventions of one program and subcommand.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grammar {
    pub(super) style: Style,
    /// Flags that take a value, or, where `inverse`, the flags that take none.
    values: &'static str,
    /// Flags that take a value, of the program itself whatever the subcommand.
    globals: &'static str,
    inverse: bool,
    /// Flags whose value can only be glued to them.
    glued: &'static str,
    /// Flags after whose value no further flag is read.
    last: &'static str,
    /// After this many operands everything is an operand.
    pub(super) stop: Option<usize>,
    /// The grammar depends on the first operands.
    pub(super) subcommands: bool,
}

impl Grammar {
    pub(super) fn takes(&self, name: &str) -> bool {
        listed(self.globals, name) || (listed(self.values, name) != self.inverse)
    }

    /// True for a flag that is known by its whole name to take a value.
    pub(super) fn lists(&self, name: &str) -> bool {
        !self.inverse && self.takes(name)
    }

    pub(super) fn glues(&self, name: &str) -> bool {
        listed(self.glued, name)
    }

    pub(super) fn ends(&self, name: &str) -> bool {
        listed(self.last, name)
    }
}

const PLAIN: Grammar = Grammar {
    style: Style::Gnu,
    values: "",
    globals: "",
    inverse: false,
    glued: "",
    last: "",
    stop: None,
    subcommands: false,
};

const fn values(values: &'static str) -> Grammar {
    Grammar { values, ..PLAIN }
}

/// A program that starts another one: its own flags end at the `stop`th operand.
const fn wrapper(values: &'static str, stop: usize) -> Grammar {
    Grammar {
        values,
        stop: Some(stop),
        ..PLAIN
    }
}

const fn single(values: &'static str) -> Grammar {
    Grammar {
        style: Style::SingleDash,
        values,
        ..PLAIN
    }
}

/// A program whose first operands choose the flags.
const fn tool(globals: &'static str, values: &'static str) -> Grammar {
    Grammar {
        globals,
        values,
        subcommands: true,
        ..PLAIN
    }
}

/// The name under which a program is known here: versions, GNU prefixes and implementations of the
/// same thing fold into one.
pub(crate) fn family(program: &str) -> &str {
    match program {
        "grm" => "rm",
        "gmv" => "mv",
        "gcp" => "cp",
        "gln" => "ln",
        "gfind" => "find",
        "gxargs" => "xargs",
        "gsed" => "sed",
        "gawk" | "mawk" | "nawk" | "original-awk" => "awk",
        "gtar" | "bsdtar" => "tar",
        "gdd" => "dd",
        "curlie" => "curl",
        "gtimeout" => "timeout",
        "gshred" => "shred",
        "genv" => "env",
        "gchmod" => "chmod",
        "gchown" => "chown",
        "gtee" => "tee",
        "gtruncate" => "truncate",
        "gbase64" => "base64",
        "nodejs" => "node",
        "perl6" => "raku",
        "sudo-rs" => "sudo",
        "fdfind" => "fd",
        "batcat" => "bat",
        "vi" | "nvim" | "gvim" | "mvim" | "view" | "vimdiff" | "rvim" => "vim",
        "tofu" => "terraform",
        "helm3" => "helm",
        "mariadb" => "mysql",
        "valkey-cli" | "keydb-cli" => "redis-cli",
        "remsh" | "autossh" => "ssh",
        "luajit" => "lua",
        "ipython" | "pypy" => "python",
        "podman" | "nerdctl" | "docker" | "podman-remote" => "docker",
        "kubectl" | "oc" | "k3s-kubectl" | "microk8s.kubectl" => "kubectl",
        "ripgrep" => "rg",
        "egrep" | "fgrep" | "ggrep" | "zgrep" => "grep",
        _ => versioned(program),
    }
}

/// `python3.12` is python, `perl5.36` perl.
fn versioned(program: &str) -> &str {
    let bare = program.trim_end_matches(|it: char| it.is_ascii_digit() || it == '.' || it == '-');
    match bare {
        "python" | "pypy" => "python",
        "perl" | "ruby" | "php" | "lua" | "bash" | "zsh" | "pip" | "tclsh" | "node" | "ksh" => bare,
        _ => program,
    }
}

/// True for programs that read `+x` as a flag.
pub(super) fn plus(program: &str) -> bool {
    matches!(
        program,
        "bash" | "sh" | "zsh" | "dash" | "ksh" | "ash" | "mksh" | "set" | "vim"
    )
}

/// True for long flags that are whole words although longer ones start with them.
pub(super) fn is_whole(name: &str) -> bool {
    matches!(
        name,
        "--all"
            | "--cached"
            | "--cert"
            | "--color"
            | "--config"
            | "--copy"
            | "--data"
            | "--delete"
            | "--device"
            | "--env"
            | "--exclude"
            | "--exec"
            | "--file"
            | "--force"
            | "--format"
            | "--git"
            | "--ignore"
            | "--include"
            | "--interactive"
            | "--key"
            | "--label"
            | "--log"
            | "--max"
            | "--mirror"
            | "--mount"
            | "--name"
            | "--network"
            | "--one"
            | "--output"
            | "--password"
            | "--preserve"
            | "--progress"
            | "--prune"
            | "--remove"
            | "--set"
            | "--tag"
            | "--time"
            | "--type"
            | "--user"
            | "--verbose"
            | "--version"
            | "--volume"
            | "--work"
            | "--write"
            | "--dry"
    )
}

/// The conventions of a program, with its first two operands as far as they have been read.
pub(super) fn grammar(program: &str, first: &str, second: &str) -> Grammar {
    starter::grammar(program, first)
        .or_else(|| tool::grammar(program, first, second))
        .or_else(|| cloud::grammar(program, first))
        .or_else(|| network::grammar(program))
        .or_else(|| starter::interpreter(program))
        .or_else(|| starter::container(program))
        .unwrap_or_else(|| file::grammar(program))
}
