//! Running a recorded episode again, in a real browser and with the binary: it comes out the same;
//! and when one thing is changed, that thing is named, with its cause.

use std::path::{Path, PathBuf};
use std::time::Duration;

use agentarena::app::Application;
use agentarena::arena::agents::AgentInput;
use agentarena::arena::provider_keys::NewProviderKey;
use agentarena::arena::submit::Submit;
use agentarena::arena::{agent_config, agents, provider_keys};
use agentarena::auth::{NewAccount, Principal};
use agentarena::config::Settings;
use agentarena::domain::agent::AgentConfig;
use agentarena::domain::agent::Provider as Interface;
use agentarena::domain::budget::SubmissionBudget;
use agentarena::domain::ids::{AgentId, SubmissionId};
use agentarena::domain::outcome::Outcome;
use agentarena::domain::task::{EvaluatorSpec, Task};
use agentarena::domain::user::Role;
use agentarena::playground::hub::Delivery;
use agentarena::store::{self, artifacts::sha256_hex};
use rusqlite::{Connection, params};
use serde_json::{Value, json};

use crate::support::process::{output, text};
use crate::support::provider::{Answer, Provider};

/// The agent's key at the provider; must be nowhere.
const KEY: &str = "sk-reproduce-4711-canary-9f8e7d6c";

/// An arena that has run some episodes.
struct Ran {
    dir: tempfile::TempDir,
}

