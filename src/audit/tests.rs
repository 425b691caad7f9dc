//! The chain survives what can happen to it, and shows what must not.

use std::sync::Arc;

use super::append::append_within;
use super::*;
use crate::hex;
use crate::host::fake::FakeHost;
use crate::host::os::Os;
use crate::host::{Dirs, Host};

const SEGMENT: &str = "/state/audit/000001.jsonl";
const HEAD: &str = "/state/audit/head.json";

fn dirs() -> Dirs {
    Dirs {
        state: "/state".to_owned(),
        ..Dirs::default()
    }
}

fn record(number: usize) -> Record {
    let mut record = Record {
        time: "2026-01-01T00:00:00.000000Z".to_owned(),
        session: "s".to_owned(),
        event: "PreToolUse".to_owned(),
        decision: "deny".to_owned(),
        rules: vec!["a-rule".to_owned(), "b\"\\".to_owned()],
        duration_us: 70,
        note: "line\none\u{1}".to_owned(),
        ..Record::default()
    };
    record.subject(&format!("rm -rf /{number} \u{fc}"));
    record
}

/// A chain of so many records.
fn chain(count: usize) -> FakeHost {
    let host = FakeHost::new();
    for number in 0..count {
        append(&host, &dirs(), &record(number), true).unwrap();
    }
    host
}

fn lines(host: &FakeHost) -> Vec<String> {
    let text = host.text(SEGMENT).unwrap();
    text.lines().map(str::to_owned).collect()
}

fn set_lines(host: &FakeHost, lines: &[String]) {
    host.add_file(SEGMENT, lines.join("\n") + "\n");
}

/// Changes the lines of a chain of six and checks which faults show, in order.
#[track_caller]
fn check(change: impl FnOnce(&mut Vec<String>), faults: &[Fault]) {
    let host = chain(6);
    let mut lines = lines(&host);
    change(&mut lines);
    set_lines(&host, &lines);
    found(&host, faults);
}

#[track_caller]
fn found(host: &FakeHost, faults: &[Fault]) -> Report {
    let report = verify(host, &dirs()).unwrap();
    let shown: Vec<Fault> = report.problems.iter().map(|it| it.fault).collect();
    assert_eq!(shown, faults, "{report:#?}");
    report
}

#[test]
fn a_whole_chain_verifies_and_reads_back() {
    let host = chain(20);
    let report = found(&host, &[]);
    assert_eq!(
        (report.records, report.last, report.gaps.len()),
        (20, 20, 0)
    );
    let mut read = Vec::new();
    newest_first(&host, &dirs(), &mut |entry| {
        read.push(entry.record.unwrap());
        true
    })
    .unwrap();
    let expected: Vec<Record> = (0..20).rev().map(record).collect();
    assert_eq!(read, expected);
    found(&FakeHost::new(), &[]);
}

#[test]
fn every_line_is_json_with_a_fresh_salt() {
    let host = chain(2);
    let values: Vec<serde_json::Value> = lines(&host)
        .iter()
        .map(|it| serde_json::from_str(it).unwrap())
        .collect();
    assert_ne!(values[0]["salt"], values[1]["salt"]);
    assert_eq!(values[1]["prev"], values[0]["hash"]);
    assert_eq!(values[0]["content"]["note"], "line\none\u{1}");
    let head: serde_json::Value = serde_json::from_str(&host.text(HEAD).unwrap()).unwrap();
    assert_eq!(head["hash"], values[1]["hash"]);
}

