//! Owns the process: which of the two programs in this executable runs, the hook or the command line,
//! and what surrounds it. Invariant: the hook never reaches the argument parser of the command line.

use std::io;

use crate::event::INPUT_LIMIT;
use crate::hook::{self, Args};
use crate::host::os::Os;
use crate::host::raw::Direction;
use crate::host::{alloc, raw, stdio};
use crate::response::EXIT_BLOCK;

/// Runs the process and returns its exit code.
pub fn run() -> u8 {
    alloc::switch_on();
    let mut args = stdio::args();
    if args.get(1).is_some_and(|it| it == "hook") && !args.iter().any(|it| it == "--help") {
        let mut parsed = Args::parse(args.drain(2..));
        parsed.given.program = args.swap_remove(0);
        // Nothing is left to tidy up: what the runtime does at the end of a process is not worth it.
        raw::leave(i32::from(hook(&parsed)));
    }
    // Whoever handles much data gives memory back.
    alloc::switch_off();
    crate::cmd::main(&args, &Os)
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
