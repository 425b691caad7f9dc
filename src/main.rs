//! The process: arguments and streams in, exit code out.

use std::process::ExitCode;

use hookbin::host::alloc::Bump;

#[global_allocator]
static ALLOCATOR: Bump = Bump;

fn main() -> ExitCode {
    ExitCode::from(hookbin::process::run())
}
