//! Every way to ask wrongly: the right status, the field, the fix, and never a 5xx.

use agentarena::config::LimitSettings;
use agentarena::domain::user::Role;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::app::{Answer, Options, Person, TestApp, send};

async fn post_raw(app: &TestApp, person: &Person, path: &str, body: impl Into<String>) -> Answer {
    let request = app
        .request(Method::POST, path)
        .bearer_auth(&person.session.access_token)
        .header("content-type", "application/json")
        .body(body.into());
    send(request).await
}

#[tokio::test]
async fn a_body_that_is_not_json_says_where_it_breaks() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let answer = post_raw(&app, &ada, "/api/v1/submissions", "{\"data\":\n oops}").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    let (code, _, message) = answer.error();
    assert_eq!(code, "MALFORMED_REQUEST");
    assert!(message.contains("line 2 column 2"), "{message}");
}

#[tokio::test]
async fn json_of_the_wrong_shape_names_the_path() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let cases = [
        (json!([]), "data"),
        (
            json!({"data": {"type": "agent", "attributes": {}}}),
            "data.type",
        ),
        (
            json!({"data": {"type": "submission", "attributes": {"agentId": "x"}}}),
            "data.attributes.taskId",
        ),
        (
            json!({"data": {"type": "submission", "attributes": {"agentId": 3, "taskId": "x"}}}),
            "data.attributes.agentId",
        ),
        (
            json!({"data": {"type": "submission", "attributes": {"agentId": "x", "taskId": "x"}}}),
            "data.attributes.agentId",
        ),
    ];
    for (body, field) in cases {
        let answer = post_raw(&app, &ada, "/api/v1/submissions", body.to_string()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(answer.error().1.as_deref(), Some(field), "{body}");
    }
}

#[tokio::test]
async fn what_does_not_exist_names_its_field() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let nowhere = "019a4c81-7c2e-7d41-9b0a-3f2c90b40001";
    for id in [nowhere, "shop-001"] {
        let answer = app.get(Some(&ada), &format!("/api/v1/tasks/{id}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        let (code, field, message) = answer.error();
        assert_eq!(
            (code.as_str(), field.as_deref()),
            ("NOT_FOUND", Some("taskId"))
        );
        assert!(message.contains(id), "{message}");
    }
    let agent_id = app.agent(&ada, "walker").await;
    let attributes = json!({"agentId": agent_id, "taskId": nowhere});
    let answer = app
        .post(Some(&ada), "/api/v1/submissions", "submission", attributes)
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.error().1.as_deref(), Some("data.attributes.taskId"));
    let address = app.get(Some(&ada), "/api/v1/nothing").await;
    assert_eq!(address.status, StatusCode::NOT_FOUND);
    assert_eq!(address.error().0, "NOT_FOUND");
}

#[tokio::test]
async fn wrong_filters_name_the_parameter() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let cases = [
        ("minScore=high", "minScore", "is not a number from 0 to 1"),
        ("minScore=7", "minScore", "is not a number from 0 to 1"),
        ("minScor=0.5", "minScor", "did you mean `minScore`?"),
        ("status=done", "status", "completed"),
        ("outcome=won", "outcome", "passed"),
        ("agentId=7", "agentId", "UUID"),
        ("limit=0", "limit", "from 1 to 100"),
        ("limit=2&limit=3", "limit", "more than once"),
        ("cursor=abc", "cursor", "cursor"),
    ];
    for (query, field, part) in cases {
        let answer = app
            .get(Some(&ada), &format!("/api/v1/submissions?{query}"))
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        let (_, named, message) = answer.error();
        assert_eq!(named.as_deref(), Some(field), "{query}");
        assert!(message.contains(part), "{query}: {message}");
    }
    // A cursor of another list.
    let page = app
        .get(Some(&ada), "/api/v1/tasks?limit=1&suite=arena")
        .await
        .json();
    let cursor = page["meta"]["nextCursor"].as_str().unwrap();
    let answer = app
        .get(Some(&ada), &format!("/api/v1/submissions?cursor={cursor}"))
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.error().1.as_deref(), Some("cursor"));
}

