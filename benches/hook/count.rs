//! Owns the count of instructions under callgrind, which does not depend on how busy the machine is.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::spawn::Runner;

pub(crate) fn available() -> bool {
    let mut command = Command::new("valgrind");
    let status = command.arg("--version").stdout(Stdio::null()).status();
    status.is_ok_and(|it| it.success())
}

/// The instructions of one run; `None` where it does not run under valgrind as it does without.
pub(crate) fn instructions(runner: &mut Runner) -> Result<Option<f64>> {
    let program = runner.program.display().to_string();
    let before = [
        "--tool=callgrind",
        "--callgrind-out-file=/dev/null",
        &program,
    ];
    let output = runner
        .command("valgrind".as_ref(), &before)?
        .stderr(Stdio::piped())
        .output()?;
    if output.status.code() != Some(runner.expected) {
        return Ok(None);
    }
    let text = String::from_utf8_lossy(&output.stderr);
    Ok(collected(&text))
}

/// The profile of one run, with the names of functions as the linker knows them.
pub(crate) fn profile(runner: &mut Runner) -> Result<Option<String>> {
    let file = std::env::temp_dir().join(format!("hookbin-profile-{}", std::process::id()));
    let program = runner.program.display().to_string();
    let out = format!("--callgrind-out-file={}", file.display());
    let before = ["--tool=callgrind", "--demangle=no", &out, &program];
    let output = runner
        .command("valgrind".as_ref(), &before)?
        .stderr(Stdio::piped())
        .output()?;
    let profile = std::fs::read_to_string(&file);
    let _ = std::fs::remove_file(&file);
    Ok(profile
        .ok()
        .filter(|_| output.status.code() == Some(runner.expected)))
}

/// The number of the line `==123== Collected : 161700`.
fn collected(text: &str) -> Option<f64> {
    let line = text.lines().find(|it| it.contains("Collected :"))?;
    line.rsplit(' ').next()?.replace(',', "").parse().ok()
}
