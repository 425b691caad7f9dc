//! Owns one measured process: started as the client starts it (posix_spawn, no shell), timed until it is
//! reaped, with its page faults. Invariant: a process that does not end as expected stops the benchmark;
//! a wrong answer has no speed.

use std::fs::File;
use std::io::{Seek, SeekFrom, Write};
use std::mem::MaybeUninit;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

/// A candidate: what is started, with what on stdin, and how it must end.
pub(crate) struct Runner {
    pub(crate) name: String,
    pub(crate) program: PathBuf,
    pub(crate) args: Vec<String>,
    pub(crate) home: PathBuf,
    /// What the client names as the project.
    pub(crate) project: PathBuf,
    pub(crate) stdin: PathBuf,
    /// Where the digits stand that make each call a call of its own; equal calls repeat a stored verdict.
    pub(crate) id_offset: Option<u64>,
    pub(crate) next_id: u32,
    pub(crate) expected: i32,
}

/// One run.
#[derive(Clone, Copy)]
pub(crate) struct Sample {
    micros: f64,
    faults: f64,
}

impl Runner {
    /// A program without arguments or input.
    pub(crate) fn plain(name: &str, program: &Path) -> Self {
        Self {
            name: name.to_owned(),
            program: program.to_owned(),
            args: Vec::new(),
            home: PathBuf::from("/"),
            project: PathBuf::from("/"),
            stdin: PathBuf::from("/dev/null"),
            id_offset: None,
            next_id: 0,
            expected: 0,
        }
    }

    /// The command with its input, each time a call that was not seen before.
    pub(crate) fn command(&mut self, program: &Path, before: &[&str]) -> Result<Command> {
        if let Some(offset) = self.id_offset {
            let mut file = File::options().write(true).open(&self.stdin)?;
            file.seek(SeekFrom::Start(offset))?;
            file.write_all(format!("{:08}", self.next_id).as_bytes())?;
            self.next_id += 1;
        }
        let mut command = Command::new(program);
        command
            .args(before)
            .args(&self.args)
            .env_clear()
            .env("HOME", &self.home)
            .env("CLAUDE_PROJECT_DIR", &self.project)
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .stdin(File::open(&self.stdin)?)
            .stdout(Stdio::null());
        Ok(command)
    }

    /// Starts it once and waits for it.
    pub(crate) fn run(&mut self) -> Result<Sample> {
        let program = self.program.clone();
        let mut command = self.command(&program, &[])?;
        command.stderr(Stdio::null());
        let start = Instant::now();
        let child = command
            .spawn()
            .with_context(|| format!("start {}", self.name))?;
        let (status, faults) = reap(child.id())?;
        let micros = start.elapsed().as_secs_f64() * 1e6;
        if status != Some(self.expected) {
            let output = self
                .command(&program, &[])?
                .stderr(Stdio::piped())
                .output()?;
            let (name, expected) = (&self.name, self.expected);
            bail!("{name}: ended with {status:?} instead of {expected}; again: {output:?}");
        }
        Ok(Sample { micros, faults })
    }
}

/// Waits for a child and returns its exit code (`None` after a signal) and its minor page faults.
#[expect(unsafe_code, reason = "std does not tell what a child used")]
fn reap(child: u32) -> Result<(Option<i32>, f64)> {
    let mut status = 0;
    let mut usage = MaybeUninit::<libc::rusage>::zeroed();
    let pid = libc::pid_t::try_from(child)?;
    // SAFETY: both pointers are to live, writable values of the right type; rusage is plain data for which
    // all zeroes is a value.
    let (reaped, usage) = unsafe {
        let reaped = libc::wait4(pid, &raw mut status, 0, usage.as_mut_ptr());
        (reaped, usage.assume_init())
    };
    if reaped != pid {
        bail!("wait4: {}", std::io::Error::last_os_error());
    }
    let code = libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status));
    let faults = i32::try_from(usage.ru_minflt).map_or(f64::MAX, f64::from);
    Ok((code, faults))
}

/// The figures of a candidate.
pub(crate) struct Summary {
    pub(crate) name: String,
    pub(crate) min: f64,
    pub(crate) quartile: f64,
    pub(crate) median: f64,
    /// The least of all runs: more are caused by others.
    pub(crate) faults: f64,
}

impl Summary {
    pub(crate) fn of(name: &str, samples: &[Sample]) -> Self {
        let mut micros: Vec<f64> = samples.iter().map(|it| it.micros).collect();
        micros.sort_by(f64::total_cmp);
        let at = |part: usize| {
            micros
                .get(micros.len() * part / 4)
                .copied()
                .unwrap_or(f64::NAN)
        };
        Self {
            name: name.to_owned(),
            min: at(0),
            quartile: at(1),
            median: at(2),
            faults: samples.iter().map(|it| it.faults).fold(f64::MAX, f64::min),
        }
    }
}
