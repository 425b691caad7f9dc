//! Any text can be read as PowerShell and judged: it ends, within its limits, and points only into itself.
#![no_main]

#[allow(dead_code, reason = "shared with the tests and other targets")]
#[path = "../../tests/it/memory.rs"]
mod memory;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let reading = hookbin::shell::read_powershell(text, &memory::AROUND);
    memory::check_shape(text, &reading);
    memory::check(&memory::machine(), text, &reading);
});
