//! Owns makefiles: variables, rules, and the recipe lines that goals and their prerequisites run. Does not
//! own conditionals, whose branches are all read. Invariant: a line that make would run for a goal is
//! among its steps, with what is not known of it as a mark.

use super::{DEPTH_LIMIT, NAME_LIMIT, STEP_LIMIT, Step, lines};
use crate::shell::invocation::GUARDED;

struct Rule {
    targets: Vec<String>,
    needs: Vec<String>,
    steps: Vec<Step>,
}

/// A makefile with what it includes.
#[derive(Default)]
pub(in crate::shell) struct Makefile {
    /// The last of a name holds.
    variables: Vec<(String, String)>,
    /// Those of the command line, which hold against the file.
    given: Vec<(String, String)>,
    rules: Vec<Rule>,
    /// Commands that reading the file runs.
    read: Vec<Step>,
    pub(in crate::shell) includes: Vec<String>,
    /// Lines behind blanks are commands as well, as in a justfile.
    loose: bool,
    /// What begins a command in the place of a tab: `.RECIPEPREFIX`.
    prefix: Option<char>,
}

/// What make sets itself; a variable of the environment is the shell's.
const PRESET: [(&str, &str); 6] = [
    ("RM", "rm -f"),
    ("MAKE", "make"),
    ("HOME", "$$HOME"),
    ("CURDIR", "."),
    ("PWD", "."),
    ("SHELL", "sh"),
];

/// What a recipe line says of its rule: the target and the prerequisites.
type Automatic<'a> = Option<(&'a str, &'a [String])>;

impl Makefile {
    pub(in crate::shell) fn new(given: Vec<(String, String)>) -> Self {
        Self {
            given,
            ..Self::default()
        }
    }

    /// A file of which every command counts, whatever the goal is.
    pub(in crate::shell) fn loose(text: &str) -> Self {
        // Another make, or a shell, reads what this text does not say.
        let unknown = |it: &str| (it.to_owned(), GUARDED.to_string());
        let mut file = Self::new(["MAKE", "SHELL"].map(unknown).to_vec());
        file.loose = true;
        file.add(text, 0);
        file
    }

    /// Every command, one below the other.
    pub(in crate::shell) fn commands(&self) -> String {
        // What the file runs when it is read is filled in already.
        let mut all: String = self.read.iter().map(|it| it.text.clone() + "\n").collect();
        for step in self.rules.iter().flat_map(|it| &it.steps) {
            let command = self.expand(&step.text, None, 0);
            all.push_str(command.trim_start_matches(['@', '-', '+', ' ']));
            all.push('\n');
        }
        all
    }

