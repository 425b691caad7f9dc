use super::*;

fn limits(limit: Limit, number: u32) -> Limits {
    let mut limits = Limits::default();
    limits.set(limit, number);
    limits
}

#[test]
fn each_budget_ends_at_its_own_number() {
    let run = Run {
        started: 1000,
        steps: 10,
        subagents: 4,
        ..Run::default()
    };
    let agent = Agent {
        steps: 8,
        prompt_steps: 6,
        ..Agent::default()
    };
    let check = |limit: Limit, used: u32, rule: &str| {
        let rule_at = |number: u32| {
            let spent = spent(&run, &agent, &limits(limit, number), 1000 + 5 * 60, true);
            spent.map(|it| it.rule)
        };
        assert_eq!(rule_at(used), Some(rule));
        assert_eq!(rule_at(used + 1), None, "{rule}");
    };
    check(Limit::Steps, 10, "limit-steps");
    check(Limit::StepsAgent, 8, "limit-steps-agent");
    check(Limit::StepsPrompt, 6, "limit-steps-prompt");
    check(Limit::Subagents, 4, "limit-subagents");
    check(Limit::Minutes, 5, "limit-minutes");
    assert_eq!(
        spent(&run, &agent, &limits(Limit::Subagents, 4), 1000, false),
        None
    );
    assert_eq!(
        spent(&run, &agent, &Limits::default(), i64::MAX, true),
        None
    );
}

#[test]
fn the_last_fifth_is_told_once() {
    let told = |prompt_steps: u32| {
        let agent = Agent {
            prompt_steps,
            ..Agent::default()
        };
        nearly(
            &Run::default(),
            &agent,
            &limits(Limit::StepsPrompt, 200),
            0,
            false,
        )
    };
    assert_eq!(told(158), []);
    assert_eq!(
        told(159),
        [(
            Limit::StepsPrompt,
            "tool calls since the last prompt",
            160,
            200
        )]
    );
    assert_eq!(told(160), []);
}

#[test]
fn a_minute_has_room_again_when_its_first_call_is_over() {
    let limits = limits(Limit::Rate, 3);
    let mut agent = Agent {
        outcomes: 1,
        ..Agent::default()
    };
    for now in [100, 110, 120] {
        assert_eq!(wait(&agent, &limits, now), None);
        agent.push_call(now, 3);
    }
    assert_eq!(wait(&agent, &limits, 121), Some((3, 39)));
    assert_eq!(wait(&agent, &limits, 159), Some((3, 1)));
    assert_eq!(wait(&agent, &limits, 160), None);
    assert_eq!(wait(&agent, &limits, 50), None, "the clock went backwards");
    agent.outcomes = 0;
    assert_eq!(wait(&agent, &limits, 121), None, "no call ever came back");
}
