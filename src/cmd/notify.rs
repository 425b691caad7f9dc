//! Owns `hookbin notify test|flush|list`: try the channels, deliver what waits, show it. Does not own the
//! spool nor how a delivery goes (`notify`). Invariants: `test` is for people; neither a URL nor a token is
//! ever printed.

use std::io::Write;

use serde_json::json;

use super::{NO, World};
use crate::dirs::Given;
use crate::host::http;
use crate::notify::channel::{self, Channel};
use crate::notify::deliver::{Courier, Delivery, TRIES};
use crate::notify::spool::{self, Waiting};
use crate::policy;

/// Try the channels, deliver what waits, list it.
#[derive(Clone, Debug, clap::Args)]
pub struct NotifyArgs {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Clone, Debug, clap::Subcommand)]
enum Verb {
    /// Send one notification to every channel and say what became of it (people only)
    Test,
    /// Deliver what waits; a hook that spooled something starts this by itself
    Flush {
        /// Say nothing, and stay until nothing is left to try
        #[arg(long)]
        quiet: bool,
        #[command(flatten)]
        places: Places,
    },
    /// Show what waits, and what failed in the last day
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// The directories of the wiring that started it.
#[derive(Clone, Debug, clap::Args)]
struct Places {
    /// Where the user's policy and rules are
    #[arg(long, value_name = "DIR", hide = true)]
    config_dir: Option<String>,
    /// Where what waits is
    #[arg(long, value_name = "DIR", hide = true)]
    state_dir: Option<String>,
    /// The home directory
    #[arg(long, value_name = "DIR", hide = true)]
    home: Option<String>,
}

impl NotifyArgs {
    /// The directories that the arguments name.
    pub fn given(&self) -> Given {
        let Verb::Flush { places, .. } = &self.verb else {
            return Given::default();
        };
        Given {
            config: places.config_dir.clone(),
            state: places.state_dir.clone(),
            home: places.home.clone(),
            ..Given::default()
        }
    }
}

/// Runs the subcommand; `people` refuses where no person is asking.
pub fn run(
    args: &NotifyArgs,
    world: &World,
    people: &dyn Fn() -> Result<(), String>,
    out: &mut dyn Write,
) -> anyhow::Result<u8> {
    let Verb::List { json } = args.verb else {
        // A project never says where notifications go: its policy is not asked.
        let policy = policy::load(world.host, world.dirs, "").map_err(anyhow::Error::new)?;
        let delivery = Delivery {
            host: world.host,
            dirs: world.dirs,
            channels: &channel::all(&policy),
            courier: world,
        };
        return match args.verb {
            Verb::Flush { quiet: true, .. } => {
                delivery.linger()?;
                Ok(0)
            }
            Verb::Flush { .. } => flush(delivery, out),
            _ => {
                people().map_err(anyhow::Error::msg)?;
                test(delivery, out)
            }
        };
    };
    list(world, json, out)
}

/// How long a program may take for one notification.
const SECONDS: u64 = 10;

impl Courier for World<'_> {
    fn post(&self, url: &str, body: &str) -> Result<(), String> {
        http::post(url, body, channel::is_loopback(url))
    }

    fn run(&self, command: &[String], input: &str) -> Result<(), String> {
        let Some((program, args)) = command.split_first() else {
            return Err("no program is named".to_owned());
        };
        match self.machine.feed(program, args, input.as_bytes(), SECONDS) {
            Ok(0) => Ok(()),
            Ok(code) => Err(format!("the program ended with code {code}")),
            Err(error) => Err(format!(
                "the program did not run to its end: {}",
                error.kind()
            )),
        }
    }
}

const NO_CHANNEL: &str = "no channel is configured: set notify.webhook, notify.slack, notify.telegram or notify.command \
     in your own policy file (docs/notify.md)";

fn test(delivery: Delivery, out: &mut dyn Write) -> anyhow::Result<u8> {
    if delivery.channels.is_empty() {
        writeln!(out, "{NO_CHANNEL}")?;
        return Ok(NO);
    }
    let sample = Waiting {
        at: delivery.host.now().timestamp(),
        kind: "test".to_owned(),
        severity: "low".to_owned(),
        title: "a test".to_owned(),
        body: "Notifications of hookbin arrive here.".to_owned(),
        ..Waiting::default()
    };
    let mut code = 0;
    let width = delivery.channels.iter().map(|it| it.word().len()).max();
    let width = width.unwrap_or_default();
    for channel in delivery.channels {
        let word = Channel::word(channel);
        match delivery.tell(channel, &sample) {
            Ok(()) => writeln!(out, "{word:width$}  delivered")?,
            Err(reason) => {
                writeln!(out, "{word:width$}  failed: {reason}")?;
                code = NO;
            }
        }
    }
    Ok(code)
}

fn flush(delivery: Delivery, out: &mut dyn Write) -> anyhow::Result<u8> {
    if delivery.channels.is_empty() {
        writeln!(out, "{NO_CHANNEL}")?;
        return Ok(NO);
    }
    let Some(passed) = delivery.pass(true)? else {
        writeln!(
            out,
            "another delivery is at work: `hookbin notify list` shows what is left"
        )?;
        return Ok(0);
    };
    writeln!(
        out,
        "{} delivered, {} failed",
        passed.delivered, passed.failed
    )?;
    if passed.failed == 0 {
        return Ok(0);
    }
    writeln!(out, "{}", passed.reason)?;
    Ok(NO)
}

fn list(world: &World, json: bool, out: &mut dyn Write) -> anyhow::Result<u8> {
    let found = spool::waiting(world.host, world.dirs)?;
    if json {
        let entries: Vec<_> = found.iter().map(|(_, it)| as_json(it)).collect();
        writeln!(out, "{:#}", json!(entries))?;
        return Ok(0);
    }
    if found.is_empty() {
        writeln!(out, "nothing waits")?;
    }
    for (_, it) in &found {
        writeln!(
            out,
            "{}  {:8}  {}  {}",
            it.time(),
            it.kind,
            it.title,
            state(it)
        )?;
    }
    Ok(0)
}

/// How it goes with a notification, for people.
fn state(waiting: &Waiting) -> String {
    match waiting.tries {
        0 => "(waits)".to_owned(),
        TRIES.. => format!("(given up: {})", waiting.reason),
        tries => format!("(tried {tries} of {TRIES}: {})", waiting.reason),
    }
}

fn as_json(waiting: &Waiting) -> serde_json::Value {
    json!({
        "time": waiting.time(),
        "kind": waiting.kind,
        "severity": waiting.severity,
        "title": waiting.title,
        "body": waiting.body,
        "session": waiting.session,
        "agent": waiting.agent,
        "directory": waiting.directory,
        "left_out": waiting.left_out,
        "tries": waiting.tries,
        "given_up": waiting.tries >= TRIES,
        "next": waiting.next,
        "served": waiting.served,
        "reason": waiting.reason,
    })
}

#[cfg(test)]
mod tests;
