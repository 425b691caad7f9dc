//! Owns how a report reads: [`render`]. Does not own what it says. Invariant: text from outside stands in code
//! only, behind fences longer than any run of backticks in it, so that none of it can change the structure.

use super::{CallRow, Document, Failure};
use crate::plain::plain;

/// The report as Markdown.
pub(super) fn render(it: &Document) -> String {
    let mut page = Page(String::new());
    page.line("# A run ended on a limit");
    page.line("");
    page.block([it.why.as_str()]);
    reason(it, &mut page);
    work(it, &mut page);
    if let Some(blocker) = &it.blocker {
        page.heading("What was in the way");
        page.item("class", &blocker.class);
        page.item("how often", &blocker.count.to_string());
        page.item("breaker", blocker.state);
        page.line("");
        page.block([blocker.message.as_str()]);
    }
    if !it.errors.is_empty() {
        page.heading("Recent errors");
        page.block(it.errors.iter().map(failure));
    }
    if !it.calls.is_empty() {
        page.heading("Last calls");
        page.block(it.calls.iter().flat_map(call));
    }
    page.heading("How to go on");
    for (number, step) in it.resume.iter().enumerate() {
        page.line(&format!(
            "{}. {}: {}",
            number + 1,
            step.what,
            code(&step.command)
        ));
    }
    if !it.problems.is_empty() {
        page.heading("What this report lacks");
        for problem in &it.problems {
            page.line(&format!("- {}", code(problem)));
        }
    }
    page.0
}

fn reason(it: &Document, page: &mut Page) {
    page.line("");
    page.item("rule", &it.rule);
    page.item("session", &it.session);
    page.item(
        "agent",
        if it.agent.is_empty() {
            "main"
        } else {
            &it.agent
        },
    );
    page.item("project", &it.project);
    page.item("started", &it.started);
    page.item("ended", &it.ended);
    let counts = &it.counts;
    page.line(&format!(
        "- steps: {} of the session, {} of this agent, {} since the last prompt",
        counts.session_steps, counts.agent_steps, counts.prompt_steps
    ));
    page.line(&format!(
        "- subagents: {}; denied: {}; asked: {}",
        counts.subagents, counts.denied, counts.asked
    ));
    for it in &it.budgets {
        page.line(&format!(
            "- limit {}: {} of {}",
            code(it.name),
            it.used,
            it.limit
        ));
    }
    if !it.prompt.is_empty() {
        page.heading("What was asked for");
        page.block(it.prompt.lines());
    }
}

fn work(it: &Document, page: &mut Page) {
    page.heading("What was done");
    for (title, tasks) in [
        ("completed", &it.tasks.completed),
        ("not completed", &it.tasks.open),
    ] {
        page.list(&format!("Tasks {title}"), tasks.iter().map(|it| code(it)));
    }
    page.list(
        "Files written",
        it.files.iter().map(|it| match it.times {
            1 => format!("{} ({})", code(&it.path), code(&it.tool)),
            times => format!("{} ({}, {times} times)", code(&it.path), code(&it.tool)),
        }),
    );
    if let Some(git) = &it.git {
        let branch = if git.branch.is_empty() {
            "no branch".to_owned()
        } else {
            format!("branch {}", code(&git.branch))
        };
        let commit = match git.commit.get(..12) {
            Some(commit) => code(commit),
            None => "without a commit".to_owned(),
        };
        page.line(&format!("Git: {branch}, {commit}."));
    }
}

fn failure(it: &Failure) -> String {
    format!(
        "{}  {}: {} -> {}",
        clock(&it.time),
        it.tool,
        it.subject,
        it.message
    )
}

/// A call, and in a line of its own what came of it unless it was fine.
fn call(it: &CallRow) -> Vec<String> {
    let agent = match it.agent.as_str() {
        "" => String::new(),
        agent => format!("[{agent}] "),
    };
    let first = format!(
        "{}  {:<5} {agent}{}: {}",
        clock(&it.time),
        it.decision,
        it.tool,
        it.subject
    );
    let told: Vec<&str> = it
        .rules
        .iter()
        .map(String::as_str)
        .chain((!matches!(it.outcome.as_str(), "" | "ok")).then_some(it.outcome.as_str()))
        .collect();
    if told.is_empty() {
        return vec![first];
    }
    vec![first, format!("                -> {}", told.join("; "))]
}

/// The hours, minutes and seconds of an RFC 3339 time.
fn clock(time: &str) -> &str {
    time.get(11..19).unwrap_or(time)
}

struct Page(String);

impl Page {
    fn line(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    fn heading(&mut self, text: &str) {
        self.line("");
        self.line(&format!("## {text}"));
        self.line("");
    }

    fn item(&mut self, label: &str, text: &str) {
        if !text.is_empty() {
            self.line(&format!("- {label}: {}", code(text)));
        }
    }

    fn list(&mut self, title: &str, items: impl Iterator<Item = String>) {
        let items: Vec<String> = items.collect();
        if items.is_empty() {
            self.line(&format!("{title}: none recorded.\n"));
            return;
        }
        self.line(&format!("{title}:\n"));
        for it in items {
            self.line(&format!("- {it}"));
        }
        self.line("");
    }

    fn block(&mut self, lines: impl IntoIterator<Item = impl AsRef<str>>) {
        self.0.push_str(&block(lines));
    }
}

/// Lines of foreign text, each kept one line.
pub(crate) fn block(lines: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let lines: Vec<String> = lines.into_iter().map(|it| plain(it.as_ref())).collect();
    let longest = lines.iter().map(|it| backticks(it)).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}text\n{}\n{fence}\n", lines.join("\n"))
}

/// Foreign text within a line.
pub(crate) fn code(text: &str) -> String {
    let text = plain(text);
    let fence = "`".repeat(backticks(&text) + 1);
    // A backtick at an end would belong to the fence.
    let space = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    if text.is_empty() {
        return "(empty)".to_owned();
    }
    format!("{fence}{space}{text}{space}{fence}")
}

/// The longest run of backticks.
fn backticks(text: &str) -> usize {
    let runs = text.split(|it| it != '`').map(str::len);
    runs.max().unwrap_or(0)
}
