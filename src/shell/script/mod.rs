//! Owns the reading of code in other languages that stands on a command line (`python -c`, `perl -e`,
//! awk programs, code fed to an interpreter): the calls in it with their literal arguments. Does not own
//! what a call means. Invariants: bounded in depth and size, linear in length; what is not literal is
//! [`Value::Unknown`] or a mark inside the text.

mod argument;
mod awk;
mod builtin;
mod each;
mod eval;
mod format;
mod handle;
mod interpolate;
mod method;
pub(crate) mod other;
mod postfix;
mod token;

#[cfg(test)]
mod tests;

use super::flags::{Options, family};
use super::invocation::{Arg, Invocation, UNKNOWN};

/// Code longer than this is read up to here.
const SIZE_LIMIT: usize = 64 * 1024;

/// The languages that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    AppleScript,
    Awk,
    Lua,
    Node,
    /// Read by its look alone: `other`.
    Other,
    Perl,
    Php,
    Python,
    Ruby,
}

/// What is known of an expression.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Value {
    /// Literal text, with marks for unknown parts.
    Text(String),
    List(Vec<Self>),
    #[default]
    Unknown,
}

impl Value {
    /// The text, a lone mark where nothing is known.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::List(items) => items.iter().map(Self::text).collect::<Vec<_>>().join(" "),
            Self::Unknown => UNKNOWN.to_string(),
        }
    }
}

/// One call in the code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Call {
    /// What is called, as written: `os.system`, `fs.rmSync`, `system`.
    pub(crate) chain: String,
    /// The value on which a method is called, where it is one.
    pub(crate) receiver: Value,
    pub(crate) args: Vec<Value>,
}

impl Call {
    /// The last part of what is called.
    pub(crate) fn name(&self) -> &str {
        self.chain.rsplit('.').next().unwrap_or_default()
    }

    /// The text of the nth argument.
    pub(crate) fn text(&self, n: usize) -> Option<String> {
        self.args.get(n).map(Value::text)
    }
}

/// Every call in the code, in order.
pub(crate) fn calls(language: Language, code: &str) -> Vec<Call> {
    let mut end = code.len().min(SIZE_LIMIT);
    while !code.is_char_boundary(end) {
        end -= 1;
    }
    let tokens = token::tokens(language, code.get(..end).unwrap_or_default());
    eval::calls(language, &tokens)
}

/// The directory that the call makes the current one.
pub(crate) fn entered(call: &Call) -> Option<&Value> {
    let enters = matches!(
        call.chain.as_str(),
        "os.chdir" | "chdir" | "process.chdir" | "Dir.chdir" | "FileUtils.cd" | "FileUtils.chdir"
    );
    call.args.first().filter(|_| enters)
}

/// The language of a program's one-liners.
pub(crate) fn language(program: &str) -> Option<Language> {
    Some(match program {
        "python" => Language::Python,
        "perl" => Language::Perl,
        "ruby" => Language::Ruby,
        "node" | "bun" | "deno" | "tsx" | "ts-node" => Language::Node,
        "php" => Language::Php,
        "lua" => Language::Lua,
        "awk" => Language::Awk,
        "osascript" => Language::AppleScript,
        "compiled" | "Rscript" | "julia" | "jshell" | "groovy" | "elixir" | "gnuplot" | "scala"
        | "swift" | "clojure" | "clj" | "bb" | "guile" | "racket" | "sbcl" | "erl" | "ghc"
        | "ocaml" | "octave" | "nim" | "crystal" | "kotlin" | "raku" => Language::Other,
        _ => return None,
    })
}

/// The code that an invocation carries in its arguments or is fed, its arguments put in.
pub(crate) fn code(invocation: &Invocation, options: &Options, stdin: Option<&Arg>) -> Vec<Arg> {
    let mut found = carried(invocation, options, stdin);
    for it in &mut found {
        *it = argument::put(invocation, options, std::mem::take(it));
    }
    found
}

fn carried(invocation: &Invocation, options: &Options, stdin: Option<&Arg>) -> Vec<Arg> {
    let flags: &[&str] = match family(&invocation.program) {
        "python" => &["-c"],
        "perl" => &["-e", "-E"],
        "node" | "bun" | "tsx" | "ts-node" => &["-e", "--eval", "-p", "--print"],
        "php" => &["-r", "-B", "-R", "-E"],
        "awk" => &["-e", "--source"],
        "deno" => {
            return options
                .rest(1)
                .first()
                .map(|&it| it.clone())
                .into_iter()
                .collect();
        }
        "erl" => return following(invocation, "-eval"),
        _ => &["-e", "--eval", "-c", "--command"],
    };
    let mut found = options.values_of(flags);
    if invocation.program == "bun" {
        // A package manager as well: its flags are not divided as an interpreter's.
        found = flags
            .iter()
            .flat_map(|it| following(invocation, it))
            .collect();
    }
    if !found.is_empty() {
        return found;
    }
    if family(&invocation.program) == "awk" {
        let script = options
            .operands
            .first()
            .filter(|_| !options.has_any(&["-f", "--file"]));
        return script.map(|&it| it.clone()).into_iter().collect();
    }
    if options.value("-m") == Some("timeit") {
        // Each operand is a line of the code that is measured.
        let lines = options
            .operands
            .iter()
            .filter(|it| !it.text.starts_with('-'));
        return lines.map(|&it| it.clone()).collect();
    }
    let script = options.operands.first().map(|it| it.text.as_str());
    if !matches!(script, None | Some("-" | "/dev/stdin")) || options.has("-m") {
        return Vec::new();
    }
    stdin
        .or(invocation.documents().next_back())
        .cloned()
        .into_iter()
        .collect()
}

/// The argument behind a flag, of a program whose flags are not divided as an interpreter's.
fn following(invocation: &Invocation, flag: &str) -> Vec<Arg> {
    let args = invocation.args().iter();
    let code = args.skip_while(|it| it.text != flag);
    code.skip(1).take(1).cloned().collect()
}
