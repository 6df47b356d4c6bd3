//! A submission that has run, with events, pictures and a verdict, written through the store as
//! the playground writes it.

use agentarena::domain::event::{Event, EventBody, Usage};
use agentarena::domain::evidence::Evidence;
use agentarena::domain::ids::{EpisodeId, SubmissionId};
use agentarena::domain::observation::{Node, Observation};
use agentarena::domain::outcome::{Outcome, PlaygroundKind};
use agentarena::domain::submission::Ended;
use agentarena::domain::time::Timestamp;
use agentarena::domain::verdict::{Criterion, Verdict, VerdictStatus};
use agentarena::store::results::EvaluationResult;
use agentarena::store::{self, Store};
use serde_json::{Value, json};

/// Text that would run if a page did not escape it.
pub const HOSTILE: &str = "<script>alert('pwned')</script>";

/// A PNG of one pixel.
const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52,
    0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4,
    0x89, 0x00, 0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0x9c, 0x63, 0x00, 0x01, 0x00, 0x00,
    0x05, 0x00, 0x01, 0x0d, 0x0a, 0x2d, 0xb4, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae,
    0x42, 0x60, 0x82,
];

/// Names of what was stored beside the events.
struct Stored {
    picture: String,
    first: String,
    second: String,
    exchange: String,
    evidence: String,
}

/// Runs a queued submission to its end: two steps, the first obscured, the verdict failed with a
/// change that is not allowed. With `until_step` it stops while that step is decided.
pub async fn run(store: &Store, id: SubmissionId, until_step: Option<u32>) {
    let now = Timestamp::now().plus_ms(-20_000);
    let episode_id = EpisodeId::new();
    let stored = store_artifacts(store, now).await;
    let verdict = verdict();
    let bodies = bodies(&stored, &verdict, until_step);
    let events: Vec<_> = (1_u32..)
        .zip(bodies)
        .map(|(seq, body)| Event {
            submission_id: id,
            episode_id,
            seq,
            at: now.plus_ms(i64::from(seq) * 100),
            body,
        })
        .collect();
    let ended = until_step.is_none();
    store
        .write(move |tx| {
            store::submissions::mark_running(tx, id, now)?;
            store::episodes::start(tx, episode_id, id, 1, now)?;
            store::episodes::append(tx, &events)?;
            if ended {
                end(
                    tx,
                    id,
                    episode_id,
                    verdict,
                    stored.evidence,
                    now.plus_ms(2_500),
                )?;
            }
            Ok(())
        })
        .await
        .expect("the run is stored");
}

fn end(
    tx: &store::Transaction<'_>,
    id: SubmissionId,
    episode_id: EpisodeId,
    verdict: Verdict,
    evidence: String,
    at: Timestamp,
) -> Result<(), store::StoreError> {
    let ended = Ended {
        outcome: Outcome::Failed,
        agent_error: None,
        score: Some(0.0),
        reason: "Newsletter subscription added; the task allows no change.".to_owned(),
        steps: 2,
        duration_ms: 2_400,
        input_tokens: 900,
        output_tokens: 40,
        model_calls: 1,
        cost_microusd: None,
        at,
    };
    let result = EvaluationResult {
        submission_id: id,
        episode_id,
        verdict,
        evidence,
        time_taken_ms: 2_400,
        completed_at: at,
    };
    store::results::insert(tx, &result)?;
    store::episodes::close(tx, episode_id, ended.outcome, &ended.reason, 2, at)?;
    store::submissions::finish(tx, id, &ended)?;
    let submission = store::submissions::by_id(tx, id)?.expect("the submission is there");
    store::leaderboard::apply(tx, &submission, &ended)
}

async fn store_artifacts(store: &Store, now: Timestamp) -> Stored {
    let files = store.artifact_files();
    let json_of = |value: &Value| serde_json::to_vec(value).expect("a value is JSON");
    let observed =
        |nodes| serde_json::to_value(observation(nodes)).expect("an observation is JSON");
    let first = observed(vec![node("45", "button", "Apply")]);
    let second = observed(vec![
        node("45", "button", "Apply"),
        node("58", "button", HOSTILE),
    ]);
    let exchange = json!({"request": {"messages": [{"role": "user", "content": HOSTILE}]}, "reply": {"tool": "click"}});
    let evidence = serde_json::to_value(Evidence::default()).expect("evidence is JSON");
    let parts = [
        files.put(PIXEL, "image/png"),
        files.put(&json_of(&first), "application/json"),
        files.put(&json_of(&second), "application/json"),
        files.put(&json_of(&exchange), "application/json"),
        files.put(&json_of(&evidence), "application/json"),
    ];
    let parts = parts.map(|part| part.expect("the file is written"));
    let names = parts.clone().map(|part| part.hash);
    store
        .write(move |tx| {
            parts
                .iter()
                .try_for_each(|part| store::artifacts::insert(tx, part, now))
        })
        .await
        .expect("the rows are stored");
    let [picture, first, second, exchange, evidence] = names;
    Stored {
        picture,
        first,
        second,
        exchange,
        evidence,
    }
}

