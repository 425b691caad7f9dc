//! Owns the pipeline of one hook call: the stages in order, once. Does not own any policy. Invariant: no
//! error leaves this file; a failure becomes an answer in the direction that was known before stdin was
//! read.

use crate::audit::{self, Record};
use crate::dirs::{self, Given};
use crate::effect::Effect;
use crate::event::{self, Dialect, Direction, Event, Kind, Role, ToolCall};
use crate::guard::{self, Cx, Disk};
use crate::handler;
use crate::host::raw::Direction as Crash;
use crate::host::{Dirs, Host};
use crate::notify;
use crate::path::{self, Places};
use crate::policy::{self, AuditFailure, AuditSync, Mode, Policy};
use crate::response::{self, Response};
use crate::session::{self, Change, OpenSession};
use crate::shell::{self, Reading, Surroundings};
use crate::verdict::{self, Decision, Verdict};

/// What the wiring passed after `hookbin hook`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Args {
    /// The event name; empty where the wiring names none.
    pub event: String,
    pub given: Given,
    /// The profile of tools that this wiring adds to the policy's.
    pub profile: Option<String>,
}

impl Args {
    /// Reads the arguments after `hook`. Unknown ones are ignored: a later wiring must not disarm an
    /// earlier binary.
    pub fn parse(args: impl IntoIterator<Item = String>) -> Self {
        let mut parsed = Self::default();
        let mut args = args.into_iter();
        while let Some(arg) = args.next() {
            let (name, attached) = match arg.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (arg.as_str(), None),
            };
            let place = match name {
                "--config-dir" => &mut parsed.given.config,
                "--state-dir" => &mut parsed.given.state,
                "--home" => &mut parsed.given.home,
                "--profile" => &mut parsed.profile,
                _ if name.starts_with('-') => continue,
                _ => {
                    if parsed.event.is_empty() {
                        parsed.event = arg;
                    }
                    continue;
                }
            };
            // Without a value it is given and wrong: the environment must not step in.
            *place = Some(attached.or_else(|| args.next()).unwrap_or_default());
        }
        parsed
    }

    /// Where a failure goes before the payload is read: closed where no event is named.
    pub fn direction(&self) -> Direction {
        if self.event.is_empty() {
            Direction::Closed
        } else {
            Kind::parse(&self.event).direction()
        }
    }
}

/// What a crash of the process answers on an event.
pub fn crash(event: &str, direction: Direction) -> Crash {
    match direction {
        Direction::Open => Crash::Open,
        Direction::Closed if event == Kind::PreToolUse.name() => Crash::Denying,
        Direction::Closed => Crash::Closed,
    }
}

/// Why a stage gave up: a reason for people.
type Failure = String;

/// Answers one hook call. `input` is stdin as read, or why it could not be read.
pub fn run(args: &Args, host: &dyn Host, input: Result<Vec<u8>, Failure>) -> Response {
    let mut direction = args.direction();
    let mut name = args.event.clone();
    let mut observed = false;
    let answer = input.and_then(|bytes| {
        let text = event::decode(bytes);
        let event = event::parse(&text).map_err(|error| error.0)?;
        if args.event.is_empty() {
            direction = event.kind.direction();
            name = event.name.to_string();
            host.expect_failure(crash(&name, direction));
        } else if args.event != event.name {
            return Err(format!(
                "the wiring is for {} and the event is {}",
                args.event, event.name
            ));
        }
        judge(args, host, &event, &mut observed)
    });
    match answer {
        Ok(response) => response,
        Err(_) if observed => Response::default(),
        Err(reason) => response::failure(&name, direction, &reason),
    }
}

