//! A person at a real browser, by hand and without the API, against the whole application:
//! real Chromium for the person and for the agents, a local model provider, a fresh directory.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use agentarena::app::Application;
use agentarena::config::Settings;
use agentarena::domain::page::PageRequest;
use agentarena::domain::task::{EvaluatorSpec, Task, TaskSpec};
use agentarena::domain::time::Timestamp;
use agentarena::store::{self, tasks::TaskFilter};
use futures_util::FutureExt as _;
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::support::person::Person;
use crate::support::provider::{Answer, Provider};

/// The person's key at the provider.
const KEY: &str = "sk-person-4711-0a1b2c3d4e5f6789";

/// A name that would run if a page did not take it as text.
const HOSTILE: &str = "<script>alert(1)</script>";

/// The same with an element that runs without a script element.
const HOSTILE_REPLY: &str = "<script>alert(1)</script><img src=x onerror=alert(1)>";

/// Runs a test with an application and a person, and ends both whatever happens.
async fn by_hand(test: impl AsyncFnOnce(&Application, &Person)) {
    let dir = tempfile::tempdir().unwrap();
    let profile = dir.path().join("person");
    std::fs::create_dir(&profile).unwrap();
    let app = Application::build(settings(&dir.path().join("data")))
        .await
        .unwrap();
    app.playground_ready().await.unwrap();
    let person = Person::start(app.web_url(), &profile).await;
    let outcome = AssertUnwindSafe(test(&app, &person)).catch_unwind().await;
    person.leave().await;
    let stopped = app.stop().await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
    stopped.unwrap();
    until_no_process_of(dir.path()).await;
}

fn settings(data: &Path) -> Settings {
    let mut settings = Settings::default();
    data.clone_into(&mut settings.data.dir);
    settings.server.port = 0;
    settings.server.sites_port = 0;
    settings.auth.bcrypt_cost = 4;
    settings.jobs.parallel = 2;
    settings.jobs.infra_retries = 1;
    settings.jobs.retry_backoff_ms = 10;
    settings.jobs.shutdown_grace_ms = 100;
    settings.outbound.allow_private = true;
    settings
}

/// Waits until nothing runs whose command line names the directory.
async fn until_no_process_of(dir: &Path) {
    let needle = dir.display().to_string();
    let begun = Instant::now();
    let mut looks = tokio::time::interval(Duration::from_millis(50));
    loop {
        looks.tick().await;
        let running: Vec<_> = std::fs::read_dir("/proc")
            .unwrap()
            .flatten()
            .filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok())
            .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
            .filter(|line| line.contains(&needle))
            .collect();
        if running.is_empty() {
            return;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "still running: {running:?}"
        );
    }
}

/// A bundled task.
async fn task(app: &Application, key: &'static str) -> Task {
    let filter = TaskFilter {
        text: Some(key.to_owned()),
        ..TaskFilter::default()
    };
    let found = app
        .store()
        .read(move |db| store::tasks::list(db, &filter, &PageRequest::first(1)))
        .await
        .unwrap();
    let mut found = found.items.into_iter().filter(|task| task.key == key);
    found.next().expect("it is bundled")
}

/// What the task wants to hear.
fn right_answer(spec: &TaskSpec) -> String {
    let answers = spec.evaluators.iter().filter_map(|evaluator| {
        let EvaluatorSpec::Answer(answer) = evaluator else {
            return None;
        };
        let text = answer.expected.as_str().map(str::to_owned);
        Some(text.unwrap_or_else(|| answer.expected.to_string()))
    });
    answers.into_iter().next().expect("it wants an answer")
}

