//! The companion process: arguments and streams in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(hookbin::process::run_companion())
}
