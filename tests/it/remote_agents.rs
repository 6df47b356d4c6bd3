//! Agents that call us: claimed, answered and lost over real HTTP.

use std::time::Duration;

use agentarena::agents::foreign::remote::{Remote, RemoteTimes};
use agentarena::agents::foreign::{Channel as _, ChannelError, ForeignOptions};
use agentarena::arena;
use agentarena::domain::agent::RemoteConfig;
use agentarena::domain::ids::AgentId;
use agentarena::domain::outcome::{Outcome, PlaygroundKind};
use agentarena::domain::user::Role;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;

use crate::support::app::{Answer, Person, TestApp, send};
use crate::support::playing::{Playing, file};

const TURN: &str = r#"{"type":"turn","step":1}"#;
const ACTION: &str = r#"{"action":"noop()"}"#;

/// An application with a remote agent and its token.
pub struct Meeting {
    pub app: TestApp,
    ada: Person,
    agent: String,
    pub token: String,
}

impl Meeting {
    /// Starts it.
    pub async fn begin() -> Self {
        let app = TestApp::start().await;
        let ada = app.person("ada", Role::User).await;
        let attributes = json!({"name": "far away", "configuration": {"kind": "remote"}});
        let made = app
            .post(Some(&ada), "/api/v1/agents", "agent", attributes)
            .await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let agent = made.id();
        let token = secret(&app, &ada, &agent).await;
        Self {
            app,
            ada,
            agent,
            token,
        }
    }

    /// The arena's side of an episode.
    pub fn seat(&self, episode: &str, claim_ms: u64, heartbeat_ms: Option<u64>) -> Remote {
        let times = RemoteTimes {
            claim: Duration::from_millis(claim_ms),
            heartbeat: heartbeat_ms.map(Duration::from_millis),
        };
        let options = ForeignOptions {
            episode: episode.to_owned(),
            screenshots: false,
            turn_timeout: Duration::from_secs(20),
        };
        let id: AgentId = self.agent.parse().unwrap();
        self.app.remote.seat(id, times, &options)
    }

    async fn call(&self, method: Method, path: &str, body: Option<&str>) -> Answer {
        let request = self.app.request(method, &format!("/api/v1/remote{path}"));
        let request = request.bearer_auth(&self.token);
        send(match body {
            Some(body) => request.body(body.to_owned()),
            None => request,
        })
        .await
    }
}

