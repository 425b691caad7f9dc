//! Owns whether a pattern such as `Bash(git *)` or `Edit(src/**)` names a call, or an invocation of its
//! shell text. Does not own what follows from it. Invariant: where a call is to be allowed all of it has
//! to be named, where it is to be stopped any part will do.

use super::{Cx, is_named};
use crate::event::{Fields, Part, Role, ToolCall};
use crate::guard::path::globs;
use crate::path::glob as paths;
use crate::policy::tools::parts;
use crate::rule::Address;
use crate::shell::flags::options;
use crate::shell::{Arg, GUARDED, Invocation, Span, UNKNOWN};
use crate::word;

/// What of a call a pattern names. `whole` asks for a call that is named in all its parts; there a
/// pattern of commands names nothing, since each has to be looked at.
pub(super) fn hits(
    cx: &Cx,
    call: &ToolCall,
    pattern: &str,
    whole: bool,
) -> Option<(String, Option<Span>)> {
    let (tool, inner) = parts(pattern);
    let Some(inner) = inner else {
        return is_named(pattern, &call.name).then(|| (call.name.to_string(), None));
    };
    if matches!(tool, "Bash" | "PowerShell") {
        let reading = cx.reading.filter(|_| !whole && runs(tool, call))?;
        let named = |it: &&Invocation| names(inner, it) || names_behind_flags(inner, it);
        let found = reading.invocations.iter().find(named)?;
        return Some((found.display(), Some(found.span)));
    }
    if !is_named(pattern, &call.name) {
        return None;
    }
    let of = |roles: &[Role], fits: &dyn Fn(&str) -> bool| {
        let mut texts = call.parts.iter().filter(|it| roles.contains(&it.role));
        let known = texts.clone().next().is_some();
        let fits = |it: &Part| fits(&it.text());
        let named = if whole {
            known && texts.all(fits)
        } else {
            texts.any(fits)
        };
        named.then(|| (format!("{} {inner}", call.name), None))
    };
    match tool {
        "WebFetch" => {
            let host = inner.strip_prefix("domain:").unwrap_or(inner);
            of(&[Role::Url], &|url| {
                Address::of(url, true).is_some_and(|it| it.fits(host))
            })
        }
        "Agent" | "Task" => given(call, "subagent_type", inner),
        "Skill" => given(call, "skill", inner),
        _ => of(
            &[Role::ReadPath, Role::WritePath, Role::SearchPath],
            &|path| names_path(cx, inner, path, whole),
        ),
    }
}

/// True where the tool runs text in the language of the pattern.
fn runs(tool: &str, call: &ToolCall) -> bool {
    use crate::event::Dialect::{Bash, PowerShell};
    let dialect = if tool == "Bash" { Bash } else { PowerShell };
    call.part(Role::Shell(dialect)).is_some()
}

/// A field of the call that the pattern fits.
fn given(call: &ToolCall, field: &str, wanted: &str) -> Option<(String, Option<Span>)> {
    let fields = Fields::parse(call.input.get()).ok()?;
    let value = fields.lenient(field);
    word::fits(wanted, &value).then(|| (format!("{} {value}", call.name), None))
}

/// True where the pattern fits the path: as it is written and behind its symlinks where all has to fit.
pub(super) fn names_path(cx: &Cx, pattern: &str, path: &str, whole: bool) -> bool {
    let located = cx.locator.locate_literal(path);
    let globs = globs(cx.places, &cx.locator, pattern);
    let fits = |place: &String| globs.iter().any(|it| paths::matches(it, place));
    let places = [&located.lexical, &located.real];
    if whole {
        !located.lexical.contains([UNKNOWN, GUARDED]) && places.into_iter().all(fits)
    } else {
        places.into_iter().any(fits)
    }
}

/// True where the words of the pattern are those of the invocation; `*` stands for any text, and one
/// behind a blank at the end for no word as well.
pub(super) fn names(pattern: &str, invocation: &Invocation) -> bool {
    spells(pattern, invocation, invocation.args())
}

/// The same with what stands between the program and its first operand passed over: `git -C x push` is a
/// `git push`.
fn names_behind_flags(pattern: &str, invocation: &Invocation) -> bool {
    let options = options(invocation);
    let args = invocation.args();
    let first = options.operands.first();
    let at = first.and_then(|it| args.iter().position(|arg| std::ptr::eq(arg, *it)));
    at.is_some_and(|at| at > 0 && spells(pattern, invocation, args.get(at..).unwrap_or_default()))
}

fn spells(pattern: &str, invocation: &Invocation, args: &[Arg]) -> bool {
    let pattern = pattern.trim();
    // `npm run:*` is how the client wrote `npm run *` once.
    let bare = pattern.strip_suffix(":*");
    let bare = bare.or_else(|| pattern.strip_suffix(" *"));
    let stem = bare.unwrap_or(pattern);
    let program = stem.split(' ').next().unwrap_or_default();
    let mut line = match invocation.argv.first() {
        Some(it) if program.contains('/') => it.text.clone(),
        Some(_) => invocation.program.clone(),
        None => return false,
    };
    for arg in args {
        line.push(' ');
        line.push_str(&arg.text);
    }
    // The pattern's end says whether more words may follow.
    word::fits(stem, &line) || bare.is_some() && word::fits(&format!("{stem} *"), &line)
}
