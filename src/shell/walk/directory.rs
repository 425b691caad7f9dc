//! Owns the working directory of the shell and the stack of those before it: `cd`, `CDPATH`, `pushd`, `~1`.
//! Does not own where a directory really is (`path`). Invariant: a directory that is not known is unknown,
//! never the one before.

use std::rc::Rc;

use crate::shell::invocation::{Arg, ArgFlags, Cwd, GUARDED, Span, UNKNOWN};

use super::Walker;
use super::state::{Value, enter};

impl Walker<'_> {
    pub(super) fn push_directory(&mut self, args: &[Arg]) {
        Rc::make_mut(&mut self.state.stack).push(self.state.cwd.clone());
        self.change_directory(args);
    }

    pub(super) fn pop_directory(&mut self) {
        let back = Rc::make_mut(&mut self.state.stack).pop();
        let back = back.unwrap_or(Cwd::Unknown);
        self.state.before = Some(std::mem::replace(&mut self.state.cwd, back));
    }

    /// `~1`, `~+2`: the directory that stands so deep in the stack, from the top.
    pub(super) fn stacked(&self, name: &str) -> Option<Arg> {
        let number = name.strip_prefix('~')?;
        let depth: usize = number.strip_prefix('+').unwrap_or(number).parse().ok()?;
        let stack = &self.state.stack;
        let place = match stack.len().checked_sub(depth) {
            Some(at) => stack.get(at).unwrap_or(&self.state.cwd),
            None => return None,
        };
        let path = self.absolute(place)?;
        Some(Arg::literal(path, Span::default()))
    }

    /// The directory in which `cd` looks for a name first.
    fn searched(&self, name: &str) -> Cwd {
        let plain = !name.starts_with(['/', '.']);
        if let Some(Value::Scalar(them)) = self.state.get("CDPATH").filter(|_| plain)
            && let [one] = them.as_slice()
            && let Some(first) = one.text.split(':').find(|it| it.starts_with('/'))
        {
            return enter(&self.state.cwd, first);
        }
        self.state.cwd.clone()
    }

    pub(super) fn change_directory(&mut self, args: &[Arg]) {
        let mut operands = args.iter().skip_while(|it| {
            matches!(
                it.text.as_str(),
                "-P" | "-L" | "-e" | "-@" | "--" | "-q" | "-s" | "-n"
            )
        });
        let to = match operands.next() {
            None if self.around.home.is_empty() => Cwd::Unknown,
            None => self.home(),
            Some(arg) if arg.text == "-" => self.state.before.clone().unwrap_or(Cwd::Unknown),
            Some(arg) if can_be_followed(arg) => {
                if arg.text.is_empty() {
                    self.state.cwd.clone()
                } else {
                    let linked =
                        self.through_links(&Arg::literal(format!("{}/", arg.text), arg.span));
                    let base = self.searched(&arg.text);
                    enter(&base, linked.as_deref().unwrap_or(&arg.text))
                }
            }
            Some(_) => Cwd::Unknown,
        };
        self.state.before = Some(std::mem::replace(&mut self.state.cwd, to));
    }

    fn home(&mut self) -> Cwd {
        match self.state.get("HOME") {
            Some(Value::Scalar(them)) => match them.as_slice() {
                [one] if one.is_known() => enter(&self.state.cwd, &one.text),
                _ => Cwd::Unknown,
            },
            Some(Value::List(_)) => Cwd::Unknown,
            None => Cwd::At(self.around.home.to_owned()),
        }
    }
}

/// True where it is known where a directory is, be it by a name that only `mktemp` knows: that part names
/// nothing outside the place in which it stands, and says nothing where it stands first.
fn can_be_followed(arg: &Arg) -> bool {
    !arg.flags.has(ArgFlags::GLOB | ArgFlags::MANY)
        && !arg.text.starts_with(['~', GUARDED])
        && !arg.text.contains(UNKNOWN)
}
