//! Owns the values of parameters and the operators on them. Invariant: an operator is applied only where
//! its result is exact; otherwise the result is unknown, with the sources of its value.

use crate::shell::ast::{Form, Op, Param, Part};
use crate::shell::invocation::{Arg, ArgFlags, Context, GUARDED, Span, UNKNOWN};
use crate::word::base;

use super::super::Walker;
use super::super::output::marked;
use super::super::state::Value;
use super::pattern::Pattern;
use super::{Fields, list, name, number};

/// What a parameter is.
pub(super) enum Found {
    One(Arg),
    List(Vec<Arg>),
    /// Known to be unset or empty.
    Nothing,
    Unknown,
}

impl Walker<'_> {
    pub(super) fn add_param(&mut self, param: &Param, fields: &mut Fields) {
        let key = param.index.as_ref().map(|it| self.subscript(it));
        let found = match param.form {
            Form::Length => Found::One(number()),
            Form::Indirect if key.is_some() => match self.state.get(&param.name) {
                Some(Value::List(values)) => list::keys(values),
                _ => Found::Unknown,
            },
            Form::Indirect => self.indirect(&param.name),
            Form::Value => self.lookup(&param.name),
        };
        if matches!(&found, Found::Unknown)
            && param.form == Form::Value
            && self.state.get(&param.name).is_none()
            && (name::is_private(&param.name) || name::of_users_program(&param.name))
        {
            fields.current.flags.set(ArgFlags::UNSET);
        }
        if self.context.has(Context::NESTED) {
            self.note_unset(&found, param);
        }
        let found = match param.form {
            Form::Indirect => found,
            _ => list::select(found, param, key.as_ref()),
        };
        match (found, &param.op) {
            (Found::List(values), Op::None) => {
                if values.iter().all(|it| self.may_grow(it)) {
                    fields.list(&values, param.quoted);
                }
            }
            (Found::List(values), Op::Slice { offset, length }) => {
                let offset = self.join_parts(offset);
                let length = length.as_ref().map(|it| self.join_parts(it));
                let from_one = matches!(param.name.as_str(), "@" | "*");
                let values = list::slice(values, &offset, length.as_ref(), from_one);
                fields.list(&values, param.quoted);
            }
            (Found::List(_), op) => {
                self.walk_op(op);
                let mut value = Arg::unknown(Span::default());
                value.flags.set(ArgFlags::MANY);
                fields.value(&value, param.quoted);
            }
            (Found::Nothing, Op::None) => {
                let list = matches!(param.name.as_str(), "@" | "*") || param.index.is_some();
                if param.quoted && !(list && fields.current.text.is_empty()) {
                    fields.quoted("");
                }
            }
            (found, op) => {
                let value = self.apply(found, op, param);
                self.add_value(&value, param, fields);
            }
        }
    }

    /// Keeps the name of a variable of the environment whose value, or more than its first letters, becomes
    /// part of a word.
    fn note_unset(&mut self, found: &Found, param: &Param) {
        let name = &param.name;
        let given = matches!(found, Found::Unknown) || name == "PPID";
        let whole = match &param.op {
            Op::Default { kind, .. } => *kind != b'+',
            Op::Slice { .. } => false,
            _ => param.form == Form::Value,
        };
        let starts = name.starts_with(|it: char| it.is_ascii_uppercase() || it == '_');
        if given && whole && starts && !name.bytes().any(|it| it.is_ascii_lowercase()) {
            self.unset.push(name.clone());
        }
    }

    fn add_value(&mut self, value: &Arg, param: &Param, fields: &mut Fields) {
        if !self.may_grow(value) {
            return;
        }
        let own = self.state.get(&param.name).is_some();
        if own && fields.after_value && !value.text.is_empty() && !value.text.contains('/') {
            fields.current.flags.set(ArgFlags::HIDDEN);
        }
        fields.value(value, param.quoted);
        fields.after_value = own && !value.text.is_empty();
    }

    fn indirect(&mut self, name: &str) -> Found {
        match self.lookup(name) {
            Found::One(arg) if arg.is_known() => match self.lookup(&arg.text) {
                Found::One(mut value) => {
                    value.flags.set(ArgFlags::HIDDEN);
                    Found::One(value)
                }
                found => found,
            },
            _ => Found::Unknown,
        }
    }

    fn lookup(&mut self, name: &str) -> Found {
        let referred = self.state.other_name(name);
        let name = referred.as_deref().unwrap_or(name);
        match self.state.get(name) {
            Some(Value::List(values)) => {
                self.expanded_bytes += values.len();
                return Found::List(values.clone());
            }
            Some(Value::Scalar(them)) => return self.choose(name, them.clone()),
            None => {}
        }
        if let Some(found) = self.special(name) {
            return found;
        }
        let around = *self.around;
        let value = match name {
            "HOME" => around.home.to_owned(),
            "CLAUDE_PROJECT_DIR" => around.project.to_owned(),
            "PWD" => self.absolute(&self.state.cwd).unwrap_or_default(),
            "OLDPWD" => {
                let before = self.state.before.clone();
                before.and_then(|it| self.absolute(&it)).unwrap_or_default()
            }
            "USER" | "LOGNAME" => {
                let homes = around.home.starts_with("/home/") || around.home.starts_with("/Users/");
                if homes { base(around.home) } else { "" }.to_owned()
            }
            "IFS" => " ".to_owned(),
            "SHELL" | "BASH" => "/bin/bash".to_owned(),
            _ => String::new(),
        };
        if value.is_empty() {
            return Found::Unknown;
        }
        // A working directory may have a name that only mktemp knows.
        Found::One(marked(Arg::literal(value, Span::default())))
    }

    /// Parameters that the shell itself keeps.
    fn special(&mut self, name: &str) -> Option<Found> {
        let found = match name {
            "@" | "*" => match &self.state.positional {
                Some(them) if them.is_empty() => Found::Nothing,
                Some(them) => Found::List(them.to_vec()),
                None => {
                    let mut arg = Arg::unknown(Span::default());
                    arg.flags.set(ArgFlags::MANY);
                    Found::List(vec![arg])
                }
            },
            "#" if self.in_script() => Found::One(self.count().unwrap_or_else(number)),
            "#" | "?" | "$" | "RANDOM" | "SRANDOM" | "UID" | "EUID" | "PPID" | "SECONDS"
            | "LINENO" | "BASHPID" | "EPOCHSECONDS" | "EPOCHREALTIME" | "SHLVL" => {
                Found::One(number())
            }
            "0" => Found::One(Arg::literal("bash", Span::default())),
            "!" | "-" | "_" => Found::Unknown,
            _ if name.bytes().all(|it| it.is_ascii_digit()) => {
                let at = name.parse::<usize>().unwrap_or(usize::MAX);
                match &self.state.positional {
                    Some(them) => match them.get(at.saturating_sub(1)) {
                        Some(arg) => Found::One(arg.clone()),
                        None => Found::Nothing,
                    },
                    None => Found::Unknown,
                }
            }
            _ => return None,
        };
        Some(found)
    }

    fn choose(&mut self, name: &str, them: Vec<Arg>) -> Found {
        let count = them.len();
        if count > 1 && self.blurred {
            let mut unknown = Arg::unknown(Span::default());
            unknown.from.extend(them.into_iter().flat_map(|it| it.from));
            return Found::One(unknown);
        }
        let mut choice = 0;
        if count > 1 {
            match self.picks.iter().find(|it| it.0 == name) {
                Some(pick) => choice = pick.1,
                None => self.picks.push((name.to_owned(), 0, count)),
            }
        }
        them.into_iter().nth(choice).map_or(Found::Unknown, |it| {
            if it.text.is_empty() && it.from.is_empty() {
                Found::Nothing
            } else {
                Found::One(it)
            }
        })
    }

    /// A variable's value as one argument.
    pub(super) fn scalar(&mut self, name: &str) -> Option<Arg> {
        match self.lookup(name) {
            Found::One(arg) => Some(arg),
            _ => None,
        }
    }

    fn apply(&mut self, found: Found, op: &Op, param: &Param) -> Arg {
        match op {
            Op::None => value_of(found),
            Op::Default { kind, word, .. } => self.default_value(found, *kind, word, param),
            Op::Trim {
                kind,
                longest,
                pattern,
            } => {
                let pattern = self.pattern(pattern);
                exact(found, |it| pattern.as_ref()?.trim(it, *kind, *longest))
            }
            Op::Replace {
                kind,
                pattern,
                with,
            } => {
                let pattern = self.pattern(pattern);
                let with = self.join_parts(with);
                let known = with.is_known();
                exact(found, |it| {
                    let pattern = pattern.as_ref().filter(|_| known)?;
                    pattern.replace(it, *kind, &with.text)
                })
            }
            Op::Case { kind, all, pattern } => {
                let pattern = self.join_parts(pattern);
                exact(found, |it| {
                    pattern.text.is_empty().then(|| recase(it, *kind, *all))
                })
            }
            Op::Slice { offset, length } => {
                let offset = self.join_parts(offset);
                let length = length.as_ref().map(|it| self.join_parts(it));
                let first = length.as_ref().is_some_and(|it| it.text == "1");
                if param.name == "PATH" && first && offset.text == "0" {
                    return Arg::literal("/", Span::default());
                }
                exact(found, |it| slice(it, &offset, length.as_ref()))
            }
            Op::Other(parts) => self.transform(value_of(found), parts),
        }
    }

    fn walk_op(&mut self, op: &Op) {
        match op {
            Op::None => {}
            Op::Default { word: parts, .. }
            | Op::Trim { pattern: parts, .. }
            | Op::Case { pattern: parts, .. }
            | Op::Other(parts) => drop(self.join_parts(parts)),
            Op::Replace { pattern, with, .. } => {
                self.join_parts(pattern);
                self.join_parts(with);
            }
            Op::Slice { offset, length } => {
                self.join_parts(offset);
                if let Some(length) = length {
                    self.join_parts(length);
                }
            }
        }
    }

    fn default_value(&mut self, found: Found, kind: u8, word: &[Part], param: &Param) -> Arg {
        let mut word = self.join_parts(word);
        word.flags.0 &= !ArgFlags::GLOB;
        let unknown = matches!(&found, Found::Unknown)
            || matches!(&found, Found::One(arg) if arg.text.chars().all(|it| it == UNKNOWN));
        let empty = matches!(found, Found::Nothing);
        match kind {
            b'?' if unknown => number(),
            b'+' if empty => Arg::default(),
            b'+' if unknown => uncertain(word),
            b'+' => word,
            b'-' | b'=' if empty || matches!(found, Found::Unknown) => {
                if kind == b'=' {
                    self.state.set(&param.name, Value::one(word.clone()));
                }
                word
            }
            _ => value_of(found),
        }
    }

    fn pattern(&mut self, parts: &[Part]) -> Option<Pattern> {
        let literal = parts.iter().all(|it| matches!(it, Part::Quoted(_)));
        let simple = literal || parts.iter().all(|it| matches!(it, Part::Lit(_)));
        let text = self.join_parts(parts);
        let exact = simple && !text.text.contains([UNKNOWN, GUARDED]);
        exact.then(|| Pattern::new(&text.text, literal)).flatten()
    }
}

