//! Tests of the picture that events make.

use super::*;
use crate::domain::ids::{EpisodeId, SubmissionId};

fn log(bodies: Vec<(EpisodeId, EventBody)>) -> Vec<Event> {
    let submission_id = SubmissionId::new();
    let numbered = (1_u32..).zip(bodies);
    numbered
        .map(|(seq, (episode_id, body))| Event {
            submission_id,
            episode_id,
            seq,
            at: Timestamp(i64::from(seq) * 100),
            body,
        })
        .collect()
}

fn started(attempt: u32) -> EventBody {
    EventBody::EpisodeStarted {
        attempt,
        playground: PlaygroundKind::Real,
        browser: "Chromium 156".to_owned(),
        preamble: String::new(),
        goal: "Buy it".to_owned(),
        fields: Vec::new(),
        start_url: "http://127.0.0.1:8081/shop/".to_owned(),
        prepared_ms: 100.0,
        reset_ms: 2.0,
    }
}

fn decided(step: u32, action: &str) -> EventBody {
    EventBody::Decided {
        step,
        action: action.to_owned(),
        target: Some("link \"Orders\"".to_owned()),
        target_bbox: Some([10.0, 20.0, 30.0, 40.0]),
        reasoning: None,
        duration_ms: 12.0,
    }
}

fn acted(step: u32, ok: bool) -> EventBody {
    EventBody::Acted {
        step,
        ok,
        message: "element 45 is obscured".to_owned(),
        act_ms: 3.0,
        settle_ms: 5.0,
        url: String::new(),
    }
}

fn called(step: u32, cost: Option<u64>) -> EventBody {
    EventBody::ModelCalled {
        step,
        attempt: 1,
        model: "m".to_owned(),
        returned_model: None,
        price_version: None,
        usage: Usage {
            reported: true,
            input_tokens: 10,
            output_tokens: 2,
            cost_microusd: cost,
            ..Usage::default()
        },
        status: Some(200),
        error: None,
        picture: None,
        exchange: None,
        duration_ms: 9.0,
    }
}

#[test]
fn only_the_newest_episode_is_shown() {
    let (first, second) = (EpisodeId::new(), EpisodeId::new());
    let events = log(vec![
        (first, started(1)),
        (first, decided(1, "click('1')")),
        (second, started(2)),
        (second, decided(1, "noop()")),
    ]);
    let replay = Replay::newest(&events);
    assert_eq!((replay.attempt, replay.steps.len()), (2, 1));
    assert_eq!(replay.steps[0].verb(), "noop");
    assert_eq!(replay.last_seq, 4);
}

#[test]
fn a_step_is_what_its_events_say() {
    let id = EpisodeId::new();
    let replay = Replay::newest(&log(vec![
        (id, started(1)),
        (id, decided(1, "click('45')")),
        (id, acted(1, false)),
        (id, decided(2, "click('58')")),
    ]));
    let first = &replay.steps[0];
    assert_eq!((first.bid(), first.verb()), (Some("45"), "click"));
    assert_eq!(first.flags[0].outcome, "agent_error");
    assert_eq!(first.duration(), "20 ms");
    assert_eq!(replay.steps[1].doing(), "acting");
}

#[test]
fn one_unpriced_call_makes_the_whole_unpriced() {
    let id = EpisodeId::new();
    let priced = Replay::newest(&log(vec![(id, started(1)), (id, called(1, Some(1_500)))]));
    assert_eq!(priced.cost().text(), "$0.0015");
    let unpriced = Replay::newest(&log(vec![
        (id, started(1)),
        (id, called(1, Some(1_500))),
        (id, called(1, None)),
    ]));
    assert_eq!(unpriced.cost().text(), "unpriced");
    assert_eq!((unpriced.calls, unpriced.usage.input_tokens), (2, 20));
}

#[test]
fn a_submission_without_events_has_nothing_to_show() {
    assert_eq!(Replay::newest(&[]).steps.len(), 0);
}
