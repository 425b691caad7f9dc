//! Owns what must hold when many hook processes run at once or are killed: the chain verifies, nothing is
//! counted twice or lost, and what was answered is recorded. Does not own the formats. Invariant: every
//! random choice comes from a printed seed.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use hookbin::host::Dirs;
use hookbin::host::os::Os;
use hookbin::session::{self, Session};
use serde_json::Value;

use crate::hook::{Answer, SESSION, start};
use crate::rig::{LIST_ALL, field, json_records};
use crate::scratch::{Scratch, hookbin_path};

const DENIED: &str = "rm -rf ~";

/// A subcommand of hookbin on the state that the hooks of this scratch wrote.
fn subcommand(scratch: &Scratch, args: &[&str]) -> std::process::Output {
    let mut command = scratch.command(&hookbin_path());
    command
        .env("HOOKBIN_CONFIG_DIR", scratch.path("config"))
        .env("HOOKBIN_STATE_DIR", scratch.path("state"))
        .args(args);
    command.output().expect("hookbin starts")
}

#[track_caller]
fn verified_records(scratch: &Scratch) -> Vec<Value> {
    let verified = subcommand(scratch, &["audit", "verify"]);
    assert!(verified.status.success(), "{verified:#?}");
    let listed = subcommand(scratch, &LIST_ALL);
    assert!(listed.status.success(), "{listed:#?}");
    json_records(&listed.stdout)
}

/// What is remembered of the only session.
fn remembered(scratch: &Scratch) -> Session {
    let dirs = Dirs {
        state: scratch.text("state"),
        ..Dirs::default()
    };
    let open = session::open(&Os, &dirs, SESSION).expect("a session log");
    assert_eq!(open.problem, None, "nothing was set aside");
    open.session
}

#[test]
fn thirty_two_processes_with_a_hundred_events_each_lose_nothing() {
    const PROCESSES: u32 = 32;
    const EVENTS: u32 = 100;
    let scratch = Scratch::new();
    let repeated = AtomicU32::new(0);
    thread::scope(|scope| {
        for process in 0..PROCESSES {
            let (scratch, repeated) = (&scratch, &repeated);
            scope.spawn(move || {
                for event in 0..EVENTS {
                    let denied = event % 20 == 0;
                    let text = if denied { DENIED } else { "ls -la" };
                    let id = format!("toolu_{process}_{event}");
                    let (answer, late) = answer_in_time(scratch, &id, text);
                    repeated.fetch_add(late, Ordering::Relaxed);
                    let expected = if denied { 2 } else { 0 };
                    assert_eq!(answer.status.code(), Some(expected), "{id}: {answer:#?}");
                }
            });
        }
    });
    let records = verified_records(&scratch);
    let ids: BTreeSet<String> = records.iter().map(record_id).collect();
    let expected = usize::try_from(PROCESSES * EVENTS).expect("a few thousand");
    assert_eq!(ids.len(), expected, "a record for every event");
    let repeated = u64::from(repeated.into_inner());
    let exact = |count: u64, expected: u32, what: &str| {
        let surplus = count.checked_sub(expected.into());
        assert!(
            surplus.is_some_and(|it| it <= repeated),
            "{what}: {count} for {expected}, with {repeated} repeated"
        );
    };
    exact(records.len() as u64, PROCESSES * EVENTS, "records");
    let session = remembered(&scratch);
    exact(session.calls, PROCESSES * EVENTS, "calls");
    exact(session.denied, PROCESSES * EVENTS / 20, "denied");
    exact(session.run.steps, PROCESSES * EVENTS, "steps");
    let agent = session.run.agent("").expect("the main agent");
    exact(agent.steps, PROCESSES * EVENTS, "steps of the agent");
}

/// Asks again where the machine was so busy that the deadline passed, which is a refusal and no loss.
/// Returns how often: each time the record may have been written before the process gave up.
fn answer_in_time(scratch: &Scratch, id: &str, text: &str) -> (Answer, u32) {
    let mut late = 0;
    loop {
        let answer = scratch.answer("PreToolUse", scratch.bash(id, text).to_string());
        if late == 20 || !answer.stderr.contains("no decision within") {
            return (answer, late);
        }
        answer.denies();
        late += 1;
    }
}

