//! Provider keys as pages: tested, replaced, deleted; errors beside their fields.

use agentarena::domain::user::Role;
use reqwest::StatusCode;
use scraper::Html;

use crate::support::app::TestApp;
use crate::support::browse::{Browse, first, text_of};
use crate::support::provider::{Answer, Provider};

const SECRET: &str = "sk-canary-0123456789-4711";

/// Stores a key; the address of its page.
async fn stored(browse: &mut Browse<'_>) -> String {
    let fields = [("name", "lab"), ("provider", "openai"), ("secret", SECRET)];
    let answer = browse.submit("/account", "/account/keys", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let html = browse.page("/account").await;
    let link = first(&html, "#keys th[scope=row] a").unwrap();
    link.value().attr("href").unwrap().to_owned()
}

#[actix_web::test]
async fn a_test_shows_status_time_cost_and_the_providers_own_words() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let page = stored(&mut browse).await;
    let html = browse.page(&page).await;
    let words = text_of(&html, "#model-h");
    assert!(
        words.contains("free") && words.contains("at most 16 tokens"),
        "{words}"
    );

    let list = r#"{"data": [{"id": "kestrel-70b"}]}"#.to_owned();
    let echo = r#"{"error":{"message":"Incorrect API key provided: sk-canary-0123456789-4711"}}"#;
    let script = [
        Answer::Body(list),
        Answer::Text("Hello."),
        Answer::Status(401, echo, None),
    ];
    let provider = Provider::start(script, Answer::Hang);
    let (action, base) = (format!("{page}/test"), provider.base_url.clone());
    let listed = browse.submit(&page, &action, &[("base_url", &base)]).await;
    assert_eq!(listed.status, StatusCode::OK, "{}", listed.text);
    let html = Html::parse_document(&listed.text);
    let words = text_of(&html, "#tested");
    assert!(words.contains("the provider lists 1 model") && words.contains("kestrel-70b"));
    assert!(
        words.contains("HTTP 200 after") && words.contains("nothing"),
        "{words}"
    );

    let fields = [("base_url", base.as_str()), ("model", "kestrel-70b")];
    let replied = browse.submit(&page, &action, &fields).await;
    let html = Html::parse_document(&replied.text);
    let words = text_of(&html, "#tested");
    assert!(words.contains("kestrel-70b replied"), "{words}");
    assert!(words.contains("1,200 in, 30 out"), "{words}");
    assert!(
        words.contains("unpriced the model has no price") && !words.contains("$0"),
        "{words}"
    );
    let typed = first(&html, "#model").unwrap().value();
    assert_eq!(
        typed.attr("value"),
        Some("kestrel-70b"),
        "what was typed is kept"
    );

    let refused = browse.submit(&page, &action, &fields).await;
    assert!(!refused.text.contains(SECRET), "the key is taken out");
    let words = text_of(&Html::parse_document(&refused.text), "#tested");
    assert!(
        words.contains("The provider refused the key: Incorrect API key"),
        "{words}"
    );
    assert!(
        words.contains("HTTP 401") && words.contains("not charged"),
        "{words}"
    );

    let wrong = browse
        .submit(&page, &action, &[("base_url", "file:///etc/passwd")])
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = Html::parse_document(&wrong.text);
    assert_eq!(
        first(&html, "#base_url")
            .unwrap()
            .value()
            .attr("aria-invalid"),
        Some("true")
    );
    assert!(text_of(&html, "#base_url-e").contains("http"));
}

#[actix_web::test]
async fn a_key_is_replaced_and_deleting_it_names_the_agents_that_use_it() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let page = stored(&mut browse).await;
    let id = page.rsplit('/').next().unwrap().to_owned();
    let agent = [
        ("name", "kestrel"),
        ("kind", "llm"),
        ("provider", "openai"),
        ("model", "kestrel-70b"),
        ("provider_key_id", &id),
    ];
    let made = browse.submit("/agents/new", "/agents/new", &agent).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let html = browse.page(&page).await;
    assert!(text_of(&html, "main").contains("1 agent above can call no model from then on"));

    let action = format!("{page}/rotate");
    let short = browse.submit(&page, &action, &[("secret", "abc")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = Html::parse_document(&short.text);
    assert!(text_of(&html, "#secret-e").contains("8 to 512"));
    assert_eq!(first(&html, "#secret").unwrap().value().attr("value"), None);

    let renewed = "sk-renewed-0123456789-0815";
    let done = browse.submit(&page, &action, &[("secret", renewed)]).await;
    let done = browse.follow(done).await;
    assert!(done.text.contains("The key is replaced."), "{}", done.text);
    assert!(done.text.contains("…0815") && !done.text.contains(renewed));
    assert!(!done.text.contains("4711"));

    let mut noor = Browse::signed_in(&app, "noor", Role::User).await;
    assert_eq!(noor.get(&page).await.status, StatusCode::NOT_FOUND);
    let gone = browse.submit(&page, &format!("{page}/delete"), &[]).await;
    assert_eq!(gone.status, StatusCode::SEE_OTHER);
    assert_eq!(browse.get(&page).await.status, StatusCode::NOT_FOUND);
    // Without the token of a form nothing is done.
    let forged = browse
        .post(&action, "nonsense", &[("secret", renewed)])
        .await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
}
