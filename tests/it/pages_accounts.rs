//! Accounts as pages: making one, signing in and out, password, colours, keys, other people.

use agentarena::domain::user::Role;
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use scraper::Html;

use crate::support::app::{Options, PASSWORD, TestApp};
use crate::support::browse::{Browse, all, first, text, text_of};

#[actix_web::test]
async fn a_person_makes_an_account_and_is_signed_in() {
    let app = TestApp::start().await;
    let mut browse = Browse::new(&app);
    let fields = [
        ("username", "mara"),
        ("email", "mara@example.org"),
        ("password", PASSWORD),
    ];
    let answer = browse.submit("/sign-up", "/sign-up", &fields).await;
    let answer = browse.follow(answer).await;
    let html = Html::parse_document(&answer.text);
    assert_eq!(text_of(&html, "h1"), "Dashboard");
    assert!(first(&html, "a[href='/account']").is_some());
    assert!(
        first(&html, "a[href='/admin/users']").is_none(),
        "a user does not administer"
    );
}

#[actix_web::test]
async fn a_form_that_is_refused_keeps_what_was_typed_but_for_the_password() {
    let app = TestApp::start().await;
    let mut browse = Browse::new(&app);
    let fields = [
        ("username", "x"),
        ("email", "mara@example.org"),
        ("password", "short"),
    ];
    let answer = browse.submit("/sign-up", "/sign-up", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = Html::parse_document(&answer.text);
    let value = |id: &str| {
        first(&html, id)
            .unwrap()
            .value()
            .attr("value")
            .map(str::to_owned)
    };
    assert_eq!(value("#email").as_deref(), Some("mara@example.org"));
    assert_eq!(value("#password"), None);
    for id in ["username", "password"] {
        let field = first(&html, &format!("#{id}")).unwrap();
        assert_eq!(field.value().attr("aria-invalid"), Some("true"), "{id}");
        assert!(first(&html, &format!("#{id}-e")).is_some(), "{id}");
    }
}

#[actix_web::test]
async fn wrong_credentials_say_neither_which_nor_more() {
    let app = TestApp::start().await;
    app.person("mara", Role::User).await;
    let mut browse = Browse::new(&app);
    for login in ["mara", "nobody"] {
        let fields = [("login", login), ("password", "wrong wrong wrong")];
        let answer = browse.submit("/sign-in", "/sign-in", &fields).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        let html = Html::parse_document(&answer.text);
        assert_eq!(
            text_of(&html, "#password-e"),
            "Name and password do not match."
        );
        assert_eq!(
            first(&html, "#login").unwrap().value().attr("value"),
            Some(login)
        );
    }
    assert_eq!(browse.cookie("aa_access"), None);
}

#[actix_web::test]
async fn who_is_not_signed_in_is_led_to_the_form_and_back() {
    let app = TestApp::start().await;
    app.person("mara", Role::User).await;
    let mut browse = Browse::new(&app);
    let answer = browse.get("/submissions?status=queued").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let to = answer.headers[LOCATION].to_str().unwrap().to_owned();
    assert_eq!(to, "/sign-in?back=%2Fsubmissions%3Fstatus%3Dqueued");
    let html = browse.page(&to).await;
    let back = first(&html, "form[action='/sign-in'] input[name=back]")
        .unwrap()
        .value()
        .attr("value")
        .unwrap()
        .to_owned();
    let fields = [
        ("login", "mara"),
        ("password", PASSWORD),
        ("back", back.as_str()),
    ];
    let answer = browse.submit(&to, "/sign-in", &fields).await;
    assert_eq!(answer.headers[LOCATION], "/submissions?status=queued");
    let fields = [
        ("login", "mara"),
        ("password", PASSWORD),
        ("back", "//evil.example/"),
    ];
    let mut other = Browse::new(&app);
    let answer = other.submit("/sign-in", "/sign-in", &fields).await;
    assert_eq!(answer.headers[LOCATION], "/dashboard");
}

#[actix_web::test]
async fn signing_out_ends_the_session_on_the_server_too() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let access = browse.cookie("aa_access").unwrap().to_owned();
    let answer = browse.submit("/account", "/sign-out", &[]).await;
    let answer = browse.follow(answer).await;
    assert!(
        answer.text.contains("You are signed out."),
        "{}",
        answer.text
    );
    let request = app.request(reqwest::Method::GET, "/dashboard");
    let request = request.header("cookie", format!("aa_access={access}"));
    let answer = crate::support::app::send(request).await;
    assert_eq!(
        answer.status,
        StatusCode::SEE_OTHER,
        "the old token is refused"
    );
}

#[actix_web::test]
async fn a_form_without_its_token_is_refused_with_a_page() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let answer = browse
        .post("/theme", "0".repeat(64).as_str(), &[("theme", "dark")])
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let html = Html::parse_document(&answer.text);
    assert_eq!(text_of(&html, "h1"), "The form could not be taken");
}