async fn secret(app: &TestApp, owner: &Person, agent: &str) -> String {
    let path = format!("/api/v1/agents/{agent}/secret");
    let answer = app.get(Some(owner), &path).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()["data"]["attributes"]["secret"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test]
async fn a_turn_is_claimed_answered_and_followed_by_the_next() {
    let meeting = Meeting::begin().await;
    let mut seat = meeting.seat("e1", 20_000, None);
    let arena = tokio::spawn(async move {
        let first = seat.ask(TURN).await.unwrap();
        let second = seat.ask(r#"{"type":"turn","step":2}"#).await.unwrap();
        seat.close(r#"{"type":"end"}"#).await;
        (first, second)
    });
    let claimed = meeting.call(Method::POST, "/claim?wait=10", None).await;
    let claimed = claimed.json();
    assert_eq!(
        (&claimed["episode"], &claimed["turn"]),
        (&json!("e1"), &json!(1))
    );
    assert_eq!(claimed["message"]["step"], 1);
    let next = meeting
        .call(Method::POST, "/episodes/e1/turns/1?wait=10", Some(ACTION))
        .await;
    assert_eq!(next.json()["message"]["step"], 2);
    // A repeat of what was answered is refused, and the open turn can be fetched again.
    let again = meeting
        .call(Method::POST, "/episodes/e1/turns/1", Some(ACTION))
        .await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(
        again.error().2.contains("the newest is 2"),
        "{}",
        again.text
    );
    let fetched = meeting
        .call(Method::GET, "/episodes/e1?after=1", None)
        .await;
    assert_eq!(fetched.json()["turn"], 2);
    let end = meeting
        .call(Method::POST, "/episodes/e1/turns/2?wait=10", Some("{}"))
        .await;
    assert_eq!(end.json()["message"]["type"], "end");
    assert_eq!(arena.await.unwrap(), (ACTION.to_owned(), "{}".to_owned()));
    let none = meeting.call(Method::POST, "/claim", None).await;
    assert_eq!(none.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_worker_that_lost_the_answer_gets_its_turn_again_and_no_other_does() {
    let meeting = Meeting::begin().await;
    let mut seat = meeting.seat("e1", 20_000, None);
    let arena = tokio::spawn(async move { seat.ask(TURN).await });
    let first = meeting
        .call(Method::POST, "/claim?wait=10&worker=a", None)
        .await;
    let again = meeting.call(Method::POST, "/claim?worker=a", None).await;
    assert_eq!(first.json(), again.json());
    for other in ["/claim?worker=b", "/claim"] {
        let other = meeting.call(Method::POST, other, None).await;
        assert_eq!(other.status, StatusCode::NO_CONTENT);
    }
    arena.abort();
}

/// A connection on which a worker waits for an episode; it is gone when this is dropped.
async fn waiting(meeting: &Meeting, path: &str, body: &str) -> tokio::net::TcpStream {
    let address = meeting.app.address.strip_prefix("http://").unwrap();
    let mut connection = tokio::net::TcpStream::connect(address).await.unwrap();
    // As Python's `urllib` asks.
    let request = format!(
        "POST {path} HTTP/1.1\r\nAccept-Encoding: identity\r\nContent-Length: {}\r\n\
         Host: {address}\r\nUser-Agent: test\r\nContent-Type: application/json\r\n\
         Accept: application/json, text/event-stream\r\n\
         Authorization: Bearer {}\r\nConnection: close\r\n\r\n{body}",
        body.len(),
        meeting.token
    );
    connection.write_all(request.as_bytes()).await.unwrap();
    let id: AgentId = meeting.agent.parse().unwrap();
    while meeting.app.remote.waiting(id) == 0 {
        tokio::task::yield_now().await;
    }
    connection
}

/// Lets workers wait and go, one after the other: each time one that lives gets the next episode.
async fn nothing_goes_to_the_dead(path: &str, body: &str) {
    let meeting = Meeting::begin().await;
    let id: AgentId = meeting.agent.parse().unwrap();
    for episode in ["e1", "e2", "e3"] {
        drop(waiting(&meeting, path, body).await);
        while meeting.app.remote.waiting(id) > 0 {
            tokio::task::yield_now().await;
        }
        let mut seat = meeting.seat(episode, 20_000, None);
        let arena = tokio::spawn(async move { seat.ask(TURN).await });
        let claimed = meeting
            .call(Method::POST, "/claim?wait=10&worker=alive", None)
            .await;
        assert_eq!(claimed.json()["episode"], episode, "{}", claimed.text);
        let path = format!("/episodes/{episode}/turns/1");
        meeting.call(Method::POST, &path, Some(ACTION)).await;
        assert_eq!(arena.await.unwrap(), Ok(ACTION.to_owned()));
    }
}

#[tokio::test]
async fn a_worker_that_is_gone_is_given_no_episode() {
    nothing_goes_to_the_dead("/api/v1/remote/claim?wait=30&worker=dead", "").await;
}

#[tokio::test]
async fn an_mcp_client_that_is_gone_is_given_no_episode() {
    let observe = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {"name": "observe", "arguments": {"wait_seconds": 40}}});
    nothing_goes_to_the_dead("/mcp?worker=dead", &observe.to_string()).await;
}

#[tokio::test]
async fn a_silent_claim_goes_once_to_a_worker_that_waits() {
    let meeting = Meeting::begin().await;
    let mut seat = meeting.seat("e1", 20_000, Some(1_000));
    let arena = tokio::spawn(async move { seat.ask(TURN).await });
    let lost = meeting.call(Method::POST, "/claim?wait=10&worker=lost", None);
    assert_eq!(lost.await.status, StatusCode::OK);
    let taken = meeting.call(Method::POST, "/claim?wait=10&worker=next", None);
    assert_eq!(taken.await.json()["turn"], 1);
    // It is not taken from the second, who has gone as silent.
    let third = meeting.call(Method::POST, "/claim?wait=2&worker=third", None);
    assert_eq!(third.await.status, StatusCode::NO_CONTENT);
    assert!(matches!(
        arena.await.unwrap(),
        Err(ChannelError::Broken(why)) if why.contains("no sign of life")
    ));
}

#[tokio::test]
async fn whoever_never_came_is_excused_and_whoever_left_is_not() {
    let meeting = Meeting::begin().await;
    let missed = meeting.seat("e1", 50, None).ask(TURN).await;
    let Err(ChannelError::Unreachable(why)) = missed else {
        panic!("nobody was there: {missed:?}");
    };
    assert!(why.contains("no agent claimed"), "{why}");

    let mut seat = meeting.seat("e2", 20_000, Some(300));
    let arena = tokio::spawn(async move { seat.ask(TURN).await });
    meeting.call(Method::POST, "/claim?wait=10", None).await;
    let alive = meeting
        .call(Method::POST, "/episodes/e2/heartbeat", None)
        .await;
    assert_eq!(alive.status, StatusCode::NO_CONTENT);
    let left = arena.await.unwrap();
    let Err(ChannelError::Broken(why)) = left else {
        panic!("it left: {left:?}");
    };
    assert!(why.contains("no sign of life for 300 ms"), "{why}");
    // The seat was dropped: the agent is told that it is over.
    let over = meeting
        .call(Method::GET, "/episodes/e2?after=1", None)
        .await;
    assert_eq!(over.json()["message"]["type"], "end");
}

#[tokio::test]
async fn a_token_opens_its_own_agents_episodes_and_nothing_else() {
    let meeting = Meeting::begin().await;
    let (app, ada) = (&meeting.app, &meeting.ada);
    let bea = app.person("bea", Role::User).await;
    let admin = app.person("admin", Role::SuperAdmin).await;
    let path = format!("/api/v1/agents/{}/secret", meeting.agent);
    for (person, status) in [(&bea, 404), (&admin, 403)] {
        let refused = app.get(Some(person), &path).await;
        assert_eq!(refused.status.as_u16(), status, "{}", refused.text);
    }
    let builtin = app.agent(ada, "walker").await;
    let none = app
        .get(Some(ada), &format!("/api/v1/agents/{builtin}/secret"))
        .await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);

    for path in ["/api/v1/agents", "/api/v1/submissions", "/api/v1/tasks"] {
        let asked = send(app.request(Method::GET, path).bearer_auth(&meeting.token)).await;
        assert_eq!(asked.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    let claim = |token: String| {
        send(
            app.request(Method::POST, "/api/v1/remote/claim")
                .bearer_auth(token),
        )
    };
    let session = ada.session.access_token.clone();
    let mut forged = meeting.token.clone();
    forged.pop();
    forged.push(if meeting.token.ends_with('0') {
        '1'
    } else {
        '0'
    });
    for token in [session, forged, "aat_x_y".to_owned()] {
        assert_eq!(claim(token).await.status, StatusCode::UNAUTHORIZED);
    }
    // Another agent's episode is not there.
    let attributes = json!({"name": "nearer", "configuration": {"kind": "remote"}});
    let other = app
        .post(Some(&bea), "/api/v1/agents", "agent", attributes)
        .await
        .id();
    let other_token = secret(app, &bea, &other).await;
    let mut seat = meeting.seat("e1", 20_000, None);
    let arena = tokio::spawn(async move { seat.ask(TURN).await });
    meeting.call(Method::POST, "/claim?wait=10", None).await;
    let stolen = app.request(Method::GET, "/api/v1/remote/episodes/e1");
    assert_eq!(
        send(stolen.bearer_auth(other_token)).await.status,
        StatusCode::NOT_FOUND
    );
    arena.abort();

    // Another number makes another token, and ends the old one.
    let config = json!({"configuration": {"kind": "remote", "secretNumber": 2}});
    let agent_path = format!("/api/v1/agents/{}", meeting.agent);
    let changed = app
        .send(Some(ada), Method::PATCH, &agent_path, "agent", config)
        .await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
    assert_eq!(
        claim(meeting.token.clone()).await.status,
        StatusCode::UNAUTHORIZED
    );
    let renewed = secret(app, ada, &meeting.agent).await;
    assert_eq!(claim(renewed).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn the_remote_examples_are_evaluated() {
    let mut playing = Playing::start(PlaygroundKind::Mock, |_| {}).await;
    for (program, path) in [
        ("python3", "examples/remote_agent.py"),
        ("bash", "examples/remote_agent.sh"),
        ("node", "target/clients/ts/remote_agent.js"),
    ] {
        let name = path.rsplit('/').next().unwrap();
        let source = file(&format!("examples/{}", name.replace(".js", ".ts")));
        let lines = std::fs::read_to_string(source).unwrap().lines().count();
        assert!(lines <= 40, "{name} has {lines} lines");
        let (agent, token) = playing.remote(name, RemoteConfig::default()).await;
        let mut process = tokio::process::Command::new(program)
            .arg(file(path))
            .arg(playing.app.web_url())
            .env("TOKEN", token)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let submission = playing.submit(&agent, "shop-001").await;
        let (outcome, stored) = playing.ended(submission).await;
        assert_eq!(outcome, Outcome::Failed, "{name} answers with a title");
        assert_eq!(stored.cost_microusd, None, "nobody metered it");
        process.kill().await.unwrap();
    }
    playing.app.stop().await.unwrap();
}

#[test]
fn a_remote_agents_settings_are_checked() {
    let read = |value: Value| arena::agent_config::read_config(value).unwrap();
    let config = read(json!({"kind": "remote", "claimTimeoutMs": 1, "heartbeatTimeoutMs": 5}));
    let faults = arena::agent_config::check_config(&config);
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(
        fields,
        [
            "configuration.claimTimeoutMs",
            "configuration.heartbeatTimeoutMs"
        ]
    );
}
