//! Owns the expansion of words to arguments: tilde, braces, parameters, substitutions, splitting, globs
//! as marks. Does not own values (`state`) nor single operators (`param`). Invariant: an unknown part
//! leaves a mark; quoted empty text is an argument, unquoted empty text is none.

mod arith;
mod brace;
mod list;
mod name;
mod param;
mod pattern;
mod transform;

use crate::shell::ast::{Part, Word};
use crate::shell::invocation::{Arg, ArgFlags, GUARDED, Span, UNKNOWN};

use super::{EXPANDED_LIMIT, Walker};
use brace::Bit;
pub(super) use pattern::fits;
pub(super) use transform::document;

/// Arguments being put together from the parts of one word.
#[derive(Debug, Default)]
struct Fields {
    done: Vec<Arg>,
    current: Arg,
    /// The current argument exists, even if it is empty.
    open: bool,
    span: Span,
    /// No splitting: assignments, redirect targets, quotes.
    joined: bool,
    /// The part before was a variable's value.
    after_value: bool,
    /// What `IFS` was set to, where it was.
    separators: Option<String>,
}

impl Fields {
    fn new(span: Span, joined: bool) -> Self {
        Self {
            span,
            joined,
            ..Self::default()
        }
    }

    fn close(&mut self) {
        if self.open {
            let mut arg = std::mem::take(&mut self.current);
            arg.span = self.span;
            self.done.push(arg);
            self.open = false;
        }
    }

    fn literal(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        self.open = true;
        if pattern::has_glob(text) {
            self.current.flags.set(ArgFlags::GLOB);
        }
        // What stands behind a name makes it another one.
        self.current.flags.0 &= !ArgFlags::TRACKED;
        self.current.text.push_str(text);
        self.after_value = false;
    }

    fn quoted(&mut self, text: &str) {
        self.open = true;
        self.current.flags.set(ArgFlags::QUOTED);
        if !text.is_empty() {
            self.current.flags.0 &= !ArgFlags::TRACKED;
        }
        self.current.text.push_str(text);
        self.after_value &= text.is_empty();
    }

    /// Adds the value of a parameter or substitution.
    fn value(&mut self, value: &Arg, quoted: bool) {
        let keeps = ArgFlags::UNKNOWN
            | ArgFlags::HIDDEN
            | ArgFlags::GLOB
            | ArgFlags::PROCESS
            | ArgFlags::TREE
            | ArgFlags::TRACKED;
        self.current.flags.0 |= value.flags.0 & keeps;
        self.current.from.extend_from_slice(&value.from);
        if quoted || self.joined {
            self.open |= quoted || !value.text.is_empty() || !value.from.is_empty();
            if quoted {
                self.current.flags.set(ArgFlags::QUOTED);
            }
            if self.joined && value.flags.has(ArgFlags::MANY) {
                self.current.flags.set(ArgFlags::UNKNOWN);
            }
            self.current.text.push_str(&value.text);
            return;
        }
        if value.flags.has(ArgFlags::UNKNOWN) && value.text.contains(UNKNOWN) {
            self.current.flags.set(ArgFlags::SPLITS);
        }
        if value.flags.has(ArgFlags::MANY) {
            self.current.flags.set(ArgFlags::MANY);
        }
        let flags = self.current.flags;
        let from = value.from.clone();
        let mut rest = value.text.as_str();
        while let Some(at) = rest.find(|it| separates(self.separators.as_deref(), it)) {
            self.split_piece(rest.get(..at).unwrap_or_default());
            self.close();
            self.current.flags.0 |= flags.0 & (ArgFlags::HIDDEN | ArgFlags::PROCESS);
            self.current.from.clone_from(&from);
            let width = rest.get(at..).and_then(|it| it.chars().next());
            rest = rest
                .get(at + width.map_or(1, char::len_utf8)..)
                .unwrap_or_default();
        }
        self.split_piece(rest);
    }

