//! Tokens and cost on the pages of submissions and agents, and budgets that come to their end.

use agentarena::domain::budget::{Account, MostCost};
use agentarena::domain::event::{CallPurpose, Usage};
use agentarena::domain::ids::{RowId, SubmissionId};
use agentarena::domain::outcome::Outcome;
use agentarena::domain::price::{Booked, Price};
use agentarena::domain::submission::Ended;
use agentarena::domain::time::Timestamp;
use agentarena::domain::user::Role;
use agentarena::store::llm_calls::{self, LlmCall};
use agentarena::store::{budgets, submissions};
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::support::app::{Person, TestApp};
use crate::support::browse::{Browse, text_of};
use crate::support::sample;

const PRICE: Price = Price {
    input_microusd_per_mtok: Some(3_000_000),
    output_microusd_per_mtok: Some(15_000_000),
    cache_read_microusd_per_mtok: Some(300_000),
    cache_write_microusd_per_mtok: None,
};

/// A call: 1,300 in, 1,000 of them from the cache, 30 out, 12 of them for reasoning.
fn call(price: Price, cache_write_tokens: u64) -> LlmCall {
    let mut usage = Usage {
        reported: true,
        input_tokens: 1_300,
        output_tokens: 30,
        cache_read_tokens: 1_000,
        cache_write_tokens,
        reasoning_tokens: 12,
        cost_microusd: None,
    };
    usage.cost_microusd = price.cost_microusd(&usage);
    LlmCall {
        id: RowId::new(),
        user_id: None,
        agent_id: None,
        submission_id: None,
        episode_id: None,
        purpose: CallPurpose::Act,
        step: 1,
        attempt: 1,
        provider: "openai".to_owned(),
        model: "kestrel-70b".to_owned(),
        returned_model: Some("kestrel-70b-2026".to_owned()),
        status: Some(200),
        unsent: false,
        error: None,
        usage,
        booked: Booked {
            price,
            version: Some("own".to_owned()),
        },
        duration_ms: 900,
        at: Timestamp::now(),
    }
}

/// A submission that has run, with these calls.
async fn run(app: &TestApp, person: &Person, agent: &str, calls: Vec<LlmCall>) -> SubmissionId {
    let id = app.submission(person, agent).await;
    sample::run(&app.store, id, None).await;
    let (user_id, agent_id) = (person.id, agent.parse().unwrap());
    app.store
        .write(move |tx| {
            let calls: Vec<_> = calls
                .into_iter()
                .map(|call| LlmCall {
                    user_id: Some(user_id),
                    agent_id: Some(agent_id),
                    submission_id: Some(id),
                    ..call
                })
                .collect();
            llm_calls::insert(tx, &calls)
        })
        .await
        .unwrap();
    id
}

async fn prompted(app: &TestApp, person: &Person) -> String {
    let config = json!({"kind": "llm", "provider": "openai", "model": "kestrel-70b"});
    let attributes = json!({"name": "kestrel", "configuration": config});
    app.post(Some(person), "/api/v1/agents", "agent", attributes)
        .await
        .id()
}

#[actix_web::test]
async fn a_submission_shows_every_kind_of_token_and_why_it_has_no_cost() {
    let app = TestApp::start().await;
    let mara = app.person("mara", Role::User).await;
    let agent = prompted(&app, &mara).await;
    let mut later = call(PRICE, 0);
    later.attempt = 2;
    // The price of what is written to the cache is not known.
    let unpriced = call(PRICE, 100);
    let mut refused = call(PRICE, 0);
    (refused.usage, refused.status) = (Usage::default(), Some(429));
    refused.error = Some("busy".to_owned());
    let mut judged = call(PRICE, 0);
    judged.purpose = CallPurpose::Judge;
    let calls = vec![call(PRICE, 0), later, unpriced, refused, judged];
    let id = run(&app, &mara, &agent, calls).await;

    let mut browse = Browse::new(&app);
    browse.sign_in("mara", crate::support::app::PASSWORD).await;
    let html = browse.page(&format!("/submissions/{id}")).await;
    let words = text_of(&html, "#spend");
    for part in [
        "4 calls · 1 later in a step · 1 failed · 1 attempt · unpriced",
        "1 call without a price; the others cost $0.0033",
        "openai, answered as kestrel-70b-2026",
        "3,900",
        "3,000 read, 100 written",
        "36 reasoning",
        "to judge, at the operator's cost",
        "$0.0016",
    ] {
        assert!(words.contains(part), "{part} is missing in {words}");
    }
    let spend = app
        .get(Some(&mara), &format!("/api/v1/submissions/{id}/spend"))
        .await
        .json();
    let acted = &spend["data"]["attributes"]["models"][0];
    assert_eq!(acted["costMicrousd"], serde_json::Value::Null);
    assert_eq!(acted["knownCostMicrousd"], 2 * 1_650);
    assert_eq!(
        (&acted["calls"], &acted["unpricedCalls"]),
        (&json!(4), &json!(1))
    );
    assert_eq!(acted["reasoningTokens"], 36);
}

