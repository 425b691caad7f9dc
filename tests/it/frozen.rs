//! Owns that guards and handlers only look: on a machine where every change is a failure of the test they
//! judge every rule's samples and every recorded event, and what they want done comes back as effects. Does
//! not own what they decide.

use std::fs;
use std::io;

use chrono::{DateTime, Utc};
use hookbin::event::{self, Role};
use hookbin::guard::{self, Cx};
use hookbin::handler;
use hookbin::host::fake::FakeHost;
use hookbin::host::{Host, Locked, Meta};
use hookbin::policy::Policy;
use hookbin::rule::Table;
use hookbin::session::Session;
use hookbin::shell;
use hookbin::verdict;

use crate::house::root;
use crate::memory::{AROUND, machine, payload, places};

/// A machine that can be looked at.
struct Frozen(FakeHost);

impl Host for Frozen {
    fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }
    fn env(&self, name: &str) -> Option<String> {
        self.0.env(name)
    }
    fn metadata(&self, path: &str) -> io::Result<Meta> {
        self.0.metadata(path)
    }
    fn read_link(&self, path: &str) -> io::Result<String> {
        self.0.read_link(path)
    }
    fn read(&self, path: &str, limit: usize) -> io::Result<Vec<u8>> {
        self.0.read(path, limit)
    }
    fn list(&self, path: &str) -> io::Result<Vec<String>> {
        self.0.list(path)
    }
    fn lock(&self, path: &str) -> io::Result<Box<dyn Locked + '_>> {
        panic!("a guard or handler locks {path}")
    }
    fn write(&self, path: &str, _content: &[u8], _mode: u32) -> io::Result<()> {
        panic!("a guard or handler writes {path}")
    }
    fn remove(&self, path: &str) -> io::Result<()> {
        panic!("a guard or handler removes {path}")
    }
    fn user(&self) -> u32 {
        self.0.user()
    }
    fn random(&self) -> [u8; 16] {
        self.0.random()
    }
}

/// Runs guards and handlers over an event and says how many findings and effects came of it.
fn look(host: &Frozen, text: &str) -> (usize, usize) {
    let event = event::parse(text).expect("an event");
    let places = places();
    let mut policy = Policy::default();
    policy.tables.push(Table::builtin());
    let session = Session::default();
    let shell_text = event.call().and_then(|call| {
        let mut parts = call.parts.iter();
        let part = parts.find(|it| matches!(it.role, Role::Shell(_)))?;
        Some(part.text().into_owned())
    });
    let reading = shell_text.map(|it| shell::read(&it, &AROUND));
    let cx = Cx::new(&event, &policy, &session, host, &places, reading.as_ref());
    let findings = guard::check_all(&cx);
    let count = findings.len();
    let verdict = verdict::reduce(findings);
    let before = verdict.clone();
    let mut effects = guard::record_all(&cx, &verdict);
    effects.extend(handler::run_all(&cx, &verdict));
    assert_eq!(verdict, before, "the verdict changed");
    (count, effects.len())
}

#[test]
fn guards_and_handlers_only_look() {
    let host = Frozen(machine());
    let (mut findings, mut effects) = (0, 0);
    let mut count = |text: &str| {
        let (found, wanted) = look(&host, text);
        findings += found;
        effects += wanted;
    };
    for entry in fs::read_dir(root().join("fixtures/events")).expect("fixtures") {
        let path = entry.expect("an entry").path();
        count(&fs::read_to_string(path).expect("a fixture"));
    }
    for source in hookbin::rule::catalog::builtin().expect("the built-in packs") {
        for rule in source.rules.iter().map(toml::Spanned::get_ref) {
            for sample in rule.hit.iter().chain(&rule.miss) {
                count(&payload(sample));
            }
        }
    }
    assert!(findings > 500, "{findings} findings: nothing was judged");
    assert!(effects > 500, "{effects} effects: nothing was wanted");
}
