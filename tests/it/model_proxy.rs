//! Models that foreign agents call through the arena, over real HTTP: who may, what goes on and
//! what comes back, what is counted, and what happens when something breaks.

mod canary;
mod clients;
mod episodes;
mod faults;
mod money;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use agentarena::arena::ledger::EpisodeLedger;
use agentarena::arena::{agent_config, budgets};
use agentarena::auth::Principal;
use agentarena::domain::agent::Provider as Speech;
use agentarena::domain::budget::{Account, Spent, UserBudget};
use agentarena::domain::ids::{EpisodeId, TokenFamilyId};
use agentarena::domain::price::Price;
use agentarena::domain::user::Role;
use agentarena::llm::ModelCall;
use agentarena::llm::gate::Gates;
use agentarena::llm::proxy::{Lease, Upstream, UpstreamOptions};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use crate::support::app::{Answer as Got, TestApp, send};
use crate::support::arena::within;
use crate::support::provider::{Answer, Provider, Then};

const KEY: &str = "sk-proxied-4711-0a1b2c3d";
const TOKEN: &str = "amp_the-token-of-this-episode";

/// Dollars per million tokens: 1 in, 2 out, 0.1 from cache, 1.25 to cache.
const PRICE: Price = Price {
    input_microusd_per_mtok: Some(1_000_000),
    output_microusd_per_mtok: Some(2_000_000),
    cache_read_microusd_per_mtok: Some(100_000),
    cache_write_microusd_per_mtok: Some(1_250_000),
};

/// What one call costs over OpenAI's interface, and over Anthropic's.
const COST: u64 = 200 + 100 + 60;
const MESSAGE_COST: u64 = 200 + 90 + 125 + 60;

const OPENAI: &str = "/model-proxy/openai/v1/chat/completions";
const ANTHROPIC: &str = "/model-proxy/anthropic/v1/messages";

/// An arena in which one episode's agent may call models.
struct Door {
    app: TestApp,
    lease: Lease,
    provider: Provider,
    ada: Principal,
}

impl Door {
    async fn open(provider: Provider) -> Self {
        Self::open_with(provider, 8, &[Speech::OpenAi, Speech::Anthropic]).await
    }

    async fn open_with(provider: Provider, calls_at_once: usize, speeches: &[Speech]) -> Self {
        let app = TestApp::start().await;
        let person = app.person("ada", Role::User).await;
        let agent = app.agent(&person, "walker").await;
        let account = Account {
            user_id: person.id,
            experiment_id: None,
            submission_id: Some(app.submission(&person, &agent).await),
            episode_id: Some(EpisodeId::new()),
        };
        let gates = Gates::new(calls_at_once);
        let upstreams = speeches.iter().map(|speech| {
            let options = UpstreamOptions {
                base_url: Some(provider.base_url.clone()),
                key: Some(KEY.to_owned()),
                max_output_tokens: None,
                own_prices: HashMap::from([("test-model".to_owned(), PRICE)]),
                personal_prices: HashMap::new(),
                timeout: Duration::from_mins(1),
                allow_private: true,
            };
            Upstream::new(*speech, options, &gates).unwrap()
        });
        let ledger = EpisodeLedger {
            store: app.store.clone(),
            account,
        };
        let lease = app
            .models
            .open(TOKEN.to_owned(), upstreams.collect(), Arc::new(ledger));
        let ada = Principal {
            user_id: person.id,
            username: "ada".to_owned(),
            role: Role::User,
            session_id: TokenFamilyId::new(),
        };
        Self {
            app,
            lease,
            provider,
            ada,
        }
    }

    /// A request as a client makes it.
    fn request(&self, path: &str, more: &Value) -> RequestBuilder {
        let mut body = json!({ "model": "test-model", "max_tokens": 30,
            "messages": [{ "role": "user", "content": "go" }] });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        // A connection of its own: one that waits for its next request may be closed meanwhile.
        let request = self.app.request(Method::POST, path);
        let request = request.header("connection", "close").json(&body);
        if path == ANTHROPIC {
            request
                .header("x-api-key", TOKEN)
                .header("anthropic-version", "2023-06-01")
        } else {
            request.bearer_auth(TOKEN)
        }
    }

    async fn call(&self, path: &str, more: &Value) -> Got {
        send(self.request(path, more)).await
    }

    /// The calls that are booked, once there are so many.
    async fn booked(&self, number: usize) -> Vec<ModelCall> {
        let mut calls = Vec::new();
        let mut looks = tokio::time::interval(Duration::from_millis(5));
        within("booked calls", async {
            while calls.len() < number {
                looks.tick().await;
                calls.extend(self.lease.take_calls());
            }
        })
        .await;
        calls
    }

    async fn spent(&self) -> Spent {
        let report = budgets::own(&self.app.store, &self.ada).await.unwrap();
        report.month
    }

    async fn limit(&self, microusd: u64) {
        let budget = UserBudget {
            total_microusd: None,
            month_microusd: Some(microusd),
        };
        budgets::set_own(&self.app.store, &self.ada, budget)
            .await
            .unwrap();
    }
}

