//! Owns how an explanation looks, for people and as JSON. Does not own what is explained. Invariant: both
//! forms show the same facts.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::{Judged, tree};
use crate::cmd::paint::{Paint, Tone};
use crate::shell::access::{Access, AccessKind};
use crate::shell::{Arg, ArgFlags, Context, Cwd, Invocation, ProblemKind, Redirect, RedirectOp};

/// Width of the labels.
const LABELS: usize = 8;

/// The fields of a rule.
pub(super) fn rule(
    fields: &[(String, String)],
    paint: Paint,
    out: &mut dyn Write,
) -> io::Result<()> {
    let width = fields.iter().map(|(name, _)| name.chars().count()).max();
    for (name, value) in fields {
        let mut lines = value.lines();
        let first = lines.next().unwrap_or_default();
        writeln!(out, "{}", paint.line(name, width.unwrap_or(0), first))?;
        for line in lines {
            writeln!(out, "{}", paint.line("", width.unwrap_or(0), line))?;
        }
    }
    Ok(())
}

/// The fields of a rule as JSON; values of several lines become lists.
pub(super) fn rule_json(fields: &[(String, String)]) -> Value {
    let mut map = Map::new();
    for (name, value) in fields {
        let value = if value.contains('\n') {
            value.lines().collect()
        } else {
            json!(value)
        };
        map.insert(name.clone(), value);
    }
    Value::Object(map)
}

/// A judged command.
pub(super) fn judged(
    command: &str,
    judged: &Judged,
    paint: Paint,
    out: &mut dyn Write,
) -> io::Result<()> {
    writeln!(out, "{}", paint.line("command", LABELS, &visible(command)))?;
    writeln!(out)?;
    let places = tree::places(&judged.reading);
    for row in tree::rows(&places) {
        let index = row.invocation;
        let Some(it) = judged.reading.invocations.get(index) else {
            continue;
        };
        let accesses = judged.accesses.get(index).map_or(&[][..], Vec::as_slice);
        let by = places.get(index).copied().flatten();
        let by = by.map_or(String::new(), |it| format!("{} ", it.1.word()));
        let words = title(it);
        let words = paint.tone(Tone::Strong, &words);
        writeln!(out, "{}{by}{} {words}", row.branch, index + 1)?;
        let script = place(judged, it).map(|(path, line)| format!("{path} line {line}"));
        let script = script.map(|it| ("script", it));
        for (label, text) in details(command, it, accesses).into_iter().chain(script) {
            writeln!(out, "{}{}", row.margin, paint.line(label, LABELS, &text))?;
        }
    }
    if !judged.reading.invocations.is_empty() {
        writeln!(out)?;
    }
    for script in judged.reading.scripts.iter().filter(|it| it.partial) {
        let text = format!("{}: only its beginning was read", script.path);
        writeln!(out, "{}", paint.line("script", LABELS, &text))?;
    }
    for problem in &judged.reading.problems {
        let text = format!("{}: {}", problem_word(problem.kind), problem.message);
        writeln!(out, "{}", paint.line("problem", LABELS, &text))?;
    }
    findings(judged, paint, out)?;
    for (index, it) in judged.near.iter().enumerate() {
        let label = if index == 0 { "near" } else { "" };
        let (rule, severity) = (paint.tone(Tone::Strong, &it.rule), it.severity.word());
        let (decision, number) = (it.decision.word(), it.invocation + 1);
        let text = format!(
            "{rule} ({severity}, {decision}) of {number}: {}",
            it.condition
        );
        writeln!(out, "{}", paint.line(label, LABELS, &text))?;
    }
    if !judged.tools.is_empty() {
        writeln!(out, "{}", paint.line("tools", LABELS, &judged.tools))?;
    }
    let mut verdict = paint.decision(judged.verdict.decision);
    if judged.verdict.escalated {
        verdict.push_str(" (escalated: nobody can be asked)");
    }
    writeln!(out, "{}", paint.line("verdict", LABELS, &verdict))?;
    if !judged.message.is_empty() {
        writeln!(out, "{}", paint.line("message", LABELS, &judged.message))?;
    }
    if !judged.note.is_empty() {
        writeln!(out, "{}", paint.line("note", LABELS, &judged.note))?;
    }
    Ok(())
}

/// The script and the line that an invocation stands in, where it does not stand in the command.
fn place<'j>(judged: &'j Judged, it: &Invocation) -> Option<(&'j str, usize)> {
    let script = judged.reading.script_at(it.span)?;
    Some((&script.path, script.line(it.span, &[])))
}

