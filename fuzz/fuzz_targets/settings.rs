//! Any text can be a settings file: it is refused, or wired so that it is still what it was besides, and
//! unwired back to its bytes.
#![no_main]

#[allow(dead_code, reason = "shared with the tests and other targets")]
#[path = "../../tests/it/memory.rs"]
mod memory;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| memory::check_wiring(text));
