//! Owns whether shell text stays inside a wall: every invocation of the reading, through wrappers,
//! pipes, substitutions and functions, and every file that is written. Does not own what a profile admits
//! (`profile`, `program`). Invariant: what is not known is outside.

use super::variable::{sets_steering, steers, steers_to};
use super::{Cx, Outside, Profile, Wall, git, pattern, program};
use crate::event::{Role, ToolCall};
use crate::path::Class;
use crate::policy::tools::parts;
use crate::shell::access::AccessKind;
use crate::shell::{ArgFlags, Context, Cwd, Invocation, Reading, RedirectOp, UNKNOWN};
use crate::word::listed;

const UNREAD: &str = "it cannot be read completely";
const UNKNOWN_PROGRAM: &str = "which program runs is not known";
const UNLISTED: &str = "nothing lists it";
const STEERS: &str = "it sets a variable that decides what programs start";
const WRITES: &str = "it writes a file";

/// Builtins of the shell that change nothing beyond it.
const INERT: &str = " : true false cd pushd popd dirs pwd echo printf test [ [[ exit return break continue \
    shift set shopt unset local declare typeset readonly export read mapfile readarray getopts let wait \
    sleep type times ulimit umask trap hash jobs disown exec eval set-location push-location pop-location \
    write-output write-host write-error ";

/// What only starts other programs, which are looked at themselves.
const TRANSPARENT: &str = " env timeout nice ionice nohup time stdbuf setsid command builtin exec eval xargs \
    noglob caffeinate bash sh zsh dash ksh foreach-object ";

/// Directories of the system's own programs.
const BINARIES: &str = " /bin /usr/bin /usr/local/bin /sbin /usr/sbin /opt/homebrew/bin ";

/// The first part of the text that is not inside.
pub(super) fn outside(cx: &Cx, call: &ToolCall, tool: &str, wall: &Wall) -> Option<Outside> {
    let reading = cx.reading.unwrap_or(&crate::guard::NO_READING);
    let whole = |why| Outside {
        what: call.name.to_string(),
        why,
        span: None,
    };
    if !reading.problems.is_empty() {
        return Some(whole(UNREAD));
    }
    if call
        .parts
        .iter()
        .any(|it| matches!(it.role, Role::Shell(_)) && loops_over_steering(&it.text()))
    {
        return Some(whole(STEERS));
    }
    let list = wall.allow.iter().map(|it| parts(it));
    let commands = list.filter(|it| it.0 == tool).filter_map(|it| it.1);
    let text = Text {
        cx,
        reading,
        wall,
        commands: commands.collect(),
    };
    let all = reading.invocations.iter().enumerate();
    all.into_iter().find_map(|(index, invocation)| {
        let why = text.admit(index, invocation).err()?;
        Some(Outside {
            what: invocation.display(),
            why,
            span: Some(invocation.span),
        })
    })
}

/// `for PATH in …`: the reading does not say what loops set.
fn loops_over_steering(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let mut named = false;
    words.any(|it| {
        let steered = named && steers(it);
        named = matches!(it, "for" | "select");
        steered
    })
}

/// One piece of shell text and the wall around it.
pub(super) struct Text<'a> {
    pub(super) cx: &'a Cx<'a>,
    pub(super) reading: &'a Reading,
    wall: &'a Wall<'a>,
    /// What stands in the parentheses of the wall's patterns of commands.
    commands: Vec<&'a str>,
}

