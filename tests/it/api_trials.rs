//! Agents that are tried over the API, against models and agents that answer over real HTTP.

use agentarena::arena::cost_audit::audit;
use agentarena::domain::agent::Provider as Speech;
use agentarena::domain::event::CallPurpose;
use agentarena::domain::user::Role;
use agentarena::store::{budgets, llm_calls};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{Person, TestApp, send};
use crate::support::provider::{Answer, Provider};
use crate::support::webhook::{Answer as Hook, WebhookServer};

const SECRET: &str = "sk-canary-0123456789-4711";

/// An agent; its id.
async fn agent(app: &TestApp, person: &Person, config: Value) -> String {
    let attributes = json!({"name": "tried", "configuration": config});
    let made = app
        .post(Some(person), "/api/v1/agents", "agent", attributes)
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    made.id()
}

/// The attributes of what came of a try.
async fn tried(app: &TestApp, person: &Person, agent: &str, what: Value) -> Value {
    let path = format!("/api/v1/agents/{agent}/try");
    let answer = app.post(Some(person), &path, "trial", what).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert!(!answer.text.contains(SECRET), "a key never comes out");
    answer.json()["data"]["attributes"].clone()
}

async fn prompted(app: &TestApp, person: &Person, provider: &Provider, speech: Speech) -> String {
    let attributes = json!({"name": format!("key {speech}"), "provider": speech, "key": SECRET});
    let key = app
        .post(
            Some(person),
            "/api/v1/provider-keys",
            "providerKey",
            attributes,
        )
        .await
        .id();
    let config = json!({"kind": "llm", "provider": speech, "model": "m", "providerKeyId": key,
        "baseUrl": provider.base_url, "maxOutputTokens": 100});
    let attributes = json!({"name": format!("tried {speech}"), "configuration": config});
    app.post(Some(person), "/api/v1/agents", "agent", attributes)
        .await
        .id()
}

#[actix_web::test]
async fn a_prompted_model_decides_and_everything_said_is_shown() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    for speech in [Speech::OpenAi, Speech::Anthropic] {
        let fill = Answer::Tool("fill", json!({"bid": "3", "value": "kettle"}));
        let provider = Provider::start([], fill);
        let id = prompted(&app, &ada, &provider, speech).await;
        let trial = tried(&app, &ada, &id, json!({})).await;
        assert_eq!(trial["outcome"], "decided", "{trial}");
        assert_eq!(trial["action"], "fill('3', 'kettle')");
        assert_eq!(trial["target"], "searchbox \"Search the shop\"");
        assert_eq!(trial["missingElement"], Value::Null);
        assert_eq!(trial["usage"]["inputTokens"], 1_200);
        assert_eq!(
            trial["usage"]["costMicrousd"],
            Value::Null,
            "unpriced is not 0"
        );
        let call = &trial["calls"][0];
        assert_eq!(call["status"], 200);
        let request = &call["exchange"]["request"];
        let prompt = request["messages"].to_string();
        assert!(prompt.contains("Search the shop for a kettle"), "{prompt}");
        assert!(prompt.contains("searchbox"), "the page is in it: {prompt}");
        assert!(request["tools"].as_array().unwrap().len() > 5);
        assert!(
            call["exchange"]["response"].is_object(),
            "the reply as it came"
        );
        let id: agentarena::domain::ids::AgentId = id.parse().unwrap();
        let calls = app
            .store
            .read(|db| llm_calls::all(db, None, 10))
            .await
            .unwrap();
        let booked: Vec<_> = calls
            .iter()
            .filter(|call| call.agent_id == Some(id))
            .collect();
        let [booked] = booked.as_slice() else {
            panic!("one call: {booked:?}");
        };
        assert_eq!(
            (booked.purpose, booked.user_id),
            (CallPurpose::Try, Some(ada.id))
        );
        assert_eq!((booked.submission_id, booked.step), (None, 1));
    }
    assert!(audit(&app.store).await.unwrap().is_clean());
}

#[actix_web::test]
async fn what_is_no_action_is_told_with_the_parsers_error_and_each_reply() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let provider = Provider::start([], Answer::Text("I would look for it."));
    let id = prompted(&app, &ada, &provider, Speech::OpenAi).await;
    let trial = tried(&app, &ada, &id, json!({})).await;
    assert_eq!(trial["outcome"], "unreadable", "{trial}");
    assert!(trial["message"].as_str().unwrap().len() > 20);
    let calls = trial["calls"].as_array().unwrap();
    assert_eq!(calls.len(), provider.seen().len());
    let attempts: Vec<_> = (1..=calls.len()).map(|n| json!(n)).collect();
    let shown: Vec<_> = calls.iter().map(|call| call["attempt"].clone()).collect();
    assert_eq!(shown, attempts);

    // An element that is not there is told to the model at once, as a reply that is no action.
    let provider = Provider::start([], Answer::Tool("click", json!({"bid": "9999"})));
    let config = json!({"kind": "llm", "provider": "openai", "model": "m",
        "baseUrl": provider.base_url});
    let trial = tried(&app, &ada, &id, json!({"configuration": config})).await;
    assert_eq!(trial["outcome"], "unreadable");
    assert!(
        trial["message"].as_str().unwrap().contains("9999"),
        "{trial}"
    );
}

