//! Owns what the text itself writes and has built or run by a tool that finds its files alone: sources of
//! compiled languages, scripts of a `package.json`. Does not own the reading of that code (`script`).
//! Invariant: what is only built is not run.

use crate::shell::flags::options;
use crate::shell::invocation::{Arg, ArgFlags, Invocation};
use crate::shell::recipe::scripts;
use crate::shell::unwrap::like;
use crate::word::base;

use super::Walker;

/// The program that stands for whatever a compiler makes of code.
pub(in crate::shell) const COMPILED: &str = "compiled";

impl Walker<'_> {
    /// The sources that a tool builds and runs at once, as one program.
    pub(super) fn compiled(&self, invocation: &Invocation) -> Option<Vec<Arg>> {
        let options = options(invocation);
        let verb = options.subcommand(0).unwrap_or_default();
        let runs = match invocation.program.as_str() {
            "go" | "cargo" | "zig" | "dotnet" | "mix" => {
                matches!(verb, "run" | "r" | "test" | "t" | "bench" | "script")
            }
            "swift" | "java" | "Rscript" | "julia" | "elixir" | "groovy" | "rust-script"
            | "kotlin" => true,
            _ => false,
        };
        let first = invocation.argv.first().filter(|_| runs)?;
        let code = self.sources(invocation)?;
        let mut text = like(first, code);
        text.flags.set(ArgFlags::QUOTED);
        Some(vec![like(first, COMPILED), like(first, "-e"), text])
    }

    /// Remembers under the name of what a compiler makes the code that it was made of.
    pub(super) fn note_built(&mut self, program: &str, index: u32) {
        if self.files.is_empty() || !is_compiler(program) {
            return;
        }
        let Some(invocation) = self.reading.at(index) else {
            return;
        };
        let Some(code) = self.sources(invocation) else {
            return;
        };
        let options = options(invocation);
        let source = options.operands.iter().find(|it| it.text.contains('.'));
        let stem = source.and_then(|it| base(&it.text).split('.').next());
        let given = invocation.args().iter().skip_while(|it| it.text != "-o");
        let made = match (given.take(2).last(), invocation.program.as_str()) {
            (Some(made), _) => made.text.as_str(),
            (None, "rustc" | "go") => stem.unwrap_or_default(),
            (None, _) => "a.out",
        };
        let program = Arg::literal(format!("#!{COMPILED}\n{code}"), invocation.span);
        let place = self.place(made);
        self.files.retain(|it| it.0 != place);
        self.files.push((place, program));
    }

    /// The text of all files of the tool's language that this text wrote.
    fn sources(&self, invocation: &Invocation) -> Option<String> {
        if self.files.is_empty() {
            return None;
        }
        let endings = endings(&invocation.program)?;
        let mut code = String::new();
        for (path, content) in &self.files {
            let ending = path.rsplit_once('.').map_or("", |it| it.1);
            if endings.contains(&ending) {
                code.push_str(&content.text);
                code.push('\n');
            }
        }
        (!code.is_empty()).then_some(code)
    }

    /// The commands of this machine in the configuration that `ssh -F` names.
    pub(super) fn ssh_commands(&self, invocation: &Invocation) -> Option<Arg> {
        if !matches!(invocation.program.as_str(), "ssh" | "scp" | "sftp") {
            return None;
        }
        let content = self.file(options(invocation).value("-F")?)?;
        let command = |line: &str| {
            let (key, text) = line.trim().split_once([' ', '=', '\t'])?;
            let local = ["proxycommand", "localcommand", "knownhostscommand"];
            let runs = local.iter().any(|it| key.eq_ignore_ascii_case(it));
            runs.then(|| text.trim().to_owned())
        };
        let commands: Vec<String> = content.text.lines().filter_map(command).collect();
        (!commands.is_empty()).then(|| like(&content, commands.join("\n")))
    }

    /// The text of the script that `npm run NAME` and kin start.
    pub(super) fn package_script(&self, invocation: &Invocation) -> Option<Arg> {
        if !matches!(invocation.program.as_str(), "npm" | "pnpm" | "yarn" | "bun") {
            return None;
        }
        let content = self.file("package.json")?;
        let options = options(invocation);
        let name = match options.subcommand(0)? {
            "run" | "run-script" => options.subcommand(1)?,
            "i" | "ci" | "add" => "install",
            verb => verb,
        };
        let names = ["pre", "", "post"].map(|it| format!("{it}{name}"));
        let steps = scripts(&content.text, &names, "", "");
        let texts: Vec<&str> = steps.iter().map(|it| it.text.as_str()).collect();
        (!texts.is_empty()).then(|| like(&content, texts.join("\n")))
    }
}

/// Programs that make another program of code and leave it at that.
fn is_compiler(program: &str) -> bool {
    matches!(
        program,
        "gcc" | "cc" | "clang" | "tcc" | "g++" | "c++" | "clang++" | "rustc" | "go" | "swiftc"
    )
}

/// The endings of the files that a tool builds or runs.
fn endings(program: &str) -> Option<&'static [&'static str]> {
    Some(match program {
        "gcc" | "cc" | "clang" | "tcc" | "g++" | "c++" | "clang++" => &["c", "cc", "cpp", "cxx"],
        "rustc" | "cargo" | "rust-script" => &["rs"],
        "go" => &["go"],
        "java" => &["java"],
        "swift" | "swiftc" => &["swift"],
        "kotlin" => &["kt", "kts"],
        "zig" => &["zig", "c"],
        "dotnet" => &["cs", "csx"],
        "Rscript" => &["R", "r"],
        "julia" => &["jl"],
        "elixir" | "mix" => &["ex", "exs"],
        "groovy" => &["groovy"],
        _ => return None,
    })
}
