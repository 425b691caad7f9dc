//! Owns the names that programs print which list files (find, fd, ls, `git ls-files`, `grep -l`), and what
//! filters leave of them. Does not own what is done to those files. Invariant: a list names every file that
//! may be on it: by name where that is known, else as something unknown below a known place.

use crate::shell::flags::Options;
use crate::shell::invocation::{Arg, ArgFlags, Invocation, UNKNOWN};
use crate::shell::unwrap::{fd_targets, join, like, targets};

/// More lines or names than this are not told apart.
const NAME_LIMIT: usize = 256;

/// The files that the invocation lists, one a line; nothing where it prints something else.
pub(super) fn of(program: &str, options: &Options, invocation: &Invocation) -> Option<Arg> {
    match program {
        "find" => found(invocation),
        "fd" => Some(listed(fd_targets(invocation.args()))),
        "locate" | "mlocate" | "plocate" => anywhere(options),
        "ls" => entries(options, invocation),
        "git" => of_git(options, invocation),
        "rg" if options.has("--files") => Some(of_rg(options, invocation)),
        "grep" | "rg" | "ag" | "ack" => with_matches(program, options, invocation),
        _ => None,
    }
}

/// What a search through all names of the machine prints.
fn anywhere(options: &Options) -> Option<Arg> {
    let pattern = options.operands.last()?;
    let plain = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-' | b'.' | b'/');
    if options.has_any(&["-c", "--count", "-r", "--regexp"]) || !pattern.text.bytes().all(plain) {
        return None;
    }
    let name = pattern.text.trim_start_matches('/');
    let mut path = like(pattern, ["/**/*", name, "*"].concat());
    path.flags.set(ArgFlags::GLOB);
    Some(listed(vec![path]))
}

/// The paths that find prints: patterns where the names are not known.
fn found(invocation: &Invocation) -> Option<Arg> {
    let args = invocation.args();
    let acts = |it: &Arg| {
        matches!(
            it.text.as_str(),
            "-exec" | "-execdir" | "-ok" | "-okdir" | "-printf" | "-ls" | "-delete" | "-quit"
        )
    };
    if args.iter().any(acts) {
        return None;
    }
    let prints = |it: &Arg| matches!(it.text.as_str(), "-print" | "-print0");
    let action = args.iter().position(prints).unwrap_or(args.len());
    Some(listed(targets(invocation, action).paths))
}

/// `sed s/^/dir/` of lines that are not known: each is something below that.
pub(super) fn prefixed(program: &str, options: &Options) -> Option<Arg> {
    let [script] = options.operands.as_slice() else {
        return None;
    };
    let rest = script.text.strip_prefix('s')?;
    let mark = rest.chars().next()?;
    let body = rest.get(mark.len_utf8()..)?.strip_prefix('^')?;
    let body = body.strip_prefix(mark)?.strip_suffix(mark)?;
    // An escaped mark stands for itself.
    let prefix = body.replace(&format!("\\{mark}"), "\u{1}");
    let plain = !prefix.contains(['&', '\\', mark]);
    let prefix = prefix.replace('\u{1}', &mark.to_string());
    let plain = plain && prefix.ends_with('/');
    (program == "sed" && options.flags.is_empty() && plain).then(|| {
        let mut path = like(script, format!("{prefix}{UNKNOWN}"));
        path.flags.set(ArgFlags::UNKNOWN);
        listed(vec![path])
    })
}

/// What `ls` prints of patterns, or of the directory it is in.
fn entries(options: &Options, invocation: &Invocation) -> Option<Arg> {
    let known = ["-1", "-a", "-A", "-d", "-r", "-t", "-U"];
    if !only(options, &known) {
        return None;
    }
    if options.operands.is_empty() {
        let mut all = Arg::literal("*", invocation.span);
        all.flags.set(ArgFlags::GLOB);
        return Some(listed(vec![all]));
    }
    // Patterns stand for files; what lies in a directory has other names.
    let patterns = options
        .operands
        .iter()
        .all(|it| it.flags.has(ArgFlags::GLOB));
    patterns.then(|| listed(operands(options, 0)))
}

