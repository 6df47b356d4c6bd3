//! Provider keys over the API: tested with one call, replaced, and whose they are.

use agentarena::config::LimitSettings;
use agentarena::domain::budget::BudgetScope;
use agentarena::domain::event::CallPurpose;
use agentarena::domain::user::Role;
use agentarena::store::{audit, budgets, llm_calls};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{Answer as Got, Options, Person, TestApp};
use crate::support::provider::{Answer, Provider};

const SECRET: &str = "sk-canary-0123456789-4711";
const RENEWED: &str = "sk-renewed-0123456789-0815";

async fn key(app: &TestApp, person: &Person, provider: &str) -> String {
    let attributes =
        json!({"name": format!("mine at {provider}"), "provider": provider, "key": SECRET});
    let made = app
        .post(
            Some(person),
            "/api/v1/provider-keys",
            "providerKey",
            attributes,
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    made.id()
}

async fn test(app: &TestApp, person: &Person, key: &str, what: Value) -> Got {
    let path = format!("/api/v1/provider-keys/{key}/test");
    app.post(Some(person), &path, "providerKeyTest", what).await
}

fn listed() -> Answer {
    Answer::Body(json!({"object": "list", "data": [{"id": "m-1"}, {"id": "m-2"}]}).to_string())
}

#[actix_web::test]
async fn the_list_of_models_tests_a_key_for_nothing() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    for speech in ["openai", "anthropic"] {
        let provider = Provider::start([], listed());
        let id = key(&app, &ada, speech).await;
        let tested = test(&app, &ada, &id, json!({"baseUrl": provider.base_url})).await;
        assert_eq!(tested.status, StatusCode::OK, "{}", tested.text);
        assert!(!tested.text.contains(SECRET));
        let attributes = &tested.json()["data"]["attributes"];
        assert_eq!(attributes["ok"], true, "{}", tested.text);
        assert_eq!(attributes["models"], json!(["m-1", "m-2"]));
        assert_eq!(attributes["call"]["status"], 200);
        let seen = provider.seen().pop().unwrap();
        match speech {
            "openai" => assert_eq!(seen.authorization, Some(format!("Bearer {SECRET}"))),
            _ => assert_eq!(seen.api_key.as_deref(), Some(SECRET)),
        }
    }
    let calls = app.store.read(|db| llm_calls::all(db, None, 10)).await;
    assert_eq!(calls.unwrap(), [], "nothing is booked for what is free");
}

#[actix_web::test]
async fn a_short_reply_tests_a_key_and_is_booked_for_its_owner() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let provider = Provider::start([], Answer::Text("Hello."));
    let id = key(&app, &ada, "openai").await;
    let what = json!({"baseUrl": provider.base_url, "model": "m-1"});
    let tested = test(&app, &ada, &id, what).await;
    let attributes = &tested.json()["data"]["attributes"];
    assert_eq!(attributes["ok"], true, "{}", tested.text);
    assert_eq!(attributes["call"]["usage"]["inputTokens"], 1_200);
    assert_eq!(
        attributes["call"]["usage"]["costMicrousd"],
        Value::Null,
        "unpriced is not 0"
    );
    assert_eq!(
        attributes["call"]["unpricedBecause"],
        "the model has no price"
    );
    let seen = provider.seen().pop().unwrap();
    assert_eq!(seen.body["max_completion_tokens"], 16);
    let calls = app
        .store
        .read(|db| llm_calls::all(db, None, 10))
        .await
        .unwrap();
    let [call] = calls.as_slice() else {
        panic!("one call: {calls:?}");
    };
    assert_eq!(call.purpose, CallPurpose::Try);
    assert_eq!((call.user_id, call.agent_id), (Some(ada.id), None));
    assert_eq!((call.submission_id, call.episode_id), (None, None));
    let id = ada.id.to_string();
    let spent = app
        .store
        .read(move |db| budgets::spent(db, BudgetScope::User, &id))
        .await
        .unwrap();
    assert_eq!((spent.calls, spent.uncounted), (1, 1));
}

#[actix_web::test]
async fn a_refused_key_is_told_in_the_providers_words_without_the_key() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let echo = r#"{"error":{"message":"Incorrect API key provided: sk-canary-0123456789-4711."}}"#;
    let provider = Provider::start([], Answer::Status(401, echo, None));
    let id = key(&app, &ada, "openai").await;
    for what in [json!({}), json!({"model": "m-1"})] {
        let mut what = what;
        what["baseUrl"] = json!(provider.base_url);
        let tested = test(&app, &ada, &id, what).await;
        assert_eq!(tested.status, StatusCode::OK);
        assert!(!tested.text.contains(SECRET), "{}", tested.text);
        let attributes = &tested.json()["data"]["attributes"];
        assert_eq!(attributes["ok"], false);
        assert_eq!(attributes["call"]["status"], 401);
        let error = attributes["error"].as_str().unwrap();
        assert!(
            error.contains("Incorrect API key provided: (key)"),
            "{error}"
        );
    }
    let calls = app.store.read(|db| llm_calls::all(db, None, 10)).await;
    assert!(!format!("{:?}", calls.unwrap()).contains(SECRET));
}

