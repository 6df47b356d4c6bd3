//! The budget of a person over the API and as a page, and that of a submission.

use agentarena::domain::user::Role;
use reqwest::{Method, StatusCode};
use scraper::Html;
use serde_json::{Value, json};

use crate::support::app::TestApp;
use crate::support::browse::{Browse, first};

const PATH: &str = "/api/v1/budget";

#[tokio::test]
async fn a_budget_is_set_over_the_api_each_person_their_own() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let bea = app.person("bea", Role::User).await;
    let put = |attributes: Value| app.send(Some(&ada), Method::PUT, PATH, "budget", attributes);
    let set = put(json!({"monthMicrousd": 25_000_000})).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.text);
    let shown = app.get(Some(&ada), PATH).await.json();
    let attributes = &shown["data"]["attributes"];
    assert_eq!(attributes["monthMicrousd"], 25_000_000);
    assert_eq!(attributes["totalMicrousd"], Value::Null);
    assert_eq!(attributes["spentMonthMicrousd"], 0);
    let of_bea = app.get(Some(&bea), PATH).await.json();
    assert_eq!(
        of_bea["data"]["attributes"]["monthMicrousd"],
        Value::Null,
        "it is nobody else's"
    );
    for (attributes, field) in [
        (
            json!({"monthMicrousd": 1_000_000_000_001_u64}),
            "monthMicrousd",
        ),
        (json!({"totalMicrousd": -1}), "totalMicrousd"),
        (json!({"dayMicrousd": 1}), "dayMicrousd"),
    ] {
        let refused = put(attributes).await;
        assert_eq!(
            refused.status,
            StatusCode::UNPROCESSABLE_ENTITY,
            "{}",
            refused.text
        );
        let (_, named, message) = refused.error();
        assert_eq!(named, Some(format!("data.attributes.{field}")), "{message}");
    }
    let kept = app.get(Some(&ada), PATH).await.json();
    assert_eq!(kept["data"]["attributes"]["monthMicrousd"], 25_000_000);
    let cleared = put(json!({})).await.json();
    assert_eq!(cleared["data"]["attributes"]["monthMicrousd"], Value::Null);
}

#[tokio::test]
async fn the_budget_of_a_submission_is_shown_with_it() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let agent = app.agent(&ada, "walker").await;
    let attributes = json!({"agentId": agent, "taskId": app.tasks[0],
        "callBudgetMicrousd": 1_000, "submissionBudgetMicrousd": 50_000});
    let made = app
        .post(Some(&ada), "/api/v1/submissions", "submission", attributes)
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let made = made.json();
    let shown = &made["data"]["attributes"];
    assert_eq!(shown["callBudgetMicrousd"], 1_000);
    assert_eq!(shown["episodeBudgetMicrousd"], Value::Null);
    assert_eq!(shown["submissionBudgetMicrousd"], 50_000);
}

#[actix_web::test]
async fn a_budget_is_set_on_its_page() {
    let app = TestApp::start().await;
    let mut browse = Browse::signed_in(&app, "mara", Role::User).await;
    let path = "/account/budget";
    let fields = [("month_budget", "25"), ("total_budget", "$100.50")];
    let answer = browse.submit(path, path, &fields).await;
    let answer = browse.follow(answer).await;
    assert!(answer.text.contains("$25.0000"), "{}", answer.text);
    assert!(answer.text.contains("$100.5000"));
    let fields = [("month_budget", "a lot"), ("total_budget", "7")];
    let answer = browse.submit(path, path, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let html = Html::parse_document(&answer.text);
    let typed = first(&html, "#month_budget").unwrap().value();
    assert_eq!(typed.attr("value"), Some("a lot"), "what was typed is kept");
    assert_eq!(typed.attr("aria-invalid"), Some("true"));
    assert!(answer.text.contains("$25.0000"), "nothing was changed");
}