/// `git ls-files`, `git ls-tree -r --name-only`, `git grep -l`.
fn of_git(options: &Options, invocation: &Invocation) -> Option<Arg> {
    let first = match options.subcommand(0)? {
        "ls-files" if only(options, &["-z", "-c", "--cached", "--full-name"]) => 1,
        "ls-tree" if options.has("-r") && options.has("--name-only") => 2,
        "grep" if names_files(options) => {
            let end = options.dashes.unwrap_or(options.operands.len());
            let paths = trees(operands(options, end), invocation);
            return Some(listed(within(tracked(paths))));
        }
        _ => return None,
    };
    let paths = trees(operands(options, first), invocation);
    Some(listed(tracked(paths)))
}

/// Whole trees of what git knows: who gives it a pattern has named files.
fn tracked(mut paths: Vec<Arg>) -> Vec<Arg> {
    if paths.iter().all(|it| it.flags.has(ArgFlags::TREE)) {
        for path in &mut paths {
            path.flags.set(ArgFlags::TRACKED);
        }
    }
    paths
}

fn of_rg(options: &Options, invocation: &Invocation) -> Arg {
    let whole = ["--files", "--hidden", "--no-ignore", "-0", "--null", "-u"];
    let paths = trees(operands(options, 0), invocation);
    if only(options, &whole) {
        return listed(paths);
    }
    listed(named(&paths, options, &["-g", "--glob", "--iglob"]))
}

/// The files with a match: `grep -l`, `rg -l`.
fn with_matches(program: &str, options: &Options, invocation: &Invocation) -> Option<Arg> {
    if !names_files(options) {
        return None;
    }
    let given = options.has_any(&["-e", "--regexp", "-f", "--file"]);
    let paths = operands(options, usize::from(!given));
    let searches = program != "grep"
        || options.has_any(&["-r", "-R", "--recursive", "--dereference-recursive"])
        || invocation.program == "rgrep";
    if !searches {
        return (!paths.is_empty()).then(|| listed(paths));
    }
    let globs = ["--include", "-g", "--glob", "--iglob"];
    let paths = trees(paths, invocation);
    Some(listed(named(&paths, options, &globs)))
}

fn names_files(options: &Options) -> bool {
    options.has_any(&[
        "-l",
        "-L",
        "--files-with-matches",
        "--files-without-match",
        "--name-only",
    ])
}

/// The directories as trees, the one the program is in where none is given. A pattern of git's matches at
/// any depth.
fn trees(mut paths: Vec<Arg>, invocation: &Invocation) -> Vec<Arg> {
    if paths.is_empty() {
        paths.push(Arg::literal(".", invocation.span));
    }
    for path in &mut paths {
        if path.text.contains(['*', '?', '[']) {
            path.text = format!("./**/{}", path.text);
            path.flags.set(ArgFlags::GLOB);
        } else {
            path.flags.set(ArgFlags::TREE);
        }
    }
    paths
}

/// Some files of the trees: by the patterns of a flag, where one was given that keeps names.
fn named(trees: &[Arg], options: &Options, flags: &[&str]) -> Vec<Arg> {
    let globs = options.values_of(flags);
    let mut globs = globs.iter().filter(|it| !it.text.starts_with('!'));
    let Some(first) = globs.next() else {
        return within(trees.to_vec());
    };
    let mut found = Vec::new();
    for glob in std::iter::once(first).chain(globs) {
        let name = glob.text.trim_start_matches("**/");
        for tree in trees.iter().take(NAME_LIMIT) {
            let mut path = like(tree, below(&tree.text, &format!("**/{name}")));
            path.flags.0 &= !ArgFlags::TREE;
            path.flags.set(ArgFlags::GLOB);
            found.push(path);
        }
    }
    found
}

