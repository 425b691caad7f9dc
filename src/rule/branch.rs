//! Owns the question which branch a git command means where it names none: the last one that the text
//! switches to, else that of the repository it runs in. Does not own how HEAD is read (`head`) nor what
//! follows. Invariant: a branch that cannot be told is no branch.

use super::head;
use super::matcher::Query;
use crate::shell::{Arg, Invocation, Span, flags};

/// Directories looked at on the way up to the repository.
const DEPTH_LIMIT: usize = 64;

/// The name of the branch that is checked out where the invocation runs, `index`th of the reading.
pub(super) fn current(query: &Query, index: usize, invocation: &Invocation) -> Option<String> {
    let earlier = query.reading.invocations.get(..index)?;
    if let Some(branch) = earlier.iter().rev().find_map(switched_to) {
        return Some(branch);
    }
    let here = Arg::literal(".", Span::default());
    let given = flags::options(invocation).values_of(&["-C"]).pop();
    let directory = given.unwrap_or(here);
    let place = query.locator.locate(&invocation.cwd, &directory.text);
    if !place.known {
        return None;
    }
    let mut at = place.real.trim_end_matches('/');
    for _ in 0..DEPTH_LIMIT {
        if query.locator.host.metadata(&format!("{at}/.git")).is_ok() {
            return head::branch(query.locator.host, at);
        }
        at = at.rsplit_once('/')?.0;
    }
    None
}

/// What `git switch` and `git checkout` leave checked out; a checkout of paths leaves what was.
fn switched_to(invocation: &Invocation) -> Option<String> {
    if invocation.program != "git" {
        return None;
    }
    let options = flags::options(invocation);
    let verb = options.operands.first()?;
    let created = options.values_of(&["-b", "-B", "--create", "--orphan"]);
    let switches = match verb.text.as_str() {
        "switch" => true,
        "checkout" => options.dashes.is_none(),
        _ => false,
    };
    let named = || options.operands.get(1).map(|it| it.text.clone());
    let first = created.first().map(|it| it.text.clone());
    // A name that cannot be seen is some other branch's.
    let name = first.or_else(named).unwrap_or_default();
    switches.then_some(name)
}