#[actix_web::test]
async fn a_provider_that_refuses_and_a_budget_that_is_spent_end_a_try() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let echo = r#"{"error":{"message":"Incorrect API key provided: sk-canary-0123456789-4711."}}"#;
    let provider = Provider::start([], Answer::Status(401, echo, None));
    let id = prompted(&app, &ada, &provider, Speech::OpenAi).await;
    let trial = tried(&app, &ada, &id, json!({})).await;
    assert_eq!(trial["outcome"], "provider", "{trial}");
    assert_eq!(trial["calls"][0]["status"], 401);
    assert_eq!(
        trial["usage"]["costMicrousd"], 0,
        "refused calls are not charged"
    );

    // $1 a million in and out: the prompt alone can cost more than a tenth of a cent.
    let price = json!({"provider": "openai", "model": "m", "inputPriceMicrousdPerMtok": 1_000_000,
        "outputPriceMicrousdPerMtok": 1_000_000});
    app.post(
        Some(&ada),
        "/api/v1/prices/personal",
        "personalPrice",
        price,
    )
    .await;
    let budget = json!({"monthMicrousd": 1_000});
    app.send(Some(&ada), Method::PUT, "/api/v1/budget", "budget", budget)
        .await;
    let before = provider.seen().len();
    let trial = tried(&app, &ada, &id, json!({})).await;
    assert_eq!(trial["outcome"], "budget_limit", "{trial}");
    assert!(
        trial["message"].as_str().unwrap().contains("$0.001"),
        "{trial}"
    );
    assert_eq!(provider.seen().len(), before, "nothing was sent");
    let user_id = ada.id;
    let held = app
        .store
        .read(move |db| budgets::held(db, user_id, None))
        .await;
    assert_eq!(held.unwrap().calls, 0, "nothing stays held");
}

#[actix_web::test]
async fn a_webhook_gets_one_signed_turn_and_its_reply_is_shown_as_it_came() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let reply = r#"{"action": "click('4')",  "reasoning": "search"}"#;
    let hook = WebhookServer::start([], Hook::Reply(reply.to_owned())).await;
    let id = agent(&app, &ada, json!({"kind": "webhook", "url": hook.url})).await;
    let trial = tried(&app, &ada, &id, json!({})).await;
    assert_eq!(trial["outcome"], "decided", "{trial}");
    assert_eq!(
        (&trial["action"], &trial["reasoning"]),
        (&json!("click('4')"), &json!("search"))
    );
    assert_eq!(trial["turns"][0]["reply"], reply);
    assert_eq!(trial["turns"][0]["sent"]["type"], "turn");
    let seen = hook.seen();
    assert!(seen[0].headers["webhook-signature"].starts_with("v1,"));
    let end: Value = serde_json::from_str(&seen[1].body).unwrap();
    assert_eq!(end["type"], "end", "it is told that it is over");
    assert!(end["episode"].as_str().unwrap().starts_with("try-"));

    let hook = WebhookServer::start([], Hook::Reply("fine".to_owned())).await;
    let config = json!({"configuration": {"kind": "webhook", "url": hook.url}});
    let trial = tried(&app, &ada, &id, config).await;
    assert_eq!(trial["outcome"], "unreadable", "{trial}");
    assert_eq!(trial["turns"].as_array().unwrap().len(), 3);
    assert_eq!(trial["turns"][0]["reply"], "fine");
}

#[tokio::test]
async fn a_remote_agent_that_comes_gets_its_turn_and_one_that_does_not_is_told_of() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let config = json!({"kind": "remote", "claimTimeoutMs": 1_000});
    let id = agent(&app, &ada, config).await;
    let trial = tried(&app, &ada, &id, json!({})).await;
    assert_eq!(trial["outcome"], "unreachable", "{trial}");
    assert!(
        trial["message"].as_str().unwrap().contains("claimed"),
        "{trial}"
    );

    let path = format!("/api/v1/agents/{id}/secret");
    let token = app.get(Some(&ada), &path).await.json();
    let token = token["data"]["attributes"]["secret"]
        .as_str()
        .unwrap()
        .to_owned();
    let ask = |path: String, body: &'static str| {
        let request = app.request(Method::POST, &format!("/api/v1/remote{path}"));
        send(request.bearer_auth(&token).body(body))
    };
    let comes = async {
        let claimed = ask("/claim?wait=10".to_owned(), "").await.json();
        let episode = claimed["episode"].as_str().unwrap().to_owned();
        assert_eq!(claimed["message"]["type"], "turn");
        let reply = format!("/episodes/{episode}/turns/1?wait=10");
        let end = ask(reply, r#"{"action": "click('4')"}"#).await.json();
        (episode, end["message"]["type"].clone())
    };
    let longer = json!({"configuration": {"kind": "remote"}});
    let (trial, (episode, last)) = tokio::join!(tried(&app, &ada, &id, longer), comes);
    assert_eq!(trial["outcome"], "decided", "{trial}");
    assert_eq!(trial["action"], "click('4')");
    assert!(episode.starts_with("try-"), "{episode}");
    assert_eq!(last, "end", "it is told that it is over");
}

#[tokio::test]
async fn a_built_in_agent_is_tried_by_everybody_and_costs_nothing() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let id = agent(
        &app,
        &ada,
        json!({"kind": "builtin", "policy": "heuristic"}),
    )
    .await;
    let trial = tried(&app, &ada, &id, json!({})).await;
    assert_eq!(trial["outcome"], "decided", "{trial}");
    assert_eq!(trial["usage"]["costMicrousd"], 0);
    assert_eq!((&trial["calls"], &trial["turns"]), (&json!([]), &json!([])));
    let wrong = json!({"configuration": {"kind": "builtin", "policy": "oracle"}});
    let path = format!("/api/v1/agents/{id}/try");
    let refused = app.post(Some(&ada), &path, "trial", wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (_, field, _) = refused.error();
    assert_eq!(
        field.as_deref(),
        Some("data.attributes.configuration.policy")
    );
}