/// The message of an error in either form.
fn told(got: &Got) -> String {
    let body = got.json();
    let message = body["error"]["message"].as_str();
    message
        .unwrap_or_else(|| panic!("no error of a provider: {}", got.text))
        .to_owned()
}

fn texts() -> Provider {
    Provider::start([], Answer::Text("done so far"))
}

#[actix_web::test]
async fn calls_go_on_with_the_owners_key_and_are_counted() {
    let door = Door::open(texts()).await;
    let openai = door
        .call(OPENAI, &json!({ "x_unknown": [1.50, null] }))
        .await;
    assert_eq!(openai.status, StatusCode::OK, "{}", openai.text);
    assert_eq!(
        openai.json()["choices"][0]["message"]["content"],
        "done so far"
    );
    let anthropic = door.call(ANTHROPIC, &json!({})).await;
    assert_eq!(anthropic.json()["content"][0]["text"], "done so far");
    assert!(
        anthropic.headers["content-type"]
            .to_str()
            .unwrap()
            .starts_with("application/json")
    );

    let seen = door.provider.seen();
    assert_eq!(
        seen[0].authorization.as_deref(),
        Some(format!("Bearer {KEY}").as_str())
    );
    assert_eq!(
        (seen[0].api_key.as_deref(), seen[0].version.as_deref()),
        (None, None)
    );
    assert_eq!(seen[0].body["x_unknown"], json!([1.50, null]), "untouched");
    assert_eq!(seen[0].body.get("stream_options"), None);
    assert_eq!(seen[1].api_key.as_deref(), Some(KEY));
    assert_eq!(seen[1].authorization, None);
    assert_eq!(seen[1].version.as_deref(), Some("2023-06-01"));

    let calls = door.booked(2).await;
    let costs: Vec<_> = calls.iter().map(|call| call.usage.cost_microusd).collect();
    assert_eq!(costs, [Some(COST), Some(MESSAGE_COST)]);
    assert_eq!(calls[0].status, Some(200));
    assert_eq!(calls[0].exchange["request"]["messages"][0]["content"], "go");
    assert_eq!(
        calls[0].exchange["response"]["choices"][0]["message"]["content"],
        "done so far"
    );
    assert_eq!(
        calls[1].returned_model.as_deref(),
        Some("test-model-20261007")
    );
    assert_eq!(door.spent().await.microusd, COST + MESSAGE_COST);
}

