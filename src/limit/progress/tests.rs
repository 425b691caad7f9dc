use super::*;

fn agent(past: &[(u64, u64)]) -> Agent {
    Agent {
        past: past.iter().map(|it| Past(it.0, it.1)).collect(),
        ..Agent::default()
    }
}

#[track_caller]
fn check(past: &[(u64, u64)], times: Option<(u32, bool)>) {
    let found = spin(&agent(past), &Limits::default());
    assert_eq!(found.map(|it| (it.times, it.hopeless)), times, "{past:?}");
}

#[test]
fn equal_calls_with_equal_results_are_a_spin() {
    check(&[(1, 1); 2], None);
    check(&[(1, 1); 3], Some((3, false)));
    check(&[(1, 1); 6], Some((6, true)));
    check(&[(1, 1), (1, 2), (1, 3), (1, 4)], None);
    check(&[(1, 1), (2, 1), (3, 1), (4, 1)], None);
    check(&[(1, 1), (1, 1), (2, 2), (1, 1)], None);
}

#[test]
fn two_calls_in_turn_are_a_spin() {
    check(&[(1, 1), (2, 2), (1, 1), (2, 2)], None);
    check(
        &[(1, 1), (2, 2), (1, 1), (2, 2), (1, 1), (2, 2)],
        Some((3, false)),
    );
    check(&[(1, 1), (2, 2), (1, 3), (2, 2), (1, 1), (2, 2)], None);
}

#[test]
fn edits_that_take_each_other_back_are_a_spin() {
    let edits = |list: &[(u64, u64, u64)]| {
        let agent = Agent {
            edits: list.iter().map(|it| Edit(it.0, it.1, it.2)).collect(),
            ..Agent::default()
        };
        spin(&agent, &Limits::default()).map(|it| it.times)
    };
    let (there, back) = ((1, 5, 6), (1, 6, 5));
    assert_eq!(edits(&[there, back, there]), None);
    assert_eq!(edits(&[there, back, there, back]), Some(3));
    assert_eq!(edits(&[there, back, there, (2, 6, 5)]), None);
}

#[test]
fn failures_without_end_are_a_spin() {
    let failing = |failing: u32| {
        let agent = Agent {
            failing,
            ..Agent::default()
        };
        spin(&agent, &Limits::default()).map(|it| it.hopeless)
    };
    assert_eq!(failing(9), None);
    assert_eq!(failing(10), Some(false));
    assert_eq!(failing(20), Some(true));
}
