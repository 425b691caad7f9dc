//! Owns `hookbin install` and `hookbin uninstall`: the settings entries of one layer, and nothing else
//! in the file. Does not own what they are (`wiring`) nor the text (`plan`). Invariants: people only;
//! a dry run writes nothing; the last word of an installation is what the wired program really does.

mod check;
mod diff;
mod edit;
mod json;
mod plan;
mod store;
mod uninstall;
mod wiring;

use std::io::{self, Write};

use anyhow::{Context as _, anyhow, bail};

use self::check::Proof;
use self::store::Store;
use self::wiring::Wiring;
use super::allow::granted;
use super::paint::Tone;
use super::status::build;
use super::{World, append, places};
use crate::dirs;
use crate::host::{FileKind, people, through_links};
use crate::settings::{self, Layer};

pub use uninstall::uninstall;

/// Which settings file, and whether to write it.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct InstallArgs {
    #[command(flatten)]
    target: Target,
    /// A profile of tools for the sessions of these settings
    #[arg(long, value_parser = ["unattended", "ci-review", "read-only"])]
    profile: Option<String>,
    /// Show what would change and write nothing
    #[arg(long)]
    dry_run: bool,
}

#[derive(Clone, Debug, Default, clap::Args)]
#[group(multiple = false)]
struct Target {
    /// Your own settings, for every project (the default)
    #[arg(long)]
    user: bool,
    /// The project's shared settings, for everybody who has hookbin on the PATH
    #[arg(long)]
    project: bool,
    /// The project's settings of your own, not shared
    #[arg(long)]
    local: bool,
}

impl InstallArgs {
    fn layer(&self) -> Layer {
        match (self.target.project, self.target.local) {
            (true, _) => Layer::Project,
            (_, true) => Layer::Local,
            (false, false) => Layer::User,
        }
    }
}

/// Width of the labels.
const LABELS: usize = 10;

/// Writes our entries; exit code 1 where the wired program does not refuse afterwards.
pub fn install(args: &InstallArgs, world: &World, out: &mut dyn Write) -> anyhow::Result<u8> {
    people::outside_client(world.host).map_err(|it| anyhow!(it))?;
    let layer = args.layer();
    ensure_places(world, layer)?;
    let store = Store::open(world, layer, layer_path(world, layer)?)?;
    let wiring = Wiring::of(layer, world.dirs, args.profile.as_deref());
    let old = store.text.clone().unwrap_or_default();
    let new = plan::install(&old, &wiring)
        .map_err(|it| anyhow!("{}: {it}; nothing was written", store.path))?;
    if args.dry_run {
        write!(out, "{}", diff::unified(&store.path, &old, &new))?;
        return Ok(0);
    }
    for directory in [&world.dirs.config, &world.dirs.state] {
        world
            .machine
            .private_directory(directory)
            .with_context(|| directory.clone())?;
    }
    let mut line =
        |label: &str, text: &str| writeln!(out, "{}", world.paint.line(label, LABELS, text));
    if new == old {
        line("installed", &format!("already, in {}", store.path))?;
    } else {
        let saved = store.back_up()?;
        store.write(&new)?;
        line(
            "installed",
            &format!("{} settings, {}", layer.word(), store.path),
        )?;
        if saved {
            line("backup", &store.backup_path())?;
        }
    }
    remember(world, &store.path, true)?;
    // Only what changed something is news.
    if new != old {
        record(world, "install", &store.path, layer)?;
    }
    line("program", &format!("{} ({})", wiring.command, build()))?;
    line("policy", &world.dirs.config)?;
    line("state", &world.dirs.state)?;
    for warning in warnings(world, layer) {
        line("warning", &world.paint.tone(Tone::Careful, &warning))?;
    }
    conclude(world, &wiring, out)
}

/// Shows that the wired program refuses, or records that it would, or says what to do.
fn conclude(world: &World, wiring: &Wiring, out: &mut dyn Write) -> anyhow::Result<u8> {
    let paint = world.paint;
    match check::prove(world, wiring) {
        Ok(Proof::Refused(reason)) => {
            let text = format!(
                "`{}` is {}: {reason}",
                check::COMMAND,
                paint.tone(Tone::Good, "refused")
            );
            writeln!(out, "{}", paint.line("self-check", LABELS, &text))?;
            Ok(0)
        }
        Ok(Proof::Observed) => {
            let text = format!(
                "{}: `{}` is recorded as a deny and not refused",
                paint.tone(Tone::Careful, "observe mode"),
                check::COMMAND
            );
            writeln!(out, "{}", paint.line("self-check", LABELS, &text))?;
            Ok(0)
        }
        Err(problem) => {
            let failed = paint.tone(Tone::Bad, "FAILED");
            let text = format!("{failed}: `{}` was not refused: {problem}", check::COMMAND);
            writeln!(out, "{}", paint.line("self-check", LABELS, &text))?;
            let advice = if wiring.command == "hookbin" {
                "put hookbin on the PATH of the client: without it every tool call is refused"
            } else {
                "run `hookbin policy check` and `hookbin status`"
            };
            writeln!(out, "{}", paint.line("", LABELS, advice))?;
            Ok(1)
        }
    }
}

