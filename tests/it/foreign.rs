//! Agents that other people wrote: programs and webhooks, over real pipes and real HTTP, faults
//! included.

use std::path::Path;
use std::time::{Duration, Instant};

use agentarena::agents::foreign::command::Program;
use agentarena::agents::foreign::webhook::Webhook;
use agentarena::agents::foreign::{Channel, ForeignOptions, ForeignPolicy, MAX_REPLY_BYTES};
use agentarena::agents::{AgentFault, Decision, Policy, Turn};
use agentarena::domain::observation::{Node, Observation};
use agentarena::vault::webhook::SigningSecret;
use serde_json::{Value, json};

use crate::support::playing::file;
use crate::support::process::{agentarena, output, text};
use crate::support::webhook::{Answer, WebhookServer};

/// A reply that clicks the only element of the page.
pub const CLICK: &str =
    r#"{"tool": "click", "arguments": {"bid": "1"}, "reasoning": "the only one"}"#;

/// What the agents here are given.
pub fn options(seconds: u64) -> ForeignOptions {
    ForeignOptions {
        episode: "episode-1".to_owned(),
        screenshots: false,
        turn_timeout: Duration::from_secs(seconds),
    }
}

fn page() -> Observation {
    Observation {
        title: "Orders".to_owned(),
        nodes: vec![Node {
            bid: Some("1".to_owned()),
            role: "link".to_owned(),
            name: "The order of March".to_owned(),
            ..Node::default()
        }],
        ..Observation::default()
    }
}

async fn decide(policy: &mut ForeignPolicy) -> Result<Decision, AgentFault> {
    let page = page();
    let turn = Turn {
        step: 1,
        max_steps: 5,
        preamble: "Rules.",
        goal: "Open the order of March.",
        fields: &[],
        observation: &page,
        screenshot: None,
        history: &[],
    };
    policy.decide(turn).await
}

fn program(script: &str, seconds: u64) -> ForeignPolicy {
    let command = ["bash", "-c", script].map(str::to_owned);
    let way = Program::start(&command, &options(seconds)).unwrap();
    ForeignPolicy::new(Box::new(way), options(seconds))
}

fn webhook(url: &str, seconds: u64) -> ForeignPolicy {
    let secret = SigningSecret::new(b"secret".to_vec());
    let way = Webhook::new(url, secret, true, &options(seconds)).unwrap();
    ForeignPolicy::new(Box::new(way), options(seconds))
}

fn broken(decided: Result<Decision, AgentFault>) -> String {
    match decided {
        Err(AgentFault::Broken(why)) => why,
        other => panic!("not the agent's own fault: {other:?}"),
    }
}

fn is_alive(pid: &str) -> bool {
    let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // A zombie holds nothing; whoever inherits it collects it.
    !state.is_empty() && !state.contains(") Z ")
}

/// Waits until a process is gone.
pub async fn is_gone(pid: &str) {
    let begun = Instant::now();
    let mut looks = tokio::time::interval(Duration::from_millis(10));
    while is_alive(pid) {
        looks.tick().await;
        assert!(begun.elapsed() < Duration::from_secs(10), "{pid} lives on");
    }
}

#[tokio::test]
async fn a_program_decides_and_what_it_prints_besides_is_its_log() {
    let script = format!(
        "read -r turn; echo \"it is $(jq -r .goal <<<\"$turn\")\" >&2; echo loading; echo '{CLICK}'; \
         read -r end; jq -r .type <<<\"$end\" >&2"
    );
    let mut policy = program(&script, 20);
    let decision = decide(&mut policy).await.unwrap();
    assert_eq!(decision.action.to_string(), "click('1')");
    assert_eq!(decision.reasoning.as_deref(), Some("the only one"));
    assert!(decision.calls.is_empty());
    let log = policy.close().await.unwrap();
    for line in ["it is Open the order of March.", "loading", "end"] {
        assert!(log.lines().any(|found| found == line), "{line}: {log}");
    }
}