#[test]
fn every_change_of_a_line_shows() {
    use Fault::{Edited, Missing, Reordered, RolledBack, Truncated};
    check(|_| {}, &[]);
    check(|it| it[2] = it[2].replace("rm -rf", "ls -rf"), &[Edited]);
    check(
        |it| it[2] = it[2].replace(r#""salt":""#, r#""salt": ""#),
        &[Missing],
    );
    check(|it| it[2] = it[2].replace("}}", "}}x"), &[Missing]);
    check(|it| drop(it.remove(2)), &[Missing]);
    check(|it| drop(it.remove(0)), &[Missing]);
    check(|it| drop(it.drain(2..4)), &[Missing]);
    check(|it| it.swap(2, 3), &[Missing, Reordered, Missing]);
    check(|it| it.insert(3, it[1].clone()), &[Reordered, Missing]);
    check(|it| it.truncate(4), &[Truncated]);
    check(Vec::clear, &[Truncated]);
    check(|it| it[5] = it[5].replace("rm -rf", "ls -rf"), &[Edited]);
    // A line made anew, with hashes of its own, does not fit its neighbours.
    let (forged, _) = line::render(3, &[7; 32], &[1; 16], &record(9));
    check(|it| it[2] = forged, &[Edited, Edited]);
    // Nor does one at the end fit the head copy.
    let host = chain(6);
    let mut all = lines(&host);
    let prev = line::Line::parse(&all[4]).unwrap().hash;
    all[5] = line::render(6, &prev, &[1; 16], &record(9)).0;
    set_lines(&host, &all);
    found(&host, &[RolledBack]);
}

#[test]
fn any_single_byte_changed_shows() {
    let host = chain(3);
    let bytes = host.file(SEGMENT).unwrap();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 4;
        host.add_file(SEGMENT, changed);
        let report = verify(&host, &dirs()).unwrap();
        assert!(!report.clean(), "byte {at}");
    }
}

