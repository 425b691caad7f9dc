//! Owns what runs by the name of a recipe: which file `make`, `just`, `task` and the package managers take it
//! from, and the walk of its commands. Does not own those files' formats (`recipe`). Invariant: every
//! command of a recipe has a shell of its own.

use crate::shell::flags::{Options, options};
use crate::shell::invocation::{Arg, ArgFlags, Invocation, Span};
use crate::shell::recipe::{Justfile, Makefile, Step, Taskfile, scripts};

use super::Walker;
use super::alias::quote;
use super::local::Local;
use super::start::is_shell;
use super::state::enter;
use super::written::shebang;

/// Files that one makefile includes.
const INCLUDE_LIMIT: usize = 4;
/// How far up the manifest of a package is looked for.
const PARENTS: usize = 4;

const MAKEFILES: [&str; 3] = ["GNUmakefile", "makefile", "Makefile"];
const JUSTFILES: [&str; 3] = ["justfile", "Justfile", ".justfile"];
const TASKFILES: [&str; 4] = [
    "Taskfile.yml",
    "taskfile.yml",
    "Taskfile.yaml",
    "Taskfile.dist.yml",
];

impl Walker<'_> {
    /// Follows a recipe that is run by its name; false where none is known.
    pub(super) fn run_named(&mut self, index: u32, invocation: &Invocation) -> bool {
        let options = options(invocation);
        let saved = self.state.cwd.clone();
        let directories = [
            "-C",
            "--directory",
            "--prefix",
            "--cwd",
            "--working-directory",
            "-d",
            "--dir",
        ];
        for directory in options.values_of(&directories) {
            if directory.is_known() {
                self.state.cwd = enter(&self.state.cwd, &directory.text);
            }
        }
        let found = match invocation.program.as_str() {
            "make" | "gmake" => self.made(&options, invocation),
            "just" => self.just(&options),
            "task" | "go-task" => self.tasks(&options),
            _ => self.packaged(&options, invocation),
        };
        let followed = found.is_some();
        if let Some((files, steps)) = found {
            self.walk_steps(index, &files, &steps);
        }
        self.state.cwd = saved;
        followed
    }

    /// The first of the files that there is.
    fn first_of(&mut self, names: &[&str], given: Option<&str>) -> Option<Local> {
        let names = given.as_ref().map_or(names, std::slice::from_ref);
        let mut found = names.iter().map(|it| Arg::literal(*it, Span::default()));
        found.find_map(|it| self.load(&it, false))
    }

    fn made(
        &mut self,
        options: &Options,
        invocation: &Invocation,
    ) -> Option<(Vec<Local>, Vec<Step>)> {
        if options.has_any(&[
            "-n",
            "--just-print",
            "--dry-run",
            "--recon",
            "-q",
            "-t",
            "--version",
            "--help",
        ]) {
            return None;
        }
        let pair = |it: &str| {
            let (name, value) = it.split_once('=')?;
            let name = name.trim_end_matches([':', '?', '+', '!']);
            Some((name.to_owned(), value.to_owned()))
        };
        let mut given: Vec<(String, String)> = Vec::new();
        let mut goals: Vec<&str> = Vec::new();
        for word in &options.operands {
            match pair(&word.text) {
                Some(pair) => given.push(pair),
                None => goals.push(&word.text),
            }
        }
        let file = ["-f", "--file", "--makefile"]
            .iter()
            .find_map(|it| options.value(it));
        let main = self.first_of(&MAKEFILES, file)?;
        let mut makefile = Makefile::new(given);
        let around = invocation.assignments.iter();
        for it in around {
            makefile.set(&it.name, &it.value.text);
        }
        makefile.add(&main.text.text, 0);
        let mut files = vec![main];
        while let Some(name) = makefile.includes.pop() {
            if files.len() <= INCLUDE_LIMIT
                && let Some(more) = self.load(&Arg::literal(name, Span::default()), false)
            {
                makefile.add(&more.text.text, files.len());
                files.push(more);
            }
        }
        let steps = makefile.steps(&goals);
        Some((files, steps))
    }

    fn just(&mut self, options: &Options) -> Option<(Vec<Local>, Vec<Step>)> {
        let looks = [
            "-n",
            "--dry-run",
            "-l",
            "--list",
            "--summary",
            "--show",
            "-s",
            "--dump",
            "--evaluate",
        ];
        if options.has_any(&looks) {
            return None;
        }
        let file = ["-f", "--justfile"].iter().find_map(|it| options.value(it));
        let main = self.first_of(&JUSTFILES, file)?;
        let mut words: Vec<&str> = options.operands.iter().map(|it| it.text.as_str()).collect();
        let set = words.iter().take_while(|it| it.contains('=')).count();
        let pairs = words.drain(..set).filter_map(|it| it.split_once('='));
        let given = pairs.map(|it| (it.0.to_owned(), it.1.to_owned())).collect();
        let steps = Justfile::new(&main.text.text, 0, given).steps(&words);
        Some((vec![main], steps))
    }

    fn tasks(&mut self, options: &Options) -> Option<(Vec<Local>, Vec<Step>)> {
        if options.has_any(&[
            "-n",
            "--dry",
            "-l",
            "--list",
            "--list-all",
            "--summary",
            "--status",
        ]) {
            return None;
        }
        let file = ["-t", "--taskfile"].iter().find_map(|it| options.value(it));
        let main = self.first_of(&TASKFILES, file)?;
        let before = options
            .operands
            .get(..options.dashes.unwrap_or(options.operands.len()));
        let words = before.unwrap_or_default().iter().map(|it| it.text.as_str());
        let names: Vec<&str> = words.filter(|it| !it.contains('=')).collect();
        let steps = Taskfile::new(&main.text.text, 0).steps(&names);
        Some((vec![main], steps))
    }

    /// The scripts of the nearest manifest.
    fn packaged(
        &mut self,
        options: &Options,
        invocation: &Invocation,
    ) -> Option<(Vec<Local>, Vec<Step>)> {
        let program = invocation.program.as_str();
        let verb = match options.subcommand(0) {
            Some(verb) => verb,
            None if program == "yarn" => "install",
            None => return None,
        };
        let (name, mut at) = match verb {
            verb if program == "node" || program.contains("run") => (verb, 1),
            "run" | "run-script" | "task" => (options.subcommand(1)?, 2),
            "t" | "tst" if program == "npm" => ("test", 1),
            "i" | "ci" => ("install", 1),
            verb => (verb, 1),
        };
        let plain = matches!(name, "test" | "start" | "stop" | "restart");
        if program == "npm" && at == 1 && !plain && name != "install"
            || name == "install" && options.operands.len() > 1
        {
            return None;
        }
        let manifests: &[&str] = match program {
            "composer" => &["composer.json"],
            "deno" => &["deno.json", "deno.jsonc", "package.json"],
            _ => &["package.json"],
        };
        let mut main = None;
        for _ in 0..=PARENTS {
            main = self.first_of(manifests, None);
            if main.is_some() {
                break;
            }
            let here = self.absolute(&self.state.cwd)?;
            self.state.cwd = enter(&super::Cwd::At(here), "..");
        }
        let main = main?;
        let mut names = vec![format!("pre{name}"), name.to_owned(), format!("post{name}")];
        if name == "install" {
            names.push("prepare".to_owned());
        }
        let mut tail = String::new();
        if program.contains("run") {
            let others = options.rest(1).iter();
            names.extend(others.map(|it| it.text.clone()));
            at = options.operands.len();
        }
        for arg in options.operands.get(at..).unwrap_or_default() {
            tail.push(' ');
            tail.push_str(&quote(&arg.text));
        }
        let steps = scripts(&main.text.text, &names, name, &tail);
        (!steps.is_empty()).then(|| (vec![main], steps))
    }

    /// Walks the commands of a recipe, each from the same state.
    fn walk_steps(&mut self, index: u32, files: &[Local], steps: &[Step]) {
        let saved = self.state.clone();
        for step in steps {
            let Some(local) = files.get(step.file) else {
                continue;
            };
            let at =
                |offset: usize| local.text.span.start + u32::try_from(offset).unwrap_or_default();
            let mut text = Arg::literal(
                step.text.clone(),
                Span {
                    start: at(step.start),
                    end: at(step.end),
                },
            );
            text.flags.set(ArgFlags::QUOTED);
            let interpreter = step.text.starts_with("#!").then(|| shebang(&step.text));
            self.within(index, local, |it, context| match interpreter {
                Some(name) if !is_shell(&name) => {
                    let first = Arg::literal(name, text.span);
                    it.start_code(index, &first, &text, context);
                }
                _ => it.walk_text(&text, context, index),
            });
            self.state = saved.clone();
        }
    }
}
