//! Owns the compilation of `rules/secrets/*.toml`: what tokens look like becomes one `match` over their
//! first two bytes, what names give away one text. Does not own what is done with either (`src/secret`).
//! Invariant: a row that cannot mean anything fails the build.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde::Deserialize;

const FOLDER: &str = "rules/secrets";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pack {
    title: String,
    shape: Vec<Shape>,
    named: Vec<Named>,
}

/// A token that its prefix gives away.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape {
    id: String,
    prefix: Vec<String>,
    alphabet: String,
    least: usize,
    length: String,
    #[serde(default)]
    of: String,
    #[serde(default)]
    check: bool,
    #[serde(default)]
    likely: bool,
}

/// A value that needs its name, or something in its middle, to be told from others.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Named {
    id: String,
    #[serde(default)]
    name: Vec<String>,
    #[serde(default)]
    holds: String,
    length: String,
    #[serde(default)]
    of: String,
}

/// Writes `shapes.rs` (the `match`), `shapes.txt` (its rows, for tests) and `named.txt`.
pub fn compile(out: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={FOLDER}");
    println!("cargo::rerun-if-changed=build");
    let mut shapes: Vec<(String, String)> = Vec::new();
    let mut named = String::new();
    for (file, pack) in packs()? {
        let check =
            |id: &str| row_problem(id).map_or(Ok(()), |it| Err(format!("{file}: {id}: {it}")));
        if pack.title.is_empty() {
            return Err(format!("{file}: no title").into());
        }
        for shape in &pack.shape {
            check(&shape.id)?;
            shapes.extend(shape_rows(shape)?);
        }
        for row in &pack.named {
            check(&row.id)?;
            let (from, to) = bounds(&row.length)?;
            let words = row.name.join(",");
            let words = word(&words);
            let holds = word(&row.holds);
            let of = class(&row.of)?;
            writeln!(named, "{from} {to} {of} {} {words} {holds}", row.id)?;
        }
    }
    // The longest prefix first: `sk-ant-` is no `sk-`.
    shapes.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
    let mut groups: BTreeMap<[u8; 2], Vec<&str>> = BTreeMap::new();
    for (prefix, row) in &shapes {
        let start = *prefix
            .as_bytes()
            .first_chunk::<2>()
            .ok_or("a prefix of one byte")?;
        groups.entry(start).or_default().push(row);
    }
    let mut code = String::from("match (first, second) {\n");
    for ([first, second], rows) in &groups {
        let rows = rows.join("\n");
        writeln!(code, "    ({first}, {second}) => {rows:?},")?;
    }
    code.push_str("    _ => \"\",\n}\n");
    let all: Vec<&str> = shapes.iter().map(|it| it.1.as_str()).collect();
    fs::write(out.join("shapes.rs"), code)?;
    fs::write(out.join("shapes.txt"), all.join("\n"))?;
    fs::write(out.join("named.txt"), named)?;
    Ok(())
}

fn packs() -> Result<Vec<(String, Pack)>, Box<dyn Error>> {
    let mut packs = Vec::new();
    for entry in fs::read_dir(FOLDER)? {
        let path = entry?.path();
        let file = path.display().to_string();
        let pack =
            toml::from_str(&fs::read_to_string(&path)?).map_err(|it| format!("{file}: {it}"))?;
        packs.push((file, pack));
    }
    packs.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(packs)
}

/// One row for each prefix, with the prefix.
fn shape_rows(shape: &Shape) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    if !["plain", "upper", "url", "dotted", "wide"].contains(&shape.alphabet.as_str()) {
        return Err(format!("{}: no alphabet `{}`", shape.id, shape.alphabet).into());
    }
    let (from, to) = bounds(&shape.length)?;
    let of = class(&shape.of)?;
    let proof = match (shape.check, shape.likely) {
        (true, _) => "sum",
        (_, true) => "likely",
        _ => "sure",
    };
    let row = |prefix: &String| {
        let Shape {
            id,
            alphabet,
            least,
            ..
        } = shape;
        let row = format!("{prefix} {alphabet} {least} {id} {from} {to} {of} {proof}");
        (prefix.clone(), row)
    };
    Ok(shape.prefix.iter().map(row).collect())
}

/// `24` or `24-40`; `0` where none is live.
fn bounds(length: &str) -> Result<(usize, usize), Box<dyn Error>> {
    let (from, to) = length.split_once('-').unwrap_or((length, length));
    let (from, to) = (from.parse()?, to.parse()?);
    if from > to {
        return Err(format!("the length {length} runs backwards").into());
    }
    Ok((from, to))
}

fn class(of: &str) -> Result<&str, Box<dyn Error>> {
    match of {
        "" => Ok("-"),
        "hex" | "base32" | "base64" | "plain" | "uuid" => Ok(of),
        _ => Err(format!("no class `{of}`").into()),
    }
}

fn word(text: &str) -> &str {
    if text.is_empty() { "-" } else { text }
}

/// What the mark of a redaction cannot hold.
fn row_problem(id: &str) -> Option<&'static str> {
    let plain = |it: u8| it.is_ascii_lowercase() || it == b'-';
    (id.is_empty() || !id.bytes().all(plain)).then_some("not in kebab-case, without digits")
}