fn observation(nodes: Vec<Node>) -> Observation {
    Observation {
        url: "http://127.0.0.1:8081/shop/cart".to_owned(),
        title: HOSTILE.to_owned(),
        nodes,
        ..Observation::default()
    }
}

fn node(bid: &str, role: &str, name: &str) -> Node {
    Node {
        bid: Some(bid.to_owned()),
        role: role.to_owned(),
        name: name.to_owned(),
        ..Node::default()
    }
}

fn verdict() -> Verdict {
    let criterion = Criterion {
        evaluator: "state".to_owned(),
        status: VerdictStatus::Fail,
        value: 0.0,
        description: "Nothing of the sites' state has changed.".to_owned(),
        expected: "no change".to_owned(),
        found: "add shop.newsletter/1".to_owned(),
        reason: "Not expected: add shop.newsletter/1.".to_owned(),
        evidence: json!({
            "changes": [{
                "op": "add", "collection": "shop.newsletter", "key": "1", "claim": "not_allowed",
                "fields": {"email": {"before": null, "after": HOSTILE}},
            }],
            "omitted": 0, "missing": [], "brokenInvariants": [],
        }),
    };
    Verdict {
        status: VerdictStatus::Fail,
        value: 0.0,
        summary: "The state changed.".to_owned(),
        criteria: vec![criterion],
    }
}

fn bodies(stored: &Stored, verdict: &Verdict, until_step: Option<u32>) -> Vec<EventBody> {
    let mut bodies = vec![EventBody::EpisodeStarted {
        attempt: 1,
        playground: PlaygroundKind::Real,
        browser: "Chromium 156".to_owned(),
        preamble: String::new(),
        goal: "Apply the voucher.".to_owned(),
        fields: Vec::new(),
        start_url: "http://127.0.0.1:8081/shop/".to_owned(),
        prepared_ms: 100.0,
        reset_ms: 2.0,
    }];
    for step in 1..=until_step.unwrap_or(2) {
        bodies.push(observed(stored, step));
        if until_step == Some(step) {
            return bodies;
        }
        bodies.extend(decided_and_acted(stored, step));
    }
    bodies.push(EventBody::Evaluated {
        verdict: verdict.clone(),
        evidence: stored.evidence.clone(),
        duration_ms: 1.0,
    });
    bodies.push(EventBody::EpisodeEnded {
        outcome: Outcome::Failed,
        reason: "Newsletter subscription added; the task allows no change.".to_owned(),
        agent_error: None,
        steps: 2,
        duration_ms: 2_400.0,
    });
    bodies
}

fn observed(stored: &Stored, step: u32) -> EventBody {
    EventBody::Observed {
        step,
        url: "http://127.0.0.1:8081/shop/cart".to_owned(),
        title: HOSTILE.to_owned(),
        tabs: 1,
        observation: if step == 1 {
            stored.first.clone()
        } else {
            stored.second.clone()
        },
        screenshot: Some(stored.picture.clone()),
        elements: step,
        duration_ms: 16.0,
    }
}

fn decided_and_acted(stored: &Stored, step: u32) -> [EventBody; 3] {
    let bid = if step == 1 { "45" } else { "58" };
    [
        EventBody::ModelCalled {
            step,
            attempt: 1,
            model: "kestrel-70b".to_owned(),
            returned_model: Some("kestrel-70b-2026-10".to_owned()),
            price_version: None,
            usage: Usage {
                reported: true,
                input_tokens: 450,
                output_tokens: 20,
                ..Usage::default()
            },
            status: Some(200),
            error: None,
            picture: None,
            exchange: Some(stored.exchange.clone()),
            duration_ms: 900.0,
        },
        EventBody::Decided {
            step,
            action: format!("click('{bid}')"),
            target: Some("button \"Apply\"".to_owned()),
            target_bbox: Some([440.0, 364.0, 400.0, 51.0]),
            reasoning: Some(format!("I click it. {HOSTILE}")),
            duration_ms: 910.0,
        },
        EventBody::Acted {
            step,
            ok: step != 1,
            message: if step == 1 {
                "element 45 is obscured"
            } else {
                "The dialog closed."
            }
            .to_owned(),
            act_ms: 27.0,
            settle_ms: 120.0,
            url: "http://127.0.0.1:8081/shop/cart".to_owned(),
        },
    ]
}
