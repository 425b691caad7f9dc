//! Owns what the walker knows of the shell at one point: variables, functions, aliases, parameters and
//! the working directory, and how two such states join after a branch. Invariant: what differs between
//! branches keeps every alternative or becomes unknown; it never keeps one of them alone.

use std::cell::Cell;
use std::rc::Rc;

use crate::shell::ast::Command;
use crate::shell::invocation::{Arg, ArgFlags, Cwd, Span};

use super::names::Names;

/// How many values a variable may have at once before it counts as unknown.
const ALTERNATIVES: usize = 8;
/// How many names may stand for each other in a row.
const REFERENCES: usize = 8;
/// The longest directory that is followed: no system has longer paths.
const PATH_LENGTH: usize = 4096;
/// The longest value that is kept.
const VALUE_LENGTH: usize = 64 << 10;

/// Marks an argument that may become several.
const SEVERAL: u16 = ArgFlags::GLOB | ArgFlags::MANY;

/// A variable's value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// One of these; never empty.
    Scalar(Vec<Arg>),
    List(Vec<Arg>),
}

impl Value {
    pub(super) fn one(arg: Arg) -> Self {
        Self::Scalar(vec![arg])
    }

    pub(super) fn unknown() -> Self {
        Self::one(Arg::unknown(Span::default()))
    }
}

/// A function, and whether anything called it.
#[derive(Clone, Debug)]
pub(super) struct Function {
    pub(super) name: String,
    pub(super) body: Rc<Command>,
    pub(super) called: Rc<Cell<bool>>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct State {
    variables: Names<Rc<Value>>,
    /// The definitions of each function, the one in force last.
    functions: Names<Rc<Vec<Function>>>,
    aliases: Names<Arg>,
    /// Names that stand for another variable: `declare -n`.
    references: Names<Rc<str>>,
    /// Names whose values are arithmetic: `declare -i`.
    integers: Option<Rc<Vec<String>>>,
    pub(super) cwd: Cwd,
    pub(super) before: Option<Cwd>,
    pub(super) stack: Rc<Vec<Cwd>>,
    /// `$1` and on; nothing where they are not known.
    pub(super) positional: Option<Rc<Vec<Arg>>>,
    /// Past an `exit`, `return`, `break` or `continue`.
    pub(super) dead: bool,
    /// Some variable has alternatives.
    pub(super) forked: bool,
}

impl State {
    /// A fresh shell: nothing set, no parameters.
    pub(super) fn new() -> Self {
        Self {
            positional: Some(Rc::default()),
            ..Self::default()
        }
    }

    /// How many names are known: what a copy costs once it changes.
    pub(super) fn size(&self) -> usize {
        self.variables.len() + self.functions.len() + self.aliases.len() + self.references.len()
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        let name = self.referred(name);
        self.variables.get(name).map(Rc::as_ref)
    }

    /// Makes what a name is given arithmetic.
    pub(super) fn count_with(&mut self, name: &str) {
        Rc::make_mut(self.integers.get_or_insert_default()).push(name.to_owned());
    }

    pub(super) fn counts_with(&self, name: &str) -> bool {
        let known = self.integers.as_deref();
        known.is_some_and(|it| it.iter().any(|it| it == name))
    }

    /// Makes a name stand for another variable.
    pub(super) fn refer(&mut self, name: &str, to: &str) {
        self.references.set(name, to.into());
    }

    /// The variable that a name stands for, where any name may stand for another.
    pub(super) fn other_name(&self, name: &str) -> Option<String> {
        (self.references.len() > 0).then(|| self.referred(name).to_owned())
    }

    /// The variable that a name stands for.
    fn referred<'n>(&'n self, name: &'n str) -> &'n str {
        if self.references.len() == 0 {
            return name;
        }
        let mut name = name;
        for _ in 0..REFERENCES {
            match self.references.get(name) {
                Some(next) => name = next,
                None => break,
            }
        }
        name
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        let referred = self.other_name(name);
        let name = referred.as_deref().unwrap_or(name);
        let value = clamp(value);
        self.forked |= matches!(&value, Value::Scalar(them) if them.len() > 1);
        self.variables.set(name, Rc::new(value));
    }

    /// Gives a variable back the value that it had before.
    pub(super) fn restore(&mut self, name: &str, value: Option<Value>) {
        match value {
            Some(value) => self.set(name, value),
            None => self.variables.remove(name),
        }
    }

