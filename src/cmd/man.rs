//! Owns `hookbin man`: the manual pages, derived from the command line itself. Invariant: one page per
//! command, named as `man` looks for it.

use std::io::Write;

use anyhow::Context as _;
use clap::CommandFactory as _;
use clap_mangen::Man;

use super::World;
use crate::cli::Cli;

/// Where the pages go.
#[derive(Clone, Debug, clap::Args)]
pub struct ManArgs {
    /// Write one page per command into this directory instead of printing the main page
    #[arg(long, value_name = "DIR")]
    out: Option<String>,
}

/// Prints the main page, or writes all.
pub fn run(args: &ManArgs, world: &World, out: &mut dyn Write) -> anyhow::Result<u8> {
    let mut command = Cli::command();
    command.build();
    let Some(directory) = &args.out else {
        out.write_all(&page(command)?)?;
        return Ok(0);
    };
    let directory = if directory.starts_with('/') {
        directory.trim_end_matches('/').to_owned()
    } else {
        format!("{}/{}", world.cwd, directory.trim_end_matches('/'))
    };
    let mut pages = vec![("hookbin".to_owned(), command.clone())];
    for sub in command
        .get_subcommands()
        .filter(|it| it.get_name() != "help")
    {
        pages.push((format!("hookbin-{}", sub.get_name()), sub.clone()));
    }
    for (name, command) in pages {
        let path = format!("{directory}/{name}.1");
        world
            .host
            .write(&path, &page(command)?, 0o644)
            .with_context(|| format!("cannot write {path}"))?;
        writeln!(out, "{path}")?;
    }
    Ok(0)
}

fn page(command: clap::Command) -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    Man::new(command).render(&mut text)?;
    Ok(text)
}
