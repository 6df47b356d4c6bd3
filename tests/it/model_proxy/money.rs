//! Budgets through the proxy: money is held before a call is passed on, so that no number of
//! connections spends more than was allowed.

use std::sync::Arc;

use agentarena::domain::budget::{BudgetScope, MostCost};
use reqwest::StatusCode;
use serde_json::json;
use tokio::sync::Semaphore;

use super::{ANTHROPIC, COST, Door, OPENAI, told};
use crate::support::arena::within;
use crate::support::provider::{Answer, Provider};

/// The most that one of the test's calls can cost, as it is held.
async fn most() -> u64 {
    let gate = Arc::new(Semaphore::new(0));
    let done = Box::new(Answer::Text("done"));
    let door = Door::open(Provider::start([], Answer::After(Arc::clone(&gate), done))).await;
    let call = tokio::spawn(door.request(OPENAI, &json!({})).send());
    within("one call", door.provider.open(1)).await;
    let held = door.spent().await.microusd;
    gate.add_permits(1);
    call.await.unwrap().unwrap();
    held
}

#[actix_web::test]
async fn two_hundred_connections_at_once_spend_not_one_cent_more_than_allowed() {
    let most = most().await;
    let gate = Arc::new(Semaphore::new(0));
    let done = Box::new(Answer::Text("done"));
    let provider = Provider::start([], Answer::After(Arc::clone(&gate), done));
    let door = Door::open_with(
        provider,
        1_000,
        &[agentarena::domain::agent::Provider::OpenAi],
    )
    .await;
    let fitting = 60;
    // Room for 60 calls, and for all but a millionth of a dollar of one more.
    let limit = fitting * most + most - 1;
    door.limit(limit).await;
    let calls: Vec<_> = (0..200)
        .map(|number| {
            let more = json!({ "stream": number % 2 == 1 });
            tokio::spawn(door.request(OPENAI, &more).send())
        })
        .collect();
    within("the calls that fit", async {
        let mut looks = tokio::time::interval(std::time::Duration::from_millis(5));
        while door.spent().await.microusd + most + 100 < limit {
            looks.tick().await;
        }
    })
    .await;
    assert!(door.spent().await.microusd <= limit);
    gate.add_permits(1_000);
    let (mut made, mut refused) = (0, 0);
    for call in calls {
        let response = call.await.unwrap().unwrap();
        match response.status() {
            StatusCode::OK => made += 1,
            StatusCode::PAYMENT_REQUIRED => refused += 1,
            other => panic!("{other}: {}", response.text().await.unwrap()),
        }
        response.bytes().await.unwrap();
    }
    assert_eq!(made + refused, 200);
    assert!(refused > 0 && made >= 50, "{made} made, {refused} refused");
    assert_eq!(
        door.provider.seen().len(),
        made,
        "a refused call is never sent"
    );
    let made = u64::try_from(made).unwrap();
    let total = door.spent().await;
    assert_eq!((total.microusd, total.calls), (made * COST, made));
    assert!(total.microusd <= limit);
    assert_eq!(
        door.booked(usize::try_from(made).unwrap()).await.len(),
        usize::try_from(made).unwrap()
    );
    let over = within("the refusal", door.lease.over_budget()).await;
    assert_eq!(
        (over.scope, over.limit_microusd),
        (BudgetScope::Month, limit)
    );
    assert!(matches!(over.most, MostCost::Known(_)));
}

#[actix_web::test]
async fn a_budget_that_does_not_have_the_call_is_told_as_the_providers_tell_it() {
    let door = Door::open(Provider::start([], Answer::Text("done"))).await;
    door.limit(10).await;
    let openai = door.call(OPENAI, &json!({})).await;
    assert_eq!(openai.status, StatusCode::PAYMENT_REQUIRED);
    assert_eq!(openai.json()["error"]["code"], "budget_limit");
    assert_eq!(openai.headers["x-should-retry"], "false");
    assert!(
        told(&openai).contains("the budget of its owner for this month"),
        "{}",
        openai.text
    );
    let anthropic = door.call(ANTHROPIC, &json!({})).await;
    assert_eq!(anthropic.status, StatusCode::PAYMENT_REQUIRED);
    assert_eq!(anthropic.json()["error"]["type"], "billing_error");
    assert_eq!(door.provider.seen().len(), 0);
    assert!(
        door.lease.take_calls().is_empty(),
        "a call that was not made is none"
    );
}

#[actix_web::test]
async fn under_a_budget_a_call_needs_a_price_and_a_bound() {
    let door = Door::open(Provider::start([], Answer::Text("done"))).await;
    let unpriced = json!({ "model": "other-model" });
    let unbounded = json!({ "max_tokens": null });
    for more in [&unpriced, &unbounded] {
        assert_eq!(
            door.call(OPENAI, more).await.status,
            StatusCode::OK,
            "without a budget"
        );
    }
    assert_eq!(
        door.booked(2).await[0].usage.cost_microusd,
        None,
        "unpriced, never 0"
    );
    door.limit(10_000_000).await;
    for (more, words) in [
        (&unpriced, "has no price"),
        (&unbounded, "max_completion_tokens"),
    ] {
        let refused = door.call(OPENAI, more).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{}", refused.text);
        assert!(told(&refused).contains(words), "{}", refused.text);
        assert_eq!(refused.headers["x-should-retry"], "false");
    }
    // That is no end of the money: the agent can ask otherwise.
    assert_eq!(door.call(OPENAI, &json!({})).await.status, StatusCode::OK);
    let ended = tokio::time::timeout(
        std::time::Duration::from_millis(50),
        door.lease.over_budget(),
    );
    assert!(ended.await.is_err());
    assert_eq!(door.provider.seen().len(), 3);
}
