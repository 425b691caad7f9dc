use std::cell::RefCell;
use std::io;

use super::*;
use crate::cmd::paint::Paint;
use crate::cmd::tests::NoEngine;
use crate::host::process::{Answer, Machine};
use crate::host::{Dirs, Host as _, fake::FakeHost};

/// A machine on which `/bin/tell` takes every notification and everything else fails.
#[derive(Default)]
struct Programs(RefCell<Vec<String>>);

impl Machine for Programs {
    fn run(&self, _: &str, _: &[String], _: &[u8]) -> io::Result<Answer> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn feed(&self, program: &str, _: &[String], stdin: &[u8], _: u64) -> io::Result<i32> {
        let text = String::from_utf8(stdin.to_vec()).unwrap();
        self.0.borrow_mut().push(text);
        Ok(i32::from(program != "/bin/tell"))
    }

    fn set_mode(&self, _: &str, _: u32) -> io::Result<()> {
        Ok(())
    }

    fn private_directory(&self, _: &str) -> io::Result<()> {
        Ok(())
    }
}

struct Bench {
    host: FakeHost,
    programs: Programs,
    dirs: Dirs,
}

impl Bench {
    fn new(settings: &str) -> Self {
        let host = FakeHost::new();
        host.add_file("/config/config.toml", settings);
        Self {
            host,
            programs: Programs::default(),
            dirs: Dirs {
                config: "/config".to_owned(),
                state: "/state".to_owned(),
                home: "/home/dev".to_owned(),
                ..Dirs::default()
            },
        }
    }

    fn spool(&self, title: &str) {
        let waiting = Waiting {
            at: self.host.now().timestamp(),
            kind: "deny".to_owned(),
            title: title.to_owned(),
            ..Waiting::default()
        };
        let text = serde_json::to_string(&waiting).unwrap();
        let path = format!("/state/notify/{title}.json");
        self.host.write(&path, text.as_bytes(), 0o600).unwrap();
    }

    /// Exit code and output, a person asking or not.
    fn run(&self, verb: Verb, person: bool) -> Result<(u8, String), String> {
        let world = World {
            host: &self.host,
            machine: &self.programs,
            engine: &NoEngine,
            dirs: &self.dirs,
            cwd: "/",
            project: "/",
            paint: Paint::detect(&self.host, false),
        };
        let people = || {
            if person {
                Ok(())
            } else {
                Err("this is for people".to_owned())
            }
        };
        let mut out = Vec::new();
        let code = run(&NotifyArgs { verb }, &world, &people, &mut out);
        let code = code.map_err(|it| format!("{it:#}"))?;
        Ok((code, String::from_utf8(out).unwrap()))
    }
}

fn flush(quiet: bool) -> Verb {
    let places = Places {
        config_dir: None,
        state_dir: None,
        home: None,
    };
    Verb::Flush { quiet, places }
}

const TOLD: &str = "notify.command = '/bin/tell'";

#[test]
fn a_test_says_what_became_of_it_on_every_channel() {
    let bench = Bench::new("notify.webhook = 'env:NOWHERE'\nnotify.command = ['/bin/tell', 'x']");
    let (code, text) = bench.run(Verb::Test, true).unwrap();
    assert_eq!(
        text,
        "webhook  failed: the variable NOWHERE is not set\ncommand  delivered\n"
    );
    assert_eq!(code, NO);
    assert!(bench.programs.0.borrow()[0].contains(r#""kind":"test""#));
    assert_eq!(Bench::new(TOLD).run(Verb::Test, true).unwrap().0, 0);
    let (code, text) = Bench::new("").run(Verb::Test, true).unwrap();
    assert!(code == NO && text.starts_with("no channel"), "{text}");
}

#[test]
fn a_test_is_for_people() {
    let bench = Bench::new(TOLD);
    assert!(bench.run(Verb::Test, false).unwrap_err().contains("people"));
    assert!(bench.programs.0.borrow().is_empty());
}

#[test]
fn what_waits_is_delivered_or_stays_with_its_reason() {
    let bench = Bench::new(TOLD);
    bench.spool("a");
    bench.spool("b");
    assert_eq!(
        bench.run(flush(false), false),
        Ok((0, "2 delivered, 0 failed\n".to_owned()))
    );
    let bench = Bench::new("notify.command = '/bin/fails'");
    bench.spool("a");
    let (code, text) = bench.run(flush(false), false).unwrap();
    assert_eq!(
        text,
        "0 delivered, 1 failed\ncommand: the program ended with code 1\n"
    );
    assert_eq!(code, NO);
    assert_eq!(bench.run(flush(true), false), Ok((0, String::new())));
    let (_, text) = bench.run(Verb::List { json: false }, false).unwrap();
    let wanted = "2026-01-01T00:00:00Z  deny      a  (tried 1 of 5: command: the program ended with code 1)\n";
    assert_eq!(text, wanted);
    let (_, text) = bench.run(Verb::List { json: true }, false).unwrap();
    let list: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(list[0]["tries"], 1);
}

#[test]
fn an_empty_spool_says_so() {
    let bench = Bench::new(TOLD);
    let list = |json| bench.run(Verb::List { json }, false);
    assert_eq!(list(false), Ok((0, "nothing waits\n".to_owned())));
    assert_eq!(list(true), Ok((0, "[]\n".to_owned())));
    assert_eq!(bench.run(flush(true), false), Ok((0, String::new())));
}
