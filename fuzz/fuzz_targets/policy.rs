//! Any bytes can stand in a policy file: they are a policy or an error with its place, the same when read
//! again, and a project never loosens what stood before it.
#![no_main]

#[allow(dead_code, reason = "shared with the tests and other targets")]
#[path = "../../tests/it/memory.rs"]
mod memory;

use libfuzzer_sys::fuzz_target;
use memory::PROJECT;

fuzz_target!(|data: &[u8]| {
    let Some((choice, data)) = data.split_first() else {
        return;
    };
    let host = memory::machine();
    let dirs = memory::dirs();
    let path = match choice % 4 {
        0 => format!("{}/config.toml", dirs.config),
        1 => format!("{PROJECT}/.claude/hookbin.toml"),
        2 => format!("{}/config.toml", dirs.managed),
        _ => format!("{}/rules/a.toml", dirs.config),
    };
    host.add_file(&path, data);
    let first = hookbin::policy::load(&host, &dirs, PROJECT);
    let problems = hookbin::policy::problems(&host, &dirs, PROJECT);
    assert_eq!(first.is_err(), !problems.errors.is_empty(), "{first:?}");
    let again = hookbin::policy::load(&host, &dirs, PROJECT);
    match (first, again) {
        (Ok(first), Ok(again)) => {
            assert_eq!(format!("{first:?}"), format!("{again:?}"));
        }
        (Err(first), Err(again)) => assert_eq!(first, again),
        (first, again) => panic!("{first:?} {again:?}"),
    }
});
