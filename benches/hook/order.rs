//! Owns `cargo bench -- --order`: which functions the measured events run, written as the linker script
//! that puts them side by side (`link/order.ld`). Does not own when the script is used (`build.rs`).
//! Invariant: a name in the script is a pattern without the hashes, which differ from compiler to compiler and
//! from directory to directory; one that fits nothing any more costs nothing.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::build::Build;
use crate::case::Workplace;
use crate::count;

/// The linker script, from the root of the package.
const SCRIPT: &str = "link/order.ld";

/// More calls than a session remembers.
const REMEMBERED: usize = 20;

/// Runs every event under callgrind and writes the script anew; the number of functions.
pub(crate) fn write(build: &Build, workplace: &Workplace) -> Result<usize> {
    if !count::available() {
        bail!("valgrind is not installed: it tells which functions run");
    }
    // Compiled rules are not kept while a file may still change within the same tick of its clock.
    std::thread::sleep(std::time::Duration::from_secs(3));
    let mut patterns = BTreeSet::new();
    for case in workplace.events()? {
        let mut runner = case.runner(build);
        // The first of a kind compiles rules and makes directories; the others do not. A session that
        // remembers as much as it may forgets the oldest call with every new one.
        for _ in 0..REMEMBERED {
            runner.run()?;
        }
        let profile = count::profile(&mut runner)?;
        let profile =
            profile.with_context(|| format!("{} does not run under valgrind", case.name))?;
        patterns.extend(profile.lines().filter_map(function).filter_map(pattern));
    }
    let mut script = String::from(HEAD);
    for pattern in &patterns {
        writeln!(script, "    *(.text.{pattern})")?;
    }
    script.push_str(TAIL);
    fs::write(Path::new(env!("CARGO_MANIFEST_DIR")).join(SCRIPT), script)?;
    Ok(patterns.len())
}

const HEAD: &str = "/* The functions that a hook call runs, side by side: a page that is touched brings its neighbours.
   Written by `cargo bench -- --order`. */
SECTIONS {
  .text.hook : {
";
/// The C library's own functions are few enough to take them all.
const TAIL: &str = "    *libc.a:*(.text .text.*)
  }
} INSERT BEFORE .text;

/* A panic ends the process, so nothing is ever unwound; what the C start-up files refer to stays. */
SECTIONS {
  /DISCARD/ : {
    *(EXCLUDE_FILE(*crtbegin*.o *crtend*.o) .eh_frame)
    *(.gcc_except_table .gcc_except_table.*)
  }
} INSERT BEFORE .text;
";

/// The function that a line of a profile names for the first time: `fn=(12) name` or `cfn=(12) name`.
fn function(line: &str) -> Option<&str> {
    let rest = line
        .strip_prefix('c')
        .unwrap_or(line)
        .strip_prefix("fn=(")?;
    let name = rest.split_once(") ")?.1;
    // Levels of recursion are counted behind the name.
    Some(name.split('\'').next().unwrap_or(name))
}

/// A pattern for a mangled name of Rust, whatever the compiler's hashes are.
fn pattern(name: &str) -> Option<String> {
    let mut rest = name.strip_prefix("_R").filter(|it| !it.is_empty())?;
    rest = rest.split('.').next().unwrap_or(rest);
    let mut pattern = String::from("_R");
    // A crate is named by `Cs`, its hash and an underscore.
    while let Some((before, after)) = rest.split_once("Cs") {
        pattern.push_str(before);
        pattern.push_str("Cs");
        rest = after;
        if let Some((hash, after)) = after.split_once('_')
            && (10..=14).contains(&hash.len())
            && hash.bytes().all(|it| it.is_ascii_alphanumeric())
        {
            pattern.push_str("*_");
            rest = after;
        }
    }
    pattern.push_str(rest);
    pattern.push('*');
    Some(pattern)
}
