//! Owns scripts that would destroy when they run: which of a file's text a shell gets, and whether it gets
//! it without anybody's doing. Does not own what is destructive (`rule`), nor places whose change is asked
//! about whatever is in them (`guard/path`). Invariant: a document is no script.

use std::borrow::Cow;

use super::{push, yaml};
use crate::event::{Fields, ToolCall};
use crate::guard::Cx;
use crate::path::{Class, Classes, Located, Locator};
use crate::rule::{Hit, Query};
use crate::shell::access::Accesses;
use crate::shell::unwrap::recipes;
use crate::shell::{self, Surroundings, UNKNOWN};
use crate::verdict::{Decision, Finding, Severity};
use crate::word::{base, listed};

/// A longer text (bytes) is judged when it runs.
const TEXT_LIMIT: usize = 256 << 10;

/// How a text comes to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Run {
    /// Somebody starts it.
    Called,
    /// On a commit, an installation, the opening of the directory.
    ByItself,
    /// On a machine that is thrown away afterwards.
    Contained,
}

/// True for a file that may hold what a shell gets, by its name or its first bytes.
pub(super) fn may_run(path: &str, text: &str) -> bool {
    const NAMES: &str =
        "makefile gnumakefile justfile .justfile dockerfile containerfile jenkinsfile .envrc";
    const ENDINGS: &str = "sh bash zsh ksh mk dockerfile json yml yaml";
    let last = base(path);
    let ending = last.rsplit_once('.').map_or("", |it| it.1);
    let one_of = |words: &str, name: &str| words.split(' ').any(|it| name.eq_ignore_ascii_case(it));
    let hooks = [".husky/", ".githooks/", ".lefthook/"];
    one_of(ENDINGS, ending)
        || one_of(NAMES, last)
        || last.starts_with("Dockerfile")
        || text.starts_with("#!")
        || hooks.iter().any(|it| path.contains(it))
}

/// Objects to a body that holds what is refused as a command.
pub(super) fn check(
    cx: &Cx,
    call: &ToolCall,
    path: &Located,
    text: &str,
    findings: &mut Vec<Finding>,
) {
    /// What is written there is denied or asked about already.
    const ASKED: Classes = Classes::all(&[
        Class::ShellStartup,
        Class::UserPersistence,
        Class::SystemPersistence,
        Class::GitHooks,
        Class::ClaudeSettings,
    ]);
    if text.len() > TEXT_LIMIT || path.classes.meets(ASKED) {
        return;
    }
    for (run, body) in bodies(path, text) {
        if body.trim().is_empty() {
            continue;
        }
        let Some(hit) = worst(cx, run, &body) else {
            continue;
        };
        // What the edit found there is nothing new.
        let old = Fields::parse(call.input.get()).map_or(Cow::Borrowed(""), |it| {
            it.lenient("old_string").into_owned().into()
        });
        let mut known = bodies(path, &old).into_iter();
        if known.any(|(run, body)| worst(cx, run, &body).is_some_and(|it| it.rule == hit.rule)) {
            continue;
        }
        let (rule, grade) = match run {
            Run::ByItself => ("content-hook-destructive", (Severity::High, Decision::Ask)),
            _ => (
                "content-script-destructive",
                (Severity::Medium, Decision::Warn),
            ),
        };
        let mut why = String::from(match run {
            Run::ByItself => {
                "this runs by itself, and what it runs would be refused as a command ("
            }
            _ => "what this runs would be refused as a command (",
        });
        why.push_str(&hit.rule);
        why.push_str(").");
        let instead = Cow::Owned(hit.instead);
        push(
            cx,
            rule,
            grade,
            (why.into(), instead),
            &path.lexical,
            findings,
        );
    }
}

