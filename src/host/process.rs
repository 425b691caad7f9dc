//! Owns what only subcommands may do beyond [`Host`](super::Host): run a program and wait for it, and
//! make a private directory. Does not own which. Invariant: never used on the hook path, which starts
//! no process.

use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::process::{Command, Stdio};

/// What a program answered: exit code (-1 where a signal ended it), stdout, stderr.
pub type Answer = (i32, Vec<u8>, Vec<u8>);

/// The machine as subcommands may use it.
pub trait Machine {
    /// Runs a program to its end with this standard input.
    fn run(&self, program: &str, args: &[String], stdin: &[u8]) -> io::Result<Answer>;
    /// Gives a file exactly this mode, whatever the umask says.
    fn set_mode(&self, path: &str, mode: u32) -> io::Result<()>;
    /// Makes a directory, and those above it, that only this user may enter.
    fn private_directory(&self, path: &str) -> io::Result<()>;
}

/// The real machine.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsMachine;

impl Machine for OsMachine {
    fn run(&self, program: &str, args: &[String], stdin: &[u8]) -> io::Result<Answer> {
        run(program, args, stdin)
    }

    fn set_mode(&self, path: &str, mode: u32) -> io::Result<()> {
        fs::set_permissions(path, Permissions::from_mode(mode))
    }

    fn private_directory(&self, path: &str) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        fs::set_permissions(path, Permissions::from_mode(0o700))
    }
}

/// Runs a program to its end. The input must be small enough for a pipe to hold.
pub fn run(program: &str, args: &[String], stdin: &[u8]) -> io::Result<Answer> {
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    if let Some(mut pipe) = child.stdin.take() {
        // A program that ends without reading is no failure of ours: its answer tells.
        let _ = pipe.write_all(stdin);
    }
    let output = child.wait_with_output()?;
    let code = output.status.code().unwrap_or(-1);
    Ok((code, output.stdout, output.stderr))
}

#[cfg(test)]
mod tests {
    use super::run;

    #[track_caller]
    fn check(script: &str, stdin: &str, wanted: (i32, &str, &str)) {
        let args = ["-c".to_owned(), script.to_owned()];
        let (code, out, err) = run("/bin/sh", &args, stdin.as_bytes()).unwrap();
        let texts = (
            String::from_utf8(out).unwrap(),
            String::from_utf8(err).unwrap(),
        );
        assert_eq!((code, texts.0.as_str(), texts.1.as_str()), wanted);
    }

    #[test]
    fn hands_over_input_and_answer() {
        check("cat; echo no >&2; exit 2", "hello", (2, "hello", "no\n"));
        check("exit 0", "never read", (0, "", ""));
        check("kill -9 $$", "", (-1, "", ""));
    }

    #[test]
    fn a_missing_program_is_an_error() {
        assert!(run("/no/such/program", &[], b"").is_err());
    }
}