impl Ran {
    fn data(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// Runs the command; gives its exit code and its report.
    fn reproduce(&self, id: &str) -> (Option<i32>, Value) {
        let data = self.data();
        let words = [
            "--data-dir",
            data.to_str().unwrap(),
            "reproduce",
            id,
            "--json",
        ];
        let done = output(self.dir.path(), &words);
        let report = serde_json::from_slice(&done.stdout).unwrap_or_else(|error| {
            panic!("{error}: {}{}", text(&done.stdout), text(&done.stderr))
        });
        (done.status.code(), report)
    }

    /// Part, step and field of the first difference, and the likely cause.
    fn first(&self, id: SubmissionId) -> (String, Option<u64>, String, String) {
        let (code, report) = self.reproduce(&id.to_string());
        assert_eq!(
            (code, &report["same"]),
            (Some(1), &json!(false)),
            "{report:#}"
        );
        let first = &report["differences"][0];
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        (
            word(&first["part"]),
            first["step"].as_u64(),
            word(&first["field"]),
            word(&report["likelyCause"]["kind"]),
        )
    }

    fn db(&self) -> Connection {
        Connection::open(self.data().join(store::DATABASE_FILE)).unwrap()
    }

    fn artifact(&self, hash: &str) -> PathBuf {
        self.data()
            .join("artifacts")
            .join(&hash[..2])
            .join(&hash[2..])
    }

    /// Changes what an event of a step says, and what the artifact that it names holds.
    fn change(
        &self,
        id: SubmissionId,
        kind: &str,
        artifact: &str,
        change: impl FnOnce(&mut Value),
    ) {
        let db = self.db();
        let (seq, body): (u32, String) = db
            .query_row(
                "SELECT seq, body FROM events WHERE submission_id = ? AND type = ?
                 AND coalesce(json_extract(body, '$.status'), 200) = 200 ORDER BY seq LIMIT 1",
                params![id.to_string(), kind],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .unwrap();
        let mut body: Value = serde_json::from_str(&body).unwrap();
        if artifact.is_empty() {
            change(&mut body);
        } else {
            let old = std::fs::read(self.artifact(body[artifact].as_str().unwrap())).unwrap();
            let mut value = serde_json::from_slice(&old).unwrap();
            change(&mut value);
            let bytes = serde_json::to_vec(&value).unwrap();
            let hash = sha256_hex(&bytes);
            let path = self.artifact(&hash);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
            body[artifact] = json!(hash);
        }
        let changed = db.execute(
            "UPDATE events SET body = ? WHERE submission_id = ? AND seq = ?",
            params![body.to_string(), id.to_string(), seq],
        );
        assert_eq!(changed.unwrap(), 1);
    }

    /// The same record once more, to be changed.
    fn copy(&self) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let file = data.join(store::DATABASE_FILE);
        self.db()
            .execute("VACUUM INTO ?", params![file.to_str().unwrap()])
            .unwrap();
        copy_folder(&self.data().join("artifacts"), &data.join("artifacts"));
        Self { dir }
    }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn settings(data: &Path) -> Settings {
    let mut settings = Settings::default();
    data.clone_into(&mut settings.data.dir);
    settings.server.port = 0;
    settings.server.sites_port = 0;
    settings.auth.bcrypt_cost = 4;
    settings.jobs.parallel = 1;
    settings.outbound.allow_private = true;
    settings
}

async fn owner(app: &Application) -> Principal {
    let account = NewAccount {
        username: "ada".to_owned(),
        email: "ada@example.org".to_owned(),
        password: "correct horse battery staple".to_owned(),
    };
    let user = app.auth().create_user(account, Role::User, None).await;
    Principal::without_session(user.unwrap())
}

async fn task(app: &Application, key: &'static str) -> Task {
    let found = app.store().read(move |db| {
        let arena = store::suites::by_name(db, "arena")?.expect("the bundled suite");
        store::tasks::by_key(db, arena.suite.id, key)
    });
    found.await.unwrap().expect("the task")
}

async fn agent(app: &Application, ada: &Principal, name: &str, config: Value) -> AgentId {
    let input = AgentInput {
        name: name.to_owned(),
        description: String::new(),
        config: agent_config::read_config(config).unwrap(),
    };
    agents::create(app.store(), ada, input).await.unwrap().id
}

/// Submits and waits for the end.
async fn play(
    app: &Application,
    ada: &Principal,
    agent_id: AgentId,
    task: &Task,
) -> (SubmissionId, Outcome) {
    let mut changes = app.hub().subscribe_queue();
    let request = Submit {
        user_id: ada.user_id,
        agent_id,
        task_id: task.id,
        seed: 11,
        budget: SubmissionBudget::default(),
        idempotency_key: None,
    };
    let id = app.intake().submit(request).await.unwrap().submission.id;
    let ended = tokio::time::timeout(Duration::from_mins(2), async {
        loop {
            let Some(Delivery::Message(change)) = changes.next().await else {
                panic!("the hub is gone or too quick");
            };
            if let (true, Some(outcome)) = (change.submission_id == id, change.outcome) {
                return outcome;
            }
        }
    });
    (id, ended.await.unwrap())
}

/// Clicks the first link of the page that the request shows.
fn click_a_link(request: &Value) -> Answer {
    let shown = request["messages"].to_string();
    let link = regex::Regex::new(r"\[(\w+)\] link").unwrap();
    let bid = &link.captures(&shown).expect("the page has links")[1];
    Answer::Tool("click", json!({"bid": bid}))
}

fn right_answer(task: &Task) -> String {
    let mut answers = task
        .spec
        .evaluators
        .iter()
        .filter_map(|evaluator| match evaluator {
            EvaluatorSpec::Answer(answer) => Some(&answer.expected),
            _ => None,
        });
    let expected = answers.next().expect("it wants an answer");
    expected
        .as_str()
        .map_or_else(|| expected.to_string(), str::to_owned)
}

/// A prompted agent passes a bundled task in two steps, after its provider failed once. The
/// command is run beside the arena and after it.
async fn prompted() -> (Ran, SubmissionId) {
    let ran = Ran {
        dir: tempfile::tempdir().unwrap(),
    };
    let app = Application::build(settings(&ran.data())).await.unwrap();
    app.playground_ready().await.unwrap();
    let (ada, task) = (owner(&app).await, task(&app, "shop-001").await);
    let replies = [
        Answer::Status(500, "{}", None),
        Answer::To(click_a_link),
        Answer::Tool("send_msg_to_user", json!({"text": right_answer(&task)})),
    ];
    let provider = Provider::start(replies, Answer::Text("nothing more"));
    let key = NewProviderKey {
        name: "key".to_owned(),
        provider: Interface::OpenAi,
        secret: KEY.to_owned(),
    };
    let vault = agentarena::vault::Vault::open(&ran.data()).unwrap();
    let key = provider_keys::create(app.store(), &vault, &ada, key)
        .await
        .unwrap();
    let config = json!({"kind": "llm", "provider": "openai", "model": "test-model", "systemPrompt": "Be brief.",
        "baseUrl": provider.base_url, "providerKeyId": key.id.to_string()});
    let agent = agent(&app, &ada, "prompted", config).await;
    let (id, outcome) = play(&app, &ada, agent, &task).await;
    assert_eq!(outcome, Outcome::Passed);
    assert_eq!(provider.seen().len(), 3);
    let (code, report) = ran.reproduce(&id.to_string());
    assert_eq!(code, Some(0), "beside a running arena: {report:#}");
    assert_eq!(provider.seen().len(), 3, "nothing was sent");
    app.stop().await.unwrap();
    (ran, id)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prompted_episode_comes_out_the_same_and_each_change_is_named() {
    let (ran, id) = prompted().await;
    let (code, report) = ran.reproduce(&id.to_string());
    assert_eq!(code, Some(0), "{report:#}");
    assert_eq!(report["same"], true);
    assert_eq!(
        report["compared"],
        json!({"steps": 2, "requests": 3, "end": true})
    );
    assert_eq!(report["manifestDifferences"], json!([]));
    assert_eq!(report["notCompared"], json!([]));
    assert_eq!(report["differences"], json!([]));
    let manifest = &report["manifest"];
    assert_eq!(
        manifest["browser"]["viewport"],
        json!({"width": 1280, "height": 720})
    );
    assert_eq!(manifest["model"]["returned"], json!(["test-model"]));
    assert_eq!(manifest["prompts"]["own"], json!(sha256_hex(b"Be brief.")));
    for known in [
        "/place/dataHash",
        "/prompts/instructions",
        "/prompts/preamble",
        "/task/hash",
        "/agent/configHash",
        "/browser/driver",
        "/endedAt",
    ] {
        assert!(
            manifest.pointer(known).is_some_and(Value::is_string),
            "{known}: {manifest:#}"
        );
    }
    // By the episode's own id too.
    let episode = report["episodeId"].as_str().unwrap();
    assert_eq!(ran.reproduce(episode).1["submissionId"], json!(id));

    the_prompt_changes(&ran, id);
    the_page_changes(&ran, id);
    the_world_changes(&ran, id);
    the_reply_changes(&ran, id);
    the_verdict_changes(&ran, id);
    without_a_manifest(&ran, id);
    no_canary_in(&ran.data());
}

fn the_prompt_changes(ran: &Ran, id: SubmissionId) {
    let ran = ran.copy();
    ran.change(id, "model_called", "exchange", |exchange| {
        let system = &mut exchange["request"]["messages"][0]["content"];
        *system = json!(system.as_str().unwrap().replace("web browser", "browser"));
    });
    let (part, step, field, cause) = ran.first(id);
    assert_eq!((part.as_str(), step), ("request", Some(1)));
    assert_eq!(
        (field.as_str(), cause.as_str()),
        ("messages[0].content", "prompt_changed")
    );
}

/// The first link on the page had another name.
fn rename(observation: &mut Value) {
    let nodes = observation["nodes"].as_array_mut().unwrap();
    let link = nodes.iter_mut().find(|node| node["role"] == "link");
    link.unwrap()["name"] = json!("Renamed since");
}

fn the_page_changes(ran: &Ran, id: SubmissionId) {
    for (path, expected) in [
        ("$.place.dataHash", "site_data_changed"),
        ("$.task.hash", "task_changed"),
        ("$.browser.browser", "browser_version"),
        ("", "unknown"),
    ] {
        let ran = ran.copy();
        ran.change(id, "observed", "observation", rename);
        if !path.is_empty() {
            let sql =
                format!("UPDATE manifests SET manifest = json_set(manifest, '{path}', 'other')");
            assert_eq!(ran.db().execute(&sql, []).unwrap(), 1);
        }
        let (part, step, field, cause) = ran.first(id);
        assert_eq!((part.as_str(), step), ("observation", Some(1)));
        assert!(
            field.starts_with("nodes[") && field.ends_with("].name"),
            "{field}"
        );
        assert_eq!(cause, expected);
    }
}

/// The task itself is changed in the database, so that the sites begin with another world.
fn the_world_changes(ran: &Ran, id: SubmissionId) {
    let ran = ran.copy();
    let changed = ran.db().execute(
        "UPDATE tasks SET spec = json_set(spec, '$.environment.world', 2)
         WHERE id = (SELECT task_id FROM submissions WHERE id = ?)",
        params![id.to_string()],
    );
    assert_eq!(changed.unwrap(), 1);
    let (code, report) = ran.reproduce(&id.to_string());
    assert_eq!(code, Some(1));
    assert_eq!(report["likelyCause"]["kind"], "task_changed", "{report:#}");
    let fields: Vec<_> = report["manifestDifferences"]
        .as_array()
        .unwrap()
        .iter()
        .collect();
    assert!(fields.iter().any(|field| field["field"] == "task.hash"));
    assert!(
        fields
            .iter()
            .any(|field| field["field"] == "place.dataHash")
    );
}

fn the_reply_changes(ran: &Ran, id: SubmissionId) {
    let other = |exchange: &mut Value| {
        let call = &mut exchange["response"]["choices"][0]["message"]["tool_calls"][0];
        call["function"] = json!({"name": "noop", "arguments": "{}"});
    };
    let changed = ran.copy();
    changed.change(id, "model_called", "exchange", other);
    let (part, step, field, cause) = changed.first(id);
    assert_eq!(
        (part.as_str(), step, field.as_str()),
        ("action", Some(1), "action")
    );
    assert_eq!(cause, "reply_reading");

    // The same done to the file itself is seen by its name.
    let ran = ran.copy();
    let hash: String = ran
        .db()
        .query_row(
            "SELECT json_extract(body, '$.exchange') FROM events WHERE type = 'model_called' AND submission_id = ?
             AND json_extract(body, '$.status') = 200 ORDER BY seq LIMIT 1",
            params![id.to_string()],
            |row| row.get(0),
        )
        .unwrap();
    let path = ran.artifact(&hash);
    let mut exchange = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    other(&mut exchange);
    std::fs::write(&path, exchange.to_string()).unwrap();
    let (part, _, field, cause) = ran.first(id);
    assert_eq!(
        (part.as_str(), cause.as_str()),
        ("record", "record_changed")
    );
    assert!(field.contains(&hash), "{field}");
}

fn the_verdict_changes(ran: &Ran, id: SubmissionId) {
    let ran = ran.copy();
    ran.change(id, "evaluated", "", |body| {
        body["verdict"]["criteria"][0]["reason"] = json!("an older wording");
    });
    let (part, step, field, cause) = ran.first(id);
    assert_eq!((part.as_str(), step), ("verdict", None));
    assert_eq!(
        (field.as_str(), cause.as_str()),
        ("criteria[0].reason", "evaluator_changed")
    );
}

fn without_a_manifest(ran: &Ran, id: SubmissionId) {
    let ran = ran.copy();
    ran.db().execute("DELETE FROM manifests", []).unwrap();
    let (code, report) = ran.reproduce(&id.to_string());
    assert_eq!((code, &report["manifest"]), (Some(0), &Value::Null));
    assert_eq!(report["manifestDifferences"], Value::Null);
    assert_eq!(report["notCompared"].as_array().unwrap().len(), 1);
}

/// The key is in no file of the arena.
fn no_canary_in(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            no_canary_in(&path);
        } else if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            let found = bytes.windows(KEY.len()).any(|part| part == KEY.as_bytes());
            assert!(!found, "the key is in {}", path.display());
        }
    }
}

