//! Accounts over the API: sign-up, sign-in, refresh, sign-out, the first administrator, and
//! what administrators may change.

use agentarena::domain::user::Role;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::app::{Options, PASSWORD, Person, TestApp};

#[tokio::test]
async fn a_person_signs_up_signs_in_and_out() {
    let app = TestApp::start().await;
    let account = json!({"username": "ada", "email": "ada@example.org", "password": PASSWORD});
    let made = app
        .post(None, "/api/v1/auth/sign-up", "user", account)
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert_eq!(made.json()["data"]["attributes"]["role"], "USER");
    assert!(!made.text.contains(PASSWORD));

    let same = json!({"username": "ADA", "email": "a@example.org", "password": PASSWORD});
    let double = app.post(None, "/api/v1/auth/sign-up", "user", same).await;
    assert_eq!(double.status, StatusCode::CONFLICT);
    assert_eq!(
        double.error().1.as_deref(),
        Some("data.attributes.username")
    );

    let sign_in = json!({"login": "ada", "password": PASSWORD});
    let session = app
        .post(None, "/api/v1/auth/sign-in", "session", sign_in)
        .await;
    assert_eq!(session.status, StatusCode::OK, "{}", session.text);
    let token = session.json()["data"]["attributes"]["accessToken"].clone();
    let token = token.as_str().unwrap();
    let me = |token: &str| {
        app.request(Method::GET, "/api/v1/auth/me")
            .bearer_auth(token)
            .send()
    };
    let answer = me(token).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    let out = app
        .request(Method::POST, "/api/v1/auth/sign-out")
        .bearer_auth(token);
    assert_eq!(out.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(me(token).await.unwrap().status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_are_told_alike() {
    let app = TestApp::start().await;
    app.person("ada", Role::User).await;
    let mut told = Vec::new();
    for login in ["ada", "nobody"] {
        let attributes = json!({"login": login, "password": "wrong horse battery"});
        let answer = app
            .post(None, "/api/v1/auth/sign-in", "session", attributes)
            .await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        told.push(answer.error());
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0].0, "WRONG_CREDENTIALS");
}

#[tokio::test]
async fn a_refresh_token_works_once_and_its_reuse_ends_the_session() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let first = json!({"refreshToken": ada.session.refresh_token});
    let renewed = app
        .post(None, "/api/v1/auth/refresh", "session", first.clone())
        .await;
    assert_eq!(renewed.status, StatusCode::OK, "{}", renewed.text);
    let again = app
        .post(None, "/api/v1/auth/refresh", "session", first)
        .await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
    let second = renewed.json()["data"]["attributes"]["refreshToken"].clone();
    let after = app
        .post(
            None,
            "/api/v1/auth/refresh",
            "session",
            json!({"refreshToken": second}),
        )
        .await;
    assert_eq!(after.status, StatusCode::UNAUTHORIZED, "{}", after.text);
}

#[tokio::test]
async fn sign_up_can_be_closed() {
    let options = Options {
        sign_up_closed: true,
        ..Options::default()
    };
    let app = TestApp::start_with(options).await;
    let account = json!({"username": "ada", "email": "ada@example.org", "password": PASSWORD});
    let refused = app
        .post(None, "/api/v1/auth/sign-up", "user", account)
        .await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.error().2.contains("closed"));
}

#[tokio::test]
async fn the_first_administrator_is_made_once() {
    let app = TestApp::start().await;
    let token = app.auth.first_admin_token().await.unwrap().unwrap();
    let account = |token: &str, name: &str| {
        json!({
            "token": token, "username": name, "email": format!("{name}@example.org"),
            "password": PASSWORD,
        })
    };
    let wrong = app
        .post(
            None,
            "/api/v1/auth/first-admin",
            "user",
            account("guess", "eve"),
        )
        .await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    let made = app
        .post(
            None,
            "/api/v1/auth/first-admin",
            "user",
            account(&token, "root"),
        )
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert_eq!(made.json()["data"]["attributes"]["role"], "SUPER_ADMIN");
    let again = app
        .post(
            None,
            "/api/v1/auth/first-admin",
            "user",
            account(&token, "eve"),
        )
        .await;
    assert_eq!(again.status, StatusCode::FORBIDDEN);
}

async fn change(app: &TestApp, by: &Person, of: &Person, what: serde_json::Value) -> StatusCode {
    let path = format!("/api/v1/users/{}", of.id);
    app.send(Some(by), Method::PATCH, &path, "user", what)
        .await
        .status
}

#[tokio::test]
async fn administrators_manage_users_and_only_super_administrators_each_other() {
    let app = TestApp::start().await;
    let root = app.person("root", Role::SuperAdmin).await;
    let admin = app.person("admin", Role::Admin).await;
    let other = app.person("other", Role::Admin).await;
    let ada = app.person("ada", Role::User).await;
    let inactive = json!({"active": false});
    let promoted = json!({"role": "ADMIN"});
    assert_eq!(
        change(&app, &admin, &other, inactive.clone()).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        change(&app, &admin, &root, inactive.clone()).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        change(&app, &admin, &ada, promoted.clone()).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(
        change(&app, &admin, &admin, inactive.clone()).await,
        StatusCode::FORBIDDEN
    );
    assert_eq!(change(&app, &root, &ada, promoted).await, StatusCode::OK);
    assert_eq!(
        change(&app, &root, &other, inactive.clone()).await,
        StatusCode::OK
    );
    // What the session was good for ends with the account.
    let gone = app.get(Some(&other), "/api/v1/auth/me").await;
    assert_eq!(gone.status, StatusCode::UNAUTHORIZED);
    let unknown = app
        .send(
            Some(&root),
            Method::PATCH,
            "/api/v1/users/nobody",
            "user",
            inactive,
        )
        .await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_last_super_administrator_stays() {
    let app = TestApp::start().await;
    let root = app.person("root", Role::SuperAdmin).await;
    let second = app.person("second", Role::SuperAdmin).await;
    let demoted = json!({"role": "USER"});
    assert_eq!(
        change(&app, &root, &second, demoted.clone()).await,
        StatusCode::OK
    );
    assert_eq!(
        change(&app, &root, &root, demoted).await,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn administrators_list_and_show_accounts() {
    let app = TestApp::start().await;
    let admin = app.person("admin", Role::Admin).await;
    let ada = app.person("ada", Role::User).await;
    let first = app.get(Some(&admin), "/api/v1/users?limit=1").await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    let page = first.json();
    assert_eq!(page["data"][0]["attributes"]["username"], "ada");
    let cursor = page["meta"]["nextCursor"].as_str().unwrap();
    let second = app
        .get(
            Some(&admin),
            &format!("/api/v1/users?limit=1&cursor={cursor}"),
        )
        .await;
    let second = second.json();
    assert_eq!(second["data"][0]["attributes"]["username"], "admin");
    assert!(second["meta"]["nextCursor"].is_null());
    let shown = app
        .get(Some(&admin), &format!("/api/v1/users/{}", ada.id))
        .await;
    assert_eq!(
        shown.json()["data"]["attributes"]["submissions"]["queued"],
        0
    );
    assert!(!shown.text.contains("password"));
}
