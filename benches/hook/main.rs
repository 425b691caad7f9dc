//! Measures the hook as the client runs it: whole processes, started one after another, each kind of event
//! in turn with a program that does nothing and with /bin/true, so that a busy machine slows all alike.
//! Owns the report and the limits that fail it. `cargo bench -- --short` is the version of CI: it fails
//! only where a figure is worse than twice its target, because shared machines are no stopwatch.
//! `-- --order` measures nothing and writes the order of functions in the executable anew.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark starts processes, writes their input and prints a report; only JSON is indexed, which does not panic"
)]

mod build;
mod case;
mod count;
mod order;
mod spawn;

use std::process::ExitCode;

use anyhow::{Result, bail};

use build::Build;
use case::Workplace;
use spawn::{Runner, Sample, Summary};

/// Rounds of the ordinary events and of the large ones.
struct Rounds {
    events: usize,
    sizes: usize,
}

const SHORT: Rounds = Rounds {
    events: 400,
    sizes: 40,
};
const LONG: Rounds = Rounds {
    events: 1500,
    sizes: 150,
};

/// Microseconds by which two equal runs differ; a smaller difference is not divided by.
const NOISE: f64 = 50.0;

/// A figure may be this much worse than its target before the run fails.
const TOLERANCE: f64 = 2.0;
fn main() -> Result<ExitCode> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if !args.iter().any(|it| it == "--bench") {
        println!("not measured: run `cargo bench`");
        return Ok(ExitCode::SUCCESS);
    }
    let rounds = if args.iter().any(|it| it == "--short") {
        SHORT
    } else {
        LONG
    };
    let ordering = args.iter().any(|it| it == "--order");
    let build = Build::prepare(ordering)?;
    println!("{build}");
    let workplace = Workplace::create()?;
    if ordering {
        println!("{} functions ordered", order::write(&build, &workplace)?);
        return Ok(ExitCode::SUCCESS);
    }
    let mut report = Report::new(&build);
    report.events(&build, &workplace, rounds.events)?;
    report.sizes(&build, &workplace, rounds.sizes)?;
    report.lengths(&build, &workplace, rounds.sizes)?;
    report.instructions(&build, &workplace)?;
    Ok(report.conclude())
}

/// Everything measured, and what it is held against.
struct Report {
    /// Whether this is the static musl build that the absolute targets are for.
    has_targets: bool,
    broken: usize,
}

impl Report {
    fn new(build: &Build) -> Self {
        let mut report = Self {
            has_targets: build.has_targets,
            broken: 0,
        };
        println!();
        report.hold_static("size of the executable", "MB", build.megabytes(), 2.5);
        report
    }

    /// Holds a figure against a target that is for the static musl build only.
    fn hold_static(&mut self, what: &str, unit: &str, figure: f64, target: f64) {
        if self.has_targets {
            self.hold(what, unit, figure, target);
        } else {
            println!("{what:<44} {figure:>10.2} {unit:<5} no target for this build");
        }
    }

    /// Holds a figure against its target.
    fn hold(&mut self, what: &str, unit: &str, figure: f64, target: f64) {
        let word = if figure <= target {
            "ok"
        } else if figure <= target * TOLERANCE {
            "over the target"
        } else {
            self.broken += 1;
            "BROKEN"
        };
        println!("{what:<44} {figure:>10.2} {unit:<5} target {target:>9.2}  {word}");
    }

    fn events(&mut self, build: &Build, workplace: &Workplace, rounds: usize) -> Result<()> {
        let cases = workplace.events()?;
        let mut runners = vec![Runner::plain("do nothing", &build.nothing)];
        runners.push(Runner::plain("/bin/true", "/bin/true".as_ref()));
        runners.extend(cases.iter().map(|it| it.runner(build)));
        let samples = measure(&mut runners, rounds)?;
        let table = table(&runners, &samples);
        let [nothing, truth, ..] = table.as_slice() else {
            bail!("nothing was measured");
        };
        let Some(event) = table.iter().find(|it| it.name == case::REFERENCE) else {
            bail!("the reference event was not measured");
        };
        println!();
        let over_nothing = event.quartile / nothing.quartile;
        self.hold("reference event over doing nothing", "x", over_nothing, 1.5);
        let over_true = event.quartile / truth.quartile;
        self.hold_static("reference event over /bin/true", "x", over_true, 0.6);
        self.hold_static("page faults of the reference event", "", event.faults, 40.0);
        let of = |name: &str| table.iter().find(|it| it.name == name);
        let (Some(plain), Some(suspicious)) = (of(case::PLAIN), of(case::SUSPICIOUS)) else {
            bail!("the scripts of twenty calls were not measured");
        };
        let over_plain = suspicious.quartile / plain.quartile;
        self.hold(
            "twenty suspicious calls over plain ones",
            "x",
            over_plain,
            3.0,
        );
        Ok(())
    }

