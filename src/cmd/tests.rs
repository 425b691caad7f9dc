use super::*;
use crate::host::fake::FakeHost;
use crate::host::process::OsMachine;

#[track_caller]
fn check(cwd: &str, wanted: &str) {
    let host = FakeHost::new();
    host.add_dir("/home/dev/.claude");
    host.add_dir("/home/dev/proj/.git");
    host.add_dir("/home/dev/proj/sub/deep");
    host.add_dir("/home/dev/other/.claude");
    host.add_dir("/home/dev/plain");
    assert_eq!(project_of(&host, cwd, "/home/dev"), wanted);
    host.set_env("CLAUDE_PROJECT_DIR", "/set");
    assert_eq!(project_of(&host, cwd, "/home/dev"), "/set");
}

#[test]
fn the_project_is_the_nearest_marked_directory_below_home() {
    check("/home/dev/proj", "/home/dev/proj");
    check("/home/dev/proj/sub/deep", "/home/dev/proj");
    check("/home/dev/other/", "/home/dev/other");
    check("/home/dev/plain", "/home/dev/plain");
    check("/home/dev", "/home/dev");
    check("/srv/x", "/srv/x");
    check("/", "/");
}

/// An engine that judges nothing.
pub(super) struct NoEngine;

impl Engine for NoEngine {
    fn judge(&self, _tool: &str, _command: &str) -> Result<explain::Judged, String> {
        Err("no policy".to_owned())
    }

    fn rule(&self, _id: &str) -> Option<Vec<(String, String)>> {
        None
    }
}

/// What a subcommand sees of a machine in memory, with a project at `/p`.
pub(super) fn world<'a>(host: &'a FakeHost, dirs: &'a Dirs) -> World<'a> {
    World {
        host,
        machine: &OsMachine,
        engine: &NoEngine,
        dirs,
        cwd: "/p",
        project: "/p",
        paint: Paint::PLAIN,
    }
}

/// Runs a command line on this machine in memory; exit code, stdout, stderr.
fn run_line(host: &FakeHost, line: &str) -> (u8, String, String) {
    use clap::Parser as _;
    let words = std::iter::once("hookbin").chain(line.split(' '));
    let cli = Cli::try_parse_from(words).unwrap();
    let world = World {
        host,
        machine: &OsMachine,
        engine: &NoEngine,
        dirs: &Dirs::default(),
        cwd: "/home/dev",
        project: "/home/dev",
        paint: Paint::PLAIN,
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = run(&cli, &world, &mut out, &mut err);
    (
        code,
        String::from_utf8(out).unwrap(),
        String::from_utf8(err).unwrap(),
    )
}

#[test]
fn an_error_is_one_line_and_exit_code_two() {
    let wanted = (2, String::new(), "hookbin: no policy\n".to_owned());
    assert_eq!(run_line(&FakeHost::new(), "explain ls"), wanted);
}

#[test]
fn completions_name_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, out, _) = run_line(&FakeHost::new(), &format!("completions {shell}"));
        assert_eq!(code, 0);
        for name in ["install", "uninstall", "status", "explain"] {
            assert!(out.contains(name), "{shell} {name}");
        }
    }
}

#[test]
fn manual_pages_are_printed_or_written() {
    let host = FakeHost::new();
    let (code, out, _) = run_line(&host, "man");
    assert_eq!(code, 0);
    assert!(
        out.contains(".TH hookbin 1") && out.contains("guard for coding agents"),
        "{out}"
    );
    let (code, out, _) = run_line(&host, "man --out man/man1");
    assert_eq!(code, 0);
    assert!(
        out.contains("/home/dev/man/man1/hookbin-install.1\n"),
        "{out}"
    );
    let page = host.text("/home/dev/man/man1/hookbin-install.1").unwrap();
    assert!(
        page.contains("hookbin\\-install") && page.contains("\\-\\-dry\\-run"),
        "{page}"
    );
}

#[test]
fn a_closed_pipe_is_no_failure() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    use clap::Parser as _;
    let cli = Cli::try_parse_from(["hookbin", "completions", "bash"]).unwrap();
    let host = FakeHost::new();
    let world = World {
        host: &host,
        machine: &OsMachine,
        engine: &NoEngine,
        dirs: &Dirs::default(),
        cwd: "/",
        project: "/",
        paint: Paint::PLAIN,
    };
    assert_eq!(run(&cli, &world, &mut Closed, &mut Vec::new()), 0);
}
