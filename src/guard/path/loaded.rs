//! Owns whether the values that an invocation reads only become variables: `export $(grep -v '^#' .env |
//! xargs)`. Does not own what reading a place gets (`protection`). Invariant: true only where all of the
//! output goes into assignments.

use crate::guard::Cx;
use crate::shell::access::AccessKind;
use crate::shell::{Context, Invocation, RedirectOp, tells_no_value};

use super::Target;

/// True where nothing but names and counts of the file's values is told, or the values are only loaded into
/// the environment, as its programs would do.
pub(super) fn stays_untold(cx: &Cx, target: &Target) -> bool {
    let Some((reading, invocation)) = cx.reading.zip(target.invocation) else {
        return false;
    };
    target.kind == AccessKind::Read
        && (tells_no_value(reading, invocation) || only_exported(cx, invocation))
}

/// True where all that the invocation prints is arguments of `export`.
fn only_exported(cx: &Cx, invocation: &Invocation) -> bool {
    if !invocation.context.has(Context::SUBSTITUTION) {
        return false;
    }
    let Some(reading) = cx.reading else {
        return false;
    };
    let all = || (0_u32..).zip(&reading.invocations);
    let Some((first, _)) = all().find(|it| std::ptr::eq(it.1, invocation)) else {
        return false;
    };
    let mut carriers = vec![first];
    for (number, it) in all() {
        if it.fed_by.iter().any(|from| carriers.contains(from)) {
            carriers.push(number);
        }
    }
    let of_carriers = |from: &u32| carriers.contains(from);
    let leaks = all().any(|(number, it)| carriers.contains(&number) && leaks(it));
    let mut users = all()
        .filter(|it| it.1.argv.iter().any(|arg| arg.from.iter().any(of_carriers)))
        .peekable();
    !leaks && users.peek().is_some() && users.all(|it| it.1.program == "export")
}

/// True for what does more with its input than pass it on.
fn leaks(invocation: &Invocation) -> bool {
    let filter = matches!(
        invocation.program.as_str(),
        "cat"
            | "grep"
            | "egrep"
            | "sed"
            | "xargs"
            | "cut"
            | "tr"
            | "head"
            | "tail"
            | "echo"
            | "sort"
    );
    let writes = |op: RedirectOp| !matches!(op, RedirectOp::Read);
    let redirected = invocation
        .redirects
        .iter()
        .any(|it| writes(it.op) && it.target.text != "/dev/null");
    !filter || redirected
}
