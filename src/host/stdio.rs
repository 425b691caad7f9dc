//! Owns what a subcommand gets from the process it runs in: arguments, working directory, streams.

use std::io::{self, BufWriter, IsTerminal, Write};

/// The arguments of the process, the program first. What is not UTF-8 is marked.
pub fn args() -> Vec<String> {
    std::env::args_os()
        .map(|it| it.to_string_lossy().into_owned())
        .collect()
}

/// The working directory; empty where it is gone or not UTF-8.
pub fn current_dir() -> String {
    let dir = std::env::current_dir().ok();
    dir.and_then(|it| it.into_os_string().into_string().ok())
        .unwrap_or_default()
}

/// Whether a person reads standard output.
pub fn reads_stdout() -> bool {
    io::stdout().is_terminal()
}

/// Standard output, buffered.
pub fn stdout() -> impl Write {
    BufWriter::new(io::stdout().lock())
}

/// Standard error.
pub fn stderr() -> impl Write {
    io::stderr().lock()
}