    /// A variable of the environment.
    pub(in crate::shell) fn set(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Reads a file, the nth of them.
    pub(in crate::shell) fn add(&mut self, text: &str, file: usize) {
        let mut defines = false;
        let mut body: Vec<&str> = Vec::new();
        for (start, line) in lines(text, true) {
            let step = |text: &str| Step {
                text: text.to_owned(),
                file,
                start,
                end: start + line.len(),
            };
            let command = self.prefix.and_then(|it| line.strip_prefix(it));
            let bare = command.unwrap_or(line).trim();
            let word = bare.split_whitespace().next().unwrap_or_default();
            if defines && word == "endef" {
                defines = false;
                let text = body.join("\n");
                if let Some((_, value)) = self.variables.last_mut() {
                    *value = text;
                }
                body.clear();
            } else if defines {
                body.push(bare);
            } else if self.is_command(line) {
                if let Some(rule) = self.rules.last_mut()
                    && !bare.is_empty()
                    && !bare.starts_with('#')
                {
                    rule.steps.push(step(bare));
                }
            } else {
                match word {
                    "define" => {
                        defines = true;
                        let name = bare.split_whitespace().nth(1).unwrap_or_default();
                        self.set(name, "");
                    }
                    "include" | "-include" | "sinclude" => {
                        let names =
                            self.expand(bare.get(word.len()..).unwrap_or_default(), None, 0);
                        self.includes
                            .extend(names.split_whitespace().map(str::to_owned));
                    }
                    "" | "ifeq" | "ifneq" | "ifdef" | "ifndef" | "else" | "endif" | "endef"
                    | "vpath" | "unexport" => {}
                    _ if word.starts_with('#') => {}
                    _ => self.statement(uncommented(bare), &step),
                }
            }
        }
    }

    fn is_command(&self, line: &str) -> bool {
        let blank = line.starts_with('\t') || self.loose && line.starts_with(' ');
        let prefixed = self.prefix.is_some_and(|it| line.starts_with(it));
        (blank || prefixed) && !self.rules.is_empty()
    }

    /// An assignment or a rule.
    fn statement(&mut self, line: &str, step: &dyn Fn(&str) -> Step) {
        let line = ["export ", "override ", "private "]
            .iter()
            .fold(line, |line, it| {
                line.strip_prefix(it).unwrap_or(line).trim_start()
            });
        if let Some((name, sign, value)) = assignment(line) {
            self.assign(name, sign, value, step);
            return;
        }
        let Some((targets, rest)) = rule(line) else {
            // `$(shell …)` and `$(info …)` of their own.
            self.note_run(line, step);
            return;
        };
        let (needs, own) = rest
            .split_once(';')
            .map_or((rest, None), |it| (it.0, Some(it.1)));
        // What is set for one target alone.
        if let Some((name, sign, value)) = assignment(needs.trim_start_matches(':').trim()) {
            self.assign(name, sign, value, step);
            return;
        }
        if self.rules.len() >= NAME_LIMIT {
            return;
        }
        let needs = needs.rsplit(':').next().unwrap_or_default();
        let words = |text: &str| -> Vec<String> {
            let text = self.expand(text, None, 0);
            let words = text.split_whitespace().filter(|it| *it != "|");
            words.map(str::to_owned).collect()
        };
        let rule = Rule {
            targets: words(targets),
            needs: words(needs),
            steps: own.map(|it| step(it.trim())).into_iter().collect(),
        };
        self.rules.push(rule);
    }

    fn assign(&mut self, name: &str, sign: &str, value: &str, step: &dyn Fn(&str) -> Step) {
        let known = self.variables.iter().any(|it| it.0 == name);
        if self.variables.len() >= NAME_LIMIT || sign == "?" && known {
            return;
        }
        if name == ".RECIPEPREFIX" {
            self.prefix = value.chars().next();
        }
        if sign.starts_with(':') {
            self.note_run(value, step);
        } else if sign == "!" {
            self.note_run(&format!("$(shell {value})"), step);
        }
        let value = match sign {
            "+" => {
                let old = self.variables.iter().rev().find(|it| it.0 == name);
                format!("{} {value}", old.map_or("", |it| it.1.as_str()))
            }
            "!" => format!("$(shell {value})"),
            // What it holds by now.
            ":" | "::" => self.expand(value, None, 0).replace('$', "$$"),
            _ => value.to_owned(),
        };
        self.variables.push((name.to_owned(), value));
    }

    /// `$(shell …)` outside of recipes runs when the file is read.
    fn note_run(&mut self, text: &str, step: &dyn Fn(&str) -> Step) {
        if (text.contains("(shell ") || text.contains("{shell ")) && self.read.len() < STEP_LIMIT {
            let text = self.expand(text, None, 0);
            self.read.push(step(&format!(": {text}")));
        }
    }

    /// What these goals run; the first rule where there are none.
    pub(in crate::shell) fn steps(&self, goals: &[&str]) -> Vec<Step> {
        let mut found = self.read.clone();
        let mut done: Vec<&str> = Vec::new();
        let named = |it: &&Rule| {
            it.targets
                .iter()
                .any(|it| !it.starts_with('.') && !it.contains('%'))
        };
        let first = self
            .rules
            .iter()
            .find(named)
            .and_then(|it| it.targets.first());
        let default = self
            .variables
            .iter()
            .rev()
            .find(|it| it.0 == ".DEFAULT_GOAL");
        let first = default.map(|it| &it.1).or(first);
        if goals.is_empty() {
            first.inspect(|it| self.make(it, &mut done, &mut found, 0));
        }
        for goal in goals {
            self.make(goal, &mut done, &mut found, 0);
        }
        found
    }

    fn make<'s>(&'s self, goal: &str, done: &mut Vec<&'s str>, found: &mut Vec<Step>, depth: u32) {
        if depth > DEPTH_LIMIT * 4 || done.contains(&goal) {
            return;
        }
        let exact = |it: &&Rule| it.targets.iter().any(|it| it == goal);
        let mut rules: Vec<&Rule> = self.rules.iter().filter(exact).collect();
        if rules.iter().all(|it| it.steps.is_empty()) {
            let fits = |it: &&Rule| it.targets.iter().any(|it| fits(it, goal));
            rules.extend(self.rules.iter().find(fits));
        }
        for rule in rules {
            let name = rule.targets.iter().find(|it| *it == goal);
            done.extend(name.map(String::as_str));
            for need in &rule.needs {
                self.make(need, done, found, depth + 1);
            }
            for step in &rule.steps {
                if found.len() >= STEP_LIMIT {
                    return;
                }
                let text = step.text.trim_start_matches(['@', '-', '+', ' ']);
                found.push(Step {
                    text: self.expand(text, Some((goal, &rule.needs)), 0),
                    ..step.clone()
                });
            }
        }
    }