#[actix_web::test]
async fn the_first_administrator_comes_by_a_link_that_works_once() {
    let app = TestApp::start().await;
    let token = app
        .auth
        .first_admin_token()
        .await
        .unwrap()
        .expect("there is no administrator");
    let mut browse = Browse::new(&app);
    assert_eq!(
        browse.get("/first-admin?token=wrong").await.status,
        StatusCode::FORBIDDEN
    );
    let page = format!("/first-admin?token={token}");
    let fields = [
        ("token", token.as_str()),
        ("username", "root"),
        ("email", "root@example.org"),
        ("password", PASSWORD),
    ];
    let answer = browse.submit(&page, "/first-admin", &fields).await;
    let answer = browse.follow(answer).await;
    assert!(
        first(
            &Html::parse_document(&answer.text),
            "a[href='/admin/users']"
        )
        .is_some()
    );
    assert_eq!(
        Browse::new(&app).get(&page).await.status,
        StatusCode::FORBIDDEN
    );
}

#[actix_web::test]
async fn closed_sign_up_says_whom_to_ask() {
    let options = Options {
        sign_up_closed: true,
        ..Options::default()
    };
    let app = TestApp::start_with(options).await;
    let mut browse = Browse::new(&app);
    let answer = browse.get("/sign-up").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(
        answer.text.contains("ask an administrator"),
        "{}",
        answer.text
    );
    assert!(first(&browse.page("/sign-in").await, "a[href='/sign-up']").is_none());
}

#[actix_web::test]
async fn the_theme_is_kept_by_browser_and_by_account() {
    let app = TestApp::start().await;
    let mut visitor = Browse::new(&app);
    let fields = [("theme", "dark"), ("back", "/leaderboard")];
    let answer = visitor.submit("/leaderboard", "/theme", &fields).await;
    assert_eq!(answer.headers[LOCATION], "/leaderboard");
    let theme = |html: &Html| {
        first(html, "html")
            .unwrap()
            .value()
            .attr("data-theme")
            .map(str::to_owned)
    };
    assert_eq!(
        theme(&visitor.page("/leaderboard").await).as_deref(),
        Some("dark")
    );

    let mut mara = Browse::signed_in(&app, "mara", Role::User).await;
    assert_eq!(theme(&mara.page("/account").await), None);
    mara.submit(
        "/account",
        "/theme",
        &[("theme", "light"), ("back", "/account")],
    )
    .await;
    mara.forget("aa_theme");
    assert_eq!(
        theme(&mara.page("/account").await).as_deref(),
        Some("light"),
        "the account knows it"
    );
}

#[actix_web::test]
async fn a_key_is_stored_shown_by_its_end_and_deleted() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let secret = "sk-very-secret-key-4711";
    let fields = [
        ("name", "lab server"),
        ("provider", "openai"),
        ("secret", secret),
    ];
    let answer = browse.submit("/account", "/account/keys", &fields).await;
    let answer = browse.follow(answer).await;
    assert!(
        answer.text.contains("lab server") && answer.text.contains("…4711"),
        "{}",
        answer.text
    );
    assert!(!answer.text.contains(secret));

    let fields = [
        ("name", "lab server"),
        ("provider", "openai"),
        ("secret", secret),
    ];
    let answer = browse.submit("/account", "/account/keys", &fields).await;
    assert!(answer.status.is_client_error(), "the name is taken");
    assert!(
        !answer.text.contains(secret),
        "a refused secret is not sent back"
    );

    let fields = [("name", "other"), ("provider", "acme"), ("secret", secret)];
    let answer = browse.submit("/account", "/account/keys", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer
            .text
            .contains("`acme` is not one of: openai, anthropic")
    );

    let html = browse.page("/account").await;
    let page = first(&html, "#keys th[scope=row] a").unwrap();
    let page = page.value().attr("href").unwrap().to_owned();
    browse.submit(&page, &format!("{page}/delete"), &[]).await;
    assert!(text_of(&browse.page("/account").await, "#keys").contains("No key is stored"));
}

#[actix_web::test]
async fn a_changed_password_is_the_one_that_counts() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let new = "another long password";
    let fields = [("current", "wrong wrong wrong"), ("new", new)];
    let answer = browse
        .submit("/account", "/account/password", &fields)
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        first(&Html::parse_document(&answer.text), "#current_password-e").is_some(),
        "{}",
        answer.text
    );
    let fields = [("current", PASSWORD), ("new", new)];
    let answer = browse
        .submit("/account", "/account/password", &fields)
        .await;
    assert_eq!(answer.headers[LOCATION], "/account?done=password");
    assert_eq!(
        Browse::new(&app).sign_in("mara", PASSWORD).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        Browse::new(&app).sign_in("mara", new).await.status,
        StatusCode::OK
    );
}

#[actix_web::test]
async fn an_administrator_changes_a_role_and_a_user_may_not_look() {
    let app = TestApp::start().await;
    let other = app.person("noor", Role::User).await;
    let mut admin = Browse::signed_in(&app, "root", Role::SuperAdmin).await;
    let action = format!("/admin/users/{}", other.id);
    let fields = [("role", "ADMIN"), ("active", "yes")];
    let answer = admin.submit("/admin/users", &action, &fields).await;
    let answer = admin.follow(answer).await;
    let html = Html::parse_document(&answer.text);
    let row = all(&html, "tbody tr")
        .into_iter()
        .map(text)
        .find(|row| row.contains("noor@example.org"));
    assert!(row.unwrap().contains("ADMIN"));
    assert!(
        first(
            &html,
            &format!("form[action='{action}'] option[value=ADMIN][selected]")
        )
        .is_some()
    );

    let mut user = Browse::signed_in(&app, "mara", Role::User).await;
    let answer = user.get("/admin/users").await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(
        text_of(&Html::parse_document(&answer.text), "h1"),
        "You may not do this"
    );
}
