//! Owns the grammar of lists, pipelines and simple commands; the rest of the grammar stands in the files
//! beside it. Does not own meaning. Invariants: one pass over the text with bounded look-ahead, bounded
//! depth and fuel; a problem moves the position to the end, so that every loop ends and what was read
//! before it stays.

mod ansi;
mod compound;
mod cursor;
mod heredoc;
mod param;
mod quote;
mod redirect;
mod test;
mod word;

pub(super) use ansi::decode_ansi;
pub(super) use cursor::{DEPTH_LIMIT, Origin, Parser};

use super::ast::{AndOr, Assign, Command, Joint, List, Part, Pipeline, Simple, Word};

impl Parser<'_> {
    /// The whole text.
    pub(super) fn script(&mut self) -> List {
        let list = self.list();
        if !self.at_end() {
            self.unexpected();
        }
        self.read_heredocs();
        list
    }

    /// Commands up to something that ends a list: the end, `)`, `;;` or a closing keyword.
    pub(super) fn list(&mut self) -> List {
        let mut list = List::default();
        if !self.enter() {
            return list;
        }
        loop {
            self.skip_newlines();
            if self.at_list_end() {
                break;
            }
            let mut item = self.and_or();
            self.skip_blank();
            let more = match self.peek() {
                b';' if matches!(self.at(1), b';' | b'&' | b'|') => false,
                b';' => self.separator(),
                b'&' => {
                    item.background = true;
                    self.separator()
                }
                b'\n' => true,
                _ => false,
            };
            list.items.push(item);
            if !more {
                break;
            }
        }
        self.leave();
        list
    }

    /// A list that the grammar wants to hold something.
    pub(super) fn filled_list(&mut self) -> List {
        let list = self.list();
        if list.items.is_empty() {
            self.unexpected();
        }
        list
    }

    fn separator(&mut self) -> bool {
        self.pos += 1;
        self.skip_blank();
        if self.peek() == b'&' || (self.peek() == b';' && !matches!(self.at(1), b';' | b'&')) {
            self.unexpected();
        }
        true
    }

    fn at_list_end(&self) -> bool {
        match self.peek() {
            0 | b')' => true,
            b';' => matches!(self.at(1), b';' | b'&' | b'|'),
            _ => matches!(
                self.keyword(),
                "then" | "do" | "done" | "fi" | "esac" | "elif" | "else" | "}"
            ),
        }
    }

    fn and_or(&mut self) -> AndOr {
        let first = self.pipeline();
        let mut rest = Vec::new();
        loop {
            self.skip_blank();
            let joint = match (self.peek(), self.after(1)) {
                (b'&', b'&') => Joint::And,
                (b'|', b'|') => Joint::Or,
                _ => break,
            };
            self.take_operator(2);
            self.skip_newlines();
            rest.push((joint, self.pipeline()));
        }
        AndOr {
            first,
            rest,
            background: false,
        }
    }

    fn pipeline(&mut self) -> Pipeline {
        let mut pipeline = Pipeline::default();
        let mut prefixed = false;
        loop {
            self.skip_blank();
            match self.keyword() {
                "!" => {
                    self.pos += 1;
                    pipeline.negated = !pipeline.negated;
                    prefixed = true;
                }
                "time" => {
                    self.pos += 4;
                    self.skip_time_flags();
                    prefixed = true;
                }
                _ => break,
            }
        }
        if prefixed && matches!(self.peek(), 0 | b'\n' | b';' | b'&' | b')') {
            return pipeline;
        }
        loop {
            pipeline.stages.push(self.command());
            self.skip_blank();
            if self.peek() != b'|' || self.after(1) == b'|' {
                return pipeline;
            }
            let both = self.after(1) == b'&';
            self.take_operator(1 + usize::from(both));
            self.skip_newlines();
        }
    }

    fn skip_time_flags(&mut self) {
        self.skip_blank();
        for flag in ["-p", "--"] {
            let followed = matches!(self.at(2), b' ' | b'\t' | b'\n' | b';' | 0);
            if self.rest().starts_with(flag) && followed {
                self.pos += 2;
                self.skip_blank();
            }
        }
    }

    pub(super) fn command(&mut self) -> Command {
        self.skip_blank();
        if !self.spend(1) {
            return Command::Simple(Simple::default());
        }
        match self.compound() {
            Some(command) => command,
            None => self.simple(),
        }
    }

    fn simple(&mut self) -> Command {
        let start = self.pos;
        let mut simple = Simple::default();
        let mut declares = false;
        loop {
            self.skip_blank();
            if !self.spend(1) {
                break;
            }
            match self.peek() {
                0 | b'\n' | b';' | b'|' | b')' => break,
                b'&' if self.at(1) != b'>' => break,
                b'#' => self.skip_comment(),
                b'(' => {
                    if let Some(name) = Self::function_name(&simple) {
                        return self.function_after_name(name);
                    }
                    self.unexpected();
                }
                _ => {
                    if self.redirect(&mut simple.redirects) {
                        continue;
                    }
                    let leading = simple.words.is_empty();
                    if (leading || declares)
                        && let Some(assign) = self.assignment()
                    {
                        if leading {
                            simple.assignments.push(assign);
                        } else {
                            simple.words.push(declared(assign));
                        }
                        continue;
                    }
                    let word = self.word();
                    if leading {
                        declares = declares_variables(&word);
                    }
                    simple.words.push(word);
                }
            }
        }
        simple.span = self.span(start, self.pos);
        let nothing = simple.words.is_empty() && simple.assignments.is_empty();
        if nothing && simple.redirects.is_empty() {
            self.unexpected();
        }
        Command::Simple(simple)
    }

    /// The name of a function definition, where only one bare word stands before the parenthesis.
    fn function_name(simple: &Simple) -> Option<String> {
        let [word] = simple.words.as_slice() else {
            return None;
        };
        let bare = simple.assignments.is_empty() && simple.redirects.is_empty();
        let name = word.plain()?;
        bare.then(|| name.to_owned())
    }

    fn function_after_name(&mut self, name: String) -> Command {
        self.pos += 1;
        self.skip_blank();
        self.expect(b')');
        self.function_body(name)
    }
}

/// True for the builtins whose arguments may be assignments with array values.
fn declares_variables(word: &Word) -> bool {
    matches!(
        word.plain(),
        Some(
            "declare"
                | "typeset"
                | "local"
                | "export"
                | "readonly"
                | "alias"
                | "eval"
                | "let"
                | "integer"
                | "float"
        )
    )
}

/// An assignment that stands as an argument of `declare` and kin, as a word again.
fn declared(assign: Assign) -> Word {
    let mut name = assign.name;
    let mut parts = Vec::new();
    if let Some(index) = assign.index {
        name.push('[');
        parts.push(Part::Lit(name));
        parts.extend(index);
        name = String::from("]");
    }
    name.push_str(if assign.append { "+=" } else { "=" });
    parts.push(Part::Lit(name));
    parts.extend(assign.value.parts);
    Word {
        parts,
        span: assign.value.span,
    }
}
