//! Owns `hookbin status`: what is wired where, which program and files are in force, and of one
//! session (`standing`) what it counted. Does not own checks of the rules and policy (`test`, `policy check`). Invariant:
//! it reads only, so that an agent may call it.

mod standing;

use std::io::Write;

use anyhow::{Context, bail};
use serde_json::{Value, json};

use self::standing::Standing;
use super::World;
use super::paint::{Paint, Tone};
use crate::plain::plain;
use crate::report::Log;
use crate::session::{self, Session};
use crate::settings::{self, Inspection, Layer, Problem};

/// How to print.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct StatusArgs {
    /// This session, or the beginning of its id; without it the one that was last at work
    #[arg(long, value_name = "ID")]
    session: Option<String>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// State files larger than this are not read.
const STATE_LIMIT: usize = 1 << 20;

/// Which kind of executable this is: it decides how long a hook takes to start.
pub fn build() -> &'static str {
    if cfg!(all(target_env = "musl", target_feature = "crt-static")) {
        "static build, musl"
    } else if cfg!(target_feature = "crt-static") {
        "static build"
    } else if cfg!(target_os = "linux") {
        "dynamic build; a static one starts faster"
    } else {
        "native build"
    }
}

/// Prints the state of things; exit code 1 where no settings file has the guard in force.
pub fn run(args: &StatusArgs, world: &World, out: &mut dyn Write) -> anyhow::Result<u8> {
    let status = Status::of(world, args.session.as_deref())?;
    if args.json {
        writeln!(out, "{}", status.json(world))?;
    } else {
        status.print(world, out)?;
    }
    Ok(u8::from(!status.in_force()))
}

/// One settings file.
struct Wired {
    layer: Layer,
    path: String,
    state: Result<Inspection, Problem>,
}

struct Status {
    layers: Vec<Wired>,
    /// Policy files with whether they exist.
    policies: Vec<(&'static str, String, bool)>,
    /// The session that is asked for, or the newest.
    session: Option<Standing>,
    /// Sequence and hash of the newest audit record.
    head: Option<(u64, String)>,
}

impl Status {
    fn of(world: &World, id: Option<&str>) -> anyhow::Result<Self> {
        let home = &world.dirs.home;
        let layers = Layer::ALL.into_iter().map(|layer| {
            let path = layer.path(world.host, home, world.project);
            let state = settings::read(world.host, &path);
            Wired { layer, path, state }
        });
        let policies = [
            ("managed", format!("{}/config.toml", world.dirs.managed)),
            ("user", format!("{}/config.toml", world.dirs.config)),
            ("project", format!("{}/.claude/hookbin.toml", world.project)),
        ];
        let exists = |path: &str| world.host.metadata(path).is_ok();
        Ok(Self {
            layers: layers.collect(),
            policies: policies
                .into_iter()
                .map(|(word, path)| (word, path.clone(), exists(&path)))
                .collect(),
            session: find(world, id)?.map(|(name, it)| Standing::of(world, name, it)),
            head: audit_head(world),
        })
    }

    /// True where some file wires PreToolUse and none switches hooks off.
    fn in_force(&self) -> bool {
        let states = || self.layers.iter().filter_map(|it| it.state.as_ref().ok());
        let managed = self.layers.iter().find(|it| it.layer == Layer::Managed);
        let managed = managed.and_then(|it| it.state.as_ref().ok());
        if managed.is_some_and(Inspection::guards) {
            return !managed.is_some_and(|it| it.disabled);
        }
        let only_managed = managed.is_some_and(|it| it.managed_only);
        let sound = |it: &Inspection| it.guards() && it.rejected.is_empty();
        !only_managed && states().any(sound) && !states().any(|it| it.disabled)
    }

