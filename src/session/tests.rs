//! What is remembered comes back, whatever happened to the file in between.

use super::*;
use crate::host::Dirs;
use crate::host::fake::FakeHost;
use crate::host::os::Os;

const PATH: &str = "/state/sessions/s-1.log";

fn dirs() -> Dirs {
    Dirs {
        state: "/state".to_owned(),
        ..Dirs::default()
    }
}

fn call(id: &str, decision: &str) -> Call {
    Call {
        id: id.to_owned(),
        digest: "0123456789abcdef".to_owned(),
        decision: decision.to_owned(),
        message: if decision == "pass" {
            ""
        } else {
            "denied by \"x\":\n\u{fc}"
        }
        .to_owned(),
        settled: false,
    }
}

/// Applies changes in a process of their own, as it were.
fn change(host: &FakeHost, changes: &[Change]) {
    let mut open = open(host, &dirs(), "s-1").unwrap();
    assert_eq!(open.problem, None);
    open.apply(changes);
    open.store().unwrap();
}

fn load(host: &FakeHost) -> Session {
    open(host, &dirs(), "s-1").unwrap().session
}

fn judged(id: &str, decision: &str) -> Change {
    Change::Judged(call(id, decision))
}

#[test]
fn calls_come_back_with_their_verdicts() {
    let host = FakeHost::new();
    change(
        &host,
        &[judged("toolu_1", "pass"), judged("toolu_2", "deny")],
    );
    change(
        &host,
        &[
            judged("toolu_3", "ask"),
            Change::Settled("toolu_1".to_owned()),
        ],
    );
    let session = load(&host);
    assert_eq!((session.calls, session.asked, session.denied), (3, 1, 1));
    assert_eq!(session.find("toolu_2"), Some(call("toolu_2", "deny")));
    assert!(session.find("toolu_1").unwrap().settled);
    assert!(session.find("toolu_9").is_none() && session.find("").is_none());
}

#[test]
fn any_text_in_a_call_comes_back() {
    for text in [
        "",
        " ",
        ":",
        "~",
        "a b:c",
        "\u{20ac}\n\"\\",
        "~7e",
        "x".repeat(300).as_str(),
    ] {
        let host = FakeHost::new();
        let odd = Call {
            id: text.to_owned(),
            digest: text.to_owned(),
            decision: text.to_owned(),
            message: text.to_owned(),
            settled: true,
        };
        change(&host, &[Change::Judged(odd.clone()), judged("b", "deny")]);
        let recent: Vec<Call> = load(&host).recent.iter().collect();
        assert_eq!(recent, [odd, call("b", "deny")], "{text:?}");
    }
}

#[test]
fn a_call_that_comes_twice_counts_once() {
    let host = FakeHost::new();
    change(&host, &[judged("a", "deny")]);
    change(&host, &[judged("a", "deny")]);
    assert_eq!((load(&host).calls, load(&host).denied), (1, 1));
    // Without an id there is no telling.
    change(&host, &[judged("", "pass"), judged("", "pass")]);
    assert_eq!(load(&host).calls, 3);
}

#[test]
fn the_wiring_that_was_seen_comes_back() {
    let host = FakeHost::new();
    change(&host, &[Change::Wired(vec!["user 1".to_owned()])]);
    change(&host, &[judged("a", "pass")]);
    assert_eq!(load(&host).wired, ["user 1"]);
}

#[test]
fn the_oldest_calls_are_forgotten() {
    let mut session = Session::default();
    for number in 0..100 {
        session.apply(&[judged(&number.to_string(), "pass")]);
    }
    assert_eq!((session.calls, session.recent.len()), (100, RECENT_LIMIT));
    assert_eq!(session.recent.iter().next().unwrap().id, "84");
}

