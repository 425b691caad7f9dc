//! Owns what may be built into the executable: how many packages, why each is there, under which licences,
//! from where. The limits of licences, bans and sources stand in deny.toml. Invariant: judged from what
//! cargo itself says, so that no further tool is needed.

use std::collections::BTreeSet;
use std::process::Command;

use serde_json::Value;

use crate::house::{no_complaints, read, root};

/// Packages that end up in an executable or its build. Twenty-one of them are the HTTP client of the
/// companion and its TLS.
const PACKAGES: usize = 69;

#[test]
fn every_dependency_says_why() {
    let mut complaints = Vec::new();
    let mut section = String::new();
    for (number, line) in read("Cargo.toml").lines().enumerate() {
        if line.starts_with('[') {
            line.clone_into(&mut section);
        }
        let entry = line.starts_with(|it: char| it.is_ascii_alphanumeric());
        if section.ends_with("dependencies]") && entry && !line.contains("# ") {
            complaints.push(format!(
                "Cargo.toml:{}: {line}: no comment says why",
                number + 1
            ));
        }
    }
    no_complaints(&complaints);
}

#[track_caller]
fn cargo(args: &[&str]) -> Option<String> {
    printed_by(env!("CARGO"), args)
}

/// What a program prints; `None` where it fails.
#[track_caller]
fn printed_by(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(args)
        .current_dir(root())
        .output()
        .expect("the program starts");
    let text = String::from_utf8(output.stdout).expect("the program prints UTF-8");
    output.status.success().then_some(text)
}

#[test]
fn executable_is_built_from_few_packages() {
    let args = [
        "tree",
        "--locked",
        "--edges",
        "normal,build",
        "--prefix",
        "none",
    ];
    let tree = cargo(&args).expect("cargo tree");
    let packages: BTreeSet<&str> = tree
        .lines()
        .map(|it| it.trim_end_matches(" (*)"))
        .filter(|it| !it.is_empty())
        .collect();
    let count = packages.len();
    assert!(
        count <= PACKAGES,
        "{count} packages, at most {PACKAGES}: {packages:#?}"
    );
}

/// The packages of every platform; of this one where the others cannot be fetched.
fn packages() -> Vec<Value> {
    let host = printed_by("rustc", &["--print", "host-tuple"]);
    let everywhere = ["metadata", "--locked", "--format-version", "1"];
    let text = cargo(&everywhere).or_else(|| {
        let host = host.unwrap_or_default();
        cargo(&[&everywhere[..], &["--filter-platform", host.trim()]].concat())
    });
    let text = text.expect("cargo metadata");
    let metadata: Value = serde_json::from_str(&text).expect("cargo metadata prints JSON");
    metadata["packages"]
        .as_array()
        .expect("a list of packages")
        .clone()
}

/// The strings of a list in deny.toml.
fn listed<'a>(deny: &'a toml::Table, section: &str, key: &str) -> Vec<&'a str> {
    let list = deny[section][key].as_array().expect("a list in deny.toml");
    let name = |it: &'a toml::Value| it.get("crate").unwrap_or(it).as_str();
    list.iter().filter_map(name).collect()
}

#[test]
fn packages_keep_to_the_licences_bans_and_sources_of_deny_toml() {
    let deny: toml::Table = read("deny.toml").parse().expect("deny.toml is TOML");
    let licences = listed(&deny, "licenses", "allow");
    let banned = listed(&deny, "bans", "deny");
    let registries = listed(&deny, "sources", "allow-registry");
    let mut complaints = Vec::new();
    for package in packages() {
        let text = |key: &str| package[key].as_str().unwrap_or_default();
        let name = text("name");
        if !licence_allowed(text("license"), &licences) {
            complaints.push(format!(
                "{name}: the licence `{}` is not allowed",
                text("license")
            ));
        }
        if banned.contains(&name) {
            complaints.push(format!("{name}: banned"));
        }
        let registry = text("source").strip_prefix("registry+");
        if name != "hookbin" && registry.is_none_or(|it| !registries.contains(&it)) {
            complaints.push(format!("{name}: comes from `{}`", text("source")));
        }
    }
    no_complaints(&complaints);
}

#[test]
fn no_package_is_built_twice() {
    let args = [
        "tree",
        "--locked",
        "--edges",
        "normal,build",
        "--duplicates",
    ];
    let tree = cargo(&args).expect("cargo tree");
    assert!(
        tree.trim().is_empty(),
        "several versions of one package:\n{tree}"
    );
}

/// Whether an SPDX expression can be satisfied by the allowed licences. `/` is an old form of `OR`.
fn licence_allowed(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    let holds = alternatives(&mut words, allowed);
    holds && words.next().is_none()
}

type Words<'a> = std::iter::Peekable<std::str::SplitWhitespace<'a>>;

fn alternatives(words: &mut Words<'_>, allowed: &[&str]) -> bool {
    let mut holds = conjunction(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        holds |= conjunction(words, allowed);
    }
    holds
}

fn conjunction(words: &mut Words<'_>, allowed: &[&str]) -> bool {
    let mut holds = licence(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        holds &= licence(words, allowed);
    }
    holds
}

fn licence(words: &mut Words<'_>, allowed: &[&str]) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let holds = alternatives(words, allowed);
        return words.next_if_eq(&")").is_some() && holds;
    }
    let Some(name) = words.next() else {
        return false;
    };
    if words.next_if_eq(&"WITH").is_some() {
        let full = format!("{name} WITH {}", words.next().unwrap_or_default());
        return allowed.contains(&full.as_str());
    }
    allowed.contains(&name)
}

#[test]
fn licence_expressions_are_read_as_spdx_does() {
    let allowed = ["MIT", "Apache-2.0", "Unicode-3.0"];
    for good in [
        "MIT",
        "MIT/GPL-3.0",
        "GPL-3.0 OR MIT",
        "(MIT OR X) AND Unicode-3.0",
        "((MIT))",
    ] {
        assert!(licence_allowed(good, &allowed), "{good}");
    }
    for bad in [
        "",
        "GPL-3.0",
        "MIT AND GPL-3.0",
        "(MIT OR X) AND Y",
        "MIT WITH X",
        "(MIT",
        "MIT)",
    ] {
        assert!(!licence_allowed(bad, &allowed), "{bad}");
    }
}