    /// Appends to a list, of which a scalar is the first element; false where the variable is not set.
    pub(super) fn extend(&mut self, name: &str, with: &[Arg]) -> bool {
        self.change_list(name, |list| list.extend_from_slice(with))
    }

    /// Sets an element of a list, or appends to that element. False where the variable is no list and
    /// need not become one.
    pub(super) fn set_element(
        &mut self,
        name: &str,
        at: Option<usize>,
        new: &[Arg],
        appends: bool,
    ) -> bool {
        if at == Some(0) && !matches!(self.get(name), Some(Value::List(_))) {
            return false;
        }
        self.change_list(name, |list| {
            let new = single(new);
            let before = at.and_then(|it| list.get(..=it)).unwrap_or_default();
            // Where one element may stand for many, the others have no known places.
            let placed = before.iter().all(|it| !it.flags.has(SEVERAL));
            match at.and_then(|it| list.get_mut(it)).filter(|_| placed) {
                Some(old) if appends => *old = joined(old, &new),
                Some(old) => *old = new,
                None if appends && !placed => list.push(Arg::unknown(new.span)),
                None => list.push(new),
            }
        })
    }

    /// Changes a list in place; false where the variable is not set.
    fn change_list(&mut self, name: &str, change: impl FnOnce(&mut Vec<Arg>)) -> bool {
        let Some(slot) = self.variables.get_mut(name) else {
            return false;
        };
        let value = Rc::make_mut(slot);
        if let Value::Scalar(them) = value {
            *value = Value::List(vec![single(them)]);
        }
        if let Value::List(list) = value {
            change(list);
            if list.iter().map(|it| it.text.len()).sum::<usize>() > VALUE_LENGTH {
                let list = Value::List(std::mem::take(list));
                *slot = Rc::new(clamp(list));
            }
        }
        true
    }

    pub(super) fn function(&self, name: &str) -> Option<&Function> {
        self.functions.get(name)?.last()
    }

    pub(super) fn define(&mut self, function: Function) {
        let name = function.name.clone();
        match self.functions.get_mut(&name) {
            Some(known) => Rc::make_mut(known).push(function),
            None => self.functions.set(&name, Rc::new(vec![function])),
        }
    }

    pub(super) fn alias(&self, name: &str) -> Option<&Arg> {
        self.aliases.get(name)
    }

    pub(super) fn has_aliases(&self) -> bool {
        self.aliases.len() > 0
    }

    pub(super) fn set_alias(&mut self, name: &str, text: Arg) {
        self.aliases.set(name, text);
    }

    pub(super) fn unalias(&mut self, name: &str) {
        self.aliases.remove(name);
    }

    /// The state with what another one knows of functions.
    pub(super) fn with_functions_of(mut self, other: &Self) -> Self {
        self.functions = other.functions.clone();
        self
    }

    /// True where the variables of both are the same.
    pub(super) fn same_variables(&self, other: &Self) -> bool {
        let mut names = self.variables.beside(&other.variables);
        names.all(|(_, ours, theirs)| ours == theirs)
    }

    /// The state after either of two ways was taken.
    pub(super) fn join(mut self, other: Self) -> Self {
        if self.dead && !other.dead {
            return other;
        }
        if other.dead {
            return self;
        }
        for (name, value) in differences(&self.variables, &other.variables) {
            self.set(&name, value);
        }
        if self.cwd != other.cwd {
            self.cwd = Cwd::Unknown;
        }
        if self.before != other.before {
            self.before = Some(Cwd::Unknown);
        }
        if self.positional != other.positional {
            // No parameters at all are no other parameters.
            let none = |it: &Option<Rc<Vec<Arg>>>| it.as_ref().is_some_and(|it| it.is_empty());
            self.positional = match (none(&self.positional), none(&other.positional)) {
                (true, _) => other.positional,
                (_, true) => self.positional,
                _ => None,
            };
        }
        self.join_functions(&other.functions);
        if self.references.len() == 0 {
            self.references = other.references;
        }
        self.integers = self.integers.or(other.integers);
        for (name, ours, theirs) in self.aliases.clone().beside(&other.aliases) {
            if let (None, Some(alias)) = (ours, theirs) {
                self.set_alias(name, alias.clone());
            }
        }
        self
    }