#[actix_web::test]
async fn a_token_opens_its_models_while_the_episode_runs_and_nothing_else() {
    let door = Door::open_with(texts(), 8, &[Speech::OpenAi]).await;
    let app = &door.app;
    for token in ["", "amp_another", KEY] {
        for (path, kind) in [
            (OPENAI, "invalid_request_error"),
            (ANTHROPIC, "authentication_error"),
        ] {
            let asked = app
                .request(Method::POST, path)
                .bearer_auth(token)
                .json(&json!({}));
            let refused = send(asked).await;
            assert_eq!(
                refused.status,
                StatusCode::UNAUTHORIZED,
                "{path}: {}",
                refused.text
            );
            assert_eq!(refused.json()["error"]["type"], kind);
            assert_eq!(refused.headers["x-should-retry"], "false");
        }
    }
    let none = send(app.request(Method::POST, OPENAI).json(&json!({}))).await;
    assert_eq!(none.status, StatusCode::UNAUTHORIZED);
    let session = app
        .person("bea", Role::SuperAdmin)
        .await
        .session
        .access_token;
    let person = send(app.request(Method::POST, OPENAI).bearer_auth(session)).await;
    assert_eq!(
        person.status,
        StatusCode::UNAUTHORIZED,
        "a person's token opens no models"
    );
    for path in ["/api/v1/auth/me", "/api/v1/provider-keys", "/api/v1/agents"] {
        let asked = send(app.request(Method::GET, path).bearer_auth(TOKEN)).await;
        assert_eq!(asked.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    let claim = app
        .request(Method::POST, "/api/v1/remote/claim")
        .bearer_auth(TOKEN);
    assert_eq!(send(claim).await.status, StatusCode::UNAUTHORIZED);

    let other = door.call(ANTHROPIC, &json!({})).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN, "{}", other.text);
    assert_eq!(other.json()["error"]["type"], "permission_error");
    for path in [
        "/model-proxy/openai/v1/models",
        "/model-proxy/openai/v1/responses",
        "/model-proxy/openai/v1/chat/completions/",
        "/model-proxy/openai/v1/chat/completions/%2e%2e/%2e%2e/files",
        "/model-proxy/openai/v1/chat/../files",
        "/model-proxy/openai/http://127.0.0.1:1/v1/chat/completions/x",
        "/model-proxy/openai",
        "/model-proxy/",
    ] {
        let asked = app
            .request(Method::POST, path)
            .bearer_auth(TOKEN)
            .json(&json!({}));
        let nowhere = send(asked).await;
        assert_eq!(
            nowhere.status,
            StatusCode::NOT_FOUND,
            "{path}: {}",
            nowhere.text
        );
        assert!(told(&nowhere).contains("chat/completions"), "{path}");
    }
    let count = app.request(
        Method::POST,
        "/model-proxy/anthropic/v1/messages/count_tokens",
    );
    let count = send(count.header("x-api-key", TOKEN).json(&json!({}))).await;
    assert_eq!(count.status, StatusCode::NOT_FOUND);
    assert_eq!(count.json()["error"]["type"], "not_found_error");
    assert!(told(&count).contains("counts no tokens"), "{}", count.text);
    let get = send(app.request(Method::GET, OPENAI).bearer_auth(TOKEN)).await;
    assert_eq!(get.status, StatusCode::METHOD_NOT_ALLOWED, "{}", get.text);

    for (body, status) in [("{", 400), (r#"{"model": 1}"#, 400)] {
        let asked = app
            .request(Method::POST, OPENAI)
            .bearer_auth(TOKEN)
            .body(body);
        assert_eq!(send(asked).await.status.as_u16(), status, "{body}");
    }
    let long = app.request(Method::POST, OPENAI).bearer_auth(TOKEN);
    let long = send(long.body(vec![b' '; 16 * 1024 * 1024 + 1024])).await;
    assert_eq!(long.status, StatusCode::PAYLOAD_TOO_LARGE, "{}", long.text);
    assert_eq!(
        door.provider.seen().len(),
        0,
        "nothing of this reached the provider"
    );

    assert_eq!(door.call(OPENAI, &json!({})).await.status, StatusCode::OK);
    door.lease.close().await;
    let over = door.call(OPENAI, &json!({})).await;
    assert_eq!(over.status, StatusCode::UNAUTHORIZED);
    assert!(told(&over).contains("its episode is over"), "{}", over.text);
}

/// Reads a stream until it holds a text.
async fn read_until(response: &mut reqwest::Response, part: &str) -> String {
    let mut text = String::new();
    within("a piece of a stream", async {
        while !text.contains(part) {
            let bytes = response.chunk().await.unwrap();
            let bytes = bytes.unwrap_or_else(|| panic!("no `{part}` in {text}"));
            text.push_str(&String::from_utf8_lossy(&bytes));
        }
    })
    .await;
    text
}

#[actix_web::test]
async fn a_stream_passes_through_as_it_comes() {
    for (path, last, cost) in [
        (OPENAI, "data: [DONE]\n\n", COST),
        (ANTHROPIC, "\"type\":\"message_stop\"", MESSAGE_COST),
    ] {
        let gate = Arc::new(Semaphore::new(0));
        let reply = Answer::Pieces("done so far", 3, Then::Rest(Arc::clone(&gate)));
        let door = Door::open(Provider::start([], reply)).await;
        let request = door.request(path, &json!({ "stream": true }));
        let mut response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let kind = response.headers()["content-type"].to_str().unwrap();
        assert!(kind.starts_with("text/event-stream"), "{kind}");
        let first = read_until(&mut response, "done ").await;
        assert!(!first.contains("far"), "the rest has not come: {first}");
        gate.add_permits(1);
        let rest = read_until(&mut response, last).await;
        // It is booked before the agent knows that it is over.
        let calls = door.lease.take_calls();
        assert_eq!(calls[0].usage.cost_microusd, Some(cost), "{:?}", calls[0]);
        assert_eq!(response.chunk().await.unwrap(), None);
        let whole = format!("{first}{rest}");
        assert!(
            !whole.contains("prompt_tokens"),
            "nobody asked for counts: {whole}"
        );
        let record = &calls[0].exchange["response"];
        let text = record
            .pointer("/choices/0/message/content")
            .or(record.pointer("/content/0/text"));
        assert_eq!(text, Some(&json!("done so far")), "{record}");
    }
}

#[actix_web::test]
async fn counts_that_the_agent_asks_for_come_through() {
    let door = Door::open(texts()).await;
    let asked = json!({ "stream": true, "stream_options": { "include_usage": true } });
    let got = door.call(OPENAI, &asked).await;
    assert!(got.text.contains("\"prompt_tokens\":1200"), "{}", got.text);
    assert_eq!(door.booked(1).await[0].usage.cost_microusd, Some(COST));
}

#[test]
fn settings_are_checked() {
    let read = |value: Value| agent_config::read_config(value).unwrap();
    let config = read(json!({"kind": "remote", "modelProxy": {"anthropic": {}}}));
    let faults = agent_config::check_config(&config);
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["configuration.modelProxy.anthropic.providerKeyId"]);
    let odd = json!({"kind": "webhook", "url": "https://x.example", "modelProxy": {"acme": {}}});
    let odd = agent_config::read_config(odd).unwrap_err();
    assert!(
        odd.0[0].field.starts_with("configuration.modelProxy"),
        "{odd:?}"
    );
}
