//! Owns the two processes: `hookbin`, which is the hook and hands everything else over to its companion, and
//! `hookbin-cli`, the companion with all subcommands. Apart, because what a subcommand needs would make every
//! hook call slower to start. Invariant: the hook starts no process and reaches no argument parser.

use std::io;

use crate::cmd::FAILED;
use crate::dirs;
use crate::event::INPUT_LIMIT;
use crate::hook::{self, Args};
use crate::host::Host;
use crate::host::os::Os;
use crate::host::raw::Direction;
use crate::host::{alloc, raw, stdio};
use crate::response::EXIT_BLOCK;

/// Runs `hookbin` and returns its exit code.
pub fn run() -> u8 {
    alloc::switch_on();
    let mut args = stdio::args();
    if args.get(1).is_some_and(|it| it == "hook") && !args.iter().any(|it| it == "--help") {
        let mut parsed = Args::parse(args.drain(2..));
        parsed.given.program = args.swap_remove(0);
        // Nothing is left to tidy up: what the runtime does at the end of a process is not worth it.
        raw::leave(i32::from(hook(&parsed)));
    }
    hand_over(&args)
}

/// Runs `hookbin-cli` and returns its exit code.
pub fn run_companion() -> u8 {
    crate::cmd::main(&stdio::args(), &Os)
}

/// Goes on as the companion beside this executable; comes back only where that cannot be.
fn hand_over(args: &[String]) -> u8 {
    let companion = dirs::companion(&Os.executable());
    let error = raw::exec(&companion, args);
    let advice = if error.kind() == io::ErrorKind::NotFound {
        "it holds every command but `hook`. The guard itself works; copy or install both files again."
    } else {
        "it holds every command but `hook`. The guard itself works."
    };
    let text = format!("hookbin: {companion} cannot be started: {error}\n{advice}\n");
    // Where stderr is closed there is nobody to tell.
    let _ = raw::write_stderr(text.as_bytes());
    FAILED
}

fn hook(args: &Args) -> u8 {
    raw::guard_process(hook::crash(&args.event, args.direction()));
    let os = Os;
    let input = raw::read_stdin(INPUT_LIMIT).map_err(|error| format!("stdin: {error}"));
    let response = hook::run(args, &os, input);
    let told = raw::write_stdout(response.stdout.as_bytes());
    let noted = raw::write_stderr(response.stderr.as_bytes());
    match told.and(noted) {
        Ok(()) => response.exit,
        Err(error) => unheard(response.exit, &error),
    }
}

/// The exit code of an answer of which a part could not be written. A refusal stays one; a question, or
/// a warning, that nobody hears must not let the call run where a failure is a refusal.
fn unheard(exit: u8, error: &io::Error) -> u8 {
    let refuses = matches!(raw::direction(), Direction::Closed | Direction::Denying);
    if exit != 0 || !refuses {
        return exit;
    }
    let reason = format!("denied by hookbin-failure: the answer could not be written: {error}");
    // The exit code speaks where nobody hears this either.
    let _ = raw::write_stderr(reason.as_bytes());
    EXIT_BLOCK
}
