//! Shows how the cost of reading and judging shell text grows with its length, for every shape; marks
//! what grows faster than its length.

#[allow(dead_code, reason = "shared with the tests and other targets")]
#[path = "../../tests/it/generate.rs"]
mod generate;

#[allow(dead_code, reason = "shared with the tests and other targets")]
#[path = "../../tests/it/memory.rs"]
mod memory;

use std::time::Duration;

use generate::{SHAPES, cost};
use hookbin::shell;
use memory::AROUND;

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
            if read.iter().chain(&check).any(|it| it.as_secs() > 1) {
                break;
            }
        }
        println!("{name:24} {} | {} |{found}", show(&read), show(&check));
    }
}

/// The result and the lowest cost of a few runs.
fn timed<T>(length: usize, mut run: impl FnMut() -> T) -> (T, Duration) {
    let (mut best, mut last) = (Duration::MAX, None);
    let mut left = if length > 20_000 { 2 } else { 5 };
    while left > 0 && (last.is_none() || best < Duration::from_secs(1)) {
        best = best.min(cost(|| last = Some(run())));
        left -= 1;
    }
    (last.expect("it ran"), best)
}

fn show(times: &[Duration]) -> String {
    let mut text = String::new();
    let mut before = None;
    for time in times {
        let grown = before
            .is_some_and(|it: Duration| *time > Duration::from_micros(500) && *time > it * 14);
        text.push_str(&format!(
            "{:>9}{}",
            time.as_micros(),
            if grown { '*' } else { ' ' }
        ));
        before = Some(*time);
    }
    text
}
