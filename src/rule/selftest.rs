//! Owns running every sample of every rule through the real engine, for `hookbin test`,
//! `hookbin rules lint` and `cargo test`. Does not own how the report is shown. Invariant: a `hit` must
//! be stopped by its own rule, a `miss` must not be touched by it.

use std::borrow::Cow;

use super::matcher::{Hit, Query};
use super::source::{Rule, Source};
use super::table::Table;
use crate::host::fake::FakeHost;
use crate::host::{Dirs, Host};
use crate::path::{Locator, Places};
use crate::shell::access::Accesses;
use crate::shell::{self, Reading, Surroundings};

/// Where samples run: a git project in a home directory.
pub const HOME: &str = "/home/dev";
pub const PROJECT: &str = "/home/dev/project";
/// What the shell reader is told of the place.
pub const AROUND: Surroundings = Surroundings {
    cwd: PROJECT,
    home: HOME,
    project: PROJECT,
    files: None,
};

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    pub rules: usize,
    pub samples: usize,
    pub failures: Vec<Failure>,
}

/// One sample that did not do what it promises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    pub rule: String,
    pub sample: String,
    pub reason: String,
}

/// Runs every sample of the sources, which the table was compiled from, against the host.
pub fn run(sources: &[Source], table: &Table, host: &dyn Host) -> Report {
    let mut report = Report::default();
    let places = places();
    for source in sources {
        for rule in source.rules.iter().map(toml::Spanned::get_ref) {
            report.rules += 1;
            for sample in rule.hit.iter().chain(&rule.miss) {
                report.samples += 1;
                let hits = check(table, host, &places, &source.pack.guard, sample);
                let wanted = rule.hit.contains(sample);
                if let Some(reason) = objection(rule, wanted, &hits) {
                    report.failures.push(Failure {
                        rule: rule.id.clone(),
                        sample: sample.clone(),
                        reason,
                    });
                }
            }
        }
    }
    report
}

fn objection(rule: &Rule, wanted: bool, hits: &[Hit]) -> Option<String> {
    let hit = hits.iter().any(|it| it.rule == rule.id);
    if hit == wanted {
        return None;
    }
    let others: Vec<&str> = hits.iter().map(|it| it.rule.as_str()).collect();
    let others = match others.as_slice() {
        [] => "no rule".to_owned(),
        others => others.join(", "),
    };
    Some(if wanted {
        format!("should be hit by {}, but is hit by {others}", rule.id)
    } else {
        format!("should not be hit by {}", rule.id)
    })
}

/// What a sample of PowerShell begins with.
pub const POWERSHELL: &str = "PS> ";

/// The rules that a piece of shell text (PowerShell behind `PS> `; for the guard `tools`, `Tool text`) hits
/// in the samples' surroundings.
pub fn check(
    table: &Table,
    host: &dyn Host,
    places: &Places,
    guard: &str,
    sample: &str,
) -> Vec<Hit> {
    let (tool, text) = match guard {
        "tools" => sample.split_once(' ').unwrap_or((sample, "")),
        _ => match sample.strip_prefix(POWERSHELL) {
            Some(text) => ("PowerShell", text),
            None => ("Bash", sample),
        },
    };
    let reading = match guard {
        "tools" => Reading::default(),
        _ if tool == "PowerShell" => shell::read_powershell(text, &AROUND),
        _ => shell::read(text, &AROUND),
    };
    let urls: Vec<Cow<str>> = match guard {
        "tools" => (text.split_whitespace().filter(|it| it.contains("://")))
            .map(Cow::Borrowed)
            .collect(),
        _ => Vec::new(),
    };
    table.check(&Query {
        tool,
        text,
        urls: &urls,
        reading: &reading,
        accesses: &Accesses::new(&reading),
        locator: &Locator::new(host, places),
    })
}

/// The machine of the samples' surroundings: a project whose index lists `src` and `docs`, built files
/// beside them, a remote, and another repository.
pub fn fake_host() -> FakeHost {
    let host = FakeHost::new();
    let index: &[u8] = b"DIRC\0\0\0\x02\0\0\0\x02\0\x0adocs/guide.md\0\0\0\x0csrc/module/a.rs\0\0";
    host.add_file(&format!("{PROJECT}/.git/index"), index);
    for file in [
        "docs/guide.md",
        "src/module/a.rs",
        "node_modules/x/index.js",
        "build/out",
        "scratch/notes",
    ] {
        host.add_file(&format!("{PROJECT}/{file}"), "");
    }
    host.add_file(&format!("{PROJECT}/.git/HEAD"), "ref: refs/heads/main\n");
    host.add_file(
        &format!("{PROJECT}/.git/config"),
        "[remote \"origin\"]\n\turl = git@github.com:acme/project.git\n",
    );
    for file in [
        "work/site/index.html",
        "work/site/.git/HEAD",
        "other/.git/HEAD",
        "other/a",
    ] {
        host.add_file(&format!("{HOME}/{file}"), "");
    }
    host.add_file(
        &format!("{HOME}/work/site/.git/HEAD"),
        "ref: refs/heads/main\n",
    );
    for directory in [
        "/etc",
        "/usr/bin",
        "/tmp",
        "/var/tmp",
        "/opt/vendor",
        "/usr/local/lib/foo",
        "/var/cache/apt",
    ] {
        host.add_dir(directory);
    }
    host.add_file(
        &format!("{HOME}/work/site/.git/HEAD"),
        "ref: refs/heads/main\n",
    );
    host
}

/// The places of the samples' surroundings.
pub fn places() -> Places {
    Places {
        homes: vec![HOME.to_owned()],
        project: PROJECT.to_owned(),
        cwd: PROJECT.to_owned(),
        temps: vec!["/tmp".to_owned(), "/var/tmp".to_owned()],
        own: Dirs {
            config: format!("{HOME}/.config/hookbin"),
            state: format!("{HOME}/.local/state/hookbin"),
            managed: "/etc/hookbin".to_owned(),
            home: HOME.to_owned(),
            executable: "/home/dev/.cargo/bin/hookbin".to_owned(),
            link: String::new(),
        },
        ..Places::default()
    }
}
