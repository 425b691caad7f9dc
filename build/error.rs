//! Owns the compilation of `rules/errors/*.toml`: the phrases that give a class of failures away become one
//! table, sorted by the word they are looked up by; the classes become constants, the samples a packed text.
//! Does not own how an outcome is read (`src/failure`). Invariant: a row that cannot mean anything fails
//! the build.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::word;

const FOLDER: &str = "rules/errors";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Class {
    id: String,
    title: String,
    instead: String,
    #[serde(default)]
    phrase: Vec<Phrases>,
    hit: Vec<String>,
    miss: Vec<String>,
}

/// Phrases of one weight.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Phrases {
    text: Vec<String>,
    #[serde(default)]
    program: Vec<String>,
    #[serde(default = "usual")]
    weight: u8,
}

fn usual() -> u8 {
    5
}

/// Writes `classes.rs`, `phrases.rs` (the rows), `phrases.txt` (what they say) and `errors.deflate`.
pub fn compile(out: &Path) -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={FOLDER}");
    let classes = classes()?;
    let mut rows: Vec<(u32, usize, u8, String)> = Vec::new();
    let mut samples = String::new();
    for (number, class) in classes.iter().enumerate() {
        for sample in &class.hit {
            write!(samples, "{}\u{1e}hit\u{1e}{sample}\u{1f}", class.id)?;
        }
        for sample in &class.miss {
            write!(samples, "{}\u{1e}miss\u{1e}{sample}\u{1f}", class.id)?;
        }
        for row in &class.phrase {
            for text in &row.text {
                let key = key(text).map_err(|it| format!("{}: `{text}`: {it}", class.id))?;
                let text = format!("{}\t{text}\n", row.program.join(","));
                rows.push((word::number(key), number, row.weight, text));
            }
        }
    }
    rows.sort_unstable();
    let mut code = String::new();
    let mut texts = String::new();
    for (key, class, weight, text) in &rows {
        let at = u16::try_from(texts.len())?;
        let (high, low) = (key >> 16, key & 0xffff);
        writeln!(
            code,
            "    (0x{high:04x}_{low:04x}, {at}, {class}, {weight}),"
        )?;
        texts.push_str(text);
    }
    let code = format!("static ROWS: [Row; {}] = [\n{code}];\n", rows.len());
    fs::write(out.join("phrases.rs"), code)?;
    fs::write(out.join("phrases.txt"), texts)?;
    fs::write(out.join("classes.rs"), constants(&classes)?)?;
    let packed = miniz_oxide::deflate::compress_to_vec(samples.as_bytes(), 10);
    fs::write(out.join("errors.deflate"), packed)?;
    Ok(())
}

fn classes() -> Result<Vec<Class>, Box<dyn Error>> {
    let mut classes: Vec<Class> = Vec::new();
    for entry in fs::read_dir(FOLDER)? {
        let path = entry?.path();
        let file = path.display().to_string();
        let class: Class =
            toml::from_str(&fs::read_to_string(&path)?).map_err(|it| format!("{file}: {it}"))?;
        if path.file_stem().is_none_or(|it| *it != *class.id) {
            return Err(format!("{file}: the file is not named as its class").into());
        }
        for text in [&class.title, &class.instead] {
            if text.is_empty() || text.contains('\n') {
                return Err(format!("{file}: title and instead are one line each").into());
            }
        }
        if class.hit.len() < 6 || class.miss.len() < 4 {
            return Err(format!("{file}: at least 6 hits and 4 misses").into());
        }
        classes.push(class);
    }
    classes.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(classes)
}

/// The longest word that stands whole in a phrase: by it the phrase is looked up.
fn key(phrase: &str) -> Result<&str, &'static str> {
    if phrase.contains(['\t', '\n']) || phrase.chars().any(|it| it.is_ascii_uppercase()) {
        return Err("a phrase is one line in lower case");
    }
    if phrase.trim() != phrase {
        return Err("a phrase neither begins nor ends with a space");
    }
    let mut best = "";
    let mut start = 0;
    for (at, it) in phrase.char_indices().chain([(phrase.len(), ' ')]) {
        if word::is_word(it) {
            continue;
        }
        let found = phrase.get(start..at).unwrap_or_default();
        let before = phrase.get(..start).unwrap_or_default();
        if found.len() > best.len() && it != '*' && !before.ends_with('*') {
            best = found;
        }
        start = at + it.len_utf8();
    }
    if best.is_empty() {
        Err("no word of it stands whole")
    } else {
        Ok(best)
    }
}

/// The classes, by number.
fn constants(classes: &[Class]) -> Result<String, Box<dyn Error>> {
    let mut code = String::from("impl Class {\n");
    for (number, class) in classes.iter().enumerate() {
        let name = class.id.replace('-', "_").to_uppercase();
        let Class { id, title, .. } = class;
        writeln!(
            code,
            "    /// `{id}`: {title}.\n    pub const {name}: Self = Self({number});"
        )?;
    }
    let count = classes.len();
    writeln!(
        code,
        "    /// Every class, by its id.\n    pub const ALL: [Self; {count}] = ["
    )?;
    for number in 0..count {
        writeln!(code, "        Self({number}),")?;
    }
    code.push_str("    ];\n}\n");
    let mut list = |name: &str, texts: Vec<&String>| {
        writeln!(code, "static {name}: [&str; {count}] = {texts:?};")
    };
    list("IDS", classes.iter().map(|it| &it.id).collect())?;
    list("TITLES", classes.iter().map(|it| &it.title).collect())?;
    list("INSTEADS", classes.iter().map(|it| &it.instead).collect())?;
    Ok(code)
}
