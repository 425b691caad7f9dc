//! Owns what is known about the paths that find and fd come upon: roots, name filters, and the commands
//! they start on them. Does not own what those commands do. Invariant: a filter is used only where it
//! surely narrows; otherwise everything below a root is meant.

use super::{like, replaced};
use crate::shell::flags::divide;
use crate::shell::invocation::{Arg, ArgFlags, Invocation, UNKNOWN};

/// More combinations of roots and filters than this are not listed: the roots are meant.
const PATH_LIMIT: usize = 1024;

/// The paths on which an action of find works, as arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Targets {
    pub(crate) paths: Vec<Arg>,
    /// The paths are the roots themselves: nothing narrows the search.
    pub(crate) whole: bool,
}

/// The paths on which the action at index `action` of find's arguments works.
pub(crate) fn targets(invocation: &Invocation, action: usize) -> Targets {
    let args = invocation.args();
    let roots = roots(args);
    let end = action.min(args.len());
    let expression = args.get(first_test(args)..end).unwrap_or_default();
    let Some(filters) = filters(expression) else {
        let narrowed = narrows(expression);
        let paths = if narrowed {
            roots
                .iter()
                .map(|it| below(it, &UNKNOWN.to_string()))
                .collect()
        } else {
            whole_trees(roots)
        };
        return Targets {
            paths,
            whole: !narrowed,
        };
    };
    if roots.len().saturating_mul(filters.len()) > PATH_LIMIT {
        return Targets {
            paths: whole_trees(roots),
            whole: true,
        };
    }
    let shallow = has_value(expression, "-maxdepth", "1");
    let mut paths = Vec::new();
    for root in &roots {
        for filter in &filters {
            paths.push(filter.under(root, shallow));
        }
    }
    Targets {
        paths,
        whole: false,
    }
}

fn whole_trees(mut roots: Vec<Arg>) -> Vec<Arg> {
    for root in &mut roots {
        root.flags.set(ArgFlags::TREE);
    }
    roots
}

/// The commands of `-exec` and kin with the paths in the place of `{}`.
pub(super) fn commands(invocation: &Invocation) -> Vec<Vec<Arg>> {
    let args = invocation.args();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(arg) = args.get(at) {
        at += 1;
        if !matches!(arg.text.as_str(), "-exec" | "-execdir" | "-ok" | "-okdir") {
            continue;
        }
        let rest = args.get(at..).unwrap_or_default();
        let length = rest
            .iter()
            .position(|it| it.text == ";" || it.text == "+")
            .unwrap_or(rest.len());
        let words = rest.get(..length).unwrap_or_default();
        found.push(with_paths(words, &targets(invocation, at - 1).paths));
        at += length + 1;
    }
    found
}

/// A command with every lone `{}` replaced by the paths, and by an unknown one inside longer words.
fn with_paths(words: &[Arg], paths: &[Arg]) -> Vec<Arg> {
    let mut argv = Vec::new();
    let lone = words.iter().filter(|it| it.text == "{}").count();
    if lone.saturating_mul(paths.len()) > PATH_LIMIT {
        let mut argv = words.to_vec();
        argv.extend(paths.iter().cloned());
        return argv;
    }
    for word in words {
        if word.text == "{}" {
            argv.extend(paths.iter().map(|it| Arg {
                span: word.span,
                ..it.clone()
            }));
        } else if word.text.contains("{}") {
            let text = paths.first().map_or("", |it| it.text.as_str());
            let mut arg = like(word, replaced(&word.text, "{}", text));
            arg.flags.set(ArgFlags::UNKNOWN);
            argv.push(arg);
        } else {
            argv.push(word.clone());
        }
    }
    argv
}

/// The command of `fd -x` and `-X`; the path stands last where no placeholder does.
pub(super) fn fd_command(invocation: &Invocation) -> Option<Vec<Arg>> {
    let args = invocation.args();
    let is_exec = |it: &Arg| matches!(it.text.as_str(), "-x" | "--exec" | "-X" | "--exec-batch");
    let at = args.iter().position(is_exec)?;
    let rest = args.get(at + 1..).unwrap_or_default();
    let length = rest
        .iter()
        .position(|it| it.text == ";")
        .unwrap_or(rest.len());
    let words = rest.get(..length).unwrap_or_default();
    let paths = fd_targets(args.get(..at).unwrap_or_default());
    if words.iter().any(|it| it.text.contains('{')) {
        return Some(with_paths(words, &paths));
    }
    let mut command = words.to_vec();
    command.extend(paths);
    Some(command)
}