    fn sizes(&mut self, build: &Build, workplace: &Workplace, rounds: usize) -> Result<()> {
        let cases = workplace.sizes()?;
        let mut runners: Vec<Runner> = cases.iter().map(|it| it.runner(build)).collect();
        let samples = measure(&mut runners, rounds)?;
        let table = table(&runners, &samples);
        let [small, _, large, largest] = table.as_slice() else {
            bail!("four sizes are measured");
        };
        println!();
        let steps =
            (largest.quartile - small.quartile) / (large.quartile - small.quartile).max(NOISE);
        self.hold("1 MB over 100 KB, start-up taken off", "x", steps, 10.3);
        Ok(())
    }

    /// The same event on a fresh state and on the one that all measurements so far have filled.
    fn lengths(&mut self, build: &Build, workplace: &Workplace, rounds: usize) -> Result<()> {
        let cases = [workplace.fresh()?, workplace.filled()?];
        let mut runners: Vec<Runner> = cases.iter().map(|it| it.runner(build)).collect();
        let samples = measure(&mut runners, rounds)?;
        let table = table(&runners, &samples);
        let [fresh, filled] = table.as_slice() else {
            bail!("two states are measured");
        };
        println!();
        let over = filled.quartile / fresh.quartile;
        self.hold("a filled state over a fresh one", "x", over, 1.1);
        Ok(())
    }

    fn instructions(&mut self, build: &Build, workplace: &Workplace) -> Result<()> {
        println!();
        if !count::available() {
            println!("instructions are not counted: valgrind is not installed");
            return Ok(());
        }
        if let Some(count) = count::instructions(&mut Runner::plain("do nothing", &build.nothing))?
        {
            println!("{:<44} {count:>10.0} instructions", "do nothing");
        }
        for case in workplace.counted()? {
            let Some(count) = count::instructions(&mut case.runner(build))? else {
                println!(
                    "{:<44} not counted: it does not run under valgrind",
                    case.name
                );
                continue;
            };
            if case.name == case::REFERENCE {
                self.hold_static(
                    "instructions of the reference event",
                    "k",
                    count / 1e3,
                    165.0,
                );
            } else {
                println!("{:<44} {count:>10.0} instructions", case.name);
            }
        }
        Ok(())
    }

    fn conclude(&self) -> ExitCode {
        println!();
        if self.broken == 0 {
            println!("no figure is worse than twice its target");
            return ExitCode::SUCCESS;
        }
        println!("{} figures are worse than twice their target", self.broken);
        ExitCode::FAILURE
    }
}

/// Runs every candidate once per round, in turn, after one unmeasured round.
fn measure(runners: &mut [Runner], rounds: usize) -> Result<Vec<Vec<Sample>>> {
    let mut samples = vec![Vec::with_capacity(rounds); runners.len()];
    for round in 0..=rounds {
        for (runner, samples) in runners.iter_mut().zip(&mut samples) {
            let sample = runner.run()?;
            if round > 0 {
                samples.push(sample);
            }
        }
    }
    Ok(samples)
}

/// Prints and returns the summaries, in the order of the candidates.
fn table(runners: &[Runner], samples: &[Vec<Sample>]) -> Vec<Summary> {
    let summaries: Vec<Summary> = runners
        .iter()
        .zip(samples)
        .map(|(runner, samples)| Summary::of(&runner.name, samples))
        .collect();
    println!();
    println!(
        "{:<44} {:>8} {:>8} {:>8}  {:>6}  faults",
        "microseconds", "min", "quartile", "median", "ratio"
    );
    let floor = summaries.first().map_or(1.0, |it| it.quartile);
    for it in &summaries {
        println!(
            "{:<44} {:>8.0} {:>8.0} {:>8.0}  {:>6.2}  {:>6.0}",
            it.name,
            it.min,
            it.quartile,
            it.median,
            it.quartile / floor,
            it.faults
        );
    }
    summaries
}
