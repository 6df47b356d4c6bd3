//! MCP: the arena as a server of tools, for clients as they are, over HTTP and over standard
//! input and output.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use agentarena::agents::foreign::Channel as _;
use agentarena::domain::agent::RemoteConfig;
use agentarena::domain::outcome::{Outcome, PlaygroundKind};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::remote_agents::Meeting;
use crate::support::app::{Answer, send};
use crate::support::playing::{Playing, file, python};
use crate::support::process::{agentarena, output, text};

const TURN: &str = r#"{"type":"turn","step":1,"max_steps":9,"goal":"Go.","fields":[],
    "instructions":"Rules.","tree":"RootWebArea","observation":{}}"#;

/// A request as clients before 2026 send it.
async fn ask(meeting: &Meeting, path: &str, method: &str, params: Value) -> Answer {
    let body = json!({"jsonrpc": "2.0", "id": 1, "method": method, "params": params});
    let request = meeting
        .app
        .request(Method::POST, path)
        .bearer_auth(&meeting.token)
        .header("accept", "application/json, text/event-stream")
        .header("mcp-protocol-version", "2025-11-25")
        .json(&body);
    send(request).await
}

async fn call(meeting: &Meeting, tool: &str, arguments: Value) -> Value {
    let params = json!({"name": tool, "arguments": arguments});
    let answer = ask(meeting, "/mcp?worker=a", "tools/call", params).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let result = result_of(&answer);
    assert_eq!(result["content"][0]["type"], "text", "{result}");
    result
}

/// The result, whether it came as JSON or as an event.
fn result_of(answer: &Answer) -> Value {
    let text = answer
        .text
        .lines()
        .find_map(|line| line.strip_prefix("data: "));
    let message: Value = serde_json::from_str(text.unwrap_or(&answer.text))
        .unwrap_or_else(|error| panic!("{error}: {}", answer.text));
    assert!(message["result"].is_object(), "{message}");
    message["result"].clone()
}

fn text_of(result: &Value) -> &str {
    result["content"][0]["text"].as_str().unwrap()
}

