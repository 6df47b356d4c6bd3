//! Pulling the plug on agents that other people run, in the middle of an episode: each ends in
//! the right outcome, and neither a claim nor a page nor a process is left.

use std::path::Path;
use std::time::{Duration, Instant};

use agentarena::domain::agent::{AgentConfig, CommandConfig, RemoteConfig, WebhookConfig};
use agentarena::domain::model_proxy::ModelProxyConfig;
use agentarena::domain::outcome::{Outcome, PlaygroundKind};
use nix::sys::signal::Signal;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::foreign::is_gone;
use crate::support::playing::{Playing, file, python};
use crate::support::process::{Running, agentarena, processes_of};
use crate::support::webhook::{Answer, WebhookServer};

/// How long an agent may think here; ample for a program to start on a busy machine.
const TURN_MS: u64 = 8_000;

const NOOP: &str = r#"{"action": "noop(0)"}"#;

fn impatient() -> RemoteConfig {
    RemoteConfig {
        turn_timeout_ms: TURN_MS,
        claim_timeout_ms: 60_000,
        ..RemoteConfig::default()
    }
}

async fn playing() -> Playing {
    Playing::start(PlaygroundKind::Real, |settings| {
        settings.outbound.allow_private = true;
        settings.agents.allow_commands = true;
    })
    .await
}

/// Nothing of an episode is left: no page is open.
async fn is_free(playing: &Playing) {
    let begun = Instant::now();
    let mut looks = tokio::time::interval(Duration::from_millis(50));
    while playing.app.playground_health().in_use > 0 {
        looks.tick().await;
        assert!(begun.elapsed() < Duration::from_secs(20), "a page is left");
    }
}

#[tokio::test]
async fn a_remote_agent_vanishes() {
    let mut playing = playing().await;
    let (agent, token) = playing.remote("far", impatient()).await;
    let submission = playing.submit(&agent, "shop-001").await;
    let base = format!("{}/api/v1/remote", playing.app.web_url());
    let http = reqwest::Client::new();
    let post = |path: String| http.post(format!("{base}{path}")).bearer_auth(&token);
    let claimed = post("/claim?wait=50".to_owned()).send().await.unwrap();
    let claimed: Value = claimed.json().await.unwrap();
    let episode = claimed["episode"].as_str().unwrap();
    let path = format!("/episodes/{episode}/turns/1?wait=50");
    let next = post(path).body(NOOP).send().await.unwrap();
    assert_eq!(next.json::<Value>().await.unwrap()["message"]["step"], 2);

    // From here on nothing is heard of it.
    let (outcome, stored) = playing.ended(submission).await;
    assert_eq!(outcome, Outcome::AgentError);
    let reason = stored.reason.unwrap();
    assert!(reason.contains("did not answer within 8000 ms"), "{reason}");
    let late = post(format!("/episodes/{episode}/turns/2"));
    let late = late.body(NOOP).send().await.unwrap();
    assert_eq!(late.status(), StatusCode::CONFLICT);
    let none = post("/claim".to_owned()).send().await.unwrap();
    assert_eq!(none.status(), StatusCode::NO_CONTENT, "no claim is left");
    is_free(&playing).await;
    playing.app.stop().await.unwrap();
}

#[tokio::test]
async fn an_mcp_client_vanishes() {
    let mut playing = playing().await;
    let (agent, token) = playing.remote("tools", impatient()).await;
    let url = playing.app.web_url();
    let binary = env!("CARGO_BIN_EXE_agentarena").to_owned();
    let stdio = [binary, "mcp".to_owned(), "--url".to_owned(), url.clone()];
    let http = [format!("{url}/mcp")];
    // Looking again costs nothing, and a browser may take its time to start.
    let observe = json!(["observe", {"wait_seconds": 50}]);
    let script = json!([observe, observe, observe, ["noop", {"wait_ms": 0}], "vanish"]);
    for target in [&http[..], &stdio[..]] {
        let submission = playing.submit(&agent, "shop-001").await;
        let ended = tokio::process::Command::new(python("venv"))
            .arg(file("tests/clients/mcp_player.py"))
            .args(["auto", &script.to_string()])
            .args(target)
            .env("TOKEN", &token)
            .kill_on_drop(true)
            .status();
        assert_eq!(ended.await.unwrap().code(), Some(9), "{target:?}");
        let (outcome, stored) = playing.ended(submission).await;
        assert_eq!(outcome, Outcome::AgentError, "{:?}", stored.reason);
        let claim = reqwest::Client::new().post(format!("{url}/api/v1/remote/claim"));
        let none = claim.bearer_auth(&token).send().await.unwrap();
        assert_eq!(none.status(), StatusCode::NO_CONTENT, "no claim is left");
        is_free(&playing).await;
    }
    playing.app.stop().await.unwrap();
}

