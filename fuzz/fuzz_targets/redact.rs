//! Any text can be redacted: once is enough, and it does not grow beyond its marks.
#![no_main]

#[allow(dead_code, reason = "shared with the tests and other targets")]
#[path = "../../tests/it/memory.rs"]
mod memory;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| memory::check_redaction(text));