#[test]
fn content_can_be_forgotten() {
    let host = chain(4);
    let mut all = lines(&host);
    let cut = all[1].find(r#","salt""#).unwrap();
    all[1].truncate(cut);
    all[1].push('}');
    set_lines(&host, &all);
    assert_eq!(found(&host, &[]).forgotten, 1);
    append(&host, &dirs(), &record(5), false).unwrap();
    assert_eq!(found(&host, &[]).records, 5);
}

#[test]
fn a_line_torn_at_any_byte_leaves_a_named_gap_and_a_whole_chain() {
    let base = chain(3);
    let before = base.file(SEGMENT).unwrap();
    let head = base.file(HEAD).unwrap();
    append(&base, &dirs(), &record(3), false).unwrap();
    let after = base.file(SEGMENT).unwrap();
    for end in before.len()..=after.len() {
        let host = FakeHost::new();
        host.add_file(SEGMENT, &after[..end]);
        // The head copy is written last: the process died before.
        host.add_file(HEAD, head.clone());
        append(&host, &dirs(), &record(8), false).unwrap();
        append(&host, &dirs(), &record(9), false).unwrap();
        let report = found(&host, &[]);
        let torn = end != before.len() && end != after.len() && end != after.len() - 1;
        assert_eq!(report.gaps.len(), usize::from(torn), "{end}: {report:#?}");
        // A line that is whole but for its newline has happened.
        let whole = end >= after.len() - 1;
        assert_eq!(report.records, if whole { 6 } else { 5 }, "{end}");
    }
}

#[test]
fn garbage_at_the_end_is_a_gap() {
    for garbage in [
        &[0u8; 5000][..],
        b"\0\0\0\n",
        b"\xff\xfe",
        b"{\"seq\":",
        b"\n\n",
        &b"x".repeat(20_000),
    ] {
        let host = chain(3);
        let mut bytes = host.file(SEGMENT).unwrap();
        bytes.extend_from_slice(garbage);
        host.add_file(SEGMENT, bytes);
        append(&host, &dirs(), &record(4), false).unwrap();
        let report = found(&host, &[]);
        assert_eq!(report.records, 4);
        assert!(!report.gaps.is_empty());
    }
}

#[test]
fn a_segment_without_its_last_newline_takes_no_record_with_it() {
    let host = chain(3);
    let mut text = host.text(SEGMENT).unwrap();
    // As long as the head copy says, and yet torn.
    text.pop();
    host.add_file(SEGMENT, text + "x");
    append(&host, &dirs(), &record(3), true).unwrap();
    let report = found(&host, &[Fault::Missing]);
    assert_eq!((report.records, report.gaps.len()), (3, 1), "{report:?}");
}

#[test]
fn records_that_were_cut_off_stay_missing() {
    let host = chain(6);
    set_lines(&host, &lines(&host)[..4]);
    found(&host, &[Fault::Truncated]);
    append(&host, &dirs(), &record(7), false).unwrap();
    let report = found(&host, &[Fault::Missing]);
    assert_eq!(report.problems[0].detail, "records 5 to 6 are not there");
}

#[test]
fn a_lost_head_copy_is_made_anew_from_the_segments() {
    for broken in [&b""[..], b"garbage", &[0; 192], &[b' '; 300]] {
        let host = chain(3);
        host.add_file(HEAD, broken);
        append(&host, &dirs(), &record(4), false).unwrap();
        assert_eq!(found(&host, &[]).records, 4);
    }
    let host = chain(3);
    host.remove(HEAD).unwrap();
    found(&host, &[Fault::Missing]);
    append(&host, &dirs(), &record(4), false).unwrap();
    found(&host, &[]);
}

#[test]
fn segments_follow_each_other() {
    let host = FakeHost::new();
    for number in 0..40 {
        append_within(&host, &dirs(), &record(number), false, 4000).unwrap();
    }
    let report = found(&host, &[]);
    assert!(report.segments > 3 && report.records == 40, "{report:?}");
    assert_eq!(segments(&host, &dirs()).unwrap().len(), report.segments);
    // A writer that died right after it made the next segment known, or before its first record.
    let newest = format!("/state/audit/{:06}.jsonl", report.segments + 1);
    host.add_file(&newest, "");
    append_within(&host, &dirs(), &record(41), false, 4000).unwrap();
    host.remove(HEAD).unwrap();
    append_within(&host, &dirs(), &record(42), false, 4000).unwrap();
    assert_eq!(found(&host, &[]).records, 42);
    host.remove("/state/audit/000002.jsonl").unwrap();
    found(&host, &[Fault::Missing]);
}

#[test]
fn anchors_show_a_chain_that_was_rolled_back_with_its_head() {
    let host = chain(3);
    let (old_chain, old_head) = (host.file(SEGMENT).unwrap(), host.file(HEAD).unwrap());
    for number in 3..6 {
        append(&host, &dirs(), &record(number), false).unwrap();
    }
    anchor(&host, &dirs(), "s").unwrap();
    found(&host, &[]);
    host.add_file(SEGMENT, old_chain);
    host.add_file(HEAD, old_head);
    found(&host, &[Fault::RolledBack]);
    for number in 13..20 {
        append(&host, &dirs(), &record(number), false).unwrap();
    }
    found(&host, &[Fault::RolledBack]);
}

#[test]
fn pruned_segments_are_known_by_their_anchor() {
    let host = FakeHost::new();
    let mut cut = false;
    for number in 0..20 {
        append_within(&host, &dirs(), &record(number), false, 4000).unwrap();
        if !cut && host.file(SEGMENT).unwrap().len() >= 4000 {
            anchor(&host, &dirs(), "s").unwrap();
            cut = true;
        }
    }
    host.remove(SEGMENT).unwrap();
    found(&host, &[]);
}

#[test]
fn verification_survives_any_bytes() {
    let host = chain(4);
    let bytes = host.file(SEGMENT).unwrap();
    let mut seed = 7u64;
    for _ in 0..300 {
        let mut changed = bytes.clone();
        for _ in 0..8 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(99);
            let at = usize::try_from(seed >> 33).unwrap() % changed.len();
            changed[at] = seed.to_le_bytes()[3];
        }
        host.add_file(SEGMENT, changed.clone());
        host.add_file(HEAD, &changed[..192]);
        host.add_file("/state/audit/anchors.jsonl", &changed[..]);
        let report = verify(&host, &dirs()).unwrap();
        assert!(!report.clean());
        append(&host, &dirs(), &record(1), false).unwrap();
    }
    let (max, _) = line::render(u64::MAX, &[0; 32], &[0; 16], &record(1));
    host.add_file(SEGMENT, format!("{max}\n{max}\n"));
    assert!(!verify(&host, &dirs()).unwrap().clean());
    assert!(append(&host, &dirs(), &record(1), false).is_err());
}

