use std::cell::RefCell;

use super::*;
use crate::host::fake::FakeHost;
use crate::policy::Hidden;

/// A courier that notes where it was sent and answers as told.
#[derive(Default)]
struct Noted {
    seen: RefCell<Vec<String>>,
    failing: RefCell<Vec<&'static str>>,
}

impl Noted {
    fn note(&self, to: &str) -> Result<(), String> {
        self.seen.borrow_mut().push(to.to_owned());
        let failing = self.failing.borrow();
        if failing.iter().any(|it| to.contains(it)) {
            return Err("answered with status 500".to_owned());
        }
        Ok(())
    }
}

impl Courier for Noted {
    fn post(&self, url: &str, _body: &str) -> Result<(), String> {
        self.note(url)
    }

    fn run(&self, command: &[String], _input: &str) -> Result<(), String> {
        self.note(&command.join(" "))
    }
}

struct Bench {
    host: FakeHost,
    dirs: Dirs,
    channels: Vec<Channel>,
    courier: Noted,
}

impl Bench {
    fn new() -> Self {
        let bench = Self {
            host: FakeHost::new(),
            dirs: Dirs {
                state: "/state".to_owned(),
                ..Dirs::default()
            },
            channels: vec![
                Channel::Webhook(Hidden::new("https://x.org/hook")),
                Channel::Command(vec!["/bin/tell".to_owned()]),
            ],
            courier: Noted::default(),
        };
        bench.add("1", 0);
        bench
    }

    fn add(&self, name: &str, tries: u32) {
        let waiting = Waiting {
            at: self.host.now().timestamp(),
            title: name.to_owned(),
            tries,
            ..Waiting::default()
        };
        let path = format!("/state/notify/{name}.json");
        spool::write(&self.host, &path, &waiting).unwrap();
    }

    fn delivery(&self) -> Delivery<'_> {
        Delivery {
            host: &self.host,
            dirs: &self.dirs,
            channels: &self.channels,
            courier: &self.courier,
        }
    }

    /// What one pass came to: delivered, failed, and who was told.
    fn pass(&self, all: bool) -> (usize, usize, Vec<String>) {
        let passed = self.delivery().pass(all).unwrap().unwrap();
        (passed.delivered, passed.failed, self.courier.seen.take())
    }

    fn waiting(&self) -> Vec<Waiting> {
        let found = spool::waiting(&self.host, &self.dirs).unwrap();
        found.into_iter().map(|it| it.1).collect()
    }
}

const BOTH: [&str; 2] = ["https://x.org/hook", "/bin/tell"];

#[test]
fn what_every_channel_has_is_gone() {
    let bench = Bench::new();
    bench.add("2", 0);
    let (delivered, failed, seen) = bench.pass(false);
    assert_eq!((delivered, failed), (2, 0));
    assert_eq!(seen, [BOTH, BOTH].concat());
    assert!(bench.waiting().is_empty());
    assert_eq!(bench.pass(false), (0, 0, Vec::new()));
}

#[test]
fn only_the_channel_that_failed_is_tried_again_later() {
    let bench = Bench::new();
    bench.courier.failing.replace(vec!["x.org"]);
    assert_eq!(bench.pass(false).1, 1);
    let waiting = bench.waiting().remove(0);
    assert_eq!(waiting.served, ["command"]);
    assert_eq!(waiting.reason, "webhook: answered with status 500");
    bench.host.advance(4);
    assert_eq!(bench.pass(false), (0, 0, Vec::new()), "not yet");
    bench.courier.failing.take();
    bench.host.advance(1);
    assert_eq!(
        bench.pass(false),
        (1, 0, vec!["https://x.org/hook".to_owned()])
    );
}

#[test]
fn five_tries_are_all_and_a_day_is_the_end() {
    let bench = Bench::new();
    bench.courier.failing.replace(vec!["x.org", "tell"]);
    let mut times = Vec::new();
    for _ in 0..1000 {
        let passed = bench.delivery().pass(false).unwrap().unwrap();
        if passed.failed > 0 {
            times.push(bench.host.now().timestamp());
        }
        bench.host.advance(1);
    }
    let pauses: Vec<i64> = times.windows(2).map(|it| it[1] - it[0]).collect();
    assert_eq!(pauses, BACKOFF);
    bench.courier.seen.take();
    assert_eq!(
        bench.pass(true),
        (0, 0, Vec::new()),
        "given up for people too"
    );
    assert_eq!(bench.waiting()[0].tries, TRIES);
    bench.host.advance(24 * 3600 - 900);
    assert_eq!(bench.waiting().len(), 1);
    bench.pass(false);
    assert!(bench.waiting().is_empty());
}

#[test]
fn people_do_not_wait_for_the_next_try() {
    let bench = Bench::new();
    bench.courier.failing.replace(vec!["x.org"]);
    bench.pass(false);
    assert_eq!(bench.pass(true).1, 1);
    assert_eq!(bench.waiting()[0].tries, 2);
}

#[test]
fn one_delivery_is_at_work_at_a_time() {
    let bench = Bench::new();
    bench.host.hold_lock("/state/notify/delivery.lock");
    assert_eq!(bench.delivery().pass(true).unwrap(), None);
    bench.delivery().linger().unwrap();
    assert_eq!(bench.waiting().len(), 1);
}

#[test]
fn what_is_no_notification_is_cleared_away() {
    let bench = Bench::new();
    bench
        .host
        .add_file("/state/notify/0.json", "{\"at\":\"x\"}");
    bench.host.add_file("/state/notify/told", "left_out 1\n");
    assert_eq!(bench.pass(false).0, 1);
    assert_eq!(
        bench.host.files(),
        ["/state/notify/delivery.lock", "/state/notify/told"]
    );
}

#[test]
fn lingering_delivers_and_ends_where_waiting_is_pointless() {
    let bench = Bench::new();
    bench.add("given up", TRIES);
    bench.courier.failing.replace(vec!["tell"]);
    bench.delivery().linger().unwrap();
    assert_eq!(bench.courier.seen.take(), BOTH);
    assert_eq!(bench.waiting()[0].tries, 1);
}
