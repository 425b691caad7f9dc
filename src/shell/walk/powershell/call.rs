//! Owns calls of functions and script blocks: what their parameters hold, and their bodies. Does not own
//! who calls. Invariant: a block that is handed over is walked where it is called, or at the end.

use std::rc::Rc;

use crate::shell::invocation::{Arg, Context, Span};
use crate::shell::powershell::ast::Block;
use crate::shell::powershell::bind::Word;

use crate::shell::walk::{NAME_LIMIT, NESTED_LIMIT, Walker};

use super::{CALL_COST, many};

impl Walker<'_> {
    /// Runs a function on the words after its name.
    pub(super) fn call_function(
        &mut self,
        function: &Rc<Block>,
        words: &[Word],
        index: u32,
        input: Vec<Arg>,
    ) -> Vec<Arg> {
        if self.calls.contains(&function.name) {
            return vec![Arg::unknown(Span::default())];
        }
        let given = distributed(&function.parameters, words);
        for (name, word) in function.parameters.iter().zip(&given) {
            if let Some(block) = word.and_then(|it| it.block.as_ref()) {
                self.keep_block(format!("${name}"), block);
            }
        }
        let items = |it: Option<&Word>| it.map(|it| it.items.clone()).unwrap_or_default();
        let given: Vec<Vec<Arg>> = given.into_iter().map(items).collect();
        let parent = self.parent.replace(index);
        self.calls.push(function.name.clone());
        let outer = self.context;
        self.context = outer.with(Context::FUNCTION);
        let out = self.call_block(function, Some(&given), input);
        self.context = outer;
        self.calls.pop();
        self.parent = parent;
        out
    }

    /// Remembers a block under a name, until somebody calls it.
    pub(super) fn keep_block(&mut self, name: String, block: &Rc<Block>) {
        if self.session.blocks.len() >= NAME_LIMIT {
            self.limit("sets more than 2048 names", Span::default());
            return;
        }
        self.session.blocks.push((name, Rc::clone(block), false));
    }

    /// Runs a block with its arguments (unknown where `None`) and `$_`.
    pub(super) fn call_block(
        &mut self,
        block: &Rc<Block>,
        args: Option<&[Vec<Arg>]>,
        input: Vec<Arg>,
    ) -> Vec<Arg> {
        self.nested_bytes += CALL_COST;
        if self.nested_bytes > NESTED_LIMIT {
            self.limit("calls too many blocks", Span::default());
        }
        if self.stopped {
            return Vec::new();
        }
        for known in &mut self.session.blocks {
            known.2 |= Rc::ptr_eq(&known.1, block);
        }
        let mut given = args.unwrap_or_default().iter();
        for name in &block.parameters {
            let value = given.next().filter(|it| !it.is_empty()).cloned();
            let value = value.unwrap_or_else(|| vec![Arg::unknown(Span::default())]);
            self.set_variable(name, value);
        }
        let all = args.map_or_else(|| vec![many()], <[Vec<Arg>]>::concat);
        self.set_variable("args", all);
        let outer = std::mem::replace(&mut self.session.current, input);
        let out = self.run_script(&block.body);
        self.session.current = outer;
        out
    }
}

/// The words of a call by parameter: those with a name first, the others in order; then what is left.
fn distributed<'w>(parameters: &[String], words: &'w [Word]) -> Vec<Option<&'w Word>> {
    let mut given: Vec<Option<&Word>> = vec![None; parameters.len()];
    let mut loose = Vec::new();
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        let text = word.items.first().map_or("", |it| it.text.as_str());
        let name = text.strip_prefix('-').filter(|_| word.bare);
        let name = name.map(str::to_ascii_lowercase);
        let at = name.and_then(|name| parameters.iter().position(|it| it.starts_with(&name)));
        match at.and_then(|it| given.get_mut(it)) {
            Some(slot) => *slot = words.next(),
            None => loose.push(word),
        }
    }
    let mut loose = loose.into_iter();
    for slot in given.iter_mut().filter(|it| it.is_none()) {
        *slot = loose.next();
    }
    given.extend(loose.map(Some));
    given
}