/// The stages between a parsed event and its answer.
fn judge(
    args: &Args,
    host: &dyn Host,
    event: &Event,
    observed: &mut bool,
) -> Result<Response, Failure> {
    let project = project_root(host, &args.given, event);
    let dirs = dirs::find(host, &args.given, &project)?;
    let mut policy = policy::load(host, &dirs, &project).map_err(|error| error.to_string())?;
    if args
        .profile
        .as_ref()
        .is_some_and(|it| policy.tools.wire(it).is_none())
    {
        return Err("the wiring names a profile of tools that does not exist".to_owned());
    }
    *observed = policy.mode == Mode::Observe;
    if *observed {
        host.expect_failure(Crash::Silent);
    }
    let mut open = session::open(host, &dirs, &event.session_id)
        .map_err(|error| format!("the session state cannot be opened: {error}"))?;
    if let Some(response) = repeated(args, event, &open, *observed) {
        return Ok(response);
    }
    let places = places(host, event, &dirs, &project);
    let reading = read_shell(host, event, &places);
    let reading = reading.as_ref();
    let cx = Cx::new(event, &policy, &open.session, host, &places, reading);
    let findings = guard::check_all(&cx);
    if !findings.is_empty() {
        policy.allowances = policy::allowances(host, &dirs);
    }
    let cx = Cx::new(event, &policy, &open.session, host, &places, reading);
    let granted = guard::grant(&cx, &dirs, findings);
    let mut verdict = verdict::escalate(verdict::reduce(granted.findings), &event.permission_mode);
    verdict.unattended = !policy.attended;
    verdict.granted = granted.notes;
    let mut effects = guard::record_all(&cx, &verdict);
    effects.extend(handler::run_all(&cx, &verdict));
    if let Some(problem) = &open.problem {
        effects.extend(handler::forgotten(&cx, problem));
    }
    apply(host, &dirs, &policy, &mut open, &verdict, &effects)?;
    tell(host, &dirs, &policy, event, &effects);
    if *observed {
        return Ok(Response::default());
    }
    Ok(response::render(
        event.kind,
        &verdict,
        &effects,
        event.fields.flag("stop_hook_active"),
    ))
}

/// The project root: the client's own variable, else the repository around the event's working directory,
/// else that directory.
fn project_root(host: &dyn Host, given: &Given, event: &Event) -> String {
    if let Some(root) = host.env("CLAUDE_PROJECT_DIR")
        && root.starts_with('/')
    {
        return root;
    }
    let home = given.home.clone().or_else(|| host.env("HOME"));
    let homes: Vec<String> = home.into_iter().collect();
    let cwd = path::normalise(&event.cwd);
    path::repository_around(host, &cwd, &homes).unwrap_or_else(|| event.cwd.to_string())
}

pub(crate) fn places(host: &dyn Host, event: &Event, dirs: &Dirs, project: &str) -> Places {
    let homes: Vec<String> = host.env("HOME").into_iter().collect();
    let scratchpad = event.fields.lenient("scratchpad_dir");
    let temps: Vec<String> = host
        .env("TMPDIR")
        .into_iter()
        .chain([scratchpad.into_owned()])
        .collect();
    let mut places = Places::new(&event.cwd, project, &homes, &temps, dirs);
    places.find_worktree(host);
    places.claude = host.env("CLAUDE_CONFIG_DIR").unwrap_or_default();
    places
}

/// Reads the call's shell text; several pieces of one call are read as one script.
pub(crate) fn read_shell(host: &dyn Host, event: &Event, places: &Places) -> Option<Reading> {
    if event.kind != Kind::PreToolUse {
        return None;
    }
    read_call(host, event.call()?, places)
}

/// Reads the shell text of a call.
pub(crate) fn read_call(host: &dyn Host, call: &ToolCall, places: &Places) -> Option<Reading> {
    let dialect = call.parts.iter().find_map(|it| match it.role {
        Role::Shell(dialect) => Some(dialect),
        _ => None,
    })?;
    let mut parts = call
        .parts
        .iter()
        .filter(|it| it.role == Role::Shell(dialect));
    let mut text = parts.next()?.text();
    for part in parts {
        text.to_mut().push('\n');
        text.to_mut().push_str(&part.text());
    }
    let around = Surroundings {
        cwd: &places.cwd,
        home: places.homes.last().map_or("", String::as_str),
        project: &places.project,
        files: Some(&Disk { host, places }),
    };
    Some(match dialect {
        Dialect::Bash => shell::read(&text, &around),
        Dialect::PowerShell => shell::read_powershell(&text, &around),
    })
}