/// Either the word or nothing.
fn uncertain(mut word: Arg) -> Arg {
    if !word.text.is_empty() {
        word.flags.set(ArgFlags::HIDDEN);
    }
    word
}

fn value_of(found: Found) -> Arg {
    match found {
        Found::One(arg) => arg,
        Found::Nothing => Arg::default(),
        Found::List(_) | Found::Unknown => Arg::unknown(Span::default()),
    }
}

/// Applies an operator to a known value; the rest, and what it cannot do exactly, is unknown.
fn exact(found: Found, apply: impl Fn(&str) -> Option<String>) -> Arg {
    let mut value = value_of(found);
    let result = if value.text.contains([UNKNOWN, GUARDED]) {
        None
    } else {
        apply(&value.text)
    };
    if let Some(text) = result {
        if text != value.text {
            value.flags.set(ArgFlags::HIDDEN);
        }
        value.text = text;
    } else {
        value.text = UNKNOWN.to_string();
        value.flags.set(ArgFlags::UNKNOWN);
    }
    value
}

fn recase(text: &str, kind: u8, all: bool) -> String {
    let change = |text: &str| {
        if kind == b'^' {
            text.to_uppercase()
        } else {
            text.to_lowercase()
        }
    };
    if all {
        return change(text);
    }
    let end = text.chars().next().map_or(0, char::len_utf8);
    let (first, rest) = text.split_at(end);
    change(first) + rest
}

fn slice(text: &str, offset: &Arg, length: Option<&Arg>) -> Option<String> {
    let count = i64::try_from(text.chars().count()).ok()?;
    let from: i64 = offset.text.trim().parse().ok()?;
    let from = if from < 0 {
        (count + from).max(0)
    } else {
        from.min(count)
    };
    let end = match length {
        None => count,
        Some(length) => {
            let length: i64 = length.text.trim().parse().ok()?;
            if length < 0 {
                count + length
            } else {
                from + length
            }
        }
    };
    let from = usize::try_from(from).ok()?;
    let take = usize::try_from(end).ok()?.saturating_sub(from);
    Some(text.chars().skip(from).take(take).collect())
}
