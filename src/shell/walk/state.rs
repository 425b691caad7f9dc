//! Owns what the walker knows of the shell at one point: variables, functions, aliases, parameters and
//! the working directory, and how two such states join after a branch. Invariant: what differs between
//! branches keeps every alternative or becomes unknown; it never keeps one of them alone.

use std::cell::Cell;
use std::rc::Rc;

use crate::shell::ast::Command;
use crate::shell::invocation::{Arg, ArgFlags, Cwd, Span};

/// How many values a variable may have at once before it counts as unknown.
const ALTERNATIVES: usize = 8;
/// The longest value that is kept.
const VALUE_LENGTH: usize = 64 << 10;

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
    /// Shared with the states it was saved from, until either changes it.
    pub(super) variables: Rc<Vec<(String, Value)>>,
    /// Shared like the variables.
    pub(super) functions: Rc<Vec<Function>>,
    pub(super) aliases: Vec<(String, Arg)>,
    pub(super) cwd: Cwd,
    pub(super) before: Option<Cwd>,
    pub(super) stack: Vec<Cwd>,
    /// `$1` and on; nothing where they are not known.
    pub(super) positional: Option<Vec<Arg>>,
    /// Past an `exit`, `return`, `break` or `continue`.
    pub(super) dead: bool,
    /// Some variable has alternatives.
    pub(super) forked: bool,
}

impl State {
    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        let found = self.variables.iter().find(|it| it.0 == name);
        found.map(|it| &it.1)
    }

    pub(super) fn set(&mut self, name: &str, value: Value) {
        let value = clamp(value);
        self.forked |= matches!(&value, Value::Scalar(them) if them.len() > 1);
        let variables = Rc::make_mut(&mut self.variables);
        match variables.iter_mut().find(|it| it.0 == name) {
            Some(slot) => slot.1 = value,
            None => variables.push((name.to_owned(), value)),
        }
    }

    pub(super) fn define(&mut self, function: Function) {
        Rc::make_mut(&mut self.functions).push(function);
    }

    pub(super) fn function(&self, name: &str) -> Option<&Function> {
        self.functions.iter().rev().find(|it| it.name == name)
    }

    /// True where the variables of both are the same.
    pub(super) fn same_variables(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.variables, &other.variables) || self.variables == other.variables
    }

    /// The state after either of two ways was taken.
    pub(super) fn join(mut self, other: Self) -> Self {
        if self.dead && !other.dead {
            return other;
        }
        if other.dead {
            return self;
        }
        self.join_variables(&other);
        if self.cwd != other.cwd {
            self.cwd = Cwd::Unknown;
        }
        if self.before != other.before {
            self.before = Some(Cwd::Unknown);
        }
        if self.positional != other.positional {
            self.positional = None;
        }
        if !Rc::ptr_eq(&self.functions, &other.functions) {
            for function in other.functions.iter() {
                let same = |it: &Function| Rc::ptr_eq(&it.body, &function.body);
                if !self.functions.iter().any(same) {
                    self.define(function.clone());
                }
            }
        }
        for alias in other.aliases {
            if !self.aliases.contains(&alias) {
                self.aliases.push(alias);
            }
        }
        self
    }

    fn join_variables(&mut self, other: &Self) {
        if Rc::ptr_eq(&self.variables, &other.variables) {
            return;
        }
        for at in 0..self.variables.len() {
            let Some((name, value)) = self.variables.get(at) else {
                break;
            };
            let joined = match other.get(name) {
                Some(theirs) if theirs == value => continue,
                Some(theirs) => either(value, theirs),
                None => either(value, &Value::unknown()),
            };
            let name = name.clone();
            self.set(&name, joined);
        }
        for (name, value) in other.variables.iter() {
            if self.get(name).is_none() {
                self.set(name, either(&Value::unknown(), value));
            }
        }
    }
}

/// Keeps values within bounds: too many or too long ones become unknown, with their sources.
fn clamp(value: Value) -> Value {
    let (Value::Scalar(them) | Value::List(them)) = &value;
    let length: usize = them.iter().map(|it| it.text.len()).sum();
    let many = matches!(value, Value::Scalar(_)) && them.len() > ALTERNATIVES;
    if !many && length <= VALUE_LENGTH {
        return value;
    }
    let mut arg = Arg::unknown(Span::default());
    arg.from = them.iter().flat_map(|it| it.from.iter().copied()).collect();
    arg.from.sort_unstable();
    arg.from.dedup();
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
pub(super) fn enter(cwd: &Cwd, path: &str) -> Cwd {
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
    match (absolute, joined.is_empty()) {
        (true, _) => Cwd::At(format!("/{joined}")),
        (false, true) => Cwd::Start,
        (false, false) => Cwd::At(joined),
    }
}
