//! The process: arguments and streams in, exit code out.

fn main() {}