#[tokio::test]
async fn a_program_is_told_what_was_wrong_and_fails_after_three_replies() {
    let script = "while read -r turn; do jq -r '.error // \"none\"' <<<\"$turn\" >&2; \
                  echo '{\"action\": \"press it\"}'; done";
    let mut policy = program(script, 20);
    let Err(AgentFault::Unreadable { message, .. }) = decide(&mut policy).await else {
        panic!("a reply that is no action was taken");
    };
    assert!(message.contains("asked 3 times"), "{message}");
    let log = policy.close().await.unwrap();
    let told: Vec<&str> = log.lines().collect();
    assert_eq!(told[0], "none");
    assert!(
        told[1].contains("press") && told[2].contains("press"),
        "{log}"
    );
}

#[tokio::test]
async fn a_program_that_ends_says_how_and_with_which_words() {
    let mut policy = program("echo 'no module named x' >&2; exit 3", 20);
    let why = broken(decide(&mut policy).await);
    assert!(
        why.contains("exit status: 3") && why.contains("no module named x"),
        "{why}"
    );
    let mut silent = program("exec 1>&-; sleep 600", 20);
    assert!(broken(decide(&mut silent).await).contains("closed its output"));
}

#[tokio::test]
async fn a_program_that_is_silent_or_says_too_much_is_ended_with_all_that_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let pids = folder.path().join("pids");
    let note = pids.display();
    let script =
        format!("trap '' TERM; sleep 600 & echo $! > {note}; echo $$ >> {note}; wait; wait");
    let mut policy = program(&script, 1);
    let why = broken(decide(&mut policy).await);
    assert!(why.contains("did not answer within 1000 ms"), "{why}");
    policy.close().await;
    for pid in std::fs::read_to_string(&pids).unwrap().lines() {
        is_gone(pid).await;
    }

    let mut loud = program("head -c 1000000 /dev/zero | tr '\\0' 'x'; sleep 600", 20);
    let why = broken(decide(&mut loud).await);
    assert!(why.contains(&MAX_REPLY_BYTES.to_string()), "{why}");
    drop(loud);
}

#[tokio::test]
async fn a_program_ends_when_its_episode_is_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let note = folder.path().join("pid");
    let mut policy = program(
        &format!(
            "echo $$ > {}; read -r turn; echo '{CLICK}'; sleep 600",
            note.display()
        ),
        20,
    );
    decide(&mut policy).await.unwrap();
    drop(policy);
    is_gone(std::fs::read_to_string(&note).unwrap().trim()).await;
}

#[tokio::test]
async fn a_program_that_is_not_there_is_named() {
    let command = ["no-such-program".to_owned()];
    let error = Program::start(&command, &options(1)).err().unwrap();
    assert!(error.contains("no-such-program"), "{error}");
}

#[tokio::test]
async fn a_webhook_gets_signed_turns_and_the_end() {
    let server = WebhookServer::start([Answer::Reply(CLICK.to_owned())], Answer::Status(204)).await;
    let mut policy = webhook(&server.url, 20);
    let decision = decide(&mut policy).await.unwrap();
    assert_eq!(decision.action.to_string(), "click('1')");
    assert_eq!(policy.close().await, None);
    let seen = server.seen();
    let kinds: Vec<Value> = seen
        .iter()
        .map(|seen| serde_json::from_str::<Value>(&seen.body).unwrap()["type"].clone())
        .collect();
    assert_eq!(kinds, ["turn", "end"]);
    let secret = SigningSecret::new(b"secret".to_vec());
    for seen in &seen {
        let at = seen.headers["webhook-timestamp"].parse().unwrap();
        let signature = secret.sign(&seen.headers["webhook-id"], at, &seen.body);
        assert_eq!(seen.headers["webhook-signature"], signature);
    }
    let turn: Value = serde_json::from_str(&seen[0].body).unwrap();
    assert_eq!(turn["goal"], "Open the order of March.");
    assert_eq!(turn["observation"]["nodes"][0]["bid"], "1");
    assert!(turn["tree"].as_str().unwrap().contains("[1] link"));
    let actions = turn["actions"].as_array().unwrap();
    assert!(actions.iter().any(|action| action["name"] == "click"));
    assert!(turn.get("screenshot").is_none() && turn.get("last_action").is_none());
}

