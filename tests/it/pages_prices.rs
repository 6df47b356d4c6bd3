//! Prices as a page: the list with its sources, and a person's own.

use agentarena::domain::user::Role;
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use scraper::Html;

use crate::support::app::TestApp;
use crate::support::browse::{Browse, all, first, text, text_of};
use crate::support::sample::HOSTILE;

const PATH: &str = "/account/prices";

#[actix_web::test]
async fn the_list_is_shown_with_sources_and_can_be_searched() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let html = browse.page(PATH).await;
    let rows = all(&html, "#list tbody tr");
    assert!(rows.len() > 10);
    for link in all(&html, "#list tbody td a") {
        let source = link.value().attr("href").unwrap();
        assert!(source.starts_with("https://"), "{source}");
        assert_eq!(
            link.value().attr("rel"),
            Some("noopener noreferrer external")
        );
    }
    // A model's name leads to the form, filled in for it.
    let link = first(&html, "#list tbody th a").unwrap();
    let link = link.value().attr("href").unwrap().to_owned();
    let html = browse.page(&link).await;
    let filled = first(&html, "#model").unwrap().value();
    assert!(
        filled
            .attr("value")
            .is_some_and(|model| link.ends_with(model))
    );
    let html = browse.page(&format!("{PATH}?q=CLAUDE-opus-5-5")).await;
    let rows: Vec<_> = all(&html, "#list tbody tr").into_iter().map(text).collect();
    assert_eq!(rows.len(), 1);
    for words in [
        "claude-opus-5-5",
        "anthropic",
        "$4.00",
        "$20.00",
        "$0.20",
        "$5.00",
        "2026-09-22",
    ] {
        assert!(rows[0].contains(words), "{words}: {}", rows[0]);
    }
    let none = browse.get(&format!("{PATH}?q=%3Cscript%3E")).await;
    assert!(none.text.contains("knows no model") && !none.text.contains("<script>\u{201d}"));
}

#[actix_web::test]
async fn a_price_is_set_used_replaced_and_taken_back() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let fields = [
        ("provider", "openai"),
        ("model", "kestrel-70b"),
        ("input_price", "$0.15"),
        ("output_price", "0.60"),
    ];
    let done = browse.submit(PATH, PATH, &fields).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let done = browse.follow(done).await;
    assert!(done.text.contains("The price is set."));
    let html = Html::parse_document(&done.text);
    let row = text_of(&html, "[aria-label='Your prices'] tbody tr");
    for words in ["kestrel-70b", "personal-1", "$0.15", "$0.60", "not set"] {
        assert!(row.contains(words), "{words}: {row}");
    }
    // An agent with that model shows where its price is from.
    let agent = [
        ("name", "kestrel"),
        ("kind", "llm"),
        ("provider", "openai"),
        ("model", "kestrel-70b"),
        ("base_url", "http://localhost:11434/v1"),
    ];
    let made = browse.submit("/agents/new", "/agents/new", &agent).await;
    let page = made.headers[LOCATION].to_str().unwrap().to_owned();
    let shown = text_of(&browse.page(&page).await, ".cols");
    assert!(
        shown.contains("$0.1500 per million tokens by its owner's prices"),
        "{shown}"
    );

    let html = browse.page(PATH).await;
    let action = all(&html, "form")
        .into_iter()
        .filter_map(|form| form.value().attr("action"))
        .find(|action| action.ends_with("/delete"))
        .unwrap()
        .to_owned();
    let mut noor = Browse::signed_in(&app, "noor", Role::User).await;
    let html = noor.page(PATH).await;
    let token = first(
        &html,
        "form[action='/account/prices'] input[name=csrf_token]",
    )
    .unwrap();
    let token = token.value().attr("value").unwrap().to_owned();
    let stolen = noor.post(&action, &token, &[]).await;
    assert_eq!(stolen.status, StatusCode::NOT_FOUND);
    let done = browse.submit(PATH, &action, &[]).await;
    let done = browse.follow(done).await;
    assert!(
        done.text.contains("The price is taken back."),
        "{}",
        done.text
    );
    assert!(text_of(&Html::parse_document(&done.text), "main").contains("None are set."));
}

#[actix_web::test]
async fn what_is_no_price_stands_at_its_field_and_what_was_typed_is_kept() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    for (name, value, field) in [
        ("input_price", "cheap", "input_price"),
        ("model", "", "model"),
        ("provider", "acme", "provider"),
        ("output_price", "1000000.000001", "output_price"),
    ] {
        let mut fields = vec![
            ("provider", "openai"),
            ("model", HOSTILE),
            ("cache_read_price", "0.1"),
        ];
        fields.retain(|(known, _)| *known != name);
        fields.push((name, value));
        let answer = browse.submit(PATH, PATH, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(!answer.text.contains(HOSTILE), "{name}");
        let html = Html::parse_document(&answer.text);
        let at = first(&html, &format!("#{field}")).unwrap().value();
        assert_eq!(at.attr("aria-invalid"), Some("true"), "{name}");
        let kept = first(&html, "#cache_read_price").unwrap().value();
        assert_eq!(kept.attr("value"), Some("0.1"));
    }
    let none = [("provider", "openai"), ("model", "m")];
    let answer = browse.submit(PATH, PATH, &none).await;
    assert!(
        text_of(&Html::parse_document(&answer.text), "#input_price-e").contains("at least one")
    );
}
