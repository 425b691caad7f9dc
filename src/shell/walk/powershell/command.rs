//! Owns one command of PowerShell: which program, cmdlet or function it names, its invocation and that of
//! its kin. Does not own what the cmdlets that run other commands do (`special`). Invariant: every command
//! has an invocation, named in lower case with aliases resolved.

use std::rc::Rc;

use crate::shell::invocation::{Arg, ArgFlags, Context, Span, UNKNOWN};
use crate::shell::powershell::ast::{Block, Command, Expr, Quote};
use crate::shell::powershell::bind::{Bound, Word, bind};
use crate::shell::powershell::kin::{self, Call};
use crate::shell::powershell::name::{cmdlet, is_native_elsewhere};
use crate::shell::powershell::place;
use crate::shell::unwrap::like;

use crate::shell::walk::Walker;
use crate::shell::walk::start::Start;
use crate::word::base;

/// A command with its words evaluated.
pub(super) struct Ready {
    /// Lower case, aliases resolved; empty where it is not known.
    pub(super) name: String,
    pub(super) bound: Bound,
    pub(super) words: Vec<Word>,
    pub(super) blocks: Vec<Rc<Block>>,
    pub(super) index: u32,
    pub(super) span: Span,
}

impl Walker<'_> {
    /// Runs a command on the objects that are piped in; yields what it puts out.
    pub(super) fn run_command(&mut self, command: &Command, input: Vec<Arg>) -> Vec<Arg> {
        let Some((first, rest)) = command.words.split_first() else {
            let redirects = self.redirects_of(&command.redirects, command.span);
            self.start_command(Vec::new(), redirects, command.span);
            return Vec::new();
        };
        if let Some(block) = self.block_of(first) {
            let (words, _) = self.words_of(rest, command.span);
            let given: Vec<Vec<Arg>> = words.into_iter().map(|it| it.items).collect();
            return self.call_block(&block, Some(&given), input);
        }
        let mut name = self.value_of(first).into_iter().next().unwrap_or_default();
        name.span = command.span;
        let (words, blocks) = self.words_of(rest, command.span);
        let redirects = self.redirects_of(&command.redirects, command.span);
        let written = program(&name);
        let alias = self.session.aliases.iter().rev();
        let alias = alias.clone().find(|it| it.0 == written.text);
        let alias = alias.map(|it| it.1.clone());
        let written = like(&written, alias.unwrap_or(written.text.clone()));
        let (name, bound) = resolve(&written, &words);
        let mut argv = vec![name.clone()];
        let native = bound.is_none();
        let given = words
            .iter()
            .flat_map(|it| it.items.iter().map(|arg| (it.bare, arg)));
        argv.extend(given.map(|(bare, it)| {
            if native {
                argument(it, bare)
            } else {
                it.clone()
            }
        }));
        let Some(index) = self.start_command(argv, redirects, command.span) else {
            return Vec::new();
        };
        let function = self.session.blocks.iter().rev();
        let function = function.clone().find(|it| it.0 == name.text);
        if let Some(function) = function.map(|it| Rc::clone(&it.1)) {
            return self.call_function(&function, &words, index, input);
        }
        let ready = Ready {
            name: name.text.clone(),
            bound: bound.unwrap_or_default(),
            words,
            blocks,
            index,
            span: command.span,
        };
        self.run_kin(&ready, &written.text, &input);
        self.finish(&ready, input)
    }

    /// The block that a word names or is.
    fn block_of(&mut self, word: &Expr) -> Option<Rc<Block>> {
        match word {
            Expr::Block(block) => Some(Rc::clone(block)),
            Expr::Variable(name) => {
                let name = format!("${name}");
                let mut known = self.session.blocks.iter().rev();
                known.find(|it| it.0 == name).map(|it| Rc::clone(&it.1))
            }
            _ => None,
        }
    }

    /// The words after a command's name, and the blocks among them.
    fn words_of(&mut self, words: &[Expr], span: Span) -> (Vec<Word>, Vec<Rc<Block>>) {
        let (mut found, mut blocks) = (Vec::new(), Vec::new());
        for word in words {
            if let Some(block) = self.block_of(word) {
                blocks.push(Rc::clone(&block));
                found.push(Word {
                    block: Some(block),
                    ..Word::default()
                });
                continue;
            }
            let mut items = self.value_of(word);
            for item in &mut items {
                item.span = span;
            }
            if matches!(word, Expr::Splat(_)) {
                found.extend(items.into_iter().map(|it| Word {
                    items: vec![it],
                    bare: true,
                    block: None,
                }));
                continue;
            }
            let bare = matches!(word, Expr::Text(_, Quote::Bare));
            if !bare || !items.iter().all(|it| it.text.is_empty()) {
                found.push(Word {
                    items,
                    bare,
                    block: None,
                });
            }
        }
        (found, blocks)
    }

    /// Notes the invocation of a command.
    pub(super) fn start_command(
        &mut self,
        argv: Vec<Arg>,
        redirects: Vec<crate::shell::Redirect>,
        span: Span,
    ) -> Option<u32> {
        let index = u32::try_from(self.reading.invocations.len()).ok()?;
        self.start(Start {
            argv,
            redirects,
            span,
            parent: self.parent,
            context: self.context,
            ..Start::default()
        });
        ((index as usize) < self.reading.invocations.len()).then_some(index)
    }

    /// Notes an invocation that another one amounts to.
    pub(super) fn start_kin(&mut self, argv: Vec<Arg>, index: u32, span: Span) {
        self.start(Start {
            argv,
            span,
            parent: Some(index),
            context: self.context.with(Context::NESTED),
            ..Start::default()
        });
    }

    fn run_kin(&mut self, ready: &Ready, written: &str, input: &[Arg]) {
        let call = Call {
            name: &ready.name,
            written,
            bound: &ready.bound,
            input,
            span: ready.span,
        };
        for argv in kin::kin(&call) {
            self.start_kin(argv, ready.index, ready.span);
        }
    }
}

