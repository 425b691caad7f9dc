//! Shows how the cost of reading and judging shell text grows with its length, for every shape; marks
//! what grows faster than its length.

use std::time::Duration;

use hookbin::shell;
use hookbin_fuzz::generate::SHAPES;
use hookbin_fuzz::memory::{self, AROUND};

const LENGTHS: [usize; 4] = [1 << 10, 10 << 10, 100 << 10, 1000 << 10];

fn main() {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    println!("µs for 1, 10, 100, 1000 KiB: shell::read | guards");
    for (name, make) in SHAPES {
        if !wanted.is_empty() && !wanted.iter().any(|it| name.contains(it.as_str())) {
            continue;
        }
        let (mut read, mut check, mut found) = (Vec::new(), Vec::new(), String::new());
        for length in LENGTHS {
            let text = make(length);
            let host = memory::machine();
            let (reading, took) = timed(length, || shell::read(&text, &AROUND));
            read.push(took);
            let (_, took) = timed(length, || memory::check(&host, &text, &reading));
            check.push(took);
            found.push_str(&format!(" {}", reading.invocations.len()));
            if !reading.problems.is_empty() {
                found.push('!');
            }
        }
        println!("{name:24} {} | {} |{found}", show(&read), show(&check));
    }
}

/// The result and the shortest time of a few runs.
fn timed<T>(length: usize, mut run: impl FnMut() -> T) -> (T, Duration) {
    let mut best = Duration::MAX;
    let mut last;
    let mut left = if length > 20_000 { 2 } else { 7 };
    loop {
        let start = used();
        last = run();
        best = best.min(used().saturating_sub(start));
        left -= 1;
        if left == 0 || best > Duration::from_secs(1) {
            return (last, best);
        }
    }
}

/// Processor time of this thread: other programs do not count.
fn used() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|it| it.parse().ok());
    Duration::from_nanos(nanoseconds.expect("Linux"))
}

fn show(times: &[Duration]) -> String {
    let mut text = String::new();
    let mut before = None;
    for time in times {
        let grown = before
            .is_some_and(|it: Duration| *time > Duration::from_micros(1500) && *time > it * 14);
        text.push_str(&format!(
            "{:>9}{}",
            time.as_micros(),
            if grown { '*' } else { ' ' }
        ));
        before = Some(*time);
    }
    text
}
