//! Every kind of the table is found where it looks live, and nowhere else. Secrets are put together at run
//! time, never written whole.

use super::*;
use crate::secret::random::{ends_in_checksum, summed};

const SHAPES: &str = include_str!(concat!(env!("OUT_DIR"), "/shapes.txt"));
const NAMED: &str = include_str!(concat!(env!("OUT_DIR"), "/named.txt"));
const NOW: i64 = 1_790_000_000;

/// Characters in no order, the same for the same seed.
fn random(alphabet: &str, length: usize, seed: u64) -> String {
    let letters: Vec<char> = alphabet.chars().collect();
    let mut state = seed;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        letters[usize::try_from(state >> 33).unwrap() % letters.len()]
    };
    (0..length).map(|_| next()).collect()
}

const HEX: &str = "0123456789abcdef";
const PLAIN: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

fn body(class: &str, alphabet: &str, length: usize, seed: u64) -> String {
    match class {
        "uuid" => {
            let hex = random(HEX, 32, seed);
            let group = |at: usize, to: usize| hex[at..to].to_owned();
            [
                group(0, 8),
                group(8, 12),
                group(12, 16),
                group(16, 20),
                group(20, 32),
            ]
            .join("-")
        }
        "hex" => random(HEX, length, seed),
        "base32" => random("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", length, seed),
        "base64" => random(&[PLAIN, "+/"].concat(), length, seed),
        _ if alphabet == "upper" => random("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", length, seed),
        _ => random(PLAIN, length, seed),
    }
}

#[track_caller]
fn found(text: &str, kind: &str) -> Proof {
    let all = find(text, NOW);
    let kinds: Vec<_> = all.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [kind], "{text}");
    all[0].proof
}

#[track_caller]
fn silent(text: &str) {
    let all = find(text, NOW);
    assert!(all.is_empty(), "{text}: {all:?}");
}

struct Row<'a> {
    prefix: &'a str,
    alphabet: &'a str,
    kind: &'a str,
    from: usize,
    to: usize,
    class: &'a str,
    proof: &'a str,
}

fn rows() -> impl Iterator<Item = Row<'static>> {
    SHAPES.lines().map(|line| {
        let cells: Vec<&str> = line.split(' ').collect();
        Row {
            prefix: cells[0],
            alphabet: cells[1],
            kind: cells[3],
            from: cells[4].parse().unwrap(),
            to: cells[5].parse().unwrap(),
            class: cells[6],
            proof: cells[7],
        }
    })
}

#[test]
fn there_are_more_than_a_hundred_kinds() {
    let mut kinds: Vec<&str> = rows().map(|it| it.kind).collect();
    kinds.extend(NAMED.lines().filter_map(|it| it.split(' ').nth(3)));
    kinds.sort_unstable();
    kinds.dedup();
    assert!(kinds.len() >= 100, "{}", kinds.len());
}

#[test]
fn every_shape_is_found_where_it_looks_live() {
    for row in rows().filter(|it| it.from > 0) {
        for (length, seed) in [
            (row.from, 7),
            (row.to.min(row.from + 40), 11),
            (row.from, 1234),
        ] {
            let body = body(row.class, row.alphabet, length, seed);
            let body = if row.proof == "sum" {
                summed(&body[..body.len() - 6])
            } else {
                body
            };
            let text = format!("const KEY: &str = \"{}{body}\";\n", row.prefix);
            let proof = found(&text, row.kind);
            let wanted = match row.proof {
                "sum" => Proof::Proved,
                "likely" => Proof::Likely,
                _ => Proof::Sure,
            };
            assert_eq!(proof, wanted, "{text}");
            found(&format!("{}{body}", row.prefix), row.kind);
        }
    }
}

#[test]
fn no_shape_is_found_in_placeholders() {
    for row in rows() {
        let length = row.from.max(24);
        let of = |text: &str| text.chars().cycle().take(length).collect::<String>();
        let real = body(row.class, row.alphabet, length, 7);
        let cut = &real[..length.min(8)];
        let bodies = [
            of("x"),
            of("X"),
            of("0"),
            of("1234567890"),
            of("abcdef0123456789"),
            of("a1b2c3d4e5f6g7h8"),
            of("YOUR-KEY-HERE-"),
            of("EXAMPLE"),
            of("your_token_"),
            format!("EXAMPLE{}", &real[7..]),
            format!("{}EXAMPLE", &real[7..]),
        ];
        for body in bodies {
            silent(&format!("KEY = \"{}{body}\"", row.prefix));
            silent(&format!("token: {}{body}\n", row.prefix));
        }
        silent(&format!("KEY = \"{}{cut}\"", row.prefix));
    }
}

#[test]
fn a_token_whose_checksum_fails_is_only_likely() {
    let made_up = random(PLAIN, 36, 5);
    assert!(!ends_in_checksum(made_up.as_bytes()));
    assert_eq!(
        found(&["ghp_", &made_up].concat(), "github-token"),
        Proof::Likely
    );
}

#[test]
fn every_named_kind_is_found_behind_its_name_and_nowhere_else() {
    for line in NAMED.lines() {
        let cells: Vec<&str> = line.split(' ').collect();
        let (kind, names, holds) = (cells[3], cells[4], cells[5]);
        let (from, to): (usize, usize) = (cells[0].parse().unwrap(), cells[1].parse().unwrap());
        for seed in [3, 17] {
            let mut value = body(cells[2], "plain", usize::midpoint(from, to), seed);
            if holds != "-" {
                let at = value.len() - holds.len() - 6;
                value.replace_range(at..at + holds.len(), holds);
            }
            let name = names
                .split(',')
                .next()
                .unwrap()
                .trim_matches('-')
                .to_uppercase();
            let text = format!("{name}_API_KEY=\"{value}\"\n");
            assert_eq!(found(&text, kind), Proof::Sure, "{text}");
            found(&format!("{{\"{name}_secret\": \"{value}\"}}"), kind);
            silent(&format!("{name}_id = \"{value}\""));
            silent(&format!("{name}_url: {value}"));
            let kinds = find(&format!("other_api_key = \"{value}\""), NOW);
            assert!(
                holds != "-" || kinds.iter().all(|it| it.proof == Proof::Likely),
                "{value}"
            );
            let same: String = "0".repeat(value.len());
            silent(&format!("{name}_API_KEY={same}"));
        }
    }
}