    fn join_functions(&mut self, other: &Names<Rc<Vec<Function>>>) {
        for (name, ours, theirs) in self.functions.clone().beside(other) {
            let Some(theirs) = theirs.filter(|it| !ours.is_some_and(|ours| Rc::ptr_eq(ours, it)))
            else {
                continue;
            };
            for function in theirs.iter() {
                let known = self
                    .functions
                    .get(name)
                    .is_some_and(|ours| ours.iter().any(|it| Rc::ptr_eq(&it.body, &function.body)));
                if !known {
                    self.define(function.clone());
                }
            }
        }
    }
}

/// The element of a list that holds one of these: a list has no alternatives.
fn single(them: &[Arg]) -> Arg {
    match them {
        [one] => one.clone(),
        _ => unknown_from(them),
    }
}

/// The value of `x=OLD; x+=NEW`.
pub(super) fn joined(old: &Arg, new: &Arg) -> Arg {
    let mut joined = old.clone();
    joined.text.push_str(&new.text);
    joined.flags.0 |= new.flags.0;
    joined.from.extend_from_slice(&new.from);
    joined.flags.set(ArgFlags::HIDDEN);
    joined
}

/// What may be any of these.
fn unknown_from(them: &[Arg]) -> Arg {
    let mut arg = Arg::unknown(Span::default());
    arg.from = them.iter().flat_map(|it| it.from.iter().copied()).collect();
    arg.from.sort_unstable();
    arg.from.dedup();
    arg
}

/// The variables that differ between two ways, with what they hold after either.
fn differences(ours: &Names<Rc<Value>>, theirs: &Names<Rc<Value>>) -> Vec<(Rc<str>, Value)> {
    let unknown = Value::unknown();
    let either_of = |(name, ours, theirs): (&Rc<str>, Option<&Rc<Value>>, Option<&Rc<Value>>)| {
        let same = ours
            .zip(theirs)
            .is_some_and(|(ours, theirs)| Rc::ptr_eq(ours, theirs) || ours == theirs);
        let ours = ours.map_or(&unknown, Rc::as_ref);
        let theirs = theirs.map_or(&unknown, Rc::as_ref);
        (!same).then(|| (Rc::clone(name), either(ours, theirs)))
    };
    ours.beside(theirs).filter_map(either_of).collect()
}

/// Keeps values within bounds: too many or too long ones become unknown, with their sources.
fn clamp(value: Value) -> Value {
    let (Value::Scalar(them) | Value::List(them)) = &value;
    let length: usize = them.iter().map(|it| it.text.len()).sum();
    let many = matches!(value, Value::Scalar(_)) && them.len() > ALTERNATIVES;
    if !many && length <= VALUE_LENGTH {
        return value;
    }
    let mut arg = unknown_from(them);
    if matches!(value, Value::List(_)) {
        arg.flags.set(ArgFlags::MANY);
    }
    Value::one(arg)
}

fn either(left: &Value, right: &Value) -> Value {
    if let (Value::Scalar(left), Value::Scalar(right)) = (left, right) {
        let mut all = left.clone();
        all.extend(right.iter().filter(|it| !left.contains(it)).cloned());
        return Value::Scalar(all);
    }
    let mut arg = Arg::unknown(Span::default());
    arg.flags.set(ArgFlags::MANY);
    if let (Value::List(left), Value::List(right)) = (left, right) {
        // A list that one of the ways adds to still begins as it did.
        let alike = left.iter().zip(right).take_while(|(a, b)| a == b).count();
        if let Some(start) = left.get(..alike).filter(|it| !it.is_empty()) {
            let mut items = start.to_vec();
            items.push(arg);
            return Value::List(items);
        }
    }
    Value::one(arg)
}

/// The directory that `path` names, seen from `cwd`.
pub(in crate::shell) fn enter(cwd: &Cwd, path: &str) -> Cwd {
    let base = match cwd {
        _ if path.starts_with('/') => "",
        Cwd::Start => "",
        Cwd::At(base) => base,
        Cwd::Unknown => return Cwd::Unknown,
    };
    let absolute = path.starts_with('/') || base.starts_with('/');
    let mut names: Vec<&str> = Vec::new();
    for name in base.split('/').chain(path.split('/')) {
        match name {
            "" | "." => {}
            ".." if names.last().is_some_and(|it| *it != "..") => {
                names.pop();
            }
            ".." if absolute => {}
            name => names.push(name),
        }
    }
    let joined = names.join("/");
    if joined.len() > PATH_LENGTH {
        return Cwd::Unknown;
    }
    match (absolute, joined.is_empty()) {
        (true, _) => Cwd::At(format!("/{joined}")),
        (false, true) => Cwd::Start,
        (false, false) => Cwd::At(joined),
    }
}
