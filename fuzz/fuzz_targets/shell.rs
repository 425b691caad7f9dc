//! Any text can be read as shell text: reading ends, and stays within its limits.
#![no_main]

use hookbin::shell::{Surroundings, read};
use libfuzzer_sys::fuzz_target;

const AROUND: Surroundings = Surroundings {
    cwd: "/work/app",
    home: "/home/dev",
    project: "/work/app",
};

fuzz_target!(|text: &str| {
    let reading = read(text, &AROUND);
    for (index, invocation) in reading.invocations.iter().enumerate() {
        let links = invocation.fed_by.iter().chain(&invocation.feeds).chain(&invocation.parent);
        assert!(links.into_iter().all(|it| (*it as usize) < reading.invocations.len()));
        assert!(invocation.parent.is_none_or(|it| (it as usize) < index));
        let end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        assert!(invocation.span.start <= invocation.span.end && invocation.span.end <= end);
    }
});