/// Something of each tree, nobody knows what.
fn within(mut trees: Vec<Arg>) -> Vec<Arg> {
    for tree in trees.iter_mut().filter(|it| it.flags.has(ArgFlags::TREE)) {
        tree.text = below(&tree.text, &UNKNOWN.to_string());
        tree.flags.set(ArgFlags::UNKNOWN);
    }
    trees
}

/// True for the programs that pass on some of the lines they read.
pub(super) fn filters(program: &str) -> bool {
    matches!(
        program,
        "grep" | "rg" | "ag" | "head" | "tail" | "shuf" | "sort" | "uniq" | "tac"
    )
}

/// What such a program leaves of a list.
pub(super) fn narrowed(invocation: &Invocation, options: &Options, list: &Arg) -> Option<Arg> {
    let lines = || list.text.lines().filter(|it| !it.is_empty());
    let unknown = |it: &str| it.chars().all(|it| it == UNKNOWN);
    if lines().count() > NAME_LIMIT || lines().any(unknown) {
        return None;
    }
    let names = match invocation.program.as_str() {
        "sort" | "uniq" | "tac" => {
            let other = options.has_any(&["-o", "--output", "-c", "--count"]);
            return (options.operands.is_empty() && !other).then(|| list.clone());
        }
        "head" | "tail" | "shuf" if options.operands.is_empty() => None,
        "head" | "tail" | "shuf" => return None,
        _ => kept(invocation, options)?,
    };
    let is_tree = list.flags.has(ArgFlags::TREE);
    let left = |line| left_of(line, is_tree, names.as_deref());
    let out: Vec<String> = lines().flat_map(left).collect();
    if out.len() > NAME_LIMIT {
        return None;
    }
    let mut left = like(list, out.join("\n"));
    if left.text.contains(UNKNOWN) {
        left.flags.set(ArgFlags::UNKNOWN);
    }
    if names.is_some() {
        left.flags.0 &= !ArgFlags::TREE;
        left.flags.set(ArgFlags::GLOB);
    }
    Some(left)
}

/// What is left of one line: its own names stay where it has some.
fn left_of(line: &str, in_tree: bool, names: Option<&[String]>) -> Vec<String> {
    let literal = !line.contains(['*', '?', '[', UNKNOWN]);
    let (parent, name) = line.rsplit_once('/').unwrap_or(("", line));
    let wild = !name.is_empty() && name.chars().all(|it| matches!(it, '*' | '.'));
    let (place, deep) = match (in_tree && literal, wild) {
        (true, _) => (below(line, ""), "**/"),
        (_, true) if line.contains('/') => (format!("{parent}/"), ""),
        (_, true) => (String::new(), ""),
        _ => return vec![line.to_owned()],
    };
    match names {
        Some(names) => names.iter().map(|it| [&place, deep, it].concat()).collect(),
        None => vec![format!("{place}{UNKNOWN}")],
    }
}

/// The names that a search in the list keeps, as patterns; `Some(None)` where they cannot be told, nothing
/// where the search prints something else than whole lines of its input.
#[expect(
    clippy::option_option,
    reason = "what is printed, and what is known of it"
)]
fn kept(invocation: &Invocation, options: &Options) -> Option<Option<Vec<String>>> {
    let flags = ["-c", "-o", "-q", "-n", "--count", "--only-matching", "-r"];
    let expressions = options.values_of(&["-e", "--regexp"]);
    let from_file = options.has_any(&["-f", "--file"]);
    let files = usize::from(expressions.is_empty() && !from_file);
    if options.has_any(&flags) || names_files(options) || options.operands.len() > files {
        return None;
    }
    let inexact = ["-v", "--invert-match", "-i", "--ignore-case", "-w", "-x"];
    let pattern = match (expressions.as_slice(), options.operands.as_slice()) {
        ([one], _) => one,
        ([], [one]) => one,
        _ => return Some(None),
    };
    if options.has_any(&inexact) || from_file || !pattern.is_known() && !has_glob_only(pattern) {
        return Some(None);
    }
    let extended = ["-E", "-P", "--extended-regexp", "--perl-regexp"];
    let syntax = match invocation.program.as_str() {
        _ if options.has_any(&["-F", "--fixed-strings"]) => Syntax::Plain,
        "fgrep" => Syntax::Plain,
        "grep" | "ggrep" if !options.has_any(&extended) => Syntax::Basic,
        _ => Syntax::Extended,
    };
    Some(names(&pattern.text, syntax))
}