#[test]
fn a_machine_that_fails_is_an_error_and_harms_nothing() {
    let host = chain(2);
    host.set_room(100);
    assert!(append(&host, &dirs(), &record(2), true).is_err());
    host.set_room(u64::MAX);
    append(&host, &dirs(), &record(2), true).unwrap();
    let report = found(&host, &[]);
    assert_eq!((report.records, report.gaps.len()), (3, 1));
    host.hold_lock(HEAD);
    assert!(append(&host, &dirs(), &record(3), true).is_err());
    let host = FakeHost::new();
    host.make_read_only("/state");
    assert!(append(&host, &dirs(), &record(3), true).is_err());
    let host = chain(1);
    host.make_unreadable(SEGMENT);
    assert!(append(&host, &dirs(), &record(3), true).is_err());
    found(&host, &[Fault::Unreadable, Fault::Truncated]);
}

#[test]
fn subjects_are_redacted_before_they_are_cut_and_hashed() {
    let secret = ["gh", "p_", &"a1B2".repeat(9)].concat();
    let text = format!("{}\u{20ac} {secret} {}", "x".repeat(510), "y".repeat(600));
    let mut record = Record::default();
    record.subject(&text);
    assert_eq!(record.subject, "x".repeat(510));
    let whole = text.replace(&secret, "[redacted:github-token]");
    assert_eq!(record.subject_len, whole.len() as u64);
    let mut sha = String::new();
    hex::push(&mut sha, &Sha256::digest(&whole));
    assert_eq!(record.subject_sha256, sha);
    record.note = format!("failed on {secret}");
    let (line, _) = line::render(1, &[0; 32], &[0; 16], &record);
    assert!(!line.contains(&secret));
}

#[test]
#[expect(clippy::disallowed_methods, reason = "real files, real writers")]
fn many_writers_make_one_chain() {
    let directory = std::env::temp_dir().join(format!("hookbin-audit-{}", std::process::id()));
    let dirs = Arc::new(Dirs {
        state: directory.to_str().unwrap().to_owned(),
        ..Dirs::default()
    });
    let writers: Vec<_> = (0..16)
        .map(|writer| {
            let dirs = Arc::clone(&dirs);
            std::thread::spawn(move || {
                for number in 0..50 {
                    append_within(&Os, &dirs, &record(writer * 100 + number), false, 50_000)
                        .unwrap();
                }
            })
        })
        .collect();
    for writer in writers {
        writer.join().unwrap();
    }
    let report = verify(&Os, &dirs).unwrap();
    std::fs::remove_dir_all(&directory).unwrap();
    assert!(report.clean() && report.gaps.is_empty(), "{report:?}");
    assert_eq!(report.records, 800);
    assert!(report.segments > 5);
}

#[test]
fn the_end_of_the_chain_is_read_across_segments_and_within_a_bound() {
    let host = FakeHost::new();
    for number in 0..9 {
        append_within(&host, &dirs(), &record(number), false, 1_200).unwrap();
    }
    assert!(host.file("/state/audit/000003.jsonl").is_some());
    let subjects = |limit| {
        let (records, whole) = latest(&host, &dirs(), limit).unwrap();
        let numbers = records.iter().map(|it| it.subject.as_bytes()[8] - b'0');
        (numbers.collect::<Vec<u8>>(), whole)
    };
    assert_eq!(subjects(1 << 20), ((0..9).collect(), true));
    for limit in [0, 10, 700, 2_100, 4_000] {
        let (found, whole) = subjects(limit);
        assert!(!whole && found.len() <= limit / 400, "{limit}: {found:?}");
        let first = 9 - u8::try_from(found.len()).unwrap();
        assert_eq!(found, (first..9).collect::<Vec<u8>>(), "{limit}");
    }
    assert_eq!(
        latest(&FakeHost::new(), &dirs(), 9).unwrap(),
        (Vec::new(), true)
    );
}
