//! Any text can be read as that of a failure: it is short, of a known class, and the same each time.
#![no_main]

#[allow(dead_code, reason = "shared with the tests and other targets")]
#[path = "../../tests/it/memory.rs"]
mod memory;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| memory::check_failure(text));