/// How a pattern is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Plain,
    Basic,
    Extended,
}

/// A pattern that the shell leaves alone where no file fits it.
fn has_glob_only(pattern: &Arg) -> bool {
    !pattern.text.contains(UNKNOWN) && !pattern.flags.has(ArgFlags::MANY)
}

/// The names that a regular expression finds in paths, where it is nothing but literal alternatives.
fn names(pattern: &str, syntax: Syntax) -> Option<Vec<String>> {
    if syntax == Syntax::Plain {
        return Some(vec![name(pattern, false)?]);
    }
    // The dollar behind a parenthesis is every alternative's.
    let (body, ends) = match pattern.strip_suffix('$') {
        Some(body) if body.ends_with(')') => (body, true),
        _ => (pattern, false),
    };
    let inner = body.strip_prefix('(').and_then(|it| it.strip_suffix(')'));
    let (body, mark) = match (syntax, inner) {
        (Syntax::Extended, Some(inner)) => (inner, "|"),
        (Syntax::Extended, None) => (pattern, "|"),
        _ => (pattern, "\\|"),
    };
    let ends = ends && inner.is_some();
    if body.matches(mark).count() > NAME_LIMIT {
        return None;
    }
    let mut found = Vec::new();
    for alternative in body.split(mark) {
        let (literal, ends) = match alternative.strip_suffix('$') {
            Some(literal) => (literal, true),
            None => (alternative, ends),
        };
        found.push(name(&literal_text(literal)?, ends)?);
    }
    Some(found)
}

/// The names that hold a text, or end with it. A dot may be their first letter.
fn name(literal: &str, ends: bool) -> Option<String> {
    let (literal, starts) = match literal.strip_prefix('/') {
        Some(rest) => (rest, true),
        None => (literal, false),
    };
    let all_dots = literal.chars().all(|it| it == '.');
    if all_dots || literal.contains(['/', '*', '?', '[']) {
        return None;
    }
    // Nothing else has the endings of Python's compiled files in its name.
    let ends = ends || matches!(literal, ".pyc" | ".pyo");
    let start = if starts { "" } else { "\u{25c6}*" };
    let end = if ends { "" } else { "*\u{25c6}" };
    Some([start, literal, end].concat())
}

/// The text that a regular expression without operators stands for.
fn literal_text(pattern: &str) -> Option<String> {
    let mut text = String::with_capacity(pattern.len());
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.push(letters.next().filter(|it| matches!(it, '.' | '/' | '-'))?),
            '^' | '$' | '*' | '+' | '?' | '[' | ']' | '(' | ')' | '{' | '}' | '|' => return None,
            letter => text.push(letter),
        }
    }
    Some(text)
}

fn only(options: &Options, known: &[&str]) -> bool {
    options
        .flags
        .iter()
        .all(|it| known.contains(&it.name.as_str()))
}

fn operands(options: &Options, first: usize) -> Vec<Arg> {
    options.rest(first).iter().map(|&it| it.clone()).collect()
}

fn below(directory: &str, name: &str) -> String {
    let slash = if directory.ends_with('/') { "" } else { "/" };
    [directory, slash, name].concat()
}

fn listed(paths: Vec<Arg>) -> Arg {
    let mut arg = join(paths.iter());
    let lines: Vec<String> = paths.into_iter().map(|it| it.text).collect();
    arg.text = lines.join("\n");
    arg.flags.set(ArgFlags::MANY);
    arg
}