impl Text<'_> {
    fn admit(&self, index: usize, invocation: &Invocation) -> Result<(), &'static str> {
        let set = invocation.assignments.iter();
        if set.into_iter().any(|it| steers_to(&it.name, &it.value)) {
            return Err(STEERS);
        }
        self.redirects(invocation)?;
        if invocation.argv.is_empty() {
            return Ok(());
        }
        // A function's own name: what stands in it is looked at.
        if self
            .children(index)
            .any(|it| it.context.has(Context::FUNCTION))
        {
            return Ok(());
        }
        if invocation.program_unknown() || invocation.program.contains(UNKNOWN) {
            return Err(UNKNOWN_PROGRAM);
        }
        let listed = |list: &str| listed(list, &invocation.program);
        if sets_steering(invocation) {
            return Err(STEERS);
        }
        let named = is_of_system(invocation);
        if named && (listed(INERT) || only_repeats(invocation)) && is_inert(invocation) {
            return Ok(());
        }
        if invocation.program == "git" && git::is_turned(invocation) {
            return Err("it makes git start something else");
        }
        if self.is_patterned(invocation, named) || self.is_named_by_parent(invocation) {
            return Ok(());
        }
        if named && listed(TRANSPARENT) && self.is_transparent(index, invocation) {
            return Ok(());
        }
        if self.wall.profile == Profile::None {
            return Err(UNLISTED);
        }
        if !named {
            return self.own_script(index, invocation);
        }
        program::admit(self.wall.profile, self, index, invocation)
    }

    /// What the invocation starts.
    pub(super) fn children(&self, index: usize) -> impl Iterator<Item = &Invocation> {
        let parent = u32::try_from(index).ok();
        let all = self.reading.invocations.iter();
        all.filter(move |it| it.parent.is_some() && it.parent == parent)
    }

    fn redirects(&self, invocation: &Invocation) -> Result<(), &'static str> {
        for redirect in &invocation.redirects {
            let target = &redirect.target;
            if target.flags.has(ArgFlags::PROCESS) {
                continue;
            }
            if redirect.socket().is_some() {
                return Err("it opens a connection");
            }
            let writes = matches!(
                redirect.op,
                RedirectOp::Write | RedirectOp::Append | RedirectOp::ReadWrite
            );
            if writes && !self.may_write(&invocation.cwd, &target.text) {
                return Err(WRITES);
            }
        }
        Ok(())
    }

    /// True for a place that keeps nothing, and one that the wall lets tools edit.
    pub(super) fn may_write(&self, cwd: &Cwd, path: &str) -> bool {
        let located = self.cx.locator.locate(cwd, path);
        if located.known && located.classes.has(Class::Sink) {
            return true;
        }
        if self.wall.profile == Profile::Unattended {
            return true;
        }
        let edits = self.wall.allow.iter().map(|it| parts(it));
        edits
            .filter(|it| matches!(it.0, "Edit" | "Write"))
            .any(|it| {
                it.1.is_none_or(|inner| {
                    located.known && pattern::names_path(self.cx, inner, &located.lexical, true)
                })
            })
    }

    /// True where a pattern of the wall names the invocation.
    fn is_patterned(&self, invocation: &Invocation, named: bool) -> bool {
        self.commands.iter().any(|it| {
            let placed = it.split(' ').next().is_some_and(|it| it.contains('/'));
            (named || placed || it.starts_with('*')) && pattern::names(it, invocation)
        })
    }

    /// `Bash(uv run pytest *)` names the program that is started as well, and `Bash(ssh *)` whatever runs
    /// on another machine.
    fn is_named_by_parent(&self, invocation: &Invocation) -> bool {
        let Some(parent) = invocation.parent.and_then(|it| self.reading.at(it)) else {
            return false;
        };
        // What git wants at the other end may be this machine.
        let elsewhere =
            invocation.context.has(Context::REMOTE | Context::CONTAINER) && parent.program != "git";
        let names = |it: &&str| {
            let mut words = it.split(' ').skip(1);
            pattern::names(it, parent)
                && (elsewhere || words.any(|word| word == invocation.program))
        };
        is_of_system(parent) && self.commands.iter().any(names)
    }

    /// True for a wrapper that says what it starts.
    fn is_transparent(&self, index: usize, invocation: &Invocation) -> bool {
        let mut args = invocation.args().iter();
        let runs = |it: &crate::shell::access::Access| it.kind == AccessKind::Execute;
        let own = invocation.argv.first().map_or("", |it| it.text.as_str());
        let mut scripts = self.cx.accesses.of(index).iter().filter(|it| runs(it));
        !args.any(|it| matches!(it.text.as_str(), "--rcfile" | "--init-file"))
            && scripts.all(|it| it.path.text == own)
            && self.children(index).next().is_some()
    }

    /// A program of the project's own, which ordinary development may run.
    fn own_script(&self, index: usize, invocation: &Invocation) -> Result<(), &'static str> {
        if self.runs_own(index, invocation) && self.wall.profile == Profile::Unattended {
            Ok(())
        } else {
            Err("it is no program of the system")
        }
    }

    /// True where a file of the project is run.
    pub(super) fn runs_own(&self, index: usize, invocation: &Invocation) -> bool {
        self.cx.accesses.of(index).iter().any(|it| {
            let place = || self.cx.locator.locate(&invocation.cwd, &it.path.text);
            it.kind == AccessKind::Execute && place().classes.has(Class::InProject)
        })
    }
}

/// False for the builtins' ways to start or to teach something.
fn is_inert(invocation: &Invocation) -> bool {
    let first = invocation.args().first().map_or("", |it| &it.text);
    match invocation.program.as_str() {
        "exec" | "eval" => first.is_empty(),
        "hash" => !first.starts_with("-p"),
        _ => true,
    }
}

/// `cat <<EOF`: the text stands in the command.
fn only_repeats(invocation: &Invocation) -> bool {
    invocation.program == "cat"
        && invocation.args().is_empty()
        && invocation.documents().next().is_some()
}

/// True where the program is called by its name alone, or by its place among the system's.
fn is_of_system(invocation: &Invocation) -> bool {
    let text = invocation.argv.first().map_or("", |it| it.text.as_str());
    match text.rsplit_once('/') {
        Some((directory, _)) => listed(BINARIES, directory),
        None => true,
    }
}
