//! Agents as pages: make, change, delete.

use agentarena::domain::user::Role;
use reqwest::StatusCode;
use reqwest::header::LOCATION;
use scraper::Html;

use crate::support::app::TestApp;
use crate::support::browse::{Browse, all, first, text, text_of};
use crate::support::sample::HOSTILE;

const FIELDS: [(&str, &str); 9] = [
    ("name", "kestrel"),
    ("description", "A local model."),
    ("kind", "llm"),
    ("provider", "openai"),
    ("model", "kestrel-70b"),
    ("base_url", "http://localhost:11434/v1"),
    ("input_price", "0.15"),
    ("memory_steps", "6"),
    ("call_timeout_s", "120"),
];

fn with<'a>(name: &str, value: &'a str) -> Vec<(&'a str, &'a str)> {
    let fields = FIELDS
        .iter()
        .map(|(known, given)| (*known, if *known == name { value } else { *given }));
    fields.collect()
}

#[actix_web::test]
async fn a_change_of_settings_makes_a_revision() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let made = browse.submit("/agents/new", "/agents/new", &FIELDS).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let page = made.headers[LOCATION]
        .to_str()
        .unwrap()
        .split('?')
        .next()
        .unwrap()
        .to_owned();
    let html = browse.page(&page).await;
    assert_eq!(text_of(&html, "h1"), "kestrel");
    assert!(text_of(&html, ".cols").contains("$0.1500 per million tokens"));
    assert!(
        text_of(&html, ".cols").contains("unpriced"),
        "the output has no price"
    );

    let edit = format!("{page}/edit");
    let html = browse.page(&edit).await;
    assert_eq!(
        first(&html, "#model").unwrap().value().attr("value"),
        Some("kestrel-70b")
    );
    let answer = browse
        .submit(&edit, &edit, &with("model", "kestrel-120b"))
        .await;
    let html = browse
        .page(answer.headers[LOCATION].to_str().unwrap())
        .await;
    let revisions: Vec<_> = all(&html, ".checks.plain b")
        .into_iter()
        .map(text)
        .collect();
    assert_eq!(revisions, ["r2", "r1"]);
}

#[actix_web::test]
async fn faults_stand_at_their_fields_and_nothing_typed_is_lost() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    for (name, value, id) in [
        ("name", "", "name"),
        ("base_url", "file:///etc/passwd", "base_url"),
        ("input_price", "cheap", "input_price"),
        ("memory_steps", "5.5", "memory_steps"),
        ("call_timeout_s", "0", "call_timeout_s"),
    ] {
        let answer = browse
            .submit("/agents/new", "/agents/new", &with(name, value))
            .await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        let html = Html::parse_document(&answer.text);
        let field = first(&html, &format!("#{id}")).unwrap();
        assert_eq!(field.value().attr("aria-invalid"), Some("true"), "{name}");
        assert_eq!(field.value().attr("value"), Some(value), "{name}");
        assert!(
            first(&html, &format!("#errors a[href='#{id}']")).is_some(),
            "{name}"
        );
        assert_eq!(
            first(&html, "#model").unwrap().value().attr("value"),
            Some("kestrel-70b")
        );
    }
}