/// The rules that decided, each with its reason and what is safer.
fn findings(judged: &Judged, paint: Paint, out: &mut dyn Write) -> io::Result<()> {
    for (index, finding) in judged.verdict.findings.iter().enumerate() {
        let label = if index == 0 { "rules" } else { "" };
        let text = format!(
            "{} ({}, {}): {}",
            paint.tone(Tone::Strong, &finding.rule),
            finding.severity.word(),
            paint.decision(finding.decision),
            visible(&finding.subject)
        );
        writeln!(out, "{}", paint.line(label, LABELS, &text))?;
        for (label, text) in [("why", &finding.why), ("instead", &finding.instead)] {
            if !text.is_empty() {
                writeln!(out, "{}", paint.line(label, LABELS, text))?;
            }
        }
    }
    Ok(())
}

/// The program with its arguments, as it would be typed.
fn title(it: &Invocation) -> String {
    let words: Vec<String> = it.argv.iter().map(shown).collect();
    match (it.argv.is_empty(), it.program_unknown()) {
        (true, _) => "no program".to_owned(),
        (false, true) => format!("{} (a program that is not known)", words.join(" ")),
        (false, false) => words.join(" "),
    }
}

/// What is known of an invocation beside its words, each with a label.
fn details(command: &str, it: &Invocation, accesses: &[Access]) -> Vec<(&'static str, String)> {
    let mut lines = Vec::new();
    for assignment in &it.assignments {
        let text = format!("{}={}", assignment.name, shown(&assignment.value));
        lines.push(("set", text));
    }
    for arg in it.argv.iter().filter(|it| !marks(it).is_empty()) {
        let mut text = format!("{}: {}", shown(arg), marks(arg).join(", "));
        if let Some(written) = written(command, it, arg) {
            text.push_str(", written ");
            text.push_str(&visible(written));
        }
        lines.push(("word", text));
    }
    for redirect in &it.redirects {
        lines.push(("redirect", redirect_text(redirect)));
    }
    let context = context_words(it.context);
    if !context.is_empty() {
        lines.push(("context", context.join(", ")));
    }
    match &it.cwd {
        Cwd::Start => {}
        Cwd::At(path) => lines.push(("cwd", path.clone())),
        Cwd::Unknown => lines.push(("cwd", "unknown".to_owned())),
    }
    if !it.fed_by.is_empty() {
        let numbers: Vec<String> = it.fed_by.iter().map(|it| (it + 1).to_string()).collect();
        lines.push(("stdin", format!("from {}", numbers.join(", "))));
    }
    for access in accesses {
        lines.push(("access", access_text(access)));
    }
    lines
}

/// How a word stands in the command, where that says more than its value does.
fn written<'c>(command: &'c str, it: &Invocation, arg: &Arg) -> Option<&'c str> {
    // Of a text inside a text only the outer place is known.
    if it.context.has(Context::NESTED) {
        return None;
    }
    let start = usize::try_from(arg.span.start).ok()?;
    let end = usize::try_from(arg.span.end).ok()?;
    let text = command.get(start..end)?;
    let tells = text.contains(['$', '`', '(']) && text != arg.text;
    (tells && arg.flags.has(ArgFlags::UNKNOWN)).then_some(text)
}

/// A judged command as JSON.
pub(super) fn judged_json(command: &str, judged: &Judged) -> Value {
    let places = tree::places(&judged.reading);
    let all = judged.reading.invocations.iter().zip(&places).enumerate();
    let invocations: Vec<Value> = all
        .map(|(index, (it, place))| {
            let accesses = judged.accesses.get(index).map_or(&[][..], Vec::as_slice);
            let mut value = invocation_json(command, it, accesses);
            if let Some(fields) = value.as_object_mut() {
                if let Some((path, line)) = self::place(judged, it) {
                    fields.insert("script".to_owned(), json!({"path": path, "line": line}));
                }
                fields.insert("under".to_owned(), json!(place.map(|it| it.0)));
                fields.insert("by".to_owned(), json!(place.map(|it| it.1.word())));
            }
            value
        })
        .collect();
    let near: Vec<Value> = judged
        .near
        .iter()
        .map(|it| {
            json!({
                "rule": it.rule, "severity": it.severity.word(), "decision": it.decision.word(),
                "invocation": it.invocation, "condition": it.condition,
            })
        })
        .collect();
    let problems: Vec<Value> = judged
        .reading
        .problems
        .iter()
        .map(|it| json!({"kind": problem_word(it.kind), "message": it.message}))
        .collect();
    let rules: Vec<Value> = judged
        .verdict
        .findings
        .iter()
        .map(|it| {
            json!({
                "rule": it.rule, "pack": it.pack, "severity": it.severity.word(),
                "decision": it.decision.word(), "why": it.why, "instead": it.instead,
                "subject": it.subject,
            })
        })
        .collect();
    json!({
        "command": command,
        "invocations": invocations,
        "problems": problems,
        "scripts": judged.reading.scripts.iter()
            .map(|it| json!({"path": it.path, "partial": it.partial}))
            .collect::<Vec<_>>(),
        "rules": rules,
        "tools": judged.tools,
        "near": near,
        "verdict": judged.verdict.decision.word(),
        "escalated": judged.verdict.escalated,
        "message": judged.message,
        "note": judged.note,
    })
}