    fn print(&self, world: &World, out: &mut dyn Write) -> anyhow::Result<()> {
        let paint = world.paint;
        let mut line = |label: &str, text: &str| -> anyhow::Result<()> {
            Ok(writeln!(out, "{}", paint.line(label, 8, text))?)
        };
        let verdict = if self.in_force() {
            paint.tone(Tone::Good, "in force")
        } else {
            paint.tone(Tone::Bad, "not in force")
        };
        line("guard", &verdict)?;
        let version = env!("CARGO_PKG_VERSION");
        let program = format!("{} {version} ({})", world.dirs.program(), build());
        line("program", &program)?;
        let all: Vec<String> = self
            .layers
            .iter()
            .map(|it| words(it.state.as_ref()))
            .collect();
        let width = all.iter().map(|it| it.chars().count()).max().unwrap_or(0);
        for (index, (it, words)) in self.layers.iter().zip(all).enumerate() {
            let label = if index == 0 { "wiring" } else { "" };
            let shown = format!("{:<8} {words:<width$}  {}", it.layer.word(), it.path);
            line(label, &tinted(paint, &shown, &words))?;
        }
        for (index, (word, path, exists)) in self.policies.iter().enumerate() {
            let label = if index == 0 { "policy" } else { "" };
            let state = if *exists { "yes " } else { "none" };
            line(label, &format!("{word:<8} {state}  {path}"))?;
        }
        line("state", &world.dirs.state)?;
        match &self.session {
            None => line("session", "none yet")?,
            Some(it) => it.print(paint, &mut line)?,
        }
        match &self.head {
            None => line("audit", "no records yet")?,
            Some((seq, hash)) => line("audit", &format!("record {seq}, hash {hash}"))?,
        }
        Ok(())
    }

    fn json(&self, world: &World) -> Value {
        let layers: Vec<Value> = self.layers.iter().map(layer_json).collect();
        let policies: Vec<Value> = self
            .policies
            .iter()
            .map(|(word, path, exists)| json!({"layer": word, "path": path, "exists": exists}))
            .collect();
        json!({
            "in_force": self.in_force(),
            "version": env!("CARGO_PKG_VERSION"),
            "build": build(),
            "program": world.dirs.program(),
            "config_dir": world.dirs.config,
            "state_dir": world.dirs.state,
            "project": world.project,
            "wiring": layers,
            "policy": policies,
            "session": self.session.as_ref().map(Standing::json),
            "audit": self.head.as_ref().map(|(seq, hash)| json!({"seq": seq, "hash": hash})),
        })
    }
}

/// What a layer's file means for us, in a few words.
fn words(state: Result<&Inspection, &Problem>) -> String {
    match state {
        Err(problem) => problem.0.clone(),
        Ok(it) if !it.rejected.is_empty() => it.rejected.clone(),
        Ok(it) if it.disabled => "disableAllHooks is set".to_owned(),
        Ok(it) if it.guards() => match it.wired.count_ones() {
            1 => "wired (1 event)".to_owned(),
            count => format!("wired ({count} events)"),
        },
        Ok(it) if !it.entries.is_empty() => "incomplete".to_owned(),
        Ok(it) if !it.present => "no file".to_owned(),
        Ok(_) => "not wired".to_owned(),
    }
}

fn tinted(paint: Paint, shown: &str, words: &str) -> String {
    let tone = match words {
        "no file" | "not wired" => Tone::Quiet,
        it if it.starts_with("wired ") => Tone::Good,
        _ => Tone::Bad,
    };
    shown.replacen(words, &paint.tone(tone, words), 1)
}

fn layer_json(it: &Wired) -> Value {
    let state = it.state.as_ref();
    json!({
        "layer": it.layer.word(),
        "path": it.path,
        "state": words(state),
        "guards": state.is_ok_and(Inspection::guards),
        "events": state.map_or(0, |it| it.wired.count_ones()),
        "commands": state.map_or(Vec::new(), |it| {
            let mut commands: Vec<&str> = it.entries.iter().map(|it| it.command.as_str()).collect();
            commands.sort_unstable();
            commands.dedup();
            commands
        }),
    })
}

/// The session that is asked for, or else the one that changed last: the name of its file, and its state.
pub(super) fn find(world: &World, id: Option<&str>) -> anyhow::Result<Option<(String, Session)>> {
    let Some(id) = id else {
        return session::newest(world.host, world.dirs).context("the sessions cannot be read");
    };
    let found = session::read(world.host, world.dirs, id).context("the session cannot be read")?;
    if found.is_none() {
        bail!("no session, or more than one, begins with `{}`", plain(id));
    }
    Ok(found)
}

/// Whether the caller must not see the words of a session.
pub(super) fn is_foreign(world: &World, name: &str) -> bool {
    let log = Log::read(world.host, world.dirs, |it| session::file_name(it) == name);
    standing::is_foreign(world, &log)
}

/// The copy of the audit chain's head.
fn audit_head(world: &World) -> Option<(u64, String)> {
    let path = format!("{}/audit/head.json", world.dirs.state);
    let bytes = world.host.read(&path, STATE_LIMIT).ok()?;
    let head: Value = serde_json::from_slice(&bytes).ok()?;
    Some((
        head.get("seq")?.as_u64()?,
        head.get("hash")?.as_str()?.to_owned(),
    ))
}

#[cfg(test)]
mod tests;