/// The gravest of what the rules refuse in a body.
fn worst(cx: &Cx, run: Run, body: &str) -> Option<Hit> {
    let around = Surroundings {
        cwd: &cx.places.cwd,
        home: cx.places.homes.last().map_or("", String::as_str),
        project: &cx.places.project,
        files: None,
    };
    let reading = shell::read(body, &around);
    let accesses = Accesses::new(&reading);
    let locator = Locator::new(cx.host, cx.places);
    let query = Query {
        tool: "Bash",
        text: body,
        urls: &[],
        reading: &reading,
        accesses: &accesses,
        locator: &locator,
    };
    let hits = cx.policy.tables.iter().flat_map(|it| it.check(&query));
    let refused = hits.filter(|it| {
        let decision = cx
            .policy
            .decide(&it.rule, &it.pack, it.severity, it.decision);
        let grave = it.severity == Severity::Critical && !is_of_a_project(&it.pack);
        decision == Decision::Deny && (grave || run == Run::ByItself)
    });
    refused.max_by_key(|it| it.severity)
}

/// Packs about what a project has of its own: a script that drops its test database or takes its staging
/// cluster down says so by its name, and whoever calls it wants that.
fn is_of_a_project(pack: &str) -> bool {
    const PACKS: &str =
        "aws azure cluster container database git google iac infra migration publish supply";
    listed(PACKS, pack)
}

/// What of a file's text goes to a shell.
fn bodies<'t>(path: &Located, text: &'t str) -> Vec<(Run, Cow<'t, str>)> {
    let path_of = &path.lexical;
    let last = base(path_of);
    let extension = last.rsplit_once('.').map_or("", |it| it.1);
    let below = |directory: &str| path_of.contains(directory);
    if below("/.husky/") || below("/.githooks/") || below("/.lefthook/") || last == ".envrc" {
        return vec![(Run::ByItself, text.into())];
    }
    let first = text.lines().next().unwrap_or_default();
    let shebang = first.starts_with("#!") && (first.ends_with("sh") || first.contains("sh "));
    if matches!(extension, "sh" | "bash" | "zsh" | "ksh") || shebang {
        return vec![(Run::Called, text.into())];
    }
    match last {
        "Makefile" | "makefile" | "GNUmakefile" => vec![(Run::Called, recipes(text).into())],
        "justfile" | "Justfile" | ".justfile" => vec![(Run::Called, indented(text).into())],
        _ if extension == "mk" => vec![(Run::Called, recipes(text).into())],
        "package.json" | "composer.json" => scripts(text),
        "tasks.json" if below("/.vscode/") && text.contains("folderOpen") => {
            vec![(Run::ByItself, values(text, &["command", "args"]).into())]
        }
        "devcontainer.json" | ".devcontainer.json" => {
            vec![(Run::ByItself, values(text, &["initializeCommand"]).into())]
        }
        ".pre-commit-config.yaml" | "lefthook.yml" | "lefthook.yaml" => {
            vec![(Run::ByItself, yaml::commands(text).into())]
        }
        "Dockerfile" | "Containerfile" => vec![(Run::Contained, contained(&layers(text)))],
        _ if extension == "dockerfile" || last.starts_with("Dockerfile.") => {
            vec![(Run::Contained, contained(&layers(text)))]
        }
        _ if path.classes.has(Class::CiWorkflow) => {
            vec![(Run::Contained, contained(&yaml::commands(text)))]
        }
        _ => Vec::new(),
    }
}

/// The recipes of a justfile, whose own values are unknown.
fn indented(text: &str) -> String {
    let lines = text.lines().filter(|it| it.starts_with([' ', '\t']));
    let mut out = String::new();
    for line in lines {
        let mut rest = line.trim_start().trim_start_matches(['@', '-']);
        while let Some((before, after)) = rest.split_once("{{") {
            out.push_str(before);
            out.push(UNKNOWN);
            rest = after.split_once("}}").map_or("", |it| it.1);
        }
        out.push_str(rest);
        out.push('\n');
    }
    out
}