#[tokio::test]
async fn only_an_agent_with_its_token_and_no_page_of_another_site_comes_in() {
    let meeting = Meeting::begin().await;
    let request = || meeting.app.request(Method::POST, "/mcp");
    let nobody = send(request()).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    assert_eq!(nobody.error().0, "UNAUTHENTICATED");
    assert_eq!(nobody.headers["www-authenticate"], "Bearer");
    let forged = send(request().bearer_auth("aat_x_y")).await;
    assert_eq!(forged.status, StatusCode::UNAUTHORIZED);
    for (name, value) in [
        ("host", "evil.example"),
        ("origin", "http://evil.example"),
        ("origin", "null"),
    ] {
        let foreign = request().bearer_auth(&meeting.token).header(name, value);
        let foreign = send(foreign).await;
        assert_eq!(foreign.status, StatusCode::FORBIDDEN, "{name}: {value}");
    }
    let get = meeting.app.request(Method::GET, "/mcp");
    let get = send(get.bearer_auth(&meeting.token)).await;
    assert_eq!(get.status, StatusCode::METHOD_NOT_ALLOWED);
    let strange = ask(&meeting, "/mcp?workers=a", "ping", json!({})).await;
    assert_eq!(strange.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_body_that_is_no_message_is_answered_in_json_rpcs_terms() {
    let meeting = Meeting::begin().await;
    for (body, code) in [("{", -32700), ("", -32700), ("[]", -32600), ("3", -32600)] {
        let request = meeting.app.request(Method::POST, "/mcp");
        let request = request
            .bearer_auth(&meeting.token)
            .header("accept", "application/json, text/event-stream")
            .header("content-type", "application/json")
            .body(body);
        let answer = send(request).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.text);
        let answer = answer.json();
        assert_eq!(
            (&answer["error"]["code"], &answer["id"]),
            (&json!(code), &Value::Null)
        );
    }
}

#[tokio::test]
async fn what_goes_wrong_is_a_result_for_the_model() {
    let meeting = Meeting::begin().await;
    let early = call(&meeting, "click", json!({"bid": "1"})).await;
    assert_eq!(early["isError"], true);
    assert!(text_of(&early).contains("call `observe`"), "{early}");
    let wrong = call(&meeting, "observe", json!({"wait_seconds": 99})).await;
    assert!(text_of(&wrong).contains("0 to 50"), "{wrong}");
    let none = call(&meeting, "observe", json!({"wait_seconds": 0})).await;
    assert_eq!(none["isError"], false);
    assert!(text_of(&none).contains("No task waits"), "{none}");

    let mut seat = meeting.seat("e1", 20_000, None);
    let arena = tokio::spawn(async move {
        let mut replies = vec![seat.ask(TURN).await.unwrap()];
        let failed = TURN.replace(
            "\"observation\"",
            r#""last_action":{"action":"click('9')","ok":false,"message":"no [9]"},"observation""#,
        );
        replies.push(seat.ask(&failed).await.unwrap());
        let unread = TURN.replace("\"observation\"", r#""error":"no such","observation""#);
        replies.push(seat.ask(&unread).await.unwrap());
        seat.close(r#"{"type":"end"}"#).await;
        replies
    });
    let shown = call(&meeting, "observe", json!({})).await;
    assert_eq!(shown["isError"], false, "{shown}");
    for part in ["The goal: Go.", "Rules.", "Step 1 of 9", "RootWebArea"] {
        assert!(text_of(&shown).contains(part), "{part}: {shown}");
    }
    let again = call(&meeting, "observe", json!({})).await;
    assert_eq!(again["content"], shown["content"], "looking costs nothing");
    let other = ask(
        &meeting,
        "/mcp?worker=b",
        "tools/call",
        json!({
            "name": "observe", "arguments": {"wait_seconds": 0},
        }),
    );
    assert!(text_of(&result_of(&other.await)).contains("No task waits"));

    let failed = call(&meeting, "click", json!({"bid": "9"})).await;
    assert_eq!(failed["isError"], true);
    assert!(
        text_of(&failed).contains("click('9') failed: no [9]"),
        "{failed}"
    );
    let unread = call(&meeting, "clack", json!({})).await;
    assert_eq!(unread["isError"], true);
    assert!(text_of(&unread).contains("That was no action: no such"));
    let over = call(&meeting, "finish", json!({"answer": "42"})).await;
    assert_eq!(over["_meta"]["agentarena/standing"]["over"], true, "{over}");
    let late = call(&meeting, "noop", json!({})).await;
    assert_eq!(late["isError"], true);
    assert!(text_of(&late).contains("the task is over"), "{late}");

    let replies = arena.await.unwrap();
    let replies: Vec<Value> = replies
        .iter()
        .map(|reply| serde_json::from_str(reply).unwrap())
        .collect();
    assert_eq!(
        replies[0],
        json!({"tool": "click", "arguments": {"bid": "9"}})
    );
    assert_eq!(replies[1]["tool"], "clack");
    let answer = json!({"tool": "send_msg_to_user", "arguments": {"text": "42"}});
    assert_eq!(replies[2], answer);
}

#[tokio::test]
async fn one_action_at_a_time_and_a_lost_result_is_shown_again() {
    let meeting = Meeting::begin().await;
    let mut seat = meeting.seat("e1", 20_000, None);
    let (go, gone) = tokio::sync::oneshot::channel::<()>();
    let arena = tokio::spawn(async move {
        seat.ask(TURN).await.unwrap();
        gone.await.unwrap();
        let next = TURN.replace("\"step\":1", "\"step\":2");
        seat.ask(&next).await.unwrap()
    });
    call(&meeting, "observe", json!({})).await;
    // Nobody reads the result of this one: its connection breaks.
    let lost = tokio::time::timeout(
        Duration::from_millis(300),
        call(&meeting, "click", json!({"bid": "1"})),
    );
    assert!(lost.await.is_err(), "the arena has not gone on yet");
    let second = call(&meeting, "click", json!({"bid": "2"})).await;
    assert_eq!(second["isError"], true);
    assert!(
        text_of(&second).contains("one action at a time"),
        "{second}"
    );
    go.send(()).unwrap();
    let shown = call(&meeting, "observe", json!({})).await;
    assert!(text_of(&shown).contains("Step 2 of 9"), "{shown}");
    arena.abort();
}

#[tokio::test]
async fn whoever_waits_long_hears_that_the_answer_still_comes() {
    let meeting = Meeting::begin().await;
    let params = json!({"name": "observe", "arguments": {"wait_seconds": 5}});
    let answer = ask(&meeting, "/mcp", "tools/call", params).await;
    assert_eq!(answer.headers["content-type"], "text/event-stream");
    assert!(answer.text.starts_with(":\n\n"), "{}", answer.text);
    assert!(text_of(&result_of(&answer)).contains("No task waits"));
}

/// The steps that solve `shop-001`, with one that fails on the way.
fn solution() -> Value {
    json!([
        ["observe", {"wait_seconds": 50}],
        ["click", {"bid": "99999"}],
        ["fill", {"bid": "{searchbox \"Search the shop\"}", "value": "Kelda Umber S22 Saucepan"}],
        ["click", {"bid": "{button \"Search\"}"}],
        ["click", {"bid": "{link \"Kelda Umber S22 Saucepan\"}"}],
        ["finish", {"answer": "144.40 USD"}],
        ["observe", {"wait_seconds": 0}],
    ])
}

#[tokio::test]
async fn the_official_python_client_plays_tasks_to_their_end_in_a_real_browser() {
    let mut playing = Playing::start(PlaygroundKind::Real, |_| {}).await;
    let config = RemoteConfig {
        screenshots: true,
        ..RemoteConfig::default()
    };
    let (agent, token) = playing.remote("tools", config).await;
    let url = playing.app.web_url();
    let binary = env!("CARGO_BIN_EXE_agentarena").to_owned();
    let stdio = [binary, "mcp".to_owned(), "--url".to_owned(), url.clone()];
    let http = [format!("{url}/mcp")];
    for (mode, target, protocol) in [
        ("auto", &http[..], "2026-07-28"),
        ("legacy", &http[..], "2025-11-25"),
        ("auto", &stdio[..], "2026-07-28"),
        ("legacy", &stdio[..], "2025-11-25"),
    ] {
        let submission = playing.submit(&agent, "shop-001").await;
        let player = tokio::process::Command::new(python("venv"))
            .arg(file("tests/clients/mcp_player.py"))
            .args([mode, &solution().to_string()])
            .args(target)
            .env("TOKEN", &token)
            .current_dir(playing.dir.path())
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output();
        let played = tokio::time::timeout(Duration::from_mins(2), player).await;
        let played = played.expect("it plays in time").unwrap();
        let said = String::from_utf8_lossy(&played.stderr).into_owned();
        assert!(played.status.success(), "{mode} {target:?}: {said}");
        let report: Value = serde_json::from_slice(&played.stdout).unwrap();
        assert_eq!(report["protocol"], protocol, "{mode} {target:?}");
        assert!(report["tools"].as_array().unwrap().len() > 30, "{report}");
        assert!(
            report["instructions"]
                .as_str()
                .unwrap()
                .contains("`observe`")
        );
        let calls = report["calls"].as_array().unwrap();
        assert_eq!(calls[0]["kinds"], json!(["text", "image"]), "{said}");
        assert!(
            calls[0]["text"]
                .as_str()
                .unwrap()
                .contains("Just the price")
        );
        let failed: Vec<bool> = calls.iter().map(|call| call["isError"] == true).collect();
        assert_eq!(
            failed,
            [false, true, false, false, false, false, false],
            "{said}"
        );
        assert_eq!(calls[5]["standing"]["over"], true, "{said}");
        assert!(calls[6]["text"].as_str().unwrap().contains("No task waits"));

        let (outcome, stored) = playing.ended(submission).await;
        assert_eq!(outcome, Outcome::Passed, "{mode} {target:?}: {said}");
        assert_eq!(stored.cost_microusd, None, "nobody metered it");
    }
    the_example_is_evaluated(&mut playing, &http[0]).await;
    playing.app.stop().await.unwrap();
}

#[tokio::test]
async fn no_token_is_in_what_an_arena_logs_and_keeps() {
    let dir = tempfile::tempdir().unwrap();
    let token = token_of_a_new_agent(dir.path());
    let log = dir.path().join("log");
    let mut arena = tokio::process::Command::from(agentarena(dir.path()))
        .args([
            "--log-level",
            "trace",
            "serve",
            "--port",
            "0",
            "--sites-port",
            "0",
        ])
        .env("AGENTARENA__PLAYGROUND__KIND", "mock")
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(&log).unwrap())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(arena.stdout.take().unwrap()).lines();
    let url = loop {
        let line = lines.next_line().await.unwrap().expect("its address");
        let from = line.find("http://127.0.0.1:");
        if let Some(from) = from {
            let url = line[from..].split_whitespace().next().unwrap();
            break url.split("/first-admin").next().unwrap().to_owned();
        }
    };
    let http = vec![format!("{url}/mcp")];
    let mut stdio = vec![env!("CARGO_BIN_EXE_agentarena").to_owned()];
    stdio.extend(["--log-level", "trace", "mcp", "--url", &url].map(str::to_owned));
    let script = json!([["observe", {"wait_seconds": 3}], ["noop", {}]]).to_string();
    for target in [http, stdio] {
        let played = tokio::process::Command::new(python("venv"))
            .arg(file("tests/clients/mcp_player.py"))
            .args(["auto", &script])
            .args(&target)
            .env("TOKEN", &token)
            .current_dir(dir.path())
            .output();
        let played = played.await.unwrap();
        let said = text(&played.stderr);
        assert!(played.status.success(), "{said}");
        assert!(!said.contains(&token), "{target:?}");
    }
    arena.kill().await.unwrap();
    let logged = std::fs::read_to_string(&log).unwrap();
    assert!(logged.contains("/mcp"), "it logged nothing: {logged}");
    assert!(!logged.contains(&token));
    assert!(
        holds_none(&dir.path().join("data"), &token) > 1,
        "there is a database"
    );
}

/// An agent of the kind `remote`, made by the command line.
fn token_of_a_new_agent(dir: &Path) -> String {
    let says = |arguments: &[&str]| {
        let done = output(dir, arguments);
        assert!(done.status.success(), "{}", text(&done.stderr));
        text(&done.stdout).trim().to_owned()
    };
    std::fs::write(dir.join("password"), "correct horse battery staple").unwrap();
    let added = agentarena(dir)
        .args([
            "users",
            "add",
            "--email",
            "ada@example.org",
            "--username",
            "ada",
        ])
        .stdin(std::fs::File::open(dir.join("password")).unwrap())
        .output()
        .unwrap();
    assert!(added.status.success(), "{}", text(&added.stderr));
    let settings = r#"{"kind": "remote"}"#;
    says(&[
        "agents",
        "add",
        "far",
        "--user",
        "ada@example.org",
        "--settings",
        settings,
    ]);
    says(&["agents", "secret", "far"])
}

/// Whether no file of a folder holds the text; how many files it has.
fn holds_none(folder: &Path, secret: &str) -> usize {
    let entries = std::fs::read_dir(folder).unwrap().map(Result::unwrap);
    let counts = entries.map(|entry| {
        if entry.file_type().unwrap().is_dir() {
            return holds_none(&entry.path(), secret);
        }
        let bytes = std::fs::read(entry.path()).unwrap();
        let mut parts = bytes.windows(secret.len());
        let holds = parts.any(|part| part == secret.as_bytes());
        assert!(!holds, "{}", entry.path().display());
        1
    });
    counts.sum()
}

async fn the_example_is_evaluated(playing: &mut Playing, url: &str) {
    let source = std::fs::read_to_string(file("examples/mcp_agent.py")).unwrap();
    assert!(source.lines().count() <= 40);
    let (agent, token) = playing.remote("example", RemoteConfig::default()).await;
    let mut example = tokio::process::Command::new(python("venv"))
        .arg(file("examples/mcp_agent.py"))
        .arg(url)
        .env("TOKEN", token)
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let submission = playing.submit(&agent, "shop-001").await;
    let (outcome, _) = playing.ended(submission).await;
    assert_eq!(outcome, Outcome::Failed, "it answers with a title");
    example.kill().await.unwrap();
}
