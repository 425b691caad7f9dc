//! Owns the process: which of the two programs in this executable runs, the hook or the command line,
//! and what surrounds it. Invariant: the hook never reaches the argument parser of the command line.

use crate::event::INPUT_LIMIT;
use crate::hook::{self, Args};
use crate::host::os::Os;
use crate::host::{alloc, raw, stdio};

/// Runs the process and returns its exit code.
pub fn run() -> u8 {
    alloc::switch_on();
    let mut args = stdio::args();
    if args.get(1).is_some_and(|it| it == "hook") && !args.iter().any(|it| it == "--help") {
        return hook(&Args::parse(args.drain(2..)));
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
    // A reader that is gone is no failure; any other error leaves exit code and the other stream.
    let told = raw::write_stdout(response.stdout.as_bytes());
    let noted = raw::write_stderr(response.stderr.as_bytes());
    let Err(error) = told.and(noted) else {
        return response.exit;
    };
    if response.exit == 0 && args.failure_exit() != 0 {
        let reason = format!("hookbin could not answer, so this is refused: {error}");
        // The exit code speaks where nobody hears this either.
        let _ = raw::write_stderr(reason.as_bytes());
    }
    args.failure_exit()
}
