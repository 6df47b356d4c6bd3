//! Submissions over the API: hand in, repeat, list, follow, cancel; health and metrics.

use agentarena::domain::event::{Event, EventBody};
use agentarena::domain::ids::{EpisodeId, SubmissionId};
use agentarena::domain::time::Timestamp;
use agentarena::domain::user::Role;
use agentarena::store;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{Person, TestApp, send};

const PATH: &str = "/api/v1/submissions";

/// Stores events of a new episode, as the recorder would.
pub async fn record(app: &TestApp, id: SubmissionId, bodies: Vec<EventBody>) -> Vec<Event> {
    app.store
        .write(move |tx| {
            let now = Timestamp::now();
            let episode_id = EpisodeId::new();
            let earlier = store::episodes::list(tx, id)?.len();
            let attempt = u32::try_from(earlier).unwrap() + 1;
            store::episodes::start(tx, episode_id, id, attempt, now)?;
            let last = store::episodes::last_seq(tx, id)?;
            let events: Vec<Event> = bodies
                .into_iter()
                .zip(last + 1..)
                .map(|(body, seq)| Event {
                    submission_id: id,
                    episode_id,
                    seq,
                    at: now,
                    body,
                })
                .collect();
            store::episodes::append(tx, &events)?;
            Ok(events)
        })
        .await
        .unwrap()
}

/// An event without weight.
pub fn noted(message: &str) -> EventBody {
    EventBody::Noted {
        message: message.to_owned(),
        details: Value::Null,
    }
}

#[tokio::test]
async fn a_submission_is_accepted_once_per_key() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let agent = app.agent(&ada, "walker").await;
    let submit = |seed: u32| {
        let attributes = json!({"agentId": agent, "taskId": app.tasks[0], "seed": seed});
        let request = app
            .request(Method::POST, PATH)
            .bearer_auth(&ada.session.access_token)
            .header("idempotency-key", "one")
            .json(&json!({"data": {"type": "submission", "attributes": attributes}}));
        send(request)
    };
    let first = submit(1).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let location = first.headers["location"].to_str().unwrap();
    assert_eq!(location, format!("{PATH}/{}", first.id()));
    let attributes = &first.json()["data"]["attributes"];
    assert_eq!(attributes["status"], "queued");
    assert_eq!(attributes["agentName"], "walker");
    let again = submit(1).await;
    assert_eq!(again.id(), first.id());
    let other = submit(2).await;
    assert!(other.status.is_client_error(), "{}", other.text);
    assert!(other.text.contains("key"), "{}", other.text);
}

async fn listed(app: &TestApp, person: &Person, query: &str) -> usize {
    let answer = app.get(Some(person), &format!("{PATH}?{query}")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()["data"].as_array().unwrap().len()
}

#[tokio::test]
async fn lists_are_filtered_and_hold_ones_own_only() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let bea = app.person("bea", Role::User).await;
    let admin = app.person("admin", Role::Admin).await;
    let agent = app.agent(&ada, "walker").await;
    for _ in 0..3 {
        app.submission(&ada, &agent).await;
    }
    assert_eq!(listed(&app, &ada, "").await, 3);
    assert_eq!(listed(&app, &ada, "status=queued&suite=arena").await, 3);
    assert_eq!(listed(&app, &ada, "status=running").await, 0);
    assert_eq!(listed(&app, &ada, "minScore=0.5").await, 0);
    assert_eq!(
        listed(&app, &ada, &format!("taskId={}", app.tasks[1])).await,
        0
    );
    assert_eq!(
        listed(&app, &ada, &format!("agentId={agent}&limit=2")).await,
        2
    );
    assert_eq!(listed(&app, &bea, "").await, 0);
    assert_eq!(listed(&app, &bea, &format!("userId={}", ada.id)).await, 0);
    assert_eq!(listed(&app, &admin, &format!("userId={}", ada.id)).await, 3);
}

#[tokio::test]
async fn events_are_read_from_any_number_on() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let agent = app.agent(&ada, "walker").await;
    let id = app.submission(&ada, &agent).await;
    record(&app, id, (1..=5).map(|n| noted(&n.to_string())).collect()).await;
    let first = app
        .get(Some(&ada), &format!("{PATH}/{id}/events?after=1&limit=2"))
        .await;
    let page = first.json();
    let seqs: Vec<_> = page["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["attributes"]["seq"].clone())
        .collect();
    assert_eq!(seqs, [2, 3]);
    assert_eq!(page["data"][0]["attributes"]["body"]["type"], "noted");
    assert_eq!(page["meta"]["nextCursor"], "3");
    let rest = app
        .get(Some(&ada), &format!("{PATH}/{id}/events?after=3"))
        .await
        .json();
    assert_eq!(rest["data"].as_array().unwrap().len(), 2);
    assert!(rest["meta"]["nextCursor"].is_null());
    let shown = app.get(Some(&ada), &format!("{PATH}/{id}")).await.json();
    assert_eq!(shown["data"]["attributes"]["lastSeq"], 5);
}

