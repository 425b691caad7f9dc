//! Any text can be read as shell text and judged: it ends, within its limits, and points only into itself.
#![no_main]

#[allow(dead_code, reason = "shared with the tests and other targets")]
#[path = "../../tests/it/memory.rs"]
mod memory;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let host = memory::machine();
    let (reading, findings) = memory::judge(&host, text);
    memory::check_shape(text, &reading);
    let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
    for span in findings.iter().filter_map(|it| it.span) {
        assert!(span.start <= span.end && span.end <= end);
    }
});
