use clap::Parser;

use super::*;
use crate::cmd::tests::world;
use crate::host::fake::FakeHost;
use crate::host::{Dirs, Host};
use crate::session::Session;
use crate::session::run::Breaker;

#[derive(clap::Parser)]
struct Cli {
    #[command(flatten)]
    args: ResetArgs,
}

fn dirs() -> Dirs {
    Dirs {
        state: "/state".to_owned(),
        ..Dirs::default()
    }
}

fn call(host: &FakeHost, line: &str, people: &Result<(), String>) -> Result<Granted, String> {
    let words = std::iter::once("reset").chain(line.split(' '));
    let cli = Cli::try_parse_from(words).map_err(|it| it.to_string())?;
    let dirs = dirs();
    let world = world(host, &dirs);
    let asked = || people.clone();
    run(&cli.args, &world, &asked, &mut Vec::new()).map_err(|it| format!("{it:#}"))
}

/// A session that has run into everything.
fn host() -> FakeHost {
    let host = FakeHost::new();
    let agent = |id: &str| Agent {
        id: id.to_owned(),
        steps: 10,
        prompt_steps: 5,
        refusals: 3,
        failing: 8,
        ended: "spent".to_owned(),
        breakers: vec![Breaker::default()],
        ..Agent::default()
    };
    let run = Run {
        started: 1,
        steps: 20,
        subagents: 2,
        told: Told::Minutes as u32 | Told::Tasks as u32,
        ended: "limit-steps: spent".to_owned(),
        agents: vec![agent(""), agent("sub")],
        ..Run::default()
    };
    let mut open = session::open(&host, &dirs(), "s-1").unwrap();
    open.session.run = run;
    open.session.calls = 20;
    open.store().unwrap();
    drop(open);
    host
}

fn state(host: &FakeHost) -> Session {
    session::open(host, &dirs(), "s-1").unwrap().session
}

#[test]
fn a_breaker_is_cleared_and_the_run_may_go_on() {
    let host = host();
    let done = call(&host, "breaker", &Ok(())).unwrap();
    let session = state(&host);
    assert_eq!(session.run.ended, "");
    for agent in &session.run.agents {
        assert!(agent.breakers.is_empty() && agent.ended.is_empty());
        assert_eq!((agent.refusals, agent.failing, agent.steps), (0, 0, 10));
    }
    assert_eq!(
        (session.run.steps, session.run.started, session.calls),
        (20, 1, 20)
    );
    assert!(session.reset.contains("breakers"), "{}", session.reset);
    let record = done.record.unwrap();
    assert_eq!(
        (record.event.as_str(), record.session.as_str()),
        ("reset", "s-1")
    );
    assert_eq!(record.note, "reset the breakers");
}

#[test]
fn a_budget_is_counted_from_the_start() {
    let host = host();
    call(&host, "budget --session s", &Ok(())).unwrap();
    let session = state(&host);
    let run = &session.run;
    assert_eq!((run.steps, run.subagents, run.ended.as_str()), (0, 0, ""));
    assert_eq!(
        (run.started, run.told),
        (host.now().timestamp(), Told::Tasks as u32)
    );
    for agent in &run.agents {
        assert_eq!((agent.steps, agent.prompt_steps), (0, 0));
        assert!(agent.ended.is_empty() && agent.breakers.len() == 1);
    }
}

#[test]
fn one_agent_alone_is_reset() {
    for (named, id) in [("main", ""), ("sub", "sub")] {
        let host = host();
        call(&host, &format!("budget --agent {named}"), &Ok(())).unwrap();
        let run = state(&host).run;
        for agent in &run.agents {
            assert_eq!(agent.steps == 0, agent.id == id);
            assert_eq!(agent.ended.is_empty(), agent.id == id);
        }
        assert_eq!(run.steps, 20);
    }
    let error = call(&host(), "breaker --agent none", &Ok(())).unwrap_err();
    assert!(error.contains("no such agent"), "{error}");
}

#[test]
fn only_people_reset_and_only_what_is_there() {
    let host = host();
    let before = host.file("/state/sessions/s-1.log");
    let refused = call(&host, "breaker", &Err("this is for people".to_owned()));
    assert_eq!(refused.unwrap_err(), "this is for people");
    assert!(call(&host, "breaker --session other", &Ok(())).is_err());
    assert!(call(&host, "everything", &Ok(())).is_err());
    assert!(call(&FakeHost::new(), "breaker", &Ok(())).is_err());
    host.hold_lock("/state/sessions/s-1.log");
    assert!(
        call(&host, "breaker", &Ok(()))
            .unwrap_err()
            .contains("cannot be opened")
    );
    assert_eq!(host.file("/state/sessions/s-1.log"), before);
}