#[actix_web::test]
async fn private_addresses_too_many_tests_and_spent_budgets_are_refused() {
    let limits = LimitSettings {
        sign_in_per_minute: 0,
        api_per_minute: 0,
        tries_per_minute: 2,
    };
    let app = TestApp::start_with(Options {
        private_refused: true,
        limits: Some(limits),
        ..Options::default()
    })
    .await;
    let ada = app.person("ada", Role::User).await;
    let provider = Provider::start([], listed());
    let id = key(&app, &ada, "openai").await;
    for what in [json!({}), json!({"model": "m-1"})] {
        let mut what = what;
        what["baseUrl"] = json!(provider.base_url);
        let tested = test(&app, &ada, &id, what).await;
        assert_eq!(tested.status, StatusCode::UNPROCESSABLE_ENTITY);
        let (_, field, message) = tested.error();
        assert_eq!(field.as_deref(), Some("data.attributes.baseUrl"));
        assert!(message.contains("outbound.allow_private"), "{message}");
    }
    let third = test(&app, &ada, &id, json!({"baseUrl": provider.base_url})).await;
    assert_eq!(third.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(third.headers.contains_key("retry-after"));
    assert!(provider.seen().is_empty(), "the key went nowhere");

    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let id = key(&app, &ada, "openai").await;
    let budget = json!({"monthMicrousd": 0});
    app.send(Some(&ada), Method::PUT, "/api/v1/budget", "budget", budget)
        .await;
    let what = json!({"baseUrl": provider.base_url, "model": "m-1"});
    let tested = test(&app, &ada, &id, what).await.json();
    let attributes = &tested["data"]["attributes"];
    assert_eq!(
        (&attributes["ok"], &attributes["call"]),
        (&json!(false), &Value::Null)
    );
    let error = attributes["error"].as_str().unwrap();
    assert!(
        error.contains("the budget of its owner for this month"),
        "{error}"
    );
    assert!(provider.seen().is_empty());
}

#[actix_web::test]
async fn a_replaced_key_keeps_its_id_and_is_the_one_that_is_sent() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let bea = app.person("bea", Role::User).await;
    let admin = app.person("admin", Role::Admin).await;
    let provider = Provider::start([], Answer::Tool("click", json!({"bid": "3"})));
    let id = key(&app, &ada, "openai").await;
    let path = format!("/api/v1/provider-keys/{id}");
    let config = json!({"kind": "llm", "provider": "openai", "model": "m", "providerKeyId": id,
        "baseUrl": provider.base_url});
    let attributes = json!({"name": "walker", "configuration": config});
    let agent = app
        .post(Some(&ada), "/api/v1/agents", "agent", attributes)
        .await
        .id();
    let renew = || json!({"key": RENEWED});
    let patch = |person| app.send(person, Method::PATCH, &path, "providerKey", renew());
    assert_eq!(patch(None).await.status, StatusCode::UNAUTHORIZED);
    for other in [&bea, &admin] {
        assert_eq!(patch(Some(other)).await.status, StatusCode::NOT_FOUND);
        let shown = app.get(Some(other), &path).await;
        assert_eq!(shown.status, StatusCode::NOT_FOUND);
        let tested = test(&app, other, &id, json!({})).await;
        assert_eq!(tested.status, StatusCode::NOT_FOUND);
    }
    let short = app
        .send(
            Some(&ada),
            Method::PATCH,
            &path,
            "providerKey",
            json!({"key": "short"}),
        )
        .await;
    assert_eq!(short.error().1.as_deref(), Some("data.attributes.key"));
    let rotated = patch(Some(&ada)).await;
    assert_eq!(rotated.status, StatusCode::OK, "{}", rotated.text);
    assert!(!rotated.text.contains(RENEWED));
    let shown = app.get(Some(&ada), &path).await.json();
    let attributes = &shown["data"]["attributes"];
    assert_eq!(attributes["hint"], "0815");
    assert!(attributes["rotatedAt"].is_string());
    assert_eq!(
        attributes["agents"],
        json!([{"id": agent, "name": "walker"}])
    );

    let tried = format!("/api/v1/agents/{agent}/try");
    let tried = app.post(Some(&ada), &tried, "trial", json!({})).await;
    assert_eq!(tried.status, StatusCode::OK, "{}", tried.text);
    let seen = provider.seen().pop().unwrap();
    assert_eq!(seen.authorization, Some(format!("Bearer {RENEWED}")));
    let log = app
        .store
        .read(|db| audit::list(db, &agentarena::domain::page::PageRequest::first(50)));
    let log = log.await.unwrap().items;
    let of_key: Vec<_> = log
        .iter()
        .filter(|entry| entry.subject == format!("provider_key/{id}"))
        .map(|entry| entry.action.as_str())
        .collect();
    assert_eq!(of_key, ["provider_key.rotated", "provider_key.created"]);
    let text = format!("{log:?}");
    assert!(!text.contains(SECRET) && !text.contains(RENEWED));
}
