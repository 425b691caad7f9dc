//! Owns the programs that start a command once for many arguments: xargs, parallel, find -exec, fd -x.
//! Does not own where their lists come from. Invariant: what is not known of a list is one argument
//! marked unknown and MANY, so that no command loses its operands.

use super::{Cx, find, join, like, replaced, split};
use crate::shell::invocation::{Arg, ArgFlags, Context, UNKNOWN};

/// So many commands are listed one by one; the rest of a longer list is one unknown.
pub(super) const LIST_LIMIT: usize = 32;

/// Reads the invocation where its program is one of these.
pub(super) fn read(cx: &mut Cx) -> bool {
    match cx.program {
        "xargs" => xargs(cx),
        "parallel" | "sem" => parallel(cx),
        "find" => {
            for argv in find::commands(cx.invocation) {
                cx.argv(argv, 0);
            }
        }
        "fd" => {
            if let Some(argv) = find::fd_command(cx.invocation) {
                cx.argv(argv, 0);
            }
        }
        _ => return false,
    }
    true
}

fn xargs(cx: &mut Cx) {
    cx.divide();
    let argv = cx.rest(0);
    if argv.is_empty() {
        return;
    }
    let mark = if let Some(mark) = cx.options.value("-I").or(cx.options.value("-J")) {
        Some(mark.to_owned())
    } else {
        let replace = cx.options.find("-i").or(cx.options.find("--replace"));
        replace.map(|it| it.value.clone().unwrap_or_else(|| "{}".to_owned()))
    };
    let inputs = match cx.stdin {
        Some(stdin) => items(cx, stdin, mark.is_some()),
        _ => vec![many(&argv)],
    };
    let Some(mark) = mark else {
        cx.argv([argv, inputs].concat(), 0);
        return;
    };
    let rest = (inputs.len() > LIST_LIMIT).then(|| many(&argv));
    for input in inputs.iter().take(LIST_LIMIT).chain(&rest) {
        let argv = argv.iter().map(|it| put(it, &mark, input)).collect();
        cx.argv(argv, 0);
    }
}

/// The arguments that xargs reads from a known stdin.
fn items(cx: &Cx, stdin: &Arg, lines: bool) -> Vec<Arg> {
    let zero = cx.options.has_any(&["-0", "--null"]);
    let delimiter = cx.options.value("-d").or(cx.options.value("--delimiter"));
    let cut = |mark: char| {
        let parts = stdin.text.trim_end_matches(mark).split(mark);
        parts.map(|it| like(stdin, it)).collect::<Vec<_>>()
    };
    let items = if zero && stdin.text.contains('\0') {
        cut('\0')
    } else if zero {
        cut('\n')
    } else if let Some(mark) = delimiter {
        cut(match mark {
            "\\n" => '\n',
            "\\0" => '\0',
            "\\t" => '\t',
            _ => mark.chars().next().unwrap_or('\n'),
        })
    } else if lines {
        cut('\n')
            .iter()
            .map(|it| like(it, it.text.trim()))
            .collect()
    } else {
        split(stdin)
    };
    items.into_iter().filter(|it| !it.text.is_empty()).collect()
}

/// One argument that stands for an unknown number of them.
fn many(argv: &[Arg]) -> Arg {
    let mut arg = Arg::unknown(argv.last().map(|it| it.span).unwrap_or_default());
    arg.flags.set(ArgFlags::MANY);
    arg
}

/// An argument with the input in the place of the mark.
fn put(arg: &Arg, mark: &str, input: &Arg) -> Arg {
    if mark.is_empty() || !arg.text.contains(mark) {
        return arg.clone();
    }
    let mut put = like(arg, replaced(&arg.text, mark, &input.text));
    put.flags.set(input.flags.0);
    if !put.text.ends_with(&input.text) {
        // What stands behind a name makes it another one.
        put.flags.0 &= !ArgFlags::TRACKED;
    }
    put.from.extend(&input.from);
    put
}

/// GNU parallel: a template, and its lists after `:::` or on stdin; a shell reads what comes out.
fn parallel(cx: &mut Cx) {
    cx.divide();
    let operands = cx.rest(0);
    let remote = if cx.options.has_any(&["-S", "--sshlogin"]) {
        Context::REMOTE
    } else {
        0
    };
    let is_list = |it: &Arg| it.text.starts_with(":::");
    let length = operands.iter().position(is_list).unwrap_or(operands.len());
    let (template, lists) = operands.split_at(length);
    let template = join(template.iter());
    if cx.program == "sem" {
        cx.text(template, 0);
        return;
    }
    let waits = template.text.is_empty() && lists.is_empty() && cx.stdin.is_none();
    if waits && !cx.is_fed() && cx.invocation.redirects.is_empty() && operands.is_empty() {
        // Its commands would come from the terminal.
        return;
    }
    for inputs in combinations(cx, lists) {
        let text = fill(&template, &inputs);
        cx.text(text, remote);
    }
}

/// The argument tuples of parallel's lists.
fn combinations(cx: &Cx, lists: &[Arg]) -> Vec<Vec<Arg>> {
    let unknown = || vec![vec![many(cx.invocation.args())]];
    if lists.is_empty() {
        return match cx.stdin {
            Some(stdin) => {
                let lines = stdin.text.lines().filter(|it| !it.is_empty());
                if lines.clone().count() > LIST_LIMIT {
                    return unknown();
                }
                lines.map(|it| vec![like(stdin, it)]).collect()
            }
            _ => unknown(),
        };
    }
    let mut tuples: Vec<Vec<Arg>> = vec![Vec::new()];
    for list in lists.split(|it| it.text.starts_with(":::")).skip(1) {
        let mut longer = Vec::new();
        for tuple in &tuples {
            for item in list {
                let mut tuple = tuple.clone();
                tuple.push(item.clone());
                longer.push(tuple);
            }
        }
        if longer.len() > LIST_LIMIT {
            return unknown();
        }
        tuples = longer;
    }
    if lists.iter().any(|it| it.text.starts_with("::::")) {
        return unknown();
    }
    tuples
}

fn fill(template: &Arg, inputs: &[Arg]) -> Arg {
    if template.text.is_empty() {
        return join(inputs.iter());
    }
    let mut filled = template.clone();
    let all = join(inputs.iter());
    for (index, input) in inputs.iter().enumerate() {
        filled = put(&filled, &format!("{{{}}}", index + 1), input);
    }
    for mark in ["{}", "{.}", "{/}", "{//}", "{/.}"] {
        filled = put(&filled, mark, &all);
    }
    if filled.text == template.text {
        filled = join([template, &all].into_iter());
    }
    if all.text.contains(UNKNOWN) {
        filled.flags.set(ArgFlags::UNKNOWN);
    }
    filled
}