#[tokio::test]
async fn methods_media_types_and_sizes_are_checked() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let method = app.bare(Some(&ada), Method::DELETE, "/api/v1/agents").await;
    assert_eq!(method.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(method.error().0, "METHOD_NOT_ALLOWED");
    assert_eq!(method.headers["allow"], "GET, POST");
    let form = app
        .request(Method::POST, "/api/v1/agents")
        .bearer_auth(&ada.session.access_token)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("name=x");
    let form = send(form).await;
    assert_eq!(form.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let large = format!("{{\"data\":\"{}\"}}", "x".repeat(300 * 1024));
    let large = post_raw(&app, &ada, "/api/v1/agents", large).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(large.error().0, "BODY_TOO_LARGE");
}

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_back() {
    let options = Options {
        limits: Some(LimitSettings {
            sign_in_per_minute: 3,
            api_per_minute: 1_000,
            ..LimitSettings::default()
        }),
        ..Options::default()
    };
    let app = TestApp::start_with(options).await;
    let attributes = json!({"login": "ada", "password": "wrong horse battery"});
    let mut last = None;
    for _ in 0..4 {
        let sign_in = app.post(None, "/api/v1/auth/sign-in", "session", attributes.clone());
        last = Some(sign_in.await);
    }
    let last = last.unwrap();
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(last.error().0, "RATE_LIMITED");
    let seconds: u64 = last.headers["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=60).contains(&seconds));
    assert_eq!(app.get(None, "/ready").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_api_is_limited_by_person() {
    let options = Options {
        limits: Some(LimitSettings {
            sign_in_per_minute: 0,
            api_per_minute: 2,
            ..LimitSettings::default()
        }),
        ..Options::default()
    };
    let app = TestApp::start_with(options).await;
    let ada = app.person("ada", Role::User).await;
    let bea = app.person("bea", Role::User).await;
    let ask = |person| app.get(Some(person), "/api/v1/suites");
    assert_eq!(ask(&ada).await.status, StatusCode::OK);
    assert_eq!(ask(&ada).await.status, StatusCode::OK);
    assert_eq!(ask(&ada).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(ask(&bea).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_full_queue_says_when_to_come_back() {
    let options = Options {
        queue_limit: Some(1),
        ..Options::default()
    };
    let app = TestApp::start_with(options).await;
    let ada = app.person("ada", Role::User).await;
    let agent_id = app.agent(&ada, "walker").await;
    app.submission(&ada, &agent_id).await;
    let attributes = json!({"agentId": agent_id, "taskId": app.tasks[0]});
    let refused = app
        .post(Some(&ada), "/api/v1/submissions", "submission", attributes)
        .await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.error().0, "QUEUE_FULL");
    assert!(refused.headers.contains_key("retry-after"));
}

#[tokio::test]
async fn an_internal_fault_is_opaque_and_carries_the_request_id() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    app.store
        .write(|tx| Ok(tx.execute_batch("ALTER TABLE agents RENAME TO agents_gone")?))
        .await
        .unwrap();
    let answer = app.get(Some(&ada), "/api/v1/agents").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer.error().0, "INTERNAL");
    assert!(!answer.text.contains("no such table"), "{}", answer.text);
    let id = answer.headers["x-request-id"].to_str().unwrap();
    assert_eq!(answer.json()["meta"]["requestId"], id);
}

#[tokio::test]
async fn no_body_makes_a_fault_of_the_arenas_own() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::SuperAdmin).await;
    let deep = format!("{}1{}", "[".repeat(500), "]".repeat(500));
    let bodies = [
        String::new(),
        "null".to_owned(),
        "\"\\ud800\"".to_owned(),
        "\u{0}".to_owned(),
        "{\"data\":null}".to_owned(),
        "{\"data\":{\"type\":null,\"attributes\":null}}".to_owned(),
        "{\"data\":{}}{\"data\":{}}".to_owned(),
        "{\"data\":{\"data\":{}}}".to_owned(),
        "1e999".to_owned(),
        deep.clone(),
    ];
    let values = [
        json!(null),
        json!(-1),
        json!(1e300),
        json!("x".repeat(10_000)),
        json!("\u{0}\u{202e}'; DROP TABLE users; --"),
        json!([1, {"a": []}]),
        json!({"kind": {"kind": "llm"}}),
        json!({"kind": "llm", "provider": "openai", "model": "m", "temperature": "NaN"}),
        json!({"kind": "llm", "provider": "openai", "model": "m", "memorySteps": -1}),
        serde_json::from_str(&format!("{}1{}", "[".repeat(50), "]".repeat(50))).unwrap(),
    ];
    let endpoints = [
        (
            "/api/v1/auth/sign-up",
            "user",
            &["username", "email", "password"][..],
        ),
        ("/api/v1/auth/sign-in", "session", &["login", "password"]),
        ("/api/v1/auth/refresh", "session", &["refreshToken"]),
        (
            "/api/v1/auth/first-admin",
            "user",
            &["token", "username", "email", "password"],
        ),
        (
            "/api/v1/agents",
            "agent",
            &["name", "description", "configuration"],
        ),
        (
            "/api/v1/provider-keys",
            "providerKey",
            &["name", "provider", "key"],
        ),
        (
            "/api/v1/submissions",
            "submission",
            &["agentId", "taskId", "seed"],
        ),
    ];
    for (path, kind, fields) in endpoints {
        for body in &bodies {
            let answer = post_raw(&app, &ada, path, body.clone()).await;
            assert!(
                answer.status.is_client_error(),
                "{path} {body}: {}",
                answer.text
            );
            answer.error();
        }
        for value in &values {
            let attributes: serde_json::Map<_, _> = fields
                .iter()
                .map(|field| ((*field).to_owned(), value.clone()))
                .collect();
            let answer = app.post(Some(&ada), path, kind, attributes.into()).await;
            assert!(
                !answer.status.is_server_error(),
                "{path} {value}: {}",
                answer.text
            );
        }
    }
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_browsers_safe() {
    let app = TestApp::start().await;
    for path in ["/health", "/api/v1/auth/me", "/api/v1/nothing", "/nothing"] {
        let answer = app.get(None, path).await;
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{path}"
        );
        assert!(!policy.contains("unsafe"), "{path}");
        assert_eq!(answer.headers["x-frame-options"], "DENY", "{path}");
        assert!(
            answer.headers["x-request-id"]
                .to_str()
                .unwrap()
                .starts_with("req_")
        );
    }
}

#[tokio::test]
async fn a_request_id_from_outside_is_not_taken_over() {
    let app = TestApp::start().await;
    let request = app
        .request(Method::GET, "/health")
        .header("x-request-id", "forged");
    assert_ne!(send(request).await.headers["x-request-id"], "forged");
}
