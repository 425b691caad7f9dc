//! Owns the way from a parsed command line to what a subcommand prints and its exit code. Does not own
//! the hook (`hook`) nor the arguments (`cli`, and each file here). Invariant: an error is one line on
//! stderr and exit code 2; what people asked for is on stdout.

pub mod allow;
pub mod audit;
pub mod ci;
pub mod completions;
pub mod explain;
pub mod import;
pub mod install;
pub mod man;
pub mod notify;
pub mod paint;
pub mod policy;
pub mod reset;
pub mod rules;
mod start;
pub mod status;
pub mod test;
pub mod trust;

use std::io::{self, Write};

pub use start::main;

use self::explain::Engine;
use self::paint::Paint;
use crate::cli::{Cli, Command};
use crate::host::process::Machine;
use crate::host::{Dirs, Host, people};
use crate::path::Places;

/// Everything a subcommand may see and use.
#[derive(Clone, Copy)]
pub struct World<'a> {
    pub host: &'a dyn Host,
    pub machine: &'a dyn Machine,
    pub engine: &'a dyn Engine,
    pub dirs: &'a Dirs,
    /// The working directory.
    pub cwd: &'a str,
    /// The project of the working directory, as [`project_of`] finds it.
    pub project: &'a str,
    pub paint: Paint,
}

/// The answer is no, or problems were found.
pub const NO: u8 = 1;
/// Wrong usage, or a failure.
pub const FAILED: u8 = 2;

/// Runs a subcommand and returns the exit code of the process.
pub fn run(cli: &Cli, world: &World, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let result = dispatch(&cli.command, world, out).and_then(|code| {
        out.flush()?;
        Ok(code)
    });
    match result {
        Ok(code) => code,
        Err(error) if is_closed_pipe(&error) => 0,
        Err(error) => {
            // Where stderr is closed too there is nobody left to tell.
            let _ = writeln!(err, "hookbin: {error:#}");
            FAILED
        }
    }
}

fn dispatch(command: &Command, world: &World, out: &mut dyn Write) -> anyhow::Result<u8> {
    match command {
        Command::Hook(_) => anyhow::bail!("`hookbin hook` is started by the client, not by people"),
        Command::Install(args) => install::install(args, world, out),
        Command::Uninstall(args) => install::uninstall(args, world, out),
        Command::Status(args) => status::run(args, world, out),
        Command::Test(args) => test::run(args, world.host, world.cwd, out),
        Command::Rules(args) => rules::run(args, world.host, &places(world), out),
        Command::Policy(args) => policy::run(args, world.host, &places(world), out),
        Command::Trust(args) => {
            let done = trust::run(
                args,
                world.host,
                &places(world),
                &|| people::confirm(world.host),
                out,
            )?;
            append(world, done)
        }
        Command::Allow(args) => {
            let done = allow::run(
                args,
                world.host,
                &places(world),
                &|| people::confirm(world.host),
                out,
            )?;
            append(world, done)
        }
        Command::Reset(args) => {
            let done = reset::run(args, world, &|| people::confirm(world.host), out)?;
            append(world, done)
        }
        Command::Ci(args) => ci::run(args, world, out),
        Command::Audit(args) => audit::run(
            args,
            world.host,
            world.dirs,
            world.project,
            out,
            world.paint.is_on(),
        ),
        Command::Explain(args) => explain::run(args, world, out),
        Command::Notify(args) => notify::run(args, world, &|| people::confirm(world.host), out),
        Command::Import(args) => import::run(args, world, out),
        Command::Completions(args) => completions::run(args, out),
        Command::Man(args) => man::run(args, world, out),
    }
}

/// The places a subcommand speaks of: those of the working directory.
fn places(world: &World) -> Places {
    Places::new(world.cwd, world.project, &[], &[], world.dirs)
}

/// Puts what a person granted into the audit chain.
fn append(world: &World, done: allow::Granted) -> anyhow::Result<u8> {
    if let Some(record) = done.record {
        crate::audit::append(world.host, world.dirs, &record, true)?;
    }
    Ok(done.code)
}

/// The project of a working directory: `CLAUDE_PROJECT_DIR`, or the nearest directory upwards, below
/// the home, that holds `.claude` or `.git`, or else the working directory itself.
pub fn project_of(host: &dyn Host, cwd: &str, home: &str) -> String {
    if let Some(project) = host.env("CLAUDE_PROJECT_DIR")
        && project.starts_with('/')
    {
        return project;
    }
    let mut at = cwd.trim_end_matches('/');
    while !at.is_empty() && at != home {
        let holds = |name: &str| host.metadata(&format!("{at}/{name}")).is_ok();
        if holds(".claude") || holds(".git") {
            return at.to_owned();
        }
        at = at.rsplit_once('/').map_or("", |(parent, _)| parent);
    }
    cwd.to_owned()
}

/// A reader such as `head` that has seen enough is no failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<io::Error>();
    io.is_some_and(|it| it.kind() == io::ErrorKind::BrokenPipe)
}

/// A path as given on the command line, absolute and without `.`, `..` and doubled slashes.
fn absolute(places: &Places, written: &str) -> String {
    let home = places.own.home.as_str();
    let base = match written.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => format!("{home}{rest}"),
        _ if written.starts_with('/') => written.to_owned(),
        _ => format!("{}/{written}", places.cwd),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests;