/// The stored answer where another wiring of hookbin already judged this very call.
fn repeated(args: &Args, event: &Event, open: &OpenSession, observed: bool) -> Option<Response> {
    let call = event.call()?;
    if event.kind != Kind::PreToolUse || call.id.is_empty() {
        return None;
    }
    let known = open.session.find(&call.id)?;
    if known.digest != session::digest(call.input.get()) {
        return None;
    }
    // The other wiring may name no profile: what it let pass is judged again.
    if args.profile.is_some() && known.decision != Decision::Deny.word() {
        return None;
    }
    if observed {
        return Some(Response::default());
    }
    Some(response::repeat(
        Decision::parse(&known.decision)?,
        &known.message,
    ))
}

/// Carries out the effects: the audit record first, then what is remembered, then files.
fn apply(
    host: &dyn Host,
    dirs: &Dirs,
    policy: &Policy,
    open: &mut OpenSession,
    verdict: &Verdict,
    effects: &[Effect],
) -> Result<(), Failure> {
    let sync = match policy.audit_sync {
        AuditSync::Never => false,
        AuditSync::Deny => verdict.decision == Decision::Deny,
        AuditSync::Always => true,
    };
    for record in effects.iter().filter_map(as_record) {
        let written = audit::append(host, dirs, record, sync);
        if let Err(error) = written
            && policy.audit_on_failure == AuditFailure::Deny
        {
            return Err(format!("the audit record cannot be written: {error}"));
        }
    }
    let changes: Vec<Change> = effects
        .iter()
        .filter_map(|it| {
            if let Effect::Session(change) = it {
                Some(change.clone())
            } else {
                None
            }
        })
        .collect();
    if !changes.is_empty() {
        open.apply(&changes);
        open.store()
            .map_err(|error| format!("the session state cannot be written: {error}"))?;
    }
    for effect in effects {
        match effect {
            Effect::File {
                path,
                content,
                mode,
            } => host
                .write(path, content, *mode)
                .map_err(|error| format!("{path} cannot be written: {error}"))?,
            Effect::Report {
                path,
                content,
                mode,
            } => {
                if let Err(error) = host.write(path, content, *mode) {
                    let record = unwritten(effects, path, &error);
                    // The end of a run does not wait for its report. Where this fails too there is nobody
                    // left to tell.
                    let _ = audit::append(host, dirs, &record, false);
                }
            }
            Effect::Append { path, content } => host
                .lock(path)
                .and_then(|mut it| it.append(content.as_bytes()))
                .map_err(|error| format!("{path} cannot be written: {error}"))?,
            Effect::EndSession(session) => end(host, dirs, session)?,
            _ => {}
        }
    }
    Ok(())
}

/// Tells humans outside the session. What is answered never depends on it; that it failed is recorded.
fn tell(host: &dyn Host, dirs: &Dirs, policy: &Policy, event: &Event, effects: &[Effect]) {
    let sent = notify::send(host, dirs, policy, notify::About::event(event), effects);
    if let Err(reason) = sent
        && let Some(record) = effects.iter().find_map(as_record)
    {
        let failed = Record {
            decision: "note".to_owned(),
            rules: vec![notify::FAILED.to_owned()],
            note: reason,
            ..record.clone()
        };
        // The decision is recorded already, and nobody else is there to be told.
        let _ = audit::append(host, dirs, &failed, false);
    }
}

/// A record of a report that is not there.
fn unwritten(effects: &[Effect], path: &str, error: &std::io::Error) -> Record {
    Record {
        decision: "note".to_owned(),
        rules: Vec::new(),
        note: format!("{path} cannot be written: {error}"),
        ..effects
            .iter()
            .find_map(as_record)
            .cloned()
            .unwrap_or_default()
    }
}

/// What a session leaves behind. Each is tried, whatever became of the other.
fn end(host: &dyn Host, dirs: &Dirs, session: &str) -> Result<(), Failure> {
    let anchored = audit::anchor(host, dirs, session);
    let pruned = session::prune(host, dirs, session);
    anchored.map_err(|error| format!("the end of the audit chain cannot be kept: {error}"))?;
    pruned.map_err(|error| format!("old sessions cannot be removed: {error}"))?;
    Ok(())
}

fn as_record(effect: &Effect) -> Option<&Record> {
    if let Effect::Audit(record) = effect {
        Some(record)
    } else {
        None
    }
}
