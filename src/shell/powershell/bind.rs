//! Owns how the words after a cmdlet bind to its parameters: by name, by abbreviation, by position. Does
//! not own what a parameter means. Invariant: every word ends up bound or in [`Bound::rest`].

use std::rc::Rc;

use super::ast::Block;
use super::name::{COMMON_SWITCHES, COMMON_VALUED, Cmdlet};
use crate::shell::invocation::Arg;
use crate::shell::unwrap::like;

/// One word after a command, evaluated.
#[derive(Clone, Debug, Default)]
pub(in crate::shell) struct Word {
    pub(in crate::shell) items: Vec<Arg>,
    /// Not quoted: it may be the name of a parameter.
    pub(in crate::shell) bare: bool,
    /// It is a script block, and has no items.
    pub(in crate::shell) block: Option<Rc<Block>>,
}

/// The parameters of one call.
#[derive(Clone, Debug, Default)]
pub(in crate::shell) struct Bound {
    named: Vec<(&'static str, Vec<Arg>)>,
    /// What fits no parameter.
    pub(in crate::shell) rest: Vec<Arg>,
    /// A word with a dash is no parameter of the cmdlet.
    pub(in crate::shell) foreign: bool,
    /// The longest name of a parameter as it was written.
    pub(in crate::shell) longest: usize,
}

impl Bound {
    /// The values of a parameter; empty where it was not given.
    pub(in crate::shell) fn values(&self, name: &str) -> &[Arg] {
        let found = self.named.iter().find(|it| it.0 == name);
        found.map_or(&[], |it| it.1.as_slice())
    }

    /// The first value's text.
    pub(in crate::shell) fn text(&self, name: &str) -> &str {
        self.values(name).first().map_or("", |it| it.text.as_str())
    }

    pub(in crate::shell) fn has(&self, name: &str) -> bool {
        self.named.iter().any(|it| it.0 == name)
    }

    /// The values of the first of these parameters that was given.
    pub(in crate::shell) fn first_of(&self, names: &[&str]) -> &[Arg] {
        let mut given = names.iter().map(|it| self.values(it));
        given.find(|it| !it.is_empty()).unwrap_or_default()
    }

    fn add(&mut self, name: &'static str, values: Vec<Arg>) {
        match self.named.iter_mut().find(|it| it.0 == name) {
            Some(known) => known.1.extend(values),
            None => self.named.push((name, values)),
        }
    }
}

/// Binds the words to the parameters of the cmdlet.
pub(in crate::shell) fn bind(cmdlet: &Cmdlet, words: &[Word]) -> Bound {
    let mut bound = Bound::default();
    let mut loose: Vec<Vec<Arg>> = Vec::new();
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        let Some((name, value)) = parameter(word) else {
            bound.foreign |= word.bare && is_number(word);
            loose.push(word.items.clone());
            continue;
        };
        let Some((name, is_switch)) = resolve(cmdlet, &name) else {
            bound.foreign = true;
            bound.rest.extend(word.items.iter().cloned());
            continue;
        };
        bound.longest = bound.longest.max(word_length(word));
        match value {
            Some(value) if is_switch => {
                if !matches!(value.text.to_ascii_lowercase().as_str(), "false" | "0") {
                    bound.add(name, Vec::new());
                }
            }
            Some(value) if !value.text.is_empty() => bound.add(name, vec![value]),
            _ if is_switch => bound.add(name, Vec::new()),
            _ => {
                let value = words.next_if(|it| parameter(it).is_none());
                bound.add(name, value.map(|it| it.items.clone()).unwrap_or_default());
            }
        }
    }
    place(cmdlet, loose, &mut bound);
    bound
}

/// `-9`: a flag of the program outside Windows.
fn is_number(word: &Word) -> bool {
    let text = word.items.first().map_or("", |it| it.text.as_str());
    let digits = text.strip_prefix('-').unwrap_or_default();
    digits.starts_with(|it: char| it.is_ascii_digit())
}

fn word_length(word: &Word) -> usize {
    let text = word.items.first().map_or("", |it| it.text.as_str());
    text.split(':').next().unwrap_or_default().len()
}

/// Words without a name take the parameters that are free, in order.
fn place(cmdlet: &Cmdlet, loose: Vec<Vec<Arg>>, bound: &mut Bound) {
    let free: Vec<&'static str> = cmdlet
        .positions
        .split_ascii_whitespace()
        .filter(|it| !(bound.has(it) || *it == "path" && bound.has("literalpath")))
        .collect();
    let mut free = free.into_iter();
    for values in loose {
        match free.next() {
            Some(name) => bound.add(name, values),
            None => bound.rest.extend(values),
        }
    }
}

/// The lower-case name of a parameter and what stands behind its colon.
fn parameter(word: &Word) -> Option<(String, Option<Arg>)> {
    let [arg] = word.items.as_slice() else {
        return None;
    };
    let text = arg.text.strip_prefix('-').filter(|_| word.bare)?;
    if !text.starts_with(|it: char| it.is_ascii_alphabetic() || it == '-') {
        return None;
    }
    let (name, value) = match text.split_once(':') {
        Some((name, value)) => (name, Some(like(arg, value))),
        None => (text, None),
    };
    Some((name.to_ascii_lowercase(), value))
}

/// The full name of a parameter that may be cut short, and whether it is a switch.
fn resolve(cmdlet: &Cmdlet, name: &str) -> Option<(&'static str, bool)> {
    let lists = [
        (cmdlet.switches, true),
        (cmdlet.positions, false),
        (cmdlet.valued, false),
        (COMMON_VALUED, false),
        (COMMON_SWITCHES, true),
    ];
    let find = |fits: &dyn Fn(&str) -> bool| {
        lists.iter().find_map(|(names, is_switch)| {
            let mut names = names.split_ascii_whitespace();
            // `alias>name`: another name for the same parameter.
            let pairs = names.find_map(|it| {
                let (alias, name) = it.split_once('>').unwrap_or((it, it));
                fits(alias).then_some(name)
            });
            Some((pairs?, *is_switch))
        })
    };
    find(&|it| it == name).or_else(|| find(&|it| it.starts_with(name)))
}
