//! The live view of a submission: from any event on, without gaps, without repeats.

use std::sync::Arc;
use std::time::Duration;

use agentarena::domain::outcome::{Outcome, SubmissionStatus};
use agentarena::domain::user::Role;
use agentarena::playground::hub::QueueChange;
use futures_util::{SinkExt, StreamExt};
use reqwest::Method;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::api_submissions::{noted, record};
use crate::support::app::{Person, TestApp};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn connect(
    app: &TestApp,
    person: Option<&Person>,
    path: &str,
    origin: Option<&str>,
) -> Result<Socket, Error> {
    let address = app.address.replace("http://", "ws://");
    let mut request = format!("{address}{path}").into_client_request()?;
    if let Some(person) = person {
        let cookie = format!("aa_access={}", person.session.access_token);
        request
            .headers_mut()
            .insert("cookie", cookie.parse().unwrap());
    }
    if let Some(origin) = origin {
        request
            .headers_mut()
            .insert("origin", origin.parse().unwrap());
    }
    Ok(connect_async(request).await?.0)
}

/// The next JSON message; none when the server has closed.
async fn next(socket: &mut Socket) -> Option<Value> {
    loop {
        let message = timeout(Duration::from_secs(10), socket.next())
            .await
            .expect("a message in time")?;
        match message.unwrap() {
            Message::Text(text) => return Some(serde_json::from_str(&text).unwrap()),
            Message::Close(_) => return None,
            _ => {}
        }
    }
}

fn refusal(result: Result<Socket, Error>) -> u16 {
    match result {
        Err(Error::Http(response)) => response.status().as_u16(),
        Err(error) => panic!("{error}"),
        Ok(_) => panic!("the connection was accepted"),
    }
}

#[tokio::test]
async fn a_watcher_catches_up_follows_and_is_told_the_end() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let agent = app.agent(&ada, "walker").await;
    let id = app.submission(&ada, &agent).await;
    record(&app, id, (1..=4).map(|n| noted(&n.to_string())).collect()).await;
    let path = format!("/live/submissions/{id}?after=2");
    let mut socket = connect(&app, Some(&ada), &path, Some(&app.address))
        .await
        .unwrap();
    for seq in [3, 4] {
        let told = next(&mut socket).await.unwrap();
        assert_eq!(
            (&told["type"], &told["event"]["seq"]),
            (&"event".into(), &seq.into())
        );
    }
    let state = next(&mut socket).await.unwrap();
    assert_eq!(state["type"], "state");
    assert_eq!(state["submission"]["status"], "queued");

    // What is published twice, or late, or with a gap before it, is told once and in order.
    let more = record(&app, id, (5..=8).map(|n| noted(&n.to_string())).collect()).await;
    for index in [0, 0, 3, 1, 2] {
        app.hub.publish(Arc::new(more[index].clone()));
    }
    for seq in 5..=8 {
        assert_eq!(next(&mut socket).await.unwrap()["event"]["seq"], seq);
    }
    let cancel = format!("/api/v1/submissions/{id}/cancel");
    app.bare(Some(&ada), Method::POST, &cancel).await;
    let state = next(&mut socket).await.unwrap();
    assert_eq!(state["submission"]["status"], "cancelled");
    assert_eq!(next(&mut socket).await, None);
}

#[tokio::test]
async fn a_watcher_of_what_has_ended_gets_all_and_the_end() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let agent = app.agent(&ada, "walker").await;
    let id = app.submission(&ada, &agent).await;
    record(&app, id, vec![noted("only")]).await;
    app.bare(
        Some(&ada),
        Method::POST,
        &format!("/api/v1/submissions/{id}/cancel"),
    )
    .await;
    let path = format!("/live/submissions/{id}");
    let mut socket = connect(&app, Some(&ada), &path, None).await.unwrap();
    assert_eq!(next(&mut socket).await.unwrap()["type"], "event");
    assert_eq!(
        next(&mut socket).await.unwrap()["submission"]["status"],
        "cancelled"
    );
    assert_eq!(next(&mut socket).await, None);
}

#[tokio::test]
async fn the_live_view_is_guarded_like_the_page() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let bea = app.person("bea", Role::User).await;
    let agent = app.agent(&ada, "walker").await;
    let id = app.submission(&ada, &agent).await;
    let path = format!("/live/submissions/{id}");
    assert_eq!(refusal(connect(&app, None, &path, None).await), 401);
    assert_eq!(refusal(connect(&app, Some(&bea), &path, None).await), 404);
    let foreign = Some("http://evil.example");
    assert_eq!(
        refusal(connect(&app, Some(&ada), &path, foreign).await),
        403
    );
    let query = format!("{path}?after=minus");
    assert_eq!(refusal(connect(&app, Some(&ada), &query, None).await), 422);
}

#[tokio::test]
async fn a_slow_watcher_is_told_what_it_missed_and_gets_it() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let agent = app.agent(&ada, "walker").await;
    let id = app.submission(&ada, &agent).await;
    let path = format!("/live/submissions/{id}");
    let mut socket = connect(&app, Some(&ada), &path, None).await.unwrap();
    assert_eq!(next(&mut socket).await.unwrap()["type"], "state");
    // More than the hub and the socket hold while nobody reads: big messages, many of them.
    let text = "x".repeat(32 * 1024);
    let events = record(&app, id, (0..900).map(|_| noted(&text)).collect()).await;
    for event in events {
        app.hub.publish(Arc::new(event));
    }
    let mut seen = 0;
    let mut missed = false;
    while seen < 900 {
        let told = next(&mut socket).await.expect("more to come");
        if told["type"] == "missed" {
            missed = true;
            assert_eq!(told["from"], seen + 1);
            assert_eq!(told["to"], 900);
        } else {
            seen += 1;
            assert_eq!(told["event"]["seq"], seen);
        }
    }
    assert!(missed, "the watcher was never behind");
    app.hub.publish_change(QueueChange {
        submission_id: id,
        status: SubmissionStatus::Running,
        outcome: None::<Outcome>,
    });
    assert_eq!(next(&mut socket).await.unwrap()["type"], "state");
    socket.send(Message::Close(None)).await.unwrap();
}
