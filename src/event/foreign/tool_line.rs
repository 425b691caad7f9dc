//! Owns tools that wear the name of a command line tool: `git_push`, `kubectl_delete`,
//! `ExecuteTerraformCommand`. What they are given is put together as the command that does the same. Does not
//! own programs that a tool is told to start (`started`). Invariant: what the fields hold stands in the text
//! quoted.

use std::borrow::Cow;

use super::super::fields::{Fields, string};
use super::super::tool::{BASH, Part};
use super::action_words;
use super::started::quoted;

/// Command line tools whose name in a tool's own name means them.
const NAMES: [&str; 8] = [
    "git",
    "kubectl",
    "terraform",
    "helm",
    "docker",
    "pulumi",
    "npm",
    "aws",
];

/// Fields that say where, or what for, and are no argument.
const ASIDE: [&str; 14] = [
    "path",
    "repo_path",
    "repopath",
    "repository",
    "cwd",
    "working_directory",
    "workingdirectory",
    "workdir",
    "message",
    "description",
    "title",
    "reason",
    "timeout",
    "context",
];

/// The command that a tool named after a program stands for.
pub(super) fn command<'a>(tool: &str, fields: &Fields<'a>) -> Option<Part<'a>> {
    let words = action_words(tool);
    let at = words.iter().position(|it| NAMES.contains(&it.as_str()))?;
    let program = words.get(at)?;
    let mut argv = vec![program.clone()];
    let verbs = words.iter().skip(at + 1);
    let filler = ["command", "cmd", "execute", "run", "exec", "tool", "cli"];
    argv.extend(verbs.filter(|it| !filler.contains(&it.as_str())).cloned());
    let mut first = None;
    for (name, raw) in fields.iter() {
        first = first.or(Some((name, raw)));
        add(&mut argv, name, raw.get(), string(raw).as_deref());
    }
    let (field, raw) = first?;
    if argv.get(1).is_some_and(|it| it == program) {
        argv.remove(1);
    }
    (argv.len() > 2).then(|| Part {
        role: BASH,
        field: Cow::Owned(field.to_owned()),
        raw,
        joined: Some(quoted(&argv)),
    })
}

/// Adds what one field means as arguments.
fn add(argv: &mut Vec<String>, name: &str, raw: &str, text: Option<&str>) {
    if ASIDE.contains(&name.to_ascii_lowercase().as_str()) {
        return;
    }
    let flag = || format!("--{}", name.replace('_', "-"));
    match (raw, text) {
        ("true", _) => argv.push(flag()),
        (_, Some(mode)) if name == "mode" => argv.push(format!("--{mode}")),
        (_, Some(text)) if matches!(name, "command" | "cmd" | "args" | "arguments") => {
            argv.extend(text.split_whitespace().map(str::to_owned));
        }
        (_, Some(text)) => argv.push(text.to_owned()),
        (list, None) if list.starts_with('[') => {
            let items: Vec<String> = serde_json::from_str(list).unwrap_or_default();
            argv.extend(items);
        }
        _ => {}
    }
}
