//! Tests of reading as a whole: the hard cases, ordinary commands, known values, hostile input.

mod corpus;
mod hostile;
mod nested;
mod oracle;
mod tricky;
mod values;

use super::{Reading, Surroundings, read};

/// Surroundings of which everything is known.
const AROUND: Surroundings = Surroundings {
    cwd: "/work/app",
    home: "/home/dev",
    project: "/work/app",
    files: None,
};

fn known(text: &str) -> Reading {
    read(text, &AROUND)
}

/// Every command line of a reading.
fn lines(reading: &Reading) -> Vec<String> {
    let lines = reading.invocations.iter().map(super::Invocation::display);
    lines.collect()
}
