//! Any bytes on stdin get an answer of the hook protocol, and what is no event never lets a call pass.
#![no_main]

#[allow(dead_code, reason = "shared with the tests and other targets")]
#[path = "../../tests/it/memory.rs"]
mod memory;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((choice, stdin)) = data.split_first() else {
        return;
    };
    let events = memory::EVENTS;
    let event = events[usize::from(*choice) % events.len()];
    let host = memory::machine();
    let response = memory::hook(&host, event, stdin.to_vec());
    memory::check_response(event, stdin, &response);
    // A second process on the state that the first one left.
    let again = memory::hook(&host, event, stdin.to_vec());
    memory::check_response(event, stdin, &again);
});
