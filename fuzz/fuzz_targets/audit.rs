//! Any bytes can stand in the files of the audit chain: they are verified, read and written on.
#![no_main]

#[allow(dead_code, reason = "shared with the tests and other targets")]
#[path = "../../tests/it/memory.rs"]
mod memory;

use hookbin::audit::{self, Fault, Problem, Record, Report};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((choice, data)) = data.split_first() else {
        return;
    };
    let host = memory::machine();
    let dirs = memory::dirs();
    memory::append(&host, usize::from(choice >> 4));
    let directory = format!("{}/audit", dirs.state);
    let (path, content) = match choice % 8 {
        0 => ("000001.jsonl", data.to_vec()),
        1 => ("head.json", data.to_vec()),
        2 => ("anchors.jsonl", data.to_vec()),
        3 => ("000002.jsonl", data.to_vec()),
        4 => ("999999.jsonl", data.to_vec()),
        _ => {
            // Behind records that are whole.
            let mut all = host
                .file(&format!("{directory}/000001.jsonl"))
                .unwrap_or_default();
            all.extend_from_slice(data);
            ("000001.jsonl", all)
        }
    };
    host.add_file(&format!("{directory}/{path}"), content);
    let report = audit::verify(&host, &dirs).expect("the directory is there");
    assert!(report.problems.len() <= 1000);
    let _ = audit::head(&host, &dirs);
    audit::newest_first(&host, &dirs, &mut |_| true).expect("the files are there");
    // Whatever stands there, the next record does not destroy it silently.
    if audit::append(&host, &dirs, &Record::default(), false).is_ok() {
        let after = audit::verify(&host, &dirs).expect("the directory is there");
        assert!(after.records > 0);
        // The head copy is whole again, and names another record; what is wrong with a line stays wrong.
        let counts = |it: &&Problem| it.line > 0 && it.fault != Fault::RolledBack;
        let of_lines = |it: &Report| it.problems.iter().filter(counts).count();
        assert!(of_lines(&after) >= of_lines(&report), "{report:?} {after:?}");
    }
});
