//! Agents, provider keys, suites and tasks over the API.

use agentarena::domain::user::Role;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::app::{EXPECTED, SOLUTION, TestApp};

#[tokio::test]
async fn an_agent_is_made_changed_and_deleted() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let id = app.agent(&ada, "walker").await;
    let path = format!("/api/v1/agents/{id}");
    let shown = app.get(Some(&ada), &path).await.json();
    assert_eq!(shown["data"]["attributes"]["revision"], 1);
    assert_eq!(
        shown["data"]["relationships"]["owner"]["data"]["id"],
        ada.id.to_string()
    );

    let renamed = json!({"name": "runner"});
    let changed = app
        .send(Some(&ada), Method::PATCH, &path, "agent", renamed)
        .await
        .json();
    assert_eq!(changed["data"]["attributes"]["revision"], 1);
    let other = json!({"configuration": {"kind": "builtin", "policy": "random"}});
    let changed = app
        .send(Some(&ada), Method::PUT, &path, "agent", other)
        .await
        .json();
    assert_eq!(changed["data"]["attributes"]["revision"], 2);
    assert_eq!(changed["data"]["attributes"]["name"], "runner");
    let revisions = app
        .get(Some(&ada), &format!("{path}/revisions"))
        .await
        .json();
    assert_eq!(revisions["data"].as_array().unwrap().len(), 2);

    let gone = app.bare(Some(&ada), Method::DELETE, &path).await;
    assert_eq!(
        (gone.status, gone.text.as_str()),
        (StatusCode::NO_CONTENT, "")
    );
    assert_eq!(
        app.get(Some(&ada), &path).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn an_agent_of_the_same_name_is_a_conflict_and_a_bad_one_names_its_fields() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    app.agent(&ada, "walker").await;
    let config = json!({"kind": "builtin", "policy": "null"});
    let cases = [
        (
            json!({"name": "Walker", "configuration": config}),
            409,
            "name",
        ),
        (json!({"name": " ", "configuration": config}), 422, "name"),
        (
            json!({"name": "x".repeat(10_000), "configuration": config}),
            422,
            "name",
        ),
        (
            json!({"name": "a\nb", "configuration": config}),
            422,
            "name",
        ),
        (
            json!({"name": "b", "configuration": {"kind": "x"}}),
            422,
            "configuration.kind",
        ),
        (
            json!({"name": "b", "configuration": 1}),
            422,
            "configuration",
        ),
        (
            json!({"name": "b", "configuration": {"kind": "builtin", "policy": "oracle"}}),
            422,
            "configuration.policy",
        ),
        (
            json!({"name": "b", "configuration": {
                "kind": "llm", "provider": "openai", "model": "m",
                "providerKeyId": "019a4c81-7c2e-7d41-9b0a-3f2c90b40001"}}),
            422,
            "configuration.providerKeyId",
        ),
    ];
    for (attributes, status, field) in cases {
        let answer = app
            .post(Some(&ada), "/api/v1/agents", "agent", attributes.clone())
            .await;
        assert_eq!(
            answer.status.as_u16(),
            status,
            "{attributes}: {}",
            answer.text
        );
        let (_, named, message) = answer.error();
        assert_eq!(named, Some(format!("data.attributes.{field}")), "{message}");
    }
}

#[tokio::test]
async fn provider_keys_go_in_and_never_come_out() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let secret = "sk-live-0123456789abcdef-XYZW";
    let attributes = json!({"name": "mine", "provider": "openai", "key": secret});
    let path = "/api/v1/provider-keys";
    let made = app
        .post(Some(&ada), path, "providerKey", attributes.clone())
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert_eq!(made.json()["data"]["attributes"]["hint"], "XYZW");
    let again = app.post(Some(&ada), path, "providerKey", attributes).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    let listed = app.get(Some(&ada), path).await;
    for answer in [&made, &again, &listed] {
        assert!(!answer.text.contains("0123456789"), "{}", answer.text);
    }
    let bea = app.person("bea", Role::User).await;
    let of_ada = format!("{path}/{}", made.id());
    let refused = app.bare(Some(&bea), Method::DELETE, &of_ada).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let removed = app.bare(Some(&ada), Method::DELETE, &of_ada).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    let rows = app
        .store
        .read(|db| {
            let mut rows = db.prepare("SELECT hex(details || subject) FROM audit_log")?;
            let rows = rows.query_map([], |row| row.get::<_, String>(0))?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        })
        .await
        .unwrap();
    assert!(
        rows.iter()
            .all(|row| !row.contains(&hex::encode_upper("0123456789")))
    );
}

#[tokio::test]
async fn tasks_are_shown_without_what_helps_to_cheat() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let admin = app.person("admin", Role::Admin).await;
    for person in [&ada, &admin] {
        let listed = app
            .get(Some(person), "/api/v1/tasks?suite=arena&kind=info")
            .await;
        assert_eq!(listed.status, StatusCode::OK, "{}", listed.text);
        assert_eq!(listed.json()["data"].as_array().unwrap().len(), 3);
        let shown = app
            .get(Some(person), &format!("/api/v1/tasks/{}", app.tasks[0]))
            .await;
        assert_eq!(
            shown.json()["data"]["attributes"]["evaluators"],
            json!(["answer"])
        );
        for answer in [&listed, &shown] {
            assert!(!answer.text.contains(EXPECTED) && !answer.text.contains(SOLUTION));
        }
    }
}

#[tokio::test]
async fn tasks_come_in_pages_that_neither_repeat_nor_skip() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let mut keys = Vec::new();
    let mut path = "/api/v1/tasks?limit=2&suite=arena".to_owned();
    loop {
        let page = app.get(Some(&ada), &path).await.json();
        let items = page["data"].as_array().unwrap().clone();
        keys.extend(items.iter().map(|item| item["attributes"]["key"].clone()));
        let Some(cursor) = page["meta"]["nextCursor"].as_str() else {
            break;
        };
        path = format!("/api/v1/tasks?limit=2&suite=arena&cursor={cursor}");
    }
    assert_eq!(keys, ["shop-001", "shop-002", "shop-003"]);
}

#[tokio::test]
async fn suites_are_found_by_name_and_by_id() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let listed = app.get(Some(&ada), "/api/v1/suites").await.json();
    assert_eq!(listed["data"][0]["attributes"]["activeTasks"], 3);
    for path in [
        "/api/v1/suites/arena".to_owned(),
        format!("/api/v1/suites/{}", app.suite_id),
    ] {
        assert_eq!(
            app.get(Some(&ada), &path).await.id(),
            app.suite_id.to_string()
        );
    }
    let missing = app.get(Some(&ada), "/api/v1/suites/nowhere").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn markup_in_a_title_stays_text_in_json() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let shown = app
        .get(Some(&ada), &format!("/api/v1/tasks/{}", app.tasks[1]))
        .await;
    assert_eq!(
        shown.json()["data"]["attributes"]["title"],
        "<script>alert(1)</script>"
    );
    assert_eq!(shown.headers["content-type"], "application/json");
    assert_eq!(shown.headers["x-content-type-options"], "nosniff");
}