#[actix_web::test]
async fn an_agent_shows_means_with_what_they_are_over_and_never_nothing_for_unknown() {
    let app = TestApp::start().await;
    let mara = app.person("mara", Role::User).await;
    let agent = prompted(&app, &mara).await;
    let mut browse = Browse::new(&app);
    browse.sign_in("mara", crate::support::app::PASSWORD).await;
    let page = format!("/agents/{agent}");
    let words = text_of(&browse.page(&page).await, "#spend");
    assert!(words.contains("No model was called yet."), "{words}");
    end_with_cost(&app, &mara, &agent).await;
    let words = text_of(&browse.page(&page).await, "#spend");
    for part in [
        "$0.0016 n = 1 submission",
        "$0.002 n = 1 episode",
        "n = 1 scored",
        "n = 0 passed",
    ] {
        assert!(words.contains(part), "{part} is missing in {words}");
    }
    assert!(words.contains("no result yet"), "nothing passed: {words}");
    let path = format!("/api/v1/agents/{agent}/spend");
    let spend = app.get(Some(&mara), &path).await.json();
    assert_eq!(spend["data"]["attributes"]["costMicrousd"], 1_650);

    run(&app, &mara, &agent, vec![call(PRICE, 0)]).await;
    let words = text_of(&browse.page(&page).await, "#spend");
    assert!(words.contains("unpriced n = 2 episodes"), "{words}");
    let why = "the cost of 1 of 2 submissions is not known; the others cost $0.0016";
    assert!(words.contains(why), "{words}");
    assert!(!words.contains("$0.0000"), "{words}");
    assert!(words.contains("answered as kestrel-70b-2026"), "{words}");
    let spend = app.get(Some(&mara), &path).await.json();
    let attributes = &spend["data"]["attributes"];
    assert_eq!(attributes["costMicrousd"], serde_json::Value::Null);
    assert_eq!(attributes["knownCostMicrousd"], 1_650);
}

/// A submission that failed and cost 1,650 millionths of a dollar.
async fn end_with_cost(app: &TestApp, person: &Person, agent: &str) {
    let id = app.submission(person, agent).await;
    let end = Ended {
        score: Some(0.0),
        steps: 1,
        model_calls: 1,
        cost_microusd: Some(1_650),
        ..Ended::unscored(Outcome::Failed, "it is wrong", Timestamp::now())
    };
    app.store
        .write(move |tx| {
            submissions::mark_running(tx, id, Timestamp::now())?;
            submissions::finish(tx, id, &end)
        })
        .await
        .unwrap();
}

#[actix_web::test]
async fn a_budget_warns_before_its_end_and_says_what_is_held() {
    let app = TestApp::start().await;
    let mara = app.person("mara", Role::User).await;
    let account = Account::of_a_try(mara.id);
    let hold = move |tx: &agentarena::store::Transaction<'_>| {
        let held = budgets::hold(tx, &account, MostCost::Known(8_000_000), Timestamp::now())?;
        assert!(held.is_ok());
        Ok(())
    };
    app.store.write(hold).await.unwrap();
    let mut browse = Browse::new(&app);
    browse.sign_in("mara", crate::support::app::PASSWORD).await;
    let path = "/account/budget";
    let words = text_of(&browse.page(path).await, "main");
    assert!(words.contains("$8.00 of it held for 1 call"), "{words}");
    assert!(!words.contains("nearly spent"), "there is no bound");
    for (month, said) in [
        (
            "10",
            "Your budget for this month is nearly spent: $8.00 of $10.00.",
        ),
        ("8", "Your budget for this month is spent: $8.00 of $8.00."),
    ] {
        let saved = browse.submit(path, path, &[("month_budget", month)]).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
        let words = text_of(&browse.page(path).await, "main");
        assert!(words.contains(said), "{words}");
        let words = text_of(&browse.page("/submissions/new").await, "main");
        assert!(words.contains(said), "{words}");
    }
    let shown = app.send(
        Some(&mara),
        Method::PUT,
        "/api/v1/budget",
        "budget",
        json!({}),
    );
    let shown = shown.await.json();
    let attributes = &shown["data"]["attributes"];
    assert_eq!(attributes["heldMonthMicrousd"], 8_000_000);
    assert_eq!(
        (&attributes["heldCalls"], &attributes["spentTotalMicrousd"]),
        (&json!(1), &json!(8_000_000))
    );
}
