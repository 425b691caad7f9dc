//! Compiles the built-in rule packs (`rules/bash/*.toml`, `rules/tools/*.toml`) into the flat table that the library embeds,
//! and packs their sources for `explain` and the self-test; what secrets look like (`build/secret.rs`) and
//! what failures say (`build/error.rs`) is compiled beside them. Invariant: a pack that does not load fails the build with file, line and column.
#![allow(
    dead_code,
    unreachable_pub,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a build script reads files and talks to cargo on stdout; modules are shared with the library"
)]

use std::error::Error;
use std::fs;
use std::path::Path;

#[path = "src/rule/code.rs"]
mod code;
#[path = "src/rule/compile.rs"]
mod compile;
#[path = "src/rule/encode.rs"]
mod encode;
#[path = "build/error.rs"]
mod error;
#[path = "src/rule/needs.rs"]
mod needs;
#[path = "build/secret.rs"]
mod secret;
#[path = "src/rule/source.rs"]
mod source;
#[path = "src/failure/word.rs"]
mod word;
#[path = "src/rule/words.rs"]
mod words;

/// One folder for each kind of calls that packs are about.
const PACKS: [&str; 2] = ["rules/bash", "rules/tools"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=src/rule");
    println!("cargo::rerun-if-changed=src/failure/word.rs");
    let mut files: Vec<String> = Vec::new();
    for folder in PACKS {
        println!("cargo::rerun-if-changed={folder}");
        let names = fs::read_dir(folder)?.filter_map(|it| it.ok()?.file_name().into_string().ok());
        let packs = names.filter(|it| Path::new(it).extension().is_some_and(|it| it == "toml"));
        files.extend(packs.map(|it| format!("{folder}/{it}")));
    }
    files.sort_unstable();
    let mut sources = Vec::new();
    let mut joined = String::new();
    for file in files {
        let text = fs::read_to_string(&file)?;
        sources.push(source::load(&file, &text).map_err(|it| it.to_string())?);
        // Read back by `rule::catalog`: the file, a record separator, the text, a unit separator.
        joined.push_str(&file);
        joined.push('\u{1e}');
        joined.push_str(&text);
        joined.push('\u{1f}');
    }
    let table = compile::compile(&sources).map_err(|it| it.to_string())?;
    order_functions();
    let out = std::env::var("OUT_DIR")?;
    fs::write(Path::new(&out).join("rules.bin"), table)?;
    let packed = miniz_oxide::deflate::compress_to_vec(joined.as_bytes(), 10);
    fs::write(Path::new(&out).join("rules.deflate"), packed)?;
    secret::compile(Path::new(&out))?;
    error::compile(Path::new(&out))?;
    Ok(())
}

/// Puts what the hook runs side by side. Only in the build that is measured and given away: elsewhere
/// nobody knows which linker there is.
fn order_functions() {
    let script = "link/order.ld";
    println!("cargo::rerun-if-changed={script}");
    let is = |name: &str, wanted: &str| std::env::var(name).is_ok_and(|it| it == wanted);
    let root = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    if is("CARGO_CFG_TARGET_ENV", "musl") && is("PROFILE", "release") {
        println!("cargo::rustc-link-arg-bin=hookbin=-Wl,-T,{root}/{script}");
    }
}
