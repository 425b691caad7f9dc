//! Owns what is measured: the static musl build where that target is installed, else the build that
//! `cargo install` makes here, and beside it a program that does nothing, built in the same way.

use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

/// The executables of one target.
pub(crate) struct Build {
    target: String,
    hookbin: PathBuf,
    pub(crate) nothing: PathBuf,
    bytes: u64,
    /// Whether this is the build that the targets are meant for.
    pub(crate) has_targets: bool,
}

impl Build {
    /// Builds both programs, or takes the hookbin that `HOOKBIN_TEST_EXE` names.
    /// With `symbols` the executable keeps the names of its functions.
    pub(crate) fn prepare(symbols: bool) -> Result<Self> {
        let musl = format!("{}-unknown-linux-musl", std::env::consts::ARCH);
        let libraries = printed(rustc().args(["--print", "target-libdir", "--target", &musl]))?;
        let has_targets = Path::new(libraries.trim()).is_dir();
        let target = if has_targets {
            musl
        } else {
            printed(rustc().args(["--print", "host-tuple"]))?
                .trim()
                .to_owned()
        };
        let hookbin = match std::env::var_os("HOOKBIN_TEST_EXE") {
            Some(path) => PathBuf::from(path),
            None => build_hookbin(&target, symbols)?,
        };
        let bytes = std::fs::metadata(&hookbin)?.len();
        Ok(Self {
            nothing: build_nothing(&target)?,
            target,
            hookbin,
            bytes,
            has_targets,
        })
    }

    pub(crate) fn hookbin(&self) -> &Path {
        &self.hookbin
    }

    pub(crate) fn megabytes(&self) -> f64 {
        u32::try_from(self.bytes).map_or(f64::MAX, |it| f64::from(it) / 1e6)
    }
}

impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "measured: {} ({})", self.hookbin.display(), self.target)?;
        if !self.has_targets {
            writeln!(
                f,
                "the musl target is not installed: `rustup target add {}-unknown-linux-musl`;",
                std::env::consts::ARCH
            )?;
            writeln!(
                f,
                "this is the slower default build, whose own figures have no targets"
            )?;
        }
        Ok(())
    }
}

fn rustc() -> Command {
    Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()))
}

/// What a program prints on stdout, where it succeeds.
fn printed(command: &mut Command) -> Result<String> {
    let output = command
        .output()
        .with_context(|| format!("start {command:?}"))?;
    if !output.status.success() {
        bail!("{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn build_hookbin(target: &str, symbols: bool) -> Result<PathBuf> {
    let mut cargo = Command::new(env!("CARGO"));
    if symbols {
        cargo.env("CARGO_PROFILE_RELEASE_STRIP", "none");
    }
    cargo
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args([
            "build",
            "--release",
            "--locked",
            "--bin",
            "hookbin",
            "--target",
            target,
        ])
        .arg("--message-format=json-render-diagnostics");
    let messages = printed(&mut cargo)?;
    let executable = messages
        .lines()
        .filter_map(|it| serde_json::from_str::<Value>(it).ok())
        .find_map(|it| it["executable"].as_str().map(PathBuf::from));
    executable.context("cargo names the executable that it built")
}

/// Compiles the program that does nothing with the flags of the release profile.
fn build_nothing(target: &str) -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let program = folder.join(format!("nothing-{target}"));
    let mut compile = rustc();
    compile
        .args([
            "--edition",
            "2024",
            "--crate-name",
            "nothing",
            "--target",
            target,
        ])
        .args([
            "-C",
            "opt-level=3",
            "-C",
            "lto=fat",
            "-C",
            "codegen-units=1",
        ])
        .args(["-C", "panic=abort", "-C", "strip=symbols"])
        .args(["-C", "target-feature=+crt-static"])
        .args(relocation(target))
        .arg("-o")
        .arg(&program)
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/benches/nothing/nothing.rs"
        ));
    printed(&mut compile)?;
    Ok(program)
}

/// What .cargo/config.toml says of a target's relocation.
fn relocation(target: &str) -> &'static [&'static str] {
    if target.ends_with("musl") {
        &["-C", "relocation-model=static"]
    } else {
        &[]
    }
}
