//! Owns Taskfiles: the commands of a task and of those that it depends on. Only the block form of YAML that
//! such files are written in is read. Invariant: a template is a guarded mark.

use super::{DEPTH_LIMIT, NAME_LIMIT, STEP_LIMIT, Step, lines};
use crate::shell::invocation::GUARDED;

#[derive(Default)]
struct Task {
    name: String,
    /// Commands, and calls of other tasks in their place.
    steps: Vec<Step>,
    calls: Vec<(usize, String)>,
}

/// A Taskfile.
#[derive(Default)]
pub(in crate::shell) struct Taskfile {
    tasks: Vec<Task>,
    /// Where the names of tasks begin; nothing before the first.
    column: usize,
    /// Which list of a task the lines belong to.
    key: String,
    /// Lines that are further in than this belong to a block of text.
    block: Option<usize>,
}

impl Taskfile {
    pub(in crate::shell) fn new(text: &str, file: usize) -> Self {
        let mut found = Self::default();
        let mut within = false;
        for (start, line) in lines(text, false) {
            let bare = line.trim();
            let indent = line.len() - line.trim_start().len();
            let step = |text: &str| Step {
                text: text.to_owned(),
                file,
                start,
                end: start + line.len(),
            };
            if found.block.is_some_and(|it| bare.is_empty() || indent > it) {
                found.extend(bare);
            } else if indent == 0 && !bare.starts_with(['-', '#']) && !bare.is_empty() {
                within = bare == "tasks:";
                (found.column, found.block) = (0, None);
            } else if within && !bare.is_empty() && !bare.starts_with('#') {
                found.line(bare, indent, &step);
                let blocks = ["|", ">", "|-", ">-"].iter().any(|it| bare.ends_with(it));
                found.block = blocks.then_some(indent);
            }
        }
        found
    }

    fn line(&mut self, line: &str, indent: usize, step: &dyn Fn(&str) -> Step) {
        if self.column == 0 {
            self.column = indent;
        }
        let pair = line.split_once(':').map(|it| (it.0, it.1.trim()));
        if indent == self.column {
            if let Some((name, rest)) = pair {
                self.open(name.trim_matches(['"', '\'']));
                "cmds".clone_into(&mut self.key);
                if !rest.is_empty() {
                    self.item(rest, step);
                }
            }
            return;
        }
        match (line.strip_prefix("- "), pair) {
            (Some(item), _) if self.key == "deps" => {
                self.call(item.trim_start_matches("task:").trim());
            }
            (Some(item), _) if !self.key.is_empty() => self.item(item, step),
            (None, Some((name, rest))) if matches!(name, "cmds" | "cmd" | "deps") => {
                name.clone_into(&mut self.key);
                let list = rest.trim_matches(['[', ']']);
                if name == "deps" {
                    list.split(',').for_each(|it| self.call(it.trim()));
                } else if rest.starts_with('[') {
                    list.split(',').for_each(|it| self.item(it.trim(), step));
                } else if !rest.is_empty() {
                    self.item(rest, step);
                }
            }
            (None, Some(_)) if indent <= self.column + 4 => self.key.clear(),
            _ => {}
        }
    }

    fn open(&mut self, name: &str) {
        if self.tasks.len() < NAME_LIMIT {
            self.tasks.push(Task {
                name: name.to_owned(),
                ..Task::default()
            });
        }
    }

    fn call(&mut self, name: &str) {
        if let Some(task) = self.tasks.last_mut().filter(|_| !name.is_empty()) {
            task.calls.push((task.steps.len(), name.to_owned()));
        }
    }

    fn item(&mut self, item: &str, step: &dyn Fn(&str) -> Step) {
        if let Some(name) = item.strip_prefix("task:") {
            self.call(name.trim());
            return;
        }
        let text = item.strip_prefix("cmd:").unwrap_or(item).trim();
        let text = if matches!(text, "|" | ">" | "|-" | ">-") {
            ""
        } else {
            text
        };
        let quoted = |mark: char| text.strip_prefix(mark)?.strip_suffix(mark);
        let text = quoted('\'').or(quoted('"')).unwrap_or(text);
        let other = ["defer:", "for:", "silent:", "vars:", "ignore_error:"];
        if let Some(task) = self
            .tasks
            .last_mut()
            .filter(|_| !other.iter().any(|it| text.starts_with(it)))
        {
            task.steps.push(step(text));
        }
    }

    /// A further line of a block of text.
    fn extend(&mut self, line: &str) {
        if let Some(step) = self.tasks.last_mut().and_then(|it| it.steps.last_mut()) {
            step.text.push('\n');
            step.text.push_str(line);
        }
    }

    /// What these tasks run.
    pub(in crate::shell) fn steps(&self, names: &[&str]) -> Vec<Step> {
        let mut found = Vec::new();
        let names = if names.is_empty() {
            &["default"]
        } else {
            names
        };
        for name in names {
            self.run(name, 0, &mut found);
        }
        found
    }

    fn run(&self, name: &str, depth: u32, found: &mut Vec<Step>) {
        let Some(task) = self.tasks.iter().find(|it| it.name == name) else {
            return;
        };
        for at in 0..=task.steps.len() {
            for (_, name) in task.calls.iter().filter(|it| it.0 == at) {
                if depth < DEPTH_LIMIT && found.len() < STEP_LIMIT {
                    self.run(name, depth + 1, found);
                }
            }
            if let Some(step) = task.steps.get(at).filter(|_| found.len() < STEP_LIMIT) {
                found.push(Step {
                    text: filled(&step.text),
                    ..step.clone()
                });
            }
        }
    }
}

/// The text with a mark for every `{{…}}`.
fn filled(text: &str) -> String {
    let mut parts = text.split("{{");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once("}}").unwrap_or((part, ""));
        // Without arguments behind `--` there are none.
        if !name.contains("CLI_ARGS") {
            out.push(GUARDED);
        }
        out.push_str(rest);
    }
    out
}