fn record_id(record: &Value) -> String {
    field(record, "tool_use_id")
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

/// 200 here; `HOOKBIN_KILLS=1000` for a long run, `HOOKBIN_SEED` to repeat one.
#[test]
fn processes_killed_at_random_moments_leave_a_chain_that_verifies() {
    let setting = |name: &str| std::env::var(name).ok().and_then(|it| it.parse().ok());
    let kills: u64 = setting("HOOKBIN_KILLS").unwrap_or(200);
    let seed: u64 = setting("HOOKBIN_SEED").unwrap_or(0x9e37_79b9_7f4a_7c15);
    println!("HOOKBIN_SEED={seed} HOOKBIN_KILLS={kills}");
    let scratch = Scratch::new();
    let whole = usual_duration(&scratch).as_nanos();
    let whole = u64::try_from(whole).expect("a run takes less than centuries");
    let mut random = Random(seed);
    let mut answered = BTreeSet::new();
    for number in 0..kills {
        let id = format!("toolu_{number}");
        let after = Duration::from_nanos(random.below(whole * 3 / 2));
        if killed_after(&scratch, &id, after) == Some(0) {
            answered.insert(id);
        }
    }
    assert!(
        (answered.len() as u64) < kills,
        "no process was killed in time"
    );
    scratch
        .answer("PreToolUse", scratch.bash("toolu_last", "ls").to_string())
        .is_silent();
    let recorded: BTreeSet<String> = verified_records(&scratch).iter().map(record_id).collect();
    let lost: Vec<_> = answered.difference(&recorded).collect();
    assert!(lost.is_empty(), "answered without a record: {lost:?}");
    assert!(recorded.contains("toolu_last"), "the chain goes on");
    let remembered = remembered(&scratch);
    assert!(remembered.calls >= answered.len() as u64, "{remembered:?}");
}

/// The median of a few whole runs.
fn usual_duration(scratch: &Scratch) -> Duration {
    let mut took: Vec<Duration> = (0..9)
        .map(|it| {
            let event = scratch.bash(&format!("toolu_warm_{it}"), "ls").to_string();
            scratch.answer("PreToolUse", event).is_silent().took
        })
        .collect();
    took.sort();
    took[took.len() / 2]
}

/// The exit code of a hook killed so long after its start; `None` where the kill came in time.
fn killed_after(scratch: &Scratch, id: &str, after: Duration) -> Option<i32> {
    let started = Instant::now();
    let mut child = start(&mut scratch.hook("PreToolUse"));
    let mut pipe = child.stdin.take().expect("a piped stdin");
    let _ = pipe.write_all(scratch.bash(id, "ls -la").to_string().as_bytes());
    drop(pipe);
    // Waiting without sleeping: the moments of interest lie microseconds apart.
    while started.elapsed() < after {
        std::hint::spin_loop();
    }
    let _ = child.kill();
    child.wait().expect("a child can be waited for").code()
}

/// A xorshift generator: repeatable choices without a dependency.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit.max(1)
    }
}

#[test]
fn torn_last_line_does_not_stop_the_session() {
    let scratch = Scratch::new();
    scratch.judge("ls").is_silent();
    for folder in ["state/sessions", "state/audit"] {
        for entry in std::fs::read_dir(scratch.path(folder))
            .into_iter()
            .flatten()
            .flatten()
        {
            tear(&entry.path());
        }
    }
    let event = scratch.bash("toolu_2", "ls").to_string();
    scratch.answer("PreToolUse", event).is_silent();
    let recorded: BTreeSet<String> = verified_records(&scratch).iter().map(record_id).collect();
    assert!(recorded.contains("toolu_2"), "{recorded:?}");
}

/// Appends half a line, as a process killed while writing does.
fn tear(path: &Path) {
    if !path
        .extension()
        .is_some_and(|it| it == "log" || it == "jsonl")
    {
        return;
    }
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(path)
        .expect("our own file");
    file.write_all(b"{\"version\":1,\"ca")
        .expect("a small write");
}
