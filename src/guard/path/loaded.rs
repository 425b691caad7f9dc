//! Owns whether the values that an invocation reads only become variables: `export $(grep -v '^#' .env |
//! xargs)`. Does not own what reading a place gets (`protection`). Invariant: true only where all of the
//! output goes into assignments.

use crate::guard::Cx;
use crate::shell::{Context, Invocation, RedirectOp};

/// True where all that the invocation prints is arguments of `export`.
pub(super) fn only_exported(cx: &Cx, invocation: &Invocation) -> bool {
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
