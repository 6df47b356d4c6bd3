//! Sessions in cookies: they read, they write only with the browser's token, and they renew
//! themselves.

use agentarena::domain::user::Role;
use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::json;

use crate::support::app::{Answer, PASSWORD, Person, TestApp, send};

const TOKEN: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

fn cookies(person: &Person) -> String {
    let access = &person.session.access_token;
    format!("aa_access={access}; aa_csrf={TOKEN}")
}

fn create(app: &TestApp, cookies: String) -> RequestBuilder {
    let body = json!({"data": {"type": "agent", "attributes": {
        "name": "walker", "configuration": {"kind": "builtin", "policy": "null"}}}});
    let request = app.request(Method::POST, "/api/v1/agents");
    request.header(COOKIE, cookies).json(&body)
}

#[tokio::test]
async fn a_cookie_reads_but_does_not_write_without_the_browsers_token() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let read = app
        .request(Method::GET, "/api/v1/agents")
        .header(COOKIE, cookies(&ada));
    assert_eq!(send(read).await.status, StatusCode::OK);
    let bare = send(create(&app, cookies(&ada))).await;
    assert_eq!(bare.status, StatusCode::FORBIDDEN);
    assert_eq!(bare.error().0, "CSRF_REFUSED");
    let wrong = create(&app, cookies(&ada)).header("x-csrf-token", TOKEN.replace('0', "1"));
    assert_eq!(send(wrong).await.status, StatusCode::FORBIDDEN);
    let foreign = create(&app, cookies(&ada))
        .header("x-csrf-token", TOKEN)
        .header(ORIGIN, "http://evil.example");
    assert_eq!(send(foreign).await.status, StatusCode::FORBIDDEN);
    let right = create(&app, cookies(&ada))
        .header("x-csrf-token", TOKEN)
        .header(ORIGIN, app.address.as_str());
    assert_eq!(send(right).await.status, StatusCode::CREATED);
}

fn set_cookies(answer: &Answer) -> Vec<String> {
    let set = answer.headers.get_all(SET_COOKIE).iter();
    set.map(|value| value.to_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_session_whose_access_token_is_gone_renews_itself() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let refresh = ada.session.refresh_token.clone().unwrap();
    let ask = || {
        let request = app.request(Method::GET, "/api/v1/auth/me");
        send(request.header(COOKIE, format!("aa_access=gone; aa_refresh={refresh}")))
    };
    // A page asks for several things at once, all with the same refresh token.
    let answers = futures_util::future::join_all([ask(), ask(), ask()]).await;
    let mut rotated = 0;
    for answer in &answers {
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let set = set_cookies(answer);
        assert!(
            set.iter().any(|cookie| cookie.starts_with("aa_access=ey")),
            "{set:?}"
        );
        assert!(
            set.iter()
                .all(|cookie| cookie.contains("HttpOnly; SameSite=Lax")),
            "{set:?}"
        );
        rotated += set
            .iter()
            .filter(|cookie| cookie.starts_with("aa_refresh="))
            .count();
    }
    assert_eq!(rotated, 1, "one request gets the new refresh token");
}

#[tokio::test]
async fn a_session_that_has_ended_is_forgotten() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let refresh = ada.session.refresh_token.clone().unwrap();
    app.auth.sign_out(&refresh).await.unwrap();
    let request = app.request(Method::GET, "/api/v1/auth/me");
    let answer = send(request.header(COOKIE, format!("aa_refresh={refresh}"))).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let set = set_cookies(&answer);
    assert!(
        set.iter().any(|cookie| cookie.starts_with("aa_refresh=;")),
        "{set:?}"
    );
}

async fn sign_in(app: &TestApp, cookie: &str, token: &str, origin: Option<&str>) -> Answer {
    let form = format!(
        "csrf_token={token}&login=ada&password={}",
        PASSWORD.replace(' ', "+")
    );
    let mut request = app
        .request(Method::POST, "/sign-in")
        .header("content-type", "application/x-www-form-urlencoded")
        .header(COOKIE, format!("aa_csrf={cookie}"))
        .body(form);
    if let Some(origin) = origin {
        request = request.header(ORIGIN, origin);
    }
    send(request).await
}

#[tokio::test]
async fn a_form_needs_the_browsers_token_and_this_origin() {
    let app = TestApp::start().await;
    app.person("ada", Role::User).await;
    let page = app.get(None, "/sign-in").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let set = set_cookies(&page);
    let token = set[0]
        .trim_start_matches("aa_csrf=")
        .split(';')
        .next()
        .unwrap();
    assert!(page.text.contains(token), "the form repeats the token");
    let other = TOKEN;
    for (cookie, field, origin) in [
        (token, "", None),
        (token, other, None),
        ("", token, None),
        (token, token, Some("http://evil.example")),
        (token, token, Some("null")),
    ] {
        let refused = sign_in(&app, cookie, field, origin).await;
        assert_eq!(
            refused.status,
            StatusCode::FORBIDDEN,
            "{cookie} {field} {origin:?}"
        );
        let set = set_cookies(&refused);
        assert!(
            !set.iter().any(|cookie| cookie.starts_with("aa_access")),
            "{set:?}"
        );
    }
    let address = app.address.clone();
    let done = sign_in(&app, token, token, Some(&address)).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let set = set_cookies(&done);
    for name in ["aa_access=", "aa_refresh="] {
        let cookie = set
            .iter()
            .find(|cookie| cookie.starts_with(name))
            .expect(name);
        assert!(
            cookie.contains("HttpOnly; SameSite=Lax; Path=/"),
            "{cookie}"
        );
    }
}

#[tokio::test]
async fn pages_lead_to_sign_in_and_static_files_carry_no_cookie() {
    let app = TestApp::start().await;
    let page = app.get(None, "/agents?limit=2").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(
        page.headers["location"],
        "/sign-in?back=%2Fagents%3Flimit%3D2"
    );
    let style = app.get(None, "/static/css/tokens.css").await;
    assert_eq!(style.status, StatusCode::OK);
    assert!(set_cookies(&style).is_empty());
}