/// The name of a program as it may stand in a path of Windows: without its module or suffix, and in lower
/// case where it stands alone.
fn program(name: &Arg) -> Arg {
    let mut text = name.text.replace('\\', "/");
    let last = base(&text);
    let drive = text.split('/').next().unwrap_or_default();
    if last.contains('-') && !last.contains('.') && drive.contains("Microsoft.") {
        text = String::from(last);
    }
    if !text.contains('/') {
        text = text.to_ascii_lowercase();
        for suffix in [".cmd", ".bat", ".com"] {
            if let Some(stem) = text.strip_suffix(suffix).filter(|it| !it.is_empty()) {
                text = String::from(stem);
            }
        }
    }
    let mut program = like(name, text);
    program.flags.0 &= !ArgFlags::GLOB;
    program
}

/// An argument of a program that is no cmdlet: a path of Windows in the notation of all others.
fn argument(arg: &Arg, bare: bool) -> Arg {
    let text = arg.text.as_str();
    let places = [".\\", "..\\", "~\\", "\\\\"];
    let drive = text.get(1..3) == Some(":\\");
    let is_path = drive || places.iter().any(|it| text.starts_with(it));
    let mut arg = if is_path && !text.contains(' ') {
        place::path(arg, true)
    } else {
        arg.clone()
    };
    if bare && arg.text.contains(['*', '?', '[']) {
        arg.flags.set(ArgFlags::GLOB);
    }
    arg
}

/// The command that a name stands for among these words, with its parameters where it is a cmdlet.
fn resolve(written: &Arg, words: &[Word]) -> (Arg, Option<Bound>) {
    let text = written.text.as_str();
    if text.contains(['/', UNKNOWN]) {
        return (written.clone(), None);
    }
    let Some(row) = cmdlet(text) else {
        return (written.clone(), None);
    };
    let bound = bind(&row, words);
    if is_native_elsewhere(text) {
        let web = matches!(text, "curl" | "wget");
        let verb = words.first().and_then(|it| it.items.first());
        let verbs = [
            "stop", "start", "create", "delete", "config", "query", "failure", "sdset",
        ];
        let service = text == "sc" && verb.is_some_and(|it| verbs.contains(&it.text.as_str()));
        if bound.foreign || service || web && bound.longest < "-Uri".len() {
            return (written.clone(), None);
        }
    }
    (like(written, row.name), Some(bound))
}
