use super::*;

fn failure(class: &str, signature: &str) -> Failure {
    Failure {
        class: Class::by_id(class).unwrap(),
        signature: signature.to_owned(),
        message: format!("{class} of {signature}"),
    }
}

/// Counts failures of the call 1 at the time 1000.
fn failing(class: &str, times: usize) -> (Agent, Vec<Step>) {
    let mut agent = Agent::default();
    let limits = Limits::default();
    let found = failure(class, "s");
    let steps = (0..times).map(|_| fail(&mut agent, &found, 1, 1000, None, &limits));
    let steps = steps.collect();
    (agent, steps)
}

#[test]
fn the_threshold_depends_on_the_class() {
    let check = |class: &str, trips: usize| {
        let (_, steps) = failing(class, trips);
        let tripped = steps
            .iter()
            .position(|it| matches!(it, Step::Tripped { .. }));
        assert_eq!(tripped, Some(trips - 1), "{class}: {steps:?}");
    };
    check("not-found", 3);
    check("unknown", 3);
    check("test-failure", 5);
    check("permission", 2);
    check("auth", 2);
    let (agent, steps) = failing("interrupted", 9);
    assert_eq!(agent.breakers, []);
    assert_eq!(steps, [Step::Counted; 9]);
}

#[test]
fn without_a_limit_nothing_trips() {
    let mut limits = Limits::default();
    limits.set(Limit::Failures, 0);
    let mut agent = Agent::default();
    for _ in 0..50 {
        let step = fail(&mut agent, &failure("type", "s"), 1, 0, None, &limits);
        assert_eq!(step, Step::Counted);
    }
    assert_eq!(gate(&agent, 1, 0), Gate::Free);
}

#[test]
fn only_the_call_that_failed_is_shut() {
    let (agent, _) = failing("not-found", 3);
    assert!(matches!(gate(&agent, 1, 1000), Gate::Shut(_, 0)));
    assert_eq!(gate(&agent, 2, 1000), Gate::Free);
}

#[test]
fn a_changed_file_lets_one_through() {
    let (mut agent, _) = failing("not-found", 3);
    agent.changes += 1;
    assert_eq!(gate(&agent, 1, 1000), Gate::Probe);
    probe(&mut agent, 1, 1000);
    assert!(
        matches!(gate(&agent, 1, 1001), Gate::Shut(..)),
        "the probe runs"
    );
    // Its outcome never came.
    assert_eq!(gate(&agent, 1, 1000 + PROBE_SECONDS), Gate::Probe);
    let step = fail(
        &mut agent,
        &failure("not-found", "s"),
        1,
        1001,
        None,
        &Limits::default(),
    );
    assert!(matches!(step, Step::Probed { .. }), "{step:?}");
    assert!(matches!(gate(&agent, 1, 1002), Gate::Shut(..)));
    succeed(&mut agent, 1);
    assert_eq!(gate(&agent, 1, 1002), Gate::Free);
}

#[test]
fn what_passes_with_time_is_tried_after_30_60_and_120_seconds() {
    let (mut agent, _) = failing("connection", 3);
    let mut now = 1000;
    for wait in [30, 60, 120, 120] {
        assert_eq!(agent.breakers[0].wait, wait);
        assert!(matches!(
            gate(&agent, 1, now + i64::from(wait) - 1),
            Gate::Shut(_, 1)
        ));
        now += i64::from(wait);
        assert_eq!(gate(&agent, 1, now), Gate::Probe);
        probe(&mut agent, 1, now);
        fail(
            &mut agent,
            &failure("connection", "s"),
            1,
            now,
            None,
            &Limits::default(),
        );
    }
    // What the answer asks for comes first.
    fail(
        &mut agent,
        &failure("connection", "s"),
        1,
        now,
        Some(7),
        &Limits::default(),
    );
    assert_eq!(agent.breakers[0].wait, 7);
    // A clock that went backwards shuts nobody out.
    assert_eq!(gate(&agent, 1, now - 500), Gate::Probe);
}

#[test]
fn failures_between_which_files_changed_are_work_and_missing_rights_are_not() {
    let trips = |class: &str| {
        let mut agent = Agent::default();
        (0..20).any(|_| {
            agent.changes += 1;
            let step = fail(
                &mut agent,
                &failure(class, "s"),
                1,
                0,
                None,
                &Limits::default(),
            );
            matches!(step, Step::Tripped { .. })
        })
    };
    assert!(!trips("type") && !trips("test-failure") && !trips("not-found"));
    assert!(trips("permission"));
}

#[test]
fn what_is_remembered_is_bounded() {
    let mut agent = Agent::default();
    for number in 0..200_u64 {
        let found = failure("not-found", &format!("s{}", number / 5));
        fail(&mut agent, &found, number, 0, None, &Limits::default());
    }
    assert_eq!(agent.breakers.len(), BREAKER_LIMIT);
    assert!(agent.breakers.iter().all(|it| it.calls.len() <= CALL_LIMIT));
}
