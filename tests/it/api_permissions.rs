//! Who may ask for what: nobody, a person, another person, an administrator.

use agentarena::domain::user::Role;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::app::TestApp;

#[tokio::test]
async fn every_endpoint_answers_to_whom_it_should() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let bea = app.person("bea", Role::User).await;
    let admin = app.person("admin", Role::Admin).await;
    let agent = app.agent(&ada, "walker").await;
    let submission = app.submission(&ada, &agent).await;
    let (task, user) = (app.tasks[0], ada.id);
    // What the owner, another person and an administrator get; nobody always gets 401.
    let table = [
        ("/api/v1/auth/me".to_owned(), [200, 200, 200]),
        ("/api/v1/agents".to_owned(), [200, 200, 200]),
        ("/api/v1/agents?scope=all".to_owned(), [403, 403, 200]),
        (format!("/api/v1/agents/{agent}"), [200, 404, 200]),
        (format!("/api/v1/agents/{agent}/revisions"), [200, 404, 200]),
        ("/api/v1/provider-keys".to_owned(), [200, 200, 200]),
        ("/api/v1/budget".to_owned(), [200, 200, 200]),
        ("/api/v1/prices".to_owned(), [200, 200, 200]),
        ("/api/v1/prices/personal".to_owned(), [200, 200, 200]),
        (format!("/api/v1/agents/{agent}/spend"), [200, 404, 200]),
        (
            format!("/api/v1/submissions/{submission}/spend"),
            [200, 404, 200],
        ),
        ("/api/v1/suites".to_owned(), [200, 200, 200]),
        ("/api/v1/suites/arena".to_owned(), [200, 200, 200]),
        ("/api/v1/tasks".to_owned(), [200, 200, 200]),
        (format!("/api/v1/tasks/{task}"), [200, 200, 200]),
        ("/api/v1/submissions".to_owned(), [200, 200, 200]),
        (format!("/api/v1/submissions/{submission}"), [200, 404, 200]),
        (
            format!("/api/v1/submissions/{submission}/events"),
            [200, 404, 200],
        ),
        (
            // It has not begun, so it has none.
            format!("/api/v1/submissions/{submission}/manifest"),
            [404, 404, 404],
        ),
        (
            "/api/v1/leaderboard?suite=arena".to_owned(),
            [200, 200, 200],
        ),
        ("/api/v1/users".to_owned(), [403, 403, 200]),
        (format!("/api/v1/users/{user}"), [403, 403, 200]),
    ];
    for (path, expected) in table {
        let nobody = app.get(None, &path).await;
        assert_eq!(nobody.status, StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(nobody.headers["www-authenticate"], "Bearer");
        for (person, status) in [&ada, &bea, &admin].into_iter().zip(expected) {
            let answer = app.get(Some(person), &path).await;
            assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text);
        }
    }
}

#[tokio::test]
async fn what_changes_something_needs_its_owner() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let bea = app.person("bea", Role::User).await;
    let admin = app.person("admin", Role::Admin).await;
    let agent = app.agent(&ada, "walker").await;
    let submission = app.submission(&ada, &agent).await;
    let agent_path = format!("/api/v1/agents/{agent}");
    let rename = || json!({"name": "mine now"});
    let patch = |person| app.send(person, Method::PATCH, &agent_path, "agent", rename());
    assert_eq!(patch(None).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(patch(Some(&bea)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(patch(Some(&admin)).await.status, StatusCode::FORBIDDEN);
    let remove = app.bare(Some(&bea), Method::DELETE, &agent_path).await;
    assert_eq!(remove.status, StatusCode::NOT_FOUND);
    // Another person's agent cannot be submitted either.
    let attributes = json!({"agentId": agent, "taskId": app.tasks[0]});
    let submit = app
        .post(Some(&bea), "/api/v1/submissions", "submission", attributes)
        .await;
    assert_eq!(submit.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(submit.error().1.as_deref(), Some("data.attributes.agentId"));
    // It is tried with its owner's key, so nobody else tries it, not even an administrator.
    let path = format!("{agent_path}/try");
    let try_it = |person| app.post(person, &path, "trial", json!({}));
    assert_eq!(try_it(None).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(try_it(Some(&bea)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(try_it(Some(&admin)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(try_it(Some(&ada)).await.status, StatusCode::OK);
    let cancel = format!("/api/v1/submissions/{submission}/cancel");
    assert_eq!(
        app.bare(None, Method::POST, &cancel).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        app.bare(Some(&bea), Method::POST, &cancel).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        app.bare(Some(&admin), Method::POST, &cancel).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_token_that_is_not_ours_is_refused_with_words() {
    let app = TestApp::start().await;
    for (header, part) in [
        ("Bearer x.y.z", "not valid"),
        ("Basic YTpi", "Bearer"),
        ("Bearer ", "Bearer"),
    ] {
        let request = app
            .request(Method::GET, "/api/v1/auth/me")
            .header("authorization", header);
        let answer = crate::support::app::send(request).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{header}");
        let message = answer.error().2;
        assert!(message.contains(part), "{header}: {message}");
    }
}