    /// The text with variables filled in, `$$` as the shell's own dollar.
    fn expand(&self, text: &str, automatic: Automatic, depth: u32) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            out.push_str(before);
            let first = after.chars().next().unwrap_or('$');
            let length = first.len_utf8();
            rest = after.get(length..).unwrap_or_default();
            match first {
                '$' => out.push('$'),
                '(' | '{' => {
                    let inner = balanced(rest, first);
                    rest = rest.get(inner.len() + 1..).unwrap_or_default();
                    self.fill(inner, automatic, depth, &mut out);
                }
                _ => {
                    let name = after.get(..length).unwrap_or_default();
                    self.fill(name, automatic, depth, &mut out);
                }
            }
        }
        out.push_str(rest);
        out
    }

    /// One reference: a variable, an automatic one, or a function.
    fn fill(&self, name: &str, automatic: Automatic, depth: u32, out: &mut String) {
        if let Some(command) = name.strip_prefix("shell ") {
            let command = self.expand(command, automatic, depth + 1);
            out.push_str("$(");
            out.push_str(&command);
            out.push(')');
            return;
        }
        if let Some(arguments) = name.strip_prefix("call ") {
            self.call(arguments, automatic, depth, out);
            return;
        }
        match (name, automatic) {
            ("@", Some((target, _))) => return out.push_str(target),
            ("<", Some((_, [first, ..]))) => return out.push_str(first),
            ("^" | "+", Some((_, needs))) => return out.push_str(&needs.join(" ")),
            _ => {}
        }
        let file = self.variables.iter().rev().map(|it| (&*it.0, &*it.1));
        let given = self.given.iter().rev().map(|it| (&*it.0, &*it.1));
        let value = given.chain(file).chain(PRESET).find(|it| it.0 == name);
        match value {
            Some((_, value)) if depth < DEPTH_LIMIT && out.len() < 64 * 1024 => {
                out.push_str(&self.expand(value, automatic, depth + 1));
            }
            _ => out.push(GUARDED),
        }
    }

    /// `$(call NAME,…)`: the variable with the arguments in the place of `$(1)` and on.
    fn call(&self, text: &str, automatic: Automatic, depth: u32, out: &mut String) {
        let mut words = text.split(',');
        let name = words.next().unwrap_or_default().trim();
        let known = self.variables.iter().rev().find(|it| it.0 == name);
        let Some((_, body)) = known.filter(|_| depth < DEPTH_LIMIT) else {
            out.push(GUARDED);
            return;
        };
        let mut body = body.clone();
        for (number, word) in (1_u32..).zip(words) {
            for name in [
                format!("$({number})"),
                format!("${{{number}}}"),
                format!("${number}"),
            ] {
                body = body.replace(&name, word.trim());
            }
        }
        out.push_str(&self.expand(&body, automatic, depth + 1));
    }
}

/// What stands up to the closing bracket.
fn balanced(text: &str, open: char) -> &str {
    let close = if open == '(' { ')' } else { '}' };
    let mut depth = 1_u32;
    for (at, letter) in text.char_indices() {
        if letter == open {
            depth += 1;
        } else if letter == close {
            depth -= 1;
            if depth == 0 {
                return text.get(..at).unwrap_or_default();
            }
        }
    }
    text
}

fn uncommented(line: &str) -> &str {
    line.split_once(" #").map_or(line, |it| it.0).trim_end()
}

/// The name, the sign in front of `=`, and the value.
fn assignment(line: &str) -> Option<(&str, &str, &str)> {
    let (left, value) = line.split_once('=')?;
    let name = left.trim_end_matches([':', '?', '+', '!']);
    let sign = left.get(name.len()..).unwrap_or_default();
    let name = name.trim();
    let plain = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.');
    (!name.is_empty() && name.bytes().all(plain)).then_some((name, sign, value.trim()))
}

/// The targets of a rule and what stands behind their colon.
fn rule(line: &str) -> Option<(&str, &str)> {
    let mut depth = 0_u32;
    for (at, letter) in line.char_indices() {
        match letter {
            '(' | '{' => depth += 1,
            ')' | '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => return Some((line.get(..at)?, line.get(at + 1..)?)),
            _ => {}
        }
    }
    None
}

/// True where a target with `%` is this goal's.
fn fits(target: &str, goal: &str) -> bool {
    target.split_once('%').is_some_and(|(before, after)| {
        goal.len() > before.len() + after.len() && goal.starts_with(before) && goal.ends_with(after)
    })
}