    fn split_piece(&mut self, piece: &str) {
        if piece.is_empty() {
            return;
        }
        self.open = true;
        if pattern::has_glob(piece) {
            self.current.flags.set(ArgFlags::GLOB);
        }
        if piece.contains([UNKNOWN, GUARDED]) {
            self.current.flags.set(ArgFlags::UNKNOWN);
        }
        self.current.text.push_str(piece);
    }

    /// Adds several values, each an argument of its own.
    fn list(&mut self, values: &[Arg], quoted: bool) {
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                if self.joined {
                    self.current.text.push(' ');
                } else {
                    self.close();
                }
            }
            self.value(value, quoted);
            if value.flags.has(ArgFlags::MANY) {
                self.current.flags.set(ArgFlags::MANY);
            }
        }
    }

    fn finish(mut self) -> Vec<Arg> {
        self.close();
        self.done
    }
}

/// True for a character at which unquoted values split.
fn separates(separators: Option<&str>, letter: char) -> bool {
    match separators {
        None => matches!(letter, ' ' | '\t' | '\n'),
        Some(them) => them.contains(letter),
    }
}

impl Walker<'_> {
    /// What `IFS` was set to by the text itself.
    pub(super) fn separators(&self) -> Option<String> {
        match self.state.get("IFS")? {
            super::state::Value::Scalar(them) => match them.as_slice() {
                [one] if one.is_known() => Some(one.text.clone()),
                _ => None,
            },
            super::state::Value::List(_) => None,
        }
    }

    pub(super) fn expand_words(&mut self, words: &[Word]) -> Vec<Arg> {
        let mut args = Vec::with_capacity(words.len());
        for word in words {
            self.expand_word(word, &mut args);
        }
        args
    }

    pub(super) fn expand_word(&mut self, word: &Word, args: &mut Vec<Arg>) {
        if let Some(text) = word.plain()
            && !self.marked
            && !text.starts_with('~')
            && !text.contains('{')
        {
            let mut arg = Arg::literal(text, word.span);
            if pattern::has_glob(text) {
                arg.flags.set(ArgFlags::GLOB);
            }
            args.push(arg);
            return;
        }
        let braces = word
            .parts
            .iter()
            .any(|it| matches!(it, Part::Lit(text) if text.contains('{')));
        if !braces {
            let mut fields = Fields::new(word.span, false);
            fields.separators = self.separators();
            self.add_parts(&word.parts, &mut fields);
            args.append(&mut fields.finish());
            return;
        }
        for bits in brace::expand(&word.parts) {
            let mut fields = Fields::new(word.span, false);
            fields.separators = self.separators();
            for (at, bit) in bits.iter().enumerate() {
                match bit {
                    Bit::Text(text) => {
                        self.add_literal(
                            text,
                            at == 0 && (bits.len() == 1 || names_home(text)),
                            &mut fields,
                        );
                    }
                    Bit::Part(part) => self.add_part(part, &mut fields),
                    Bit::Many(mark) => {
                        fields.literal(&mark.to_string());
                        fields.current.flags.set(ArgFlags::UNKNOWN | ArgFlags::MANY);
                    }
                }
            }
            args.append(&mut fields.finish());
        }
    }

    /// A word as one argument, without splitting: an assigned value, a redirect's target.
    pub(super) fn join_word(&mut self, word: &Word) -> Arg {
        let mut arg = self.join_parts(&word.parts);
        arg.span = word.span;
        arg
    }

    pub(super) fn join_parts(&mut self, parts: &[Part]) -> Arg {
        let mut fields = Fields::new(Span::default(), true);
        self.add_parts(parts, &mut fields);
        fields.current
    }

    fn add_parts(&mut self, parts: &[Part], fields: &mut Fields) {
        let mut before_tilde = true;
        for (at, part) in parts.iter().enumerate() {
            if let Part::Lit(text) = part {
                let last = at + 1 == parts.len();
                self.add_literal(text, before_tilde && (last || names_home(text)), fields);
                // The value of `export NAME=~/x` is a part of its own.
                before_tilde = at == 0 && text.ends_with('=');
            } else {
                before_tilde = false;
                if name::is_temporary(part, parts.get(at + 1)) && self.state.get("TMPDIR").is_none()
                {
                    fields.quoted("/tmp");
                } else {
                    self.add_part(part, fields);
                }
            }
        }
    }

    fn add_literal(&mut self, text: &str, tilde: bool, fields: &mut Fields) {
        if self.marked {
            self.mark(text, fields);
        }
        if tilde && text.starts_with('~') {
            let end = text.find(['/', ':']).unwrap_or(text.len());
            let (name, rest) = text.split_at(end);
            if let Some(home) = self.tilde(name) {
                fields.open = true;
                fields.value(&home, true);
                fields.literal(rest);
                return;
            }
        }
        fields.literal(text);
    }

    /// Carries the marks of unknown text, and where that text came from, into the argument.
    fn mark(&mut self, text: &str, fields: &mut Fields) {
        if text.contains([UNKNOWN, GUARDED]) {
            fields.current.flags.set(ArgFlags::UNKNOWN);
            if text.contains(UNKNOWN) {
                fields.current.flags.set(ArgFlags::SPLITS);
            }
            fields.current.from.extend_from_slice(&self.marks_from);
        }
    }

    fn tilde(&mut self, name: &str) -> Option<Arg> {
        match name {
            "~" => self.scalar("HOME").filter(|it| !it.text.contains(UNKNOWN)),
            "~+" => self.scalar("PWD"),
            "~-" => self.scalar("OLDPWD"),
            _ => self.stacked(name),
        }
    }

    /// Counts what a value adds to a word; false past the limit, where nothing is added.
    pub(super) fn may_grow(&mut self, value: &Arg) -> bool {
        self.expanded_bytes += value.text.len() + 4 * value.from.len() + 1;
        if self.expanded_bytes > EXPANDED_LIMIT {
            self.limit("expands to more than 16 MiB", value.span);
        }
        !self.stopped
    }

    fn add_part(&mut self, part: &Part, fields: &mut Fields) {
        match part {
            Part::Lit(text) => fields.literal(text),
            Part::Quoted(text) => {
                if self.marked {
                    self.mark(text, fields);
                }
                fields.quoted(text);
            }
            Part::Ansi(text) => {
                fields.quoted(text);
                fields.current.flags.set(ArgFlags::HIDDEN);
            }
            Part::Param(param) => self.add_param(param, fields),
            Part::Command { list, quoted } => {
                let mut value = self.substitute(list);
                if value.text.contains(UNKNOWN) {
                    value.flags.set(ArgFlags::UNKNOWN);
                    if !quoted {
                        value.flags.set(ArgFlags::MANY);
                    }
                } else if !value.text.contains(GUARDED) {
                    value.flags.set(ArgFlags::HIDDEN);
                }
                if self.may_grow(&value) {
                    fields.value(&value, *quoted);
                }
            }
            Part::Arith(parts) => {
                let text = self.join_parts(parts);
                self.run_subscripts(&text.text);
                // What a name holds may be another number the next time round.
                let written = parts.iter().all(|it| matches!(it, Part::Lit(_)));
                match arith::value(&text.text).filter(|_| written) {
                    Some(value) => fields.quoted(&value.to_string()),
                    None => fields.value(&number(), true),
                }
            }
            Part::Process { input, list } => {
                let value = self.process(list, *input);
                fields.value(&value, true);
            }
            Part::Array(words) => {
                let values = self.expand_words(words);
                fields.list(&values, true);
            }
            Part::Code(text) => {
                let text = Arg::literal(text, fields.span);
                let parent = self.parent.unwrap_or_default();
                let outer = self.parent;
                self.walk_text(&text, crate::shell::Context::SUBSTITUTION, parent);
                self.parent = outer;
            }
        }
    }
}

/// True where a tilde's name ends inside the text.
fn names_home(text: &str) -> bool {
    text.contains(['/', ':'])
}

/// A number that is not known: never empty, and no path.
fn number() -> Arg {
    let mut arg = Arg::literal(GUARDED.to_string(), Span::default());
    arg.flags.set(ArgFlags::UNKNOWN);
    arg
}