/// The same as a text.
fn click_in_words(request: &Value) -> Answer {
    let Answer::Tool(_, arguments) = click_a_link(request) else {
        panic!("a click");
    };
    let bid = arguments["bid"].as_str().unwrap();
    Answer::Text(format!("<think>A link.</think>\n```\nclick('{bid}')\n```").leak())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prompted_episode_comes_out_the_same_in_every_mode() {
    let ran = Ran {
        dir: tempfile::tempdir().unwrap(),
    };
    let app = Application::build(settings(&ran.data())).await.unwrap();
    app.playground_ready().await.unwrap();
    let (ada, task) = (owner(&app).await, task(&app, "shop-001").await);
    let right = right_answer(&task);
    let answer = || Answer::Tool("send_msg_to_user", json!({"text": right}));
    let in_words = || Answer::Text(format!("send_msg_to_user({right:?})").leak());
    let long = r#"{"error":{"message":"long","code":"context_length_exceeded"}}"#;
    let click = || Answer::To(click_in_words);
    let modes = [
        (
            json!({"screenshot": "marks", "observation": "diff", "memory": "full", "plan": true,
                "think": true, "actions": "text", "wrapper": {"kind": "vote", "samples": 3}}),
            vec![
                Answer::Text("1. Look"),
                click(),
                click(),
                click(),
                in_words(),
                in_words(),
                in_words(),
            ],
        ),
        (
            json!({"screenshot": "plain", "memory": "summary", "memorySteps": 2,
                "wrapper": {"kind": "retry", "attempts": 1}}),
            vec![
                Answer::Status(400, long, None),
                Answer::To(click_a_link),
                Answer::Text("nothing"),
                Answer::To(click_a_link),
                Answer::To(click_a_link),
                Answer::Text("I went around."),
                answer(),
                Answer::Text("RETRY: look at the page again"),
                Answer::Tool("go_back", json!({})),
                answer(),
            ],
        ),
    ];
    let mut played = Vec::new();
    for (n, (settings, replies)) in modes.into_iter().enumerate() {
        let count = replies.len();
        let provider = Provider::start(replies, Answer::Text("nothing more"));
        let mut config = json!({"kind": "llm", "provider": "openai", "model": "test-model",
            "baseUrl": provider.base_url});
        for (name, value) in settings.as_object().unwrap() {
            config[name] = value.clone();
        }
        let agent = agent(&app, &ada, &format!("mode {n}"), config).await;
        let (id, outcome) = play(&app, &ada, agent, &task).await;
        assert_eq!(outcome, Outcome::Passed, "mode {n}");
        let seen = provider.seen();
        assert_eq!(seen.len(), count, "mode {n}");
        let last = seen.last().unwrap().body.to_string();
        assert!(
            last.contains("data:image/png;base64,"),
            "mode {n} sees the page"
        );
        played.push((id, count));
    }
    app.stop().await.unwrap();
    for (id, count) in played {
        let (code, report) = ran.reproduce(&id.to_string());
        assert_eq!(code, Some(0), "{report:#}");
        assert_eq!(report["compared"]["requests"], json!(count));
        assert!(report["manifest"]["prompts"]["templates"].is_string());
        a_sent_picture_is_kept_once(&ran, id);
    }
}

/// What a model was shown is an artifact that the exchange names, and no part of it.
fn a_sent_picture_is_kept_once(ran: &Ran, id: SubmissionId) {
    let (exchange, picture): (String, String) = ran
        .db()
        .query_row(
            "SELECT json_extract(body, '$.exchange'), json_extract(body, '$.picture') FROM events
             WHERE type = 'model_called' AND submission_id = ?
             AND json_extract(body, '$.picture') IS NOT NULL ORDER BY seq LIMIT 1",
            params![id.to_string()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .unwrap();
    let exchange = std::fs::read_to_string(ran.artifact(&exchange)).unwrap();
    assert!(exchange.contains(&picture) && exchange.len() < 100_000);
    let png = std::fs::read(ran.artifact(&picture)).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
}

/// A program as an agent that goes where a page links to, on the address that it was told.
const PROGRAM: &str = r#"
import json, sys
for line in sys.stdin:
    turn = json.loads(line)
    if turn["type"] != "turn":
        break
    url = turn["observation"]["url"]
    action = "goto(%s)" % json.dumps(url) if turn["step"] == 1 else "send_msg_to_user('1')"
    print(json.dumps({"action": action, "reasoning": "as told"}), flush=True)
"#;

#[tokio::test(flavor = "multi_thread")]
async fn agents_of_other_kinds_play_again_what_they_played() {
    let ran = Ran {
        dir: tempfile::tempdir().unwrap(),
    };
    let mut settings = settings(&ran.data());
    settings.agents.allow_commands = true;
    let app = Application::build(settings).await.unwrap();
    app.playground_ready().await.unwrap();
    let (ada, task) = (owner(&app).await, task(&app, "shop-001").await);
    let builtin = json!({"kind": "builtin", "policy": "random"});
    let random = agent(&app, &ada, "at random", builtin).await;
    let command = json!({"kind": "command", "command": ["python3", "-c", PROGRAM]});
    let command: AgentConfig = serde_json::from_value(command).unwrap();
    let program = agents::keep(app.store(), &ada, "program".to_owned(), command).await;
    let program = program.unwrap().id;
    let mut played = Vec::new();
    for agent in [random, program] {
        played.push(play(&app, &ada, agent, &task).await.0);
    }
    app.stop().await.unwrap();
    for id in played {
        let (code, report) = ran.reproduce(&id.to_string());
        assert_eq!(code, Some(0), "{report:#}");
        assert!(report["compared"]["steps"].as_u64().unwrap() >= 1);
    }
}

#[test]
fn what_cannot_be_reproduced_is_an_error_of_its_own() {
    let dir = tempfile::tempdir().unwrap();
    let run = |id: &str| output(dir.path(), &["--data-dir", "data", "reproduce", id]);
    let none = run("019a4c81-7c2e-7d41-9b0a-3f2c90b40001");
    assert_eq!(none.status.code(), Some(2));
    assert!(
        text(&none.stderr).contains("reading the arena in"),
        "{}",
        text(&none.stderr)
    );
    assert!(!dir.path().join("data").exists(), "nothing was made");
    drop(store::Store::open(&dir.path().join("data")).unwrap());
    let missing = run("019a4c81-7c2e-7d41-9b0a-3f2c90b40001");
    assert_eq!(missing.status.code(), Some(2));
    assert!(
        text(&missing.stderr).contains("there is no submission or episode"),
        "{}",
        text(&missing.stderr)
    );
    let wrong = run("shop-001");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(
        text(&wrong.stderr).contains("is not an id"),
        "{}",
        text(&wrong.stderr)
    );
    let older =
        rusqlite::Connection::open(dir.path().join("data").join(store::DATABASE_FILE)).unwrap();
    older.pragma_update(None, "user_version", 2).unwrap();
    let older = run("019a4c81-7c2e-7d41-9b0a-3f2c90b40001");
    assert_eq!(older.status.code(), Some(2));
    assert!(
        text(&older.stderr).contains("agentarena migrate"),
        "{}",
        text(&older.stderr)
    );
}
