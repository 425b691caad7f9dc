//! Owns what the records show of a session's tasks: those that were made and those that were completed. Does
//! not own the list itself, which is the client's. Invariant: a subject that was cut within a task's text
//! is no task.

use super::{Tasks, clean};
use crate::audit::Record;

/// Tasks that are told of each kind.
const TASK_LIMIT: usize = 50;
/// Characters of a task.
const LENGTH: usize = 160;

/// The tasks that the records of a session show, in the order in which they came.
pub(super) fn of<'a>(records: impl Iterator<Item = &'a Record>) -> Tasks {
    let mut list = List::default();
    for record in records {
        match (record.event.as_str(), record.tool.as_str()) {
            ("TaskCreated", _) => list.add(&record.subject, false),
            ("TaskCompleted", _) => list.add(&record.subject, true),
            ("PreToolUse", _) | (_, "") => {}
            (_, tool) => list.call(tool, &record.subject),
        }
    }
    list.0.truncate(2 * TASK_LIMIT);
    let pick = |done: bool| {
        let of = list.0.iter().filter(|it| it.1 == done).take(TASK_LIMIT);
        of.map(|it| clean(&it.0, LENGTH)).collect()
    };
    Tasks {
        completed: pick(true),
        open: pick(false),
    }
}

/// Tasks and whether they are completed.
#[derive(Default)]
struct List(Vec<(String, bool)>);

impl List {
    /// The outcome of a tool that keeps tasks; `input` is what it was given, perhaps cut.
    fn call(&mut self, tool: &str, input: &str) {
        match tool {
            "TaskCreate" => {
                if let Some(subject) = values(input, "subject").next() {
                    self.add(&subject, false);
                }
            }
            "TaskUpdate" => {
                // The client numbers tasks from 1, in the order in which they are made.
                let id = values(input, "taskId").next();
                let number: Option<usize> = id.and_then(|it| it.parse().ok());
                let index = number.and_then(|it| it.checked_sub(1));
                let task = index.and_then(|it| self.0.get_mut(it));
                let done = values(input, "status")
                    .next()
                    .is_some_and(|it| it == "completed");
                if let Some(task) = task.filter(|_| done) {
                    task.1 = true;
                }
            }
            "TodoWrite" => {
                let states = values(input, "status").map(|it| it == "completed");
                for (task, done) in values(input, "content").zip(states) {
                    self.set(&task, done);
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, task: &str, done: bool) {
        match self.0.iter_mut().find(|it| it.0 == task) {
            Some(known) => known.1 |= done,
            None if task.is_empty() => {}
            None => self.0.push((task.to_owned(), done)),
        }
    }

    fn set(&mut self, task: &str, done: bool) {
        self.add(task, done);
        if let Some(known) = self.0.iter_mut().find(|it| it.0 == task) {
            known.1 = done;
        }
    }
}

/// The texts that stand behind a key in JSON, whose end may be missing.
fn values<'t>(json: &'t str, key: &str) -> impl Iterator<Item = String> + 't {
    let mark = format!("\"{key}\"");
    let ends = json.match_indices(&mark).map(|(at, it)| at + it.len());
    let ends: Vec<usize> = ends.collect();
    ends.into_iter().filter_map(|end| {
        let value = json.get(end..)?.trim_start().strip_prefix(':')?;
        let mut values = serde_json::Deserializer::from_str(value).into_iter::<String>();
        values.next()?.ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(event: &str, tool: &str, subject: &str) -> Record {
        Record {
            event: event.to_owned(),
            tool: tool.to_owned(),
            subject: subject.to_owned(),
            ..Record::default()
        }
    }

    #[track_caller]
    fn check(records: &[Record], completed: &[&str], open: &[&str]) {
        let tasks = of(records.iter());
        assert_eq!(tasks.completed, completed);
        assert_eq!(tasks.open, open);
    }

    #[test]
    fn tasks_come_from_events_and_from_the_tools_that_keep_them() {
        check(&[], &[], &[]);
        let created = [
            record("TaskCreated", "", "build"),
            record(
                "PostToolUse",
                "TaskCreate",
                r#"{"subject":"build","description":"x"}"#,
            ),
            record("TaskCreated", "", "test"),
            record("TaskCompleted", "", "build"),
        ];
        check(&created, &["build"], &["test"]);
        let called = [
            record("PreToolUse", "TaskCreate", r#"{"subject":"refused"}"#),
            record(
                "PostToolUse",
                "TaskCreate",
                r#"{"subject": "a \"b\"","description":"cut"#,
            ),
            record("PostToolUse", "TaskCreate", r#"{"subject":"cut of"#),
            record("PostToolUse", "TaskCreate", r#"{"subject":"c"}"#),
            record(
                "PostToolUse",
                "TaskUpdate",
                r#"{"taskId":"2","status":"completed"}"#,
            ),
            record(
                "PostToolUse",
                "TaskUpdate",
                r#"{"taskId":"1","status":"in_progress"}"#,
            ),
            record(
                "PostToolUse",
                "TaskUpdate",
                r#"{"taskId":"0","status":"completed"}"#,
            ),
        ];
        check(&called, &["c"], &["a \"b\""]);
        let list = |first: &str| {
            let json = format!(
                r#"{{"todos":[{{"content":"a","status":"{first}"}},{{"content":"b","status":"pending"}}]}}"#
            );
            record("PostToolUse", "TodoWrite", &json)
        };
        check(&[list("completed")], &["a"], &["b"]);
        check(&[list("completed"), list("pending")], &[], &["a", "b"]);
    }
}