#[tokio::test]
async fn a_webhook_goes_down_or_falls_silent() {
    let mut playing = playing().await;
    for (name, last, told) in [
        ("down", Answer::Cut, "broke off"),
        ("silent", Answer::Silence, "did not answer within 8000 ms"),
    ] {
        let server = WebhookServer::start([Answer::Reply(NOOP.to_owned())], last).await;
        let config = AgentConfig::Webhook(WebhookConfig {
            url: server.url.clone(),
            screenshots: false,
            turn_timeout_ms: TURN_MS,
            secret_number: 1,
            model_proxy: ModelProxyConfig::default(),
        });
        let agent = playing.agent(name, config).await;
        let submission = playing.submit(&agent, "shop-001").await;
        let (outcome, stored) = playing.ended(submission).await;
        assert_eq!(outcome, Outcome::AgentError, "{name}");
        let reason = stored.reason.unwrap();
        assert!(reason.contains(told), "{name}: {reason}");
        is_free(&playing).await;
    }
    playing.app.stop().await.unwrap();
}

/// A program that notes itself and a child, does one step, and then what the rest says.
fn program(note: &Path, rest: &str) -> Vec<String> {
    let note = note.display();
    let script = format!(
        "trap '' TERM HUP; sleep 600 & echo $! > {note}.part; echo $$ >> {note}.part; \
         mv {note}.part {note}; read -r turn; echo '{NOOP}'; read -r turn; {rest}"
    );
    ["bash", "-c", &script].map(str::to_owned).to_vec()
}

#[tokio::test]
async fn a_program_is_killed_or_falls_silent() {
    let mut playing = playing().await;
    for (name, rest, told) in [
        ("killed", "kill -9 $$", "signal: 9"),
        ("silent", "exec sleep 600", "did not answer within 8000 ms"),
    ] {
        let note = playing.dir.path().join(name);
        let config = AgentConfig::Command(CommandConfig {
            command: program(&note, rest),
            screenshots: false,
            turn_timeout_ms: TURN_MS,
            model_proxy: ModelProxyConfig::default(),
        });
        let agent = playing.agent(name, config).await;
        let submission = playing.submit(&agent, "shop-001").await;
        let (outcome, stored) = playing.ended(submission).await;
        assert_eq!(outcome, Outcome::AgentError, "{name}");
        let reason = stored.reason.unwrap();
        assert!(reason.contains(told), "{name}: {reason}");
        for pid in std::fs::read_to_string(&note).unwrap().lines() {
            is_gone(pid).await;
        }
        is_free(&playing).await;
    }
    playing.app.stop().await.unwrap();
}

#[tokio::test]
async fn the_arena_itself_is_killed_and_takes_the_program_along() {
    let dir = tempfile::tempdir().unwrap();
    let note = dir.path().join("note");
    let command = program(&note, "exec sleep 600");
    let command = shlex::try_join(command.iter().map(String::as_str)).unwrap();
    let arguments = ["run", "--agent-cmd", &command, "--agent-name", "mine"];
    let mut arena = agentarena(dir.path());
    let arena = Running::start(arena.args(arguments).args(["--task", "shop-001"]));
    let begun = Instant::now();
    let mut looks = tokio::time::interval(Duration::from_millis(20));
    while !note.exists() {
        looks.tick().await;
        assert!(begun.elapsed() < Duration::from_mins(2), "it never began");
    }
    arena.signal(Signal::SIGKILL);
    for pid in std::fs::read_to_string(&note).unwrap().lines() {
        is_gone(pid).await;
    }
    drop(arena);
    // The browser is ended by the next start, which also takes up what was interrupted.
    let next = agentarena(dir.path())
        .args(["run", "--agent", "null", "--task", "shop-001"])
        .output()
        .unwrap();
    assert!(next.status.code().is_some());
    assert_eq!(processes_of(dir.path()), Vec::new());
}