#[test]
fn settled_calls_are_forgotten_first() {
    let mut session = Session::default();
    session.apply(&[judged("waiting", "pass")]);
    for number in 0..100 {
        let id = number.to_string();
        session.apply(&[judged(&id, "pass"), Change::Settled(id)]);
    }
    assert!(session.find("waiting").is_some() && session.find("99").is_some());
    assert!(session.find("91").is_some() && session.find("90").is_none());
    assert_eq!((session.calls, session.recent.len()), (101, 10));
}

#[test]
fn the_file_stays_small_and_a_state_that_is_the_same_is_not_written() {
    let host = FakeHost::new();
    for number in 0..500 {
        change(
            &host,
            &[judged(
                &format!("toolu_01ABCDEFGHIJKLMNOPQRST{number:04}"),
                "pass",
            )],
        );
        assert!(host.file(PATH).unwrap().len() <= 64 << 10);
    }
    assert_eq!(load(&host).calls, 500);
    let before = host.file(PATH).unwrap();
    assert!(before.len() > 4 << 10);
    let line = before.split(|it| *it == b'\n').rev().nth(1).unwrap();
    assert!(line.len() < 1900, "{}", line.len());
    change(&host, &[]);
    assert_eq!(host.file(PATH).unwrap(), before);
}

#[test]
fn a_line_torn_at_any_byte_leaves_the_state_before_it() {
    let base = FakeHost::new();
    change(&base, &[judged("a", "pass")]);
    let first = base.file(PATH).unwrap().len();
    change(&base, &[judged("b", "deny")]);
    let bytes = base.file(PATH).unwrap();
    for end in 0..=bytes.len() {
        let host = FakeHost::new();
        host.add_file(PATH, &bytes[..end]);
        change(&host, &[judged("c", "pass")]);
        let expected = if end == bytes.len() {
            3
        } else if end >= first {
            2
        } else {
            1
        };
        assert_eq!(load(&host).calls, expected, "{end}");
        assert_eq!(load(&host).recent.iter().last().unwrap().id, "c");
    }
}

#[test]
fn foreign_lines_do_not_hide_the_state_before_them() {
    let host = FakeHost::new();
    change(&host, &[judged("a", "pass")]);
    for garbage in [
        &b"\0\0\0\0"[..],
        b"\nnot json\n",
        b"{\"r\":[\"x\"]}\n",
        &b"y".repeat(30_000),
    ] {
        let mut bytes = host.file(PATH).unwrap();
        bytes.extend_from_slice(garbage);
        host.add_file(PATH, bytes);
        change(&host, &[Change::Settled("a".to_owned())]);
        assert_eq!(load(&host).calls, 1);
    }
}

#[test]
fn a_file_that_is_no_state_is_kept_aside_and_told() {
    let host = FakeHost::new();
    for number in 1..4 {
        host.add_file(PATH, "garbage\nmore");
        let mut open = open(&host, &dirs(), "s-1").unwrap();
        assert_eq!(open.session, Session::default());
        let aside = format!("/state/sessions/s-1.corrupt-{number}");
        assert!(open.problem.as_ref().unwrap().contains(&aside));
        assert_eq!(host.text(&aside).unwrap(), "garbage\nmore");
        open.apply(&[judged("a", "pass")]);
        open.store().unwrap();
        drop(open);
        assert_eq!(load(&host).calls, 1);
    }
}

#[test]
fn ids_never_leave_the_directory() {
    let host = FakeHost::new();
    for id in [
        "",
        "../../etc/passwd",
        "a/b",
        ".",
        "a\0b",
        "\u{fc}",
        &"x".repeat(300),
        "ok_1-A",
    ] {
        open(&host, &dirs(), id).unwrap().store().unwrap();
    }
    let files = host.files();
    assert_eq!(files.len(), 8, "{files:?}");
    assert!(
        files
            .iter()
            .all(|it| it.starts_with("/state/sessions/") && !it.contains(".."))
    );
    assert!(files.contains(&"/state/sessions/unknown.log".to_owned()));
    assert!(files.contains(&"/state/sessions/ok_1-A.log".to_owned()));
}