#[actix_web::test]
async fn how_a_model_is_asked_is_set_in_the_form_and_shown_on_the_page() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let mut fields = FIELDS.to_vec();
    fields.extend([
        ("actions", "text"),
        ("screenshot", "marks"),
        ("observation", "diff"),
        ("memory", "summary"),
        ("plan", "on"),
        ("reasoning_effort", "low"),
        ("retries", "1"),
        ("context_tokens", "32000"),
        ("wrapper", "vote"),
        ("wrapper_count", "5"),
    ]);
    let made = browse.submit("/agents/new", "/agents/new", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let page = made.headers[LOCATION].to_str().unwrap().to_owned();
    let shown = text_of(&browse.page(&page).await, ".cols");
    for words in [
        "written as text; asked again up to 1 time",
        "with marks",
        "as differences where shorter",
        "summary: its own notes, and 6 newest steps",
        "made before the first step",
        "effort low",
        "32,000 tokens",
        "vote: most of 5 samples decide each step",
    ] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let edit = format!("{}/edit", page.split('?').next().unwrap());
    let html = browse.page(&edit).await;
    for (id, value) in [
        ("screenshot", "marks"),
        ("wrapper", "vote"),
        ("memory", "summary"),
    ] {
        let chosen = first(&html, &format!("#{id} option[selected]")).unwrap();
        assert_eq!(chosen.value().attr("value"), Some(value));
    }
    assert!(first(&html, "#plan[checked]").is_some() && first(&html, "#think[checked]").is_none());
    let last = fields.len() - 1;
    fields[last].1 = "1";
    let answer = browse.submit(&edit, &edit, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = Html::parse_document(&answer.text);
    let count = first(&html, "#wrapper_count").unwrap();
    assert_eq!(count.value().attr("aria-invalid"), Some("true"));
}

#[actix_web::test]
async fn the_price_list_and_own_prices_are_shown_and_the_provider_is_kept() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let key = [
        ("name", "lab"),
        ("provider", "anthropic"),
        ("secret", "sk-ant-0123456789"),
    ];
    browse.submit("/account", "/account/keys", &key).await;
    assert!(text_of(&browse.page("/account").await, "#keys").contains("anthropic"));
    let html = browse.page("/agents/new").await;
    let options = all(&html, "#provider_key_id option");
    let key = options.last().unwrap().value().attr("value").unwrap();
    let mut fields: Vec<_> = with("model", "claude-opus-5")
        .into_iter()
        .filter(|(name, _)| !["provider", "base_url", "input_price"].contains(name))
        .collect();
    fields.extend([
        ("provider", "anthropic"),
        ("provider_key_id", key),
        ("cache_read_price", "0.45"),
    ]);
    let made = browse.submit("/agents/new", "/agents/new", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let page = made.headers[LOCATION].to_str().unwrap().to_owned();
    let page = page.split('?').next().unwrap();
    let shown = text_of(&browse.page(page).await, ".cols");
    for words in [
        "$5.0000 per million tokens by the price list of 2026-",
        "$0.4500 per million tokens",
        "$6.2500 per million tokens by the price list",
    ] {
        assert!(shown.contains(words), "{words} is missing in {shown}");
    }
    let html = browse.page(&format!("{page}/edit")).await;
    let chosen = first(&html, "#provider option[selected]").unwrap();
    assert_eq!(chosen.value().attr("value"), Some("anthropic"));

    for (name, value, id) in [
        ("provider", "acme", "#provider-e"),
        ("temperature", "1.5", "#temperature-e"),
    ] {
        let mut wrong = fields.clone();
        wrong.retain(|(known, _)| *known != name);
        wrong.push((name, value));
        let answer = browse.submit("/agents/new", "/agents/new", &wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let html = Html::parse_document(&answer.text);
        assert!(first(&html, id).is_some(), "{name}: {}", answer.text);
    }
}

#[actix_web::test]
async fn a_name_is_text_and_a_very_long_one_is_refused() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let made = browse
        .submit("/agents/new", "/agents/new", &with("name", HOSTILE))
        .await;
    let answer = browse.follow(made).await;
    assert_eq!(text_of(&Html::parse_document(&answer.text), "h1"), HOSTILE);
    assert!(!answer.text.contains(HOSTILE));
    let long = "a".repeat(10_000);
    let answer = browse
        .submit("/agents/new", "/agents/new", &with("name", &long))
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("10000 characters"));
}

#[actix_web::test]
async fn only_the_owner_sees_changes_and_deletes() {
    let app = TestApp::start().await;
    let mut mara = Browse::signed_in(&app, "mara", Role::User).await;
    let made = mara.submit("/agents/new", "/agents/new", &FIELDS).await;
    let page = made.headers[LOCATION]
        .to_str()
        .unwrap()
        .split('?')
        .next()
        .unwrap()
        .to_owned();
    let mut noor = Browse::signed_in(&app, "noor", Role::User).await;
    assert_eq!(noor.get(&page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        noor.get(&format!("{page}/edit")).await.status,
        StatusCode::NOT_FOUND
    );
    let delete = format!("{page}/delete");
    let answer = mara.submit(&page, &delete, &[]).await;
    assert_eq!(answer.headers[LOCATION], "/agents");
    assert_eq!(mara.get(&page).await.status, StatusCode::NOT_FOUND);
}