/// Refuses a wiring that could not work or would move.
fn ensure_places(world: &World, layer: Layer) -> anyhow::Result<()> {
    let dirs = world.dirs;
    let places = [
        ("home directory", &dirs.home),
        ("configuration directory", &dirs.config),
        ("state directory", &dirs.state),
        ("executable", &dirs.executable),
    ];
    for (what, path) in places {
        if !path.starts_with('/') {
            bail!("the {what} has no absolute path ({path:?}): set HOME, or the XDG directories");
        }
        if path.contains("${") {
            bail!("the {what} {path} holds `${{`, which the client would replace");
        }
    }
    let executable = real_executable(world).and_then(|it| world.host.metadata(&it));
    if layer != Layer::Project && !executable.is_ok_and(|it| it.kind == FileKind::File) {
        bail!("the executable {} is not there", dirs.program());
    }
    Ok(())
}

/// The file that the executable's path leads to.
fn real_executable(world: &World) -> io::Result<String> {
    through_links(world.host, world.dirs.program())
}

/// Where the layer's file is for the working directory.
fn layer_path(world: &World, layer: Layer) -> anyhow::Result<String> {
    let home = &world.dirs.home;
    let path = layer.path(world.host, home, world.project);
    if layer != Layer::User && path == Layer::User.path(world.host, home, world.project) {
        bail!("{path} is your user settings file: use --user, or go to a project");
    }
    if layer != Layer::User && world.project.is_empty() {
        bail!("no project: the working directory is not known");
    }
    Ok(path)
}

/// What keeps the hooks from running, or will.
fn warnings(world: &World, layer: Layer) -> Vec<String> {
    let dirs = world.dirs;
    let mut warnings = dirs::exposed(world.host, dirs);
    for each in Layer::ALL {
        let path = each.path(world.host, &dirs.home, world.project);
        match settings::read(world.host, &path) {
            Err(problem) => warnings.push(format!("{path}: {}", problem.0)),
            Ok(it) if it.disabled => warnings.push(format!(
                "{path} sets disableAllHooks: the hooks will not run until that is gone"
            )),
            Ok(it) if it.managed_only && each == Layer::Managed => warnings.push(format!(
                "{path} sets allowManagedHooksOnly: these hooks will not run, an administrator must wire them"
            )),
            Ok(it) if !it.rejected.is_empty() => warnings.push(format!(
                "{path}: {}: the client throws the whole file away",
                it.rejected
            )),
            Ok(_) => {}
        }
    }
    if layer != Layer::Project {
        let short_lived = [
            "/target/",
            "/tmp/",
            "/var/tmp/",
            "/var/folders/",
            "/dev/shm/",
        ];
        let temporary = world.host.env("TMPDIR").unwrap_or_default();
        let is_short_lived = |path: &String| {
            temporary.starts_with('/') && path.starts_with(&temporary)
                || short_lived.iter().any(|it| path.contains(it))
        };
        let paths = [
            dirs.program().to_owned(),
            real_executable(world).unwrap_or_default(),
        ];
        if let Some(path) = paths.into_iter().find(is_short_lived) {
            warnings.push(format!(
                "{path} will not stay there: without it every tool call is refused; install from a lasting place"
            ));
        }
    }
    warnings
}

/// Puts a change of the wiring into the audit chain.
fn record(world: &World, event: &str, path: &str, layer: Layer) -> anyhow::Result<()> {
    let note = format!("{} settings", layer.word());
    let places = places(world);
    let done = granted(world.host, &places, event, path, note, Vec::new());
    append(world, done)
        .map(drop)
        .with_context(|| format!("{path} is written, but the audit record of it cannot be"))
}

/// Keeps the list of wired settings files, by which a session start notices one that lost us.
fn remember(world: &World, path: &str, wired: bool) -> anyhow::Result<()> {
    let mut paths = settings::installed(world.host, world.dirs);
    if paths.iter().any(|it| it == path) == wired {
        return Ok(());
    }
    paths.retain(|it| it != path);
    if wired {
        paths.push(path.to_owned());
    }
    let text = paths.join("\n");
    let list = settings::installed_path(world.dirs);
    let written = world.host.write(&list, text.as_bytes(), 0o600);
    written.with_context(|| format!("cannot write {list}"))
}

#[cfg(test)]
mod tests;
