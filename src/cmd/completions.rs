//! Owns `hookbin completions`: the completion script of a shell, derived from the command line itself.
//! Invariant: nothing is written but to the output.

use std::io::Write;

use clap::CommandFactory as _;
use clap_complete::Shell;

use crate::cli::Cli;

/// Which shell.
#[derive(Clone, Debug, clap::Args)]
pub struct CompletionsArgs {
    /// The shell that will read the script
    shell: Shell,
}

/// Prints the script.
pub fn run(args: &CompletionsArgs, out: &mut dyn Write) -> anyhow::Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "hookbin", &mut script);
    out.write_all(&script)?;
    Ok(0)
}