/// The paths that fd would list.
pub(crate) fn fd_targets(args: &[Arg]) -> Vec<Arg> {
    let options = divide("fd", args);
    let extension = options.value("-e").or(options.value("--extension"));
    let mut roots: Vec<Arg> = options.rest(1).iter().map(|&it| it.clone()).collect();
    roots.extend(options.values_of(&["--search-path", "--base-directory"]));
    if roots.is_empty() {
        roots.push(Arg::literal(
            ".",
            args.first().map(|it| it.span).unwrap_or_default(),
        ));
    }
    let pattern = options.subcommand(0).unwrap_or_default();
    let plain = pattern
        .bytes()
        .all(|it| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-'));
    let name = match extension {
        Some(extension) => format!("*.{extension}"),
        None if options.has_any(&["-g", "--glob"]) => pattern.to_owned(),
        None if let Some(name) = pattern
            .strip_prefix('^')
            .and_then(|it| it.strip_suffix('$')) =>
        {
            name.replace('\\', "")
        }
        None if matches!(pattern, "" | ".") => return whole_trees(roots),
        None if plain => format!("*{pattern}*"),
        None => {
            return roots
                .iter()
                .map(|it| below(it, &UNKNOWN.to_string()))
                .collect();
        }
    };
    roots
        .iter()
        .map(|it| Filter::Name(name.clone()).under(it, false))
        .collect()
}

/// The search roots of find; `.` where none is given.
pub(crate) fn roots(args: &[Arg]) -> Vec<Arg> {
    let first = first_test(args);
    let found: Vec<Arg> = args
        .iter()
        .take(first)
        .filter(|it| !matches!(it.text.as_str(), "-H" | "-L" | "-P"))
        .cloned()
        .collect();
    if found.is_empty() {
        let span = args.first().map(|it| it.span).unwrap_or_default();
        return vec![Arg::literal(".", span)];
    }
    found
}

/// Where find's expression begins.
fn first_test(args: &[Arg]) -> usize {
    let is_test = |it: &Arg| {
        let text = it.text.as_str();
        (text.starts_with('-') && text.len() > 1 && !matches!(text, "-H" | "-L" | "-P"))
            || matches!(text, "(" | "!")
    };
    args.iter().position(is_test).unwrap_or(args.len())
}

enum Filter {
    Name(String),
    Path(String),
}

impl Filter {
    fn under(&self, root: &Arg, shallow: bool) -> Arg {
        match self {
            Self::Name(name) if shallow => below(root, name),
            Self::Name(name) => below(root, &format!("**/{name}")),
            Self::Path(path) => {
                let text = root.text.trim_end_matches('/');
                if path.starts_with(text) && !text.is_empty() {
                    marked(like(root, path.clone()))
                } else if let Some(rest) = path.strip_prefix("*/") {
                    below(root, &format!("**/{rest}"))
                } else if path.starts_with('/') {
                    marked(like(root, path.clone()))
                } else {
                    below(root, &UNKNOWN.to_string())
                }
            }
        }
    }
}

/// A path below a root.
fn below(root: &Arg, rest: &str) -> Arg {
    let slash = if root.text.ends_with('/') { "" } else { "/" };
    marked(like(root, format!("{}{slash}{rest}", root.text)))
}

/// The argument with the flags that its text asks for.
fn marked(mut arg: Arg) -> Arg {
    if arg.text.contains(['*', '?', '[']) {
        arg.flags.set(ArgFlags::GLOB);
    }
    if arg.text.contains(UNKNOWN) {
        arg.flags.set(ArgFlags::UNKNOWN);
    }
    arg
}

/// The name filters of an expression, where every alternative has one.
fn filters(expression: &[Arg]) -> Option<Vec<Filter>> {
    let mut found = Vec::new();
    let branches: Vec<&[Arg]> = expression
        .split(|it| matches!(it.text.as_str(), "-o" | "-or" | ","))
        .collect();
    let last = branches.len().checked_sub(1)?;
    for (index, branch) in branches.iter().enumerate() {
        if index < last && branch.iter().any(|it| it.text == "-prune") {
            continue;
        }
        found.push(filter(branch)?);
    }
    Some(found)
}

fn filter(branch: &[Arg]) -> Option<Filter> {
    let mut found = None;
    let mut negated = false;
    let mut words = branch.iter();
    while let Some(word) = words.next() {
        match word.text.as_str() {
            "!" | "-not" => {
                negated = true;
                continue;
            }
            // A negation may stand before a parenthesis.
            "(" if negated => return found,
            name @ ("-name" | "-iname" | "-path" | "-ipath" | "-wholename") => {
                let value = words.next()?.text.clone();
                // Of several tests the one that tells the names counts.
                let placed = !value.starts_with('*') || value.starts_with("*/");
                if !negated && !is_wild(&value) && (placed || found.is_none()) {
                    found = Some(match name {
                        "-name" | "-iname" => Filter::Name(value),
                        _ => Filter::Path(value),
                    });
                }
            }
            _ => {}
        }
        negated = false;
    }
    found
}

/// True for a pattern that narrows nothing: `*`, `.*`, `*.*`.
fn is_wild(pattern: &str) -> bool {
    pattern.contains('*')
        && pattern
            .chars()
            .all(|it| matches!(it, '*' | '?' | '.' | '/'))
}

/// True where tests other than names keep find from meaning every file: `-empty`.
fn narrows(expression: &[Arg]) -> bool {
    expression.iter().any(|it| it.text == "-empty")
        && !expression
            .iter()
            .any(|it| matches!(it.text.as_str(), "-o" | "-or" | "!" | "-not"))
}

fn has_value(expression: &[Arg], name: &str, value: &str) -> bool {
    expression
        .iter()
        .zip(expression.iter().skip(1))
        .any(|(it, next)| it.text == name && next.text == value)
}
