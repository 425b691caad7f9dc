//! Any text can be redacted: once is enough, and it does not grow beyond its marks.
#![no_main]

use hookbin_fuzz::memory;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| memory::check_redaction(text));