fn invocation_json(command: &str, it: &Invocation, accesses: &[Access]) -> Value {
    let arg = |arg: &Arg| json!({"text": arg.text, "marks": marks(arg), "written": written(command, it, arg)});
    let cwd = match &it.cwd {
        Cwd::Start => json!("start"),
        Cwd::At(path) => json!(path),
        Cwd::Unknown => Value::Null,
    };
    json!({
        "program": it.program,
        "argv": it.argv.iter().map(arg).collect::<Vec<_>>(),
        "assignments": it.assignments.iter()
            .map(|it| json!({"name": it.name, "value": arg(&it.value)}))
            .collect::<Vec<_>>(),
        "redirects": it.redirects.iter().map(redirect_text).collect::<Vec<_>>(),
        "context": context_words(it.context),
        "cwd": cwd,
        "parent": it.parent,
        "fed_by": it.fed_by,
        "span": [it.span.start, it.span.end],
        "accesses": accesses.iter()
            .map(|it| json!({
                "kind": access_word(it.kind), "recursive": it.recursive, "path": it.path.text,
            }))
            .collect::<Vec<_>>(),
    })
}

/// An argument as it would be typed: quoted where it would not stay one word.
fn shown(arg: &Arg) -> String {
    let odd = |it: char| it.is_whitespace() || it.is_control() || "'\"\\;|&<>()$`".contains(it);
    if !arg.text.is_empty() && !arg.text.contains(odd) {
        return arg.text.clone();
    }
    format!("'{}'", visible(&arg.text.replace('\'', "'\\''")))
}

/// Control characters never reach a terminal as they are.
fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for it in text.chars() {
        if it.is_control() {
            shown.extend(it.escape_default());
        } else {
            shown.push(it);
        }
    }
    shown
}

fn marks(arg: &Arg) -> Vec<&'static str> {
    const WORDS: [(u16, &str); 6] = [
        (ArgFlags::UNKNOWN, "unknown"),
        (ArgFlags::GLOB, "glob"),
        (ArgFlags::SPLITS, "may split"),
        (ArgFlags::HIDDEN, "hidden"),
        (ArgFlags::PROCESS, "process substitution"),
        (ArgFlags::MANY, "may be many"),
    ];
    let set = WORDS.iter().filter(|(flag, _)| arg.flags.has(*flag));
    set.map(|(_, word)| *word).collect()
}

fn context_words(context: Context) -> Vec<&'static str> {
    const WORDS: [(u32, &str); 13] = [
        (Context::SUBSHELL, "subshell"),
        (Context::SUBSTITUTION, "substitution"),
        (Context::CONDITION, "condition"),
        (Context::LOOP, "loop"),
        (Context::FUNCTION, "function"),
        (Context::BACKGROUND, "background"),
        (Context::PRIVILEGED, "privileged"),
        (Context::REMOTE, "remote"),
        (Context::CONTAINER, "container"),
        (Context::DEFERRED, "deferred"),
        (Context::DECODED, "decoded"),
        (Context::NESTED, "nested"),
        (Context::FED, "fed"),
    ];
    let set = WORDS.iter().filter(|(flag, _)| context.has(*flag));
    set.map(|(_, word)| *word).collect()
}

fn redirect_text(redirect: &Redirect) -> String {
    let sign = match redirect.op {
        RedirectOp::Read => "<",
        RedirectOp::Write => ">",
        RedirectOp::Append => ">>",
        RedirectOp::ReadWrite => "<>",
        RedirectOp::Heredoc => "<<",
        RedirectOp::HereString => "<<<",
        RedirectOp::Duplicate => ">&",
    };
    let fd = redirect.fd.map(|it| it.to_string()).unwrap_or_default();
    format!("{fd}{sign} {}", shown(&redirect.target))
}

fn access_text(access: &Access) -> String {
    let word = access_word(access.kind);
    let whole = if access.recursive { " recursively" } else { "" };
    format!("{word}{whole}: {}", shown(&access.path))
}

fn access_word(kind: AccessKind) -> &'static str {
    match kind {
        AccessKind::Read => "read",
        AccessKind::List => "list",
        AccessKind::Append => "append",
        AccessKind::Write => "write",
        AccessKind::Delete => "delete",
        AccessKind::Move => "move",
        AccessKind::Permission => "permission",
        AccessKind::Link => "link",
        AccessKind::Execute => "execute",
        AccessKind::Send => "send",
    }
}

fn problem_word(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Syntax => "syntax",
        ProblemKind::Unsupported => "unsupported",
        ProblemKind::Limit => "limit",
    }
}
