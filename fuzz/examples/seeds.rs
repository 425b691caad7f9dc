//! Writes the seed corpora of all targets, and a dictionary of shell words, from fixtures, rules and shapes, below fuzz/corpus.

#[allow(dead_code, reason = "shared with the tests and other targets")]
#[path = "../../tests/it/generate.rs"]
mod generate;

#[allow(dead_code, reason = "shared with the tests and other targets")]
#[path = "../../tests/it/memory.rs"]
mod memory;

use std::fs;
use std::path::{Path, PathBuf};

use generate::{SHAPES, SHELL_WORDS};

fn main() -> std::io::Result<()> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let fixtures = root.join("../fixtures");
    let corpus = root.join("corpus");
    let mut commands = Vec::new();
    for file in files(&fixtures.join("scenarios"))? {
        let text = fs::read_to_string(&file)?;
        if let Ok(value) = text.parse::<toml::Table>() {
            collect(&toml::Value::Table(value), &mut commands);
        }
        put(&corpus.join("policy"), 0, text.as_bytes())?;
    }
    for file in files(&root.join("../rules"))? {
        let text = fs::read_to_string(&file)?;
        put(&corpus.join("rules"), 0, text.as_bytes())?;
        put(&corpus.join("policy"), 3, text.as_bytes())?;
        if let Ok(value) = text.parse::<toml::Table>() {
            collect(&toml::Value::Table(value), &mut commands);
        }
    }
    let table = hookbin::rule::Table::builtin();
    put(&corpus.join("rules"), 1, table.as_bytes())?;
    let tricky = fs::read_to_string(fixtures.join("corpora/tricky.json"))?;
    strings(
        &serde_json::from_str(&tricky).unwrap_or_default(),
        &mut commands,
    );
    let plain = fs::read_to_string(fixtures.join("corpora/nl2bash-plain.txt"))?;
    commands.extend(plain.lines().step_by(23).map(str::to_owned));
    commands.extend(SHAPES.iter().map(|(_, make)| make(200)));
    for command in &commands {
        for target in ["shell", "powershell"] {
            let directory = corpus.join(target);
            fs::create_dir_all(&directory)?;
            fs::write(directory.join(name(command.as_bytes())), command)?;
        }
        fs::create_dir_all(corpus.join("redact"))?;
        fs::write(
            corpus.join("redact").join(name(command.as_bytes())),
            command,
        )?;
    }
    for sample in hookbin::failure::sample::all() {
        let directory = corpus.join("failure");
        fs::create_dir_all(&directory)?;
        fs::write(directory.join(name(sample.text.as_bytes())), &sample.text)?;
    }
    for command in commands.iter().step_by(9) {
        put(
            &corpus.join("event"),
            0,
            memory::payload(command).as_bytes(),
        )?;
    }
    for file in files(&fixtures.join("events"))? {
        let bytes = fs::read(&file)?;
        for choice in 0..3 {
            put(&corpus.join("event"), choice, &bytes)?;
        }
    }
    for text in SETTINGS {
        fs::create_dir_all(corpus.join("settings"))?;
        fs::write(corpus.join("settings").join(name(text.as_bytes())), text)?;
    }
    for text in POLICIES {
        for choice in 0..3 {
            put(&corpus.join("policy"), choice, text.as_bytes())?;
        }
    }
    let host = memory::machine();
    memory::append(&host, 3);
    for file in host.files().iter().filter(|it| it.contains("/audit/")) {
        for choice in [0, 1, 2, 3, 4, 5, 0x31, 0x35] {
            put(
                &corpus.join("audit"),
                choice,
                &host.file(file).unwrap_or_default(),
            )?;
        }
    }
    let words = SHELL_WORDS.iter().map(|it| format!("{it:?}\n"));
    let words: String = words
        .filter(|it| it.is_ascii() && !it.contains("\\u"))
        .collect();
    fs::write(
        corpus.join("shell.dict"),
        words
            .replace("\\n", "\\x0A")
            .replace("\\t", "\\x09")
            .replace("\\r", "\\x0D")
            .replace("\\'", "'")
            .replace("\\0", "\\x00"),
    )
}

const SETTINGS: [&str; 9] = [
    "",
    "{}",
    "{\"hooks\":{}}",
    "{\n  \"model\": \"opus\",\n  \"hooks\": {\n    \"PreToolUse\": [\n      {\n        \"matcher\": \"Bash\",\n        \"hooks\": [{ \"type\": \"command\", \"command\": \"x\" }]\n      }\n    ]\n  }\n}\n",
    "\u{feff}{\"env\": {\"A\": \"1\"},\r\n\t\"permissions\":{\"allow\":[\"Bash(ls:*)\"]}}",
    "{\"hooks\":{\"PreToolUse\":[],\"Stop\":[{\"hooks\":[]}]}, \"x\": [1, -2.5e3, null, true]}",
    "{\"hooks\":{\"PreToolUse\":[{\"hooks\":[{\"type\":\"command\",\"command\":\"/opt/hookbin\",\"args\":[\"hook\",\"PreToolUse\"]}]}]}}",
    "// a comment\n{}",
    "{\"a\": 1, \"a\": 2}",
];

const POLICIES: [&str; 3] = [
    "mode = \"observe\"\npreset = \"strict\"\n[audit]\nsync = \"always\"\non_failure = \"warn\"\n",
    "[rules]\noff = [\"git-reset-hard\"]\n[rules.override]\n\"pack:git\" = \"deny\"\n",
    "[paths]\nprotect = [\"secret/**\", { path = \"~/x\", read = \"ask\", write = \"deny\", why = \"no\" }]\nfree = [\"/data\"]\n[boundary]\noutside = \"ask\"\nroots = [\"/srv\"]\n",
];

/// Strings in a scenario or rule that may be shell text.
fn collect(value: &toml::Value, into: &mut Vec<String>) {
    match value {
        toml::Value::String(text) if text.len() > 3 => into.push(text.clone()),
        toml::Value::Array(them) => them.iter().for_each(|it| collect(it, into)),
        toml::Value::Table(them) => them.values().for_each(|it| collect(it, into)),
        _ => {}
    }
}

fn strings(value: &serde_json::Value, into: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) if text.len() > 3 => into.push(text.clone()),
        serde_json::Value::Array(them) => them.iter().for_each(|it| strings(it, into)),
        serde_json::Value::Object(them) => them.values().for_each(|it| strings(it, into)),
        _ => {}
    }
}

/// A seed of a target whose first byte chooses what the rest is.
fn put(directory: &Path, choice: u8, rest: &[u8]) -> std::io::Result<()> {
    let mut seed = vec![choice];
    seed.extend_from_slice(rest);
    fs::create_dir_all(directory)?;
    fs::write(directory.join(name(&seed)), seed)
}

fn name(bytes: &[u8]) -> String {
    let hash = bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("seed-{hash:016x}")
}

fn files(directory: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
