//! Owns the walk over PowerShell text: statements, pipelines and the objects that flow through them. Does
//! not own single commands (`command`, `call`, `special`, `process`), expressions (`value`, `variable`) nor
//! .NET (`method`, `member`). Invariants: every block is walked; objects are known paths and texts or
//! marked unknown; the limits are those of all shell text.

mod call;
mod command;
mod filter;
mod member;
mod method;
mod process;
mod special;
mod text;
mod value;
mod variable;

use std::rc::Rc;

use crate::shell::invocation::{Arg, ArgFlags, Context, GUARDED, Redirect, Span, UNKNOWN};
use crate::shell::parser::Origin;
use crate::shell::powershell::Parser;
use crate::shell::powershell::ast::{Block, Element, Pipeline, Script, Statement};

use super::start::Start;
use super::{NESTED_LIMIT, Walker};

/// More objects than this are not told apart.
const ITEM_LIMIT: usize = 256;
/// What the call of a block counts for, so that blocks that call blocks come to an end.
const CALL_COST: usize = 256;

/// What is known of a PowerShell session beside its variables.
#[derive(Debug, Default)]
pub(super) struct Session {
    /// `$_`.
    current: Vec<Arg>,
    /// Names that stand for other commands, the last one in force.
    aliases: Vec<(String, String)>,
    /// Functions, and script blocks by `$name`, the last one in force; and whether one was called.
    blocks: Vec<(String, Rc<Block>, bool)>,
}