/// A reply that says something and calls a tool.
fn saying(text: &str, tool: &str, arguments: &Value) -> Answer {
    let call = json!({"id": "call_1", "type": "function",
        "function": {"name": tool, "arguments": arguments.to_string()}});
    let message = json!({"role": "assistant", "content": text, "tool_calls": [call]});
    let reply = json!({
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "test-model",
        "choices": [{"index": 0, "finish_reason": "tool_calls", "message": message}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
    });
    Answer::Body(reply.to_string())
}

/// Clicks the first link of the page that the request shows.
fn click_a_link(request: &Value) -> Answer {
    let page = request["messages"][1]["content"].as_str().expect("a text");
    let link = regex::Regex::new(r"\[(\w+)\] link").unwrap();
    let bid = &link.captures(page).expect("the page has links")[1];
    Answer::Tool("click", json!({"bid": bid}))
}

async fn sign_up(person: &Person) {
    person.open("/").await;
    person.follow("Sign in").await;
    person.follow("Create one").await;
    person.fill("username", "ada").await;
    person.fill("email", "ada@example.org").await;
    person.fill("password", "correct horse battery").await;
    person.press("Create account").await;
    person.reads("header", "Account of ada").await;
    assert_eq!(person.path().await, "/dashboard");
}

async fn store_key(person: &Person) {
    person.open("/account").await;
    person.fill("key_name", "My key").await;
    person.fill("key_secret", KEY).await;
    person.keep_secret(KEY);
    person.press("Store key").await;
    person.reads("#keys", "My key").await;
    person.reads("#keys", "…6789").await;
}

/// Creates an agent in the form; the page of the agent is open then.
async fn create_agent(person: &Person, name: &str, base_url: &str, key: Option<&str>) {
    person.follow("Agents").await;
    person.follow("New agent").await;
    person.fill("name", name).await;
    person.fill("model", "test-model").await;
    person.fill("base_url", base_url).await;
    if let Some(key) = key {
        person.choose("provider_key_id", key).await;
    }
    person.press("Create agent").await;
    person.reads("h1", name).await;
}

/// Submits the agent whose page is open to one task; the page of the submission is open then.
async fn submit(person: &Person, task: &str) {
    person.follow("Submit").await;
    person.reads("h1", "Submit an agent").await;
    person.tick("Chosen tasks").await;
    person.tick(task).await;
    person.press("Submit").await;
    person.counts("#state", 1).await;
}

/// Waits until the agent thinks in a step of the page that is open.
async fn until_deciding(person: &Person, step: u32) {
    let script = "return document.querySelectorAll('.steplist li').length === arguments[0]\
        && document.querySelector('.steplist li:last-child').innerText.includes('deciding')\
        && document.querySelector('#connection')?.hidden === false";
    let what = format!("step {step}, seen live");
    person.until(&what, script, vec![json!(step)]).await;
}

async fn until_picture(person: &Person) {
    let script = "const picture = document.querySelector('.stage-pic img');\
        return picture !== null && picture.complete && picture.naturalWidth > 0";
    person.until("the screenshot", script, Vec::new()).await;
}

/// Watches three steps without ever loading the page again.
async fn watch(person: &Person, gate: &Semaphore) {
    until_deciding(person, 1).await;
    person.ask("window.neverLeft = true").await;
    person.reads("#state", "running").await;
    gate.add_permits(1);
    until_deciding(person, 2).await;
    press_while_it_goes_on(person, gate).await;
    until_deciding(person, 3).await;
    until_picture(person).await;
    gate.add_permits(1);
    person.reads("#state", "passed").await;
    assert_eq!(person.ask("return window.neverLeft").await, json!(true));
}

/// While the mouse is pressed its target stays in the page, else the click would be lost.
async fn press_while_it_goes_on(person: &Person, gate: &Semaphore) {
    let press = "window.pressed = document.getElementById('main');\
        document.dispatchEvent(new PointerEvent('pointerdown', {button: 0}));\
        performance.clearResourceTimings()";
    person.ask(press).await;
    gate.add_permits(1);
    let looked = "return window.pressed.isConnected && performance.getEntriesByType('resource')\
        .filter(entry => entry.initiatorType === 'fetch').length >= 2";
    person.until("two looks for news", looked, Vec::new()).await;
    let release = "document.dispatchEvent(new PointerEvent('pointerup', {button: 0}))";
    person.ask(release).await;
}

async fn cancel(person: &Person) {
    person.reads("#state", "running").await;
    person.press("Cancel submission").await;
    person.reads("#state", "cancelled").await;
    person
        .until(
            "no cancel button",
            "return !document.querySelector('form[action$=\"/cancel\"]')",
            Vec::new(),
        )
        .await;
}

/// Replays what ended: steps, picture, panels, verdict.
async fn replay(person: &Person, answer: &str) {
    person.follow("Submissions").await;
    person.follow("Price of a variant").await;
    person.reads("#state", "passed").await;
    person.counts(".steplist li", 3).await;
    person.follow_with("noop").await;
    person.reads("#step-h", "Step 1").await;
    until_picture(person).await;
    person.follow_with("click").await;
    person.reads("#step-h", "Step 2").await;
    until_picture(person).await;
    person.counts(".tree li", 5).await;
    person.follow("As sent").await;
    person.reads("#inspector", "RootWebArea").await;
    person.follow("Model call").await;
    person.reads("#inspector", "test-model").await;
    person.reads("#inspector", "HTTP 200").await;
    person
        .reads("#inspector", "You operate a web browser")
        .await;
    person.follow_with("Events").await;
    person.reads("#inspector", "evaluated").await;
    person.reads("#verdict", answer).await;
    person.counts("#verdict .checks li", 2).await;
    let evidence = "const link = document.querySelector('#verdict a[href*=\"/artifacts/\"]');\
        return fetch(link.href).then(answer => answer.json()).then(Object.keys)";
    let evidence = person.ask(evidence).await;
    assert!(!evidence.as_array().expect("an object").is_empty());
}

/// The list and the replay are documents: they work without scripts.
async fn replay_without_scripts(person: &Person) {
    person.turn_scripts_off().await;
    person.open("/submissions").await;
    person.follow("Price of a variant").await;
    person.follow_with("noop").await;
    person.reads("#step-h", "Step 1").await;
    until_picture(person).await;
    person.follow("Model call").await;
    person.reads("#inspector", "test-model").await;
}

/// Opens two panels at once and holds the first one's answer until the second one's is there.
const ANSWER_THE_FIRST_FETCH_LAST: &str = r#"
    const real = window.fetch;
    let calls = 0;
    let release;
    const second = new Promise(done => { release = done; });
    window.fetch = async (...given) => {
        calls += 1;
        const mine = calls;
        const answer = await real(...given);
        if (mine > 1) {
            setTimeout(release, 100);
            return answer;
        }
        await second;
        setTimeout(() => { window.late = true; }, 300);
        return answer;
    };
    const panel = name => document.querySelector(`#inspector a[href*="panel=${name}"]`);
    panel("events").click();
    panel("model").click();
    return true;
"#;

#[actix_web::test]
async fn a_person_does_everything_by_hand() {
    by_hand(async |app, person| {
        let answer = right_answer(&task(app, "shop-001").await.spec);
        let gate = Arc::new(Semaphore::new(0));
        let after = |answer| Answer::After(Arc::clone(&gate), Box::new(answer));
        let last = saying(
            "I read the price.",
            "send_msg_to_user",
            &json!({"text": answer}),
        );
        let provider = Provider::start(
            [
                after(Answer::Tool("noop", json!({"wait_ms": 0}))),
                after(Answer::To(click_a_link)),
                after(last),
            ],
            Answer::Hang,
        );

        sign_up(person).await;
        store_key(person).await;
        create_agent(person, "Careful", &provider.base_url, Some("My key")).await;
        submit(person, "shop-001 ").await;
        watch(person, &gate).await;
        let seen = provider.seen();
        let sent = seen.first().and_then(|seen| seen.authorization.clone());
        assert_eq!(sent, Some(format!("Bearer {KEY}")));

        // The provider has nothing more to say: the next submission runs until it is cancelled.
        person.follow("Careful r1").await;
        submit(person, "shop-002 ").await;
        cancel(person).await;

        replay(person, &answer).await;
        person.follow("Leaderboard").await;
        person.reads("tbody", "Careful r1").await;
        person.reads("tbody", "+ 1 unscored").await;
        replay_without_scripts(person).await;
    })
    .await;
}

#[actix_web::test]
async fn a_provider_that_only_fails_is_unscored_and_the_page_says_why() {
    by_hand(async |_, person| {
        let failure = r#"{"error":{"message":"the machine is on fire","type":"server_error"}}"#;
        let provider = Provider::start([], Answer::Status(500, failure, None));
        sign_up(person).await;
        create_agent(person, "Unlucky", &provider.base_url, None).await;
        submit(person, "shop-001 ").await;
        person.reads("#state", "infra_error").await;
        person.reads("#state", "the provider answered 500").await;
        person
            .reads("main", "The infrastructure or the model provider failed")
            .await;
        person.reads("main", "then submit again").await;
        let scored = "return document.querySelector('#state').innerText.includes('of 1')";
        assert_eq!(person.ask(scored).await, json!(false));
        person.follow("Model call 4").await;
        person.reads("#inspector", "HTTP 500").await;
        person.ask(ANSWER_THE_FIRST_FETCH_LAST).await;
        let late = "return window.late === true";
        person.until("the late answer", late, Vec::new()).await;
        person.reads("#inspector", "HTTP 500").await;
        person.follow("Submissions").await;
        person.reads("tbody", "infra_error").await;
        person.follow("Leaderboard").await;
        person.reads("tbody", "Unlucky r1").await;
        person.reads("tbody", "no result yet").await;
    })
    .await;
}

/// Adds a task with a hostile title to the bundled ones.
async fn add_hostile_task(app: &Application) {
    let Task {
        suite_id, mut spec, ..
    } = task(app, "shop-001").await;
    HOSTILE.clone_into(&mut spec.title);
    app.store()
        .write(move |tx| {
            let now = Timestamp::now();
            let version = env!("CARGO_PKG_VERSION");
            let environment =
                store::suites::upsert_environment(tx, "site", "shop", version, &json!({}), now)?;
            store::tasks::upsert(tx, suite_id, environment, "shop-999", &spec, now)
        })
        .await
        .unwrap();
}

#[actix_web::test]
async fn what_people_and_models_write_is_text_everywhere() {
    by_hand(async |app, person| {
        add_hostile_task(app).await;
        let hostile = json!({"text": HOSTILE_REPLY});
        let reply = saying(HOSTILE_REPLY, "send_msg_to_user", &hostile);
        let provider = Provider::start([], reply);
        sign_up(person).await;
        create_agent(person, HOSTILE, &provider.base_url, None).await;
        submit(person, "shop-999 ").await;
        person.reads("#state", "failed").await;
        person.reads("h1", HOSTILE).await;
        person.reads("main .meta", HOSTILE).await;
        person.reads(".say", HOSTILE_REPLY).await;
        person.reads("#verdict", HOSTILE_REPLY).await;
        person.follow("Model call").await;
        person.reads("#inspector", "onerror=alert(1)").await;
        person.follow_with("Events").await;
        person.reads("#inspector", HOSTILE_REPLY).await;
        let title = person.ask("return document.title").await;
        assert!(title.as_str().expect("a title").contains(HOSTILE));
        for path in [
            "/dashboard",
            "/agents",
            "/tasks?q=shop-999",
            "/submissions",
            "/submissions/new",
            "/leaderboard",
        ] {
            person.open(path).await;
            person.reads("main", HOSTILE).await;
        }
        person.follow_with(HOSTILE).await;
        person.reads("h1", HOSTILE).await;
    })
    .await;
}
