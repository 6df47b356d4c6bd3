//! Trying an agent as a page, and in its form before it is saved.

use agentarena::domain::user::Role;
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use scraper::Html;
use serde_json::json;

use crate::support::app::TestApp;
use crate::support::browse::{Browse, first, text_of};
use crate::support::provider::{Answer, Provider};
use crate::support::sample::HOSTILE;
use crate::support::webhook::{Answer as Hook, WebhookServer};

fn form<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("name", "kestrel"),
        ("provider", "openai"),
        ("model", "kestrel-70b"),
    ];
    fields.extend(more);
    fields
}

#[actix_web::test]
async fn an_agent_is_tried_on_its_page_with_prompt_reply_and_action() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let provider = Provider::start([], Answer::Tool("click", json!({"bid": "4"})));
    let fields = form(&[("kind", "llm"), ("base_url", &provider.base_url)]);
    let made = browse.submit("/agents/new", "/agents/new", &fields).await;
    let page = made.headers[LOCATION].to_str().unwrap().to_owned();
    let page = page.split('?').next().unwrap().to_owned();
    let path = format!("{page}/try");
    let html = browse.page(&page).await;
    assert!(first(&html, &format!("a[href='{path}']")).is_some());
    let html = browse.page(&path).await;
    assert!(text_of(&html, "main").contains("Its model is called for real"));
    assert_eq!(
        browse.get("/agents/fixture.png").await.headers["content-type"],
        "image/png"
    );
    assert!(provider.seen().is_empty(), "looking costs nothing");

    let tried = browse.submit(&path, &path, &[]).await;
    assert_eq!(tried.status, StatusCode::OK, "{}", tried.text);
    let html = Html::parse_document(&tried.text);
    let words = text_of(&html, "#trial");
    for part in [
        "The agent decided.",
        "click('4')",
        "acts on button \"Search\"",
        "Search the shop for a kettle",
        "tools offered",
        "Reply",
        "1,200 in, 30 out, 1,000 from cache, 12 for reasoning",
        "unpriced",
    ] {
        assert!(words.contains(part), "{part} is missing in {words}");
    }
    assert!(!words.contains("$0"), "an unknown cost is never 0: {words}");

    let mut noor = Browse::signed_in(&app, "noor", Role::User).await;
    assert_eq!(noor.get(&path).await.status, StatusCode::NOT_FOUND);
    let mut root = Browse::signed_in(&app, "root", Role::Admin).await;
    assert_eq!(root.get(&path).await.status, StatusCode::FORBIDDEN);
    assert_eq!(provider.seen().len(), 1);
}

#[actix_web::test]
async fn a_form_is_tried_as_it_is_typed_and_nothing_is_saved() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let provider = Provider::start([], Answer::Text(HOSTILE));
    let html = browse.page("/agents/new").await;
    let token = first(&html, "form.kinds input[name=csrf_token]").unwrap();
    let token = token.value().attr("value").unwrap().to_owned();
    let fields = form(&[
        ("kind", "llm"),
        ("base_url", &provider.base_url),
        ("system_prompt", "Be brief."),
    ]);
    let tried = browse.post("/agents/new/try", &token, &fields).await;
    assert_eq!(tried.status, StatusCode::OK, "{}", tried.text);
    assert!(!tried.text.contains(HOSTILE), "what models say is text");
    let html = Html::parse_document(&tried.text);
    let words = text_of(&html, "#trial");
    assert!(
        words.contains("The reply is no action.") && words.contains("Be brief."),
        "{words}"
    );
    let typed = first(&html, "#model").unwrap().value().attr("value");
    assert_eq!(typed, Some("kestrel-70b"), "what was typed is kept");
    assert!(
        !browse.get("/agents").await.text.contains("kestrel"),
        "nothing is saved"
    );

    let wrong = form(&[("kind", "llm"), ("base_url", "ftp://x")]);
    let refused = browse.post("/agents/new/try", &token, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(first(&Html::parse_document(&refused.text), "#base_url-e").is_some());
    let early = form(&[("kind", "webhook"), ("url", "https://agent.example/turn")]);
    let refused = browse.post("/agents/new/try", &token, &early).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let words = text_of(&Html::parse_document(&refused.text), "#kind-e");
    assert!(words.contains("Create the agent first"), "{words}");
}

#[actix_web::test]
async fn a_webhook_is_tried_in_its_form_and_shows_what_was_sent() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let hook = WebhookServer::start([], Hook::Reply(r#"{"action": "noop()"}"#.to_owned())).await;
    let fields = form(&[("kind", "webhook"), ("url", "https://agent.example/turn")]);
    let made = browse.submit("/agents/new", "/agents/new", &fields).await;
    let page = made.headers[LOCATION].to_str().unwrap().to_owned();
    let edit = format!("{}/edit", page.split('?').next().unwrap());
    let html = browse.page(&edit).await;
    let token = first(&html, "form.kinds input[name=csrf_token]").unwrap();
    let token = token.value().attr("value").unwrap().to_owned();
    let fields = form(&[("kind", "webhook"), ("url", &hook.url)]);
    let tried = browse.post(&format!("{edit}/try"), &token, &fields).await;
    assert_eq!(tried.status, StatusCode::OK, "{}", tried.text);
    let words = text_of(&Html::parse_document(&tried.text), "#trial");
    assert!(
        words.contains("noop()") && words.contains("\"type\": \"turn\""),
        "{words}"
    );
    assert!(
        words.contains("nobody here knows what they cost"),
        "{words}"
    );
    assert!(hook.seen()[0].headers.contains_key("webhook-signature"));
    let html = browse.page(&edit).await;
    let kept = first(&html, "#url").unwrap().value().attr("value");
    assert_eq!(kept, Some("https://agent.example/turn"), "nothing is saved");
}

#[actix_web::test]
async fn the_form_keeps_the_silence_that_a_remote_agent_is_allowed() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let fields = form(&[("kind", "remote"), ("heartbeat_timeout_s", "15")]);
    let made = browse.submit("/agents/new", "/agents/new", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let page = made.headers[LOCATION].to_str().unwrap().to_owned();
    let page = page.split('?').next().unwrap();
    assert!(text_of(&browse.page(page).await, ".cols").contains("15 s"));
    let html = browse.page(&format!("{page}/edit")).await;
    let shown = first(&html, "#heartbeat_timeout_s").unwrap().value();
    assert_eq!(shown.attr("value"), Some("15"));
    let wrong = form(&[("kind", "remote"), ("heartbeat_timeout_s", "soon")]);
    let refused = browse.submit("/agents/new", "/agents/new", &wrong).await;
    assert!(
        first(
            &Html::parse_document(&refused.text),
            "#heartbeat_timeout_s-e"
        )
        .is_some()
    );
}