#[tokio::test]
async fn a_busy_webhook_is_asked_again_under_the_same_id() {
    let script = [
        Answer::Status(503),
        Answer::Cut,
        Answer::Reply(CLICK.to_owned()),
    ];
    let server = WebhookServer::start(script, Answer::Status(204)).await;
    decide(&mut webhook(&server.url, 20)).await.unwrap();
    let seen = server.seen();
    assert_eq!(seen.len(), 3);
    assert!(
        seen.iter()
            .all(|one| one.headers["webhook-id"] == seen[0].headers["webhook-id"])
    );
}

#[tokio::test]
async fn what_a_webhook_does_wrong_is_its_own_fault() {
    let long = "x".repeat(MAX_REPLY_BYTES + 1);
    for (answer, told) in [
        (Answer::Status(500), "500"),
        (Answer::Status(401), "401"),
        (Answer::Status(302), "302"),
        (Answer::Reply(long), "longer than"),
        (Answer::Silence, "did not answer within 1000 ms"),
        (Answer::Cut, "broke off"),
    ] {
        let server = WebhookServer::start([], answer).await;
        let why = broken(decide(&mut webhook(&server.url, 1)).await);
        assert!(why.contains(told), "{told}: {why}");
    }
}

#[tokio::test]
async fn only_a_webhook_that_never_saw_the_task_is_excused() {
    let server = WebhookServer::start([], Answer::Reply(CLICK.to_owned())).await;
    let mut reached = webhook(&server.url, 20);
    decide(&mut reached).await.unwrap();
    let url = server.stop().await;
    let why = broken(decide(&mut reached).await);
    assert!(why.contains("no connection"), "{why}");
    let Err(AgentFault::Unreachable(why)) = decide(&mut webhook(&url, 20)).await else {
        panic!("nobody listens at {url}");
    };
    assert!(why.contains("no connection"), "{why}");
}

#[test]
fn private_addresses_are_refused_unless_the_operator_allows_them() {
    let secret = || SigningSecret::new(b"secret".to_vec());
    let refused = Webhook::new("http://127.0.0.1:9000/turn", secret(), false, &options(1));
    assert!(refused.err().unwrap().contains("outbound.allow_private"));
    assert!(Webhook::new("ftp://example.com", secret(), true, &options(1)).is_err());
}