#[test]
fn the_lock_is_held_until_the_end() {
    let host = FakeHost::new();
    let held = open(&host, &dirs(), "s-1").unwrap();
    assert!(open(&host, &dirs(), "s-1").is_err());
    assert!(open(&host, &dirs(), "s-2").is_ok());
    drop(held);
    assert!(open(&host, &dirs(), "s-1").is_ok());
}

#[test]
fn a_full_disk_is_an_error_and_loses_nothing() {
    let host = FakeHost::new();
    change(&host, &[judged("a", "pass")]);
    host.set_room(10);
    let mut session = open(&host, &dirs(), "s-1").unwrap();
    session.apply(&[judged("b", "pass")]);
    assert!(session.store().is_err());
    drop(session);
    host.set_room(u64::MAX);
    assert_eq!(load(&host).calls, 1);
    change(&host, &[judged("c", "pass")]);
    assert_eq!(load(&host).calls, 2);
}

#[test]
fn sessions_untouched_for_a_month_are_pruned() {
    let host = FakeHost::new();
    change(&host, &[judged("a", "pass")]);
    host.add_file("/state/sessions/old.corrupt-1", "x");
    host.add_file("/state/sessions/mine.log", "x");
    host.advance(29 * 24 * 3600);
    assert_eq!(prune(&host, &dirs(), "mine").unwrap(), 0);
    open(&host, &dirs(), "young").unwrap().store().unwrap();
    host.advance(2 * 24 * 3600);
    assert_eq!(prune(&host, &dirs(), "mine").unwrap(), 2);
    assert_eq!(
        host.files(),
        ["/state/sessions/mine.log", "/state/sessions/young.log"]
    );
    assert_eq!(prune(&FakeHost::new(), &dirs(), "mine").unwrap(), 0);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "real files, real writers")]
fn parallel_writers_lose_no_count() {
    let directory = std::env::temp_dir().join(format!("hookbin-session-{}", std::process::id()));
    let state = directory.to_str().unwrap().to_owned();
    let writers: Vec<_> = (0..8)
        .map(|writer| {
            let dirs = Dirs {
                state: state.clone(),
                ..Dirs::default()
            };
            std::thread::spawn(move || {
                for number in 0..60 {
                    let mut open = open(&Os, &dirs, "s").unwrap();
                    open.apply(&[judged(&format!("toolu_{writer}_{number}"), "deny")]);
                    open.store().unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    let dirs = Dirs {
        state,
        ..Dirs::default()
    };
    let session = open(&Os, &dirs, "s").unwrap().session;
    std::fs::remove_dir_all(&directory).unwrap();
    assert_eq!((session.calls, session.denied), (480, 480));
}

#[test]
fn a_session_of_many_agents_and_failures_stays_small() {
    let host = FakeHost::new();
    let mut run = Run::default();
    for agent in 0..100 {
        let mut it = run.take(&format!("agent-{agent:020}"));
        for number in 0..100_i64 {
            it.push_call(1_800_000_000 + number / 3, 60);
            it.push_past(run::Past(u64::MAX, u64::MAX));
            it.push_edit(run::Edit(u64::MAX, u64::MAX, u64::MAX));
        }
        for number in 0..100 {
            let found = crate::failure::Failure {
                class: crate::failure::Class::by_id("not-found").unwrap(),
                signature: format!("{number:016}"),
                message: "\u{1f600}\"".repeat(100),
            };
            for key in 0..9 {
                let (now, limits) = (1_800_000_000, crate::policy::Limits::default());
                crate::limit::breaker::fail(&mut it, &found, u64::MAX - key, now, None, &limits);
            }
        }
        run.put(it);
    }
    change(&host, &[Change::Ran(Box::new(run))]);
    for number in 0..200 {
        change(&host, &[judged(&format!("toolu_{number}"), "deny")]);
    }
    let size = host.file(PATH).unwrap().len();
    assert!(size < 64 << 10, "{size}");
    assert_eq!(load(&host).run.agents.len(), run::AGENT_LIMIT);
    assert_eq!(load(&host).calls, 200);
}
