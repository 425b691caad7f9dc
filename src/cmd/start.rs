//! Owns the start of a subcommand: arguments become a [`Cli`], the process's surroundings a [`World`].

use std::io::Write;

use clap::Parser;

use super::explain::engine::LiveEngine;
use super::paint::Paint;
use super::{FAILED, World, project_of, run};
use crate::cli::Cli;
use crate::dirs::{self, Given};
use crate::host::process::OsMachine;
use crate::host::{Host, stdio};

/// Parses the arguments and runs the subcommand; returns the exit code of the process.
pub fn main(args: &[String], host: &dyn Host) -> u8 {
    let mut out = stdio::stdout();
    let mut err = stdio::stderr();
    let cli = match Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(FAILED);
            // Help and version go to stdout, wrong usage to stderr; clap knows which and colours it.
            return if error.print().is_ok() { code } else { FAILED };
        }
    };
    let cwd = stdio::current_dir();
    let home = host.env("HOME").unwrap_or_default();
    let project = project_of(host, &cwd, &home);
    let given = Given {
        program: dirs::called(host, args.first().map_or("", String::as_str), &cwd),
        ..cli.command.given()
    };
    let dirs = match dirs::find(host, &given, &project) {
        Ok(dirs) => dirs,
        Err(reason) => {
            // Where stderr is closed too there is nobody left to tell.
            let _ = writeln!(err, "hookbin: {reason}");
            return FAILED;
        }
    };
    let world = World {
        host,
        machine: &OsMachine,
        engine: &LiveEngine {
            host,
            dirs: &dirs,
            cwd: &cwd,
            project: &project,
        },
        dirs: &dirs,
        cwd: &cwd,
        project: &project,
        paint: Paint::detect(host, stdio::reads_stdout()),
    };
    run(&cli, &world, &mut out, &mut err)
}
