//! What models cost over the API: the list, a person's own word, and what calls are booked with.

use agentarena::arena::cost_audit::audit;
use agentarena::domain::page::PageRequest;
use agentarena::domain::user::Role;
use agentarena::store;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::support::app::{Person, TestApp};
use crate::support::provider::{Answer, Provider};

const PATH: &str = "/api/v1/prices/personal";

async fn set(app: &TestApp, person: &Person, more: Value) -> crate::support::app::Answer {
    let mut attributes = json!({"provider": "openai", "model": "m"});
    for (name, value) in more.as_object().unwrap() {
        attributes[name] = value.clone();
    }
    app.post(Some(person), PATH, "personalPrice", attributes)
        .await
}

#[tokio::test]
async fn the_list_has_a_source_and_a_day_for_every_price() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let list = app.get(Some(&ada), "/api/v1/prices").await.json();
    let rows = list["data"].as_array().unwrap();
    assert!(rows.len() > 10);
    for row in rows {
        let attributes = &row["attributes"];
        assert!(
            attributes["source"]
                .as_str()
                .unwrap()
                .starts_with("https://")
        );
        assert_eq!(attributes["date"].as_str().unwrap().len(), 10);
        assert!(attributes["inputPriceMicrousdPerMtok"].as_u64().unwrap() > 0);
    }
}

#[tokio::test]
async fn prices_are_set_replaced_and_taken_back_and_all_of_it_stays_on_record() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let bea = app.person("bea", Role::User).await;
    let first = set(&app, &ada, json!({"inputPriceMicrousdPerMtok": 100_000})).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", first.text);
    let second = set(&app, &ada, json!({"outputPriceMicrousdPerMtok": 400_000})).await;
    let other = set(
        &app,
        &ada,
        json!({"model": "n", "inputPriceMicrousdPerMtok": 0}),
    )
    .await;
    assert_eq!(other.json()["data"]["attributes"]["version"], 3);
    let listed = app.get(Some(&ada), PATH).await.json();
    let in_force: Vec<_> = listed["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["attributes"]["version"].clone(),
                row["attributes"]["inForce"].clone(),
            )
        })
        .collect();
    assert_eq!(
        in_force,
        [
            (json!(3), json!(true)),
            (json!(2), json!(true)),
            (json!(1), json!(false))
        ]
    );
    assert_eq!(
        app.get(Some(&bea), PATH).await.json()["data"],
        json!([]),
        "they are nobody else's"
    );
    for (person, price, status) in [
        (None, &second, StatusCode::UNAUTHORIZED),
        (Some(&bea), &second, StatusCode::NOT_FOUND),
        (Some(&ada), &first, StatusCode::CONFLICT),
    ] {
        let path = format!("{PATH}/{}", price.id());
        let answer = app.bare(person, Method::DELETE, &path).await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }
    let path = format!("{PATH}/{}", second.id());
    let taken = app.bare(Some(&ada), Method::DELETE, &path).await;
    assert_eq!(taken.status, StatusCode::OK, "{}", taken.text);
    assert_eq!(taken.json()["data"]["attributes"]["inForce"], false);
    let listed = app.get(Some(&ada), PATH).await.json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 4);
    let log = app
        .store
        .read(|db| store::audit::list(db, &PageRequest::first(50)));
    let actions: Vec<_> = log
        .await
        .unwrap()
        .items
        .into_iter()
        .map(|entry| entry.action)
        .filter(|action| action.starts_with("price."))
        .collect();
    assert_eq!(
        actions,
        ["price.taken_back", "price.set", "price.set", "price.set"]
    );
}

#[tokio::test]
async fn a_price_that_cannot_be_names_its_field() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    for (more, field) in [
        (json!({}), "inputPriceMicrousdPerMtok"),
        (
            json!({"model": " ", "inputPriceMicrousdPerMtok": 1}),
            "model",
        ),
        (
            json!({"provider": "acme", "inputPriceMicrousdPerMtok": 1}),
            "provider",
        ),
        (
            json!({"outputPriceMicrousdPerMtok": -1}),
            "outputPriceMicrousdPerMtok",
        ),
        (
            json!({"outputPriceMicrousdPerMtok": 1_000_000_000_001_u64}),
            "outputPriceMicrousdPerMtok",
        ),
    ] {
        let refused = set(&app, &ada, more).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let named = refused.error().1.unwrap();
        assert_eq!(named, format!("data.attributes.{field}"));
    }
}

#[actix_web::test]
async fn calls_are_booked_with_them_between_the_agents_own_and_the_list() {
    let app = TestApp::start().await;
    let ada = app.person("ada", Role::User).await;
    let provider = Provider::start([], Answer::Tool("click", json!({"bid": "3"})));
    // Three dollars in, fifteen out, thirty cents from the cache; the agent says two for the input.
    let rates = json!({"inputPriceMicrousdPerMtok": 3_000_000, "outputPriceMicrousdPerMtok": 15_000_000,
        "cacheReadPriceMicrousdPerMtok": 300_000});
    set(&app, &ada, rates).await;
    let mut config = json!({"kind": "llm", "provider": "openai", "model": "m",
        "baseUrl": provider.base_url});
    let attributes = json!({"name": "walker", "configuration": config});
    let agent = app
        .post(Some(&ada), "/api/v1/agents", "agent", attributes)
        .await
        .id();
    let path = format!("/api/v1/agents/{agent}/try");
    let tried = app.post(Some(&ada), &path, "trial", json!({})).await.json();
    let call = &tried["data"]["attributes"]["calls"][0];
    assert_eq!(call["priceVersion"], "personal-1", "{tried}");
    // 200 plain, 1,000 from the cache, 30 out.
    assert_eq!(call["usage"]["costMicrousd"], 600 + 300 + 450);

    config["inputPriceMicrousdPerMtok"] = json!(2_000_000);
    let draft = json!({"configuration": config});
    let tried = app.post(Some(&ada), &path, "trial", draft).await.json();
    let call = &tried["data"]["attributes"]["calls"][0];
    assert_eq!(call["priceVersion"], "personal-1+own", "{tried}");
    assert_eq!(call["usage"]["costMicrousd"], 400 + 300 + 450);

    set(&app, &ada, json!({"inputPriceMicrousdPerMtok": 9_000_000})).await;
    let report = audit(&app.store).await.unwrap();
    assert!(report.is_clean(), "{report:?}");
    assert_eq!((report.priced, report.booked_microusd), (2, 1_350 + 1_150));
}