#[tokio::test]
async fn messages_are_one_line_each() {
    let command = [
        "bash",
        "-c",
        "read -r line; jq -c '{action: .type}' <<<\"$line\"",
    ];
    let mut way = Program::start(&command.map(str::to_owned), &options(20)).unwrap();
    let message = json!({"type": "noop()", "goal": "two\nlines"}).to_string();
    let reply = way.ask(&message).await.unwrap();
    assert_eq!(reply.trim(), r#"{"action":"noop()"}"#);
}

/// The path of an example.
pub fn example(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    folder.join(name).display().to_string()
}

#[test]
fn a_program_is_evaluated_in_a_real_browser_without_the_arenas_settings() {
    let dir = tempfile::tempdir().unwrap();
    let environment = dir.path().join("environment");
    let script = format!(
        "env > {}; python3 '{}'",
        environment.display(),
        example("command_agent.py")
    );
    let command = format!("bash -c \"{script}\"");
    let run = |command: &str| {
        agentarena(dir.path())
            .env("AGENTARENA__LOG__LEVEL", "warn")
            .env("MY_MODELS_KEY", "mine")
            .args(["run", "--agent-cmd", command, "--agent-name", "mine"])
            .args(["--task", "shop-001", "--json"])
            .output()
            .unwrap()
    };
    let done = run(&command);
    let rows: Value = serde_json::from_slice(&done.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", text(&done.stderr)));
    assert!(done.status.success(), "{rows}");
    assert!(rows[0]["steps"].as_u64().unwrap() >= 1, "{rows}");
    assert_eq!(rows[0]["costMicrousd"], Value::Null, "nobody metered it");
    let environment = std::fs::read_to_string(&environment).unwrap();
    assert!(environment.contains("MY_MODELS_KEY=mine"));
    assert!(!environment.contains("AGENTARENA_"), "{environment}");

    let crashed = run("bash -c 'read turn; echo gone >&2; exit 7'");
    let rows: Value = serde_json::from_slice(&crashed.stdout).unwrap();
    assert_eq!(rows[0]["outcome"], "agent_error");
    let reason = rows[0]["reason"].as_str().unwrap();
    assert!(
        reason.contains("exit status: 7") && reason.contains("gone"),
        "{reason}"
    );

    let listed = output(dir.path(), &["agents", "show", "mine", "--json"]);
    let agent: Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(
        agent["revision"], 2,
        "another command is another revision: {agent}"
    );
}

/// A process of ours that ends with the test.
struct Process(std::process::Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_webhook_is_evaluated_in_a_real_browser() {
    let dir = tempfile::tempdir().unwrap();
    let says = |arguments: &[&str]| {
        let done = output(dir.path(), arguments);
        assert!(
            done.status.success(),
            "{arguments:?}: {}",
            text(&done.stderr)
        );
        text(&done.stdout).trim().to_owned()
    };
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|free| free.local_addr())
        .unwrap()
        .port();
    let user = "ada@example.org";
    std::fs::write(dir.path().join("password"), "correct horse battery staple").unwrap();
    let added = agentarena(dir.path())
        .args(["users", "add", "--email", user, "--username", "ada"])
        .stdin(std::fs::File::open(dir.path().join("password")).unwrap())
        .output()
        .unwrap();
    assert!(added.status.success(), "{}", text(&added.stderr));
    let settings = json!({"kind": "webhook", "url": format!("http://127.0.0.1:{port}/turn")});
    let settings = settings.to_string();
    says(&[
        "agents",
        "add",
        "hook",
        "--user",
        user,
        "--settings",
        &settings,
    ]);
    let secret = says(&["agents", "secret", "hook"]);
    assert!(secret.starts_with("whsec_"), "{secret}");
    let run = || {
        let done = agentarena(dir.path())
            .env("AGENTARENA__OUTBOUND__ALLOW_PRIVATE", "true")
            .env("AGENTARENA__JOBS__INFRA_RETRIES", "0")
            .args(["run", "--agent", "hook", "--task", "shop-001", "--json"])
            .output()
            .unwrap();
        let rows: Value = serde_json::from_slice(&done.stdout)
            .unwrap_or_else(|error| panic!("{error}: {}", text(&done.stderr)));
        rows[0].clone()
    };
    let missing = run();
    assert_eq!(missing["outcome"], "infra_error", "{missing}");
    let reason = missing["reason"].as_str().unwrap();
    assert!(reason.contains("could not be reached"), "{reason}");

    for (program, path) in [
        ("node", "target/clients/ts/webhook_agent.js"),
        ("python3", "examples/webhook_agent.py"),
    ] {
        let server = listening(program, path, port, &secret);
        let url = format!("http://127.0.0.1:{port}/turn");
        says(&["agents", "check", "--url", &url, "--secret", &secret]);
        let forged = output(dir.path(), &["agents", "check", "--url", &url]);
        assert!(
            text(&forged.stdout).contains("401"),
            "{}",
            text(&forged.stdout)
        );
        let done = run();
        assert_eq!(done["outcome"], "failed", "it answers with a title: {done}");
        assert_eq!(done["steps"], 1, "{done}");
        drop(server);
    }
}

/// An example that listens on a port.
fn listening(program: &str, path: &str, port: u16, secret: &str) -> Process {
    let server = std::process::Command::new(program)
        .arg(file(path))
        .arg(port.to_string())
        .env("SECRET", secret)
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(
            begun.elapsed() < Duration::from_mins(1),
            "{path} does not listen"
        );
        std::thread::yield_now();
    }
    Process(server)
}
