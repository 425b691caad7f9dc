//! Owns justfiles: variables, parameters and the lines of a recipe with what it depends on. Invariant: a
//! recipe that is a script of its own is one step, its first line included.

use super::{DEPTH_LIMIT, NAME_LIMIT, STEP_LIMIT, Step, lines};
use crate::shell::invocation::GUARDED;

#[derive(Default)]
struct Recipe {
    name: String,
    parameters: Vec<String>,
    needs: Vec<String>,
    steps: Vec<Step>,
}

/// A justfile.
#[derive(Default)]
pub(in crate::shell) struct Justfile {
    variables: Vec<(String, String)>,
    recipes: Vec<Recipe>,
}

impl Justfile {
    pub(in crate::shell) fn new(text: &str, file: usize, given: Vec<(String, String)>) -> Self {
        let mut found = Self::default();
        for (start, line) in lines(text, true) {
            let bare = line.trim();
            if line.starts_with([' ', '\t']) {
                if let Some(recipe) = found.recipes.last_mut().filter(|_| !bare.is_empty()) {
                    let step = Step {
                        text: bare.to_owned(),
                        file,
                        start,
                        end: start + line.len(),
                    };
                    recipe.add(step);
                }
            } else if bare.starts_with(['#', '[']) {
                // A comment, or an attribute of the recipe below.
            } else if let Some((name, value)) = bare.split_once(":=") {
                let name = name.trim().rsplit(' ').next().unwrap_or_default();
                found
                    .variables
                    .push((name.to_owned(), literal(value.trim())));
            } else if let Some((head, needs)) = bare.split_once(':') {
                found.head(head, needs);
            }
        }
        found.variables.extend(given);
        found
    }

    fn head(&mut self, head: &str, needs: &str) {
        let mut words = head.trim_start_matches('@').split_whitespace();
        let needs = needs
            .split([' ', '(', ')', '"', '\''])
            .filter(|it| !it.is_empty());
        if let Some(name) = words.next().filter(|_| self.recipes.len() < NAME_LIMIT) {
            self.recipes.push(Recipe {
                name: name.to_owned(),
                parameters: words.map(str::to_owned).collect(),
                needs: needs.map(str::to_owned).collect(),
                steps: Vec::new(),
            });
        }
    }

    /// What these words run: recipes, each with the arguments that it takes.
    pub(in crate::shell) fn steps(&self, words: &[&str]) -> Vec<Step> {
        let mut found = Vec::new();
        let mut words = words;
        if words.is_empty() {
            self.recipes
                .first()
                .inspect(|it| self.run(it, &[], 0, &mut found));
        }
        while let Some((name, rest)) = words.split_first() {
            let Some(recipe) = self.recipes.iter().find(|it| it.name == *name) else {
                break;
            };
            let many = recipe
                .parameters
                .iter()
                .any(|it| it.starts_with(['*', '+']));
            let taken = if many {
                rest.len()
            } else {
                recipe.parameters.len().min(rest.len())
            };
            let (taken, left) = rest.split_at(taken);
            self.run(recipe, taken, 0, &mut found);
            words = left;
        }
        found
    }

    fn run(&self, recipe: &Recipe, given: &[&str], depth: u32, found: &mut Vec<Step>) {
        for need in &recipe.needs {
            let need = self.recipes.iter().find(|it| it.name == *need);
            if let Some(need) = need.filter(|_| depth < DEPTH_LIMIT) {
                self.run(need, &[], depth + 1, found);
            }
        }
        for step in &recipe.steps {
            if found.len() >= STEP_LIMIT {
                return;
            }
            let text = step.text.trim_start_matches(['@', '-']);
            found.push(Step {
                text: self.filled(text, recipe, given),
                ..step.clone()
            });
        }
    }

    /// The text with `{{…}}` filled in.
    fn filled(&self, text: &str, recipe: &Recipe, given: &[&str]) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (name, behind) = after.split_once("}}").unwrap_or((after, ""));
            out.push_str(before);
            let name = name.trim();
            let known = || self.variables.iter().rev().find(|it| it.0 == name);
            match recipe.value(name, given) {
                Some(value) => out.push_str(&value),
                None => match known() {
                    Some((_, value)) => out.push_str(value),
                    None => out.push(GUARDED),
                },
            }
            rest = behind;
        }
        out.push_str(rest);
        out
    }
}

impl Recipe {
    fn add(&mut self, step: Step) {
        match self.steps.first_mut() {
            Some(first) if first.text.starts_with("#!") => {
                first.text.push('\n');
                first.text.push_str(&step.text);
            }
            _ if step.text.starts_with('#') && !step.text.starts_with("#!") => {}
            _ => self.steps.push(step),
        }
    }

    /// What a parameter was given, or stands for without.
    fn value(&self, name: &str, given: &[&str]) -> Option<String> {
        for (at, parameter) in self.parameters.iter().enumerate() {
            let (own, default) = match parameter.split_once('=') {
                Some((own, default)) => (own, Some(default)),
                None => (parameter.as_str(), None),
            };
            let many = own.starts_with(['*', '+']);
            if own.trim_start_matches(['*', '+', '$']) == name {
                let rest = given.get(at..).unwrap_or_default();
                return match (rest, many) {
                    ([], _) => default.map(literal).or(many.then(String::new)),
                    (rest, true) => Some(rest.join(" ")),
                    ([first, ..], false) => Some((*first).to_owned()),
                };
            }
        }
        None
    }
}

/// The value of an expression that is one literal.
fn literal(value: &str) -> String {
    let inner = |mark: char| {
        let inner = value.strip_prefix(mark)?.strip_suffix(mark)?;
        (!inner.contains(mark)).then_some(inner)
    };
    if let Some(text) = inner('"').or(inner('\'')) {
        return text.to_owned();
    }
    if let Some(command) = inner('`') {
        return format!("$({command})");
    }
    let plain = value
        .bytes()
        .all(|it| it.is_ascii_alphanumeric() || b"._-/~".contains(&it));
    if plain {
        value.to_owned()
    } else {
        GUARDED.to_string()
    }
}