impl Walker<'_> {
    /// Parses and walks PowerShell text in the current state.
    pub(super) fn walk_powershell(&mut self, text: &str, origin: Origin) {
        let mut parser = Parser::new(text, origin, self.depth);
        let script = parser.script();
        if let Some(problem) = parser.into_problem() {
            self.reading.problems.push(problem);
        }
        let session = std::mem::take(&mut self.session);
        let marked = !text.is_ascii() && text.contains([UNKNOWN, GUARDED]);
        let marked = std::mem::replace(&mut self.marked, marked);
        self.run_script(&script);
        self.run_uncalled();
        self.marked = marked;
        self.session = session;
        self.lose_capture();
    }

    /// Walks PowerShell text that an invocation hands to another one.
    pub(super) fn follow_powershell(&mut self, index: u32, text: &Arg, context: u32) {
        self.nested_bytes += text.text.len();
        if self.nested_bytes > NESTED_LIMIT || !self.deeper() {
            self.limit("hands more than 4 MiB of text to other shells", text.span);
            return;
        }
        let mut context = context | Context::NESTED;
        if text.flags.has(ArgFlags::HIDDEN) {
            context |= Context::DECODED | Context::FED;
        }
        let own = self.reading.at(index);
        let base = own.map_or(self.context, |it| it.context);
        let outer = std::mem::replace(&mut self.context, base.with(context));
        let parent = self.parent.replace(index);
        let from = std::mem::replace(&mut self.marks_from, text.from.clone());
        let redirects = std::mem::take(&mut self.redirects);
        let stdin = self.stdin.take();
        let saved = self.state.clone();
        self.walk_powershell(&text.text, Origin::From(text.span));
        self.state = saved;
        self.stdin = stdin;
        self.redirects = redirects;
        self.marks_from = from;
        self.parent = parent;
        self.context = outer;
        self.depth -= 1;
    }

    /// Functions and blocks that nothing called may be called by whoever reads this session.
    fn run_uncalled(&mut self) {
        let mut at = 0;
        while let Some((_, block, called)) = self.session.blocks.get(at).cloned() {
            at += 1;
            if called || self.stopped {
                continue;
            }
            self.with_context(Context::DEFERRED | Context::FUNCTION, |it| {
                it.call_block(&block, None, Vec::new());
            });
        }
    }

    /// Walks statements; yields the objects they put out.
    fn run_script(&mut self, script: &Script) -> Vec<Arg> {
        if !self.deeper() {
            return Vec::new();
        }
        let mut out = Vec::new();
        for statement in script {
            if self.stopped {
                break;
            }
            out.extend(self.run_statement(statement));
        }
        self.depth -= 1;
        limited(out)
    }

    fn run_statement(&mut self, statement: &Statement) -> Vec<Arg> {
        match statement {
            Statement::Pipeline(pipeline) => self.run_pipeline(pipeline),
            Statement::Assign {
                target,
                adds,
                value,
            } => {
                self.run_assignment(target, *adds, value);
                Vec::new()
            }
            Statement::Choice { blocks, complete } => self.run_choice(blocks, *complete),
            Statement::Loop { variable, body } => self.run_loop(variable.as_ref(), body),
            Statement::Function(block) => {
                self.keep_block(block.name.clone(), block);
                Vec::new()
            }
        }
    }

    fn run_choice(&mut self, blocks: &[Script], complete: bool) -> Vec<Arg> {
        let before = self.state.clone();
        let mut joined = (!complete).then(|| before.clone());
        let mut out = Vec::new();
        for block in blocks {
            self.state = before.clone();
            let outer = self.context;
            self.context = outer.with(Context::CONDITION);
            out.extend(self.run_script(block));
            self.context = outer;
            let after = std::mem::take(&mut self.state);
            joined = Some(match joined {
                Some(joined) => joined.join(after),
                None => after,
            });
        }
        self.state = joined.unwrap_or(before);
        out
    }

    fn run_loop(&mut self, variable: Option<&(String, Script)>, body: &Script) -> Vec<Arg> {
        if let Some((name, list)) = variable {
            let items = self.run_captured(list);
            self.set_variable(name, items);
        }
        let before = self.state.clone();
        let outer = self.context;
        self.context = outer.with(Context::LOOP);
        let out = self.run_script(body);
        self.context = outer;
        let after = std::mem::replace(&mut self.state, before);
        self.state = std::mem::take(&mut self.state).join(after);
        out
    }

    /// Walks statements whose output is a value, and notes which invocations it comes from.
    fn run_captured(&mut self, script: &Script) -> Vec<Arg> {
        let before = self.reading.invocations.len();
        let stdin = self.stdin.take();
        let feeders = std::mem::take(&mut self.feeders);
        let stage = std::mem::take(&mut self.stage);
        let mut out = self.run_script(script);
        let from = std::mem::replace(&mut self.stage, stage);
        self.feeders = feeders;
        self.stdin = stdin;
        if out.is_empty() && self.reading.invocations.len() > before {
            out.push(Arg::unknown(Span::default()));
        }
        for item in &mut out {
            item.from.extend_from_slice(&from);
            item.from.sort_unstable();
            item.from.dedup();
        }
        out
    }

    fn run_pipeline(&mut self, pipeline: &Pipeline) -> Vec<Arg> {
        let outer = self.context;
        if pipeline.condition {
            self.context = self.context.with(Context::CONDITION);
        }
        if pipeline.background {
            self.context = self.context.with(Context::BACKGROUND);
        }
        let stdin = self.stdin.clone();
        let feeders = self.feeders.clone();
        let stage = std::mem::take(&mut self.stage);
        let mut all = Vec::new();
        let mut flow = Vec::new();
        for (index, element) in pipeline.elements.iter().enumerate() {
            if index > 0 {
                self.feeders = std::mem::take(&mut self.stage);
                all.extend_from_slice(&self.feeders);
                self.stdin = as_text(&flow);
            }
            flow = self.run_element(element, flow);
        }
        all.append(&mut self.stage);
        self.stage = stage;
        self.stage.extend(all);
        self.feeders = feeders;
        self.stdin = stdin;
        self.context = outer;
        flow
    }

    fn run_element(&mut self, element: &Element, input: Vec<Arg>) -> Vec<Arg> {
        match element {
            Element::Command(command) => self.run_command(command, input),
            Element::Value(expr, redirects, span) => {
                let items = self.value_of(expr);
                let redirects = self.redirects_of(redirects, *span);
                if !redirects.is_empty() {
                    self.start(Start {
                        redirects,
                        span: *span,
                        parent: self.parent,
                        context: self.context,
                        ..Start::default()
                    });
                }
                items
            }
        }
    }

    fn redirects_of(
        &mut self,
        redirects: &[crate::shell::powershell::ast::Redirect],
        span: Span,
    ) -> Vec<Redirect> {
        let mut all = self.redirects.clone();
        for redirect in redirects {
            let mut target = self.value_of(&redirect.target);
            let target = target.pop().unwrap_or_default();
            all.push(Redirect {
                op: redirect.op,
                fd: redirect.fd,
                target: crate::shell::powershell::place::path(&target, true),
                span,
            });
        }
        all
    }
}

/// Objects as the text that a program reads; nothing where they are not known.
fn as_text(items: &[Arg]) -> Option<Arg> {
    let known = |it: &Arg| !it.text.contains(UNKNOWN) && !it.flags.has(ArgFlags::MANY);
    if items.is_empty() || !items.iter().all(known) {
        return None;
    }
    let mut text = Arg::default();
    for item in items {
        text.text.push_str(&item.text);
        text.text.push('\n');
        text.flags.set(item.flags.0 & ArgFlags::HIDDEN);
        text.from.extend(&item.from);
    }
    Some(text)
}

/// An unknown number of unknown things.
fn many() -> Arg {
    let mut arg = Arg::unknown(Span::default());
    arg.flags.set(ArgFlags::MANY);
    arg
}

/// So many objects as are told apart, and a mark for the rest.
fn limited(mut items: Vec<Arg>) -> Vec<Arg> {
    if items.len() > ITEM_LIMIT {
        items.truncate(ITEM_LIMIT);
        items.push(many());
    }
    items
}