/// The commands of a Dockerfile's `RUN` lines.
fn layers(text: &str) -> String {
    let joined = text.replace("\\\n", " ");
    let commands = joined
        .lines()
        .filter_map(|it| it.trim_start().strip_prefix("RUN "));
    commands.fold(String::new(), |all, it| all + it + "\n")
}

/// The same commands as a container runs them: what they do to its own system is nobody's loss.
fn contained(commands: &str) -> Cow<'static, str> {
    let quoted = commands.replace('\'', "'\\''");
    ["docker run --rm image sh -c '", &quoted, "'"]
        .concat()
        .into()
}

/// The scripts of a package: those that an installation runs, and the others.
fn scripts<'t>(text: &str) -> Vec<(Run, Cow<'t, str>)> {
    const HOOKS: &str = "preinstall install postinstall prepare preprepare postprepare prepublish dependencies \
        pre-install-cmd post-install-cmd pre-update-cmd post-update-cmd post-autoload-dump \
        post-create-project-cmd post-root-package-install";
    let (mut hooks, mut called) = (String::new(), String::new());
    for entry in strings(text) {
        // A part of the file, as an edit brings it, names no section.
        let whole = entry.section == "scripts";
        if listed(HOOKS, &entry.key) && (whole || entry.section.is_empty()) {
            hooks += &entry.value;
            hooks.push('\n');
        } else if whole {
            called += &entry.value;
            called.push('\n');
        }
    }
    vec![(Run::ByItself, hooks.into()), (Run::Called, called.into())]
}

/// The strings under some keys of a JSON text, the first key's on lines of their own.
fn values(text: &str, keys: &[&str]) -> String {
    let mut out = String::new();
    for entry in strings(text)
        .iter()
        .filter(|it| keys.contains(&it.key.as_str()))
    {
        out.push(if keys.first() == Some(&entry.key.as_str()) {
            '\n'
        } else {
            ' '
        });
        out += &entry.value;
    }
    out
}

/// One string of a JSON text, in an array or not, and where it stands.
struct Entry {
    section: String,
    key: String,
    value: String,
}

/// Every string of a JSON text that is no key, also where the text is only a part of one.
fn strings(text: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let (mut section, mut key) = (String::new(), String::new());
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let Some(step) = rest.find(['"', '{', '}']) else {
            break;
        };
        let token = rest.get(step..).unwrap_or_default();
        if !token.starts_with('"') {
            section = if token.starts_with('{') {
                std::mem::take(&mut key)
            } else {
                String::new()
            };
            at += step + 1;
            continue;
        }
        let length = string_length(token);
        let value: String = token
            .get(..length)
            .and_then(|it| serde_json::from_str(it).ok())
            .unwrap_or_default();
        at += step + length;
        if text
            .get(at..)
            .is_some_and(|it| it.trim_start().starts_with(':'))
        {
            key = value;
        } else {
            let (section, key) = (section.clone(), key.clone());
            entries.push(Entry {
                section,
                key,
                value,
            });
        }
    }
    entries
}

/// How long the string at the start of a JSON text is, quotes and all.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().enumerate().skip(1).find(|(_, it)| {
        let ends = *it == b'"' && !escaped;
        escaped = *it == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |it| it.0 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_found_with_their_place_in_whole_texts_and_parts() {
        let check = |text: &str, wanted: &str| {
            let found = strings(text);
            let shown: Vec<String> = found
                .iter()
                .map(|it| [&it.section, "/", &it.key, "=", &it.value].concat())
                .collect();
            assert_eq!(shown.join("|"), wanted, "{text}");
        };
        check(
            r#"{"name":"x","scripts":{"a":"b \"c\"","d":["e","f"]},"g":"h"}"#,
            r#"/name=x|scripts/a=b "c"|scripts/d=e|scripts/d=f|/g=h"#,
        );
        check(r#""postinstall": "node x.js","#, "/postinstall=node x.js");
        check(r#"{"a": "b"#, "/a=");
    }
}