#[tokio::test]
async fn artifacts_are_served_to_who_sees_a_submission_that_names_them() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let bea = app.person("bea", Role::User).await;
    let agent = app.agent(&ada, "walker").await;
    let id = app.submission(&ada, &agent).await;
    let files = app.store.artifact_files();
    let picture = files.put(b"\x89PNG picture", "image/png").unwrap();
    let page = files
        .put(b"<script>alert(1)</script>", "text/html")
        .unwrap();
    let stray = files.put(b"stray", "image/png").unwrap();
    let (named, other) = (picture.hash.clone(), page.hash.clone());
    let rows = [picture.clone(), page.clone(), stray.clone()];
    app.store
        .write(move |tx| {
            rows.iter()
                .try_for_each(|row| store::artifacts::insert(tx, row, Timestamp::now()))
        })
        .await
        .unwrap();
    let observed = EventBody::Observed {
        step: 1,
        url: "http://127.0.0.1/shop/".to_owned(),
        title: String::new(),
        tabs: 1,
        observation: other,
        screenshot: Some(named),
        elements: 0,
        duration_ms: 1.0,
    };
    record(&app, id, vec![observed]).await;
    let path = |hash: &str| format!("{PATH}/{id}/artifacts/{hash}");
    let shown = app.get(Some(&ada), &path(&picture.hash)).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.text);
    assert_eq!(shown.headers["content-type"], "image/png");
    // What could run in a browser is a download.
    let html = app.get(Some(&ada), &path(&page.hash)).await;
    assert_eq!(html.headers["content-type"], "application/octet-stream");
    assert_eq!(html.headers["content-disposition"], "attachment");
    for (person, hash) in [(&bea, &picture.hash), (&ada, &stray.hash)] {
        let refused = app.get(Some(person), &path(hash)).await;
        assert_eq!(refused.status, StatusCode::NOT_FOUND, "{}", refused.text);
    }
    let strange = app
        .get(Some(&ada), &path("..%2f..%2fkeys%2fmaster.key"))
        .await;
    assert_eq!(strange.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_submission_is_cancelled_once() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let agent = app.agent(&ada, "walker").await;
    let id = app.submission(&ada, &agent).await;
    let path = format!("{PATH}/{id}/cancel");
    let cancelled = app.bare(Some(&ada), Method::POST, &path).await;
    assert_eq!(cancelled.status, StatusCode::OK, "{}", cancelled.text);
    let attributes = &cancelled.json()["data"]["attributes"];
    assert_eq!(attributes["status"], "cancelled");
    assert_eq!(attributes["scored"], false);
    let again = app.bare(Some(&ada), Method::POST, &path).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn the_leaderboard_is_asked_for_a_suite_or_a_task() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let by_task = format!("/api/v1/leaderboard?taskId={}", app.tasks[0]);
    for path in ["/api/v1/leaderboard?suite=arena", &by_task] {
        let answer = app.get(Some(&ada), path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(answer.json()["data"], json!([]));
    }
    let bare = app.get(Some(&ada), "/api/v1/leaderboard").await;
    assert_eq!(bare.error().1.as_deref(), Some("suite"));
}

#[tokio::test]
async fn health_says_what_is_missing_and_metrics_count() {
    let app = TestApp::start().await;
    let health = app.get(None, "/health").await;
    assert_eq!(health.status, StatusCode::OK);
    assert_eq!(health.json()["status"], "degraded");
    assert!(health.text.contains("install chromium-headless-shell"));
    let ready = send(app.request(Method::HEAD, "/ready")).await;
    assert_eq!((ready.status, ready.text.as_str()), (StatusCode::OK, ""));
    let metrics = app.get(None, "/metrics").await.text;
    for name in [
        "http_requests_total{",
        "http_request_duration_seconds_bucket{",
        "playground_executions_total",
        "websocket_connections_active",
    ] {
        assert!(metrics.contains(name), "{name}");
    }
    assert!(metrics.contains("route=\"/health\""), "{metrics}");
    let stray = format!("/{}", "x".repeat(50));
    app.get(None, &stray).await;
    assert!(!app.get(None, "/metrics").await.text.contains(&stray));
}
