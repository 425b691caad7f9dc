//! Owns what only subcommands may do beyond [`Host`](super::Host): run a program and wait for it, and
//! make a private directory. Does not own which. Invariant: never used on the hook path, which starts
//! no process.

use std::fs::{self, DirBuilder, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::process::{Command, Stdio};
use std::time::Duration;

/// What a program answered: exit code (-1 where a signal ended it), stdout, stderr.
pub type Answer = (i32, Vec<u8>, Vec<u8>);

/// The machine as subcommands may use it.
pub trait Machine {
    /// Runs a program to its end with this standard input.
    fn run(&self, program: &str, args: &[String], stdin: &[u8]) -> io::Result<Answer>;
    /// Runs a program with this standard input and hears nothing of what it says; it is ended after so many
    /// seconds. Its exit code, -1 where a signal ended it.
    fn feed(
        &self,
        _program: &str,
        _args: &[String],
        _stdin: &[u8],
        _seconds: u64,
    ) -> io::Result<i32> {
        Err(io::ErrorKind::Unsupported.into())
    }
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

    fn feed(&self, program: &str, args: &[String], stdin: &[u8], seconds: u64) -> io::Result<i32> {
        feed(program, args, stdin, seconds)
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

/// How often a program is looked after, in milliseconds.
const LOOK: u64 = 20;

/// Runs a program that gets a text and is ended where it takes too long. The text must be small enough for
/// a pipe to hold.
fn feed(program: &str, args: &[String], stdin: &[u8], seconds: u64) -> io::Result<i32> {
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut pipe) = child.stdin.take() {
        // A program that ends without reading is no failure of ours: its exit code tells.
        let _ = pipe.write_all(stdin);
    }
    for _ in 0..seconds * 1000 / LOOK {
        if let Some(status) = child.try_wait()? {
            return Ok(status.code().unwrap_or(-1));
        }
        std::thread::sleep(Duration::from_millis(LOOK));
    }
    child.kill()?;
    child.wait()?;
    Err(io::ErrorKind::TimedOut.into())
}

#[cfg(test)]
mod tests {
    use super::{feed, run};

    #[test]
    fn a_fed_program_is_not_heard_and_not_waited_for_without_end() {
        let run = |script: &str| {
            let args = ["-c".to_owned(), script.to_owned()];
            feed("/bin/sh", &args, b"hello", 1)
        };
        assert_eq!(run("read it; test \"$it\" = hello; exit 3").unwrap(), 3);
        assert_eq!(run("yes").unwrap_err().kind(), std::io::ErrorKind::TimedOut);
        assert!(feed("/no/such/program", &[], b"", 1).is_err());
    }

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
